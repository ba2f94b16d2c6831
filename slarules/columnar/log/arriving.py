"""Tables of other libraries as tables of events: whatever speaks Arrow's C interface hands its columns over."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.log.aside import blanks, movable, sorted_out
from slarules.columnar.log.columns import FIELDS, BadTable, checked
from slarules.readers.columns.facts import PLACE
from slarules.readers.columns.text import is_text
from slarules.readers.rejects import Rejected

__all__ = ["Arrived", "arrived", "blanks", "recorded"]

_INDEX = re.compile(r"__index_level_\d+__")
"""What pandas calls its index where that has no name of its own."""
_EXACT = 1 << 53
"""Up to here every whole number is a float of its own."""


@frozen(eq=False)
class Arrived:
    """What a table of another library holds."""

    events: pa.Table
    """The checked events."""
    set_aside: Sequence[Rejected]
    """The rows that are no events, and why, in the order of the table."""

    @property
    def told(self) -> str | None:
        """What of it people should know: how many rows were set aside, and the first of them."""
        if not self.set_aside:
            return None
        count, first = len(self.set_aside), self.set_aside[0]
        return (
            f"{count} of {count + self.events.num_rows} rows {'is' if count == 1 else 'are'} set aside; "
            f"row {first.line}: {first.cause} ({first.code})"
        )


def arrived(table: object) -> Arrived:
    """The events of a pyarrow table, a polars or pandas frame, a DuckDB relation … Raises ``BadTable``.

    A row that is no event is set aside, as it is of a file; a column that cannot be what it is called is refused.
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
        if not pa.types.is_string_view(column.type) and movable(column.type) != column.type:
            column = column.cast(movable(column.type))
            found = found.set_column(number, name, column)
        plain = column if name in FIELDS else _plain(column)
        if plain is not column:
            found = found.set_column(number, name, plain)
    if PLACE in found.column_names:
        raise BadTable(f"a column cannot be called `{PLACE}`: rename it")
    checked(found.slice(0, 0))
    events, set_aside = sorted_out(found)
    return Arrived(checked(recorded(events)), set_aside)


def recorded(table: pa.Table) -> pa.Table:
    """The same events; a cell of empty text is one in which nothing was recorded, as in an event file."""
    for number, name in enumerate(table.column_names):
        column = table.column(number)
        if any(_without_text(chunk) for chunk in column.chunks):
            column = column.cast(movable(column.type))
            some = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            told = pc.if_else(pc.equal(some, ""), pa.scalar(None, some.type), some)
            table = table.set_column(number, name, told.cast(column.type) if some is not column else told)
    return table


def _without_text(column: pa.Array) -> bool:
    """Whether there is a cell of empty text; a column of codes is asked for those it knows."""
    names = column.dictionary if pa.types.is_dictionary(column.type) else column
    return is_text(names.type) and bool(blanks(names).any())


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
