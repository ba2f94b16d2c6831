"""The quick way says of every ticket that it takes what the general kernels say, and both what the reference does.

So many random policies as `SLARULES_QUICK_POLICIES`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from slarules.columnar import following, running
from slarules.columnar.judging import judge
from slarules.columnar.kernels import layout as at
from slarules.columnar.plainly import quickly
from slarules.engine.evaluate import evaluate
from slarules.model.calendar import Supplied
from slarules.model.event import Event
from tests.columnar.plain_policies import plain_policy
from tests.columnar.wide_policies import POLICY, tickets
from tests.same.cases import Case, contract_of
from tests.same.comparing import differences
from tests.same.implementations import IMPLEMENTATIONS, reference
from tests.same.random_logs import DAY, Drawn
from tests.same.trying import Tally, cases_under, compared, random_cases

POLICIES = int(os.environ.get("SLARULES_QUICK_POLICIES", "24"))
NOON = 1_767_225_600_000_000
"""2026-01-01T00:00:00Z; the tickets of a policy are opened on days after it."""
COLUMNS = {name: getattr(at, name) for name in dir(at) if name.startswith("O_")}

FollowAll = Callable[..., Iterator[Any]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Lets every judging follow its tickets both ways; counts how many there were, and how many were plain."""
    counted: Counter[str] = Counter()
    follow = running.follow_all

    def both(
        version: Any, tickets: Any, agreement: Any, as_of: int, beyond: Any, change: Any, finish: Any, *more: Any
    ) -> list[Any]:
        before, other_beyond, other_change = beyond.copy(), beyond.copy(), change.copy()
        whole = (version, tickets, agreement, as_of)
        wanted = list(follow(*whole, other_beyond, other_change, np.copy, quick=False))
        found: list[Any] = []

        def kept(out: Any) -> Any:
            found.append(out.copy())
            return finish(out)

        finished = list(follow(*whole, beyond, change, kept, *more))
        _equal(found, wanted)
        assert (beyond == other_beyond).all()
        assert (change == other_change).all()
        taken = np.zeros(len(before), np.int8)
        if version.quick is not None:
            list(quickly(version.quick, tickets, agreement, as_of, before, change.copy(), taken, 0, len(before)))
        for out in wanted:
            own = out[:, taken[out[at.O_TICKET]] == 1]
            for rule, state in zip(own[at.O_RULE].tolist(), own[at.O_STATE].tolist(), strict=True):
                counted[f"{version.rules[rule].name} {at.STATES[state]}"] += 1
        counted.update(asked=int((other_beyond == 0).sum()), plain=int(taken.sum()))
        return finished

    monkeypatch.setattr(following, "follow_all", both)
    return counted


def _equal(found: list[Any], wanted: list[Any]) -> None:
    """The same rows in the same order, column by column; what was chosen is written only where something was."""
    one, other = (np.concatenate([np.empty((at.OUT, 0), np.int64), *pieces], axis=1) for pieces in (found, wanted))
    assert one.shape == other.shape
    chosen = other[at.O_STATE] == at.CHOSEN
    for name, column in COLUMNS.items():
        differs = (one[column] != other[column]) & (chosen if name == "O_OPTION" else True)
        assert not differs.any(), (name, one[:, differs][:, :1].ravel(), other[:, differs][:, :1].ravel())


def _cases(seed: int) -> Iterator[tuple[Case, Drawn]]:
    rng = random.Random(seed)
    text = plain_policy(rng)
    contract, wrong = contract_of(text)
    assert contract is not None, [text.splitlines()[line - 1] for line in wrong]
    return cases_under(rng, f"plain policy {seed}", contract, text, NOON + rng.randrange(300) * DAY, 24, 2)


def test_plain_policies_are_judged_alike_by_the_quick_way(seen: Counter[str]) -> None:
    tally = Tally()
    for seed in range(POLICIES):
        assert not list(compared(_cases(seed), IMPLEMENTATIONS["columnar"], tally))
    assert seen["plain"] > seen["asked"] // 5
    assert set(tally.states) >= {"met", "breached", "reached", "missed", "ended", "suspended", "pending", "kept"}


