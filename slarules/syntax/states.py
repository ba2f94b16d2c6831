"""The parser's states along a text: which words may stand next, and in which rules of the grammar a name would stand.

The parser's own table answers. What rules a state is amid is not kept in that table; it is found again by walking
along it from the beginning, and remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from attrs import define, frozen

from slarules.syntax.parse import parser


@frozen
class Spot:
    """A place of the grammar where a name stands."""

    rule: str
    """The rule that it stands in: ``basis``."""
    nth: int
    """Which of the rule's names it is, from 0."""
    within: str
    """The rule around that one, as the tree shows it."""


@define
class Reader:
    """The parser's stack of states along a text, without a tree. Stands in for Lark's reader where tokens are found."""

    conf: Any
    states: list[int]
    symbols: list[str]
    """The symbol that led to each state but the first."""

    @property
    def table(self) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = self.conf.states
        return found

    @property
    def accepts(self) -> dict[str, Any]:
        """The terminals that may come next, and some that a rule's end then refuses."""
        return self.table[self.states[-1]]

    def fed(self, kind: str) -> Reader | None:
        """The reader after one more word; None where it cannot stand here."""
        states, symbols = list(self.states), list(self.symbols)
        while True:
            action = self.table[states[-1]].get(kind)
            if action is None:
                return None
            _, to = action
            if not hasattr(to, "expansion"):
                return Reader(self.conf, [*states, to], [*symbols, kind])
            size = len(to.expansion)
            if size:
                del states[-size:], symbols[-size:]
            name = to.origin.name
            states.append(self.table[states[-1]][name][1])
            symbols.append(name)


# ---- The rules that a name would stand in -----------------------------------------------------------------------

Item = tuple[Any, int]
"""A rule of the grammar and how many of its symbols stand before the place."""
_KERNELS: dict[tuple[str, int], frozenset[Item]] = {}


@cache
def _rules_of(origin: str) -> tuple[Any, ...]:
    return tuple(rule for rule in parser().rules if rule.origin.name == origin)


def _closure(kernel: Iterable[Item], start: str | None = None) -> Iterator[Item]:
    """The items, and those that begin where one of them stands."""
    seen: set[str] = set()
    todo = [start] if start else []
    for rule, dot in kernel:
        yield rule, dot
        if dot < len(rule.expansion):
            todo.append(rule.expansion[dot].name)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for rule in _rules_of(name):
            yield rule, 0
            if rule.expansion:
                todo.append(rule.expansion[0].name)


def _items(reader: Reader, depth: int) -> list[Item]:
    """The items of the state at this depth of the stack."""
    start = str(reader.conf.start)
    if depth == 0:
        return list(_closure((), start))
    key = (start, reader.states[depth])
    if key not in _KERNELS:
        symbol = reader.symbols[depth - 1]
        _KERNELS[key] = frozenset(
            (rule, dot + 1)
            for rule, dot in _items(reader, depth - 1)
            if dot < len(rule.expansion) and rule.expansion[dot].name == symbol
        )
    return list(_closure(_KERNELS[key]))


def spots(named: Reader) -> Iterator[Spot]:
    """Where the name that was fed last stands: in which rules, and what is around them."""
    top = len(named.states) - 1
    for rule, dot in _items(named, top):
        if dot == 0 or rule.expansion[dot - 1].name != "NAME":
            continue
        nth = sum(symbol.name == "NAME" for symbol in rule.expansion[: dot - 1])
        begin = top - dot
        if not _shown(rule):
            for whole, deep in set(_around(named, begin, rule.origin.name)):
                nth_there = nth + sum(s.name == "NAME" for s in whole.expansion[:deep])
                for around in _kinds_around(named, begin - deep, whole.origin.name):
                    yield Spot(_kind(whole), nth_there, around)
            continue
        for around in _kinds_around(named, begin, rule.origin.name):
            yield Spot(_kind(rule), nth, around)


def _kinds_around(reader: Reader, depth: int, origin: str) -> set[str]:
    return {_kind(rule) for rule, _ in _around(reader, depth, origin)} or {""}


def _around(reader: Reader, depth: int, origin: str) -> Iterator[Item]:
    """The rules, as the tree shows them, in which something of this origin begins at this depth."""
    todo, seen = [(depth, origin)], set()
    while todo:
        at, name = todo.pop()
        if (at, name) in seen:
            continue
        seen.add((at, name))
        for rule, dot in _items(reader, at):
            if dot >= len(rule.expansion) or rule.expansion[dot].name != name:
                continue
            if _shown(rule):
                yield rule, dot
            else:
                todo.append((at - dot, rule.origin.name))


def _shown(rule: Any) -> bool:
    """Whether the tree has a node for this rule: not where it only passes on what is in it."""
    if rule.alias is not None:
        return True
    if rule.origin.name.startswith("_"):
        return False
    return not (rule.options.expand1 and sum(not symbol.filter_out for symbol in rule.expansion if symbol.is_term)
                + sum(not symbol.is_term for symbol in rule.expansion) == 1)


def _kind(rule: Any) -> str:
    return str(rule.alias or rule.origin.name)
