"""Tables of other libraries as tables of events: whatever speaks Arrow's C interface hands its columns over."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.calendars.zones import EARLY
from slarules.columnar.log.columns import FIELDS, NEEDED, TEXTS, TIMES, BadTable, checked
from slarules.readers.columns.facts import PLACE
from slarules.readers.columns.text import Truths, blank, is_text

_INDEX = re.compile(r"__index_level_\d+__")
"""What pandas calls its index where that has no name of its own."""
_EXACT = 1 << 53
"""Up to here every whole number is a float of its own."""


def arrived(table: object) -> pa.Table:
    """The checked events of a pyarrow table, a polars or pandas frame, a DuckDB relation … Raises ``BadTable``.

    A fact's column of floats that are all whole numbers is taken as whole numbers: pandas makes floats of integers
    where some are missing, and `1.0` is no severity.
    """
    if not hasattr(table, "__arrow_c_stream__"):
        raise BadTable(
            "a table that speaks Arrow is wanted: of pyarrow, polars or pandas (2.2 or later), or a relation of "
            f"DuckDB; this is of type {type(table).__name__}"
        )
    try:
        found = pa.table(table)
    except (pa.ArrowException, TypeError) as wrong:
        raise BadTable(f"the table cannot be handed over: {str(wrong).splitlines()[0][:200]}") from None
    found = found.drop_columns([name for name in found.column_names if _INDEX.fullmatch(name)])
    for number, name in enumerate(found.column_names):
        column = found.column(number)
        plain = column if name in FIELDS else _plain(column)
        if plain is not column:
            found = found.set_column(number, name, plain)
    if PLACE in found.column_names:
        raise BadTable(f"a column cannot be called `{PLACE}`: rename it")
    for number, name in enumerate(found.column_names):
        if name in TEXTS:
            _refuse_blank(name, found.column(number))
    whole = checked(recorded(found))
    for name in TIMES:
        if name in whole.column_names:
            _refuse_another_unit(name, whole.column(name))
    return whole


def recorded(table: pa.Table) -> pa.Table:
    """The same events; a cell of empty text is one in which nothing was recorded, as in an event file."""
    for number, name in enumerate(table.column_names):
        column = table.column(number)
        if any(_without_text(chunk) for chunk in column.chunks):
            some = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            told = pc.if_else(pc.equal(some, ""), pa.scalar(None, some.type), some)
            table = table.set_column(number, name, told.cast(column.type) if some is not column else told)
    return table


def _without_text(column: pa.Array) -> bool:
    """Whether there is a cell of empty text; a column of codes is asked for those it knows."""
    names = column.dictionary if pa.types.is_dictionary(column.type) else column
    return is_text(names.type) and bool(blanks(names).any())


def blanks(column: pa.Array) -> Truths:
    """Which cells of text hold nothing but blanks. Null cells are not among them."""
    if not pa.types.is_dictionary(column.type):
        return blank(column)
    bad = blank(column.dictionary)
    found: Truths = bad[column.indices.fill_null(0).to_numpy(zero_copy_only=False)] if bad.any() else np.zeros(0, bool)
    return found & column.is_valid().to_numpy(zero_copy_only=False) if len(found) else np.zeros(len(column), bool)


def _refuse_blank(name: str, column: pa.ChunkedArray) -> None:
    """As of a file: a name of blanks alone names nothing."""
    before = 0
    for chunk in column.chunks:
        names = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        bad = blanks(chunk) if is_text(names.type) else np.zeros(0, bool)
        if name not in NEEDED and bad.any():
            bad &= ~pc.fill_null(pc.equal(chunk.cast(pa.string()), ""), False).to_numpy(zero_copy_only=False)
        if bad.any():
            raise BadTable(f"row {before + int(bad.argmax()) + 1}: `{name}` is empty")
        before += len(chunk)


def _refuse_another_unit(name: str, times: pa.ChunkedArray) -> None:
    """As of a file: milliseconds that are taken for microseconds make times of January 1970."""
    early = pc.less(times.cast(pa.int64()), EARLY)
    row = pc.index(early, True).as_py()
    if row >= 0:
        raise BadTable(f"row {row + 1}: `{name}` is in the first weeks of 1970; is its unit right?")


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A fact's column with the numbers that are meant: categories of numbers as these, whole ones as whole."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if kind != column.type and not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        column = column.cast(kind)
    return column.cast(pa.int64()) if pa.types.is_floating(kind) and _whole(column) else column


def _whole(column: pa.ChunkedArray) -> bool:
    """Whether all its numbers are whole; one that is not finite is not."""
    exact = pc.and_(pc.equal(column, pc.trunc(column)), pc.less(pc.abs(column), _EXACT))
    return bool(pc.all(exact, min_count=0).as_py())
