"""Why a rule is not owed: each cause in words, with what was recorded, and for every rule of every log something."""

from __future__ import annotations

import random

import pytest

from slarules.engine.adopt import UnknownReading
from slarules.engine.evaluate import evaluate
from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.never import rules
from slarules.engine.reasons.reason import Reason
from slarules.engine.reasons.whynot import why_not
from tests.duty_cases import contract_of, events_of, instant, supplied_of
from tests.engine.small import at, contract, log
from tests.engine.test_explain import lines_of
from tests.oracle.random_cases import random_case

RULES = """
fact channel of request: one of telephone, email, web
fact urgent of request: yes or no
fact kind_of of request: one of own, other presumed own until recorded
fact agreed_date of request: date

reading replies "Which replies count?"
  option person "a machine does not reply"
  option anyone "the words do not say"
  adopt person because "somebody must have read it"

calendar Office
  open Monday to Friday 09:00 to 17:00

severities 1, 2
table times by severity
  | severity | fix_time |
  | 1        | 2 hours  |
  | 2        | none     |

scope own_only "only its own products"
  outside if kind_of is other

status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes grace at the end of term
  state grace

duty fix
  when request opened
  Desk must resolve within fix_time counted in Office
  on severity change count again from the start
  on reopening run on

duty confirm
  when request opened by Client during Office
  if (channel is email or channel is web) and reading replies is person
  unless urgent
  Desk must acknowledge within 1 hour

duty escalate
  when fix breached
  if severity is 1
  Desk must escalate within 1 hour
  on severity change keep the deadline

duty warn
  when 30 minutes remain of fix
  if channel is email
  Desk must notify within 10 minutes

duty promise
  when request opened
  Desk must report by the end of agreed_date

duty call_back
  when both request opened and request asked by Client
  Desk must respond within 1 hour

choice remedy of Client
  when fix breached
  option tell: Desk must update within 1 hour
  option close_it: Desk must close within 1 hour

duty pay
  when agreement invoiced
  Client must pay within 10 days

duty offer
  when support becomes grace
  Desk must notify within 10 days
"""
OPENED = "2026-03-02 10:00  T1 opened by Client, severity 1, channel telephone"
EARLY = "2026-03-02 08:00  T1 opened by Client, severity 1, channel email"
MAIL = "2026-03-02 10:00  T1 opened by Client, severity 1, channel email"


def asked(lines: str, as_of: str, duty: str, subject: str = "T1", **readings: str) -> str:
    """The answer as indented lines."""
    reason = why_not(contract(RULES), readings, log(RULES, lines), at(as_of), subject, duty)
    return "\n".join(lines_of((reason,)))


