"""Rows of a table that are no events: found all at once, and each told as it would be of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.log.columns import FIELDS, NEEDED, TEXTS, TIMES, facts_in
from slarules.readers.columns.text import Integers, Truths, blank, is_text
from slarules.readers.columns.times import instants_of
from slarules.readers.instants import TimeFormat
from slarules.readers.parquet import cells_of
from slarules.readers.reading import plain_event
from slarules.readers.rejects import Refused, Rejected
from slarules.readers.rows import Cell

_ANY_TIME = TimeFormat()
_AT_ONCE = 4096
"""Rows that are told at once."""
DAYS = (-719_162, 2_932_896)
"""The first and the last date of the years 1 to 9999, counted from 1970."""


@frozen(eq=False)
class SetAside(Sequence[Rejected]):
    """Rows that are no events; why one is none is found when somebody looks at it: of a million, few are looked at."""

    rows: pa.Table
    numbers: Integers
    """Of each row its number in the table that it was in, counted from 0."""

    def __len__(self) -> int:
        return len(self.numbers)

    def __repr__(self) -> str:
        more = f", … {len(self) - 3} more" if len(self) > 3 else ""
        return f"({', '.join(repr(one) for one in self[:3])}{more})"

    @overload
    def __getitem__(self, place: int) -> Rejected: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Rejected]: ...
    def __getitem__(self, place: int | slice) -> Rejected | Sequence[Rejected]:
        numbers = np.arange(len(self))[place]
        if isinstance(place, slice):
            return SetAside(self.rows.take(pa.array(numbers)), self.numbers[numbers])
        return next(_told(self.rows.slice(int(numbers), 1), self.numbers[[numbers]]))

    def __iter__(self) -> Iterator[Rejected]:
        for start in range(0, len(self), _AT_ONCE):
            yield from _told(self.rows.slice(start, _AT_ONCE), self.numbers[start : start + _AT_ONCE])


def sorted_out(table: pa.Table) -> tuple[pa.Table, Sequence[Rejected]]:
    """The rows that are events, and why each other is none; the columns are of the types that they must have."""
    bad = np.zeros(table.num_rows, np.bool_)
    for name in TEXTS:
        if name in table.column_names:
            bad |= _nameless(name, table.column(name))
    for name in TIMES:
        if name in table.column_names:
            bad |= _timeless(name, table.column(name))
    bad |= unfit_facts(table)
    if not bad.any():
        return table, ()
    table = table.cast(pa.schema([field.with_type(movable(field.type)) for field in table.schema]))
    return table.filter(pa.array(~bad)), SetAside(table.filter(pa.array(bad)), np.flatnonzero(bad))


def movable(kind: pa.DataType) -> pa.DataType:
    """The type in which Arrow can pick rows of a column: of texts as polars gives them, views, it cannot."""
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        return pa.large_string() if pa.types.is_string_view(kind) else pa.large_binary()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = movable(kind.value_type)
        return kind if inner == kind.value_type else pa.large_list(inner)
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(movable(field.type)) for field in kind])
    if pa.types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, movable(kind.value_type), kind.ordered)
    return kind


def blanks(column: pa.Array) -> Truths:
    """Which cells of text hold nothing but blanks. Null cells are not among them."""
    if not pa.types.is_dictionary(column.type):
        return blank(column)
    bad = blank(column.dictionary)
    found: Truths = bad[column.indices.fill_null(0).to_numpy(zero_copy_only=False)] if bad.any() else np.zeros(0, bool)
    return found & column.is_valid().to_numpy(zero_copy_only=False) if len(found) else np.zeros(len(column), bool)


def unfit_facts(table: pa.Table) -> Truths:
    """Rows with a fact that no log can mean, or that a column and the JSON text of facts both tell."""
    bad: Truths = np.zeros(table.num_rows, np.bool_)
    for name in table.column_names:
        if name not in FIELDS:
            column = table.column(name)
            if _may_be_unfit(column.type):
                bad |= np.concatenate([*(_unfit(chunk) for chunk in column.chunks), bad[:0]])
    return bad | _unfit_texts(table) if "facts" in table.column_names else bad


def _may_be_unfit(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _may_be_unfit(kind.value_type)
    return bool(pa.types.is_floating(kind) or pa.types.is_date(kind))


def _unfit(column: pa.Array) -> Truths:
    """Numbers that are none, or beyond 100 digits, and dates that no calendar has; lists with one of them."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        found: Truths = np.zeros(len(column), np.bool_)
        found[pc.list_parent_indices(column).to_numpy()[_unfit(pc.list_flatten(column))]] = True
        return found
    if pa.types.is_date(column.type):
        days: Integers = column.cast(pa.date32()).cast(pa.int32()).fill_null(0).to_numpy()
        return (days < DAYS[0]) | (days > DAYS[1])
    size = np.abs(column.cast(pa.float64()).fill_null(0.0).to_numpy())
    bad: Truths = ~((size == 0) | ((size >= 1e-100) & (size < 1e101)))
    return bad


