"""Stretches of a log put on disk, each sorted by ticket, so that any range of tickets can be read back by itself.

Sorting before writing, rather than scattering tickets over files by a hash, is what keeps the verdicts in order: the
ranges of tickets are judged one after the other and their verdicts need no merging. It also lets the ranges be cut when
all of the log has been seen, so that they are even however tickets are named.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.columns import NAMES, NEEDED, TIME, BadTable
from slarules.columnar.disk.spill import read_json, write_json, write_table
from slarules.readers.columns.tables import joined as together

PLACE = "place in the log"
"""The column that a run adds: the event's place in the whole log, from 0."""
BATCH = 4_096
"""Rows that are read from a run at once."""
_CODED = frozenset(NAMES) - {"subject", "target"}
_EMPTY = {"at": TIME, "recorded_at": TIME, "sequence": pa.int64(), PLACE: pa.int64()}
_FEW = 16
"""A dictionary is kept where each of its names stands in so many rows, or more."""


@frozen(eq=False)
class Run:
    """One sorted stretch of the log on disk."""

    path: Path
    rows: int
    starts: tuple[str, ...]
    """The subject of each batch's first row."""
    size: int
    """Bytes of its rows in memory."""

    @property
    def name(self) -> str:
        return self.path.stem


def write_run(path: Path, table: pa.Table, first: int) -> tuple[Run, pa.Table]:
    """Writes checked events; gives the run, and its rows as they lie.

    The first event is the log's ``first``, and the others follow it, unless they bring their ``PLACE`` along.
    """
    order, subjects = by_subject(table.column("subject"))
    columns = {"subject": subjects}
    for name in table.column_names:
        if name not in ("subject", PLACE):
            columns[name] = _stored(name, table.column(name)).take(order)
    known = table.column(PLACE).to_numpy() if PLACE in table.column_names else None
    columns[PLACE] = pa.array(order.astype(np.int64) + first if known is None else known[order])
    lying = pa.table(columns)
    write_table(path, lying, BATCH)
    starts = tuple(subjects.take(pa.array(range(0, len(subjects), BATCH), pa.int64())).to_pylist())
    run = Run(path, table.num_rows, starts, lying.nbytes)
    write_json(path.with_suffix(".json"), {"rows": run.rows, "starts": starts, "size": run.size})
    return run, lying


def read_run(path: Path) -> Run:
    """The run that stands at ``path``."""
    told = read_json(path.with_suffix(".json"))
    if told is None:
        raise BadTable(f"`{path}` is damaged")
    return Run(path, told["rows"], tuple(told["starts"]), told["size"])


