"""What a caller hands to a calendar: instants, amounts and counts, refused in words where they are none."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from operator import index
from typing import Any
from warnings import warn

import numpy as np

from slarules.calendars.zones import BEGINNING, EARLY, END, EPOCH, MICROSECOND, Instants, OutOfRange, micros


def instant(value: object) -> int:
    """The instant of an aware datetime."""
    if not isinstance(value, datetime):
        hint = ": for microseconds ask deadline_at, consumed_between, days_at" if isinstance(value, int) else ""
        raise TypeError(
            f"an instant is an aware datetime, or in arrays microseconds since 1970, not {type(value).__name__}{hint}"
        )
    return micros(value)


def amount(value: object) -> int:
    """The microseconds of a timedelta."""
    if not isinstance(value, timedelta):
        raise TypeError(f"an amount of open time is a timedelta, or in arrays microseconds, not {type(value).__name__}")
    return value // MICROSECOND


def count(value: object) -> int:
    """A number of days."""
    try:
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"days are counted in whole numbers, not {value!r}") from None


def many(value: Any) -> Instants:
    """Microseconds in an array; one datetime or one timedelta stands for as many as there are of the others."""
    if isinstance(value, datetime):
        return np.array(micros(value), np.int64)
    if isinstance(value, timedelta):
        return np.array(value // MICROSECOND, np.int64)
    return np.asarray(value)


def instants(value: Any) -> Instants:
    """Instants in an array, of the years that calendars have."""
    found = whole(many(value))
    if found.size and not BEGINNING <= int(found.min()) <= int(found.max()) <= END:
        raise OutOfRange(f"instants {found.min()} to {found.max()} do not all lie in 1970–2200")
    if found.size:
        doubt_unit(int(found.max()))
    return found


def doubt_unit(last: int) -> None:
    """Warns where the last of many instants is in the first weeks of 1970: whole numbers do not say what they count."""
    if last < EARLY:
        when = EPOCH + last * MICROSECOND
        warn(
            f"arrays of instants hold microseconds since 1970, and the last of these is {when:%Y-%m-%d %H:%M} UTC: "
            "do they count milliseconds or seconds?",
            stacklevel=5,
        )


def whole(value: Any) -> Instants:
    """An array of whole numbers: instants, or counts of days."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise ValueError(f"instants are integer microseconds, and days integers, not {array.dtype}")
    return array


def zone_of(when: datetime) -> tzinfo:
    """The zone of an aware datetime."""
    assert when.tzinfo is not None  # `instant` has refused it before
    return when.tzinfo
