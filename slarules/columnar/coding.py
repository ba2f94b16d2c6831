"""A log coded once: names as numbers, subjects in order, ids that come twice. What is made of it does not matter here.

It can then be judged under many contracts and readings (see ``judging``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.columns import FIELDS, checked, facts_of, raw_of
from slarules.columnar.hashing import combined, hash_of, hashes
from slarules.columnar.kernels import grouping
from slarules.model.event import Raw

Codes = np.ndarray[Any, np.dtype[np.int32]]
Instants = np.ndarray[Any, np.dtype[np.int64]]
APART = ("id", "subject", "at", "recorded_at", "sequence")
"""Columns that are not coded by their values."""
CHANGES = ("corrected", "retracted")
"""Events that change other events (R3)."""
DESK = "desk"
"""The source of an event that names none."""


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
    """The events, checked (see ``columns``)."""
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


def coded_log(table: pa.Table) -> Coded:
    """A table of events, coded. Raises ``BadTable``."""
    table = checked(table)
    names = [name for name in table.column_names if name not in APART]
    names = [name for name in names if table.column(name).null_count < table.num_rows]
    with ThreadPoolExecutor(2) as pool:  # what it calls lets the other thread run
        subjects = pool.submit(_subjects, table.column("subject"))
        columns = dict(zip(names, pool.map(lambda name: coded(table.column(name)), names), strict=True))
        ids = pool.submit(_repeated, table.column("id"), columns.get("source"))
        order, subject = subjects.result()
        return Coded(table, order, subject, micros(table.column("at"), 0), columns, ids.result())


def micros(column: pa.ChunkedArray, none: int) -> Instants:
    """Times or whole numbers; ``none`` for null."""
    found: Instants = pc.fill_null(column.cast(pa.int64()), none).to_numpy()
    return found


def coded(column: pa.ChunkedArray) -> Column:
    """A column's values by code, in the order in which they first come."""
    whole = _in_one(column)
    if pa.types.is_list(whole.type) or pa.types.is_large_list(whole.type):
        return _coded_lists(whole)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    codes = pc.fill_null(whole.indices, -1) if whole.indices.null_count else whole.indices
    return Column(codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), whole.dictionary.to_pylist())


def _in_one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], column.type)
    return whole


def _coded_lists(lists: pa.Array) -> Column:
    place: dict[Any, int] = {}
    codes = [-1 if own is None else place.setdefault(tuple(own), len(place)) for own in lists.to_pylist()]
    return Column(np.array(codes, np.int32), [list(own) for own in place])


def _subjects(column: pa.ChunkedArray) -> tuple[pa.Array, Codes]:
    """The names in order, and of which each row is."""
    whole = _in_one(column)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    names, indices = whole.dictionary, whole.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    used = np.zeros(len(names), bool)
    used[indices] = True
    rising = len(names) < 2 or pc.all(pc.less(names[:-1], names[1:])).as_py()
    if rising and used.all():
        return names, indices
    order = pc.sort_indices(names).to_numpy()
    order = order[used[order]]
    rank = np.empty(len(names), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return names.take(pa.array(order)), rank[indices]


def _repeated(column: pa.ChunkedArray, sources: Column | None) -> Instants:
    """The rows whose id is there twice from one source, or seems to be."""
    ids = hashes(column)
    if not len(ids):
        return np.empty(0, np.int64)
    if sources is not None:
        own = np.array([*(hash_of(name or DESK) for name in sources.values), hash_of(DESK)], np.uint64)
        ids = combined(own[sources.codes], ids)
    size = 1 << max(4, int(len(ids) * 2 - 1).bit_length())
    twice = np.zeros(len(ids), np.int8)
    if not grouping.repeated(ids.view(np.int64), np.full(size, -1, np.int32), twice):
        return np.empty(0, np.int64)
    return np.flatnonzero(twice)


def facts_among(log: Coded) -> list[str]:
    """The columns that hold facts, in the table's order."""
    return [name for name in log.columns if name not in FIELDS or name == "facts"]


def recorded(log: Coded) -> Iterator[tuple[str, Codes, list[Raw | None]]]:
    """Each fact of a log: [row] → the code of its value, -1 where it was not recorded; and the values by code."""
    for name in facts_among(log):
        column = log.columns[name]
        if name != "facts":
            yield name, column.codes, [raw_of(value) for value in column.values]
            continue
        first = np.zeros(len(column.values) + 1, np.int64)  # [code] → its first row, for what is wrong with it
        first[column.codes[::-1]] = np.arange(len(column.codes))[::-1]
        told = [facts_of(text, row) for text, row in zip(column.values, first[:-1].tolist(), strict=True)]
        for own in dict.fromkeys(key for facts in told for key in facts):
            given = [facts.get(own) for facts in told]
            place = np.array([*(-1 if value is None else n for n, value in enumerate(given)), -1], np.int32)
            yield own, place[column.codes], given
