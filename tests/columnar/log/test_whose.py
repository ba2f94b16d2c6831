"""Subjects of events, by number or by name: the names in order, each once, and of every row its own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.columnar.log import whose
from slarules.columnar.log.whose import Whose

NAMES = st.integers(0, 3000).flatmap(lambda n: st.sampled_from([f"T{n:07}", f"T{n}", f"INC{n:04}", "Acme", "é"]))


@given(
    st.lists(st.lists(NAMES, max_size=9), max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.sampled_from([1, 1 << 20]),
    st.sampled_from([1, 5, 32]),
)
def test_each_row_has_its_subject(pieces: list[list[str]], coded: list[bool], small: int, most: int) -> None:
    coming = Whose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whose, "_SMALL", small)
        patch.setattr(whose, "_AT_ONCE", 4)
        patch.setattr("slarules.columnar.log.name_forms._MOST", most)
        for piece, by_code in zip(pieces, coded, strict=False):
            column = pa.array(["of no row", *piece], pa.string())
            coming.add((column.dictionary_encode() if by_code else column)[1:])
        names, codes = coming.finished()
    expected = [name for piece in pieces for name in piece]
    assert names.to_pylist() == sorted(set(expected))
    assert [names[code].as_py() for code in codes.tolist()] == expected
    assert codes.dtype == np.int32


def test_one_dictionary_for_many_columns_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    numbers = whose.Forms.numbers
    monkeypatch.setattr(whose.Forms, "numbers", lambda self, names: read.append(len(names)) or numbers(self, names))
    column = pa.array(["T1", "T2", "T1", "T3"]).dictionary_encode()
    coming = Whose()
    for start in (0, 2):
        coming.add(column[start : start + 2])
    assert read == [3]
    assert coming.finished()[1].tolist() == [0, 1, 0, 2]
