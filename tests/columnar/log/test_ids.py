"""Ids of events: as numbers, as runs of them or as texts, each is found again where it stands."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.columnar.log import ids as log_ids
from slarules.columnar.log.ids import ComingIds, Ids, every_id, id_at, ids_among, ids_at, rows_with

NUMBERS = st.lists(st.integers(0, 40), max_size=30)
PLACES = st.sampled_from(["E{:04}", "E{}", "{}", "{:012}"])
STRANGE = st.lists(st.sampled_from(["", "é", "one", "E1x"]), max_size=2)


def came(pieces: list[list[str]], bare: bool = False) -> tuple[Ids, bool]:
    coming = ComingIds(bare)
    for piece in pieces:
        coming.add(pa.array(["x", *piece], pa.string())[1:])
    return coming.finished(), coming.rising


@given(NUMBERS, PLACES, STRANGE, st.integers(1, 9), st.booleans(), st.sampled_from([1, 64]), st.booleans())
def test_each_id_stands_where_it_did(
    given_numbers: list[int], form: str, strange: list[str], size: int, in_order: bool, run: int, bare: bool
) -> None:
    texts = [form.format(n) for n in (sorted(set(given_numbers)) if in_order else given_numbers)] + strange
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_ids, "_RUN", run)
        patch.setattr(log_ids, "_AT_ONCE", 7)
        patch.setattr("slarules.columnar.log.name_forms._MOST", 3)
        ids, rising = came([texts[start : start + size] for start in range(0, len(texts), size)], bare)
        assert every_id(ids).to_pylist() == texts
        assert ids.rows == len(texts)
        assert not rising or len(set(texts)) == len(texts)
        rows = np.arange(len(texts))[::-2]
        assert ids_at(ids, rows).to_pylist() == texts[::-2]
        assert every_id(ids_among(ids, rows)).to_pylist() == texts[::-2]
        wanted = [None, "E0007", "none", *texts[:3], form.format(41)]
        expected = [row for row, text in enumerate(texts) if text in wanted]
        assert rows_with(ids, pa.array(wanted, pa.string())).tolist() == expected


def test_ids_that_rise_by_one_take_no_memory() -> None:
    texts = [f"E{n:08}" for n in (*range(500), *range(600, 900))]
    ids, rising = came([texts[:100], texts[100:]])
    assert rising
    assert ids.begins.tolist() == [0, 500]
    assert ids.numbers.tolist() == [0, 600]
    assert [id_at(ids, row) for row in (499, 500)] == ["E00000499", "E00000600"]
    assert rows_with(ids, pa.array(["E00000550", "E00000600", "E00000900"])).tolist() == [500]


def test_ids_of_growing_length_rise() -> None:
    assert came([["E8", "E9"], ["E10", "E11"]])[1]
    assert not came([["E8", "E10"], ["E9"]])[1]
