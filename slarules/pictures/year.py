"""A year of dates as twelve small months: which dates are closed every week, which for a reason of their own."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date

from attrs import frozen

from slarules.pictures.drawing import BODY, HEAD, SMALL, Box, Label, Mark, Stroke, line, picture
from slarules.pictures.picture import Picture
from slarules.pictures.text import clean, width

WEEKLY, CLOSED, SHORT = "weekly", "closed", "short"
"""Closed as every week on that day; closed though that day of the week is open; open, but not as long as usual."""

_ACROSS, _CELL, _GAP = 4, 20.5, 22.0
_MONTH = 7 * _CELL
_HEAD = 34.0
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@frozen
class Closed:
    """A date that is not open as usual."""

    day: date
    """Which date."""
    mark: str
    """``weekly``, ``closed`` or ``short``."""
    name: str = ""
    """Why: ``Christmas Day``; said where the pointer rests on it, and in the description."""


def year(title: str, first: date, closed: Sequence[Closed]) -> Picture:
    """The twelve months that begin with the month of ``first``; dates outside them are left out."""
    by_day = {one.day: one for one in closed}
    marks: list[Mark] = []
    months = [_month(first, n) for n in range(12)]
    bottom = 0.0
    for start in range(0, 12, _ACROSS):
        row = months[start : start + _ACROSS]
        for n, month in enumerate(row):
            _draw(marks, month, by_day, n * (_MONTH + _GAP), bottom)
        bottom += _HEAD + max(map(_weeks, row)) * _CELL + _GAP
    shown = [one for one in sorted(by_day.values(), key=lambda one: one.day) if _inside(one.day, months)]
    _legend(marks, shown, bottom)
    return picture(title, _description(months, shown), bottom + 26, marks)


def _month(first: date, later: int) -> date:
    """The first date of the month that is so many months later."""
    months = first.year * 12 + first.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def _weeks(month: date) -> int:
    """How many weeks the month has dates in."""
    before, days = calendar.monthrange(month.year, month.month)
    return -(-(before + days) // 7)


def _inside(day: date, months: Sequence[date]) -> bool:
    return day.replace(day=1) in months


def _draw(marks: list[Mark], month: date, closed: Mapping[date, Closed], left: float, top: float) -> None:
    marks.append(Label(left + 2, top + 12, f"{_MONTHS[month.month - 1]} {month.year}", HEAD, bold=True))
    for n, name in enumerate(_DAYS):
        marks.append(Label(left + (n + 0.5) * _CELL, top + 27, name, SMALL - 1, "middle", soft=True))
    marks.append(Stroke(line(left, top + 31, left + _MONTH, top + 31), "hair"))
    before, days = calendar.monthrange(month.year, month.month)
    for n in range(days):
        row, column = divmod(before + n, 7)
        day = month.replace(day=n + 1)
        _date(marks, day, closed.get(day), left + column * _CELL, top + _HEAD + row * _CELL)


def _date(marks: list[Mark], day: date, closed: Closed | None, x: float, y: float) -> None:
    """One date: its number, and the mark of its kind."""
    mark = closed.mark if closed else ""
    name = clean(closed.name) if closed else ""
    marks += _sign(mark, x, y, f"{_date_said(day)}: {name}" if name else "")
    marks.append(_numeral(day.day, mark, x, y))


def _numeral(day: int, mark: str, x: float, y: float) -> Label:
    bold, soft = mark in (CLOSED, SHORT), mark == WEEKLY
    return Label(x + _CELL / 2, y + 14, str(day), SMALL, "middle", bold, soft)


def _sign(mark: str, x: float, y: float, title: str) -> list[Mark]:
    """The mark of one kind in the square at x, y."""
    left, top, side = x + 1, y + 1, _CELL - 2
    match mark:
        case "weekly":
            return [Box(left, top, side, side, "light", title=title)]
        case "closed":
            return [Box(left + 1, top + 1, side - 2, side - 2, "light", "bad", 2, title=title)]
        case "short":
            return [Stroke(f"{line(left + side, top, left + side, top + side)}H{left:.2f}Z", "soft", 1, fill="light")]
        case _:
            return []


def _legend(marks: list[Mark], shown: Sequence[Closed], top: float) -> None:
    """Only what occurs is told."""
    x = 0.0
    for mark, text in (
        ("", "open"),
        (WEEKLY, "closed every week"),
        (CLOSED, "closed on this date"),
        (SHORT, "open for part of the usual hours"),
    ):
        if mark and all(one.mark != mark for one in shown):
            continue
        marks += _sign(mark, x, top, "")
        marks.append(_numeral(1, mark, x, top))
        marks.append(Label(x + _CELL + 6, top + 14, text, BODY))
        x += _CELL + 6 + width(text, BODY) + 18


def _date_said(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _description(months: Sequence[date], shown: Sequence[Closed]) -> str:
    """Which dates are closed, kind by kind; the weekly ones by how many they are."""
    last = months[-1]
    said = [
        f"The twelve months from {_MONTHS[months[0].month - 1]} {months[0].year} "
        f"to {_MONTHS[last.month - 1]} {last.year}."
    ]
    weekly = [one for one in shown if one.mark == WEEKLY]
    if weekly:
        said.append(f"{len(weekly)} {'dates are' if len(weekly) > 1 else 'date is'} closed as every week.")
    for mark, text in ((CLOSED, "Closed on a date of their own"), (SHORT, "Open for part of the usual hours")):
        dates = [f"{_date_said(one.day)}{f' ({one.name})' if one.name else ''}" for one in shown if one.mark == mark]
        said.append(f"{text}: {'; '.join(dates) or 'none'}.")
    return " ".join(said)


