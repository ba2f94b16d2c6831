"""CSV files as rows of cells, a row at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from slarules.readers.lines import Lines, byte_lines, not_in_encoding, too_long_line
from slarules.readers.rejects import Refused, Rejected, Tally
from slarules.readers.rows import Cells


class _Text:
    """The file's lines as text; a line that cannot be read is remembered, and its row is set aside."""

    def __init__(self, stream: Lines, encoding: str, first: int = 1) -> None:
        self._lines = byte_lines(stream, first)
        self._encoding = encoding
        self.wrong: Refused | None = None
        """What is wrong with a line given since this was last cleared."""

    def __iter__(self) -> Iterator[str]:
        for _, raw, too_long in self._lines:
            if too_long:
                self.wrong = too_long_line()
                yield raw[:200].decode("ascii", "backslashreplace").replace('"', "'")
                continue
            try:
                yield raw.decode(self._encoding)
            except UnicodeDecodeError as wrong:
                self.wrong = Refused("E0620", not_in_encoding(wrong))
                yield raw.decode(self._encoding, "backslashreplace")


def csv_heading(stream: Lines, encoding: str = "utf-8", delimiter: str = ",") -> list[str] | None:
    """The columns' headings; None where the file holds nothing, or no readable first line."""
    text = _Text(stream, encoding)
    try:
        heading = next(csv.reader(text, delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None
    return None if not heading or text.wrong else heading


def csv_rows(
    stream: BinaryIO, columns: Sequence[str], tally: Tally, encoding: str = "utf-8", delimiter: str = ","
) -> Iterator[Cells | Rejected]:
    """The cells of ``columns`` for each row below the heading, or why a row is set aside.

    The heading must hold ``columns``; of a heading that stands there twice, the first counts.
    """
    text = _Text(stream, encoding)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    heading = next(reader, [])
    places = [heading.index(column) for column in columns]
    yield from _rows(text, reader, places, len(heading), 1, tally)


def csv_rows_from(
    stream: Lines, places: Sequence[int], width: int, first: int, tally: Tally, encoding: str = "utf-8",
    delimiter: str = ",",
) -> Iterator[Cells | Rejected]:
    """The same from a place below the heading, where line ``first`` begins: of ``width`` cells those at ``places``."""
    text = _Text(stream, encoding, first)
    return _rows(text, csv.reader(text, delimiter=delimiter, strict=True), places, width, first, tally)


def _rows(
    text: _Text, reader: Any, places: Sequence[int], width: int, first: int, tally: Tally
) -> Iterator[Cells | Rejected]:
    while True:
        line, text.wrong = reader.line_num + first, None
        row: list[str] = []
        try:
            row = next(reader)
            refused = text.wrong
        except StopIteration:
            return
        except csv.Error as wrong:
            last = reader.line_num + first - 1
            span = f"lines {line} to {last}" if last > line else "the line"
            refused = text.wrong or Refused("E0629", f"{span} cannot be cut into cells: {wrong}")
        if not row and refused is None:
            continue  # a blank line
        tally.rows += 1
        if refused is None and len(row) != width:
            refused = Refused("E0629", f"the row has {len(row)} cells, the heading {width}")
        yield refused.at(line, row) if refused else (line, tuple(row[place] for place in places))
