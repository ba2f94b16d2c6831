"""A few words of the language read by themselves, with every mistake shown where the user wrote it."""

from __future__ import annotations

from functools import cached_property

from attrs import evolve, frozen

from slarules.diagnostics import Diagnostic, Edit, has_errors
from slarules.source import Source, Span
from slarules.syntax.parse import parse
from slarules.syntax.tree import Node

HERE = "your line"
"""What the user's own words are called in a diagnostic."""
_HEAD = 'slarules 1\nscenarios of "-"\n'
_UNDER = "    "
"""Put before each further line, so that it stands under the first."""


@frozen(slots=False)
class Frame:
    """What stands around the user's words, so that they are a block of the language."""

    above: str
    """Whole lines before them."""
    before: str
    """What stands on their own line, before them."""
    written: Source
    """The user's words, by themselves."""
    after: str = ""
    """What stands after them, on their last line."""

    @cached_property
    def source(self) -> Source:
        """The whole file."""
        words = self.written.text.replace("\n", "\n" + _UNDER)
        return Source(HERE, f"{_HEAD}{self.above}{self.before}{words}{self.after}\n")

    def place(self, offset: int) -> int:
        """Where in the user's words an offset of the file is; what lies outside is moved to their ends."""
        first = _HEAD.count("\n") + self.above.count("\n") + 1
        source = self.source
        line = source.line_of(offset)
        if line < first:
            return 0
        row = line - first
        if row >= len(self.written.line_starts):
            return len(self.written.text)
        column = offset - source.line_starts[line - 1] - (len(_UNDER) if row else len(self.before))
        start = self.written.line_starts[row]
        end = start + len(self.written.line_text(row + 1))
        return min(max(start, start + column), end)


def framed(above: str, before: str, words: str, after: str = "") -> Frame:
    """The user's words with what stands around them."""
    return Frame(above, before, Source(HERE, words), after)


def read_block(frame: Frame) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """The block that the words make in their frame, and what is wrong, placed in the frame's file.

    With an error there is no block. ``at_home`` moves the places to the user's words.
    """
    tree, problems = parse(frame.source)
    node = tree.items[0] if len(tree.items) == 1 else None
    return (None if has_errors(problems) else node), problems


def at_home(frame: Frame, problems: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The problems with their places in the user's own words."""
    return tuple(_moved(frame, problem) for problem in problems)


def _moved(frame: Frame, problem: Diagnostic) -> Diagnostic:
    edit = problem.edit
    return evolve(
        problem,
        span=_span(frame, problem.span),
        related=tuple((_span(frame, span), label) for span, label in problem.related),
        edit=None if edit is None else Edit(_span(frame, edit.span), edit.text),
    )


def _span(frame: Frame, span: Span) -> Span:
    if span.source.name != HERE:
        return span
    start = frame.place(span.start)
    return Span(frame.written, start, max(start, frame.place(span.end)))


def is_open_ended(text: str) -> bool:
    """Whether the words are a block that goes on: an open parenthesis or quotation mark, or a word that joins."""
    lines = text.split("\n")
    last = lines[-1].split("--")[0].rstrip()
    if not last:
        return False
    if last.endswith((",", "(")) or last.split()[-1] in ("and", "or", "because", "of:"):
        return True
    return text.count("(") > text.count(")")
