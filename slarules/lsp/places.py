"""Places of a text as editors count them: lines from 0, columns in the units that the editor asked for."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from slarules.source import Source, Span

Encoding = types.PositionEncodingKind | str
"""UTF-16 units, unless the editor offers to count bytes of UTF-8 or whole characters."""


def _utf8(char: str) -> int:
    return len(char.encode("utf-8", "surrogatepass"))


def _utf16(char: str) -> int:
    return 2 if char > "\uffff" else 1


def _whole(char: str) -> int:
    del char
    return 1


_UNITS: dict[str, Callable[[str], int]] = {"utf-8": _utf8, "utf-16": _utf16, "utf-32": _whole}


def _size(encoding: Encoding) -> Callable[[str], int]:
    return _UNITS.get(str(getattr(encoding, "value", encoding)), _utf16)


def position(source: Source, offset: int, encoding: Encoding) -> types.Position:
    """The editor's position of an offset in code points; beyond the end it is the end."""
    offset = max(0, min(offset, len(source.text)))
    line = source.line_of(offset)
    before = source.text[source.line_starts[line - 1] : offset]
    units = len(before) if before.isascii() else sum(map(_size(encoding), before))
    return types.Position(line - 1, units)


def offset(source: Source, place: types.Position, encoding: Encoding) -> int:
    """The offset, in code points, of an editor's position; beyond a line's end it is the line's end."""
    if place.line >= len(source.line_starts):
        return len(source.text)
    line = max(0, place.line)
    start, text = source.line_starts[line], source.line_text(line + 1)
    if text.isascii():
        return start + max(0, min(place.character, len(text)))
    size, units = _size(encoding), 0
    for index, char in enumerate(text):
        if units >= place.character:
            return start + index
        units += size(char)
    return start + len(text)


def range_of(span: Span, encoding: Encoding) -> types.Range:
    """The editor's range of a span."""
    return types.Range(position(span.source, span.start, encoding), position(span.source, span.end, encoding))


def units(text: str, encoding: Encoding) -> int:
    """How many of the editor's units a text is."""
    return len(text) if text.isascii() else sum(map(_size(encoding), text))
