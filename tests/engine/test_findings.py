"""What an evaluation tells beside its verdicts: people, confirmations, whose word a fact is; ties and long lives."""

from __future__ import annotations

from attrs import evolve

from slarules.engine.evaluate import evaluate
from tests.engine.small import at, contract, event, judged, one

PEOPLE = """
fact satisfied of request: yes or no judged by Client
severities 1, 2
  assigned by Client
  confirmed by Desk

role Callers of Client
  exactly 2
  designated by Client in writing
  replaceable by Client
  identified by caller
"""
BOTH = """
2026-03-02 08:00  A1 started by Client
08:01             A1 contact_designated by Client, who ann, written
08:02             A1 contact_designated by Client, who bob, written
"""


def told(lines: str, as_of: str = "2026-03-03 09:00") -> list[tuple[str, str]]:
    """The codes and messages of the findings."""
    return [(found.code, found.message) for found in judged(PEOPLE, lines, as_of).findings]


def test_a_role_with_all_its_people_is_not_told() -> None:
    assert told(BOTH) == []


def test_a_role_below_its_minimum_is_told_while_it_is() -> None:
    assert told(BOTH, "2026-03-02 08:01") == [
        ("role_below_minimum", "the role `Callers` has 1 of at least 2 people")
    ]
    gone = BOTH + "09:00  A1 contact_removed by Client, who bob\n"
    assert told(gone) == [("role_below_minimum", "the role `Callers` has 1 of at least 2 people")]
    assert told(gone + "10:00  A1 terminated by Client") == []


def test_one_whose_form_is_not_known_counts() -> None:
    assert told(BOTH.replace("bob, written", "bob")) == []


def test_designations_without_effect_are_told() -> None:
    assert told(BOTH + "09:00  A1 contact_designated by Client, who cem, written") == [
        ("without_effect", "the role `Callers` has its 2 people: no effect")
    ]
    assert ("not_entitled", "`Desk` may put nobody into the role `Callers`: no effect") in told(
        BOTH.replace("by Client, who bob", "by Desk, who bob")
    )
    assert ("not_entitled", "`Desk` may take nobody out of the role `Callers`: no effect") in told(
        BOTH + "09:00  A1 contact_removed by Desk, who bob"
    )
    assert ("without_effect", "the role `Callers` is given in writing: no effect") in told(
        BOTH.replace("bob, written", "bob, not written")
    )
    assert told(BOTH + "09:00  A1 contact_designated by Client, written") == [
        ("without_effect", "`who` names nobody: no effect")
    ]


def test_a_fact_by_another_than_its_judge_is_told() -> None:
    lines = "2026-03-02 08:00  T1 opened by Client, severity 1\n09:00  T1 recorded by Desk, satisfied"
    assert told(lines) == [
        ("not_entitled", "`satisfied` is judged by `Client`, not by `Desk`: no effect"),
    ]
    assert told(lines.replace("recorded by Desk", "recorded by Client")) == []


def test_confirmations_that_are_none_are_told() -> None:
    opened = "2026-03-02 08:00  T1 opened by Client, severity 1\n09:00  T1 severity_confirmed by "
    assert told(opened + "Desk") == []
    assert told(opened + "Client") == [("not_entitled", "`Client` may not confirm the severity (R24): no effect")]
    assert told(opened + "Desk, severity 2") == [
        ("severity_disputed", "severity 2 was found, and severity 1 is assigned: not confirmed (R24)")
    ]


AMENDED = """
fact grade of agreement: one of low or high

clause "until April"
  in force from 2025-01-01 to 2026-03-31
  duty pay
    when agreement invoiced
    if grade is high
    Client must pay within 30 days

clause "from April"
  in force from 2026-04-01
  duty settle_up
    when agreement invoiced
    if grade is high
    Client must pay within 10 days
"""


def test_ties_on_an_amended_agreement_are_tried_under_each_version() -> None:
    """R12, R27: two orders of one instant's events, under the terms of the trigger and not of the last version."""
    events = [
        event("e0", "started", "2026-01-05 08:00", "Client", "A1"),
        event("e1", "recorded", "2026-03-20 08:00", "Desk", "A1", grade="high"),
        evolve(event("e2", "recorded", "2026-03-20 08:00", "Desk", "A1", grade="low"), source="second"),
        event("e3", "invoiced", "2026-03-21 08:00", "Desk", "A1"),
        event("e4", "invoiced", "2026-04-02 08:00", "Desk", "A1"),
    ]
    low = evaluate(contract(AMENDED), None, events, at("2026-04-05 08:00"))
    assert low.verdicts == ()
    events[1], events[2] = evolve(events[1], source="third"), evolve(events[2], source="desk")
    high = evaluate(contract(AMENDED), None, events, at("2026-04-05 08:00"))
    assert one(high, "pay#1", "A1").flags == ("tie_sensitive",)
    assert one(high, "settle_up#1", "A1").flags == ("tie_sensitive",)
    alike = [*events[:2], evolve(events[2], facts={"grade": "high"}), *events[3:]]
    for name in ("pay#1", "settle_up#1"):
        assert one(evaluate(contract(AMENDED), None, alike, at("2026-04-05 08:00")), name, "A1").flags == ()
    alike = [*events[:2], evolve(events[2], facts={"grade": "high"}), *events[3:]]
    for name in ("pay#1", "settle_up#1"):
        assert one(evaluate(contract(AMENDED), None, alike, at("2026-04-05 08:00")), name, "A1").flags == ()
    alike = [*events[:2], evolve(events[2], facts={"grade": "high"}), *events[3:]]
    for name in ("pay#1", "settle_up#1"):
        assert one(evaluate(contract(AMENDED), None, alike, at("2026-04-05 08:00")), name, "A1").flags == ()
    certain = [e for e in events if e.id != "e2"]
    seen = evaluate(contract(AMENDED), None, certain, at("2026-04-05 08:00"))
    assert one(seen, "pay#1", "A1").flags == ()


YEARLY = """
status license of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes active at the end of term

duty remind
  once each term of license
  Desk must notify within 10 days
"""


def test_an_agreement_s_terms_go_on_however_long_nothing_happens() -> None:
    """R20."""
    seen = judged(YEARLY, "2010-01-01 09:00  A1 started by Client", "2020-06-01 09:00")
    assert [v.label for v in seen.verdicts] == [f"remind#{number}" for number in range(1, 12)]
    assert seen.next_change_at == at("2021-01-01 00:00")


CIRCLE = """
status license of agreement
  state active
    begins when agreement started
    lasts 1 month rounding down
    becomes resting at the end of term
  state resting
    becomes waking at the end of term
  state waking
    becomes resting at the end of term
    becomes active when paid
"""


def test_states_that_follow_each_other_in_no_time_come_to_rest() -> None:
    """A circle of states within one instant ends, and what happens afterwards is still seen."""
    lines = "2026-01-01 09:00  A1 started by Client\n2026-03-01 09:00  A1 paid by Client"
    seen = judged(CIRCLE, lines, "2026-03-02 09:00")
    assert seen.statuses["A1", "license"] in ("active", "resting", "waking")
