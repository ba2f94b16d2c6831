"""Calendars against the clock changes of their zones (R31) and against the holidays that the library knows."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from slarules.calendars import holidays as library
from slarules.calendars import spec
from slarules.calendars.spec import CalendarSpec, unstated_clock_changes
from slarules.calendars.zones import FIRST_YEAR, LAST_YEAR
from slarules.model.calendar import CalendarRule, ClosedDate, ClosedYearly, Opening, Window
from slarules.model.contract import Terms
from slarules.model.value import AsRead
from slarules.model.walk import inside
from slarules.resolve.calendars import zones_of
from slarules.resolve.names import Names

HORIZON = (1990, 2099)
"""First and last year for which a calendar asks for public holidays."""
Dated = tuple[tuple[date, tuple[spec.Window, ...]], ...]
Described = tuple[str, tuple[tuple[spec.Window, ...], ...], Dated, Dated]
"""A zone, the windows of each weekday, those of single dates, and what is cut out of dates."""


def clock_changes(terms: Terms, names: Names, zone: str | AsRead | None) -> None:
    """Tells windows that open or close at a time that clocks skip or show twice, with nothing said of it."""
    for name, rule in terms.calendars.items():
        if rule.shift_forward or rule.combined is not None or rule.supplied_by is not None:
            continue
        for called in zones_of(rule.zone if rule.zone is not None else zone):
            found = _unstated(_described(rule, called))
            if found:
                day, kind, time = found
                said = "does not exist" if kind == "gap" else "exists twice"
                names.problems.error(
                    "E0713", names.items["calendar"][name].node.name.span,
                    f"`{name}` opens or closes at {time}, which {said} in {called} on {day}",
                    "say what then counts: `clock changes shift forward`, or choose another time")
                break


@lru_cache(maxsize=256)
def _unstated(described: Described) -> spec.Unstated | None:
    zone, weekly, opened, cut = described
    told = CalendarSpec(zone, weekly, added=dict(opened), breaks=dict(cut))
    found = unstated_clock_changes(told, FIRST_YEAR, LAST_YEAR)
    return found[0] if found else None


def _described(rule: CalendarRule, zone: str) -> Described:
    """The weekly windows under every reading at once, those of single dates, and the hours that closures cut out."""
    weekly: list[set[spec.Window]] = [set() for _ in range(7)]
    for opening in inside(rule.openings):
        if isinstance(opening, Opening):
            for day in opening.days:
                weekly[day].update(_windows(one for one in inside(opening.windows) if isinstance(one, Window)))
    cut: list[tuple[date, tuple[Window, ...]]] = []
    for closed in rule.closed:
        if isinstance(closed, ClosedYearly) and closed.windows:
            cut += [(day, closed.windows) for day in _each_year(closed)]
        if isinstance(closed, ClosedDate):
            cut.append((closed.date, closed.windows))
    opened = _by_date((*rule.also_open, *rule.open_instead))
    return zone, tuple(tuple(sorted(windows)) for windows in weekly), opened, _by_date(cut)


def _each_year(closed: ClosedYearly) -> Iterator[date]:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if (closed.month, closed.day) != (2, 29) or isleap(year):
            yield date(year, closed.month, closed.day)


def _by_date(dated: Iterable[tuple[date, tuple[Window, ...]]]) -> Dated:
    found: dict[date, tuple[spec.Window, ...]] = {}
    for day, windows in dated:
        found[day] = (*found.get(day, ()), *_windows(windows))
    return tuple(found.items())


def _windows(windows: Iterable[Window]) -> Iterator[spec.Window]:
    return (spec.Window(one.opens, one.closes) for one in windows)


def public_holidays(names: Names, since: date | None) -> None:
    """Tells countries and parts of them of which no holidays are known, in the years that may be asked for.

    Before a contract or its clause is in force nothing is owed, so that no holidays are asked for.
    """
    for sort in ("calendar", "reading"):
        for item in names.items[sort].values():
            unread = "force" in names.problems.broken  # then from when on is not known: the name alone is looked at
            first = date(HORIZON[1 if unread else 0], 1, 1)
            begins = max((day for day in (since, item.since) if day is not None), default=first)
            for node in item.node.walk():
                if node.kind in ("holidays_of", "holidays_unobserved"):
                    region = node.one("REGION")
                    wrong = _unknown(region.text, max(begins.year, HORIZON[0]))
                    if wrong is not None:
                        names.problems.error("E0714", region.span, *wrong)


@lru_cache(maxsize=256)
def _unknown(region: str, begins: int) -> tuple[str, str] | None:
    """Why no holidays are known and what to do, or None where they are known from that year on."""
    country, _, subdivision = region.partition("-")
    try:
        library.named(country, subdivision or None, (min(begins, HORIZON[1]), HORIZON[1]))
    except library.UnknownHolidays as wrong:
        message, _, help = str(wrong).partition(": ")
        return message, help or "list the dates in the file"
    except library.HolidaysOutOfRange as wrong:
        if not wrong.first:
            return str(wrong), "list the dates in the file"
        return str(wrong), (f"say from when the contract is in force, as `in force from {wrong.first}-01-01`, or list "
                            "the dates in the file")
    return None
