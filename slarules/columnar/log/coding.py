"""A log coded once: names as numbers, subjects in order, ids that come twice. What is made of it does not matter here.

It can then be judged under many contracts and readings (see ``judging``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen

from slarules.columnar.log.columns import FIELDS, TIME, checked, checked_after, facts_of, raw_of
from slarules.columnar.log.growing import Moments, Numbers
from slarules.columnar.log.ids import ComingIds, Ids, every_id, ids_at
from slarules.columnar.log.numbering import Names
from slarules.columnar.log.repeating import DESK as DESK
from slarules.columnar.log.repeating import repeated
from slarules.columnar.log.whose import Whose
from slarules.model.event import Raw
from slarules.readers.columns.tables import fitted

Codes = np.ndarray[Any, np.dtype[np.int32]]
Instants = np.ndarray[Any, np.dtype[np.int64]]
APART = ("id", "subject", "at", "recorded_at", "sequence")
"""Columns that are not coded by their values."""
CHANGES = ("corrected", "retracted")
"""Events that change other events (R3)."""


@frozen(eq=False)
class Column:
    """A column of values that repeat."""

    codes: Codes
    """[row] → the value's code; -1 for null."""
    values: list[Any]
    """By code."""


@frozen(eq=False)
class Coded:
    """A log, coded."""

    table: pa.Table
    """The events, checked (see ``columns``), but for their ids; ``rows_of`` has them."""
    ids: Ids
    """The ids of the events."""
    names: pa.Array
    """Every subject, in order."""
    subject: Codes
    """[row] → its subject's place among ``names``."""
    instants: Instants
    """[row] → when it happened, in microseconds UTC."""
    columns: Mapping[str, Column]
    """Each column whose values repeat; a column that is all null is left out."""
    twice: Instants
    """The rows whose id, with its source, the log seems to have twice (R32)."""

    def column(self, name: str) -> Column:
        """A column, all null where the log has none of the name."""
        found = self.columns.get(name)
        return found or Column(np.broadcast_to(np.int32(-1), self.table.num_rows), [])


@define(eq=False)
class Coming:
    """A log that is coded while it comes in."""

    ids: ComingIds = field(factory=ComingIds)
    """Of the events."""
    whose: Whose = field(factory=Whose)
    """Their subjects."""
    at: Numbers = field(factory=lambda: Numbers(np.int64))
    """When they happened."""
    moments: dict[str, Moments] = field(factory=dict)
    """Columns of times and counts, but for ``at``."""
    names: dict[str, Names] = field(factory=lambda: {"type": Names()})
    """Columns whose values repeat, but for subjects."""
    order: dict[str, None] = field(factory=dict)
    """The columns as they first came."""

    @property
    def rows(self) -> int:
        """How many events there are."""
        return self.at.many


def rows_of(log: Coded, rows: Any) -> pa.Table:
    """The events of some rows, checked."""
    return log.table.take(pa.array(rows)).add_column(0, "id", ids_at(log.ids, rows))


def whole_table(log: Coded) -> pa.Table:
    """All events, checked."""
    return log.table.add_column(0, "id", every_id(log.ids))


def coded_log(table: pa.Table) -> Coded:
    """A table of events, coded. Raises ``BadTable``."""
    coming = Coming()
    add(coming, checked(table))
    return finished(coming)


def coded_batches(batches: Iterable[pa.Table]) -> Coded:
    """The events of several tables, one behind the other, coded as they come. Raises ``BadTable``."""
    coming = Coming()
    for batch in batches:
        add(coming, checked_after(batch, coming.rows))
    return finished(coming)


def add(coming: Coming, table: pa.Table) -> None:
    """Puts checked events behind those that came. A fact that is of another kind than before goes to ``facts``."""
    before, rows = coming.rows, table.num_rows
    facts = [name for name in table.column_names if name not in FIELDS and table.column(name).null_count < rows]
    kinds = {name: coming.names[name].kind for name in facts if name in coming.names}
    table = fitted(table, {name: kind for name, kind in kinds.items() if kind is not None})
    for name in table.column_names:
        column = table.column(name)
        coming.order.setdefault(name)
        if name == "id":
            for texts in column.cast(pa.string()).chunks:
                coming.ids.add(texts)
        elif name == "subject":
            for chunk in column.chunks:
                coming.whose.add(chunk)
        elif name == "at":
            for chunk in column.chunks:
                coming.at.add(chunk.cast(pa.int64()).to_numpy())
        else:
            own = _growing(coming, name, column.type, before)
            for chunk in column.chunks:
                own.add(chunk)
    for name in coming.order:
        if name not in table.column_names:
            _absent(coming, name, rows)


def _growing(coming: Coming, name: str, kind: pa.DataType, before: int) -> Moments | Names:
    """The column of a name; one that comes for the first time was not there in the rows before."""
    known: dict[str, Any] = coming.moments if name in APART else coming.names
    if name not in known:
        known[name] = Moments(kind) if known is coming.moments else Names()
        _absent(coming, name, before)
    found: Moments | Names = known[name]
    return found


def _absent(coming: Coming, name: str, rows: int) -> None:
    """Rows of a table that does not have a column: their source is the desk, else nothing is told."""
    if name == "source" and rows:
        coming.names[name].add(pa.DictionaryArray.from_arrays(np.zeros(rows, np.int8), pa.array([DESK])))
    elif rows:
        (coming.moments.get(name) or coming.names[name]).nothing(rows)


