"""Tables of verdicts as text: what writing the rows one by one gives, byte for byte."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slarules.columnar.verdicts import lines, spelling
from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS, LISTS
from slarules.columnar.verdicts.table import VERDICTS, column
from tests.columnar import one_by_one

LAST = 7_258_118_399_999_999
"""The last microsecond of 2199: later than this no instant is."""
ODD = ["T1", "=T2", "a, b", 'said "no"', "back\\slash", "\x01", "line\r\nline", "＝1", "", "-5", "\x7f", "😀"]
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
INSTANT = st.one_of(st.integers(0, LAST), st.integers(0, LAST // 1_000_000).map(lambda s: s * 1_000_000))
DURATION = st.one_of(
    st.integers(-LAST, LAST), st.integers(-120, 120), st.integers(-10_000, 10_000).map(lambda s: s * 1_000_000)
)


def values(name: str) -> st.SearchStrategy[Any]:
    if name in LISTS:
        return st.lists(TEXTS, max_size=3)
    own = {"number": st.integers(1, 1 << 40), "owed": st.booleans(), "subject": TEXTS}
    if name in ("number", "subject"):
        return own[name]
    found = INSTANT if name in INSTANTS else DURATION if name in DURATIONS else own.get(name, TEXTS)
    return st.none() | found


ROWS = st.lists(st.fixed_dictionaries({name: values(name) for name in COLUMNS}), max_size=8)
EMPTY: dict[str, Any] = {name: [] if name in LISTS else None for name in COLUMNS}


def made(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: column(name, [row[name] for row in rows]) for name in COLUMNS}, schema=VERDICTS)


def text(buffers: Any) -> bytes:
    return b"".join(bytes(one) for one in buffers)


def test_every_column_is_told_in_its_place() -> None:
    assert tuple(name for names in lines.RUNS for name in names) == COLUMNS


@given(ROWS)
@example([{**EMPTY, "subject": "T", "number": 1, "margin": n} for n in (-1, -99, 99, 100, 999_999, -1_000_001)])
def test_the_bytes_of_writing_one_by_one(rows: list[dict[str, Any]]) -> None:
    table = made(rows)
    assert text(lines.json_lines(table)) == one_by_one.json_lines(table)
    assert text(lines.csv_lines(table)) == one_by_one.csv_lines(table)


@given(ROWS, st.integers(0, 8), st.integers(0, 8))
def test_where_a_table_is_cut_is_not_to_be_seen(rows: list[dict[str, Any]], start: int, cut: int) -> None:
    table = made(rows).slice(start)
    parts = pa.concat_tables([table.slice(0, cut), table.slice(cut)])
    assert text(lines.json_lines(parts)) == one_by_one.json_lines(made(rows[start:]))


def test_pieces_too_large_for_one_array_are_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made([{**EMPTY, "subject": f"T{n}", "number": n, "events": ["e" * n]} for n in range(1, 40)])
    monkeypatch.setattr(lines, "BYTES", 400)
    assert len(list(lines.csv_lines(table))) > 5
    assert text(lines.csv_lines(table)) == one_by_one.csv_lines(table)


@given(st.lists(DURATION, min_size=1, max_size=20))
def test_seconds_lose_nothing(micros: list[int]) -> None:
    told = spelling.seconds(pa.array(micros, pa.int64())).to_pylist()
    assert [Decimal(text) * 1_000_000 for text in told] == micros


@given(st.lists(st.none() | st.one_of(INSTANT, st.integers(-LAST, 2 * LAST)), max_size=9), st.integers(0, 3))
@example([0, None, LAST // 1_000_000 * 1_000_000], 0)
@example([None, (LAST // 1_000_000 + 1) * 1_000_000], 0)
@example([-1_000_000, 0], 0)
def test_instants_are_those_of_python(micros: list[int | None], start: int) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    column = pa.array(micros, pa.timestamp("us", tz="UTC")).slice(start)
    moments = [None if n is None else epoch + timedelta(microseconds=n) for n in micros[start:]]
    wanted = [None if at is None else at.isoformat().replace("+00:00", "Z") for at in moments]
    assert spelling.instants(column).to_pylist() == ["" if text is None else text for text in wanted]
    assert spelling.instants(column, '"', "null").to_pylist() == [json.dumps(text) for text in wanted]


@pytest.mark.parametrize("room", [1 << 62, 1000, 1])
def test_rows_of_one_sort_are_the_same_in_all_columns(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    monkeypatch.setattr(lines, "_ROOM", room)
    names = [None, "a", "b"]
    rows = [(n % 3, [str(n % 2)] * (n % 4) if n % 5 else [], names[n % 7 % 3]) for n in range(200)]
    numbers, listed, named = zip(*rows, strict=True)
    columns = [pa.array(numbers), pa.array(listed, pa.list_(pa.string())), pa.array(named).dictionary_encode()]
    first, which = lines.alike(columns)
    found = first.to_pylist()
    assert [rows[found[sort]] for sort in which.to_pylist()] == rows
    assert len({str(rows[n]) for n in found}) == len(found) == len(set(map(str, rows)))


@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_no_cell_is_a_formula(texts: list[str]) -> None:
    for cell, told in zip(texts, spelling.cells(pa.array(texts)).to_pylist(), strict=True):
        read, _ = next(csv.reader(io.StringIO(told + ",\r\n", newline=""), strict=True))
        assert read in (cell, "'" + cell) and not read.startswith(one_by_one.FORMULA)
