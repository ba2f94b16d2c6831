"""All the rules of one version of the terms, each written out, with what each rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from attrs import evolve

from slarules.model.contract import Terms
from slarules.model.rules import Citation, Declaration, Duty, Fact, FactType, Scope
from slarules.resolve.amounts import amount, date_rule
from slarules.resolve.calendars import calendar, holidays
from slarules.resolve.conditions import condition
from slarules.resolve.dates import not_by_time_alone
from slarules.resolve.duties import duty
from slarules.resolve.header import role
from slarules.resolve.names import Item, Names, Place
from slarules.resolve.powers import choice, prohibition, right
from slarules.resolve.severities import severities
from slarules.resolve.statuses import allowance, status
from slarules.resolve.tables import table

T = TypeVar("T")
Uses = dict[tuple[str, str], set[tuple[str, str]]]
"""(sort, name) of a rule → (sort, name) of what it rests on."""


def written(names: Names, start: date | None, uses: Uses) -> Terms:
    """The terms; rules that cannot be made out are left out, their mistakes told."""

    def each(sort: str, build: Callable[[Item, Names, set[tuple[str, str]]], T | None], space: str) -> dict[str, T]:
        found: dict[str, T] = {}
        for name, item in names.items[sort].items():
            one = build(item, names, uses.setdefault((space, name), set()))
            if one is not None:
                found[name] = one
        return found

    return Terms(
        in_force_from=start,
        facts={**names.facts, **_elected(names)},
        events=names.events,
        calendars=each("calendar", lambda item, n, u: calendar(item, Place(n, None, u)), "calendar"),
        holidays=each("holidays", lambda item, n, u: holidays(item, Place(n, None, u)), "holidays"),
        severities=severities(names, Place(names, "ticket", uses.setdefault(("severities", "severities"), set()))),
        tables=each("table", lambda item, n, u: table(item, Place(n, None, u)), "table"),
        roles=each("role", role, "role"),
        duties=_duties(names, uses),
        prohibitions=each("prohibition", prohibition, "rule"),
        rights=each("right", right, "right"),
        choices=each("choice", choice, "rule"),
        statuses=each("status", status, "status"),
        allowances=each("allowance", allowance, "allowance"),
        amounts={**each("amount", amount, "amount"), **each("date", date_rule, "amount")},
        scopes=each("scope", _scope, "rule"),
        declarations=each("declaration", _declaration, "declaration"),
    )


def _elected(names: Names) -> dict[str, Fact]:
    """What each choice's election records: ``remedy schedule``."""
    found: dict[str, Fact] = {}
    for name, item in names.items["choice"].items():
        if name not in names.facts:
            options = tuple(option.name.text for option in item.node.all("choice_option", "choice_option_block"))
            found[name] = Fact(name, names.kinds[name], FactType("one_of", options), None, None, None)
    return found


def _duties(names: Names, uses: Uses) -> dict[str, Duty]:
    found: dict[str, Duty] = {}
    for name, owed in names.owed.items():
        used = uses.setdefault(("rule", name), set())
        one = duty(owed, names, used)
        if one is not None:
            found[name] = one
        if owed.option is not None:
            used.add(("rule", owed.item.name))
    return found


def _scope(item: Item, names: Names, uses: set[tuple[str, str]]) -> Scope:
    """What is outside; a ticket found outside owes nothing more (R19)."""
    place = Place(names, names.kinds[item.name], uses)
    for line in item.node.all("outside_if"):
        not_by_time_alone(line, place)
    outside = tuple(condition(line.parts[0], place) for line in item.node.all("outside_if"))
    if not outside and not place.problems.broken & {"outside"}:
        place.error("E0515", item.node.name.span, f"the scope `{item.name}` leaves nothing outside",
                    "add a line: `outside if …`")
    title = item.node.first("STRING")
    return Scope(item.name, title.text if title else None, names.kinds[item.name], outside, item.citation)


def _declaration(item: Item, names: Names, uses: set[tuple[str, str]]) -> Declaration:
    del names, uses
    return Declaration(item.name, " ".join(part.text for part in item.node.all("STRING")), item.citation)


_CITED = {
    "tables": "table", "roles": "role", "duties": "rule", "prohibitions": "rule", "rights": "right", "choices": "rule",
    "statuses": "status", "allowances": "allowance", "amounts": "amount", "scopes": "rule",
}


def with_readings(terms: Terms, uses: Uses, order: tuple[str, ...]) -> Terms:
    """Each rule's citation with every reading that it rests on, also through what it names."""
    changed: dict[str, Any] = {}
    for attribute, space in _CITED.items():
        rules: Mapping[str, Any] = getattr(terms, attribute)
        changed[attribute] = {name: _with(rule, (space, name), uses, order) for name, rule in rules.items()}
    if terms.severities is not None:
        changed["severities"] = _with(terms.severities, ("severities", "severities"), uses, order)
    return evolve(terms, **changed)


def _with(rule: Any, key: tuple[str, str], uses: Uses, order: tuple[str, ...]) -> Any:
    asked = reached(key, uses)
    readings = tuple(name for name in order if ("reading", name) in asked)
    citation: Citation = rule.citation
    return evolve(rule, citation=evolve(citation, readings=readings))


def reached(key: tuple[str, str], uses: Uses) -> set[tuple[str, str]]:
    """Everything that a rule rests on, directly or not."""
    found: set[tuple[str, str]] = set()
    todo = [key]
    while todo:
        for used in uses.get(todo.pop(), ()):
            if used not in found:
                found.add(used)
                todo.append(used)
    return found
