"""What is saved is a scenario that passes, and brings the session back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slarules.cli.test import try_file
from slarules.model.event import Event
from slarules.model.value import Elapsed, Money
from slarules.repl.judging import contract_of, evaluated
from slarules.repl.loop import answered
from slarules.repl.saving import as_scenarios
from slarules.repl.session import Session
from slarules.scenario.writing import can_be_expected, event_words, exact_length
from tests.repl.small import KNOWN, LOOK, OPENED, plain, say

LINES = st.lists(
    st.sampled_from(
        [
            "T1 acknowledged by Trak", "advance 17 minutes", "next", "T1 waiting on Customer", "T1 resumed",
            "T1 resolved by Trak, satisfied", "T1 reopened by Customer", "T1 severity_changed by Customer, severity 2",
            'T1 recorded, note "it works, “now” -- and then"',
            "T2 opened by Customer, severity 2, channel web, id second",
            "T2 corrected second, severity 1", "2026-03-02 08:30  T1 responded by Trak, not automatic, sequence 7",
            "09:10  T1 acknowledged by Trak, happened at 08:20", "expect T1 confirm met", "fork side", "switch main",
            "set reading ack = business", "T1 closed by Customer", "T1 cancelled by Customer", "advance 3 days",
            "2026-11-01 04:30:05.000001  T3 opened by Customer, severity 1", "set zone = UTC",
        ]
    ),
    max_size=10,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_a_saved_session_passes_and_comes_back(empty: Session, tmp_path: Path, lines: list[str]) -> None:
    session = say(empty, KNOWN, OPENED).session
    for text in lines:
        session = answered(session, text, LOOK).session
    path = tmp_path / "saved.sla"
    path.unlink(missing_ok=True)
    say(session, f"save {path}")
    tried = try_file(str(path))
    wrong = [s for o in tried.outcomes for s in o.steps if s.judged is not None and not s.judged.holds]
    rows = path.read_text("utf-8").splitlines()
    assert not tried.unreadable and not [d for d in tried.diagnostics if d.level.value == "error"]
    assert all(rows[step.line.span.line - 1].endswith("-- not as it was seen") for step in wrong)
    back = say(Session(), f"load {path}").session
    assert len(back.state.cases) == sum(bool(case.entries) for case in session.state.cases.values())
    for name, case in session.state.cases.items():
        again = back.state.cases[name if name in back.state.cases else "main"]
        assert [_told(e) for e in again.events] == [_told(e) for e in case.events]
        at = max(case.now or 0, again.now or 0)
        assert evaluated(contract_of(back), again, at).verdicts == evaluated(contract_of(session), case, at).verdicts


def _told(event: Event) -> Event:
    return evolve(event, kind=None)


def test_the_scenario_reads_as_one_written_by_hand(empty: Session, tmp_path: Path) -> None:
    session = say(
        empty, KNOWN, OPENED, "08:59  T1 acknowledged by Trak", "next", "11:00  T1 resolved by Trak, satisfied",
        "expect T1 confirm met",
    ).session  # fmt: skip
    say(session, f"save {tmp_path / 'day.sla'}")
    assert (tmp_path / "day.sla").read_text("utf-8") == """slarules 1

-- saved by slarules repl: what was said, and what was seen
scenarios of "policy.sla"

scenario "main" in America/Denver
  supplied TrakHolidays none known until 2027-01-01
  2026-03-02 08:00  T1 opened by Customer, channel email, severity 1
  expect T1 confirm pending, due at 09:00
  expect T1 resolution pending, due at 10:00
  2026-03-02 08:59  T1 acknowledged by Trak
  expect T1 confirm met at 08:59, due at 09:00
  as of 2026-03-02 10:00  expect T1 resolution missed at 10:00
  2026-03-02 11:00  T1 resolved by Trak, satisfied
  expect T1 resolution missed at 10:00, performed late by 1 hour
  expect T1 confirm met
