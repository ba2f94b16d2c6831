"""Laws of logs: whole weeks later, other tickets beside, waits of no length and facts told again change nothing."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from slarules.model.calendar import Supplied
from slarules.model.event import Event
from slarules.model.value import HOUR
from tests.laws.histories import CHANGES
from tests.laws.other_words import differing, judged, read, told
from tests.same.cases import Case
from tests.same.trying import random_cases

FIRST = 33000
SEEDS = range(FIRST, FIRST + int(os.environ.get("SLARULES_LAW_POLICIES", "5")))
"""One policy each."""
DAY = 24 * HOUR


@pytest.fixture(scope="module", params=SEEDS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Logs under one random policy."""
    return [case for case, _ in random_cases(request.param, tickets=16, logs=2)]


# ---- Weeks -----------------------------------------------------------------------------------------------------------

ISO = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")
MONTHS = {"12 months": "365 days", "2 months": "60 days", "1 month 3 days": "33 days", "1 month": "30 days"}
INSTANTS = ("triggered_at", "deadline", "performed_at", "next_change_at")


def evenly(text: str) -> str:
    """The policy where one week is as another: no clocks that change, no months, no public holidays."""
    for months, days in MONTHS.items():
        text = re.sub(rf"\b{months} rounding (up|down)", days, text)
    text = re.sub(r"(?m)^ *closed on (holidays of US.*|24 December|as read in which_days)\n", "", text)
    text = re.sub(r"by the next close of (Round|Always)", "within 90 minutes", text)  # at the end of the years
    return re.sub(r"(?m)\b(America|Europe|Australia|Pacific|Antarctica|Atlantic|Africa)/\w+", "UTC", text)


def later(value: Any, weeks: int) -> Any:
    """Dates of a text or of a fact so many weeks later."""
    if isinstance(value, str):
        moved = timedelta(weeks=weeks)
        return ISO.sub(lambda found: (date.fromisoformat(found[1]) + moved).isoformat(), value)
    return tuple(later(part, weeks) for part in value) if isinstance(value, tuple) else value


def event_later(event: Event, weeks: int) -> Event:
    moved = weeks * 7 * DAY
    facts = {name: later(value, weeks) for name, value in event.facts.items()}
    if event.type in CHANGES and isinstance(facts.get("at"), int):
        facts["at"] += moved
    recorded = None if event.recorded_at is None else event.recorded_at + moved
    return evolve(event, at=event.at + moved, recorded_at=recorded, facts=facts)


def list_later(one: Supplied, weeks: int) -> Supplied:
    moved = timedelta(weeks=weeks)
    return evolve(
        one,
        dates=tuple(day + moved for day in one.dates),
        windows=tuple((day + moved, hours) for day, hours in one.windows),
        known_until=None if one.known_until is None else one.known_until + moved,
    )


def test_weeks_later_all_is_as_much_later(cases: list[Case]) -> None:
    """R14, R15, R20, R31: where weeks are alike, every deadline and every state is shifted with the log."""
    if "contracts/" in cases[0].name:
        return
    text = evenly(cases[0].policy)
    weeks = random.Random(len(text)).choice([-3, 1, 5, 40])
    now, then = read(text), read(later(text, weeks))
    for case in cases:
        moved = weeks * 7 * DAY
        lists = {name: list_later(one, weeks) for name, one in case.supplied.items()}
        events = [event_later(event, weeks) for event in case.events]
        one = judged(case, now)
        other = judged(evolve(case, supplied=lists), then, events, case.as_of + moved)
        back = evolve(
            other,
            verdicts=tuple(
                evolve(v, **{name: at - moved for name in INSTANTS if (at := getattr(v, name)) is not None})
                for v in other.verdicts
            ),
        )
        assert not differing(told(one), told(back)), text
        assert one.statuses == other.statuses
        assert [(f.subject, f.event, f.code) for f in one.findings] == [
            (f.subject, f.event, f.code) for f in other.findings
        ]


# ---- What else is in the log -----------------------------------------------------------------------------------------


