"""What nothing concerns yet is put aside: the work grows with what happens, and no verdict differs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from slarules.engine.evaluate import evaluate
from slarules.engine.judging import aside, offers, step
from slarules.engine.judging.case import Case
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from tests.duty_cases import contract_of, events_of, instant, supplied_of
from tests.engine.small import at, contract, event
from tests.engine.test_oracle import drawn
from tests.oracle_of_agreements import comparing
from tests.same.trying import random_cases

HOUR = 3_600_000_000
START = at("2026-03-02 08:00")
HOURLY = """
status care of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    includes support
    becomes active at the end of term

fact large of request: yes or no

duty tell
  when request opened
  Desk must update Client every 1 hour until closed

"""
FOLLOWS = {
    "missed": "duty sorry\n  when tell breached\n  Desk must respond within 2 hours\n",
    "missed, while": "duty sorry\n  when tell breached\n  while care includes support\n"
                     "  Desk must respond within 2 hours\n",
    "without a time": "duty sorry\n  when tell breached\n  Desk must respond\n",
    "nobody knows": "duty sorry\n  when tell breached\n  if large\n  Desk must respond within 2 hours\n",
    "after what never is": "duty sorry\n  when tell breached\n"
                           "  Desk must respond within 2 hours after tell performed\n",
}  # fmt: skip


def lines_run(rules: str, events: list[Event], as_of: int) -> int:
    """How many lines of the engine judging takes."""
    found = contract(rules)
    return lines_of(lambda: evaluate(found, None, events, as_of))


def lines_of(work: Callable[[], object]) -> int:
    """How many lines of ours some work takes."""
    count = 0

    def each(frame: FrameType, what: str, _: Any) -> Any:
        nonlocal count
        if "slarules" not in frame.f_code.co_filename or "/tests/" in frame.f_code.co_filename:
            return None
        count += what == "line"
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("follows", FOLLOWS)
def test_twice_the_time_is_twice_the_work(follows: str) -> None:
    events = [event("a1", "started", "2026-03-02 08:00", "Client", "A1"),
              event("e1", "opened", "2026-03-02 08:00", "Client")]  # fmt: skip
    rules = HOURLY + FOLLOWS[follows]
    lines_run(rules, events, START + HOUR)  # what is compiled on first use
    once, twice = (lines_run(rules, events, START + days * 24 * HOUR) for days in (16, 32))
    assert twice < once * 2.2


def nothing_aside(case: Case) -> None:
    """What stands in for putting aside: only what is over is live no more."""
    case.live = [i for i in case.live if i.phase in ("pending", "undetermined") or i.owed or i.uncertain]


def plain(monkeypatch: pytest.MonkeyPatch, *arguments: Any, **more: Any) -> Evaluation:
    """The evaluation where nothing is put aside."""
    with monkeypatch.context() as patch:
        patch.setattr(step, "put_aside", nothing_aside)
        patch.setattr(step, "put_offers_aside", lambda case: None)
        return evaluate(*arguments, **more)


def few(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """So many are not put aside; under a small number tickets often come to more, and to fewer again."""
    monkeypatch.setattr(aside, "FEW", number)
    monkeypatch.setattr(offers, "FEW", number)


def test_of_tickets_no_verdict_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(20_000, 20_050):
        few(monkeypatch, seed % 4)
        case = drawn(seed)
        given, events, supplied = contract_of(case), events_of(case), supplied_of(case["contract"])
        for one in case["evaluations"]:
            as_of, upto = instant(one["as_of"]), one.get("log_upto")
            seen = evaluate(given, None, events, as_of, supplied=supplied, upto=upto)
            assert seen == plain(monkeypatch, given, None, events, as_of, supplied=supplied, upto=upto), seed


def test_of_agreements_no_verdict_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(7_000, 7_015):
        few(monkeypatch, seed % 3)
        given, log, supplied, times = comparing.life(seed)
        for as_of in times[::4]:
            seen = evaluate(given, None, log, as_of, supplied=supplied)
            assert seen == plain(monkeypatch, given, None, log, as_of, supplied=supplied), seed


def test_under_random_policies_no_verdict_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (6_251, 6_265, 6_270, 6_280):
        for number, (case, _) in enumerate(random_cases(seed, 30, 2)):
            few(monkeypatch, number % 4)
            seen, expected = (
                judge(case.contract, case.readings, case.events, case.as_of, supplied=case.supplied)
                for judge in (evaluate, partial(plain, monkeypatch))
            )
            assert seen == expected, case.name
