"""Changes to an input that a typist might make: lines moved, words changed for others, indentation lost."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

WORD = re.compile(r"\w+|[^\w\s]")


def mutated(data: bytes, longest: int, seed: int, words: Sequence[str], others: Sequence[bytes]) -> bytes:
    """A changed input, at most ``longest`` bytes."""
    dice = random.Random(seed)
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(dice.choice((1, 1, 2, 4))):
        change: Callable[[list[str], random.Random], list[str]] = dice.choice((_doubled, _lost, _moved, _indented))
        match dice.randrange(3):
            case 0:
                lines = change(lines, dice)
            case 1:
                lines = _reworded(lines, dice, words)
            case _:
                lines = _spliced(lines, dice, others)
    return "\n".join(lines).encode("utf-8", "replace")[:longest]


def _doubled(lines: list[str], dice: random.Random) -> list[str]:
    at = dice.randrange(len(lines))
    return [*lines[: at + 1], *lines[at:]]


def _lost(lines: list[str], dice: random.Random) -> list[str]:
    at = dice.randrange(len(lines))
    return [*lines[:at], *lines[at + 1 :]] or [""]


def _moved(lines: list[str], dice: random.Random) -> list[str]:
    at, to = dice.randrange(len(lines)), dice.randrange(len(lines))
    rest = [*lines[:at], *lines[at + 1 :]]
    return [*rest[:to], lines[at], *rest[to:]]


def _indented(lines: list[str], dice: random.Random) -> list[str]:
    at = dice.randrange(len(lines))
    line = " " * dice.choice((0, 1, 2, 4, 8)) + lines[at].lstrip()
    return [*lines[:at], line, *lines[at + 1 :]]


def _reworded(lines: list[str], dice: random.Random, words: Sequence[str]) -> list[str]:
    at = dice.randrange(len(lines))
    found = list(WORD.finditer(lines[at]))
    if not found:
        return [*lines[:at], dice.choice(words), *lines[at + 1 :]]
    match = dice.choice(found)
    new = dice.choice((dice.choice(words), match.group() + " " + dice.choice(words), ""))
    line = lines[at][: match.start()] + new + lines[at][match.end() :]
    return [*lines[:at], line, *lines[at + 1 :]]


def _spliced(lines: list[str], dice: random.Random, others: Sequence[bytes]) -> list[str]:
    other = dice.choice(others).decode("utf-8", "replace").split("\n")
    start = dice.randrange(len(other))
    taken = other[start : start + dice.choice((1, 1, 2, 5))]
    at = dice.randrange(len(lines) + 1)
    return [*lines[:at], *taken, *lines[at:]]
