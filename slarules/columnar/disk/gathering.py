"""Events read back from the sorted stretches on disk: those of a range of tickets, or of some that are named."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.disk.runs import BATCH, Run
from slarules.columnar.log.columns import NEEDED, TIME
from slarules.columnar.placing import PLACE
from slarules.readers.columns.tables import joined as together

_EMPTY = {"at": TIME, "recorded_at": TIME, "sequence": pa.int64(), PLACE: pa.int64()}


def read_range(runs: Sequence[Run], low: str, high: str | None, columns: Sequence[str]) -> pa.Table:
    """The events of the subjects from ``low`` up to, without, ``high`` (None: to the last), as ``joined`` has them.

    Their subjects are coded, by names in order: what is sorted on disk need not be coded again by whoever judges.
    """
    parts = []
    for run in runs:
        batches = [batch for _, batch in _batches(run, _spanned(run, low, high))]
        if batches:
            part = within(pa.Table.from_batches(batches), low, high)
            if part.num_rows:
                parts.append(part)
    return joined(_coded(parts), columns)


def _coded(parts: Sequence[pa.Table]) -> list[pa.Table]:
    """Tables in order of subjects with their subjects coded, all by the same names in order."""
    subjects = [part.column("subject").combine_chunks() for part in parts]
    begins = [_begins(column) for column in subjects]
    own = [column.take(pa.array(begin)) for column, begin in zip(subjects, begins, strict=True)]
    if not own:
        return []
    names = pc.unique(pa.concat_arrays(own))
    names = names.take(pc.array_sort_indices(names))
    found = []
    for part, column, begin in zip(parts, own, begins, strict=True):
        codes = pc.index_in(column, value_set=names).to_numpy(zero_copy_only=False)
        codes = np.repeat(codes, np.diff(begin, append=part.num_rows))
        coded = pa.DictionaryArray.from_arrays(pa.array(codes), names)
        found.append(part.set_column(part.column_names.index("subject"), "subject", coded))
    return found


def _begins(column: pa.Array) -> Any:
    """Where each subject's rows begin, of a column in order."""
    differ = pc.not_equal(column[1:], column[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate(([0], np.flatnonzero(differ) + 1))


def within(table: pa.Table, low: str, high: str | None) -> pa.Table:
    """The rows of a table in order of subjects that are of a range of them."""
    column = table.column("subject")
    rows = range(table.num_rows)
    first = bisect_left(rows, low, key=lambda row: column[row].as_py())
    last = len(rows) if high is None else bisect_left(rows, high, key=lambda row: column[row].as_py())
    return table.slice(first, last - first)


def first_rows(run: Run, rows: int) -> pa.Table:
    """Some of a run's rows, without their places in the log."""
    for _, batch in _batches(run, [0]):
        return pa.table({name: _column(batch, name) for name in batch.schema.names if name != PLACE}).slice(0, rows)
    return pa.table({})


def rows_within(run: Run, low: str, high: str | None) -> int:
    """How many rows of a range a run has at the most."""
    return max(0, min(run.rows, len(_spanned(run, low, high)) * BATCH))


def read_subjects(runs: Sequence[Run], low: str, high: str | None) -> tuple[list[str], list[int]]:
    """The subjects of a range in order, and how many events each has."""
    parts = []
    for run in runs:
        for _, batch in _batches(run, _spanned(run, low, high), [0]):
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
            first, last = _between(names, batch.column(0))
            place = pc.index_in(batch.column(0), value_set=listed[first:last]).drop_null()
            counts[first:last] += np.bincount(place.to_numpy(zero_copy_only=False), minlength=last - first)
    return list(counts.tolist())


def among(names: Iterable[str]) -> Callable[[Any], Any]:
    """What tells which subjects of a column in order are among these; only those that can be there are looked for."""
    known = sorted(names)
    listed = pa.array(known, pa.string())

    def found(subjects: Any) -> Any:
        first, last = _between(known, subjects)
        return pc.is_in(subjects, value_set=listed[first:last])

    return found


def _between(names: Sequence[str], subjects: Any) -> tuple[int, int]:
    """Which of the names, in order, can be in a column in order: from the first of it to its last."""
    if not len(subjects):
        return 0, 0
    return bisect_left(names, subjects[0].as_py()), bisect_right(names, subjects[-1].as_py())


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


def joined(parts: Sequence[pa.RecordBatch | pa.Table], columns: Sequence[str]) -> pa.Table:
    """Batches of several runs as one table in the order of the log, with these columns and ``PLACE``."""
    tables = [pa.table({name: _column(part, name) for name in part.schema.names}) for part in parts if part.num_rows]
    if not tables:
        names = dict.fromkeys((*NEEDED, *columns, PLACE))
        return pa.table({name: pa.array([], _EMPTY.get(name, pa.string())) for name in names})
    table = together(tables)
    wanted = dict.fromkeys((*columns, "facts", PLACE))  # a fact of several kinds stands in the text of `facts`
    table = table.select([name for name in wanted if name in table.column_names])
    places = table.column(PLACE).to_numpy()
    if (places[1:] > places[:-1]).all():
        return table.combine_chunks()
    order = pa.array(np.argsort(places))
    return pa.table({name: table.column(name).combine_chunks().take(order) for name in table.column_names})


def _column(part: pa.RecordBatch | pa.Table, name: str) -> Any:
    return part.column(part.schema.get_field_index(name))


# ---- Batches --------------------------------------------------------------------------------------------------------


def _within(subjects: pa.Array, low: str, high: str | None) -> pa.Array:
    found = pc.greater_equal(subjects, low)
    return found if high is None else pc.and_(found, pc.less(subjects, high))


def _spanned(run: Run, low: str, high: str | None) -> range:
    """The batches that can hold a range."""
    first = max(0, bisect_left(run.starts, low) - 1)
    return range(first, len(run.starts) if high is None else bisect_left(run.starts, high))


def _holding(run: Run, names: Sequence[str]) -> list[int]:
    """The batches that can hold one of the names, which are in order."""
    found: list[int] = []
    for number, start in enumerate(run.starts):
        last = len(names) if number + 1 == len(run.starts) else bisect_right(names, run.starts[number + 1])
        if bisect_left(names, start) < last:
            found.append(number)
    return found


def _batches(run: Run, numbers: Sequence[int], fields: list[int] | None = None) -> Iterable[tuple[int, pa.RecordBatch]]:
    if not numbers:
        return
    options = pa.ipc.IpcReadOptions(included_fields=fields)
    with pa.OSFile(str(run.path), "rb") as source, pa.ipc.open_file(source, options=options) as reader:
        for number in numbers:
            yield number, reader.get_batch(number)
