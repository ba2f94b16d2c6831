"""The types of values, and what to say when two that differ are mixed."""

from __future__ import annotations

from attrs import frozen

from slarules.model.rules import FactType


@frozen
class Type:
    """What sort of value an expression has."""

    kind: str
    """A fact's kind, or ``elapsed``, ``civil``, ``severity``, ``state``, or ``any`` after a mistake already told."""
    values: tuple[str, ...] = ()
    """Of an enumeration, a status or the severities."""
    currency: str | None = None


ANYTHING = Type("any")
YES_NO, NUMBER, HOURS, DATE, DATES, TEXT = map(Type, ("yes_no", "number", "hours", "date", "dates", "text"))
ELAPSED, CIVIL = Type("elapsed"), Type("civil")

ORDERED = frozenset(("number", "hours", "money", "date", "elapsed", "severity", "any"))
"""Kinds of which one can be more than another."""
SUMMED = frozenset(("number", "hours", "money", "elapsed", "any"))
"""Kinds that can be added."""

_SAID = {
    "yes_no": "yes or no", "number": "a number", "hours": "a number of hours", "date": "a date",
    "dates": "a list of dates", "text": "text", "elapsed": "a length of time", "civil": "a number of calendar days",
    "severity": "a severity", "any": "anything",
}
_MENDS = {
    frozenset(("hours", "number")): "say its unit, as `4 hours`",
    frozenset(("money", "number")): "say its currency, as `100 USD`",
    frozenset(("number", "civil")): "`days from … to …` is a plain number: leave the unit out",
    frozenset(("number", "elapsed")): "leave the unit out, or declare the fact as `hours`",
    frozenset(("date", "civil")): "a date comes of `30 days after` another date",
    frozenset(("date", "elapsed")): "dates have no hours: count from a date in days, as `30 days after`",
    frozenset(("elapsed", "civil")): "hours run on and days are dates: say both in hours, or both in days",
    frozenset(("hours", "civil")): "say it in hours",
    frozenset(("text", "one_of")): "write the value without quotation marks",
    frozenset(("text", "state")): "write the state without quotation marks",
    frozenset(("text", "date")): "write a date as 2026-03-02, without quotation marks",
    frozenset(("text", "yes_no")): "say `yes` or `no`, without quotation marks",
    frozenset(("text", "number")): "write the number without quotation marks",
    frozenset(("date", "dates")): "a list holds several dates: declare the fact as `date`",
}


def of_fact(fact: FactType) -> Type:
    """The type of a fact's value."""
    return Type(fact.kind, fact.values, fact.currency)


def money(currency: str | None) -> Type:
    """Money of one currency."""
    return Type("money", (), currency)


def said(type: Type) -> str:
    """The type in a reader's words."""
    if type.kind == "one_of":
        return f"one of {', '.join(type.values)}"
    if type.kind == "money":
        return f"money in {type.currency}"
    if type.kind == "state":
        return f"a state ({', '.join(type.values)})"
    return _SAID[type.kind]


def mixes(left: Type, right: Type) -> bool:
    """Whether the two may stand side by side."""
    if ANYTHING in (left, right):
        return True
    if left.kind == right.kind == "one_of":
        return bool(set(left.values) & set(right.values))
    return left == right


def mend(left: Type, right: Type) -> str | None:
    """What to do about two types that do not mix."""
    if left.kind == right.kind == "money":
        return "state both in one currency; no rate of exchange is known"
    return _MENDS.get(frozenset((left.kind, right.kind)))
