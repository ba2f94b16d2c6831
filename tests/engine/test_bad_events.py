"""Events that cannot be, or that nothing fits: each is told by its code and moves no other verdict."""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest
from attrs import evolve

from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.model.verdict import Evaluation, Verdict
from tests.engine.small import at, contract, event, one

RULES = """
fact channel of request: one of email or telephone
fact size of request: number
fact due_on of request: date
fact fee of request: money in USD
fact down of request: yes or no
fact slots of request: list of dates

severities 1, 2
  assigned by Client
  changed by Client

table times by severity
  | severity | fix_time |
  | 1        | 2 hours  |
  | 2        | 4 hours  |

duty respond
  when request opened
  Desk must respond within 1 hour

duty fix
  when request opened
  Desk must resolve within fix_time
  paused while waiting on Client
  on severity change count again from the start
  on reopening run on

duty update
  when request opened
  Desk must update every 4 hours until request resolved
  paused while waiting on Client
  on reopening change nothing
"""
AS_OF = at("2026-03-02 15:00")
OTHER = [
    event("o1", "opened", "2026-03-02 09:00", "Client", "T2", severity="2"),
    event("o2", "responded", "2026-03-02 09:30", subject="T2"),
]
"""A second ticket, which nothing on the first may touch."""
LOG = [
    event("e1", "opened", "2026-03-02 08:00", "Client", severity="2"),
    event("e2", "responded", "2026-03-02 08:30"),
    *OTHER,
]


def judged(*events: Event, as_of: int = AS_OF) -> Evaluation:
    return evaluate(contract(RULES), None, events, as_of)


def codes(seen: Evaluation) -> list[tuple[str, str]]:
    return [(f.event, f.code) for f in seen.findings]


def of(seen: Evaluation, subject: str = "T1") -> list[Verdict]:
    return [v for v in seen.verdicts if v.subject == subject]


