"""An amount reckoned line by line: what is taken, what is counted, each part, and how it is rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from attrs import frozen

from slarules.engine.amount import step_of
from slarules.engine.expression import CARRIED, Scene, reckon
from slarules.engine.reasons.grounds import spelt
from slarules.model.expression import (
    AmountRef,
    Arithmetic,
    Between,
    Condition,
    Expression,
    FactRef,
    NextAnniversary,
    Shifted,
    Stepped,
)
from slarules.model.rules import Amount
from slarules.model.value import Civil, Money, Unknown, Value
from slarules.model.walk import inside
from slarules.wording.life import ROUNDED
from slarules.wording.values import day, length, number
from slarules.wording.values import plain as known_words

Called = Callable[[str], str]
"""Something about the name of a value, in words."""
DIGITS = 6
"""Decimal places that are shown of a value before it is rounded."""
UNKNOWN = "not known"
_SIGNS = {"plus": "+", "minus": "−", "times": "×", "divided": "÷"}


@frozen
class Step:
    """One line of a reckoning."""

    what: str
    """What is reckoned."""
    how: str
    """From what; empty: it is taken."""
    value: str
    """What it comes to."""


def steps(
    rule: Amount, scene: Scene, before: Value, result: Value, called: Called, taken: Called
) -> Iterator[Step]:
    """What is taken, what is counted, each part, the result before and after rounding.

    ``called`` names a value, ``taken`` says from where a recorded one is taken; for the rest see ``worked_out``.
    """
    parts = dict(rule.parts)
    for part in dict.fromkeys(p for p in inside((rule.parts, rule.value)) if isinstance(p, (FactRef, AmountRef))):
        if isinstance(part, AmountRef):
            yield Step(called(part.name), "worked out under its own name", shown(scene.amount_now(part.name)))
        elif part.name not in parts:
            yield Step(called(part.name), taken(part.name), shown(scene.fact(part.name)))
    for name, expression in rule.parts:
        yield from _counts(expression, scene)
        yield Step(called(name), _formula(expression, scene), shown(reckon(expression)(scene)))
    value = rule.value
    if isinstance(value, Stepped):
        step = step_of(value, scene)
        if step is None:
            return  # which one applies is not known
        asked, value = step
        yield Step("the line that applies", _why(asked), _formula(value, scene))
    yield from _counts(value, scene)
    if rule.rounding is None:
        yield Step(f"the {called(rule.name)}", _formula(value, scene), shown(result))
        return
    unit, how = rule.rounding
    yield Step("before rounding", _formula(value, scene), shown(before))
    yield Step(f"the {called(rule.name)}", f"rounded to {unit}, {ROUNDED[how]}", shown(result))


def _why(asked: Condition | None) -> str:
    if asked is None:
        return "no condition holds"
    words = spelt(asked)
    return "so the contract is read" if words == "yes" else f"the first whose condition holds: `{words}`"


def _counts(expression: Expression, scene: Scene) -> Iterator[Step]:
    """Days or months counted inside a larger value, each on a line of its own."""
    for part in inside(expression):
        if isinstance(part, Between) and part is not expression:
            yield Step(f"{part.unit} counted", _between(part, scene), shown(reckon(part)(scene)))


def _between(part: Between, scene: Scene) -> str:
    start, end = reckon(part.start)(scene), reckon(part.end)(scene)
    return f"from {shown(start)} to {shown(end)}, the first of them left out" if part.unit == "days" else \
           f"whole months from {shown(start)} to {shown(end)}"


def _formula(expression: Expression, scene: Scene) -> str:
    """The value with figures in it: `12,000.00 USD × 90 ÷ 365`."""
    match expression:
        case Arithmetic("lesser" | "greater" as op, left, right):
            return f"the {op} of {_figure(left, scene)} and {_figure(right, scene)}"
        case Arithmetic(op, left, right):
            first, second = _figure(left, scene), _figure(right, scene)
            if isinstance(left, Arithmetic) and left.op in ("plus", "minus") and op in ("times", "divided"):
                first = f"({first})"
            if isinstance(right, Arithmetic) and (right.op in ("plus", "minus") or op in ("minus", "divided")):
                second = f"({second})"
            return f"{first} {_SIGNS[op]} {second}"
        case Between():
            return _between(expression, scene)
        case Shifted(base, Civil() as by, sign):
            return f"{length(by)} {'after' if sign > 0 else 'before'} {_figure(base, scene)}"
        case NextAnniversary(of, after):
            return f"the next anniversary of {_figure(of, scene)} that is after {_figure(after, scene)}"
    return shown(reckon(expression)(scene))


def _figure(expression: Expression, scene: Scene) -> str:
    """A value inside another: a computed one in full, all else as what it comes to."""
    return _formula(expression, scene) if isinstance(expression, Arithmetic) else shown(reckon(expression)(scene))


def shown(given: Value) -> str:
    """A value as a reader writes it: money with its thousands apart, long fractions cut."""
    match given:
        case Money(amount, currency):
            return f"{_number(_to_the_cent(amount))} {currency}"
        case Decimal():
            return _number(given)
        case Unknown():
            return UNKNOWN
        case date():
            return day(given)
    return known_words(given)


def _to_the_cent(amount: Decimal) -> Decimal:
    """The amount without zeros at its end that say nothing; two places at least. Every digit of it stays."""
    cents = amount.quantize(Decimal("0.01"), context=CARRIED)
    return cents if cents == amount else amount.normalize(CARRIED)


def _number(given: Decimal) -> str:
    places = Decimal(1).scaleb(-DIGITS)
    long = int(given.as_tuple().exponent) < -DIGITS
    cut = given.quantize(places, context=CARRIED) if long else given
    whole, _, fraction = number(cut.copy_abs()).partition(".")
    told = f"{'−' if cut < 0 else ''}{int(whole):,}" + (f".{fraction}" if fraction else "")
    return f"{told} …" if cut != given else told
