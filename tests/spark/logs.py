"""Logs as DataFrames, and what a laptop says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from slarules.cli.options import supplied
from slarules.columnar.log.columns import table_of
from slarules.columnar.verdicts.writing import write
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from slarules.readers import read_events
from slarules.spark.schema import plain

ROOT = Path(__file__).parents[2]
@cache
def contract(name: str) -> Contract:
    """One of the four contracts."""
    found = load(ROOT / "contracts" / name / "policy.sla").contract
    assert found is not None
    return found


def given(of: Contract, name: str, file: str) -> Mapping[str, Supplied]:
    """What a party supplies, from a file of the examples."""
    return supplied(of, [f"{name}={ROOT / 'examples' / file}"])


@cache
def example(name: str) -> tuple[Event, ...]:
    """A year of tickets."""
    return tuple(read_events(ROOT / "examples" / name / "events.jsonl").events())


def frame(spark: Any, events: Iterable[Event], parts: int = 3) -> Any:
    """The log as a DataFrame of several partitions, out of order; ``place`` says which event came when."""
    table = table_of(events)
    table = table.append_column("place", pa.array(range(table.num_rows), pa.int64()))
    return spark.createDataFrame(table.cast(plain(table.schema))).repartition(parts, "id")


def file_of(path: Path, table: pa.Table) -> bytes:
    """The verdict file that a table of verdicts becomes."""
    write(path, [table])
    return path.read_bytes()


def reference(of: Contract, events: Iterable[Event], as_of: int, **more: Any) -> Evaluation:
    """What the engine that defines the meaning says."""
    return evaluate(of, more.pop("readings", {}), list(events), as_of, **more)
