"""Times in scenarios (R36): zone, carried date, offsets, what an `expect` sees, gaps and folds of clocks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.scenario.conftest import outcome, read, seen


def instants(lines: str, zone: str | None = "America/Denver") -> list[str]:
    steps = outcome(lines, zone).steps
    return [
        datetime.fromtimestamp(step.line.at / 1e6, UTC).strftime("%m-%dT%H:%M:%S") for step in steps
    ]


def test_the_scenarios_zone_else_the_contracts() -> None:
    line = "2026-07-01 08:00  T1 opened by Customer"
    assert instants(line, "Europe/Rome") == ["07-01T06:00:00"]
    assert instants(line, "UTC-07:00") == ["07-01T15:00:00"]
    assert instants(line, None) == ["07-01T14:00:00"]
    assert instants("reading mst is standard\n" + line, None) == ["07-01T15:00:00"]


def test_the_date_of_the_line_above_is_carried_on() -> None:
    assert instants("""
        2026-01-01 08:00  T1 opened by Customer
        09:30             T1 acknowledged by Trak
        as of 2026-01-03 10:00  expect T1 confirm breached
        11:00             T1 resolved by Trak
        20 hours after T1 resolved  T1 reopened by Customer
        12:00:30          T1 closed by Trak
    """, "UTC") == [
        "01-01T08:00:00", "01-01T09:30:00", "01-03T10:00:00", "01-03T11:00:00", "01-04T07:00:00", "01-04T12:00:30",
    ]


def test_an_offset_names_its_start() -> None:
    lines = """
        2026-03-07 08:00  T1 opened by Customer, id first
        09:00             T1 updated by Trak
        10:00             T1 updated by Trak
        1 hour 30 minutes after T1 updated  T1 updated by Trak
        24 hours after T1 first  T1 updated by Trak
        1 day after T1 first  T1 updated by Trak
        1 month after T1 opened  T1 resolved by Trak
    """
    assert instants(lines)[3:] == ["03-07T18:30:00", "03-08T15:00:00", "03-08T14:00:00", "04-07T14:00:00"]


def test_a_month_onto_no_day_needs_rounding() -> None:
    assert instants("2026-01-31 08:00  T1 opened\n1 month rounding down after T1 opened  T1 closed", "UTC")[1] == (
        "02-28T08:00:00")
    assert instants("2026-01-31 08:00  T1 opened\n1 month rounding up after T1 opened  T1 closed", "UTC")[1] == (
        "03-01T08:00:00")
    assert read("2026-01-31 08:00  T1 opened\n1 month after T1 opened  T1 closed")[1][0].code == "E0821"


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2026-03-08 02:30", "E0801"), ("2026-11-01 01:30", "E0802"), ("2026-02-30 08:00", "E0821"),
        ("2026-13-01 08:00", "E0821"), ("0000-01-01 08:00", "E0821"), ("1969-12-31 08:00", "E0821"),
        ("2201-01-02 08:00", "E0821"), ("2026-03-02 24:00", "E0821"), ("2026-03-02 08:60", "E0821"), ("08:00", "E0803"),
    ],
)
def test_a_time_that_is_not_certain(time: str, code: str) -> None:
    found, problems = read(f"{time}  T1 opened by Customer\nexpect T1 confirm pending")
    assert found is None
    assert [p.code for p in problems] == [code]
    assert problems[0].span.text == time or problems[0].span.text in time


def test_gaps_and_folds_in_every_place_of_a_time() -> None:
    _, problems = read("""
        2026-03-07 02:30  T1 opened by Customer
        1 day after T1 opened  T1 asked by Customer
        2026-11-01 03:00  T1 updated by Trak, happened at 2026-11-01 01:15, recorded at 01:20
        as of 01:45  expect T1 confirm breached at 2026-03-08 02:45, due at 2026-03-08 02:15
    """)
    assert [p.code for p in problems] == ["E0801", "E0802", "E0802", "E0802", "E0801", "E0801"]


def test_going_back_without_a_date_is_a_warning() -> None:
    found, problems = read("2026-03-02 23:00  T1 opened by Customer\n01:00  T1 acknowledged by Trak")
    assert found is not None
    assert [(p.code, p.span.text) for p in problems] == [("W0803", "01:00")]


def test_an_expect_sees_only_the_lines_above() -> None:
    assert seen("""
        2026-03-02 08:00  T1 opened by Customer, channel email
        as of 12:00  expect T1 confirm breached
        08:30  T1 acknowledged by Trak
        as of 12:00  expect T1 confirm met at 08:30
        as of 08:10  expect T1 confirm pending, due at 09:00
    """) == []


def test_late_news() -> None:
    """A line stands where it became known; `happened at` says when it happened, `recorded at` the other way round."""
    assert seen("""
        2026-03-02 08:00  T1 opened by Customer, channel email
        10:00  expect T1 confirm breached at 09:00
        11:00  T1 acknowledged by Trak, happened at 08:40
        expect T1 confirm met at 08:40
    """) == []
    steps = outcome("2026-03-02 08:00  T1 opened, happened at 07:00\n09:00  T1 updated, recorded at 10:00", "UTC").steps
    events = [step.line.event for step in steps]
    clock = [(e.at % 86_400_000_000 // 3_600_000_000, (e.recorded_at or 0) % 86_400_000_000 // 3_600_000_000)
             for e in events if e]
    assert clock == [(7, 8), (9, 10)]
