"""Events a second from a file to event tables, beside reading row by row and beside the bare column library.

`python -m benchmarks.reading [TICKETS] [--json]`: one log of so many tickets (100,000) is written as Parquet, CSV and
JSON lines, and each file is read whole: by the library alone, which only cuts it into columns; by the reader of
columns, which checks every row and gives events; and, the first 100,000 rows of it, row by row. All counts must agree.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet
from pyarrow import json as lines

from slarules.readers import read_events
from slarules.readers.columns import read_columns

ROWS = 100_000
"""So many are read row by row."""
_STEPS = np.array([
    "opened", "acknowledged", "responded", "waiting", "resumed", "severity_changed", "updated", "resolved",
])


def log(tickets: int) -> pa.Table:
    """Tickets of five to eight events over two years, ticket by ticket; the time as a time and as text."""
    rng = np.random.default_rng(20250101)
    events = rng.choice([5, 6, 7, 8], tickets, p=[0.1, 0.3, 0.4, 0.2])
    ticket, count = np.repeat(np.arange(tickets), events), int(events.sum())
    nth = np.arange(count) - np.repeat(np.cumsum(events) - events, events)
    opened = 1_704_067_200 + rng.integers(0, 2 * 365 * 86_400, tickets)
    seconds = np.repeat(opened, events) + nth * rng.integers(60, 40_000, count)
    step = np.where(nth == np.repeat(events, events) - 1, len(_STEPS) - 1, nth)
    subject = _joined("T", pc.utf8_lpad(pa.array(ticket).cast(pa.string()), 7, "0"))
    severity = pa.array(rng.integers(1, 5, count), mask=(step != 0) & (step != 5))
    written = np.char.add(np.datetime_as_string(seconds.astype("datetime64[s]")), "Z")
    return pa.table({
        "id": _joined(subject, "-", pa.array(nth).cast(pa.string())),
        "subject": subject,
        "type": pa.array(_STEPS[step].tolist()),
        "at": pa.array(seconds * 1_000_000).cast(pa.timestamp("us", "UTC")),
        "actor": pa.array(np.array(["Trak", "Customer"])[(nth % 3 == 0).astype(int)].tolist()),
        "sequence": pa.array(nth),
        "severity": severity,
        "written": pa.array(written.tolist()),
    })


def _joined(*parts: object) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def write(table: pa.Table, folder: Path, name: str) -> dict[str, Path]:
    """The log as a file of each kind."""
    paths = {kind: folder / f"{name}.{kind}" for kind in ("parquet", "csv", "jsonl")}
    parquet.write_table(table.drop_columns(["written"]), paths["parquet"])
    text = table.drop_columns(["at"])
    text = text.rename_columns([*text.column_names[:-1], "at"])
    csv.write_csv(text, paths["csv"], csv.WriteOptions(quoting_style="none", quoting_header="none"))
    cells = {name: text.column(name).combine_chunks() for name in text.column_names}
    head = _joined(
        '{"id":"', cells["id"], '","subject":"', cells["subject"], '","type":"', cells["type"], '","at":"', cells["at"],
        '","actor":"', cells["actor"], '","sequence":', cells["sequence"].cast(pa.string()),
    )
    facts = pc.coalesce(_joined(',"facts":{"severity":', cells["severity"].cast(pa.string()), "}"), "")
    with paths["jsonl"].open("w", encoding="utf-8") as file:
        for row in range(0, len(head), ROWS):
            file.write("".join(_joined(head, facts, "}\n").slice(row, ROWS).to_pylist()))
    return paths


def bare(path: Path) -> int:
    """The library alone: the file cut into columns, nothing looked at."""
    if path.suffix == ".parquet":
        return sum(batch.num_rows for batch in parquet.ParquetFile(path).iter_batches(1 << 18))
    if path.suffix == ".csv":
        names = path.open(encoding="utf-8").readline().strip().split(",")
        texts = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        return int(csv.read_csv(path, convert_options=texts).num_rows)
    facts = pa.struct([("severity", pa.int64())])
    schema = pa.schema([(n, pa.string()) for n in ("id", "subject", "type", "at", "actor")])
    schema = schema.append(pa.field("sequence", pa.int64())).append(pa.field("facts", facts))
    return int(lines.read_json(path, parse_options=lines.ParseOptions(explicit_schema=schema)).num_rows)


def in_columns(path: Path) -> int:
    """The reader of columns."""
    return sum(len(table) for table in read_columns(path).tables())


def by_rows(path: Path) -> int:
    """The reader of rows."""
    return sum(1 for _ in read_events(path).events())


def rate(read: Callable[[Path], int], path: Path, wanted: int) -> float:
    """Events a second, the better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        if read(path) != wanted:
            raise SystemExit(f"{path.name}: {read.__name__} gives another count than {wanted}")
        best = min(best, time.perf_counter() - start)
    return wanted / best


def measured(tickets: int) -> Iterator[dict[str, str | float]]:
    """For each kind of file how many events a second each way gives."""
    table = log(tickets)
    some = table.slice(0, ROWS)
    with TemporaryDirectory() as folder:
        whole, part = write(table, Path(folder), "whole"), write(some, Path(folder), "part")
        for kind, path in whole.items():
            found = {name.__name__: rate(name, path, len(table)) for name in (bare, in_columns)}
            yield {"name": kind, "events": len(table), **found, "by_rows": rate(by_rows, part[kind], len(some))}


def main(arguments: list[str]) -> None:
    tickets = next((int(word) for word in arguments if word.isdigit()), 100_000)
    as_json = "--json" in arguments
    if not as_json:
        print("| file | events/s in columns | the library alone | row by row | beside the library | beside rows |")
        print("|---|---:|---:|---:|---:|---:|")
    for one in measured(tickets):
        if as_json:
            print(json.dumps(one))
            continue
        ours, alone, rows = (float(one[key]) for key in ("in_columns", "bare", "by_rows"))
        print(f"| {one['name']} | {ours:,.0f} | {alone:,.0f} | {rows:,.0f} | {ours / alone:.2f} | {ours / rows:.0f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
