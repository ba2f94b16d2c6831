"""What lies past the calendars' years: such deadlines are unknown, such dates are none; nothing is raised."""

from __future__ import annotations

import pytest

from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.columns import table_of
from slarules.engine.evaluate import evaluate
from slarules.model.verdict import Evaluation
from tests.engine.small import at, contract, event, one

RULES = """
fact day of request: date
fact days of request: list of dates
date later is 30 days after day
date sooner is 2 months rounding down before day
calendar Hours
  open Monday to Friday 09:00 to 17:00

duty x
  when request opened
  Desk must notify {}
"""


def by_both(limit: str, when: str, **facts: str) -> Evaluation:
    """What both engines say alike of one ticket an hour after its opening, and then on the last day."""
    terms, log = contract(RULES.format(limit)), [event("t1", "opened", when, "Client", "T1", **facts)]
    for as_of in (at(when) + 3_600_000_000, at("2200-12-31 16:59")):
        seen = evaluate(terms, None, log, as_of)
        assert evaluation_of(judge(terms, None, table_of(log), as_of), terms) == seen
    return evaluate(terms, None, log, at(when) + 3_600_000_000)


@pytest.mark.parametrize("limit", [
    "within 30 days", "within 2 months rounding down", "within 9 days counted in Hours",
    "within 90 hours counted in Hours",
])  # fmt: skip
def test_a_deadline_past_the_calendars_is_none(limit: str) -> None:
    seen = one(by_both(limit, "2200-12-29 09:00"), "x#1")
    assert (seen.state, seen.deadline, seen.flags) == ("pending", None, ("no_deadline_found",))


def test_the_sooner_of_it_and_another_is_the_other() -> None:
    seen = one(by_both("by the sooner of within 30 days and within 3 hours", "2200-12-29 09:00"), "x#1")
    assert seen.deadline == at("2200-12-29 12:00")


@pytest.mark.parametrize("limit", [
    "by the end of day", "by the end of later", "by the end of sooner", "by the close of day in Hours",
    "by the end of later otherwise within 30 days",
])  # fmt: skip
@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "1969-12-31", "2201-01-01", "9999-12-31"])
def test_a_date_past_the_calendars_is_none(limit: str, day: str) -> None:
    """As exports write what has no end; it is told, and counts as not recorded."""
    seen = by_both(limit, "2026-12-29 09:00", day=day)
    assert (one(seen, "x#1").state, one(seen, "x#1").missing) == ("undetermined", ("day",))
    assert [f.code for f in seen.findings] == ["bad_fact"]


def test_lists_of_such_dates_are_none() -> None:
    seen = by_both("on each of days", "2026-12-29 09:00", days="2026-12-30 9999-12-31")
    assert ([f.code for f in seen.findings], one(seen, "x#1").missing) == (["bad_fact"], ("days",))


def test_a_computed_date_past_the_calendars_cannot_be_known() -> None:
    seen = by_both("by the end of later", "2200-12-20 09:00", day="2200-12-20")
    assert one(seen, "x#1").missing == ("a date from 1970 to 2200",)
