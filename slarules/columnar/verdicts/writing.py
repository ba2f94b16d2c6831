"""Tables of verdicts to a file of JSON lines, CSV or Parquet: whole or not at all, the same bytes however they come."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from slarules.columnar.disk.ahead import ahead
from slarules.columnar.verdicts.lines import csv_lines, json_lines
from slarules.columnar.verdicts.naming import coded_alike
from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS, LISTS
from slarules.columnar.verdicts.table import NAMES, VERDICTS
from slarules.whole import whole


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    return kind.value_type if pa.types.is_dictionary(kind) else kind


FILED: pa.Schema = pa.schema([(field.name, _plain(field.type)) for field in VERDICTS])
"""The schema of a Parquet file of verdicts: that of the table, its names as plain text."""
GROUP = 1 << 17
"""Rows of one group of a Parquet file."""
_PIECES = 16
"""Of more pieces than this a group is put together before it is written: each takes time of its own."""
_PAGE = 1 << 28
"""Bytes that no page of a column comes to: pages end after so many rows, wherever a table did."""
_BATCH = 20_000
"""Rows that are made a column's text at once: as many as go into a page."""
_REPEATED = [*NAMES, "number", "allowed", *(f"{name}.list.element" for name in LISTS if name != "events")]
"""Columns of which each value stands once in a group. Subjects repeat side by side, which compressing sees as well."""
_STEPS = dict.fromkeys(
    (*(name for name in INSTANTS if name != "triggered_at"), *(name for name in DURATIONS if name != "allowed")),
    "DELTA_BINARY_PACKED",
)
"""Columns written as differences, which is sooner done than compressing them, and smaller."""
_BOUNDS = ["subject", "triggered_at", "deadline", "performed_at"]
"""Columns by which a reader may pass groups over. Of names, nearly every group has all."""


def write(path: Path, tables: Iterable[pa.Table]) -> int:
    """Writes tables of the schema ``VERDICTS`` one after the other, by the file's ending; says how many rows.

    What comes next is put together in a thread beside, while one is written. The file stands at ``path`` when all of
    it is written. Raises ``OSError``.
    """
    writers: Mapping[str, Callable[[Path, Iterable[pa.Table]], int]] = {
        ".jsonl": _write_json_lines,
        ".csv": _write_csv,
        ".parquet": _write_parquet,
    }
    with whole(path) as beside:
        return writers[path.suffix.lower()](beside, tables)


def _write_json_lines(path: Path, tables: Iterable[pa.Table]) -> int:
    with path.open("wb") as file:
        return _written(file, tables, json_lines)


def _write_csv(path: Path, tables: Iterable[pa.Table]) -> int:
    heading = io.StringIO()
    csv.writer(heading, lineterminator="\r\n").writerow(COLUMNS)
    with path.open("wb") as file:
        file.write(heading.getvalue().encode())
        return _written(file, tables, csv_lines)


def _written(
    file: io.BufferedWriter, tables: Iterable[pa.Table], lines: Callable[[pa.Table], Iterator[pa.Buffer]]
) -> int:
    rows = 0
    for table in ahead(tables):
        rows += table.num_rows
        for text in lines(table):
            file.write(text)
    return rows


def _write_parquet(path: Path, tables: Iterable[pa.Table]) -> int:
    """Names go to the file as the codes that they are; whoever reads it gets the schema ``FILED``, plain text."""
    rows = 0
    with pq.ParquetWriter(
        path, VERDICTS, use_dictionary=_REPEATED, column_encoding=_STEPS, write_statistics=_BOUNDS,
        write_batch_size=_BATCH, data_page_size=_PAGE, store_schema=False,
    ) as writer:  # fmt: skip
        writer.add_key_value_metadata({"ARROW:schema": base64.b64encode(FILED.serialize()).decode()})
        for group in ahead(map(coded_alike, _groups(tables))):
            rows += group.num_rows
            writer.write_table(group, row_group_size=GROUP)
            del group  # not beside the next one
    return rows


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of one group each, the last one shorter: where a table ended is not to be seen."""
    waiting: list[pa.Table] = []
    many = 0
    for table in tables:
        start = 0
        while table.num_rows - start >= GROUP - many:
            piece = table.slice(start, GROUP - many)
            yield _group([*waiting, piece])
            start += piece.num_rows
            waiting, many = [], 0
        if start < table.num_rows:
            waiting.append(table.slice(start))
            many += table.num_rows - start
    if waiting:
        yield _group(waiting)


def _group(pieces: list[pa.Table]) -> pa.Table:
    group = pa.concat_tables(one if one.schema.equals(VERDICTS) else one.cast(VERDICTS) for one in pieces)
    return group if group.column(0).num_chunks <= _PIECES else group.combine_chunks()
