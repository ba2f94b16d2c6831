"""Rows put in order by ticket and time, however many there are."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import BinaryIO

from slarules.readers.rejects import Rejected
from slarules.readers.rows import Row

RUN = 200_000
"""Rows held in memory at once; what is beyond waits in temporary files."""
_BLOCK = 1_000


def in_order(rows: Iterable[Row | Rejected], run: int = RUN) -> Iterator[Row | Rejected]:
    """What was set aside, in the file's order; then the rows by ticket, time, the source's count, and line.

    An external merge sort, so that it does not matter in which order an export comes (tickets one after
    the other, by time, newest first): at most ``run`` rows are held, and sorted runs wait on disk.
    """
    held: list[Row] = []
    runs: list[BinaryIO] = []
    try:
        for row in rows:
            if isinstance(row, Rejected):
                yield row
                continue
            held.append(row)
            if len(held) >= run:
                runs.append(_spill(held))
                held = []
        held.sort(key=lambda row: row.place)
        yield from heapq.merge(*map(_from_disk, runs), held, key=lambda row: row.place)
    finally:
        for file in runs:
            file.close()


def _spill(rows: list[Row]) -> BinaryIO:
    """A temporary file of our own with the rows in order; it is gone when it is closed."""
    rows.sort(key=lambda row: row.place)
    file: BinaryIO = TemporaryFile()  # noqa: SIM115
    for start in range(0, len(rows), _BLOCK):
        pickle.dump(rows[start : start + _BLOCK], file, pickle.HIGHEST_PROTOCOL)
    file.seek(0)
    return file


def _from_disk(file: BinaryIO) -> Iterator[Row]:
    while True:
        try:
            block = pickle.load(file)
        except EOFError:
            return
        yield from block
