"""Corners of the engine that no scenario reaches."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from slarules.engine.evaluate import evaluate
from slarules.engine.expression import settled
from slarules.engine.recorded import typed_value
from slarules.model.calendar import Supplied
from slarules.model.rules import FactType
from slarules.model.value import Money
from tests.engine.small import at, contract, event, judged, log, one

CHOICE = """
fact b of request: yes or no

choice remedy of Client
  when request asked
  if b
  option now: Desk must report within 1 hour
  option later: Desk must update within 9 hours
"""


def test_a_choice_answered_so_that_it_never_arose_is_gone() -> None:
    """R9, R22."""
    lines = "2026-03-02 08:00  T1 opened by Client\n09:00  T1 asked by Client"
    before = judged(CHOICE, lines, "2026-03-02 10:00").verdicts
    assert [(v.duty, v.state, v.missing) for v in before] == [("remedy", "undetermined", ("b",))]
    assert judged(CHOICE, lines + "\n10:00  T1 recorded by Client, not b", "2026-03-02 10:00").verdicts == ()


BEGUN_AGAIN = """
severities 1, 2
  assigned by Client

duty updates
  when request opened
  while severity is 1
  Desk must update every 4 hours until request resolved
  on severity change keep the deadline
  on reopening begin again
"""


def test_a_reopening_begins_nothing_again_whose_while_does_not_hold() -> None:
    """R7, R8: as a trigger sets nothing off then."""
    lines = (
        "2026-03-02 08:00  T1 opened by Client, severity 1\n09:00  T1 severity_changed by Client, severity 2\n"
        "09:00  T1 resolved by Desk\n10:00  T1 reopened by Client"
    )
    assert [v.state for v in judged(BEGUN_AGAIN, lines, "2026-03-02 11:00").verdicts] == ["ended"]


def test_an_election_may_name_the_choice_and_the_option() -> None:
    """A desk that has one field for the choice and one for the option."""
    asked = log(CHOICE, "2026-03-02 08:00  T1 opened by Client, b\n09:00  T1 asked by Client")
    for facts in ({"choice": "remedy", "option": "now"}, {"option": "now"}, {"remedy": "now"}):
        elected = event("x", "elected", "2026-03-02 10:00", "Client", **facts)
        seen = evaluate(contract(CHOICE), None, [*asked, elected], at("2026-03-02 10:30"))
        assert one(seen, "remedy#1").elected == "now", facts
        assert seen.findings == ()
    other = event("x", "elected", "2026-03-02 10:00", "Client", choice="another", option="now")
    seen = evaluate(contract(CHOICE), None, [*asked, other], at("2026-03-02 10:30"))
    assert one(seen, "remedy#1").state == "open"


def test_an_election_that_names_its_choice_is_no_other_choice_s() -> None:
    """Two choices whose options have the same names (R22)."""
    rules = """
choice remedy of Client
  when request asked
  option now: Desk must report within 1 hour
  option later: Desk must update within 9 hours

choice visit of Client
  when request asked
  option now: Desk must respond within 1 hour
  option later: Desk must escalate within 9 hours
"""
    asked = log(rules, "2026-03-02 08:00  T1 opened by Client\n09:00  T1 asked by Client")
    elected = event("x", "elected", "2026-03-02 10:00", "Client", choice="visit", option="now")
    seen = evaluate(contract(rules), None, [*asked, elected], at("2026-03-02 10:00"))
    assert (one(seen, "remedy#1").state, one(seen, "visit#1").state) == ("open", "elected")


def test_a_list_supplied_for_good_is_known_for_ever() -> None:
    """R30: a list without an end leaves nothing unknown."""
    rules = """
holidays DeskDays supplied by Desk
calendar Office
  open Monday to Friday 09:00 to 17:00
  closed on DeskDays
calendar Shop supplied by Desk
duty respond
  when request opened
  Desk must respond within 4 hours counted in Office
duty update
  when request opened during Shop
  Desk must update within 1 hour
