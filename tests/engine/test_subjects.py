"""What a subject is, and under which agreement it stands: told by what has happened (R2), in the order of R12."""

from __future__ import annotations

from itertools import permutations

import pytest
from attrs import evolve

from slarules.columnar.judging import judge
from slarules.columnar.log.columns import table_of
from slarules.engine.batches import alone
from slarules.engine.evaluate import evaluate, verdicts_on
from slarules.engine.ongoing import follow, verdicts_after, verdicts_at
from slarules.model.event import Event
from slarules.model.verdict import Evaluation
from tests.engine.small import at, contract, event

RULES = """
duty answer
  when request opened
  Desk must respond within 4 hours
"""
OPENED = event("t1", "opened", "2026-03-02 09:00", "Client")
EARLY = at("2026-03-02 10:00")
LATE = at("2026-03-20 10:00")


def seen(events: list[Event], as_of: int) -> Evaluation:
    return evaluate(contract(RULES), None, events, as_of)


def codes(evaluation: Evaluation) -> list[tuple[str, str]]:
    return [(found.event, found.code) for found in evaluation.findings]


def test_an_agreement_of_which_nothing_has_happened_is_nobodys() -> None:
    """R2: that it will start cannot be known yet."""
    later = event("a1", "started", "2026-03-10 09:00", "Client", "A1")
    assert [v.agreement for v in seen([OPENED, later], EARLY).verdicts] == [None]
    assert seen([OPENED, later], EARLY).verdicts == seen([OPENED], EARLY).verdicts
    assert [v.agreement for v in seen([OPENED, later], LATE).verdicts] == ["A1"]


def test_a_second_agreement_is_none_before_it_begins() -> None:
    """R2: until then there is but one, and it is the ticket's."""
    first = event("a1", "started", "2026-03-01 09:00", "Client", "A1")
    second = event("b1", "started", "2026-03-10 09:00", "Client", "B1")
    assert [(v.agreement, v.state) for v in seen([first, second, OPENED], EARLY).verdicts] == [("A1", "pending")]
    assert [v.agreement for v in seen([first, second, OPENED], LATE).verdicts] == [None]


def test_what_names_its_agreement_later_names_none_before() -> None:
    """R2."""
    starts = [event(f"{a}1", "started", "2026-03-01 09:00", "Client", a) for a in ("A1", "B1")]
    named = evolve(event("t2", "updated", "2026-03-10 09:00"), agreement="A1")
    assert [v.agreement for v in seen([*starts, named, OPENED], EARLY).verdicts] == [None]
    assert [v.agreement for v in seen([*starts, named, OPENED], LATE).verdicts] == ["A1"]


def test_a_correction_that_dates_the_start_back_makes_it_known() -> None:
    """R3: the log as it stands counts, not when it was written."""
    later = event("a1", "started", "2026-03-10 09:00", "Client", "A1")
    back = Event("a2", "A1", "corrected", LATE, None, {"at": at("2026-03-01 09:00")}, target="a1")
    assert [v.agreement for v in seen([OPENED, later, back], EARLY).verdicts] == ["A1"]


def test_one_followed_through_the_start_of_its_agreement() -> None:
    """R2, event by event and by time alone: as from the beginning."""
    later = event("a1", "started", "2026-03-10 09:00", "Client", "A1")
    fixed = event("t2", "updated", "2026-03-12 09:00")
    terms = contract(RULES)
    followed = follow(terms, None, "T1", [OPENED, later])
    for as_of in (EARLY, LATE, EARLY):
        assert verdicts_at(followed, as_of) == verdicts_on(terms, None, [OPENED, later], as_of, "T1")
    assert verdicts_after(followed, fixed) == verdicts_on(terms, None, [OPENED, later, fixed], fixed.at, "T1")


# ---- Contradictions (R12) -------------------------------------------------------------------------------------------

SAID = [
    OPENED,
    evolve(event("t2", "updated", "2026-03-03 09:00"), kind="agreement"),
    event("t3", "responded", "2026-03-04 09:00"),
    event("x1", "opened", "2026-03-05 09:00", "Client", "T2"),
]


@pytest.mark.parametrize("order", range(24))
def test_what_it_is_does_not_hang_on_the_order_of_arrival(order: int) -> None:
    """R12: the first of its events that says what it is says so, whenever it arrived."""
    arrived = list(list(permutations(SAID))[order])
    evaluation = seen(arrived, LATE)
    assert [(v.subject, v.label, v.agreement) for v in evaluation.verdicts] == [
        ("T1", "answer#1", None),
        ("T2", "answer#1", None),
    ]
    assert codes(evaluation) == [("t2", "kind_disputed")]
    assert evaluation.findings[0].message == (
        "`T1` is said to be a ticket, and here an agreement: what its first event says counts (R12)"
    )


