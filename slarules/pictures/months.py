"""Month by month how many duties were kept, broken and undetermined, and which share was kept."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from slarules.pictures.drawing import BODY, SMALL, WIDTH, Box, Label, Mark, Stroke, line, paragraph, picture
from slarules.pictures.picture import Picture
from slarules.pictures.text import clean, widest

_TOP, _ROW, _BAR = 24.0, 22.0, 15.0
_COLUMNS = (("kept", "mid"), ("broken", "bad"), ("undetermined", "dots"))
_WIDE = (58.0, 66.0, 102.0)
_SHARE = 70.0


@frozen
class Month:
    """What became of the duties that fell due in a month."""

    name: str
    """``March 2026``."""
    kept: int
    """How many were kept."""
    broken: int
    """How many were broken."""
    undetermined: int = 0
    """How many cannot be told, for want of a fact."""


def months(title: str, rows: Sequence[Month]) -> Picture:
    """A stacked bar for each month, in the order given, and its numbers in columns."""
    left = min(widest([row.name for row in rows], BODY), 150.0) + 12
    columns = WIDTH - _SHARE - sum(_WIDE)
    ends = [columns + sum(_WIDE[: n + 1]) for n in range(3)]
    marks = _heads(ends)
    if not rows:
        marks.append(Label(0, _TOP + 14, "No duty fell due.", BODY))
        return picture(title, "No duty fell due.", _TOP + 24, marks)
    most = max(*(sum(_counts(row)) for row in rows), 1)
    y = _TOP
    for row in rows:
        base = y + _ROW / 2 + BODY * 0.36
        marks += paragraph(0, base, row.name, left - 10, lines=1)
        x = left
        for (_, fill), count, end in zip(_COLUMNS, _counts(row), ends, strict=True):
            wide = (columns - 10 - left) * count / most
            if count:
                marks.append(Box(x, y + (_ROW - _BAR) / 2, wide, _BAR, fill, "soft", 0.6))
            x += wide
            marks.append(Label(end, base, f"{count:,}", BODY, "end", soft=not count))
        marks.append(Label(WIDTH, base, share(row.kept, row.broken), BODY, "end", bold=True))
        y += _ROW
        marks.append(Stroke(line(0, y, WIDTH, y), "hair", 0.6))
    return picture(title, " ".join(_said(row) for row in rows), y + 4, marks)


def _heads(ends: Sequence[float]) -> list[Mark]:
    """Each column's name, with what stands for it in the bars."""
    marks: list[Mark] = []
    for (name, fill), end in zip(_COLUMNS, ends, strict=True):
        begin = end - widest([name], SMALL)
        marks.append(Label(begin, 13, name, SMALL, soft=True))
        marks.append(Box(begin - 14, 4, 10, 10, fill, "soft", 0.6))
    marks.append(Label(WIDTH, 13, "share kept", SMALL, "end", soft=True))
    marks.append(Stroke(line(0, _TOP - 4, WIDTH, _TOP - 4), "soft"))
    return marks


def _counts(row: Month) -> tuple[int, int, int]:
    return row.kept, row.broken, row.undetermined


def share(kept: int, broken: int) -> str:
    """The share kept of those kept or broken, ``97.5%``; never rounded up to all, nor down to none."""
    if not kept + broken:
        return "–"
    tenths = (1000 * kept + (kept + broken) // 2) // (kept + broken)
    tenths = min(tenths, 999) if broken else tenths
    tenths = max(tenths, 1) if kept else tenths
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def _said(row: Month) -> str:
    kept = share(row.kept, row.broken)
    told = "" if kept == "–" else f"; {kept} of those kept or broken were kept"
    return f"{clean(row.name)}: {row.kept:,} kept, {row.broken:,} broken, {row.undetermined:,} undetermined{told}."
