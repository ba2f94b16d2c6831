"""Computed values: names found, types checked, so that the engine never meets two that do not mix."""

from __future__ import annotations

from decimal import Decimal

from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    Arithmetic,
    Between,
    Expression,
    FactRef,
    Literal,
    NextAnniversary,
    SeverityRef,
    Shifted,
    StatusRef,
)
from slarules.model.value import HOUR, Civil, Elapsed, Money, Plain
from slarules.resolve import literals
from slarules.resolve.builtin import AGREEMENT, ANY
from slarules.resolve.names import Place
from slarules.resolve.types import (
    ANYTHING,
    CIVIL,
    DATE,
    ELAPSED,
    HOURS,
    NUMBER,
    SUMMED,
    TEXT,
    YES_NO,
    Type,
    mend,
    mixes,
    money,
    of_fact,
    said,
)
from slarules.source import Span
from slarules.syntax.tree import Node

Typed = tuple[Expression, Type]
LOST: Typed = (Literal("?"), ANYTHING)
"""Stands for what could not be resolved; the contract is refused anyway."""
SHORT = 60
"""Letters of two values that a message can quote."""


def expression(node: Node, place: Place) -> Typed:
    """A value and its type."""
    match node.kind:
        case "name":
            return named(node.name, place)
        case "severity_value":
            return _severity(node, place)
        case "plus" | "minus":
            return _sum(node, place)
        case "times" | "divided":
            return _product(node, place)
        case "lesser" | "greater":
            left, right, type = pair(node.parts[0], node.parts[1], place)
            _of(SUMMED | {"date"}, type, node.span, place, "has a lesser and a greater")
            return Arithmetic(node.kind, left, right), type
        case "later_by" | "earlier_by":
            return _shifted(node, place)
        case "days_from" | "months_from":
            start, end = (dated(part, place) for part in node.parts)
            return Between("days" if node.kind == "days_from" else "months", start, end), NUMBER
        case "percent_of":
            value, type = expression(node.parts[1], place)
            if not _of(SUMMED, type, node.parts[1].span, place, "can be shared out"):
                return LOST
            return Arithmetic("times", Literal(Decimal(node.parts[0].text) / 100), value), type
        case "next_anniversary":
            of = dated(Node("name", node.name.span, (node.name,)), place)
            return NextAnniversary(of, dated(node.parts[1], place)), DATE
        case _:
            return literal(node, place)


def literal(node: Node, place: Place) -> Typed:
    """A value written out."""
    match node.kind:
        case "number":
            return Literal(Decimal(node.parts[0].text)), NUMBER
        case "money":
            currency = node.parts[1].text
            return Literal(Money(Decimal(node.parts[0].text), currency)), money(currency)
        case "date":
            day = literals.day(node.parts[0], place.problems)
            return (Literal(day), DATE) if day is not None else LOST
        case "text":
            return Literal(node.parts[0].text), TEXT
        case "yes" | "no":
            return Literal(node.kind == "yes"), YES_NO
        case "duration":
            span = literals.duration(node, place.problems)
            return (Literal(span), ELAPSED if isinstance(span, Elapsed) else CIVIL) if span is not None else LOST
    return LOST


def named(name: Node, place: Place) -> Typed:
    """A name among values: a part of the amount, a fact, a status, an allowance, an amount."""
    names, word = place.names, name.text
    if word in place.parts:
        return FactRef(word), place.parts[word]
    if word in names.amounts:
        place.uses.add(("amount", word))
        return AmountRef(word), names.amounts[word]
    if word in names.states:
        place.uses.add(("status", word))
        return StatusRef(word), Type("state", names.states[word])
    if word in names.units:
        place.uses.add(("allowance", word))
        return AllowanceRef(word), HOURS if names.units[word] == "hours" else NUMBER
    if word in names.facts:
        return _fact(name, place)
    help = f"say `{word} has happened`" if word in names.events else f"declare it: `fact {word} of …`"
    if word in names.columns:
        help = "a table's column gives a limit its time; elsewhere, record the value in a fact of its own"
    if word in names.levels:
        help = f"it is a severity: say `severity is {word}`"
    if word in ("priority", "urgency", "level") and names.levels:
        help = f"where the contract's levels are meant, say `severity`; else declare it: `fact {word} of …`"
    known = (*names.facts, *names.states, *names.units, *names.amounts, *place.parts)
    names.missing("E0302", "fact", name, known, help)
    return LOST


def _fact(name: Node, place: Place) -> Typed:
    fact = place.names.facts[name.text]
    if place.kind not in (None, ANY) and fact.kind not in (place.kind, AGREEMENT, ANY):
        noun = place.names.noun
        place.error("E0308", name.span, f"`{name.text}` is recorded of {noun(fact.kind)}, and this is about "
                    f"{noun(place.kind)}", f"declare it: `fact {name.text} of …`, or use another fact")
    return FactRef(name.text), of_fact(fact.type)


def _severity(node: Node, place: Place) -> Typed:
    levels = place.names.levels
    if not levels and not place.problems.broken & {"severities"}:
        key = ("severities", "severity")
        if key not in place.problems.told:
            place.problems.told.add(key)
            place.error("E0302", node.span, "this contract has no severities", "declare them: `severities 1, 2, 3`")
    place.uses.add(("severities", "severities"))
    return SeverityRef(), Type("severity", levels)


