"""The sums on which a verdict rests are shown line by line: which figures, from which events, how rounded."""

from __future__ import annotations

from slarules.engine.reasons.amounts import explain_amounts
from slarules.engine.reasons.explain import explain
from tests.engine.small import at, contract, log
from tests.engine.test_explain import lines_of

RULES = """
fact yearly of agreement: money in USD
fact paid_amount of agreement: money in USD
fact month_count of agreement: number
fact from_day of agreement: date

amount share in USD is yearly divided by 12 multiplied by month_count
  rounded to 0.01 half up
amount balance in USD is share minus paid_amount
date pay_by is 2 months rounding down after from_day

duty pay
  when agreement invoiced by Desk
  if share is more than 100 USD
  Client must pay by the end of pay_by
  performed when agreement paid by Client and paid_amount is at least share
"""
LINES = """
2026-01-01 09:00  A1 started by Client, id s1, yearly 1330.30 USD
2026-01-31 10:00  A1 invoiced by Desk, id i1, month_count 3, from_day 2025-12-31
2026-02-10 10:00  A1 paid by Client, id p1, paid_amount 300 USD
2026-02-12 10:00  A1 paid by Client, id p2, paid_amount 332.58 USD
"""


def told(as_of: str) -> str:
    return "\n".join(lines_of(explain(contract(RULES), None, log(RULES, LINES), at(as_of), "A1", "pay"))) + "\n"


def test_the_sum_by_which_it_was_owed_and_that_by_which_it_was_kept() -> None:
    text = told("2026-03-01 08:00")
    assert text.startswith("A1 pay#1: met, due Sun 2026-03-01 00:00 (-07:00)")
    assert (
        "  `share` comes to 332.58 USD, as things stood at Sat 2026-01-31 10:00 (-07:00)\n"
        "    `yearly`: 1,330.30 USD, as recorded with s1: started by Client at Thu 2026-01-01 09:00 (-07:00)\n"
        "    `month_count`: 3, as recorded with i1: invoiced by Desk at Sat 2026-01-31 10:00 (-07:00)\n"
        "    before rounding: 1,330.30 USD ÷ 12 × 3 = 332.575 USD\n"
        "    the `share`: rounded to 0.01, halves up = 332.58 USD\n"
    ) in text
    assert (
        "  performed by p2: paid by Client at Thu 2026-02-12 10:00 (-07:00)\n"
        "    `paid_amount is at least share` holds: paid_amount is 332.58 USD, share is 332.58 USD\n"
    ) in text
    assert (
        "  `pay_by` comes to 28 February 2026, as things stood at Thu 2026-02-12 10:00 (-07:00)\n"
        "    `from_day`: 31 December 2025, as recorded with i1: invoiced by Desk at Sat 2026-01-31 10:00 (-07:00)\n"
        "    the `pay_by`: 2 months (rounding down) after 31 December 2025 = 28 February 2026\n"
    ) in text
    assert "p1: paid by Client at Tue 2026-02-10 10:00 (-07:00) did not perform it" in text


def amounts(as_of: str, name: str | None = None) -> str:
    found = explain_amounts(contract(RULES), None, log(RULES, LINES), at(as_of), "A1", name)
    return "\n".join(lines_of(found)) + "\n"


def test_each_amount_of_an_agreement_as_it_stands() -> None:
    text = amounts("2026-02-11 08:00", "balance")
    assert text.startswith("A1 `balance` comes to 32.58 USD, as of Wed 2026-02-11 08:00 (-07:00)\n")
    assert "  `share` comes to 332.58 USD\n    `yearly`: 1,330.30 USD" in text
    assert "  the `balance`: 332.58 USD − 300.00 USD = 32.58 USD\n" in text
    assert len(explain_amounts(contract(RULES), None, log(RULES, LINES), at("2026-02-11 08:00"), "A1")) == 3


def test_what_is_wanting_is_named_and_no_sum_is_made_of_it() -> None:
    text = amounts("2026-01-02 08:00", "share")
    assert text.startswith("A1 what `share` comes to cannot be known, for want of `month_count`, as of Fri 2026-01-02 ")
    assert "`month_count`: not known, nowhere recorded" in text
    assert "not known ÷" not in text and "rounded to 0.01, " not in text


def test_what_has_no_time_what_is_to_be_kept_and_what_hangs_on_the_end_of_a_term_say_so() -> None:
    rules = """
fact staffed of agreement: yes or no
status care of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over
duty name_one
  when agreement started
  Client must designate
duty staff
  when agreement started
  Desk must keep staffed
duty renew
  once each term of care
  Desk must notify Client no later than 60 days before the term ends
"""
    lines = "2026-01-15 09:00  A1 started by Client, id s1\n2026-02-01 09:00  A1 recorded, not staffed, id r1"
    events = log(rules, lines)
    early, late = (
        "\n".join(lines_of(explain(contract(rules), None, events, at(as_of), "A1")))
        for as_of in ("2026-01-20 08:00", "2026-02-02 08:00")
    )
    assert "  no time is set for it: it is owed until it is done, or something ends it (R25)" in early
    assert "  it is to be kept so all the time: no record says that `staffed` is no (R25)" in early
    assert "due with the end of 2026-11-16, so long before the term ends (R14); the term ends as 2027-01-15" in late
    assert "  Sun 2026-02-01 09:00 (-07:00): `staffed` is no: breached" in late and "deadline passes" not in late


def test_before_the_agreement_and_for_others_there_is_none() -> None:
    assert amounts("2025-12-31 08:00") == "\n"


def test_a_sum_below_nothing_keeps_its_sign_and_a_long_one_is_told() -> None:
    more = LINES.replace("332.58", "333.08")
    found = explain_amounts(contract(RULES), None, log(RULES, more), at("2026-02-13 08:00"), "A1", "balance")
    assert found[0].text.startswith("A1 `balance` comes to −0.50 USD")
    more = LINES.replace("yearly 1330.30", "yearly 12345678901234567890123456789012.34")
    found = explain_amounts(contract(RULES), None, log(RULES, more), at("2026-02-01 08:00"), "A1", "share")
    assert "3,086,419,725,308,641,972,530,864,197,253.09 USD" in found[0].text
