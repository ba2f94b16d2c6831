"""Zones: the pinned data only, and local times that clocks skip or show twice."""

from __future__ import annotations

import subprocess
import sys
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.calendars import zones
from slarules.calendars.zones import DAY, HOUR, MINUTE, SECOND, FoldError, GapError, OutOfRange, UnknownZone

DENVER = "America/Denver"


def at(text: str) -> int:
    """The instant of an ISO time with offset."""
    return zones.micros(datetime.fromisoformat(text))


def test_zoneinfo_reads_the_package_alone() -> None:
    assert zoneinfo.TZPATH == ()
    with (resources.files("tzdata") / "zoneinfo/America/Denver").open("rb") as file:
        pinned = zoneinfo.ZoneInfo.from_file(file, DENVER)
    when = datetime(2026, 7, 1, 12)
    assert zones.zone(DENVER).utcoffset(when) == pinned.utcoffset(when)


def test_what_was_read_from_the_system_before_is_forgotten() -> None:
    script = (
        "import zoneinfo; before = zoneinfo.ZoneInfo('America/Denver')\n"
        "from slarules.calendars.zones import zone\n"
        "assert zone('America/Denver') is not before\n"
        "assert zone('America/Denver') is zoneinfo.ZoneInfo('America/Denver')\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("name", "hours"), [("UTC", 0.0), ("UTC-07:00", -7.0), ("UTC+05:30", 5.5), ("Asia/Kathmandu", 5.75)]
)
def test_names_of_zones(name: str, hours: float) -> None:
    assert zones.zone(name).utcoffset(datetime(2026, 1, 1)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "MST7",
        "America/Dever",
        "UTC-7",
        "UTC+24:00",
        "UTC-07:60",
        "utc",
        "../../etc/passwd",
        "/etc/x",
        "America",
        "America/Denver/",
        "UTC-٠٧:00",
        "America/Denver\0",
    ],
)
def test_anything_else_is_unknown(name: str) -> None:
    with pytest.raises(UnknownZone, match="no zone is called"):
        zones.zone(name)


@pytest.mark.parametrize(
    "name",
    [DENVER, "Africa/Casablanca", "Asia/Gaza", "Africa/Cairo", "Australia/Lord_Howe", "Antarctica/Troll", "EST5EDT"],
)
def test_no_change_of_offset_is_missed(name: str) -> None:
    instants, offsets = zones.transitions(name)
    assert (np.diff(instants) > 0).all()
    assert (np.diff(offsets) != 0).all()
    tz = zones.zone(name)
    for second in range(zones.PROBED_FROM, zones.PROBED_TO, 86_400 * 2):
        expected = datetime.fromtimestamp(second, tz).utcoffset()
        assert timedelta(microseconds=zones.offset_at(second * SECOND, name)) == expected


def test_a_rule_for_ever_changes_the_offset_months_apart() -> None:
    """So looking each month misses no change, past those that a zone's file lists."""
    listed_until = at("2088-01-01T00:00:00Z")
    ruled = 0
    for name in sorted(zones.names()):
        instants, _ = zones.transitions(name)
        later = instants[instants > listed_until]
        ruled += len(later) > 0
        assert len(later) in (0, 2 * 114), name
        assert (np.diff(later) > 100 * DAY).all(), name
    assert ruled > 150


def test_transitions_are_exact_to_the_second_and_cached() -> None:
    instants, offsets = zones.transitions(DENVER)
    index = int(np.searchsorted(instants, at("2025-03-09T09:00:00Z")))
    assert instants[index] == at("2025-03-09T09:00:00Z")
    assert (offsets[index - 1], offsets[index]) == (-7 * HOUR, -6 * HOUR)
    assert zones.transitions(DENVER)[0] is instants
    with pytest.raises(ValueError, match="read-only"):
        instants[0] = 0


