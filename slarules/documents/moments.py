"""Instants, dates and lengths of time as a document tells them: "Monday 2 March 2026 at 09:30"."""

from __future__ import annotations

from datetime import date, timedelta

from slarules.calendars import zones
from slarules.model.value import HOUR, Elapsed
from slarules.wording.calendars import WEEKDAYS
from slarules.wording.grammar import counted
from slarules.wording.values import day as date_words
from slarules.wording.values import length

DAY = 24 * HOUR
LONG = 72 * HOUR
"""Lengths from here on are told in days."""


def on_day(day: date) -> str:
    """A date with its weekday: `Monday 2 March 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {date_words(day)}"


def clock(instant: int, zone: str) -> str:
    """The time of day, as exact as it is: `09:30`, `09:30:15.000001`."""
    local = zones.moment(instant, zones.zone(zone))
    seconds = f":{local.second:02d}" if local.second or local.microsecond else ""
    fraction = f".{local.microsecond:06d}".rstrip("0") if local.microsecond else ""
    return f"{local.hour:02d}:{local.minute:02d}{seconds}{fraction}"


def moment(instant: int, zone: str) -> str:
    """An instant (microseconds UTC) on a zone's clocks: `Monday 2 March 2026 at 09:30`."""
    return f"{on_day(zones.local_date(instant, zone))} at {clock(instant, zone)}"


def ends_a_day(instant: int, zone: str) -> bool:
    """Whether it is the first instant of a date: a deadline there is the end of the date before."""
    return instant == zones.day_start(zones.local_date(instant, zone), zone)


def due(instant: int, zone: str) -> str:
    """A deadline, as an adverbial: `on Monday 2 March 2026 at 09:30`, `by the end of Sunday 29 March 2026`."""
    if ends_a_day(instant, zone):
        return f"by the end of {on_day(zones.local_date(instant, zone) - timedelta(days=1))} (midnight)"
    return f"on {moment(instant, zone)}"


def stretch(start: int, end: int, zone: str) -> str:
    """From one instant to another: `Monday 2 March 2026, 08:00 to 09:30`; the second date only where it differs."""
    first, last = zones.local_date(start, zone), zones.local_date(end, zone)
    begun = f"{on_day(first)}, {clock(start, zone)}"
    if first == last:
        return f"{begun} to {clock(end, zone)}"
    if ends_a_day(end, zone) and last == first + timedelta(days=1):
        return f"{begun} to 24:00"
    return f"{begun} to {on_day(last)}, {clock(end, zone)}"


def span(micros: int) -> str:
    """A length of time: `1 hour 30 minutes`; three days and more in days: `30 days 1 hour`."""
    if abs(micros) < LONG:
        return length(Elapsed(micros))
    days, left = divmod(abs(micros), DAY)
    said = counted(days, "day")
    if left:
        said += f" {length(Elapsed(left))}"
    return ("minus " if micros < 0 else "") + said
