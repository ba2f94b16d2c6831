"""Where a long line is broken: where its writer broke it, or where the fewest words belong together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from slarules.syntax.columns import DEEPER, Spacing, breadth
from slarules.syntax.layout import DEEPEST, GOES_ON, GOES_ON_NEXT
from slarules.syntax.statements import Statement


def pieces(statement: Statement, spacing: Spacing, width: int) -> list[int]:
    """The numbers of the words that begin a line; the first is 0."""
    atoms = statement.atoms
    if statement.held or atoms[0].text == "|":
        return _written(statement) if statement.held else [0]
    if DEEPER * statement.level + breadth(atoms, spacing.gaps) <= width:
        return [0]
    ruler = _Ruler(statement, spacing, width)
    written = _written(statement)
    if len(written) > 1 and all(ruler.fits(a, b) for a, b in zip(written, [*written[1:], len(atoms)], strict=True)):
        return written
    return ruler.broken()


def _written(statement: Statement) -> list[int]:
    """The breaks as they stand in the file."""
    lengths = [len(piece.atoms) for piece in statement.pieces]
    return [0, *accumulate(lengths[:-1])]


def indents(statement: Statement, spacing: Spacing, starts: Sequence[int]) -> Iterator[int]:
    """Blanks before each line of a statement: those that go on stand deeper, by their open brackets deeper still."""
    opened = _opened([atom.text for atom in statement.atoms])
    for start in starts:
        yield spacing.hang + DEEPER * max(0, opened[start]) if start else DEEPER * statement.level


def _opened(texts: Sequence[str]) -> list[int]:
    """How many brackets are open before each word."""
    return [0, *accumulate((text == "(") - (text == ")") for text in texts)]


class _Ruler:
    """Measures a statement's words and breaks it where it is too long."""

    def __init__(self, statement: Statement, spacing: Spacing, width: int) -> None:
        self.statement, self.spacing, self.width = statement, spacing, width
        gaps = spacing.gaps
        self.texts = [atom.text for atom in statement.atoms]
        self.right = [0, *accumulate(gap + atom.cells for gap, atom in zip(gaps, statement.atoms, strict=True))]
        self.open = _opened(self.texts)

    def fits(self, a: int, b: int) -> bool:
        """Whether the words from ``a`` to before ``b`` fit on a line of their own."""
        indent = self.spacing.hang + DEEPER * max(0, self.open[a]) if a else DEEPER * self.statement.level
        return indent + self.right[b] - self.right[a] - self.spacing.gaps[a] <= self.width

    def broken(self) -> list[int]:
        """The statement over as few lines as its structure allows: what belongs together most is broken last."""
        depths = _depths(self.statement)
        lines = [0]
        todo = [(0, len(self.texts), False)]
        while todo:
            a, b, apart = todo.pop()
            if a != lines[-1] and (apart or not self.fits(lines[-1], b)):
                lines.append(a)
            if self.fits(lines[-1], b):
                continue
            chances = [i for i in range(a + 1, b) if self._may_break(i)]
            if not chances:
                continue
            if todo:  # what follows a part that had to be broken itself begins a line
                todo[-1] = (*todo[-1][:2], True)
            outermost = min(depths[i] for i in chances)
            cuts = [a, *(i for i in chances if depths[i] == outermost), b]
            todo += [(start, end, False) for start, end in reversed(list(pairwise(cuts)))]
        return lines

    def _may_break(self, i: int) -> bool:
        before, after = self.texts[i - 1], self.texts[i]
        return GOES_ON_NEXT.match(after) is not None or (before == "," and GOES_ON.search(before) is not None)


def _depths(statement: Statement) -> list[int]:
    """For each word, how many nodes of the tree hold both it and the word before it; past ``DEEPEST`` all are alike."""
    starts = [atom.start for atom in statement.atoms]
    change = [0] * (len(starts) + 1)
    for node in statement.nodes:
        first, last = bisect_left(starts, node.span.start), bisect_left(starts, node.span.end)
        if last - first > 1:
            change[first + 1] += 1
            change[last] -= 1
    return [min(depth, DEEPEST) for depth in accumulate(change[:-1])]
