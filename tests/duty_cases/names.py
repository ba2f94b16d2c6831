"""Names that the language does not take, such as `first response` and `24x7`: a case with others in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.duty_cases.versions import all_duties
from tests.duty_cases.words import WORD, listed, walk

Case = Mapping[str, Any]

RESERVED = frozenset(("or", "and", "not", "Always"))
"""Words that are no names, though they look like some."""
LABEL = re.compile(r"(.+)(#\d+)")


def plainly_named(case: Case) -> Case:
    """The case with each name that the language does not take replaced throughout, in what is expected, too."""
    wrong = sorted({name for name in _names(case) if not WORD.fullmatch(name) or name in RESERVED})
    if not wrong:
        return case
    taken = set(_names(case))
    others: dict[str, str] = {}
    for name in wrong:
        plain = "n_" + re.sub(r"\W", "_", name)
        while plain in taken:
            plain += "_"
        taken.add(plain)
        others[name] = plain
    named: Case = _renamed(case, others)
    return named


def _names(case: Case) -> Iterator[str]:
    """What a case gives names to; values of facts may be any text."""
    contract = case["contract"]
    yield from (str(duty["name"]) for duty in all_duties(contract) if duty.get("name"))
    yield from (name for name in contract.get("calendars") or {} if name != "always")
    for choice in listed(contract.get("choices")):
        yield str(choice["name"])
        yield from choice["options"]
    yield from (event["type"] for event in case["events"])
    for part in walk(contract):
        yield from (part[key] for key in ("fact", "right") if isinstance(part.get(key), str))
        for key in ("event", "events", "happened", "until", "paused_while", "severity"):
            yield from (name for name in listed(part.get(key)) if isinstance(name, str) and not name.isdigit())


def _renamed(value: Any, others: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {_renamed(name, others): _renamed(part, others) for name, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, others) for part in value]
    if not isinstance(value, str):
        return value
    label = LABEL.fullmatch(value)
    if label and label[1] in others:
        return others[label[1]] + label[2]
    return others.get(value, value)