WIDE = """
fix met, fix breached, fix ended, fix suspended, fix undetermined, staff pending, staff ended,
report met, report breached, report ended, excuse met, excuse breached, excuse ended, excuse undetermined,
no_reports kept, ask permitted, ask not_permitted, ask undetermined, helpdesk in_scope
"""


def test_what_stands_beside_plain_duties_is_judged_alike_by_the_quick_way(seen: Counter[str]) -> None:
    contract, wrong = contract_of(POLICY)
    assert contract is not None, [POLICY.splitlines()[line - 1] for line in wrong]
    for seed in range(3):
        rng = random.Random(seed)
        events = tickets(rng, NOON, 200)
        case = Case(f"wide, log {seed}", POLICY, contract, events, NOON + (20 + 30 * seed) * DAY)
        assert not differences(reference(case), IMPLEMENTATIONS["columnar"](case))
    assert seen["plain"] > seen["asked"] // 3
    assert [one for one in (one.strip() for one in WIDE.split(",")) if not seen[one]] == []


ONCE_OTHERWISE = {
    "answered by the act that performs": (
        "within 2 hours\n  performed when ticket responded by Desk or ticket acknowledged by Desk and not automatic",
        [("opened", 0, {}), ("acknowledged", 30, {}), ("responded", 60, {"automatic": False})],
    ),
    "answered after the breach": (
        "within 2 hours\n  performed when ticket acknowledged by Desk and not automatic",
        [("opened", 0, {}), ("acknowledged", 300, {}), ("recorded", 360, {"automatic": False})],
    ),
    "answered never": (
        "within 2 hours\n  performed when ticket responded by Desk or ticket acknowledged by Desk and not automatic",
        [("opened", 0, {}), ("acknowledged", 30, {}), ("responded", 60, {})],
    ),
    "by a severity that changes after the breach": (
        "within 2 hours\n  performed when ticket acknowledged by Desk and severity is not 1",
        [("opened", 0, {"severity": 2}), ("acknowledged", 300, {}), ("severity_changed", 360, {"severity": 3})],
    ),
    "waited on while it was resolved, and reopened": (
        "within 8 hours\n  performed when resolved by Desk\n  paused while waiting on any of Client\n"
        "  on reopening run on",
        [("opened", 0, {}), ("resolved", 300, {}), ("waiting", 345, {"on": "Client"}), ("reopened", 405, {})],
    ),
}
"""What both ways once judged otherwise: what is promised, and what happened at which minute."""


@pytest.mark.parametrize("told", ONCE_OTHERWISE)
def test_what_was_once_judged_otherwise_is_judged_alike_by_the_quick_way(told: str) -> None:
    promised, happened = ONCE_OTHERWISE[told]
    text = (
        'slarules 1\n\ncontract C "c"\n  provider Desk "the desk"\n  customer Client "the client"\n\n'
        "severities 1, 2, 3\n\n"
        f"duty respond\n  Desk must respond to Client {promised}\n"
    )
    contract, wrong = contract_of(text)
    assert contract is not None
    assert not wrong
    who = dict.fromkeys(("opened", "severity_changed", "waiting", "reopened"), "Client")
    events = tuple(
        Event(f"e{n}", "T1", kind, NOON + minute * 60_000_000, who.get(kind, "Desk"), facts)
        for n, (kind, minute, facts) in enumerate(happened)
    )
    case = Case(told, text, contract, events, NOON + DAY)
    assert not differences(reference(case), IMPLEMENTATIONS["columnar"](case))


def test_a_right_that_asks_a_calendar_without_an_end_is_judged_alike() -> None:
    text = (
        'slarules 1\n\ncontract C "c"\n  provider Desk "the desk"\n  customer Client "the client"\n\n'
        "holidays Theirs supplied by Client\n\n"
        "calendar Listed\n  zone UTC\n  open Monday to Friday 08:00 to 17:00\n  closed on Theirs\n\n"
        "duty respond\n  Desk must respond to Client within 30 minutes\n\n"
        "right may_open\n  Client may open\n  during Listed\n"
    )
    contract, wrong = contract_of(text)
    assert contract is not None
    assert not wrong
    supplied = {"Theirs": Supplied((date(2026, 1, 6),), (), date(2026, 1, 10))}
    events = tuple(
        Event(f"{name}-0", name, "opened", NOON + day * DAY, who)
        for name, day, who in (("T1", 0, "Client"), ("T2", 5, "Client"), ("T3", 40, "Client"), ("T4", 1, "Desk"))
    )
    case = Case("a list that ends", text, contract, events, NOON + 50 * DAY, supplied=supplied)
    assert not differences(reference(case), IMPLEMENTATIONS["columnar"](case))


