"""First step: put the adopted options where the contract says `as read in`, and compile its calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import attrs
from attrs import field, frozen

from slarules.calendars import holidays as public_holidays
from slarules.calendars import spec
from slarules.calendars.calendar import Calendar
from slarules.calendars.spec import CalendarSpec
from slarules.calendars.zones import FIRST_YEAR, LAST_YEAR
from slarules.diagnostics import nearest
from slarules.model.calendar import (
    CalendarRule,
    ClosedDate,
    ClosedYearly,
    HolidaysOf,
    ListedHolidays,
    Opening,
    Supplied,
    Window,
)
from slarules.model.contract import Contract, Terms
from slarules.model.expression import Literal, ReadingIs
from slarules.model.value import AsRead
from slarules.model.walk import inside, rewritten

HORIZON = (1990, 2100)
"""Years for which public holidays are looked up; the library knows few countries further.

Of a country that it knows from a later year on, `check` asks that the contract is in force from then on only."""


class UnknownReading(ValueError):
    """A reading or an option that the contract does not have."""


@frozen(eq=False)
class Adopted:
    """One version of the contract with every reading decided: nothing is left to choose."""

    contract: Contract = field(repr=False)
    terms: Terms = field(repr=False)
    zone: str | None
    """The contract's own zone."""
    readings: Mapping[str, str]
    """Every reading → its option."""
    calendars: Mapping[str, Calendar] = field(repr=False)
    """Compiled, by name; ``Always`` where the contract has a zone."""


def chosen(contract: Contract, readings: Mapping[str, str] | None) -> dict[str, str]:
    """Every reading's option: the one asked for, else the one the contract adopts.

    Raises UnknownReading.
    """
    asked = dict(readings or {})
    for name, option in asked.items():
        reading = contract.readings.get(name)
        if reading is None:
            near = nearest(name, contract.readings)
            told = f"; did you mean `{near}`?" if near else ""
            raise UnknownReading(f"the contract has no reading `{name}`{told}")
        known = [o.name for o in reading.options]
        if option not in known:
            near = nearest(option, known)
            told = f"; did you mean `{near}`?" if near else f", only {', '.join(f'`{o}`' for o in known)}"
            raise UnknownReading(f"the reading `{name}` has no option `{option}`{told}")
    return {name: asked.get(name, reading.adopted) for name, reading in contract.readings.items()}


def adopt(
    contract: Contract, readings: Mapping[str, str] | None, supplied: Mapping[str, Supplied] | None
) -> tuple[Adopted, ...]:
    """The contract's versions under these readings, earliest first; what parties supply is bound."""
    choice = tuple(sorted(chosen(contract, readings).items()))
    return _adopted(contract, choice, tuple(sorted((supplied or {}).items())))


@lru_cache(maxsize=256)
def _adopted(
    contract: Contract, choice: tuple[tuple[str, str], ...], supplied: tuple[tuple[str, Supplied], ...]
) -> tuple[Adopted, ...]:
    options = dict(choice)
    given = dict(supplied)
    zone = decided(contract.zone, options)
    versions = []
    for terms in contract.versions:
        plain = _decided_terms(terms, options)
        calendars = _calendars(plain, zone, given)
        versions.append(Adopted(contract, plain, zone, options, calendars))
    return tuple(versions)


def _decided_terms(terms: Terms, options: Mapping[str, str]) -> Terms:
    """`decided`, rule by rule: a rule that names none of the readings that differ is not gone through again."""
    changed: dict[str, Any] = {}
    for at in attrs.fields(Terms):
        old = getattr(terms, at.name)
        if isinstance(old, Mapping):
            changed[at.name] = {name: _rule(rule, options) for name, rule in old.items()}
        elif old is not None:
            changed[at.name] = _rule(old, options)
    return attrs.evolve(terms, **changed)


_RULES: dict[tuple[int, tuple[str, ...]], tuple[Any, Any]] = {}
"""(Rule, its options) → the rule decided. The rule as stated is kept beside it, so that its identity stays its own."""
_NAMED: dict[int, tuple[Any, tuple[str, ...]]] = {}
"""Rule → the readings that it names, likewise."""


def _rule(rule: Any, options: Mapping[str, str]) -> Any:
    if len(_RULES) > 4096:
        _RULES.clear()
        _NAMED.clear()
    named = _NAMED.get(id(rule))
    if named is None or named[0] is not rule:
        found = (part.reading for part in inside(rule) if isinstance(part, (AsRead, ReadingIs)))
        named = _NAMED[id(rule)] = (rule, tuple(dict.fromkeys(found)))
    key = id(rule), tuple(options[name] for name in named[1])
    known = _RULES.get(key)
    if known is None or known[0] is not rule:
        known = _RULES[key] = (rule, decided(rule, options) if named[1] else rule)
    return known[1]


def decided(value: Any, options: Mapping[str, str]) -> Any:
    """``value`` with every ``AsRead`` and ``ReadingIs`` in it replaced by what the options make of it."""
    match value:
        case AsRead(reading, ways):
            return decided(ways[options[reading]], options)
        case ReadingIs(reading, option):
            return Literal(options[reading] == option)
    return rewritten(value, lambda part: decided(part, options))


# ---- Calendars --------------------------------------------------------------------------------------------------


def _calendars(terms: Terms, zone: str | None, supplied: Mapping[str, Supplied]) -> dict[str, Calendar]:
    compiled: dict[str, Calendar] = {}
    compiled["Always"] = _always(zone or "UTC")
    for name in terms.calendars:
        _compile(name, terms, zone, supplied, compiled)
    return compiled


