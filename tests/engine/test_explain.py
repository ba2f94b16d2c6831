"""Explanations: words, rule, events, each stretch of the clock with its cause, readings, the mend."""

from __future__ import annotations

import pytest
from attrs import evolve

from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.reason import Reason, length
from slarules.model.value import HOUR, MINUTE, SECOND
from tests.engine.small import at, contract, event, log
from tests.laws.histories import trak

RULES = """
reading hours "Which hours count?"
  option office: counted in Office "those of the office"
  option all_hours: counted in Always "all of them"
  adopt office because "nobody is there at night"

fact urgent of request: yes or no

calendar Office
  open Monday to Friday 09:00 to 17:00
  closed on 2026-03-03 "Founders' Day"

severities 1, 2

table times by severity
  | severity | fix_time |
  | 1        | 2 hours  |
  | 2        | 8 hours  |

duty fix
  when request opened
  Desk must resolve within fix_time counted as read in hours
  paused while waiting on Client
  on severity change count again from the start
  on reopening run on

duty escalate
  when fix breached
  Desk must escalate within 1 hour

duty respond
  when request asked
  if urgent
  Desk must respond in less than 1 hour
  paused while waiting on Client
"""
BREACHED = """
2026-03-02 15:00  T1 opened by Client, severity 2, id e1
16:00             T1 waiting on Client
2026-03-04 10:00  T1 resumed by Client
12:05             T1 severity_changed by Client, severity 1
13:00             T1 resolved by Desk
"""
KEPT = """
2026-03-02 15:00  T1 opened by Client, severity 2
2026-03-04 11:00  T1 waiting on Client
11:30             T1 resumed by Client
15:00             T1 resolved by Desk
"""
GOLDEN_BREACHED = """\
T1 fix#1: breached at Wed 2026-03-04 12:05 (-07:00), performed late by 55 minutes
  the contract: no words are quoted for this rule
  the rule that encodes them (small.sla:28)
    duty fix
    when request opened
    Desk must resolve within fix_time counted as read in hours
    paused while waiting on Client
    on severity change count again from the start
    on reopening run on
  in plain words: When a request is opened, Desk must resolve the request within the fix time counted in Office (as read in “hours”).
  rests on the reading `hours` (Which hours count?): `office`, because nobody is there at night
    read as `all_hours` it would be so too, counted in Always
  set off by e1: opened by Client at Mon 2026-03-02 15:00 (-07:00)
  under the terms of severity 1
  the clock: 4 hours used of 2 hours counted in Office
    Mon 2026-03-02 15:00 (-07:00) to Mon 2026-03-02 16:00 (-07:00): 1 hour
    Mon 2026-03-02 16:00 (-07:00) to Wed 2026-03-04 10:00 (-07:00): not counted, waiting on Client
    Wed 2026-03-04 10:00 (-07:00) to Wed 2026-03-04 13:00 (-07:00): 3 hours
  Wed 2026-03-04 12:05 (-07:00): severity 1: counted again from the start (R6), so not before now
  Wed 2026-03-04 12:05 (-07:00): the deadline passes: breached
  Wed 2026-03-04 13:00 (-07:00): performed by resolved
  performed by T1-resolved: resolved by Desk at Wed 2026-03-04 13:00 (-07:00)
  it would have been kept by `resolved` by Desk at or before Wed 2026-03-04 12:05 (-07:00)
"""  # noqa: E501
GOLDEN_KEPT = """\
T1 fix#1: met, due Wed 2026-03-04 15:30 (-07:00)
  the contract: no words are quoted for this rule
  the rule that encodes them (small.sla:28)
    duty fix
    when request opened
    Desk must resolve within fix_time counted as read in hours
    paused while waiting on Client
    on severity change count again from the start
    on reopening run on
  in plain words: When a request is opened, Desk must resolve the request within the fix time counted in Office (as read in “hours”).
  rests on the reading `hours` (Which hours count?): `office`, because nobody is there at night
    read as `all_hours` it would be breached at Mon 2026-03-02 23:00 (-07:00), performed late by 40 hours
  set off by T1-opened: opened by Client at Mon 2026-03-02 15:00 (-07:00)
  under the terms of severity 2
  the clock: 7 hours 30 minutes used of 8 hours counted in Office
    Mon 2026-03-02 15:00 (-07:00) to Mon 2026-03-02 17:00 (-07:00): 2 hours
    Mon 2026-03-02 17:00 (-07:00) to Tue 2026-03-03 00:00 (-07:00): not counted, closed
    Tue 2026-03-03 00:00 (-07:00) to Wed 2026-03-04 00:00 (-07:00): not counted, closed (Founders' Day)
    Wed 2026-03-04 00:00 (-07:00) to Wed 2026-03-04 09:00 (-07:00): not counted, closed
    Wed 2026-03-04 09:00 (-07:00) to Wed 2026-03-04 11:00 (-07:00): 2 hours
    Wed 2026-03-04 11:00 (-07:00) to Wed 2026-03-04 11:30 (-07:00): not counted, waiting on Client
    Wed 2026-03-04 11:30 (-07:00) to Wed 2026-03-04 15:00 (-07:00): 3 hours 30 minutes
  Wed 2026-03-04 15:00 (-07:00): performed by resolved
  performed by T1-resolved: resolved by Desk at Wed 2026-03-04 15:00 (-07:00)
"""  # noqa: E501


