"""Conditions and values, three-valued: unknown stays unknown and carries the names of the facts it wants (R5, R9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any, Protocol

from attrs import frozen

from slarules.calendars import civil
from slarules.calendars.calendar import Calendar
from slarules.calendars.zones import FIRST_YEAR, LAST_YEAR, OutOfRange
from slarules.engine.history import Entry
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllOf,
    AllowanceRef,
    AmountRef,
    AnyOf,
    Arithmetic,
    Between,
    Compare,
    Condition,
    Expression,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    Literal,
    NextAnniversary,
    NoMoreSevere,
    Not,
    OneOf,
    Recorded,
    RightHolds,
    SeverityRef,
    Shifted,
    StatusRef,
    Truth,
)
from slarules.model.value import Civil, Elapsed, Money, Unknown, Value

Truth3 = bool | Unknown
"""Strong Kleene: true, false, or unknown for want of named facts."""


class Scene(Protocol):
    """What a condition can see: the subject and its agreement at one instant."""

    now: int
    entry: Entry | None
    """The event at hand."""

    @property
    def terms(self) -> Terms: ...
    @property
    def calendars(self) -> Mapping[str, Calendar]: ...
    def fact(self, name: str) -> Value: ...
    def severity_now(self) -> str | None: ...
    def status_now(self, status: str) -> Value: ...
    def allowance_now(self, allowance: str) -> Value: ...
    def amount_now(self, amount: str) -> Value: ...
    def has_happened(self, asked: Happened) -> Truth3: ...
    def right_holds(self, right: str) -> Truth3: ...
    def as_recorded_then(self) -> Scene:
        """The same without what was told only after its instant: whether something was recorded is never unknown."""
        ...


Test = Callable[[Scene], Truth3]
Reckon = Callable[[Scene], Value]


@frozen(eq=False)
class Observed:
    """A condition of which each answer is told; it stands in the terms only where `evaluate` is given an observer.

    Whatever looks at conditions by their kind takes this one for what it holds; it is never in a contract.
    """

    condition: Condition
    saw: Callable[[Scene, Truth3], None]
    """Takes the scene and the answer, and changes neither."""


def missing(*values: object) -> Unknown | None:
    """What the unknown ones among ``values`` want together, or None where all are known."""
    wanted = [v.missing for v in values if isinstance(v, Unknown)]
    return Unknown(frozenset().union(*wanted)) if wanted else None


def negate(value: Truth3) -> Truth3:
    return value if isinstance(value, Unknown) else not value


def conjunction(tests: tuple[Test, ...]) -> Test:
    """True if all are; false if any is; else unknown for want of what the unknown ones want."""
    if not tests:
        return lambda scene: True
    if len(tests) == 1:
        return tests[0]

    def holds(scene: Scene) -> Truth3:
        wanted: list[Truth3] = []
        for test in tests:
            value = test(scene)
            if value is False:
                return False
            if value is not True:
                wanted.append(value)
        return missing(*wanted) or True

    return holds


def disjunction(tests: tuple[Test, ...]) -> Test:
    """True if any is; false if all are; else unknown."""

    def holds(scene: Scene) -> Truth3:
        wanted: list[Truth3] = []
        for test in tests:
            value = test(scene)
            if value is True:
                return True
            if value is not False:
                wanted.append(value)
        return missing(*wanted) or False

    return holds


def all_hold(conditions: tuple[Condition, ...]) -> Test:
    """One test for several conditions that must all hold."""
    return conjunction(tuple(test(c) for c in conditions))


@lru_cache(maxsize=4096)
def test(condition: Condition | Observed) -> Test:
    """The condition as a function of a scene. Readings must have been decided."""
    if isinstance(condition, Observed):
        return _observed(condition)
    match condition:
        case Literal(value):
            return lambda scene: bool(value)
        case AllOf(parts):
            return conjunction(tuple(test(p) for p in parts))
        case AnyOf(parts):
            return disjunction(tuple(test(p) for p in parts))
        case Not(part):
            inner = test(part)
            return lambda scene: negate(inner(scene))
        case Truth(value):
            truth = reckon(value)
            return lambda scene: truth(scene)  # type: ignore[return-value]
        case Recorded(value):
            recorded = reckon(value)
            return lambda scene: not isinstance(recorded(scene.as_recorded_then()), Unknown)
        case Compare(op, left, right):
            return _compare(op, reckon(left), reckon(right), isinstance(left, SeverityRef))
        case OneOf(left, values, negated):
            either = disjunction(tuple(test(Compare("is", left, value)) for value in values))
            return (lambda scene: negate(either(scene))) if negated else either
        case Includes(status, benefit):
            return _includes(status, benefit)
        case Happened():
            return lambda scene: scene.has_happened(condition)
        case InCalendar(name, inside):
            return _in_calendar(name, inside)
        case RightHolds(name):
            return lambda scene: scene.right_holds(name)
        case NoMoreSevere(level):
            return lambda scene: _no_more_severe(level, scene)
    raise AssertionError(f"{condition} was not decided")


def _observed(observed: Observed) -> Test:
    inner = test(observed.condition)

    def holds(scene: Scene) -> Truth3:
        value = inner(scene)
        observed.saw(scene, value)
        return value

    return holds


def _includes(status: str, benefit: str) -> Test:
    def holds(scene: Scene) -> Truth3:
        state = scene.status_now(status)
        if isinstance(state, Unknown):
            return state
        return any(s.name == state and benefit in s.includes for s in scene.terms.statuses[status].states)

    return holds


def open_at(calendar: Calendar, at: int, inside: bool) -> Truth3:
    """Whether an instant is within (or outside) a calendar's opening times; unknown beyond its lists (R30)."""
    is_open = calendar.is_open(at)
    if is_open and calendar.unknown_from is not None and at >= calendar.unknown_from:
        return Unknown(frozenset(f"holidays of {n}" for n in calendar.unknown_names))
    return is_open is inside


