"""Laws that hold for every calendar, and plain steppers that the fast table must agree with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.calendars.calendar import NEVER, Calendar, CalendarSpec
from slarules.calendars.spec import Window
from slarules.calendars.zones import DAY, MINUTE, micros, zone

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/Havana",
    "UTC-03:30",
    "Africa/Cairo",
)
FIRST = date(2018, 1, 1)
"""The calendars of these tests open in 2018 alone, so that they compile at once and also run out."""
GRID = 15

quarter = st.integers(0, 24 * 60 // GRID - 1).map(lambda n: n * GRID * MINUTE)
window = st.builds(Window, quarter, st.one_of(quarter, st.just(DAY)))
window_lists = st.lists(window, max_size=3).map(tuple)
days = st.one_of(
    st.integers(0, 364).map(lambda n: FIRST + timedelta(days=n)),
    st.sampled_from(
        [date(2018, 3, 11), date(2018, 3, 25), date(2018, 11, 4), date(2018, 4, 1), date(2018, 2, 17)]
    ),
)
specs = st.builds(
    CalendarSpec,
    zone=st.sampled_from(ZONES),
    weekly=st.lists(window_lists, min_size=7, max_size=7).map(tuple),
    closed=st.dictionaries(days, st.just("holiday"), max_size=20),
    replaced=st.dictionaries(days, window_lists, max_size=4),
    added=st.dictionaries(days, window_lists, max_size=4),
    breaks=st.dictionaries(days, window_lists, max_size=4),
    first_year=st.just(2018),
    last_year=st.just(2018),
)
calendars = specs.map(Calendar)
instants = st.one_of(
    st.datetimes(datetime(2017, 12, 25), datetime(2019, 1, 7)),
    st.datetimes(datetime(2018, 3, 8), datetime(2018, 3, 13)),
    st.datetimes(datetime(2018, 11, 2), datetime(2018, 11, 6)),
).map(lambda when: micros(when.replace(tzinfo=UTC)))
amounts = st.one_of(st.integers(1, 40 * 60).map(lambda minutes: minutes * MINUTE), st.integers(1, 3 * DAY))


BEGIN = int(datetime(2017, 12, 20, tzinfo=UTC).timestamp()) // 60
"""The minute with which the steppers begin, before the first that can be open in any zone; they count from it."""
MINUTES = 380 * 24 * 60


def minutes_of(spec: CalendarSpec) -> np.ndarray:
    """Of every minute whether it is open, window by window, with nothing but datetimes; clocks that skip shift it
    forward."""
    tz = zone(spec.zone)

    def minute(day: date, of_day: int) -> int:
        local = datetime.combine(day, datetime.min.time()) + timedelta(microseconds=of_day)
        return int(local.replace(tzinfo=tz).timestamp()) // 60 - BEGIN

    found = np.zeros(MINUTES, bool)
    for day in (FIRST + timedelta(days=n) for n in range(365)):
        for one in spec.windows_on(day):
            found[minute(day, one.open) : minute(day, one.end)] = True
    for day, windows in spec.breaks.items():
        for one in windows:
            found[minute(day, one.open) : minute(day, one.end)] = False
    return found


@settings(max_examples=150, deadline=None)
@given(specs, st.lists(st.tuples(instants, instants, amounts), min_size=3, max_size=3))
def test_a_calendar_agrees_with_a_plain_minute_stepper(
    spec: CalendarSpec, questions: list[tuple[int, int, int]]
) -> None:
    calendar, open_minutes = Calendar(spec), np.flatnonzero(minutes_of(spec)) + BEGIN
    for start, end, amount in questions:
        first, last, wanted = start // MINUTE, end // MINUTE, amount // MINUTE + 1
        inside = int(((first <= open_minutes) & (open_minutes < last)).sum())
        assert calendar.consumed_between(first * MINUTE, last * MINUTE) == inside * MINUTE
        assert calendar.is_open(start) == bool((open_minutes == first).any())
        later = open_minutes[open_minutes >= first][:wanted].tolist()
        due = calendar.deadline_at(first * MINUTE, wanted * MINUTE)
        assert due == ((later[-1] + 1) * MINUTE if len(later) == wanted else None)
        earlier = open_minutes[open_minutes < first][-wanted:].tolist()
        begin = calendar.backward_at(first * MINUTE, wanted * MINUTE)
        assert begin == (earlier[0] * MINUTE if len(earlier) == wanted else None)


@settings(max_examples=60, deadline=None)
@given(st.lists(specs, min_size=2, max_size=3))
def test_the_algebra_agrees_with_sets_of_minutes(several: list[CalendarSpec]) -> None:
    parts, sets = [Calendar(spec) for spec in several], [minutes_of(spec) for spec in several]
    for combined, expected in (
        (Calendar.union(*parts), np.logical_or.reduce(sets)),
        (Calendar.intersection(*parts), np.logical_and.reduce(sets)),
        (Calendar.difference(parts[0], parts[1]), sets[0] & ~sets[1]),
    ):
        intervals = combined.table.intervals
        found = np.zeros(MINUTES, bool)
        for start, end in zip(intervals.starts.tolist(), intervals.ends.tolist(), strict=True):
            assert 0 <= start // MINUTE - BEGIN <= end // MINUTE - BEGIN <= MINUTES
            found[start // MINUTE - BEGIN : end // MINUTE - BEGIN] = True
        assert (found == expected).all()
        table = combined.day_table
        assert (table.dates[:-1] < table.dates[1:]).all()
        if combined.definition.operation != "union":  # whose windows keep the dates they had
            dates = [combined.local_date(us).toordinal() for us in table.first_open.tolist()]
            assert dates == table.dates.tolist()
        assert all(expected[us // MINUTE - 1 - BEGIN] for us in table.last_close.tolist())


@settings(max_examples=150, deadline=None)
@given(calendars, instants, amounts)
def test_deadline_and_elapsed_are_inverse(calendar: Calendar, start: int, amount: int) -> None:
    due = calendar.deadline_at(start, amount)
    if due is None:
        assert calendar.consumed_between(start, start + 3 * 366 * DAY) < amount
        return
    assert calendar.consumed_between(start, due) == amount
    assert calendar.consumed_between(start, due - 1) == amount - 1  # so it is the earliest
    back = calendar.backward_at(due, amount)
    assert back is not None and calendar.next_open(start) == back  # the latest start with the same deadline
    assert calendar.deadline_at(back, amount) == due


@settings(max_examples=150, deadline=None)
@given(calendars, st.tuples(instants, instants, instants).map(sorted), amounts)
def test_elapsed_time_adds_up(calendar: Calendar, times: list[int], amount: int) -> None:
    a, b, c = times
    consumed = calendar.consumed_between
    assert consumed(a, b) + consumed(b, c) == consumed(a, c) <= c - a
    first = calendar.deadline_at(a, amount)
    if first is not None:
        assert calendar.deadline_at(first, amount) == calendar.deadline_at(a, 2 * amount)
    told = calendar.segments(a, c)
    assert [s.start for s in told] == [a, *(s.end for s in told[:-1])][: len(told)]
    assert sum(s.end - s.start for s in told if s.state == "open") == consumed(a, c)


@settings(max_examples=100, deadline=None)
@given(
    calendars,
    st.lists(st.tuples(instants, instants, st.one_of(st.just(0), amounts)), min_size=1),
    st.booleans(),
)
def test_arrays_agree_with_scalars(calendar: Calendar, rows: list[tuple[int, int, int]], many: bool) -> None:
    rows = rows * (9000 if many else 1)  # many are looked up in cells, few are searched
    starts, ends, more = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    distinct = len(rows) // 9000 if many else len(rows)
    consumed, due = calendar.consumed(starts, ends), calendar.deadline(starts, more)
    opened = calendar.deadline(starts, more, ends_at_next_opening=True)
    for at in [*range(distinct), *range(len(rows) - distinct, len(rows))]:
        start, end, amount = rows[at]
        assert consumed[at] == calendar.consumed_between(start, end)
        expected = calendar.deadline_at(start, amount)
        assert due[at] == (NEVER if expected is None else expected)
        expected = calendar._deadline_at(start, amount, True)
        assert opened[at] == (NEVER if expected is None else expected)


@settings(max_examples=100, deadline=None)
@given(calendars, instants, st.integers(1, 400))
def test_days_count_the_same_both_ways(calendar: Calendar, start: int, n: int) -> None:
    day = calendar.local_date(start)
    found = calendar.day_table.nth(day, n)
    if found is not None:
        between = calendar.day_table.nth(found.date, -n)
        assert between is None or between.date <= day
        assert calendar.days_at(start, n) == found.last_close == calendar.nth_close(day, n)
        assert found.date > day
