"""The tree of a policy file: every node has a kind, a place and its parts. Meaning comes later, in ``resolve``."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from slarules.source import Span


@frozen
class Node:
    """A piece of a policy file."""

    kind: str
    """The grammar's rule (``duty``, ``within`` …) or, for a single word, its terminal (``NAME``, ``DATE`` …)."""
    span: Span
    """Where it stands."""
    parts: tuple[Node, ...] = ()
    """What it is made of, in reading order; keywords are left out."""

    @property
    def text(self) -> str:
        """The words as written; a string without its quotation marks."""
        words = self.span.text
        return words[1:-1] if self.kind == "STRING" else words

    def all(self, *kinds: str) -> tuple[Node, ...]:
        """The direct parts of these kinds."""
        return tuple(p for p in self.parts if p.kind in kinds)

    def first(self, *kinds: str) -> Node | None:
        """The first direct part of these kinds."""
        return next((p for p in self.parts if p.kind in kinds), None)

    def one(self, *kinds: str) -> Node:
        """The first direct part of these kinds, which the grammar promises."""
        found = self.first(*kinds)
        if found is None:
            raise LookupError(f"a `{self.kind}` without {kinds}")
        return found

    @property
    def name(self) -> Node:
        """Its first NAME, which the grammar promises."""
        return self.one("NAME")

    def walk(self) -> Iterator[Node]:
        """This node and everything in it, in reading order."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.parts))


@frozen
class PolicyTree:
    """A whole policy file."""

    contract: Node | None
    """The ``contract`` block, or ``scenarios_of`` in a file of scenarios; None where it could not be read."""
    items: tuple[Node, ...]
    """Clauses, scenarios and whatever else stands at the left margin."""
    broken: frozenset[str]
    """Every word of the lines that could not be read: a name among them is not also reported as missing."""

    @property
    def scenarios(self) -> tuple[Node, ...]:
        """Its ``scenario`` nodes, in order; of one with examples, that of each row."""
        found: list[Node] = []
        for item in self.items:
            found += item.all("scenario") if item.kind == "scenario_with_examples" else ()
            found += (item,) if item.kind == "scenario" else ()
        return tuple(found)


def bare(node: Node) -> Node:
    """A condition past the nodes that only frame it."""
    while node.kind in ("condition", "labelled"):
        node = node.parts[-1]
    return node
