"""What is counted in tables is what is counted in verdicts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from slarules.analysis import tally as verdicts_tally
from slarules.columnar.rows import row
from slarules.columnar.tally import Totals, counted, counting, late, rows_of
from slarules.columnar.verdicts import table_of
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.verdict import Evaluation
from slarules.readers import read_events

ROOT = Path(__file__).parents[2]


@cache
def judged() -> Evaluation:
    """The first tickets of Trak's example, and those that are owed and late as of an instant in between."""
    contract = load(ROOT / "contracts/trak/policy.sla").contract
    assert contract is not None
    events = list(read_events(ROOT / "examples/trak/events.jsonl").events())[:700]
    return evaluate(contract, {}, events, max(event.at for event in events) + 1_000_000)


def test_counts_and_the_worst() -> None:
    found = judged()
    table = table_of(found.verdicts, found.readings)
    assert counted(table) == verdicts_tally.counted(found.verdicts)
    worst = verdicts_tally.late(found)
    assert {"breached", "missed"} == {v.state for v in worst} and any(v.late_by is None for v in worst)
    for top in (0, 1, 5, len(worst), 10_000):
        many, first = late(table, found.as_of, top)
        assert many == len(worst) and rows_of(first) == [row(v, found.readings) for v in worst[:top]]


@pytest.mark.parametrize("size", [13, 100_000])
def test_tables_that_pass_by(size: int) -> None:
    found = judged()
    totals = Totals(found.as_of, 10)
    own = found.verdicts
    tables = (table_of(own[start : start + size], found.readings) for start in range(0, len(own), size))
    assert sum(table.num_rows for table in counting(totals, tables)) == len(own)
    assert totals.counts == verdicts_tally.counted(own)
    worst = verdicts_tally.late(found)
    assert totals.late_many == len(worst)
    assert rows_of(totals.late) == [row(v, found.readings) for v in worst[:10]]


def test_nothing_is_late_in_nothing() -> None:
    found = judged()
    table = table_of([], found.readings)
    assert not counted(table) and late(table, found.as_of, 10) == (0, table)
