"""Names that the language does not take, such as `first response` and `24x7`: a case with others in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.case_files import Unfit
from tests.duty_cases.declarations import facts_asked, recorded
from tests.duty_cases.versions import all_duties, versions
from tests.duty_cases.words import WORD, listed, walk

Case = Mapping[str, Any]

RESERVED = frozenset(
    (
        *("or", "and", "not", "Always", "as", "the", "because", "reading", "holidays", "ticket", "agreement"),
        *("act_done", "yes", "no"),
    )
)
"""Words that are no names, though they look like some."""
LABEL = re.compile(r"(.+)(#\d+)", re.DOTALL)
QUOTES = frozenset('"“”')


def plainly_named(case: Case) -> Case:
    """The case with each name that the language does not take replaced throughout, in what is expected, too."""
    wrong = sorted({name for name in _names(case) if not WORD.fullmatch(name) or name in RESERVED} | _unsayable(case))
    if not wrong:
        return case
    taken = set(_names(case))
    others: dict[str, str] = {}
    for name in wrong:
        plain = "n_" + re.sub(r"\W", "_", name, flags=re.ASCII)
        while plain in taken:
            plain += "_"
        taken.add(plain)
        others[name] = plain
    named: Case = _renamed(case, others)
    return named


def told_apart(contract: Mapping[str, Any]) -> None:
    """Gives a duty of an option another name where its own is taken; `called` keeps what the case calls it."""
    taken = [str(duty["name"]) for version in versions(contract) for duty in version.duties]
    for choice in listed(contract.get("choices")):
        for option, duties in choice["options"].items():
            for duty in duties:
                own = str(duty["name"])
                while duty["name"] in taken:
                    duty |= {"name": f"{duty['name']} of {option}", "called": duty.get("called", own)}
                taken.append(str(duty["name"]))
    shared = {duty["called"] for duty in all_duties(contract) if "called" in duty}
    named = {part["breach_of"] for part in walk(contract) if isinstance(part.get("breach_of"), str)}
    if shared & named:
        raise Unfit(f"several duties are called `{min(shared & named)}`: whose breach is meant?")


def called(contract: Mapping[str, Any]) -> dict[str, str]:
    """What a case calls the duties whose names were taken."""
    return {str(duty["name"]): str(duty["called"]) for duty in all_duties(contract) if "called" in duty}


def _names(case: Case) -> Iterator[str]:
    """What a case gives names to; values of facts may be any text."""
    contract = case["contract"]
    yield from (str(duty["name"]) for duty in all_duties(contract) if duty.get("name"))
    yield from (name for name in contract.get("calendars") or {} if name != "always")
    yield from (one["name"] for one in (contract.get("calendars") or {}).values() if isinstance(one.get("name"), str))
    for choice in listed(contract.get("choices")):
        yield str(choice["name"])
        yield from choice["options"]
    yield from (event["type"] for event in case["events"])
    for part in walk(contract):
        yield from (part[key] for key in ("fact", "right") if isinstance(part.get(key), str))
        for key in ("event", "events", "happened", "until", "paused_while", "severity"):
            yield from (name for name in listed(part.get(key)) if isinstance(name, str) and not name.isdigit())
        if part.get("kind") == "by_severity":
            yield from (level for level in part["table"] if not level.isdigit())


def _unsayable(case: Case) -> set[str]:
    """Values of facts that are no words beside others that are, or that no text of the language can hold."""
    presumed = case["contract"].get("presumed")
    found: set[str] = set()
    for name, values in facts_asked(case["contract"], presumed if isinstance(presumed, Mapping) else {}).items():
        known = {value for value in (*values, *recorded(case, name)) if isinstance(value, str)}
        others = {value for value in known if not WORD.fullmatch(value)}
        odd = any(QUOTES & {*value} or len(value.splitlines()) > 1 for value in values if isinstance(value, str))
        if odd or any(isinstance(value, str) and value not in others for value in values):
            found |= others
    return found


def _renamed(value: Any, others: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {_renamed(name, others): _renamed(part, others) for name, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, others) for part in value]
    if not isinstance(value, str):
        return value
    label, holidays = LABEL.fullmatch(value), value.removeprefix("holidays of ")
    if label and label[1] in others:
        return others[label[1]] + label[2]
    if holidays != value and holidays in others:
        return f"holidays of {others[holidays]}"
    return others.get(value, value)
