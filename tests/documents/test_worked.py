"""Worked examples in words: a golden one, one or a reason for every duty, and every time told is the engine's."""

from __future__ import annotations

import re

import pytest

from slarules.documents.blocks import Figure, Link, Paragraph
from slarules.documents.examples.stories import Story, stories
from slarules.documents.examples.worked import anchor, section
from slarules.documents.moments import due, moment, span, stretch
from slarules.model.value import HOUR, MINUTE
from tests.documents.contracts import NAMES, anchors, contract, lines
from tests.engine import small

RULES = """
severities 1, 2
fact satisfied of request: yes or no "the client is content"
calendar Hours
  open Monday to Friday 08:00 to 17:00
table times by severity
  | severity | fix     |
  | 1        | 2 hours |
  | 2        | 9 hours |
target resolution
  when request opened
  Desk aims to resolve request within fix counted in Hours
  performed when request resolved by Desk and satisfied
  paused while waiting on Client
  on severity change start again
  on reopening run on
duty escalate
  when resolution missed
  if severity is 1
  Desk must escalate request within 15 minutes
  on severity change keep the deadline
"""
TOLD = """
# Worked examples
For each duty and target this is one course of events with real dates. Whether and when it is due, kept or broken was \
judged by the same rules that judge a record of real tickets. Times are those of America/Denver.
## Resolution
1. Friday 13 March 2026 at 16:30: a request is opened by Client, at severity 1.
2. What is owed: Desk aims to resolve the request within 2 hours counted in Hours. It is due on Monday 16 March 2026 \
at 09:30.
   - Friday 13 March 2026, 16:30 to 17:00: 30 minutes.
   - Friday 13 March 2026, 17:00 to Monday 16 March 2026, 08:00: closed, not counted.
   - Monday 16 March 2026, 08:00 to 09:30: 1 hour 30 minutes.
   - Together: 2 hours.
3. Reached: the request is resolved by Desk (the client is content: yes) on Monday 16 March 2026 at 09:15, with 15 \
minutes to spare.
4. Missed: the same on Monday 16 March 2026 at 09:31 is 1 minute late.
5. Never done: if it is not done, it is missed then and is still owed. From then on these apply as well: “escalate”, \
due on Monday 16 March 2026 at 09:45.
6. Paused: if it waits for Client from Monday 16 March 2026 at 09:00 to Monday 16 March 2026 at 10:00, its clock \
stands still for that time, and it is due on Monday 16 March 2026 at 10:30 instead.
7. Other severities: at severity 2 it is due on Monday 16 March 2026 at 16:30.
(The time of resolution: due on Monday 16 March 2026 at 09:30)
## Escalate
1. Friday 13 March 2026 at 16:30: a request is opened by Client, at severity 1.
2. Monday 16 March 2026 at 09:30: “resolution” is missed.
3. What is owed: Desk must escalate the request within 15 minutes. It is due on Monday 16 March 2026 at 09:45.
   - Monday 16 March 2026, 09:30 to 09:45: 15 minutes, counted day and night, weekends and holidays included.
4. Kept: the request is escalated by Desk on Monday 16 March 2026 at 09:44, with 1 minute to spare.
5. Broken: the same on Monday 16 March 2026 at 09:46 is 1 minute late.
6. Never done: if it is not done, it is broken then and is still owed.
"""


def test_a_weekend_a_pause_a_consequence_and_the_other_severity_are_told() -> None:
    assert lines(section(small.contract(RULES))) == TOLD.strip().splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_there_is_an_example_or_a_reason_for_every_duty(name: str) -> None:
    made = section(contract(name))
    assert made is not None
    duties = list(contract(name).versions[-1].duties)
    assert [part.anchor for part in made.sections] == [anchor(duty) for duty in duties]
    assert len(set(anchors(made))) == len(duties) + 1
    for part, story in zip(made.sections, stories(contract(name)), strict=True):
        told = "\n".join(lines(part))
        assert isinstance(story, Story)
        zone = story.adopted.zone or "UTC"
        assert all(moment(event.at, zone) in told for event in story.events)
        if story.verdict.deadline is not None and story.verdict.deadline > story.at:
            assert due(story.verdict.deadline, zone) in told
        for ending in story.endings:
            if ending.verdict.late_by is not None:
                assert f"{span(ending.verdict.late_by)} late" in told


