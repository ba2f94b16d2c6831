"""What was judged before with what was judged again in its place, in order, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge

import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.disk.gathering import among, within
from slarules.columnar.disk.runs import by_subject
from slarules.columnar.placing import FINDINGS, Row, key_of, once
from slarules.readers.columns.unifying import unified

_ROWS = 10_000


def replaced(old: Iterable[pa.Table], new: Iterable[pa.Table], names: Iterable[str]) -> Iterator[pa.Table]:
    """Rows by subject: the new ones of these subjects, the old ones of all others."""
    again = among(names)
    coming = _Coming(iter(new))
    for table in old:
        if table.num_rows:
            kept = table.filter(pc.invert(again(table.column("subject"))))
            yield from _in_order([kept, *coming.up_to(table.column("subject")[-1].as_py())])
    yield from _in_order(list(coming.up_to(None)))


class _Coming:
    """Tables in order of subjects, handed out piece by piece."""

    def __init__(self, tables: Iterator[pa.Table]) -> None:
        self._tables = tables
        self._waiting: pa.Table | None = None

    def up_to(self, last: str | None) -> Iterator[pa.Table]:
        """What has not been handed out of subjects up to and with ``last``; None: all."""
        while True:
            if self._waiting is None or not self._waiting.num_rows:
                self._waiting = next(self._tables, None)
                if self._waiting is None:
                    return
            found = self._waiting if last is None else within(self._waiting, "", last + "\0")
            self._waiting = self._waiting.slice(found.num_rows)
            if found.num_rows:
                yield found
            if self._waiting.num_rows:
                return


def _in_order(tables: list[pa.Table]) -> Iterator[pa.Table]:
    """The tables as one by subject; the rows of one subject stand in one table."""
    some = [table for table in tables if table.num_rows]
    if len(some) < 2:
        yield from some
        return
    whole = unified(pa.concat_tables(some))
    yield whole.take(pa.array(by_subject(whole.column("subject")).order))


def merged_findings(old: Iterable[Row], new: Iterable[Row], names: Iterable[str]) -> Iterator[Row]:
    """The new findings of these subjects, and the old ones of all others."""
    again = frozenset(names)
    yield from once(merge((row for row in old if row[2] not in again), new, key=key_of))


def tables_of(rows: Iterable[Row]) -> Iterator[pa.Table]:
    """Findings as tables."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS:
            yield _table(batch)
            batch = []
    if batch:
        yield _table(batch)


def _table(rows: list[Row]) -> pa.Table:
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=FINDINGS)
