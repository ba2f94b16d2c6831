"""Calendars as the kernels see them: open time, deadlines and closings by look-up. Equal to ``calendars.table``."""

from __future__ import annotations

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import NEVER, Tables

DAY = 86_400_000_000


@compiled
def interval_of(tables: Tables, calendar: int, at: int) -> int:
    """The first interval that ends after an instant; the calendar's end where there is none."""
    day = at // DAY
    place = tables.day_interval[tables.calendar_at[calendar, 2] + day]
    last = tables.calendar_at[calendar, 1]
    while place < last and tables.closes[place] <= at:
        place += 1
    return place


@compiled
def open_until(tables: Tables, calendar: int, at: int) -> int:
    """Open time from 1970 to an instant."""
    place = interval_of(tables, calendar, at)
    inside = at - tables.starts[place]
    return tables.before[place] + (inside if inside > 0 else 0)


@compiled
def measured(tables: Tables, calendar: int, start: int, end: int) -> int:
    """Open time in [start, end), or all of it without a calendar; zero where the end does not come after the start."""
    if end <= start:
        return 0
    if calendar < 0:
        return end - start
    return open_until(tables, calendar, end) - open_until(tables, calendar, start)


@compiled
def reached(tables: Tables, calendar: int, start: int, amount: int) -> int:
    """The earliest instant at which open time since ``start`` reaches an amount above zero; ``NEVER``."""
    place = interval_of(tables, calendar, start)
    last = tables.calendar_at[calendar, 1]
    inside = start - tables.starts[place]
    due = tables.before[place] + (inside if inside > 0 else 0) + amount
    for _ in range(16):
        if place >= last:
            return NEVER
        if tables.before[place + 1] >= due:
            return tables.starts[place] + due - tables.before[place]
        place += 1
    low, high = place, last  # many days on: the first interval whose end has so much before it
    while low < high:
        middle = (low + high) // 2
        if tables.before[middle + 1] >= due:
            high = middle
        else:
            low = middle + 1
    return NEVER if low >= last else tables.starts[low] + due - tables.before[low]


@compiled
def is_open(tables: Tables, calendar: int, at: int) -> bool:
    """Whether the calendar is open; at a closing instant it is not."""
    place = interval_of(tables, calendar, at)
    return place < tables.calendar_at[calendar, 1] and tables.starts[place] <= at


@compiled
def next_open(tables: Tables, calendar: int, at: int) -> int:
    """The first open instant at or after this one; ``NEVER``."""
    place = interval_of(tables, calendar, at)
    if place >= tables.calendar_at[calendar, 1]:
        return NEVER
    return max(at, tables.starts[place])


@compiled
def next_close(tables: Tables, calendar: int, at: int) -> int:
    """The first closing after this instant; ``NEVER``."""
    place = interval_of(tables, calendar, at)
    return NEVER if place >= tables.calendar_at[calendar, 1] else tables.closes[place]


@compiled
def local_day(tables: Tables, zone: int, at: int) -> int:
    """The date of an instant in a zone, counted from 1970-01-01."""
    day = at // DAY
    if day + 1 < tables.day_starts.shape[1] and tables.day_starts[zone, day + 1] <= at:
        return day + 1
    return day - 1 if tables.day_starts[zone, day] > at else day


@compiled
def closing_from(tables: Tables, calendar: int, start: int, at: int) -> int:
    """The place of the first closing at or after ``at`` of an open date after the start's (R15)."""
    zone = tables.calendar_at[calendar, 6]
    place = date_after(tables, calendar, local_day(tables, zone, start))
    last = tables.calendar_at[calendar, 5]
    while place < last and tables.last_close[place] < at:
        place += 1
    return place


@compiled
def date_after(tables: Tables, calendar: int, day: int) -> int:
    """The place of the first open date after a date."""
    low, high = tables.calendar_at[calendar, 4], tables.calendar_at[calendar, 5]
    while low < high:
        middle = (low + high) // 2
        if tables.dates[middle] > day:
            high = middle
        else:
            low = middle + 1
    return low
