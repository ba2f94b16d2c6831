"""Lines of a file of any size: none longer than 1 MB is ever held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from slarules.readers.rejects import Refused, Rejected, Tally

LIMIT = 1_000_000
"""The longest line that is read, in bytes with its end."""
_CHUNK = 1 << 16
_BOM = b"\xef\xbb\xbf"


class Lines(Protocol):
    """What lines are read from."""

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, or its next ``size`` bytes; empty at the end."""


def byte_lines(stream: Lines, first: int = 1) -> Iterator[tuple[int, bytes, bool]]:
    """Line number, bytes with their line end, and whether it is too long; then only its beginning.

    ``first`` is the number of the first line, where the stream does not stand at the file's beginning. A line that
    was given has been read to its end.
    """
    number = first - 1
    while line := stream.readline(LIMIT + 1):
        number += 1
        if number == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        if len(line) <= LIMIT:
            yield number, line, False
            continue
        beginning = line[:_CHUNK]
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
        yield number, beginning, True


def text_lines(stream: Lines, tally: Tally, first: int = 1) -> Iterator[tuple[int, str | Rejected]]:
    """Each line that is not blank, from UTF-8 with or without a byte order mark, or why it cannot be read."""
    for number, raw, too_long in byte_lines(stream, first):
        if not raw.strip():
            continue
        tally.rows += 1
        if too_long:
            yield number, too_long_line().at(number, raw)
            continue
        try:
            yield number, raw.decode("utf-8")
        except UnicodeDecodeError as wrong:
            yield number, Refused("E0620", not_in_encoding(wrong)).at(number, raw)


def too_long_line() -> Refused:
    """Why a line was skipped."""
    return Refused("E0625", f"the line is longer than {LIMIT:,} bytes")


def not_in_encoding(wrong: UnicodeDecodeError) -> str:
    """Which byte of a line is wrong."""
    byte = wrong.object[wrong.start]
    if byte == 0xED and wrong.encoding == "utf-8" and wrong.object[wrong.start + 1 : wrong.start + 2] >= b"\xa0":
        return f"the character {len(wrong.object[: wrong.start].decode()) + 1} of the line is half of one"
    return f"byte {wrong.start + 1} of the line, 0x{byte:02x}, is not {wrong.encoding.upper()}"