def lines_of(reasons: tuple[Reason, ...], depth: int = 0) -> list[str]:
    return [
        line
        for reason in reasons
        for line in ("  " * depth + reason.text, *lines_of(reason.parts, depth + 1))
    ]


def told(lines: str, as_of: str, duty: str | None = None, **readings: str) -> str:
    """The explanation of T1 as indented lines."""
    events = log(RULES, lines)
    return "\n".join(lines_of(explain(contract(RULES), readings, events, at(as_of), "T1", duty))) + "\n"


def test_a_breach_word_for_word() -> None:
    assert told(BREACHED, "2026-03-05 09:00", "fix") == GOLDEN_BREACHED


def test_a_duty_kept_word_for_word() -> None:
    assert told(KEPT, "2026-03-05 09:00", "fix") == GOLDEN_KEPT


def test_a_reading_that_was_not_adopted() -> None:
    text = told(KEPT, "2026-03-05 09:00", "fix", hours="all_hours")
    assert "rests on the reading `hours` (Which hours count?): `all_hours` (not the adopted one)" in text
    assert "T1 fix#1: breached at Mon 2026-03-02 23:00 (-07:00)" in text


def test_a_target_was_missed_and_not_breached() -> None:
    rules = RULES.replace("duty fix", "target fix").replace("must resolve", "aims to resolve")
    rules = rules.replace("fix breached", "fix missed")
    reasons = explain(contract(rules), {}, log(rules, BREACHED), at("2026-03-05 09:00"), "T1", "escalate")
    assert "  follows from fix#1, missed at Wed 2026-03-04 12:05 (-07:00) (R10)" in lines_of(reasons)


