"""Calendars for the quick way: for each cell of time the interval that it lies in, found by a shift."""

from __future__ import annotations

from typing import Any

import numpy as np

from slarules.calendars import zones
from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, part

LARGEST, SMALLEST = 36, 31
"""Cells are between 2**31 microseconds (36 minutes) and 2**36 (19 hours) long."""
WHOLE = 61
"""The one cell of time that is never closed."""


def clock_of(own: Parts, calendar: int, place: int) -> tuple[list[int], Any] | None:
    """A calendar's row (K_…) and its tables, to stand at a place; None where its cells would be too small, or its lists
    end some day (R30).

    A calendar below 0 is time itself, never closed.
    """
    if calendar < 0:
        bounds = np.array([[0, quick.LATEST, 0], [quick.LATEST, quick.LATEST, quick.LATEST]], np.int64)
        return _row(place, 1, WHOLE, 1, WHOLE, quick.LATEST), _tables(bounds, [0], [0], place)
    row = part(own, at.T_CALENDARS, calendar + 1, at.CALENDAR)[calendar]
    first, last = int(row[0]), int(row[1])
    if first == last or part(own, at.T_UNKNOWN_FROM, calendar + 1)[calendar] != at.NEVER:
        return None
    starts, ends, before = (part(own, name, last + 1)[first:] for name in (at.T_STARTS, at.T_CLOSES, at.T_BEFORE))
    shift, inverse_shift = _shift(ends[:-1]), _shift(before[1:])
    if shift < SMALLEST or inverse_shift < SMALLEST or int(starts[0]) < 0:
        return None
    cells = _first_after(ends[:-1] - 1, shift, (zones.END >> shift) + 2)
    inverse = _first_after(before[1:], inverse_shift, (int(before[-1]) >> inverse_shift) + 2)
    inverse = np.minimum(inverse, last - first - 1)
    bounds = np.stack([starts, ends, before], axis=1)
    own_row = _row(place, len(cells), shift, len(inverse), inverse_shift, int(before[-1]))
    return own_row, _tables(bounds, cells, inverse, place)


def _shift(bounds: Any) -> int:
    """The largest cells in each of which there is at most one bound."""
    apart = int(np.diff(bounds).min(initial=1 << LARGEST))
    return min(LARGEST, apart.bit_length() - 1)


def _first_after(bounds: Any, shift: int, cells: int) -> Any:
    """[cell] → how many bounds lie in the cells before it."""
    many = np.bincount(bounds >> shift, minlength=cells)[:cells]
    return np.cumsum(many) - many


def _row(place: int, cells: int, shift: int, inverse: int, inverse_shift: int, total: int) -> list[int]:
    return [place, shift, place + cells, inverse_shift, total]


def _tables(bounds: Any, cells: Any, inverse: Any, place: int) -> Any:
    """Cells, cells of open time, intervals: a cell says where its interval stands."""
    first = place + len(cells) + len(inverse)
    at_once = [first + quick.INTERVAL * np.asarray(one, np.int64) for one in (cells, inverse)]
    return np.concatenate([*at_once, np.ascontiguousarray(bounds, np.int64).ravel()])
