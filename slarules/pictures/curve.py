"""The share that would have been kept against the target: a stepped line for each kind, over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from slarules.pictures.drawing import (
    BODY,
    LEADING,
    SMALL,
    WIDTH,
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
from slarules.pictures.text import clean, widest

HOUR, DAY = 60.0, 1440.0
_LEFT, _HEIGHT, _NAMES = 48.0, 230.0, 150.0
_DASHES = ("", "7 3", "2 2.5", "9 3 2 3")
_TICKS = (
    (1.0, "1 min"), (2.0, "2 min"), (5.0, "5 min"), (10.0, "10 min"), (15.0, "15 min"), (30.0, "30 min"),
    *((hours * HOUR, f"{hours} h") for hours in (1, 2, 4, 8, 16)),
)  # fmt: skip
_DAYS = tuple((days * DAY, f"{days} day{'s' if days > 1 else ''}") for days in (1, 2, 4, 7, 14, 28, 60, 120, 240, 480))
_HOURS = tuple((float(hours) * HOUR, f"{hours} h") for hours in (40, 80, 160, 320, 640, 1280, 2560))
_BETWEEN = (
    (3.0, "3 min"), (20.0, "20 min"), (45.0, "45 min"), *((hours * HOUR, f"{hours} h") for hours in (3, 6, 12, 20, 30)),
)  # fmt: skip
"""More ticks, where there is much room."""
_FIRST = ("1 min", "1 h", "1 day", "7 days", "28 days", "40 h", "160 h")
"""Ticks that are named before others where not all have room."""


@frozen
class Line:
    """How the share kept grows with the target."""

    label: str
    """What it is the share of: ``severity 1``."""
    points: tuple[tuple[float, float], ...]
    """Target in minutes, above 0, and the share kept with it, 0 to 1; both rise. Between two the first holds."""
    band: tuple[tuple[float, float, float], ...] = ()
    """Target in minutes, lowest and highest share: within which the share lies with the confidence asked for."""


@frozen
class Target:
    """A target that is marked."""

    minutes: float
    """How long, above 0."""
    label: str
    """What it is: ``4 h, as agreed``."""
    share: float | None = None
    """What share is kept with it, 0 to 1, if it is to be marked."""


def curve(
    title: str, lines: Sequence[Line], marks: Sequence[Target], *, asked: float | None = None, days: bool = True,
    axis: str = "target",
) -> Picture:
    """The lines over a time axis on which each doubling is as wide; at most four lines are told apart by their dashes.

    ``asked`` is a share to be reached, drawn across. ``days`` is False where minutes are of business time, for which 24
    hours are not a day. ``axis`` says what is measured along it.
    """
    times = [at for one in lines for at, _ in one.points] + [mark.minutes for mark in marks]
    if not times:
        return picture(title, "There are no cases to count.", 24, [Label(0, 14, "There are no cases to count.", BODY)])
    low, high = min(times) / 1.3, max(times) * 1.3
    right = WIDTH - min(max(widest([one.label for one in lines], BODY) + 42, 60), _NAMES)
    if marks:
        right = min(right, WIDTH - 150)
    scale = _Scale(low, high, right, 0)
    ordered = sorted(marks, key=lambda mark: mark.minutes)
    heads, top = flags([(_x(mark.minutes, scale), _marked(mark)) for mark in ordered], 2, BODY)
    top += 6
    across = _Scale(low, high, right, top)
    drawn = [*_grid(across, asked, days, axis)]
    for n, one in enumerate(lines):
        drawn += _line(one, _DASHES[n % len(_DASHES)], across)
    drawn += _names(lines, across)
    drawn += heads
    for mark in marks:
        x = _x(mark.minutes, across)
        drawn.append(Stroke(line(x, top - 6, x, top + _HEIGHT), "soft", 1, "3 3"))
        if mark.share is not None:
            drawn.append(Dot(x, _y(mark.share, across), 3.5))
    return picture(title, _description(lines, marks, asked, axis, days), top + _HEIGHT + 42, drawn)


@frozen
class _Scale:
    """Where the axes lie."""

    low: float
    """The target at the left, in minutes."""
    high: float
    """The target at the right, in minutes."""
    right: float
    """Where the ground of the lines ends."""
    top: float
    """Where all is kept."""


def _x(minutes: float, scale: _Scale) -> float:
    low, high = math.log(scale.low), math.log(scale.high)
    return _LEFT + (scale.right - _LEFT) * (math.log(minutes) - low) / (high - low)


def _y(share: float, scale: _Scale) -> float:
    return scale.top + _HEIGHT * (1 - share)


def _marked(mark: Target) -> str:
    return clean(mark.label) + ("" if mark.share is None else f": {percent(mark.share)} kept")


def percent(share: float) -> str:
    """A share of 1 as ``97.5%``; never rounded up to all, nor down to none."""
    tenths = round(share * 1000)
    tenths = min(tenths, 999) if share < 1 else tenths
    tenths = max(tenths, 1) if share > 0 else tenths
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def _grid(scale: _Scale, asked: float | None, days: bool, axis: str) -> list[Mark]:
    made: list[Mark] = []
    for quarter in range(5):
        y = _y(quarter / 4, scale)
        edge, weight = ("hair", 0.6) if quarter else ("soft", 1.0)
        made.append(Stroke(line(_LEFT, y, scale.right, y), edge, weight))
        if asked is None or abs(asked - quarter / 4) * _HEIGHT > 12:
            made.append(Label(_LEFT - 6, y + 3.5, f"{quarter * 25}%", SMALL, "end", soft=True))
    if asked is not None:
        y = _y(asked, scale)
        made.append(Stroke(line(_LEFT, y, scale.right, y), "ink", 1, "1 3"))
        made.append(Label(_LEFT - 6, y + 3.5, percent(asked), SMALL, "end", bold=True))
    taken: list[tuple[float, float]] = []
    ticks = [*_TICKS, *(_DAYS if days else _HOURS)]
    ticks.sort(key=lambda tick: tick[1] not in _FIRST)
    for minutes, name in (*ticks, *_BETWEEN):
        if scale.low <= minutes <= scale.high:
            x, free = _x(minutes, scale), 20 if (minutes, name) in _BETWEEN else 4
            half = widest([name], SMALL) / 2
            fits = x + half < WIDTH and all(x + half + free <= a or b <= x - half - free for a, b in taken)
            if fits:
                made.append(Label(x, scale.top + _HEIGHT + 15, name, SMALL, "middle", soft=True))
                taken.append((x - half - 4, x + half + 4))
            if fits or free == 4:
                made.append(Stroke(line(x, scale.top + _HEIGHT, x, scale.top + _HEIGHT + 4), "soft"))
    made += paragraph(_LEFT, scale.top + _HEIGHT + 33, axis, WIDTH - _LEFT, size=SMALL, lines=1, soft=True)
    return made


def _line(one: Line, dash: str, scale: _Scale) -> list[Mark]:
    """A stepped line, and the band in which it may lie."""
    made: list[Mark] = []
    if one.band:
        ahead = _steps([(at, high) for at, _, high in one.band], scale)
        back = _steps([(at, low) for at, low, _ in one.band], scale)[::-1]
        made.append(Stroke(_path([*ahead, *back]) + "Z", "none", fill="tone1"))
    if one.points:
        made.append(Stroke(_path(_steps(one.points, scale, rise=True)), "ink", 1.6, dash, title=one.label))
    return made


def _steps(points: Sequence[tuple[float, float]], scale: _Scale, rise: bool = False) -> list[tuple[float, float]]:
    """The corners of a stepped line that goes on to the end of the axis."""
    made: list[tuple[float, float]] = [(_x(points[0][0], scale), _y(0, scale))] if rise else []
    for minutes, share in points:
        x = _x(minutes, scale)
        if made:
            made.append((x, made[-1][1]))
        made.append((x, _y(share, scale)))
    return [*made, (scale.right, made[-1][1])]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners)


def _names(lines: Sequence[Line], scale: _Scale) -> list[Mark]:
    """Each line's name beside its end, behind a piece of its dashes: the line that lies highest first."""
    shown = sorted((n for n, one in enumerate(lines) if one.points), key=lambda n: _half(lines[n]))
    x, y = scale.right + 12, scale.top + 4
    made: list[Mark] = []
    for n in shown:
        said = paragraph(x + 30, y, lines[n].label, WIDTH - x - 30, lines=3)
        made.append(Stroke(line(x, y - 4, x + 24, y - 4), "ink", 1.6, _DASHES[n % len(_DASHES)]))
        made += said
        y += len(said) * BODY * LEADING + 5
    return made


