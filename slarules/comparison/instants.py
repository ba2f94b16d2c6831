"""When tickets are begun to compare two deadlines: an ordinary week, holidays, month ends, changes of clocks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.model.value import HOUR, MINUTE

DAY = 24 * HOUR
AHEAD = 370
"""Days after the ordinary Monday in which holidays and changes of clocks are looked for."""
DIFFERENCES = 12
"""Times at which the calendars differ that are tried, from all over their years."""
MONTH_ENDS = ((2026, 3, 31), (2026, 4, 30), (2026, 12, 31), (2027, 2, 28), (2028, 2, 29))


@lru_cache(maxsize=64)
def instants(base: int, zoned: tuple[str, ...], calendars: tuple[Calendar, ...]) -> tuple[int, ...]:
    """Instants in microseconds UTC, the likeliest first: ``base``, an ordinary Monday morning, and what follows.

    ``zoned`` are the zones of the two contracts; ``calendars`` those in which anything is counted or asked.
    """
    found: dict[int, None] = {base: None}
    zone = min(zoned)
    for many in (1, 2, 24, 3, 26, -1, 6, 8, 30, 48, 100):
        found[base + many * HOUR] = None
    midnight = zones.day_start(zones.local_date(base, zone), zone)
    found |= dict.fromkeys(midnight + many * HOUR for many in range(7 * 24))
    week = (midnight, midnight + 7 * DAY)
    for calendar in calendars:
        for edge in _edges(calendar, *week):
            found |= dict.fromkeys((edge - MINUTE, edge, edge + MINUTE, edge + 30 * MINUTE))
    for calendar in calendars:
        found |= dict.fromkeys(_beside_closures(calendar, base))
    for one in dict.fromkeys(zoned):
        found |= dict.fromkeys(_beside_clock_changes(one, base))
    for year, month, day in MONTH_ENDS:
        for hour in (10, 23):
            found[zones.instant(datetime.combine(date(year, month, day), time(hour, 30)), zone, 0)] = None
    for number, calendar in enumerate(calendars):
        for other in calendars[number + 1 :]:
            found |= dict.fromkeys(_where_they_differ(calendar, other, base))
    return tuple(found)


def _edges(calendar: Calendar, start: int, end: int) -> list[int]:
    """Openings and closings within a stretch."""
    table = calendar.table.intervals
    both = sorted({*map(int, table.starts), *map(int, table.ends)}) if len(table.starts) < 3 else [
        int(edge) for edges in (table.starts, table.ends)
        for edge in edges[np.searchsorted(edges, start) : np.searchsorted(edges, end)]]
    return sorted(edge for edge in both if start <= edge < end)


def _beside_closures(calendar: Calendar, base: int) -> Iterator[int]:
    """The morning of each weekday that is closed within a year, and the afternoon before it."""
    first = zones.local_date(base, calendar.zone)
    for ahead in range(1, AHEAD):
        day = first + timedelta(days=ahead)
        if day.weekday() < 5 and calendar.closures(day) is not None:
            for back, hour in ((0, 10), (1, 16)):
                yield zones.instant(datetime.combine(day - timedelta(days=back), time(hour)), calendar.zone, 0)


def _beside_clock_changes(zone: str, base: int) -> Iterator[int]:
    changes = [int(at) for at in zones.transitions(zone)[0]]
    place = bisect_right(changes, base)
    for change in changes[place : place + 2]:
        if change < base + AHEAD * DAY:
            yield from (change - back for back in (DAY + 12 * HOUR, 12 * HOUR, HOUR, 30 * MINUTE))


def _where_they_differ(one: Calendar, other: Calendar, base: int) -> Iterator[int]:
    """The beginnings of times at which one is open and the other is not, and an hour before."""
    begins: list[int] = []
    for a, b in ((one, other), (other, one)):
        only = Calendar.difference(a, b).table.intervals.starts
        first, last = (int(np.searchsorted(only, base + days * DAY)) for days in (-400, 4000))
        later = [int(at) for at in only[first:last]]
        begins += [*later[:2], *later[:: max(1, len(later) // DIFFERENCES)][:DIFFERENCES]]
    for begin in dict.fromkeys(begins):
        yield from (begin, begin - HOUR)
