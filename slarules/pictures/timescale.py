"""Time from left to right: where an instant stands, which stretches are drawn shorter, and which times are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from attrs import frozen

from slarules.pictures.drawing import SMALL
from slarules.pictures.text import width

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
"""Minutes between clock times that are named."""
_DATES = (7, 14, 28, 91, 182, 364, 1820, 3640, 18200, 36400)
"""Days between dates that are named, where not each or each third one is."""
_SHORT = 26.0


@frozen
class Piece:
    """A stretch of time and where it is drawn."""

    begin: float
    """Seconds since 1970."""
    end: float
    """Seconds since 1970, after `begin`."""
    left: float
    """Where it begins."""
    right: float
    """Where it ends."""
    short: bool
    """It is closed time, drawn shorter than the rest."""


@frozen
class Tick:
    """A time that is named below the axis."""

    x: float
    """Where it stands."""
    text: str
    """``09:00`` or ``Mon 2 Mar``."""


def pieces(
    begin: datetime, end: datetime, open_times: Sequence[tuple[datetime, datetime]], left: float, right: float
) -> tuple[Piece, ...]:
    """The time from begin to end as pieces; long closed stretches are shortened where they are most of it."""
    first, last = begin.timestamp(), max(end.timestamp(), begin.timestamp() + 60)
    gaps = _gaps(first, last, open_times)
    whole = last - first
    long = [gap for gap in gaps if gap[1] - gap[0] > whole * 0.03]
    closed = sum(b - a for a, b in long)
    if closed < whole * 0.25 or whole - closed < 1:
        return (Piece(first, last, left, right, False),)
    short = min(_SHORT, (right - left) * 0.3 / len(long))
    scale = (right - left - short * len(long)) / (whole - closed)
    made: list[Piece] = []
    at, x = first, left
    for a, b in long:
        if a > at:
            made.append(Piece(at, a, x, x + (a - at) * scale, False))
            x += (a - at) * scale
        made.append(Piece(a, b, x, x + short, True))
        at, x = b, x + short
    return (*made, Piece(at, last, x, right, False)) if last > at else tuple(made)


def _gaps(first: float, last: float, open_times: Sequence[tuple[datetime, datetime]]) -> list[tuple[float, float]]:
    """The stretches in which nothing is open; none where nothing is open at all."""
    spans = sorted((max(a.timestamp(), first), min(b.timestamp(), last)) for a, b in open_times)
    spans = [(a, b) for a, b in spans if a < b]
    if not spans:
        return []
    ends = [first, *(time for span in spans for time in span), last]
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]


def at(instant: datetime, scale: Sequence[Piece]) -> float:
    """Where an instant stands; one outside stands at the edge."""
    seconds = instant.timestamp()
    for piece in scale:
        if seconds <= piece.end:
            share = max(seconds - piece.begin, 0) / (piece.end - piece.begin)
            return piece.left + share * (piece.right - piece.left)
    return scale[-1].right


def clocks(begin: datetime, end: datetime, scale: Sequence[Piece]) -> list[Tick]:
    """Clock times to be named: as many as have room, first those with which an opening begins."""
    plain = [piece for piece in scale if not piece.short]
    fastest = max((piece.right - piece.left) / (piece.end - piece.begin) for piece in plain) * 60
    step = next((step for step in _STEPS if step * fastest >= 46), None)
    if step is None:
        return []
    starts = {piece.begin for piece in plain[1:]} | ({plain[0].begin} if scale[0].short else set())
    found = [
        (time.timestamp() not in starts, time)
        for time in _times(begin, end, step)
        if any(piece.begin <= time.timestamp() <= piece.end for piece in plain)
    ]
    taken: list[tuple[float, float]] = []
    ticks = []
    half = width("00:00", SMALL) / 2 + 4
    for _, time in sorted(found, key=lambda one: (one[0], one[1].timestamp())):
        x = at(time, scale)
        if all(x + half < a or b < x - half for a, b in taken):
            taken.append((x - half, x + half))
            ticks.append(Tick(x, f"{time:%H:%M}"))
    return sorted(ticks, key=lambda tick: tick.x)


def _times(begin: datetime, end: datetime, minutes: int) -> Iterator[datetime]:
    """The clock times from begin to end whose minutes of the day are a multiple."""
    day = begin.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    while day.timestamp() <= end.timestamp():
        for minute in range(0, 1440, minutes):
            time = day + timedelta(minutes=minute)
            if begin.timestamp() <= time.timestamp() <= end.timestamp() and _is(time):
                yield time
        day += timedelta(days=1)


def _is(time: datetime) -> bool:
    """Whether the clock ever shows this time: it leaves some out when it is put forward."""
    return datetime.fromtimestamp(time.timestamp(), time.tzinfo).replace(fold=0) == time.replace(fold=0)


def dates(begin: datetime, end: datetime, scale: Sequence[Piece], limit: float) -> list[Tick]:
    """Dates to be named: every one, or each second, or third, or one in a week … as they have room.

    Each stands where its first time that is not drawn short stands; a date without such time is not named.
    """
    shown = _dates(begin, end, max((end - begin).days // 4000, 1), scale)
    for ticks in (*(shown[::step] for step in (1, 2, 3)), *(_each(shown, days) for days in _DATES)):
        named = [Tick(x, date(day, year=n == 0 or (end - begin).days > 300)) for n, (day, x) in enumerate(ticks)]
        named = [tick for tick in named if tick.x + width(tick.text, SMALL) <= limit]
        if all(tick.x + width(tick.text, SMALL) + 8 <= after.x for tick, after in pairwise(named)):
            return named
    return []


def _dates(begin: datetime, end: datetime, step: int, scale: Sequence[Piece]) -> list[tuple[datetime, float]]:
    """Dates of which some time is not drawn short, so many days apart, and where this time begins."""
    found: list[tuple[datetime, float]] = []
    day = begin.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    while day.timestamp() <= end.timestamp():
        after = (day + timedelta(days=1)).timestamp()
        times = [max(piece.begin, day.timestamp()) for piece in scale
                 if not piece.short and piece.begin < after and piece.end > day.timestamp()]  # fmt: skip
        if times:
            found.append((day, _at(times[0], scale)))
        day += timedelta(days=step)
    return found


def _each(shown: Sequence[tuple[datetime, float]], days: int) -> list[tuple[datetime, float]]:
    """The first date, and those at least so many days after the one before."""
    made: list[tuple[datetime, float]] = []
    for day, x in shown:
        if not made or (day - made[-1][0]).days >= days:
            made.append((day, x))
    return made


def _at(seconds: float, scale: Sequence[Piece]) -> float:
    piece = next(piece for piece in reversed(scale) if piece.begin <= seconds)
    return piece.left + (seconds - piece.begin) / (piece.end - piece.begin) * (piece.right - piece.left)


def date(time: datetime, *, year: bool = False) -> str:
    """``Mon 2 Mar``, or ``Mon 2 Mar 2026``."""
    text = f"{_DAYS[time.weekday()]} {time.day} {_MONTHS[time.month - 1]}"
    return f"{text} {time.year}" if year else text


