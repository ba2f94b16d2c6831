"""Figures recorded anew: only they change, what cannot be told surely is left, and the file passes afterwards."""

from __future__ import annotations

import pytest

from slarules.diagnostics import has_errors
from slarules.scenario.reading import read_all
from slarules.scenario.run import run
from slarules.scenario.updating import Updated, updated
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.scenario.conftest import contract

HEAD = 'slarules 1\nscenarios of "policy.sla"\nscenario "x" in America/Denver\n' \
       "  supplied TrakHolidays none known until 2027-01-01\n"


def update(text: str) -> tuple[Updated, int]:
    """The file recorded anew, and how many expectations fail in it then."""
    source = Source("s.sla", text)
    tree, spelling = parse(source)
    scripts, problems = read_all(contract(), tree.scenarios)
    assert not has_errors((*spelling, *problems)), [(p.message, p.span.text) for p in (*spelling, *problems)]
    found = updated(contract(), source, [run(contract(), script) for script in scripts])
    again, _ = read_all(contract(), parse(Source("s.sla", found.text))[0].scenarios)
    outcomes = [run(contract(), script) for script in again]
    return found, sum(s.judged is not None and not s.judged.holds for o in outcomes for s in o.steps)


OPENED = "  2026-03-02 08:00  T1 opened by Customer, channel email, severity 1"
CASES = {
    "a deadline": ("expect T1 confirm pending, due at 10:30", "expect T1 confirm pending, due at 09:00"),
    "a deadline on another date": (
        "as of 2026-03-03 07:00  expect T1 fix due at 09:00",
        "as of 2026-03-03 07:00  expect T1 fix due at 2026-03-02 16:00",
    ),
    "a state": ("expect T1 confirm met", "expect T1 confirm pending"),
    "a state denied": ("expect T1 confirm not pending", "expect T1 confirm pending"),
    "owed or not": ("expect T1 confirm not owed", "expect T1 confirm owed"),
    "a state and its instant": (
        "as of 12:00  expect T1 confirm met at 08:30   -- as it was",
        "as of 12:00  expect T1 confirm breached at 09:00   -- as it was",
    ),
    "figures that a state has no more go": (
        "expect T1 confirm breached at 08:30, performed late by 1 hour", "expect T1 confirm pending",
    ),
    "blanks and order are kept": (
        "expect  T1 confirm  pending ,  due  at 10:00", "expect  T1 confirm  pending ,  due  at 09:00",
    ),
    "a scope": ("expect T1 helpdesk out of scope", "expect T1 helpdesk in_scope"),
    "the next change": ("expect next change at 08:10", "expect next change at 09:00"),
    "what ended it": ("expect T1 confirm ended by resolved", "expect T1 confirm pending"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_figure_alone_changes(case: str) -> None:
    written, wanted = CASES[case]
    found, failing = update(f"{HEAD}{OPENED}\n  {written}\n")
    assert found.text == f"{HEAD}{OPENED}\n  {wanted}\n"
    assert (found.amended, found.refused, failing) == (1, (), 0)


def test_lateness_want_and_values() -> None:
    text = f"""{HEAD}  2026-01-01 08:00  A1 started by Customer, fee 250.00 USD, lapsed_on 2026-02-01
  09:00  A1 hours_purchased, hours 10
  10:00  A1 hours_logged, hours 2.5
  2026-03-02 08:00  T1 opened by Customer, channel email, severity 1
  09:20  T1 acknowledged by Trak
  expect T1 confirm breached at 09:00, performed late by 1 hour, performed at 09:10
  expect A1 maintenance is grace
  expect A1 block is 2 hours
  expect A1 double_fee is 1.00 USD
  expect A1 ends_on is 2026-01-01
  expect T1 confirm#1 met
  09:30  T2 opened by Customer, severity 1
  expect T2 confirm undetermined for want of severity
"""
    found, failing = update(text)
    assert failing == 0 and found.amended == 7
    assert [line.strip() for line in found.text.splitlines() if line.strip().startswith("expect")] == [
        "expect T1 confirm breached at 09:00, performed late by 20 minutes, performed at 09:20",
        "expect A1 maintenance is active", "expect A1 block is 7.5 hours", "expect A1 double_fee is 500.00 USD",
        "expect A1 ends_on is 2026-03-03", "expect T1 confirm#1 breached",
        "expect T2 confirm undetermined for want of channel",
    ]


REFUSED = {
    "no instance": ("expect T1 report breached", "no instance"),
    "no figure and no state": ("expect T1 care performed at 09:00", "no such figure"),
    "nothing changes": ("as of 2026-12-01 08:00  expect next change at 09:00", "nothing changes"),
    "a value that is not there": ("expect agreement maintenance is grace", "nothing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_surely_is_left(case: str) -> None:
    written, why = REFUSED[case]
    opened = OPENED.replace("severity 1", "severity 1, not outage") + "\n  08:10  T1 cancelled by Customer"
    text = f"{HEAD}{opened if case == 'nothing changes' else OPENED}\n  {written}\n"
    found, failing = update(text)
    assert found.text == text and found.amended == 0 and failing == 1
    assert [refused.span.text for refused in found.refused] == [written] and why in found.refused[0].reason


def test_instances_that_differ_are_left() -> None:
    text = f"""{HEAD}{OPENED}
  as of 2026-03-04 08:00  expect T1 report met
  as of 2026-03-04 08:00  expect T1 report#1 met
"""
    found, failing = update(text)
    assert failing == 1 and found.amended == 1
    assert "say which, as #1" in found.refused[0].reason
    assert "expect T1 report#1 breached" in found.text and "expect T1 report met" in found.text


TABLE = '''slarules 1
scenarios of "policy.sla"
scenario "level <level>" in America/Denver
  2026-03-02 08:00  T1 opened by Customer, channel email, severity <level>
  <at>              T1 acknowledged by Trak
  expect T1 confirm <state>
  expect T1 care due at {due}
  examples
    | level | at    | state        |
    | 1     | 08:59 | met at 08:30 |
    | 2     | 09:01 | met          |
'''


def test_a_figure_of_a_table_changes_in_its_cell() -> None:
    found, failing = update(TABLE.format(due="12:00"))
    assert failing == 0
    assert found.text == TABLE.format(due="12:00").replace("met at 08:30 |", "met at 08:59 |").replace(
        "| met          |", "| breached     |"
    )


def test_a_line_on_which_rows_differ_is_left() -> None:
    text = TABLE.format(due="12:00").replace("expect T1 confirm <state>", "expect T1 confirm met")
    found, failing = update(text)
    assert found.amended == 0 and failing == 1
    assert "rests on the same words" in found.refused[0].reason


def test_a_figure_put_together_from_a_placeholder_is_left() -> None:
    text = TABLE.format(due="<day> 13:00").replace("state        |", "state        | day        |")
    text = text.replace("met at 08:30 |", "met at 08:59 | 2026-03-02 |")
    text = text.replace("met          |", "breached | 2026-03-02 |")
    found, failing = update(text)
    assert failing == 2 and found.amended == 0
    assert {"put together" in refused.reason for refused in found.refused} == {True}


def test_other_scenarios_are_recorded_all_the_same() -> None:
    text = TABLE.format(due="12:00").replace("<state>", "met") + "\n" + HEAD.split("\n", 2)[2] + OPENED
    text += "\n  expect T1 confirm met\n"
    found, failing = update(text)
    assert failing == 1 and found.amended == 1 and found.text.endswith("expect T1 confirm pending\n")
