"""Event tables made of events, and several of them made one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.model.event import Event
from slarules.readers.columns.facts import FIELDS, Kinds, added, bound, fact_columns, kinds_of, piece
from slarules.readers.columns.text import Integers, coded, is_text, plain
from slarules.readers.columns.times import TIME
from slarules.readers.columns.unifying import unified

_NAMES = ("type", "actor", "source", "agreement", "kind", "target")
_ORDER = ("id", "subject", "type", "at", "actor", "source", "agreement", "kind", "target", "sequence", "recorded_at")
_TYPES = {"at": TIME, "recorded_at": TIME, "sequence": pa.int64()}


def table_of(events: Sequence[Event], kinds: Kinds | None = None) -> pa.Table:
    """The events as a table in their order. Facts become columns of ``kinds``, which are else found among them."""
    columns: dict[str, Any] = {}
    for name in _ORDER:
        values = [getattr(event, name) for event in events]
        if name in ("id", "subject", "type", "at") or any(value is not None for value in values):
            column = pa.array(values, _TYPES.get(name, pa.string()))
            columns[name] = coded(column) if name in _NAMES else column
    records = [event.facts for event in events]
    return pa.table({**columns, **fact_columns(records, kinds_of(records) if kinds is None else kinds)})


def kinds_in(table: pa.Table) -> Kinds:
    """The kind of each fact that is a column of the table; without those of which single values are no columns."""
    found = {name: _kind(table.schema.field(name).type) for name in table.column_names if name not in FIELDS}
    return {name: kind for name, kind in found.items() if kind is not None}


def _kind(column: pa.DataType) -> type | None:
    kind = column.value_type if pa.types.is_dictionary(column) else column
    if is_text(kind):
        return str
    if pa.types.is_boolean(kind):
        return bool
    if pa.types.is_integer(kind):
        return int
    return tuple if pa.types.is_list(kind) else None


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Event tables one below the other, in their order.

    A column that some lack is null there. A fact that is of one kind in one table and of another in the next
    stays a column of the kind that most tables have it in; elsewhere it goes to the text of ``facts``.
    """
    if not tables:
        return table_of(())
    if all(table.schema.equals(tables[0].schema) for table in tables):
        return unified(pa.concat_tables(tables))
    names = list(dict.fromkeys(name for table in tables for name in table.column_names if name != "facts"))
    wanted = {name: _wanted([t.schema.field(name).type for t in tables if name in t.column_names]) for name in names}
    alike = [fitted(table, wanted) for table in tables]
    if any("facts" in table.column_names for table in alike):
        names.append("facts")
        wanted["facts"] = pa.string()
    whole = {name: [_column(table, name, wanted[name]) for table in alike] for name in names}
    return unified(pa.table({
        name: pa.chunked_array([chunk for column in columns for chunk in column.chunks], wanted[name])
        for name, columns in whole.items()
    }))


def _wanted(types: Sequence[pa.DataType]) -> pa.DataType:
    """The type that a column has in most tables, the earliest of several; coded text as soon as it once is."""
    kinds = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in types]
    kinds = [pa.string() if is_text(kind) else kind for kind in kinds]
    most = max(dict.fromkeys(kinds), key=kinds.count)
    if is_text(most) and any(pa.types.is_dictionary(kind) for kind in types):
        return pa.dictionary(pa.int32(), pa.string())
    return most


def fitted(table: pa.Table, wanted: Mapping[str, pa.DataType]) -> pa.Table:
    """The table with the facts of another kind moved to the text of ``facts``."""
    kinds = {name: table.schema.field(name).type for name in table.column_names if name in wanted}
    moved = [name for name, kind in kinds.items() if not _same(kind, wanted[name])]
    if not moved:
        return table
    text = table.column("facts").combine_chunks() if "facts" in table.column_names else None
    more = bound([piece(name, table.column(name).combine_chunks()) for name in moved])
    rest = table.drop_columns([*moved, *(["facts"] if text is not None else [])])
    return rest.append_column("facts", added(text, more))


def _same(kind: pa.DataType, wanted: pa.DataType) -> bool:
    values = [one.value_type if pa.types.is_dictionary(one) else one for one in (kind, wanted)]
    return values[0] == values[1] or (is_text(values[0]) and is_text(values[1]))


def _column(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    if name not in table.column_names:
        column = same_text("desk", len(table)) if name == "source" else pa.nulls(len(table), kind)
        return pa.chunked_array([column.cast(kind)])
    column = table.column(name)
    if pa.types.is_dictionary(kind):
        return column.dictionary_encode() if not pa.types.is_dictionary(column.type) else column.cast(kind)
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([plain(chunk) for chunk in column.chunks], kind)
    return column.cast(kind)


def put_between(table: pa.Table, rows: Integers, events: Sequence[tuple[int, Event]]) -> pa.Table:
    """The table with events put where they belong: ``rows`` are the places of its own rows, events bring theirs."""
    if not events:
        return table
    if not len(table):
        return table_of([event for _, event in events])
    others = table_of([event for _, event in events], kinds_in(table))
    places = np.concatenate([rows, np.array([place for place, _ in events], np.int64)])
    return joined([table, others]).take(pa.array(np.argsort(places, kind="stable"))).combine_chunks()


def without(table: pa.Table, keep: Any) -> pa.Table:
    """The rows of which ``keep`` is true."""
    return table if keep.all() else table.filter(pa.array(keep))


def same_text(text: str, count: int) -> pa.Array:
    """A column of one and the same name, dictionary-coded."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text], pa.string()))


def filled(column: pa.Array, text: str) -> pa.Array:
    """The column with ``text`` where it is null."""
    if not column.null_count:
        return column
    return coded(pc.fill_null(plain(column), text))
