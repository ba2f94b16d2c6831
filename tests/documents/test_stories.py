"""Stories: every duty has one or a reason; judged again they give what is told; clocks add up."""

from __future__ import annotations

import pytest
from attrs import evolve

from slarules.documents.examples.stories import (
    BROKEN,
    ENDED,
    KEPT,
    PAUSED,
    UNDONE,
    Story,
    Untold,
    stories,
)
from slarules.engine.evaluate import evaluate
from slarules.engine.reasons.stretches import COUNTED
from slarules.model.contract import Contract
from slarules.model.verdict import Verdict
from tests.documents.contracts import NAMES, contract
from tests.documents.test_dates import OFTEN
from tests.engine import small

OUTCOMES = {
    KEPT: ("met", "reached"), BROKEN: ("breached", "missed"), PAUSED: ("pending",),
    UNDONE: ("breached", "missed", "met", "reached", "pending"), ENDED: ("ended", "met", "reached"),
}  # fmt: skip


def judged(of: Contract, story: Story, events: tuple[object, ...], as_of: int) -> tuple[Verdict, ...]:
    """What the engine says of a story's events, judged from the beginning."""
    return evaluate(of, story.readings, events, as_of, supplied=story.supplied).verdicts  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_every_duty_has_a_story_and_what_is_told_is_what_the_engine_says(name: str) -> None:
    of = contract(name)
    found = list(stories(of))
    assert [one.duty.name for one in found] == list(of.versions[-1].duties)
    for story in found:
        assert isinstance(story, Story), story
        assert story.verdict in judged(of, story, story.events, story.at)
        for ending in story.endings:
            assert ending.verdict in judged(of, story, ending.events, ending.as_of)
            assert ending.verdict.state in OUTCOMES[ending.how], (story.duty.name, ending)
            assert set(ending.following) <= set(judged(of, story, ending.events, ending.as_of))
        hows = {ending.how for ending in story.endings}
        assert hows & {KEPT, BROKEN}, (story.duty.name, hows)
        if story.verdict.deadline is not None and story.verdict.deadline > story.at:
            assert {KEPT, BROKEN, UNDONE} <= hows, (story.duty.name, hows)
        if sum(one.end - one.start for one in story.clock if one.state == COUNTED) != (story.verdict.allowed or 0):
            assert not story.clock


@pytest.mark.parametrize("name", NAMES)
def test_the_adopted_readings_are_tried_first(name: str) -> None:
    """A story under another reading is told only where the engine finds no instance under the adopted ones."""
    of = contract(name)
    for story in stories(of):
        assert isinstance(story, Story)
        if story.readings:
            plainly = evaluate(of, None, story.events, story.at, supplied=story.supplied).verdicts
            assert not any(v.duty == story.duty.name and v.state == story.verdict.state for v in plainly)


RULES = """
severities 1, 2
calendar Hours
  open Monday to Friday 08:00 to 17:00
  closed on 2026-03-16 "Founders' Day"
duty answer
  when request opened
  Desk must respond to Client within 2 hours counted in Hours
  paused while waiting on Client
"""


def only(rules: str) -> Story:
    (found,) = stories(small.contract(rules))
    assert isinstance(found, Story)
    return found


def test_the_time_runs_over_a_weekend_and_a_pause_moves_the_deadline() -> None:
    story = only(RULES)
    at = small.at
    assert story.at == at("2026-03-13 16:30")
    assert story.verdict.deadline == at("2026-03-17 09:30")
    told = [(one.start, one.end, one.state, one.reason) for one in story.clock]
    assert told == [
        (at("2026-03-13 16:30"), at("2026-03-13 17:00"), "counted", None),
        (at("2026-03-13 17:00"), at("2026-03-16 00:00"), "closed", None),
        (at("2026-03-16 00:00"), at("2026-03-17 00:00"), "closed", "Founders' Day"),
        (at("2026-03-17 00:00"), at("2026-03-17 08:00"), "closed", None),
        (at("2026-03-17 08:00"), at("2026-03-17 09:30"), "counted", None),
    ]
    endings = {one.how: one for one in story.endings}
    assert endings[KEPT].verdict.performed_at == at("2026-03-17 09:15")
    assert endings[BROKEN].verdict.late_by == 60_000_000
    assert endings[PAUSED].verdict.deadline == at("2026-03-17 10:30")
    assert dict(story.levels) == {"2": at("2026-03-17 09:30")}


def test_what_follows_from_a_breach_is_found() -> None:
    story = next(one for one in stories(small.contract(RULES + """
duty escalate
  when answer missed
  Desk must escalate request within 15 minutes
""")) if isinstance(one, Story) and one.duty.name == "answer")  # fmt: skip
    undone = next(one for one in story.endings if one.how == UNDONE)
    assert [(v.duty, v.cause) for v in undone.following] == [("escalate", "answer#1")]


def test_where_nothing_brings_it_about_the_reason_is_given() -> None:
    (found,) = stories(small.contract("""
fact tried of request: number
fact failed of request: number
duty never
  when request opened
  if tried is more than failed and failed is more than tried
  Desk must respond to Client within 1 hour
"""))  # fmt: skip
    assert isinstance(found, Untold)
    assert "no facts were found" in found.reason


def test_another_log_is_judged_otherwise() -> None:
    """The check above can fail: a story whose act comes a minute later is not what was told."""
    story = only(RULES)
    kept = next(one for one in story.endings if one.how == KEPT)
    late = evolve(kept.events[-1], at=kept.events[-1].at + 16 * 60_000_000)
    again = judged(small.contract(RULES), story, (*kept.events[:-1], late), late.at)
    assert kept.verdict not in again


HOURLY = OFTEN + """
duty renewal
  once each term of term
  Desk must notify no later than 60 days before the term ends
"""


def test_what_is_owed_every_hour_for_a_year_does_not_stand_in_the_way_of_other_stories() -> None:
    """Each has its story, and none goes through the thousands of hours of another duty: no log is longer than that."""
    found = {one.duty.name: one for one in stories(small.contract(HOURLY))}
    assert all(isinstance(one, Story) for one in found.values()) and len(found) == 4
    late = found["last_word"]
    assert isinstance(late, Story) and all(v.duty != "hourly_word" for e in late.endings for v in e.following)
    hourly = found["hourly_word"]
    assert isinstance(hourly, Story) and any(v.duty == "charge" for e in hourly.endings for v in e.following)