"""


def test_an_expectation_that_was_not_seen_is_kept_and_fails(empty: Session, tmp_path: Path) -> None:
    done = say(empty, KNOWN, OPENED, "expect T1 confirm met")
    assert done.failed and "not as expected: T1 confirm met; seen: T1 confirm pending" in plain(done.answer)
    say(done.session, f"save {tmp_path / 'x.sla'}")
    assert "expect T1 confirm met  -- not as it was seen" in (tmp_path / "x.sla").read_text("utf-8")
    assert [outcome.passed for outcome in try_file(str(tmp_path / "x.sla")).outcomes] == [False]


def test_what_no_scenario_can_say_is_left_out_and_told(empty: Session, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    events = [
        {"id": "1", "subject": "R-1", "type": "opened", "at": "2026-03-02T15:00:00Z", "actor": "Customer",
         "facts": {"severity": "1", "note": "two\nlines"}},
        {"id": "2", "subject": "R-1", "type": "acknowledged", "at": "2026-03-02T15:00:00.5Z", "actor": "Trak"},
        {"id": "3", "subject": "R-1", "type": "resolved", "at": "2026-03-02T16:00:00Z", "actor": "Trak"},
    ]
    log.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    loaded = say(empty, KNOWN, f"load {log}")
    assert "`R-1` is `R_1`" in plain(loaded.answer)
    told = plain(say(loaded.session, f"save {tmp_path / 'x.sla'}").answer)
    assert told.count("left out") == 1
    assert "08:00:00.5  R_1 acknowledged by Trak" in (tmp_path / "x.sla").read_text("utf-8")
    assert [o.passed for o in try_file(str(tmp_path / "x.sla")).outcomes] == [True]


def test_an_hour_that_clocks_double_is_saved_in_utc(empty: Session, tmp_path: Path) -> None:
    opened = "2026-11-01 07:30  T1 opened by Customer, severity 1"
    session = say(empty, "set zone = UTC", opened, "set zone = America/Denver")
    say(session.session, f"save {tmp_path / 'x.sla'}")
    assert 'scenario "main" in UTC' in (tmp_path / "x.sla").read_text("utf-8")
    assert "2026-11-01 07:30  T1 opened" in (tmp_path / "x.sla").read_text("utf-8")


def test_only_what_a_session_saved_is_written_over(case: Session, tmp_path: Path) -> None:
    own = tmp_path / "scenarios.sla"
    own.write_text('slarules 1\nscenarios of "policy.sla"\nscenario "mine"\n  2026-03-02 08:00  T1 opened\n', "utf-8")
    assert answered(case, f"save {own}", LOOK).failed and "mine" in own.read_text("utf-8")
    saved = say(case, f"save {tmp_path / 'x.sla'}", "advance 1 hour", f"save {tmp_path / 'x'}")
    assert "09:30" in (tmp_path / "x.sla").read_text("utf-8") or not saved.failed
    before = (tmp_path / "policy.sla").read_text("utf-8")
    done = answered(case, f"save {tmp_path / 'policy.sla'}", LOOK)
    assert done.failed and "E0905" in plain(done.answer)
    assert (tmp_path / "policy.sla").read_text("utf-8") == before
    assert answered(case, "save /nowhere/at/all.sla", LOOK).failed


def test_an_unfinished_session_is_the_same_lines_without_what_was_seen(case: Session, tmp_path: Path) -> None:
    written = as_scenarios(case, tmp_path / "x.sla", seen=False)
    assert "expect" not in written.text and written.text.count("T1 opened") == 2


@pytest.mark.parametrize(
    ("micros", "words"),
    [(0, "0 seconds"), (1, "0.000001 seconds"), (1_000_000, "1 second"), (90_000_000, "1 minute 30 seconds"),
     (1_234 * 3_600_000_000, "1234 hours")],
)  # fmt: skip
def test_a_length_is_written_so_that_a_scenario_reads_it(micros: int, words: str) -> None:
    assert exact_length(micros) == words


def test_facts_are_written_as_scenarios_read_them() -> None:
    facts = {"on": "Customer", "satisfied": False, "note": 'say "so"'}
    words = event_words(Event("e-1", "T1", "waiting", 0, "Trak", facts, "phone"), "UTC", 0)
    assert words == 'T1 waiting on Customer by Trak, not satisfied, note “say "so"”, source phone'


def test_what_is_less_than_nothing_is_not_expected() -> None:
    assert [can_be_expected(one) for one in (Money(Decimal("-1.00"), "USD"), Decimal("-1"), Elapsed(-1))] == [False] * 3
    assert can_be_expected(Money(Decimal("0.00"), "USD")) and can_be_expected("grace") and not can_be_expected(None)


def test_what_cannot_be_proved_is_saved_without_what_was_seen(
    case: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slarules.repl.saving.proved", lambda *_: "line 8: something")
    assert "without what was seen" in plain(say(case, f"save {tmp_path / 'x.sla'}").answer)
    text = (tmp_path / "x.sla").read_text("utf-8")
    assert "T1 opened" in text and "expect" not in text
