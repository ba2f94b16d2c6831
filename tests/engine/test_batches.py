"""A log judged in batches gives what judging it at once gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.engine import batches
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.event import Event
from tests.cli.conftest import POLICY, SOURCE

HOUR = 3_600_000_000
START = 20_514 * 24 * HOUR  # 2026-03-02T00:00Z
MORE = '''
status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down

allowance block of Customer in hours
  increases on hours_purchased by hours
  decreases on closed by hours
'''


def log(tickets: int) -> list[Event]:
    events = [Event("a1", "A1", "started", START), Event("a2", "A1", "hours_purchased", START, facts={"hours": 5})]
    for n in range(tickets):
        at = START + n * HOUR
        events.append(Event(f"o{n}", f"T{n}", "opened", at, "Customer", {"severity": "1", "shade": "red"}))
        if n % 3:
            events.append(Event(f"k{n}", f"T{n}", "acknowledged", at + n * HOUR // 4, "Trak"))
    return events


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SIZE", 3)


def same(folder: Path, events: list[Event]) -> list[tuple[int, int]]:
    """Both ways agree; what ``done`` was told."""
    (folder / "policy.sla").write_text(POLICY + MORE, "utf-8")
    (folder / "source.txt").write_text(SOURCE, "utf-8")
    contract = load(folder / "policy.sla").contract
    assert contract is not None
    told: list[tuple[int, int]] = []
    as_of = START + 30 * HOUR
    found = batches.judge(
        contract, {}, events, as_of, supplied={}, done=lambda judged, total: told.append((judged, total))
    )
    at_once = evaluate(contract, {}, events, as_of, supplied={})
    assert found.verdicts == at_once.verdicts
    assert set(found.findings) == set(at_once.findings) and len(found.findings) == len(at_once.findings)
    assert (found.statuses, found.allowances, found.amounts) == (
        at_once.statuses, at_once.allowances, at_once.amounts)
    assert found.next_change_at == at_once.next_change_at
    return told


@pytest.mark.usefixtures("small")
def test_batches_are_as_judging_at_once(tmp_path: Path) -> None:
    assert same(tmp_path, log(8)) == [(3, 8), (6, 8), (8, 8)]


@pytest.mark.usefixtures("small")
def test_tickets_that_hang_together_are_judged_at_once(tmp_path: Path) -> None:
    drawn = [*log(8), Event("c", "T2", "closed", START + 9 * HOUR, "Trak", {"hours": 2})]
    assert same(tmp_path, drawn) == [(1, 1)]
    doubled = [*log(8), Event("o1", "T2", "updated", START + 9 * HOUR, "Trak")]
    assert same(tmp_path, doubled) == [(1, 1)]
    across = [*log(8), Event("r", "T2", "retracted", START + 9 * HOUR, target="o1")]
    assert same(tmp_path, across) == [(1, 1)]


def test_a_short_log_is_judged_at_once(tmp_path: Path) -> None:
    assert same(tmp_path, log(8)) == [(1, 1)]
