"""Exceptions to nothing, and rules whose conditions leave nothing: what can be told from the words alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from slarules.model.contract import Terms
from slarules.model.expression import (
    AllOf,
    Compare,
    Condition,
    Expression,
    FactRef,
    Literal,
    Not,
    OneOf,
    SeverityRef,
    Stepped,
    Truth,
)
from slarules.model.value import Elapsed, Money, Plain
from slarules.resolve.names import Names
from slarules.syntax.tree import Node

Values = frozenset[str | bool]
Limits = dict[str, Values]
"""A fact, or the severity → the values it may still have."""


def exceptions(terms: Terms, names: Names) -> None:
    """Tells each `unless` that cannot matter, and each rule that cannot apply."""
    for name, duty in terms.duties.items():
        _guards(names.owed[name].lines, duty.only_if, names)
    for sort, rules in (("prohibition", terms.prohibitions), ("right", terms.rights), ("choice", terms.choices)):
        for name, rule in rules.items():
            _guards(names.items[sort][name].node.parts, rule.only_if, names)
    for name, amount in terms.amounts.items():
        if isinstance(amount.value, Stepped):
            in_order(names.items["amount"][name].node.all("is_if"), [one for one, _ in amount.value.steps], names)
    for name, role in terms.roles.items():
        node = names.items["role"][name].node
        exactly = "exactly_if" if node.first("exactly", "exactly_if") else None
        least = None if exactly else role.at_least
        for kind, given in ((exactly or "at_most_if", role.at_most), ("at_least_if", least)):
            if isinstance(given, Stepped):
                in_order(node.all(kind), [one for one, _ in given.steps], names)
    for name, scope in terms.scopes.items():
        lines = names.items["scope"][name].node.all("outside_if")
        for line, outside in zip(lines, scope.outside, strict=True):
            if _narrowed({}, outside, names) is None:
                names.problems.error("E0706", line.span, "an exception to nothing: this is never so",
                                     "leave the line out, or mend its condition")


def in_order(lines: Iterable[Node], conditions: Iterable[Condition], names: Names) -> None:
    """Tells each line that can never apply, of several of which the first that holds counts."""
    held: Limits | None = {}
    above: list[Condition] = []
    for line, condition in zip(lines, conditions, strict=True):
        left = held is not None and _narrowed(held, condition, names) is not None
        if held is None or not left or any(_takes_all(other, condition) for other in above):
            names.problems.error("E0715", line.span, "this can never apply: what stands above it takes all of it",
                                 "the first line that holds counts: let the narrowest stand first")
            continue
        above.append(condition)
        held = _narrowed(held, Not(condition), names)


def _takes_all(above: Condition, below: Condition) -> bool:
    """Whether a bound holds wherever another of the same value does: less than 99 where less than 95."""
    if not (isinstance(above, Compare) and isinstance(below, Compare)) or above.left != below.left:
        return False
    a, b = above.right, below.right
    if not (isinstance(a, Literal) and isinstance(b, Literal)) or type(a.value) is not type(b.value):
        return False
    first, second = _size(a.value), _size(b.value)
    if above.op in ("less", "at_most") and below.op in ("less", "at_most"):
        return bool(second < first or (second == first and (above.op, below.op) != ("less", "at_most")))
    if above.op in ("more", "at_least") and below.op in ("more", "at_least"):
        return bool(second > first or (second == first and (above.op, below.op) != ("more", "at_least")))
    return False


def _size(value: Plain) -> Any:
    return value.amount if isinstance(value, Money) else value.micros if isinstance(value, Elapsed) else value


def _guards(lines: Iterable[Node], conditions: Sequence[Condition], names: Names) -> None:
    """Goes through the `if` lines, then asks of each `unless` line whether anything is left for it."""
    stated = [line for line in lines if line.kind in ("if_line", "unless_line")]
    pairs = list(zip(stated, conditions[len(conditions) - len(stated) :], strict=True))
    held: Limits = {}
    for line, condition in pairs:
        if line.kind == "if_line":
            narrowed = _narrowed(held, condition, names)
            if narrowed is None:
                names.problems.error("E0715", line.span, "this rule can never apply: its conditions leave nothing",
                                     "mend this condition, or the one above that it contradicts")
                return
            held = narrowed
    for line, condition in pairs:
        if line.kind == "unless_line" and isinstance(condition, Not):
            if _narrowed(held, condition.part, names) is None:
                names.problems.error("E0706", line.span,
                                     "an exception to nothing: where this rule applies it is never so",
                                     "leave the line out, or mend its condition")
            elif _narrowed(held, condition, names) is None:
                names.problems.error("E0715", line.span, "this rule can never apply: the exception takes all of it",
                                     "mend the exception, or leave the rule out")


def _narrowed(held: Limits, condition: Condition, names: Names) -> Limits | None:
    """What the values may still be if the condition holds too; None: it cannot hold."""
    match condition:
        case AllOf(parts):
            narrowed: Limits | None = held
            for part in parts:
                narrowed = _narrowed(narrowed, part, names) if narrowed is not None else None
            return narrowed
        case Truth(Literal(bool() as value)):
            return held if value else None
        case Not(Truth(Literal(bool() as value))):
            return None if value else held
    found = _values(condition, names)
    if found is None:
        return held
    key, values = found
    left = held[key] & values if key in held else values
    return {**held, key: left} if left else None


def _values(condition: Condition, names: Names) -> tuple[str, Values] | None:
    """The one fact that a condition is about, and the values for which it holds."""
    match condition:
        case Truth(FactRef(name)):
            return name, frozenset((True,))
        case Not(part):
            found = _values(part, names)
            whole = _domain(found[0], names) if found else frozenset()
            return (found[0], whole - found[1]) if found and whole else None
        case Compare("is" | "is_not" as op, left, Literal(str() | bool() as value)):
            key = _key(left)
            if key is None:
                return None
            return (key, frozenset((value,))) if op == "is" else (key, _domain(key, names) - {value})
        case OneOf(left, values, negated):
            key = _key(left)
            listed = frozenset(v.value for v in values if isinstance(v, Literal) and isinstance(v.value, (str, bool)))
            if key is None or len(listed) < len(values):
                return None
            return key, _domain(key, names) - listed if negated else listed
    return None


def _key(value: Expression) -> str | None:
    if isinstance(value, SeverityRef):
        return "severity of a ticket"
    return value.name if isinstance(value, FactRef) else None


def _domain(key: str, names: Names) -> Values:
    fact = names.facts.get(key)
    if fact is None:
        return frozenset(names.levels)
    return frozenset((True, False)) if fact.type.kind == "yes_no" else frozenset(fact.type.values)
