"""A policy in the one style: only blanks, blank lines and line breaks change, and that is proven before it is given."""

from __future__ import annotations

from attrs import frozen

from slarules.diagnostics import Diagnostic, error, has_errors
from slarules.source import Source, Span
from slarules.syntax.layout import lay_out
from slarules.syntax.parse import parse
from slarules.syntax.sameness import first_difference
from slarules.syntax.statements import read_statements
from slarules.syntax.style import style
from slarules.syntax.tree import PolicyTree

WIDTH = 120
"""Cells of a line."""
NARROWEST = 40
UNPROVEN = "E0120"
"""The code of a file that is left alone because the style could not be proven to keep what it says."""
MOST_AS_WRITTEN = 50
"""Lines that may be left with the blanks that they have, because the style's would change what they say."""


@frozen
class Formatted:
    """What formatting gave."""

    text: str | None
    """The whole file in the one style; None where it was refused."""
    diagnostics: tuple[Diagnostic, ...]
    """Why it was refused, and whatever else is wrong with the spelling."""


@frozen
class _Settled:
    """A text in the one style that says the same, or why there is none."""

    text: str | None
    tree: PolicyTree
    failed: Diagnostic | None = None


def format_policy(source: Source, width: int = WIDTH) -> Formatted:
    """The file in the one style, ``width`` cells wide. Refused where its spelling has errors, or the proof fails.

    Proven is: the text read again has the same tree, the same words, the same comments beside the same words; and
    formatting it again changes nothing.
    """
    width = max(width, NARROWEST)
    tree, problems = parse(source)
    if has_errors(problems):
        return Formatted(None, problems)
    once = _settled(source, tree, width)
    failed = once.failed
    if once.text is not None and once.text != source.text:
        twice = _settled(Source(source.name, once.text), once.tree, width)
        if twice.text != once.text:
            line = _first_change(once.text, twice.text or "")
            failed = twice.failed or _refusal(source, line, "formatting it twice changes it twice")
    return Formatted(None if failed else once.text, (*problems, failed) if failed else problems)


def _settled(source: Source, tree: PolicyTree, width: int) -> _Settled:
    """The styled text, proven to say the same; a line that the style would change keeps its own blanks."""
    written = read_statements(source, tree, lay_out(source)[0])
    as_written: frozenset[int] = frozenset()
    for _ in range(MOST_AS_WRITTEN):
        lines, owners = style(written, width, as_written)
        text = "".join(f"{line}\n" for line in lines)
        if text == source.text:
            return _Settled(text, tree)
        made = Source(source.name, text)
        remade, problems = parse(made)
        differs = ("the spelling", problems[0].span.start) if has_errors(problems) else None
        if differs is None:
            statements = read_statements(made, remade, lay_out(made)[0])
            differs = first_difference((tree, written), (remade, statements))
        if differs is None:
            return _Settled(text, remade)
        what, offset = differs
        culprit = owners[min(made.line_of(offset), len(owners)) - 1]
        if culprit in as_written:
            break
        as_written |= {culprit}
    line = source.line_of(written.statements[culprit].start)
    return _Settled(None, tree, _refusal(source, line, f"the style would change {what} of this line"))


def _first_change(text: str, again: str) -> int:
    pairs = zip(text.split("\n"), again.split("\n"), strict=False)
    return next((n for n, (a, b) in enumerate(pairs, start=1) if a != b), 1)


def _refusal(source: Source, line: int, message: str) -> Diagnostic:
    line = min(line, len(source.line_starts))
    start = source.line_starts[line - 1]
    told = "nothing was changed; this is a mistake of slarules, please report it with this line"
    return error(UNPROVEN, Span(source, start, start + len(source.line_text(line))), message, told)