"""
    opened = [event("e1", "opened", "2026-03-02 15:00", "Client")]
    given = {"DeskDays": Supplied((date(2026, 3, 3),)), "Shop": Supplied(known_until=date(2026, 4, 1))}
    seen = evaluate(contract(rules), None, opened, at("2026-03-02 15:00"), supplied=given)
    assert one(seen, "respond#1").deadline == at("2026-03-04 11:00")
    assert [v.label for v in seen.verdicts] == ["respond#1"]  # the shop is known to be closed


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (FactType("yes_no"), "Yes", True),
        (FactType("yes_no"), "false", False),
        (FactType("date"), date(2026, 3, 2), date(2026, 3, 2)),
        (FactType("dates"), "2026-03-02 2026-03-03", (date(2026, 3, 2), date(2026, 3, 3))),
        (FactType("dates"), [date(2026, 3, 2)], (date(2026, 3, 2),)),
        (FactType("text"), 7, "7"),
        (FactType("money", currency="USD"), "5", Money(typed_value(FactType("number"), "5"), "USD")),
        (FactType("money", currency="USD"), "5 EUR", None),
        (FactType("money", currency="USD"), "5 USD each", None),
        (FactType("money", currency="USD"), True, None),
    ],
    ids=str,
)
def test_a_recorded_value_as_a_fact_of_its_type(kind: FactType, raw: object, value: object) -> None:
    assert typed_value(kind, raw) == value


def test_what_stood_still_before_the_answer_stands_still_after_it() -> None:
    """R9: the pauses of the time in which nobody knew count as pauses."""
    rules = """
fact b of request: yes or no
duty respond
  when request opened
  if b
  Desk must respond within 4 hours
  paused while waiting on Client
"""
    lines = """
        2026-03-02 08:00  T1 opened by Client
        09:00             T1 waiting on Client
        10:00             T1 resumed by Client
        10:30             T1 resolved by Desk
        11:00             T1 recorded by Client, b
        """
    seen = judged(rules, lines, "2026-03-02 11:00")
    assert (one(seen, "respond#1").state, one(seen, "respond#1").consumed) == (
        "suspended",
        90 * 60 * 1_000_000,
    )
    again = judged(rules, lines + "12:00  T1 reopened by Client", "2026-03-02 12:00")
    assert one(again, "respond#1").deadline == at("2026-03-02 14:30")


def test_an_undetermined_duty_that_ended_meanwhile_is_ended_once_it_is_answered() -> None:
    """R9, R19."""
    rules = "fact b of request: yes or no\nduty respond\n  when request opened\n  if b\n"
    rules += "  Desk must respond within 4 hours\n"
    lines = "2026-03-02 08:00  T1 opened by Client\n09:00  T1 cancelled by Client\n"
    lines += "10:00  T1 recorded by Client, b"
    seen = one(judged(rules, lines, "2026-03-02 11:00"), "respond#1")
    assert (seen.state, seen.ended_by, seen.owed) == ("ended", "cancelled", False)
    assert one(judged(rules, lines, "2026-03-02 09:30"), "respond#1").state == "undetermined"


def test_a_second_retraction_of_the_same_event_changes_nothing() -> None:
    """R3."""
    rules = "duty respond\n  when request opened\n  Desk must respond within 4 hours\n"
    events = [
        event("e1", "opened", "2026-03-02 08:00", "Client"),
        event("e2", "responded", "2026-03-02 09:00"),
        evolve(event("e3", "retracted", "2026-03-02 10:00"), target="e2"),
        evolve(event("e4", "retracted", "2026-03-02 11:00"), target="e2"),
    ]
    assert (
        one(evaluate(contract(rules), None, events, at("2026-03-03 08:00")), "respond#1").state == "breached"
    )


STATED = """
status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
fact tier of agreement: one of gold, silver
scope gold_only
  outside if tier is silver
duty tell
  when support becomes active
  Desk must notify within 4 hours
