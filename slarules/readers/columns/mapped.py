"""Tables read through a mapping, all rows at once: each different cell of a column is read once, as a row's is.

Not for a mapping that compares the rows of a ticket: those are read row by row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field

from slarules.model.event import Event, Raw
from slarules.readers.columns.facts import FIELDS, bound, kind_of, written_value
from slarules.readers.columns.parts import Batch, Part, by_rows, put_together
from slarules.readers.columns.tables import same_text
from slarules.readers.columns.text import Integers, Truths, among, blank, coded, is_text, plain, present
from slarules.readers.columns.times import instants_of, time_column
from slarules.readers.mapping import EventMapping, FactColumn, Outcome
from slarules.readers.rejects import Refused, Rejected
from slarules.readers.rows import Cell, Cells, RowReader, outcomes_of, read_rows
from slarules.readers.tickets import events_of_row

PLAIN_TIMES = ("at", "recorded_at", "opened_at")
PLAIN_NAMES = ("id", "subject", "target", "agreement")
"""Fields whose cells are mostly different, so that they are read without looking for equal ones."""
ARROW = {bool: pa.bool_(), int: pa.int64(), str: pa.string()}
"""Kinds of facts that are columns."""


@define
class Rows:
    """The rows of a batch while they are read."""

    count: int
    """How many there are."""
    odd: Truths
    """Rows that must be read one by one."""
    columns: dict[str, pa.Array] = field(factory=dict)
    """Fields of events, and facts that are columns."""
    pieces: list[pa.Array] = field(factory=list)
    """Facts that are JSON text."""


class Mapped:
    """What rows mean that a mapping reads one by one."""

    def __init__(self, mapping: EventMapping) -> None:
        self._mapping = mapping

    def of_rows(self, rows: Iterable[Cells | Rejected]) -> Part:
        """The events of rows read one by one."""
        part = Part()
        return by_rows(self._events(rows, part), part)

    def of_columns(self, batch: Batch) -> Part:
        """The events of rows in columns."""
        count = len(batch.odd)
        try:
            rows = Rows(count, batch.odd.copy())
            table, places = self._table(batch, rows)
        except pa.ArrowException:  # a column of a kind that cannot be told apart cell by cell
            return self.of_rows(row for _, row in batch.rows(np.arange(count)))
        part = Part(count - int(rows.odd.sum()))
        return put_together(table, places, np.flatnonzero(rows.odd), part, lambda odd: self._odd(odd, batch, part))

    def _table(self, batch: Batch, rows: Rows) -> tuple[pa.Table, Integers]:
        """The events of the rows that are not odd, and the row of each."""
        mapping, read = self._mapping, RowReader(self._mapping)
        read_fields(batch, mapping, read, rows)
        for fact in mapping.facts:
            add_fact(fact.name, Distinct(batch, fact.column, partial(fact_of, read, fact), mapping, rows), rows)
        what = Distinct(batch, mapping.columns["type"], read.value, mapping, rows, mapping.beside.get("type", ()))
        rows.columns["subject"] = coded(rows.columns["subject"])
        return _events(mapping, batch, rows, what)

    def _odd(self, places: Integers, batch: Batch, part: Part) -> Iterator[tuple[int, Event | Rejected]]:
        for place, row in batch.rows(places):
            for entry in self._events([row], part):
                yield place, entry

    def _events(self, rows: Iterable[Cells | Rejected], part: Part) -> Iterator[Event | Rejected]:
        for entry in read_rows(self._mapping, self._counted(rows, part)):
            if isinstance(entry, Rejected):
                yield entry
            else:
                yield from events_of_row(self._mapping, entry)

    def _counted(self, rows: Iterable[Cells | Rejected], part: Part) -> Iterator[Cells | Rejected]:
        for row in rows:
            part.rows += 1
            yield row


def fact_of(read: RowReader, fact: FactColumn, cells: tuple[Cell, ...]) -> Raw:
    """What the cell of a fact's column means, which is the first of ``cells``. Raises ``Refused``."""
    return read.fact(fact, cells[0])


