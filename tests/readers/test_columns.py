"""Event tables: what is read in columns is, event for event and refusal for refusal, what is read row by row.

`SLARULES_COLUMN_FILES=10000` tries so many files of each kind; damaged ones are among them.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any

import numpy
import pyarrow
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from slarules import machine_code
from slarules.readers import Rejected, load_mapping
from slarules.readers.columns import (
    blocks,
    cells,
    csv,
    found,
    joined,
    read_columns,
    reading,
    scan,
    values,
    words,
)
from slarules.readers.columns import json as json_columns
from slarules.readers.mapping import EventMapping
from slarules.source import Source
from tests.readers.both import compared

MANY = settings(
    max_examples=int(os.environ.get("SLARULES_COLUMN_FILES", "40")),
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # a seed cannot be made simpler
    deadline=None,
)
SEEDS = st.integers(0, 1 << 40)
TIMES = [
    "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T08:00:00.123Z",
    "2026-03-02T09:00:00+01:00", "2026-03-02 09:00:00.5-07:30", "2026-03-02T08:00Z", "2026-03-02t08:00:00z",
    "2026-03-02T08:00:00+0100", "2026-03-02T08:00:00,25Z", "2026-03-02T08:00:00", "2026-02-30T08:00:00Z",
    "2201-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-03-02T24:00:00Z", "2026-03-02T08:00:60Z",
    "2026-03-02T08:00:00.1234567Z", "2026-03-02T08Z", "2026-03-02", "soon", " 2026-03-02T08:00:00Z",
    "2026-03-02T08:00:00+24:00", "2026-03-02T08:00:00+01", "1772438400", "2026-03-02T08:00:00.Z",
    "2026-03-29T02:30:00", "2026-10-25T02:30:00", "29/2/2016 01:16", "30/2/2016 1:16",
]
NAMES = [
    "T1", "T1", "T1", "T2", "opened", "resolved", " ", "", "\u2003", "Forl\u00ec", "x" * 40, "\u3042", "0", "?", " ? ",
]
BOM = b"\xef\xbb\xbf"


@pytest.fixture(autouse=True, scope="module")
def small_stretches() -> Iterator[None]:
    """Stretches of a few lines, so that small files have many of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 700)
        yield


