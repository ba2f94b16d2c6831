"""How often something happens by two things at once, weekday and hour say: a cell for each, darker for more."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.pictures.drawing import BODY, LEADING, SMALL, WIDTH, Box, Label, Mark, Stroke, line, paragraph, picture
from slarules.pictures.picture import Picture
from slarules.pictures.text import clean, short, widest, width, wrapped

_CELL = 22.0
STEPS = 5
"""Tones from the lightest to the darkest; each number stands in its cell as well."""


def heat(title: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> Picture:
    """A cell for each row and column with its count, with the sums at the right and below; 0 is left empty.

    ``counts`` has a sequence for each row, with a count for each column.
    """
    if not rows or not columns:
        return picture(title, "There is nothing to count.", 24, [Label(0, 14, "There is nothing to count.", BODY)])
    left = min(widest([*rows, "all"], BODY) + 10, 170.0)
    sums = [sum(row[m] for row in counts) for m in range(len(columns))]
    total = max(width(f"{sum(sums):,}", SMALL, bold=True), 14) + 12
    wide = min((WIDTH - left - total) / len(columns), 90.0)
    every = [*sums, *(one for row in counts for one in row)]
    exact = widest([str(one) for one in every], SMALL) + 1 <= wide
    wide = max(wide, widest([_shown(one, exact) for one in every], SMALL) + 1)
    right = left + wide * len(columns) + total
    marks, top = _heads(columns, left, wide)
    marks.append(Label(right, 13, "all", SMALL, "end", soft=True))
    most = max(*(count for row in counts for count in row), 1)
    for n, (name, row) in enumerate(zip(rows, counts, strict=True)):
        y = top + n * _CELL
        marks += paragraph(0, y + 15, name, left - 8, lines=1)
        for m, count in enumerate(row):
            said = f"{clean(name)}, {clean(columns[m])}: {count:,}"
            marks += _cell(left + m * wide, y, wide, _shown(count, exact) if count else "", _tone(count, most), said)
        marks.append(Label(right, y + 15, f"{sum(row):,}", SMALL, "end"))
    y = top + len(rows) * _CELL
    marks.append(Stroke(line(left, y + 3, right, y + 3), "soft"))
    marks.append(Label(0, y + 18, "all", SMALL, soft=True))
    for m, one in enumerate(sums):
        marks.append(Label(left + (m + 0.5) * wide, y + 18, _shown(one, exact), SMALL, "middle"))
    marks.append(Label(right, y + 18, f"{sum(sums):,}", SMALL, "end", bold=True))
    return picture(title, _description(rows, columns, counts), y + 24, marks, max(right, WIDTH))


def _heads(columns: Sequence[str], left: float, wide: float) -> tuple[list[Mark], float]:
    """The names of the columns, and where the cells begin: in lines where their words fit; else each second, third …"""
    if all(width(word, SMALL) <= wide - 4 for name in columns for word in clean(name).split()):
        high = max(len(wrapped(name, SMALL, wide - 4)) for name in columns) * SMALL * LEADING
        return [
            label
            for m, name in enumerate(columns)
            for label in paragraph(left + (m + 0.5) * wide, 13, name, wide - 4, size=SMALL, anchor="middle", soft=True)
        ], max(high, SMALL) + 8
    every = next((n for n in range(2, 6) if widest(columns, SMALL) <= wide * n - 4), 6)
    marks: list[Mark] = []
    for m in range(0, len(columns), every):
        x = left + (m + 0.5) * wide
        room = min(wide * every - 4, 2 * x, 2 * (left + len(columns) * wide - x))
        marks.append(Label(x, 13, short(columns[m], SMALL, room), SMALL, "middle", soft=True, title=columns[m]))
    return marks, 20


def _cell(x: float, y: float, wide: float, shown: str, tone: str, said: str) -> list[Mark]:
    box = Box(x + 0.75, y + 0.75, wide - 1.5, _CELL - 1.5, tone, "none", 1, 2, said)
    return [box, Label(x + wide / 2, y + 15, shown, SMALL, "middle")] if shown else [box]


def _tone(count: int, most: int) -> str:
    """The tone of a count: 1 to 5 by its share of the greatest."""
    return f"tone{-(-count * STEPS // most)}" if count else "faint"


def _shown(count: int, exact: bool) -> str:
    """The count, in thousands where counts are too wide for cells; the exact one is in the description."""
    if exact or count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"


def _description(rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Every count but those of 0, row by row."""
    said = [f"{sum(map(sum, counts)):,} in all, by {len(rows)} rows and {len(columns)} columns."]
    for name, row in zip(rows, counts, strict=True):
        cells = [f"{count:,} at {clean(columns[m])}" for m, count in enumerate(row) if count]
        said.append(f"{clean(name)}: {', '.join(cells)}; {sum(row):,} in all." if cells else f"{clean(name)}: none.")
    return " ".join(said)
