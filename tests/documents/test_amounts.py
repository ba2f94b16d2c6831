"""Amounts worked out: a golden one, the engine's own value in the last line, dates in an order that makes sense."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from slarules.analysis.stories import raw
from slarules.documents.examples.amounts import section
from slarules.documents.examples.figures import figures
from slarules.engine.adopt import adopt
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.model.value import Money
from tests.documents.contracts import NAMES, contract, lines
from tests.engine import small

RULES = """
fact yearly of agreement: money in USD "the fee of a year"
fact ended_on of agreement: date
fact back_on of agreement: date
amount back in USD is yearly multiplied by days_lapsed divided by 365
  where days_lapsed is days from ended_on to back_on
  rounded to 0.01 half up
amount total in USD is the lesser of sum and 12500 USD
  where sum is back plus yearly
date again is 1 month rounding down after back_on
"""
TOLD = """
# Amounts
What the contract's words compute, each worked out with the same example figures. It is reckoned as where an agreement \
is judged: exact to the last digit, and rounded only where the policy says so.
[The figures that the examples take]
Figure | What it is | Taken as
yearly | the fee of a year | 12,000.00 USD
ended on |  | 2 March 2026
back on |  | 1 April 2026
## Back
The back, in USD, is the yearly multiplied by the days lapsed divided by 365. In this, “days lapsed” is the number of \
whole days from the date “ended on” to the date “back on”. It is rounded to 0.01 USD, halves up.
[The back, worked out]
Step | How | Comes to
ended on | as taken above | 2 March 2026
back on | as taken above | 1 April 2026
yearly | as taken above | 12,000.00 USD
days lapsed | from 2 March 2026 to 1 April 2026, the first of them left out | 30
before rounding | 12,000.00 USD × 30 ÷ 365 | 986.301370 … USD
the back | rounded to 0.01, halves up | 986.30 USD
## Total
The total, in USD, is the lesser of the sum and 12500 USD. In this, “sum” is the back plus the yearly.
[The total, worked out]
Step | How | Comes to
back | worked out under its own name | 986.30 USD
yearly | as taken above | 12,000.00 USD
sum | 986.30 USD + 12,000.00 USD | 12,986.30 USD
the total | the lesser of 12,986.30 USD and 12,500.00 USD | 12,500.00 USD
## Again
The again is 1 month (rounding down) after the date “back on”.
[The again, worked out]
Step | How | Comes to
back on | as taken above | 1 April 2026
the again | 1 month (rounding down) after 1 April 2026 | 1 May 2026
"""


def test_each_step_is_told_with_its_figure() -> None:
    assert lines(section(small.contract(RULES))) == TOLD.strip().splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_the_last_line_is_what_the_engine_says_of_such_an_agreement(name: str) -> None:
    """The facts told, recorded of an agreement, give the amounts told: judged whole, not by the section's own scene."""
    of = contract(name)
    made = section(of)
    terms = adopt(of, None, None)[-1].terms
    if not terms.amounts:
        assert made is None
        return
    assert made is not None
    taken = {n: raw(v) for n, v in figures(terms, date(2026, 3, 2)).items()}
    event = Event("e1", "A1", "started", small.at("2026-03-02 10:00"), None, taken, kind="agreement")
    values = evaluate(of, None, [event], event.at).amounts
    told = {part.title: lines(part)[-1].split(" | ")[-1] for part in made.sections}
    assert len(told) == len(terms.amounts)
    for amount in terms.amounts:
        value = values["A1", amount]
        title = amount.replace("_", " ")
        shown = told[title[0].upper() + title[1:]]
        if isinstance(value, Money):
            exact = f"{value.amount:,}"
            rounded = f"{value.amount:,.6f} …" if len(exact.partition(".")[2]) > 6 else exact
            assert shown == f"{rounded} {value.currency}"
        else:
            assert isinstance(value, date)
            assert shown == f"{value.day} {value:%B %Y}"


def test_what_is_counted_from_lies_before_what_is_counted_to() -> None:
    terms = adopt(contract("collabware"), None, None)[-1].terms
    taken = figures(terms, date(2026, 3, 2))
    assert taken["first_maintained_on"] < taken["licensed_on"]  # type: ignore[operator]
    assert taken["term_ended_on"] < taken["support_ended_on"] < taken["reinstated_on"]  # type: ignore[operator]
    sums = [value.amount for value in taken.values() if isinstance(value, Money)]
    assert len(set(sums)) == len(sums) and all(isinstance(one, Decimal) for one in sums)


def test_an_amount_that_hangs_on_more_than_recorded_figures_says_so() -> None:
    told = lines(section(small.contract("""
fact fee of agreement: money in USD
amount share in USD is fee divided by zero
  where zero is 1 minus 1
""")))  # fmt: skip
    assert told[-1] == "It cannot be worked out from recorded figures alone: it hangs on a divisor that is not zero."
