"""What each rule rests on: calendars, tables, statuses, other duties. A verdict hangs on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from slarules.model.calendar import CalendarRule, ListedHolidays
from slarules.model.contract import Contract, Terms
from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    NoMoreSevere,
    Pattern,
    ReadingIs,
    RightHolds,
    SeverityRef,
    StatusRef,
)
from slarules.model.life import Allowance
from slarules.model.limit import (
    BeforeTermEnds,
    ByEndOf,
    Column,
    CountedIn,
    EachDay,
    Milestone,
    NextClose,
    Notice,
    NthClose,
)
from slarules.model.rules import (
    Choice,
    Duty,
    EachTerm,
    OnEvent,
    OnOutcome,
    OnRemaining,
    OnState,
    Prohibition,
    Right,
    Table,
)
from slarules.model.value import AsRead
from slarules.model.walk import inside

Node = tuple[str, str]
"""Sort and name of something that a rule rests on, or of a rule: ``("calendar", "BusinessHours")``."""
SORTS: Mapping[str, str] = {
    "duties": "duty",
    "prohibitions": "prohibition",
    "rights": "right",
    "choices": "choice",
    "scopes": "scope",
    "statuses": "status",
    "allowances": "allowance",
    "amounts": "amount",
    "roles": "role",
    "tables": "table",
    "calendars": "calendar",
    "holidays": "holidays",
}
"""Field of the terms → the sort of its rules."""
JUDGED = ("duty", "prohibition", "right", "choice", "scope")
"""Sorts that have verdicts."""
VALUED = ("status", "allowance", "amount")
"""Sorts that have a value for each agreement."""
SEVERITIES: Node = ("severities", "severities")
"""Which severity is in force: whose word makes and changes it (R24)."""
ZONE: Node = ("zone", "zone")
"""The contract's own zone, on which every date of it rests."""
Graph = Mapping[Node, frozenset[Node]]
"""Each rule → what it names."""


def rules_of(terms: Terms) -> dict[Node, Any]:
    """Every rule of the terms, by sort and name, in the contract's order."""
    found: dict[Node, Any] = {}
    for field, sort in SORTS.items():
        found |= {(sort, name): rule for name, rule in getattr(terms, field).items()}
    if terms.severities is not None:
        found[SEVERITIES] = terms.severities
    return found


def graph_of(rules: Mapping[Node, Any], names: Mapping[Node, frozenset[Node]]) -> Graph:
    """What each rule rests on; ``names`` is what each names. All rest on the contract's zone, which is left out."""
    scopes = [(node, rule.kind) for node, rule in rules.items() if node[0] == "scope"]
    found = {}
    for node, rule in rules.items():
        ending = {scope for scope, kind in scopes if kind == rule.kind} if isinstance(rule, (Duty, Choice)) else set()
        found[node] = (names[node] | ending) - {node}  # R19
    return found


def named(value: Any, rules: Mapping[Node, Any]) -> frozenset[Node]:
    """What a rule, or a part of one, names; ``rules`` are all those of its terms."""
    statuses = [node for node in rules if node[0] == "status"]
    parts = [one for part in inside(value) for one in _by(part, rules, statuses)]
    return frozenset((*parts, *_of_rule(value, statuses)))


def reaching(graph: Graph, roots: Iterable[Node]) -> frozenset[Node]:
    """The roots, and every rule that rests on one of them, directly or not."""
    users: dict[Node, list[Node]] = {}
    for node, named in graph.items():
        for one in named:
            users.setdefault(one, []).append(node)
    return _closed(users, roots)


def beneath(graph: Graph, nodes: Iterable[Node]) -> frozenset[Node]:
    """The nodes, and all that they rest on, directly or not."""
    return _closed(graph, nodes)


def _closed(edges: Mapping[Node, Iterable[Node]], start: Iterable[Node]) -> frozenset[Node]:
    found = set(start)
    todo = list(found)
    while todo:
        for one in edges.get(todo.pop(), ()):
            if one not in found:
                found.add(one)
                todo.append(one)
    return frozenset(found)


def _of_rule(rule: Any, statuses: list[Node]) -> Iterator[Node]:
    """What a rule names by its own fields."""
    match rule:
        case Duty():
            if rule.choice is not None:
                yield ("choice", rule.choice)
            if rule.rises is not None or rule.falls is not None:
                yield SEVERITIES
        case Choice():
            yield from (("duty", duty) for _, duties in rule.options for duty in duties)
        case Prohibition(survives=False):
            yield from statuses  # it binds while the agreement's term lasts (R25)
        case Right():
            yield from _if(("role", rule.role), ("calendar", rule.during))
        case Table():
            yield from (("calendar", base) for base in rule.bases if base is not None)
        case CalendarRule():
            yield from (("calendar", name) for name in (rule.combined.calendars if rule.combined is not None else ()))
        case Allowance(carries_over=False):
            yield from statuses  # what is left ends with the term (R34)


def _by(part: object, rules: Mapping[Node, Any], statuses: list[Node]) -> Iterator[Node]:
    """What one part of a rule names."""
    match part:
        case SeverityRef() | NoMoreSevere() | Pattern("severity_changed" | "severity_confirmed"):
            yield SEVERITIES  # such an event has no effect but by a party entitled to it (R24)
        case InCalendar(name, _) | CountedIn(name) | EachDay(name) | NextClose(name) | NthClose(name, _):
            yield ("calendar", name)
        case OnEvent(_, during, outside):
            yield from _if(("calendar", during), ("calendar", outside))
        case ListedHolidays(name):
            yield ("holidays", name)
        case Column(table, _):
            yield ("table", table)
        case StatusRef(name) | Includes(name, _) | OnState(name, _) | EachTerm(name):
            yield ("status", name)
        case AllowanceRef(name):
            yield ("allowance", name)
        case AmountRef(name) | FactRef(name) | ByEndOf(name):
            if ("amount", name) in rules:
                yield ("amount", name)
            if isinstance(part, ByEndOf):
                yield from _if(("calendar", part.close_in))
        case RightHolds(name):
            yield ("right", name)
        case Milestone(name) | OnOutcome(name, _) | OnRemaining(name):
            yield ("duty", name)
        case BeforeTermEnds() | Notice(before=None) | Happened(_, True):
            yield from statuses
        case Happened(basis=str() as name):
            yield ("calendar", name)


def _if(*named: tuple[str, str | None]) -> Iterator[Node]:
    return ((sort, name) for sort, name in named if name is not None)


# ---- Which rules a reading can bear on, whatever is adopted ------------------------------------------------------


def resting(contract: Contract) -> dict[str, frozenset[Node]]:
    """Reading → every rule with a verdict or a value that can rest on it, whichever options are adopted."""
    found: dict[str, frozenset[Node]] = dict.fromkeys(contract.readings, frozenset())
    for terms in contract.versions:
        rules = rules_of(terms)
        graph = graph_of(rules, {node: named(rule, rules) for node, rule in rules.items()})
        everything = frozenset(rules)
        asked: dict[str, set[Node]] = {}
        for node, rule in rules.items():
            for name in _readings(rule):
                asked.setdefault(name, set()).add(node)
        for name, nodes in asked.items():
            found[name] |= reaching(graph, nodes)
        for name in _readings(contract.zone):
            found[name] |= everything
    return {name: frozenset(n for n in nodes if n[0] in (*JUDGED, *VALUED)) for name, nodes in found.items()}


def _readings(value: object) -> frozenset[str]:
    """The readings that are asked anywhere in a value."""
    return frozenset(part.reading for part in inside(value) if isinstance(part, (AsRead, ReadingIs)))
