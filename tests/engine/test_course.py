"""The course of a duty: its clock's stretches add up to what the verdict says, and nothing that happened is missing."""

from __future__ import annotations

from itertools import pairwise

from slarules.cli import logs
from slarules.engine import batches
from slarules.engine.evaluate import evaluate
from slarules.engine.reasons.course import courses
from slarules.engine.reasons.stretches import CLOSED, COUNTED, PAUSED
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.model.event import Event


def trak() -> tuple[Contract, list[Event], int]:
    contract = load("contracts/trak/policy.sla").contract
    log = logs.read_log({"examples/trak/events.jsonl": None}, False, None)
    assert contract is not None and not isinstance(log, int)
    return contract, log.events, max(event.at for event in log.events)


def test_stretches_add_up_to_the_time_that_the_verdict_says_was_used() -> None:
    contract, events, as_of = trak()
    subjects = sorted({event.subject for event in events if event.subject.startswith("R-")})[:60]
    looked_at = paused = 0
    for subject in subjects:
        own = [event for event in events if event.subject == subject or not event.subject.startswith("R-")]
        for course in courses(contract, {}, own, as_of, subject):
            if not course.stretches or course.verdict.consumed is None:
                continue
            looked_at += 1
            counted = sum(one.end - one.start for one in course.stretches if one.state == COUNTED)
            assert counted == course.verdict.consumed, (subject, course.verdict.label)
            bounds = [(one.start, one.end) for one in course.stretches]
            assert all(first[1] == then[0] for first, then in pairwise(bounds))
            assert bounds[-1][1] == course.end
            inside = [(a, b) for a, b in course.open_times]
            for one in course.stretches:
                if one.state == COUNTED:
                    assert any(a <= one.start and one.end <= b for a, b in inside)
                elif one.state == CLOSED:
                    assert all(b <= one.start or one.end <= a for a, b in inside)
            paused += any(one.state == PAUSED for one in course.stretches)
    assert looked_at > 60 and paused > 5


def test_every_event_of_the_subject_is_told_once_in_order() -> None:
    contract, events, as_of = trak()
    own = [event for event in events if event.subject in ("R-0009", "A-1")]
    told = courses(contract, {}, own, as_of, "R-0009")[0].happenings
    assert [one.id for one in told] == [event.id for event in own if event.subject == "R-0009"]


def test_of_an_unknown_subject_there_is_nothing_to_tell() -> None:
    contract, events, as_of = trak()
    assert courses(contract, {}, events[:20], as_of, "nobody") == ()


def test_a_subject_judged_alone_is_judged_as_in_the_whole_log() -> None:
    contract, events, as_of = trak()
    whole = evaluate(contract, {}, events, as_of)
    for subject in ("R-0001", "R-0075", "R-0201", "R-0348"):
        alone = evaluate(contract, {}, batches.alone(contract, events, subject), as_of)
        assert [v for v in alone.verdicts if v.subject == subject] == [
            v for v in whole.verdicts if v.subject == subject
        ]
