"""Dates on the wall: when they begin, how far they are apart, when a calendar is open on them. Read day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

from tests.oracle.wall import date_after, zone
from tests.oracle_of_agreements.policy import Calendar, Span

MICRO, HOUR = 1_000_000, 3_600_000_000
QUARTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def date_of(where: str, at: int) -> date:
    """The date that the calendar on the wall shows."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone(where)).date()


@cache
def day_start(where: str, day: date) -> int:
    """A day's first existing instant (R31): look every quarter of an hour until the wall shows it."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    while moment.astimezone(zone(where)).date() < day:
        moment += QUARTER
    return micros(moment)


def end_of(where: str, day: date) -> int:
    """The end of a date: the next one's first instant (R14)."""
    return day_start(where, day + timedelta(days=1))


@cache
def moved(day: date, much: Span, sign: int = 1) -> date:
    """The date so much later or earlier (R14)."""
    if much.months:
        day = date.fromordinal(date_after(day.toordinal(), months=sign * much.months, rounding=much.rounding))
    return day + timedelta(days=sign * much.days)


def on_the_wall(where: str, day: date, hour: int) -> int:
    """The instant at which the clock shows an hour of a date; 24 is the next date's beginning."""
    if hour == 24:
        return end_of(where, day)
    return micros(datetime(day.year, day.month, day.day, hour, tzinfo=zone(where)))


@cache
def windows(where: str, calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    """When the calendar is open on a date."""
    if day.weekday() not in calendar.weekdays or day.isoformat() in calendar.closed:
        return ()
    return tuple((on_the_wall(where, day, one), on_the_wall(where, day, other)) for one, other in calendar.hours)


def days_from(where: str, calendar: Calendar, day: date) -> Iterator[tuple[date, int, int]]:
    """The open dates from one on, each with its first opening and its last closing."""
    while True:
        found = windows(where, calendar, day)
        if found:
            yield day, found[0][0], found[-1][1]
        day += timedelta(days=1)


def is_open(where: str, calendar: Calendar, at: int) -> bool:
    return any(start <= at < end for start, end in windows(where, calendar, date_of(where, at)))


def after_hours(where: str, calendar: Calendar | None, start: int, hours: int, percent: int = 100) -> int:
    """When so many hours, or a share of them, have passed: of the calendar's opening times, or on any clock."""
    left = hours * HOUR * percent // 100
    if calendar is None:
        return start + left
    day = date_of(where, start)
    while True:
        for opening, closing in windows(where, calendar, day):
            since = max(opening, start)
            if closing - since >= left and closing > since:
                return since + left
            left -= max(0, closing - since)
        day += timedelta(days=1)


def nth_close(where: str, calendar: Calendar, start: int, n: int) -> int:
    """The last closing of the nth open date after the start's date (R15)."""
    days = days_from(where, calendar, date_of(where, start) + timedelta(days=1))
    for _ in range(n - 1):
        next(days)
    return next(days)[2]


def next_close(where: str, calendar: Calendar, start: int) -> int:
    """The first closing after an instant, of whichever window."""
    day = date_of(where, start)
    while True:
        for _, closing in windows(where, calendar, day):
            if closing > start:
                return closing
        day += timedelta(days=1)


def next_open(where: str, calendar: Calendar, start: int) -> int:
    """The first open instant at or after one."""
    day = date_of(where, start)
    while True:
        for opening, closing in windows(where, calendar, day):
            if closing > start:
                return max(opening, start)
        day += timedelta(days=1)


def whole_months(first: date, last: date) -> int:
    """Whole months from one date to another: those whose day, or the last of the month, is reached."""
    if last < first:
        return -whole_months(last, first)
    count = 0
    while moved(first, Span(months=count + 1)) <= last:
        count += 1
    return count


def anniversary(of: date, after: date) -> date:
    """The first anniversary of a date that is after another."""
    years = 1
    while moved(of, Span(months=12 * years)) <= after:
        years += 1
    return moved(of, Span(months=12 * years))
