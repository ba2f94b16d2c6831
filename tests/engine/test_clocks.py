"""Clocks where nobody had looked: ends that come twice, what is known later, ties at the opening, corrected changes."""

from __future__ import annotations

from attrs import evolve

from slarules.engine.evaluate import evaluate
from slarules.model.value import HOUR
from slarules.model.verdict import Evaluation
from tests.engine.small import at, contract, event, judged, one

# ---- R19: a ticket ends once -----------------------------------------------------------------------------------------

ENDS = """
duty respond
  when request opened
  Desk must respond within 4 hours

duty fix
  when request opened
  Desk must resolve within 4 hours
  on reopening run on

duty answer
  when request asked
  Desk must respond within 1 hour

duty survey
  when request closed
  Desk must notify within 1 hour
"""


def test_a_ticket_ends_once() -> None:
    """R19: a closing after the end sets nothing off, nor does what comes with it."""
    for first in ("cancelled", "closed"):
        lines = f"""
        2026-03-02 08:00  T1 opened by Client
        09:00  T1 {first} by Client
        10:00  T1 closed by Desk
        10:00  T1 asked by Client
        """
        found = judged(ENDS, lines, "2026-03-02 12:00").verdicts
        assert {v.label: v.state for v in found if v.duty in ("answer", "survey")} == (
            {} if first == "cancelled" else {"survey#1": "ended"}
        )


def test_closed_and_reopened_at_one_instant() -> None:
    """R19: the closing of a resolved ticket ends nothing, though it is open again in the same instant."""
    lines = """
    2026-03-02 08:00  T1 opened by Client
    09:00  T1 resolved by Desk
    10:00  T1 closed by Desk
    10:00  T1 reopened by Client
    """
    seen = judged(ENDS, lines, "2026-03-02 10:30")
    for label in ("respond#1", "fix#1"):
        assert (one(seen, label).state, one(seen, label).deadline) == ("pending", at("2026-03-02 13:00"))
    assert [v.label for v in seen.verdicts if v.duty == "survey"] == ["survey#1"]


def test_closed_while_open_and_resolved_at_one_instant() -> None:
    """R19: the closing came first, so it ended what the resolution does not perform (R1)."""
    events = [
        evolve(event("e1", "opened", "2026-03-02 08:00", "Client"), sequence=1),
        evolve(event("e2", "closed", "2026-03-02 09:00"), sequence=2),
        evolve(event("e3", "resolved", "2026-03-02 09:00"), sequence=3),
    ]
    seen = evaluate(contract(ENDS), None, events, at("2026-03-02 12:00"))
    assert (one(seen, "respond#1").state, one(seen, "respond#1").ended_by) == ("ended", "closed")
    assert one(seen, "fix#1").state == "met"


# ---- R16, R23: an act that is known to qualify only later ------------------------------------------------------------

LATER = """
fact satisfied of request: yes or no
fact complete of request: yes or no

duty fix
  when request opened
  Desk must resolve within 4 hours
  performed when request resolved by Desk and satisfied
  on reopening run on

duty tell
  when request opened
  Desk must respond within 4 hours
  performed when request responded by Desk and complete
  paused while waiting on Client
"""


def _told(lines: str) -> Evaluation:
    return judged(LATER, "2026-03-02 08:00  T1 opened by Client\n" + lines, "2026-03-02 18:00")


def test_what_is_known_later_takes_no_deadline_away() -> None:
    """R16: it ran when it was performed, and the deadline was what it was then."""
    noon, met = at("2026-03-02 12:00"), at("2026-03-02 09:00")
    for answered in ("11:00", "17:00"):
        fix = one(_told(f"09:00  T1 resolved by Desk\n{answered}  T1 recorded by Client, satisfied"), "fix#1")
        assert (fix.state, fix.deadline, fix.performed_at, fix.consumed) == ("met", noon, met, HOUR)
    waited = "09:00  T1 responded by Desk\n10:00  T1 waiting on Client\n11:00  T1 recorded by Client, complete"
    tell = one(_told(waited), "tell#1")
    assert (tell.state, tell.deadline, tell.performed_at, tell.consumed) == ("met", noon, met, HOUR)


