"""One policy with a rule of each sort, and a way to run scenario lines against it."""

from __future__ import annotations

from functools import cache

from slarules.diagnostics import Diagnostic
from slarules.model.contract import Contract
from slarules.resolve.build import resolve
from slarules.scenario.reading import read_all
from slarules.scenario.run import Outcome, run
from slarules.source import Source
from slarules.syntax.parse import parse

POLICY = '''slarules 1

contract Demo "Demo"
  provider Trak     "Trak"
  customer Customer "requestor"
  zone as read in mst
  a ticket is called "request"

reading mst "Does MST follow daylight saving time?"
  option wall_clock: America/Denver "as the phrase is used"
  option standard: UTC-07:00 "as the letters say"
  adopt wall_clock because "staff work by the wall clock"

fact channel of request: one of email, telephone or web
fact satisfied of request: yes or no judged by Customer
fact outage of request: yes or no
fact agreed_date of request: date
fact agreed_times of request: list of dates
fact size of request: number
fact note of request: text
fact effort of request: hours
fact fee of agreement: money in USD
fact lapsed_on of agreement: date

holidays TrakHolidays supplied by Trak
calendar Hours
  open Monday to Friday 08:00 to 17:00
  closed on TrakHolidays
calendar Desk supplied by Trak

severities 1, 2
  assigned by Customer
  changed by Customer

duty confirm
  when request opened
  unless channel is telephone
  Trak must acknowledge within 1 hour

duty fix
  when request opened
  Trak must resolve within 8 hours counted in Hours
  performed when request resolved by Trak and satisfied
  paused while waiting on Customer
  on reopening run on

duty answer
  when request asked
  Trak must respond within 2 hours counted in Desk

target care
  when request opened
  Trak aims to update within 4 hours

duty report
  when care missed
  Trak must report every 24 hours until request resolved
  on reopening change nothing

prohibition secret
  when request escalated by Trak
  Trak must not escalate

right call
  Customer may reopen request
  if channel is telephone

choice remedy of Customer
  when care missed
  option continuous: Trak must report continuously
  option schedule: Trak must close by the end of agreed_date

status maintenance of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    includes support
    becomes grace at the end of term
  state grace
    becomes expired after 30 days
  state expired
    includes nothing

allowance block of Customer in hours
  increases on hours_purchased by hours
  decreases on hours_logged by hours

amount double_fee in USD is fee multiplied by 2
date ends_on is 30 days after lapsed_on

scope helpdesk
  outside if channel is web
'''


@cache
def contract() -> Contract:
    source = Source("policy.sla", POLICY)
    tree, spelling = parse(source)
    resolved, problems = resolve(tree, source, None)
    assert resolved is not None and not spelling, [(str(p.span), p.message) for p in (*spelling, *problems)]
    return resolved


def read(lines: str, zone: str | None = "America/Denver") -> tuple[Outcome | None, tuple[Diagnostic, ...]]:
    """The outcome of a scenario of these lines, None where it has errors, and its diagnostics."""
    body = "\n".join("  " + line.strip() for line in lines.strip().splitlines())
    head = 'scenario "x"' + (f" in {zone}" if zone else "")
    source = Source("s.sla", f'slarules 1\nscenarios of "policy.sla"\n{head}\n{body}\n')
    tree, spelling = parse(source)
    assert not spelling, [(p.message, p.span.text) for p in spelling]
    scripts, problems = read_all(contract(), tree.items)
    return (run(contract(), scripts[0]) if scripts else None), problems


def outcome(lines: str, zone: str | None = "America/Denver") -> Outcome:
    """The same of a sound scenario."""
    found, problems = read(lines, zone)
    assert found is not None, [(p.code, p.message, p.help) for p in problems]
    return found


def seen(lines: str, zone: str | None = "America/Denver") -> list[str]:
    """What was seen instead of each expectation that did not hold."""
    steps = outcome(lines, zone).steps
    return [step.judged.seen for step in steps if step.judged is not None and not step.judged.holds]
