"""What callers hand to a calendar: each wrong thing is refused in words that say what is right; arrays as scalars."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from slarules import Calendar

ZONE = ZoneInfo("America/New_York")
HOURS = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
DESK = Calendar.weekly("America/New_York", HOURS)
FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)
MICROS = int(FRIDAY.timestamp()) * 1_000_000
MANY = np.array([MICROS] * 3)
LEFT_OUT: Any = None
ANY: Any = Calendar
"""The calendar's class as somebody without types calls it."""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda c: c.deadline("2026-03-06T16:00Z", HOUR), "an instant is an aware datetime, or in arrays microseconds"),
        (lambda c: c.deadline(date(2026, 3, 6), HOUR), "an instant is an aware datetime.*, not date"),
        (lambda c: c.deadline(MICROS, HOUR), "deadline_at"),
        (lambda c: c.deadline(FRIDAY, 3600), "an amount of open time is a timedelta.*, not int"),
        (lambda c: c.deadline(FRIDAY, "4 hours"), "an amount of open time is a timedelta.*, not str"),
        (lambda c: c.consumed("a", "b"), "an instant is an aware datetime.*, not str"),
        (lambda c: c.consumed(FRIDAY, LEFT_OUT), "an instant is an aware datetime.*, not NoneType"),
        (lambda c: c.deadline_days(MANY.tolist(), 3), "an instant is an aware datetime.*, not list"),
        (lambda c: c.deadline_days(MANY, 1.5), "days integers, not float64"),
        (lambda c: c.deadline_days(FRIDAY, 1.5), "days are counted in whole numbers, not 1.5"),
        (lambda c: c.deadline_days(FRIDAY, "3"), "days are counted in whole numbers, not '3'"),
        (lambda c: c.deadline_days("now", 3), "an instant is an aware datetime.*, not str"),
        (lambda c: c.deadline(MANY.astype("datetime64[us]"), HOUR), "know no zone.*astype"),
        (lambda c: c.deadline(MANY, MANY.astype("timedelta64[us]")), "know no zone|astype"),
        (lambda c: ANY.weekly(ZONE, HOURS), "a zone is named by a text"),
        (lambda c: ANY.weekly("UTC", [("09:00", "17:00")]), "hours are told by weekday"),
        (lambda c: ANY.weekly("UTC", {"mon": "09:00-17:00"}), r"pairs.*\('09:00', '17:00'\)"),
        (lambda c: ANY.weekly("UTC", {"mon": ("09:00", "17:00")}), r"pairs.*\('09:00', '17:00'\)"),
        (lambda c: ANY.weekly("UTC", {"mon": [("09:00", "12:00", "17:00")]}), "pairs"),
        (lambda c: ANY.weekly("UTC", {"mon": None}), "pairs"),
        (lambda c: ANY.weekly("UTC", HOURS, holidays=date(2026, 1, 1)), "several dates"),
        (lambda c: ANY.weekly("UTC", HOURS, holidays="2026-01-01"), "several dates"),
        (lambda c: ANY.weekly("UTC", HOURS, breaks=[date(2026, 1, 1)]), "by date"),
        (lambda c: ANY.union("a", c), "union is of calendars, not of str"),
    ],
)
def test_what_is_none_is_refused_in_words(asked: Callable[[Any], Any], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        asked(DESK)


def test_one_instant_or_amount_beside_many() -> None:
    due = DESK.deadline(MANY, HOUR)
    assert due.tolist() == [MICROS + 3_600_000_000] * 3
    assert DESK.deadline(FRIDAY, np.array([0, 3_600_000_000])).tolist() == [MICROS, MICROS + 3_600_000_000]
    assert DESK.consumed(FRIDAY, due).tolist() == [3_600_000_000] * 3
    assert DESK.consumed(due - 5, FRIDAY + HOUR).tolist() == [5] * 3


def test_instants_that_seem_to_count_another_unit_are_warned_of() -> None:
    seconds = MANY // 1_000_000
    asked: list[Callable[[Any], Any]] = [
        lambda starts: DESK.deadline(starts, HOUR),
        lambda starts: DESK.deadline(starts, HOUR, backward=True),
        lambda starts: DESK.consumed(starts, starts + 60_000),
        lambda starts: DESK.deadline_days(starts, 1),
    ]
    for ask in asked:
        for starts in (seconds, seconds * 1_000):
            with pytest.warns(UserWarning, match=r"is 1970-0.*milliseconds or seconds"):
                ask(starts)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ask(MANY)
            ask(MANY[:0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        DESK.consumed(seconds, MANY)  # from the beginning of time until now


def test_an_array_of_no_dimension_has_one_answer() -> None:
    one = np.array(MICROS)
    assert DESK.deadline(one, np.array(3_600_000_000)).item() == MICROS + 3_600_000_000
    assert DESK.consumed(one, one + 5).item() == 5


def test_amounts_in_a_list_end_at_the_next_opening_as_those_in_an_array() -> None:
    evening = np.array([MICROS + 2 * 3_600_000_000] * 2)
    amounts: Any = [0, 8 * 3_600_000_000]
    assert (
        DESK.deadline(evening, amounts, ends_at_next_opening=True).tolist()
        == DESK.deadline(evening, np.array(amounts), ends_at_next_opening=True).tolist()
    )
    assert DESK.deadline(evening, amounts, ends_at_next_opening=True)[0] == evening[0]  # R28


@pytest.mark.parametrize(
    "shaped",
    [
        lambda a: np.repeat(a, 2)[::2],
        lambda a: a[::-1][::-1],
        lambda a: np.asfortranarray(a.reshape(-1, 4)).ravel(order="C"),
        lambda a: a.astype(">i8"),
        lambda a: a.astype(np.uint64),
    ],
)
def test_arrays_of_any_make_say_what_each_instant_says(shaped: Callable[[Any], Any]) -> None:
    random = np.random.default_rng(3)
    starts = random.integers(MICROS - 10**14, MICROS + 10**14, 40)
    amounts = random.integers(0, 10**12, 40)
    frozen = shaped(starts)
    frozen.flags.writeable = False
    due = DESK.deadline(frozen, shaped(amounts))
    assert due.tolist() == [DESK.deadline_at(int(s), int(a)) for s, a in zip(starts, amounts, strict=True)]
    assert DESK.consumed(frozen, due).tolist() == amounts.tolist()  # adding and counting undo each other