def same(content: bytes, name: str, how: EventMapping | None = None, strict: bool = False) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        compared(path, how, strict)


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Now and then with a byte more, less or other."""
    for _ in range(rng.choice([0, 0, 0, 1, 1, 3])):
        at = rng.randrange(len(content) + 1)
        put = rng.choice([b'"', b"\n", b"\r", b",", b"\0", b"\xff", b"\\", b"{", b"}", b"a", BOM, b"", b"1"])
        content = content[:at] + put + content[at + rng.choice([0, 1, 1, 5]) :]
    return content


# ---- JSON lines -------------------------------------------------------------------------------------------------

VALUES = [
    "1", "1", "-7", "0", "-0", "1.50", "0.10", "2.25", "-0.00", "1e3", "1E-7", "01", "1.", "12345678901234567890",
    "123456789012345678", "NaN", "Infinity", "1e999", "true", "false", "null", '"high"', '"high"', '"low"', '""',
    '"a\\nb\\u00e9\\u20ac"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00x"', '"\\x"', '"tab\there"', '"\u00e9"', "[]",
    '["a","b"]', '["a",null]', "[1, 2.0]", '[["a"]]', '[{"a":1}]', "[1,]", "{}", '{"a":1}', '{"a":{"b":"c"}}',
    '{"a":1,"a":2}', "nul", "tru", '{"a" : "x" }',
]
TOP = [
    "actor", "source", "agreement", "kind", "target", "sequence", "seq", "recorded_at", "facts", "hue", "a.b", "a",
    "data",
]
INNER = ["severity", "severity", "on", "note", "hours", "actor", "a.b", "a", "hue", "facts", "\u00e9", "id", ""]


def json_line(rng: random.Random) -> str:
    fields = {
        "id": json.dumps(f"e{rng.randrange(1000)}"), "subject": json.dumps(rng.choice(NAMES[:4])), "type": '"opened"',
        "at": json.dumps(rng.choice(TIMES[:6])),
    }
    if rng.random() < 0.7:
        inner = {name: rng.choice(VALUES[:3] if rng.random() < 0.7 else VALUES) for name in rng.sample(INNER, 2)}
        fields["facts"] = "{" + ", ".join(f'"{name}":{value}' for name, value in inner.items()) + "}"
    if rng.random() < 0.5:
        fields["actor"] = json.dumps(rng.choice(NAMES), ensure_ascii=rng.random() < 0.5)
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        name = rng.choice([*fields, *TOP])
        fields[name] = rng.choice([*VALUES, *(json.dumps(time) for time in TIMES), *map(json.dumps, NAMES)])
    if rng.random() < 0.1:
        del fields[rng.choice(list(fields))]
    return _object(fields, rng)


def envelope(rng: random.Random) -> str:
    fields = {
        "specversion": '"1.0"', "id": json.dumps(f"c{rng.randrange(1000)}"), "source": '"/desk"', "subject": '"T1"',
        "type": rng.choice(['"com.example.opened"', '"resolved"', '"."']), "time": json.dumps(rng.choice(TIMES[:5])),
    }
    if rng.random() < 0.7:
        inner = {name: rng.choice(VALUES) for name in rng.sample([*INNER, *TOP], 2)}
        fields["data"] = _object(inner, rng)
    for _ in range(rng.choice([0, 0, 1, 2])):
        name = rng.choice([*fields, *TOP, "recordedtime", "datacontenttype", "data_base64", "at", "region"])
        fields[name] = rng.choice([*VALUES, *(json.dumps(time) for time in TIMES), '"7"', '"1.0"', '"0.3"'])
    return _object(fields, rng)


def _object(fields: dict[str, str], rng: random.Random) -> str:
    gap = rng.choice(["", "", "", " "])
    items = list(fields.items())
    if rng.random() < 0.1:
        rng.shuffle(items)
    if rng.random() < 0.03:
        items.append(items[0])
    return "{" + f",{gap}".join(f'"{name}":{gap}{value}' for name, value in items) + "}"


def json_log(rng: random.Random) -> bytes:
    one = rng.choice([json_line, json_line, envelope])
    lines = []
    for _ in range(rng.randrange(1, 30)):
        line = (one if rng.random() < 0.95 else rng.choice([json_line, envelope]))(rng)
        lines.append(line if rng.random() < 0.97 else rng.choice(["", "  ", "oops", "[]", line + line, "\x0b"]))
    text = rng.choice(["\n", "\n", "\r\n"]).join(lines) + rng.choice(["\n", "\n", ""])
    return damaged(rng.choice([b"", b"", b"\xef\xbb\xbf"]) + text.encode(), rng)


@MANY
@given(SEEDS, st.booleans())
def test_json_lines(seed: int, strict: bool) -> None:
    rng = random.Random(seed)
    same(json_log(rng), "log.jsonl", None, strict)


# ---- CSV --------------------------------------------------------------------------------------------------------

CELLS = [
    *NAMES, "", "", "7", "007", "-7", "+7", " 7", "1.5", "yes", "no", "true", 'say "x"', "a,b", "a\nb", "a\r\nb",
    "1e999", "high", "low",
]
CELLS_OF_OURS = {
    "subject": NAMES[:4], "type": NAMES[4:6], "at": TIMES[:6], "sequence": ["7", "", "12"],
    "recorded_at": ["", *TIMES[:3]],
}
HEADINGS = [
    "actor", "source", "agreement", "kind", "target", "sequence", "seq", "recorded_at", "facts", "hue", "a.b", "",
]


def csv_cell(cell: str, rng: random.Random) -> str:
    if any(char in cell for char in '",;\n\r') or rng.random() < 0.1:
        return '"' + cell.replace('"', '""') + '"' if rng.random() < 0.97 else cell
    return cell


def csv_log(rng: random.Random, headings: list[str], cells: dict[str, list[str]], delimiter: str = ",") -> str:
    rows = [delimiter.join(headings)]
    for number in range(rng.randrange(0, 40)):
        row = [
            f"e{number}" if name == "id" else rng.choice(
                cells[name] if name in cells and rng.random() < 0.97 else CELLS
            )
            for name in headings
        ]
        rows.append(delimiter.join(csv_cell(cell, rng) for cell in row))
        if rng.random() < 0.03:
            rows.append(rng.choice(["", " ", "a,b", delimiter * 20, 'x"y']))
    return rng.choice(["\n", "\n", "\r\n"]).join(rows) + rng.choice(["\n", ""])


@MANY
@given(SEEDS, st.booleans())
def test_csv(seed: int, strict: bool) -> None:
    rng = random.Random(seed)
    headings = ["id", "subject", "type", "at", *rng.sample(HEADINGS, 3)]
    cells = dict(CELLS_OF_OURS)
    if rng.random() < 0.3:
        cells["at"] = rng.choice([TIMES, TIMES[:1]])
    text = csv_log(rng, headings, cells)
    same(damaged(rng.choice([b"", b"\xef\xbb\xbf"]) + text.encode(), rng), "log.csv", None, strict)


MAPPING = """
layout = "events"
source = "desk-2"
unknown = ["?", ""]
ENCODING
[columns]
subject = "ticket"
type = "what"
at = "when"
sequence = "n"
actor = "who"
EXTRA
[time]
zone = "ZONE"
FORMAT
[actors]
"T1" = "provider"
"T2" = "customer"
TYPES
[facts]
site = "site"
[facts.severity]
column = "level"
values = { "high" = 1, "low" = 2.5, "yes" = true, "no" = "none" }
[facts.hours]
column = "hours"
type = "number"
[facts.again]
column = "hours"
type = "integer"
[facts.sure]
column = "sure"
type = "yes or no"
[facts.since]
column = "since"
type = "time"
"""
TYPES = """
[types]
"opened" = "opened"
"resolved" = [{ type = "resolved", on = "customer", actor = "us" }, "closed"]
"T1" = { state = "unknown" }
"""


def mapping(text: str) -> EventMapping:
    found, problems = load_mapping(Source("mapping.toml", text))
    assert found is not None, problems
    return found


def mapped(rng: random.Random) -> EventMapping:
    text = MAPPING.replace("ZONE", rng.choice(["UTC", "Europe/Rome", "Europe/Rome"]))
    text = text.replace("FORMAT", rng.choice(["", "", 'format = "%d/%m/%Y %H:%M"', 'gap = "shift"\nfold = "second"']))
    text = text.replace("TYPES", rng.choice(["", TYPES, TYPES + '"*" = { type = "waiting", on = "vendor" }']))
    others = ["", 'id = "id"', 'agreement = "site"\nid = "id"\nrecorded_at = "since"', 'target = "site"']
    text = text.replace("EXTRA", rng.choice(others))
    if rng.random() < 0.3:
        actors = '[actors]\n"T1" = "provider"\n"T2" = "customer"\n'
        text = text.replace(actors, rng.choice(["", '[actors]\n"*" = "provider"\n']))
    ways = ["", "", 'encoding = "latin-1"', 'delimiter = ";"', 'precision = "minute"']
    return mapping(text.replace("ENCODING", rng.choice(ways)))


def through(rng: random.Random) -> tuple[list[str], dict[str, list[str]]]:
    headings = ["id", "ticket", "what", "when", "n", "who", "site", "level", "hours", "sure", "since", "more"]
    cells = {
        "ticket": NAMES[:4], "what": NAMES[4:6], "when": TIMES[:12] + TIMES[-4:], "n": ["7", "", "?", "12"],
        "who": ["T1", "T2", "?"], "level": ["high", "low", "?"], "hours": ["1", "1.0", "2.50", ""],
        "sure": ["yes", "No", "0", ""], "since": [*TIMES[:3], "?", ""], "id": ["1"],
    }
    if rng.random() < 0.5:
        ours, theirs = ["2026-03-02 09:00:00"], ["29/2/2016 01:16", "1/12/2020 23:59"]
        cells["when"] = rng.choice([TIMES[:3], TIMES[-4:], ours, theirs])
    return headings, cells


@MANY
@given(SEEDS)
def test_csv_through_a_mapping(seed: int) -> None:
    rng = random.Random(seed)
    how = mapped(rng)
    text = csv_log(rng, *through(rng), how.delimiter)
    same(damaged(text.encode(how.encoding, "replace"), rng), "log.csv", how)


@MANY
@given(SEEDS)
def test_json_lines_through_a_mapping(seed: int) -> None:
    rng = random.Random(seed)
    headings, cells = through(rng)
    lines = []
    for _ in range(rng.randrange(1, 30)):
        fields = {
            name: json.dumps(rng.choice(cells.get(name, NAMES))) if rng.random() < 0.95 else rng.choice(VALUES)
            for name in headings
            if rng.random() < 0.97
        }
        lines.append(_object(fields, rng))
    same(damaged("\n".join(lines).encode(), rng), "log.ndjson", mapped(rng))


# ---- Parquet ----------------------------------------------------------------------------------------------------

EIGHT = 1_772_438_400_000_000


def parquet_column(rng: random.Random, count: int) -> pyarrow.Array:
    """A column of any kind."""
    values: tuple[Any, list[Any]] = rng.choice([
        (pyarrow.string(), ["high", "low", "", None, " "]), (pyarrow.large_string(), ["a", None]),
        (pyarrow.dictionary(pyarrow.int8(), pyarrow.string()), ["x", "", None, " "]),
        (pyarrow.int64(), [1, -2, None, 2**63 - 1]), (pyarrow.uint64(), [1, 2**64 - 1, None]),
        (pyarrow.int8(), [1, None]),
        (pyarrow.bool_(), [True, False, None]), (pyarrow.float64(), [1.5, 0.1, -0.0, 1e22, None]),
        (pyarrow.float64(), [1.5, float("nan"), float("inf")]), (pyarrow.float32(), [1.5, 0.1]),
        (pyarrow.decimal128(10, 2), [Decimal("1.50"), None]), (pyarrow.decimal128(10, 0), [Decimal(7), None]),
        (pyarrow.decimal256(50, 3), [Decimal("1.125")]),
        (pyarrow.date32(), [date(2026, 3, 2), None]), (pyarrow.list_(pyarrow.string()), [["a"], [], None, ["a", None]]),
        (pyarrow.list_(pyarrow.int64()), [[1], [], None]), (pyarrow.timestamp("ms", "UTC"), [EIGHT // 1000, None]),
        (pyarrow.timestamp("ns"), [EIGHT * 1000, 1]), (pyarrow.null(), [None]), (pyarrow.binary(), [b"a", b"\xff"]),
        (pyarrow.struct([("a", pyarrow.int64())]), [{"a": 1}, None]), (pyarrow.time32("s"), [5, None]),
        (pyarrow.duration("us"), [5, None]),
    ])
    kind, choices = values
    return pyarrow.array([rng.choice(choices) for _ in range(count)], kind)


def parquet_times(rng: random.Random, count: int) -> pyarrow.Array:
    unit, size = rng.choice([("s", 1_000_000), ("ms", 1_000), ("us", 1), ("us", 1), ("ns", 0)])
    zone = rng.choice(["UTC", "UTC", "America/Denver", None])
    numbers = [rng.choice([EIGHT, EIGHT + 5, EIGHT, None if rng.random() < 0.1 else EIGHT]) for _ in range(count)]
    scaled = [None if n is None else n // size if size else n * 1000 + (rng.random() < 0.1) for n in numbers]
    scaled = [rng.choice([-1, 10**15, EIGHT]) if rng.random() < 0.05 else n for n in scaled]
    if rng.random() < 0.2:
        return pyarrow.array([rng.choice(TIMES) for _ in range(count)])
    if rng.random() < 0.1:
        return pyarrow.array(scaled, pyarrow.int64())
    return pyarrow.array(scaled, pyarrow.int64()).cast(pyarrow.timestamp(unit, zone))


def parquet_log(rng: random.Random, folder: Path, names: dict[str, str]) -> Path:
    count = rng.choice([0, 1, 5, 40])
    columns = {
        names.get("id", "id"): pyarrow.array([f"e{n}" for n in range(count)]),
        names.get("subject", "subject"): pyarrow.array([rng.choice(NAMES[:4]) for _ in range(count)]),
        names.get("type", "type"): pyarrow.array([rng.choice(NAMES[4:6]) for _ in range(count)], pyarrow.string()),
        names.get("at", "at"): parquet_times(rng, count),
    }
    for name in rng.sample([*columns, *HEADINGS, *HEADINGS, *names.values()], 3):
        columns[name] = parquet_times(rng, count) if name == "recorded_at" else parquet_column(rng, count)
    for name in names.values():
        cells = [rng.choice(["high", None, "7", "yes"]) for _ in range(count)]
        columns.setdefault(name, pyarrow.array(cells, pyarrow.string()))
    parquet.write_table(pyarrow.table(columns), folder / "log.parquet", row_group_size=7)
    return folder / "log.parquet"


@MANY
@given(SEEDS, st.booleans())
def test_parquet(seed: int, strict: bool) -> None:
    rng = random.Random(seed)
    with TemporaryDirectory() as folder:
        path = parquet_log(rng, Path(folder), {})
        compared(path, None, strict)
        path.write_bytes(damaged(path.read_bytes(), rng))
        compared(path, None, strict)


@MANY
@given(SEEDS)
def test_parquet_through_a_mapping(seed: int) -> None:
    rng = random.Random(seed)
    names = {"id": "id", "subject": "ticket", "type": "what", "at": "when", "n": "n", "who": "who", "site": "site"}
    names |= {name: name for name in ("level", "hours", "sure", "since")}
    with TemporaryDirectory() as folder:
        compared(parquet_log(rng, Path(folder), names), mapped(rng))


# ---- What is told of a file's faults, and what is read fast -----------------------------------------------------

SOUND = b'{"id":"e%d","subject":"T1","type":"opened","at":"2026-03-02T08:00:00Z","facts":{"severity":%d}}\n'
LINES = b"".join(SOUND % (n, n % 4) for n in range(200))
ROWS = b"id,subject,type,at,severity\n" + b"".join(
    b"e%d,T%d,opened,2026-03-02T08:00:00Z,%d\n" % (n, n // 7, n % 4) for n in range(200)
)
FAULTS: dict[str, tuple[str, bytes]] = {
    "an empty file of lines": ("log.jsonl", b""),
    "an empty table": ("log.csv", b""),
    "a heading alone": ("log.csv", b"id,subject,type,at\n"),
    "a column that is missing": ("log.csv", b"id,subject,type\n1,2,3\n"),
    "a column that is there twice": ("log.csv", b"id,subject,type,at,at\n1,2,3,4,5\n"),
    "a last line that is cut off": ("log.jsonl", LINES[:-20]),
    "a last row that is cut off": ("log.csv", ROWS[:-10]),
    "a file packed and broken off": ("log.jsonl.gz", gzip.compress(LINES)[:-40]),
    "a table packed and broken off": ("log.csv.gz", gzip.compress(ROWS)[: len(gzip.compress(ROWS)) // 2]),
    "a packed file with a wrong checksum": ("log.csv.gz", gzip.compress(ROWS)[:-8] + b"12345678"),
    "a line of two megabytes": ("log.jsonl", LINES + b'{"a":"' + b"x" * 2_000_000 + b'"}\n' + LINES),
    "a line of one megabyte": ("log.jsonl", LINES + b'{"a":"' + b"x" * 999_991 + b'"}\n' + LINES),
    "a row of two megabytes": ("log.csv", ROWS + b'e,T,"' + b"x" * 2_000_000 + b'",a,b\n' + ROWS),
    "a cell of two hundred thousand letters": ("log.csv", ROWS + b"e,T," + b"x" * 200_000 + b",a,b\n" + ROWS),
    "a mark that is never closed": ("log.csv", ROWS + b'e1,"T1,opened\n' + ROWS * 20),
    "times in seconds": ("log.csv", b"id,subject,type,at\n1,T,opened,1772438400\n"),
    "times in milliseconds": ("log.jsonl", b'{"id":"1","subject":"T","type":"opened","at":1772438400000}\n'),
    "UTF-16": ("log.csv", ROWS.decode().encode("utf-16")),
    "a second byte order mark": ("log.jsonl", b"\xef\xbb\xbf\xef\xbb\xbf" + LINES),
    "no Parquet": ("log.parquet", b"PAR1 no such thing PAR1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_told_as_row_by_row(fault: str) -> None:
    name, content = FAULTS[fault]
    same(content, name)


def test_a_parquet_file_that_breaks_off_or_is_damaged_inside(tmp_path: Path) -> None:
    count = 50_000
    whole = pyarrow.table({
        "id": [f"e{n}" for n in range(count)], "subject": ["T1"] * count, "type": ["opened"] * count,
        "at": pyarrow.array([EIGHT] * count, pyarrow.int64()).cast(pyarrow.timestamp("us", "UTC")),
    })
    parquet.write_table(whole, tmp_path / "log.parquet", row_group_size=20_000)
    content = (tmp_path / "log.parquet").read_bytes()
    for wrong in (content[:-100], content[: len(content) // 2] + b"\xff" * 50 + content[len(content) // 2 + 50 :]):
        (tmp_path / "log.parquet").write_bytes(wrong)
        compared(tmp_path / "log.parquet")


def test_a_line_of_many_megabytes_is_never_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 1 << 16)
    with (tmp_path / "log.jsonl").open("wb") as file:
        file.write(LINES)
        for _ in range(300):
            file.write(b"x" * (1 << 16))
        file.write(b"\n" + LINES)
    tracemalloc.start()
    found = read_columns(tmp_path / "log.jsonl")
    rejected = [entry for entry in found if isinstance(entry, Rejected)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(entry.line, entry.code) for entry in rejected] == [(201, "E0625")]
    assert found.tally.events == 400
    assert peak < 12_000_000


@pytest.mark.parametrize("name", ["log.jsonl", "log.csv", "quoted.csv", "log.jsonl.gz", "mapped.csv"])
def test_what_is_plainly_fine_is_not_read_row_by_row(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not machine_code.COMPILED:
        pytest.skip("CSV and JSON lines are read in columns where numba is installed")
    content = LINES if "jsonl" in name else ROWS
    if name == "quoted.csv":
        content = b"\n".join(b'"' + row.replace(b",", b'","') + b'"' for row in ROWS.splitlines())
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    how = None
    if name == "mapped.csv":
        how = mapping(
            'layout = "events"\ncolumns = { subject = "subject", type = "type", at = "at" }\nfacts.f = "severity"'
        )
    monkeypatch.setattr("slarules.readers.columns.parts.put_between", put_nothing)
    monkeypatch.setattr("slarules.readers.columns.parts.by_rows", None)
    monkeypatch.setattr("slarules.readers.columns.plain.by_rows", None)
    monkeypatch.setattr("slarules.readers.columns.mapped.by_rows", None)
    monkeypatch.setattr("slarules.readers.columns.reading.entries_of", None)
    assert sum(len(table) for table in read_columns(tmp_path / name, how).tables()) == 200


def put_nothing(table: pyarrow.Table, places: Any, events: list[Any]) -> pyarrow.Table:
    assert not events
    return table


def test_who_stops_reading_leaves_no_thread_behind(tmp_path: Path) -> None:
    if not machine_code.COMPILED:
        pytest.skip("CSV is read in columns where numba is installed")
    (tmp_path / "log.csv").write_bytes(ROWS)
    before = threading.active_count()
    entries = iter(read_columns(tmp_path / "log.csv"))
    assert isinstance(next(entries), pyarrow.Table)
    assert threading.active_count() > before, "what comes next is read ahead"
    entries.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_a_reading_of_a_silent_pipe_ends_when_it_is_ended() -> None:
    program = """
        import os
        from threading import Event
        from slarules.readers.columns.formats import ahead

        waits = Event()

        def parts():
            waits.set()
            os.read(os.pipe()[0], 1)  # nothing ever comes
            yield

        reading = ahead(parts())
        waits.wait()
        reading.close()
        print("ended")
    """
    told = subprocess.run([sys.executable, "-c", dedent(program)], capture_output=True, timeout=60, check=True)
    assert told.stdout.strip() == b"ended"


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl", "log.parquet", "broken.jsonl.gz"])
def test_a_reading_that_was_begun_before_gives_the_same(name: str, tmp_path: Path) -> None:
    if name == "log.parquet":
        table = pyarrow.table({"id": ["E1", "E2"], "subject": ["T1", None], "type": ["opened"] * 2, "at": TIMES[:2]})
        parquet.write_table(table, tmp_path / name, row_group_size=1)
    else:
        content = ROWS if name == "log.csv" else LINES + b"no event\n"
        (tmp_path / name).write_bytes(gzip.compress(content)[:-60] if name.endswith(".gz") else content)
    found, other = read_columns(tmp_path / name), read_columns(tmp_path / name)
    found.begin()
    once, again, wanted = ([as_told(entry) for entry in one] for one in (found, found, other))
    assert once == again == wanted
    assert found.tally == other.tally


def as_told(entry: Any) -> Any:
    return entry if isinstance(entry, Rejected) else entry.to_pylist()


def test_a_reading_that_was_begun_and_that_nobody_asks_for_leaves_no_thread_behind(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(ROWS)
    before = threading.active_count()
    found = read_columns(tmp_path / "log.csv")
    found.begin()
    assert threading.active_count() > before
    found.stop()
    assert threading.active_count() == before
    assert sum(len(table) for table in found.tables()) == 200


TEXTS = st.builds(str.__add__, st.sampled_from(["", "b" * 8]), st.text("ab\0", max_size=10))


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=60), st.integers(1, 40))
def test_names_are_numbered_as_they_first_come(texts: list[str], most: int) -> None:
    data = numpy.frombuffer("".join(texts).encode() + b"aab", numpy.uint8)
    sizes = numpy.array([len(text) for text in texts], numpy.int32)
    starts = (numpy.cumsum(sizes) - sizes).astype(numpy.int32)
    codes, firsts = numpy.empty(len(texts), numpy.int32), numpy.empty(most, numpy.int32)
    count = values.numbered(
        data, words.words_of(data), starts, sizes, numpy.ones(len(texts), bool), most,
        numpy.full(1 << (2 * most - 1).bit_length(), -1, numpy.int32), codes, firsts,
        numpy.zeros((2, 2), numpy.uint64), numpy.full((2, 2), -1, numpy.int64),
    )  # fmt: skip
    place = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    assert count == (len(place) if len(place) <= most else -1)
    if count >= 0:
        assert codes.tolist() == [place[text] for text in texts]
        assert firsts[:count].tolist() == [texts.index(text) for text in place]


def test_tables_of_different_facts_are_joined() -> None:
    one = pyarrow.table({"id": ["a"], "n": pyarrow.array([1]), "only": ["x"]})
    two = pyarrow.table({"id": ["b", "c"], "n": ["high", None], "facts": [None, '{"m":1.50}']})
    three = pyarrow.table({"id": ["d"], "n": pyarrow.array([3]), "source": ["desk-2"]})
    assert joined([one, two, three]).to_pylist() == [
        {"id": "a", "n": 1, "only": "x", "source": "desk", "facts": None},
        {"id": "b", "n": None, "only": None, "source": "desk", "facts": '{"n":"high"}'},
        {"id": "c", "n": None, "only": None, "source": "desk", "facts": '{"m":1.50}'},
        {"id": "d", "n": 3, "only": None, "source": "desk-2", "facts": None},
    ]


def test_the_loops_read_the_same_uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """So they mean what they say without numba too, if slowly."""
    for module in (words, values, scan, cells, found, csv, json_columns):
        for name, one in list(vars(module).items()):
            if isinstance(one, machine_code.Kernel):
                monkeypatch.setattr(module, name, one.function)
    monkeypatch.setattr(reading, "_compiled", lambda: True)
    rng = random.Random(7)
    for _ in range(10):
        same(json_log(rng), "log.jsonl")
        same(damaged(csv_log(rng, ["id", "subject", "type", "at", "hue"], CELLS_OF_OURS).encode(), rng), "log.csv")
