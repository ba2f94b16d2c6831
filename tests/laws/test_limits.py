"""Laws of limits: lengths in other words, longer limits, deadline and consumed, clocks elsewhere."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from attrs import evolve
from hypothesis import assume, example, given
from hypothesis import strategies as st

import slarules
from slarules.calendars.zones import moment, zone
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import HOUR, MINUTE
from slarules.model.verdict import Verdict
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.duty_cases import events_of, instant, policy_text, supplied_of
from tests.engine.small import at, contract
from tests.laws.histories import LAWS, SEEDS, Log, random_log, seen, trak_logs
from tests.oracle.random_cases import random_case

# ---- The same length in other words ------------------------------------------------------------------------

UNITS = {"hours": (3_600, "hours"), "minutes": (60, "minutes"), "seconds": (1, "seconds")}


@cache
def _resolved(text: str) -> Contract:
    source = Source("law.sla", text)
    tree, spelling = parse(source)
    found, problems = resolve(tree, source, None)
    assert found is not None and not spelling, (*spelling, *problems)
    return found


def _smaller(found: re.Match[str]) -> str:
    number, unit = int(found[1]), found[2]
    return f"{number * 60} minutes" if unit == "hours" else f"{number * 60} seconds"


@LAWS
@given(st.integers(0, SEEDS - 1), st.data())
def test_four_hours_are_240_minutes(seed: int, data: st.DataObject) -> None:
    log = random_log(seed)
    case = random_case(random.Random(seed), doubtful=seed % 3 == 0)
    text = policy_text(case)
    other = re.sub(r"\b(\d+) (hours|minutes)\b", _smaller, text)
    as_of = data.draw(st.sampled_from(log.instants))
    told = evaluate(_resolved(other), None, events_of(case), as_of, supplied=supplied_of(case["contract"]))
    assert seen(told) == seen(log.judged(log.events, as_of))


# ---- Longer limits, and the two ways to ask a clock --------------------------------------------------------

RULES = """
calendar Office
  open Monday to Friday 09:00 to 12:00 and 13:00 to 17:00
  closed on 2026-03-10

duty open_time
  when request opened
  Desk must respond within {minutes} minutes counted in Office
  paused while waiting on Client

duty real_time
  when request opened
  Desk must respond within {minutes} minutes
  paused while waiting on Client

duty days
  when request opened
  Desk must respond within {days} days counted in Office
  paused while waiting on Client

duty dates
  when request opened
  Desk must respond within {days} days

duty fix
  when request opened
  Desk must resolve within {minutes} minutes counted in Office
  paused while waiting on Client
  on reopening run on
