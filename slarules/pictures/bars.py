"""Quantities side by side: a bar for each, with its name before it and its amount behind it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from slarules.pictures.drawing import BODY, LEADING, SMALL, WIDTH, Box, Label, Mark, Stroke, line, paragraph, picture
from slarules.pictures.picture import Picture
from slarules.pictures.text import clean, short, widest, width, wrapped

_BAR, _ROW, _NAMES, _AMOUNTS, _LINES = 13.0, 22.0, 230.0, 170.0, 3


@frozen
class Row:
    """One quantity."""

    label: str
    """What it is the amount of."""
    value: float
    """How much; it may be negative."""
    shown: str = ""
    """The amount as it is written behind the bar: ``3 h 20 min``; empty: the number itself."""
    note: str = ""
    """What else is to be said of it, in small letters after the amount: ``adopted``."""
    group: str = ""
    """A heading over this and the next rows of the same group."""


def bars(title: str, rows: Sequence[Row], unit: str) -> Picture:
    """A bar for each row, in the order given. ``unit`` says what is counted: ``verdicts that flip``."""
    marks: list[Mark] = list(paragraph(0, 12, unit, WIDTH, size=SMALL, soft=True))
    y = 10 + len(marks) * SMALL * LEADING
    if not rows:
        marks.append(Label(0, y + 12, "There is nothing to compare.", BODY))
        return picture(title, f"{_counted(unit)}There is nothing to compare.", y + 20, marks)
    shown = [(row, _amount(row)) for row in rows]
    names = widest([text for row in rows for text in wrapped(row.label, BODY, _NAMES, _LINES)], BODY)
    low, high = min(0, *(row.value for row in rows)), max(0, *(row.value for row in rows))
    before, behind = (
        max((_behind(row, amount) for row, amount in shown if (row.value < 0) is left), default=0)
        for left in (True, False)
    )
    most = _AMOUNTS * (1 if low < 0 else 1.5)
    before, behind = min(before, most), min(behind, most)
    scale = (WIDTH - names - 12 - behind - before) / (high - low if high - low > 1e-9 else 1)
    zero = names + 12 + before - low * scale
    top, group = y, ""
    for row, amount in shown:
        if row.group != group:
            group = row.group
            y += 6 if y > top else 0
            marks += (heading := paragraph(0, y + 13, group, WIDTH, bold=True))
            y += len(heading) * BODY * LEADING + 2
        y = _row(marks, row, amount, y, names, zero, scale)
    return picture(title, _counted(unit) + _description(shown), y + 4, marks)


def _behind(row: Row, amount: str) -> float:
    """The room for an amount and its note."""
    return width(amount, BODY) + (width(clean(row.note), SMALL) + 6 if row.note else 0) + 14


def _row(marks: list[Mark], row: Row, amount: str, top: float, names: float, zero: float, scale: float) -> float:
    """Draws one row; where the next begins."""
    left = row.value < 0
    end = zero + row.value * scale
    at, anchor = (end - 6, "end") if left else (end + 6, "start")
    beyond = width(amount, BODY) + 6
    room = max((at - names - 6 if left else WIDTH - at) - beyond, 12)
    lines, notes = wrapped(row.label, BODY, names, _LINES), wrapped(row.note, SMALL, room, 2)
    high = max(_ROW, len(lines) * BODY * LEADING + 5, len(notes) * SMALL * LEADING + 5)
    middle = top + high / 2
    base = middle + BODY * 0.36
    marks += paragraph(0, base - (len(lines) - 1) * BODY * LEADING / 2, row.label, names, lines=_LINES)
    marks.append(Stroke(line(zero, top, zero, top + high), "soft"))
    marks.append(Box(min(zero, end), middle - _BAR / 2, abs(end - zero), _BAR, "mid"))
    marks.append(Label(at, base, amount, BODY, anchor))
    marks += paragraph(
        at - beyond if left else at + beyond, base - (len(notes) - 1) * SMALL * LEADING / 2, row.note, room,
        size=SMALL, lines=2, anchor=anchor, soft=True,
    )  # fmt: skip
    return top + high


def written(value: float) -> str:
    """A number as it is read: ``1,234`` or ``0.25``, two digits after the point at most, the minus a real one."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return text.replace("-", "−")


def _amount(row: Row) -> str:
    return short(row.shown, BODY, _AMOUNTS - 60) or written(row.value)


def _counted(unit: str) -> str:
    return f"Bars show: {clean(unit)}. " if clean(unit) else ""


def _description(shown: Sequence[tuple[Row, str]]) -> str:
    """Each row with its amount."""
    said = []
    group = ""
    for row, amount in shown:
        if row.group != group:
            group = row.group
            said.append(f"{clean(group)}." if group else "")
        amount = clean(row.shown) or amount
        said.append(f"{clean(row.label)}: {amount}{f' ({clean(row.note)})' if row.note else ''}.")
    return " ".join(text for text in said if text)
