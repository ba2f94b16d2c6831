"""Lines that speak as contracts do: each is told with what to write, and an edit that is offered mends its mistake."""

from __future__ import annotations

from time import process_time

import pytest

from slarules.calendars import holidays
from slarules.diagnostics import Diagnostic
from slarules.source import Source
from slarules.syntax.contract_words import LONGEST
from slarules.syntax.parse import parse
from slarules.syntax.sayings import REGIONS

POLICY = """slarules 1

contract A
  zone America/Denver
  provider B
  customer C

calendar Hours
  open Monday to Friday 09:00 to 17:00
  closed on 2026-03-02

fact channel of ticket: one of email, web

table times by severity
  | severity | answer  |
  | 1        | 4 hours |

duty respond
  when ticket opened
  if channel is email
  B must respond to C within 4 hours counted in Hours
  paused while waiting on C
  performed when ticket responded by B

right reopen
  C may reopen

status term of agreement
  state active
    lasts 12 months rounding down
    becomes active at the end of term

allowance block of C in hours
  increases on hours_purchased by hours

amount credit in USD is 5 % of fee

scenario "one"
  2026-03-02 09:00  T1 opened by C, channel email
  expect T1 respond met, due at 10:00
"""
MUST = "B must respond to C within 4 hours counted in Hours"
LINES = [
    # what is owed
    (MUST, "B must respond as soon as possible", "`within 0 minutes`"),
    (MUST, "B must respond without undue delay", "leave it out"),
    (MUST, "B must use commercially reasonable efforts to respond", "`target`"),
    (MUST, "B must respond within one hour", "write `1`"),
    (MUST, "B must respond within four (4) hours", "write `4`"),
    (MUST, "B must respond within twenty-four hours", "write `24`"),
    (MUST, "B must respond by the end of the next business day", "`within 1 day counted in CALENDAR`"),
    (MUST, "B must respond on the same working day", "`by the next close of CALENDAR`"),
    (MUST, "B must respond by 17:00", "`by the next close of CALENDAR`"),
    (MUST, "B must respond by the end of the month", "`no later than 1 day before the term ends`"),
    (MUST, "B must respond by agreed_date", "`by the end of agreed_date`"),
    (MUST, "B must respond before agreed_date", "`no later than 1 day before agreed_date`"),
    (MUST, "B must respond within 8 hours counted in Hours after ticket asked", "after ticket asked counted in Hours"),
    (MUST, "B must respond within 8 hours during Hours", "`counted in Hours`"),
    (MUST, "B must respond no later than 4 hours after ticket asked", "`within 4 hours after ticket asked`"),
    (MUST, "B must pay 5 % of fee within 30 days", "`amount NAME in USD is …`"),
    (MUST, "B must respond at least every 4 hours", "leave `at least` out"),
    (MUST, "B must respond 24x7", "`counted in Always`"),
    (MUST, "B must respond within 4 hours excluding weekends", "`counted in CALENDAR`"),
    (MUST, "B must respond once a week", "`once each term of STATUS`"),
    (MUST, "B must respond each week", "`every 168 hours`"),
    (MUST, "B must respond each business day", "`each day of CALENDAR`"),
    (MUST, "B must respond within 4 hours in 95 % of cases", "`slarules report`"),
    (MUST, "95 % of tickets must be responded to within 4 hours", "`slarules report`"),
    (MUST, "B must respond or resolve within 4 hours", "`performed when EVENT or EVENT`"),
    (MUST, "B must respond within 1 hour and resolve within 4 hours", "two duties"),
    (MUST, "B must notify C in writing within 4 hours", "and written`"),
    (MUST, "B must respond within 1 hour if severity is 1", "above this line"),
    (MUST, "B must respond within 1 hour for severity 1", "above this line"),
    (MUST, "B must respond within 1 hour, counted in Hours", "leave it out"),
    (MUST, "B must respond within 2 to 4 hours", "the longest"),
    (MUST, "B must respond within half an hour", "`30 minutes`"),
    (MUST, "B must provide a workaround within 4 hours", "`performed when workaround or resolved`"),
    (MUST, "B must respond to the Customer within 4 hours", "write `B must respond to Customer within 4 hours`"),
    (MUST, "the Supplier must respond within 4 hours", "write `Supplier must respond within 4 hours`"),
    (MUST, "B must respond within 5 calendar days", "write `days`"),
    (MUST, "B must respond within 5 Business Days", "`5 days counted in CALENDAR`"),
    (MUST, "B must respond within 5 Hours", "write `hours`"),
    # what sets a rule off
    ("when ticket opened", "when a ticket is opened", "write `when ticket opened`"),
    ("when ticket opened", "when ticket opened and severity is 1", "below this line"),
    ("when ticket opened", "when ticket opened with severity 1", "below this line"),
    ("when ticket opened", "when severity becomes 1", "`when ticket severity_changed`"),
    ("when ticket opened", "when base is breached", "write `base breached`"),
    ("when ticket opened", "when 3 tickets breached", "recorded when so many have come"),
    ("when ticket opened", "when 4 hours of base are used", "`when 50 % of base is used`"),
    ("when ticket opened", "when 50% of base used", "`when 50 % of base is used`"),
    ("when ticket opened", "when base has 2 hours left", "`when 2 hours remain of base`"),
    ("when ticket opened", "4 hours after ticket opened", "`when EVENT`"),
    ("when ticket opened", "when ticket opened 4 hours ago", "`when NAME breached`"),
    ("when ticket opened", "when ticket not responded within 4 hours", "`when NAME missed`"),
    ("when ticket opened", "when ticket waiting on C", '`if on is "C"`'),
    ("when ticket opened", "when ticket asked and resolved", "`when both EVENT and EVENT`"),
    ("when ticket opened", "every 3 months", "`once each term of STATUS`"),
    ("when ticket opened", "upon receipt of the report", "`when ticket opened`"),
    ("when ticket opened", "when ticket opened after 16:00", "`when ticket opened during CALENDAR`"),
    ("when ticket opened", "when ticket opened during Hours by C", "write `by C during Hours`"),
    # conditions and the rest of a duty
    ("if channel is email", "If channel is email, B must respond within 1 hour", "on a line of its own"),
    ("if channel is email", "if effort is above 2", "`is more than`"),
    ("if channel is email", "if effort is not less than 2", "`is at least`"),
    ("if channel is email", "if asked has not happened", "`not asked has happened`"),
    ("if channel is email", "if ticket was reopened", "`reopened has happened`"),
    ("if channel is email", "provided that channel is email", "write `if …`"),
    ("if channel is email", "if missed, B must pay", "`if breached, DUTY applies`"),
    ("paused while waiting on C", "paused while waiting for C", "`waiting on`"),
    ("paused while waiting on C", "paused outside Hours", "`counted in CALENDAR`"),
    ("paused while waiting on C", "suspended while waiting on C", "`paused while waiting on PARTY`"),
    ("performed when ticket responded by B", "performed by ticket responded", "`performed when EVENT`"),
    ("performed when ticket responded by B", "performed when ticket responded in person", "of any event"),
    (MUST, "B must respond at least 6 months before agreed_date", "`no later than 6 months before FACT`"),
    (MUST, "B must respond between 90 and 60 days before the term ends",
     "`no later than 60 days before the term ends`"),
    (MUST, "B must respond before ticket closed", "`unless EVENT has happened`"),
    (MUST, "B must respond by 30 September", "`by the end of FACT`"),
    (MUST, "B must respond by the later of 1 January and within 14 days", "`by the end of FACT`"),
    (MUST, "each party must respond", "a duty for each"),
    ("when ticket opened", "twice each term of term", "let the status last 6 months"),
    ("when ticket opened", "when block is less than 4 hours", "`if block is less than 4 hours`"),
    ("when ticket opened", "when block falls below 4 hours", "`if block is less than 4 hours`"),
    ("if channel is email", "if respond breached for 30 days", "`when NAME breached`"),
    ("if channel is email", "if before 2026-09-30", "`if FACT is at most 2026-09-30`"),
    ("paused while waiting on C", "until ticket closed and channel is email", "`while CONDITION`"),
    ("paused while waiting on C", "on reopening within 5 days run on", "another ticket"),
    ("paused while waiting on C", "paused while waiting on C for at most 5 days", "`by the sooner of"),
    # opening times
    ("open Monday to Friday 09:00", "open outside Hours", "`open whenever Always is open but not Hours`"),
    ("Monday to Friday 09:00", "weekdays 09:00", "`Monday to Friday`"),
    ("Monday to Friday 09:00", "weekends 09:00", "`Saturday to Sunday`"),
    ("Monday to Friday 09:00 to 17:00", "24x7", "`open every day 00:00 to 24:00`"),
    ("Friday 09:00", "Friday from 09:00", "leave `from` out"),
    ("Friday 09:00", "Friday, 09:00", "leave the comma out"),
    ("09:00 to 17:00", "09:00 to 17:00 UTC", "`zone America/Denver`"),
    ("09:00 to 17:00", "9 to 5", "`09:00 to 17:00`"),
    ("on 2026-03-02", "on public holidays", "`closed on holidays of US`"),
    ("on 2026-03-02", "on holidays of England", "write `GB-ENG`"),
    ("on 2026-03-02", "on holidays of US-Ohio", "`US-TX`"),
    ("on 2026-03-02", "on Saturday and Sunday", "only the days on which it is open"),
    ("on 2026-03-02", "on December 25", "`on 25 December`"),
    ("on 2026-03-02", "from 2026-12-24 to 2027-01-01", "`closed on 2026-12-24 to 2027-01-01`"),
    ("closed on 2026-03-02", "closed 2026-03-02", "`closed on`"),
    ("on 2026-03-02", "for lunch 12:00 to 13:00", "13:00 to 17:00`"),
    ("on 2026-03-02", "on Christmas Day", "`closed on 25 December"),
    ("on 2026-03-02", "on 24 and 31 December", "`closed on 24 December`, `closed on 31 December`"),
    ("on 2026-03-02", "from 27 December to 30 December", "`closed on 27 December to 30 December`"),
    ("on 2026-03-02", "on 29 December to 3 January 10:00 to 12:00", "`closed on 29 December to 3 January`"),
    ("Monday to Friday 09:00", "27 December 09:00", "`also open 2026-12-27"),
    ("Monday to Friday 09:00", "2026-12-27 09:00", "`also open 2026-12-27"),
    ("Monday to Friday 09:00 to 17:00", "Monday to Friday", "`00:00 to 24:00`"),
    # rights
    ("C may reopen", "C may reopen at least 30 days before the end of the term", "`term_ends_on`"),
    ("C may reopen", "C may reopen with 30 days notice before the end of the term", "notice before the term ends`"),
    ("C may reopen", "C may reopen with not more than 90 and not less than 60 days notice before it ends",
     "`with at least 60 days and at most 90 days notice before the term ends`"),
    ("amount credit in USD is 5 % of fee", "prohibition a\n  C must not reopen\n  survives the term for 3 years",
     "`while STATUS is STATE`"),
    ("C may reopen", "either party may reopen", "a right for each"),
    ("C may reopen", "neither party may reopen", "`each party must not ACT`"),
    ("C may reopen", "C can reopen", "`C may …`"),
    ("C may reopen", "C may reopen within 10 days after ticket closed", "`if EVENT has happened within 30 days`"),
    ("C may reopen", "C may reopen if severity is 1", "below this line"),
    ("C may reopen", "C may reopen with 90 days notice", "`with 30 days notice before FACT`"),
    ("C may reopen", "C may reopen on 30 days' notice", "`with 30 days notice before FACT`"),
    # the agreement
    ("at the end of term", "at the end of the term", "`at the end of term`"),
    ("becomes active at the end of term", "renews automatically", "`becomes STATE at the end of term`"),
    ("becomes active at the end of term", "becomes active unless terminated", "at the end of term if CONDITION`"),
    ("increases on hours_purchased by hours", "10 hours each month", "`increases on EVENT by FACT`"),
    ("lasts 12 months rounding down", "ends on 31 December", "`lasts 12 months rounding down`"),
    ("on hours_purchased by hours", "when respond breached by 5", "`increases on EVENT by FACT`"),
    ("5 % of fee", "cpi % of fee", "`fee multiplied by cpi divided by 100`"),
    ("5 % of fee", "a\n  where a is 5 % of fee if severity is 1", "give it an amount of its own"),
    ("5 % of fee", "a\n  where a is the greater of b minus 5 and 0", "`where PART is …`"),
    ("by hours", "by hours multiplied by 2", "a fact of its own"),
    ("increases on hours_purchased by hours", "expires after 12 months", "`lasts 12 months rounding down`"),
    ("5 % of fee", "5 % of fee if severity is 1", "`is VALUE if CONDITION`, and last `is VALUE otherwise`"),
    ("is 5 % of fee", "\n  is 5 % of fee if left is below 5\n  is 0 USD otherwise", "`is less than`"),
    ("is 5 % of fee", "\n  is 5 % of fee if left is less than 5 %\n  is 0 USD otherwise", "`is less than 5`"),
    ("is 5 % of fee", "\n  is 5 % of fee if left is less than 5\n  otherwise 0 USD", "`is 0 USD otherwise`"),
    ("is 5 % of fee", "\n  is 5 USD if left is less than 5\n  plus 2 USD\n  is 0 USD otherwise", "`where PART is …`"),
    ("5 % of fee", "fee * 2", "`multiplied by`"),
    ("5 % of fee", "$100", "`100.00 USD`"),
    ("is 5 % of fee", "is at most 5 % of fee", "`the lesser of A and B`"),
    ("5 % of fee", "the lesser of fee minus 5 USD and fee", "`where PART is …`"),
    ("amount credit in USD is 5 % of fee", 'reading a "?"\n  option b: 1 day counted in Hours "why"',
     "`option NAME: within 1 day counted in CALENDAR`"),
    # facts, tables, scenarios, kinds of rule
    ("fact channel of ticket: one of email, web", "fact channel: number", "`fact channel of ticket: …`"),
    (": one of email, web", ": boolean", "`: yes or no`"),
    (": one of email, web", ": datetime", "an instant is an event"),
    (": one of email, web", ': one of "email", "web"', "`: one of email, telephone`"),
    ("one of email, web", "one of e-mail, web", "`e_mail`"),
    (": one of email, web", ": text\n\nfact a of support case: text", "`support_case`"),
    ("fact channel of ticket: one of email, web", "severities 1, 2\n  assigned by both parties by agreement",
     "`assigned by PARTY, PARTY`"),
    ("fact channel of ticket: one of email, web", "role Contact of C\n  at most 2 for plan basic",
     "`at most 10 if plan is premium`"),
    ("| 1        |", "| medium or low |", "`medium, low`"),
    ("| 4 hours |", "| next business day |", "`1 day counted in CALENDAR`"),
    ("| 4 hours |", "| best efforts |", "`none`"),
    ("| 4 hours |", "| n/a |", "`none`"),
    ("| 4 hours |", "|  |", "`none`"),
    ("| 1        |", "| below 99.9 % |", "`one of`"),
    ("| answer  |", "| Response time |", "`response_time`"),
    ("2026-03-02 09:00  T1", "2026-03-02 T1", "`09:00`"),
    ("2026-03-02 09:00  T1", "2026-03-02 9am  T1", "`09:00`"),
    ("C, channel email", "C with channel email", "`, `"),
    ("2026-03-02 09:00  T1 opened by C, channel email", "2026-03-02  T1 opened by C at 09:00", "`09:00`"),
    ("2026-03-02 09:00  T1 opened by C, channel email", "2026-03-02 09:00  T1 opened by C at 09:00", "`09:00  T1"),
    ("C, channel email", "C channel email", "`C, `"),
    ("if channel is email", "if respond has been breached within 30 days", "`when NAME breached`"),
    ("channel email\n", "channel is email\n", "`channel `"),
    ("T1 opened by C", "T1 waiting for C", "`waiting on`"),
    ("due at 10:00", "due 10:00", "`due at`"),
    ("due at 10:00", "due at 10:00 on 2026-03-02", "`2026-03-02 10:00`"),
    ("met, due at 10:00", "breached by 1 hour", "`breached, performed late by 1 hour`"),
    ("2026-03-02 09:00  T1", "next day  T1", "`2 hours after T1 opened`"),
    ("amount credit in USD is 5 % of fee", "penalty late\n  5 % of fee", "`amount NAME in USD is …`"),
    ("amount credit in USD is 5 % of fee", "escalation first\n  B must", "`duty NAME`"),
    ("amount credit in USD is 5 % of fee", "term 12 months", "`status NAME of agreement`"),
    (MUST, "B must respond by end of day", "`by the next close of CALENDAR`"),
    (MUST, "B must respond by the close of business", "`by the next close of CALENDAR`"),
    ("  | 1        | 4 hours |", "  | 1        | N/A |", "write `none`"),
    ("open Monday to Friday 09:00 to 17:00", "open Monday to Friday 09:00 to 12:00, 13:00 to 17:00", "write `and`"),
    ("open Monday to Friday 09:00 to 17:00", "open Monday to Friday 09:00 to 17:00, Saturday 09:00 to 12:00", "below"),
    ("closed on 2026-03-02", "closed on 25. December", "`25 December`"),
    ("if channel is email", "if channel is one of email, web", "`is A, B or C`"),
    ("if channel is email", "if severity in 1, 2", "`is A, B or C`"),
    ("if channel is email", "else", "`unless …`"),
    ("T1 opened by C", "INC-1 opened by C", "`INC_1`"),
    ("expect T1 respond", "expect INC-1 respond", "`INC_1`"),
    ("T1 opened by C", "#12 opened by C", "`T12`"),
    (MUST, "B must within 4 hours respond to C", "`respond to C within 4 hours`"),
    (MUST, "B must within 4 hours counted in Hours respond to C", "`respond to C within 4 hours counted in Hours`"),
    (MUST, "B must respond to C within 4 hours at the latest", "leave it out"),
    (MUST, "B must respond to C within 24 hours unless channel is email", "`unless …`"),
    (MUST, "B must update C hourly until ticket resolved", "`every 1 hour until EVENT`"),
    (MUST, "B must update C daily until ticket resolved", "`each day of CALENDAR`"),
    (MUST, "B must report to C monthly", "`once each term of STATUS`"),
    ("performed when ticket responded by B", "ends when ticket responded", "`until EVENT`"),
    ("amount credit in USD is 5 % of fee", "exclusions\n  channel", "`scope NAME`"),
]


