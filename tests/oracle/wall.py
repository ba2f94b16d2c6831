"""Whether a calendar is open, read off the wall clock one minute at a time.

No intervals and no arithmetic on them: what the clock on the wall says is asked of the zone, every hour
of UTC and, where it did not go on by an hour until the next, every minute of it; and the weekly windows
are looked up at each minute's reading (R31: a window belongs to the date on which it starts). The answers
are kept per UTC day, so that many tickets of one month read each minute only once.

Window ends inside the hour that a zone skips or repeats are outside what this file can be trusted with
(a calendar states its gap and fold rule, R31; a look at the wall has none). No given case and no random
case has one.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
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
def shown(zone_name: str, utc_day: int) -> list[tuple[int, int, int]]:
    """What the wall shows through a UTC day: a date (as an ordinal), a minute of it, and how many minutes it goes on
    from there without a jump and within that date."""
    where = zone(zone_name)
    found: list[tuple[int, int, int]] = []
    for hour in range(utc_day * DAY, (utc_day + 1) * DAY, 3600):
        ordinal, first = _reading(where, hour)
        if first < 1380 and _reading(where, hour + 3600) == (ordinal, first + 60):
            read = [(ordinal, first, 60)]
        else:
            read = [(*_reading(where, hour + past), 1) for past in range(0, 3600, 60)]
        for ordinal, minute, count in read:
            if found and (found[-1][0], found[-1][1] + found[-1][2]) == (ordinal, minute):
                found[-1] = ordinal, found[-1][1], found[-1][2] + count
            else:
                found.append((ordinal, minute, count))
    return found


def _reading(where: ZoneInfo, instant: int) -> tuple[int, int]:
    """The date and the minute of day that the wall shows."""
    local = datetime.fromtimestamp(instant, where)
    return local.toordinal(), local.hour * 60 + local.minute


def date_at(zone_name: str, instant: int) -> int:
    return datetime.fromtimestamp(instant, zone(zone_name)).toordinal()


@lru_cache(KEPT)
def first_instant(zone_name: str, ordinal: int) -> int:
    """A day begins at its first existing instant (R31): walk until the wall shows the date."""
    day = ordinal - date(1970, 1, 1).toordinal()
    for utc_day in range(day - 1, day + 2):
        minute = 0
        for found, _, count in shown(zone_name, utc_day):
            if found >= ordinal:
                return utc_day * DAY + minute * 60
            minute += count
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


def place_of(ordinal: int, utc_day: int) -> int:
    """By what number a UTC day calls a date, from 1 on: the walls of the world show its own, or one to either side."""
    return ordinal - utc_day - date(1970, 1, 1).toordinal() + 3


@lru_cache(KEPT)
def calendar_day(text: str, utc_day: int) -> tuple[bytes, bytes]:
    """For each minute of a UTC day: closed, open or unknown, and the date that an open minute belongs to (0: none)."""
    calendar = _read(text)
    for how in COMBINATIONS:
        if how in calendar:
            return _combined(how, [calendar_day(part, utc_day) for part in _parts(text, how)])
    horizon = 0 if calendar.get("unbound") else None
    if "known_until" in calendar:
        horizon = date.fromisoformat(calendar["known_until"]).toordinal()
    flags, owners = bytearray(), bytearray()
    for ordinal, minute, count in shown(calendar["zone"], utc_day):
        if "always" in calendar:
            seen = bytes([OF_THE_DATE]) * count
        else:
            looks = _looks(_cuts(text, ordinal), _windows(text, ordinal), _windows(text, ordinal - 1))
            seen = looks[minute : minute + count]
        of_the_date = UNKNOWN if horizon is not None and ordinal >= horizon else OPEN
        before = UNKNOWN if horizon is not None and ordinal - 1 >= horizon else OPEN
        place = place_of(ordinal, utc_day)
        # R30: beyond the list, base-open time is unknown, base-closed time closed
        flags += seen.translate(_instead(CLOSED, of_the_date, before))
        owners += seen.translate(_instead(0, place, place - 1))
    return bytes(flags), bytes(owners)


@cache
def _instead(nobodys: int, of_the_date: int, of_the_one_before: int) -> bytes:
    """What `bytes.translate` puts in place of whose window a minute is in."""
    return bytes([nobodys, of_the_date, of_the_one_before]).ljust(256, b"\0")


@lru_cache(KEPT)
def _parts(text: str, how: str) -> list[str]:
    return [json.dumps(other, sort_keys=True) for other in _read(text)[how]]


def _combined(how: str, parts: list[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    flags, owners = bytearray(), bytearray()
    minutes = zip(*(flags for flags, _ in parts), *(owners for _, owners in parts), strict=True)
    for alike, run in groupby(minutes):
        flag, first = _of_all(how, alike[: len(parts)])
        count = len(list(run))
        flags += bytes([flag]) * count
        owners += bytes([alike[len(parts) + first] if first is not None and flag != CLOSED else 0]) * count
    return bytes(flags), bytes(owners)


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
        place = place_of(ordinal, utc_day)
        owners = calendar_day(text, utc_day)[1] if place > 0 else b""
        if place in owners:
            first, last = owners.index(place), owners.rindex(place)
            opening = utc_day * DAY + first * 60 if opening is None else opening
            closing = utc_day * DAY + last * 60 + 60
    return None if opening is None or closing is None else (opening, closing)
