"""What is counted in tables is what is counted in verdicts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
from attrs import evolve

from slarules.analysis import tally as verdicts_tally
from slarules.columnar.verdicts.rows import row
from slarules.columnar.verdicts.table import VERDICTS, table_of
from slarules.columnar.verdicts.tally import Totals, counting, rows_of
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.verdict import Evaluation
from slarules.readers import read_events

ROOT = Path(__file__).parents[3]


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
    worst = verdicts_tally.late(found)
    assert {"breached", "missed"} == {v.state for v in worst} and any(v.late_by is None for v in worst)
    for top in (0, 1, 5, len(worst), 10_000):
        totals = Totals(found.as_of, top)
        (passed,) = counting(totals, [table])
        assert passed is table and totals.counts == verdicts_tally.counted(found.verdicts)
        assert totals.late_many == len(worst)
        assert rows_of(totals.late) == [row(v, found.readings) for v in worst[:top]]


@pytest.mark.parametrize("size", [7, 13, 100_000])
@pytest.mark.parametrize("top", [1, 10])
def test_tables_that_pass_by(size: int, top: int) -> None:
    found = judged()
    own = found.verdicts
    worst = verdicts_tally.late(found)
    for asked in (own, own[::-1]):  # backwards, a later table has what ranks before all that was seen
        totals = Totals(found.as_of, top)
        tables = [table_of(asked[start : start + size], found.readings) for start in range(0, len(own), size)]
        joined = [pa.concat_tables(tables[:3]), *tables[3:]]
        assert sum(table.num_rows for table in counting(totals, joined)) == len(own)
        assert totals.counts == verdicts_tally.counted(own)
        assert totals.late_many == len(worst)
        assert rows_of(totals.late) == [row(v, found.readings) for v in worst[:top]]


def test_many_that_are_as_late() -> None:
    """Of what is as late, the first by subject, duty and number come first, whichever table they are in."""
    found = judged()
    worst = verdicts_tally.late(found)
    alike = [evolve(worst[0], subject=f"T{n * 7919 % 1000:03}") for n in range(1000)]
    totals = Totals(found.as_of, 5)
    for _ in counting(totals, (table_of(alike[n : n + 90], found.readings) for n in range(0, 1000, 90))):
        pass
    assert totals.late.column("subject").to_pylist() == [f"T{n:03}" for n in range(5)] and totals.late_many == 1000


def test_nothing_is_late_in_nothing() -> None:
    found = judged()
    totals = Totals(found.as_of, 10)
    tables = [table_of([], found.readings), VERDICTS.empty_table()]
    assert list(counting(totals, tables)) == tables
    assert not totals.counts and not totals.late_many and not totals.late.num_rows
