"""When a ticket would have to begin so that its time runs over a weekend, a holiday, or a change of clocks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from attrs import frozen

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted
from slarules.proposing.playing import Played, play

BACK = (1, 0, 2, 3, 4, 5, 6, 8, 11, 15, 22, 29, 45, 60, 90)
"""So many days before the occasion a ticket may begin."""
TIMES = ((16, 30), (10, 0), (23, 30), (0, 30), (8, 30), (11, 45))
"""Times of day at which it may begin; more than a day before, only the first two."""
DAY = 86_400_000_000
SLACK = 6 * DAY
"""By so much the time may be longer than the first Monday's: nights, weekends and holidays that do not count."""
FAR = 370
"""Days in which an occasion is looked for."""


@frozen
class Occasion:
    """Something that a ticket's time may run over."""

    name: str
    """As a title says it: ``over a weekend``."""
    at: int
    """An instant within it, in microseconds UTC."""


@frozen
class Nothing:
    """There is no such occasion, and why."""

    name: str
    reason: str


def occasions(adopted: Adopted, calendar: str | None, monday: date) -> Iterator[Occasion | Nothing]:
    """A weekend, a holiday and the changes of clocks after a Monday; ``calendar`` is that of the duty's clock."""
    own = adopted.calendars.get(calendar or "")
    zone = own.zone if own is not None and calendar != "Always" else adopted.zone or "UTC"
    yield Occasion("over a weekend", _noon(monday + timedelta(days=5), zone))
    yield _holiday(adopted, calendar, monday, zone)
    yield from _clock_changes(zone, monday)


def over(played: Played, occasion: Occasion, zone: str) -> Played | None:
    """The plot begun so that the occasion lies between its instance and the deadline; None: it never does."""
    day = zones.local_date(occasion.at, zone)
    length = (played.due or played.at) - played.events[0].at
    for back in BACK:
        if back * DAY > length + SLACK:
            return None
        for hour, minute in TIMES if back < 2 else TIMES[:2]:
            local = datetime.combine(day - timedelta(days=back), time(hour, minute))
            try:
                start = zones.instant(local, zone)
            except (zones.GapError, zones.FoldError):
                continue
            if start >= occasion.at:
                continue
            again = play(played.plot, start)
            if again is not None and again.due is not None and again.at < occasion.at < again.due:
                return again
    return None


def _noon(day: date, zone: str) -> int:
    return zones.instant(datetime.combine(day, time(12)), zone, 0)


def _holiday(adopted: Adopted, calendar: str | None, monday: date, zone: str) -> Occasion | Nothing:
    """The first closed date, on a weekday, of the duty's calendar; else of any other that the contract has."""
    named = [calendar] if calendar is not None and calendar in adopted.terms.calendars else []
    for name in (*named, *(other for other in adopted.terms.calendars if other not in named)):
        table: Calendar = adopted.calendars[name]
        for ahead in range(2, FAR):
            day = monday + timedelta(days=ahead)
            why = table.closures(day)
            if why is not None and day.weekday() < 5:
                return Occasion(f"over a holiday, {why}", _noon(day, zone))
        if name in named:
            return Nothing("over a holiday", f"the calendar `{name}` closes on none within a year")
    return Nothing("over a holiday", "no calendar of the contract closes on any")


def _clock_changes(zone: str, monday: date) -> Iterator[Occasion | Nothing]:
    instants, _ = zones.transitions(zone)
    begin = _noon(monday, zone)
    known = [int(instant) for instant in instants]
    place = bisect_right(known, begin)
    ahead = [at for at in known[place : place + 2] if at < begin + FAR * 86_400_000_000]
    for at in ahead:
        forward = zones.offset_at(at, zone) > zones.offset_at(at - 1, zone)
        yield Occasion(f"over the night on which clocks go {'forward' if forward else 'back'}", at)
    if not ahead:
        yield Nothing("over a change of clocks", f"clocks in {zone} do not change")
