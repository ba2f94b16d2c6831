"""Advised targets are what they claim: judged by them, the past reaches the share, and by a minute less it does not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.advice.cases import ALWAYS, Cases, calendars, cases, fit
from slarules.advice.targets import Target, advise, target
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.limit import CountedIn, Within
from slarules.model.value import HOUR, MINUTE, Elapsed

TIMES = st.integers(1, 3000).flatmap(lambda m: st.sampled_from([m * MINUTE, m * MINUTE + 7]))
MONDAY = 20_514 * 24 * HOUR  # 2026-03-02T00:00Z
POLICY = '''slarules 1

contract Demo "Demo support"
  provider Desk "the desk"
  customer Customer "the customer"
  zone UTC

calendar Office
  open Monday to Friday 09:00 to 17:00

calendar Maintenance
  open Sunday 02:00 to 04:00

severities 1, 2
  assigned by Customer
  changed by Customer

table times by severity
  | severity | fix     |
  | 1        | 2 hours |
  | 2        | 4 hours |

duty answer
  when ticket opened
  Desk must respond within 1 hour counted in Office
  paused while waiting on Customer

duty fix
  when ticket opened
  Desk must resolve within fix
  on severity change count again from the start
  on reopening run on

duty tell
  when answer breached
  Desk must update within 30 minutes

duty kept_informed
  Desk must update
'''


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("advice") / "policy.sla"
    path.write_text(POLICY, "utf-8")
    loaded = load(path)
    assert loaded.contract is not None, [d.message for d in loaded.diagnostics]
    return loaded.contract


def tickets(delays: list[int | None], opened: int = MONDAY + 9 * HOUR) -> list[Event]:
    """A ticket for each delay, answered so many microseconds after it was opened; None: never."""
    events = []
    for number, delay in enumerate(delays):
        events.append(Event(f"o{number}", f"T{number:03}", "opened", opened, "Customer", {"severity": "1"}))
        if delay is not None:
            events.append(Event(f"r{number}", f"T{number:03}", "responded", opened + delay, "Desk"))
    return events


def only(found: list[Cases]) -> Cases:
    assert len(found) == 1
    return found[0]


def paused(number: int, begins: int, lasts: int) -> list[Event]:
    """The ticket waits on the customer for so long, so long after it was opened, and never from an act's instant on."""
    at, name = MONDAY + 9 * HOUR + begins + 3, f"T{number:03}"
    return [
        Event(f"w{number}", name, "waiting", at, "Desk", {"on": "Customer"}),
        Event(f"g{number}", name, "resumed", at + lasts, "Desk"),
    ]


def test_the_tightest_target_that_19_of_20_cases_would_have_kept(contract: Contract) -> None:
    log = tickets([n * 10 * MINUTE for n in range(1, 21)])
    found = advise(contract, log, MONDAY + 30 * 24 * HOUR, share=Fraction(95, 100), only=["answer"])
    line, = found.lines
    clock, office = line.targets
    assert (clock.cases.calendar, office.cases.calendar) == (ALWAYS, "Office")
    assert clock.tightest == office.tightest == 190 * MINUTE
    assert (line.present.kept, line.present.broken, line.present.share) == (6, 14, 0.3)
    assert line.present.allowed == HOUR and line.present.calendar == "Office"
    # Wilson's interval for 6 of 20, as the textbook formula gives it
    assert (round(line.present.low or 0, 4), round(line.present.high or 0, 4)) == (0.1455, 0.5190)


def test_open_time_counts_on_its_own_calendar_and_pauses_do_not(contract: Contract) -> None:
    friday = MONDAY + 4 * 24 * HOUR + 16 * HOUR
    log = [
        Event("o", "T1", "opened", friday, "Customer", {"severity": "1"}),
        Event("w", "T1", "waiting", friday + 10 * MINUTE, "Desk", {"on": "Customer"}),
        Event("g", "T1", "resumed", friday + 30 * MINUTE, "Customer"),
        Event("r", "T1", "responded", friday + 65 * HOUR + 30 * MINUTE, "Desk"),  # Monday 09:30
    ]
    found = {c.calendar: c for c in cases(
        contract, log, friday + 100 * HOUR, ["answer"], [ALWAYS, "Office"], readings={}, supplied={})}
    assert found["Office"].done == (40 * MINUTE + 30 * MINUTE,)
    assert found[ALWAYS].done == (65 * HOUR + 10 * MINUTE,)


def test_cases_not_done_count_for_as_long_as_they_waited() -> None:
    """The Kaplan–Meier estimate by hand: of 5 at risk 1 done, then 1 left, of 3 at risk 1 done, then 2 left."""
    one = Cases("answer", None, ALWAYS, (1 * HOUR, 3 * HOUR), (2 * HOUR, 4 * HOUR, 5 * HOUR), {})
    found = target(one, Fraction(40, 100), Fraction(95, 100))
    assert [(s.within, round(s.share, 6)) for s in found.curve] == [(HOUR, 0.2), (3 * HOUR, round(1 - 0.8 * 2 / 3, 6))]
    assert found.tightest == 3 * HOUR
    assert target(one, Fraction(90, 100), Fraction(95, 100)).tightest is None


