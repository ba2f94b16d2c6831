"""A log judged in stretches of any length says the same, and takes its tickets in order."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.columnar import stretches
from slarules.columnar.begun import begin
from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.columns import table_of
from slarules.columnar.stretches import stretches_of
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.readers import read_events
from tests.columnar.larger import many_requests
from tests.laws.histories import START, trak
from tests.same.cases import contract_of

DAY = 86_400_000_000
YEAR = Path(__file__).parents[2] / "examples" / "trak" / "events.jsonl"


@cache
def year() -> list[Event]:
    """The example year, in no order."""
    log = list(read_events(str(YEAR)).events())
    random.Random(5).shuffle(log)
    return log


@pytest.fixture(autouse=True)
def _as_short_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "SHARED", 0)


@settings(max_examples=25)
@given(many_requests(), st.integers(1, 40))
def test_tickets_that_hang_together_are_judged_alike_in_stretches_of_any_length(log: list[Event], events: int) -> None:
    contract = trak()
    found = judge(contract, None, table_of(log), START + 40 * DAY, stretch=events)
    assert evaluation_of(found, contract) == evaluate(contract, None, log, START + 40 * DAY)


@pytest.mark.parametrize("events", [90, 700])
def test_a_year_is_judged_alike_in_stretches_of_any_length(events: int) -> None:
    contract, as_of = trak(), max(event.at for event in year())
    found, wanted = (judge(contract, None, table_of(year()), as_of, stretch=n) for n in (events, 1 << 17))
    assert found.verdicts.to_pylist() == wanted.verdicts.to_pylist()
    assert found.versions.equals(wanted.versions)
    assert found.subjects.to_pylist() == wanted.subjects.to_pylist()
    assert (found.findings, found.next_change_at) == (wanted.findings, wanted.next_change_at)


def test_every_subject_is_in_one_stretch_and_they_come_in_order() -> None:
    log, as_of = year(), max(event.at for event in year())
    found = list(stretches_of(begin(trak(), None, table_of(log), as_of), 200))
    assert len(found) > 8
    names = [name for stretch in found for name in stretch.subjects["subject"].to_pylist()]
    assert names == sorted({event.subject for event in log})
    assert sum(stretch.events for stretch in found) == len(log)
    assert sum(stretch.many for stretch in found) == len(names)
    assert max(stretch.events for stretch in found) < 200 + max(Counter(event.subject for event in log).values())
    assert sum(stretch.verdicts.num_rows for stretch in found) > 4 * max(stretch.verdicts.num_rows for stretch in found)


def test_a_stretch_is_longer_where_each_needs_many_other_events(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(trak(), None, table_of(year()), max(event.at for event in year()))
    assert len(begun.shared) > 0
    short = len(list(stretches_of(begun, 50)))
    monkeypatch.setattr(stretches, "SHARED", 200)
    assert stretches.SHARED * len(begun.shared) > 50
    assert len(list(stretches_of(begun, 50))) < short


def test_findings_on_two_events_of_one_id_stand_where_the_event_is_that_they_are_on() -> None:
    log = [
        Event("T1-0", "T1", "opened", START, "Customer", {"severity": 2}),
        Event("T2-0", "T2", "sneezed", START + 60_000_000),
        Event("T1-0", "T1", "acknowledged", START + 120_000_000, "Trak", {"weather": "fine"}, source="mail"),
    ]
    contract, as_of = trak(), START + DAY
    wanted = evaluate(contract, None, log, as_of).findings
    assert [f.code for f in wanted] == ["unknown_type", "unknown_fact"]
    assert judge(contract, None, table_of(log), as_of).findings == wanted
    alike = [evolve(event, facts={"weather": "fine"}, type="sneezed") for event in log]
    wanted = evaluate(contract, None, alike, as_of).findings
    assert [f.subject for f in wanted] == ["T1", "T2", "T1"]
    assert judge(contract, None, table_of(alike), as_of).findings == wanted


def test_a_finding_stands_where_the_event_is_of_which_it_is_told_alone() -> None:
    text = (
        'slarules 1\n\ncontract C "c"\n  provider Desk "the desk"\n  customer Client "the client"\n\n'
        'fact sound of ticket: yes or no judged by Desk "it is sound"\n\n'
        "duty respond\n  Desk must respond to Client within 2 hours\n"
    )
    contract, wrong = contract_of(text)
    assert contract is not None
    assert not wrong
    log = [
        Event("T1-9", "T1", "opened", START - 60_000_000, "Client"),
        Event("T1-0", "T1", "recorded", START, "Desk", {"sound": True}),
        Event("T2-0", "T2", "sneezed", START + 60_000_000),
        Event("T1-0", "T1", "recorded", START + 120_000_000, "Client", {"sound": False}, source="mail"),
    ]
    wanted = evaluate(contract, None, log, START + DAY).findings
    assert [f.code for f in wanted] == ["unknown_type", "not_entitled"]
    assert judge(contract, None, table_of(log), START + DAY).findings == wanted
