"""R12: events of one instant in other orders, and what is said where there are too many to try."""

from __future__ import annotations

import pytest

import slarules.engine.evaluate as evaluating
from slarules.engine import orders
from slarules.engine.history import Entry
from slarules.model.event import Event
from tests.engine.small import at, contract, event, one
from tests.engine.test_recorded_anew import by_both

FIX = """
duty fix
  when request opened
  Desk must resolve within 4 hours
  paused while waiting on Client
  on reopening run on

duty answer
  when request opened
  Desk must respond within 2 hours
"""
TIES = """
2026-03-02 09:00  T1 opened by Client
2026-03-02 10:00  T1 waiting on Client
2026-03-02 10:00  T1 resumed
2026-03-02 10:30  T1 waiting on Client
2026-03-02 10:30  T1 resumed
"""
EVENTS, ORDERS = 5, 2
"""Of ``TIES``: each of its events is judged once more for each of its two other orders."""


def test_where_there_are_too_many_orders_every_verdict_is_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    """By both engines, and at the same number."""
    for bound, answered in ((EVENTS * ORDERS, ()), (EVENTS * ORDERS - 1, ("tie_sensitive",))):
        monkeypatch.setattr(orders, "TRIED", bound)
        seen = by_both(FIX, TIES, "2026-03-02 12:00")
        assert one(seen, "fix#1").flags == ("tie_sensitive",)
        assert one(seen, "answer#1").flags == answered


def test_orders_of_what_is_not_there_yet_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "TRIED", EVENTS)
    seen = by_both(FIX, TIES, "2026-03-02 10:15")
    assert one(seen, "fix#1").flags == ("tie_sensitive",)
    assert one(seen, "answer#1").flags == ()


def test_no_more_is_reckoned_than_the_orders_that_are_tried() -> None:
    for size in range(2, 40):
        group = [Entry(0, "recorded", None, {}, Event(str(n), "T1", "recorded", 0)) for n in range(size)]
        assert len(orders.orders(group)) == orders.at_most(size)


def test_a_ticket_of_very_many_ties_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand events, two at each instant: in every other order, that would be fifty million."""
    start, second, judged = at("2026-03-02 09:00"), 1_000_000, evaluating.judged_all
    log = [event("e", "opened", "2026-03-02 09:00", "Client")]
    for n in range(1, 5_000):
        log.append(Event(f"w{n}", "T1", "waiting", start + n * second, facts={"on": "client"}))
        log.append(Event(f"r{n}", "T1", "resumed", start + n * second))
    times = []
    monkeypatch.setattr(evaluating, "judged_all", lambda *given: times.append(1) or judged(*given))
    seen = evaluating.evaluate(contract(FIX), None, log, at("2026-03-02 18:00"))
    assert [v.flags for v in seen.verdicts] == [("tie_sensitive",)] * 2
    assert len(times) == 1
