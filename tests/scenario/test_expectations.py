"""Each form of expectation, holding and not holding; what is seen is said in the same words."""

from __future__ import annotations

import pytest

from tests.scenario.conftest import outcome, seen

OPENED = "2026-03-02 08:00  T1 opened by Customer, channel email, severity 1"
KNOWN = "supplied TrakHolidays none known until 2027-01-01"


def after(expected: str, lines: str = "", until: str = "2026-03-03 08:00") -> list[str]:
    return seen("\n".join([KNOWN, OPENED, *lines.strip().splitlines(), f"as of {until}  expect {expected}"]))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", "T1 confirm breached"),
        ("", "T1 confirm breached at 2026-03-02 09:00, due at 2026-03-02 09:00"),
        ("", "T1 confirm#1 breached"),
        ("", "T1 confirm owed"),
        ("", "T1 confirm not met"),
        ("", "T1 confirm due at 2026-03-02 09:00"),
        ("08:30 T1 acknowledged by Trak", "T1 confirm met at 2026-03-02 08:30"),
        ("08:30 T1 acknowledged by Trak", "T1 confirm performed at 2026-03-02 08:30"),
        ("08:30 T1 acknowledged by Trak", "T1 confirm not owed"),
        ("10:30 T1 acknowledged by Trak", "T1 confirm breached, performed late by 1 hour 30 minutes"),
        ("", "T1 care missed at 2026-03-02 12:00"),
        ("11:00 T1 updated by Trak", "T1 care reached"),
        ("11:00 T1 updated by Trak", "T1 report not owed"),
        ("", "T1 report pending, due at 2026-03-03 12:00"),
        ("09:00 T1 resolved by Trak", "T1 fix undetermined for want of satisfied"),
        ("09:00 T1 resolved by Trak, satisfied", "T1 fix met"),
        ("09:00 T1 waiting on Customer", "T1 fix suspended"),
        ("13:00 T1 resolved by Trak, satisfied", "T1 report ended by resolved"),
        ("", "T1 secret kept"),
        ("10:00 T1 escalated by Trak", "T1 secret breached at 2026-03-02 10:00"),
        ("10:00 T1 resolved by Trak, satisfied\n11:00 T1 reopened by Customer", "T1 call not permitted"),
        ("10:00 T1 resolved by Trak\n11:00 T1 reopened by Customer, channel telephone", "T1 call permitted"),
        ("", "T1 remedy open"),
        ("13:00 T1 elected by Customer, remedy continuous", "T1 remedy elected at 2026-03-02 13:00"),
        ("13:00 T1 elected by Customer, remedy continuous", "T1 remedy is continuous"),
        ("", "T1 helpdesk in_scope"),
        ("10:00 T1 recorded, channel web", "T1 helpdesk out of scope"),
        ("", "next change at 2026-03-03 12:00"),
    ],
)
def test_what_holds(lines: str, expected: str) -> None:
    until = "2026-03-02 13:30" if expected.startswith(("T1 fix", "T1 report ended")) else "2026-03-03 08:00"
    assert after(expected, lines, until) == []


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("T1 confirm met", "T1 confirm breached at 2026-03-02 09:00"),
        ("T1 confirm not owed", "T1 confirm breached at 2026-03-02 09:00, owed"),
        ("T1 confirm breached at 10:00", "T1 confirm breached at 2026-03-02 09:00"),
        ("T1 confirm breached, due at 10:00", "T1 confirm breached at 2026-03-02 09:00, due at 2026-03-02 09:00"),
        ("T1 confirm performed late by 1 hour", "T1 confirm breached at 2026-03-02 09:00, not performed late"),
        ("T1 confirm performed at 10:00", "T1 confirm breached at 2026-03-02 09:00, not performed"),
        ("T1 confirm#2 breached", "no instance"),
        ("T1 answer met", "no instance"),
        ("T1 confirm undetermined for want of satisfied", "T1 confirm breached at 2026-03-02 09:00"),
        ("T1 care reached", "T1 care missed at 2026-03-02 12:00"),
        ("T1 report breached", "T1 report pending, due at 12:00"),
        ("T1 remedy is schedule", "T1 remedy is not elected"),
        ("next change at 13:00", "next change at 12:00"),
        ("agreement maintenance is grace", "agreement maintenance is nothing"),
    ],
)
def test_what_does_not_hold_is_seen(expected: str, said: str) -> None:
    assert after(expected) == [said]


