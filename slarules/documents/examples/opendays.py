"""A calendar over a year, from its compiled table: a usual week, and the dates that differ from it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from attrs import frozen

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.model.value import MINUTE

Times = tuple[tuple[int, int], ...]
"""Open times of a date in minutes after midnight, in order: (opens, closes), 0 to 1440."""
MIDNIGHT = 1440
UNNAMED = "closed"
"""What a compiled calendar calls a closure to which the contract gives no name."""


@frozen
class Differing:
    """A date that is not open as its weekday usually is."""

    day: date
    """The date."""
    times: Times
    """When it is open; none: closed."""
    usual: Times
    """When its weekday is usually open."""
    name: str
    """Why: the holiday's name; empty: not said."""


@frozen
class Year:
    """Twelve months of a calendar."""

    first: date
    """The first date."""
    last: date
    """The last date."""
    usual: tuple[Times, ...]
    """Each weekday as it mostly is, Monday first."""
    differing: tuple[Differing, ...]
    """The dates that are otherwise, in order."""


def year_of(calendar: Calendar, first: date, named: Mapping[date, str]) -> Year:
    """The year that begins with a date. ``named``: why some dates are open for part of their time only."""
    last = min(_year_after(first) - timedelta(days=1), date(zones.LAST_YEAR, 12, 30))
    times = dict(_times(calendar, first, last))
    counts = [Counter(t for day, t in times.items() if day.weekday() == weekday) for weekday in range(7)]
    usual = tuple(count.most_common(1)[0][0] for count in counts)
    differing = tuple(
        Differing(day, open_at, usual[day.weekday()], _name(calendar, day) or named.get(day, ""))
        for day, open_at in times.items()
        if open_at != usual[day.weekday()]
    )
    return Year(first, last, usual, differing)


def _name(calendar: Calendar, day: date) -> str:
    """The holiday's name; nothing for a date that the contract closes without saying why."""
    name = calendar.closures(day) or ""
    return "" if name == UNNAMED else name


def _year_after(day: date) -> date:
    """The same day a year later; of 29 February, 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _times(calendar: Calendar, first: date, last: date) -> Iterator[tuple[date, Times]]:
    """The open times of each date, cut at midnight."""
    zone = calendar.zone
    starts, ends, _ = calendar.table.scalars
    days = np.arange(first.toordinal(), last.toordinal() + 2, dtype=np.int64)
    bounds = zones.day_starts(days, zone).tolist()
    for n, (begins, over) in enumerate(pairwise(bounds)):
        day = first + timedelta(days=n)
        place = max(0, bisect_right(starts, begins) - 1)
        found = []
        while place < len(starts) and starts[place] < over:
            begin, end = max(starts[place], begins), min(ends[place], over)
            if begin < end:
                opens = 0 if begin == begins else _minute(begin, zone)
                closes = MIDNIGHT if end == over else -(-_micros(end, zone) // MINUTE)
                found.append((opens, closes))
            place += 1
        yield day, tuple(found)


def _micros(instant: int, zone: str) -> int:
    """Microseconds that clocks show after midnight."""
    return (instant + zones.offset_at(instant - 1, zone)) % zones.DAY


def _minute(instant: int, zone: str) -> int:
    return (instant + zones.offset_at(instant, zone)) % zones.DAY // MINUTE
