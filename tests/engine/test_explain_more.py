"""What explanations once claimed and was not so, or left out though it decided."""

from __future__ import annotations

import pytest

from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.whynot import why_not
from tests.engine.small import at, contract, log
from tests.engine.test_explain import lines_of

RULES = """
reading machines "Does an automatic reply count?"
  option person "somebody must have read it"
  option anyone "the words do not say"
  adopt person because "a reply supposes a reader"

reading unused "Does it matter?"
  option yes "it may"
  option no "it may not"
  adopt no because "it does not"

fact urgent of request: yes or no
fact staffed of request: yes or no
fact agreed_date of request: date
fact kind_of of request: one of own, other presumed own until recorded
fact caller of request: text

event diagnosed of request act diagnose
event called of request act call

calendar Office
  open Monday to Friday 09:00 to 17:00
  closed on 2026-03-07 "Founders' Day"
  closed on 2026-03-10 "Moving day"

severities 1, 2
  assigned by Client
table times by severity
  | severity | fix_time |
  | 1        | 2 hours  |
  | 2        | 8 hours  |

scope own_only "only its own products"
  outside if kind_of is other and reading unused is no

duty confirm
  when request opened
  unless urgent
  Desk must acknowledge within 1 hour
  performed when request acknowledged by Desk and (reading machines is anyone or not automatic)

duty staff
  when request opened
  Desk must keep staffed until request closed

duty promise
  when request opened
  Desk must diagnose by the end of agreed_date

duty answer
  when request asked
  Desk must respond within 20 hours counted in Office

duty days
  when request asked by Client
  Desk must notify within 2 days counted in Office
  paused while waiting on Client

calendar Dates
  open every day 00:00 to 24:00

duty dates
  when request asked
  Desk must escalate within 1 day counted in Dates

duty every_hour
  when request called by Client during Office
  Desk must update every 1 hours until request resolved
  on reopening run on

duty look
  when request updated
  if severity is 1
  Desk must escalate within 1 hour
  on severity change keep the deadline

choice remedy of Client
  when request asked
  option tell: Desk must report within 1 hour
  option rest: Desk must close within 9 hours

prohibition no_push
  when request escalated by Desk
  if urgent
  Desk must not escalate
"""
OPENED = "2026-03-06 10:00  T1 opened by Client, severity 2, not urgent, staffed, agreed_date 2026-03-09"


def told(lines: str, as_of: str, duty: str, **readings: str) -> str:
    events = log(RULES, OPENED + "\n" + lines)
    return "\n".join(lines_of(explain(contract(RULES), readings, events, at(as_of), "T1", duty)))


