"""Whether two texts say the same: the same tree, the same words, the same comments beside the same words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.syntax.statements import Remark, Statement, Written
from slarules.syntax.tree import Node, PolicyTree

Fact = tuple[object, ...]


def first_difference(ours: tuple[PolicyTree, Written], theirs: tuple[PolicyTree, Written]) -> tuple[str, int] | None:
    """What differs first, in words, and at which offset of the second text; None where they say the same."""
    for what, before, after in (
        ("the words", _words(ours[1].statements), _words(theirs[1].statements)),
        ("the comments", _remarks(ours[1]), _remarks(theirs[1])),
        ("the structure", _shape(ours[0]), _shape(theirs[0])),
    ):
        found = _mismatch(list(before), list(after))
        if found is not None:
            return what, found
    return None


def _mismatch(before: list[tuple[Fact, int]], after: list[tuple[Fact, int]]) -> int | None:
    """The offset, in the second text, of the first fact that is not the first text's."""
    for (one, _), (other, at) in zip(before, after, strict=False):
        if one != other:
            return at
    if len(before) == len(after):
        return None
    return after[-1][1] if after else 0


def _words(statements: Sequence[Statement]) -> Iterator[tuple[Fact, int]]:
    """Every word, sign, string and quotation, in order."""
    for statement in statements:
        if statement.quote:
            yield statement.quote, statement.start
        for atom in statement.atoms:
            yield (atom.text,), atom.start


def _remarks(written: Written) -> Iterator[tuple[Fact, int]]:
    """Every comment: its text, how many words stand before it, and whether it has a line to itself."""
    words = 0
    for statement in written.statements:
        for piece in statement.pieces:
            yield from _alone(piece.above, words, statement.start)
            words += len(piece.atoms)
            if piece.remark is not None:
                yield (piece.remark, words, False), statement.start
        words += bool(statement.quote)
    end = written.statements[-1].start if written.statements else 0
    yield from _alone(written.after, words, end)


def _alone(remarks: Sequence[Remark], words: int, at: int) -> Iterator[tuple[Fact, int]]:
    for remark in remarks:
        yield (remark.text, words, True), at


def _shape(tree: PolicyTree) -> Iterator[tuple[Fact, int]]:
    """Every node, in order: its kind, how many parts it has, its words where it is one word."""
    for block in ((tree.contract,) if tree.contract else ()) + tree.items:
        for node in block.walk():
            yield (node.kind, len(node.parts), _leaf(node)), node.span.start


def _leaf(node: Node) -> object:
    """The words of a leaf; blanks at either end of a quotation's lines are not its words."""
    if node.parts or not node.kind.isupper():
        return None
    return tuple(line.strip() for line in node.span.text.split("\n")) if node.kind == "QUOTE" else node.span.text
