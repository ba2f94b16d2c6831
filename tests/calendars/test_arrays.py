"""Arrays: the same answers for many at once, whatever the grid of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import numpy as np
import pytest

from slarules.calendars.calendar import NEVER, Calendar
from slarules.calendars.cells import cells_for
from slarules.calendars.counting import DayRule
from slarules.calendars.spec import WEEKDAYS
from slarules.calendars.zones import DAY, END, HOUR, MINUTE, OutOfRange

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFICE = Calendar.weekly(
    "America/Denver", {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]}, holidays=[date(2026, 1, 1)]
)
FINE = Calendar.weekly("Asia/Kathmandu", {day: [("09:00:01", "17:00:07")] for day in WEEKDAYS[:5]})
NEVER_OPEN = Calendar.weekly("UTC", {})
ALWAYS = Calendar.always("Europe/Berlin")
ONCE = Calendar.weekly("UTC", {}, replaced={date(2026, 3, 9): [("09:00", "17:00")]})


@pytest.mark.parametrize("calendar", [OFFICE, FINE, NEVER_OPEN, ALWAYS, ONCE])
@pytest.mark.parametrize("last", [END, 57 * 365 * DAY])
@pytest.mark.parametrize("size", [50, 20_000])
def test_arrays_over_the_years(calendar: Calendar, last: int, size: int) -> None:
    random = np.random.default_rng(7)
    starts = random.integers(0, last, size)
    ends = np.minimum(starts + random.integers(-5 * DAY, 30 * DAY, size), END).clip(0)
    amounts = random.integers(0, 5, size) * random.integers(0, 200 * HOUR, size)
    starts[:3], ends[:3], amounts[:3] = (0, END, 5), (END, 0, 5), (HOUR, 1, 0)
    consumed, due = calendar.consumed_array(starts, ends), calendar.deadline_array(starts, amounts)
    for at in range(50):
        start, end, amount = int(starts[at]), int(ends[at]), int(amounts[at])
        assert consumed[at] == calendar.consumed_between(start, end)
        expected = calendar.deadline_at(start, amount)
        assert due[at] == (NEVER if expected is None else expected)


def test_a_grid_of_seconds_is_searched_instead() -> None:
    assert cells_for(FINE.table.intervals, 0, END) is None
    built = cells_for(OFFICE.table.intervals, 5, 400 * DAY)
    assert built is not None and built.width == HOUR


def test_shapes_and_single_amounts() -> None:
    starts = np.arange(6, dtype=np.int64).reshape(2, 3) * DAY
    assert OFFICE.deadline_array(starts, HOUR).shape == (2, 3)
    assert OFFICE.consumed_array(starts, starts + DAY).shape == (2, 3)
    empty = np.empty(0, np.int64)
    assert OFFICE.deadline_array(empty, empty).size == OFFICE.consumed_array(empty, empty).size == 0
    assert OFFICE.deadline_array(starts.astype(np.int32) * 0, 0).dtype == np.int64


def test_what_was_looked_up_of_other_years_is_not_used() -> None:
    office = Calendar.weekly("America/Denver", {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]})
    for year in (56, 20, 130, 57):  # each but the last lies outside of what the one before it has laid out
        starts = year * 365 * DAY + np.arange(10_000, dtype=np.int64) * MINUTE
        due, consumed = office.deadline_array(starts, 9 * HOUR), office.consumed_array(starts, starts + DAY)
        for at in range(0, 10_000, 500):
            start = int(starts[at])
            assert due[at] == office.deadline_at(start, 9 * HOUR)
            assert consumed[at] == office.consumed_between(start, start + DAY)


def test_many_that_fill_a_window_end_where_the_next_one_opens() -> None:
    opening, eight = ONCE.next_open(0), np.array([8 * HOUR])
    assert opening is not None and ONCE.deadline_at(0, 8 * HOUR) == opening + 8 * HOUR  # the last closing of all
    monday = np.array([OFFICE.next_open(57 * 365 * DAY)])
    due = OFFICE.deadline(monday, eight, ends_at_next_opening=True)
    assert due == OFFICE.next_open(int(monday[0]) + 8 * HOUR) != monday + 8 * HOUR
    assert ONCE.deadline(np.array([opening]), eight, ends_at_next_opening=True) == NEVER


def test_amounts_beyond_all_years_are_never() -> None:
    starts, much = np.full(10_000, HOUR), np.full(10_000, np.iinfo(np.int64).max)
    assert (ALWAYS.deadline_array(starts, much) == NEVER).all()
    assert (ALWAYS.deadline_array(starts[:5], much[:5]) == NEVER).all()


def test_what_arrays_refuse() -> None:
    with pytest.raises(OutOfRange):
        OFFICE.consumed_array(np.array([-1]), np.array([5]))
    with pytest.raises(OutOfRange):
        OFFICE.deadline_array(np.array([END + 1]), np.array([5]))
    with pytest.raises(ValueError, match="negative amount"):
        OFFICE.deadline_array(np.array([5, 5]), np.array([-5, 5]))
    with pytest.raises(ValueError, match="integer microseconds, not float64"):
        OFFICE.deadline_array(np.array([5]), np.array([0.5]))
    with pytest.raises(ValueError, match="negative amount"):
        OFFICE.deadline(np.array([5]), np.array([-5]), backward=True)
    with pytest.raises(ValueError, match="negative amount"):
        OFFICE.backward_array(np.array([5]), np.array([-5]))
    with pytest.raises(OutOfRange):
        OFFICE.backward_array(np.array([END + 1]), np.array([5]))


def test_backward_is_for_each_pair_what_it_is_for_one() -> None:
    rng = np.random.default_rng(7)
    ends = rng.integers(0, END, 3_000)
    amounts = rng.integers(0, 400 * DAY, 3_000)
    amounts[::7], amounts[::11] = 0, np.iinfo(np.int64).max
    ends[::3] = rng.choice(OFFICE.table.intervals.ends, len(ends[::3]))
    amounts[::3] = rng.choice(OFFICE.table.before[:900], len(amounts[::3]))
    for calendar in (OFFICE, FINE, ALWAYS, NEVER_OPEN, ONCE):
        found = calendar.backward_array(ends, amounts).tolist()
        for end, amount, begin in zip(ends.tolist(), amounts.tolist(), found, strict=True):
            alone = calendar.backward_at(end, amount)
            assert begin == (NEVER if alone is None else alone)
    assert OFFICE.backward_array(np.empty(0, np.int64), 5).size == 0
    assert OFFICE.backward_array(ends.reshape(2, -1), HOUR).shape == (2, 1_500)


@pytest.mark.parametrize("calendar", [OFFICE, FINE, NEVER_OPEN, ALWAYS, ONCE])
@pytest.mark.parametrize("next_opening", [False, True])
def test_backward_from_many_as_from_one(calendar: Calendar, next_opening: bool) -> None:
    random = np.random.default_rng(9)
    ends, amounts = random.integers(0, END, 200), random.integers(0, 200 * HOUR, 200) // HOUR * HOUR
    amounts[:20] = 0
    found = calendar.deadline(ends, amounts, backward=True, ends_at_next_opening=next_opening)
    for at, begun in enumerate(found.tolist()):
        end, much = EPOCH + timedelta(microseconds=int(ends[at])), timedelta(microseconds=int(amounts[at]))
        alone = calendar.deadline(end, much, backward=True, ends_at_next_opening=next_opening)
        assert begun == (NEVER if alone is None else (alone - EPOCH) // timedelta(microseconds=1)), (end, much)


@pytest.mark.parametrize("rule", get_args(DayRule))
@pytest.mark.parametrize("backward", [False, True])
def test_days_from_many_as_from_one(rule: DayRule, backward: bool) -> None:
    random = np.random.default_rng(11)
    starts, days = random.integers(0, END, 60).reshape(2, 30), random.integers(-3, 9, 30)
    found = OFFICE.deadline_days(starts, days, rule, backward=backward)
    assert found.shape == (2, 30) and found.dtype == np.int64
    for start, n, due in zip(starts.ravel().tolist(), days.tolist() * 2, found.ravel().tolist(), strict=True):
        alone = OFFICE.days_at(start, n, rule, backward)
        assert due == (NEVER if alone is None else alone)


def test_days_of_none_and_of_what_is_no_number_of_days() -> None:
    start = EPOCH + timedelta(days=20_000)
    assert OFFICE.deadline_days(np.empty(0, np.int64), 3).size == 0
    assert OFFICE.deadline_days(start, np.array([1, 2])).shape == (2,)
    assert OFFICE.deadline_days(np.array(5 * DAY), 1).shape == ()
    assert OFFICE.deadline_days(np.array([END - 1]), 10**6).tolist() == [NEVER]
    for wrong in (np.array([1.5]), np.array([True]), np.array(["2026-03-06"], "datetime64[us]")):
        with pytest.raises(ValueError, match="integer"):
            OFFICE.deadline_days(wrong, 1)
    with pytest.raises(ValueError, match="integer"):
        OFFICE.deadline_days(np.array([5]), np.array([1.5]))
    with pytest.raises(OutOfRange):
        OFFICE.deadline_days(np.array([END + 1]), 1)
