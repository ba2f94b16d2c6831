"""Everything that may be so when a rule is read: each value that the facts it mentions can have, bounds included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import frozen

from slarules.model.contract import Terms
from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    Arithmetic,
    Between,
    Compare,
    Expression,
    FactRef,
    Happened,
    Includes,
    Literal,
    NextAnniversary,
    NoMoreSevere,
    OneOf,
    RightHolds,
    SeverityRef,
    Shifted,
    StatusRef,
)
from slarules.model.rules import Fact
from slarules.model.value import Elapsed, Money, Unknown, Value
from slarules.model.walk import inside, rewritten

MOST = 50_000
"""Points that are looked at for one question; a greater question is left undecided, and that is told."""
Key = FactRef | SeverityRef | StatusRef | AllowanceRef | Happened | RightHolds
"""What a condition asks of the world; everything it says follows from the answers."""
NO_STATE = "none"
"""The state of a status that has not begun."""
CENT = Decimal("0.01")


@frozen
class Domain:
    """What each key can be."""

    values: Mapping[Key, tuple[Value, ...]]
    """The likeliest first; ``Unknown`` last, where nobody need have recorded it."""

    @property
    def known(self) -> Domain:
        """The same with everything recorded."""
        return Domain({k: tuple(v for v in vs if not isinstance(v, Unknown)) or vs for k, vs in self.values.items()})


def opaque(value: Any) -> Any:
    """A rule's part with each computed value as a fact of its own, which may then be anything.

    It can say of more tickets than there are that they may be: what holds for all of them holds.
    """
    match value:
        case Arithmetic() | Between() | Shifted() | NextAnniversary() | AmountRef():
            return FactRef(f" {value}")
        case Mapping():
            return value
    return rewritten(value, opaque)


def is_computed(key: Key) -> bool:
    """Whether a key stands for a computed value: no event sets it directly."""
    return isinstance(key, FactRef) and key.name.startswith(" ")


def keys_of(conditions: object, terms: Terms) -> tuple[Key, ...]:
    """What these conditions ask, in their order; through the definitions of graver severities as well."""
    found: dict[Key, None] = {}
    for part in inside(conditions):
        match part:
            case FactRef() | SeverityRef() | StatusRef() | AllowanceRef() | Happened() | RightHolds():
                found[part] = None
            case Includes(status):
                found[StatusRef(status)] = None
            case NoMoreSevere(level):
                found.update(dict.fromkeys(keys_of(opaque(graver(level, terms)), terms)))
    return tuple(found)


def graver(level: str, terms: Terms) -> tuple[object, ...]:
    """The definitions of the levels above one."""
    if terms.severities is None:
        return ()
    names = [one.name for one in terms.severities.levels]
    return tuple(one.applies for one in terms.severities.levels[: names.index(level)])


def domain_of(conditions: object, terms: Terms, also: Iterable[Key] = ()) -> Domain:
    """The domain of conditions whose computed values are opaque; ``also`` of further keys, as a table's inputs."""
    keys = tuple(dict.fromkeys((*keys_of(conditions, terms), *also)))
    severe = [opaque(graver(one.level, terms)) for one in inside(conditions) if isinstance(one, NoMoreSevere)]
    groups = _compared((conditions, severe))
    return Domain({key: _values(key, groups, terms) for key in keys})


# ---- What is compared with what -------------------------------------------------------------------------------------

COMPARED = (FactRef, SeverityRef, StatusRef, AllowanceRef)
Groups = dict[Key, tuple[frozenset[Key], tuple[Value, ...]]]
"""Each key → those it is compared with, itself included, and the constants that any of them is compared with."""


def _compared(conditions: object) -> Groups:
    """Keys that are compared with each other share their constants: each may lie before, at or after each of them."""
    groups: Groups = {}
    for part in inside(conditions):
        sides: tuple[Expression, ...] = ()
        if isinstance(part, Compare):
            sides = (part.left, part.right)
        elif isinstance(part, OneOf):
            sides = (part.left, *part.values)
        keys: frozenset[Key] = frozenset(s for s in sides if isinstance(s, COMPARED))
        constants: tuple[Value, ...] = tuple(s.value for s in sides if isinstance(s, Literal))
        for key in sorted(keys, key=str):
            others, known = groups.get(key, (frozenset({key}), ()))
            keys |= others
            constants += known
        for key in keys:
            groups[key] = (keys, constants)
    return groups


def constants_of(conditions: object) -> dict[Key, tuple[Value, ...]]:
    """The constants that each key, or what it is compared with, is compared with."""
    return {key: constants for key, (_, constants) in _compared(conditions).items()}


