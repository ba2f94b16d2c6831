"""Calendars as the kernels see them: open time, deadlines and closings by look-up. Equal to ``calendars.table``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.layout import (
    CALENDAR,
    NEVER,
    T_BEFORE,
    T_CALENDARS,
    T_CLOSES,
    T_DATES,
    T_DAY_INTERVAL,
    T_DAY_STARTS,
    T_DAYS,
    T_LAST_CLOSE,
    T_STARTS,
)

DAY = 86_400_000_000


@small
def interval_of(tables: Any, calendar: int, at: int) -> int:
    """The first interval that ends after an instant; the calendar's end where there is none."""
    day = at // DAY
    place = tables[tables[T_DAY_INTERVAL] + tables[tables[T_CALENDARS] + calendar * CALENDAR + 2] + day]
    last = tables[tables[T_CALENDARS] + calendar * CALENDAR + 1]
    while place < last and tables[tables[T_CLOSES] + place] <= at:
        place += 1
    return int(place)


@small
def open_until(tables: Any, calendar: int, at: int) -> int:
    """Open time from 1970 to an instant."""
    place = interval_of(tables, calendar, at)
    inside = at - tables[tables[T_STARTS] + place]
    return int(tables[tables[T_BEFORE] + place] + (inside if inside > 0 else 0))


@compiled
def measured(tables: Any, calendar: int, start: int, end: int) -> int:
    """Open time in [start, end), or all of it without a calendar; zero where the end does not come after the start."""
    if end <= start:
        return 0
    if calendar < 0:
        return end - start
    return open_until(tables, calendar, end) - open_until(tables, calendar, start)


@compiled
def reached(tables: Any, calendar: int, start: int, amount: int) -> int:
    """The earliest instant at which open time since ``start`` reaches an amount above zero; ``NEVER``."""
    place = interval_of(tables, calendar, start)
    last = tables[tables[T_CALENDARS] + calendar * CALENDAR + 1]
    inside = start - tables[tables[T_STARTS] + place]
    due = tables[tables[T_BEFORE] + place] + (inside if inside > 0 else 0) + amount
    for _ in range(16):
        if place >= last:
            return NEVER
        if tables[tables[T_BEFORE] + place + 1] >= due:
            return int(tables[tables[T_STARTS] + place] + due - tables[tables[T_BEFORE] + place])
        place += 1
    low, high = place, last  # many days on: the first interval whose end has so much before it
    while low < high:
        middle = (low + high) // 2
        if tables[tables[T_BEFORE] + middle + 1] >= due:
            high = middle
        else:
            low = middle + 1
    return NEVER if low >= last else tables[tables[T_STARTS] + low] + due - tables[tables[T_BEFORE] + low]


@small
def is_open(tables: Any, calendar: int, at: int) -> bool:
    """Whether the calendar is open; at a closing instant it is not."""
    place = interval_of(tables, calendar, at)
    return bool(
        place < tables[tables[T_CALENDARS] + calendar * CALENDAR + 1] and tables[tables[T_STARTS] + place] <= at
    )


@compiled
def next_open(tables: Any, calendar: int, at: int) -> int:
    """The first open instant at or after this one; ``NEVER``."""
    place = interval_of(tables, calendar, at)
    if place >= tables[tables[T_CALENDARS] + calendar * CALENDAR + 1]:
        return NEVER
    return int(max(at, tables[tables[T_STARTS] + place]))


@compiled
def next_close(tables: Any, calendar: int, at: int) -> int:
    """The first closing after this instant; ``NEVER``."""
    place = interval_of(tables, calendar, at)
    return NEVER if place >= tables[tables[T_CALENDARS] + calendar * CALENDAR + 1] else tables[tables[T_CLOSES] + place]


@compiled
def local_day(tables: Any, zone: int, at: int) -> int:
    """The date of an instant in a zone, counted from 1970-01-01."""
    day = at // DAY
    if day + 1 < tables[T_DAYS] and tables[tables[T_DAY_STARTS] + zone * tables[T_DAYS] + day + 1] <= at:
        return day + 1
    return day - 1 if tables[tables[T_DAY_STARTS] + zone * tables[T_DAYS] + day] > at else day


@compiled
def closing_from(tables: Any, calendar: int, start: int, at: int) -> int:
    """The place of the first closing at or after ``at`` of an open date after the start's (R15)."""
    zone = tables[tables[T_CALENDARS] + calendar * CALENDAR + 6]
    place = date_after(tables, calendar, local_day(tables, zone, start))
    last = tables[tables[T_CALENDARS] + calendar * CALENDAR + 5]
    while place < last and tables[tables[T_LAST_CLOSE] + place] < at:
        place += 1
    return place


@compiled
def date_after(tables: Any, calendar: int, day: int) -> int:
    """The place of the first open date after a date."""
    low, high = (
        tables[tables[T_CALENDARS] + calendar * CALENDAR + 4],
        tables[tables[T_CALENDARS] + calendar * CALENDAR + 5],
    )
    while low < high:
        middle = (low + high) // 2
        if tables[tables[T_DATES] + middle] > day:
            high = middle
        else:
            low = middle + 1
    return int(low)