TOLD = {
    "the condition beside the act": (
        "",
        "confirm",
        "at or before Fri 2026-03-06 11:00 (-07:00), provided that “automatic” is no",
    ),
    "an act that did not count, and why": (
        "10:30  T1 acknowledged by Desk, automatic, id a1",
        "confirm",
        "  a1: acknowledged by Desk at Fri 2026-03-06 10:30 (-07:00) did not perform it\n"
        "    the reading `machines` is `person`\n    `automatic` holds: automatic is yes",
    ),
    "an act of another party": ("10:30  T1 acknowledged by Client", "confirm", "    it was by Client, not by Desk"),
    "why it arose": ("", "confirm", "  its conditions held then\n    `urgent` does not hold: urgent is no"),
    "a reading that decides": (
        "10:30  T1 acknowledged by Desk, automatic",
        "confirm",
        "  rests on the reading `machines` (Does an automatic reply count?): `person`, "
        "because a reply supposes a reader\n    read as `anyone` it would be met, due Fri 2026-03-06 11:00 (-07:00)",
    ),
    "readings that do not, those of the scope too": (
        "",
        "confirm",
        "  its readings change nothing here, each read otherwise by itself\n"
        "    `machines` (Does an automatic reply count?): `person`\n"
        "    `unused` (Does it matter?): `no`",
    ),
    "a fact that was to be kept": (
        "11:00  T1 recorded by Desk, not staffed, id r1",
        "staff",
        "it would have been kept if `staffed` had stayed yes: it is no at Fri 2026-03-06 11:00 (-07:00), "
        "as recorded with r1 (R25)",
    ),
    "a date": ("", "promise", "due by the end of `agreed_date`, which is 2026-03-09 (R14)"),
    "a date recorded anew": (
        "11:00  T1 recorded by Desk, agreed_date 2026-03-12",
        "promise",
        "Fri 2026-03-06 11:00 (-07:00): `agreed_date` recorded anew: due by its terms as they are now (R6)",
    ),
    "no holiday where it is closed anyway": (
        "16:00  T1 asked by Client",
        "answer",
        "    Fri 2026-03-06 17:00 (-07:00) to Mon 2026-03-09 09:00 (-06:00): not counted, closed\n",
    ),
    "a holiday that closes it": ("16:00  T1 asked by Client", "answer", "not counted, closed (Moving day)"),
    "closings that count, and those that do not": (
        "16:00             T1 asked by Client\n"
        "2026-03-09 16:00  T1 waiting on Client\n"
        "2026-03-11 08:00  T1 resumed",
        "days",
        "  due at closing number 2 of Office after the date on which it began (R15)\n"
        "    Mon 2026-03-09 17:00 (-06:00): not counted, waiting on Client\n"
        "    Wed 2026-03-11 17:00 (-06:00): number 1",
    ),
    "the holiday before a closing": (
        "16:00             T1 asked by Client",
        "days",
        "    Mon 2026-03-09 17:00 (-06:00): number 1\n"
        "    Wed 2026-03-11 17:00 (-06:00): number 2, after what was closed: 2026-03-10 (Moving day)",
    ),
    "closings that stand still for long are told together": (
        "16:00             T1 asked by Client\n"
        "2026-03-09 16:00  T1 waiting on Client",
        "days",
        "    Mon 2026-03-09 17:00 (-06:00) to Thu 2026-03-12 17:00 (-06:00): 3 closings not counted, waiting on Client",
    ),
    "a closing at midnight is the end of its date": (
        "16:00  T1 asked by Client",
        "dates",
        "    the end of Sat 2026-03-07: number 1",
    ),
    "the period of a recurring duty": (
        "11:00  T1 called by Client\n11:30  T1 updated by Desk",
        "every_hour",
        "its period began at Fri 2026-03-06 11:30 (-07:00), with the performance of every_hour#1 (R4)",
    ),
    "when an act would have served a period": (
        "11:00  T1 called by Client\n11:30  T1 updated by Desk",
        "every_hour",
        "`updated` by Desk after Fri 2026-03-06 11:30 (-07:00) and at or before Fri 2026-03-06 12:30 (-07:00)",
    ),
    "what called it up": (
        "11:00  T1 asked by Client, id q1\n11:10  T1 elected by Client, remedy tell, id l1",
        "report",
        "called up when `tell` was elected in remedy#1 by l1 (R22), which q1: asked by Client at Fri",
    ),
    "from when it is owed no more, and why": (
        "11:30  T1 cancelled by Client, id c1",
        "confirm",
        "Fri 2026-03-06 11:30 (-07:00): no longer owed, ended by cancelled (R19)\n    c1: cancelled by Client",
    ),
    "why nothing forbidden was done": (
        "10:30  T1 escalated by Desk",
        "no_push",
        "`escalated` by Desk at Fri 2026-03-06 10:30 (-07:00) did not break it\n"
        "    `urgent` does not hold: urgent is no",
    ),
    "why it was forbidden": (
        "10:20  T1 recorded by Client, urgent\n10:30  T1 escalated by Desk",
        "no_push",
        "  its conditions held then\n    `urgent` holds: urgent is yes",
    ),
    "why it is in scope": ("", "own_only", "`kind_of is other` does not hold: kind_of is own"),
}


@pytest.mark.parametrize("name", TOLD)
def test_it_tells(name: str) -> None:
    lines, duty, expected = TOLD[name]
    assert expected in told(lines, "2026-03-13 10:00", duty)


def test_a_severity_that_may_not_be_set_does_not_undo_the_act_beside_it() -> None:
    events = log(RULES, OPENED + "\n10:30  T1 updated by Desk, severity 1, id u1")
    text = "\n".join(lines_of((why_not(contract(RULES), None, events, at("2026-03-06 12:00"), "T1", "look"),)))
    assert "`severity is 1` does not hold: severity is 2" in text
    assert "no effect" not in text


def test_every_line_of_a_long_rule_is_told() -> None:
    rules = "fact a of request: yes or no\nduty long\n  when request opened\n" + "  if not a\n" * 16
    rules += "  unless urgent\n  Desk must respond within 1 hour\nfact urgent of request: yes or no\n"
    events = log(rules, "2026-03-06 10:00  T1 opened by Client, not a, not urgent")
    text = "\n".join(lines_of(explain(contract(rules), None, events, at("2026-03-06 10:30"), "T1", "long")))
    assert "    unless urgent\n    Desk must respond within 1 hour" in text


AMENDED = """
event disclosed of agreement act disclose
clause "until April"
  in force from 2026-02-01 to 2026-03-31
  prohibition secrecy
    Desk must not disclose

clause "from April"
  in force from 2026-04-01
  prohibition secrecy
    neither party may disclose
"""


def test_what_an_amended_agreement_forbids_is_explained() -> None:
    """R27: it binds from the first date of the clause that brings it in, also where the agreement began before."""
    rules = AMENDED.replace("neither party may disclose", "Desk must not disclose")
    events = log(rules, "2026-01-10 08:00  A1 started by Client\n2026-05-01 08:00  A1 disclosed by Desk")
    found = explain(contract(rules), None, events, at("2026-05-02 08:00"), "A1")
    assert [reason.text for reason in found] == ["A1 secrecy#1: breached at Fri 2026-05-01 08:00 (-06:00), still owed"]
