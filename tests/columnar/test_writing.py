"""Files of verdicts: the same bytes however the tables come, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slarules.columnar import writing
from slarules.columnar.rows import COLUMNS, LISTS
from slarules.columnar.verdicts import VERDICTS, column
from slarules.columnar.writing import write
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