def test_what_was_done_while_suspended_has_no_deadline_though_it_is_known_later() -> None:
    """R16: the clock stood still when it was performed, and runs when that is known."""
    waited = """
    09:00  T1 waiting on Client
    09:30  T1 responded by Desk
    10:00  T1 resumed by Client
    11:00  T1 recorded by Client, complete
    """
    tell = one(_told(waited), "tell#1")
    assert (tell.state, tell.deadline, tell.performed_at) == ("met", None, at("2026-03-02 09:30"))


# ---- R13, R33: a breach goes by the limit that was missed ------------------------------------------------------------

SOONER = """
duty respond
  when request opened
  Desk must respond by the sooner of within 8 hours and within 1 hour after request acknowledged
"""


def test_a_breach_goes_by_the_limit_that_was_missed() -> None:
    """R13: what stops the clocks later does not make it one of the other limit."""
    lines = "2026-03-02 08:00  T1 opened by Client\n09:00  T1 acknowledged by Desk\n11:00  T1 resolved by Desk"
    for more, late in (("", (None, None)), ("\n12:00  T1 responded by Desk", (2 * HOUR, HOUR))):
        found = one(judged(SOONER, lines + more, "2026-03-02 13:00"), "respond#1")
        assert (found.state, found.deadline) == ("breached", at("2026-03-02 10:00"))
        assert (found.allowed, found.consumed) == (HOUR, 2 * HOUR)
        assert (found.late_by, found.late_by_counted) == late


# ---- R12: what another source tells of the instant of the opening ----------------------------------------------------


def test_an_act_of_another_source_at_the_instant_of_the_opening() -> None:
    """R12: before the opening it would have performed nothing, so its order decides."""
    opened = event("e1", "opened", "2026-03-02 08:00", "Client")
    act = event("e2", "responded", "2026-03-02 08:00")
    for source, state in (("a-mail", "breached"), ("z-mail", "met")):
        log = [evolve(opened, source="desk"), evolve(act, source=source)]
        found = one(evaluate(contract(ENDS), None, log, at("2026-03-02 13:00")), "respond#1")
        assert (found.state, found.flags) == (state, ("tie_sensitive",))


def test_a_cancelling_and_a_reopening_at_one_instant() -> None:
    """R12: what is asked after them is owed if the reopening came last."""
    lines = [
        event("e1", "opened", "2026-03-02 08:00", "Client"),
        evolve(event("e2", "cancelled", "2026-03-02 09:00", "Client"), source="a"),
        evolve(event("e3", "reopened", "2026-03-02 09:00", "Client"), source="b"),
        event("e4", "asked", "2026-03-02 10:00", "Client"),
    ]
    found = one(evaluate(contract(ENDS), None, lines, at("2026-03-02 10:30")), "answer#1")
    assert (found.state, found.flags) == ("pending", ("tie_sensitive",))


# ---- R3: a correction that is itself corrected -----------------------------------------------------------------------


Change = tuple[str, str, str, dict[str, int | str]]


def _corrected(*changes: Change) -> Evaluation:
    events = [event("e1", "opened", "2026-03-02 08:00", "Client"), event("e2", "responded", "2026-03-02 13:00")]
    events += [
        evolve(event(id, kind, "2026-03-02 14:00"), target=target, facts=facts) for id, kind, target, facts in changes
    ]
    return evaluate(contract(ENDS), None, events, at("2026-03-02 15:00"))


