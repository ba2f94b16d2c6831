"""Counting open dates from an instant: the day rules of contracts and of help desks.

All count *open dates*, those to which a window belongs, in the calendar's zone. They differ in where the
count begins and in what time of day it ends.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from slarules.calendars.table import Table
from slarules.calendars.zones import DAY, local_date, local_micros, offset_at, to_instant

DayRule = Literal["end_of_day", "wall", "wall_then_snap", "roll_then_wall", "open_roll_then_wall"]
"""``end_of_day``: the last closing of the n-th open date after the start's date (R15).
``wall``: the start's time of day on the n-th open date after the start's date, open or not.
``wall_then_snap``: likewise, then on to the nearest open instant.
``roll_then_wall``: a start on a closed date first moves to an open one; then ``wall``. Zero days: the start itself.
``open_roll_then_wall``: a start in closed time first moves to open time; then ``wall_then_snap``. Backward,
both moves are to the first opening of the date before.
"""


def days_at(table: Table, zone: str, start: int, n: int, rule: DayRule, backward: bool = False) -> int | None:
    """The instant ``n`` open dates after the start, or before it; None where the calendar runs out."""
    if rule not in get_args(DayRule):
        raise ValueError(f"{rule!r} is no rule for counting days: there are {', '.join(get_args(DayRule))}")
    if n < 0:
        n, backward = -n, not backward
    counted = -n if backward else n
    day = local_date(start, zone)
    match rule:
        case "end_of_day":
            if n == 0:
                return start  # R28
            found = table.days.nth(day, counted)
            return found.last_close if found else None
        case "wall":
            return _same_time(table, zone, start, day, counted)
        case "wall_then_snap":
            return _snapped(table, _same_time(table, zone, start, day, counted), backward)
        case "roll_then_wall":
            return _rolled_date(table, zone, start, day, counted, backward)
        case "open_roll_then_wall":
            return _rolled_time(table, zone, start, counted, backward)


def _same_time(table: Table, zone: str, start: int, day: date, counted: int) -> int | None:
    """The start's time of day, so many open dates after ``day``; none of them: the start itself (R28)."""
    if counted == 0:
        return start
    found = table.days.nth(day, counted)
    return to_instant(local_micros(found.date, _of_day(start, zone)), zone) if found else None


def _rolled_date(table: Table, zone: str, start: int, day: date, counted: int, backward: bool) -> int | None:
    if counted == 0 or table.days.is_open(day):
        return _same_time(table, zone, start, day, counted)
    rolled = table.days.nth(day, -1 if backward else 1)
    return _same_time(table, zone, start, rolled.date, counted) if rolled else None


def _rolled_time(table: Table, zone: str, start: int, counted: int, backward: bool) -> int | None:
    begin = _in_hours(table, start, backward)
    if begin is None:
        return None
    end = _same_time(table, zone, begin, local_date(begin, zone), counted)
    return None if end is None else _in_hours(table, end, backward)


def _in_hours(table: Table, instant: int, backward: bool) -> int | None:
    """The instant itself within opening hours, bounds included; else the next opening, or the last one."""
    if instant in (table.next_open(instant), table.previous_open(instant)):
        return instant
    if not backward:
        return table.next_open(instant)
    before = table.days.begun_before(instant)
    return before.first_open if before else None


def _snapped(table: Table, instant: int | None, backward: bool) -> int | None:
    if instant is None:
        return None
    return table.previous_open(instant) if backward else table.next_open(instant)


def _of_day(instant: int, zone: str) -> int:
    return (instant + offset_at(instant, zone)) % DAY
