"""Opening hours as a drawn week: a row for each day, midnight to midnight, with what is open filled and named."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from slarules.pictures.drawing import BODY, LEADING, SMALL, WIDTH, Box, Label, Mark, Stroke, line, paragraph, picture
from slarules.pictures.picture import Picture
from slarules.pictures.text import listed, widest, width

DAY = 1440
"""Minutes of a day."""
_TOP, _ROW, _BAR = 22.0, 30.0, 20.0


@frozen
class Span:
    """From when to when a day is open, in minutes after midnight."""

    opens: int
    """0 to 1439."""
    closes: int
    """1 to 1440, after `opens`; 1440 is midnight at the end of the day."""


@frozen
class Day:
    """A day of the week, or days that are alike."""

    name: str
    """``Monday``."""
    spans: tuple[Span, ...]
    """In order; none: closed."""
    note: str = ""
    """What else is to be said of it, shown behind it: ``closed on public holidays``."""


def week(title: str, days: Sequence[Day]) -> Picture:
    """A row for each day, in the order given; hours run from left to right."""
    left = min(max(widest([day.name for day in days], BODY) + 14, 18), 150)
    marks: list[Mark] = []
    for hour in range(0, 25, 3):
        anchor = "end" if hour == 24 else "middle"
        marks.append(Label(_at(hour * 60, left), _TOP - 9, clock(hour * 60), SMALL, anchor, soft=True))
    y = _TOP
    for day in days:
        y = _day(marks, day, left, y)
    return picture(title, _description(days), y + 2, marks)


def clock(minute: int) -> str:
    """Minutes after midnight as ``09:30``; the end of the day is ``24:00``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _at(minute: int, left: float) -> float:
    return left + (WIDTH - 2 - left) * minute / DAY


def _day(marks: list[Mark], day: Day, left: float, top: float) -> float:
    """Draws one row; where the next begins."""
    middle, bottom = top + _ROW / 2, top + _ROW
    marks += paragraph(0, middle + 4, day.name, left - 10, lines=1)
    bars = [(_at(span.opens, left), _at(span.closes, left)) for span in day.spans]
    names = [_named(span) for span in day.spans] or ["closed"]
    places = _places(bars, names, left) if bars else [(left + 8, left + 8 + width("closed", BODY))]
    for hour in range(0, 25, 3):
        x = _at(hour * 60, left)
        if not any(begin <= x <= end for begin, end in (*bars, *places)):
            marks.append(Stroke(line(x, middle - _BAR / 2, x, middle + _BAR / 2), "hair"))
    for (begin, end), name in zip(bars, names, strict=False):
        marks.append(Box(begin, middle - _BAR / 2, end - begin, _BAR, "light", "soft", 1, 2, name))
    if places:
        for (begin, end), name in zip(places, names, strict=True):
            marks.append(Label((begin + end) / 2, middle + 4, name, BODY, "middle", soft=not bars))
    else:
        below = paragraph(left + 2, bottom + 6, ", ".join(names), WIDTH - left - 4)
        marks += below
        bottom += len(below) * BODY * LEADING
    return _noted(marks, day, left, bottom)


def _places(bars: Sequence[tuple[float, float]], names: Sequence[str], left: float) -> list[tuple[float, float]]:
    """Where each span's times are written: in its bar, else beside it; nowhere if there is no room for one of them."""
    places: list[tuple[float, float]] = []
    for (begin, end), name in zip(bars, names, strict=True):
        wide = width(name, BODY) + 6
        taken = [*places, *(bar for bar in bars if bar != (begin, end))]
        middle = (begin + end - wide) / 2
        tries = [middle] if end - begin >= wide else [end, begin - wide]
        free = [x for x in tries if x >= left and x + wide <= WIDTH
                and not any(x < stop and start < x + wide for start, stop in taken)]  # fmt: skip
        if not free:
            return []
        places.append((free[0], free[0] + wide))
    return places


def _noted(marks: list[Mark], day: Day, left: float, bottom: float) -> float:
    """Writes a day's note below its row; where the next row begins."""
    said = paragraph(left + 2, bottom + 5, day.note, WIDTH - left - 4, size=SMALL, soft=True)
    marks += said
    return bottom + (len(said) * SMALL * LEADING + 2 if said else 0)


def _named(span: Span) -> str:
    return "all day" if (span.opens, span.closes) == (0, DAY) else f"{clock(span.opens)}–{clock(span.closes)}"


def _description(days: Sequence[Day]) -> str:
    """Each day in a sentence."""
    return " ".join(f"{day.name}: {_said(day.spans)}{f'; {day.note}' if day.note else ''}." for day in days)


def _said(spans: Sequence[Span]) -> str:
    if not spans:
        return "closed"
    if spans[0] == Span(0, DAY):
        return "open all day"
    return f"open {listed([f'{clock(span.opens)} to {clock(span.closes)}' for span in spans])}"
