"""The stretches of a clock: apart, in order, and what they count is what the verdict says was consumed.

The time allowed is longer than any history here: after a breach a wait stops nothing any more (R13).
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from slarules.engine.adopt import adopt
from slarules.engine.evaluate import evaluate, judged, judged_all
from slarules.engine.history import settle
from slarules.engine.reasons.stretches import COUNTED, PAUSED, Stretch, stretches
from slarules.model.calendar import Supplied
from slarules.model.event import Event
from slarules.model.value import HOUR, MINUTE
from slarules.model.verdict import Verdict
from tests.engine import small

RULES = """
calendar Hours
  open Monday to Friday 08:00 to 17:00
  closed on 2026-03-03 "moving day"
duty answer
  when request opened
  Desk must respond to Client within 300 hours counted in Hours
  paused while waiting on Client
duty report
  when request opened
  Desk must report to Client within 2 days
"""
LISTED = """
holidays Days supplied by Desk
calendar Hours
  open Monday to Friday 08:00 to 17:00
  closed on Days
duty answer
  when request opened
  Desk must respond to Client within 1 hour counted in Hours
"""
START = small.at("2026-03-02 09:00")


def told(waits: list[tuple[int, int]], as_of: int) -> tuple[Verdict, list[Stretch]]:
    """The duty `answer` of a ticket that waited so, and its stretches up to an instant."""
    contract = small.contract(RULES)
    log = [Event("e0", "T1", "opened", START, "Client", kind="ticket")]
    for n, (since, until) in enumerate(waits):
        log.append(Event(f"w{n}", "T1", "waiting", since, "Desk", {"on": "Client"}, kind="ticket"))
        log.append(Event(f"r{n}", "T1", "resumed", until, "Desk", kind="ticket"))
    versions = adopt(contract, None, None)
    history = settle(contract, [v.terms for v in versions], log, as_of)
    own = history.subjects["T1"]
    verdicts, _ = judged_all(versions, own, None, as_of)
    case = judged(versions, own, None, as_of)
    assert case is not None
    instance = next(i for i in case.instances if i.plan.name == "answer")
    return next(v for v in verdicts if v.duty == "answer"), list(stretches(instance, as_of))


@given(st.lists(st.integers(1, 60 * 24 * 6), min_size=0, max_size=6, unique=True), st.integers(1, 60 * 24 * 7))
def test_what_is_counted_is_what_was_consumed(minutes: list[int], after: int) -> None:
    bounds = [START + minute * MINUTE for minute in sorted(minutes)]
    waits = list(zip(bounds[::2], bounds[1::2], strict=False))
    as_of = START + after * MINUTE
    verdict, found = told(waits, as_of)
    assert sum(one.end - one.start for one in found if one.state == COUNTED) == verdict.consumed
    assert found[0].start == START and found[-1].end == as_of
    assert all(one.end == other.start for one, other in pairwise(found))
    waited = sum(max(0, min(until, as_of) - since) for since, until in waits if since < as_of)
    assert sum(one.end - one.start for one in found if one.state == PAUSED) == waited


def test_a_stretch_says_why() -> None:
    _, found = told([(START + HOUR, START + 2 * HOUR)], small.at("2026-03-04 09:00"))
    assert [(one.state, one.reason) for one in found] == [
        ("counted", None), ("paused", "waiting on Client"), ("counted", None), ("closed", None),
        ("closed", "moving day"), ("closed", None), ("counted", None),
    ]  # fmt: skip


def test_a_clock_that_counts_no_time_has_none() -> None:
    contract = small.contract(RULES)
    log = [Event("e0", "T1", "opened", START, "Client", kind="ticket")]
    versions = adopt(contract, None, None)
    own = settle(contract, [v.terms for v in versions], log, START + HOUR).subjects["T1"]
    case = judged(versions, own, None, START + HOUR)
    assert case is not None
    instance = next(i for i in case.instances if i.plan.name == "report")
    assert list(stretches(instance, START + HOUR)) == []


def test_hours_of_which_no_list_tells_are_not_counted() -> None:
    """R13, R30: the breach stands; how much was used since is not known, and the explanation does not say it."""
    contract, supplied = small.contract(LISTED), {"Days": Supplied((), known_until=date(2026, 3, 3))}
    log = [Event("e0", "T1", "opened", START, "Client", kind="ticket")]
    log.append(Event("e1", "T1", "responded", small.at("2026-03-03 10:00"), "Desk", kind="ticket"))
    (verdict,) = evaluate(contract, None, log, small.at("2026-03-05 00:00"), supplied=supplied).verdicts
    assert (verdict.state, verdict.late_by) == ("breached", 24 * HOUR)
    assert (verdict.consumed, verdict.margin, verdict.late_by_counted) == (None, None, None)
    versions = adopt(contract, None, supplied)
    own = settle(contract, [v.terms for v in versions], log, small.at("2026-03-05 00:00")).subjects["T1"]
    case = judged(versions, own, None, small.at("2026-03-05 00:00"))
    assert case is not None
    found = [(one.state, (one.end - one.start) // HOUR) for one in stretches(case.instances[0], log[1].at)]
    assert found == [("counted", 8), ("closed", 15), ("untold", 2)]
