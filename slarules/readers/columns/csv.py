"""CSV files in stretches that a column library may cut into cells, and others that are read a row at a time.

Python's reader of rows says what a file means. A stretch is cut as a whole only where both must agree: where each
quotation mark opens or closes a cell, or is doubled within one, and each carriage return ends a line.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa
from attrs import field, frozen
from pyarrow import csv

from slarules.readers.columns.blocks import Buffered
from slarules.readers.columns.text import Integers, Truths, distinct_cells, plain, spans
from slarules.readers.csv import csv_rows_from
from slarules.readers.rejects import Rejected, Tally
from slarules.readers.rows import Cell, Cells

_LONGEST = 131_072
"""Python's reader of rows refuses a longer cell."""
_FEW = 128
"""So few lines are read one by one rather than cut into smaller stretches."""
_AFTER_DOUBT = 500
"""Rows read one by one behind a quotation mark out of place."""
_ASCII_LIKE = {"utf-8": "utf-8", "iso8859-1": "latin-1", "cp1252": "cp1252", "iso8859-15": "iso8859-15"}
_BOM = b"\xef\xbb\xbf"


@frozen
class Dialect:
    """How a CSV file is written, and which of its cells are wanted."""

    width: int
    """Cells of a row."""
    wanted: tuple[int, ...]
    """Places of the cells that are read."""
    headings: tuple[str, ...]
    """Their headings."""
    coded: frozenset[int]
    """Places of cells whose values repeat."""
    encoding: str = "utf-8"
    """Of its text."""
    delimiter: str = ","
    """Between cells."""
    empty_is_null: bool = True
    """Whether an empty cell says nothing."""


@frozen(eq=False)
class Stretch:
    """Whole rows of the file."""

    content: bytes
    """As they stand there."""
    line: int
    """The number of the first line."""
    ends: Integers | None = field(default=None)
    """Where each row ends, if cells hold line ends; None: where each line does."""
    entries: tuple[Cells | Rejected, ...] | None = None
    """What was read of them already, row by row."""


@frozen(eq=False)
class Cut:
    """Rows cut into cells."""

    columns: Mapping[str, pa.Array]
    """The cells by heading; an empty one is null where it says nothing."""
    lines: Integers
    """The line on which each row begins."""
    empty_is_null: bool
    """Whether an empty cell says nothing."""

    @property
    def odd(self) -> Truths:
        """No row: all are in the columns."""
        return np.zeros(len(self.lines), np.bool_)

    def rows(self, places: Integers) -> Iterator[tuple[int, Cells | Rejected]]:
        """The cells of the rows at ``places``, as a reader of single rows has them, each with its place."""
        chosen = pa.array(places)
        columns = [column.take(chosen).fill_null("").to_pylist() for column in map(plain, self.columns.values())]
        rows = zip(self.lines[places].tolist(), zip(*columns, strict=True), strict=True)
        yield from zip(places.tolist(), rows, strict=True)

    def distinct(self, heading: str) -> tuple[list[Cell], Integers]:
        """The different cells of a column, and which of them each row has."""
        return distinct_cells(self.columns[heading])


def stretches(source: Buffered, dialect: Dialect) -> Iterator[Stretch]:
    """The file from below its heading on, in order."""
    while not source.at_end:
        content = source.lines()
        if not content:
            yield _one_by_one(source, dialect, 1)
        elif b'"' not in content:
            stretch = Stretch(content, source.line)
            source.move_on(len(content), _lines_in(content))
            yield stretch
        else:
            last = not content.endswith(b"\n")
            ends, doubtful = _ends_of_rows(content, dialect.delimiter, last)
            size = int(ends[-1]) if len(ends) else 0
            if size:
                stretch = Stretch(content[:size], source.line, ends)
                source.move_on(size, _lines_in(stretch.content))
                yield stretch
            if doubtful or not size:
                yield _one_by_one(source, dialect, _AFTER_DOUBT)


def _one_by_one(source: Buffered, dialect: Dialect, count: int) -> Stretch:
    line = source.line
    rows = csv_rows_from(source, dialect.wanted, dialect.width, line, Tally(), dialect.encoding, dialect.delimiter)
    return Stretch(b"", line, None, tuple(islice(rows, count)))


def _lines_in(content: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(content, np.uint8) == 10))