ASKED = "2026-03-02 09:00  T1 opened by Client, severity 1\n10:00  T1 asked by Client{}"
NAMED = {
    "R6": (BREACHED, "counted again from the start (R6), so not before now"),
    "R7": (KEPT + "16:00  T1 reopened by Client", "reopened: owed again (R7), not before now"),
    "R9": (
        ASKED.format("") + "\n12:00  T1 recorded by Client, urgent",
        "answered (urgent): runs from its own start (R9), not before now",
    ),
    "R9, unanswered": (
        ASKED.format(""),
        "for want of `urgent`: it is nowhere recorded, and nothing stands in for it (R9)",
    ),
    "R10": (BREACHED, "follows from fix#1, breached at Wed 2026-03-04 12:05 (-07:00) (R10)"),
    "R19": (ASKED.format(", urgent") + "\n10:30  T1 cancelled by Client", "ended by cancelled (R19)"),
    "R23": (ASKED.format(", urgent") + "\n10:30  T1 responded", "actor of T1-responded is not known (R23)"),
    "before a deadline": (
        ASKED.format(", urgent") + "\n11:00  T1 responded by Desk",
        "it would have been kept by `responded` by Desk before Mon 2026-03-02 11:00 (-07:00)",
    ),
    "still owed": (
        BREACHED[: BREACHED.index("13:00")],
        "T1 fix#1: breached at Wed 2026-03-04 12:05 (-07:00), still owed",
    ),
    "standing now": (
        KEPT[: KEPT.index("11:30")],
        "to Thu 2026-03-05 09:00 (-07:00): not counted, waiting on Client",
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_it_names_the_rule_and_what_it_did(name: str) -> None:
    lines, expected = NAMED[name]
    assert expected in told(lines, "2026-03-05 09:00")


def test_a_tie_that_decides_is_told() -> None:
    tied = [
        event("e1", "opened", "2026-03-02 09:00", "Client", severity="1"),
        event("e2", "waiting", "2026-03-02 10:00", on="Client"),
        event("e3", "waiting", "2026-03-02 10:30", on="Client"),
        evolve(event("e4", "resumed", "2026-03-02 10:30", "Client"), source="phone"),
    ]
    text = "\n".join(lines_of(explain(contract(RULES), None, tied, at("2026-03-02 10:45"), "T1", "fix")))
    assert "(R12)" in text


AMENDED = """
clause "until April"
  in force from 2025-01-01 to 2026-03-31
  duty pay
    when agreement invoiced
    Client must pay within 30 days

clause "from April"
  in force from 2026-04-01
  duty pay
    when agreement invoiced
    Client must pay within 10 days
"""


def test_an_agreement_s_duty_is_explained_by_the_terms_of_its_trigger() -> None:
    """R27."""
    lines = """
        2026-01-10 08:00  A1 started by Client
        2026-03-20 08:00  A1 invoiced by Desk, id i1
        2026-04-02 08:00  A1 invoiced by Desk, id i2
        """
    found = explain(contract(AMENDED), None, log(AMENDED, lines), at("2026-04-05 08:00"), "A1")
    assert [reason.text for reason in found] == [
        "A1 pay#1: pending, due Mon 2026-04-20 00:00 (-06:00)",
        "A1 pay#2: pending, due Mon 2026-04-13 00:00 (-06:00)",
    ]
    assert "Client must pay within 10 days" in "\n".join(lines_of(found[1:]))
    assert "set off by i2: invoiced by Desk at Thu 2026-04-02 08:00 (-06:00)" in "\n".join(
        lines_of(found[1:])
    )


def test_an_act_of_before_the_answer_is_told_up_to_itself() -> None:
    """The clock's stretches end with the performance, whatever it did afterwards."""
    lines = (
        ASKED.format("")
        + """
        10:20  T1 responded by Desk
        11:00  T1 waiting on Client
        12:00  T1 resumed by Client
        12:30  T1 waiting on Client
        12:45  T1 resumed by Client
        13:00  T1 recorded by Client, urgent
        """
    )
    text = told(lines, "2026-03-02 14:00", "respond")
    clock = text[text.index("the clock") :].splitlines()[:2]
    assert clock == [
        "the clock: 20 minutes used of 1 hour of real time",
        "    Mon 2026-03-02 10:00 (-07:00) to Mon 2026-03-02 10:20 (-07:00): 20 minutes",
    ]
    assert text.count("not counted") == 0


def test_of_many_stretches_the_first_and_the_last_are_told() -> None:
    text = told("2026-03-02 15:00  T1 opened by Client, severity 2", "2026-05-02 15:00", "fix")
    clock = text[text.index("the clock") :]
    assert "more stretches" in clock
    assert "Mon 2026-03-02 15:00 (-07:00) to Mon 2026-03-02 17:00 (-07:00): 2 hours" in clock
    assert "Fri 2026-05-01 17:00" in clock
    assert len(clock.splitlines()) < 25


def test_nothing_to_explain() -> None:
    events = log(RULES, KEPT)
    assert explain(contract(RULES), None, events, at("2026-03-05 09:00"), "T9") == ()
    assert explain(contract(RULES), None, events, at("2026-03-02 09:00"), "T1") == ()
    assert explain(contract(RULES), None, events, at("2026-03-05 09:00"), "T1", "respond") == ()


def test_the_contract_s_own_words_are_quoted_with_their_line() -> None:
    opened = event("e1", "opened", "2026-03-02 08:00", "Customer", severity="1", channel="email")
    (tree,) = explain(trak(), None, [opened], at("2026-03-02 12:00"), "T1", "confirm_receipt")
    words = tree.parts[0]
    assert words.text.startswith("the words: clause “")
    assert any("confirm to the requestor receipt of the request" in part.text for part in words.parts)
    assert all("of the contract's text)" in part.text for part in words.parts)


def test_rules_without_instances_are_explained_by_their_events() -> None:
    opened = event(
        "e1", "opened", "2026-03-02 08:00", "Customer", severity="1", channel="email", authorized=True
    )
    text = "\n".join(lines_of(explain(trak(), None, [opened], at("2026-03-02 12:00"), "T1", "make_request")))
    assert "T1 make_request#1: permitted" in text
    assert "event e1: opened by Customer at Mon 2026-03-02 08:00 (-07:00)" in text


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        (0, "no time"),
        (HOUR, "1 hour"),
        (2 * HOUR + MINUTE, "2 hours 1 minute"),
        (61 * SECOND, "1 minute 1 second"),
        (5, "5 microseconds"),
        (-HOUR, "1 hour"),
    ],
)
def test_lengths_in_words(micros: int, words: str) -> None:
    assert length(micros) == words


def test_instants_finer_than_minutes_are_told_so() -> None:
    opened = event("e1", "opened", "2026-03-02 09:00", "Client", severity="1")
    asked = evolve(
        event("e2", "asked", "2026-03-02 10:00", "Client", urgent=True), at=at("2026-03-02 10:00") + 1_500_000
    )
    text = "\n".join(
        lines_of(explain(contract(RULES), None, [opened, asked], at("2026-03-02 10:30"), "T1", "respond"))
    )
    assert "set off by e2: asked by Client at Mon 2026-03-02 10:00:01.5 (-07:00)" in text