def _unfit_texts(table: pa.Table) -> Truths:
    """Rows whose JSON text of facts is none, or holds a fact that a column of the same row tells too."""
    codes, texts = _distinct(table.column("facts"))
    told: list[frozenset[str] | None] = []
    for text in texts:
        try:
            told.append(frozenset(facts_in(text)) if text else frozenset())
        except Refused:
            told.append(None)
    bad: Truths = np.array([names is None for names in told], np.bool_)[codes]
    for name in table.column_names:
        if name not in FIELDS and any(name in names for names in told if names):
            within = np.array([names is not None and name in names for names in told], np.bool_)
            bad = bad | (within[codes] & _recorded(table.column(name)))
    return bad


def _nameless(name: str, column: pa.ChunkedArray) -> Truths:
    found = []
    for chunk in column.chunks:
        names = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        bad = blanks(chunk) if is_text(names.type) else np.zeros(len(chunk), np.bool_)
        if name in NEEDED:
            bad = bad | ~_there(chunk)
        elif bad.any():
            bad &= ~pc.fill_null(pc.equal(chunk.cast(pa.string()), ""), False).to_numpy(zero_copy_only=False)
        found.append(bad)
    return np.concatenate(found) if found else np.zeros(0, np.bool_)


def _timeless(name: str, column: pa.ChunkedArray) -> Truths:
    found = []
    for chunk in column.chunks:
        _, fine = instants_of(chunk, _ANY_TIME)
        found.append(~fine if name in NEEDED else ~fine & _there(chunk))
    return np.concatenate(found) if found else np.zeros(0, np.bool_)


def _there(chunk: pa.Array) -> Truths:
    found: Truths = chunk.is_valid().to_numpy(zero_copy_only=False)
    return found


def _recorded(column: pa.ChunkedArray) -> Truths:
    """Rows in which a fact's column says something; empty text says nothing."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    said = column.is_valid()
    if is_text(kind):
        said = pc.and_(said, pc.fill_null(pc.not_equal(column.cast(pa.string()), ""), False))
    found: Truths = said.to_numpy()
    return found


def _distinct(column: pa.ChunkedArray) -> tuple[Integers, list[str | None]]:
    """[row] → the number of its text; and the texts, None among them."""
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    texts = [*coded.dictionary.to_pylist(), None]
    codes: Integers = coded.indices.cast(pa.int64()).fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)
    return codes, texts


def _told(table: pa.Table, numbers: Integers) -> Iterator[Rejected]:
    """Why rows are no events, in the words in which it would be told of a file; ``numbers`` are theirs, from 0."""
    heading = table.column_names
    whole = [table.column(name).combine_chunks() for name in heading]
    columns = [one.dictionary_decode() if pa.types.is_dictionary(one.type) else one for one in whole]
    unknown: Counter[str] = Counter()
    for number, cells in zip(numbers.tolist(), cells_of(heading, columns), strict=True):
        yield cells.at(number + 1, "") if isinstance(cells, Refused) else _row_told(heading, number + 1, cells, unknown)


def _row_told(heading: Sequence[str], row: int, cells: tuple[Cell, ...], unknown: Counter[str]) -> Rejected:
    text = cells[heading.index("facts")] if "facts" in heading else None
    facts: object = None
    wrong = Refused("E0627", "the row is no event")
    try:
        facts = facts_in(str(text)) if text else None
    except Refused as refused:
        wrong = refused
    given = tuple(facts if name == "facts" else cell for name, cell in zip(heading, cells, strict=True))
    found = plain_event(heading, row, given, unknown, False)  # type: ignore[arg-type]
    if not isinstance(found, Rejected):
        return wrong.at(row, cells)
    return found if facts is None else Refused(found.code, found.cause).at(row, cells)
