"""What of the rules R1 to R36 no scenario can show: the log's position, sources, margins, flags, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from slarules.engine.adopt import UnknownReading
from slarules.engine.evaluate import evaluate
from slarules.engine.revision import revisions
from slarules.loader import load
from slarules.model.event import Event
from slarules.model.value import HOUR, MINUTE
from tests.engine.small import at, contract, event, judged, log, one, told

CONTRACTS = Path(__file__).parents[2] / "contracts"

ANSWER = """
duty answer
  when request asked
  Desk must respond within 1 hour

duty apologise
  when answer breached
  Desk must notify within 2 hours
"""
OFFICE = """
calendar Office
  open Monday to Friday 09:00 to 17:00
"""
FIX = (
    OFFICE
    + """
duty fix
  when request opened
  Desk must resolve within 4 hours counted in Office
  paused while waiting on Client
  on reopening run on

duty respond
  when request opened
  Desk must respond within 4 hours counted in Office
  paused while waiting on Client
"""
)
LEVELS = """
severities 1, 2

table times by severity
  | severity | fix_time |
  | 1        | 1 hour   |
  | 2        | 2 hours  |

duty fix
  when request opened
  Desk must resolve within fix_time
  on severity change count again from the start
  on reopening run on
"""


# ---- R3, R10, R11: the log's position, revisions, identity -------------------------------------------------


def test_the_log_position_cuts_what_is_known() -> None:
    """R3: `upto` cuts by position in the log, `as of` by when things happened."""
    events = log(
        ANSWER,
        """
        2026-03-02 07:00  T1 opened by Client
        08:00             T1 asked by Client
        12:00             T1 responded by Desk, happened at 08:50
        """,
    )
    states = [
        one(evaluate(contract(ANSWER), None, events, at("2026-03-02 09:30"), upto=upto), "answer#1").state
        for upto in (2, 3, None)
    ]
    assert states == ["breached", "met", "met"]
    assert evaluate(contract(ANSWER), None, events, at("2026-03-02 09:30"), upto=1).verdicts == ()
    assert evaluate(contract(ANSWER), None, events, at("2026-03-02 09:30"), upto=0).verdicts == ()


def test_a_vanished_consequence_leaves_a_revision() -> None:
    """R10: a late record takes a breach and its consequence away, and the revision says so."""
    events = log(
        ANSWER,
        """
        2026-03-02 07:00  T1 opened by Client
        08:00             T1 asked by Client
        12:00             T1 responded by Desk, happened at 08:50
        """,
    )
    before, after = (evaluate(contract(ANSWER), None, events, at("2026-03-02 09:30"), upto=n) for n in (2, 3))
    changed = {
        (r.before.duty, r.before.state, r.after and r.after.state)
        for r in revisions(before, after)
        if r.before is not None
    }
    assert changed == {("answer", "breached", "met"), ("apologise", "pending", None)}
    assert [r.after.flags for r in revisions(before, after) if r.after is not None] == [("late_revision",)]
    assert list(revisions(after, after)) == []
    with pytest.raises(ValueError, match="one instant"):
        revisions(before, evaluate(contract(ANSWER), None, events, at("2026-03-02 09:31")))


def test_identity_outlives_the_number() -> None:
    """R11: an earlier instance that comes to light renumbers the others and leaves their identity."""
    lines = "2026-03-02 07:00  T1 opened by Client\n08:30  T1 asked by Client"
    before = one(judged(ANSWER, lines, "2026-03-02 08:40"), "answer#1")
    after = judged(ANSWER, lines + "\n08:35  T1 asked by Client, happened at 08:00", "2026-03-02 08:40")
    assert one(after, "answer#2").identity == before.identity
    assert one(after, "answer#1").identity != before.identity


def test_no_two_verdicts_have_one_identity() -> None:
    """R11: subject, duty, cause and period start tell any two verdicts apart."""
    lines = """
        2026-03-02 07:00  T1 opened by Client
        07:00  T2 opened by Client
        08:00  T1 asked by Client
        08:00  T2 asked by Client
        08:30  T1 asked by Client
        """
    found = judged(ANSWER, lines, "2026-03-05 09:00").verdicts
    assert len(found) == 6
    assert len({v.identity for v in found}) == len(found)


# ---- R12: order and ties -----------------------------------------------------------------------------------


def _stop_and_go(first: int | None, second: int | None, other: str = "phone") -> list[Event]:
    return [
        event("e1", "opened", "2026-03-02 09:00", "Client"),
        evolve(event("e2", "waiting", "2026-03-02 10:00", on="Client"), sequence=first),
        evolve(event("e3", "resumed", "2026-03-02 11:00", "Client"), sequence=second, source=other),
        evolve(event("e4", "waiting", "2026-03-02 11:00", on="Client"), sequence=first and first + 1),
    ]


def test_an_order_that_decides_is_flagged() -> None:
    """R12: another order of two sources' events at one instant would leave the clock standing."""
    seen = evaluate(contract(FIX), None, _stop_and_go(1, 1), at("2026-03-02 12:00"))
    assert one(seen, "fix#1").flags == ("tie_sensitive",)
    assert one(seen, "fix#1").deadline == at(
        "2026-03-02 14:00"
    )  # desk before phone: the second waiting is impossible