def operand(node: Node, place: Place, like: Type, of: str = "") -> Typed:
    """A value beside ``of``, of type ``like``: a level, a state or an enumeration's value is known by it."""
    word = node.span.text
    if like.kind in ("one_of", "state", "severity") and node.kind in ("name", "number", "yes", "no", "none_value"):
        if word in like.values:
            return Literal(word), like
        value_names = place.names.facts if like.kind == "one_of" else {}
        if node.kind != "name" or word not in value_names:
            if like.values:
                _no_value(node, like, of, place)
            return LOST
    if like == ANYTHING and node.kind == "name" and place.names.sort_of(word) is None:
        return LOST  # may have been a value of what stands on the left, which nothing is known of
    value, type = expression(node, place)
    if like == HOURS and isinstance(value, Literal) and isinstance(value.value, Elapsed):
        return Literal(Decimal(value.value.micros) / HOUR), HOURS
    return value, type


def _no_value(node: Node, like: Type, of: str, place: Place) -> None:
    what = {"one_of": f"value of `{of}`", "state": f"state of `{of}`", "severity": "severity"}[like.kind]
    help = f"it is one of {', '.join(like.values)}"
    name = node.first("NAME", "NUMBER") or node
    place.problems.missing("E0307", what, name, like.values, help)


def beside(left: Node, type: Type, right: Node, other: Type) -> str:
    """That two values of different kinds stand side by side."""
    first, second = (" ".join(node.span.text.split()) for node in (left, right))
    if len(first) + len(second) > SHORT:
        return f"{said(type)} beside {said(other)}"
    return f"`{first}` is {said(type)}, and `{second}` is {said(other)}"


def pair(left: Node, right: Node, place: Place) -> tuple[Expression, Expression, Type]:
    """Two values side by side, which must be of one type."""
    first, type = expression(left, place)
    second, other = operand(right, place, type, left.span.text)
    if isinstance(first, Literal) and isinstance(first.value, Elapsed) and other == HOURS:
        first, type = Literal(Decimal(first.value.micros) / HOUR), HOURS
    if not mixes(type, other):
        code = "E0516" if type.kind == other.kind == "money" else "E0501"
        place.error(code, Span(left.span.source, left.span.start, right.span.end),
                    beside(left, type, right, other), mend(type, other) or "compare values of one kind")
    return first, second, other if type == ANYTHING else type


def _sum(node: Node, place: Place) -> Typed:
    left, right, type = pair(node.parts[0], node.parts[1], place)
    if type == DATE:
        place.error("E0501", node.span, "a date cannot be added to a date",
                    "say `30 days after` a date, or `days from … to …`")
        return LOST
    _of(SUMMED, type, node.span, place, "can be added")
    return Arithmetic(node.kind, left, right), type


def _product(node: Node, place: Place) -> Typed:
    left, first = expression(node.parts[0], place)
    right, second = operand(node.parts[1], place, first) if first == HOURS else expression(node.parts[1], place)
    sized = [_of(SUMMED, type, part.span, place, "can be multiplied")
             for part, type in zip(node.parts, (first, second), strict=True)]
    if not all(sized):
        return LOST
    if isinstance(right, Literal) and right.value == 0 and node.kind == "divided":
        place.error("E0501", node.parts[1].span, "nothing can be divided by zero", "divide by another number")
    result = Arithmetic(node.kind, left, right)
    if second in (NUMBER, ANYTHING):
        return result, first
    if node.kind == "times" and first in (NUMBER, ANYTHING):
        return result, second
    if node.kind == "divided" and mixes(first, second):
        return result, NUMBER
    verb = "multiplied" if node.kind == "times" else "divided"
    help = f"it can be {verb} by a plain number"
    if {first.kind, second.kind} == {"money", "hours"} and node.kind == "times":
        help = "of a rate for each hour: the hours `divided by 1 hour` are a plain number, and `multiplied by` the rate"
    place.error("E0501", node.span, f"{said(first)} {verb} by {said(second)}", help)
    return LOST


def _of(kinds: frozenset[str], type: Type, span: Span, place: Place, what: str) -> bool:
    """Whether one can compute with such a value; told where not."""
    if type.kind not in kinds:
        place.error("E0501", span, f"{said(type)} is nothing that {what}", "compute with numbers, hours or money")
    return type.kind in kinds


def _shifted(node: Node, place: Place) -> Typed:
    by = literals.duration(node.parts[0], place.problems)
    date = dated(node.parts[1], place)
    if isinstance(by, Elapsed):
        place.error("E0501", node.parts[0].span, "hours after a date: dates have no hours", "count in days or months")
    if not isinstance(by, Civil):
        return LOST[0], DATE
    return Shifted(date, by, 1 if node.kind == "later_by" else -1), DATE


def dated(node: Node, place: Place) -> Expression:
    """A value that must be a date."""
    value, type = expression(node, place)
    if not mixes(type, DATE):
        place.error("E0501", node.span, f"{said(type)} where a date stands", mend(type, DATE) or "name a date")
    return value


def constant(node: Node, place: Place, type: Type, of: str) -> Plain | None:
    """A value written out that must be of a type; None after a mistake told."""
    value, found = operand(node, place, type, of)
    if not isinstance(value, Literal):
        place.error("E0501", node.span, "a value stands here that is not written out", f"write {said(type)}")
        return None
    if not mixes(type, found):
        place.error("E0501", node.span, f"{said(found)} where {said(type)} stands",
                    mend(type, found) or f"write {said(type)}")
        return None
    return value.value
