"""CSV looked at byte by byte: where each row and each of its cells stand, as Python's reader of rows would cut them.

A plain loop over arrays, compiled where numba is installed.
"""

from __future__ import annotations

from typing import Any

from slarules.readers.columns.compiled import compiled, small
from slarules.readers.columns.values import ESCAPED, TEXT
from slarules.readers.columns.words import TOPS, before_first, bytes_below, every, same_bytes

_QUOTES = every(34)
_BELOW_14 = every(128 - 14)


@small
def _stop(data: Any, words: Any, at: Any, end: Any, byte: Any, pattern: Any, ascii_only: Any) -> Any:
    """Where the next such byte stands, or a control character as line ends are, or what is no text; or the end."""
    while at < len(words):
        word = words[at]
        marks = same_bytes(word, pattern) | bytes_below(word, _BELOW_14)
        if ascii_only:
            marks |= word & TOPS
        if marks:
            return at + before_first(marks)
        at += 8
    while at < end and data[at] != byte and data[at] >= 14 and not (ascii_only and data[at] > 127):
        at += 1
    return at


@compiled
def cut(
    data: Any, words: Any, delimiter: int, delimiters: Any, ascii_only: bool, longest_row: int, longest_cell: int,
    last: bool, columns: Any, kinds: Any, starts: Any, sizes: Any, odd: Any, begins: Any, lines: Any,
) -> int:
    """Cuts the rows that ``data`` holds whole; how many there are.

    ``data`` begins with a row. What it does not hold to its end is left out, unless it is the ``last`` of the file; so
    is all from a row on that is too long, or has too long a cell. Blank lines are no rows. ``columns`` says for each
    cell that a row should have where its ``kinds``, ``starts`` and ``sizes`` are written, -1 if nowhere: of what stands
    inside its quotation marks, ``ESCAPED`` where one is doubled. Rows are ``odd`` that are to be read by themselves:
    with more or fewer cells, such as cannot be cut, and what is no text. ``begins`` and ``lines`` (counted from 0) are
    written for each row, and behind the last for what was left out.

    It is one long function because a row goes through all of it, and what it is in the midst of decides what a byte is.
    """
    end, at, row, line = len(data), 0, 0, 0
    width = len(columns)
    while at < end:
        first = at
        begins[row], lines[row] = at, line
        cell, sound, closed = 0, True, True
        while True:
            kind, begin, quoted = TEXT, at, at < end and data[at] == 34
            if quoted:
                begin, closed = at + 1, False
                at = begin
                while at < end:
                    at = _stop(data, words, at, end, 34, _QUOTES, ascii_only)
                    if at >= end:
                        break
                    byte = data[at]
                    if byte == 34:
                        if at + 1 < end and data[at + 1] == 34:
                            kind = ESCAPED
                            at += 1
                        else:
                            closed = True
                            break
                    elif byte == 10:
                        line += 1
                    elif byte == 0 or byte > 127:
                        sound = False
                    at += 1
                size = at - begin
                if closed:
                    at += 1
            else:
                while True:
                    at = _stop(data, words, at, end, delimiter, delimiters, ascii_only)
                    if at >= end or data[at] == delimiter or data[at] == 10 or data[at] == 13:
                        break
                    sound = sound and data[at] != 0 and data[at] < 128
                    at += 1
                size = at - begin
            if size >= longest_cell:
                return row
            if cell < width and columns[cell] >= 0:
                column = columns[cell]
                kinds[column, row], starts[column, row], sizes[column, row] = kind, begin, size
            cell += 1
            if at >= end or data[at] != delimiter:
                break
            at += 1
        blank = at == first
        if at < end and data[at] == 13:
            at += 1
        if at < end and data[at] != 10:
            sound = False
            while at < end and data[at] != 10:
                at += 1
        if (at >= end and not last) or at - first >= longest_row:
            return row
        at += 1
        line += 1
        if not blank or not sound:
            odd[row] = not (sound and closed and cell == width)
            row += 1
    begins[row], lines[row] = min(at, end), line
    return row
