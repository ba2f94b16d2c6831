"""Random histories for the laws: those of the oracle's generator, and requests under the Trak contract."""

from __future__ import annotations

import os
import random
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR, MINUTE
from slarules.model.verdict import Evaluation
from tests.duty_cases import contract_of, events_of, instant, supplied_of
from tests.engine.small import at
from tests.oracle.random_cases import random_case

EXAMPLES = int(os.environ.get("SLARULES_LAW_EXAMPLES", "200"))
LAWS = settings(
    derandomize=not os.environ.get("SLARULES_RANDOM"),
    deadline=None,
    max_examples=EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
"""The same examples on every run, unless new ones are asked for."""
SEEDS = 3 * EXAMPLES
"""Random contracts that all laws share, so that each is read once."""


@frozen(eq=False)
class Log:
    """A contract and a log under it."""

    contract: Contract
    events: tuple[Event, ...]
    instants: tuple[int, ...]
    """At which to judge."""
    supplied: dict[str, Supplied]

    def judged(self, events: tuple[Event, ...] | list[Event], as_of: int) -> Evaluation:
        return evaluate(self.contract, None, events, as_of, supplied=self.supplied)


def seen(evaluation: Evaluation) -> tuple[Any, ...]:
    """Everything that an evaluation tells of the world; its findings tell of the log."""
    return (
        evaluation.verdicts,
        evaluation.statuses,
        evaluation.allowances,
        evaluation.amounts,
        evaluation.next_change_at,
    )


def plain(events: tuple[Event, ...]) -> list[Event]:
    """Each identity once, and nothing that changes the log."""
    first = {(e.source, e.id): e for e in reversed(events)}
    return [e for e in dict.fromkeys(first[e.source, e.id] for e in events) if e.type not in CHANGES]


CHANGES = ("corrected", "retracted")


# ---- The oracle's generator --------------------------------------------------------------------------------


@cache
def random_log(seed: int) -> Log:
    case = random_case(random.Random(seed), doubtful=seed % 3 == 0)
    events = tuple(events_of(case))
    told = {instant(evaluation["as_of"]) for evaluation in case["evaluations"]}
    near = {e.at + step for e in events for step in (-MINUTE, 0, 17 * MINUTE)}
    return Log(contract_of(case), events, tuple(sorted(told | near)), supplied_of(case["contract"]))


random_logs = st.integers(0, SEEDS - 1).map(random_log)


# ---- Requests under the Trak contract ----------------------------------------------------------------------


@cache
def trak() -> Contract:
    found = load(Path(__file__).parents[2] / "contracts" / "trak" / "policy.sla").contract
    assert found is not None
    return found


START = at("2026-03-05 07:00")
"""A Thursday before the clocks change."""
yes_no = st.sampled_from([True, False, None])
levels = st.sampled_from(["1", "2", "3", "4"])
CARRIED: dict[str, st.SearchStrategy[dict[str, Raw]]] = {
    "severity_changed": levels.map(lambda level: {"severity": level}),
    "waiting": st.sampled_from(["Customer", "vendor"]).map(lambda party: {"on": party}),
    "resolved": yes_no.map(lambda one: {"satisfied": one}),
    "acknowledged": yes_no.map(lambda one: {"automatic": one, "says_received": one}),
    "escalated": st.sampled_from(["manager", "team_lead"]).map(lambda who: {"escalated_to": who}),
    "reported": yes_no.map(
        lambda one: dict.fromkeys(("steps_taken", "steps_ahead", "progress", "estimate"), one)
    ),
    "elected": st.sampled_from(["continuous", "schedule"]).map(lambda option: {"remedy": option}),
    "agreed": st.integers(6, 20).map(lambda day: {"agreed_date": f"2026-03-{day:02d}"}),
    "recorded": st.fixed_dictionaries(
        {"satisfied": yes_no, "resource_assigned": yes_no, "authorized": yes_no}
    ),
}
KINDS = (*CARRIED, "responded", "updated", "resumed", "reopened", "closed", "cancelled", "asked", "received")
ACTORS = {"severity_changed": "Customer", "reopened": "Customer", "asked": "Customer", "elected": "Customer"}


@st.composite
def requests(draw: st.DrawFn, subject: str = "T1", most: int = 10) -> list[Event]:
    """What happened to one request, in order, on whole minutes; also what cannot happen."""
    opened = START + draw(st.integers(0, 40 * 60)) * MINUTE
    facts: dict[str, Raw] = {"channel": draw(st.sampled_from(["email", "telephone", "web", None]))}
    facts |= {"severity": draw(levels), "resource_assigned": draw(yes_no)}
    if draw(st.integers(0, 9)) == 0:
        del facts["severity"]
    events = [Event(f"{subject}-0", subject, "opened", opened, "Customer", facts)]
    when = opened
    for number in range(draw(st.integers(1, most))):
        when += draw(st.sampled_from([0, 1, 30, 59, 60, 61, 120, 240, 479, 540, 900, 1440, 2880])) * MINUTE
        kind = draw(st.sampled_from(KINDS))
        actor = draw(st.sampled_from([ACTORS.get(kind, "Trak")] * 6 + ["Customer", None]))
        carried = draw(CARRIED[kind]) if kind in CARRIED else {}
        events.append(Event(f"{subject}-{number + 1}", subject, kind, when, actor, carried))
    return events


@st.composite
def trak_logs(draw: st.DrawFn) -> Log:
    """Two requests, and the instants at and around everything that happens."""
    events = draw(requests("T1")) + draw(requests("T2", 4))
    near = {e.at + step for e in events for step in (-1, 0, 37 * MINUTE, 26 * HOUR)}
    return Log(trak(), tuple(events), tuple(sorted(near)), {})


logs = st.one_of(random_logs, trak_logs())
