"""Columns of names with one list of names for all their pieces."""

from __future__ import annotations

from typing import TypeVar

import pyarrow as pa

T = TypeVar("T", pa.Table, pa.ChunkedArray)


def unified(given: T) -> T:
    """The same table or column; each column of names has one list of them.

    Arrow numbers the names anew also where there is none, by whatever number lies there: after rows were taken that is
    any number, and reading by it may end the process. So 0 is put there first.
    """
    if isinstance(given, pa.ChunkedArray):
        return _sound(given).unify_dictionaries() if pa.types.is_dictionary(given.type) else given
    for place, column in enumerate(given.columns):
        if pa.types.is_dictionary(column.type) and column.null_count:
            given = given.set_column(place, given.schema.field(place), _sound(column))
    return given.unify_dictionaries()


def _sound(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([_filled(piece) for piece in column.chunks], column.type) if column.null_count else column


def _filled(piece: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same names; where there is none the number is 0."""
    if not piece.null_count:
        return piece
    none = piece.indices.is_null().to_numpy(zero_copy_only=False)
    numbers = pa.array(piece.indices.fill_null(0).to_numpy(), piece.indices.type, mask=none)
    return pa.DictionaryArray.from_arrays(numbers, piece.dictionary, ordered=piece.type.ordered)
