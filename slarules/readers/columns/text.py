"""Columns of text looked at all at once: where each cell's bytes stand, and which cells hold only blanks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from slarules.readers.parquet import python_cells
from slarules.readers.rows import Cell

Truths = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_REPEATING = ("type", "actor", "source", "agreement", "kind")
_BLANKISH = np.zeros(256, np.bool_)
_BLANKISH[:33] = True  # a blank, and what Python's `strip` takes off besides
_BLANKISH[[0xC2, 0xE1, 0xE2, 0xE3]] = True  # begin the blanks of other scripts


def repeats(name: str) -> bool:
    """Whether a field's values repeat so often that they are coded. Subjects come too seldom again for that: they are
    only where the file has them so."""
    return name in _REPEATING


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def spans(column: pa.Array) -> tuple[Integers, Bytes]:
    """Where each cell of a string column begins and the last ends, and the bytes; a null cell has no bytes."""
    column = column if pa.types.is_string(column.type) else column.cast(pa.string())
    _, offsets, data = column.buffers()
    if not len(column) or data is None:
        return np.zeros(len(column) + 1, np.int64), np.zeros(0, np.uint8)
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return places.astype(np.int64), np.frombuffer(data, np.uint8)


def present(column: pa.Array) -> Truths:
    """Which cells are not null."""
    if not column.null_count:
        return np.ones(len(column), np.bool_)
    marks, first, last = column.buffers()[0], column.offset, column.offset + len(column)
    if marks is None:  # a column of which all is null may have none
        return np.zeros(len(column), np.bool_)
    bits = np.unpackbits(np.frombuffer(marks, np.uint8)[first // 8 : -(-last // 8)], bitorder="little")
    found: Truths = bits[first % 8 : first % 8 + len(column)].view(np.bool_)
    return found


def blank(column: pa.Array) -> Truths:
    """Which cells hold nothing but blanks, as Python's ``strip`` has them. Null cells are not among them."""
    if not column.null_count and pa.types.is_string(column.type) and len(column):
        _, offsets, data = column.buffers()
        ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
        if data is not None and (ends[1:] > ends[:-1]).all():
            own = np.frombuffer(data, np.uint8)[int(ends[0]) : int(ends[-1])]
            if own.min() > 32 and own.max() < 0xC2:  # no blank is written without one of these
                return np.zeros(len(column), np.bool_)
    return _each_suspect(column, lambda text: not text.strip())


def among(column: pa.Array, marks: frozenset[str]) -> Truths:
    """Which cells are one of ``marks``, blanks around it left out. Null cells are not among them."""
    if marks == frozenset(("",)):
        return blank(column)
    longest = max((len(mark.encode("utf-8", "replace")) for mark in marks), default=-1)
    return _each_suspect(column, lambda text: text.strip() in marks, longest)


def _each_suspect(column: pa.Array, is_one: Callable[[str], bool], longest: int = 0) -> Truths:
    """Asks of the cells that may be meant: short ones, and those that begin or end with what may be a blank."""
    offsets, data = spans(column)
    sizes = np.diff(offsets)
    there = present(column)
    found = np.zeros(len(column), np.bool_)
    if not data.size:
        suspects = there
    else:
        # A cell of nothing but blanks both begins and ends with one; a mark with blanks around it is longer.
        first = _BLANKISH[data[np.minimum(offsets[:-1], data.size - 1)]]
        suspects = first | (sizes <= longest)
        if longest:
            suspects |= data[np.maximum(offsets[1:] - 1, 0)] <= 32
            suspects |= data[np.maximum(offsets[1:] - 1, 0)] >= 128
        suspects &= there
    places = np.flatnonzero(suspects)
    if places.size:
        views = pa.types.is_string_view(column.type)  # of which Arrow cannot take some
        some = column.cast(pa.large_string()) if views else column
        texts: list[Any] = some.take(pa.array(places)).to_pylist()
        found[places] = [is_one(text) for text in texts]
    return found


def plain(column: pa.Array) -> pa.Array:
    """The same text, not dictionary-coded."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def coded(column: pa.Array) -> pa.Array:
    """The same text, dictionary-coded where its values repeat."""
    if pa.types.is_dictionary(column.type):
        return column
    found = column.cast(pa.string()).dictionary_encode()
    return found if len(found.dictionary) * 2 <= len(column) else column.cast(pa.string())


def distinct_cells(column: pa.Array) -> tuple[list[Cell], Integers]:
    """The different cells of a column, as a reader of single rows has them, and which of them each row has.

    Raises ``ArrowNotImplementedError`` for a kind of cells that cannot be told apart.
    """
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    cells = [*python_cells(found.dictionary), None]
    places: Integers = found.indices.cast(pa.int64()).fill_null(len(cells) - 1).to_numpy(zero_copy_only=False)
    return cells, places
