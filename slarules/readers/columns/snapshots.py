"""Rows that are whole tickets as they stood after a change: read in columns, and put in order by ticket and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.model.event import Raw
from slarules.readers.columns.facts import written_value
from slarules.readers.columns.mapped import Distinct, Rows, fact_of, read_fields
from slarules.readers.columns.parts import Batch, Part
from slarules.readers.columns.text import Integers
from slarules.readers.columns.unifying import unified
from slarules.readers.files import Unusable
from slarules.readers.mapping import EventMapping
from slarules.readers.rejects import Rejected
from slarules.readers.rows import Cells, Row, RowReader, read_rows

MOST = 4_000_000
"""Rows that are put in order in memory; a file of more is read row by row, which needs none."""
_CODED = pa.dictionary(pa.int32(), pa.string())


class Snapshots:
    """What rows mean that are compared with the ticket's row before: a table of rows, not yet of events.

    Its columns are ``subject``, ``value`` (of the state), ``line``, ``at``, ``sequence``, ``recorded_at``,
    ``opened_at``, ``agreement``, ``target``, ``actor`` and ``fact 0`` and so on, each fact as JSON text.
    """

    def __init__(self, mapping: EventMapping) -> None:
        self._mapping = mapping

    def of_rows(self, rows: Iterable[Cells | Rejected]) -> Part:
        """Rows read one by one."""
        part = Part()
        found = []
        for entry in read_rows(self._mapping, self._counted(rows, part)):
            if isinstance(entry, Rejected):
                part.rejected.append(entry)
            else:
                found.append(entry)
        if found:
            part.tables.append(_table(self._mapping, found))
        return part

    def of_columns(self, batch: Batch) -> Part:
        """Rows in columns."""
        count = len(batch.odd)
        rows = Rows(count, batch.odd.copy())
        try:
            self._read(batch, rows)
        except pa.ArrowException:  # a column of a kind that cannot be told apart cell by cell
            return self.of_rows(row for _, row in batch.rows(np.arange(count)))
        part = self.of_rows(row for _, row in batch.rows(np.flatnonzero(rows.odd)))
        part.rows += count - int(rows.odd.sum())
        columns = {**_nothing(count), **rows.columns, "line": pa.array(batch.lines)}
        table = pa.table({name: columns[name].cast(kind) for name, kind in _kinds(self._mapping).items()})
        plain = table.filter(pa.array(~rows.odd)) if rows.odd.any() else table
        if len(plain):
            part.tables.append(plain)
        return part

    def _read(self, batch: Batch, rows: Rows) -> None:
        mapping, read = self._mapping, RowReader(self._mapping)
        read_fields(batch, mapping, read, rows)
        for n, fact in enumerate(mapping.facts):
            found = Distinct(batch, fact.column, partial(fact_of, read, fact), mapping, rows)
            found.values = [_written(value) for value in found.values]
            rows.columns[f"fact {n}"] = _coded(found)
        rows.columns["value"] = _coded(Distinct(batch, mapping.columns["state"], read.value, mapping, rows))

    def _counted(self, rows: Iterable[Cells | Rejected], part: Part) -> Iterator[Cells | Rejected]:
        for row in rows:
            part.rows += 1
            yield row


def _kinds(mapping: EventMapping) -> dict[str, pa.DataType]:
    kinds = {"subject": pa.string(), "value": _CODED, "line": pa.int64(), "at": pa.int64(), "sequence": pa.int64()}
    kinds |= {"recorded_at": pa.int64(), "opened_at": pa.int64()}
    kinds |= dict.fromkeys(("agreement", "target", "actor"), _CODED)
    return kinds | {f"fact {n}": _CODED for n in range(len(mapping.facts))}


def _nothing(count: int) -> dict[str, pa.Array]:
    """Columns that a mapping may lack."""
    numbers, names = pa.nulls(count, pa.int64()), pa.nulls(count, pa.string())
    return {
        "sequence": numbers, "recorded_at": numbers, "opened_at": numbers, "agreement": names, "target": names,
        "actor": names,
    }


def _coded(found: Distinct) -> pa.Array:
    """The rows' values as text, by number; null for none."""
    words = pa.array(found.values, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(words.indices.take(pa.array(found.places)), words.dictionary)


def _written(value: Raw) -> str | None:
    return None if value is None else written_value(value)


def _table(mapping: EventMapping, rows: Sequence[Row]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in rows]
        for name in ("subject", "value", "line", "at", "sequence", "recorded_at", "opened_at")
    }
    columns |= {name: [row.names.get(name) for row in rows] for name in ("agreement", "target", "actor")}
    columns |= {f"fact {n}": [_written(row.facts[n]) for row in rows] for n in range(len(mapping.facts))}
    kinds = _kinds(mapping)
    plain = {name: pa.string() if kind == _CODED else kind for name, kind in kinds.items()}
    return pa.table({name: pa.array(columns[name], plain[name]).cast(kind) for name, kind in kinds.items()})


# ---- In order ---------------------------------------------------------------------------------------------------


def sorted_rows(tables: Sequence[pa.Table]) -> pa.Table:
    """All rows by ticket, time, the source's count, and line; subjects are numbered in their order."""
    whole = unified(pa.concat_tables(tables)).combine_chunks()
    subjects = whole.column("subject").chunk(0).dictionary_encode()
    names = subjects.dictionary
    order = pc.sort_indices(names)
    rank = np.empty(len(names), np.int32)
    rank[order.to_numpy()] = np.arange(len(names), dtype=np.int32)
    ranks = rank[subjects.indices.to_numpy()]
    at, line = (whole.column(name).to_numpy() for name in ("at", "line"))
    sequence: Integers = pc.fill_null(whole.column("sequence"), -1).to_numpy()
    ordered = whole.take(pa.array(np.lexsort((line, sequence, at, ranks))))
    ranks.sort()
    subject = pa.DictionaryArray.from_arrays(pa.array(ranks), names.take(order))
    return ordered.set_column(0, "subject", subject)


def collected(parts: Iterable[Part]) -> Part:
    """Everything that a file's parts have. Raises ``Unusable`` where it is too much to hold."""
    whole, held = Part(), 0
    for part in parts:
        whole.rows += part.rows
        whole.tables += part.tables
        whole.rejected += part.rejected
        held += sum(len(table) for table in part.tables)
        if held > MOST:
            raise Unusable("has more rows than are put in order in memory")
    return whole
