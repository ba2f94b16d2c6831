"""A log judged with its progress told is judged as without."""

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
    assert found == at_once
    return told


@pytest.mark.usefixtures("small")
def test_progress_is_told_and_changes_nothing(tmp_path: Path) -> None:
    assert same(tmp_path, log(8)) == [(3, 9), (6, 9), (9, 9), (9, 9)]


def test_of_a_short_log_the_end_is_told(tmp_path: Path) -> None:
    assert same(tmp_path, log(8)) == [(9, 9)]
