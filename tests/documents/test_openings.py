"""Opening times: the drawn week and the listed closures are those of the compiled calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from slarules.calendars import zones
from slarules.documents.blocks import Figure, Grid
from slarules.documents.examples.opendays import MIDNIGHT, year_of
from slarules.documents.examples.openings import known_in_full, section
from slarules.engine.adopt import adopt
from slarules.model.value import MINUTE
from tests.documents.contracts import NAMES, contract, lines
from tests.engine import small

RULES = """
calendar Hours
  open Monday to Friday 08:00 to 12:00 and 13:00 to 17:00
  closed on 2026-05-04 "moving day"
  closed on 2026-05-05 13:00 to 17:00 "fire drill"
  closed on 24 December
  also open 2026-05-09 09:00 to 10:00
calendar Night
  open every day 22:00 to 06:00 next day
calendar Late
  open whenever any of Hours, Night is open
"""


def test_weeks_closures_and_their_reasons_are_told() -> None:
    told = lines(section(small.contract(RULES)))
    assert told[told.index("[Dates in 2026 on which Hours differs from the usual week]") + 2 :][:4] == [
        "Monday 4 May 2026 | moving day | closed",
        "Tuesday 5 May 2026 | fire drill | 08:00 to 12:00",
        "Saturday 9 May 2026 | not named | 09:00 to 10:00",
        "Thursday 24 December 2026 | not named | closed",
    ]
    assert "Monday 4 May 2026 | Hours: moving day | 00:00 to 06:00 and 22:00 to 24:00" in told


@pytest.mark.parametrize("name", NAMES)
def test_each_date_of_the_year_is_open_as_drawn_and_listed(name: str) -> None:
    """Every quarter of an hour of a year: the usual week, but for the dates listed, is the compiled calendar."""
    adopted = adopt(contract(name), None, None)[-1]
    for title, rule in adopted.terms.calendars.items():
        if not known_in_full(rule, adopted.terms):
            continue
        calendar = adopted.calendars[title]
        found = year_of(calendar, date(2026, 1, 1), {})
        listed = {one.day: one.times for one in found.differing}
        for n in range(365):
            day = date(2026, 1, 1) + timedelta(days=n)
            times = listed.get(day, found.usual[day.weekday()])
            for minute in range(7, MIDNIGHT, 15):
                at = zones.to_instant(((day - date(1970, 1, 1)).days * MIDNIGHT + minute) * MINUTE, calendar.zone)
                if zones.local_date(at, calendar.zone) == day:
                    told = any(opens <= minute < closes for opens, closes in times)
                    assert calendar.is_open(at) == told, (day, minute)


def test_a_calendar_that_a_party_supplies_is_said_to_be_unknown_and_not_drawn() -> None:
    made = section(contract("trak"))
    assert made is not None
    supplied = next(part for part in made.sections if part.title == "ScheduledMaintenance")
    assert not any(isinstance(block, (Figure, Grid)) for block in supplied.blocks)
    assert "Trak" in lines(supplied)[-1] and "cannot be judged until" in lines(supplied)[-1]


def test_a_list_that_a_party_supplies_is_said_to_be_unknown() -> None:
    told = "\n".join(lines(section(contract("collabware"))))
    assert "Which dates CollabwareHolidays closes does not stand in the contract: Collabware supplies the list." in told


def test_the_year_is_the_contracts_own_or_the_one_asked_for() -> None:
    captions = [line for line in lines(section(contract("cpi"))) if line.startswith("[Dates in")]
    assert captions == ["[Dates in 2026 on which OfficeHours differs from the usual week]"]
    told = lines(section(contract("cpi"), year=2031))
    assert "Monday 1 September 2031 | Labor Day | closed" in told


def test_an_amended_calendar_stands_once_for_each_of_its_versions() -> None:
    made = section(contract("tests/corpus/good/every_construct.sla"))
    assert made is not None
    anchors = [part.anchor for part in made.sections]
    assert len(set(anchors)) == len(anchors)


def test_no_calendar_no_section() -> None:
    assert section(small.contract("event asked_for of request\n")) is None


def test_years_without_known_holidays_are_said_to_be_so() -> None:
    told = "\n".join(lines(section(contract("cpi"), year=2150)))
    assert "Public holidays are known here for the years 1990 to 2099 alone" in told
    assert "Public holidays are known" not in "\n".join(lines(section(contract("cpi"))))
