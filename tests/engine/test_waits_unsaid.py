"""R1, R6, R9, R18: waits that do not say on whom; only those that may have moved a deadline leave it undetermined."""

from __future__ import annotations

from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.columns import table_of
from slarules.engine.evaluate import evaluate
from tests.engine.small import at, contract, event, one

RULES = """
severities 1, 2

calendar Hours
  open Monday to Friday 09:00 to 17:00

table times by severity
  | severity | time    |
  | 1        | 1 hour  |
  | 2        | 4 hours |

duty answer
  when request opened
  Desk must respond within 2 hours
  paused while waiting on Client

duty answer_in_hours
  when request opened
  Desk must acknowledge within 8 hours counted in Hours
  paused while waiting on Client

duty counted_again
  when request opened
  Desk must update within time
  paused while waiting on Client
  on severity change count again from the start

duty each_day
  when request opened
  Desk must report each day of Hours until resolved
  paused while waiting on Client
  on reopening run on
"""


def state(label: str, as_of: str, *later: tuple[str, ...], opened: str = "2026-03-02 09:00", number: int = 1) -> str:
    """What both engines say of a duty after these events: (type, when, on whom it waits or to which level it changes).
    """
    events = [event("e1", "opened", opened, "Client", severity="2")]
    for place, (type, when, *what) in enumerate(later, 2):
        name = "severity" if type == "severity_changed" else "on"
        events.append(event(f"e{place}", type, when, "Client", **dict.fromkeys([name][: len(what)], *what)))
    terms = contract(RULES)
    seen = evaluate(terms, None, events, at(as_of))
    assert evaluation_of(judge(terms, None, table_of(events), at(as_of)), terms) == seen
    return one(seen, f"{label}#{number}").state


def test_another_wait_or_a_resumption_takes_its_place_at_once() -> None:
    for second in (("waiting", "2026-03-02 09:30", "Desk"), ("resumed", "2026-03-02 09:30")):
        assert state("answer", "2026-03-02 11:00", ("waiting", "2026-03-02 09:30"), second) == "breached"
    on_desk = ("waiting", "2026-03-02 09:30", "Desk")
    assert state("answer", "2026-03-02 11:00", on_desk, ("waiting", "2026-03-02 09:30")) == "undetermined"


def test_it_moves_nothing_while_the_clock_does_not_run_anyway() -> None:
    waits = ("waiting", "2026-03-02 18:00"), ("resumed", "2026-03-02 20:00")
    assert state("answer_in_hours", "2026-03-03 10:00", *waits, opened="2026-03-02 10:00") == "breached"
    waits = ("waiting", "2026-03-02 16:00"), ("resumed", "2026-03-02 20:00")
    assert state("answer_in_hours", "2026-03-03 10:00", *waits, opened="2026-03-02 10:00") == "undetermined"


def test_due_with_the_change_of_severity_whether_it_stood_still_or_not() -> None:
    waits = ("waiting", "2026-03-02 10:00"), ("resumed", "2026-03-02 10:30")
    graver = ("severity_changed", "2026-03-02 12:00", "1")
    assert state("counted_again", "2026-03-02 12:00", *waits, graver) == "breached"
    graver = ("severity_changed", "2026-03-02 10:45", "1")  # had it stood still, there would be time left
    waits = ("waiting", "2026-03-02 09:30"), ("resumed", "2026-03-02 10:30")
    assert state("counted_again", "2026-03-02 10:45", *waits, graver) == "undetermined"


def test_a_wait_at_the_very_instant_at_which_the_time_is_used_up() -> None:
    """It may have stopped the clock first: an event's effects come before deadlines."""
    assert state("answer", "2026-03-02 11:00", ("waiting", "2026-03-02 11:00")) == "undetermined"
    assert state("answer", "2026-03-02 11:00", ("waiting", "2026-03-02 11:00", "Client")) == "suspended"
    assert state("answer", "2026-03-02 11:00", ("waiting", "2026-03-02 11:00", "Desk")) == "breached"


def test_begun_on_the_resolved_ticket_it_goes_on_when_that_is_reopened() -> None:
    on_resolved = (
        ("resolved", "2026-03-02 10:00"), ("waiting", "2026-03-02 11:00"), ("reopened", "2026-03-02 12:00"),
    )  # fmt: skip
    assert state("each_day", "2026-03-03 18:00", *on_resolved, number=2) == "undetermined"
    assert state("answer", "2026-03-02 13:30", *on_resolved) == "undetermined"
    goes_on = (*on_resolved, ("resumed", "2026-03-02 13:00"))
    assert state("each_day", "2026-03-03 18:00", *goes_on, number=2) == "breached"
    assert state("answer", "2026-03-02 14:30", *on_resolved[:1], *on_resolved[2:]) == "breached"
