"""What a command answers: lines of words, tables and diagnostics. How they look is for whoever prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from slarules.diagnostics import Diagnostic, error
from slarules.source import Source, Span

PLAIN, STRONG, FAINT, GOOD, BAD, DOUBT, RUNNING, STILL, QUOTED, NOW = (
    "plain", "strong", "faint", "good", "bad", "doubt", "running", "still", "quoted", "now",
)  # fmt: skip
"""What words mean, by which they are coloured where there are colours."""

Words = tuple[str, str]
"""Some words and what they mean."""


@frozen
class Line:
    """One line of an answer."""

    parts: tuple[Words, ...] = ()


@frozen
class Grid:
    """A table of words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


Part = Line | Grid | Diagnostic
Answer = tuple[Part, ...]


@frozen
class Look:
    """How an answer will be seen."""

    width: int = 80
    """Cells of a line."""
    ascii: bool = False
    """Whether only ASCII can be shown."""


def line(*parts: str | Words) -> Line:
    """One line; a bare string is plain words."""
    return Line(tuple((part, PLAIN) if isinstance(part, str) else part for part in parts))


def remark(words: str) -> Answer:
    """An answer of one quiet line."""
    return (line((words, FAINT)),)


def grid(heads: Sequence[str], rows: Iterable[Sequence[str | Words]]) -> Grid:
    """A table; a bare string is a plain cell."""
    cells = tuple(tuple((cell, PLAIN) if isinstance(cell, str) else cell for cell in row) for row in rows)
    return Grid(tuple(heads), cells)


NOWHERE = "this session"
"""The place of a diagnostic that has no place."""


def wrong(code: str, message: str, help: str | None = None) -> Diagnostic:
    """A diagnostic of no place in particular."""
    return error(code, Span(Source(NOWHERE, ""), 0, 0), message, help)


STYLE_OF_STATE = {
    "met": GOOD, "reached": GOOD, "kept": GOOD, "permitted": GOOD, "in_scope": GOOD, "elected": GOOD,
    "breached": BAD, "missed": BAD, "not_permitted": BAD,
    "undetermined": DOUBT, "pending": RUNNING, "open": RUNNING, "suspended": STILL,
}  # fmt: skip
"""State → what it means; others are plain."""


def of_state(state: str, words: str | None = None) -> Words:
    """A state, or words about it, with its meaning."""
    return (words or state.replace("_", " "), STYLE_OF_STATE.get(state, FAINT))
