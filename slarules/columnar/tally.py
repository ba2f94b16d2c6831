"""What a summary is made of, counted in tables of verdicts: how many of each sort, and the worst of what was late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field

from slarules.columnar.rows import COLUMNS
from slarules.columnar.verdicts import VERDICTS
from slarules.model.verdict import NOT_KEPT, OWING

SORT = ("duty", "rule", "severity", "state")
"""The columns that tell of what sort a verdict is."""
WORST = (
    ("missed", "ascending"),
    ("lateness", "descending"),
    ("subject", "ascending"),
    ("duty", "ascending"),
    ("number", "ascending"),
)
"""The order of what was not kept: promises before efforts, the latest first, as ``analysis.tally.late`` has it."""


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


def counting(totals: Totals, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same tables; what they hold is counted as they go by."""
    for table in tables:
        totals.counts.update(counted(table))
        many, first = late(table, totals.as_of, totals.top)
        totals.late_many += many
        totals.late = late(pa.concat_tables([totals.late, first]), totals.as_of, totals.top)[1]
        yield table


def counted(table: pa.Table) -> Counter[tuple[str, str, str | None, str]]:
    """(Rule's name, kind of rule, severity, state) → how many verdicts of the table."""
    names = table.select(SORT).unify_dictionaries()
    found = names.group_by(list(SORT), use_threads=False).aggregate([([], "count_all")])
    counts: Counter[tuple[str, str, str | None, str]] = Counter()
    for duty, rule, severity, state, many in zip(
        *(found.column(name).to_pylist() for name in (*SORT, "count_all")), strict=True
    ):
        counts[duty, rule, severity, state] += many
    return counts


def late(table: pa.Table, as_of: int, top: int) -> tuple[int, pa.Table]:
    """How many duties and targets were not kept in time, and the rows of the first ``top``, in the order ``WORST``."""
    broken = pc.indices_nonzero(
        pc.and_(_is_one(table.column("state"), NOT_KEPT), _is_one(table.column("rule"), OWING))
    )
    if not len(broken) or not top:
        return len(broken), VERDICTS.empty_table()
    names = ("state", "subject", "duty", "number", "late_by", "performed_at", "owed", "deadline")
    rows = table.select(names).take(broken)
    keys = pa.table(
        {
            "missed": pc.equal(rows.column("state").cast(pa.string()), "missed"),
            "lateness": _lateness(rows, as_of),
            "subject": rows.column("subject").cast(pa.string()),
            "duty": rows.column("duty").cast(pa.string()),
            "number": rows.column("number"),
        }
    )
    first = broken.take(pc.select_k_unstable(keys, min(top, len(broken)), list(WORST)))
    return len(broken), pa.concat_tables([table.slice(row, 1) for row in first.to_pylist()])


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """Each row by column, as ``rows.row`` has a verdict; instants and durations are microseconds."""
    columns = []
    for name in COLUMNS:
        column = table.column(name)
        timed = pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type)
        columns.append((column.cast(pa.int64()) if timed else column).to_pylist())
    return [dict(zip(COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]


def _is_one(column: pa.ChunkedArray, names: Iterable[str]) -> pa.ChunkedArray:
    """Whether each is one of these names; each of a chunk's names is looked at once."""
    wanted = pa.array(list(names))
    return pa.chunked_array(
        [pc.is_in(chunk.dictionary, wanted).take(chunk.indices) for chunk in column.chunks], pa.bool_()
    )


def _lateness(rows: pa.Table, as_of: int) -> pa.ChunkedArray:
    """How late each was performed or, while it is owed, is by now, in microseconds; 0: it got no later."""
    owed = pc.and_(pc.is_null(rows.column("performed_at")), pc.fill_null(rows.column("owed"), False))
    by_now = pc.subtract(as_of, rows.column("deadline").cast(pa.int64()))
    still = pc.if_else(owed, by_now, None)
    return pc.fill_null(pc.coalesce(rows.column("late_by").cast(pa.int64()), still), 0)
