"""Names of several pieces under one list, whatever number lies where there is none."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from slarules.readers.columns.unifying import unified

ANY_NUMBER = 942_499_694
"""As it was found under a null, after rows had been taken."""


def column() -> pa.ChunkedArray:
    """Two pieces with lists of their own; of the second row nothing is named, and under it lies any number."""
    numbers = np.array([0, ANY_NUMBER, 1] * 1000, np.int32)
    there = np.packbits(np.array([1, 0, 1] * 1000, np.uint8), bitorder="little")
    codes = pa.Array.from_buffers(pa.int32(), 3000, [pa.py_buffer(there), pa.py_buffer(numbers)])
    one = pa.DictionaryArray.from_arrays(codes, pa.array(["a", "b"]))
    other = pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int32()), pa.array(["b", "c"]))
    return pa.chunked_array([other, one])


def test_names_stay_and_have_one_list() -> None:
    names = ["c", "b", None, *["a", None, "b"] * 1000]
    for given in (column(), pa.table({"name": column(), "row": list(range(3003))})):
        told = unified(given)
        own = told if isinstance(told, pa.ChunkedArray) else told.column("name")
        assert own.to_pylist() == names
        assert {tuple(piece.dictionary.to_pylist()) for piece in own.chunks} == {("b", "c", "a")}


def test_nothing_is_made_of_what_has_no_names() -> None:
    plain = pa.table({"row": [1, 2, 3]})
    assert unified(plain).equals(plain)
    assert unified(plain.column("row")).to_pylist() == [1, 2, 3]
