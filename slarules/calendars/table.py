"""A calendar compiled: its open intervals in UTC with running totals, and what is open on each date.

Every engine works on this table alone, so that all of them see the same time. Instants and amounts are
integer microseconds throughout.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property

import numpy as np
from attrs import Factory, field, frozen

from slarules.calendars.cells import Cells, cells_for
from slarules.calendars.days import DayTable, day_table
from slarules.calendars.given import doubt_unit
from slarules.calendars.intervals import Intervals
from slarules.calendars.windows import DatedWindows
from slarules.calendars.zones import BEGINNING, DAY, END, Instants, OutOfRange

NEVER = -(1 << 63)
"""In arrays of deadlines: the calendar runs out first."""
CHUNK = 1 << 13
"""So many instants at a time stay in the cache between one operation and the next."""
_TOO_MUCH = END + 1
"""More time than there is; larger amounts are cut to it, so that sums stay within 64 bits."""
_LONG_AGO = -(1 << 62)
"""The empty interval before all others, which spares the scalars a special case."""
_DAYS = END // DAY
"""UTC days from 1970 to 2200."""
_NEAR = 8
"""A deadline mostly lies within so many intervals of its start: they are searched first."""


@frozen(slots=False, eq=False)
class Table:
    """Open time from 1970 to 2200."""

    dated: DatedWindows
    """The windows that make it up, for the algebra of calendars and for counting days."""
    intervals: Intervals
    """The open intervals: sorted, disjoint, merged where they touch."""
    before: Instants
    """Open time before each interval, and after the last: one entry more than intervals."""
    _cells: list[Cells] = field(init=False, default=Factory(list))
    """The look-up for arrays that was built last; a wider question replaces it."""

    @property
    def size(self) -> int:
        """Bytes that it takes, with all that is looked up in it."""
        return 4 * _DAYS + 48 * len(self.dated.starts) + 48 * len(self.before)

    @cached_property
    def days(self) -> DayTable:
        """First opening and last closing of each open date."""
        return day_table(self.dated)

    @cached_property
    def scalars(self) -> tuple[array[int], array[int], array[int]]:
        """Starts, ends and running totals for looking up single instants, led by an empty interval long ago."""
        return (
            _led_by(_LONG_AGO, self.intervals.starts),
            _led_by(_LONG_AGO, self.intervals.ends),
            _led_by(0, self.before),
        )

    @cached_property
    def guide(self) -> array[int]:
        """For each UTC day, the place in `scalars` of the first interval that starts at or after its first instant."""
        started = np.bincount(self.intervals.starts // DAY, minlength=_DAYS + 1)
        return array("i", (1 + np.cumsum(started) - started).astype(np.intc).tobytes())

    def last_started(self, instant: int) -> int:
        """The place in `scalars` of the last interval that starts at or before an instant."""
        day = instant // DAY
        if 0 <= day < _DAYS:
            guide = self.guide
            return bisect_right(self.scalars[0], instant, guide[day], guide[day + 1]) - 1
        return bisect_right(self.scalars[0], instant) - 1

    def deadline_at(self, start: int, amount: int) -> int | None:
        """The earliest instant at which open time since ``start`` reaches ``amount``; None: never."""
        if amount <= 0:
            if amount < 0:
                raise ValueError("a negative amount: ask backward_at")
            return start
        starts, ends, before = self.scalars
        at = self.last_started(start)
        left = ends[at] - start
        if left >= amount:
            return start + amount
        due = before[at + 1] + amount - (left if left > 0 else 0)
        if due > before[-1]:
            return None
        near = at + _NEAR
        if near < len(before) and before[near] >= due:
            at = bisect_left(before, due, at, near) - 1
        else:
            at = bisect_left(before, due, at) - 1
        return starts[at] + due - before[at]

    def backward_at(self, end: int, amount: int) -> int | None:
        """The latest instant from which open time until ``end`` is ``amount``; None: never."""
        if amount <= 0:
            if amount < 0:
                raise ValueError("a negative amount: ask deadline_at")
            return end
        starts, _, before = self.scalars
        due = self.open_until(end) - amount
        if due < 0:
            return None
        at = bisect_right(before, due) - 1
        return starts[at] + due - before[at]

    def open_until(self, instant: int) -> int:
        """Open time from 1970 to an instant."""
        starts, _, before = self.scalars
        at = self.last_started(instant)
        inside = before[at] + instant - starts[at]
        after = before[at + 1]
        return inside if inside < after else after

    def consumed_between(self, start: int, end: int) -> int:
        """Open time in [start, end); zero where the end does not come after the start."""
        if end <= start:
            return 0
        starts, ends, before = self.scalars
        at = self.last_started(start)
        left = ends[at] - start
        if left >= end - start:
            return end - start
        to = self.last_started(end)
        inside, after = before[to] + end - starts[to], before[to + 1]
        return (inside if inside < after else after) - before[at + 1] + (left if left > 0 else 0)

    def is_open(self, instant: int) -> bool:
        """Whether the calendar is open; at a closing instant it is not."""
        return instant < self.scalars[1][self.last_started(instant)]

    def next_open(self, instant: int) -> int | None:
        """The first open instant at or after this one."""
        starts, ends, _ = self.scalars
        at = self.last_started(instant)
        if instant < ends[at]:
            return instant
        return starts[at + 1] if at + 1 < len(starts) else None

    def next_close(self, instant: int) -> int | None:
        """The first closing after this instant."""
        _, ends, _ = self.scalars
        at = self.last_started(instant)
        at = at if instant < ends[at] else at + 1
        return ends[at] if at < len(ends) else None

    def previous_open(self, instant: int) -> int | None:
        """The last instant, at or before this one, that open time runs up to; the mirror of `next_open`."""
        starts, ends, _ = self.scalars
        at = self.last_started(instant)
        at = at if starts[at] < instant else at - 1
        return min(instant, ends[at]) if at > 0 else None

    def consumed_array(self, starts: Instants, ends: Instants) -> Instants:
        """`consumed_between` for each pair."""
        starts, ends = np.broadcast_arrays(_instants(starts), _instants(ends))
        if starts.ndim == 0:
            return self.consumed_array(starts[None], ends[None]).reshape(())
        result = np.empty(starts.shape, np.int64)
        if result.size == 0:
            return result
        low, high = _bounds(starts, ends)
        cells = self._cells_over(low, high, result.size)
        if cells is None:
            np.maximum(self._open_until(ends) - self._open_until(starts), 0, out=result)
            return result
        first, last, into = starts.ravel(), ends.ravel(), result.ravel()
        sooner, scratch = np.empty(CHUNK, np.int64), np.empty(CHUNK, np.int64)
        for at in range(0, len(into), CHUNK):
            out = into[at : at + CHUNK]
            size = len(out)
            cells.consumed(last[at : at + CHUNK], out, scratch[:size])
            cells.consumed(first[at : at + CHUNK], sooner[:size], scratch[:size])
            out -= sooner[:size]
            np.maximum(out, 0, out=out)
        return result

    def deadline_array(self, starts: Instants, amounts: Instants) -> Instants:
        """`deadline_at` for each pair; `NEVER` where the calendar runs out."""
        starts, amounts = np.broadcast_arrays(_instants(starts), _instants(amounts))
        if starts.ndim == 0:
            return self.deadline_array(starts[None], amounts[None]).reshape(())
        result = np.empty(starts.shape, np.int64)
        if result.size == 0:
            return result
        low, high = _bounds(starts)
        if int(amounts.min()) < 0:
            raise ValueError("a negative amount: ask with `backward`")
        most = min(int(amounts.max()), _TOO_MUCH)
        cells = self._cells_over(low, self.deadline_at(high, most) or END, result.size)
        if cells is None:
            return self._searched_deadlines(starts, np.minimum(amounts, _TOO_MUCH))
        first, more, into = starts.ravel(), amounts.ravel(), result.ravel()
        scratch = np.empty(CHUNK, np.int64)
        for at in range(0, len(into), CHUNK):
            begin, amount, out = first[at : at + CHUNK], more[at : at + CHUNK], into[at : at + CHUNK]
            cells.consumed(begin, out, scratch[: len(out)])
            out += np.minimum(amount, _TOO_MUCH) if most == _TOO_MUCH else amount
            never = out > cells.open_inside
            cells.reached(out, scratch[: len(out)])
            out[never] = NEVER
            np.copyto(out, begin, where=amount == 0)
        return result

    def backward_array(self, ends: Instants, amounts: Instants) -> Instants:
        """`backward_at` for each pair; `NEVER` where the calendar runs out."""
        ends, amounts = np.broadcast_arrays(_instants(ends), _instants(amounts))
        if ends.size:
            _bounds(ends)
            if int(amounts.min()) < 0:
                raise ValueError("a negative amount: ask without `backward`")
        if len(self.intervals.starts) == 0:
            return np.where(amounts == 0, ends, NEVER)
        due = self._open_until(ends) - np.minimum(amounts, _TOO_MUCH)
        at = np.clip(np.searchsorted(self.before, due, side="right") - 1, 0, len(self.intervals.starts) - 1)
        begun = np.where(due < 0, NEVER, self.intervals.starts[at] + due - self.before[at])
        return np.where(amounts == 0, ends, begun)

    def next_open_array(self, instants: Instants) -> Instants:
        """`next_open` of each; `NEVER` where the calendar opens no more."""
        instants = _instants(instants)
        at = np.searchsorted(self.intervals.ends, instants, side="right")
        openings = np.append(self.intervals.starts, NEVER)[at]
        return np.where(openings == NEVER, NEVER, np.maximum(openings, instants))

    def _searched_deadlines(self, starts: Instants, amounts: Instants) -> Instants:
        due = self._open_until(starts) + amounts
        at = np.clip(np.searchsorted(self.before, due, side="left") - 1, 0, max(0, len(self.before) - 2))
        if len(self.intervals.starts) == 0:
            reached = np.full(starts.shape, NEVER, np.int64)
        else:
            reached = self.intervals.starts[at] + due - self.before[at]
            reached[due > self.before[-1]] = NEVER
        return np.where(amounts == 0, starts, reached)

    def _open_until(self, instants: Instants) -> Instants:
        if len(self.intervals.starts) == 0:
            return np.zeros(instants.shape, np.int64)
        at = np.maximum(np.searchsorted(self.intervals.starts, instants, side="right") - 1, 0)
        inside: Instants = self.before[at] + np.maximum(instants - self.intervals.starts[at], 0)
        np.minimum(inside, self.before[at + 1], out=inside)
        return inside

    def _cells_over(self, low: int, high: int, uses: int) -> Cells | None:
        """Cells for [low, high], or None where a few uses, or a fine grid, make searching as good."""
        if self._cells and self._cells[0].low <= low and high <= self._cells[0].high:
            return self._cells[0]
        built = cells_for(self.intervals, low, high) if uses >= CHUNK else None
        if built is not None:
            self._cells[:] = [built]
        return built


def _led_by(first: int, values: Instants) -> array[int]:
    """The values behind a first one, as plain numbers: eight bytes each, read as fast as a list's."""
    led = array("q", [first])
    led.frombytes(values.tobytes())
    return led


def table(dated: DatedWindows) -> Table:
    """The table of a calendar's dated windows."""
    intervals = dated.open
    before = np.concatenate(([0], np.cumsum(intervals.ends - intervals.starts)))
    for column in (intervals.starts, intervals.ends, before):
        column.flags.writeable = False  # callers see them
    return Table(dated, intervals, before)


def _instants(values: Instants) -> Instants:
    """The array itself, if it counts microseconds in whole numbers."""
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        timed = {"M": "datetime64[us]", "m": "timedelta64[us]"}.get(array.dtype.kind)
        hint = f": they know no zone; those in UTC are array.astype('{timed}').astype('int64')" if timed else ""
        raise ValueError(f"instants and amounts are integer microseconds, not {array.dtype}{hint}")
    return array.astype(np.int64, copy=False)


def _bounds(*arrays: Instants) -> tuple[int, int]:
    """The first and the last of all instants, which lie in 1970–2200."""
    low, high = min(int(a.min()) for a in arrays), max(int(a.max()) for a in arrays)
    if low < BEGINNING or high > END:
        raise OutOfRange(f"instants {low} to {high} do not all lie in 1970–2200")
    doubt_unit(high)
    return low, high
