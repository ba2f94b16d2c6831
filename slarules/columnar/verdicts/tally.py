"""What a summary is made of, counted in tables of verdicts: how many of each sort, and the worst of what was late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field

from slarules.columnar.verdicts.naming import codes_of, together
from slarules.columnar.verdicts.rows import COLUMNS
from slarules.columnar.verdicts.table import VERDICTS
from slarules.model.verdict import NOT_KEPT, OWING

SORT = ("duty", "rule", "severity", "state")
"""The columns that tell of what sort a verdict is."""
WORST = (("rank", "descending"), ("subject", "ascending"), ("duty", "ascending"), ("number", "ascending"))
"""The order of what was not kept: promises before efforts, the latest first, as ``analysis.tally.late`` has it."""
_PROMISE = 1 << 61
"""What ranks a promise above every effort: nothing is late by so many microseconds."""
_NONE = -(1 << 63)
"""No microseconds."""


@define
class Totals:
    """What is counted while tables of verdicts pass by."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    top: int
    """How many of what was late are kept."""
    counts: Counter[tuple[str, str, str | None, str]] = field(factory=Counter)
    """(Rule's name, kind of rule, severity, state) → how many verdicts."""
    late_many: int = 0
    """How many duties and targets were not kept in time."""
    late: pa.Table = field(factory=VERDICTS.empty_table)
    """The first of them, in the order ``WORST``."""
    ranks: Any = field(factory=lambda: np.zeros(0, np.int64))
    """[row of ``late``] its rank: when there are ``top`` rows, what ranks below the last is not among the first."""


def counting(totals: Totals, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same tables; what they hold is counted as they go by."""
    for table in tables:
        for part in table.to_batches():
            totals.counts.update(together(part, SORT))
            _keep_late(totals, part)
        yield table


def _keep_late(totals: Totals, part: pa.RecordBatch) -> None:
    """Counts the duties and targets that were not kept in time, and keeps those that are among the first."""
    broken = np.flatnonzero(_is_one(part.column("state"), NOT_KEPT) & _is_one(part.column("rule"), OWING))
    totals.late_many += len(broken)
    if not len(broken) or not totals.top:
        return
    ranks = _ranks(part, broken, totals.as_of)
    least = int(np.partition(ranks, -totals.top)[-totals.top]) if len(ranks) > totals.top else _NONE
    if len(totals.ranks) == totals.top:
        least = max(least, int(totals.ranks[-1]))
    broken, ranks = broken[ranks >= least], ranks[ranks >= least]
    if not len(broken):
        return
    named = part.select([name for name, _ in WORST[1:]]).take(pa.array(broken))
    found = _first(pa.Table.from_batches([named]), ranks, totals.top)
    new = part.take(pa.array(broken[found]))  # copied: what passed by is not kept
    rows, ranks = pa.concat_tables([totals.late, pa.Table.from_batches([new])]), np.append(totals.ranks, ranks[found])
    found = _first(rows, ranks, totals.top)
    totals.late, totals.ranks = rows.take(pa.array(found)), ranks[found]


def _ranks(part: pa.RecordBatch, broken: Any, as_of: int) -> Any:
    """How late each of the rows was performed or, while it is owed, is by now; 0: it got no later. Promises rank first.

    ``broken`` are the rows' numbers.
    """
    late = _micros(part.column("late_by"))[broken]
    unknown = np.flatnonzero(late == _NONE)
    rows = part.select(("performed_at", "owed", "deadline")).take(pa.array(broken[unknown]))
    performed, deadline = _micros(rows.column("performed_at")), _micros(rows.column("deadline"))
    owed = pc.fill_null(rows.column("owed"), False).to_numpy(zero_copy_only=False)
    still = owed & (performed == _NONE) & (deadline != _NONE)
    late[unknown] = np.where(still, as_of - np.where(still, deadline, 0), 0)
    return late + np.where(_is_one(part.column("state"), ("missed",))[broken], 0, _PROMISE)


def _micros(column: pa.Array) -> Any:
    micros = column.view(pa.int64())
    return (micros.fill_null(_NONE) if micros.null_count else micros).to_numpy()


def _first(rows: pa.Table, ranks: Any, top: int) -> Any:
    """The numbers of the rows that come first, in the order ``WORST``."""
    keys = {"rank": pa.array(ranks), "number": rows.column("number")}
    names = {name: rows.column(name).cast(pa.string()) for name in ("subject", "duty")}
    return pc.select_k_unstable(pa.table({**keys, **names}), min(top, len(ranks)), list(WORST)).to_numpy()


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """Each row by column, as ``rows.row`` has a verdict; instants and durations are microseconds."""
    columns = []
    for name in COLUMNS:
        column = table.column(name)
        timed = pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type)
        columns.append((column.cast(pa.int64()) if timed else column).to_pylist())
    return [dict(zip(COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]


def _is_one(column: pa.DictionaryArray, names: Collection[str]) -> Any:
    """[row] whether each is one of these names; each name is looked at once."""
    return np.array([*(name in names for name in column.dictionary.to_pylist()), False])[codes_of(column)]
