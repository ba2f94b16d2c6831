"""Zones from the pinned ``tzdata`` package: local times to instants and back.

An instant is an integer count of microseconds since 1970-01-01T00:00Z. The operating system's zone data is
never read: five databases on one machine were seen to disagree about a date of one winter.
"""

from __future__ import annotations

import re
import struct
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from attrs import frozen

zoneinfo.reset_tzpath(())  # only the tzdata package is left to read
zoneinfo.ZoneInfo.clear_cache()  # and what was read from the system before this import is forgotten

Instants = npt.NDArray[np.int64]
"""Many instants, or many local times counted the same way."""

MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FIRST_YEAR = 1970
LAST_YEAR = 2200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
BEGINNING = 0
"""The first instant that can be said."""
END = (date(LAST_YEAR + 1, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY
"""The first instant that cannot be said any more, and the last bound of an interval."""
EARLY = END // 1_000
"""No time before this is believed of a number: in the unit that it was counted in, it is a thousand times as much."""

PROBED_FROM, PROBED_TO = (
    int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (FIRST_YEAR - 1, LAST_YEAR + 2)
)

Gap = Literal["later", "earlier"]
"""A local time that does not exist: read with the offset before the change (later), or after it (earlier)."""
Fold = Literal["first", "second"]
"""A local time that exists twice: which of the two."""


class UnknownZone(ValueError):
    """No such zone in the pinned ``tzdata``, and no fixed offset either."""


class OutOfRange(ValueError):
    """An instant or a date outside 1970–2200."""


class GapError(ValueError):
    """A local time that does not exist, because clocks went forward over it."""


class FoldError(ValueError):
    """A local time that exists twice, because clocks went back over it."""


_OFFSET = re.compile(r"UTC([+-])([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every IANA name that the pinned ``tzdata`` knows."""
    return frozenset(zoneinfo.available_timezones())


@cache
def zone(name: str) -> tzinfo:
    """The zone of an IANA name, of ``UTC`` or of a fixed offset such as ``UTC-07:00``."""
    if not isinstance(name, str):
        raise TypeError(f"a zone is named by a text as America/Denver, not {type(name).__name__}")
    if name == "UTC":
        return UTC
    fixed = _OFFSET.fullmatch(name)
    if fixed:
        sign, hours, minutes = fixed.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if sign == "-" else offset, name)
    if name not in names():  # also keeps paths such as ../../etc out of the file name
        raise UnknownZone(f"no zone is called `{name}`: write an IANA name as America/Denver, or UTC-07:00")
    return zoneinfo.ZoneInfo(name)


def in_range(instant_us: int) -> int:
    """The instant itself, if it lies in 1970–2200."""
    if not BEGINNING <= instant_us <= END:
        raise OutOfRange(f"instant {instant_us} lies outside {FIRST_YEAR}–{LAST_YEAR}")
    return instant_us


def micros(moment: datetime) -> int:
    """The instant of an aware datetime."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no zone: a naive time is not an instant")
    return in_range((moment - EPOCH) // MICROSECOND)


def moment(instant_us: int, tz: tzinfo) -> datetime:
    """The aware datetime of an instant, as clocks in ``tz`` show it."""
    return (EPOCH + in_range(instant_us) * MICROSECOND).astimezone(tz)


def format_instant(instant_us: int, name: str) -> str:
    """ISO 8601 text with the zone's offset, for people."""
    return moment(instant_us, zone(name)).isoformat()


def local_micros(day: date, of_day: int = 0) -> int:
    """A local date and time of day as a count of local microseconds."""
    return (day.toordinal() - EPOCH_ORDINAL) * DAY + of_day


@cache
def transitions(name: str) -> tuple[Instants, Instants]:
    """When the zone's offset changes, 1969–2201, and the offset from then on; the first entry is the start.

    Found by looking at the zone from outside (where its file lists a change, and each month once the law is a rule
    for ever), then by bisection to the second; so what the offsets are rests on nothing but ``utcoffset``.
    """
    tz = zone(name)
    at, offsets = [PROBED_FROM], [_offset(tz, PROBED_FROM)]
    last_at = PROBED_FROM
    for second in _probes(name) if isinstance(tz, zoneinfo.ZoneInfo) else ():
        offset = _offset(tz, second)
        if offset != offsets[-1]:
            at.append(_change(tz, last_at, second, offsets[-1]))
            offsets.append(offset)
        last_at = second
    pair = np.array(at, np.int64) * SECOND, np.array(offsets, np.int64) * SECOND
    for array in pair:
        array.flags.writeable = False  # shared by everyone who asks
    return pair


def _probes(name: str) -> Iterator[int]:
    """Seconds at which to look for a changed offset: those that the zone's file lists (RFC 8536), then each month."""
    from importlib.resources import files  # as zoneinfo does, when a zone is asked for

    file = (files("tzdata") / "zoneinfo" / name).read_bytes()
    uts, standards, leaps, times, types, letters = struct.unpack_from(">6l", file, 20)
    more = 44 + times * 5 + types * 6 + letters + leaps * 8 + standards + uts  # past what has but 32 bits
    (many,) = struct.unpack_from(">l", file, more + 32)
    listed = struct.unpack_from(f">{many}q", file, more + 44)
    yield from (second for second in listed if PROBED_FROM < second < PROBED_TO)
    if b"," in file.rsplit(b"\n", 2)[1]:  # a rule for ever, with two changes a year that are months apart: see the test
        yield from range(max(PROBED_FROM, *listed), PROBED_TO, 30 * 86_400)


def _offset(tz: tzinfo, second: int) -> int:
    """The zone's offset at a second, in seconds."""
    offset = datetime.fromtimestamp(second, tz).utcoffset()
    assert offset is not None
    return offset.days * 86_400 + offset.seconds


def _change(tz: tzinfo, low: int, high: int, before: int) -> int:
    """The first second in (low, high] whose offset is not ``before``."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, middle) == before:
            low = middle
        else:
            high = middle
    return high


def to_instants(local_us: Instants, name: str, gap: Gap = "later", fold: Fold = "first") -> Instants:
    """Local wall times to instants; unless told otherwise the first of two, and a gap shifts forward."""
    at, offsets = transitions(name)
    before, after = offsets[:-1], offsets[1:]
    forward = after > before
    wait = np.where(forward, gap == "later", fold == "first")  # keep the old offset while the reading is open
    change = at[1:] + np.where(wait, np.maximum(before, after), np.minimum(before, after))
    result: Instants = local_us - offsets[np.searchsorted(change, local_us, side="right")]
    return result


def day_starts(ordinals: Instants, name: str) -> Instants:
    """The first existing instant of each local date (R31), given as proleptic ordinals."""
    at, offsets = transitions(name)
    local = (ordinals - EPOCH_ORDINAL) * DAY
    begins = at[1:] + offsets[:-1]
    missing = np.searchsorted(begins, local, side="right") - 1  # the last change at or before that wall time
    skipped = (missing >= 0) & (local < (at + offsets)[missing + 1])
    return np.where(skipped, at[missing + 1], to_instants(local, name))


@lru_cache(maxsize=1 << 14)  # the same few dates are asked for again and again
def day_start(day: date, name: str) -> int:
    """The first existing instant of a local date (R31); of a date that was skipped, the instant after."""
    return int(day_starts(np.array([day.toordinal()], np.int64), name)[0])


def offset_at(instant_us: int, name: str) -> int:
    """The zone's offset from UTC at an instant, in microseconds."""
    at, offsets = transitions(name)
    return int(offsets[max(0, int(np.searchsorted(at, instant_us, side="right")) - 1)])


def local_ordinals(instants: Instants, name: str) -> Instants:
    """The local date of each instant, as proleptic ordinals."""
    at, offsets = transitions(name)
    local = instants + offsets[np.maximum(np.searchsorted(at, instants, side="right") - 1, 0)]
    result: Instants = local // DAY + EPOCH_ORDINAL
    return result


def local_date(instant_us: int, name: str) -> date:
    """The date that a calendar on the wall shows at an instant."""
    return date.fromordinal((instant_us + offset_at(instant_us, name)) // DAY + EPOCH_ORDINAL)


def to_instant(local_us: int, name: str) -> int:
    """One local wall time to its instant: the first of two, and a gap shifts forward."""
    return int(to_instants(np.array([local_us], np.int64), name)[0])


def instant(local: datetime, name: str, fold: Literal[0, 1] | None = None) -> int:
    """The instant of a naive local time that a policy or a scenario writes, which must be certain.

    Raises `GapError` or `FoldError` unless ``fold`` says which reading is meant: 0 takes the offset before
    the change of clocks, 1 the offset after it (PEP 495).
    """
    if local.tzinfo is not None:
        raise ValueError(f"{local.isoformat()} names its offset already")
    wall = (local.replace(tzinfo=UTC, fold=0) - EPOCH) // MICROSECOND
    walls = np.array([wall], np.int64)
    before = int(to_instants(walls, name, "later", "first")[0])
    after = int(to_instants(walls, name, "earlier", "second")[0])
    if before != after and fold is None:
        if before > after:
            raise GapError(f"{local.isoformat(' ')} does not exist in {name}: clocks went forward over it")
        raise FoldError(f"{local.isoformat(' ')} exists twice in {name}: clocks went back over it")
    return in_range(after if fold == 1 else before)


@frozen
class ClockChange:
    """Local times that do not exist, or that exist twice, because a zone changed its offset."""

    kind: Literal["gap", "fold"]
    """Whether clocks went forward (a gap) or back (a fold)."""
    start: int
    """The first local time concerned, in local microseconds."""
    end: int
    """The first local time that is certain again."""


def gaps_and_folds(
    name: str, year_from: int = FIRST_YEAR, year_to: int = LAST_YEAR
) -> tuple[ClockChange, ...]:
    """Every gap and fold that begins in the local years ``year_from`` to ``year_to``."""
    at, offsets = transitions(name)
    low, high = local_micros(date(year_from, 1, 1)), local_micros(date(year_to + 1, 1, 1))
    found = []
    for index in range(1, len(at)):
        change, before, after = int(at[index]), int(offsets[index - 1]), int(offsets[index])
        start, end = sorted((change + before, change + after))
        if low <= start < high:
            found.append(ClockChange("gap" if after > before else "fold", start, end))
    return tuple(found)
