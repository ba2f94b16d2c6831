"""Files of verdicts: the same bytes however the tables come, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slarules.columnar.verdicts import writing
from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS, LISTS
from slarules.columnar.verdicts.table import VERDICTS, column
from slarules.columnar.verdicts.writing import FILED, write
from tests.columnar import one_by_one

HOUR = 3_600_000_000
ENDINGS = ("jsonl", "csv", "parquet")


def row(n: int) -> dict[str, Any]:
    found: dict[str, Any] = {name: [] if name in LISTS else None for name in COLUMNS}
    state = ("met", "breached", "pending")[n % 3]
    return found | {
        "subject": f"T{n // 2}", "duty": "confirm" if n % 2 else "fix", "number": 1, "rule": "duty", "state": state,
        "triggered_at": n * HOUR, "deadline": n * HOUR + HOUR, "owed": n % 3 == 2, "events": [f"e{n}"],
        "flags": ["skew"] if n % 5 == 0 else [], "quotes": ["within one hour"], "readings": [f"r{n % 4}=x"],
    }  # fmt: skip


def table(first: int, last: int) -> pa.Table:
    rows = [row(n) for n in range(first, last)]
    return pa.table({name: column(name, [one[name] for one in rows]) for name in COLUMNS}, schema=VERDICTS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_how_the_tables_are_cut_is_not_to_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(writing, "GROUP", 16)
    whole, parts = tmp_path / f"whole.{ending}", tmp_path / f"parts.{ending}"
    assert write(whole, [table(0, 50)]) == 50
    last = pa.concat_tables([table(40, 41), table(41, 50)])
    assert write(parts, [table(0, 7), table(7, 7), table(7, 40), last]) == 50
    assert whole.read_bytes() == parts.read_bytes()


def coded_otherwise(found: pa.Table, seed: int) -> pa.Table:
    """The same rows, their names listed in another order and among others that no row has."""
    rng = np.random.default_rng(seed)

    def otherwise(own: pa.Array) -> pa.Array:
        if pa.types.is_list(own.type):
            return pa.ListArray.from_arrays(own.offsets, otherwise(own.values))
        if not pa.types.is_dictionary(own.type):
            return own
        names = [*own.dictionary.to_pylist(), "of no row", "nor this"]
        order = rng.permutation(len(names))
        places = pa.array(np.argsort(order).astype(np.int32))
        listed = pa.array([names[n] for n in order], pa.string())
        return pa.DictionaryArray.from_arrays(places.take(own.indices), listed)

    return pa.table([otherwise(one.combine_chunks()) for one in found.columns], schema=found.schema)


def test_how_names_are_coded_is_not_to_be_seen(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.parquet", tmp_path / "parts.parquet"
    rows = 45_000
    found = table(0, 60).take(np.arange(rows) % 60).combine_chunks()
    write(whole, [found])
    cuts = [0, 1, 2, 19_999, 20_000, 20_001, 33_333, 40_000, *range(40_100, rows, 100), rows]
    pieces = [coded_otherwise(found.slice(a, b - a), a) for a, b in pairwise(cuts)]
    for tables in (pieces[:8], pieces):
        end = sum(one.num_rows for one in tables)
        write(parts, tables)
        write(whole, [found.slice(0, end)])
        assert whole.read_bytes() == parts.read_bytes() and pq.read_table(parts).equals(found.slice(0, end).cast(FILED))
    group = pq.ParquetFile(whole).metadata.row_group(0)
    columns = {one.path_in_schema: one for one in map(group.column, range(group.num_columns))}
    assert "DELTA_BINARY_PACKED" in columns["deadline"].encodings
    assert columns["state"].total_uncompressed_size < rows  # codes, not texts


def test_plain_text_is_coded(tmp_path: Path) -> None:
    """Tables that came by way of another library have their names as plain text."""
    coded, plain = tmp_path / "coded.parquet", tmp_path / "plain.parquet"
    write(coded, [table(0, 40)])
    write(plain, [table(0, 10).cast(FILED), table(10, 40)])
    assert coded.read_bytes() == plain.read_bytes()


def test_odd_pieces(tmp_path: Path) -> None:
    """A row without a list, a name that is none, pieces without rows, names that stand in a list twice."""
    found = table(0, 12)
    names = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None] * 3, pa.int32()), pa.array(["b", None, "b"]))
    inner = pa.DictionaryArray.from_arrays(pa.array([2, 1, 0, 2], pa.int32()), pa.array(["x", None, "z"]))
    ends = pa.array([0, 1, 1, 3, *([3] * 8), 4], pa.int32())
    lists = pa.ListArray.from_arrays(ends, inner, mask=pa.array([False, True, False, True] * 3))
    for name, values in (("cause", names), ("flags", lists)):
        found = found.set_column(COLUMNS.index(name), VERDICTS.field(name), values)
    path = tmp_path / "out.parquet"
    assert write(path, [found.slice(0, 0), found.slice(0, 5), found.slice(5, 0), found.slice(5)]) == 12
    read = pq.read_table(path)
    read.validate(full=True)
    assert read.to_pylist() == found.to_pylist()


def test_other_readers_see_the_same(tmp_path: Path) -> None:
    duckdb, pl = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    found = table(0, 50)
    path = tmp_path / "out.parquet"
    write(path, [found.slice(0, 9), coded_otherwise(found.slice(9), 1)])
    times = {name: pa.int64() for name in (*INSTANTS, *DURATIONS)}
    plain = pa.schema([(field.name, times.get(field.name, field.type)) for field in FILED])
    wanted = found.cast(FILED).cast(plain).to_pylist()
    told = [f"epoch_us({name}) as {name}" if name in INSTANTS else name for name in COLUMNS]
    assert duckdb.sql(f"select {', '.join(told)} from '{path}'").to_arrow_table().cast(plain).to_pylist() == wanted
    assert pl.read_parquet(path).with_columns(pl.col(list(times)).to_physical()).to_dicts() == wanted


def test_each_kind_holds_the_same_rows(tmp_path: Path) -> None:
    found = table(0, 50)
    for ending in ENDINGS:
        write(tmp_path / f"out.{ending}", [found])
    assert (tmp_path / "out.jsonl").read_bytes() == one_by_one.json_lines(found)
    heading = (",".join(COLUMNS) + "\r\n").encode()
    assert (tmp_path / "out.csv").read_bytes() == heading + one_by_one.csv_lines(found)
    read = pq.read_table(tmp_path / "out.parquet")
    assert read.to_pylist() == found.to_pylist()
    assert read.schema.field("state").type == pa.string() and read.schema.field("quotes").type == pa.list_(pa.string())


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_verdicts(tmp_path: Path, ending: str) -> None:
    assert write(tmp_path / f"out.{ending}", []) == 0
    text = (tmp_path / f"out.{ending}").read_bytes()
    if ending == "parquet":
        assert pq.read_table(tmp_path / "out.parquet").column_names == list(COLUMNS)
    else:
        assert list(csv.reader(text.decode().splitlines())) == ([list(COLUMNS)] if ending == "csv" else [])


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_interrupted_run_leaves_what_was_there(tmp_path: Path, ending: str) -> None:
    def interrupted() -> Iterator[pa.Table]:
        yield table(0, 20)
        raise KeyboardInterrupt

    path = tmp_path / f"out.{ending}"
    path.write_text("yesterday's")
    with pytest.raises(KeyboardInterrupt):
        write(path, interrupted())
    assert path.read_text() == "yesterday's" and list(tmp_path.iterdir()) == [path]
