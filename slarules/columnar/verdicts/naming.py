"""Names in the pieces of a table: one list of them for all pieces, in the order in which they are first seen.

Each piece of a table of verdicts has its names as it came by them: some in another order, some that none of its rows
has. How they are coded here depends on the rows alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_HEAD = 256
"""Rows that mostly have all names of a piece."""


def coded_alike(table: pa.Table) -> pa.Table:
    """The same rows in the same pieces; all of a column, and of its lists, are coded by the same names."""
    return pa.table([_column(column) for column in table.columns], schema=table.schema)


def codes_of(coded: pa.DictionaryArray) -> Any:
    """[row] a name's place among the names; of none, how many these are."""
    indices, none = coded.indices, len(coded.dictionary)
    return (indices.fill_null(none) if indices.null_count else indices).to_numpy()


def together(part: pa.RecordBatch, columns: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """Which names stand together in these columns of a part of a table → in how many rows."""
    found = [part.column(name) for name in columns]
    possible = prod(len(column.dictionary) + 1 for column in found)
    sorts = np.zeros(part.num_rows, np.int32 if possible < 1 << 31 else np.int64)
    for column in found:
        sorts *= len(column.dictionary) + 1
        sorts += codes_of(column)
    names = [[*column.dictionary.to_pylist(), None] for column in found]
    counts: Counter[tuple[Any, ...]] = Counter()
    for sort, many in _counted(sorts, possible):
        told = []
        for own in reversed(names):
            sort, which = divmod(sort, len(own))
            told.append(own[which])
        counts[tuple(reversed(told))] += many
    return counts


def _counted(sorts: Any, possible: int) -> Iterator[tuple[int, int]]:
    """Each number that there is, in order, and how often; where few are possible, without sorting them."""
    if possible <= len(sorts):
        counts = np.bincount(sorts)
        different = np.flatnonzero(counts)
        counts = counts[different]
    else:
        different, counts = np.unique(sorts, return_counts=True)
    return zip(different.tolist(), counts.tolist(), strict=True)


def _column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return pa.chunked_array(_coded(column.chunks), kind)
    if pa.types.is_list(kind) and pa.types.is_dictionary(kind.value_type):
        values = _coded([piece.flatten() for piece in column.chunks])
        return pa.chunked_array([_lists(*both) for both in zip(column.chunks, values, strict=True)], kind)
    return column


def _lists(lists: pa.ListArray, values: pa.Array) -> pa.ListArray:
    """The same lists of other values: those that the lists have, and no others."""
    if lists.null_count:
        ends = pc.cumulative_sum(pc.fill_null(lists.value_lengths(), 0))
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends.cast(pa.int32())])
        return pa.ListArray.from_arrays(offsets, values, mask=lists.is_null())
    offsets = lists.offsets
    first = offsets[0]
    return pa.ListArray.from_arrays(pc.subtract(offsets, first) if first.as_py() else offsets, values)


def _coded(pieces: Sequence[pa.DictionaryArray]) -> list[pa.DictionaryArray]:
    """The pieces, each coded by the names that are in any of them."""
    known: dict[str, int] = {}
    last, names, place = None, [], np.zeros(0, np.int32)
    codes = []
    for piece in pieces:
        if piece.dictionary.null_count:  # a name that is none, and not a row without one
            piece = piece.cast(pa.string()).dictionary_encode()
        if last is None or not piece.dictionary.equals(last):
            last = piece.dictionary
            names = last.to_pylist()
            place = np.array([*(known.get(name, -1) for name in names), 0], np.int32)
        codes.append(_placed(piece, names, place, known))
    coding = pa.array(list(known), pa.string())
    return [pa.DictionaryArray.from_arrays(own, coding, safe=False) for own in codes]


def _placed(piece: pa.DictionaryArray, names: Sequence[str], place: Any, known: dict[str, int]) -> pa.Array:
    """The codes of one piece by ``place``; names that are seen here first are entered there and in ``known``."""
    if piece.null_count == len(piece):
        return piece.indices
    if not known:
        _enter(codes_of(piece.slice(0, _HEAD)), names, place, known)
    if np.array_equal(place[:-1], np.arange(len(names))):
        return piece.indices
    codes = codes_of(piece)
    found = place.take(codes)
    if found.min() < 0:
        _enter(codes[found < 0], names, place, known)
        found = place.take(codes)
    return pa.array(found, mask=codes == len(names) if piece.null_count else None)


def _enter(codes: Any, names: Sequence[str], place: Any, known: dict[str, int]) -> None:
    """Names that are seen for the first time get the next places."""
    for code in pa.array(codes).unique().to_pylist():
        if place[code] < 0:
            place[code] = known.setdefault(names[code], len(known))
