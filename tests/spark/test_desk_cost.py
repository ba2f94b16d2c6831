"""What a batch of a desk costs: it reads, judges and writes what it touches, however much is kept beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from attrs import evolve

from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.spark import desk as desks
from slarules.spark.keeping import SHELVES
from slarules.spark.watching import Watch
from tests.engine import small
from tests.spark.test_desk import (
    AT,
    BOUGHT,
    HOUR,
    OPENED,
    POLICY,
    STARTED,
    Memory,
    Played,
    as_one_judging,
    desk,
    states,
)

ASKS_FOR_NONE = POLICY.replace(
    """duty warn
  when request updated
  if pot is less than 2 hours
  Desk must notify Client within 2 hours

""",
    "",
)
"""The allowance is told in reports, and no rule turns on it."""


class Counting(Memory):
    """A shelf that counts what is asked of it."""

    def __init__(self) -> None:
        self.read = self.put_down = 0

    def get(self, name: str, otherwise: Any = None) -> Any:
        self.read += 1
        return super().get(name, otherwise)

    def put(self, name: str, text: str) -> None:
        self.put_down += 1
        super().put(name, text)

    def items(self) -> Any:
        self.read += len(self)
        return super().items()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The subjects of each judging."""
    asked: list[set[str]] = []

    def listening(*given: Any, **more: Any) -> Any:
        asked.append(set(more["only"]))
        return evaluate(*given, **more)

    monkeypatch.setattr(desks, "evaluate", listening)
    return asked


def under(event: Event, agreement: str | None, id: str = "", subject: str = "", later: int = 0) -> Event:
    """The event of another subject, under an agreement."""
    subject = subject or event.subject
    return evolve(event, agreement=agreement, id=id or event.id, subject=subject, at=event.at + later)


def openings(count: int, first: int = 0) -> Iterator[Event]:
    """One after the other, a minute apart, under a hundred agreements."""
    for number in range(first, first + count):
        yield under(OPENED, f"A{number % 100}", f"o{number}", f"T{number}", number * 60_000_000)


def large(tickets: int) -> tuple[Played, int]:
    """A desk of so many tickets, half of them answered, and its instant."""
    played = Played(Watch(small.contract(POLICY), {}, {}, 0, True, (), ()))
    played.shelves = {name: Counting() for name in SHELVES}
    agreements = [under(STARTED, None, f"s{number}", f"A{number}") for number in range(100)]
    told = list(openings(tickets))
    done = [
        under(small.event("", "acknowledged", "2026-03-02 08:00"), None, f"k{n}", f"T{n}", (n + 5) * 60_000_000)
        for n in range(0, tickets, 2)
    ]
    horizon = OPENED.at + tickets * 60_000_000
    played.take([*agreements, *told, *done], horizon)
    return played, horizon


def costs(tickets: int) -> dict[str, tuple[int, int]]:
    """What a batch of 20 tickets opened reads and puts down, of each shelf."""
    played, horizon = large(tickets)
    shelves: Any = played.shelves
    for shelf in shelves.values():
        shelf.read = shelf.put_down = 0
    played.take(list(openings(20, tickets)), horizon + 1)
    played.take([under(OPENED, None, "hb", "HB", (tickets + 30) * 60_000_000)], horizon + 20 * 60_000_000)
    as_one_judging(played, horizon + 20 * 60_000_000)
    return {name: (shelf.read, shelf.put_down) for name, shelf in shelves.items()}


def test_a_batch_reads_and_writes_what_it_touches() -> None:
    few, many = costs(400), costs(4000)
    for name, (read, put) in many.items():
        assert read <= few[name][0] + 5 and put <= few[name][1] + 5, name


def test_an_event_of_an_agreement_touches_what_stands_under_it(judged: list[set[str]]) -> None:
    played = desk()
    other = under(STARTED, None, "b1", "A2")
    own, others = under(OPENED, "A1"), under(OPENED, "A2", "p", "T2")
    played.take([STARTED, other, own, others, under(OPENED, None, "q", "T3")], AT)
    judged.clear()
    played.take([BOUGHT], AT)
    assert judged == [{"A1", "T1"}]
    as_one_judging(played, AT)


def test_what_draws_touches_its_agreement_where_a_rule_asks_for_what_is_left(judged: list[set[str]]) -> None:
    worked = small.event("w", "worked", "2026-03-02 09:00", "Desk", hours=2)
    log = [STARTED, BOUGHT, OPENED, under(OPENED, None, "p", "T2")]
    for rules, whom in ((POLICY, {"A1", "T1", "T2"}), (ASKS_FOR_NONE, {"T1"})):
        played = Played(Watch(small.contract(rules), {}, {}, 0, True, (), ()))
        played.take(log, AT)
        judged.clear()
        played.take([worked], AT)
        assert judged == [whom]
        as_one_judging(played, AT)


def test_an_event_is_judged_when_it_has_happened(judged: list[set[str]]) -> None:
    played = desk(STARTED)
    played.take([OPENED], OPENED.at)
    judged.clear()
    answered = small.event("k", "acknowledged", "2026-03-02 09:00")
    assert played.take([answered], OPENED.at + 1000) == [] and judged == []
    assert states(played.take([], answered.at)) == [("T1", "answer", "met", 2)]
    assert judged == [{"T1"}]
    assert states(played.take([], OPENED.at + 2 * HOUR)) == [("A1", "report", "breached", 2)]
    assert judged == [{"T1"}, {"A1"}]  # the deadline that T1 had asks for nobody now


def test_an_agreements_own_deadline_touches_no_ticket(judged: list[set[str]]) -> None:
    played = desk(STARTED)
    played.take([under(OPENED, None, "p", "T2")], OPENED.at)
    judged.clear()
    assert states(played.take([], STARTED.at + 3 * HOUR)) == [
        ("A1", "report", "breached", 2),
        ("T2", "answer", "breached", 2),
    ]
    assert judged == [{"A1", "T2"}]
    judged.clear()
    later = OPENED.at + 48 * HOUR
    played.take([under(OPENED, None, "q", "T3", 48 * HOUR)], later)
    assert judged == [{"T3"}]


def test_with_a_second_agreement_a_ticket_that_names_none_stands_under_none(judged: list[set[str]]) -> None:
    played = desk()
    played.take([STARTED, under(OPENED, None), under(OPENED, "A1", "p", "T2")], AT)
    judged.clear()
    second = under(STARTED, None, "b1", "A2")
    told = played.take([second], AT)
    assert {"A2", "T1"} <= judged[0] and "T2" not in judged[0]
    assert [one["state"] for one in told if one["subject"] == "T1"] == ["undetermined"]
    as_one_judging(played, AT)
    judged.clear()
    told = played.take([Event("r", "A2", "retracted", AT, target="b1")], AT)
    assert [one["state"] for one in told if one["subject"] == "T1"] == ["breached"]
    as_one_judging(played, AT)
