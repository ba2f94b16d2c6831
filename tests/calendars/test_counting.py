"""Counting open dates, under each rule, forward and backward."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from slarules.calendars.calendar import Calendar
from slarules.calendars.counting import DayRule
from slarules.calendars.zones import micros

OFFICE = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
LONG = {day: [("08:00", "20:00")] for day in OFFICE}
AROUND = {day: [("00:00", "24:00")] for day in OFFICE}
SPARSE = {day: [("09:00", "17:00")] for day in ("mon", "wed", "thu", "sun")}
UNEVEN = {
    "mon": [("09:00", "17:00")],
    "tue": [("10:00", "16:00")],
    "wed": [("09:00", "17:00")],
    "thu": [("10:00", "16:00")],
    "fri": [("09:00", "17:00")],
    "sat": [("11:00", "14:30")],
}


def at(text: str) -> int:
    """The instant of a time in UTC."""
    return micros(datetime.fromisoformat(text + "Z"))


@pytest.mark.parametrize(
    ("hours", "start", "n", "end"),
    [
        (LONG, "2018-11-19 10:00", 7, "2018-11-28 20:00"),
        (LONG, "2018-11-19 10:00", -7, "2018-11-08 20:00"),
        (AROUND, "2018-11-19 10:00", 7, "2018-11-29 00:00"),
        (AROUND, "2018-11-19 10:00", -7, "2018-11-09 00:00"),
        (OFFICE, "2026-03-07 10:00", 1, "2026-03-09 17:00"),  # from a Saturday: Monday is the first
        (OFFICE, "2026-03-09 20:00", 1, "2026-03-10 17:00"),  # Monday is the start's day, however late
        (OFFICE, "2026-03-07 10:00", 0, "2026-03-07 10:00"),  # R28
    ],
)
def test_r15_the_close_of_the_nth_open_date(
    hours: dict[str, list[tuple[str, str]]], start: str, n: int, end: str
) -> None:
    calendar = Calendar.weekly("UTC", hours)
    assert calendar.days_at(at(start), n) == at(end)
    assert calendar.days_at(at(start), -n, backward=True) == at(end)
    assert calendar.deadline_days(datetime.fromisoformat(start + "Z"), n) == datetime.fromisoformat(end + "Z")


@pytest.mark.parametrize(
    ("rule", "hours", "start", "n", "end"),
    [
        ("wall", LONG, "2018-11-19 10:00", 7, "2018-11-28 10:00"),
        ("wall", LONG, "2018-11-19 10:00", -7, "2018-11-08 10:00"),
        ("wall", OFFICE, "2026-03-07 22:00", 1, "2026-03-09 22:00"),
        ("wall", OFFICE, "2026-03-07 22:00", 0, "2026-03-07 22:00"),
        ("wall_then_snap", UNEVEN, "2006-01-09 12:00", -2, "2006-01-06 12:00"),
        ("wall_then_snap", UNEVEN, "2006-01-05 08:00", -2, "2006-01-02 17:00"),
        ("wall_then_snap", UNEVEN, "2006-01-05 18:00", -2, "2006-01-03 16:00"),
        ("wall_then_snap", UNEVEN, "2006-01-06 12:30:52", 2, "2006-01-09 12:30:52"),
        ("wall_then_snap", UNEVEN, "2006-01-03 08:00", 2, "2006-01-05 10:00"),
        ("wall_then_snap", UNEVEN, "2006-01-03 18:00", 2, "2006-01-06 09:00"),
        ("wall_then_snap", UNEVEN, "2006-01-02 13:00", 0, "2006-01-02 13:00"),
        ("wall_then_snap", UNEVEN, "2006-01-03 03:00", 0, "2006-01-03 10:00"),
        ("roll_then_wall", OFFICE, "1991-11-15 14:00:42", 1, "1991-11-18 14:00:42"),
        ("roll_then_wall", OFFICE, "1991-11-15 00:00", -7, "1991-11-06 00:00"),
        ("roll_then_wall", SPARSE, "2014-04-08 00:00", 1, "2014-04-10 00:00"),
        ("roll_then_wall", SPARSE, "2014-04-08 00:00", -1, "2014-04-06 00:00"),
        ("roll_then_wall", SPARSE, "2014-04-08 03:00", 0, "2014-04-08 03:00"),  # as its library has it; R28
        ("open_roll_then_wall", OFFICE, "2010-04-09 12:33", 5, "2010-04-16 12:33"),
        ("open_roll_then_wall", OFFICE, "2010-04-10 12:33", 0, "2010-04-12 09:00"),
        ("open_roll_then_wall", OFFICE, "2010-04-10 23:55", 1, "2010-04-13 09:00"),
        ("open_roll_then_wall", OFFICE, "2015-10-14 01:54", 1, "2015-10-15 09:00"),
        ("open_roll_then_wall", OFFICE, "2015-10-14 21:54", 1, "2015-10-16 09:00"),
        ("open_roll_then_wall", OFFICE, "2010-04-10 03:00", -1, "2010-04-08 09:00"),
        ("open_roll_then_wall", OFFICE, "2015-10-14 01:54", -1, "2015-10-12 09:00"),
        ("open_roll_then_wall", OFFICE, "2015-10-14 21:54", -1, "2015-10-13 09:00"),
        ("open_roll_then_wall", OFFICE, "2010-04-12 12:33", -1, "2010-04-09 12:33"),
        ("open_roll_then_wall", OFFICE, "2010-04-12 17:00", 1, "2010-04-13 17:00"),
        (
            "open_roll_then_wall",
            UNEVEN,
            "2006-01-06 16:30",
            1,
            "2006-01-09 09:00",
        ),  # closed there: on it goes
    ],
)
def test_the_day_rules_of_help_desks(
    rule: DayRule, hours: dict[str, list[tuple[str, str]]], start: str, n: int, end: str
) -> None:
    calendar = Calendar.weekly("UTC", hours)
    assert calendar.days_at(at(start), n, rule) == at(end)
    assert calendar.days_at(at(start), -n, rule, n != 0) == at(end)


def test_zero_days_backward_snap_backward() -> None:
    calendar = Calendar.weekly("UTC", OFFICE)
    saturday = at("2016-01-30 12:33")
    assert calendar.days_at(saturday, 0, "wall_then_snap", backward=True) == at("2016-01-29 17:00")
    assert calendar.days_at(saturday, 0, "roll_then_wall", backward=True) == saturday
    assert calendar.days_at(saturday, 0, "open_roll_then_wall", backward=True) == at("2016-01-29 09:00")


def test_dates_are_the_calendars_and_wall_times_survive_a_change_of_clocks() -> None:
    tokyo = Calendar.weekly("Asia/Tokyo", OFFICE)
    assert tokyo.days_at(at("1991-11-14 21:00"), 1, "roll_then_wall") == at("1991-11-17 21:00")
    denver = Calendar.weekly("America/Denver", OFFICE)
    assert denver.days_at(at("2026-03-06 17:00"), 1, "wall") == at("2026-03-09 16:00")


@pytest.mark.parametrize(
    "rule", ["end_of_day", "wall", "wall_then_snap", "roll_then_wall", "open_roll_then_wall"]
)
def test_days_that_run_out(rule: DayRule) -> None:
    once = Calendar.weekly("UTC", {}, replaced={date(2026, 3, 9): [("09:00", "17:00")]})
    for start in ("2026-03-09 12:00", "2026-03-09 20:00", "2026-03-20 12:00"):
        assert once.days_at(at(start), 1, rule) is None
    for start in ("2026-03-09 12:00", "2026-03-09 05:00", "2026-03-01 12:00"):
        assert once.days_at(at(start), -1, rule) is None
    assert once.days_at(at("2026-03-20 12:00"), 0, "roll_then_wall") == at("2026-03-20 12:00")
    only = once.day_table.day(0)
    assert once.day_table.nth(date(2026, 3, 20), -1) == once.day_table.nth(date(2026, 3, 1), 1) == only
    assert once.day_table.begun_before(at("2026-03-20 12:00")) == only
    assert (
        Calendar.weekly("UTC", {}).deadline_days(datetime.fromisoformat("2026-03-09T12:00Z"), 2, rule) is None
    )


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="'noon' is no rule for counting days"):
        Calendar.always("UTC").days_at(0, 1, "noon")  # type: ignore[arg-type]


def test_days_of_a_calendar_one_by_one() -> None:
    calendar = Calendar.weekly("UTC", OFFICE, holidays=[date(2026, 3, 9)])
    days = calendar.day_table
    friday, tuesday = date(2026, 3, 6), date(2026, 3, 10)
    assert days.is_open(friday) and not days.is_open(date(2026, 3, 7)) and not days.is_open(date(2300, 1, 1))
    assert days.nth(friday, 1) == (tuesday, at("2026-03-10 09:00"), at("2026-03-10 17:00"))
    assert days.nth(tuesday, -1) == (friday, at("2026-03-06 09:00"), at("2026-03-06 17:00"))
    assert days.index_from(friday) + 1 == days.index_after(friday) == days.index_from(tuesday)
    begun = [days.begun_before(at(f"2026-03-10 {time}")) for time in ("09:00", "12:00", "20:00")]
    assert [found and found.date for found in begun] == [friday, tuesday, tuesday]
    assert [calendar.nth_close(friday, n) for n in (1, 2)] == [at("2026-03-10 17:00"), at("2026-03-11 17:00")]
    assert calendar.local_date(at("2026-03-10 17:00")) == tuesday
    with pytest.raises(ValueError, match="counted from one"):
        days.nth(friday, 0)


def test_days_of_always_are_the_zones_dates() -> None:
    days = Calendar.always("America/New_York").day_table
    day = days.day(days.index_from(date(2025, 3, 9)))
    assert (day.first_open, day.last_close) == (at("2025-03-09 05:00"), at("2025-03-10 04:00"))
