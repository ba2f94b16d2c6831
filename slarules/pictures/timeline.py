"""One ticket's time: open hours, when each clock ran, paused or was overdue, its deadline, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from attrs import frozen

from slarules.pictures import timescale
from slarules.pictures.drawing import (
    BODY,
    LEADING,
    SMALL,
    WIDTH,
    Box,
    Dot,
    Label,
    Mark,
    Stroke,
    line,
    number,
    paragraph,
    picture,
)
from slarules.pictures.flags import flags
from slarules.pictures.picture import Picture
from slarules.pictures.text import clean, width, wrapped
from slarules.pictures.timescale import Piece

RUNS, PAUSED, OVERDUE = "runs", "paused", "overdue"
"""What a clock does: it counts towards its limit; it stands still; it counts on after the deadline."""
_FILLS = {RUNS: ("dark", "none"), PAUSED: ("hatch", "soft"), OVERDUE: ("bad", "bad")}
_KINDS = ((RUNS, "clock runs"), (PAUSED, "paused"), (OVERDUE, "overdue"))
_LEFT, _RIGHT, _BAR = 118.0, WIDTH - 140.0, 11.0


@frozen
class Event:
    """Something that happened."""

    at: datetime
    """When, with its zone; it is shown in this zone."""
    label: str
    """What happened: ``request opened by Customer``."""


@frozen
class Part:
    """A stretch of a clock's life."""

    begin: datetime
    """From when."""
    end: datetime
    """To when."""
    kind: str
    """``runs``, ``paused`` or ``overdue``."""


@frozen
class Clock:
    """The clock of one duty."""

    name: str
    """Which duty: ``respond``."""
    parts: tuple[Part, ...]
    """In order; in the time between them it waits for open hours."""
    deadline: datetime | None
    """By when the duty is to be done."""
    outcome: str
    """What became of it: ``kept, 20 min before the deadline``."""
    kept: bool | None
    """Whether it was kept; None: pending, or it cannot be told."""


def timeline(
    title: str,
    begin: datetime,
    end: datetime,
    open_times: Sequence[tuple[datetime, datetime]],
    events: Sequence[Event],
    clocks: Sequence[Clock],
) -> Picture:
    """The time from ``begin`` to ``end``, all instants in one zone; ``open_times`` in order, apart from each other.

    Where most of the time is closed, long closed stretches are drawn short, with a mark on the axis.
    """
    scale = timescale.pieces(begin, end, open_times, _LEFT, _RIGHT)
    several = begin.date() != end.date()
    happened = sorted(events, key=lambda event: event.at.timestamp())
    marks, y = flags(
        [
            (timescale.at(event.at, scale), f"{_when(event.at, several and new)} {clean(event.label)}")
            for event, new in zip(happened, _new_dates(happened), strict=True)
        ],
        2,
    )
    for event in happened:
        marks.append(Dot(timescale.at(event.at, scale), y + 3, 3.2, title=f"{_at(event.at)}: {clean(event.label)}"))
    top = y = y + 12
    for clock in clocks:
        y = _clock(marks, clock, scale, several, y)
    ground: list[Mark] = []
    for a, b in open_times:
        x, to = timescale.at(a, scale), timescale.at(b, scale)
        if to > x and b.timestamp() > begin.timestamp() and a.timestamp() < end.timestamp():
            ground.append(Box(x, top, to - x, y - top, "tone1"))
    y = _axis(marks, begin, end, scale, y)
    kinds = {part.kind for clock in clocks for part in clock.parts}
    y = _legend(marks, kinds, bool(ground), any(piece.short for piece in scale), y + 22)
    return picture(title, _description(begin, end, open_times, happened, clocks), y, [*ground, *marks])


def _new_dates(events: Sequence[Event]) -> list[bool]:
    """For each event whether it is the first of its date."""
    dates = [event.at.date() for event in events]
    return [n == 0 or date != dates[n - 1] for n, date in enumerate(dates)]


def _when(time: datetime, several: bool) -> str:
    return f"{timescale.date(time)} {time:%H:%M}" if several else f"{time:%H:%M}"


def _clock(marks: list[Mark], clock: Clock, scale: Sequence[Piece], several: bool, top: float) -> float:
    """Draws one clock's lane; where the next begins."""
    names, said = wrapped(clock.name, BODY, _LEFT - 14, 3), wrapped(clock.outcome, SMALL, WIDTH - _RIGHT - 26, 4)
    high = max(40, len(names) * BODY * LEADING + 12, len(said) * SMALL * LEADING + 12)
    marks += paragraph(0, top + 18, clock.name, _LEFT - 14, lines=3)
    bar = top + 9
    for before, after in pairwise(clock.parts):
        x, to = timescale.at(before.end, scale), timescale.at(after.begin, scale)
        if to > x:
            marks.append(Stroke(line(x, bar + _BAR / 2, to, bar + _BAR / 2), "soft", 0.8))
    for part in clock.parts:
        x, to = timescale.at(part.begin, scale), timescale.at(part.end, scale)
        fill, edge = _FILLS[part.kind]
        marks.append(Box(x, bar, max(to - x, 0.8), _BAR, fill, edge, 0.8))
    if clock.deadline is not None:
        _deadline(marks, clock.deadline, scale, several, bar)
    marks += _verdict(clock.kept, _RIGHT + 12, bar + _BAR / 2)
    marks += paragraph(_RIGHT + 24, bar + 9, clock.outcome, WIDTH - _RIGHT - 26, size=SMALL, lines=4)
    return top + high


