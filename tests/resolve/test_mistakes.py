"""N mistakes planted in N lines of a good policy give N errors: none is lost, and none is told twice."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from slarules.diagnostics import Level
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse

ROOT = Path(__file__).parents[2]
POLICIES = {
    "small": ROOT / "tests" / "corpus" / "good" / "small.sla",
    **{path.parent.name: path for path in sorted(ROOT.glob("contracts/*/policy.sla"))},
}
Plant = Callable[[str, str], str]
"""A line and a word that stands nowhere else → the line with a mistake."""

KEYWORDS = "performed|within|paused|adopt|option|includes|becomes|prohibition|calendar|duty|reading|target"


def misspelt_keyword(line: str, word: str) -> str:
    del word
    return re.sub(rf"^( *)({KEYWORDS}) ", lambda m: f"{m[1]}{m[2][:3]}{m[2][4:]} ", line)


def unknown_bearer(line: str, word: str) -> str:
    return re.sub(r"^( *)[A-Z]\w+ (must|aims to|may) ", rf"\1{word} \2 ", line)


def unknown_act(line: str, word: str) -> str:
    return re.sub(r" (must|must not|aims to) (?!not |keep )\w+", rf" \1 {word}", line)


def unknown_event(line: str, word: str) -> str:
    return re.sub(r"^( *when) request (opened|closed)", rf"\1 request {word}", line)


def unknown_calendar(line: str, word: str) -> str:
    return re.sub(r"counted in (?!Always)\w+", f"counted in {word}", line)


def unknown_reading(line: str, word: str) -> str:
    return re.sub(r"as read in \w+", f"as read in {word}", line)


def unknown_option(line: str, word: str) -> str:
    return re.sub(r"^( *)adopt \w+", rf"\1adopt {word}", line)


def unknown_zone(line: str, word: str) -> str:
    return re.sub(r"America/\w+", f"America/{word.capitalize()}", line)


def missing_unit(line: str, word: str) -> str:
    del word
    return re.sub(r"\b(within|every|lasts|after) (\d+) (hours?|minutes?|days|months rounding \w+)", r"\1 \2", line)


def wrong_quote(line: str, word: str) -> str:
    return re.sub(r"^( *> \w+ )\w+", rf"\1{word}", line)


def no_such_date(line: str, word: str) -> str:
    del word
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", "2026-02-30", line)


PLANTS: tuple[Plant, ...] = (
    misspelt_keyword, unknown_bearer, unknown_act, unknown_event, unknown_calendar, unknown_reading, unknown_option,
    unknown_zone, missing_unit, wrong_quote, no_such_date,
)


def changed(plant: Plant, line: str, word: str) -> str:
    """The line with the mistake, words in quotation marks and comments left alone."""
    code, mark, words = line.partition('"')
    return plant(code, word) + mark + words if "--" not in line else line


def is_quote(line: str) -> bool:
    return line.lstrip().startswith(">")


def planted(text: str, seed: int) -> tuple[str, list[int]]:
    """The policy with up to eight mistakes, and the lines in which they stand."""
    luck = random.Random(seed)
    lines = text.split("\n")
    rules = next(n for n, line in enumerate(lines) if line.startswith("clause "))
    where = [
        (n, plant) for n, line in enumerate(lines) for plant in PLANTS
        if n > rules and changed(plant, line, "zq") != line
    ]
    where = [(n, plant) for n, plant in where if not (is_quote(lines[n]) and is_quote(lines[n - 1]))]
    luck.shuffle(where)
    chosen: dict[int, Plant] = {}
    for n, plant in where:
        near = any(abs(n - other) < 2 for other in chosen)
        if len(chosen) < luck.randint(1, 8) and not near:
            chosen[n] = plant
    for number, (n, plant) in enumerate(chosen.items()):
        lines[n] = changed(plant, lines[n], f"zq{'abcdefgh'[number] * 3}")
    return "\n".join(lines), sorted(n + 1 for n in chosen)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", range(40))
def test_each_mistake_is_told_once(name: str, seed: int) -> None:
    path = POLICIES[name]
    source = path.parent / "source.txt"
    text, wrong = planted(path.read_text(encoding="utf-8"), seed)
    policy = Source(path.name, text)
    tree, spelling = parse(policy)
    _, meaning = resolve(tree, policy, Source("source.txt", source.read_text(encoding="utf-8")), False)
    told = [d for d in (*spelling, *meaning) if d.level is Level.ERROR]
    assert len(told) == len(wrong), [policy.line_text(n) for n in wrong] + [f"{d.span} {d.message}" for d in told]