def by_subject(column: pa.ChunkedArray) -> tuple[Any, pa.Array]:
    """The rows in order of their subjects, else of the log; and the subjects in that order."""
    coded = pc.dictionary_encode(column).unify_dictionaries().combine_chunks()
    names = coded.dictionary
    if not len(names):
        return np.empty(0, np.int64), pa.array([], pa.string())
    sorted_names = pc.array_sort_indices(names).to_numpy(zero_copy_only=False)
    rank = np.empty(len(names), np.uint64)
    rank[sorted_names] = np.arange(len(names), dtype=np.uint64)
    key = rank[coded.indices.to_numpy(zero_copy_only=False)]
    if (key[1:] >= key[:-1]).all():
        order = np.arange(len(key))
    else:
        key = (key << np.uint64(32)) | np.arange(len(key), dtype=np.uint64)
        key.sort()
        order = (key & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return order, pc.cast(pc.take(names, pc.take(coded.indices, pa.array(order))), pa.string())


def _stored(name: str, column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece; names are coded where there are few."""
    if pa.types.is_dictionary(column.type):
        coded = column.unify_dictionaries().combine_chunks()
        few = len(coded.dictionary) * _FEW <= len(coded) or name in _CODED
        return coded if few else coded.cast(pa.string())
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        raise BadTable(f"`{name}` is too long for one piece: give the events in smaller batches")
    return whole.dictionary_encode() if name in _CODED else whole


# ---- Reading ranges -------------------------------------------------------------------------------------------------


def read_range(runs: Sequence[Run], low: str, high: str | None, columns: Sequence[str]) -> pa.Table:
    """The events of the subjects from ``low`` up to, without, ``high`` (None: to the last), as ``joined`` has them."""
    parts = []
    for run in runs:
        first = max(0, bisect_left(run.starts, low) - 1)
        last = len(run.starts) if high is None else bisect_left(run.starts, high)
        for number, batch in _batches(run, range(first, last)):
            inner = first < number < last - 1
            parts.append(batch if inner else batch.filter(_within(batch.column("subject"), low, high)))
    return joined(parts, columns)


def first_rows(run: Run, rows: int) -> pa.Table:
    """Some of a run's rows, without their places in the log."""
    for _, batch in _batches(run, [0]):
        return pa.table({name: _column(batch, name) for name in batch.schema.names if name != PLACE}).slice(0, rows)
    return pa.table({})


def rows_within(run: Run, low: str, high: str | None) -> int:
    """How many rows of a range a run has at the most."""
    first = max(0, bisect_left(run.starts, low) - 1)
    last = len(run.starts) if high is None else bisect_left(run.starts, high)
    return max(0, min(run.rows, (last - first) * BATCH))


def read_subjects(runs: Sequence[Run], low: str, high: str | None) -> tuple[list[str], list[int]]:
    """The subjects of a range in order, and how many events each has."""
    parts = []
    for run in runs:
        first = max(0, bisect_left(run.starts, low) - 1)
        last = len(run.starts) if high is None else bisect_left(run.starts, high)
        for _, batch in _batches(run, range(first, last), [0]):
            subjects = batch.column(0)
            parts.append(subjects.filter(_within(subjects, low, high)))
    counted = pc.value_counts(pa.chunked_array(parts, pa.string()))
    names, counts = counted.field("values"), counted.field("counts")
    order = pc.array_sort_indices(names)
    return names.take(order).to_pylist(), counts.take(order).to_pylist()


def count(runs: Sequence[Run], names: Sequence[str]) -> list[int]:
    """How many events each of these subjects, in order, has."""
    listed, counts = pa.array(names, pa.string()), np.zeros(len(names), np.int64)
    for run in runs:
        for _, batch in _batches(run, _holding(run, names), [0]):
            place = pc.index_in(batch.column(0), value_set=listed).drop_null().to_numpy(zero_copy_only=False)
            counts += np.bincount(place, minlength=len(names))
    return list(counts.tolist())


def _within(subjects: pa.Array, low: str, high: str | None) -> pa.Array:
    found = pc.greater_equal(subjects, low)
    return found if high is None else pc.and_(found, pc.less(subjects, high))


def gathered(
    runs: Sequence[Run], columns: Sequence[str], wanted: Callable[[pa.Array], Any], names: Iterable[str] | None = None
) -> pa.Table:
    """The events whose subject is wanted, of the whole log; ``names``, where it is known, are all that can be."""
    known = None if names is None else sorted(names)
    parts = []
    for run in runs:
        for _, batch in _batches(run, range(len(run.starts)) if known is None else _holding(run, known)):
            mask = wanted(batch.column("subject"))
            found = batch.filter(mask if isinstance(mask, pa.Array) else pa.array(mask))
            if found.num_rows:
                parts.append(found)
    return joined(parts, columns)


def _holding(run: Run, names: Sequence[str]) -> list[int]:
    """The batches that can hold one of the names."""
    found: list[int] = []
    for name in names:
        first = max(0, bisect_left(run.starts, name) - 1)
        last = bisect_right(run.starts, name)
        found.extend(number for number in range(first, last) if not found or number > found[-1])
    return found


def _batches(run: Run, numbers: Sequence[int], fields: list[int] | None = None) -> Iterable[tuple[int, pa.RecordBatch]]:
    if not numbers:
        return
    options = pa.ipc.IpcReadOptions(included_fields=fields)
    with pa.OSFile(str(run.path), "rb") as source, pa.ipc.open_file(source, options=options) as reader:
        for number in numbers:
            yield number, reader.get_batch(number)


def joined(parts: Sequence[pa.RecordBatch | pa.Table], columns: Sequence[str]) -> pa.Table:
    """Batches of several runs as one table in the order of the log, with these columns and ``PLACE``."""
    tables = [pa.table({name: _column(part, name) for name in part.schema.names}) for part in parts if part.num_rows]
    if not tables:
        names = dict.fromkeys((*NEEDED, *columns, PLACE))
        return pa.table({name: pa.array([], _EMPTY.get(name, pa.string())) for name in names})
    table = together(tables)
    table = table.select([name for name in (*columns, PLACE) if name in table.column_names]).combine_chunks()
    places = table.column(PLACE).to_numpy()
    if (places[1:] > places[:-1]).all():
        return table
    return table.take(pa.array(np.argsort(places, kind="stable")))


def _column(part: pa.RecordBatch | pa.Table, name: str) -> Any:
    return part.column(part.schema.get_field_index(name))