def finished(coming: Coming) -> Coded:
    """The log that came in. Nothing is added to it after."""
    table, names, columns = _whole(coming)
    ids, twice = coming.ids.finished(), np.empty(0, np.int64)
    if not coming.ids.rising:
        sources = columns.get("source")
        own = ids.texts if ids.texts is not None else ids.numbers
        twice = repeated(own, sources and sources.codes, sources.values if sources else ())
    subject, instants = table.column("subject").chunk(0).indices.to_numpy(), _fixed(coming.at.numbers())
    return Coded(table, ids, names, subject, instants, columns, twice)


def table_of(coming: Coming) -> pa.Table:
    """The events that came in, in few bytes each: see ``widened``. Nothing is added after."""
    return _whole(coming)[0].add_column(0, "id", every_id(coming.ids.finished()))


def _whole(coming: Coming) -> tuple[pa.Table, pa.Array, dict[str, Column]]:
    """The events as a table, but for their ids; their subjects in order; and the columns whose values repeat."""
    arrays: dict[str, Any] = {name: moments.column() for name, moments in coming.moments.items()}
    instants = coming.at.numbers()
    arrays["at"] = pa.Array.from_buffers(TIME, len(instants), [None, pa.py_buffer(instants)])
    columns: dict[str, Column] = {}
    with ThreadPoolExecutor(1) as beside:
        whose = beside.submit(coming.whose.finished)  # takes as long as the others together
        for name, growing in coming.names.items():
            columns[name], arrays[name] = _column(growing)
        names, subject = whose.result()
    arrays["subject"] = pa.DictionaryArray.from_arrays(pa.array(subject), names, safe=False)
    order = sorted((name for name in coming.order or arrays if name != "id"), key=lambda name: name == "facts")
    table = pa.table({name: arrays[name] for name in order})
    return table, names, {name: columns[name] for name in order if name in columns and columns[name].values}


def widened(table: pa.Table) -> pa.Table:
    """A table of events in few bytes as ``checked`` has them: numbers of one width in every table."""
    names = pa.dictionary(pa.int32(), pa.string())
    found = {}
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string() if name == "facts" else names)
        elif pa.types.is_integer(column.type):
            column = column.cast(pa.int64())
        found[name] = column
    return pa.table(found)


def _column(growing: Names) -> tuple[Column, pa.Array]:
    """A column by codes, and as it stands in a table: text shares the codes, other values are spelt out."""
    codes, values = growing.finished()
    codes, there = _fixed(codes), codes >= 0
    mask = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    kind = pa.from_numpy_dtype(codes.dtype)
    indices = pa.Array.from_buffers(kind, len(codes), [mask, pa.py_buffer(codes)])
    if pa.types.is_string(values.type):
        return Column(codes, values.to_pylist()), pa.DictionaryArray.from_arrays(indices, values, safe=False)
    return Column(codes, values.to_pylist()), _narrow(values).take(indices)


def _fixed(numbers: Any) -> Any:
    """The same numbers, not to be changed: the table has them too."""
    found = numbers.view()
    found.flags.writeable = False
    return found


def _narrow(values: pa.Array) -> pa.Array:
    """Whole numbers in as few bytes as all of them fit."""
    for kind in (pa.int8(), pa.int16(), pa.int32()) if pa.types.is_integer(values.type) else ():
        try:
            return values.cast(kind)
        except pa.ArrowInvalid:
            continue
    return values


def micros(column: pa.ChunkedArray, none: int) -> Instants:
    """Times or whole numbers; ``none`` for null."""
    found: Instants = pc.fill_null(column.cast(pa.int64()), none).to_numpy()
    return found


def coded(column: pa.ChunkedArray) -> Column:
    """A column's values by code, in the order in which they first come."""
    names = Names()
    for chunk in column.chunks:
        names.add(chunk)
    codes, values = names.finished()
    return Column(codes.astype(np.int32, copy=False), values.to_pylist())


def facts_among(log: Coded) -> list[str]:
    """The columns that hold facts, in the table's order."""
    return [name for name in log.columns if name not in FIELDS or name == "facts"]


def recorded(log: Coded) -> Iterator[tuple[str, Codes, Codes | None, list[Raw | None]]]:
    """Each fact of a log: [row] → the code of its value, -1 where it was not recorded; and the values by code.

    A fact that texts hold comes with [code of a text] → the code of its value there, the last for no text: its codes
    are those of the texts.
    """
    for name in facts_among(log):
        column = log.columns[name]
        if name != "facts":
            yield name, column.codes, None, [raw_of(value) for value in column.values]
            continue
        first = np.zeros(len(column.values) + 1, np.int64)  # [code] → its first row, for what is wrong with it
        first[column.codes[::-1]] = np.arange(len(column.codes))[::-1]
        told = [facts_of(text, row) for text, row in zip(column.values, first[:-1].tolist(), strict=True)]
        for own in dict.fromkeys(key for facts in told for key in facts):
            given = [facts.get(own) for facts in told]
            within = np.array([*(-1 if value is None else n for n, value in enumerate(given)), -1], np.int32)
            yield own, column.codes, within, given
