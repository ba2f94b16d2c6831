"""Characters of a document that no font can draw, with where they stand: a page with a box for a character is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from slarules.documents.blocks import Document, Section
from slarules.documents.formats import fonts
from slarules.documents.formats.as_set import as_set
from slarules.documents.formats.characters import one_line
from slarules.documents.render import CannotBeWritten
from slarules.pictures.picture import Picture

MOST = 5
"""Characters that a message names."""
ADVICE = "put other characters in their place, or write .html or .docx, which are shown with the reader's own fonts"


def check(document: Document, shown: str) -> None:
    """Raises `CannotBeWritten` if a character of the document, or of a picture in it, is in none of the fonts.

    ``shown``: all that is shown of it, in any order.
    """
    missing = set(fonts.lacking(set(shown)))
    if not missing:
        return
    stands: dict[str, str] = {}
    for where, text in texts(document, "on the front page"):
        for char in missing.intersection(text):
            stands.setdefault(char, where)
    lacking = sorted(stands)
    if not lacking:
        return  # it is only told to those who cannot see the pages
    told = [f"`{char}` ({fonts.named(char)}) {stands[char]}" for char in lacking[:MOST]]
    more = f", and {len(lacking) - MOST} more" if len(lacking) > MOST else ""
    raise CannotBeWritten(f"no font at hand can draw {', '.join(told)}{more}; {ADVICE}")


def texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Every text in a part of a document as it will be shown, with where it stands; it is said for a reader."""
    match value:
        case str():
            yield where, as_set(value)
        case tuple():
            for one in value:
                yield from texts(one, where)
        case Picture():
            yield f"in the picture `{one_line(value.title)}`", as_set(value.svg)
        case Section():
            place = one_line(f"under `{value.number} {value.title}`" if value.number else f"under `{value.title}`")
            for one in (value.title, value.blocks, value.sections):
                yield from texts(one, place)
        case _:
            kind: Any = type(value)
            for field in attrs.fields(kind) if attrs.has(kind) else ():
                yield from texts(getattr(value, field.name), where)