def test_an_order_that_decides_nothing_is_not_flagged() -> None:
    """R12: one source's own sequence leaves no other order, and some orders change no verdict."""
    sequence = evaluate(contract(FIX), None, _stop_and_go(1, 5, "desk"), at("2026-03-02 12:00"))
    assert one(sequence, "fix#1").flags == ()
    events = [
        event("e1", "opened", "2026-03-02 09:00", "Client"),
        event("e2", "responded", "2026-03-02 09:00"),
    ]
    assert one(evaluate(contract(FIX), None, events, at("2026-03-02 12:00")), "respond#1").flags == ()


def test_many_events_of_one_instant_are_tried_by_neighbours() -> None:
    """R12: of more than four events neighbours are exchanged, which finds the pair that decides."""
    events = [event("e1", "opened", "2026-03-02 09:00", "Client")]
    events += [event(f"n{n}", "updated", "2026-03-02 10:00") for n in range(3)]
    events += [
        event("w1", "waiting", "2026-03-02 10:00", on="Client"),
        event("w2", "resumed", "2026-03-02 10:00"),
    ]
    seen = evaluate(contract(FIX), None, events, at("2026-03-02 12:00"))
    assert "tie_sensitive" in one(seen, "fix#1").flags


# ---- R7, R13, R14, R16, R17: what verdicts say of time -----------------------------------------------------


def test_lateness_on_two_clocks() -> None:
    """R13: `late by` is elapsed; `counted` ignores pauses after the breach, but not the closed time."""
    seen = one(
        judged(
            FIX,
            """
            2026-03-02 12:00  T1 opened by Client
            16:30             T1 waiting on Client
            2026-03-03 10:00  T1 responded by Desk
            """,
            "2026-03-04 09:00",
        ),
        "respond#1",
    )
    assert (seen.deadline, seen.late_by, seen.late_by_counted) == (
        at("2026-03-02 16:00"),
        18 * HOUR,
        2 * HOUR,
    )
    reopened = one(
        judged(
            FIX,
            """
            2026-03-02 09:00  T1 opened by Client
            14:00             T1 resolved by Desk
            15:00             T1 reopened by Client
            16:30             T1 resolved by Desk
            """,
            "2026-03-04 09:00",
        ),
        "fix#1",
    )
    assert (reopened.state, reopened.deadline) == ("breached", at("2026-03-02 13:00"))
    assert (
        reopened.late_by == 3 * HOUR + 30 * MINUTE
    )  # R7: the last resolution counts, the resolved hour included
    assert (
        reopened.late_by_counted == 2 * HOUR + 30 * MINUTE
    )  # R13: after the breach a resolution does stop the clock


