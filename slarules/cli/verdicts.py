"""Verdicts as rows of a file: JSON lines, CSV or Parquet, with one order of columns."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from slarules.calendars.zones import EPOCH, MICROSECOND
from slarules.model.verdict import Evaluation, Verdict

INSTANTS = ("triggered_at", "deadline", "performed_at", "next_change_at")
DURATIONS = ("consumed", "allowed", "margin", "late_by", "late_by_counted")
LISTS = ("missing", "events", "flags", "readings", "quotes")
COLUMNS: tuple[str, ...] = (
    "subject",
    "duty",
    "number",
    "rule",
    "state",
    "bearer",
    "counterparty",
    "agreement",
    "severity",
    "triggered_at",
    "deadline",
    "performed_at",
    "consumed",
    "allowed",
    "margin",
    "late_by",
    "late_by_counted",
    "owed",
    "ended_by",
    "missing",
    "cause",
    "elected",
    "next_change_at",
    "calendar",
    "events",
    "flags",
    "clause",
    "quotes",
    "readings",
)
"""The columns of every verdict file, in this order. Instants are RFC 3339 in UTC, durations seconds."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula at the head of a cell."""
KINDS = (".jsonl", ".csv", ".parquet")
BATCH = 50_000
"""Rows of one group of a Parquet file."""


def rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Each verdict by column; instants and durations are microseconds, lists are lists of text."""
    for verdict in evaluation.verdicts:
        yield row(verdict, evaluation.readings)


def row(verdict: Verdict, readings: Mapping[str, str]) -> dict[str, Any]:
    """One verdict by column, as ``rows`` gives it."""
    citation = verdict.citation
    found = {name: getattr(verdict, name) for name in COLUMNS if name not in ("clause", "quotes", "readings")}
    found["clause"] = citation.clause
    found["quotes"] = [quotation.text for quotation in citation.quotations]
    found["readings"] = [f"{name}={readings[name]}" for name in citation.readings if name in readings]
    for name in ("missing", "events", "flags"):
        found[name] = list(found[name])
    return {name: found[name] for name in COLUMNS}


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON says it: instants as text, durations as seconds."""
    return {
        name: rfc3339(value) if name in INSTANTS else seconds(value) if name in DURATIONS else value
        for name, value in row.items()
    }


def rfc3339(instant: int | None) -> str | None:
    """``2026-03-02T15:00:00Z``; a fraction only where there is one."""
    if instant is None:
        return None
    return (EPOCH + instant * MICROSECOND).isoformat().replace("+00:00", "Z")


def seconds(micros: int | None) -> int | float | None:
    """Microseconds as seconds: whole ones as int."""
    if micros is None:
        return None
    return micros // 1_000_000 if micros % 1_000_000 == 0 else micros / 1_000_000


def write(path: Path, evaluation: Evaluation) -> None:
    """Writes the verdicts to ``path`` by its ending, whole or not at all. Raises ``OSError``."""
    writers: Mapping[str, Callable[[Path, Iterable[dict[str, Any]]], None]] = {
        ".jsonl": _write_jsonl,
        ".csv": _write_csv,
        ".parquet": _write_parquet,
    }
    beside = path.with_name(f".{path.name}.part")
    try:
        writers[path.suffix.lower()](beside, rows(evaluation))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _write_jsonl(path: Path, found: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in found:
            file.write(json.dumps(told(one), ensure_ascii=False) + "\n")


def _write_csv(path: Path, found: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        to_csv(file, found)


def to_csv(file: IO[str], found: Iterable[dict[str, Any]]) -> None:
    """Rows as CSV (RFC 4180); no cell is a formula, lists are joined by ``; ``, yes and no are words."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        writer.writerow([_cell(value) for value in told(one).values()])


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
        case list():
            return harmless("; ".join(value))
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe stands before what would be a formula."""
    return "'" + text if text.startswith(FORMULA) else text


def _write_parquet(path: Path, found: Iterable[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pa.string()
    types = {name: pa.timestamp("us", tz="UTC") for name in INSTANTS}
    types |= {name: pa.duration("us") for name in DURATIONS} | {name: pa.list_(text) for name in LISTS}
    types |= {"number": pa.int64(), "owed": pa.bool_()}
    schema = pa.schema([(name, types.get(name, text)) for name in COLUMNS])
    batch: list[dict[str, Any]] = []
    with pq.ParquetWriter(path, schema) as writer:
        for one in found:
            batch.append(one)
            if len(batch) == BATCH:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch = []
        if batch:
            writer.write_table(pa.Table.from_pylist(batch, schema))
