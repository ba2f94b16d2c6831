"""A calendar compiled: its open intervals in UTC with running totals, and what is open on each date.

Every engine works on this table alone, so that all of them see the same time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property

import numpy as np
from attrs import field, frozen

from slarules.calendars.cells import Cells, cells_for
from slarules.calendars.days import DayTable, day_table
from slarules.calendars.intervals import Intervals, merged, without
from slarules.calendars.spec import CalendarSpec, Windows
from slarules.calendars.zones import (
    BEGINNING,
    DAY,
    END,
    EPOCH_ORDINAL,
    FIRST_YEAR,
    LAST_YEAR,
    Instants,
    day_starts,
    local_ordinals,
    to_instants,
)

_LONG_AGO = -(1 << 62)
"""The empty interval before all others, which spares the scalars a special case."""


@frozen(eq=False)
class Pieces:
    """Windows in UTC before they are merged, each with the date it belongs to (R31)."""

    ordinals: Instants
    """The date of each, as a proleptic ordinal."""
    starts: Instants
    """Its opening."""
    ends: Instants
    """Its closing."""


@frozen(slots=False, eq=False)
class Table:
    """Open time from 1970 to 2200."""

    open: Intervals
    """The open intervals: sorted, disjoint, merged where they touch."""
    pieces: Pieces
    """The windows they were merged from, for the algebra of calendars."""
    days: DayTable
    """First opening and last closing of each open date."""
    before: Instants = field(init=False)
    """Open time before each interval, and after the last one: one entry more than intervals."""

    @before.default
    def _running_totals(self) -> Instants:
        return np.concatenate(([0], np.cumsum(self.open.ends - self.open.starts)))

    @cached_property
    def scalars(self) -> tuple[list[int], list[int], list[int]]:
        """Starts, ends and running totals as plain lists, led by an empty interval long ago."""
        return (
            [_LONG_AGO, *self.open.starts.tolist()],
            [_LONG_AGO, *self.open.ends.tolist()],
            [0, *self.before.tolist()],
        )

    @cached_property
    def cells(self) -> list[Cells]:
        """The look-up for arrays that was built last; it grows with what is asked."""
        return []

    def cells_over(self, low: int, high: int) -> Cells | None:
        """A look-up that covers [low, high], where the calendar has a grid coarse enough for one."""
        if not (self.cells and self.cells[0].low <= low and high <= self.cells[0].high):
            built = cells_for(self.open, self.before, low, high)
            if built is None:
                return None
            self.cells[:] = [built]
        return self.cells[0]


def compiled(spec: CalendarSpec) -> Table:
    """The table of a calendar's description."""
    first = date(spec.first_year, 1, 1).toordinal() - (2 if spec.first_year == FIRST_YEAR else 0)
    last = date(spec.last_year, 12, 31).toordinal() + (2 if spec.last_year == LAST_YEAR else 0)
    days = np.arange(first, last + 1, dtype=np.int64)
    starts = day_starts(np.append(days, [last + 1, last + 2]), spec.zone)
    exists = starts[:-2] < starts[1:-1]  # a date that clocks skipped has no windows
    special = np.array([day.toordinal() for day in spec.special_dates], np.int64)
    plain = exists & ~np.isin(days, special)
    chosen: list[tuple[Instants, Windows]] = [
        (np.flatnonzero(plain & ((days - 1) % 7 == weekday)), windows) for weekday, windows in enumerate(spec.weekly)
    ]
    for day in sorted(spec.special_dates):
        at = day.toordinal() - first
        if 0 <= at < len(days) and exists[at]:
            chosen.append((np.array([at], np.int64), spec.windows_on(day)))
    pieces = _cut(_in_utc(spec, days, starts, chosen), _breaks(spec))
    return table(pieces)


def _in_utc(
    spec: CalendarSpec, days: Instants, starts: Instants, chosen: list[tuple[Instants, Windows]]
) -> Pieces:
    """The windows of the chosen dates (places in ``days``) as instants; a midnight is its date's first instant."""
    at = [np.full(len(windows), 0, np.int64) for _, windows in chosen for _ in ()] or []
    rows, opens, closes = [*at, np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for places, windows in chosen:
        for window in windows:
            rows.append(places)
            opens.append(np.full(len(places), window.open, np.int64))
            closes.append(np.full(len(places), window.end, np.int64))
    row, begin, end = np.concatenate(rows), np.concatenate(opens), np.concatenate(closes)
    order = np.lexsort((begin, row))
    row, begin, end = row[order], begin[order], end[order]
    instants = []
    for bound in (begin, end):
        local = (days[row] - EPOCH_ORDINAL) * DAY + bound
        midnight = starts[row + bound // DAY]
        instants.append(np.where(bound % DAY == 0, midnight, to_instants(local, spec.zone, spec.gap, spec.fold)))
    return Pieces(days[row], instants[0], instants[1])


def _breaks(spec: CalendarSpec) -> Intervals:
    """What is cut out, in UTC."""
    cut = sorted(spec.breaks)
    days = np.array([day.toordinal() for day in cut], np.int64)
    starts = day_starts(np.concatenate((days, days + 1, days + 2)), spec.zone)
    both: list[Instants] = []
    for bound in ("open", "end"):
        at = [
            (place, getattr(window, bound)) for place, day in enumerate(cut) for window in spec.breaks[day]
        ]
        places = np.array([place for place, _ in at], np.int64)
        bounds = np.array([of_day for _, of_day in at], np.int64)
        local = (days[places] - EPOCH_ORDINAL) * DAY + bounds
        midnight = starts[places + bounds // DAY * len(days)]
        both.append(np.where(bounds % DAY == 0, midnight, to_instants(local, spec.zone, spec.gap, spec.fold)))
    return merged(both[0], both[1])


def _cut(pieces: Pieces, cut: Intervals) -> Pieces:
    """The windows without what is cut out; what is left of one still belongs to its date."""
    if len(cut.starts) == 0:
        return pieces
    first = np.searchsorted(cut.ends, pieces.starts, side="right")
    touched = (first < len(cut.starts)) & (cut.starts[np.minimum(first, len(cut.starts) - 1)] < pieces.ends)
    ordinals, starts, ends = pieces.ordinals[~touched], pieces.starts[~touched], pieces.ends[~touched]
    for place in np.flatnonzero(touched).tolist():
        window = Intervals(pieces.starts[place : place + 1], pieces.ends[place : place + 1])
        rest = without(window, cut) if window.starts[0] < window.ends[0] else window
        ordinals = np.append(ordinals, np.full(len(rest.starts), pieces.ordinals[place]))
        starts, ends = np.append(starts, rest.starts), np.append(ends, rest.ends)
    return Pieces(ordinals, starts, ends)