def test_consumed_stops_when_nothing_is_owed() -> None:
    """R13: performed, ended or cancelled, no more time is counted; a breach that is owed goes on counting."""
    lines = (
        "2026-03-02 09:00  T1 opened by Client\n10:00  T1 responded by Desk\n11:00  T1 cancelled by Client"
    )
    seen = judged(FIX, lines, "2026-03-02 16:00")
    assert one(seen, "respond#1").consumed == HOUR
    assert one(seen, "fix#1").consumed == 2 * HOUR
    owed = judged(FIX, "2026-03-02 09:00  T1 opened by Client", "2026-03-02 16:00")
    assert one(owed, "fix#1").consumed == 7 * HOUR
    assert one(owed, "fix#1").margin == -3 * HOUR
    late = judged(
        FIX, "2026-03-02 09:00  T1 opened by Client\n15:00  T1 cancelled by Client", "2026-03-02 16:00"
    )
    assert (one(late, "fix#1").state, one(late, "fix#1").consumed) == ("breached", 6 * HOUR)


def test_consumed_no_more_than_allowed_is_not_met() -> None:
    """Trap: after a deadline at closing, an act in the closed hours is late though no more was used."""
    lines = "2026-03-02 13:00  T1 opened by Client\n17:05  T1 responded by Desk"
    seen = one(judged(FIX, lines, "2026-03-03 09:00"), "respond#1")
    assert (seen.state, seen.consumed, seen.allowed) == ("breached", 4 * HOUR, 4 * HOUR)
    assert (seen.late_by, seen.late_by_counted) == (5 * MINUTE, 0)


def test_dates_have_no_margin() -> None:
    """R14, R15: neither dates nor counted days are seconds."""
    rules = (
        OFFICE
        + """
duty by_date
  when request opened
  Desk must respond within 3 days
duty by_days
  when request opened
  Desk must update within 3 days counted in Office
"""
    )
    seen = judged(rules, "2026-03-02 09:00  T1 opened by Client", "2026-03-03 09:00")
    for label in ("by_date#1", "by_days#1"):
        verdict = one(seen, label)
        assert (verdict.state, verdict.allowed, verdict.consumed, verdict.margin) == (
            "pending",
            None,
            None,
            None,
        )


def test_performed_while_suspended_has_no_deadline() -> None:
    """R16: met, deadline null; the same act with the clock running has one."""
    lines = "2026-03-02 09:00  T1 opened by Client\n10:00  T1 waiting on Client\n11:00  {}\n"
    lines += "12:00  T1 responded by Desk"
    standing = one(judged(FIX, lines.format("T1 updated by Desk"), "2026-03-03 09:00"), "respond#1")
    running = one(judged(FIX, lines.format("T1 resumed by Client"), "2026-03-03 09:00"), "respond#1")
    assert (standing.state, standing.deadline, standing.consumed) == ("met", None, HOUR)
    assert (running.state, running.deadline, running.consumed) == ("met", at("2026-03-02 14:00"), 2 * HOUR)


def test_a_resolution_while_waiting_has_no_deadline() -> None:
    """R16, R18: the resolution clears the waiting, and performs a duty whose clock stood still."""
    lines = "2026-03-02 09:00  T1 opened by Client\n10:00  T1 waiting on Client\n12:00  T1 resolved by Desk"
    seen = one(judged(FIX, lines, "2026-03-03 09:00"), "fix#1")
    assert (seen.state, seen.performed_at) == ("met", at("2026-03-02 12:00"))


def test_nothing_changes_any_more() -> None:
    """R17: where nothing can change by time alone there is no next change."""
    assert (
        judged(
            FIX, "2026-03-02 09:00  T1 opened by Client\n09:00  T1 waiting on Client", "2026-03-02 10:00"
        ).next_change_at
        is None
    )
    assert evaluate(contract(FIX), None, [], at("2026-03-02 10:00")).next_change_at is None


def test_next_change_of_one_verdict() -> None:
    """R17: a pending verdict tells its own next change; a suspended one has none."""
    seen = judged(
        FIX,
        "2026-03-02 09:00  T1 opened by Client\n10:00  T2 opened by Client\n10:30  T2 waiting on Client",
        "2026-03-02 11:00",
    )
    assert one(seen, "fix#1").next_change_at == at("2026-03-02 13:00")
    assert one(seen, "fix#1", "T2").next_change_at is None
    assert seen.next_change_at == at("2026-03-02 13:00")


