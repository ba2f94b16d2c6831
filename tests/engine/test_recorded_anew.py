"""R6, facts recorded anew: what a limit rests on, also through dates and lists; R19: by whom a recurrence ends."""

from __future__ import annotations

from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.columns import table_of
from slarules.model.verdict import Evaluation
from tests.engine.small import at, contract, judged, log, one

LISTED = """
fact agreed_times of request: list of dates

duty call_them
  when request opened
  Desk must ask on each of agreed_times
"""
CHANGED = """
2026-03-02 09:00  T1 opened by Client, agreed_times 2026-03-03 and 2026-03-05
2026-03-03 12:00  T1 recorded, agreed_times {}
"""


def by_both(rules: str, lines: str, as_of: str) -> Evaluation:
    """What both engines say alike."""
    seen, terms = judged(rules, lines, as_of), contract(rules)
    assert evaluation_of(judge(terms, None, table_of(log(rules, lines)), at(as_of)), terms) == seen
    return seen


def test_a_date_that_is_still_on_the_list_stays_due() -> None:
    lines = CHANGED.format("2026-03-03 and 2026-03-06")
    for as_of in ("2026-03-03 11:00", "2026-03-03 12:00", "2026-03-03 23:00"):
        first = one(by_both(LISTED, lines, as_of), "call_them#1")
        assert (first.state, first.deadline, first.next_change_at) == ("pending", *[at("2026-03-04 00:00")] * 2)
    seen = by_both(LISTED, lines, "2026-03-06 09:00")
    assert [(v.state, v.deadline) for v in seen.verdicts] == [
        ("breached", at("2026-03-04 00:00")), ("pending", at("2026-03-07 00:00")),
    ]  # fmt: skip


def test_a_date_that_is_no_longer_on_the_list_is_owed_no_more() -> None:
    lines = CHANGED.format("2026-03-05 and 2026-03-06")
    seen = by_both(LISTED, lines, "2026-03-03 12:00")
    verdict = one(seen, "call_them#1")
    assert (verdict.state, verdict.owed, verdict.ended_by) == ("ended", False, "no promise")
    assert seen.next_change_at == at("2026-03-05 00:00")
    again = lines + "2026-03-03 15:00  T1 recorded, agreed_times 2026-03-03\n"
    seen = by_both(LISTED, again, "2026-03-04 00:00")
    assert [(v.state, v.triggered_at) for v in seen.verdicts] == [
        ("ended", at("2026-03-03 00:00")), ("breached", at("2026-03-03 15:00")),
    ]  # fmt: skip


def test_a_breach_of_a_date_stands_whatever_the_list_says_later() -> None:
    lines = CHANGED.replace("2026-03-03 12:00", "2026-03-04 12:00").format("2026-03-05")
    assert one(by_both(LISTED, lines, "2026-03-04 12:00"), "call_them#1").state == "breached"


COMPUTED = """
fact invoiced_on of {0}: date
date due_on is 30 days after invoiced_on

duty pay
  when {0} {1}
  Client must pay by the end of due_on
"""


def test_a_date_that_is_computed_moves_with_what_it_is_computed_from() -> None:
    rules = COMPUTED.format("agreement", "invoiced")
    lines = """
2026-02-01 09:00  A1 invoiced by Desk, invoiced_on 2026-02-01
2026-02-03 09:00  A1 recorded, invoiced_on {}
"""
    before = judged(rules, lines.format("2026-02-10"), "2026-02-02 09:00")
    assert one(before, "pay#1", "A1").deadline == at("2026-03-04 00:00")
    after = judged(rules, lines.format("2026-02-10"), "2026-02-03 09:00")
    assert one(after, "pay#1", "A1").deadline == after.next_change_at == at("2026-03-13 00:00")
    floored = judged(rules, lines.format("2026-01-03"), "2026-02-03 09:00")
    assert (one(floored, "pay#1", "A1").state, one(floored, "pay#1", "A1").deadline) == (
        "breached", at("2026-02-03 09:00"),
    )  # fmt: skip


def test_a_computed_date_of_a_ticket_moves_too() -> None:
    rules = COMPUTED.format("request", "opened").replace("pay by", "notify by")
    lines = """
2026-02-01 09:00  T1 opened by Client, invoiced_on 2026-02-01
2026-02-03 09:00  T1 recorded, invoiced_on 2026-02-10
"""
    assert one(by_both(rules, lines, "2026-02-03 09:00"), "pay#1").deadline == at("2026-03-13 00:00")


DAILY = """
calendar Hours
  open Monday to Friday 09:00 to 17:00

duty update_them
  when request opened
  Desk must update each day of Hours until request resolved by Desk
  on reopening run on
"""


def test_what_another_party_does_ends_no_row_of_dates() -> None:
    lines = """
2026-03-02 08:00  T1 opened by Client
2026-03-02 10:00  T1 resolved by {}
2026-03-03 08:00  T1 reopened by Client
"""
    seen = by_both(DAILY, lines.format("Client"), "2026-03-04 10:00")
    assert [(v.state, v.ended_by) for v in seen.verdicts] == [
        ("ended", "pause"), ("breached", None), ("pending", None),
    ]  # fmt: skip
    seen = by_both(DAILY, lines.format("Desk"), "2026-03-02 12:00")
    assert ([v.ended_by for v in seen.verdicts], seen.next_change_at) == (["resolved"], None)
