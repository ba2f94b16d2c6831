"""Laws of time on policies of every construct: limits in other words, longer limits, streams, doubles, other clocks."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs import evolve

import slarules
from slarules.engine import ongoing
from slarules.engine.evaluate import evaluate, verdicts_on
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.limit import Later, Milestone, Sooner, Within
from slarules.model.rules import Duty, OnBoth, OnEvent
from slarules.model.value import HOUR
from slarules.model.verdict import Evaluation
from tests.laws.histories import CHANGES, seen
from tests.same.cases import Case, contract_of
from tests.same.trying import random_cases

FIRST = 26000
SEEDS = range(FIRST, FIRST + int(os.environ.get("SLARULES_LAW_POLICIES", "6")))
"""One policy each."""
KEPT = ("met", "reached", "pending", "suspended")


@pytest.fixture(scope="module", params=SEEDS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Logs under one random policy."""
    return [case for case, _ in random_cases(request.param, tickets=16, logs=2)]


def judged(case: Case, events: Sequence[Event], contract: Contract | None = None) -> Evaluation:
    return evaluate(
        case.contract if contract is None else contract, case.readings, events, case.as_of,
        supplied=case.supplied, precision=case.precision,
    )  # fmt: skip


# ---- Limits ----------------------------------------------------------------------------------------------------------


def reworded(case: Case, lines: str, change: str) -> Contract:
    """The contract with other lengths of time in the lines that match."""

    def other(found: re.Match[str]) -> str:
        number, minutes = int(found[1]), 60 if found[2].startswith("hour") else 1
        if change == "longer":
            return f"{number * minutes * 2 + 7} minutes"
        return f"{number * 60} {'minutes' if minutes == 60 else 'seconds'}"

    text = [
        re.sub(r"(?<!\.)\b(\d+) (hours?|minutes?)\b", other, line) if re.match(lines, line) else line
        for line in case.policy.splitlines()
    ]
    contract, wrong = contract_of("\n".join(text) + "\n")
    assert contract is not None, wrong
    return contract


def without_words(evaluation: Evaluation) -> object:
    """What is told, but for where in the policy it stands: a length of time in other words is of another length."""
    verdicts, *rest = seen(evaluation)
    return [evolve(v, citation=evaluation.verdicts[0].citation) for v in verdicts], rest


def test_four_hours_are_240_minutes(cases: list[Case]) -> None:
    contract = reworded(cases[0], "", "same")
    for case in cases:
        assert without_words(judged(case, case.events, contract)) == without_words(judged(case, case.events))


def alone(contract: Contract) -> set[str]:
    """Duties that events set off, and whose time does not hang on what became of others."""
    found: set[str] = set()
    others: set[str] = set()
    for terms in contract.versions:
        for name, duty in terms.duties.items():
            by_events = all(isinstance(trigger, (OnEvent, OnBoth)) for trigger in duty.triggers) and duty.triggers
            by_itself = by_events and all(map(_plain, _limits(duty)))
            (found if by_itself else others).add(name)
    return found - others


def _limits(duty: Duty) -> Iterator[object]:
    yield from duty.limit.parts if isinstance(duty.limit, (Sooner, Later)) else (duty.limit,)


def _plain(limit: object) -> bool:
    return isinstance(limit, Within) and not isinstance(limit.after, Milestone)


def test_a_longer_limit_never_breaks_what_was_kept(cases: list[Case]) -> None:
    contract = reworded(cases[0], r"\s+(\S+ (must|aims to) .*within|\|)", "longer")
    own = alone(contract)
    for case in cases:
        longer = {
            (v.subject, v.label, v.triggered_at): v for v in judged(case, case.events, contract).verdicts
        }
        for verdict in judged(case, case.events).verdicts:
            if verdict.rule not in ("duty", "target") or verdict.duty not in own:
                continue
            now = longer[verdict.subject, verdict.label, verdict.triggered_at]
            if verdict.state in KEPT:
                assert now.state in KEPT, verdict
            if verdict.state in ("met", "reached"):
                assert (now.state, now.performed_at) == (verdict.state, verdict.performed_at)
            if verdict.deadline is not None and now.deadline is not None:
                assert now.deadline >= verdict.deadline, verdict


# ---- Streams ---------------------------------------------------------------------------------------------------------


def test_a_stream_may_be_split_anywhere(cases: list[Case]) -> None:
    """R2, R3: what is known at the split, and then event by event in the order of the log."""
    for case in cases:
        rng = random.Random(len(case.events))
        for subject in rng.sample(sorted({e.subject for e in case.events}), 3):
            split = max((n for n, e in enumerate(case.events) if e.subject == subject), default=0)
            split = rng.randint(max(0, split - 12), split)
            told = ongoing.follow(
                case.contract, case.readings, subject, case.events[:split], supplied=case.supplied
            )
            for place, event in list(enumerate(case.events[split:], split + 1))[:4]:
                as_of = max(e.at for e in case.events[:place]) + rng.choice([0, HOUR, 30 * HOUR])
                assert ongoing.verdicts_after(told, event, as_of) == verdicts_on(
                    case.contract, case.readings, case.events[:place], as_of, subject, supplied=case.supplied
                )


def test_a_double_is_no_event(cases: list[Case]) -> None:
    """R32."""
    for case in cases:
        rng = random.Random(len(case.events))
        log = list(case.events)
        for event in rng.sample(case.events, min(5, len(log))):
            first = next(e for e in log if (e.source, e.id) == (event.source, event.id))
            log.insert(rng.randint(log.index(first) + 1, len(log)), evolve(first, facts=dict(first.facts)))
        assert seen(judged(case, log)) == seen(judged(case, case.events))


def test_a_change_may_arrive_before_what_it_changes(cases: list[Case]) -> None:
    """R3: of two changes of one event the last in the log wins; else their place in the log makes no difference."""
    for case in cases:
        first = {(e.source, e.id): e for e in reversed(case.events)}
        once = [e for e in case.events if first[e.source, e.id] is e]
        corrected = [e.target for e in once if e.type == "corrected"]
        several = {target for target in corrected if corrected.count(target) > 1}
        moved = [e for e in once if e.type in CHANGES and e.target not in several]
        rest = [e for e in once if e not in moved]
        assert seen(judged(case, [*moved[::-1], *rest])) == seen(judged(case, once))


# ---- The same instants by another clock ------------------------------------------------------------------------------


def test_offsets_are_only_labels(cases: list[Case]) -> None:
    for case in cases:
        rng = random.Random(len(case.events))

        def other(instant: int, rng: random.Random = rng) -> str:
            offset = timezone(timedelta(minutes=15 * rng.randint(-56, 56)))
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)).astimezone(offset).isoformat()

        plain = [e for e in case.events if e.type not in CHANGES and e.recorded_at is None]
        policy = slarules.Policy(case.contract)
        written = [
            {
                **{name: getattr(e, name) for name in ("id", "subject", "type", "actor", "source", "sequence")},
                **{name: getattr(e, name) for name in ("kind", "agreement")},
                "facts": dict(e.facts), "at": other(e.at),
            }
            for e in plain
        ]  # fmt: skip
        told = policy.evaluate(written, as_of=other(case.as_of), readings=case.readings, supplied=case.supplied)
        expected = evaluate(case.contract, case.readings, plain, case.as_of, supplied=case.supplied)
        assert seen(told) == seen(expected)
