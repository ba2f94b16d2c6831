"""Union, intersection and difference of calendars, their days and what is known of them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from slarules.calendars.calendar import Calendar
from slarules.calendars.spec import WEEKDAYS
from slarules.calendars.zones import END, HOUR, micros

DAY_SHIFT = Calendar.weekly("UTC", {day: [("06:00", "22:00")] for day in WEEKDAYS})
NIGHT_SHIFT = Calendar.weekly("UTC", {day: [("22:00", "06:00")] for day in WEEKDAYS})
EVERYDAY = Calendar.weekly("UTC", {day: [("00:00", "24:00")] for day in WEEKDAYS})
WORKDAYS = Calendar.weekly("UTC", {day: [("00:00", "24:00")] for day in WEEKDAYS[:5]})
OFFICE = Calendar.weekly("UTC", {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]})
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


def at(text: str) -> int:
    """The instant of a time in UTC."""
    return micros(datetime.fromisoformat(text + "Z"))


def day(calendar: Calendar, when: date) -> tuple[date, int, int] | None:
    """The date's entry in the day table."""
    days = calendar.day_table
    return days.day(days.index_from(when)) if days.is_open(when) else None


def test_a_union_is_open_when_any_is() -> None:
    both = Calendar.union(DAY_SHIFT, NIGHT_SHIFT)
    assert both.consumed_between(0, END) == END
    assert day(both, MONDAY) == (MONDAY, at("2026-03-09 06:00"), at("2026-03-10 06:00"))
    with_always = Calendar.union(Calendar.always("UTC"), OFFICE)
    assert day(with_always, MONDAY) == (MONDAY, at("2026-03-09 00:00"), at("2026-03-10 00:00"))


def test_an_intersection_is_open_when_all_are() -> None:
    calendar = Calendar.intersection(EVERYDAY, WORKDAYS, Calendar.always("UTC"))
    assert day(calendar, TUESDAY) == (TUESDAY, at("2026-03-10 00:00"), at("2026-03-11 00:00"))
    assert day(calendar, date(2026, 3, 14)) is None
    every_date = Calendar.intersection(EVERYDAY, Calendar.always("UTC"))  # one interval of all years
    assert day(every_date, MONDAY) == (MONDAY, at("2026-03-09 00:00"), at("2026-03-10 00:00"))
    once = Calendar.weekly("UTC", {}, replaced={MONDAY: [("22:00", "06:00")]})
    assert day(Calendar.intersection(once, EVERYDAY), MONDAY) == day(once, MONDAY)
    night = Calendar.intersection(EVERYDAY, NIGHT_SHIFT)
    assert day(night, MONDAY) == (MONDAY, at("2026-03-09 22:00"), at("2026-03-10 06:00"))
    nothing = Calendar.intersection(DAY_SHIFT, NIGHT_SHIFT)
    assert nothing.next_open(0) is None and len(nothing.day_table) == 0
    empty = Calendar.intersection(Calendar.weekly("UTC", {}), OFFICE)
    assert empty.next_open(0) is None


def test_a_difference_is_open_when_the_first_is_and_the_second_is_not() -> None:
    out_of_hours = Calendar.difference(Calendar.always("UTC"), OFFICE)
    assert not out_of_hours.is_open(at("2026-03-09 09:00")) and out_of_hours.is_open(at("2026-03-09 17:00"))
    assert out_of_hours.consumed_between(at("2026-03-09 00:00"), at("2026-03-10 00:00")) == 16 * HOUR
    assert Calendar.difference(OFFICE, Calendar.weekly("UTC", {})).nth_close(MONDAY, 1) == at(
        "2026-03-10 17:00"
    )
    assert Calendar.difference(OFFICE, EVERYDAY).next_open(0) is None


def test_days_belong_to_the_dates_of_the_first_ones_zone() -> None:
    tokyo = Calendar.weekly("Asia/Tokyo", {"tue": [("06:00", "10:00")]})  # Monday 21:00 to Tuesday 01:00 UTC
    assert day(Calendar.union(OFFICE, tokyo), MONDAY) == (
        MONDAY,
        at("2026-03-09 09:00"),
        at("2026-03-10 01:00"),
    )
    assert day(Calendar.intersection(EVERYDAY, tokyo), MONDAY) == (
        MONDAY,
        at("2026-03-09 21:00"),
        at("2026-03-10 01:00"),
    )
    assert Calendar.union(OFFICE, tokyo).zone == "UTC"
    rested = Calendar.weekly("UTC", {"mon": [("22:00", "06:00")]}, breaks={MONDAY: [("23:00", "01:00")]})
    assert day(Calendar.union(rested, tokyo), TUESDAY) is None  # what comes after the break is Monday's still


