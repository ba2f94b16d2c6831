"""R20, statuses that hang on one another or on an allowance, and terms that reach past the calendars' years."""

from __future__ import annotations

import pytest

from slarules.engine.evaluate import evaluate
from tests.engine.small import at, contract, event, judged, one
from tests.engine.test_recorded_anew import by_both

SUPPORT = """
status support of agreement
  state yearly
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over
"""
LICENSE = """
status license of agreement
  state active
    begins when agreement started
    lasts 1 month rounding down
    becomes active at the end of term if support is yearly
    becomes lapsed at the end of term
  state lapsed
"""
WATCHED = """
duty answer
  when request opened
  while license is active
  Desk must respond within 3000 days
"""


@pytest.mark.parametrize("order", [(SUPPORT, LICENSE), (LICENSE, SUPPORT)])
def test_the_order_in_which_statuses_are_written_makes_no_difference(order: tuple[str, str]) -> None:
    rules = "".join(order) + WATCHED
    lines = "2025-01-01 09:00  A1 started by Client\n2025-03-01 09:00  T1 opened by Client\n"
    seen = by_both(rules, lines, "2025-12-31 09:00")
    assert (seen.statuses["A1", "license"], one(seen, "answer#1").state) == ("active", "pending")
    assert seen.next_change_at == at("2026-01-01 00:00")
    assert one(seen, "answer#1").next_change_at == at("2026-02-01 00:00")
    seen = by_both(rules, lines, "2026-02-01 00:00")
    assert (seen.statuses["A1", "license"], one(seen, "answer#1").ended_by) == ("lapsed", "while")


BLOCK = """
allowance block of Client in hours
  increases on hours_purchased by hours
  decreases on hours_logged by hours
  unused carries over

status license of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes active at the end of term if block is more than 0 hours
    becomes over at the end of term
  state over
"""


def test_a_state_may_hang_on_what_is_left_of_an_allowance() -> None:
    lines = """
2025-01-01 09:00  A1 started by Client
2025-01-02 09:00  A1 hours_purchased by Client, hours 10
2026-03-01 09:00  A1 hours_logged by Desk, hours {}
"""
    for hours, state in ((8, "active"), (10, "over")):
        assert judged(BLOCK, lines.format(hours), "2026-06-01 09:00").statuses["A1", "license"] == "active"
        seen = judged(BLOCK, lines.format(hours), "2027-01-01 00:00")
        assert seen.statuses["A1", "license"] == state


REMIND = """
duty remind
  once each term of support
  Desk must notify no later than 60 days before the term ends
"""


def test_a_term_that_reaches_past_the_calendars_has_no_end() -> None:
    rules = SUPPORT + REMIND
    events = [event("a1", "started", "2200-06-01 09:00", "Client", "A1")]
    seen = evaluate(contract(rules), None, events, at("2200-07-01 09:00"))
    assert (seen.statuses["A1", "support"], seen.next_change_at) == ("yearly", None)
    assert one(seen, "remind#1", "A1").missing == ("the end of the term",)
