"""Times are read to the microsecond or refused with the cause; none is cut off or guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.readers.instants import Stamp, TimeFormat, compile_pattern, rfc3339
from slarules.readers.rejects import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EIGHT = 1_772_438_400_000_000
"""2026-03-02T08:00:00Z."""


def refused(text: object, format: TimeFormat | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        (format or TimeFormat()).instant(text)
    return caught.value.code, caught.value.cause


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:00:00Z", "2026-03-02T08:00Z", "2026-03-02t08:00:00z", "2026-03-02 08:00:00Z",
        "2026-03-02T08:00:00.000000Z", "2026-03-02T09:00:00+01:00", "2026-03-02T09:00:00+0100",
        "2026-03-01T22:30:00-09:30", "2026-03-02T08:00:00-00:00", "2026-03-02T08:00:00,0Z",
    ],
)
def test_one_instant_written_in_many_ways(text: str) -> None:
    assert rfc3339(text) == TimeFormat().instant(text) == EIGHT


def test_fractions_are_kept_to_the_microsecond() -> None:
    assert rfc3339("2026-03-02T08:00:00.5Z") == EIGHT + 500_000
    assert rfc3339("2026-03-02T08:00:00.000001Z") == EIGHT + 1


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("2026-03-02T08:00:00", "E0632", "names no zone"),
        ("2026-03-02T08:00:60Z", "E0631", "has second 60"),
        ("2026-03-02T08:00:00.1234567Z", "E0631", "7 fractional digits: at most 6 are read"),
        ("2026-03-02T08:00:00.0000000Z", "E0631", "7 fractional digits"),
        ("0001-01-01T00:00:00Z", "E0631", "outside 1970 to 2200"),
        ("0000-01-01T00:00:00Z", "E0631", "does not exist"),
        ("1969-12-31T23:59:59Z", "E0631", "outside 1970 to 2200"),
        ("2201-01-01T00:00:00Z", "E0631", "outside 1970 to 2200"),
        ("1970-01-01T00:30:00+01:00", "E0631", "outside 1970 to 2200"),
        ("2026-02-30T08:00:00Z", "E0631", "does not exist"),
        ("2026-13-01T08:00:00Z", "E0631", "does not exist"),
        ("2026-03-02T24:00:00Z", "E0631", "no such time of day"),
        ("2026-03-02T08:60:00Z", "E0631", "no such time of day"),
        ("2026-03-02T08:00:00+24:00", "E0631", "offset that does not exist"),
        ("2026-03-02T08:00:00+01:60", "E0631", "offset that does not exist"),
        ("2026-03-02", "E0631", "is not a time such as"),
        ("٢٠٢٦-03-02T08:00:00Z", "E0631", "is not a time such as"),
        ("2026-03-02T08:00:00Z\n", "E0631", "is not a time such as"),
        ("yesterday", "E0631", "is not a time such as"),
        ("", "E0631", "is not a time such as"),
        (1_772_438_400, "E0631", "is not a time: write it as text"),
    ],
)
def test_what_is_not_certain_is_refused(text: object, code: str, part: str) -> None:
    found = refused(text)
    assert found[0] == code
    assert part in found[1]


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30)),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_a_time_with_an_offset_agrees_with_the_library(local: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{local.isoformat()}{sign}{hours:02}:{rest:02}"
    meant = datetime.fromisoformat(text)
    assert rfc3339(text) == (meant - EPOCH) // timedelta(microseconds=1)


def test_a_zone_from_the_mapping_is_used_for_times_without_one() -> None:
    rome = TimeFormat(zone="Europe/Rome")
    assert rome.instant("2026-03-02T09:00:00") == EIGHT
    assert rome.instant("2026-03-02T08:00:00Z") == EIGHT
    assert TimeFormat(zone="UTC-07:00").instant("2026-03-02T01:00:00") == EIGHT
    assert refused("1970-01-01T00:30:00", rome)[0] == "E0631"
    assert refused("0001-01-01T00:30:00", rome)[0] == "E0631"


def test_a_local_time_that_clocks_skip_is_refused_or_shifted() -> None:
    code, cause = refused("2026-03-29T02:30:00", TimeFormat(zone="Europe/Rome", fold="first"))
    assert code == "E0633"
    assert cause == (
        "`2026-03-29 02:30:00` does not exist in Europe/Rome, clocks skip it: "
        "say `gap = \"shift\"` in the mapping"
    )
    shifted = TimeFormat(zone="Europe/Rome", gap="shift").instant("2026-03-29T02:30:00")
    assert shifted == rfc3339("2026-03-29T03:30:00+02:00")


def test_a_local_time_that_occurs_twice_is_refused_or_told_apart() -> None:
    code, cause = refused("2026-10-25T02:30:00", TimeFormat(zone="Europe/Rome", gap="shift"))
    assert code == "E0633"
    assert "occurs twice in Europe/Rome" in cause
    for fold, offset in (("first", "+02:00"), ("second", "+01:00")):
        found = TimeFormat(zone="Europe/Rome", fold=fold).instant("2026-10-25T02:30:00")
        assert found == rfc3339(f"2026-10-25T02:30:00{offset}")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("%d/%m/%Y %H:%M", "2/3/2026 08:00"),
        ("%d/%m/%Y %H:%M", "02/03/2026 8:00"),
        ("%d.%m.%Y %H:%M:%S.%f", "02.03.2026 08:00:00.000"),
        ("%m/%d/%Y %I:%M %p", "3/2/2026 8:00 AM"),
        ("%d %b %Y %H:%M", "2 Mar 2026 08:00"),
        ("%Y-%m-%d %H:%M %z", "2026-03-02 09:00 +01:00"),
        ("%Y%m%dT%H%M%S%z", "20260302T080000Z"),
    ],
)
def test_patterns(pattern: str, text: str) -> None:
    assert TimeFormat(pattern, "UTC").instant(text) == EIGHT
    assert TimeFormat(pattern, "UTC").instant(f" {text} ") == EIGHT
    if "%z" in pattern:  # whatever the zone of the times that have none
        assert TimeFormat(pattern, "America/Denver").instant(text) == EIGHT


@pytest.mark.parametrize(
    ("pattern", "text", "part"),
    [
        ("%d/%m/%Y %H:%M", "2026-03-02T08:00", "is not a time written as `%d/%m/%Y %H:%M`"),
        ("%d/%m/%Y %H:%M", "30/2/2026 08:00", "does not exist"),
        ("%d/%m/%Y %H:%M:%S", "2/3/2026 08:00:60", "has second 60"),
        ("%d/%m/%Y %H:%M:%S.%f", "2/3/2026 08:00:00.1234567", "7 fractional digits"),
        ("%d/%m/%Y %H:%M", "1/1/0001 00:00", "outside 1970 to 2200"),
        ("%d/%m/%Y %I:%M %p", "2/3/2026 13:00 PM", "no hour 13 on a clock of twelve hours"),
        ("%d/%m/%Y %I:%M %p", "2/3/2026 0:30 PM", "no hour 0 on a clock of twelve hours"),
        ("%d %b %Y %H:%M", "2 Mrz 2026 08:00", "does not exist"),
    ],
)
def test_what_a_pattern_refuses(pattern: str, text: str, part: str) -> None:
    code, cause = refused(text, TimeFormat(pattern, "UTC"))
    assert code == "E0631"
    assert part in cause


def test_noon_and_midnight_on_a_clock_of_twelve_hours() -> None:
    clock = TimeFormat("%Y-%m-%d %I:%M %p", "UTC")
    assert clock.instant("2026-03-02 12:00 AM") == EIGHT - 8 * 3_600_000_000
    assert clock.instant("2026-03-02 12:00 p.m.") == EIGHT + 4 * 3_600_000_000


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("%d/%m/%y %H:%M", "`%y` is not known"),
        ("%d/%m/%Y", "it has no hour"),
        ("%H:%M", "it has no year"),
        ("%d/%m/%Y %H:%M %H", "`%H` stands there twice"),
        ("%d/%m/%Y %I:%M", "`%I` and `%p` go together"),
    ],
)
def test_patterns_that_could_not_tell_a_time(pattern: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        compile_pattern(pattern)


def test_times_that_a_file_holds_as_numbers() -> None:
    assert TimeFormat().instant(Stamp(EIGHT, naive=False)) == EIGHT
    assert TimeFormat(zone="Europe/Rome").instant(Stamp(EIGHT, naive=True)) == EIGHT - 3_600_000_000
    assert refused(Stamp(EIGHT, naive=True))[0] == "E0632"
    assert refused(Stamp(-1, naive=False))[0] == "E0631"
    assert refused(Stamp(1 << 62, naive=True))[0] == "E0631"
    assert Stamp(EIGHT, naive=False).text == "2026-03-02T08:00:00Z"
