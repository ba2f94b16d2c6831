"""Tables whose columns are an event's own fields: all rows at once where they are plainly fine, the rest one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.model.event import Event
from slarules.readers.columns.facts import FIELDS, piece
from slarules.readers.columns.parts import Batch, Draft, Part, by_rows, finished
from slarules.readers.columns.tables import filled
from slarules.readers.columns.text import Integers, Truths, blank, coded, is_text, plain, present, repeats, spans
from slarules.readers.columns.times import instants_of, time_column
from slarules.readers.fields import KNOWN, NEEDED
from slarules.readers.instants import TimeFormat
from slarules.readers.reading import plain_event
from slarules.readers.rejects import Rejected
from slarules.readers.rows import Cells

NAMES = ("id", "subject", "type", "actor", "source", "agreement", "kind", "target")
TIMES = ("at", "recorded_at")
_ANY_TIME = TimeFormat()


@frozen
class Plain:
    """What rows mean whose columns are an event's own fields."""

    heading: tuple[str, ...]
    """The columns, in the order of the cells."""
    strict: bool = False
    """Whether columns that nobody knows are refused."""

    def of_rows(self, rows: Iterable[Cells | Rejected]) -> Part:
        """The events of rows read one by one."""
        part = Part()
        return by_rows((self._event(row, part) for row in rows), part)

    def of_columns(self, batch: Batch) -> Part:
        """The events of rows in columns."""
        cells, count = batch.columns, len(next(iter(batch.columns.values())))
        part, draft = Part(count), Draft(count, np.zeros(count, np.bool_))
        for name in NAMES:
            if name in cells:
                add_names(name, cells[name], draft)
        for name in TIMES:
            if name in cells:
                add_times(name, cells[name], draft)
        for name in ("sequence", "seq"):
            if name in cells:
                add_counts(cells[name], draft)
        for name in NEEDED:
            draft.odd |= ~present(cells[name])
        if "facts" in cells:
            draft.odd |= present(cells["facts"])
        if "source" in draft.columns:
            draft.columns["source"] = filled(draft.columns["source"], "desk")
        self._others(cells, draft, part)
        return finished(draft, part, lambda places: self._odd(places, batch, part))

    def _others(self, cells: Mapping[str, pa.Array], draft: Draft, part: Part) -> None:
        """Columns that nobody knows become facts, and are counted."""
        others = [name for name in cells if name not in KNOWN]
        for name in others:
            if self.strict:
                draft.odd |= present(cells[name])
            else:
                _fact(name, cells[name], draft)
        for name in others:
            many = int((present(cells[name]) & ~draft.odd).sum())
            if many:
                part.unknown[name] += many

    def _odd(self, places: Integers, batch: Batch, part: Part) -> Iterator[tuple[int, Event | Rejected]]:
        for place, row in batch.rows(places):
            yield place, self._event(row, part, 0)

    def _event(self, row: Cells | Rejected, part: Part, counted: int = 1) -> Event | Rejected:
        part.rows += counted
        if isinstance(row, Rejected):
            return row
        return plain_event(self.heading, *row, part.unknown, self.strict)


def add_names(name: str, column: pa.Array, draft: Draft) -> None:
    """A column of names; rows in which it is no name are odd."""
    draft.columns[name] = _names(name, column, draft)


def _names(name: str, column: pa.Array, draft: Draft) -> pa.Array:
    """A column of names. Whole numbers are names too; other kinds are left to be refused."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_integer(kind):
        return coded(plain(column).cast(pa.string())) if repeats(name) else plain(column).cast(pa.string())
    if not is_text(kind):
        draft.odd |= present(column)
        return pa.nulls(len(column), pa.string())
    if not (repeats(name) or (name == "subject" and pa.types.is_dictionary(column.type))):
        column = plain(column).cast(pa.string())
        draft.odd |= blank(column)
        return column
    column = column if pa.types.is_dictionary(column.type) else coded(column)
    if pa.types.is_dictionary(column.type):
        bad = blank(column.dictionary)
        if bad.any():
            draft.odd |= bad[column.indices.fill_null(0).to_numpy(zero_copy_only=False)] & present(column)
    else:
        draft.odd |= blank(column)
    return column


def add_times(name: str, column: pa.Array, draft: Draft) -> None:
    """A column of times; rows in which it is not plainly one are odd."""
    there = present(column)
    instants, fine = instants_of(plain(column), _ANY_TIME)
    draft.odd |= there & ~fine
    draft.columns[name] = time_column(instants, fine)


def add_counts(column: pa.Array, draft: Draft) -> None:
    """The source's own count, from ``sequence`` or ``seq``; a row must not have both."""
    column, there = plain(column), present(column)
    if pa.types.is_unsigned_integer(column.type) or not (pa.types.is_integer(column.type) or is_text(column.type)):
        draft.odd |= there
        counts = pa.nulls(len(column), pa.int64())
    elif pa.types.is_integer(column.type):
        counts = column.cast(pa.int64())
    else:
        counts, fine = whole_numbers(column)
        draft.odd |= there & ~fine
    before = draft.columns.get("sequence")
    if before is not None:
        draft.odd |= there & present(before)
        counts = pc.coalesce(before, counts)
    draft.columns["sequence"] = counts


def whole_numbers(column: pa.Array) -> tuple[pa.Array, Truths]:
    """Cells of at most 18 digits as numbers, and which cells are such; the others are null."""
    column = column.cast(pa.string())
    offsets, data = spans(column)
    sizes = np.diff(offsets)
    fine: Truths = present(column) & (sizes > 0) & (sizes <= 18)
    digits = (data >= ord("0")) & (data <= ord("9"))
    if not digits[int(offsets[0]) : int(offsets[-1])].all() if len(offsets) else False:
        places = np.flatnonzero(fine)
        within = np.concatenate([[0], np.cumsum(~digits)])
        fine[places] &= within[offsets[places + 1]] == within[offsets[places]]
    if not (fine == present(column)).all():
        column = pc.if_else(pa.array(fine), column, None)
    return column.cast(pa.int64()), fine


def _fact(name: str, column: pa.Array, draft: Draft) -> None:
    """A column that nobody knows, as a fact."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if is_text(kind):
        found = coded(column)
    elif pa.types.is_boolean(kind):
        found = plain(column)
    elif pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        found = plain(column).cast(pa.int64())
    elif pa.types.is_decimal(kind) and kind.scale > 0 and kind.precision <= 38:
        found = plain(column)
    elif pa.types.is_list(kind) and is_text(kind.value_type) and not column.flatten().null_count:
        found = column.cast(pa.list_(pa.string()))
    else:
        draft.odd |= present(column)
        return
    if name in FIELDS:
        draft.pieces.append(piece(name, found))
    else:
        draft.columns[name] = found
