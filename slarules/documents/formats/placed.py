"""Words at a place of a page: cut where a line may break there, and about so many lines."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from attrs import frozen

from slarules.documents.blocks import CODE, PLAIN, STRONG, Link, Run, Words
from slarules.documents.formats import measures
from slarules.documents.formats.as_set import as_set

Data = dict[str, Any]
"""A part of a document as the template reads it."""
WIDER: Mapping[str, float] = {CODE: 1.12, STRONG: measures.BOLD}
"""How much wider than plain words a style is."""
TOGETHER = 20
"""Lines that are kept on one page where they belong together."""


@frozen
class Place:
    """Where words stand: how much room they have, and which links lead somewhere."""

    width: float
    """Points across."""
    height: float
    """Points down, of a page."""
    size: float
    """Points of the letters."""
    anchors: frozenset[str]
    """Every anchor of the document."""

    @property
    def room(self) -> float:
        """Ems across."""
        return self.width / self.size


def of_words(words: Words, place: Place, larger: float = 1.0) -> list[Data | str]:
    """The words as the template reads them; ``larger`` than the letters of the place."""
    return [_run(word, place, larger) for word in words]


def _run(word: Run | Link, place: Place, larger: float) -> Data | str:
    style, to = (word.style, None) if isinstance(word, Run) else (PLAIN, word.to)
    if to is not None and to in place.anchors:
        style = "link"
    room = place.room / larger / WIDER.get(style, 1.0)
    parts = measures.pieces(as_set(word.text), room)
    if style == PLAIN and len(parts) == 1 and parts[0] != "\n":
        return parts[0]
    return {"style": style, "to": to, "parts": parts}


def of_text(text: str, place: Place, larger: float = 1.0) -> list[Data | str]:
    """The same for a text in no style."""
    return of_words((Run(text),), place, larger)


def lines_of(words: Words | str, place: Place) -> int:
    """About so many lines the words take."""
    text = as_set(words if isinstance(words, str) else "".join(word.text for word in words))
    return sum(max(1, ceil(measures.width(line) / (place.room * 0.93))) for line in text.split("\n"))


def within(place: Place, less: float = 0.0, share: float = 1.0, size: float | None = None) -> Place:
    """A place inside another."""
    return Place((place.width - less) * share, place.height, size or place.size, place.anchors)
