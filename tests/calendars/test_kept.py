"""Compiled calendars take so much memory and no more, and what is compiled again is the same."""

from __future__ import annotations

import gc
from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.calendars import kept
from slarules.calendars.calendar import Calendar
from slarules.calendars.table import Table
from slarules.calendars.zones import DAY, END, HOUR, MINUTE


def office(minute: int) -> Calendar:
    """Monday to Friday from some minutes after eight."""
    return Calendar.weekly("America/Denver", {day: [(f"08:{minute:02d}", "17:00")] for day in ("mon", "wed", "fri")})


def test_the_oldest_tables_go_and_come_again_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    one = office(0).table.size
    monkeypatch.setattr(kept, "ROOM", 3 * one + one // 2)
    monkeypatch.setattr(kept, "_kept", type(kept._kept)())
    offices = [office(minute) for minute in range(5)]
    first = [calendar.deadline_at(20_000 * DAY, 90 * HOUR) for calendar in offices]
    assert [("table" in vars(calendar)) for calendar in offices] == [False, False, True, True, True]
    assert [calendar.deadline_at(20_000 * DAY, 90 * HOUR) for calendar in offices] == first
    assert sum("table" in vars(calendar) for calendar in offices) == 3


def test_a_calendar_that_nobody_has_any_more_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_kept", type(kept._kept)())
    calendar = office(0)
    assert calendar.is_open(20_000 * DAY + 16 * HOUR) in (True, False)
    assert len(kept._kept) == 1
    del calendar
    gc.collect()
    other = office(1)
    assert other.table.size and [owner() for owner, _ in kept._kept] == [other]


def test_the_size_that_is_counted_is_no_less_than_its_columns() -> None:
    table = office(0).table
    columns = (table.intervals.starts, table.intervals.ends, table.before, table.dated.starts, table.dated.ends)
    days = (table.days.dates, table.days.first_open, table.days.last_close)
    looked_up = sum(len(column) * column.itemsize for column in (*table.scalars, table.guide))
    assert table.size >= sum(column.nbytes for column in (*columns, *days)) + looked_up - 1_000


near = st.sampled_from([0, 1, -1, MINUTE, -MINUTE])
bounds = st.builds(lambda day, by: day * DAY + by, st.integers(0, END // DAY), near)
instants = st.one_of(st.integers(-DAY, END + DAY), bounds)
TABLES = [office(0).table, Calendar.always("Pacific/Apia").table, Calendar.weekly("UTC", {}).table]


@settings(max_examples=200)
@given(instants, st.sampled_from(TABLES))
def test_the_guide_leads_to_where_a_search_would(instant: int, table: Table) -> None:
    """Also before 1970 and after 2200."""
    assert table.last_started(instant) == bisect_right(table.scalars[0], instant) - 1