class Distinct:
    """A column's different cells, each read once; the rows of a cell that is refused are odd."""

    def __init__(
        self,
        batch: Batch,
        heading: str,
        read: Callable[[tuple[Cell, ...]], Any],
        mapping: EventMapping,
        rows: Rows,
        beside: Sequence[str] = (),
    ) -> None:
        """``beside`` are further columns by which cells differ: what is read are cells that stand side by side."""
        cells, self.places = batch.distinct(heading)
        several: list[tuple[Cell, ...]] = [(cell,) * len(mapping.needed) for cell in cells]
        for other in beside:
            number = mapping.needed.index(other)
            several, self.places = _side_by_side(several, self.places, number, batch.distinct(other))
        self.values: list[Any] = []
        """What each different cell means; None for none."""
        refused = []
        for own in several:
            try:
                self.values.append(read(own))
                refused.append(False)
            except Refused:
                self.values.append(None)
                refused.append(True)
        rows.odd |= np.array(refused)[self.places]

    def column(self, kind: pa.DataType) -> pa.Array:
        """The rows' values."""
        return pa.array(self.values, kind).take(pa.array(self.places))


def _side_by_side(
    several: list[tuple[Cell, ...]], places: Integers, number: int, other: tuple[list[Cell], Integers]
) -> tuple[list[tuple[Cell, ...]], Integers]:
    """Each different row of cells with each different cell that stands beside it as its ``number``-th."""
    cells, own = other
    both, found = np.unique(places.astype(np.int64) * len(cells) + own, return_inverse=True)
    rows = [(several[one // len(cells)], cells[one % len(cells)]) for one in both.tolist()]
    return [(*row[:number], cell, *row[number + 1 :]) for row, cell in rows], found.reshape(-1)


def read_fields(batch: Batch, mapping: EventMapping, read: RowReader, rows: Rows) -> None:
    """The columns of an event's own fields."""
    for key, heading in mapping.columns.items():
        if key in PLAIN_TIMES:
            read_times(key, batch, mapping, rows)
        elif key in PLAIN_NAMES:
            read_names(key, batch.columns[heading], mapping, rows)
        elif key == "sequence":
            values = Distinct(batch, heading, read.sequence, mapping, rows)
            rows.columns[key] = values.column(pa.int64())
        elif key == "actor":
            values = Distinct(batch, heading, read.actor, mapping, rows)
            rows.columns[key] = values.column(pa.string()).dictionary_encode()


def read_times(key: str, batch: Batch, mapping: EventMapping, rows: Rows) -> None:
    """A column of times; rows in which it is not plainly one are odd."""
    rows.columns[key] = instants_in(mapping.headings(key), batch, mapping, rows)
    if key == "at":
        rows.odd |= ~present(rows.columns[key])


def instants_in(headings: Sequence[str], batch: Batch, mapping: EventMapping, rows: Rows) -> pa.Array:
    """The times in a column, or in several that hold the parts of one; rows that hold something else are odd."""
    column, there = _known(batch.columns[headings[0]], mapping)
    for heading in headings[1:]:
        column, there = _joined(column, *_known(batch.columns[heading], mapping), rows)
    instants, fine = instants_of(column, mapping.time)
    rows.odd |= there & ~fine
    return time_column(instants, fine)


def _joined(first: pa.Array, second: pa.Array, there: Truths, rows: Rows) -> tuple[pa.Array, Truths]:
    """A day and a time of day as one text; rows that have only one of them, or that not as text, are odd."""
    before = present(first)
    if not (is_text(first.type) and is_text(second.type)):
        rows.odd |= before | there
        return pa.nulls(rows.count, pa.string()), np.zeros(rows.count, np.bool_)
    rows.odd |= before != there
    return pc.binary_join_element_wise(first, second, " "), before & there


def read_names(key: str, column: pa.Array, mapping: EventMapping, rows: Rows) -> None:
    """A column of names; rows in which it is no name are odd."""
    column, there = _known(column, mapping)
    if is_text(column.type):
        rows.odd |= blank(column)
    elif pa.types.is_integer(column.type):
        column = column.cast(pa.string())
    else:
        rows.odd |= there
        column = pa.nulls(rows.count, pa.string())
    if key == "subject":
        rows.odd |= ~there
    rows.columns[key] = column


def _known(column: pa.Array, mapping: EventMapping) -> tuple[pa.Array, Truths]:
    """The column without the marks for what is not known, and where there is something else."""
    column = plain(column)
    if is_text(column.type):
        column = column.cast(pa.string())
        marks = among(column, mapping.unknown)
        if marks.any():
            column = pc.if_else(pa.array(marks), None, column)
    return column, present(column)


def add_fact(name: str, found: Distinct, rows: Rows) -> None:
    """One fact: a column if its values are of one kind, else JSON text."""
    kinds = {kind_of(value) for value in found.values if value is not None}
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind in ARROW and name not in FIELDS:
        column = found.column(ARROW[kind])
        rows.columns[name] = column.dictionary_encode() if kind is str else column
    elif any(value is not None for value in found.values):
        texts = [None if value is None else f"{json.dumps(name)}:{written_value(value)}" for value in found.values]
        rows.pieces.append(pa.array(texts, pa.string()).take(pa.array(found.places)))


# ---- Events -----------------------------------------------------------------------------------------------------


def _events(mapping: EventMapping, batch: Batch, rows: Rows, what: Distinct) -> tuple[pa.Table, Integers]:
    """The events of the rows that are not odd, and the row of each."""
    outcomes = [() if value is None else outcomes_of(mapping, value) for value in what.values]
    most = max(map(len, outcomes))
    flat = [several[n] if n < len(several) else Outcome() for several in outcomes for n in range(most)]
    typed = np.array([one.type is not None for one in flat], np.bool_).reshape(len(outcomes), most)
    typed = typed[what.places] & ~rows.odd[:, None]
    places, nth = np.nonzero(typed)
    chosen, taken = pa.array(what.places[places] * most + nth), pa.array(places)
    columns = {name: column.take(taken) for name, column in rows.columns.items()}
    columns["type"] = chosen_of([one.type for one in flat], chosen)
    columns["id"] = _ids(columns, batch.lines[places], nth)
    add_constants(mapping, columns, chosen_of([one.actor for one in flat], chosen), len(places))
    pieces = [piece.take(taken) for piece in rows.pieces] + add_told(mapping, flat, chosen, columns)
    if pieces:
        columns["facts"] = bound(pieces)
    return pa.table(columns), places


def add_told(
    mapping: EventMapping, outcomes: Sequence[Outcome], chosen: pa.Array, columns: dict[str, pa.Array]
) -> list[pa.Array]:
    """What outcomes record with their events, as columns; what can be none is given as JSON text."""
    names = dict.fromkeys(name for one in outcomes for name in one.facts)
    if any(fact.name in names for fact in mapping.facts):
        raise pa.ArrowInvalid("an outcome tells what a column tells too")
    pieces = []
    for name in names:
        values = [one.facts.get(name) for one in outcomes]
        kinds = {kind_of(value) for value in values if value is not None}
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind not in ARROW or name in FIELDS:
            texts = [None if value is None else f"{json.dumps(name)}:{written_value(value)}" for value in values]
            pieces.append(pa.array(texts, pa.string()).take(chosen))
        else:
            columns[name] = chosen_of(values, chosen) if kind is str else pa.array(values, ARROW[kind]).take(chosen)
    return pieces


def chosen_of(values: Sequence[Raw], chosen: pa.Array) -> pa.Array:
    """The value of each event, of one for each outcome; dictionary-coded."""
    words = pa.array(values, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(words.indices.take(chosen), words.dictionary)


def _ids(columns: dict[str, pa.Array], lines: Integers, nth: Integers) -> pa.Array:
    """The events' own ids where a column has them, else one made of ticket, line and type."""
    kind = plain(columns["type"])
    own = columns.get("id")
    if own is not None and not own.null_count:
        return own if not nth.any() else _after_first(own, kind, nth)
    made = pc.binary_join_element_wise(plain(columns["subject"]), pa.array(lines).cast(pa.string()), kind, ":")
    return made if own is None else pc.coalesce(_after_first(own, kind, nth), made)


def _after_first(own: pa.Array, kind: pa.Array, nth: Integers) -> pa.Array:
    """The second event of a row, and those after it, bear their type in their id."""
    return pc.if_else(pa.array(nth == 0), own, pc.binary_join_element_wise(own, kind, ":"))


def add_constants(mapping: EventMapping, columns: dict[str, pa.Array], actor: pa.Array, count: int) -> None:
    """Who acted, and what is the same for all events of the log."""
    columns["source"] = same_text(mapping.source, count)
    if mapping.kind is not None:
        columns["kind"] = same_text(mapping.kind, count)
    actors = [plain(column) for column in (actor, columns.get("actor")) if column is not None]
    columns["actor"] = pc.coalesce(*actors, pa.scalar(mapping.actor, pa.string())).dictionary_encode()
    if mapping.agreement is not None:
        agreement = columns.get("agreement")
        if agreement is None:
            columns["agreement"] = same_text(mapping.agreement, count)
        else:
            columns["agreement"] = pc.fill_null(agreement, mapping.agreement)
