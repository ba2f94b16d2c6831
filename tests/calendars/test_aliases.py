"""Old names of zones: each leads to a name of today with the same clocks; names of places of their own are none."""

from __future__ import annotations

import numpy as np
import pytest

from slarules.calendars import zones
from slarules.calendars.aliases import is_fixed, name_of_today, release_year


@pytest.mark.parametrize("old, today", [
    ("US/Mountain", "America/Denver"), ("US/Pacific", "America/Los_Angeles"), ("Canada/Pacific", "America/Vancouver"),
    ("Asia/Calcutta", "Asia/Kolkata"), ("Europe/Kiev", "Europe/Kyiv"), ("GB", "Europe/London"),
    ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
])
def test_an_old_name_leads_to_that_of_today(old: str, today: str) -> None:
    assert name_of_today(old) == today


@pytest.mark.parametrize("name", [
    "America/Denver", "Europe/Amsterdam", "Europe/Oslo", "America/Vancouver", "UTC", "UTC-07:00", "Etc/UTC",
    "Etc/GMT+7", "nowhere",
])
def test_a_name_of_today_is_no_old_one(name: str) -> None:
    assert name_of_today(name) is None


def test_the_name_of_today_is_a_zone_with_the_same_clocks_and_no_old_one_itself() -> None:
    old = [name for name in sorted(zones.names()) if name_of_today(name) is not None]
    assert len(old) > 50
    for name in old:
        today = name_of_today(name)
        assert today in zones.names() and name_of_today(today) is None
    for name in old[::20]:
        for mine, its in zip(zones.transitions(name), zones.transitions(name_of_today(name) or ""), strict=True):
            assert np.array_equal(mine, its)


def test_mere_offsets_are_told_from_places() -> None:
    assert [is_fixed(name) for name in ("UTC-07:00", "UTC+05:30", "Etc/GMT+7")] == [True] * 3
    assert not any(is_fixed(name) for name in ("UTC", "America/Denver", "Etc/UTC", "America/Phoenix"))


def test_the_release_is_that_of_the_pinned_package() -> None:
    from importlib.metadata import version

    assert release_year() == int(version("tzdata").split(".")[0])
