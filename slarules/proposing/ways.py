"""What would make a condition so: facts, a severity, happenings, a state; tried over finite domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from attrs import define

from slarules.analysis.points import Point
from slarules.engine.adopt import Adopted
from slarules.engine.amount import amount_value
from slarules.engine.expression import reckon, test
from slarules.lint.domain import Key
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllOf,
    AllowanceRef,
    AmountRef,
    AnyOf,
    Compare,
    Condition,
    Expression,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    Literal,
    NextAnniversary,
    Not,
    OneOf,
    Recorded,
    RightHolds,
    SeverityRef,
    StatusRef,
    Truth,
)
from slarules.model.rules import FactType
from slarules.model.value import Money, Unknown, Value
from slarules.model.walk import inside

Way = Mapping[tuple[str, ...], Any]
"""What is needed: ``("fact", NAME)`` → its value, None where it must not be recorded; ``("severity",)`` → a level;
``("happened", TYPE, PARTY)`` → whether; ``("calendar", NAME)`` → whether it is open; ``("status", NAME)`` → a state;
``("allowance", NAME)`` → what is left of it;
``("role", NAME)`` → whether the caller has it."""
MOST = 48
"""Ways that are tried of one condition."""
COMBINATIONS = 400
"""Values that are tried together in one comparison."""


def ways(condition: Condition, wanted: bool, adopted: Adopted, today: date) -> Iterator[Way]:
    """Ways in which the condition may come out as wanted, simple ones first. Readings must have been decided."""
    return islice(_ways(condition, wanted, adopted, today), MOST)


def _ways(condition: Condition, wanted: bool, adopted: Adopted, today: date) -> Iterator[Way]:
    match condition:
        case Literal(value):
            yield from [{}] if bool(value) is wanted else []
        case Not(part):
            yield from ways(part, not wanted, adopted, today)
        case AllOf(parts) | AnyOf(parts):
            each = [list(ways(part, wanted, adopted, today)) for part in parts]
            if isinstance(condition, AllOf) is wanted:
                yield from together(each)
            else:
                yield from (way for own in each for way in own)
        case Truth(FactRef(name)):
            yield {("fact", name): wanted}
        case Recorded(FactRef(name)):
            values = _domain(name, condition, adopted.terms, today) if wanted else [None]
            for one in values:
                yield {("fact", name): one}
        case Recorded(SeverityRef()):
            levels = [level.name for level in adopted.terms.severities.levels] if adopted.terms.severities else []
            for level in levels if wanted else [None]:
                yield {("severity",): level}
        case Includes(status, benefit):
            for state in adopted.terms.statuses[status].states:
                if (benefit in state.includes) is wanted:
                    yield {("status", status): state.name}
        case Happened(pattern):
            yield {("happened", pattern.type, pattern.by or ""): wanted}
        case InCalendar(name, is_inside):
            yield {("calendar", name): is_inside is wanted}
        case RightHolds(name):
            yield from _of_right(name, wanted, adopted, today)
        case Compare() | OneOf():
            yield from _compared(condition, wanted, adopted, today)
        case _:
            yield {}  # the engine tells whether it is so all the same


def together(each: list[list[Way]]) -> Iterator[Way]:
    """Ways of several things at once; those that contradict each other are no way."""
    for several in islice(product(*each), COMBINATIONS):
        joined: dict[tuple[str, ...], Any] = {}
        if all(joined.setdefault(need, value) == value for way in several for need, value in way.items()):
            yield joined


def _of_right(name: str, wanted: bool, adopted: Adopted, today: date) -> Iterator[Way]:
    right = adopted.terms.rights[name]
    tests: list[list[Way]] = [list(ways(part, wanted, adopted, today)) for part in (*right.only_if, *right.whiles)]
    if right.during is not None:
        tests.append([{("calendar", right.during): wanted}])
    if right.role is not None:
        tests.append([{("role", right.role): wanted}])
    yield from together(tests) if wanted else (way for own in tests for way in own)


def _compared(condition: Compare | OneOf, wanted: bool, adopted: Adopted, today: date) -> Iterator[Way]:
    """The values of what is compared for which it comes out as wanted."""
    if isinstance(condition, Compare) and condition.op in ("is", "is_not") and (condition.op == "is") is wanted:
        for fact, other in ((condition.left, condition.right), (condition.right, condition.left)):
            if isinstance(fact, FactRef) and any(isinstance(part, AmountRef) for part in inside(other)):
                yield from _solved(fact, other, adopted, today)
    domains = _domains(condition, adopted.terms, today)
    holds = test(condition)
    for values in islice(product(*domains.values()), COMBINATIONS):
        way = dict(zip(domains, values, strict=True))
        if holds(_imagined(way, adopted)) is wanted:
            yield way


def _solved(fact: FactRef, other: Expression, adopted: Adopted, today: date) -> Iterator[Way]:
    """A fact that is to be what the contract computes: it takes that value. Recorded values that differ come first."""
    domains = _domains(other, adopted.terms, today)
    if ("fact", fact.name) in domains:
        return
    origins = {ref.name for part in _parts(other, adopted.terms) if isinstance(part, NextAnniversary)
               for ref in _refs(part.of, adopted.terms) if isinstance(ref, FactRef)}  # fmt: skip
    several = [dict(zip(domains, values, strict=True))
               for values in islice(product(*domains.values()), COMBINATIONS)]  # fmt: skip
    for way in sorted(several, key=lambda way: (-len(set(map(repr, way.values()))), _backwards(way, origins))):
        value = reckon(other)(_imagined(way, adopted))
        if not isinstance(value, Unknown):
            yield {**way, ("fact", fact.name): value}


def _backwards(way: Way, origins: set[str]) -> int:
    """How many dates lie before one of whose anniversaries there is talk; the fewer the likelier."""
    dates = {key[-1]: value for key, value in way.items() if isinstance(value, date)}
    return sum(dates[name] < dates[origin] for origin in origins & dates.keys() for name in dates.keys() - origins)


def _parts(value: object, terms: Terms, passed: frozenset[str] = frozenset()) -> Iterator[object]:
    """Everything in a value, also in the amounts that it names."""
    for part in inside(value):
        yield part
        if isinstance(part, AmountRef) and part.name not in passed:
            amount = terms.amounts[part.name]
            yield from _parts((amount.value, amount.parts), terms, passed | {part.name})


def _domains(of: object, terms: Terms, today: date) -> dict[tuple[str, ...], list[Any]]:
    """What a comparison or a value reads, each with the values worth trying."""
    domains: dict[tuple[str, ...], list[Any]] = {}
    for ref in _refs(of, terms):
        match ref:
            case FactRef(name) if name in terms.facts:
                domains["fact", name] = _domain(name, of, terms, today)
            case SeverityRef():
                domains["severity",] = [level.name for level in terms.severities.levels] if terms.severities else []
            case StatusRef(name):
                domains["status", name] = [state.name for state in terms.statuses[name].states]
            case AllowanceRef(name):
                fills = terms.allowances[name].fills
                domains["allowance", name] = domain(FactType("number"), _literals(of), today) if fills else []
    return domains


def _refs(value: object, terms: Terms) -> Iterator[object]:
    """What a comparison reads, also through computed amounts."""
    return (part for part in _parts(value, terms) if isinstance(part, (FactRef, SeverityRef, StatusRef, AllowanceRef)))


def _domain(name: str, condition: object, terms: Terms, today: date) -> list[Any]:
    """Values of a fact that are worth trying: all of a finite type; else those beside what it is compared with."""
    fact = terms.facts.get(name)
    return domain(fact.type, _literals(condition), today) if fact is not None else ["somebody"]


def _literals(condition: object) -> list[Any]:
    return [part.value for part in inside(condition) if isinstance(part, Literal)]


def domain(type: FactType, literals: list[Any], today: date) -> list[Any]:
    """Values of a type that are worth trying; ``literals`` are the values that it is compared with."""
    match type.kind:
        case "yes_no":
            return [True, False]
        case "one_of":
            return list(type.values)
        case "number" | "hours":
            numbers = sorted({v for v in literals if isinstance(v, Decimal)})
            return [n for v in numbers for n in (v, v + 1, v - 1) if n >= 0] or [Decimal(2)]
        case "money":
            amounts = sorted({v.amount for v in literals if isinstance(v, Money)})
            near = [n for v in amounts for n in (v, v + 1, v - 1) if n >= 0] or [Decimal(1000)]
            return [Money(n, type.currency or "") for n in near]
        case "date":
            return [today + timedelta(days=10), today, today - timedelta(days=10)]
        case "dates":
            return [(today + timedelta(days=2), today + timedelta(days=4))]
    texts = [v for v in literals if isinstance(v, str)]
    return [*texts, "somebody"]


_KEYS: Mapping[str, Callable[..., Key]] = {
    "fact": FactRef, "severity": SeverityRef, "status": StatusRef, "allowance": AllowanceRef}  # fmt: skip


@define(eq=False)
class _Imagined(Point):
    """A scene in which only the given is recorded, nothing is presumed, and amounts are computed."""

    def amount_now(self, amount: str) -> Value:
        return amount_value(self, amount)

    def has_happened(self, asked: Happened) -> bool:
        return False


def _imagined(way: Way, adopted: Adopted) -> _Imagined:
    return _Imagined(adopted, {_KEYS[sort](*name): value for (sort, *name), value in way.items()}, 0, False)