def test_a_correction_can_be_corrected() -> None:
    """R3: it says what the second says that it says; taken back, it says what it said."""
    first: Change = ("k1", "corrected", "e2", {"at": at("2026-03-02 09:00"), "actor": "Desk"})
    second: Change = ("k2", "corrected", "k1", {"at": at("2026-03-02 10:00")})
    back: Change = ("k3", "retracted", "k2", {})
    for changes, performed in (
        ([first], "09:00"),
        ([first, second], "10:00"),
        ([first, second, back], "09:00"),
        ([first, second, ("k3", "corrected", "k2", {"at": at("2026-03-02 11:00")})], "11:00"),
        ([first, second, ("k3", "retracted", "k1", {})], "13:00"),
    ):
        seen = _corrected(*changes)
        assert one(seen, "respond#1").performed_at == at(f"2026-03-02 {performed}")
        assert seen.findings == ()


def test_a_change_of_what_cannot_be_changed_is_told() -> None:
    """R3: no retraction says anything that could be corrected, and nothing changes itself."""
    when: dict[str, int | str] = {"at": at("2026-03-02 09:00")}
    for changes, wrong in (
        ([("k1", "retracted", "e2", {}), ("k2", "corrected", "k1", when)], ["k2"]),
        ([("k1", "corrected", "k1", when)], ["k1"]),
        ([("k1", "retracted", "k1", {})], ["k1"]),
        ([("k1", "corrected", "k2", when), ("k2", "retracted", "k1", {})], ["k2", "k1"]),
        ([("k1", "corrected", "e9", when)], ["k1"]),
    ):
        found = _corrected(*changes).findings
        assert [(f.code, f.event) for f in found] == [("impossible", event) for event in wrong]


def test_a_change_may_arrive_before_what_it_changes() -> None:
    """R3: in which order a change and what it changes arrived makes no difference."""
    first, second = at("2026-03-02 09:00"), at("2026-03-02 10:00")
    taken_back: list[Change] = [("k2", "retracted", "k1", {}), ("k1", "retracted", "e2", {})]
    assert one(_corrected(*taken_back), "respond#1").performed_at == at("2026-03-02 13:00")
    changed = _corrected(("k2", "corrected", "k1", {"at": second}), ("k1", "corrected", "e2", {"at": first}))
    assert one(changed, "respond#1").performed_at == second


# ---- R1, R33: a milestone that an earlier act reached ----------------------------------------------------------------

EARLY = """
duty respond
  when request opened
  Desk must respond within 8 hours

duty escalate
  when respond breached
  Desk must escalate within 1 hour

duty follow
  when request opened
  Desk must update within 2 hours after escalate performed
"""


def test_no_breach_dates_from_before_the_milestone_was_known() -> None:
    """R1: as of 15:00 nothing was due, so that an act at 10:00 turns out to be the milestone breaks nothing before."""
    lines = "2026-03-02 08:00  T1 opened by Client\n10:00  T1 escalated by Desk"
    assert one(judged(EARLY, lines, "2026-03-02 15:00"), "follow#1").state == "pending"
    found = one(judged(EARLY, lines, "2026-03-02 17:00"), "follow#1")
    assert (found.state, found.deadline) == ("breached", at("2026-03-02 16:00"))


# ---- R6, R33: a new clock of a time that runs from a milestone -------------------------------------------------------

AGAIN = """
severities 1, 2

table times by severity
  | severity | answer_time |
  | 1        | 30 minutes  |
  | 2        | 4 hours     |

duty respond
  when request opened
  Desk must respond within answer_time after request acknowledged
  on severity change start again
"""


def test_a_new_clock_begins_at_the_change() -> None:
    """R6: also where the time ran from a milestone; a graver level makes no duty vanish."""
    lines = "2026-03-02 08:00  T1 opened by Client, severity 2\n{}10:00  T1 severity_changed by Client, severity 1"
    begun = one(judged(AGAIN, lines.format("09:00  T1 acknowledged by Desk\n"), "2026-03-02 10:00"), "respond#1")
    assert (begun.state, begun.deadline) == ("pending", at("2026-03-02 10:30"))
    awaiting = one(judged(AGAIN, lines.format(""), "2026-03-02 10:00"), "respond#1")
    assert (awaiting.state, awaiting.deadline) == ("pending", None)