def test_what_needs_operands() -> None:
    with pytest.raises(ValueError, match="a union needs at least one calendar"):
        Calendar.union()
    assert Calendar.intersection(OFFICE) is OFFICE
    assert Calendar.union(OFFICE, EVERYDAY) == Calendar.union(OFFICE, EVERYDAY)


def test_holidays_of_combined_calendars() -> None:
    first = Calendar.weekly(
        "UTC", {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]}, holidays={MONDAY: "First"}
    )
    other = Calendar.weekly(
        "UTC",
        {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]},
        holidays={MONDAY: "Other", TUESDAY: "Second"},
    )
    assert Calendar.intersection(first, other).closures(MONDAY) == "First"
    assert Calendar.intersection(first, other).closures(TUESDAY) == "Second"
    assert Calendar.union(first, other).closures(MONDAY) == "First"
    assert Calendar.union(first, other).closures(TUESDAY) is None
    assert Calendar.difference(first, other).closures(MONDAY) == "First"
    sunday = date(2026, 3, 8)
    tuesdays = Calendar.weekly("UTC", {"tue": [("09:00", "17:00")]}, holidays={sunday: "Idle"})
    assert Calendar.intersection(first, tuesdays).closures(MONDAY) is None  # nor would it be open without the holiday
    assert Calendar.union(first, tuesdays).closures(MONDAY) == "First"
    assert Calendar.difference(tuesdays, first).closures(MONDAY) is tuesdays.closures(sunday) is None
    later = Calendar.weekly("UTC", {day: [("10:00", "11:00")] for day in WEEKDAYS}, holidays={TUESDAY: "Later"})
    told = Calendar.intersection(first, later).segments(at("2026-03-08 12:00"), at("2026-03-11 12:00"))
    assert [(one.end, one.reason) for one in told] == [
        (at("2026-03-09 00:00"), None),
        (at("2026-03-10 00:00"), "First"),
        (at("2026-03-11 00:00"), "Later"),
        (at("2026-03-11 10:00"), None),
        (at("2026-03-11 11:00"), None),  # open
        (at("2026-03-11 12:00"), None),
    ]
    told = Calendar.union(first, later).segments(at("2026-03-09 00:00"), at("2026-03-09 10:00"))
    assert told == [(at("2026-03-09 00:00"), at("2026-03-09 10:00"), "closed", None)]  # a date that is open


def test_r30_what_is_unknown_of_combined_calendars() -> None:
    supplied = Calendar.weekly(
        "UTC",
        {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]},
        known_until=date(2026, 3, 7),
        unknown_name="the list",
    )
    monday = at("2026-03-09 09:00")
    assert Calendar.intersection(EVERYDAY, supplied).unknown_from == monday
    assert Calendar.union(EVERYDAY, supplied).unknown_from is None  # open whatever the list says
    early = Calendar.weekly("UTC", {"mon": [("08:00", "10:00")]})
    assert Calendar.union(early, supplied).unknown_from == at("2026-03-09 10:00")
    assert Calendar.union(supplied, supplied).unknown_from == monday
    assert Calendar.difference(supplied, early).unknown_from == at("2026-03-09 10:00")
    assert Calendar.difference(EVERYDAY, supplied).unknown_from == monday  # closed then, unless a holiday
    assert Calendar.difference(early, supplied).unknown_from == monday
    assert Calendar.difference(NIGHT_SHIFT, supplied).unknown_from is None
    assert Calendar.union(OFFICE, EVERYDAY).unknown_from is None
    once = Calendar.weekly("UTC", {}, replaced={MONDAY: [("09:00", "17:00")]}, known_until=TUESDAY)
    assert once.unknown_from is None
    at_noon = Calendar.weekly("UTC", {"tue": [("12:00", "13:00")]})
    assert Calendar.intersection(EVERYDAY, supplied, at_noon).unknown_from == at("2026-03-10 12:00")
    saturdays = {"sat": [("09:00", "17:00")]}
    sooner = Calendar.weekly("UTC", saturdays, known_until=date(2026, 2, 28))
    assert Calendar.union(supplied, sooner).unknown_from == at("2026-02-28 09:00")
    assert Calendar.union(sooner, Calendar.weekly("UTC", saturdays), supplied).unknown_from == monday
    assert Calendar.union(supplied, supplied, EVERYDAY).unknown_names == ("the list",)


def test_r30_an_interval_of_years_is_unknown_from_within_it() -> None:
    hours = {day: [("00:00", "24:00")] for day in WEEKDAYS}
    supplied = Calendar.weekly("UTC", hours, known_until=date(2026, 3, 7))
    saturday = at("2026-03-07 00:00")
    assert Calendar.intersection(EVERYDAY, supplied).unknown_from == saturday
    assert Calendar.union(supplied, supplied).unknown_from == saturday
    evenings = Calendar.weekly("UTC", {day: [("22:00", "24:00")] for day in ("mon", "fri")})
    assert Calendar.intersection(evenings, supplied).unknown_from == at("2026-03-09 22:00")