CAUSES = {
    "the trigger never came": (
        OPENED,
        "call_back",
        "`call_back` does not arise for T1\n  no event `asked` by Client has happened",
    ),
    "by somebody else": (OPENED + "\n10:30  T1 asked by Desk", "call_back", "it was by Desk, not by Client"),
    "outside its hours": (EARLY, "confirm", "at that time `Office` was closed"),
    "a condition, with the values": (
        OPENED,
        "confirm",
        "`confirm` does not arise for T1\n"
        "  `opened` by Client at Mon 2026-03-02 10:00 (-07:00) did not set it off\n"
        "    its condition did not hold\n"
        "      `channel is email` does not hold: channel is telephone\n"
        "      `channel is web` does not hold: channel is telephone",
    ),
    "an exception": (
        MAIL + ", urgent",
        "confirm",
        "an exception held (`unless`)\n      `urgent` holds: urgent is yes",
    ),
    "answered with no": (
        MAIL + "\n10:30  T1 recorded, urgent",
        "confirm",
        "at the time `urgent` was not recorded; it has been answered since (R9)",
    ),
    "a scope": (
        MAIL + ", not urgent, kind_of other",
        "confirm",
        "`confirm` is not owed for T1 any more\n  confirm#1: ended, ended by `own_only`",
    ),
    "a date that has passed": (
        OPENED + ", agreed_date 2026-02-27",
        "promise",
        "`promise` could not arise for T1\n"
        "  promise#1: could not arise\n"
        "    by the words it is due Sat 2026-02-28 00:00 (-07:00), which is not after Mon 2026-03-02 10:00 (-07:00), "
        "when it would begin (R29)",
    ),
    "the table's none": (
        OPENED.replace("severity 1", "severity 2"),
        "fix",
        "the table promises nothing at severity 2: its cell says `none`",
    ),
    "what it follows from did not come": (
        OPENED + "\n11:00  T1 resolved by Desk",
        "escalate",
        "fix#1 was not breached\n    fix#1: met at Mon 2026-03-02 11:00 (-07:00)",
    ),
    "what it follows from does not arise": (
        OPENED.replace("severity 1", "severity 2"),
        "escalate",
        "`fix` does not arise, so it cannot be breached\n    `opened`",
    ),
    "so much time, and a condition": (
        OPENED,
        "warn",
        "so much of fix#1 had run at Mon 2026-03-02 11:30 (-07:00)\n    its condition did not hold",
    ),
    "so much time never ran": (
        OPENED + "\n10:30  T1 resolved by Desk",
        "warn",
        "the time of fix#1 did not run so far while it was pending",
    ),
    "nothing was elected": (
        OPENED,
        "update",
        "`update` does not arise for T1\n  it is owed once `remedy` is `tell` (R22)\n    remedy#1: open",
    ),
    "after the end": (
        OPENED + "\n10:10  T1 cancelled by Client\n10:30  T1 asked by Client",
        "call_back",
        "T1 had ended at Mon 2026-03-02 10:10 (-07:00) (R19)",
    ),
    "no effect": (
        OPENED + "\n10:10  T1 opened by Client, channel telephone",
        "confirm",
        "it had no effect: opened a second time",
    ),
    "another kind": (OPENED, "pay", "`pay` is about an agreement, and T1 is a ticket"),
    "it is owed": (OPENED, "fix", "`fix` is owed for T1"),
    "it cannot be known": (MAIL, "confirm", "whether `confirm` is owed for T1 cannot be known"),
    "it is met": (OPENED + "\n11:00  T1 resolved by Desk", "fix", "`fix` is not owed for T1 any more"),
    "no such rule": (OPENED, "fixx", "the contract has no rule `fixx`; did you mean `fix`?"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_in_words(cause: str) -> None:
    lines, duty, expected = CAUSES[cause]
    assert expected in asked(lines, "2026-03-02 13:00", duty)


def test_a_reading_as_the_cause() -> None:
    text = asked(MAIL, "2026-03-02 13:00", "confirm", replies="anyone")
    assert "the reading `replies` is `anyone`" in text


def test_a_state_that_has_not_come() -> None:
    text = asked("2026-03-02 10:00  A1 started by Client", "2026-04-01 10:00", "offer", "A1")
    assert (
        "it is set off when `support` becomes `grace`, which has not happened: `support` is `active`" in text
    )


def test_who_or_what_is_not_there() -> None:
    assert asked(OPENED, "2026-03-02 13:00", "fix", "T11") == "the log tells nothing of `T11`; did you mean `T1`?"
    assert asked(OPENED, "2026-03-01 13:00", "fix").startswith("nothing had happened to T1 by Sun")
    with pytest.raises(UnknownReading, match="did you mean `replies`"):
        asked(OPENED, "2026-03-02 13:00", "fix", replys="anyone")


def test_an_explanation_tells_a_date_that_has_passed() -> None:
    """R29."""
    events = log(RULES, OPENED + ", agreed_date 2026-02-27")
    (tree,) = explain(contract(RULES), None, events, at("2026-03-02 13:00"), "T1", "promise")
    assert any("it could not arise (R29)" in part.text for part in tree.parts)


def hollow(reason: Reason) -> bool:
    """Whether some sentence says that something set nothing off, and not why."""
    bare = reason.text.endswith("did not set it off") and not reason.parts
    return bare or any(hollow(part) for part in reason.parts)


def test_for_every_rule_of_every_random_log_there_is_a_cause() -> None:
    questions = 0
    for seed in range(40):
        case = random_case(random.Random(seed))
        terms, events, supplied = contract_of(case), events_of(case), supplied_of(case["contract"])
        for as_of in [instant(evaluation["as_of"]) for evaluation in case["evaluations"]]:
            seen = evaluate(terms, None, events, as_of, supplied=supplied)
            judged = {(v.subject, v.duty) for v in seen.verdicts}
            begun = sorted({e.subject for e in events if e.at <= as_of and e.type == "opened"})
            for subject in begun:
                for name in rules(terms.versions[-1]):
                    if (subject, name) not in judged:
                        questions += 1
                        reason = why_not(terms, None, events, as_of, subject, name, supplied=supplied)
                        assert reason.parts and not hollow(reason), (seed, subject, name)
    assert questions > 50
