"""Opening times: what is open, deadlines and elapsed time, and what is said about them."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta

import pytest

from slarules.calendars.calendar import Calendar, CalendarSpec, Segment
from slarules.calendars.spec import ALL_DAY, WEEKDAYS, Window, unstated_clock_changes
from slarules.calendars.zones import DAY, END, HOUR, MINUTE, OutOfRange, UnknownZone, micros, zone

DENVER = "America/Denver"
OFFICE = [("08:00", "17:00")]
WORKDAYS = WEEKDAYS[:5]


def office(name: str = DENVER, **more: object) -> Calendar:
    """Monday to Friday, eight to five."""
    return Calendar.weekly(name, dict.fromkeys(WORKDAYS, OFFICE), **more)  # type: ignore[arg-type]


def at(text: str) -> int:
    """The instant of an ISO time with offset."""
    return micros(datetime.fromisoformat(text))


def test_a_deadline_skips_nights_and_weekends() -> None:
    start = datetime(2026, 3, 6, 16, tzinfo=zone(DENVER))  # a Friday
    due = office().deadline(start, timedelta(hours=2))
    assert due == datetime(2026, 3, 9, 9, tzinfo=zone(DENVER))
    assert due is not None and due.tzinfo is start.tzinfo
    assert office().consumed(start, due) == timedelta(hours=2)


def test_a_target_that_fills_a_window_ends_at_its_close() -> None:
    evening = datetime(2026, 3, 9, 20, tzinfo=zone(DENVER))
    calendar = office()
    assert calendar.deadline(evening, timedelta(hours=9)) == datetime(2026, 3, 10, 17, tzinfo=zone(DENVER))
    later = calendar.deadline(evening, timedelta(hours=9), ends_at_next_opening=True)
    assert later == datetime(2026, 3, 11, 8, tzinfo=zone(DENVER))
    inside = calendar.deadline(evening, timedelta(hours=1), ends_at_next_opening=True)
    assert inside == datetime(2026, 3, 10, 9, tzinfo=zone(DENVER))


def test_r28_zero_is_the_start_even_when_closed() -> None:
    night = datetime(2026, 3, 9, 3, tzinfo=UTC)
    assert office().deadline(night, timedelta(0)) == night
    assert office().deadline(night, timedelta(0), ends_at_next_opening=True) == night
    assert office().deadline(night, timedelta(0), backward=True) == night


def test_backward_mirrors_forward() -> None:
    calendar, morning = office(), datetime(2026, 3, 9, 9, tzinfo=zone(DENVER))
    friday = datetime(2026, 3, 6, 16, tzinfo=zone(DENVER))
    assert calendar.deadline(morning, timedelta(hours=-2)) == friday
    assert calendar.deadline(morning, timedelta(hours=2), backward=True) == friday
    assert calendar.deadline(friday, timedelta(hours=-2), backward=True) == morning
    evening = datetime(2026, 3, 9, 20, tzinfo=zone(DENVER))
    assert calendar.deadline(evening, timedelta(hours=-9)) == datetime(2026, 3, 9, 8, tzinfo=zone(DENVER))
    mirrored = calendar.deadline(evening, timedelta(hours=-9), ends_at_next_opening=True)
    assert mirrored == datetime(2026, 3, 6, 17, tzinfo=zone(DENVER))


def test_microseconds_are_exact() -> None:
    start = datetime(2026, 3, 9, 16, 59, 59, 999_999, tzinfo=zone(DENVER))
    due = office().deadline(start, timedelta(microseconds=2))
    assert due == datetime(2026, 3, 10, 8, 0, 0, 1, tzinfo=zone(DENVER))


def test_naive_times_and_far_years_are_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        office().deadline(datetime(2026, 3, 9), timedelta(hours=1))
    with pytest.raises(ValueError, match="has no zone"):
        office().consumed(datetime(2026, 3, 9), datetime(2026, 3, 10, tzinfo=UTC))
    with pytest.raises(OutOfRange):
        office().consumed(datetime(1969, 3, 9, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))


def test_bounds_of_open_time() -> None:
    calendar = office()
    opens, closes = at("2026-03-09T08:00-06:00"), at("2026-03-09T17:00-06:00")
    assert [calendar.is_open(t) for t in (opens - 1, opens, closes - 1, closes)] == [False, True, True, False]
    assert calendar.next_open(opens - HOUR) == opens == calendar.next_open(opens)
    assert calendar.next_open(closes) == opens + DAY
    assert calendar.next_close(opens - HOUR) == closes == calendar.next_close(opens)
    assert calendar.next_close(closes) == closes + DAY
    assert calendar.previous_open(closes) == closes == calendar.previous_open(closes + HOUR)
    assert calendar.previous_open(opens) == at("2026-03-06T17:00-07:00")
    assert calendar.consumed_between(closes, opens) == 0


def test_a_calendar_that_never_opens_or_runs_out_has_no_deadline() -> None:
    never, now = Calendar.weekly("UTC", {}), datetime(2026, 3, 8, tzinfo=UTC)
    for backward in (False, True):
        assert never.deadline(now, timedelta(hours=1), backward=backward) is None
        assert never.deadline_days(now, 1, backward=backward) is None
    assert never.deadline(now, timedelta(hours=1), ends_at_next_opening=True) is None
    assert never.next_open(0) is never.next_close(0) is never.previous_open(0) is None
    assert never.consumed_between(0, END) == 0 and not never.is_open(0)
    assert never.nth_close(date(2026, 1, 1), 1) is None and never.day_table.begun_before(END) is None
    always = Calendar.always("UTC")
    assert always.deadline_at(END - HOUR, HOUR) == END
    assert always.deadline_at(END - HOUR, HOUR + 1) is None
    assert always.backward_at(HOUR, HOUR + 1) is None and always.backward_at(HOUR, HOUR) == 0


def test_the_wrong_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="ask backward_at"):
        office().deadline_at(0, -1)
    assert office().backward_at(5, 0) == 5
    with pytest.raises(ValueError, match="ask deadline_at"):
        office().backward_at(0, -1)


# what a calendar is made of


def test_r31_a_window_over_midnight_belongs_to_its_starting_date() -> None:
    night = Calendar.weekly("UTC", {"mon": [("22:00", "06:00")]}, holidays=[date(2026, 3, 10)])
    assert night.consumed_between(at("2026-03-09T00:00Z"), at("2026-03-12T00:00Z")) == 8 * HOUR
    closed = Calendar.weekly("UTC", {"mon": [("22:00", "06:00")]}, holidays=[date(2026, 3, 9)])
    assert closed.consumed_between(at("2026-03-09T00:00Z"), at("2026-03-12T00:00Z")) == 0
    assert [night.day_table.nth(date(2026, 3, 8), n)[0] for n in (1, 2)] == [date(2026, 3, 9), date(2026, 3, 16)]
    assert night.nth_close(date(2026, 3, 8), 1) == at("2026-03-10T06:00Z")


def test_windows_that_touch_or_overlap_are_one() -> None:
    calendar = Calendar.weekly("UTC", {"mon": [("12:00", "17:00"), ("08:00", "12:00"), ("16:00", "18:00")]})
    assert calendar.next_close(at("2026-03-09T08:00Z")) == at("2026-03-09T18:00Z")
    everyday = Calendar.weekly("UTC", {day: [("00:00", "24:00")] for day in WEEKDAYS})
    assert len(everyday.table.intervals.starts) == 1
    assert everyday.nth_close(date(2026, 3, 9), 1) == at("2026-03-11T00:00Z")
    same = Calendar.weekly("UTC", {day: [("00:00", "00:00")] for day in WEEKDAYS})
    assert same.consumed_between(0, END) == END


def test_replaced_added_and_broken_dates() -> None:
    calendar = office(
        "UTC",
        holidays={date(2026, 3, 10): "Founders' Day", date(2026, 3, 12): "Inventory"},
        replaced={
            date(2026, 3, 9): [("10:00", "12:00")],
            date(2026, 3, 10): [("09:00", "10:00")],
            date(2026, 3, 13): [],
        },
        added={date(2026, 3, 12): [("20:00", "21:00")], date(2026, 3, 11): [("18:00", "19:00")]},
        breaks={
            date(2026, 3, 11): [("12:00", "13:00"), ("18:30", "20:00")],
            date(2026, 3, 14): [("00:00", "24:00")],
        },
    )
    hours = [
        calendar.consumed_between(at(f"2026-03-{day:02}T00:00Z"), at(f"2026-03-{day + 1:02}T00:00Z")) / HOUR
        for day in range(9, 15)
    ]
    assert hours == [2, 1, 8.5, 1, 0, 0]
    assert calendar.closures(date(2026, 3, 10)) is None  # open after all
    assert calendar.closures(date(2026, 3, 13)) is None


def test_a_break_that_cuts_a_night_window_on_its_second_date() -> None:
    night = Calendar.weekly(
        "UTC", {"mon": [("22:00", "06:00")]}, breaks={date(2026, 3, 10): [("01:00", "02:00")]}
    )
    assert night.consumed_between(at("2026-03-09T00:00Z"), at("2026-03-12T00:00Z")) == 7 * HOUR
    assert not night.day_table.is_open(date(2026, 3, 10))
    assert night.day_table.day(night.day_table.index_from(date(2026, 3, 9))).last_close == at(
        "2026-03-10T06:00Z"
    )


def test_a_window_that_a_gap_swallows_vanishes() -> None:
    calendar = Calendar.weekly("America/Los_Angeles", {"sun": [("02:30", "03:15")]})
    assert not calendar.day_table.is_open(date(2006, 4, 2))
    assert calendar.day_table.is_open(date(2006, 4, 9))


def test_a_date_that_clocks_skipped_has_no_windows() -> None:
    apia = office("Pacific/Apia")  # 2011-12-30 was a Friday
    assert not apia.day_table.is_open(date(2011, 12, 30))
    assert apia.nth_close(date(2011, 12, 29), 1) == at("2012-01-02T17:00+14:00")
    assert not Calendar.always("Pacific/Apia").day_table.is_open(date(2011, 12, 30))
    opened = Calendar.weekly("Pacific/Apia", {}, replaced={date(2011, 12, 30): OFFICE})
    assert opened.next_open(0) is None


def test_clock_changes_inside_windows_count_real_time() -> None:
    everyday = Calendar.weekly(DENVER, {day: [("00:00", "24:00")] for day in WEEKDAYS})
    lengths = [
        everyday.consumed_between(everyday.day_start(day), everyday.day_start(day + timedelta(days=1))) / HOUR
        for day in (date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1))
    ]
    assert lengths == [23, 24, 25]


def test_r31_a_calendar_may_state_gap_and_fold() -> None:
    week = (*((),) * 6, (Window(90 * MINUTE, 150 * MINUTE),))  # Sunday 01:30 to 02:30
    spring, autumn = at("2026-03-08T00:00Z"), at("2026-11-01T00:00Z")

    def hours(start: int, **stated: str) -> float:
        calendar = Calendar(CalendarSpec(DENVER, week, first_year=2026, last_year=2026, **stated))  # type: ignore
        return calendar.consumed_between(start, start + 2 * DAY) / HOUR

    assert (hours(spring), hours(autumn)) == (1, 2)
    assert hours(spring, gap="earlier") == 0  # 02:30 read as 01:30
    assert hours(autumn, fold="second") == 1


def test_years_of_a_calendar_may_be_limited() -> None:
    calendar = Calendar(CalendarSpec("UTC", ((ALL_DAY,),) * 7, first_year=2026, last_year=2026))
    assert calendar.next_open(0) == at("2026-01-01T00:00Z")
    assert calendar.next_close(0) == at("2027-01-01T00:00Z")
    with pytest.raises(ValueError, match="1970–2200"):
        CalendarSpec("UTC", ((),) * 7, first_year=1900)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"monday": OFFICE}, "'monday' is no weekday: did you mean 'mon'"),
        ({"1": OFFICE}, "'1' is no weekday"),
        ({"mon": [("8", "17:00")]}, "'8' is no wall-clock time"),
        ({"mon": [("08:00", "25:00")]}, "no wall-clock time"),
        ({"mon": [("08:00", "24:01")]}, "no wall-clock time"),
        ({"mon": [("08:00", "09:60")]}, "no wall-clock time"),
        ({"mon": [("08:00", "09:00:60")]}, "no wall-clock time"),
        ({"mon": [("24:00", "08:00")]}, "opens from 00:00 to 23:59"),
        ({"mon": [(8, 17)]}, "8 is no wall-clock time"),
        ({"mon": [(time(8, tzinfo=UTC), "09:00")]}, "names a zone"),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: dict[str, list[tuple[str, str]]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Calendar.weekly("UTC", hours)


def test_other_senseless_calendars_are_refused() -> None:
    with pytest.raises(UnknownZone):
        Calendar.weekly("Denver", {})
    with pytest.raises(UnknownZone):
        Calendar.always("Denver")
    with pytest.raises(ValueError, match="is no date"):
        office(holidays=[datetime(2026, 1, 1)])
    with pytest.raises(ValueError, match="is no date"):
        office(known_until="2026-01-01")
    with pytest.raises(ValueError, match="seven days"):
        CalendarSpec("UTC", ())


def test_times_and_windows_are_written_as_people_do() -> None:
    calendar = Calendar.weekly("UTC", {"mon": [(time(8, 0, 30), "08:01:00.000"[:8])]})
    assert isinstance(calendar.definition, CalendarSpec)
    assert str(calendar.definition.weekly[0][0]) == "08:00:30–08:01"
    assert str(Window(22 * HOUR, DAY)) == "22:00–24:00"


def test_calendars_are_values() -> None:
    one, other = office(holidays=[date(2026, 1, 1)]), office(holidays=[date(2026, 1, 1)])
    assert one == other and hash(one) == hash(other) and one != office()
    assert one.next_open(0) == pickle.loads(pickle.dumps(one)).next_open(0)
    with pytest.raises(AttributeError):
        one.definition = other.definition  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        one.table.intervals.starts[0] = 0


# what is known, and explanations


def test_r30_beyond_a_supplied_list_open_time_is_unknown() -> None:
    calendar = office(known_until=date(2026, 1, 1), unknown_name="holidays of CollabwareHolidays")
    assert calendar.unknown_from == at("2026-01-01T08:00-07:00")
    assert calendar.unknown_names == ("holidays of CollabwareHolidays",)
    assert office().unknown_from is None and office().unknown_names == ()
    assert Calendar.always("UTC").unknown_from is None and Calendar.always("UTC").unknown_names == ()
    assert office(known_until=date(2026, 1, 1)).unknown_names == ()


def test_why_a_date_is_closed() -> None:
    calendar = office(holidays={date(2026, 5, 25): "Memorial Day"})
    assert calendar.closures(date(2026, 5, 25)) == "Memorial Day"
    assert calendar.closures(date(2026, 5, 24)) is calendar.closures(date(2026, 5, 26)) is None
    assert office(holidays=[date(2026, 5, 25)]).closures(date(2026, 5, 25)) == "holiday"
    assert Calendar.always("UTC").closures(date(2026, 5, 25)) is None


def test_time_is_told_in_segments_with_reasons() -> None:
    calendar = office(holidays={date(2026, 5, 25): "Memorial Day"})
    start, end = at("2026-05-22T16:00-06:00"), at("2026-05-26T09:00-06:00")
    friday, monday = at("2026-05-22T17:00-06:00"), at("2026-05-25T00:00-06:00")
    tuesday, opening = at("2026-05-26T00:00-06:00"), at("2026-05-26T08:00-06:00")
    assert calendar.segments(start, end) == [
        Segment(start, friday, "open", None),
        Segment(friday, monday, "closed", None),
        Segment(monday, tuesday, "closed", "Memorial Day"),
        Segment(tuesday, opening, "closed", None),
        Segment(opening, end, "open", None),
    ]
    assert calendar.segments(monday + HOUR, monday + 2 * HOUR) == [
        Segment(monday + HOUR, monday + 2 * HOUR, "closed", "Memorial Day")
    ]
    assert calendar.segments(end, start) == []
    assert Calendar.weekly("UTC", {}).segments(0, HOUR) == [Segment(0, HOUR, "closed", None)]


def test_r31_bounds_that_clocks_skip_or_show_twice_are_found() -> None:
    def changes(*hours: tuple[str, str], **more: object) -> list[tuple[date, str, str]]:
        calendar = Calendar.weekly(DENVER, {"sun": hours}, **more)  # type: ignore[arg-type]
        assert isinstance(calendar.definition, CalendarSpec)
        return unstated_clock_changes(calendar.definition, 2026, 2026)  # type: ignore[return-value]

    gap, fold = date(2026, 3, 8), date(2026, 11, 1)
    assert changes(("08:00", "17:00")) == []
    assert changes(("02:30", "17:00")) == [(gap, "gap", "02:30")]
    assert changes(("01:00", "01:30")) == [(fold, "fold", "01:00"), (fold, "fold", "01:30")]
    assert changes(("00:00", "02:00")) == []  # the first moment of a gap is one instant either way
    assert changes(("23:00", "01:30")) == []  # on the Monday
    assert changes(added={gap: [("02:15", "04:00")]}) == [(gap, "gap", "02:15")]
    assert changes(breaks={fold: [("01:15", "04:00")]}) == [(fold, "fold", "01:15")]
    saturday = Calendar.weekly(DENVER, {"sat": [("22:00", "02:30")]})
    assert isinstance(saturday.definition, CalendarSpec)
    assert unstated_clock_changes(saturday.definition, 2026, 2026) == [(gap, "gap", "02:30")]


def test_r31_midnight_and_skipped_dates_need_no_statement() -> None:
    for name in ("America/Sao_Paulo", "America/Havana", "Pacific/Apia"):
        calendar = Calendar.weekly(name, {day: [("00:00", "24:00")] for day in WEEKDAYS})
        assert isinstance(calendar.definition, CalendarSpec)
        assert unstated_clock_changes(calendar.definition, 2010, 2018) == []
    apia = office("Pacific/Apia")
    assert isinstance(apia.definition, CalendarSpec)
    assert unstated_clock_changes(apia.definition, 2011, 2011) == []


@pytest.mark.parametrize("name", ["America/Havana", "Pacific/Apia"])
def test_r31_windows_from_midnight_to_midnight_are_the_zones_dates(name: str) -> None:
    always, every = Calendar.always(name), Calendar(CalendarSpec(name, ((ALL_DAY,),) * 7, gap="earlier", fold="second"))
    assert always.consumed_between(0, END) == every.consumed_between(0, END) == END
    first, second = ([table.day(n) for n in range(len(table))] for table in (always.day_table, every.day_table))
    assert first == second


def test_a_date_whose_only_window_the_clocks_skip_is_not_open() -> None:
    nights = Calendar.weekly(DENVER, {day: [("02:00", "03:00")] for day in WEEKDAYS})
    days = nights.day_table
    assert [days.is_open(date(2026, 3, number)) for number in (7, 8, 9)] == [True, False, True]
    assert nights.nth_close(date(2026, 3, 7), 1) == at("2026-03-09T03:00-06:00")


def test_the_order_of_a_dates_windows_says_nothing() -> None:
    morning, noon = (time(9, 0, 0, 5), "12:00:30"), ("13:00", "17:00")
    calendar = Calendar.weekly("UTC", {"mon": [noon, morning]})
    assert calendar == Calendar.weekly("UTC", {"mon": [morning, noon]})
    assert calendar.next_open(at("2026-03-09T00:00+00:00")) == at("2026-03-09T09:00:00.000005+00:00")
    assert calendar.next_close(at("2026-03-09T00:00+00:00")) == at("2026-03-09T12:00:30+00:00")