def test_other_tickets_are_nothing_to_a_ticket(cases: list[Case]) -> None:
    """R11: what happens to one ticket says nothing of another; only the agreement is theirs both."""
    for case in cases:
        telling = {e.subject for e in case.events if e.agreement or e.target or e.kind}  # who may tell of another
        tickets = sorted({e.subject for e in case.events if e.subject.startswith("T")} - telling)
        gone = set(random.Random(len(tickets)).sample(tickets, len(tickets) // 2))
        rest = [event for event in case.events if event.subject not in gone]

        def kept(subject: str, gone: set[str] = gone) -> bool:
            return subject not in gone

        assert not differing(told(judged(case), of=kept), told(judged(case, events=rest), of=kept))


def ordinary(case: Case) -> dict[str, list[Event]]:
    """The tickets of which nothing is odd, with their events in order."""
    odd = {finding.subject for finding in judged(case).findings}
    found: dict[str, list[Event]] = {}
    for event in case.events:
        if event.subject.startswith("T") and event.subject not in odd:
            found.setdefault(event.subject, []).append(event)
    ids = [(event.source, event.id) for event in case.events]
    return {
        subject: sorted(events, key=lambda e: e.at)
        for subject, events in found.items()
        if not any(e.type in CHANGES or e.sequence is not None or e.source != "desk" for e in events)
        and len({(e.source, e.id) for e in events}) == len(events) == len([i for i in ids if i[1].startswith(subject)])
        and min(events, key=lambda e: e.at).type == "opened"
    }


def told_by_the_clock(case: Case) -> bool:
    """Whether the hour of any event at all may leave a ticket outside."""
    return re.search(r"outside if .*(during|outside) ", case.policy) is not None


def with_more(case: Case, more: Sequence[Event]) -> list[Event]:
    return [*case.events, *more]


def test_a_wait_of_no_length_changes_nothing(cases: list[Case]) -> None:
    """R1, R6: a clock that stops and runs again at one instant has not stood still, also at the last moment."""
    for case in cases:
        if re.search(r"\b(waiting|resumed)\b(?! on)", case.policy) or told_by_the_clock(case):
            continue
        rng = random.Random(case.as_of)
        due = {v.subject: v.deadline for v in judged(case).verdicts if v.deadline is not None}
        more = []
        for subject, events in ordinary(case).items():
            last = max(e.at for e in events)
            at = rng.choice([due.get(subject, last + 1), rng.randrange(events[0].at + 1, last + DAY)])
            before = [e for e in events if e.at <= at]
            if at <= events[0].at or any(e.at == at for e in events):
                continue
            if any(e.type in ("waiting", "resolved") for e in before):
                continue
            party = case.contract.parties[1].name
            more += [
                Event(f"{subject}-w1", subject, "waiting", at, None, {"on": party}),
                Event(f"{subject}-w2", subject, "resumed", at, None, {}),
            ]
        if more:
            one, other = judged(case), judged(case, events=with_more(case, more))
            flags = ("flags",)  # in the other order it would wait on
            assert not differing(told(one, without=flags), told(other, without=flags)), more


def test_a_fact_told_again_changes_nothing(cases: list[Case]) -> None:
    """R6, R9: the same value is no news."""
    for case in cases:
        said = case.policy.replace("until recorded", "").replace("is recorded", "")
        if re.search(r"\brecorded\b", said) or told_by_the_clock(case):
            continue
        rng = random.Random(case.as_of)
        facts = case.contract.versions[-1].facts
        more = []
        for subject, events in ordinary(case).items():
            at = rng.randrange(events[0].at + 1, max(e.at for e in events) + DAY)
            if any(e.at == at for e in events):
                continue
            known: dict[str, Any] = {}
            for event in events:
                if event.at < at:
                    known |= event.facts
            own = {n for n, fact in facts.items() if fact.kind == "ticket" and fact.judged_by is None} - {"severity"}
            again = {name: value for name, value in known.items() if name in own}
            more.append(Event(f"{subject}-again", subject, "recorded", at, None, again))
        one, other = told(judged(case)), told(judged(case, events=with_more(case, more)))
        assert not differing(one, other), more
