"""What is wrong, where, and what to do about it. Problems are values that passes return; none is thrown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import Enum

from attrs import frozen

from slarules.source import Span


class Level(Enum):
    """How grave a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Edit:
    """A certain mend: put ``text`` where ``span`` is."""

    span: Span
    text: str


@frozen
class Diagnostic:
    """One problem, in the user's words."""

    code: str
    """Its number in ``CODES``; ``docs/diagnostics/<code>.md`` explains it."""
    level: Level
    """Errors keep a policy from being judged; warnings do not."""
    span: Span
    """The words that are wrong."""
    message: str
    """What is wrong: lower case, the user's words in backticks, no full stop."""
    help: str | None = None
    """What to do."""
    related: tuple[tuple[Span, str], ...] = ()
    """Other places that matter, each with a few words."""
    edit: Edit | None = None
    """The mend, where it is certain."""

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Sorts diagnostics in reading order."""
        return (self.span.source.name, self.span.start, self.span.end, self.code)


def error(
    code: str,
    span: Span,
    message: str,
    help: str | None = None,
    related: Iterable[tuple[Span, str]] = (),
    edit: Edit | None = None,
) -> Diagnostic:
    """A diagnostic of level error."""
    return Diagnostic(code, Level.ERROR, span, message, help, tuple(related), edit)


def warning(
    code: str,
    span: Span,
    message: str,
    help: str | None = None,
    related: Iterable[tuple[Span, str]] = (),
    edit: Edit | None = None,
) -> Diagnostic:
    """A diagnostic of level warning."""
    return Diagnostic(code, Level.WARNING, span, message, help, tuple(related), edit)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Reading order, doubles dropped."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: d.place))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them keeps the file from being used."""
    return any(d.level is Level.ERROR for d in diagnostics)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was most likely meant to be, if one is near enough."""
    words: Sequence[str] = sorted(set(known))
    found = get_close_matches(word, words, n=1, cutoff=0.7)
    if found:
        return found[0]
    lower = {w.lower(): w for w in words}
    return lower.get(word.lower())


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The help for a word that was most likely meant to be a known one; None where none is near enough."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else None
