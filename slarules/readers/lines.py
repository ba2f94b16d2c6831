"""Lines of a file of any size: none longer than 1 MB is ever held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from slarules.readers.rejects import Refused, Rejected, Tally

LIMIT = 1_000_000
"""The longest line that is read, in bytes with its end."""
_CHUNK = 1 << 16
_BOM = b"\xef\xbb\xbf"


def byte_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Line number, bytes with their line end, and whether it is too long; then only its beginning."""
    number = 0
    while line := stream.readline(LIMIT + 1):
        number += 1
        if number == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        if len(line) <= LIMIT:
            yield number, line, False
            continue
        yield number, line[:_CHUNK], True
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)


def text_lines(stream: BinaryIO, tally: Tally) -> Iterator[tuple[int, str | Rejected]]:
    """Each line that is not blank, from UTF-8 with or without a byte order mark, or why it cannot be read."""
    for number, raw, too_long in byte_lines(stream):
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
    return f"byte {wrong.start + 1} of the line, 0x{byte:02x}, is not {wrong.encoding.upper()}"
