"""Dates of the contract: so many days, months or years after a date. No instant and no opening hours in them.

`dateutil` does the arithmetic; what a day that does not exist becomes is the contract's to say, never ours.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from slarules.calendars.zones import FIRST_YEAR, LAST_YEAR, OutOfRange, day_start

Rounding = Literal["up", "down"] | None
"""What 31 April becomes: the first of May, the last of April, or an error."""


class NoSuchDay(ValueError):
    """A date that does not exist, such as 31 April, where the contract does not say how it rounds."""


def add_days(day: date, n: int) -> date:
    """The date ``n`` days later, or earlier for a negative n."""
    try:
        return _in_range(day + timedelta(days=n))
    except OverflowError:
        raise OutOfRange(f"{n} days from {day} lie outside {FIRST_YEAR}–{LAST_YEAR}") from None


def add_months(day: date, n: int, rounding: Rounding = None) -> date:
    """The same day of the month ``n`` months later; always count from the anchor, never from a result."""
    month = day.month - 1 + n
    if not FIRST_YEAR <= day.year + month // 12 <= LAST_YEAR:
        raise OutOfRange(f"{n} months from {day} lie outside {FIRST_YEAR}–{LAST_YEAR}")
    last_at_most = day + relativedelta(months=n)  # relativedelta itself rounds down
    if last_at_most.day == day.day or rounding == "down":
        return last_at_most
    if rounding == "up":
        return add_days(last_at_most, 1)
    raise NoSuchDay(
        f"{n} months from {day} fall on day {day.day} of {last_at_most:%B %Y}, which does not exist: "
        "say `rounding up` or `rounding down`"
    )


def add_years(day: date, n: int, rounding: Rounding = None) -> date:
    """The same day ``n`` years later; only 29 February may not exist."""
    return add_months(day, 12 * n, rounding)


def due_by_end_of(day: date, zone: str) -> int:
    """The instant at which a date ends, which is the next date's first (R14): due at it or before it."""
    return day_start(date.fromordinal(day.toordinal() + 1), zone)


def next_anniversary(first: date, after: date, rounding: Rounding = None) -> date:
    """The first yearly return of ``first`` that comes after the date ``after``."""
    years = max(1, after.year - first.year)
    if add_years(first, years, "up") > after:  # else it is past however it rounds
        anniversary = add_years(first, years, rounding)
        if anniversary > after:
            return anniversary
    return add_years(first, years + 1, rounding)


def days_between(start: date, end: date) -> int:
    """Days from one date to the other, the start's not counted; negative when the end comes first."""
    return (end - start).days


def months_between(start: date, end: date, rounding: Rounding = "down") -> int:
    """Whole months from one date to the other; negative when the end comes first."""
    if end < start:
        return -months_between(end, start, rounding)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months == 0 or add_months(start, months, rounding) <= end else months - 1


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfRange(f"{day} lies outside {FIRST_YEAR}–{LAST_YEAR}")
    return day
