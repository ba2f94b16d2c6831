"""A desk judged together as its events come: at every watermark what is told is what one judging of all events says."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from slarules.columnar.verdicts.rows import row
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.readers.columns.facts import written
from slarules.spark import desk as desks
from slarules.spark.desk import Desk
from slarules.spark.keeping import SHELVES
from slarules.spark.order import NeedsPosition
from slarules.spark.schema import VERDICTS
from slarules.spark.watching import KEPT, RUNNING, Watch
from tests.engine import small
from tests.same import corpus
from tests.same.cases import Case
from tests.same.trying import random_cases

EVERY = bool(os.environ.get("SLARULES_SAME_TICKETS"))
"""Every scenario of every policy, and many random logs; else those of what bears on others, and a few."""
SEEDS = range(200 if EVERY else 8)
RULES = [*corpus.ROOT.glob("tests/rules/**/*.sla")]
BEARING = ("r03", "r20", "r21", "r32", "r34", "hours", "seats", "rights_in_time", "term.", "elections", "payments")
HOUR = 3_600_000_000


class Memory(dict[str, str]):
    """A shelf without Spark."""

    def put(self, name: str, text: str) -> None:
        self[name] = text

    def remove(self, name: str) -> None:
        del self[name]


@define
class Played:
    """A desk to which events come, and all that it told last."""

    watch: Watch
    shelves: dict[str, Memory] = field(factory=lambda: {name: Memory() for name in SHELVES})
    timers: set[int] = field(factory=set)
    told: dict[str, dict[str, Any]] = field(factory=dict)
    log: list[Event] = field(factory=list)

    def take(self, events: Sequence[Event], horizon: int) -> list[dict[str, Any]]:
        """What is told of these events, and of the time until then; each revision is the next."""
        rows = [kept(event, len(self.log) + n) for n, event in enumerate(events)]
        self.log += events
        desk = Desk(self.watch, self.shelves, self.timers.add)
        found = [one.asDict() for one in desk.came(rows, horizon)] if rows else []
        for timer in sorted(self.timers):
            if timer * 1000 <= horizon:
                self.timers.discard(timer)
                found += [one.asDict() for one in desk.fell_due(horizon)]
        for one in found:
            before = self.told.get(one["identity"], {"revision": 0})
            assert one["revision"] == before["revision"] + 1
            assert one["as_of"] == horizon
            self.told[one["identity"]] = one
        return found

    def standing(self) -> list[dict[str, Any]]:
        """What was told last, in the order of an evaluation."""
        found = [{name: one[name] for name in VERDICTS.names} for one in self.told.values() if not one["gone"]]
        return sorted(found, key=place)


def kept(event: Event, number: int) -> tuple[str, tuple[Any, ...]]:
    """An event as it comes out of Spark."""
    own = {name: getattr(event, name) for name in KEPT.names if name not in ("place", "columns", "facts")}
    own |= {"facts": written(event.facts) if event.facts else None, "place": number}
    return event.subject, tuple(own.get(name) for name in KEPT.names)


def place(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["subject"], one["rule"], one["duty"], one["number"]


def as_one_judging(played: Played, horizon: int) -> None:
    """But for what runs on while something is owed."""
    watch = played.watch
    log = [*watch.known, *played.log]
    wanted = evaluate(
        watch.contract, watch.readings, log, horizon, supplied=watch.supplied, precision=watch.precision
    )
    rows = sorted((row(verdict, wanted.readings) for verdict in wanted.verdicts), key=place)
    seen = played.standing()
    assert [place(one) for one in seen] == [place(one) for one in rows]
    for one, other in zip(seen, rows, strict=True):
        runs = RUNNING if other["owed"] is not False else ()
        assert {n: v for n, v in one.items() if n not in runs} == {n: other[n] for n in one if n not in runs}


def follow(case: Case, rng: random.Random) -> None:
    """The case's log in batches, each judged as of the watermark, and at last as of the case's instant."""
    played = Played(Watch(case.contract, case.readings, case.supplied, case.precision, True, (), ()))
    horizon = top = start = 0
    delay = rng.choice([0, 0, HOUR // 60, 24 * HOUR])
    while start < len(case.events):
        batch = case.events[start : start + rng.choice([1, 2, 5, 20, 100])]
        start += len(batch)
        played.take(batch, horizon)
        as_one_judging(played, horizon)
        top = max([top, *(event.at for event in batch)])
        horizon = max(horizon, (top - delay) // 1000 * 1000)
    for last in (horizon, max(horizon, case.as_of // 1000 * 1000)):
        played.take([], last)
        as_one_judging(played, last)


def last_of_each(cases: Iterable[Case]) -> Iterator[Case]:
    """A scenario as of its last instant."""
    yield from {case.name: case for case in cases}.values()


@pytest.mark.parametrize("seed", SEEDS)
def test_of_random_logs(seed: int) -> None:
    rng = random.Random(seed)
    for case, _ in random_cases(seed, 12, 2):
        follow(case, rng)


@pytest.mark.parametrize("path", [p for p in RULES if EVERY or p.name.startswith(BEARING)], ids=lambda p: p.stem)
def test_of_the_corpus(path: Path) -> None:
    for number, case in enumerate(last_of_each(corpus.scenarios_within([path]))):
        follow(case, random.Random(number))


@pytest.mark.parametrize("path", corpus.CONTRACTS, ids=lambda p: p.parent.name)
def test_of_the_four_contracts(path: Path) -> None:
    for number, case in enumerate(islice(last_of_each(corpus.scenarios([path])), 0, None, 1 if EVERY else 12)):
        follow(case, random.Random(number))


# ---- What bears on others, case by case ---------------------------------------------------------------------------

POLICY = """
event worked of request act work

