"""Snapshots compared in columns: what differs between a ticket's rows is, event for event, what it is row by row.

`SLARULES_COLUMN_FILES=10000` tries so many files.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from slarules import machine_code
from slarules.readers import load_mapping
from slarules.readers.columns import blocks, courses, read_columns, snapshots
from slarules.readers.mapping import EventMapping
from slarules.source import Source
from tests.readers.both import compared

MANY = settings(
    max_examples=int(os.environ.get("SLARULES_COLUMN_FILES", "60")),
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # a seed cannot be made simpler
    deadline=None,
)
MAPPING = """
layout = "snapshots"
unknown = ["?", ""]
precision = "minute"
TOP
[columns]
subject = "ticket"
state = "state"
at = "changed"
COLUMNS
[constants]
CONSTANTS
[time]
zone = "UTC"
TIME
[states]
"New" = "active"
"Active" = STATE
"Doing" = "active"
"User" = { type = "waiting", on = "customer" }
"Caller" = { type = "waiting", on = "customer", actor = "us" }
"Vendor" = { type = "waiting", on = "vendor" }
"Hold" = { type = "waiting" }
"Resolved" = "resolved"
"Solved" = { type = "answered", state = "resolved" }
"Closed" = "closed"
"-100" = "unknown"
"-200" = { type = "noted", state = "unknown" }
ANY
[facts]
group = "group"
FACTS
[facts.severity]
column = "severity"
SEVERITY
"""
STATES = [
    "New", "Active", "Doing", "User", "Caller", "Vendor", "Hold", "Resolved", "Solved", "Closed", "-100", "-200",
    "gone",
]
TOLD = """
[facts.note]
column = "note"
values = { "a" = 1, "b" = true, "c" = 1.0, "d" = "1", "e" = 1.50, "f" = 1.5 }
[facts.id]
column = "group"
[facts.done]
column = "done"
type = "yes or no"
last_row = true
[facts.cost]
column = "cost"
type = "number"
"""
HEADINGS = [
    "ticket", "state", "changed", "n", "opened", "known", "who", "site", "group", "severity", "note", "done", "cost",
]
TIMES = [f"2026-03-02 0{hour}:00:00" for hour in (7, 8, 8, 8, 9)]


def mapping(rng: random.Random) -> EventMapping:
    columns = [
        'sequence = "n"', 'sequence = "n"', 'recorded_at = "known"', 'actor = "who"', 'agreement = "site"',
        'target = "site"',
    ]
    told = [line for line in dict.fromkeys(columns) if rng.random() < 0.6]
    constants = [line for line in ('actor = "provider"', 'agreement = "A1"') if rng.random() < 0.5]
    top, opens = "", rng.choice(["column", "first row", "none"])
    if opens == "column":
        told.append('opened_at = "opened"')
    elif opens == "first row":
        top = 'opens = "first row"'
    if opens != "none" and rng.random() < 0.7:
        constants.append('opened_by = "customer"')
    severity = ['type = "integer"', 'type = "integer"', 'values = { "1" = 1, "2" = 2, "3" = 1.0, "*" = "low" }']
    text = MAPPING.replace("TOP", top).replace("COLUMNS", "\n".join(told)).replace("CONSTANTS", "\n".join(constants))
    text = text.replace("TIME", rng.choice(["", "", 'format = "%Y-%m-%d %H:%M:%S"']))
    states = ['"active"', '"active"', '{ type = "acknowledged", state = "active" }', '{ type = "reopened" }']
    text = text.replace("STATE", rng.choice(states)).replace("ANY", rng.choice(["", "", '"*" = "active"']))
    text = text.replace("FACTS", rng.choice(["", TOLD, TOLD]))
    text = text.replace("SEVERITY", rng.choice(severity) + rng.choice(["", "", "", "\nlast_row = true"]))
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    return found


def cells(rng: random.Random) -> dict[str, str]:
    found = {
        "ticket": rng.choice(["T1", "T1", "T1", "T2", "T10", "\u00e9"]), "state": rng.choice(STATES),
        "changed": rng.choice(TIMES), "n": rng.choice(["", "0", "1", "1", "2", "3"]),
        "opened": rng.choice([TIMES[0], TIMES[0], ""]), "known": rng.choice([TIMES[4], "?"]),
        "who": rng.choice(["us", "them", "?"]), "site": rng.choice(["", "A2"]), "group": rng.choice(["A", "B", "?"]),
        "severity": rng.choice(["1", "1", "2", "3", "?"]), "note": rng.choice("abcdef?"),
        "done": rng.choice(["yes", "no", "?"]), "cost": rng.choice(["1", "1.0", "1.50", "?"]),
    }
    if rng.random() < 0.04:
        found[rng.choice(HEADINGS)] = rng.choice(["", " ", "nonsense", "2026-03-02T08:00:00.5Z", "-1"])
    return found


def rows(rng: random.Random) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for _ in range(rng.randrange(0, 25)):
        one = cells(rng)
        if found and rng.random() < 0.5:  # mostly the same as one before
            one = {name: cell if rng.random() < 0.25 else found[-1][name] for name, cell in one.items()}
        found.append(one)
        if rng.random() < 0.2:
            found.append(dict(rng.choice(found)))
    return found


def written(log: list[dict[str, str]], path: Path, rng: random.Random) -> None:
    if path.suffix == ".csv":
        lines = [",".join(HEADINGS), *(",".join(row.values()) for row in log)]
        if rng.random() < 0.2:
            lines.insert(rng.randrange(1, len(lines) + 1), rng.choice(["", "a,b", '"x"y,']))
        path.write_text("\n".join(lines) + "\n", "utf-8")
    elif path.suffix == ".jsonl":
        plain = [{name: int(cell) if cell.isdigit() and rng.random() < 0.3 else cell for name, cell in row.items()
                  if rng.random() < 0.98} for row in log]
        path.write_text("".join(json.dumps(row) + "\n" for row in plain), "utf-8")
    else:
        table = {name: pyarrow.array([row[name] for row in log], pyarrow.string()) for name in HEADINGS}
        if rng.random() < 0.5:
            digits = [int(row["n"]) if row["n"].lstrip("-").isdigit() else None for row in log]
            table["n"] = pyarrow.array(digits, pyarrow.int64())
        if rng.random() < 0.3:
            costs = [Decimal(row["cost"]) if row["cost"][0:1] == "1" else None for row in log]
            table["cost"] = pyarrow.array(costs, pyarrow.decimal128(10, 2))
        parquet.write_table(pyarrow.table(table), path, row_group_size=7)


@pytest.fixture(autouse=True, scope="module")
def small_stretches() -> Iterator[None]:
    """Few rows at once, so that small files have many stretches, and tickets many ranges."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 700)
        patch.setattr(courses, "AT_ONCE", 5)
        yield