def _compile(
    name: str, terms: Terms, zone: str | None, supplied: Mapping[str, Supplied], compiled: dict[str, Calendar]
) -> Calendar:
    if name in compiled:
        return compiled[name]
    rule = terms.calendars[name]
    if rule.combined is not None:
        parts = [_compile(part, terms, zone, supplied, compiled) for part in rule.combined.calendars]
        calendar = _combined(rule.combined.op, parts)
    else:
        calendar = _cached(_described(rule, terms, zone, supplied))
    compiled[name] = calendar
    return calendar


@lru_cache(maxsize=16)
def _always(zone: str) -> Calendar:
    return Calendar.always(zone)


_COMPILED: dict[tuple[Any, ...], Calendar] = {}
"""Equal descriptions share one compiled table, whatever readings led to them."""
_COMBINED: dict[tuple[Any, ...], Calendar] = {}
"""And so do combinations of the same calendars, which they hold, so that their identities stay their own."""


def _combined(op: str, parts: list[Calendar]) -> Calendar:
    key = op, *map(id, parts)
    found = _COMBINED.get(key)
    if found is None:
        match op:
            case "any":
                found = Calendar.union(*parts)
            case "all":
                found = Calendar.intersection(*parts)
            case _:
                found = Calendar.difference(parts[0], parts[1])
        if len(_COMBINED) > 256:
            _COMBINED.clear()
        _COMBINED[key] = found
    return found


def _cached(described: CalendarSpec) -> Calendar:
    key = tuple(
        tuple(value.items()) if isinstance(value, Mapping) else value
        for value in (getattr(described, at.name) for at in attrs.fields(CalendarSpec))
    )
    if key not in _COMPILED:
        if len(_COMPILED) > 256:
            _COMPILED.clear()
        _COMPILED[key] = Calendar(described).checked()
    return _COMPILED[key]


def _described(rule: CalendarRule, terms: Terms, zone: str | None, supplied: Mapping[str, Supplied]) -> CalendarSpec:
    """The calendar's description for the compiler; a list not supplied is known of no date (R30)."""
    weekly: list[list[spec.Window]] = [[] for _ in range(7)]
    for opening in rule.openings:
        assert isinstance(opening, Opening) and not isinstance(opening.windows, AsRead)
        for day in opening.days:
            weekly[day].extend(spec.Window(w.opens, w.closes) for w in opening.windows)
    closed: dict[date, str] = {}
    breaks: dict[date, tuple[spec.Window, ...]] = {}
    unknown: list[tuple[date, str]] = []
    for what in rule.closed:
        match what:
            case HolidaysOf(country, subdivision, observed):
                closed.update(_public(country, subdivision, observed))
            case ListedHolidays(name):
                _listed(name, terms, supplied, closed, unknown)
            case ClosedDate(on, cut, called):
                _close(on, cut, called, closed, breaks)
            case ClosedYearly(number, month, cut, called):
                for year in range(FIRST_YEAR, LAST_YEAR + 1):
                    _close_yearly(year, month, number, cut, called, closed, breaks)
            case AsRead():
                raise AssertionError("readings are decided before calendars are compiled")
    added: dict[date, tuple[spec.Window, ...]] = {}
    for on, hours in rule.also_open:  # several lines of one date add up
        added[on] = added.get(on, ()) + _windows(hours)
    instead = {day: _windows(w) for day, w in rule.open_instead}
    if rule.supplied_by is not None:
        given = supplied.get(rule.name)
        instead = {day: _windows(w) for day, w in given.windows} if given else {}
        if given is None or given.known_until is not None:
            weekly = [[spec.ALL_DAY] for _ in range(7)] if given is None else weekly
            unknown.append(((given.known_until if given else None) or date(FIRST_YEAR, 1, 1), rule.name))
    until, name_unknown = min(unknown) if unknown else (None, None)
    own_zone = rule.zone if isinstance(rule.zone, str) else (zone or "UTC")
    return CalendarSpec(
        own_zone,
        tuple(tuple(sorted(day)) for day in weekly),
        dict(sorted(closed.items())),
        instead,
        added,
        dict(sorted(breaks.items())),
        until,
        name_unknown,
    )


def _windows(windows: tuple[Window, ...]) -> tuple[spec.Window, ...]:
    return tuple(sorted(spec.Window(w.opens, w.closes) for w in windows))


@lru_cache(maxsize=64)
def _public(country: str, subdivision: str | None, observed: bool) -> tuple[tuple[date, str], ...]:
    years = range(HORIZON[0], HORIZON[1])
    return tuple(public_holidays.named(country, subdivision, years, observed=observed, as_known=True))


def _listed(
    name: str, terms: Terms, supplied: Mapping[str, Supplied], closed: dict[date, str], unknown: list[tuple[date, str]]
) -> None:
    listed = terms.holidays[name]
    if listed.supplied_by is None:
        closed.update({day: called or name for day, called in listed.dates})
        return
    given = supplied.get(name)
    if given is None:
        unknown.append((date(FIRST_YEAR, 1, 1), name))
        return
    closed.update(dict.fromkeys(given.dates, name))
    if given.known_until is not None:
        unknown.append((given.known_until, name))


def _close(
    day: date,
    cut: tuple[Window, ...],
    called: str | None,
    closed: dict[date, str],
    breaks: dict[date, tuple[spec.Window, ...]],
) -> None:
    if cut:
        breaks[day] = breaks.get(day, ()) + _windows(cut)
    else:
        closed[day] = called or "closed"


def _close_yearly(
    year: int,
    month: int,
    number: int,
    cut: tuple[Window, ...],
    called: str | None,
    closed: dict[date, str],
    breaks: dict[date, tuple[spec.Window, ...]],
) -> None:
    try:
        day = date(year, month, number)
    except ValueError:
        return  # 29 February of a common year: there is nothing to close
    _close(day, cut, called, closed, breaks)