def _in_calendar(name: str, inside: bool) -> Test:
    return lambda scene: open_at(scene.calendars[name], scene.now, inside)


def _no_more_severe(level: str, scene: Scene) -> Truth3:
    """Whether no graver level applies by its definition."""
    assert scene.terms.severities is not None
    graver = []
    for other in scene.terms.severities.levels:
        if other.name == level:
            break
        if other.applies:
            graver.append(all_hold(other.applies)(scene))
    if any(value is True for value in graver):
        return False
    return missing(*graver) or True


def _compare(op: str, left: Reckon, right: Reckon, by_level: bool) -> Test:
    def holds(scene: Scene) -> Truth3:
        a, b = settled(left(scene)), settled(right(scene))
        unknown = missing(a, b)
        if unknown is not None:
            return unknown
        if op == "is":
            return a == b
        if op == "is_not":
            return a != b
        x, y = (_level(a, scene), _level(b, scene)) if by_level else (_size(a), _size(b))
        match op:
            case "more":
                return bool(x > y)
            case "less":
                return bool(x < y)
            case "at_least":
                return bool(x >= y)
            case _:
                return bool(x <= y)

    return holds


def _level(value: Value, scene: Scene) -> int:
    """Graver levels are more."""
    assert scene.terms.severities is not None
    return -[level.name for level in scene.terms.severities.levels].index(str(value))


def _size(value: Value) -> Any:
    match value:
        case Money(amount):
            return amount
        case Elapsed(micros):
            return micros
        case Civil(days, months):
            return months * 31 + days
    return value


# ---- Values -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def reckon(expression: Expression) -> Reckon:
    """The expression as a function of a scene."""
    match expression:
        case Literal(value):
            return lambda scene: value
        case FactRef(name):
            return lambda scene: scene.fact(name)
        case SeverityRef():
            return lambda scene: scene.severity_now() or Unknown(frozenset({"severity"}))
        case StatusRef(status):
            return lambda scene: scene.status_now(status)
        case AllowanceRef(allowance):
            return lambda scene: scene.allowance_now(allowance)
        case AmountRef(name):
            return lambda scene: scene.amount_now(name)
        case Arithmetic(op, left, right):
            return _arithmetic(op, reckon(left), reckon(right))
        case Between(unit, start, end):
            return _known((reckon(start), reckon(end)), lambda a, b: _between(unit, a, b))
        case Shifted(day, by, sign):
            assert isinstance(by, Civil)
            return _known((reckon(day),), lambda d: shifted(d, by, sign))
        case NextAnniversary(of, after):
            return _known((reckon(of), reckon(after)), lambda a, b: civil.next_anniversary(a, b, "down"))
    raise AssertionError(f"{expression} was not decided")


