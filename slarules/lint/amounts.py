"""Amounts of money that may come to a fraction of a cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.expression import Arithmetic, Literal
from slarules.model.rules import Amount
from slarules.model.walk import inside


def without_rounding(examined: Examined) -> Iterator[Found]:
    """An amount that is divided, or multiplied by a fraction, and not rounded."""
    for terms in examined.versions:
        for amount in terms.amounts.values():
            if amount.currency is not None and amount.rounding is None and _has_fractions(amount):
                yield Found(
                    examined.name_at(amount.citation.rule),
                    f"`{amount.name}` may come to a fraction of a cent, and nothing says how it is rounded",
                    "add a line: `rounded to 0.01 half up`, or `half even`, `up`, `down`",
                )


def _has_fractions(amount: Amount) -> bool:
    """Whether the result may have more digits than what it is made of; other amounts round themselves."""
    for one in inside((amount.value, amount.parts)):
        if isinstance(one, Arithmetic):
            if one.op == "divided" and not _is_one(one.right):
                return True
            if one.op == "times" and any(_is_fraction(side) for side in (one.left, one.right)):
                return True
    return False


def _is_fraction(value: object) -> bool:
    plain = value.value if isinstance(value, Literal) else None
    return isinstance(plain, Decimal) and plain != plain.to_integral_value()


def _is_one(value: object) -> bool:
    return isinstance(value, Literal) and value.value == Decimal(1)


RULES: tuple[Rule, ...] = (
    Rule("L1001", "amount-without-rounding", Level.WARNING, "money divided or taken a share of, and never rounded",
         without_rounding),
)
