"""Laws of an agreement's life, of choices and rights, on policies of every construct (R2, R20, R21, R22, R25, R34)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.engine.adopt import adopt
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.evaluate import agreements_of, evaluate
from slarules.engine.history import settle
from slarules.model.event import Event
from slarules.model.value import Unknown
from slarules.model.verdict import Evaluation, Verdict
from tests.laws.histories import EXAMPLES, LAWS, Log, plain, trak_logs
from tests.same.cases import Case
from tests.same.trying import random_cases

MORE = range(9000, 9000 + int(os.environ.get("SLARULES_LAW_LOGS", "0")))
SEEDS = (7002, 7019, 7035, 7083, 7196, *MORE)
"""Policies of which the logs have many states, draws, amounts, rights and violations."""


@pytest.fixture(scope="module", params=SEEDS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Logs under one random policy."""
    return [case for case, _ in random_cases(request.param, tickets=20, logs=2)]


def judged(case: Case, events: Sequence[Event], as_of: int) -> Evaluation:
    return evaluate(case.contract, case.readings, events, as_of, supplied=case.supplied)


def lives(case: Case, as_of: int) -> dict[str, Agreement]:
    versions = adopt(case.contract, case.readings, case.supplied)
    told = settle(case.contract, [version.terms for version in versions], plain(case.events), as_of)
    return agreements_of(versions, told, as_of)


def test_a_status_has_one_state_at_every_instant_and_no_later_event_changes_it(cases: list[Case]) -> None:
    """R2, R20: no gap, no overlap; what was told as of an instant is what the whole life says of it."""
    for case in cases:
        own = lives(case, case.as_of)
        instants = sorted({e.at for e in case.events if e.subject in own and e.at <= case.as_of})
        for name, agreement in own.items():
            for stays in agreement.stays.values():
                assert all(one.since <= then.since for one, then in pairwise(stays)), name
                assert all(
                    stay.term_from is None or stay.term_to is None or stay.term_from < stay.term_to for stay in stays
                )
        for instant in instants[:: max(1, len(instants) // 6)]:
            then = judged(case, plain(case.events), instant)
            for (name, status), state in then.statuses.items():
                stay = own[name].stay_at(status, instant)
                known = None if stay is None else stay.state
                assert (state if isinstance(state, str) else None) == known, (name, status, instant)


def test_what_an_allowance_loses_was_drawn_or_lost_with_a_term(cases: list[Case]) -> None:
    """R34: never below nothing, and each entry is split into what was covered and what exceeded it."""
    for case in cases:
        hours = {e.id: e.facts.get("hours") for e in plain(case.events)}
        for level in judged(case, plain(case.events), case.as_of).allowances:
            assert isinstance(level.balance, Unknown) or level.balance >= 0  # type: ignore[operator]
            for draw in level.draws:
                if isinstance(draw.covered, Decimal) and isinstance(draw.excess, Decimal):
                    assert draw.covered + draw.excess == Decimal(str(hours[draw.event]))
                    assert draw.excess >= 0


def test_other_names_of_subjects_rename_verdicts_and_nothing_else(cases: list[Case]) -> None:
    """R11, R12: nothing hangs on what tickets and agreements are called."""
    for case in cases:
        events = plain(case.events)
        names = sorted({e.subject for e in events} | {e.agreement for e in events if e.agreement is not None})
        other = {name: f"{len(names) - place:03d}-{name}" for place, name in enumerate(names)}

        def under_other(verdict: Verdict, other: dict[str, str] = other) -> Verdict:
            agreement = other.get(verdict.agreement) if verdict.agreement is not None else None
            return evolve(verdict, subject=other[verdict.subject], agreement=agreement)

        renamed = [
            evolve(e, subject=other[e.subject], agreement=other[e.agreement] if e.agreement is not None else None)
            for e in events
        ]
        before, after = judged(case, events, case.as_of), judged(case, renamed, case.as_of)

        def place(v: Verdict) -> tuple[str, str, str]:
            return v.subject, v.rule, v.label

        assert sorted(map(under_other, before.verdicts), key=place) == sorted(after.verdicts, key=place)
        assert {(other[name], status): state for (name, status), state in before.statuses.items()} == after.statuses
        assert {(other[name], rule): value for (name, rule), value in before.amounts.items()} == after.amounts
        assert before.next_change_at == after.next_change_at


@settings(LAWS, max_examples=EXAMPLES // 2)
@given(trak_logs(), st.data())
def test_an_election_is_the_elector_s_and_stands(log: Log, data: st.DataObject) -> None:
    """R22: by an event of its own, while it was open; nothing later takes it back."""
    as_of = data.draw(st.sampled_from(log.instants))
    acts = {e.id: e for e in log.events}
    after = log.judged(log.events, max(log.instants)).verdicts
    for verdict in log.judged(log.events, as_of).verdicts:
        if verdict.rule != "choice" or verdict.state != "elected":
            continue
        act = acts[verdict.events[-1]]
        assert (act.type, act.actor, act.at) == ("elected", "Customer", verdict.performed_at)
        assert verdict.triggered_at <= act.at <= as_of
        assert verdict.elected == act.facts["remedy"]
        later = [v.elected for v in after if (v.subject, v.label) == (verdict.subject, verdict.label)]
        assert later == [verdict.elected]


def test_what_is_exercised_or_broken_was_done_by_who_is_named(cases: list[Case]) -> None:
    """R21, R25: each exercise of a right and each violation is by a party that the rule names, at its event."""
    for case in cases:
        events = {(e.subject, e.id): e for e in plain(case.events)}
        versions = adopt(case.contract, case.readings, case.supplied)
        words = {called: p.name for p in case.contract.parties for called in (p.role, p.name.lower())}
        for verdict in judged(case, plain(case.events), case.as_of).verdicts:
            act = events.get((verdict.subject, verdict.events[-1])) if verdict.events else None
            who = None if act is None or act.actor is None else words.get(act.actor, act.actor)
            if verdict.rule == "prohibition" and verdict.state == "breached":
                rules = [v.terms.prohibitions.get(verdict.duty) for v in versions]
                assert act is not None and act.at == verdict.deadline
                assert any(p.type == act.type and p.by in (None, who) for rule in rules if rule for p in rule.patterns)
            elif verdict.rule == "right" and verdict.state == "permitted":
                found = [v.terms.rights.get(verdict.duty) for v in versions]
                assert act is not None and act.at == verdict.triggered_at
                assert any(p.type == act.type and p.by in (None, who) for rule in found if rule for p in rule.patterns)