@MANY
@given(st.integers(0, 1 << 40), st.sampled_from([".csv", ".csv", ".jsonl", ".parquet"]))
def test_snapshots(seed: int, kind: str) -> None:
    rng = random.Random(seed)
    how = mapping(rng)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"log{kind}"
        written(rows(rng), path, rng)
        compared(path, how)


def test_a_row_that_says_the_same_in_another_way_is_a_row_again(tmp_path: Path) -> None:
    """`1` and `yes` of one fact are equal, as they are row by row: such a row says nothing new."""
    text = MAPPING.replace("COLUMNS", 'sequence = "n"').replace("STATE", '"active"').replace("FACTS", TOLD)
    for word in ("TOP", "CONSTANTS", "TIME", "ANY"):
        text = text.replace(word, "")
    how, problems = load_mapping(Source("mapping.toml", text.replace("SEVERITY", 'type = "integer"')))
    assert how is not None, problems
    rng = random.Random(1)
    log = [cells(rng) | {"ticket": "T1", "changed": TIMES[0], "n": "1"}] * 3
    log = [row | {"state": "Resolved", "note": note, "severity": "1", "done": "yes", "cost": "1"}
           for row, note in zip(log, "abd", strict=True)]
    written(log, tmp_path / "log.parquet", random.Random(3))
    compared(tmp_path / "log.parquet", how)
    found = [event for table in read_columns(tmp_path / "log.parquet", how).tables() for event in table.to_pylist()]
    assert [event["id"] for event in found] == ["T1:1:resolved", "T1:1@3:updated"]


def test_a_file_of_too_many_rows_is_compared_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST", 10)
    rng = random.Random(1)
    written([cells(rng) for _ in range(50)], tmp_path / "log.csv", rng)
    compared(tmp_path / "log.csv", mapping(rng))


@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet"])
def test_snapshots_are_not_compared_row_by_row(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind != ".parquet" and not machine_code.COMPILED:
        pytest.skip("CSV and JSON lines are read in columns where numba is installed")
    rng = random.Random(2)
    log = [cells(rng) | {"state": "Active", "changed": TIMES[0]} for _ in range(50)]
    written(log, tmp_path / f"log{kind}", random.Random(3))
    monkeypatch.setattr("slarules.readers.columns.reading.entries_of", None)
    assert sum(len(table) for table in read_columns(tmp_path / f"log{kind}", mapping(rng)).tables())
