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
def interval_of(memory: Any, calendar: int, at: int) -> int:
    """The first interval that ends after an instant; the calendar's end where there is none."""
    day = at // DAY
    place = memory[memory[T_DAY_INTERVAL] + memory[memory[T_CALENDARS] + calendar * CALENDAR + 2] + day]
    last = memory[memory[T_CALENDARS] + calendar * CALENDAR + 1]
    while place < last and memory[memory[T_CLOSES] + place] <= at:
        place += 1
    return int(place)


@small
def open_until(memory: Any, calendar: int, at: int) -> int:
    """Open time from 1970 to an instant."""
    place = interval_of(memory, calendar, at)
    inside = at - memory[memory[T_STARTS] + place]
    return int(memory[memory[T_BEFORE] + place] + (inside if inside > 0 else 0))


@compiled
def measured(memory: Any, calendar: int, start: int, end: int) -> int:
    """Open time in [start, end), or all of it without a calendar; zero where the end does not come after the start."""
    if end <= start:
        return 0
    if calendar < 0:
        return end - start
    return open_until(memory, calendar, end) - open_until(memory, calendar, start)


@compiled
def reached(memory: Any, calendar: int, start: int, amount: int) -> int:
    """The earliest instant at which open time since ``start`` reaches an amount above zero; ``NEVER``."""
    place = interval_of(memory, calendar, start)
    last = memory[memory[T_CALENDARS] + calendar * CALENDAR + 1]
    inside = start - memory[memory[T_STARTS] + place]
    due = memory[memory[T_BEFORE] + place] + (inside if inside > 0 else 0) + amount
    for _ in range(16):
        if place >= last:
            return NEVER
        if memory[memory[T_BEFORE] + place + 1] >= due:
            return int(memory[memory[T_STARTS] + place] + due - memory[memory[T_BEFORE] + place])
        place += 1
    low, high = place, last  # many days on: the first interval whose end has so much before it
    while low < high:
        middle = (low + high) // 2
        if memory[memory[T_BEFORE] + middle + 1] >= due:
            high = middle
        else:
            low = middle + 1
    return NEVER if low >= last else memory[memory[T_STARTS] + low] + due - memory[memory[T_BEFORE] + low]


@small
def is_open(memory: Any, calendar: int, at: int) -> bool:
    """Whether the calendar is open; at a closing instant it is not."""
    place = interval_of(memory, calendar, at)
    return bool(
        place < memory[memory[T_CALENDARS] + calendar * CALENDAR + 1] and memory[memory[T_STARTS] + place] <= at
    )


@compiled
def next_open(memory: Any, calendar: int, at: int) -> int:
    """The first open instant at or after this one; ``NEVER``."""
    place = interval_of(memory, calendar, at)
    if place >= memory[memory[T_CALENDARS] + calendar * CALENDAR + 1]:
        return NEVER
    return int(max(at, memory[memory[T_STARTS] + place]))


@compiled
def next_close(memory: Any, calendar: int, at: int) -> int:
    """The first closing after this instant; ``NEVER``."""
    place = interval_of(memory, calendar, at)
    return NEVER if place >= memory[memory[T_CALENDARS] + calendar * CALENDAR + 1] else memory[memory[T_CLOSES] + place]


@compiled
def local_day(memory: Any, zone: int, at: int) -> int:
    """The date of an instant in a zone, counted from 1970-01-01."""
    day = at // DAY
    if day + 1 < memory[T_DAYS] and memory[memory[T_DAY_STARTS] + zone * memory[T_DAYS] + day + 1] <= at:
        return day + 1
    return day - 1 if memory[memory[T_DAY_STARTS] + zone * memory[T_DAYS] + day] > at else day


@compiled
def closing_from(memory: Any, calendar: int, start: int, at: int) -> int:
    """The place of the first closing at or after ``at`` of an open date after the start's (R15)."""
    zone = memory[memory[T_CALENDARS] + calendar * CALENDAR + 6]
    place = date_after(memory, calendar, local_day(memory, zone, start))
    last = memory[memory[T_CALENDARS] + calendar * CALENDAR + 5]
    while place < last and memory[memory[T_LAST_CLOSE] + place] < at:
        place += 1
    return place


@compiled
def date_after(memory: Any, calendar: int, day: int) -> int:
    """The place of the first open date after a date."""
    low, high = (
        memory[memory[T_CALENDARS] + calendar * CALENDAR + 4],
        memory[memory[T_CALENDARS] + calendar * CALENDAR + 5],
    )
    while low < high:
        middle = (low + high) // 2
        if memory[memory[T_DATES] + middle] > day:
            high = middle
        else:
            low = middle + 1
    return int(low)
