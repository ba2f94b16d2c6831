"""Figures for examples of amounts: one value for each recorded fact that they read, the same in every example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from slarules.model.contract import Terms
from slarules.model.expression import AmountRef, Between, FactRef, NextAnniversary
from slarules.model.rules import Amount, Fact
from slarules.model.value import Money, Plain
from slarules.model.walk import inside

APART = timedelta(days=30)
"""From one example date to the next."""
LEAST, STEP = Decimal("12000.00"), Decimal("600.00")
"""The first amount of money, and how much more each other one is: figures that cannot be taken for one another."""


def figures(terms: Terms, first: date) -> dict[str, Plain]:
    """Fact → value, in the contract's order. Dates rise from ``first``, an earlier one before what is counted to it."""
    wanted = _read(terms.amounts.values(), terms)
    read = [fact for fact in terms.facts.values() if fact.name in wanted]
    dates = dict(zip(_in_order(terms, [f.name for f in read if f.type.kind == "date"]), _dates(first), strict=False))
    values: dict[str, Plain] = {}
    sums = 0
    for fact in read:
        if fact.name in dates:
            values[fact.name] = dates[fact.name]
        elif fact.type.kind == "money":
            values[fact.name] = Money(LEAST + sums * STEP, fact.type.currency or "")
            sums += 1
        else:
            known = _other(fact)
            if known is not None:
                values[fact.name] = known
    return values


def facts_in(value: object, terms: Terms) -> tuple[str, ...]:
    """The facts that a value reads, also through other amounts, each once."""
    return tuple(dict.fromkeys(_facts(value, terms, set())))


def _facts(value: object, terms: Terms, passed: set[str]) -> Iterator[str]:
    """``passed``: the amounts that were gone into before; each tells its facts once."""
    for part in inside(value):
        if isinstance(part, FactRef) and part.name in terms.facts:
            yield part.name
        elif isinstance(part, AmountRef) and part.name not in passed:
            passed.add(part.name)
            amount = terms.amounts[part.name]
            yield from _facts((amount.parts, amount.value), terms, passed)


def _read(amounts: Iterable[Amount], terms: Terms) -> set[str]:
    passed: set[str] = set()
    return {name for amount in amounts for name in _facts((amount.parts, amount.value), terms, passed)}


def _dates(first: date) -> Iterator[date]:
    while True:
        yield first
        first += APART


def _in_order(terms: Terms, names: list[str]) -> list[str]:
    """Dates that are counted from before those that are counted to; before them all the origin of an anniversary."""
    before: dict[str, set[str]] = {name: set() for name in names}
    parts = [part for amount in terms.amounts.values() for part in inside((amount.parts, amount.value))]
    pairs = [(part.of, part.after) for part in parts if isinstance(part, NextAnniversary)]
    pairs += [(part.start, part.end) for part in parts if isinstance(part, Between)]
    for first, then in pairs:
        for later in facts_in(then, terms):
            earlier = {one for one in facts_in(first, terms) if one != later and later not in before.get(one, ())}
            before.setdefault(later, set()).update(earlier)
    order: list[str] = []
    while len(order) < len(names):
        left = [name for name in names if name not in order]
        order.append(next((name for name in left if not before[name] & set(left)), left[0]))
    return order


def _other(fact: Fact) -> Plain | None:
    match fact.type.kind:
        case "number":
            return Decimal(3)
        case "hours":
            return Decimal(10)
        case "yes_no":
            return True
        case "one_of":
            return fact.type.values[0]
    return None
