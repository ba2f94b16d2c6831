"""Findings on disk: those of each range of tickets in a file, told together in the order of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path

import pyarrow as pa

from slarules.columnar.disk.spill import read_stream, write_stream
from slarules.columnar.placing import FINDINGS, Row, key_of, once, rows_in

_BATCH = 10_000


def write_findings(path: Path, table: pa.Table) -> None:
    """Findings in order to a file; none, no file."""
    if not table.num_rows:
        path.unlink(missing_ok=True)
        return
    for _ in write_stream(path, FINDINGS, [table], _BATCH):
        pass


def rows_of(paths: Iterable[Path]) -> Iterator[Row]:
    """The findings of several files, in order; what is told once of a log comes once."""
    yield from once(merge(*(read(path) for path in paths), key=key_of))


def read(path: Path) -> Iterator[Row]:
    """The findings of one file."""
    for table in read_stream(path):
        yield from rows_in(table)