"""
KEPT, BROKEN = ("met", "pending", "suspended"), ("breached",)
KINDS = ("responded", "waiting", "resumed", "resolved", "reopened", "updated")
START = at("2026-03-05 06:00")


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """One request in the days before and after the clocks change."""
    when = START + draw(st.integers(0, 4 * 24 * 60)) * MINUTE
    events = [Event("e0", "T1", "opened", when, "Client")]
    for number in range(draw(st.integers(0, 8))):
        when += draw(st.sampled_from([0, 1, 30, 60, 119, 240, 480, 961, 1440, 4320])) * MINUTE
        kind = draw(st.sampled_from(KINDS))
        events.append(
            Event(f"e{number + 1}", "T1", kind, when, "Desk", {"on": "Client"} if kind == "waiting" else {})
        )
    return events


def _verdicts(minutes: int, days: int, events: list[Event], as_of: int) -> dict[str, Verdict]:
    found = evaluate(contract(RULES.format(minutes=minutes, days=days)), None, events, as_of)
    return {v.duty: v for v in found.verdicts}


short, longer = st.sampled_from([30, 60, 120, 420, 480]), st.sampled_from([1, 60, 420, 960])


@LAWS
@given(stories(), short, longer, st.integers(1, 3), st.integers(0, 9), st.integers(0, 4 * 24 * 60))
def test_a_longer_limit_never_breaks_what_was_kept(
    events: list[Event], minutes: int, more: int, days: int, place: int, after: int
) -> None:
    as_of = events[min(place, len(events) - 1)].at + after * MINUTE
    before = _verdicts(minutes, days, events, as_of)
    now = _verdicts(minutes + more, days + 1, events, as_of)
    for duty, verdict in before.items():
        assert verdict.state in (*KEPT, *BROKEN)
        if verdict.state in KEPT:
            assert now[duty].state in KEPT, duty
        if verdict.deadline is not None and now[duty].deadline is not None:
            assert now[duty].deadline >= verdict.deadline


@LAWS
@given(stories(), short)
@example([Event("e0", "T1", "opened", at("2026-03-08 01:30"), "Client")], 60)
def test_at_the_deadline_everything_is_used_and_before_it_is_not(events: list[Event], minutes: int) -> None:
    """As of the deadline nothing is left, and an instant before it something is."""
    end = events[-1].at + 30 * 24 * HOUR
    reopened = any(e.type == "reopened" for e in events)
    broken = [v for v in _verdicts(minutes, 1, events, end).values() if v.state == "breached"]
    for verdict in broken:
        assert verdict.deadline is not None
        if verdict.allowed is None or (verdict.duty == "fix" and reopened):
            continue  # dates use nothing; a reopening may set a floor (R6)
        on_time = _verdicts(minutes, 1, events, verdict.deadline)[verdict.duty]
        just_before = _verdicts(minutes, 1, events, verdict.deadline - 1)[verdict.duty]
        assert (on_time.consumed, on_time.margin) == (verdict.allowed, 0)
        stood = (
            just_before.state == "suspended"
        )  # stopped at the deadline, and breached when it runs again (R1)
        assert just_before.consumed == verdict.allowed - (0 if stood else 1)


@LAWS
@given(stories(), short, st.integers(0, 9), st.integers(0, 3 * 24 * 60))
def test_what_is_pending_is_breached_at_its_deadline_and_not_before(
    events: list[Event], minutes: int, place: int, after: int
) -> None:
    """R1: nothing more need happen."""
    as_of = events[min(place, len(events) - 1)].at + after * MINUTE
    past = [e for e in events if e.at <= as_of]
    for duty, verdict in _verdicts(minutes, 2, past, as_of).items():
        if verdict.state == "pending" and verdict.deadline is not None:
            assert verdict.deadline > as_of
            assert _verdicts(minutes, 2, past, verdict.deadline - 1)[duty].state == "pending"
            assert _verdicts(minutes, 2, past, verdict.deadline)[duty].state == "breached"


@LAWS
@given(stories(), short)
def test_an_act_is_in_time_up_to_the_deadline(events: list[Event], minutes: int) -> None:
    """R1: met by an act at the deadline, breached by one an instant after it."""
    past = [e for e in events if e.type not in ("responded", "resolved")]
    end = past[-1].at + 30 * 24 * HOUR
    for duty, verdict in _verdicts(minutes, 2, past, end).items():
        assume(verdict.state != "suspended")
        if duty != "fix":
            assert verdict.deadline is not None
            act = Event("act", "T1", "responded", verdict.deadline, "Desk")
            late = evolve(act, at=verdict.deadline + 1)
            if not any(e.at == act.at for e in past):  # a pause that begins then comes first (R1)
                assert _verdicts(minutes, 2, [*past, act], end)[duty].state == "met"
            assert _verdicts(minutes, 2, [*past, late], end)[duty].state == "breached"


# ---- The same instant by another clock ---------------------------------------------------------------------

offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


def _written(instant_us: int, offset: timezone) -> str:
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant_us)
    return whole.astimezone(offset).isoformat()


@LAWS
@given(trak_logs(), st.data())
def test_offsets_are_only_labels(log: Log, data: st.DataObject) -> None:
    """The same instants, each written by a clock of another offset, are the same log."""
    policy = slarules.Policy(log.contract)
    as_of = data.draw(st.sampled_from(log.instants))
    written = [
        {
            "id": e.id,
            "subject": e.subject,
            "type": e.type,
            "actor": e.actor,
            "facts": dict(e.facts),
            "at": _written(e.at, data.draw(offsets)),
        }
        for e in log.events
    ]
    told = policy.evaluate(written, as_of=_written(as_of, data.draw(offsets)))
    assert seen(told) == seen(log.judged(log.events, as_of))


@given(
    st.integers(0, 8_000_000_000_000_000 - 1), st.sampled_from(["America/Denver", "Asia/Kathmandu", "UTC"])
)
@LAWS
def test_a_zone_names_the_instant_that_it_shows(instant_us: int, name: str) -> None:
    shown = moment(instant_us % 7_200_000_000_000_000, zone(name)).isoformat()
    assert instant(shown) == instant_us % 7_200_000_000_000_000
