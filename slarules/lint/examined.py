"""A policy under examination: all that a lint rule may look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from attrs import frozen

from slarules.model.contract import Contract, Terms
from slarules.source import Source, Span
from slarules.syntax.tree import Node, PolicyTree


@frozen(slots=False, eq=False)  # what was found out of it is kept by which one it is: its tree is large to compare
class Examined:
    """A policy, with what its lines say, what they mean, and the scenarios that try it."""

    tree: PolicyTree
    """What its lines say."""
    contract: Contract | None
    """What they mean; None where the policy has errors: rules that ask for meaning then find nothing."""
    policy: Source
    """The policy's text."""
    text: Source | None
    """The contract's own words, where the policy names them."""
    scenarios: tuple[Node, ...] = ()
    """``scenario`` blocks that try this policy: its own, and those of files that name it."""

    @property
    def versions(self) -> tuple[Terms, ...]:
        """The terms, amendment by amendment; none where the policy has errors."""
        return self.contract.versions if self.contract is not None else ()

    def rules(self, *kinds: str) -> Iterator[tuple[Node, Node | None]]:
        """The policy's blocks of these kinds (all but clauses where none is named), each with its clause."""
        for item in self.tree.items:
            inside = item.parts if item.kind == "clause" else (item,)
            for block in inside:
                if block.kind in kinds or not kinds:
                    yield block, item if item.kind == "clause" else None

    @cached_property
    def _blocks(self) -> dict[Span, Node]:
        """The blocks and the options of choices, by their places."""
        return {node.span: node for block, _ in self.rules() for node in (*reversed(block.parts), block)}

    def node_of(self, rule: Span) -> Node | None:
        """The block, or the option of a choice, that stands at a rule's place (``citation.rule``)."""
        return self._blocks.get(rule)

    @cached_property
    def recorded_with(self) -> Mapping[str, frozenset[str]]:
        """Fact → the types of the events with which scenarios record it."""
        found: dict[str, set[str]] = {}
        for scenario in self.scenarios:
            for event in (part for part in scenario.walk() if part.kind == "occurs"):
                for given in event.all("given", "given_yes", "given_no", "given_dates"):
                    found.setdefault(given.name.text, set()).add(event.all("NAME")[1].text)
        return {fact: frozenset(types) for fact, types in found.items()}

    def name_at(self, rule: Span) -> Span:
        """Where the rule at a place is named; its first line where it has no name."""
        node = self.node_of(rule)
        named = node.first("NAME") if node is not None else None
        first = rule.text.split("\n", 1)[0].rstrip()
        return named.span if named is not None else Span(rule.source, rule.start, rule.start + len(first))

    def lines_at(self, rule: Span, *kinds: str) -> tuple[Node, ...]:
        """Everything of these kinds inside the rule at a place, in reading order."""
        node = self.node_of(rule)
        return tuple(part for part in node.walk() if part.kind in kinds) if node is not None else ()
