"""What the policy of a case must declare before its rules: severities, and the events and facts that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.duty_cases.events import told_of_agreement
from tests.duty_cases.versions import all_duties
from tests.duty_cases.words import (
    BUILT_IN,
    BUILT_IN_FACTS,
    REINSTATING,
    WORD,
    joint,
    listed,
    literal,
    milestone,
    party,
    walk,
)

Case = Mapping[str, Any]


def declarations(case: Case) -> list[str]:
    """The events and facts of a case, as lines before its clauses."""
    contract = case["contract"]
    lines = ["event act_done of ticket act perform"]
    types = {event["type"] for event in case["events"]}
    for duty in all_duties(contract):
        types.update(listed((duty.get("performed_by") or {}).get("events")))
        types.update(_types_in(duty))
    types.update(kind for choice in listed(contract.get("choices")) for kind in _types_in(choice))
    types -= {duty["name"] for duty in all_duties(contract)} - {event["type"] for event in case["events"]}
    types -= {*REINSTATING.values()}
    of_agreement = told_of_agreement(case["events"])
    lines += [
        f"event {name} of {'agreement' if name in of_agreement else 'ticket'}" for name in sorted(types - BUILT_IN)
    ]
    for choice in listed(contract.get("choices")):
        for option in choice["options"].values():
            lines += [f"event did_{duty['name']} of ticket act {duty['name']}" for duty in option]
    return lines + _fact_lines(case)


def _fact_lines(case: Case) -> list[str]:
    contract = case["contract"]
    presumed = contract.get("presumed") or {}
    if not isinstance(presumed, Mapping):
        presumed = dict.fromkeys(listed(presumed), True)
    facts = facts_asked(contract, presumed)
    lines = []
    for name, values in sorted(facts.items()):
        kind = _type_of(values)  # what is recorded only adds words
        if kind not in ("yes or no", "number"):
            others = [value for value in recorded(case, name) if isinstance(value, str | bool)]
            kind = _type_of([*values, *others])
        lines.append(f"fact {name} of ticket: {kind}" + _presumed(presumed.get(name)))
    dates = {str(part["fact"]) for part in walk(_rules(contract)) if part.get("kind") == "date_fact"}
    return [*lines, *(f"fact {name} of ticket: date" for name in sorted(dates - facts.keys()))]


def _rules(contract: Mapping[str, Any]) -> list[Any]:
    return [contract.get("duties", []), contract.get("versions", []), contract.get("choices", [])]


def _presumed(value: Any) -> str:
    return "" if value is None else f" presumed {literal(value)} until recorded"


def _type_of(values: Iterable[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds <= {bool}:
        return "yes or no"
    if kinds <= {int, float}:
        return "number"
    words = {str(value) for value in values}
    if not all(WORD.fullmatch(word) for word in words):
        return "text"
    return "one of " + ", ".join(sorted({*words, "something_else"}))


def _types_in(rule: Any) -> set[str]:
    found: set[Any] = set()
    for part in walk(rule):
        for key in ("event", "happened", "until"):
            found.update(listed(part.get(key)) if not isinstance(part.get(key), Mapping) else [])
        found.update(kind for one in joint(part) for kind in listed(one["event"]))
        found.add(milestone(part))
    return {kind for kind in found if isinstance(kind, str)}


def facts_asked(contract: Mapping[str, Any], presumed: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The facts that a contract asks about or presumes, with the values that it names."""
    facts: dict[str, list[Any]] = {}
    for part in walk(_rules(contract)):
        if isinstance(part.get("fact"), str) and ("is" in part or "kind" not in part):
            facts.setdefault(part["fact"], []).extend(listed(part.get("is", True)))
    for name, value in presumed.items():
        facts.setdefault(name, []).append(value)
    return {name: values for name, values in facts.items() if name not in BUILT_IN_FACTS}


def recorded(case: Case, name: str) -> list[Any]:
    """The values that events give a fact."""
    found = []
    for event in case["events"]:
        changes = event.get("set") or {}
        for facts in (event.get("facts") or {}, changes, changes.get("facts") or {}):
            value = facts.get(name) if isinstance(facts, Mapping) else None
            found += [value] if value is not None and not isinstance(value, Mapping) else []
    return found


_LEVELS: list[tuple[Case, list[str]]] = []
"""The last case whose levels were asked for, with them: each of its duties asks."""


def levels_of(case: Case) -> list[str]:
    """Every severity that the case mentions, gravest first."""
    if not _LEVELS or _LEVELS[0][0] is not case:
        _LEVELS[:] = [(case, _levels(case))]
    return _LEVELS[0][1]


def _levels(case: Case) -> list[str]:
    found: set[str] = {str(value) for value in recorded(case, "severity")}
    for part in walk(case["contract"]):
        if part.get("kind") == "by_severity":
            found.update(str(level) for level in part["table"])
        if part.get("by_level"):
            found.update(row.split("/")[0] for row in part["table"])
        if "severity" in part:
            found.update(str(level) for level in listed(part["severity"]))
        if part.get("fact") == "severity":
            found.update(str(level) for level in listed(part.get("is")))
    return sorted(found, key=lambda level: (len(level), level))


def severities(case: Case) -> list[str]:
    """The levels, and who may change them."""
    levels = levels_of(case)
    if not levels:
        return []
    lines = [f"severities {', '.join(levels)}"]
    changed_by = listed(case["contract"].get("severity_changed_by"))
    if changed_by:
        lines.append("  assigned by Provider, Customer")
        lines.append(f"  changed by {', '.join(party(name) for name in changed_by)}")
    return [*lines, ""]