@given(
    st.sampled_from([DENVER, "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"]),
    st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)),
    st.sampled_from([0, 1]),
)
def test_local_times_resolve_as_pep_495_says(name: str, local: datetime, fold: int) -> None:
    expected = zones.micros(local.replace(fold=fold, tzinfo=zones.zone(name)))
    walls = np.array([(local.replace(tzinfo=UTC) - zones.EPOCH) // zones.MICROSECOND])
    reading = (
        zones.to_instants(walls, name) if fold == 0 else zones.to_instants(walls, name, "earlier", "second")
    )
    assert reading[0] == expected


@pytest.mark.parametrize(
    ("day", "name", "first"),
    [
        (date(2025, 3, 9), DENVER, "2025-03-09T07:00:00Z"),
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00Z"),  # clocks read 01:00
        (date(2023, 4, 28), "Africa/Cairo", "2023-04-27T22:00:00Z"),
        (date(2023, 3, 26), "Asia/Beirut", "2023-03-25T22:00:00Z"),
        (date(2011, 12, 29), "Pacific/Apia", "2011-12-29T10:00:00Z"),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00Z"),  # skipped: the first instant after it
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00:00Z"),
        (date(2025, 11, 2), "America/Havana", "2025-11-02T04:00:00Z"),  # midnight twice: the first
        (date(2005, 10, 30), "America/St_Johns", "2005-10-30T02:30:00Z"),  # at 00:01 back into the 29th
        (date(2026, 1, 1), "UTC+05:30", "2025-12-31T18:30:00Z"),
    ],
)
def test_r31_a_day_begins_at_its_first_existing_instant(day: date, name: str, first: str) -> None:
    assert zones.day_start(day, name) == at(first)


def test_dates_of_instants() -> None:
    assert zones.local_date(at("2025-03-10T05:59:59Z"), DENVER) == date(2025, 3, 9)
    assert zones.local_date(at("2025-03-10T06:00:00Z"), DENVER) == date(2025, 3, 10)
    ordinals = zones.local_ordinals(
        np.array([at("2025-03-10T05:59:59Z"), at("2025-03-10T06:00:00Z")]), DENVER
    )
    assert ordinals.tolist() == [date(2025, 3, 9).toordinal(), date(2025, 3, 10).toordinal()]


def test_a_certain_local_time() -> None:
    assert zones.instant(datetime(2025, 3, 9, 1, 59, 59, 5), DENVER) == at("2025-03-09T08:59:59.000005Z")
    assert zones.instant(datetime(2025, 3, 9, 3), DENVER) == at("2025-03-09T09:00:00Z")


def test_a_local_time_in_a_gap_is_an_error_until_it_is_said_which() -> None:
    with pytest.raises(GapError, match=r"2025-03-09 02:30:00 does not exist in America/Denver"):
        zones.instant(datetime(2025, 3, 9, 2, 30), DENVER)
    assert zones.instant(datetime(2025, 3, 9, 2, 30), DENVER, fold=0) == at("2025-03-09T09:30:00Z")
    assert zones.instant(datetime(2025, 3, 9, 2, 30), DENVER, fold=1) == at("2025-03-09T08:30:00Z")


def test_a_local_time_in_a_fold_is_an_error_until_it_is_said_which() -> None:
    with pytest.raises(FoldError, match=r"2025-11-02 01:30:00 exists twice in America/Denver"):
        zones.instant(datetime(2025, 11, 2, 1, 30), DENVER)
    assert zones.instant(datetime(2025, 11, 2, 1, 30), DENVER, fold=0) == at("2025-11-02T07:30:00Z")
    assert zones.instant(datetime(2025, 11, 2, 1, 30), DENVER, fold=1) == at("2025-11-02T08:30:00Z")


def test_a_time_with_an_offset_needs_no_zone_and_one_without_is_no_instant() -> None:
    with pytest.raises(ValueError, match="names its offset already"):
        zones.instant(datetime(2025, 1, 1, tzinfo=UTC), DENVER)
    with pytest.raises(ValueError, match="has no zone"):
        zones.micros(datetime(2025, 1, 1))


@pytest.mark.parametrize("year", [1969, 2201])
def test_instants_end_in_2200(year: int) -> None:
    with pytest.raises(OutOfRange, match="1970–2200"):
        zones.micros(datetime(year, 6, 1, tzinfo=UTC))
    with pytest.raises(OutOfRange):
        zones.instant(datetime(year, 6, 1), DENVER)
    assert zones.micros(datetime(2201, 1, 1, tzinfo=UTC)) == zones.END


def test_text_of_instants() -> None:
    assert zones.format_instant(at("2025-03-09T09:00:00Z"), DENVER) == "2025-03-09T03:00:00-06:00"
    assert zones.moment(5, UTC).microsecond == 5


def test_gaps_and_folds_of_a_year() -> None:
    gap, fold = zones.gaps_and_folds(DENVER, 2025, 2025)
    assert (gap.kind, fold.kind) == ("gap", "fold")
    assert gap.start == zones.local_micros(date(2025, 3, 9), 2 * HOUR) and gap.end - gap.start == HOUR
    assert fold.start == zones.local_micros(date(2025, 11, 2), HOUR) and fold.end - fold.start == HOUR
    assert [c.end - c.start for c in zones.gaps_and_folds("Australia/Lord_Howe", 2025, 2025)] == [
        30 * MINUTE
    ] * 2
    assert zones.gaps_and_folds("UTC-07:00") == ()