def test_without_a_number_it_speaks_of_every_instance() -> None:
    until = "2026-03-03 13:00"
    assert after("T1 report breached", until=until) == [
        "T1 report#2 pending, due at 2026-03-04 12:00; report#1 as expected: say which is meant"]
    assert after("T1 report#1 breached", until=until) == []


def test_agreements() -> None:
    assert seen("""
        2026-01-01 08:00  A1 started by Customer, fee 250.00 USD, lapsed_on 2026-02-01
        09:00             A1 hours_purchased, hours 10
        10:00             A1 hours_logged, hours 2.5
        2026-03-02 08:00  T1 opened by Customer under A1
        expect A1 maintenance is active
        expect A1 block is 7.5 hours
        expect A1 block is 7.5
        expect A1 block is 7 hours 30 minutes
        expect A1 double_fee is 500 USD
        expect A1 double_fee is 500.00 USD
        expect A1 ends_on is 2026-03-03
        as of 2027-01-02 08:00  expect A1 maintenance is grace
        as of 2027-03-02 08:00  expect A1 maintenance is expired
        expect A1 maintenance is active
        expect A1 block is 1 hour
        expect A1 double_fee is unknown
    """) == [
        "A1 maintenance is expired", "A1 block is 0", "A1 double_fee is 500.00 USD",
    ]


def test_an_unknown_amount() -> None:
    lines = "2026-01-01 08:00  A1 started by Customer\nexpect A1 double_fee is unknown\nexpect A1 double_fee is 1 USD"
    assert seen(lines) == ["A1 double_fee is unknown for want of fee"]


def test_what_parties_supply() -> None:
    asked = "08:30 T1 asked by Customer"
    assert after("T1 answer undetermined for want of Desk", asked) == []
    assert after("T1 answer breached", asked) == ["T1 answer undetermined, for want of holidays of Desk"]
    assert seen("""
        supplied TrakHolidays 2026-03-02 known until 2027-01-01
        supplied Desk 2026-03-02 09:00 to 10:00 and 13:00 to 14:00 2026-03-03 09:00 to 10:00
        2026-03-02 08:00  T1 opened by Customer, channel email, severity 1
        expect T1 fix due at 2026-03-03 16:00
        08:30  T1 asked by Customer
        expect T1 answer due at 14:00
    """) == []


def test_corrections_and_retractions() -> None:
    assert seen("""
        2026-03-02 08:00  T1 opened by Customer, channel email, id first
        08:40  T1 acknowledged by Trak, id second
        as of 12:00  expect T1 confirm met
        12:30  T1 corrected second, happened at 09:40
        as of 12:00  expect T1 confirm breached, performed late by 40 minutes
        13:00  T1 retracted second
        as of 12:00  expect T1 confirm owed
        14:00  T1 corrected first, channel telephone
        as of 12:00  expect T1 confirm not owed
    """) == []


def test_values_of_every_type() -> None:
    steps = outcome("""
        2026-03-02 08:00  T1 opened by Customer, channel "web", satisfied no, not outage, size 4.5, note "a, b"
        09:00  T1 agreed by Customer, agreed_date 2026-03-12, agreed_times 2026-03-04 and 2026-03-05, effort 90 minutes
        10:00  A1 started, fee 100.00 USD, source crm, sequence 7, id e7
    """).steps
    facts = [dict(step.line.event.facts) for step in steps if step.line.event]
    assert [{n: str(v) for n, v in f.items()} for f in facts] == [
        {"channel": "web", "satisfied": "False", "outage": "False", "size": "4.5", "note": "a, b"},
        {"agreed_date": "2026-03-12", "agreed_times": "('2026-03-04', '2026-03-05')", "effort": "1.5"},
        {"fee": "100.00 USD"},
    ]
    events = [step.line.event for step in steps if step.line.event]
    assert [e.id for e in events] == ["T1-opened", "T1-agreed", "e7"]
    assert (events[2].source, events[2].sequence, events[2].kind) == ("crm", 7, "agreement")
