"""What may go wrong while a desk is judged: batches broken off, deadlines to the microsecond, another policy."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from attrs import evolve

from slarules.model.event import Event
from slarules.spark.desk import Desk
from slarules.spark.order import NeedsPosition
from slarules.spark.watching import KEPT, OutOfStream, Watch
from tests.engine import small
from tests.same.trying import random_cases
from tests.spark.test_desk import HOUR, OPENED, POLICY, STARTED, Played, as_one_judging, desk, kept, states

SHORTER = POLICY.replace("acknowledge within 2 hours", "acknowledge within 1 hour")
READ = """
reading how_long "How long?"
  option long:  2 hours
  option short: 1 hour
  adopt long because "so it is"

duty answer
  when request opened
  Desk must acknowledge within as read in how_long
  performed when request acknowledged
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_that_breaks_off_leaves_all_as_it_was(seed: int) -> None:
    """Spark tries it again from the last checkpoint: what is then told is the same."""
    rng = random.Random(seed)
    for case, _ in random_cases(seed, 6, 2):
        played = Played(Watch(case.contract, case.readings, case.supplied, case.precision, True, (), ()))
        horizon = start = 0
        while start < len(case.events):
            batch = case.events[start : start + rng.choice([1, 3, 10])]
            start += len(batch)
            before = {name: dict(shelf) for name, shelf in played.shelves.items()}
            rows = [kept(event, len(played.log) + n) for n, event in enumerate(batch)]
            broken = Desk(played.watch, played.shelves, played.timers.add).came(rows, horizon)
            for _ in range(rng.choice([0, 1, 2])):
                next(broken, None)
            del broken
            if {name: dict(shelf) for name, shelf in played.shelves.items()} != before:  # it came to its end after all
                for name, shelf in played.shelves.items():
                    shelf.clear()
                    shelf.update(before[name])
            played.take(batch, horizon)
            as_one_judging(played, horizon)
            horizon = max(horizon, max(event.at for event in batch) // 1000 * 1000)
        played.take([], horizon)
        as_one_judging(played, horizon)


@pytest.mark.parametrize(("off", "state"), [(-1, "breached"), (0, "breached"), (1, "pending"), (1000, "pending")])
def test_at_a_deadline_and_a_microsecond_beside_it(off: int, state: str) -> None:
    """A watermark is of whole milliseconds; a deadline that it has reached is past (R1), one beyond it is not."""
    played = desk(STARTED)
    opened = evolve(OPENED, at=OPENED.at + off)
    played.take([opened], OPENED.at + HOUR)
    played.take([], OPENED.at + 2 * HOUR)
    as_one_judging(played, OPENED.at + 2 * HOUR)
    assert played.told[next(name for name in played.told if "T1" in name)]["state"] == state
    played.take([], OPENED.at + 2 * HOUR + 1000)
    as_one_judging(played, OPENED.at + 2 * HOUR + 1000)


@pytest.mark.parametrize(("off", "state"), [(-1, "met"), (0, "met"), (1, "breached")])
def test_a_late_event_at_a_deadline_and_a_microsecond_beside_it(off: int, state: str) -> None:
    played = desk(STARTED)
    due = OPENED.at + 2 * HOUR
    played.take([OPENED], due + 5 * HOUR)
    assert played.told[next(name for name in played.told if "T1" in name)]["state"] == "breached"
    played.take([Event("k", "T1", "acknowledged", due + off, "Desk")], due + 5 * HOUR)
    as_one_judging(played, due + 5 * HOUR)
    assert played.told[next(name for name in played.told if "T1" in name)]["state"] == state


def test_the_earlier_in_the_log_stands_though_it_comes_later() -> None:
    """R32; also where it is told ahead: what stood before it came stands no more."""
    played = desk(STARTED)
    answered = small.event("k", "acknowledged", "2026-03-02 09:00")
    shelves, now = played.shelves, OPENED.at + HOUR + HOUR // 2
    first = [kept(OPENED, 1), kept(answered, 9)]
    told = [one.asDict() for one in Desk(played.watch, shelves, played.timers.add).came(first, now)]
    assert ("T1", "answer", "met", 1) in states(told)
    ahead = evolve(answered, subject="T2", at=now + HOUR)
    told = [one.asDict() for one in Desk(played.watch, shelves, played.timers.add).came([kept(ahead, 5)], now)]
    assert states(told) == [("T1", "answer", "pending", 2)]


def test_an_event_without_its_place_in_the_log_is_refused() -> None:
    """Put before all others, it would stand where another one should (R32)."""
    played = desk(STARTED)
    subject, row = kept(OPENED, 1)
    placeless = tuple(None if name == "place" else cell for name, cell in zip(KEPT.names, row, strict=True))
    with pytest.raises(NeedsPosition, match="the event `o` has no place in the log, and each event must have one"):
        list(Desk(played.watch, played.shelves, played.timers.add).came([(subject, placeless)], OPENED.at))
    assert not played.shelves["subjects"]


def go_on(played: Played, **changes: Any) -> None:
    """The query is started again, by another policy or reading."""
    played.watch = evolve(played.watch, **changes)


def test_by_another_policy_all_is_judged_again() -> None:
    now = OPENED.at + HOUR + HOUR // 2
    played = desk()
    go_on(played, judged_by="first")
    played.take([STARTED, OPENED, small.event("p", "opened", "2026-03-02 09:00", "Client", "T2")], now)
    assert {one["state"] for one in played.standing() if one["duty"] == "answer"} == {"pending"}
    go_on(played, contract=small.contract(SHORTER), judged_by="second")
    told = played.take([small.event("q", "opened", "2026-03-02 09:10", "Client", "T3")], now)
    assert states(told) == [
        ("T1", "answer", "breached", 2),
        ("T2", "answer", "pending", 2),
        ("T3", "answer", "pending", 1),
    ]
    as_one_judging(played, now)
    played.take([], now + 5 * HOUR)
    as_one_judging(played, now + 5 * HOUR)


def test_by_another_policy_other_events_may_bear_on_others() -> None:
    """No rule asked for what is left of the allowance; the amended policy does."""
    asks_for_none = POLICY.replace("  if pot is less than 2 hours\n", "")
    bought = small.event("a2", "hours_purchased", "2026-03-02 07:00", "Client", "A1", hours=3)
    updated = small.event("u", "updated", "2026-03-02 09:30", "Client", "T2")
    other = small.event("p", "opened", "2026-03-02 09:00", "Client", "T2")
    worked = small.event("w", "worked", "2026-03-02 09:10", "Desk", hours=2)
    now = OPENED.at + 9 * HOUR
    played = desk()
    go_on(played, contract=small.contract(asks_for_none), judged_by="first")
    played.take([STARTED, bought, OPENED, other, worked, updated], now)
    go_on(played, contract=small.contract(POLICY), judged_by="second")
    played.take([], now + HOUR)  # nobody is due: with the next event all are judged
    played.take([small.event("w2", "worked", "2026-03-02 09:20", "Desk", "T3", hours=1)], now + HOUR)
    as_one_judging(played, now + HOUR)


def test_by_another_reading_all_is_judged_again() -> None:
    now = OPENED.at + HOUR + HOUR // 2
    played = Played(Watch(small.contract(READ), {}, {}, 0, True, (), (), "long"))
    assert states(played.take([OPENED], now)) == [("T1", "answer", "pending", 1)]
    go_on(played, readings={"how_long": "short"}, judged_by="short")
    nobody = small.event("h", "updated", "2026-03-02 09:00", "Client", "H")
    assert states(played.take([nobody], now)) == [("T1", "answer", "breached", 2)]
    as_one_judging(played, now)


def test_a_desk_that_another_version_kept_is_refused() -> None:
    played = desk(STARTED)
    played.take([OPENED], OPENED.at)
    text = json.loads(played.shelves["whole"]["desk"])
    played.shelves["whole"]["desk"] = json.dumps({name: text[name] for name in ("near", "turn", "known")})
    with pytest.raises(OutOfStream, match="another version of slarules has kept this desk: begin a new checkpoint"):
        played.take([], OPENED.at + HOUR)
