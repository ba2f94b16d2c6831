"""Open time for arrays: equal cells, each wholly open or wholly closed, replace the search.

Openings lie on a coarse grid (hours, quarters, minutes) in UTC. On that grid the open time before an instant
is a look-up and a multiplication, and its inverse is a look-up; a binary search takes several times as long.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from slarules.calendars.intervals import Intervals
from slarules.calendars.zones import DAY, Instants

MOST_CELLS = 1 << 22
"""More cells than this would not stay in any cache: then searching is as good."""


@frozen(eq=False)
class Cells:
    """A stretch of whole UTC days of a calendar's table, cut into equal cells."""

    low: int
    """The first instant covered."""
    high: int
    """The last instant covered."""
    width: int
    """The length of a cell, in microseconds."""
    slope: Instants
    """1 for an open cell, 0 for a closed one; one entry more than cells, for the instant ``high`` itself."""
    base: Instants
    """For each cell: open time before an instant t of it, less ``slope * t``; both counted from ``low``."""
    shift: Instants
    """For each open cell in order: what turns an open time within it into the instant it is reached."""
    open_inside: int
    """Open time from ``low`` to ``high``."""

    def consumed(self, instants: Instants, out: Instants, scratch: Instants) -> None:
        """Open time from ``low`` to each instant, into ``out``; every instant lies in [low, high]."""
        np.subtract(instants, self.low, out=out)
        cell = np.floor_divide(out, self.width, out=scratch)
        out *= self.slope.take(cell, mode="clip")
        np.take(self.base, cell, out=cell, mode="clip")
        out += cell

    def reached(self, consumed: Instants, scratch: Instants) -> None:
        """The earliest instant at which each open time from ``low``, above zero, is reached; in place."""
        np.subtract(consumed, 1, out=scratch)
        np.floor_divide(scratch, self.width, out=scratch)
        np.take(self.shift, scratch, out=scratch, mode="clip")
        consumed += scratch


def cells_for(opened: Intervals, low: int, high: int) -> Cells | None:
    """Cells that cover [low, high], or None where the calendar's grid is too fine for that."""
    low, high = low // DAY * DAY, -(-high // DAY) * DAY
    first, last = np.searchsorted(opened.ends, low, side="right"), np.searchsorted(opened.starts, high)
    starts, ends = np.maximum(opened.starts[first:last], low), np.minimum(opened.ends[first:last], high)
    width = int(np.gcd.reduce(np.concatenate((starts, ends, [DAY]))))
    count = (high - low) // width
    if count > MOST_CELLS:
        return None
    step = np.zeros(count + 1, np.int64)
    step[(starts - low) // width] += 1  # no two intervals touch, so each place occurs once
    step[(ends - low) // width] -= 1
    slope = np.cumsum(step)
    total = np.concatenate(([0], np.cumsum(slope[:-1]) * width))
    place = np.flatnonzero(slope[:-1])
    return Cells(
        low,
        high,
        width,
        slope,
        total - slope * (np.arange(count + 1) * width),
        low + (place - np.arange(len(place))) * width if len(place) else np.zeros(1, np.int64),
        int(total[-1]),
    )