def _half(one: Line) -> float:
    """The target with which half is kept."""
    return next((minutes for minutes, share in one.points if share >= 0.5), math.inf)


def span(minutes: float, days: bool = True) -> str:
    """A length of time in words: ``45 min``, ``2 h 30 min``, ``3 days``."""
    whole = round(minutes)
    if days and whole >= DAY and whole % 1440 == 0:
        return f"{whole // 1440} day{'s' if whole > 1440 else ''}"
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} h"


def _description(
    lines: Sequence[Line], marks: Sequence[Target], asked: float | None, axis: str, days: bool
) -> str:
    """What each line reaches where, the targets marked, and the share asked for."""
    said = [f"The share kept, against the {clean(axis) or 'target'}."]
    for one in lines:
        reached = []
        for share in (0.5, 0.9, 0.95, *([asked] if asked is not None else []), 1.0):
            at = next((minutes for minutes, kept in one.points if kept >= share), None)
            if at is not None:
                reached.append((share, f"{percent(share)} at {span(at, days)}"))
        told = [text for _, text in sorted(set(reached))] or ["no cases" if not one.points else "less than half"]
        said.append(f"{clean(one.label)}: {', '.join(told)}.")
    said += [f"Marked: {_marked(mark)}." for mark in marks]
    said += [f"{percent(asked)} is asked for."] if asked is not None else []
    return " ".join(said)