"""


def test_nothing_is_owed_for_a_ticket_by_what_happened_before_it_was_there() -> None:
    """R1, R8: a ticket's case begins with its own first event, whatever its agreement has seen before."""
    events = [
        evolve(event("a1", "started", "2026-03-02 08:00", "Client"), subject="A1", facts={"tier": "gold"}),
        evolve(event("a2", "recorded", "2026-03-02 12:00", "Client"), subject="A1", facts={"tier": "gold"}),
        event("e1", "opened", "2026-06-02 09:00", "Client"),
    ]
    seen = evaluate(contract(STATED), None, events, at("2026-06-03 08:00"))
    own = [v for v in seen.verdicts if v.subject == events[2].subject]
    assert [(v.duty, v.triggered_at) for v in own] == [("gold_only", at("2026-06-02 09:00"))]


DATES = """
fact agreed_times of request: list of dates
duty update
  when request agreed
  Desk must update on each of agreed_times
"""


def test_dates_that_are_recorded_after_the_agreement_on_them() -> None:
    """R4, R9: the dates run from the agreement; one that has passed already is due when it became known."""
    lines = """
        2026-03-02 08:00  T1 opened by Client
        12:00             T1 agreed
        2026-03-03 10:00  T1 updated by Desk
        2026-03-05 14:00  T1 recorded, agreed_times 2026-03-03 and 2026-03-04 and 2026-03-06
        2026-03-06 09:00  T1 updated by Desk
        """
    seen = judged(DATES, lines, "2026-03-20 00:00")
    found = [(v.label, v.state, v.deadline) for v in seen.verdicts if v.duty == "update"]
    assert found == [
        ("update#1", "met", at("2026-03-05 14:00")),
        ("update#2", "breached", at("2026-03-05 14:00")),
        ("update#3", "met", at("2026-03-07 00:00")),
    ]
    before = judged(DATES, lines, "2026-03-05 13:00")
    assert one(before, "update#1").state == "undetermined"


def test_two_acts_are_two_though_two_sources_give_them_one_id() -> None:
    """R4, R32: an act serves one period; an id is its source's own."""
    rules = "duty update\n  when request opened\n  Desk must update every 8 hours\n"
    opened = log(rules, "2026-03-02 08:00  T1 opened by Client")
    first = event("1", "updated", "2026-03-02 09:00", "Desk")
    second = [evolve(first, id="2"), evolve(first, source="mail")]
    for other in second:
        seen = evaluate(contract(rules), None, [*opened, first, other], at("2026-03-02 10:00"))
        assert [(v.number, v.state) for v in seen.verdicts] == [(1, "met"), (2, "met"), (3, "pending")], other


def test_what_does_not_survive_the_contract_says_nothing_of_what_comes_after_it() -> None:
    """R25, R27: not even that it is kept, of a ticket that is opened after the contract's last date."""
    rules = """  in force from 2026-01-01 to 2026-01-31

prohibition no_closing
  when request closed by Desk
  Desk must not close

prohibition no_cancelling
  when request cancelled by Desk
  Desk must not cancel
  survives the term
"""
    lines = "2026-01-31 23:59  T1 opened by Client\n2026-02-01 00:00  T2 opened by Client\n00:30  T2 closed by Desk"
    seen = judged(rules, lines, "2026-02-02 00:00").verdicts
    assert [(v.subject, v.duty, v.state) for v in seen] == [
        ("T1", "no_closing", "kept"), ("T1", "no_cancelling", "kept"), ("T2", "no_cancelling", "kept")]


@pytest.mark.parametrize("kept, told", [
    ("99." + "9" * 60, "100"),  # carried further than it is told
    ("0." + "9" * 60, "1"),
    ("1" + "0" * 49 + "." + "4" * 20, "1" + "0" * 49),
    ("33." + "3" * 60, "33." + "3" * 48),
    ("0.00" + "6" * 60, "0.00" + "6" * 47 + "7"),
    ("2.50", "2.50"),
])  # fmt: skip
def test_a_sum_is_told_in_plain_digits(kept: str, told: str) -> None:
    """Without an exponent, and whole where it is whole to a hair."""
    assert str(settled(Decimal(kept))) == told