def _ends_of_rows(content: bytes, delimiter: str, last: bool) -> tuple[Integers, bool]:
    """Where rows end, up to a quotation mark that neither opens nor closes a cell nor is doubled; whether there is one.

    A mark that opens one stands behind a delimiter or a line end, one that closes it before one. As long as
    they alternate, a line end behind an even number of them ends a row.
    """
    data = np.frombuffer(content, np.uint8)
    marks = np.flatnonzero(data == ord('"'))
    before = np.where(marks > 0, data[marks - 1], 10)
    after = np.where(marks + 1 < data.size, data[np.minimum(marks + 1, data.size - 1)], 10)
    cut, quote = ord(delimiter), ord('"')
    opening = (before == cut) | (before == 10) | (before == quote)
    closing = (after == cut) | (after == 10) | (after == 13) | (after == quote)
    good = np.where(np.arange(marks.size) % 2 == 0, opening, closing)
    sound = bool(good.all())
    ends = np.flatnonzero(data == 10) + 1
    inside = np.searchsorted(marks, ends) % 2 == 1
    if not sound:
        inside |= ends > marks[int(np.argmin(good)) // 2 * 2]
    found: Integers = ends[~inside]
    if last and sound and marks.size % 2 == 0:
        found = np.append(found, data.size)
    return found, not sound


# ---- Cells ------------------------------------------------------------------------------------------------------


def cut(stretch: Stretch, dialect: Dialect) -> Iterator[Cut | tuple[Cells | Rejected, ...]]:
    """The cells that are wanted: in columns where possible, else row by row."""
    if stretch.entries is not None:
        yield stretch.entries
        return
    cells = _columns(stretch, dialect)
    if cells is not None:
        if len(cells.lines):
            yield cells
        return
    pieces = _halves(stretch)
    if len(pieces) == 1:
        yield tuple(_rows(stretch, dialect))
        return
    for piece in pieces:
        yield from cut(piece, dialect)


def _rows(stretch: Stretch, dialect: Dialect) -> Iterator[Cells | Rejected]:
    source, tally = io.BytesIO(stretch.content), Tally()
    return csv_rows_from(
        source, dialect.wanted, dialect.width, stretch.line, tally, dialect.encoding, dialect.delimiter
    )


def _columns(stretch: Stretch, dialect: Dialect) -> Cut | None:
    """The cells in columns and the line of each row; None where a library might cut otherwise than Python's reader."""
    content = stretch.content
    if content.startswith(_BOM) or dialect.encoding not in _ASCII_LIKE or b"\0" in content:
        return None
    if b"\r" in content and content.count(b"\r") != content.count(b"\r\n"):
        return None
    try:
        if not content.isascii():
            content = content.decode(dialect.encoding).encode()
        table = csv.read_csv(
            pa.py_buffer(content), _reading(dialect, len(content)), _parsing(dialect, stretch), _converting(dialect)
        )
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    lines = _lines(stretch, table.num_rows)
    if len(lines) != table.num_rows or not _short(table, stretch, dialect):
        return None
    places = zip(dialect.headings, dialect.wanted, strict=True)
    found = {name: _whole(table.column(str(place))) for name, place in places}
    return Cut(found, lines, dialect.empty_is_null)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _reading(dialect: Dialect, size: int) -> csv.ReadOptions:
    names = [str(place) for place in range(dialect.width)]
    return csv.ReadOptions(use_threads=False, column_names=names, block_size=size + 1)


def _parsing(dialect: Dialect, stretch: Stretch) -> csv.ParseOptions:
    quoted = stretch.ends is not None
    return csv.ParseOptions(
        delimiter=dialect.delimiter, quote_char='"' if quoted else False, newlines_in_values=quoted
    )


def _converting(dialect: Dialect) -> csv.ConvertOptions:
    coded = pa.dictionary(pa.int32(), pa.string())
    wanted = dict.fromkeys(dialect.wanted)
    return csv.ConvertOptions(
        column_types={str(place): coded if place in dialect.coded else pa.string() for place in wanted},
        include_columns=[str(place) for place in wanted],
        strings_can_be_null=dialect.empty_is_null,
        quoted_strings_can_be_null=dialect.empty_is_null,
        null_values=[""],
        check_utf8=False,
    )


def _short(table: pa.Table, stretch: Stretch, dialect: Dialect) -> bool:
    """Whether no cell can be too long for a row that is read by itself."""
    if len(table.columns) < dialect.width:
        ends = np.flatnonzero(np.frombuffer(stretch.content, np.uint8) == 10) if stretch.ends is None else stretch.ends
        sizes = np.diff(np.concatenate([[0], ends, [len(stretch.content)]]))
        return int(sizes.max()) < _LONGEST
    longest = 0
    for column in table.columns:
        for chunk in column.chunks:
            offsets, _ = spans(chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk)
            longest += int(np.diff(offsets).max(initial=0))
    return longest < _LONGEST


def _lines(stretch: Stretch, rows: int) -> Integers:
    """The number of the line on which each row begins; a blank line is no row."""
    data = np.frombuffer(stretch.content, np.uint8)
    breaks = np.flatnonzero(data == 10) + 1
    count = breaks.size + (not stretch.content.endswith(b"\n"))
    if count == rows:
        return np.arange(stretch.line, stretch.line + rows)
    ends = np.append(breaks, data.size) if stretch.ends is None else stretch.ends
    starts = np.concatenate([[0], ends[:-1]]) if ends.size else np.zeros(0, np.int64)
    first = data[np.minimum(starts, data.size - 1)]
    starts = starts[(starts < data.size) & (first != 10) & ~((first == 13) & (ends - starts <= 2))]
    lines: Integers = stretch.line + np.searchsorted(breaks, starts, side="right")
    return lines


def _halves(stretch: Stretch) -> Sequence[Stretch]:
    """The stretch in several smaller ones; itself where it is small already."""
    data = np.frombuffer(stretch.content, np.uint8)
    ends = np.flatnonzero(data == 10) + 1 if stretch.ends is None else stretch.ends
    if ends.size <= _FEW:
        return (stretch,)
    pieces, begin = [], 0
    cuts = ends[np.linspace(ends.size / 16, ends.size - 1, 16).astype(np.int64)].tolist()
    cuts[-1] = data.size
    line = stretch.line
    for end in cuts:
        content = stretch.content[begin:end]
        within = None if stretch.ends is None else ends[(ends > begin) & (ends <= end)] - begin
        pieces.append(Stretch(content, line, within))
        line += _lines_in(content)
        begin = end
    return pieces
