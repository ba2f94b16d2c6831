"""Text in pictures: how wide it may come out, where it is broken, how it is cut short.

SVG breaks no lines, and whose reader has which font is not known. So widths are those of the widest common sans
(DejaVu Sans): what fits by this measure fits in Arial, Helvetica, Source Sans or Noto Sans.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WIDTHS = {
    char: width
    for width, chars in (
        (0.3, "'Iijl"),
        (0.35, " ,./:;\\|"),
        (0.4, "()-[]ft"),
        (0.45, "!r"),
        (0.5, '*"J'),
        (0.55, "`csz"),
        (0.6, "?L_kvxy"),
        (0.65, "$0123456789FTabdeghnopqu{}–·"),
        (0.7, "ABEKPSVXYZ"),
        (0.75, "CNRU"),
        (0.8, "&DGHOQ"),
        (0.85, "#+<=>^w~"),
        (0.9, "M"),
        (1.0, "%Wm—…"),
        (1.05, "@œæ"),
    )
    for char in chars
}
"""Character → ems."""
BOLD = 1.2
"""A bold character is at most so many times as wide."""
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
"""Controls, marks that turn the direction of writing, and what is no character at all."""


def clean(text: str) -> str:
    """The text on one line; what XML cannot hold, or would turn what stands around it, is replaced by ``\ufffd``."""
    if not (text.isascii() and text.isprintable()):
        text = _UNSHOWABLE.sub("\ufffd", text)
    return " ".join(text.split())


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide the text is at most, in units, in letters of this size."""
    ems = sum(_WIDTHS[char] if char in _WIDTHS else _other(char) for char in text)
    return ems * size * (BOLD if bold else 1)


def _other(char: str) -> float:
    """The width of a character outside the table, in ems."""
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.4 if ord(char) >= 0x1F000 else 1.05
    return 0.8 if unicodedata.category(char) == "Ll" and ord(char) < 0x180 else 1.1


def wrapped(text: str, size: float, room: float, lines: int = 99, bold: bool = False) -> tuple[str, ...]:
    """The text in lines that are no wider than the room, at most so many; the last is cut short with `…` if need be.

    A word wider than the room is broken. An empty text has no lines.
    """
    made: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold) <= room:
            line = joined
            continue
        if line:
            made.append(line)
        *whole, line = _pieces(word, size, room, bold)
        made += whole
    made += [line] if line else []
    if len(made) > lines:
        made[lines - 1 :] = [short(" ".join(made[lines - 1 :]), size, room, bold)]
    return tuple(made)


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    """A word, in pieces that fit; each has a character at least."""
    pieces = [""]
    for char in word:
        if pieces[-1] and width(pieces[-1] + char, size, bold) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


def short(text: str, size: float, room: float, bold: bool = False) -> str:
    """The text on one line, cut short with `…` where it is wider than the room."""
    line = clean(text)
    if width(line, size, bold) <= room:
        return line
    while line and width(line + "…", size, bold) > room:
        line = line[:-1].rstrip()
    return line + "…" if width("…", size, bold) <= room else ""


def widest(texts: Sequence[str], size: float, bold: bool = False) -> float:
    """The width of the widest, 0 for none."""
    return max((width(clean(text), size, bold) for text in texts), default=0)


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
