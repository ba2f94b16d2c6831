"""Named holidays: in English everywhere, in order, never silently empty."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from slarules.calendars import holidays
from slarules.calendars.holidays import HolidaysOutOfRange, UnknownHolidays, named

YEAR_2021 = range(2021, 2022)


def test_holidays_of_a_country_in_order_with_their_names() -> None:
    found = named("US", None, [2026, 2025])
    assert [day for day, _ in found] == sorted(day for day, _ in found)
    assert (date(2025, 5, 26), "Memorial Day") in found
    assert found[0] == (date(2025, 1, 1), "New Year's Day")


def test_observed_days_may_be_left_out() -> None:
    kept = dict(named("US", None, YEAR_2021))
    assert kept[date(2021, 7, 5)] == "Independence Day (observed)"
    assert date(2021, 7, 5) not in dict(named("US", None, YEAR_2021, observed=False))
    assert date(2021, 12, 31) in kept  # the next year's first, kept a day early


def test_subdivisions_and_categories() -> None:
    assert (date(2025, 8, 4), "British Columbia Day") in named("CA", "BC", [2025])
    assert date(2025, 8, 4) not in dict(named("CA", None, [2025]))
    assert date(2025, 2, 14) in dict(named("US", None, [2025], categories=["unofficial"]))


@pytest.mark.parametrize(
    ("country", "subdivision", "said"),
    [
        ("us", None, "did you mean `US`?"),
        ("united states", None, "did you mean `US`?"),
        ("Canda", None, "`CA`"),
        ("QQQQ", None, "no holidays are known of `QQQQ`$"),
        ("CA", "bc", "did you mean `BC`?"),
        ("CA", "Q", "there are AB, BC"),
        ("SG", "01", "has no subdivisions"),
    ],
)
def test_unknown_places_are_named_with_the_nearest(country: str, subdivision: str | None, said: str) -> None:
    with pytest.raises(UnknownHolidays, match=said.replace("?", r"\?")):
        named(country, subdivision, [2025])


def test_unknown_categories() -> None:
    with pytest.raises(UnknownHolidays, match="there are government, half_day"):
        named("US", None, [2025], categories=["bank"])


def test_years_of_which_nothing_is_known_are_an_error() -> None:
    with pytest.raises(HolidaysOutOfRange, match="1777–2100, not for 2101"):
        named("US", None, [2100, 2101])


def test_years_that_are_not_known_may_be_left_out() -> None:
    with pytest.raises(HolidaysOutOfRange, match="of DE are known for 1991–2100, not for 1990"):
        named("DE", None, [1990, 1991])
    assert named("DE", None, [1990, 1991], as_known=True) == named("DE", None, [1991])
    assert named("DE", None, [1990], as_known=True) == ()


def test_the_language_of_the_machine_does_not_matter(tmp_path: Path) -> None:
    script = (
        "from slarules.calendars.holidays import named\n"
        "for place in ('DE', 'US', 'TH', 'BR'): print(ascii(named(place, None, [2025])))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            env={**os.environ, "LANG": language, "LANGUAGE": language, "XDG_CACHE_HOME": str(tmp_path / language)},
        ).stdout
        for language in ("C", "de_DE.UTF-8", "th")
    ]
    assert said[0] == said[1] == said[2]
    assert b"German Unity Day" in said[0]


def test_the_package_comes_late() -> None:
    modules = "slarules.calendars.holidays, slarules.calendars.calendar"
    script = f"import sys, {modules}; assert 'holidays' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_what_the_package_said_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    told = named("US", None, [2022, 2021])
    without = named("US", None, [2021, 2022], observed=False)
    (first, second) = sorted((tmp_path / "slarules" / "holidays").iterdir())
    monkeypatch.setattr(holidays, "_library", lambda: pytest.fail("the package is asked again"))
    assert named("US", None, [2021, 2022]) == told != without == named("US", None, [2021, 2022], observed=False)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for path in (first, second):  # somebody writes to them: they are not believed
        path.write_bytes(path.read_bytes().replace(b"Day", b"Way"))
    assert named("US", None, [2021, 2022]) == told
    assert named("US", None, [2021, 2022], observed=False) == without


def test_another_release_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    package = tmp_path / "site" / "holidays" / "__init__.py"
    package.parent.mkdir(parents=True)
    package.touch()
    monkeypatch.setattr(holidays, "find_spec", lambda name: ModuleSpec(name, None, origin=str(package)))
    assert holidays._path(("US",)) is None  # which release it is cannot be told
    (tmp_path / "site" / "holidays-0.1.dist-info").mkdir()
    one = holidays._path(("US",))
    assert one is not None and one == holidays._path(("US",)) != holidays._path(("CA",))
    (tmp_path / "site" / "holidays-0.1.dist-info").rename(tmp_path / "site" / "holidays-0.2.dist-info")
    assert holidays._path(("US",)) != one
