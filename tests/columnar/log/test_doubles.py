"""What a log has twice, word for word, is left out in columns; what it says otherwise is for the reference engine."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from slarules.columnar.judging import evaluation_of, judge
from slarules.columnar.log.coding import coded_log
from slarules.columnar.log.columns import table_of
from slarules.columnar.log.doubles import doubles_in
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from tests.columnar.larger import many_requests
from tests.laws.histories import START, trak

AS_OF = START + 40 * 86_400_000_000
FIRST = Event("e1", "T1", "opened", START, "Customer", {"severity": 1})
LATER = Event("e2", "T1", "acknowledged", START + 60, "Trak", sequence=4)
OTHERWISE = st.sampled_from([
    {}, {}, {"at": START + 7}, {"type": "updated"}, {"actor": None}, {"facts": {"severity": 2}}, {"source": "mail"},
    {"sequence": 9}, {"recorded_at": START + 10**12}, {"subject": "another"},
])  # fmt: skip
"""What an event says otherwise when it comes again."""


@settings(max_examples=25)
@given(many_requests(), st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), OTHERWISE), max_size=6))
def test_a_log_with_events_twice_is_judged_as_by_the_reference_engine(
    log: list[Event], again: list[tuple[int, int, dict[str, Any]]]
) -> None:
    for which, where, otherwise in again if log else ():
        log.insert(where % (len(log) + 1), evolve(log[which % len(log)], **otherwise))
    assert evaluation_of(judge(trak(), None, table_of(log), AS_OF), trak()) == evaluate(trak(), None, log, AS_OF)


def test_a_log_that_is_given_twice_needs_no_reference_engine() -> None:
    found = judge(trak(), None, table_of([FIRST, LATER] * 2), AS_OF)
    assert found.subjects.column("engine").to_pylist() == ["columnar"]
    assert [(one.code, one.event) for one in found.findings] == [("duplicate", "e1"), ("duplicate", "e2")]


def test_what_is_said_again_and_what_otherwise() -> None:
    log = [
        FIRST, LATER, FIRST, evolve(LATER, sequence=5), LATER, evolve(FIRST, source="mail"),
        evolve(FIRST, subject="T2"), evolve(LATER, id="e3"), evolve(LATER, id="e3"),
    ]  # fmt: skip
    found = doubles_in(coded_log(table_of(log)))
    assert found.again.tolist() == [8]
    assert found.disputed.tolist() == [0, 1, 2, 3, 4, 6]  # all rows of an id of which one differs
