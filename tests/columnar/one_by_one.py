"""Verdict files written one row at a time by the standard library: what ``columnar.lines`` must give, byte for byte."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pyarrow as pa

from slarules.cli.verdicts import told
from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Each row as JSON says it."""
    for name in (*INSTANTS, *DURATIONS):
        at = table.column_names.index(name)
        table = table.set_column(at, name, table.column(name).cast(pa.int64()))
    return [told(row) for row in table.select(COLUMNS).to_pylist()]


def json_lines(table: pa.Table) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(table)).encode()


def csv_lines(table: pa.Table) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows(table):
        writer.writerow([_cell(value) for value in row.values()])
    return file.getvalue().encode()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
        case list():
            return _harmless("; ".join(value))
    return _harmless(str(value))


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(FORMULA) else text
