"""Times as spreadsheets keep them: a count of days, of which the fraction is the time of day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from slarules.calendars import zones
from slarules.readers.rejects import Refused

SYSTEMS = {1900: datetime(1899, 12, 30), 1904: datetime(1904, 1, 1)}
"""The day of number 0, by the year that a spreadsheet counts from. From 1900 on it has a 29 February 1900 that never
was, so that from 1 March 1900 on its numbers are those of a count that begins a day earlier."""
ROUNDED = {"second": zones.SECOND, "minute": zones.MINUTE, "hour": zones.HOUR}
"""To what a number can be rounded: a cell shows as few as five digits of the fraction, which tell the second."""
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,30})?(?:[eE]-\d{1,2})?", re.ASCII)


def civil_time(text: str, system: int, rounded: int) -> datetime:
    """The time that numbers of days stand for, on the clock of whoever wrote them: ``46083.375`` or ``46083 0.375``.

    Rounded to so many microseconds, as a fraction of a day is hardly ever exact. Raises ``Refused``.
    """
    numbers = [_number(part, text) for part in text.split()]
    days = [number for number in numbers if number >= 1]
    if len(numbers) != 1 and (len(days) != 1 or days[0].denominator != 1):
        raise Refused("E0631", f"`{text[:60]}` is not the whole number of a day and a time of day below 1")
    micro = sum(numbers, Fraction(0)) * zones.DAY
    whole = (2 * micro + rounded) // (2 * rounded) * rounded
    try:
        return SYSTEMS[system] + timedelta(microseconds=whole)
    except OverflowError:
        raise Refused("E0631", f"the year of the day {text[:60]} is outside 1970 to 2200") from None


def _number(part: str, text: str) -> Fraction:
    if not _NUMBER.fullmatch(part):
        raise Refused("E0631", f"`{text[:60]}` is not a number of days such as 46083.375")
    return Fraction(Decimal(part.replace(",", ".")))
