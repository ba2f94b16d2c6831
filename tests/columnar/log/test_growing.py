"""Columns that grow: however what comes in is cut, coded and typed, rows keep their values, and each value is once."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.columnar.log import growing, numbering
from slarules.columnar.log.growing import Moments, Numbers, Texts
from slarules.columnar.log.hashing import U64
from slarules.columnar.log.numbering import Names

WORDS = st.sampled_from(["", "a", "T1", "T10", "é" * 20, "opened"])
KINDS = {
    pa.string(): WORDS,
    pa.int64(): st.integers(-(1 << 63), (1 << 63) - 1),
    pa.bool_(): st.booleans(),
    pa.decimal128(5, 2): st.decimals("-99", "99", places=2),
    pa.list_(pa.string()): st.lists(WORDS, max_size=2),
}
PIECES = st.sampled_from(list(KINDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.lists(st.lists(st.none() | KINDS[kind], max_size=5), max_size=5))
)


def spelt(names: Names) -> list[Any]:
    codes, values = names.finished()
    every = values.to_pylist()
    assert len({str(value) for value in every}) == len(every)
    return [None if code < 0 else every[code] for code in codes.tolist()]


@given(PIECES, st.lists(st.booleans(), min_size=5, max_size=5), st.booleans())
def test_names_keep_their_values(cut: tuple[pa.DataType, list[list[Any]]], coded: list[bool], sliced: bool) -> None:
    kind, pieces = cut
    names, expected = Names(), []
    for piece, code in zip(pieces, coded, strict=False):
        column = pa.array(piece, kind)
        if code and not pa.types.is_nested(kind):
            column = column.dictionary_encode()
        column = column[1:] if sliced else column
        names.add(column)
        expected += column.to_pylist()
    assert spelt(names) == expected
    assert len(expected) == names.many


@pytest.mark.parametrize(("values", "width"), [(127, np.int8), (128, np.int16), (32_767, np.int16), (32_768, np.int32)])
@pytest.mark.parametrize("pieces", [1, 3])
def test_codes_are_as_narrow_as_their_values_allow(values: int, width: Any, pieces: int) -> None:
    names, texts = Names(), [None, *(f"T{n}" for n in range(values)), None]
    step = -(-len(texts) // pieces)
    for start in range(0, len(texts), step):
        names.add(pa.array(texts[start : start + step]))
    codes, _ = names.finished()
    assert codes.dtype == width
    assert spelt(names) == texts


def test_a_dictionary_that_says_a_name_twice_or_for_no_row() -> None:
    names = Names()
    names.add(pa.DictionaryArray.from_arrays(pa.array([0, 2, None], pa.int8()), pa.array(["a", "b", "a"])))
    assert spelt(names) == ["a", "a", None]


@given(st.lists(st.lists(WORDS, max_size=9), min_size=1, max_size=5))
def test_many_names_are_told_apart_as_few_are(pieces: list[list[str]]) -> None:
    arrays = [pa.array(piece, pa.string()) for piece in pieces]
    whole = numbering.coded(pa.concat_arrays(arrays))
    found = numbering._by_hash(pa.concat_arrays(arrays)) if sum(map(len, pieces)) else None
    if found is not None:
        assert found[0].tolist() == whole.indices.to_pylist()
        assert found[1].to_pylist() == whole.dictionary.to_pylist()


def test_two_names_of_one_hash_stay_two(monkeypatch: pytest.MonkeyPatch) -> None:
    def alike(column: pa.Array) -> U64:
        return np.zeros(len(column), np.uint64)

    monkeypatch.setattr(numbering, "hashes", alike)
    monkeypatch.setattr(numbering, "_FEW", 1)
    names = Names()
    for piece in (["a", "b"], ["b", "c", "a"]):
        names.add(pa.array(piece))
    assert spelt(names) == ["a", "b", "b", "c", "a"]


class Unmoved(mmap.mmap):
    """Memory as a system has it that cannot make it larger."""

    def resize(self, newsize: int) -> None:
        raise SystemError("no mremap")


@pytest.mark.parametrize("memory", [mmap.mmap, Unmoved])
@given(sizes=st.lists(st.integers(0, 3000), max_size=8))
def test_numbers_stay_as_they_grow(memory: type[mmap.mmap], sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "_SMALL", 8192)
        patch.setattr(growing, "_LARGE", 16384)
        patch.setattr("slarules.columnar.log.growing.mmap.mmap", memory)
        numbers, expected = Numbers(np.int32), np.arange(sum(sizes), dtype=np.int32)
        start = 0
        for size in sizes:
            numbers.add(expected[start : start + size])
            start += size
        assert numbers.numbers().tolist() == expected.tolist()


@given(st.lists(st.lists(WORDS, max_size=5), max_size=5), st.sampled_from([1 << 31, 60]))
def test_texts_stay_in_pieces_that_arrow_can_hold(pieces: list[list[str]], longest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "_LONGEST", longest)
        texts = Texts()
        for piece in pieces:
            texts.add(pa.array(["x", *piece], pa.string())[1:])
        found = texts.column()
    found.validate(full=True)
    assert found.to_pylist() == [text for piece in pieces for text in piece]
    chunks, held = 1, 0
    for size in (len("".join(piece).encode()) for piece in pieces):
        chunks, held = (chunks + 1, size) if held and held + size > longest else (chunks, held + size)
    assert found.num_chunks == chunks


@given(st.lists(st.lists(st.none() | st.integers(0, 9), max_size=5), max_size=5))
def test_moments_that_are_missing_stay_so(pieces: list[list[int | None]]) -> None:
    moments = Moments(pa.int64())
    moments.nothing(2)
    for piece in pieces:
        moments.add(pa.array(piece, pa.int64()))
    assert moments.column().to_pylist() == [None, None, *(one for piece in pieces for one in piece)]
