"""A session is a value: going back and forward, forks, and answers that are judged again each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slarules.repl.answers import Look
from slarules.repl.completion import complete
from slarules.repl.judging import contract_of, evaluated
from slarules.repl.loop import answered
from slarules.repl.opening import load_file
from slarules.repl.session import Session, is_unsaved, redone, undone
from tests.cli.conftest import AMOUNTS, POLICY
from tests.repl.small import KNOWN, OPENED, plain, put, say

LINES = st.lists(
    st.sampled_from(
        [
            KNOWN, OPENED, "T1 acknowledged by Trak", "advance 30 minutes", "next", "T1 waiting on Customer",
            "T1 resumed", "T1 resolved by Trak", "at 2026-03-02 07:00", "set reading ack = business", "fork a",
            "fork b", "switch main", "switch a", "clear", "undo", "redo", "T2 opened by Customer, severity 2",
            "expect T1 confirm met", "status", "nonsense", "why T1.confirm", "what if T1 resolved by Trak", "timeline",
            "eval T1: severity is 1",
        ]
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_undo_leads_back_through_every_state_and_redo_forward_again(empty: Session, lines: list[str]) -> None:
    session, states = empty, [empty.state]
    for text in lines:
        before = session.state
        session = answered(session, text, Look()).session
        if text == "undo":
            states = states[:-1] if len(states) > 1 else states
        elif (session.state != before and text != "redo") or (text == "redo" and session.state != before):
            states.append(session.state)
        assert session.state == states[-1]
    back = session
    for state in reversed(states[:-1]):
        back, words = undone(back)
        assert words and back.state == state
    assert undone(back) == (back, None)
    for state in states[1:]:
        back, words = redone(back)
        assert words and back.state == state


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_questions_change_nothing(empty: Session, lines: list[str]) -> None:
    session = empty
    for text in lines:
        session = answered(session, text, Look()).session
    for question in ("status", "timeline", "why T1.confirm", "why not T1.confirm", "what if T1 resolved by Trak",
                     "eval severity", "forks", "readings", "show confirm", "help", "diff main", "save /nowhere/x.sla"):
        assert answered(session, question, Look()).session == session, question


def test_a_line_moves_the_clock_forward_and_never_back(empty: Session) -> None:
    session = say(empty, OPENED, "advance 2 hours").session
    late = say(session, "2026-03-02 08:30  T1 acknowledged by Trak")
    assert late.session.case.now == session.case.now
    assert "told late: the clock stays at Mon 2026-03-02 10:00" in plain(late.answer)
    assert "T1 confirm  breached → met at 08:30, due 09:00" in plain(late.answer)
    later = say(late.session, "2026-03-02 11:00  T1 resumed").session
    assert later.case.now is not None and session.case.now is not None and later.case.now > session.case.now


def test_the_clock_set_back_does_not_look_at_what_is_later(empty: Session) -> None:
    done = say(empty, KNOWN, OPENED, "09:30  T1 resolved by Trak", "at 09:00")
    verdict = evaluated(contract_of(done.session), done.session.case).verdicts[-1]
    assert (verdict.duty, verdict.state) == ("resolution", "pending")


def test_a_fork_goes_its_own_way(case: Session) -> None:
    other = say(case, "switch escalated", "10:00  T1 resolved by Trak").session
    assert len(other.state.cases["escalated"].events) == 3
    assert len(other.state.cases["main"].events) == 2
    told = plain(say(other, "diff main escalated").answer)
    assert "+ 2026-03-02 10:00  T1 resolved by Trak" in told
    assert "T1 resolution  missed → reached at 10:00, due 10:00" in told  # as of the later clock


def test_next_stops_where_the_engine_says_and_tells_what_changed(empty: Session) -> None:
    session = say(empty, KNOWN, OPENED).session
    told = say(session, "next")
    assert plain(told.answer) == "  Mon 2026-03-02 09:00\n  T1 confirm  pending → breached at 09:00, still owed"
    again = say(told.session, "next")
    assert "T1 resolution  pending → missed at 10:00, still owed" in plain(again.answer)
    assert "nothing changes any more" in plain(say(again.session, "next").answer)


@pytest.mark.parametrize(
    ("much", "then"),
    [("90 minutes", "09:30"), ("1 day", "Tue 2026-03-03 08:00"), ("1 month", "Thu 2026-04-02 08:00"),
     ("10 hours counted in BusinessHours", "Tue 2026-03-03 09:00"),
     ("2 days counted in BusinessHours", "Wed 2026-03-04 17:00")],
)  # fmt: skip
def test_the_clock_advances_by_real_time_open_time_and_dates(empty: Session, much: str, then: str) -> None:
    told = plain(say(empty, KNOWN, OPENED, f"advance {much}").answer)
    assert told.splitlines()[0].strip().removeprefix("Mon 2026-03-02 ") == then


def test_what_if_tells_the_difference_and_keeps_nothing(case: Session) -> None:
    done = say(case, "what if T1 acknowledged by Trak at 09:30 instead")
    assert done.session == case
    assert "T1 confirm  met → breached at 09:00, performed late by 30 minutes" in plain(done.answer)
    assert "T1 resolution  pending, due 16:00  (was pending, due 10:00)" in plain(
        say(case, "what if severity 2 at 08:45").answer
    )
    other = plain(say(case, "advance 1 hour", "what if T1 opened by Customer, severity 2 instead").answer)
    assert "T1 resolution  pending, due 16:00  (was pending, due 10:00)" in other  # opened when it was, otherwise
    assert "T1 confirm  met → pending, due 09:00" in plain(say(case, "what if without T1 acknowledged").answer)
    assert "nothing would differ" in plain(say(case, "what if reading ack = business").answer)


def test_a_reading_set_back_to_the_adopted_one_is_no_choice(case: Session) -> None:
    chosen = say(case, "set reading ack = business").session
    assert chosen.case.readings == {"ack": "business"}
    assert say(chosen, "set reading ack is elapsed").session.case.readings == {}


def test_what_is_said_in_a_session_is_unsaved_until_it_is_saved(case: Session, tmp_path: object) -> None:
    assert is_unsaved(case)
    saved = say(case, f"save {tmp_path}/case.sla").session
    assert not is_unsaved(saved)
    assert is_unsaved(say(saved, "09:00  T1 resumed").session)


def test_why_not_says_what_keeps_a_rule_from_being_owed(case: Session) -> None:
    assert plain(say(case, "why not T1.confirm").answer).startswith("`confirm` is not owed for T1 any more")
    never = say(case, "T2 acknowledged by Trak", "why not T2.resolution")
    assert plain(never.answer).startswith("`resolution` does not arise for T2")
    assert "opened" in plain(never.answer)


def test_why_tells_what_an_amount_comes_to(tmp_path: Path) -> None:
    session = load_file(Session(), str(put(tmp_path, POLICY + AMOUNTS)), Look(80)).session
    begun = say(session, "2026-03-02 08:00  A1 started by Customer, fee 200 USD").session
    assert "A1 `total` comes to 20.00 USD" in plain(say(begun, "why A1").answer)
    told = plain(say(begun, "why A1.total").answer)
    assert "0.1 × 200.00 USD = 20.00 USD" in told and "recorded with A1-started" in told
    assert "total" in {one.text for one in complete("why A1.", begun).candidates}
    assert "total" not in {one.text for one in complete("why not A1.", begun).candidates}
    of_a_ticket = say(begun, KNOWN, OPENED, "why T1.total")
    assert plain(of_a_ticket.answer).strip() == "`total` is no amount of `T1`"


def test_an_interrupt_stops_the_evaluation_and_the_session_stands(
    case: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("slarules.repl.judging.evaluate", endless)
    done = answered(case, "next", Look())
    assert done.session == case and "stopped; the session is as it was" in plain(done.answer)


def test_a_mistake_of_the_program_is_told_in_a_line_and_the_session_stands(
    case: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of the [program]")

    monkeypatch.delenv("SLARULES_TRACEBACK")
    monkeypatch.setattr("slarules.repl.judging.evaluate", wrong)
    done = answered(case, "next", Look())
    assert done.session == case
    assert "ZeroDivisionError at" in plain(done.answer) and "Traceback" not in plain(done.answer)
