"""A policy's lines with all that stands beside their words: comments, blank lines, the breaks their writer made."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from attrs import frozen
from rich.cells import cell_len

from slarules.source import Source
from slarules.syntax.layout import BLANKS, Layout, Line
from slarules.syntax.tree import Node, PolicyTree

WORD = re.compile(r"<?[A-Za-z_][A-Za-z0-9_]*>?|\"[^\"\n]*\"|“[^”\n]*”")
"""What the tree leaves out, keywords and placeholders, in whole words; anything else stands as single signs."""
SKIPPED = BLANKS + "\t\r"


@frozen
class Atom:
    """A word, a string, a number or a sign: what is never taken apart."""

    text: str
    start: int
    """Offset in the source."""
    glued: bool
    """Whether no blank stands before it."""

    @property
    def cells(self) -> int:
        """How wide it is on a screen."""
        return cell_len(self.text)


@frozen
class Remark:
    """A comment that has a line to itself."""

    text: str
    indent: int
    """Blanks before it, as written."""
    apart: bool
    """Whether a blank line stands above it."""


@frozen
class Piece:
    """One line of the file that holds words of a statement."""

    above: tuple[Remark, ...]
    """Comments between it and the line above."""
    atoms: tuple[Atom, ...]
    remark: str | None
    """The comment at its end."""


@frozen
class Statement:
    """One line as the grammar sees it, or a run of ``>`` lines."""

    levels: tuple[int, ...]
    """Blanks before the first word of each block that it stands in, as written; the last is its own."""
    apart: bool
    """Whether a blank line stands right above it."""
    pieces: tuple[Piece, ...]
    """Of a quotation one, without words."""
    quote: tuple[str, ...]
    """The lines of a quotation, from their ``>`` on."""
    nodes: tuple[Node, ...]
    """The tree's nodes within it, outermost first."""
    kind: str
    """The kind of the outermost node that begins with it, of its whole block if it has one."""
    start: int
    """Offset of its first word."""
    kept: bool = False
    """Whether its blanks and line breaks stay as they are, because others would change what it says."""

    @property
    def level(self) -> int:
        """How many blocks it stands in."""
        return len(self.levels) - 1

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Its words, whatever line they stand on."""
        return tuple(atom for piece in self.pieces for atom in piece.atoms)

    @property
    def held(self) -> bool:
        """Whether its line breaks stay: because it is ``kept``, or because a comment stands between its words."""
        above = (piece.above for piece in self.pieces[1:])
        beside = (piece.remark for piece in self.pieces[:-1])
        return self.kept or any(above) or any(beside)


@frozen
class Written:
    """A whole file."""

    statements: tuple[Statement, ...]
    after: tuple[Remark, ...]
    """Comments below the last statement."""


def read_statements(source: Source, tree: PolicyTree, layout: Layout) -> Written:
    """The statements of a file without mistakes in its spelling."""
    blocks = ((tree.contract,) if tree.contract else ()) + tree.items
    nodes = sorted((n for block in blocks for n in block.walk()), key=lambda n: (n.span.start, -n.span.end))
    beside = _Beside(layout)
    made: list[Statement] = []
    levels: tuple[int, ...] = ()
    at = 0
    for line in layout.lines:
        levels = _levels(levels, line)
        first = at
        while at < len(nodes) and nodes[at].span.start < line.end:
            at += 1
        mine = list({(n.kind, n.span.start, n.span.end): n for n in nodes[first:at]}.values())
        head = next((n.kind for n in mine if n.span.start == line.start), "")
        inside = tuple(n for n in mine if n.span.end <= line.end)
        leaves = {n.span.start: n.span.end for n in reversed(inside) if not n.parts and n.kind.isupper()}
        pieces, apart = [], False
        for number, (start, end) in enumerate(line.pieces):
            above, blank = beside.above(source.line_of(start))
            apart = blank if number == 0 else apart
            atoms = () if line.quote else tuple(_atoms(source.text, start, end, leaves))
            pieces.append(Piece(above, atoms, None if line.quote else beside.at_end(source.line_of(start))))
        quote = tuple(_quoted(source, line)) if line.quote else ()
        beside.passed(source.line_of(line.end))
        made.append(Statement(levels, apart, tuple(pieces), quote, inside, head, line.start))
    return Written(tuple(made), beside.above(len(source.line_starts) + 1)[0])


def _levels(above: tuple[int, ...], line: Line) -> tuple[int, ...]:
    if len(above) == 1 and line.indent < above[0]:
        return (line.indent,)  # the first line of a file may be indented for nothing
    kept = tuple(indent for indent in above if indent < line.indent)
    return (*kept, line.indent)


def _quoted(source: Source, line: Line) -> Iterator[str]:
    for part in source.text[line.start : line.end].split("\n"):
        yield part.strip(SKIPPED + "\ufeff") if not part.strip() else part.lstrip(SKIPPED + "\ufeff").rstrip()


def _atoms(text: str, start: int, end: int, leaves: dict[int, int]) -> Iterator[Atom]:
    at, glued = start, False
    while at < end:
        if text[at] in SKIPPED:
            at, glued = at + 1, False
            continue
        word = WORD.match(text, at, end)
        stop = leaves.get(at) or (word.end() if word else at + 1)
        yield Atom(text[at:stop], at, glued)
        at, glued = stop, True


class _Beside:
    """What stands beside the words, taken line by line from above."""

    def __init__(self, layout: Layout) -> None:
        self.comments = {comment.line: comment for comment in layout.comments}
        self.done = 0
        """The last line of the file that was taken."""

    def above(self, number: int) -> tuple[tuple[Remark, ...], bool]:
        """The comments between the last line taken and this one, and whether a blank line stands right above it."""
        found, blank = [], False
        for line in range(self.done + 1, number):
            comment = self.comments.get(line)
            if comment is None:
                blank = True
                continue
            found.append(Remark(comment.text.rstrip(), comment.column - 1, blank))
            blank = False
        self.passed(number)
        return tuple(found), blank

    def at_end(self, number: int) -> str | None:
        """The comment at the end of this line."""
        comment = self.comments.get(number)
        return comment.text.rstrip() if comment else None

    def passed(self, number: int) -> None:
        """This line and those above it are taken."""
        self.done = max(self.done, number)


def level_of(remark: Remark, above: Statement | None, below: Statement | None) -> int:
    """In how many blocks a comment stands: in the innermost one that begins no deeper than the comment."""
    levels = above.levels if above else (0,)
    if below is not None and len(below.levels) > len(levels):
        levels = below.levels
    return max(0, bisect_right(levels, remark.indent) - 1)
