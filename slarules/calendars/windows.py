"""Dated windows in UTC: a calendar between its description and its table, and the algebra of calendars."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from slarules.calendars.intervals import Intervals, covered, merged
from slarules.calendars.zones import BEGINNING, END, Instants, local_ordinals


@frozen(eq=False)
class DatedWindows:
    """Windows in UTC, not yet merged, each with the date it belongs to (R31)."""

    ordinals: Instants
    """The date of each, as a proleptic ordinal."""
    starts: Instants
    """Its opening."""
    ends: Instants
    """Its closing."""

    def within(self, limits: Intervals) -> DatedWindows:
        """The parts of the windows that lie in the intervals; each part keeps its window's date."""
        low = np.searchsorted(limits.ends, self.starts, side="right")
        high = np.maximum(np.searchsorted(limits.starts, self.ends, side="left"), low)
        count = high - low
        window = np.repeat(np.arange(len(count)), count)
        limit = np.arange(len(window)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
        return DatedWindows(
            self.ordinals[window],
            np.maximum(self.starts[window], limits.starts[limit]),
            np.minimum(self.ends[window], limits.ends[limit]),
        ).solid()

    def solid(self) -> DatedWindows:
        """Without the windows that a change of clocks left empty, and without what lies outside the years."""
        starts, ends = np.maximum(self.starts, BEGINNING), np.minimum(self.ends, END)
        keep = starts < ends
        return DatedWindows(self.ordinals[keep], starts[keep], ends[keep])

    def redated(self, zone: str) -> DatedWindows:
        """The same windows, each belonging to the date on which it starts in ``zone``."""
        return DatedWindows(local_ordinals(self.starts, zone), self.starts, self.ends)

    @property
    def open(self) -> Intervals:
        """What is open at all."""
        return merged(self.starts, self.ends)


def union(operands: tuple[DatedWindows, ...], zone: str) -> DatedWindows:
    """Every window of every operand, dated in ``zone``, which is the first one's."""
    redated = [operands[0], *(one.redated(zone) for one in operands[1:])]
    return DatedWindows(
        np.concatenate([one.ordinals for one in redated]),
        np.concatenate([one.starts for one in redated]),
        np.concatenate([one.ends for one in redated]),
    )


def intersection(operands: tuple[DatedWindows, ...], zone: str) -> DatedWindows:
    """What is open in all of them, dated in ``zone`` by where each resulting window starts.

    Where one window ends as the next begins, in all operands at once, the result has two windows too: a day
    around the clock stays a day of its own, and a night shift stays one window of the evening's date.
    """
    both = covered(tuple(one.open for one in operands), len(operands))
    marks = np.unique(np.concatenate([one.starts for one in operands]))
    for one in operands:
        marks = marks[~_strictly_inside(marks, one)]
    place = np.searchsorted(both.starts, marks, side="left") - 1  # the interval that began before the mark
    cuts = marks[(place >= 0) & (marks < both.ends[np.maximum(place, 0)])] if len(both.starts) else marks[:0]
    starts = np.sort(np.concatenate((both.starts, cuts)))
    ends = np.sort(np.concatenate((both.ends, cuts)))
    return DatedWindows(local_ordinals(starts, zone), starts, ends)


def _strictly_inside(marks: Instants, dated: DatedWindows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which marks lie between a window's opening and its closing."""
    if len(dated.starts) == 0:
        return np.zeros(len(marks), np.bool_)
    order = np.argsort(dated.starts, kind="stable")
    starts, reach = dated.starts[order], np.maximum.accumulate(dated.ends[order])
    place = np.searchsorted(starts, marks, side="left") - 1
    return (place >= 0) & (reach[np.maximum(place, 0)] > marks)


def difference(base: DatedWindows, cut: DatedWindows, zone: str) -> DatedWindows:
    """The base's windows without what the other opens, dated in ``zone`` by where each part starts."""
    return base.within(complement(cut.open)).redated(zone)


def complement(intervals: Intervals) -> Intervals:
    """All other instants from 1970 to 2200."""
    edge = np.array([BEGINNING], np.int64), np.array([END], np.int64)
    return merged(np.concatenate((edge[0], intervals.ends)), np.concatenate((intervals.starts, edge[1])))
