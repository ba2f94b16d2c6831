"""Columns of verdicts as arrays of numbers, for whoever counts, sorts or compares many of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.kernels.layout import NEVER
from slarules.columnar.log.coding import Codes, Instants, coded, micros
from slarules.readers.columns.unifying import unified

NOTHING = NEVER
"""What stands for an instant or a length of time that is not there."""


def numbers(table: pa.Table, name: str) -> Instants:
    """[row] → an instant or a length in microseconds, or a count; ``NOTHING`` where it is null."""
    return micros(table.column(name), NOTHING)


def names(table: pa.Table, name: str) -> tuple[Codes, list[Any]]:
    """[row] → the code of a name, -1 where it is null; and the names by code, each once."""
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = unified(column)
    found = coded(column)
    return found.codes, found.values


def meaning(codes: Codes, known: Sequence[Any], what: Mapping[Any, int], other: int) -> Instants:
    """[row] → what the name there means, as a number; ``other`` for a name that means nothing, and for none."""
    own = np.array([*(what.get(name, other) for name in known), other], np.int64)
    found: Instants = own[codes]
    return found


def places(known: Sequence[Any], wanted: Collection[Any]) -> list[int]:
    """The codes of these names, of those that are there."""
    return [code for code, name in enumerate(known) if name in wanted]


def at_places(values: Instants, places: Instants, none: int) -> Instants:
    """[place] → the value there; ``none`` for -1."""
    return np.where(places < 0, none, np.append(values, none)[places])


def groups(*keys: Any) -> tuple[Instants, Instants]:
    """[row] → the number of its group, rows that are alike in all keys; and [group] → its first row.

    Groups are numbered in the order in which the table has them.
    """
    count = len(keys[0])
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.lexsort(keys[::-1])
    new = np.zeros(count, bool)
    new[0] = True
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    place = np.cumsum(new) - 1
    group = np.empty(count, np.int64)
    group[order] = place
    first = order[new]  # the sort is stable: of each group the first row comes first
    by_first = np.argsort(first, kind="stable")
    rank = np.empty(len(first), np.int64)
    rank[by_first] = np.arange(len(first))
    return rank[group], first[by_first]


def texts(values: Sequence[str]) -> pa.Array:
    """Names as a column."""
    return pa.array(values, pa.string())


def subjects(table: pa.Table, known: pa.Array) -> Instants:
    """[row] → its subject's place among those known; -1 for another. Both are in order."""
    column = table.column("subject")
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    if pa.types.is_dictionary(whole.type):
        whole = whole.cast(pa.string())
    if not len(whole):
        return np.zeros(0, np.int64)
    low = bisect_left(known, whole[0].as_py(), key=_name)
    high = bisect_right(known, whole[-1].as_py(), key=_name)
    found = pc.fill_null(pc.index_in(whole, value_set=known.slice(low, high - low)), -1).to_numpy().astype(np.int64)
    return np.where(found < 0, -1, found + low)


def place(known: pa.Array, name: str) -> int:
    """A name's place among those known, which are in order; -1: it is none of them."""
    found = bisect_left(known, name, key=_name)
    return found if found < len(known) and known[found].as_py() == name else -1


def _name(of: pa.Scalar) -> str:
    return str(of.as_py())


def taken(table: pa.Table, rows: Any) -> pa.Table:
    """These rows of a table."""
    return table.take(pa.array(rows, pa.int64()))


def subject_names(table: pa.Table) -> pa.Array:
    """The subjects of a table, in order."""
    column = table.column("subject")
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    found = pc.unique(column)
    return found.take(pc.sort_indices(found))


def union(one: pa.Array, other: pa.Array) -> pa.Array:
    """The names that either has, in order."""
    found = pc.unique(pa.concat_arrays([one, other]))
    return found.take(pc.sort_indices(found))


def end_to_end(names: Sequence[pa.Array]) -> pa.Array:
    """Names that follow one another."""
    return pa.concat_arrays([own.cast(pa.string()) for own in names])


def found_in(some: pa.Array, known: pa.Array) -> Instants:
    """[name] → its place among those known; -1: it is none of them."""
    found: Instants = pc.fill_null(pc.index_in(some.cast(pa.string()), value_set=known), -1).to_numpy()
    return found.astype(np.int64)


def wanting(table: pa.Table) -> dict[tuple[str, str], int]:
    """(Rule, fact) → how many verdicts are undetermined for want of the fact."""
    state, states = names(table, "state")
    rows = np.flatnonzero(np.isin(state, places(states, ["undetermined"])))
    some = taken(table.select(["duty", "missing"]), rows)
    duty, duties = names(some, "duty")
    missing = some.column("missing").combine_chunks()
    missing = pa.concat_arrays(missing.chunks) if isinstance(missing, pa.ChunkedArray) else missing
    of = pc.list_parent_indices(missing).to_numpy()
    facts = coded(pa.chunked_array([pc.list_flatten(missing)]))
    group, first = groups(duty[of], facts.codes)
    many = np.bincount(group, minlength=len(first)).tolist()
    return {
        (duties[duty[of[row]]], facts.values[facts.codes[row]]): number
        for row, number in zip(first.tolist(), many, strict=True)
    }


def flags(table: pa.Table, name: str) -> Any:
    """[row] → whether a yes-or-no column says yes."""
    return pc.fill_null(table.column(name), False).to_numpy()


def texts_of(table: pa.Table, name: str, rows: Any) -> list[Any]:
    """The values of these rows, in Python."""
    return list(table.column(name).take(pa.array(rows, pa.int64())).to_pylist())


def place_among(table: pa.Table, subject: str, rule: str, number: int) -> int:
    """The place of an instance among those of its subject and rule, in their order."""
    own = table.filter(pc.equal(table.column("subject").cast(pa.string()), subject))
    own = own.filter(pc.equal(own.column("duty").cast(pa.string()), rule))
    return int(own.column("number").to_pylist().index(number))