def test_of_one_instant_the_order_of_r12_tells() -> None:
    sources = [evolve(OPENED, source="web"), evolve(SAID[1], at=OPENED.at, source="desk")]
    for events in (sources, sources[::-1]):
        assert [v.label for v in seen(events, LATE).verdicts] == []
        assert ("t1", "kind_disputed") in codes(seen(events, LATE))


def test_a_kind_that_the_contract_does_not_know_is_told() -> None:
    """Else its verdicts would be missing, and nobody would hear of it."""
    strange = evolve(OPENED, kind="banana")
    evaluation = seen([strange], LATE)
    assert evaluation.verdicts == () and codes(evaluation) == [("t1", "unknown_kind")]
    assert evaluation.findings[0].message == "the contract knows no kind `banana`: no rule of it is about `T1`"
    by_columns = judge(contract(RULES), None, table_of([strange]), LATE)
    assert by_columns.findings == evaluation.findings


def test_no_finding_where_all_say_the_same() -> None:
    same = [OPENED, evolve(SAID[1], kind="ticket"), SAID[2], event("r1", "recorded", "2026-03-05 09:00")]
    assert codes(seen(same, LATE)) == []


def test_under_which_agreement_does_not_hang_on_the_order_of_arrival() -> None:
    """R12: the first of its events that names one counts; another is told."""
    starts = [event(f"{a}1", "started", "2026-03-01 09:00", "Client", a) for a in ("A1", "B1")]
    first, other = evolve(OPENED, agreement="B1"), evolve(SAID[2], agreement="A1")
    for events in ([*starts, first, other], [other, *starts, first]):
        evaluation = seen(events, LATE)
        assert [v.agreement for v in evaluation.verdicts] == ["B1"]
        assert codes(evaluation) == [("t3", "agreement_disputed")]
        assert evaluation.findings[0].message == (
            "`T1` is said to stand under `B1`, and here under `A1`: what the first event to name one says counts (R12)"
        )


def test_a_disputed_agreement_is_needed_by_all_that_stand_under_it() -> None:
    """What judging one subject needs holds also what might be its agreement."""
    started = event("a1", "started", "2026-03-01 09:00", "Client", "A1")
    ticket_too = evolve(event("a2", "opened", "2026-03-05 09:00", "Client", "A1"))
    log = [started, ticket_too, OPENED]
    terms = contract(RULES)
    assert verdicts_on(terms, None, alone(terms, log, "T1"), LATE, "T1") == verdicts_on(terms, None, log, LATE, "T1")
    assert [v.agreement for v in seen(log, LATE).verdicts] == ["A1"]


def test_an_agreement_that_has_not_begun_is_not_known_to_the_log() -> None:
    """R2: what is found odd is found as of the instant as well."""
    starts = [event("a1", "started", "2026-03-01 09:00", "Client", "A1")]
    later = event("b1", "started", "2026-03-10 09:00", "Client", "B1")
    named = evolve(OPENED, agreement="B1")
    assert codes(seen([*starts, named], EARLY)) == [("t1", "unknown_agreement")]
    assert codes(seen([*starts, named, later], EARLY)) == [("t1", "unknown_agreement")]
    assert codes(seen([*starts, named, later], LATE)) == []


AGAIN = """
duty again
  when request resolved
  Client must resolve request within 48 hours
  on reopening begin again
"""


def test_events_of_one_id_from_two_sources_are_both_named() -> None:
    """R32: an id is that of its source."""
    log = [
        event("e0", "opened", "2026-03-02 08:00", "Client"),
        event("e1", "resolved", "2026-03-02 09:00"),
        event("e2", "reopened", "2026-03-02 10:00", "Client"),
        evolve(event("e1", "resolved", "2026-03-02 11:00", "Client"), source="mail"),
    ]
    terms, as_of = contract(AGAIN), at("2026-03-02 12:00")
    found = evaluate(terms, None, log, as_of)
    assert [one.events for one in found.verdicts] == [("e1", "e1"), ("e1",)]
    assert judge(terms, None, table_of(log), as_of).verdicts.column("events").to_pylist() == [["e1", "e1"], ["e1"]]
