"""A stretch of an event file on its way to an event table: what is plainly fine in columns, the rest row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Protocol

import numpy as np
import pyarrow as pa
from attrs import define, field

from slarules.model.event import Event
from slarules.readers.columns.facts import bound
from slarules.readers.columns.tables import put_between, table_of, without
from slarules.readers.columns.text import Integers, Truths
from slarules.readers.rejects import Rejected
from slarules.readers.rows import Cell, Cells

AT_ONCE = 1 << 16
"""Events that are made a table at once, where they are read row by row."""


class Batch(Protocol):
    """Rows of a file in columns."""

    @property
    def columns(self) -> Mapping[str, pa.Array]:
        """Their cells by heading."""

    @property
    def lines(self) -> Integers:
        """The line, or in a Parquet file the row, of each."""

    @property
    def odd(self) -> Truths:
        """Rows that are not in the columns, and must be read one by one."""

    def rows(self, places: Integers) -> Iterator[tuple[int, Cells | Rejected]]:
        """The cells of the rows at ``places``, as a reader of single rows has them, each with its place."""

    def distinct(self, heading: str) -> tuple[list[Cell], Integers]:
        """The different cells of a column, as a reader of single rows has them, and which of them each row has."""


class Meaning(Protocol):
    """What a file's rows mean."""

    def of_rows(self, rows: Iterable[Cells | Rejected]) -> Part:
        """The events of rows read one by one, and what is set aside."""

    def of_columns(self, batch: Batch) -> Part:
        """The same of rows in columns."""


@define
class Part:
    """A stretch of a file, read."""

    rows: int = 0
    """Rows looked at."""
    tables: list[pa.Table] = field(factory=list)
    """Its events in order."""
    rejected: list[Rejected] = field(factory=list)
    """What was set aside, in order."""
    unknown: Counter[str] = field(factory=Counter)
    """Fields that nobody knows, by how often they occur."""


@define
class Draft:
    """An event table in the making: columns of one stretch, and the rows that must be read one by one."""

    count: int
    """Rows of the stretch."""
    odd: Truths
    """Rows that are not plainly fine."""
    columns: dict[str, pa.Array] = field(factory=dict)
    """Fields of events, and facts that are columns."""
    pieces: list[pa.Array] = field(factory=list)
    """Facts that are JSON text."""

    def table(self) -> pa.Table:
        """The rows that are plainly fine."""
        columns = dict(self.columns)
        if self.pieces:
            columns["facts"] = bound(self.pieces)
        return without(pa.table(columns), ~self.odd)


OneByOne = Callable[[Integers], Iterator[tuple[int, Event | Rejected]]]
"""Reads the rows at some places; each entry comes with the place of its row."""


def finished(draft: Draft, part: Part, one_by_one: OneByOne) -> Part:
    """The part with the draft's events; ``one_by_one`` reads the odd rows."""
    return put_together(draft.table(), np.flatnonzero(~draft.odd), np.flatnonzero(draft.odd), part, one_by_one)


def put_together(table: pa.Table, places: Integers, odd: Integers, part: Part, one_by_one: OneByOne) -> Part:
    """The part with a table, whose rows belong to ``places``, and what reading the odd ones gives, in order."""
    events = []
    if odd.size:
        for place, entry in one_by_one(odd):
            if isinstance(entry, Event):
                events.append((place, entry))
            else:
                part.rejected.append(entry)
    table = put_between(table, places, events)
    if len(table):
        part.tables.append(table)
    return part


def by_rows(entries: Iterable[Event | Rejected], part: Part) -> Part:
    """The part with what was read row by row."""
    events: list[Event] = []
    for entry in entries:
        if isinstance(entry, Event):
            events.append(entry)
        else:
            part.rejected.append(entry)
    rows = iter(events)
    while some := list(islice(rows, AT_ONCE)):
        part.tables.append(table_of(some))
    return part
