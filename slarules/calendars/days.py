"""Days of a calendar: which dates are open, when each first opens and last closes, and counting them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attrs import frozen

from slarules.calendars.windows import DatedWindows
from slarules.calendars.zones import Instants


class Day(NamedTuple):
    """An open date."""

    date: date
    """The local date."""
    first_open: int
    """The opening of its first window."""
    last_close: int
    """The closing of its last window, which may lie on the next date (R31)."""


@frozen(slots=False, eq=False)
class DayTable:
    """Every open date from 1970 to 2200."""

    dates: Instants
    """The open dates as proleptic ordinals, rising."""
    first_open: Instants
    """The first opening of each."""
    last_close: Instants
    """The last closing of each."""

    @cached_property
    def _numbers(self) -> tuple[memoryview, memoryview, memoryview]:
        """The three columns as plain numbers, without copying them."""
        return self.dates.data, self.first_open.data, self.last_close.data

    def __len__(self) -> int:
        return len(self.dates)

    def day(self, index: int) -> Day:
        """The open date at a place in the table."""
        dates, first_open, last_close = self._numbers
        return Day(date.fromordinal(dates[index]), first_open[index], last_close[index])

    def index_from(self, day: date) -> int:
        """The place of the first open date at or after ``day``; the table's length when none is left."""
        return bisect_left(self._numbers[0], day.toordinal())

    def index_after(self, day: date) -> int:
        """The place of the first open date after ``day``."""
        return bisect_right(self._numbers[0], day.toordinal())

    def is_open(self, day: date) -> bool:
        """Whether any window belongs to the date."""
        index = self.index_from(day)
        return index < len(self) and self._numbers[0][index] == day.toordinal()

    def nth(self, day: date, n: int) -> Day | None:
        """The n-th open date after ``day``, or before it for a negative n."""
        if n == 0:
            raise ValueError("days are counted from one")
        index = self.index_after(day) + n - 1 if n > 0 else self.index_from(day) + n
        return self.day(index) if 0 <= index < len(self) else None

    def begun_before(self, instant: int) -> Day | None:
        """The last open date whose first opening came before the instant."""
        index = bisect_left(self._numbers[1], instant) - 1
        return self.day(index) if index >= 0 else None


def day_table(dated: DatedWindows) -> DayTable:
    """First openings and last closings of the dates that have windows."""
    order = np.lexsort((dated.starts, dated.ordinals))
    ordinals = dated.ordinals[order]
    first = np.flatnonzero(np.concatenate(([True], ordinals[1:] != ordinals[:-1]))) if len(order) else order
    return DayTable(
        ordinals[first],
        np.minimum.reduceat(dated.starts[order], first),
        np.maximum.reduceat(dated.ends[order], first),
    )