def told_of(text: str) -> tuple[Diagnostic, ...]:
    return parse(Source("policy.sla", text))[1]


def test_the_policy_itself_is_sound() -> None:
    assert told_of(POLICY) == ()


@pytest.mark.parametrize(("right", "wrong", "told"), LINES, ids=[wrong for _, wrong, _ in LINES])
def test_a_line_is_told_with_what_to_write(right: str, wrong: str, told: str) -> None:
    assert POLICY.count(right) == 1
    text = POLICY.replace(right, wrong)
    (one,) = told_of(text)
    assert told in (one.help or ""), one
    assert len(one.message) <= 90
    if one.edit is not None:  # it takes this mistake away; what else the line says wrongly is told next
        mended = text[: one.edit.span.start] + one.edit.text + text[one.edit.span.end :]
        assert [(left.message, left.span.start) for left in told_of(mended)] != [(one.message, one.span.start)]


@pytest.mark.parametrize("lead", ["B must ", "when ", "open ", "| ", "2026-03-02 ", "C may ", "if ", "amount A is "])
def test_a_line_of_one_word_over_and_over_is_told_at_once(lead: str) -> None:
    for filling in ("a", "a ", "1 ", "| ", "the ", "of the "):
        line = lead + filling * ((LONGEST - len(lead)) // len(filling))
        begun = process_time()
        told_of(POLICY.replace(MUST, line))
        assert process_time() - begun < 1


def test_a_very_long_line_is_told_plainly() -> None:
    (one,) = told_of(POLICY.replace(MUST, "B must respond the " + "very " * 200 + "Customer"))
    assert "cannot stand here" in one.message


@pytest.mark.parametrize("code", sorted(set(REGIONS.values())))
def test_each_country_that_is_proposed_has_holidays(code: str) -> None:
    country, _, part = code.partition("-")
    assert holidays.named(country, part or None, range(2026, 2027))
