"""Parquet files in batches of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.readers.columns.text import Integers, Truths, distinct_cells, is_text, plain, spans
from slarules.readers.parquet import python_cells
from slarules.readers.rejects import Rejected
from slarules.readers.rows import Cell, Cells

BATCH = 1 << 18
"""Rows held at once, at most."""
ROOM = 32 << 20
"""Bytes that they have, about."""


class ParquetBatch:
    """Some rows of a Parquet file."""

    def __init__(self, columns: dict[str, pa.Array], first: int, empty_is_null: bool) -> None:
        self._columns = columns
        self.columns = {name: without_empty(column) for name, column in columns.items()} if empty_is_null else columns
        """By heading; an empty cell is null where it says nothing."""
        self.first = first
        """The 1-based number of its first row."""

    @property
    def lines(self) -> Integers:
        """The 1-based number of each row."""
        return np.arange(self.first, self.first + len(next(iter(self._columns.values()))))

    @property
    def odd(self) -> Truths:
        """No row: all are in the columns."""
        return np.zeros(len(self.lines), np.bool_)

    def distinct(self, heading: str) -> tuple[list[Cell], Integers]:
        """The different cells of a column, and which of them each row has."""
        return distinct_cells(self._columns[heading])

    def rows(self, places: Integers) -> Iterator[tuple[int, Cells | Rejected]]:
        """The cells of the rows at ``places``, as a reader of single rows has them, each with its place."""
        chosen = pa.array(places)
        columns = [python_cells(column.take(chosen)) for column in self._columns.values()]
        for place, cells in zip(places.tolist(), zip(*columns, strict=True), strict=True):
            yield place, (self.first + place, cells)


def parquet_batches(
    stream: BinaryIO, columns: Sequence[str], coded: Callable[[str], bool], empty_is_null: bool
) -> Iterator[ParquetBatch]:
    """The file's rows. Raises what ``pyarrow`` raises where it is damaged, and ``ValueError`` for text that is none.

    ``coded`` tells which headings repeat their values, so that they need not be spelt out.
    """
    from pyarrow import parquet

    schema = parquet.ParquetFile(stream).schema_arrow
    repeating = [name for name in columns if coded(name) and is_text(schema.field(name).type)]
    file = parquet.ParquetFile(stream, read_dictionary=repeating)
    first = 1
    rows = _rows_at_once(file.metadata)
    for groups in _groups(file.metadata, rows):
        for batch in file.iter_batches(batch_size=rows, columns=list(columns), row_groups=groups):
            found = {name: _sound(batch.column(batch.schema.get_field_index(name))) for name in columns}
            if batch.num_rows:
                yield ParquetBatch(found, first, empty_is_null)
            first += batch.num_rows


def _groups(metadata: Any, rows: int) -> Iterator[list[int]]:
    """Row groups, together where they are small: one iteration keeps the bytes of all groups that it has read."""
    groups: list[int] = []
    held = 0
    for number in range(metadata.num_row_groups):
        own = metadata.row_group(number).num_rows
        if groups and held + own > rows:
            yield groups
            groups, held = [], 0
        groups.append(number)
        held += own
    if groups:
        yield groups


def _rows_at_once(metadata: Any) -> int:
    """Fewer rows where they are long."""
    size = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    return max(1_024, min(BATCH, int(ROOM * metadata.num_rows // max(size, 1))))


def _sound(column: pa.Array) -> pa.Array:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_list(kind) or (is_text(kind) and not _ascii(column)):
        column.validate(full=True)
    if not pa.types.is_dictionary(column.type):
        return column
    if not is_text(kind) or column.dictionary.null_count:
        return plain(column)
    return column.cast(pa.dictionary(pa.int32(), pa.string()))


def _ascii(column: pa.Array) -> bool:
    """Whether all bytes of text are ASCII, and so certainly text."""
    column = column.dictionary if pa.types.is_dictionary(column.type) else column
    if not pa.types.is_string(column.type):
        return False
    offsets, data = spans(column)
    return not data.size or int(data[int(offsets[0]) : int(offsets[-1])].max(initial=0)) < 128


def without_empty(column: pa.Array) -> pa.Array:
    """The column with null instead of empty text: it says nothing."""
    kind: Any = column.type
    if pa.types.is_dictionary(kind):
        empty = pc.index(column.dictionary, "").as_py()
        return column if empty < 0 else pc.if_else(pc.equal(column.indices, empty), None, column)
    if not is_text(kind):
        return column
    column = column.cast(pa.string())
    if not (np.diff(spans(column)[0]) == 0).any():
        return column
    return pc.if_else(pc.equal(pc.binary_length(column), 0), None, column)
