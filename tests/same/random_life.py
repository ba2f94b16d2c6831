"""The random life of an agreement: its states and terms, its allowances, its amounts and dates."""

from __future__ import annotations

from tests.same import random_further
from tests.same.random_words import Draft, _reading


def rules(draft: Draft) -> list[str]:
    """What a random contract says of the agreement."""
    found = [_status(draft)] if draft.statuses else []
    if draft.allowances:
        found.append(_allowance(draft))
    if draft.amounts and draft.further:
        found += random_further.amounts(draft)
    elif draft.amounts:
        steps = "\n  is 25 USD if annual_fee is less than 100 USD\n  is 2 USD if not covered or paid has happened"
        worth = draft.one(" is 10 % of annual_fee plus 5 USD", f"{steps}\n  is 10 % of annual_fee otherwise")
        found += [
            f"amount surcharge in USD{worth}\n  rounded to 0.01 {draft.one('half up', 'down')}",
            f"date due_day is {draft.one('3 days', '1 month rounding down')} after paid_on",
        ]
    return found


def _status(draft: Draft) -> str:
    lasts = draft.one("12 months rounding down", "5 days", "3 days")
    lines = ["status maintenance of agreement", "  state active", "    begins when agreement started"]
    lines += [f"    lasts {lasts}", "    includes support, updates"]
    if draft.chance(0.5):
        lines.append("    becomes active at the end of term if paid has happened this term")
    lines += ["    becomes grace at the end of term", "  state grace", "    includes support"]
    lines += ["    becomes expired after 2 days", "    becomes active when purchase_order_received or paid"]
    lines += ["  state expired", "    includes nothing", "    becomes active when paid"]
    runs = draft.one("runs from the event", "runs from expiry")
    if draft.odd(0.2):
        runs = "as read in " + _reading(draft, "runs_from", ("runs from the event", "runs from expiry"))
    return "\n".join([*lines, f"  a reinstated term {runs}"])


def _allowance(draft: Draft) -> str:
    lines = ["allowance block of Client in hours", "  increases on hours_purchased by hours"]
    lines.append("  decreases on hours_logged by hours" + draft.one("", " if covered"))
    return "\n".join([*lines, *(["  unused carries over"] if draft.chance(0.3) else [])])
