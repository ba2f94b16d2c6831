"""Lives: every duty stands in one picture whose states it can be in; lifecycles name every state and move."""

from __future__ import annotations

import pytest

from slarules.documents.blocks import Definitions, Figure, Section
from slarules.documents.examples.lives import AT_ONCE, DATED, OPEN, RECURRING, THROUGHOUT, section, shape_of
from slarules.documents.examples.stories import Story, stories
from slarules.documents.summary.as_read import as_read
from slarules.engine.folding import NO, YES, folded, still_asked
from slarules.model.expression import AllOf, AnyOf, FactRef, Not, Truth
from tests.documents.contracts import NAMES, anchors, contract, lines, said
from tests.engine import small

RULES = """
duty answer
  when request opened by Client
  Desk must respond to Client within 2 hours
  paused while waiting on Client
duty report
  when request opened by Client
  Desk must report to Client every 24 hours until request resolved
  on reopening run on
duty number
  when request opened by Client
  Desk must acknowledge to Client
"""
TOLD = """
## Duties with a deadline, paused while waiting
(The life of duties with a deadline, paused while waiting)
Kept if it is done at or before its deadline, and broken if not. What is done afterwards is done late, and the breach \
stays. Hours do not run while the request stands as resolved, even where its resolution does not count here; dates \
pass all the same. What is owed about the request ends when the request is cancelled, is found to be outside the \
contract, or is closed without having been resolved.
Answer:
  Arises: when a request is opened by Client.
  Due: within 2 hours.
  Kept: when the request is responded to by Desk.
  Stands still: while the request waits for Client.
## Duties that recur, resumed when reopened
(The life of duties that recur, resumed when reopened)
Owed again and again; each time it is kept if it is done by then, and broken if not. If the request is reopened after \
its resolution performed or ended it, it is owed again, with what was left of its time. Hours do not run while the \
request stands as resolved, even where its resolution does not count here; dates pass all the same. What is owed about \
the request ends when the request is cancelled, is found to be outside the contract, or is closed without having been \
resolved.
Report:
  Arises: when a request is opened by Client.
  Due: every 24 hours.
  Kept: when a report on the request is made by Desk.
  Ends: when the request is resolved.
## Duties without a time
(The life of duties without a time)
Owed until it is done; no time is set, so that it cannot be late. What is owed about the request ends when the request \
is cancelled, is found to be outside the contract, or is closed without having been resolved.
Number:
  Arises: when a request is opened by Client.
  Kept: when the request is acknowledged by Desk.
"""


def test_duties_of_one_shape_share_a_picture_and_each_has_its_own_words() -> None:
    assert lines(section(small.contract(RULES)))[2:] == TOLD.strip().splitlines()


def pictures(part: Section) -> list[str]:
    return [block.picture.description for block in part.blocks if isinstance(block, Figure)]


@pytest.mark.parametrize("name", NAMES)
def test_each_duty_stands_in_one_group_whose_picture_has_what_may_become_of_it(name: str) -> None:
    """What the engine makes of a duty's stories is a state of the picture that the duty stands under."""
    of = contract(name)
    made = section(of)
    assert made is not None
    assert len(set(anchors(made))) == len(list(anchors(made)))
    under = {
        said(term): pictures(part)[0]
        for part in made.sections
        for block in part.blocks
        if isinstance(block, Definitions)
        for term, _ in block.entries
    }
    assert len(under) == len(of.versions[-1].duties)
    states = {"met": "Kept", "reached": "Kept", "breached": "Broken", "missed": "Broken", "pending": "Owed",
              "ended": "Ended"}  # fmt: skip
    for story in stories(of):
        title = story.duty.name.replace("_", " ")
        drawn = under[title[0].upper() + title[1:]]
        assert isinstance(story, Story)
        for ending in story.endings:
            assert states[ending.verdict.state] in drawn, (title, ending.verdict.state)
            if ending.how == "paused":
                assert "Clock stands still" in drawn
            if ending.verdict.late_by is not None:
                assert "Done late" in drawn


def test_the_lifecycle_of_maintenance_names_every_state_and_what_leads_on() -> None:
    made = section(contract("collabware"))
    assert made is not None
    part = made.sections[0]
    (drawn,) = pictures(part)
    moves = (
        "From active to renewed", "From active to grace: at the end of the term", "From renewed to active",
        "From grace to renewed", "From grace to expired: 30 days after it began", "From expired to active",
    )  # fmt: skip
    for move in moves:
        assert move in drawn
    told = "\n".join(lines(part))
    assert "is the case" not in told + drawn, "what a reading settles is left out"
    assert "“amount paid” is at least the reinstatement total" in told


def test_shapes_are_told_by_what_the_policy_says() -> None:
    of = contract("trak")
    duties = as_read(of, of.versions[-1]).terms.duties
    assert shape_of(duties["resolution"]).timing == DATED and shape_of(duties["resolution"]).pauses
    assert shape_of(duties["daily_report"]).timing == RECURRING
    assert shape_of(duties["keep_working"]).timing == THROUGHOUT
    assert shape_of(duties["assign_level"]).timing == OPEN
    other = contract("collabware")
    assert shape_of(as_read(other, other.versions[-1]).terms.duties["detailed_information"]).timing == AT_ONCE


def test_a_duty_that_never_arises_as_read_says_only_that() -> None:
    told = lines(section(contract("trak")))
    place = told.index("Timely correction:")
    assert told[place + 1] == "  As the words are read here it never arises."
    assert not told[place + 2].startswith("  ")


def test_conditions_without_what_is_settled() -> None:
    one, two = Truth(FactRef("one")), Truth(FactRef("two"))
    assert folded(AnyOf((NO, one))) == one
    assert folded(AllOf((YES, AnyOf((NO, one)), Not(NO), two))) == AllOf((one, two))
    assert folded(AllOf((one, Not(YES)))) == NO
    assert folded(AnyOf((one, Not(AllOf(()))))) == one
    assert folded(AnyOf(())) == NO
    assert folded(Not(one)) == Not(one)
    assert still_asked((YES, one)) == (one,)
    assert still_asked((one, NO)) is None
