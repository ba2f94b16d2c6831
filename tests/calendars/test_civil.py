"""Civil dates: counted from the anchor, rounded only as the contract says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.calendars import civil
from slarules.calendars.civil import NoSuchDay, add_days, add_months, add_years, months_between
from slarules.calendars.zones import OutOfRange, micros

dates = st.dates(date(1995, 1, 1), date(2150, 12, 31))  # 300 months either way stay within 1970–2200


def test_a_day_that_does_not_exist_is_an_error_until_it_is_rounded() -> None:
    anchor = date(2025, 1, 31)
    with pytest.raises(NoSuchDay, match=r"day 31 of February 2025, which does not exist: say `rounding up`"):
        add_months(anchor, 1)
    assert add_months(anchor, 1, "up") == date(2025, 3, 1)
    assert add_months(anchor, 1, "down") == date(2025, 2, 28)
    assert add_months(anchor, 2) == date(2025, 3, 31)  # from the anchor, not from February
    assert add_months(anchor, -2, "up") == date(2024, 12, 1)


def test_a_day_that_exists_is_never_rounded() -> None:
    assert add_months(date(2025, 11, 30), 3, "up") == date(2026, 3, 1)
    assert add_months(date(2024, 1, 29), 1, "up") == date(2024, 2, 29)
    assert add_months(date(2025, 4, 30), 1, "down") == date(2025, 5, 30)


def test_years() -> None:
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert add_years(date(2024, 2, 29), 1, "up") == date(2025, 3, 1)
    assert add_years(date(2024, 2, 29), -1, "down") == date(2023, 2, 28)


def test_days() -> None:
    assert add_days(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert civil.days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert civil.days_between(date(2024, 3, 1), date(2024, 2, 28)) == -2


@pytest.mark.parametrize("n", [-100_000, 100_000, 10**12])
def test_dates_end_in_2200(n: int) -> None:
    with pytest.raises(OutOfRange):
        add_days(date(2025, 1, 1), n)
    with pytest.raises(OutOfRange):
        add_months(date(2025, 1, 1), n)


def test_r14_a_date_ends_at_the_next_ones_first_instant() -> None:
    assert civil.due_by_end_of(date(2025, 3, 22), "America/Los_Angeles") == micros(
        datetime(2025, 3, 23, 7, tzinfo=UTC)
    )
    assert civil.due_by_end_of(date(2018, 11, 3), "America/Sao_Paulo") == micros(
        datetime(2018, 11, 4, 3, tzinfo=UTC)
    )


def test_the_first_and_the_last_of_the_years_belong_to_them() -> None:
    assert add_months(date(2200, 11, 30), 1) == date(2200, 12, 30) == add_days(date(2200, 12, 29), 1)
    assert add_months(date(1970, 2, 1), -1) == date(1970, 1, 1) == add_days(date(1970, 1, 2), -1)
    with pytest.raises(OutOfRange):
        add_months(date(2200, 12, 1), 1)


def test_anniversaries() -> None:
    first = date(2024, 2, 29)
    assert civil.next_anniversary(first, date(2024, 3, 1), "up") == date(2025, 3, 1)
    assert civil.next_anniversary(first, date(2025, 3, 1), "up") == date(2026, 3, 1)
    assert civil.next_anniversary(first, date(2027, 5, 1)) == date(2028, 2, 29)
    assert civil.next_anniversary(first, date(2025, 2, 28), "down") == date(2026, 2, 28)
    with pytest.raises(NoSuchDay):
        civil.next_anniversary(first, date(2025, 1, 1))
    assert civil.next_anniversary(date(2024, 6, 1), date(2020, 1, 1)) == date(2025, 6, 1)


def test_whole_months() -> None:
    assert months_between(date(2025, 1, 31), date(2025, 2, 28)) == 1
    assert months_between(date(2025, 1, 31), date(2025, 2, 28), "up") == 0
    assert months_between(date(2025, 1, 15), date(2026, 1, 14)) == 11
    assert months_between(date(2026, 1, 15), date(2025, 1, 15)) == -12
    assert months_between(date(2026, 3, 15), date(2026, 2, 10)) == -1
    assert months_between(date(2025, 1, 15), date(2025, 1, 20)) == 0


@given(dates, st.integers(-300, 300))
def test_rounding_up_and_down_enclose_the_end_of_the_month(day: date, n: int) -> None:
    down, up = add_months(day, n, "down"), add_months(day, n, "up")
    assert (
        (down == up == add_months(day, n)) if down.day == day.day else (up - down).days == 1 and up.day == 1
    )


@given(dates, st.integers(0, 300))
def test_months_between_undoes_adding_months(day: date, n: int) -> None:
    assert months_between(day, add_months(day, n, "down")) == n
    assert months_between(day, add_months(day, n, "up"), "up") == n