@pytest.mark.parametrize("name", NAMES)
def test_no_time_is_told_that_the_engine_did_not_give(name: str) -> None:
    """Each `Friday 13 March 2026 at 16:30` is an instant of a story's events, verdicts or stretches."""
    for story, part in zip(stories(contract(name)), (section(contract(name)) or pytest.fail()).sections, strict=True):
        assert isinstance(story, Story)
        instants = {event.at for ending in story.endings for event in ending.events} | {e.at for e in story.events}
        verdicts = [story.verdict, *(v for e in story.endings for v in (e.verdict, *e.following))]
        instants |= {v.triggered_at for v in verdicts} | {v.deadline for v in verdicts if v.deadline is not None}
        instants |= {e.as_of for e in story.endings} | {at for _, at in story.levels if at is not None}
        instants |= {at for at, _ in story.before}
        zone = story.adopted.zone or "UTC"
        known = {moment(at, zone) for at in instants}
        told = re.findall(r"[A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4} at \d\d:\d\d", "\n".join(lines(part)))
        assert set(told) <= known, (part.title, set(told) - known)


def test_a_contract_without_duties_has_no_such_section() -> None:
    assert section(small.contract("event asked_for of request\n")) is None


def test_a_duty_that_only_another_reading_brings_about_says_which() -> None:
    told = lines(section(contract("trak")))
    place = told.index("## Timely correction")
    assert told[place + 1] == "In the clause “Support Response and Resolution”."
    assert told[place + 2] == (
        "As the contract is read here this does not arise. For the example the question “Is a missed resolution time "
        "a breach?” is answered “promise” (yes: besides those consequences, Trak has broken its word) instead of "
        "“effort”."
    )


def test_an_example_leads_to_the_rule_where_it_is_known_where_that_stands() -> None:
    made = section(contract("trak"), {"resolution": "duty-resolution"})
    assert made is not None
    links = [(part.title, run.to) for part in made.sections for block in part.blocks if isinstance(block, Paragraph)
             for run in block.words if isinstance(run, Link)]  # fmt: skip
    assert links == [("Resolution", "duty-resolution")]


def test_the_picture_tells_what_the_list_tells() -> None:
    made = section(small.contract(RULES))
    assert made is not None
    (drawn,) = [block.picture for block in made.sections[0].blocks if isinstance(block, Figure)]
    for told in ("opened by Client", "16 March 2026 at 09:30", "16 March 2026 at 10:30", "wait for Client"):
        assert told in drawn.description
    assert not any(isinstance(block, Figure) for block in made.sections[1].blocks), "all time counts alike"


def test_instants_and_lengths_in_words() -> None:
    at, zone = small.at, small.ZONE
    assert due(at("2026-03-02 09:30"), zone) == "on Monday 2 March 2026 at 09:30"
    assert due(at("2026-03-02 00:00"), zone) == "by the end of Sunday 1 March 2026 (midnight)"
    assert stretch(at("2026-03-02 22:00"), at("2026-03-03 00:00"), zone) == "Monday 2 March 2026, 22:00 to 24:00"
    assert moment(at("2026-03-02 09:30:15"), zone) == "Monday 2 March 2026 at 09:30:15"
    assert span(2 * HOUR + MINUTE) == "2 hours 1 minute"
    assert span(73 * HOUR) == "3 days 1 hour"
    assert span(-90 * HOUR) == "minus 3 days 18 hours"


def test_of_a_consequence_nothing_is_said_for_other_severities() -> None:
    """At severity 2 the resolution is missed later, and the escalation arises then: that it does not would be wrong."""
    rules = RULES.replace("if severity is 1", "if severity is 1 or 2")
    told = lines(section(small.contract(rules)))
    assert not any("Not owed" in line for line in told)
    free = lines(section(small.contract("""
severities 1, 2
duty call
  when request opened
  if severity is 1
  Desk must respond to Client within 2 hours
  on severity change keep the deadline
""")))  # fmt: skip
    assert free[-1].endswith("Not owed: at severity 2 it does not arise.")
