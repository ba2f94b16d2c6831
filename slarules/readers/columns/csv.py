"""CSV files in stretches of rows of which it is known where each cell stands; what is odd is read a row at a time.

Python's reader of rows says what a file means.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.readers.columns.blocks import Buffered
from slarules.readers.columns.cells import cut
from slarules.readers.columns.found import Found
from slarules.readers.columns.text import Integers, distinct_cells
from slarules.readers.columns.words import every, how_many, words_of
from slarules.readers.csv import csv_rows_from
from slarules.readers.lines import LIMIT
from slarules.readers.rejects import Rejected, Tally
from slarules.readers.rows import Cell, Cells

_LONGEST = 131_072
"""Python's reader of rows refuses a longer cell."""
ASCII_LIKE = frozenset(("utf-8", "iso8859-1", "cp1252", "iso8859-15"))
"""Encodings in which the bytes of ASCII mean themselves, by Python's names."""


@frozen
class Dialect:
    """How a CSV file is written, and which of its cells are wanted."""

    width: int
    """Cells of a row."""
    wanted: tuple[int, ...]
    """Places of the cells that are read."""
    headings: tuple[str, ...]
    """Their headings."""
    times: frozenset[str]
    """Headings of times as they are written where no mapping says otherwise."""
    single: frozenset[str]
    """Headings of texts that are mostly different."""
    encoding: str = "utf-8"
    """Of its text."""
    delimiter: str = ","
    """Between cells."""
    empty_is_null: bool = True
    """Whether an empty cell says nothing."""


@frozen(eq=False)
class Stretch:
    """Rows that follow each other in the file."""

    found: Found
    """Where each cell that is wanted stands; a column for each."""
    encoding: str
    """Of the rows' bytes, which may have been put into another."""


class Cut:
    """Rows cut into cells."""

    def __init__(self, stretch: Stretch, dialect: Dialect) -> None:
        self._stretch, self._dialect = stretch, dialect
        self.odd = stretch.found.odd
        """Rows that are not in the columns."""
        self.lines = stretch.found.lines
        """The line on which each begins."""
        self.columns = {name: self._column(n, name) for n, name in enumerate(dialect.headings)}
        """The cells by heading; an empty one is null where it says nothing."""

    def _column(self, column: int, heading: str) -> pa.Array:
        found = self._stretch.found
        chosen = ~found.odd
        if self._dialect.empty_is_null:
            chosen &= found.sizes[column] > 0
        if heading in self._dialect.times:
            return found.times(column, chosen)
        return found.text(column, chosen) if heading in self._dialect.single else found.coded(column, chosen)

    def rows(self, places: Integers) -> Iterator[tuple[int, Cells | Rejected]]:
        """The cells of the rows at ``places``, as a reader of single rows has them, each with its place."""
        for place in places.tolist():
            line, content = self._stretch.found.by_itself(place)
            for row in _rows(io.BytesIO(content), line, self._dialect, self._stretch.encoding):
                yield place, row

    def distinct(self, heading: str) -> tuple[list[Cell], Integers]:
        """The different cells of a column, and which of them each row has."""
        return distinct_cells(self.columns[heading])


def stretches(source: Buffered, dialect: Dialect) -> Iterator[Stretch | tuple[Cells | Rejected, ...]]:
    """The file from below its heading on, in order; rows that are very long are read one by one."""
    while not source.at_end:
        content = source.lines()
        stretch, size, lines = _stretch(content, source.line, source.is_last, dialect)
        if size:
            source.move_on(size, lines)
            yield stretch
        else:
            yield tuple(islice(_rows(source, source.line, dialect, dialect.encoding), 1))


def _rows(source: Buffered | io.BytesIO, line: int, dialect: Dialect, encoding: str) -> Iterator[Cells | Rejected]:
    return csv_rows_from(source, dialect.wanted, dialect.width, line, Tally(), encoding, dialect.delimiter)


def _stretch(content: bytes, line: int, last: bool, dialect: Dialect) -> tuple[Stretch, int, int]:
    """The rows that a stretch of the file holds whole, and how many bytes and lines they are."""
    encoding, text_only = dialect.encoding, True
    if not content.isascii():
        try:
            content = content.decode(encoding).encode()
            encoding = "utf-8"
        except UnicodeDecodeError:
            text_only = False
    data, wanted = np.frombuffer(content, np.uint8), len(dialect.wanted)
    count = how_many(data, 10) + 1
    columns = np.full(dialect.width, -1, np.int64)
    columns[list(dialect.wanted)] = np.arange(wanted)
    kinds, odd = np.empty((wanted, count), np.uint8), np.empty(count, np.bool_)
    starts, sizes = np.empty((wanted, count), np.int32), np.empty((wanted, count), np.int32)
    begins, lines = np.empty(count + 1, np.int64), np.empty(count + 1, np.int64)
    words, delimiter = words_of(data), ord(dialect.delimiter)
    rows = cut(
        data, words, delimiter, every(delimiter), not text_only, LIMIT, _LONGEST, last, columns, kinds, starts, sizes,
        odd, begins, lines,
    )
    size, passed = int(begins[rows]), int(lines[rows])
    if encoding != dialect.encoding:
        size = len(content[:size].decode().encode(dialect.encoding))
    found = Found(
        data, words, kinds[:, :rows], starts[:, :rows], sizes[:, :rows], odd[:rows], begins[: rows + 1],
        line + lines[:rows], doubled=True,
    )
    return Stretch(found, encoding), size, passed
