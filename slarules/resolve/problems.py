"""Where a pass puts what it finds wrong; keeps one mistake from being told twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field

from slarules import diagnostics
from slarules.diagnostics import Diagnostic, Edit, nearest
from slarules.source import Span
from slarules.syntax.tree import Node


@define
class Problems:
    """Diagnostics in the order in which they were found."""

    broken: frozenset[str] = frozenset()
    """Words of lines that could not be read: what is missing may stand there, so it is not told again."""
    found: list[Diagnostic] = field(factory=list)
    told: set[tuple[str, str]] = field(factory=set)
    """What was missing and has been told: (sort, name)."""
    dormant: frozenset[str] = frozenset()
    """Names defined only in clauses that are not in force in the version being built (R27)."""

    def error(
        self, code: str, span: Span, message: str, help: str | None = None,
        related: Iterable[tuple[Span, str]] = (), edit: Edit | None = None,
    ) -> None:
        """An error."""
        self.found.append(diagnostics.error(code, span, message, help, related, edit))

    def warning(self, code: str, span: Span, message: str, help: str | None = None) -> None:
        """A warning."""
        self.found.append(diagnostics.warning(code, span, message, help))

    def missing(
        self, code: str, sort: str, name: Node, known: Iterable[str], otherwise: str | None = None,
        meant: Mapping[str, str] | None = None,
    ) -> None:
        """A name that nothing has: told once, at its first use, with the name most likely meant."""
        word = name.text
        if word in self.broken or (sort, word) in self.told:
            return
        self.told.add((sort, word))
        near = (meant or {}).get(word) or nearest(word, known)
        if near is not None:
            self.error(code, name.span, f"`{word}` is no {sort}", f"did you mean `{near}`?",
                       edit=Edit(name.span, near))
        elif word in self.dormant:
            self.error(code, name.span, f"`{word}` is no {sort} in the terms in force here",
                       "the clause that defines it has other dates in force")
        else:
            self.error(code, name.span, f"`{word}` is no {sort}", otherwise)
