"""Policies of the rules' scenarios with a few lines changed at random: what nobody would think of, and is sound."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from pathlib import Path

from attrs import frozen

from slarules.model.contract import Contract
from tests.same.cases import contract_of

RULES = sorted((Path(__file__).parents[1] / "rules").rglob("*.sla"))
_WORD = re.compile(r"[A-Za-z_]\w*|\d+")
_COMMON = 0.04
"""A word that stands in so many of the policies is the language's own; any other is somebody's name for something."""


@frozen
class Known:
    """What the policies are made of."""

    policies: tuple[tuple[str, ...], ...]
    """The lines of each, without its scenarios."""
    by_depth: dict[int, list[str]]
    """Indentation → lines."""
    by_head: dict[tuple[int, str], list[str]]
    """Indentation and first word → lines."""
    words: frozenset[str]
    """The language's own."""


@cache
def known() -> Known:
    """The policies of all rules."""
    policies = tuple(_without_scenarios(path.read_text()) for path in RULES)
    by_depth: dict[int, list[str]] = {}
    by_head: dict[tuple[int, str], list[str]] = {}
    words: Counter[str] = Counter()
    for lines in policies:
        words.update({word for line in lines for word in _WORD.findall(line)})
        for line in filter(_says, lines):
            by_depth.setdefault(_depth(line), []).append(line)
            by_head.setdefault((_depth(line), line.split()[0]), []).append(line)
    common = frozenset(word for word, many in words.items() if many > _COMMON * len(policies))
    return Known(policies, by_depth, by_head, common)


def changed_policy(rng: random.Random) -> tuple[str, Contract]:
    """A policy that has no mistakes, and what it means."""
    while True:
        text = "\n".join(_changed(rng, list(rng.choice(known().policies)))) + "\n"
        contract, mistaken = contract_of(text)
        if contract is not None and not mistaken and len(contract.parties) > 1:
            return text, contract


def _changed(rng: random.Random, lines: list[str]) -> list[str]:
    """One to four changes: a line for one of its kind, one more, one less, one word or number for another."""
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])):
        places = [place for place, line in enumerate(lines) if _says(line)]
        place = rng.choice(places)
        line = lines[place]
        match rng.choices(["replace", "insert", "delete", "repeat", "word", "number"], [25, 30, 7, 8, 15, 15])[0]:
            case "replace":
                others = known().by_head.get((_depth(line), line.split()[0]), [line])
                lines[place] = _named(rng, rng.choice(others), lines)
            case "insert":
                lines.insert(place + 1, _named(rng, rng.choice(known().by_depth[_depth(line)]), lines))
            case "delete":
                del lines[place]
            case "repeat":
                lines.insert(rng.choice(places), line)
            case "word":
                lines[place] = _other_word(rng, line, lines)
            case _:
                lines[place] = _other_number(rng, line)
    return lines


def _named(rng: random.Random, line: str, lines: list[str]) -> str:
    """The line of another policy with names of this one, mostly."""
    names = _WORD.findall("\n".join(lines))
    mine = {*names, *known().words}

    def name(found: re.Match[str]) -> str:
        word = found.group()
        return word if word in mine or word.isdigit() else rng.choice(names)

    return _WORD.sub(name, line) if rng.random() < 0.7 else line


def _other_word(rng: random.Random, line: str, lines: list[str]) -> str:
    found = rng.choice(list(_WORD.finditer(line)) or [None])
    if found is None:
        return line
    alike = [word for word in _WORD.findall("\n".join(lines)) if _kind(word) == _kind(found.group())]
    return f"{line[: found.start()]}{rng.choice(alike)}{line[found.end() :]}"


def _kind(word: str) -> tuple[bool, bool]:
    return word.isdigit(), word[0].isupper()


def _other_number(rng: random.Random, line: str) -> str:
    found = rng.choice(list(re.finditer(r"\d+", line)) or [None])
    if found is None:
        return line
    number = int(found.group())
    other = rng.choice([0, 1, number + 1, max(0, number - 1), number * 2, number * 60, number + 7])
    return f"{line[: found.start()]}{other}{line[found.end() :]}"


def _without_scenarios(text: str) -> tuple[str, ...]:
    lines = text.splitlines()
    ends = [place for place, line in enumerate(lines) if line.startswith("scenario")]
    return tuple(lines[: ends[0]] if ends else lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("--")