BEFORE = judged(*LOG)
HARMLESS: dict[str, tuple[list[Event], list[tuple[str, str]]]] = {
    "unknown type": ([event("x", "teleported", "2026-03-02 09:00")], [("x", "unknown_type")]),
    "unknown fact": (
        [event("x", "asked", "2026-03-02 09:00", "Client", mood="bad")],
        [("x", "unknown_fact")],
    ),
    "the same unknown fact twice": (
        [event(f"x{n}", "asked", "2026-03-02 09:00", "Client", mood="bad") for n in (1, 2)],
        [("x1", "unknown_fact")],
    ),
    "a fact that is empty": ([event("x", "asked", "2026-03-02 09:00", "Client", channel=None)], []),
    "no value of a choice": (
        [event("x", "asked", "2026-03-02 09:00", channel="pigeon")],
        [("x", "bad_fact")],
    ),
    "no number": ([event("x", "asked", "2026-03-02 09:00", size="big")], [("x", "bad_fact")]),
    "yes is no number": ([event("x", "asked", "2026-03-02 09:00", size=True)], [("x", "bad_fact")]),
    "infinity is no number": (
        [event("x", "asked", "2026-03-02 09:00", size="Infinity")],
        [("x", "bad_fact")],
    ),
    "no date": ([event("x", "asked", "2026-03-02 09:00", due_on="2026-02-30")], [("x", "bad_fact")]),
    "no list of dates": (
        [event("x", "asked", "2026-03-02 09:00", slots="2026-03-02 soon")],
        [("x", "bad_fact")],
    ),
    "no yes or no": ([event("x", "asked", "2026-03-02 09:00", down="perhaps")], [("x", "bad_fact")]),
    "another currency": ([event("x", "asked", "2026-03-02 09:00", fee="5.00 EUR")], [("x", "bad_fact")]),
    "no money": ([event("x", "asked", "2026-03-02 09:00", fee="NaN USD")], [("x", "bad_fact")]),
    "unknown severity": (
        [event("x", "asked", "2026-03-02 09:00", "Client", severity="7")],
        [("x", "bad_fact")],
    ),
    "the same id twice, the same content": ([LOG[1]], [("e2", "duplicate")]),
    "the same id twice, other content": ([evolve(LOG[1], at=at("2026-03-02 09:30"))], [("e2", "disputed")]),
    "the same id twice, other facts": ([evolve(LOG[1], facts={"channel": "email"})], [("e2", "disputed")]),
    "opened twice": (
        [event("x", "opened", "2026-03-02 09:00", "Client", severity="1")],
        [("x", "impossible")],
    ),
    "resumed without waiting": ([event("x", "resumed", "2026-03-02 09:00")], [("x", "impossible")]),
    "reopened while open": ([event("x", "reopened", "2026-03-02 09:00")], [("x", "impossible")]),
    "changed to the same severity": (
        [event("x", "severity_changed", "2026-03-02 09:00", "Client", severity="2")],
        [("x", "impossible")],
    ),
    "changed by the wrong party": (
        [event("x", "severity_changed", "2026-03-02 09:00", "Desk", severity="1")],
        [("x", "not_entitled")],
    ),
    "a correction of nothing": (
        [evolve(event("x", "corrected", "2026-03-02 09:00", severity="1"), target="e99")],
        [("x", "impossible")],
    ),
    "a retraction of nothing": (
        [evolve(event("x", "retracted", "2026-03-02 09:00"), target=None)],
        [("x", "impossible")],
    ),
    "a correction of a correction that was retracted": (
        [
            evolve(event("x", "corrected", "2026-03-02 09:00", severity="1"), target="e1"),
            evolve(event("y", "retracted", "2026-03-02 09:00"), target="x"),
        ],
        [],
    ),
    "a correction of another source's event is found by its id": (
        [evolve(event("x", "corrected", "2026-03-02 09:00", channel="email"), target="e1", source="phone")],
        [],
    ),
    "waiting on somebody whom no rule names": ([event("x", "waiting", "2026-03-02 09:00", on="vendor")], []),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_it_is_told_and_moves_nothing(name: str) -> None:
    events, expected = HARMLESS[name]
    seen = judged(*LOG, *events)
    assert codes(seen) == expected
    assert of(seen) == of(BEFORE)
    assert of(seen, "T2") == of(BEFORE, "T2")


def test_out_of_order() -> None:
    """Arrival is no order."""
    assert judged(*reversed(LOG)).verdicts == BEFORE.verdicts
    assert codes(judged(*reversed(LOG))) == []


def test_ties_are_put_in_order() -> None:
    """An answer at the instant of the opening comes after it, and no order would change that."""
    tied = [event("e2", "responded", "2026-03-02 08:00"), LOG[0]]
    seen = judged(*tied, *OTHER)
    assert codes(seen) == []
    assert (one(seen, "respond#1").state, one(seen, "respond#1").performed_at) == (
        "met",
        at("2026-03-02 08:00"),
    )
    assert of(seen, "T2") == of(BEFORE, "T2")


def test_resolved_twice() -> None:
    first = judged(*LOG, event("r1", "resolved", "2026-03-02 10:00"))
    again = judged(
        *LOG, event("r1", "resolved", "2026-03-02 10:00"), event("r2", "resolved", "2026-03-02 14:00")
    )
    assert codes(again) == [("r2", "impossible")]
    assert again.verdicts == first.verdicts
    assert one(again, "fix#1").performed_at == at("2026-03-02 10:00")


def test_waiting_twice_on_the_same_party() -> None:
    first = judged(*LOG, event("w1", "waiting", "2026-03-02 10:00", on="Client"))
    twice = judged(
        *LOG,
        event("w1", "waiting", "2026-03-02 10:00", on="Client"),
        event("w2", "waiting", "2026-03-02 11:00", on="customer"),
    )
    assert codes(twice) == [("w2", "impossible")]
    assert twice.verdicts == first.verdicts
    assert one(twice, "fix#1").state == "suspended"


def test_events_after_closing() -> None:
    """They are taken, and neither set anything off nor perform what the closing ended."""
    closed = judged(*LOG, event("c", "closed", "2026-03-02 09:00"))
    after = judged(
        *LOG,
        event("c", "closed", "2026-03-02 09:00"),
        event("x1", "updated", "2026-03-02 09:30"),
        event("x2", "resolved", "2026-03-02 10:00"),
    )
    assert after.verdicts == closed.verdicts
    assert codes(after) == []
    assert one(after, "fix#1").ended_by == "closed"


def test_an_agreement_that_the_log_does_not_know() -> None:
    started = event("a1", "started", "2026-03-02 07:00", "Client", "A1")
    stray = [evolve(e, agreement="A9") for e in LOG if e.subject == "T1"]
    seen = judged(started, *stray, *OTHER)
    assert codes(seen) == [("e1", "unknown_agreement")]
    assert {v.agreement for v in of(seen)} == {"A9"}
    assert [evolve(v, agreement=None) for v in of(seen)] == of(BEFORE)
    assert {v.agreement for v in of(seen, "T2")} == {"A1"}  # the only agreement there is


def test_an_opening_that_is_retracted() -> None:
    """The ticket is gone; its other events are before the opening, which is no error."""
    seen = judged(*LOG, evolve(event("x", "retracted", "2026-03-09 08:00"), target="e1"))
    assert codes(seen) == [("e2", "before_opening")]
    assert of(seen) == []
    assert of(seen, "T2") == of(BEFORE, "T2")


def test_nothing_stands_for_what_is_not_opened() -> None:
    """What has no trigger, and what is forbidden, begins with the opening; without one there is no ticket."""
    rules = "duty note\n  Desk must update Client within 1 hour\n\nprohibition calm\n  Desk must not escalate request\n"
    known = [event("e1", "asked", "2026-03-02 08:00", "Client"), event("e2", "escalated", "2026-03-02 08:30")]
    seen = evaluate(contract(rules), None, known, AS_OF)
    assert (seen.verdicts, seen.next_change_at) == ((), None)
    opened = event("e3", "opened", "2026-03-02 09:00", "Client")
    assert evaluate(contract(rules), None, [*known, opened], at("2026-03-02 08:30")).next_change_at is None
    seen = evaluate(contract(rules), None, [*known, opened], AS_OF)
    assert [(v.duty, v.state, v.triggered_at) for v in seen.verdicts] == [
        ("note", "breached", at("2026-03-02 09:00")), ("calm", "kept", at("2026-03-02 09:00")),
    ]  # fmt: skip


PAUSED = """
duty answer
  when request opened
  Desk must respond within 2 hours
  paused while waiting on Client
  on reopening run on

duty call
  when request opened
  Desk must acknowledge within 3 hours

duty apologise
  when answer breached
  Desk must notify within 1 hour
"""


def test_a_wait_that_does_not_say_on_whom() -> None:
    """R9: whether the clock stood still is unknown; what was done without any pause in time is met all the same."""
    opened, waiting = event("e1", "opened", "2026-03-02 09:00", "Client"), event("e2", "waiting", "2026-03-02 10:00")

    def after(*further: Event, as_of: str = "2026-03-02 12:00") -> list[tuple[str, str, tuple[str, ...]]]:
        seen = evaluate(contract(PAUSED), None, [opened, waiting, *further], at(as_of))
        return [(v.duty, v.state, v.missing) for v in seen.verdicts]

    unknown = ("answer", "undetermined", ("on of e2",))
    assert after(as_of="2026-03-02 10:59") == [("answer", "pending", ()), ("call", "pending", ())]
    assert after() == [unknown, ("call", "breached", ())]
    for later in ("responded", "resumed", "resolved"):
        assert after(event("e3", later, "2026-03-02 11:01"))[0] == unknown
    assert after(event("e3", "responded", "2026-03-02 11:00"))[0] == ("answer", "met", ())
    ends = event("e3", "resumed", "2026-03-02 10:01")
    assert after(ends, event("e4", "waiting", "2026-03-02 10:30", on="Client"))[0] == ("answer", "suspended", ())
    assert after(ends)[0] == unknown
    assert after(event("e0", "waiting", "2026-03-02 09:30", on="parts"), ends)[0] == unknown
    other = evolve(waiting, at=at("2026-03-02 11:01"))  # too late to have paused it
    seen = evaluate(contract(PAUSED), None, [opened, other], at("2026-03-02 12:00"))
    assert [(v.duty, v.state) for v in seen.verdicts][:2] == [("answer", "breached"), ("call", "breached")]


def test_an_opening_that_moves() -> None:
    """`at` corrected: the ticket is judged by the time it has now, and the answer may be before it."""
    moved = evolve(event("x", "corrected", "2026-03-09 08:00", at=at("2026-03-02 08:20")), target="e1")
    seen = judged(*LOG, moved)
    assert one(seen, "respond#1").deadline == at("2026-03-02 09:20")
    assert of(seen, "T2") == of(BEFORE, "T2")
    later = evolve(moved, facts={"at": at("2026-03-02 08:40")})
    assert one(judged(*LOG, later), "respond#1").state == "breached"  # R23: an act before the trigger


def test_a_correction_of_type_actor_and_subject() -> None:
    fix = evolve(event("x", "corrected", "2026-03-09 08:00"), target="e2", facts={"type": "updated"})
    assert one(judged(*LOG, fix), "respond#1").state == "breached"
    fix = evolve(fix, facts={"actor": "Client"})
    assert one(judged(*LOG, fix), "respond#1").state == "breached"
    fix = evolve(fix, facts={"subject": "T2"})
    seen = judged(*LOG, fix)
    assert one(seen, "respond#1").state == "breached"
    assert one(seen, "respond#1", "T2").performed_at == at("2026-03-02 09:30")  # 08:30 is before its opening


def test_unknown_actor() -> None:
    """R23: it may or may not have performed the duty; other duties stand as they stood."""
    seen = judged(LOG[0], evolve(LOG[1], actor=None), *OTHER)
    assert (one(seen, "respond#1").state, one(seen, "respond#1").missing) == (
        "undetermined",
        ("actor of e2",),
    )
    assert [v for v in of(seen) if v.duty != "respond"] == [v for v in of(BEFORE) if v.duty != "respond"]
    assert of(seen, "T2") == of(BEFORE, "T2")


def test_a_party_that_the_contract_does_not_name() -> None:
    """It is somebody, so nothing is unknown: somebody else's act performs nothing."""
    seen = judged(LOG[0], evolve(LOG[1], actor="Passer-by"), *OTHER)
    assert one(seen, "respond#1").state == "breached"
    assert codes(seen) == []
    by_role = judged(LOG[0], evolve(LOG[1], actor="provider"), *OTHER)
    assert by_role.verdicts == BEFORE.verdicts


def test_an_event_of_an_unknown_type_alone_makes_no_ticket() -> None:
    seen = judged(event("x", "teleported", "2026-03-02 09:00", subject="T9"), *LOG)
    assert codes(seen) == [("x", "unknown_type")]
    assert seen.verdicts == BEFORE.verdicts


# ---- Many events on one ticket -----------------------------------------------------------------------------


def calls(events: list[Event]) -> int:
    """How many calls of the engine's and the calendars' functions judging them takes."""
    counted: Counter[str] = Counter()

    def count(frame: FrameType, what: str, _: Any) -> None:
        if what == "call" and "slarules" in frame.f_code.co_filename:
            counted[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        evaluate(contract(RULES), None, events, at("2026-12-31 08:00"))
    finally:
        sys.setprofile(None)
    return counted.total()


MANY: dict[str, list[tuple[str, dict[str, str]]]] = {
    "waiting and resumed": [("waiting", {"on": "Client"}), ("resumed", {})],
    "severities": [("severity_changed", {"severity": "1"}), ("severity_changed", {"severity": "2"})],
    "updates": [("updated", {}), ("updated", {})],
    "asked and nothing comes of it": [("asked", {}), ("recorded", {"channel": "email"})],
    "resolved and reopened": [("resolved", {}), ("reopened", {})],
}


def busy(kind: str, count: int) -> list[Event]:
    """A ticket with so many events, ten minutes apart."""
    opened = event("e0", "opened", "2026-03-02 08:00", "Client", severity="2")
    both = MANY[kind]
    return [opened] + [
        Event(
            f"e{n}",
            "T1",
            both[n % 2][0],
            opened.at + (n + 1) * 600_000_000,
            _actor(both[n % 2][0]),
            both[n % 2][1],
        )
        for n in range(count - 1)
    ]


def _actor(type: str) -> str:
    return "Client" if type in ("severity_changed", "reopened", "asked") else "Desk"


@pytest.mark.parametrize("kind", MANY)
def test_ten_thousand_events_take_four_times_as_long_as_a_quarter_of_them(kind: str) -> None:
    quarter, whole = calls(busy(kind, 2_500)), calls(busy(kind, 10_000))
    assert quarter > 10_000  # it did count
    assert whole < 4.6 * quarter


@pytest.mark.parametrize("raw", [2.0, Decimal("2.00"), "2.0", " 2.0 "])
def test_a_whole_number_with_a_zero_after_the_point_is_that_number(raw: object) -> None:
    whole, pointed = (evaluate(contract(RULES), None, [_opened(level)], AS_OF) for level in (2, raw))
    assert pointed == whole
    assert not pointed.findings
    assert one(pointed, "fix#1").severity == "2"


@pytest.mark.parametrize("raw", [2.5, "2.", ".0", "2.01", "x2.0", "02.0"])
def test_another_number_is_no_severity(raw: object) -> None:
    found = evaluate(contract(RULES), None, [_opened(raw)], AS_OF)
    assert [finding.code for finding in found.findings] == ["bad_fact"]


def _opened(level: object) -> Event:
    return event("e1", "opened", "2026-03-02 08:00", "Client", severity=level)