def test_a_term_that_ends_a_duty_is_its_next_change() -> None:
    """R17, R20: `while` a status holds, the end of the term comes before the deadline."""
    rules = """
status maintenance of agreement
  state active
    begins when agreement started
    lasts 1 month rounding down
    becomes expired at the end of term
  state expired
duty respond
  when request opened
  while maintenance is active
  Desk must respond within 90 days
"""
    seen = judged(
        rules, "2026-03-02 09:00  A1 started by Client\n10:00  T1 opened by Client", "2026-03-02 11:00"
    )
    assert one(seen, "respond#1").next_change_at == at("2026-04-02 00:00") == seen.next_change_at
    assert one(seen, "respond#1").deadline == at("2026-06-01 00:00")


# ---- R24, R30, R34 and traps -------------------------------------------------------------------------------


def test_definitions_flag_a_dispute() -> None:
    """R24: a definition that does not hold assigns nothing else and is told; an unknown one is not."""
    rules = "fact down of request: yes or no\nseverity 1\n  applies if down\n" + LEVELS
    lines = "2026-03-02 09:00  T1 opened by Client, severity 1, {}\n09:00  T2 opened by Client, severity 1"
    seen = judged(rules, lines.format("not down"), "2026-03-02 09:30")
    assert [(f.code, f.subject) for f in seen.findings] == [("severity_disputed", "T1")]
    assert (one(seen, "fix#1").severity, one(seen, "fix#1").deadline) == ("1", at("2026-03-02 10:00"))
    assert judged(rules, lines.format("down"), "2026-03-02 09:30").findings == ()


def test_the_crossing_entry_is_split() -> None:
    """R34: what is covered and what exceeds, entry by entry; later fills never offset excess."""
    rules = """
allowance block of Client in hours
  increases on hours_purchased by hours
  decreases on hours_logged by hours
"""
    seen = judged(
        rules,
        """
        2026-03-02 09:00  A1 hours_purchased by Client, hours 5
        10:00             A1 hours_logged by Desk, hours 3, id l1
        11:00             A1 hours_logged by Desk, hours 4, id l2
        12:00             A1 hours_logged by Desk, hours 1, id l3
        13:00             A1 hours_purchased by Client, hours 2
        """,
        "2026-03-02 14:00",
    )
    level = seen.allowances[0]
    assert [(d.event, str(d.covered), str(d.excess)) for d in level.draws] == [
        ("l1", "3", "0"),
        ("l2", "2", "2"),
        ("l3", "0", "1"),
    ]
    assert str(level.balance) == "2"


@pytest.mark.parametrize("limit", ["within 2 hours counted in Never", "within 60000 days counted in Office"])
def test_a_deadline_that_cannot_be_found_is_flagged(limit: str) -> None:
    """Trap: on a calendar that never opens, or beyond its years: pending, no deadline, flagged."""
    rules = f"""
calendar Office
  open Monday to Friday 09:00 to 17:00
calendar Night
  open Monday to Friday 20:00 to 21:00
calendar Never
  open whenever all of Office, Night are open
duty respond
  when request opened
  Desk must respond {limit}
"""
    seen = one(judged(rules, "2026-03-02 09:00  T1 opened by Client", "2030-03-02 09:00"), "respond#1")
    assert (seen.state, seen.deadline, seen.flags) == ("pending", None, ("no_deadline_found",))


def test_a_verdict_within_the_source_s_precision_is_flagged() -> None:
    """Trap: of minutes, an act in the deadline's own minute could be on either side of it."""
    events = [
        event("e1", "opened", "2026-03-02 09:00", "Client"),
        event("e2", "responded", "2026-03-02 13:00"),
    ]
    as_of = at("2026-03-03 09:00")
    coarse = one(evaluate(contract(FIX), None, events, as_of, precision=MINUTE), "respond#1")
    exact = one(evaluate(contract(FIX), None, events, as_of), "respond#1")
    assert ("within_precision" in coarse.flags, exact.flags) == (True, ())
    early = [events[0], event("e2", "responded", "2026-03-02 12:59")]
    assert one(evaluate(contract(FIX), None, early, as_of, precision=MINUTE), "respond#1").flags == ()