@pytest.mark.parametrize("early", [(), (0,), (1,), (0, 1)])
def test_what_was_recorded_before_it_happened_is_told_by_the_quick_way(seen: Counter[str], early: tuple[int]) -> None:
    text = (
        'slarules 1\n\ncontract C "c"\n  provider Desk "the desk"\n  customer Client "the client"\n\n'
        "duty respond\n  when ticket opened\n  Desk must respond to Client within 2 hours\n"
    )
    contract, wrong = contract_of(text)
    assert contract is not None
    assert not wrong
    happened = (("opened", NOON, "Client"), ("responded", NOON + 60_000_000, "Desk"))
    events = tuple(
        Event(f"e{n}", "T1", kind, when, who, {}, recorded_at=when - 1_000_000 if n in early else None)
        for n, (kind, when, who) in enumerate(happened)
    )
    case = Case(f"early {early}", text, contract, events, NOON + DAY)
    assert not differences(reference(case), IMPLEMENTATIONS["columnar"](case))
    (verdict,) = evaluate(contract, None, events, NOON + DAY).verdicts
    assert ("skew" in verdict.flags) == bool(early)
    assert seen["plain"] >= 1


NEARLY_SIMPLE = {
    "acted on after it was closed": (
        "  when ticket opened\n",
        "\n  performed when ticket acknowledged by Desk",
        [("opened", 0, {}), ("closed", 30, {}), ("acknowledged", 60, {})],
    ),
    "set off by nothing": (
        "",
        "\n  performed when ticket acknowledged by Desk",
        [("opened", 0, {}), ("acknowledged", 60, {})],
    ),
    "something is asked of its act": (
        "  when ticket opened\n",
        "\n  performed when ticket acknowledged by Desk and not automatic",
        [("opened", 0, {}), ("acknowledged", 30, {"automatic": True}), ("acknowledged", 60, {"automatic": False})],
    ),
    "something follows when it is kept": (
        "  when ticket opened\n",
        "\n  performed when ticket acknowledged by Desk\n\n"
        "duty follow\n  when respond performed\n  Desk must respond to Client within 1 hour",
        [("opened", 0, {}), ("acknowledged", 60, {})],
    ),
}
"""Duties of one act, of which the shortest way must know that they are none of its own."""


@pytest.mark.parametrize("told", NEARLY_SIMPLE)
def test_what_is_nearly_simple_is_judged_alike_by_the_quick_way(seen: Counter[str], told: str) -> None:
    when, more, happened = NEARLY_SIMPLE[told]
    text = (
        'slarules 1\n\ncontract C "c"\n  provider Desk "the desk"\n  customer Client "the client"\n\n'
        f"duty respond\n{when}  Desk must respond to Client within 2 hours{more}\n"
    )
    contract, wrong = contract_of(text)
    assert contract is not None
    assert not wrong
    events = tuple(
        Event(f"e{n}", "T1", kind, NOON + minute * 60_000_000, "Desk" if n else "Client", facts)
        for n, (kind, minute, facts) in enumerate(happened)
    )
    case = Case(told, text, contract, events, NOON + DAY)
    assert not differences(reference(case), IMPLEMENTATIONS["columnar"](case))
    assert seen["asked"]


@pytest.mark.parametrize("seed", [3, 4, 5, 6])
def test_any_policies_are_judged_alike_by_the_quick_way(seen: Counter[str], seed: int) -> None:
    assert not list(compared(random_cases(seed, 40, 2), IMPLEMENTATIONS["columnar"], Tally()))
    assert seen["asked"]


def test_every_ticket_of_the_benchmark_is_for_the_quick_way(seen: Counter[str]) -> None:
    workload = pytest.importorskip("benchmarks.engines.workload")
    judged = judge(workload.contract(), None, workload.table(400), workload.AS_OF)
    assert (seen["asked"], seen["plain"]) == (400, 400)
    assert set(judged.verdicts["state"].to_pylist()) >= {"met", "breached", "ended", "suspended"}