def _known(parts: tuple[Reckon, ...], compute: Callable[..., Value]) -> Reckon:
    """``compute`` where every part is known."""

    def value(scene: Scene) -> Value:
        values = [part(scene) for part in parts]
        unknown = missing(*values)
        if unknown is not None:
            return unknown
        try:
            return compute(*values)
        except OutOfRange:
            return Unknown(frozenset({f"a date from {FIRST_YEAR} to {LAST_YEAR}"}))

    return value


def shifted(day: date, by: Civil, sign: int) -> date:
    """The date so much later or earlier; months are counted from the anchor (R14)."""
    moved = civil.add_months(day, sign * by.months, by.rounding) if by.months else day  # type: ignore[arg-type]
    return civil.add_days(moved, sign * by.days)


def _between(unit: str, start: date, end: date) -> Value:
    return Decimal(civil.days_between(start, end) if unit == "days" else civil.months_between(start, end))


def _arithmetic(op: str, left: Reckon, right: Reckon) -> Reckon:
    def value(scene: Scene) -> Value:
        a, b = left(scene), right(scene)
        unknown = missing(a, b)
        return _computed(op, a, b) if unknown is None else unknown

    return value


CARRIED, TOLD = Context(prec=100), Context(prec=50)
"""Digits carried through a sum, and digits of what it comes to: so a third of a whole is the whole, taken thrice."""
LEAST = Decimal("1e-50")
VAST = Unknown(frozenset({"a number of at most 50 digits"}))


def settled(value: Value) -> Value:
    """What a sum comes to; on the way it is carried further, so that no half is missed and nothing is off by a hair."""
    match value:
        case Money(amount, currency):
            return Money(_plain(amount), currency)
        case Decimal():
            exact: Decimal = _plain(value)
            return exact
    return value


def _plain(number: Any) -> Any:
    if not isinstance(number, Decimal):
        return number
    _, digits, exponent = number.as_tuple()
    if len(digits) <= TOLD.prec and int(exponent) >= -TOLD.prec:
        return number
    told = TOLD.plus(number)
    told = (told.quantize(LEAST, context=CARRIED) if abs(told) < 1 else told).normalize(TOLD)
    whole = not vast(told) and told == told.to_integral_value()
    return told.quantize(Decimal(1), context=CARRIED) if whole else told


def vast(number: object) -> bool:
    """Whether a number is longer than any sum of money or time: what it comes to cannot be known."""
    return isinstance(number, Decimal) and number.adjusted() >= TOLD.prec


def _computed(op: str, a: Value, b: Value) -> Value:
    """Exact decimal arithmetic; money keeps its currency. A division by zero cannot be known."""
    currency = next((v.currency for v in (a, b) if isinstance(v, Money)), None)
    both = isinstance(a, Money) and isinstance(b, Money)
    x, y = _size(a), _size(b)
    if vast(x) or vast(y):
        return VAST
    match op:
        case "plus":
            number = CARRIED.add(x, y)
        case "minus":
            number = CARRIED.subtract(x, y)
        case "times":
            number = CARRIED.multiply(x, y)
        case "divided":
            if y == 0:
                return Unknown(frozenset({"a divisor that is not zero"}))
            number = CARRIED.divide(x, y)
        case "lesser":
            return a if _plain(x) <= _plain(y) else b
        case _:
            return a if _plain(x) >= _plain(y) else b
    if isinstance(a, Elapsed):
        return Elapsed(int(number))
    if vast(number):
        return VAST
    return Money(number, currency) if currency and not (both and op == "divided") else number