def test_an_event_known_before_it_happened_is_flagged() -> None:
    """R3: `recorded_at` moves nothing; one before `at` shows clocks that disagree."""
    answered = evolve(event("e2", "responded", "2026-03-02 12:00"), recorded_at=at("2026-03-02 11:59"))
    events = [event("e1", "opened", "2026-03-02 09:00", "Client"), answered]
    assert one(evaluate(contract(FIX), None, events, at("2026-03-03 09:00")), "respond#1").flags == ("skew",)


def test_a_reading_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownReading, match="no reading `hours`"):
        evaluate(contract(FIX), {"hours": "x"}, [], at("2026-03-02 09:00"))
    trak = load(CONTRACTS / "trak" / "policy.sla").contract
    assert trak is not None
    with pytest.raises(UnknownReading, match="no option `sometimes`, only"):
        evaluate(trak, {"mst": "sometimes"}, [], at("2026-03-02 09:00"))


# ---- What `check` refuses ----------------------------------------------------------------------------------


def test_every_one_day_is_refused() -> None:
    """R4: a date, or 24 hours?"""
    duty = "duty report\n  when request opened\n  Desk must report every {}\n"
    assert told(duty.format("1 day")) == {"E0508"}
    assert told(duty.format("24 hours")) == set()


def test_no_time_between_is_refused() -> None:
    """R28: no time at all is never recurring."""
    assert told("duty report\n  when request opened\n  Desk must report every 0 hours\n") == {"E0509"}


def test_a_duty_that_a_resolution_performs_must_say_what_reopening_does() -> None:
    """R7."""
    performed = "duty fix\n  when request opened\n  Desk must resolve within 1 hour\n"
    ended = "duty tell\n  when request opened\n  Desk must report within 1 hour until request resolved\n"
    assert told(performed) == told(ended) == {"E0703"}
    assert told(performed + "  on reopening run on\n") == set()
    assert told("duty tell\n  when request opened\n  Desk must report within 1 hour\n") == set()


def test_a_guarded_consequence_must_say_what_later_changes_do() -> None:
    """R8; and R6 of a limit by severity."""
    guarded = (
        LEVELS
        + "duty escalate\n  when fix breached\n  if severity is 1\n  Desk must escalate within 1 hour\n"
    )
    assert told(guarded) == {"E0704"}
    assert told(guarded + "  on severity change keep the deadline\n") == set()
    assert told(LEVELS.replace("  on severity change count again from the start\n", "")) == {"E0701"}


def test_a_circle_without_time_is_refused() -> None:
    """R10: zero-time circles; one that takes time may be."""
    circle = """
duty first
  when request opened or second breached
  Desk must respond within {}
duty second
  when first breached
  Desk must update within 0 hours
"""
    assert told(circle.format("0 hours")) == {"E0711"}
    assert told(circle.format("1 hour")) == set()


def test_one_cell_with_two_values_is_refused() -> None:
    """R26; and a row missing at some severity is refused too, never undetermined."""
    row = "  | 2        | 2 hours  |\n"
    assert told(LEVELS.replace(row, row + row.replace("2 hours", "3 hours")))
    assert told(LEVELS.replace(row, ""))
    assert told(LEVELS) == set()


def test_performing_one_rule_that_breaks_another_is_refused() -> None:
    """R26."""
    duty = "duty tell\n  when request opened\n  Desk must report within 1 hour\n"
    assert "E0712" in told(duty + "prohibition hush\n  Desk must not report\n")
    assert told(duty + "prohibition hush\n  Desk must not escalate\n") == set()


def test_one_duty_may_cite_several_places() -> None:
    """R26."""
    found = load(CONTRACTS / "trak" / "policy.sla").contract
    assert found is not None
    duties = found.versions[-1].duties.values()
    assert any(len(duty.citation.quotations) > 1 for duty in duties)
    assert all(duty.citation.quotations for duty in duties)


def test_a_calendar_must_state_gap_and_fold() -> None:
    """R31: opening times that the clocks skip or double need `clock changes shift forward`."""
    calendar = """
calendar Early
  open every day 02:30 to 10:00
{}duty respond
  when request opened
  Desk must respond within 1 hour counted in Early
"""
    assert told(calendar.format("")) != set()
    assert told(calendar.format("  clock changes shift forward\n")) == set()
