"""Time told as a story: when a calendar was open, when closed, and which holiday closed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from slarules.calendars.table import Table
from slarules.calendars.zones import day_start, local_date


class Segment(NamedTuple):
    """A stretch of time for an explanation."""

    start: int
    """Its first instant."""
    end: int
    """The first instant after it."""
    state: Literal["open", "closed"]
    """Whether the calendar is open in it."""
    reason: str | None
    """The holiday that closes it; None: open, or simply outside the opening hours."""


def segments(table: Table, zone: str, closures: Mapping[date, str], start: int, end: int) -> list[Segment]:
    """[start, end) cut at every opening and closing, and closed time at the bounds of its holidays."""
    found: list[Segment] = []
    while start < end:
        opening, closing = table.next_open(start), table.next_close(start)
        if opening == start:
            until = end if closing is None else min(closing, end)
            found.append(Segment(start, until, "open", None))
        else:
            until = end if opening is None else min(opening, end)
            found.extend(_closed(table, zone, closures, start, until))
        start = until
    return found


def _closed(table: Table, zone: str, closures: Mapping[date, str], start: int, end: int) -> Iterator[Segment]:
    """A closed stretch, cut where a date that a holiday closes begins or ends."""
    first, last = local_date(start, zone), local_date(end - 1, zone)
    for day in sorted(day for day in closures if first <= day <= last and not table.days.is_open(day)):
        begin = max(start, day_start(day, zone))
        until = min(end, day_start(day + timedelta(days=1), zone))
        if begin < until:
            if start < begin:
                yield Segment(start, begin, "closed", None)
            yield Segment(begin, until, "closed", closures[day])
            start = until
    if start < end:
        yield Segment(start, end, "closed", None)
