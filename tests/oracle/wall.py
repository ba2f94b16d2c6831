"""Whether a calendar is open, read off the wall clock one minute at a time.

No intervals and no arithmetic on them: for each minute of UTC the zone is asked what the clock on the
wall says, and the weekly windows are looked up at that reading (R31: a window belongs to the date on
which it starts). The answers are kept per UTC day, so that many tickets of one month read each minute
only once.

Window ends inside the hour that a zone skips or repeats are outside what this file can be trusted with
(a calendar states its gap and fold rule, R31; a look at the wall has none). No given case and no random
case has one.
"""

from __future__ import annotations

import json
from array import array
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

DAY = 86_400
CLOSED, OPEN, UNKNOWN = 0, 1, 2
COMBINATIONS = ("union", "intersection", "minus")
KEPT = 1 << 13
"""So many days of zones and calendars are remembered: tickets near each other share them."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def seconds(text: str) -> int:
    """Seconds since 1970 of an instant written in UTC."""
    return int(datetime.fromisoformat(text).timestamp())


def written(instant: int | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def zone(name: str) -> ZoneInfo:
    """The zone out of the pinned tzdata package, never out of the operating system."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@lru_cache(KEPT)
def wall_day(zone_name: str, utc_day: int) -> tuple[array[int], array[int]]:
    """For each minute of a UTC day: the date (as an ordinal) and the minute of day that the wall shows."""
    where = zone(zone_name)
    dates, minutes = array("i"), array("i")
    for instant in range(utc_day * DAY, (utc_day + 1) * DAY, 60):
        local = datetime.fromtimestamp(instant, where)
        dates.append(local.toordinal())
        minutes.append(local.hour * 60 + local.minute)
    return dates, minutes


def date_at(zone_name: str, instant: int) -> int:
    return datetime.fromtimestamp(instant, zone(zone_name)).toordinal()


@lru_cache(KEPT)
def first_instant(zone_name: str, ordinal: int) -> int:
    """A day begins at its first existing instant (R31): walk until the wall shows the date."""
    day = ordinal - date(1970, 1, 1).toordinal()
    for utc_day in range(day - 1, day + 2):
        for minute, shown in enumerate(wall_day(zone_name, utc_day)[0]):
            if shown >= ordinal:
                return utc_day * DAY + minute * 60
    raise ValueError(f"{zone_name} never shows {date.fromordinal(ordinal)}")