def _deadline(marks: list[Mark], deadline: datetime, scale: Sequence[Piece], several: bool, bar: float) -> None:
    x = timescale.at(deadline, scale)
    marks.append(Stroke(line(x, bar - 4, x, bar + _BAR + 13), "ink", 1.6))
    marks.append(Stroke(f"M{number(x)} {number(bar - 8)}l4 4l-4 4l-4 -4Z", "none", fill="ink"))
    text = f"due {_when(deadline, several)}"
    right = x + 5 + width(text, SMALL) <= _RIGHT
    marks.append(Label(x + (5 if right else -5), bar + _BAR + 12, text, SMALL, "start" if right else "end"))


def _verdict(kept: bool | None, x: float, y: float) -> list[Mark]:
    """A tick for kept, a cross for broken, a ring for what is open."""
    if kept is None:
        return [Dot(x, y, 4, "none", "soft", 1.4)]
    path = "m-4 0l3 4l6 -8" if kept else "m-4 -4l8 8m0 -8l-8 8"
    return [Stroke(f"M{number(x)} {number(y)}{path}", "ink", 2)]


def _axis(marks: list[Mark], begin: datetime, end: datetime, scale: Sequence[Piece], y: float) -> float:
    """The axis with clock times and, below them, dates; where it ends."""
    for piece in scale:
        if piece.short:
            middle = (piece.left + piece.right) / 2
            marks += [Stroke(line(middle + at - 2, y + 4, middle + at + 2, y - 4), "ink") for at in (-2.5, 2.5)]
            marks.append(Stroke(line(piece.left, y, middle - 3, y), "soft"))
            marks.append(Stroke(line(middle + 3, y, piece.right, y), "soft"))
        else:
            marks.append(Stroke(line(piece.left, y, piece.right, y), "soft"))
    clocks = timescale.clocks(begin, end, scale)
    for tick in clocks:
        marks.append(Stroke(line(tick.x, y, tick.x, y + 4), "soft"))
        marks.append(Label(tick.x, y + 15, tick.text, SMALL, "middle", soft=True))
    low = y + (29 if clocks else 15)
    for tick in timescale.dates(begin, end, scale, WIDTH - 4):
        marks += [Stroke(line(tick.x, a, tick.x, b), "soft") for a, b in ((y, y + 4), (low - 8, low + 1))]
        marks.append(Label(tick.x + 3, low, tick.text, SMALL))
    return low


def _legend(marks: list[Mark], kinds: set[str], opened: bool, shortened: bool, y: float) -> float:
    """What the fills stand for, as far as they occur; where the picture ends."""
    entries = [("tone1", "none", "open hours")] if opened else []
    entries += [(*_FILLS[kind], name) for kind, name in _KINDS if kind in kinds]
    x = 0.0
    for fill, edge, name in entries:
        marks.append(Box(x, y - 9, 18, _BAR, fill, edge, 0.8))
        marks.append(Label(x + 23, y, name, SMALL, soft=True))
        x += 23 + width(name, SMALL) + 12
    if shortened:
        marks += [Stroke(line(x + at + 3, y + 1, x + at + 7, y - 7), "ink") for at in (0, 5)]
        marks.append(Label(x + 18, y, "closed time, drawn shorter", SMALL, soft=True))
    return y + 6


def _description(
    begin: datetime,
    end: datetime,
    open_times: Sequence[tuple[datetime, datetime]],
    events: Sequence[Event],
    clocks: Sequence[Clock],
) -> str:
    """The time shown, the open hours in it, what happened, and each clock."""
    said = [f"The time from {_at(begin)} to {_at(end)}."]
    if open_times:
        said.append(f"Open hours: {'; '.join(f'{_at(a)} to {_at(b)}' for a, b in open_times)}.")
    said += [f"{_at(event.at)}: {clean(event.label)}." for event in events]
    names = dict(_KINDS)
    for clock in clocks:
        parts = [f"{names[part.kind]} from {_at(part.begin)} to {_at(part.end)}" for part in clock.parts]
        due = [f"due {_at(clock.deadline)}"] if clock.deadline else []
        said.append(f"{clean(clock.name)}: {'; '.join([*parts, *due, clean(clock.outcome)])}.")
    return " ".join(said)


def _at(time: datetime) -> str:
    return f"{timescale.date(time, year=True)}, {time:%H:%M}"