def test_a_case_that_ended_is_not_taken_as_kept(contract: Contract) -> None:
    log = [*tickets([10 * MINUTE, None]), Event("x", "T001", "closed", MONDAY + 11 * HOUR, "Customer")]
    one = only(list(cases(contract, log, MONDAY + 40 * HOUR, ["answer"], [ALWAYS], readings={}, supplied={})))
    assert (one.done, one.waited) == ((10 * MINUTE,), (2 * HOUR,))


def test_duties_without_a_length_of_time_are_named(contract: Contract) -> None:
    fits, unfit = fit(contract, {})
    assert fits == ("answer", "fix", "tell")
    assert [(one.duty, one.why) for one in unfit] == [("kept_informed", "there is no limit")]


def test_only_calendars_that_count_time_are_offered(contract: Contract) -> None:
    assert calendars(contract, {}) == (ALWAYS, "Office")


def test_a_duty_that_waits_for_a_breach_still_arises(contract: Contract) -> None:
    log = [*tickets([3 * HOUR]), Event("u", "T000", "updated", MONDAY + 10 * HOUR + 12 * MINUTE, "Desk")]
    found = list(cases(contract, log, MONDAY + 40 * HOUR, ["answer", "tell"], [ALWAYS], readings={}, supplied={}))
    assert [(c.duty, c.done) for c in found] == [("answer", (3 * HOUR,)), ("tell", (12 * MINUTE,))]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(TIMES, st.none() | st.tuples(TIMES, TIMES)), min_size=1, max_size=30),
    st.fractions(Fraction(1, 10), Fraction(99, 100), max_denominator=100),
    st.sampled_from([ALWAYS, "Office"]),
)
def test_judged_by_the_target_the_past_reaches_the_share(
    contract: Contract,
    drawn: list[tuple[int, tuple[int, int] | None]],
    share: Fraction,
    calendar: str,
) -> None:
    log, as_of = tickets([delay for delay, _ in drawn]), MONDAY + 60 * 24 * HOUR
    for number, (_, pause) in enumerate(drawn):
        if pause is not None:
            log += paused(number, *pause)
    one = only(list(cases(contract, log, as_of, ["answer"], [calendar], readings={}, supplied={})))
    found = target(one, share, Fraction(95, 100))
    assert found.tightest is not None
    assert _kept(contract, log, as_of, found.tightest, calendar) >= share
    if found.tightest > MINUTE:
        assert _kept(contract, log, as_of, found.tightest - MINUTE, calendar) < share


def _kept(contract: Contract, log: list[Event], as_of: int, within: int, calendar: str) -> Fraction:
    """The share kept under another limit, judged by the engine."""
    basis = None if calendar == ALWAYS else CountedIn(calendar)
    terms, = contract.versions
    answer = attrs.evolve(terms.duties["answer"], limit=Within(Elapsed(within), basis))
    changed = attrs.evolve(contract, versions=(attrs.evolve(terms, duties={**terms.duties, "answer": answer}),))
    states = [v.state for v in evaluate(changed, {}, log, as_of).verdicts if v.duty == "answer"]
    return Fraction(states.count("met"), len(states))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 10_000), max_size=40),
    st.lists(st.integers(0, 10_000), max_size=10),
    st.fractions(Fraction(1, 100), Fraction(99, 100)),
)
def test_intervals_hold_their_target_and_curves_rise(done: list[int], waited: list[int], share: Fraction) -> None:
    times = [tuple(sorted(one * MINUTE for one in drawn)) for drawn in (done, waited)]
    one = Cases("d", None, ALWAYS, *times, {})
    found: Target = target(one, share, Fraction(95, 100))
    shares = [step.share for step in found.curve]
    assert shares == sorted(shares)
    assert all(step.low <= step.share + 1e-12 and step.share <= step.high + 1e-12 for step in found.curve)
    if found.tightest is not None:
        assert found.low is not None and found.low <= found.tightest
        assert found.high is None or found.tightest <= found.high


def test_the_log_of_the_example_contract_is_advised_on(tmp_path: Path) -> None:
    """Nothing is lost: each verdict of an advised duty is in one of the three counts."""
    from slarules.cli import logs

    loaded = load("contracts/trak/policy.sla")
    assert loaded.contract is not None
    log = logs.read_log({"examples/trak/events.jsonl": None}, False, None)
    assert not isinstance(log, int)
    found = advise(loaded.contract, log.events, log.events[-1].at, share=Fraction(9, 10), only=["confirm_receipt"])
    for line in found.lines:
        present = line.present
        for one in line.targets:
            counted = len(one.cases.done) + len(one.cases.waited) + sum(one.cases.left_out.values())
            assert counted >= present.kept + present.broken
