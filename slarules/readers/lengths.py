"""Lengths of time as help desks export them: 135 minutes, 2.25 hours, 02:15:00."""

from __future__ import annotations

import re
from decimal import InvalidOperation

from slarules.calendars import zones
from slarules.readers.numbers import NumberFormat
from slarules.readers.rejects import Refused

CLOCK = "hh:mm:ss"
UNITS = {"seconds": zones.SECOND, "minutes": zones.MINUTE, "hours": zones.HOUR, CLOCK: 0}
"""What a column of lengths may count, in microseconds; or how it writes them."""
_CLOCK = re.compile(r"(\d{1,6}):(\d{2})(?::(\d{2}))?", re.ASCII)
_LONGEST = zones.END


def length(text: str, unit: str, numbers: NumberFormat) -> int:
    """The length in microseconds, rounded down to whole ones. Raises ``Refused``."""
    refused = Refused("E0631", f"`{text[:40]}` is not a length of time in {unit}")
    if unit == CLOCK:
        match = _CLOCK.fullmatch(text)
        if match is None or int(match[2]) > 59 or int(match[3] or 0) > 59:
            raise refused
        return (int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)) * zones.SECOND
    try:
        found = numbers.number(text) * UNITS[unit]
    except (ValueError, InvalidOperation, Refused):
        raise refused from None
    if not 0 <= found <= _LONGEST:
        raise refused
    return int(found)
