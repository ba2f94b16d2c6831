"""Ids that come twice are found, in whatever order and pieces; that ids rise is said of none that is there twice."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.columnar.log.repeating import Rising, repeated

IDS = st.lists(st.text("Eé019", max_size=3), max_size=30)
SIZES = st.integers(1, 7)


def rising(ids: list[str], size: int) -> bool:
    found = Rising()
    for start in range(0, len(ids), size):
        found.look(pa.array(["x", *ids[start : start + size]], pa.string())[1:])
    return found.still


@given(IDS, SIZES)
def test_ids_rise_in_one_of_two_ways(ids: list[str], size: int) -> None:
    texts = [text.encode() for text in ids]
    plainly = all(one < other for one, other in pairwise(texts))
    sizes = [(len(text), text) for text in texts]
    by_length = all(one < other for one, other in pairwise(sizes))
    assert rising(ids, size) == (plainly or by_length)


@given(IDS, SIZES, st.booleans())
def test_ids_put_in_order_rise_unless_one_is_there_twice(ids: list[str], size: int, by_length: bool) -> None:
    in_order = sorted(ids, key=lambda text: (len(text.encode()) if by_length else 0, text.encode()))
    assert rising(in_order, size) == (len(set(ids)) == len(ids))


@pytest.mark.parametrize("order", ["E1 E10 E11 E2", "E1 E2 E10 E11", "E9 E10 F10"])
def test_orders_that_sources_have(order: str) -> None:
    assert rising(order.split(), 2)


@given(IDS, st.lists(st.sampled_from([-1, 0, 1, 2]), min_size=30, max_size=30), SIZES, st.booleans())
def test_all_that_are_there_twice_are_found(ids: list[str], sources: list[int], size: int, one: bool) -> None:
    names = ["desk", "mail", None]  # no source, and one without a name, is the desk
    said = ["desk" if one or names[code] is None or code < 0 else names[code] for code in sources[: len(ids)]]
    many = Counter(zip(ids, said, strict=True))
    column = pa.chunked_array([ids[start : start + size] for start in range(0, len(ids), size)], pa.string())
    found = repeated(column, None if one else np.array(sources[: len(ids)], np.int8), [] if one else names)
    assert found.tolist() == [row for row, key in enumerate(zip(ids, said, strict=True)) if many[key] > 1]
    number = {text: place for place, text in enumerate(dict.fromkeys(ids))}
    numbers = np.array([number[text] for text in ids], np.int32)
    same = repeated(numbers, None if one else np.array(sources[: len(ids)], np.int8), [] if one else names)
    assert same.tolist() == found.tolist()
