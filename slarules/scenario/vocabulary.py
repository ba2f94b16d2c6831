"""The names of a contract that a scenario may use, over all its versions, and what to say of any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from slarules.diagnostics import Diagnostic, did_you_mean, error
from slarules.model.contract import Contract
from slarules.model.rules import EventType, Fact
from slarules.resolve import builtin
from slarules.syntax.tree import Node

DUTY = ("pending", "suspended", "met", "breached", "ended", "undetermined", "could_not_arise")
TARGET = ("pending", "suspended", "reached", "missed", "ended", "undetermined", "could_not_arise")
PROHIBITION = ("kept", "breached", "ended", "undetermined")
RIGHT = ("permitted", "not_permitted", "undetermined")
CHOICE = ("open", "elected", "lapsed", "ended", "undetermined")
SCOPE = ("in_scope", "out_of_scope", "undetermined")
AS_TARGET = {"met": "reached", "breached": "missed"}


@frozen
class Vocabulary:
    """What a contract names."""

    events: Mapping[str, EventType]
    facts: Mapping[str, Fact]
    levels: tuple[str, ...]
    parties: Mapping[str, str]
    """What a party may be called → its name."""
    rules: Mapping[str, tuple[str, ...]]
    """Each duty, target, prohibition, right, choice and scope → the states it can have."""
    values: Mapping[str, str]
    """Each status, allowance, amount and choice → which of these it is."""
    states: Mapping[str, tuple[str, ...]]
    """Each status → its states; each choice → its options."""
    readings: Mapping[str, tuple[str, ...]]
    """Each reading → its options."""
    supplied: Mapping[str, str]
    """Each list or calendar that a party supplies → ``holidays`` or ``calendar``."""


def vocabulary(contract: Contract) -> Vocabulary:
    """The names of all versions of a contract; a later version's meaning wins."""
    events: dict[str, EventType] = {event.name: event for event in builtin.EVENTS}
    facts: dict[str, Fact] = {fact.name: fact for fact in builtin.FACTS}
    levels: dict[str, None] = {}
    rules: dict[str, tuple[str, ...]] = {}
    values: dict[str, str] = {}
    states: dict[str, tuple[str, ...]] = {}
    supplied: dict[str, str] = {}
    for terms in contract.versions:
        events |= terms.events
        facts |= terms.facts
        levels |= dict.fromkeys(level.name for level in terms.severities.levels) if terms.severities else {}
        rules |= {name: TARGET if duty.effort else DUTY for name, duty in terms.duties.items()}
        for named, possible in (
            (terms.prohibitions, PROHIBITION),
            (terms.rights, RIGHT),
            (terms.choices, CHOICE),
            (terms.scopes, SCOPE),
        ):
            rules |= dict.fromkeys(named, possible)
        for kind, ruled in (
            ("status", terms.statuses),
            ("allowance", terms.allowances),
            ("amount", terms.amounts),
            ("choice", terms.choices),
        ):
            values |= dict.fromkeys(ruled, kind)
        states |= {name: tuple(s.name for s in status.states) for name, status in terms.statuses.items()}
        states |= {name: tuple(o for o, _ in choice.options) for name, choice in terms.choices.items()}
        supplied |= {n: "holidays" for n, listed in terms.holidays.items() if listed.supplied_by}
        supplied |= {n: "calendar" for n, rule in terms.calendars.items() if rule.supplied_by}
    readings = {name: tuple(o.name for o in reading.options) for name, reading in contract.readings.items()}
    return Vocabulary(
        events, facts, tuple(levels), _called(contract), rules, values, states, readings, supplied
    )


def unknown(code: str, node: Node, what: str, known: Iterable[str]) -> Diagnostic:
    """``there is no fact `chanel` `` with the nearest name, or all where there are few."""
    names = sorted(set(known))
    several = ", ".join(f"`{name}`" for name in names[:8]) + (" …" if len(names) > 8 else "")
    told = did_you_mean(node.text, names) or (f"it has {several}" if names else "the contract has none")
    return error(code, node.span, f"the contract has no {what} `{node.text}`", told)


def _called(contract: Contract) -> dict[str, str]:
    names: dict[str, str] = {}
    for party in contract.parties:
        names[party.name] = party.name
        for other in (party.role, party.name.lower()):
            names.setdefault(other, party.name)
    names.pop("other", None)
    return names
