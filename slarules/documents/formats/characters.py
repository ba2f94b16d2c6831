"""Characters as a document may show them: what a file cannot hold, or what would mislead, is replaced, not dropped."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
"""Stands, visibly, for a character that may not be shown."""
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
"""Controls, marks that turn the writing's direction, halves of characters, and what Unicode says is no character."""


def shown(text: str) -> str:
    """The text as a file can hold it and a reader sees it; its line breaks are ``\\n``."""
    if text.isascii() and text.isprintable():
        return text
    return UNSHOWABLE.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The same for a title or a name: on one line, with single blanks."""
    return " ".join(shown(text).split())
