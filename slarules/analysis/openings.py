"""A rule with its readings left open: each is one more thing that may be so or so, beside the facts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar, get_args

from attrs import evolve

from slarules.engine.adopt import Adopted
from slarules.model.calendar import ListedHolidays
from slarules.model.contract import Contract, Terms
from slarules.model.expression import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FactRef,
    InCalendar,
    Literal,
    Not,
    ReadingIs,
    Truth,
)
from slarules.model.life import State, Status, Transition
from slarules.model.limit import Column
from slarules.model.rules import (
    Choice,
    Duty,
    Fact,
    FactType,
    Prohibition,
    Right,
    Scope,
    SeverityLevel,
)
from slarules.model.value import AsRead
from slarules.model.walk import inside, rewritten

T = TypeVar("T")
CONDITIONS = get_args(Condition)
OPENED = (tuple, *CONDITIONS, Duty, Choice, Prohibition, Right, Scope, SeverityLevel, Status, State, Transition)
"""What is gone into: rules and their conditions. Limits stay as they are."""


@lru_cache(maxsize=8)
def left_open(adopted: Adopted) -> Adopted:
    """The version with a fact for each reading, and for each calendar that may hang on one; they are always known."""
    contract = adopted.contract
    facts = dict(adopted.terms.facts)
    for name, reading in contract.readings.items():
        options = tuple(option.name for option in reading.options)
        facts[_read(name)] = Fact(_read(name), "any", FactType("one_of", options), reading.adopted, None, None)
    for name in adopted.terms.calendars:
        facts[_during(name)] = Fact(_during(name), "any", FactType("yes_no"), True, None, None)
    return evolve(adopted, terms=evolve(adopted.terms, facts=facts))


def opened(rule: T, contract: Contract, at: int) -> T:
    """The rule of the contract's version ``at``, with its readings as facts in its conditions."""
    changed: T = _open(rule, contract, contract.versions[at])
    return changed


def is_sure(rule: object, contract: Contract, at: int) -> bool:
    """Whether no reading decides what a duty's table promises."""
    if not isinstance(rule, Duty):
        return True
    tables = [contract.versions[at].tables[part.table] for part in inside(rule.limit) if isinstance(part, Column)]
    return not any(isinstance(part, AsRead) for part in inside((rule.limit, [table.rows for table in tables])))


def _open(value: Any, contract: Contract, terms: Terms) -> Any:
    match value:
        case AsRead(reading, options):
            if all(isinstance(one, CONDITIONS) for one in options.values()):
                ways = [AllOf((_is(reading, name), _open(way, contract, terms))) for name, way in options.items()]
                return AnyOf(tuple(ways))
            return value
        case ReadingIs(reading, option):
            return _is(reading, option)
        case InCalendar(name, inside_it) if _is_open_to_others(name, contract, terms):
            during = Truth(FactRef(_during(name)))
            return during if inside_it else Not(during)
    return rewritten(value, lambda part: _open(part, contract, terms)) if isinstance(value, OPENED) else value


def _is(reading: str, option: str) -> Condition:
    return Compare("is", FactRef(_read(reading)), Literal(option))


def _read(reading: str) -> str:
    return f" reading {reading}"


def _during(calendar: str) -> str:
    return f" during {calendar}"


def _is_open_to_others(name: str, contract: Contract, terms: Terms) -> bool:
    """Whether a calendar hangs on a reading, or on what a party supplies."""
    rule = terms.calendars.get(name)
    if rule is None:
        return isinstance(contract.zone, AsRead)
    if rule.combined is not None:
        return any(_is_open_to_others(part, contract, terms) for part in rule.combined.calendars)
    listed = [terms.holidays[part.name] for part in rule.closed if isinstance(part, ListedHolidays)]
    if rule.supplied_by is not None or any(one.supplied_by is not None for one in listed):
        return True
    zone = isinstance(contract.zone, AsRead) and rule.zone is None
    return zone or any(isinstance(part, AsRead) for part in inside(rule))
