"""Rows of whole tickets, each beside the ticket's row before: what was said twice is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules.model.event import Raw
from slarules.readers.columns.text import Integers, Truths
from slarules.readers.fields import fact_value
from slarules.readers.jsonl import decode
from slarules.readers.mapping import EventMapping

AT_ONCE = 1 << 18
"""Rows that are looked at together, about."""
NONE = np.iinfo(np.int64).min
"""Stands for a number that there is not."""
_NUMBERS = ("line", "at", "sequence", "recorded_at", "opened_at")
_NAMES = ("agreement", "target", "actor")


@frozen(eq=False)
class Values:
    """A column of values, by number."""

    codes: Integers
    """[row] → the value's place in ``texts``; -1: none."""
    texts: pa.Array
    """As they are written."""

    def of(self, rows: Integers) -> Values:
        """The same of some rows."""
        return evolve(self, codes=self.codes[rows])


@frozen(eq=False)
class Fact:
    """A fact's column."""

    name: str
    """The fact's name."""
    last_row: bool
    """Whether only a ticket's last row is believed."""
    codes: Integers
    """[row] → the value's place in ``values``; -1: not known."""
    likes: Integers
    """[row] → the number of all values that are equal to this one; -1: not known."""
    values: Sequence[Raw]
    """The different values."""
    texts: pa.Array
    """The same as JSON text."""

    def of(self, rows: Integers | slice) -> Fact:
        """The same of some rows."""
        return evolve(self, codes=self.codes[rows], likes=self.likes[rows])


@frozen(eq=False)
class Course:
    """Rows of whole tickets, without those that say again what was said."""

    subject: pa.Array
    """Whose row it is; coded."""
    number: dict[str, Integers]
    """``line``, ``at``, ``sequence``, ``recorded_at`` and ``opened_at``; ``NONE`` for none."""
    place: Integers
    """The row's own count, or its place among the ticket's rows."""
    again: Truths
    """Whether another row of the ticket has the same count and says something else."""
    first: Truths
    """Whether it is the ticket's first."""
    value: Values
    """What its state column says."""
    name: dict[str, Values]
    """``agreement``, ``target`` and ``actor``."""
    facts: Sequence[Fact]
    """In the mapping's order."""


def courses(mapping: EventMapping, rows: pa.Table) -> Iterator[Course]:
    """Rows that are in order, some tickets at a time."""
    ranks = _codes(rows.column("subject"))
    facts = [_fact(rows, n, fact.name, fact.last_row) for n, fact in enumerate(mapping.facts)]
    starts = np.append(np.flatnonzero(np.diff(ranks, prepend=-1)), len(ranks))
    begin = 0
    while begin < len(ranks):
        end = int(starts[np.searchsorted(starts, min(begin + AT_ONCE, len(ranks)))])
        yield _course(rows.slice(begin, end - begin), [fact.of(slice(begin, end)) for fact in facts])
        begin = end


def _codes(column: pa.ChunkedArray) -> Integers:
    codes: Integers = pc.fill_null(column.combine_chunks().indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return codes


def _course(rows: pa.Table, facts: Sequence[Fact]) -> Course:
    ranks, count = _codes(rows.column("subject")), len(rows)
    number = {name: pc.fill_null(rows.column(name), NONE).to_numpy() for name in _NUMBERS}
    value, name = _values(rows, "value"), {name: _values(rows, name) for name in _NAMES}
    nth = np.arange(count)
    start = np.maximum.accumulate(np.where(np.diff(ranks, prepend=-1) != 0, nth, 0))
    head = _heads(ranks, number["sequence"])
    told = [*(number[n] for n in _NUMBERS if n != "line"), value.codes, *(one.codes for one in name.values())]
    told += [fact.likes for fact in facts]
    same = head != nth
    for column in told:
        same &= column == column[head]
    kept = np.flatnonzero(~same)
    sequence = number["sequence"]
    place = np.where(sequence != NONE, sequence, nth - start)
    first, names = int(ranks[0]), rows.column("subject").chunk(0).dictionary
    own = pa.array((ranks[kept] - first).astype(np.int32))
    return Course(
        pa.DictionaryArray.from_arrays(own, names.slice(first, int(ranks[-1]) - first + 1)),
        {name: column[kept] for name, column in number.items()},
        place[kept],
        (head != nth)[kept],
        (start == nth)[kept],
        value.of(kept),
        {key: one.of(kept) for key, one in name.items()},
        [fact.of(kept) for fact in facts],
    )


def _values(rows: pa.Table, name: str) -> Values:
    return Values(_codes(rows.column(name)), rows.column(name).combine_chunks().dictionary)


def _fact(rows: pa.Table, n: int, name: str, last_row: bool) -> Fact:
    found = _values(rows, f"fact {n}")
    values = [fact_value(decode(f'{{"":{text}}}')[""], name) for text in found.texts.to_pylist()]
    equal: dict[Raw, int] = {}
    likes = np.array([*(equal.setdefault(value, len(equal)) for value in values), -1], np.int64)
    return Fact(name, last_row, found.codes, likes[found.codes], values, found.texts)


def _heads(ranks: Integers, sequence: Integers) -> Integers:
    """For each row the ticket's first with the same count; itself where it has none."""
    heads = np.arange(len(ranks))
    counted = np.flatnonzero(sequence != NONE)
    order = counted[np.lexsort((sequence[counted], ranks[counted]))]
    if order.size:
        new = (np.diff(ranks[order], prepend=-1) != 0) | (np.diff(sequence[order], prepend=0) != 0)
        new[0] = True
        heads[order] = order[np.maximum.accumulate(np.where(new, np.arange(order.size), 0))]
    return heads


def latest_before(there: Truths, first: Truths) -> Integers:
    """For each row the last one before it of its ticket that is ``there``; -1 where there is none."""
    up_to = latest(there, first)
    before = np.concatenate([[-1], up_to[:-1]])
    return np.where(first, -1, before)


def latest(there: Truths, first: Truths) -> Integers:
    """The same up to the row itself."""
    nth = np.arange(len(there))
    found = np.maximum.accumulate(np.where(there, nth, -1))
    start = np.maximum.accumulate(np.where(first, nth, 0))
    return np.where(found >= start, found, -1)