def beside(constant: Value, share: Decimal = Decimal(1)) -> tuple[Value, Value] | None:
    """The values one smallest unit (of numbers, a share of it) before and after; None where there are none."""
    if isinstance(constant, bool) or not isinstance(constant, (Decimal, date, Money)):
        return None
    if isinstance(constant, date):
        return constant - timedelta(days=1), constant + timedelta(days=1)
    if isinstance(constant, Money):
        before, after = (Money(constant.amount + step, constant.currency) for step in (-CENT, CENT))
        return before, after
    unit = Decimal(1).scaleb(min(int(constant.as_tuple().exponent), 0)) * share
    return constant - unit, constant + unit


def _values(key: Key, groups: Groups, terms: Terms) -> tuple[Value, ...]:
    others, constants = groups.get(key, (frozenset({key}), ()))
    match key:
        case SeverityRef():
            levels = tuple(level.name for level in terms.severities.levels) if terms.severities else ()
            return (*levels, Unknown(frozenset({"severity"})))
        case StatusRef(status):
            states = tuple(state.name for state in terms.statuses[status].states)
            return (*states, NO_STATE, Unknown(frozenset({"agreement"})))
        case AllowanceRef(name):
            return (*_around((*constants, Decimal(0)), len(others)), Unknown(frozenset({f"what is left of {name}"})))
        case Happened():
            return (False, True)
        case RightHolds(right):
            return (True, False, Unknown(frozenset({f"what `{right}` asks"})))
        case FactRef(name):
            fact = terms.facts.get(name)
            named = sorted(one.name for one in others if isinstance(one, FactRef) and one.name in terms.facts)
            like = fact or (terms.facts[named[0]] if named else None)  # computed: of the kind it is compared with
            values = _around(constants, len(others)) if like is None else _of_fact(like, constants, len(others))
            open_world = fact is None or fact.presumed is None
            return (*values, Unknown(frozenset({name}))) if open_world else values


def _of_fact(fact: Fact, constants: tuple[Value, ...], many: int) -> tuple[Value, ...]:
    match fact.type.kind:
        case "yes_no":
            return (True, False)
        case "one_of":
            return fact.type.values
        case "text":
            said = tuple(dict.fromkeys(str(c) for c in constants))
            others = tuple(f"{'other ' * n}words" for n in range(many))
            return (*said, *(words for words in others if words not in said))
        case "dates":
            return ((date(2026, 3, 4), date(2026, 3, 6)),)
        case "date":
            return _around(constants or (date(2026, 3, 4),), many)
        case "money":
            return _around(constants or (Money(Decimal(100), fact.type.currency or "USD"),), many)
    return _around(constants or (Decimal(1),), many)


# ---- Each constant, and one smallest unit either side ---------------------------------------------------------------


def _around(constants: Iterable[Value], many: int) -> tuple[Value, ...]:
    """Each constant, and ``many`` values before, between and after them: what is not negative first."""
    known = sorted({c for c in constants if isinstance(c, (Decimal, date, Money, Elapsed))}, key=_size)
    if not known:
        return tuple(dict.fromkeys(constants)) or tuple(Decimal(n + 1) for n in range(many))
    first = known[0]
    if isinstance(first, date):
        return tuple(sorted({d for c in known for d in _days(c, many)}))
    unit = CENT if isinstance(first, Money) else Decimal(1)
    sizes = set(_sizes([Decimal(_size(c)) for c in known], many, isinstance(first, Money)))
    in_order = sorted(sizes, key=lambda size: (size < 0, size % unit != 0, size))
    if isinstance(first, Money):
        return tuple(Money(size, first.currency) for size in in_order)
    if isinstance(first, Elapsed):
        return tuple(Elapsed(int(size)) for size in in_order)
    return tuple(in_order)


def _days(day: Value, many: int) -> list[date]:
    assert isinstance(day, date)
    return [day + timedelta(days=n) for n in range(-many, many + 1)]


def _sizes(constants: list[Decimal], many: int, cents: bool) -> list[Decimal]:
    """The numbers; where two constants are so near that nothing lies between, fractions do."""
    finest = max((-int(c.as_tuple().exponent) for c in constants), default=0)
    unit = CENT if cents else Decimal(1).scaleb(-max(finest, 0))
    found = [c + n * unit for c in constants for n in range(-many, many + 1)]
    for low, high in pairwise(constants):
        if high - low <= unit * many and not cents:
            found += [low + (high - low) * n / Decimal(10) ** len(str(2 * many)) for n in range(1, many + 1)]
    return found


def _size(value: Any) -> Any:
    """What orders values of one kind."""
    if isinstance(value, Money):
        return value.amount
    return value.micros if isinstance(value, Elapsed) else value
