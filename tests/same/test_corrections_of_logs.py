"""Corrections as logs write them: the time as text, and what no event can have is told, by every engine alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from tests.same.cases import Case, contract_of
from tests.same.comparing import differences
from tests.same.implementations import IMPLEMENTATIONS, reference

AT = 1_772_463_600_000_000  # 2026-03-02T15:00:00Z
MINUTE = 60_000_000
POLICY = """slarules 1

contract Corrected "corrected"
  provider Desk
  customer Client
  zone UTC

duty answer
  when ticket opened
  Desk must respond within 10 minutes
"""
OPENED = (
    Event("1", "T1", "opened", AT, "Client"),
    Event("2", "T1", "responded", AT + 30 * MINUTE, "Desk"),
    Event("3", "T2", "opened", AT, "Client"),
)


@pytest.fixture(scope="module")
def contract() -> Contract:
    found, wrong = contract_of(POLICY)
    assert found is not None, wrong
    return found


def judged(contract: Contract, *more: Event) -> tuple[str, list[str]]:
    """How T1 was answered, and what is told of corrections; every engine says the same."""
    case = Case("corrected", POLICY, contract, (*OPENED, *more), AT + 600 * MINUTE)
    for name, implementation in IMPLEMENTATIONS.items():
        assert differences(reference(case), implementation(case)) == [], name
    found = evaluate(contract, None, [*OPENED, *more], AT + 600 * MINUTE)
    (state,) = [one.state for one in found.verdicts if one.subject == "T1"]
    return state, [f"{one.event} {one.message}" for one in found.findings if one.code == "impossible"]


def correction(name: str = "c1", target: str = "2", **facts: Any) -> Event:
    return Event(name, "T1", "corrected", AT + 60 * MINUTE, "Desk", facts, target=target)


@pytest.mark.parametrize(
    "at",
    [
        "2026-03-02T15:05:00Z", "2026-03-02T16:05:00+01:00", "2026-03-02 15:05Z", "2026-03-02t15:04:59.5z",
        "2026-03-02T15:05:00,123456-0000", AT + 5 * MINUTE,
    ],
)
def test_a_correction_says_when_it_was(at: str | int, contract: Contract) -> None:
    assert judged(contract)[0] != "met"
    assert judged(contract, correction(at=at)) == ("met", [])


@pytest.mark.parametrize(
    "at",
    [
        "", "soon", "2026-03-02", "2026-03-02T15:05:00", "2026-03-02T15:05:60Z", "2026-03-02T24:00:00Z",
        "2026-02-30T15:05:00Z", "2026-03-02T15:05:00.1234567Z", "2026-03-02T15:05:00+24:00", "1969-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", str(AT), None, True, 17, -5, AT // 1_000, AT * 1_000,
        10**30, Decimal("1.5"), Decimal(AT), ("2026-03-02T15:05:00Z",),
    ],
)
def test_what_is_no_time_corrects_nothing(at: Any, contract: Contract) -> None:
    """Not half of it either: who did it stays what it was, too."""
    said = "a time with its offset is wanted: nothing to change"
    state, told = judged(contract, correction(at=at, actor="Client"))
    assert state == judged(contract)[0]
    assert len(told) == 1 and told[0].startswith("c1 `at` cannot be `") and told[0].endswith(said)


@pytest.mark.parametrize("name", ["type", "actor", "subject"])
@pytest.mark.parametrize("value", ["", "\u2003", 5, True, None, Decimal("1.5"), ("T2",)])
def test_what_is_no_name_corrects_nothing(name: str, value: Any, contract: Contract) -> None:
    state, told = judged(contract, correction(**{name: value}))
    if name == "actor" and value is None:
        assert told == []  # who did it is not known
        return
    assert state == judged(contract)[0]
    assert told == [f"c1 `{name}` cannot be `{value}`, a name is wanted: nothing to change"]


def test_a_correction_that_is_corrected_is_read_as_it_then_says(contract: Contract) -> None:
    wrong, right = correction(at="soon"), correction("c2", "c1", at="2026-03-02T15:05:00Z")
    assert judged(contract, wrong, right) == judged(contract, right, wrong) == ("met", [])
    _, told = judged(contract, correction(at="2026-03-02T15:05:00Z"), correction("c2", "c1", at="soon"))
    assert [one.split()[0] for one in told] == ["c2"]
    retracted = Event("r", "T1", "retracted", AT + 70 * MINUTE, "Desk", target="c1")
    assert judged(contract, wrong, retracted)[1] == []


def test_they_are_told_in_the_order_of_what_changes_nothing(contract: Contract) -> None:
    several = (
        correction("c1", at="soon"), correction("c2", "nothing"), correction("c3", "3", subject=5),
        Event("c4", "T2", "corrected", AT + 60 * MINUTE, "Desk", {"type": ""}, target="3"), correction("c5", "none"),
    )
    _, told = judged(contract, *several)
    assert [one.split()[0] for one in told] == ["c5", "c4", "c3", "c2", "c1"]
