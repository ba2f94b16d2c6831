"""Rows that are tickets, with what happened to each in columns of times: read all at once, as each by itself."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.calendars import zones
from slarules.readers.columns.facts import bound
from slarules.readers.columns.mapped import (
    Distinct,
    Mapped,
    Rows,
    add_constants,
    add_fact,
    add_told,
    chosen_of,
    fact_of,
    instants_in,
    read_fields,
)
from slarules.readers.columns.parts import Batch
from slarules.readers.columns.text import Integers, Truths, plain, present
from slarules.readers.mapping import EventMapping
from slarules.readers.rows import RowReader

_NEVER = np.iinfo(np.int64).max


class Listed(Mapped):
    """What rows mean that are tickets."""

    def _table(self, batch: Batch, rows: Rows) -> tuple[pa.Table, Integers]:
        mapping, read = self._mapping, RowReader(self._mapping)
        first, last = Rows(rows.count, rows.odd), Rows(rows.count, rows.odd)
        read_fields(batch, mapping, read, rows)
        for fact in mapping.facts:
            found = Distinct(batch, fact.column, partial(fact_of, read, fact), mapping, rows)
            add_fact(fact.name, found, last if fact.last_row else first)
        if first.columns.keys() & last.columns.keys():
            raise pa.ArrowInvalid("a fact is told at first and at last")
        at, there = _happened(mapping, batch, read, rows)
        rows.odd |= ~there.any(axis=1)
        return _events(mapping, rows, first, last, at, there)


def _happened(mapping: EventMapping, batch: Batch, read: RowReader, rows: Rows) -> tuple[Integers, Truths]:
    """[row, column] → when it happened, and whether it did."""
    at = np.full((rows.count, len(mapping.times)), _NEVER, np.int64)
    for place, heading in enumerate(mapping.times):
        if heading in mapping.after:
            start = instants_in([mapping.after[heading][0]], batch, mapping, rows)
            lengths = Distinct(batch, heading, partial(read.length, heading), mapping, rows).column(pa.int64())
            rows.odd |= present(lengths) & ~present(start)
            found = pc.add(start.cast(pa.int64()), lengths)
        else:
            found = instants_in([heading], batch, mapping, rows).cast(pa.int64())
        at[:, place] = found.fill_null(_NEVER).to_numpy()
    there: Truths = at != _NEVER
    rows.odd |= (there & ((at < 0) | (at >= zones.END))).any(axis=1)
    return at, there


def _events(
    mapping: EventMapping, rows: Rows, first: Rows, last: Rows, at: Integers, there: Truths
) -> tuple[pa.Table, Integers]:
    """The events of the rows that are not odd, in the order of their times, and the row of each."""
    order, many = np.argsort(at, axis=1, kind="stable"), there.sum(axis=1)
    many[rows.odd] = 0
    places, nth = np.nonzero(np.arange(at.shape[1]) < many[:, None])
    column = order[places, nth]
    taken, chosen = pa.array(places), pa.array(column)
    outcomes = list(mapping.times.values())
    columns = {name: own.take(taken) for name, own in rows.columns.items()}
    columns["at"] = pa.array(at[places, column]).cast(pa.timestamp("us", "UTC"))
    columns["type"] = chosen_of([one.type for one in outcomes], chosen)
    names = chosen_of(_numbered([one.type or "" for one in outcomes]), chosen)
    columns["id"] = pc.binary_join_element_wise(plain(columns["subject"]), plain(names), ":")
    add_constants(mapping, columns, chosen_of([one.actor for one in outcomes], chosen), len(places))
    pieces = []
    for told, when in ((first, nth == 0), (last, nth == many[places] - 1)):
        there_only = pa.array(places, mask=~when)
        columns |= {name: own.take(there_only) for name, own in told.columns.items()}
        pieces += [own.take(there_only) for own in told.pieces]
    pieces += add_told(mapping, outcomes, chosen, columns)
    if pieces:
        columns["facts"] = bound(pieces)
    return pa.table(columns), places


def _numbered(types: list[str]) -> list[str]:
    """Each type, from the second column of one on with its number."""
    numbers: Counter[str] = Counter()
    found = []
    for type in types:
        numbers[type] += 1
        found.append(type if numbers[type] == 1 else f"{type}:{numbers[type]}")
    return found
