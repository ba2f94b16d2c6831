"""One ticket of a long log by itself: the verdicts and reasons that it has in the whole, from a few of its events."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from slarules.columnar.alone import alone
from slarules.columnar.log.columns import checked, events_of, table_of
from slarules.engine.evaluate import evaluate
from slarules.engine.reasons.explain import explain
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.readers import read_events
from tests.cli.conftest import POLICY, SOURCE
from tests.engine.test_batches import HOUR, MORE, START, log

ROOT = Path(__file__).parents[2]
LATER = START + 30 * HOUR


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    (tmp_path / "policy.sla").write_text(POLICY + MORE, "utf-8")
    (tmp_path / "source.txt").write_text(SOURCE, "utf-8")
    found = load(tmp_path / "policy.sla").contract
    assert found is not None
    return found


def kept(contract: Contract, events: list[Event], subject: str) -> list[Event]:
    """The events kept for the subject; by them it has the same verdicts and reasons."""
    found = events_of(alone(contract, checked(table_of(events)), subject))
    assert found == [event for event in events if event in found]
    own = [v for v in evaluate(contract, {}, found, LATER).verdicts if v.subject == subject]
    assert own == [v for v in evaluate(contract, {}, events, LATER).verdicts if v.subject == subject]
    assert explain(contract, {}, found, LATER, subject) == explain(contract, {}, events, LATER, subject)
    return found


def test_only_its_own_and_what_all_share(contract: Contract) -> None:
    assert [event.id for event in kept(contract, log(8), "T4")] == ["a1", "a2", "o4", "k4"]
    assert [event.id for event in kept(contract, log(8), "A1")] == ["a1", "a2"]


@pytest.mark.parametrize(
    ("more", "subject", "also"),
    [
        (Event("o1", "T2", "updated", START + 9 * HOUR, "Trak"), "T2", {"T1"}),
        (Event("o1", "T2", "updated", START, "Trak"), "T1", {"T2"}),
        (Event("r", "T2", "retracted", START + 9 * HOUR, target="o1"), "T1", {"T2"}),
        (Event("r", "T2", "retracted", START + 9 * HOUR, target="o1"), "T2", {"T1"}),
        (Event("a2", "T2", "updated", START + 9 * HOUR), "T5", {"T2"}),
    ],
)
def test_tickets_that_hang_together(contract: Contract, more: Event, subject: str, also: set[str]) -> None:
    found = {event.subject for event in kept(contract, [more, *log(8)], subject)}
    assert found == {"A1", subject, *also}


@pytest.mark.parametrize(
    "more",
    [
        Event("c", "T2", "closed", START + 9 * HOUR, "Trak", {"hours": Decimal(2)}),
        Event("c", "T1", "corrected", START + 9 * HOUR, facts={"subject": "T7"}, target="o1"),
        Event("c", "T1", "corrected", START + 9 * HOUR, facts={"type": "started"}, target="o1"),
    ],
)
def test_all_of_the_log_where_that_is_needed(contract: Contract, more: Event) -> None:
    events = [*log(8), more]
    assert kept(contract, events, "T7") == events


@cache
def trak() -> tuple[Contract, list[Event]]:
    contract = load(ROOT / "contracts/trak/policy.sla").contract
    assert contract is not None
    return contract, list(read_events(ROOT / "examples/trak/events.jsonl").events())


@pytest.mark.parametrize("subject", ["R-0005", "R-0075", "P-01"])
def test_tickets_of_a_year(subject: str) -> None:
    contract, events = trak()
    few = events_of(alone(contract, checked(table_of(events)), subject))
    as_of = events[-1].at
    assert len(few) < len(events) / 20
    assert explain(contract, {}, few, as_of, subject) == explain(contract, {}, events, as_of, subject)