severities 1, 2

status support of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down

allowance pot of Client in hours
  increases on hours_purchased by hours
  decreases on worked by hours

duty answer
  when request opened
  if support is active
  Desk must acknowledge within 2 hours
  performed when request acknowledged
  on severity change keep the deadline
  on reopening change nothing

duty warn
  when request updated
  if pot is less than 2 hours
  Desk must notify Client within 2 hours

duty report
  when agreement started
  Desk must invoice within 3 hours
"""
STARTED = small.event("a1", "started", "2026-03-02 07:00", "Desk", "A1")
BOUGHT = small.event("a2", "hours_purchased", "2026-03-02 07:00", "Client", "A1", hours=3)
OPENED = small.event("o", "opened", "2026-03-02 08:00", "Client", severity="1")
AT = small.at("2026-03-02 11:00")


def desk(*known: Event, in_log_order: bool = True) -> Played:
    return Played(Watch(small.contract(POLICY), {}, {}, 0, in_log_order, known, ()))


def states(told: list[dict[str, Any]]) -> list[tuple[str, str, str | None, int]]:
    return sorted((one["subject"], one["duty"], one["state"], one["revision"]) for one in told)


def test_agreements_come_in_the_stream_and_are_judged_themselves() -> None:
    played = desk()
    assert states(played.take([STARTED, OPENED], STARTED.at)) == [("A1", "report", "pending", 1)]
    assert states(played.take([], OPENED.at)) == [("T1", "answer", "pending", 1)]
    assert states(played.take([], STARTED.at + 3 * HOUR)) == [
        ("A1", "report", "breached", 2),
        ("T1", "answer", "breached", 2),
    ]
    assert played.take([], AT + 9000 * HOUR) == []


def test_an_agreement_that_comes_late_changes_what_its_tickets_were_told() -> None:
    played = desk()
    assert [one["state"] for one in played.take([OPENED], AT)] == ["undetermined"]
    assert states(played.take([STARTED], AT)) == [("A1", "report", "breached", 1), ("T1", "answer", "breached", 2)]
    as_one_judging(played, AT)


def test_what_one_ticket_draws_another_is_judged_by() -> None:
    played = desk(STARTED, BOUGHT)
    other = small.event("p", "opened", "2026-03-02 09:20", "Client", "T2", severity="1")
    updated = small.event("u", "updated", "2026-03-02 09:30", "Client", "T2")
    told = played.take([OPENED, other, updated], AT)
    assert {one["duty"] for one in told if one["subject"] == "T2"} == {"answer"}
    worked = small.event("w", "worked", "2026-03-02 09:00", "Desk", hours=2)
    assert states(played.take([worked], AT)) == [("T2", "warn", "pending", 1)]
    as_one_judging(played, AT)


def test_a_correction_reaches_another_ticket_and_moves_its_event() -> None:
    played = desk(STARTED)
    answered = small.event("k", "acknowledged", "2026-03-02 09:00", subject="T2")
    played.take([OPENED, answered], AT)
    moved = Event("c", "T3", "corrected", AT, facts={"subject": "T1"}, target="k")
    assert states(played.take([moved], AT)) == [("T1", "answer", "met", 2)]
    back = Event("r", "T4", "retracted", AT, target="c")
    assert states(played.take([back], AT)) == [("T1", "answer", "breached", 3)]
    as_one_judging(played, AT)


def test_an_id_of_two_tickets_is_disputed() -> None:
    played = desk(STARTED)
    first = small.event("k", "acknowledged", "2026-03-02 09:00", subject="T2")
    again = small.event("k", "acknowledged", "2026-03-02 09:00")
    played.take([OPENED, first], AT)
    assert played.take([again], AT) == []  # the earlier in the log stands (R32)
    as_one_judging(played, AT)
    other = desk(STARTED, in_log_order=False)
    with pytest.raises(NeedsPosition, match="the id `k` stands for two different events"):
        other.take([OPENED, first, again], AT)


def test_what_is_known_beforehand_and_comes_again_is_kept_once() -> None:
    played = desk(STARTED, in_log_order=False)
    assert len(played.take([OPENED], AT)) == 2
    assert played.take([STARTED, OPENED, OPENED], AT) == []
    assert [len(json.loads(played.shelves["subjects"][name])["events"]) for name in ("A1", "T1")] == [1, 1]


def test_only_those_whom_an_event_touches_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    played = desk(STARTED)
    asked: list[Any] = []

    def listening(*given: Any, **more: Any) -> Any:
        asked.append(more["only"])
        return evaluate(*given, **more)

    monkeypatch.setattr(desks, "evaluate", listening)
    played.take([OPENED, small.event("p", "opened", "2026-03-02 08:30", "Client", "T2")], AT)
    played.take([small.event("k", "acknowledged", "2026-03-02 09:00")], AT)
    assert asked == [{"A1", "T1", "T2"}, {"T1"}]
