"""Values and computed values in words: lengths of time, dates, money, and what is computed from what is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, assert_never

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
from slarules.model.value import HOUR, MINUTE, SECOND, AsRead, Civil, Elapsed, Money
from slarules.wording.grammar import counted, definite, listed, quoted, words
from slarules.wording.voice import AGREEMENT, ANY, Voice

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
_OPERATIONS = {"plus": "plus", "minus": "minus", "times": "multiplied by", "divided": "divided by"}
_EXTREMES = {"lesser": "the lesser", "greater": "the greater"}


def length(value: Elapsed | Civil) -> str:
    """A length of time: `1 hour 30 minutes`, `60 days`, `1 month (rounding down)`."""
    match value:
        case Elapsed(micros):
            return _elapsed(micros)
        case Civil(days, months, rounding):
            said = [counted(many, unit) for many, unit in ((months, "month"), (days, "day")) if many]
            return (" ".join(said) or "0 days") + (f" (rounding {rounding})" if rounding else "")
    assert_never(value)


def _elapsed(micros: int) -> str:
    left, said = abs(micros), []
    for unit, size in (("hour", HOUR), ("minute", MINUTE)):
        many, left = divmod(left, size)
        if many:
            said.append(counted(many, unit))
    if left or not said:
        said.append(counted(Decimal(left) / SECOND if left % SECOND else left // SECOND, "second"))
    return ("minus " if micros < 0 else "") + " ".join(said)


def day(value: date) -> str:
    """A date: `2 March 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def number(value: Decimal) -> str:
    """A number as written, without an exponent."""
    return format(value, "f")


def plain(value: Any) -> str:
    """A known value."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return words(value) if value.isidentifier() or value.isdigit() else f"“{value}”"
        case Decimal():
            return number(value)
        case date():
            return day(value)
        case Money(amount, currency):
            return f"{number(amount)} {currency}"
        case Elapsed() | Civil():
            return length(value)
        case tuple():
            return listed(day(one) for one in value)
        case int():
            return str(value)
    raise TypeError(f"no value of a policy: {value!r}")


_LEADS_ON = frozenset(("to", "by", "for", "of", "on", "in", "when", "with", "from", "about", "is", "as"))
"""Words with which a noun does not end: a fact of such a name is quoted, `the date “scheduled on”`."""
_SORTS = {"date": "date", "dates": "dates", "number": "number", "money": "amount", "hours": "number of hours"}
"""Kind of a fact → what it is, before a quoted name."""


def fact(name: str, voice: Voice) -> str:
    """What is recorded under a fact's name: `the channel`, or `the agreement's annual fee` where that is meant."""
    known = voice.terms.facts.get(name)
    of_agreement = known is not None and known.kind == AGREEMENT and voice.kind not in (AGREEMENT, None, ANY)
    said_as = words(name)
    if name.split("_")[-1] in _LEADS_ON:
        said_as = f"{_SORTS.get(known.type.kind if known is not None else '', 'fact')} {quoted(name)}"
    return f"{'the agreement’s' if of_agreement else 'the'} {said_as}"


def value(expression: Expression, voice: Voice) -> str:
    """A computed value, as a noun phrase."""
    match expression:
        case Literal(known):
            return plain(known)
        case FactRef(name):
            return fact(name, voice)
        case SeverityRef():
            return "the severity"
        case StatusRef(status):
            return f"the state of {quoted(status)}"
        case AllowanceRef(allowance):
            return f"what is left of {quoted(allowance)}"
        case AmountRef(name):
            return definite(words(name))
        case Arithmetic():
            return _computed(expression, voice)
        case Between(unit, start, end):
            return f"the number of whole {unit} from {value(start, voice)} to {value(end, voice)}"
        case Shifted():
            return _shifted(expression, voice)
        case NextAnniversary(of, after):
            return f"the next anniversary of {value(of, voice)} that is after {value(after, voice)}"
        case AsRead():
            return voice.read(expression, lambda inner: said(inner, voice), "the value")
    assert_never(expression)


def said(given: Any, voice: Voice) -> str:
    """Whatever an option or a cell may hold as a value: a computed value or a known one."""
    if isinstance(given, AsRead):
        return voice.read(given, lambda inner: said(inner, voice), "the value")
    known = (bool, str, Decimal, date, Money, Elapsed, Civil, tuple, int)
    return plain(given) if isinstance(given, known) else value(given, voice)


def _computed(expression: Arithmetic, voice: Voice) -> str:
    op, left, right = expression.op, expression.left, expression.right
    if op in _EXTREMES:
        return f"{_EXTREMES[op]} of {value(left, voice)} and {value(right, voice)}"
    first = value(left, voice)
    if op == "times" and isinstance(left, Literal) and isinstance(left.value, Decimal) and 0 < left.value < 1:
        whole = f"({value(right, voice)})" if isinstance(right, Arithmetic) else value(right, voice)
        return f"{number((left.value * 100).normalize())} % of {whole}"
    if isinstance(left, Arithmetic) and op in ("times", "divided") and left.op in ("plus", "minus"):
        first = f"({first})"
    second = value(right, voice)
    if isinstance(right, Arithmetic) and (op in ("minus", "divided") or right.op in ("plus", "minus")):
        second = f"({second})"
    return f"{first} {_OPERATIONS.get(op, words(op))} {second}"


def _shifted(expression: Shifted, voice: Voice) -> str:
    by = expression.by
    far = voice.read(by, length, "so long") if isinstance(by, AsRead) else length(by)
    way = {1: "after", -1: "before"}.get(expression.sign, f"times {expression.sign} after")
    return f"{far} {way} {value(expression.date, voice)}"
