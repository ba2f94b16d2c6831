"""What a verdict owes to corrections, retractions and events that were recorded twice is told (R3, R32)."""

from __future__ import annotations

from attrs import evolve

from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.whynot import why_not
from tests.engine.small import at, contract, log
from tests.engine.test_explain import lines_of

RULES = """
severities 1, 2
  assigned by Client
table times by severity
  | severity | fix_time |
  | 1        | 2 hours  |
  | 2        | 4 hours  |
duty answer
  when request opened
  Desk must respond within 1 hour
duty fix
  when request opened
  Desk must resolve within fix_time
  on severity change count again from the start
  on reopening run on
"""
OPENED = "2026-03-02 08:00  T1 opened by Client, severity 2, id o1\n09:10  T1 responded by Desk, id a1\n"


def told(lines: str, duty: str, as_of: str = "2026-03-02 11:00") -> str:
    return "\n".join(lines_of(explain(contract(RULES), None, log(RULES, OPENED + lines), at(as_of), "T1", duty)))


def test_a_correction_of_the_time_is_told_where_it_decides() -> None:
    text = told("10:00  T1 corrected a1 by Desk, happened at 08:50, id c1", "answer")
    assert (
        "  rests on the correction c1, made by Desk at Mon 2026-03-02 10:00 (-07:00), to a1 (responded by Desk at Mon "
        "2026-03-02 09:10 (-07:00)): it was at Mon 2026-03-02 08:50 (-07:00) (R3)\n"
        "    without it it would be breached at Mon 2026-03-02 09:00 (-07:00), performed late by 10 minutes\n"
    ) in text
    assert "performed by a1: responded by Desk at Mon 2026-03-02 08:50 (-07:00) (as corrected by c1)" in text


def test_where_it_decides_nothing_it_is_told_as_idle() -> None:
    text = told("10:00  T1 corrected a1 by Desk, happened at 08:50, id c1", "fix")
    assert "  corrections of its log that change nothing here\n    the correction c1, made by Desk" in text
    assert "rests on the correction" not in text


def test_a_correction_of_the_severity_and_a_retraction() -> None:
    text = told("10:00  T1 corrected o1 by Desk, severity 1, id c1", "fix")
    assert ": severity was 1 (R3)\n    without it it would be pending, due Mon 2026-03-02 12:00 (-07:00)\n" in text
    text = told("10:00  T1 retracted a1 by Desk, id r1", "answer")
    assert "that a1 (responded by Desk at Mon 2026-03-02 09:10 (-07:00)) did not happen (R3)\n    without it" in text


def test_two_that_say_the_same_decide_together() -> None:
    lines = "10:00  T1 retracted a1 by Desk, id r1\n10:01  T1 retracted a1 by Desk, id r2"
    text = told(lines, "answer")
    assert "  rests on these together, though on none of them alone\n" in text
    assert "    without all of them it would be breached at Mon 2026-03-02 09:00 (-07:00), performed late by" in text


def test_what_was_recorded_twice_and_set_aside() -> None:
    events = log(RULES, OPENED)
    twice = [*events, evolve(events[1], at=at("2026-03-02 08:30"))]
    text = "\n".join(lines_of(explain(contract(RULES), None, twice, at("2026-03-02 11:00"), "T1", "answer")))
    assert (
        "  rests on that a1 (responded by Desk at Mon 2026-03-02 09:10 (-07:00)) stands as it was recorded first (R32)"
        "; set aside is what was recorded of it later: it was at Mon 2026-03-02 08:30 (-07:00)\n"
        "    were the later to stand, it would be met, due Mon 2026-03-02 09:00 (-07:00)\n"
    ) in text


def test_what_never_arose_for_a_retraction() -> None:
    lines = "10:00  T1 retracted o1 by Desk, id r1"
    events = log(RULES, OPENED + lines)
    (reason,) = (why_not(contract(RULES), None, events, at("2026-03-02 11:00"), "T1", "answer"),)
    text = "\n".join(lines_of((reason,)))
    assert "`answer` does not arise for T1" in text
    assert "that rests on the retraction r1, made by Desk at Mon 2026-03-02 10:00 (-07:00), that o1 (opened by" in text
    assert "without it it would arise\n    answer#1: breached at Mon 2026-03-02 09:00 (-07:00), performed late" in text
    gone = [event for event in events if event.id != "a1"]
    text = why_not(contract(RULES), None, gone, at("2026-03-02 11:00"), "T1", "answer").text
    assert text == "nothing that the log tells of `T1` stands"


def test_without_trying_the_changes_of_its_log_are_named() -> None:
    events = log(RULES, OPENED + "10:00  T1 corrected a1 by Desk, happened at 08:50, id c1")
    found = explain(contract(RULES), None, events, at("2026-03-02 11:00"), "T1", "answer", trying=False)
    assert any(part.text.startswith("its log holds the correction c1") for part in found[0].parts)