def date_after(ordinal: int, *, days: int = 0, months: int = 0, rounding: str | None = None) -> int:
    """The date some months and days later; a day that does not exist goes where `rounding` says (R14)."""
    start = date.fromordinal(ordinal)
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    try:
        moved = date(year, month, start.day)
    except ValueError:
        following = date(year + month // 12, month % 12 + 1, 1)
        if rounding not in ("up", "down"):
            raise
        moved = following if rounding == "up" else following - timedelta(days=1)
    return moved.toordinal() + days


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def spelled(calendars: dict[str, Any], name: str, home: str) -> str:
    """A calendar with all that it names, as text: what the answers are kept under."""
    return json.dumps(_whole(calendars, name, home), sort_keys=True)


def _whole(calendars: dict[str, Any], name: str, home: str) -> dict[str, Any]:
    if name == "always":  # its dates are those of the contract's zone (R31)
        return {"always": True, "zone": home}
    calendar = dict(calendars[name])
    for how in COMBINATIONS:
        if how in calendar:
            calendar[how] = [_whole(calendars, other, home) for other in calendar[how]]
            calendar["zone"] = calendar[how][0]["zone"]
    return calendar


@lru_cache(KEPT)
def _read(calendar: str) -> dict[str, Any]:
    return json.loads(calendar)  # type: ignore[no-any-return]


@lru_cache(KEPT)
def _windows(text: str, ordinal: int) -> tuple[tuple[int, int], ...]:
    """The windows that start on a date, in minutes of its wall clock; past 1440: into the next date."""
    calendar = _read(text)
    day = date.fromordinal(ordinal)
    if day.isoformat() in calendar.get("extra_open", {}):
        texts = calendar["extra_open"][day.isoformat()]
    elif day.isoformat() in calendar.get("closed", ()):
        texts = []
    else:
        texts = calendar["weekly"].get(WEEKDAYS[day.weekday()], [])
    found = []
    for opens, closes in texts:
        start, end = _minutes(opens), _minutes(closes)
        found.append((start, end if end > start else end + 1440))
    return tuple(found)


@lru_cache(KEPT)
def _cuts(text: str, ordinal: int) -> tuple[tuple[int, int], ...]:
    texts = _read(text).get("extra_closed", {}).get(date.fromordinal(ordinal).isoformat(), [])
    return tuple((_minutes(opens), _minutes(closes)) for opens, closes in texts)


Windows = tuple[tuple[int, int], ...]
NOBODYS, OF_THE_DATE, OF_THE_ONE_BEFORE = 0, 1, 2
"""Which date a minute's window belongs to."""


@lru_cache(KEPT)
def _looks(cuts: Windows, windows: Windows, before: Windows) -> bytes:
    """What a look at each minute of a date tells, from its windows and those of the date before; many are alike."""
    return bytes(_look(cuts, windows, before, minute) for minute in range(1440))


def _look(cuts: Windows, windows: Windows, before: Windows, minute: int) -> int:
    """Whose window is open at a minute of the wall's clock."""
    if any(opens <= minute < closes for opens, closes in cuts):
        return NOBODYS
    if any(opens <= minute < closes for opens, closes in windows):
        return OF_THE_DATE
    if any(minute < closes - 1440 for _, closes in before):
        return OF_THE_ONE_BEFORE
    return NOBODYS


@lru_cache(KEPT)
def calendar_day(text: str, utc_day: int) -> tuple[bytes, array[int]]:
    """For each minute of a UTC day: closed, open or unknown, and the date that an open minute belongs to."""
    calendar = _read(text)
    if "always" in calendar:
        return bytes([OPEN]) * 1440, wall_day(calendar["zone"], utc_day)[0]
    for how in COMBINATIONS:
        if how in calendar:
            parts = [json.dumps(other, sort_keys=True) for other in calendar[how]]
            return _combined(how, [calendar_day(part, utc_day) for part in parts])
    horizon = 0 if calendar.get("unbound") else None
    if "known_until" in calendar:
        horizon = date.fromisoformat(calendar["known_until"]).toordinal()
    flags, owners = bytearray(), array("i")
    for ordinal, minute, count in _shown(calendar["zone"], utc_day):
        seen = _looks(_cuts(text, ordinal), _windows(text, ordinal), _windows(text, ordinal - 1))
        owner = {NOBODYS: 0, OF_THE_DATE: ordinal, OF_THE_ONE_BEFORE: ordinal - 1}
        flag = dict.fromkeys(owner, OPEN) | {NOBODYS: CLOSED}
        for whose in (OF_THE_DATE, OF_THE_ONE_BEFORE):
            if horizon is not None and owner[whose] >= horizon:
                flag[whose] = UNKNOWN  # R30: beyond the list, base-open time is unknown, base-closed time closed
        for whose in seen[minute : minute + count]:
            flags.append(flag[whose])
            owners.append(owner[whose])
    return bytes(flags), owners


@lru_cache(KEPT)
def _shown(zone_name: str, utc_day: int) -> list[tuple[int, int, int]]:
    """What the wall shows through a UTC day: a date, a minute of it, and how many follow without a jump."""
    found: list[tuple[int, int, int]] = []
    for ordinal, minute in zip(*wall_day(zone_name, utc_day), strict=True):
        if found and found[-1][0] == ordinal and found[-1][1] + found[-1][2] == minute:
            found[-1] = ordinal, found[-1][1], found[-1][2] + 1
        else:
            found.append((ordinal, minute, 1))
    return found


def _combined(how: str, parts: list[tuple[bytes, array[int]]]) -> tuple[bytes, array[int]]:
    flags, owners = bytearray(), array("i")
    for minute, shown in enumerate(zip(*(part[0] for part in parts), strict=True)):
        flag, first = _of_all(how, shown)
        flags.append(flag)
        owners.append(parts[first][1][minute] if first is not None else 0)
    return bytes(flags), owners


@cache
def _of_all(how: str, shown: tuple[int, ...]) -> tuple[int, int | None]:
    """Whether a combination is open where its parts show these, and the first part that is."""
    first = next((place for place, one in enumerate(shown) if one != CLOSED), None)
    if how == "minus":
        shown = (shown[0], *(SWAPPED[one] for one in shown[1:]))
    order = (OPEN, UNKNOWN, CLOSED) if how == "union" else (CLOSED, UNKNOWN, OPEN)
    return next(one for one in order if one in shown), first


SWAPPED = {OPEN: CLOSED, CLOSED: OPEN, UNKNOWN: UNKNOWN}
"""What `but not` makes of what a calendar shows."""


def zone_of(text: str) -> str:
    """The zone whose dates a calendar counts."""
    return str(_read(text)["zone"])


@lru_cache(KEPT)
def date_hours(text: str, ordinal: int) -> tuple[int, int] | None:
    """First opening and last closing of a date, or None when no window starts on it."""
    opening = closing = None
    start = first_instant(zone_of(text), ordinal)
    for utc_day in range(start // DAY, start // DAY + 4):
        flags, owners = calendar_day(text, utc_day)
        for minute in range(1440) if ordinal in owners else ():
            if flags[minute] and owners[minute] == ordinal:
                instant = utc_day * DAY + minute * 60
                opening = instant if opening is None else opening
                closing = instant + 60
    return None if opening is None or closing is None else (opening, closing)
