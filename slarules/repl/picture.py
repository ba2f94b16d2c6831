"""Time drawn along a line of characters: its scale, its ticks, and rows of signs that fit the width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import define, field, frozen

from slarules.calendars import zones
from slarules.repl.answers import FAINT, NOW, PLAIN, Line, Words
from slarules.repl.judging import WEEKDAYS

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
STEPS = (
    5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY,
    7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 364 * DAY,
)  # fmt: skip
"""Between two ticks."""
APART = 10
"""Cells between two ticks at least."""


@frozen
class Signs:
    """What a picture is drawn with."""

    runs: str = "━"
    """The clock counts."""
    stands: str = "┄"
    """It does not: the calendar is closed, or it is paused."""
    over: str = "━"
    """The deadline has passed, and it is still owed."""
    open: str = "▒"
    """A calendar is open."""
    due: str = "◆"
    done: str = "✓"
    missed: str = "✗"
    begins: str = "●"
    ends: str = "■"
    now: str = "│"
    axis: str = "─"
    tick: str = "┬"
    beyond: str = "→"


UNICODE = Signs()
ASCII = Signs("=", ".", "!", "#", "D", "v", "x", "o", "e", "|", "-", "+", ">")


@frozen
class Scale:
    """Instants on cells: cell ``n`` begins at ``begin + n * size``."""

    begin: int
    end: int
    cells: int
    zone: str

    def cell(self, instant: int) -> int:
        """The cell of an instant; -1 before the picture, ``cells`` after it."""
        if instant < self.begin:
            return -1
        if instant >= self.end:
            return self.cells
        return (instant - self.begin) * self.cells // (self.end - self.begin)

    def bounds(self, cell: int) -> tuple[int, int]:
        """From when to when a cell reaches."""
        span = self.end - self.begin
        return self.begin + span * cell // self.cells, self.begin + span * (cell + 1) // self.cells


@define
class Row:
    """Signs on cells, each with what it means."""

    cells: int
    signs: dict[int, Words] = field(factory=dict)

    def put(self, cell: int, sign: str, style: str) -> None:
        """A sign, where the cell is in the picture."""
        if 0 <= cell < self.cells:
            self.signs[cell] = (sign, style)

    def put_beside(self, cell: int, sign: str, style: str) -> None:
        """A sign on the first free cell from here on, else before."""
        free = [n for n in (*range(cell, self.cells), *range(cell - 1, -1, -1)) if n not in self.signs]
        if free:
            self.put(free[0], sign, style)

    def words(self, now: int, signs: Signs) -> Iterator[Words]:
        """The row as runs of equal meaning, the line of the present behind it."""
        run, style = "", PLAIN
        for cell in range(self.cells):
            sign, meaning = self.signs.get(cell, (signs.now, NOW) if cell == now else (" ", PLAIN))
            if meaning != style and run:
                yield run, style
                run = ""
            run, style = run + sign, meaning
        if run:
            yield run, style


def ticks(scale: Scale) -> list[int]:
    """Round local times, so far apart that they can be read."""
    span = scale.end - scale.begin
    step = next((s for s in STEPS if span // s * APART <= scale.cells), STEPS[-1])
    tz = zones.zone(scale.zone)
    first = zones.moment(scale.begin, tz).replace(tzinfo=None)
    midnight = datetime.combine(first.date(), datetime.min.time())
    found = []
    local = midnight
    for _ in range(4 * scale.cells):
        try:
            instant = zones.instant(local, scale.zone, 0)
        except (zones.GapError, zones.OutOfRange):
            local += timedelta(microseconds=step)
            continue
        if instant >= scale.end:
            break
        if instant >= scale.begin:
            found.append(instant)
        local += timedelta(microseconds=step)
    return found


def heading(scale: Scale, signs: Signs, before: str) -> Iterator[Line]:
    """The dates, the times, and the line that they stand on; ``before``: blanks left of the picture."""
    at = ticks(scale)
    tz = zones.zone(scale.zone)
    dates, times, axis = Row(scale.cells), Row(scale.cells), Row(scale.cells)
    for cell in range(scale.cells):
        axis.put(cell, signs.axis, FAINT)
    previous, free, free_date = None, 0, 0
    whole_days = all(zones.moment(instant, tz).hour == 0 for instant in at)
    for instant in at:
        local = zones.moment(instant, tz)
        cell = scale.cell(instant)
        axis.put(cell, signs.tick, FAINT)
        words = "" if whole_days and len(at) > 1 else f"{local.hour:02d}:{local.minute:02d}"
        if words and cell >= free and cell + len(words) <= scale.cells:
            _write(times, cell, words)
            free = cell + len(words) + 1
        date = f"{local.month:02d}-{local.day:02d}"
        date = f"{WEEKDAYS[local.weekday()]} {date if whole_days else f'{local.year:04d}-{date}'}"
        if local.date() != previous and cell >= free_date and cell + len(date) <= scale.cells:
            _write(dates, cell, date)
            free_date = cell + len(date) + 1
            previous = local.date()
    for row in (dates, times, axis):
        if row.signs:
            yield Line(((before, PLAIN), *row.words(-1, signs)))


def _write(row: Row, cell: int, words: str) -> None:
    for offset, char in enumerate(words):
        row.put(cell + offset, char, FAINT)
