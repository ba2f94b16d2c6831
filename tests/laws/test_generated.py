"""Laws of logs on policies of every construct (see `tests.same`): agreements, kinds, dates in force, odd events."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

import pytest
from attrs import evolve

from slarules.engine.batches import alone
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.model.value import HOUR
from slarules.model.verdict import Evaluation, Verdict
from tests.engine.small import at
from tests.laws.histories import CHANGES, plain, seen
from tests.same.cases import Case
from tests.same.trying import random_cases

MORE = range(5000, 5000 + int(os.environ.get("SLARULES_LAW_LOGS", "0")))
"""Seeds beside those that have shown a mistake once."""
SEEDS = (1015, 1024, 1045, 1071, 1080, *MORE)
FAR = at("2199-01-01 00:00")
"""Behind it, what a change sets off may lie past the calendars."""
Standing = list[tuple[str, str, str, str, bool | None]]


@pytest.fixture(scope="module", params=SEEDS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Logs under one random policy."""
    return [case for case, _ in random_cases(request.param, tickets=25, logs=2)]


def judged(case: Case, events: Sequence[Event], as_of: int | None = None, **more: object) -> Evaluation:
    instant = case.as_of if as_of is None else as_of
    return evaluate(
        case.contract, case.readings, events, instant,
        supplied=case.supplied, precision=case.precision, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def standing(verdicts: Sequence[Verdict]) -> Standing:
    """What R17 looks at."""
    return [(v.subject, v.rule, v.label, v.state, v.owed) for v in verdicts]


def test_the_order_of_arrival_makes_no_difference(cases: list[Case]) -> None:
    """R12, R3."""
    for case in cases:
        changes = [e for e in case.events if e.type in CHANGES]
        events = plain(case.events)
        shuffled = random.Random(len(events)).sample(events, len(events))
        one, other = judged(case, [*events, *changes]), judged(case, [*shuffled, *changes])
        assert seen(one) == seen(other)
        told = [sorted(f.event for f in e.findings if f.code.endswith("_disputed")) for e in (one, other)]
        assert told[0] == told[1]


def test_nobody_looks_back(cases: list[Case]) -> None:
    """R2."""
    for case in cases:
        events = plain(case.events)
        assert seen(judged(case, events)) == seen(judged(case, [e for e in events if e.at <= case.as_of]))


def test_one_subject_with_what_it_needs_is_judged_as_in_the_whole_log(cases: list[Case]) -> None:
    for case in cases:
        whole = judged(case, case.events)
        for subject in sorted({event.subject for event in case.events})[:2]:
            one = judged(case, alone(case.contract, list(case.events), subject))
            assert [v for v in one.verdicts if v.subject == subject] == [
                v for v in whole.verdicts if v.subject == subject
            ]


def test_nothing_changes_before_the_next_change(cases: list[Case]) -> None:
    """R17: of all, and of one subject after the other."""
    for case in cases:
        past = [e for e in plain(case.events) if e.at <= case.as_of]
        own: dict[str, int | None] = {}
        now = judged(case, past, each=lambda subject, change, own=own: own.__setitem__(subject.subject, change))
        change = now.next_change_at
        if change is None:
            later = judged(case, past, case.as_of + 40 * 24 * HOUR)
            assert (standing(later.verdicts), later.statuses) == (standing(now.verdicts), now.statuses)
        else:
            before, then = judged(case, past, change - 1), judged(case, past, change)
            assert change > case.as_of
            assert (standing(before.verdicts), before.statuses) == (standing(now.verdicts), now.statuses)
            assert (standing(then.verdicts), then.statuses) != (standing(now.verdicts), now.statuses)
        for subject, instant in sorted(own.items())[:2]:
            _own_change(case, past, now, subject, instant)


def test_between_two_changes_only_time_passes(cases: list[Case]) -> None:
    """R17: every field of every verdict is as it was, but what counts time; one verdict's own change comes as told."""
    for case in cases:
        rng = random.Random(len(case.events))
        for as_of in (case.as_of, *(event.at + 1 for event in rng.sample(case.events, min(2, len(case.events))))):
            past = [e for e in plain(case.events) if e.at <= as_of]
            now = judged(case, past, as_of)
            until = as_of + 40 * 24 * HOUR if now.next_change_at is None else now.next_change_at
            then = judged(case, past, rng.randrange(as_of, until))
            assert (timeless(then.verdicts), then.statuses) == (timeless(now.verdicts), now.statuses)
            assert then.next_change_at == now.next_change_at
            told = [v for v in now.verdicts if v.next_change_at is not None and v.next_change_at < FAR]
            for verdict in rng.sample(told, min(2, len(told))):
                _its_change(case, past, verdict)


def timeless(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts without what counts time."""
    return [evolve(v, consumed=None, late_by=None, late_by_counted=None) for v in verdicts]


def _its_change(case: Case, past: list[Event], verdict: Verdict) -> None:
    """One verdict stays as it is up to the instant that it tells, and not longer."""

    def stands(as_of: int) -> list[tuple[str, bool | None]]:
        found = judged(case, past, as_of).verdicts
        return [(v.state, v.owed) for v in found if (v.identity, v.number) == (verdict.identity, verdict.number)]

    assert verdict.next_change_at is not None
    assert stands(verdict.next_change_at - 1) == [(verdict.state, verdict.owed)]
    assert stands(verdict.next_change_at) != [(verdict.state, verdict.owed)]


def _own_change(case: Case, past: list[Event], now: Evaluation, subject: str, change: int | None) -> None:
    def its(evaluation: Evaluation) -> Standing:
        return standing([v for v in evaluation.verdicts if v.subject == subject])

    until = case.as_of + 40 * 24 * HOUR if change is None else change
    assert its(judged(case, past, until - 1)) == its(now)
    assert (its(judged(case, past, until)) == its(now)) is (change is None)


def test_what_is_over_stays_so(cases: list[Case]) -> None:
    """R1: breaches whatever comes, performances where nothing comes."""
    for case in cases:
        past = [e for e in plain(case.events) if e.at <= case.as_of]
        for events, over in ((plain(case.events), ("breached", "missed")), (past, ("met", "reached"))):
            then = judged(case, events, case.as_of + 5 * 24 * HOUR)
            later = {(v.subject, v.duty, v.number): v for v in then.verdicts}
            for verdict in judged(case, events).verdicts:
                if verdict.rule in ("duty", "target") and verdict.state in over:
                    still = later[verdict.subject, verdict.duty, verdict.number]
                    assert (still.state, still.deadline) == (verdict.state, verdict.deadline)
