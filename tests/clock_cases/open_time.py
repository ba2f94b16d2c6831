"""Cases of open time alone: so much of it added to an instant, or counted between two."""

from __future__ import annotations

import json
from datetime import UTC, date
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import Any, get_args

from slarules.calendars.calendar import Calendar
from slarules.calendars.counting import DayRule
from slarules.calendars.zones import SECOND, moment
from tests.case_files import REMARKS, Case, Unfit, asked, given, only
from tests.duty_cases.events import instant

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days_of_24h": 86_400}
"""What one of each unit of ``input.add`` is; they are summed."""
NEGATIVE_WHEN_REVERSED = ("Intrepidd/working_hours", "bokmann/business_time")
"""The libraries that give open time a sign when the end comes first; others, and we, say zero."""


def calendar_of(case: Case) -> Calendar:
    """The calendar that a case describes."""
    described = given(case, "calendar", dict, "case")
    given(described, "tz", str, "calendar")
    given(described, "weekly", dict, "calendar")
    return _calendar(json.dumps(described, sort_keys=True))


@lru_cache(maxsize=256)
def _calendar(text: str) -> Calendar:
    described = json.loads(text)
    try:
        return Calendar.weekly(
            described["tz"],
            {day[:3].lower(): pairs or () for day, pairs in described["weekly"].items()},
            holidays=map(date.fromisoformat, described.get("holidays") or ()),
            replaced={  # a holiday drops every window that starts on its date, those of a shift, too
                day: hours
                for day, hours in _by_date(described.get("shifts")).items()
                if day.isoformat() not in (described.get("holidays") or ())
            },
            breaks=_by_date(described.get("breaks")),
        )
    except (ValueError, TypeError) as wrong:
        raise Unfit(f"its calendar: {wrong}") from None


def _by_date(days: dict[str, Any] | None) -> dict[date, Any]:
    return {date.fromisoformat(day): hours or () for day, hours in (days or {}).items()}


def text_of(instant: int | None) -> str | None:
    """An instant as the cases write it."""
    return None if instant is None else moment(instant, UTC).isoformat().replace("+00:00", "Z")


def added(case: Case) -> list[str]:
    """``add_business_time``: so much open time, or so many open days, from a start."""
    calendar, told = calendar_of(case), case["input"]
    add = {unit: value for unit, value in given(told, "add", dict, "input").items() if value is not None}
    backward = _backward(told.get("direction"))
    unknown = add.keys() - SECONDS.keys() - REMARKS - {"business_days"}
    if unknown or not add:
        raise Unfit(f"`input.add` has no unit {', '.join(f'`{unit}`' for unit in sorted(unknown)) or 'at all'}")
    at: int | None = instant(given(told, "start", str, "input"))
    if "business_days" in add and at is not None:
        days: int = asked(add["business_days"], int, "input.add.business_days")
        rule: Any = told.get("day_rule") or "end_of_day"
        if rule not in get_args(DayRule):
            raise Unfit(f"`input.day_rule` is {', '.join(get_args(DayRule))}, and not {rule!r}")
        at = calendar.days_at(at, days, rule, backward)
    if at is not None and add.keys() & SECONDS.keys():
        at = _moved(calendar, at, _micros(add), backward)
    if "at" not in case["expect"]:
        raise Unfit("`expect.at` is missing")
    only(case["expect"], ("at",), "expect")
    expected = case["expect"]["at"]
    wanted = None if expected is None else instant(expected)
    return [] if at == wanted else [f"at: expected {expected}, got {text_of(at)}"]


def _backward(direction: Any) -> bool:
    if direction not in (None, "forward", "backward"):
        raise Unfit(f"`input.direction` is forward or backward, not {direction!r}")
    return bool(direction == "backward")


def _micros(add: dict[str, Any]) -> int:
    exact = sum((_fraction(add.get(u) or 0, f"input.add.{u}") * length for u, length in SECONDS.items()), Fraction(0))
    return round(exact * SECOND)


def _moved(calendar: Calendar, at: int, amount: int, backward: bool) -> int | None:
    """Open time added; none at all means the nearest open instant, which our own rule (R28) leaves alone."""
    if amount == 0:
        return calendar.previous_open(at) if backward else calendar.next_open(at)
    if backward != (amount < 0):
        return calendar.backward_at(at, abs(amount))
    return calendar.deadline_at(at, abs(amount))


def elapsed(case: Case) -> list[str]:
    """``elapsed_business_time``: open time between two instants."""
    calendar, told = calendar_of(case), case["input"]
    start, end = (instant(given(told, bound, str, "input")) for bound in ("start", "end"))
    consumed = calendar.consumed_between(start, end)
    if end < start:
        consumed = _sign(case) * calendar.consumed_between(end, start)
    seconds = Fraction(consumed, SECOND)
    found = {"seconds": seconds, "minutes": Fraction(int(seconds / 60)), "hours": seconds / 3600}
    expect = {unit: value for unit, value in case["expect"].items() if unit not in REMARKS}
    unknown = expect.keys() - found.keys()
    if unknown or not expect:
        raise Unfit(f"`expect` of open time has {', '.join(found)}, and here {', '.join(sorted(unknown)) or 'nothing'}")
    return [
        f"{unit}: expected {expected}, got {_number(found[unit])}"
        for unit, expected in expect.items()
        if _fraction(expected, f"expect.{unit}") != found[unit]
    ]


def _fraction(value: Any, place: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Unfit(f"`{place}` must be a number, and is {value!r}")
    return Fraction(str(value))


def _number(value: Fraction) -> str:
    return str(value.numerator if value.denominator == 1 else float(value))


def _sign(case: Case) -> int:
    """What a case's source makes of reversed input: its note tells, else the library, else what is expected."""
    note = str(case.get("note") or "").lower()
    for word, sign in (("negative", -1), ("zero", 0), ("absolute", 1), ("positive", 1)):
        if word in note:
            return sign
    if (case.get("source") or "").startswith(NEGATIVE_WHEN_REVERSED):
        return -1
    said = {unit: value for unit, value in case["expect"].items() if unit not in REMARKS}
    expected = sum(_fraction(value, f"expect.{unit}") for unit, value in said.items())
    return (expected > 0) - (expected < 0)
