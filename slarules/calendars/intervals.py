"""Sets of instants as sorted disjoint intervals: merge, intersect, cut off."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from slarules.calendars.zones import Instants


@frozen(eq=False)
class Intervals:
    """Half-open intervals [start, end), sorted, none empty, none touching the next."""

    starts: Instants
    """The first instant of each interval."""
    ends: Instants
    """The first instant after each interval."""

    def from_instant(self, instant: int) -> Intervals:
        """The part at or after an instant."""
        keep = self.ends > instant
        return Intervals(np.maximum(self.starts[keep], instant), self.ends[keep])

    def until(self, instant: int) -> Intervals:
        """The part before an instant."""
        keep = self.starts < instant
        return Intervals(self.starts[keep], np.minimum(self.ends[keep], instant))

    @property
    def first(self) -> int | None:
        """The first instant of all, if there is one."""
        return int(self.starts[0]) if len(self.starts) else None


def merged(starts: Instants, ends: Instants) -> Intervals:
    """The union of any windows, in any order; touching ones become one and empty ones vanish."""
    solid = starts < ends
    starts, ends = starts[solid], ends[solid]
    if len(starts) == 0:
        return Intervals(starts, ends)
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    fresh = np.concatenate(([True], starts[1:] > ends[:-1]))
    last = np.concatenate((fresh[1:], [True]))
    return Intervals(starts[fresh], ends[last])


def covered(sets: tuple[Intervals, ...], at_least: int) -> Intervals:
    """The instants that lie in at least so many of the sets; in all of them, for their intersection."""
    starts = np.concatenate([one.starts for one in sets])
    ends = np.concatenate([one.ends for one in sets])
    at = np.concatenate((starts, ends))
    step = np.concatenate((np.ones(len(starts), np.int64), np.full(len(ends), -1, np.int64)))
    order = np.argsort(at, kind="stable")
    at, depth = at[order], np.cumsum(step[order])
    deep = np.flatnonzero(depth[:-1] >= at_least)  # open from at[i] to at[i + 1]
    return merged(at[deep], at[deep + 1])
