"""Random desks of several agreements, with draws, corrections across and late events: told is what one judging says."""

from __future__ import annotations

import os
import random

import pytest
from attrs import evolve

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'slarules[spark]'")

from slarules.model.event import Event, Raw
from slarules.spark.watching import Watch
from tests.engine import small
from tests.spark.test_desk import BOUGHT, HOUR, POLICY, STARTED, Played, as_one_judging, states

SEEDS = range(600 if os.environ.get("SLARULES_SAME_TICKETS") else 40)
BEGIN = small.at("2026-03-02 08:00")
TERM = POLICY.replace("lasts 12 months rounding down", "lasts 1 day")
"""A life that soon goes on by time alone."""
SPENT = """
duty apologise
  when request updated
  while pot is less than 2 hours
  Desk must respond within 3 hours
"""
FACTS: dict[str, dict[str, Raw]] = {
    "opened": {"severity": "1"},
    "worked": {"hours": 2},
    "hours_purchased": {"hours": 3},
}
OF_TICKETS = ("opened", "updated", "updated", "updated", "acknowledged", "worked", "worked", "responded")
OF_AGREEMENTS = ("started", "hours_purchased", "hours_purchased", "terminated")


def log(rng: random.Random) -> list[Event]:
    """Events about as they come: mostly in order, some late, some told ahead, some changed by others' events."""
    agreements = [f"A{n}" for n in range(rng.choice([1, 1, 2, 2, 3]))]
    tickets = [f"T{n}" for n in range(rng.choice([3, 6]))]
    begun = [(type, name) for name in agreements for type in ("started", "hours_purchased") if rng.random() < 0.9]
    events = [
        Event(f"b{n}", name, type, BEGIN + rng.choice([-HOUR, HOUR, 20 * HOUR]), "Desk", FACTS.get(type, {}))
        for n, (type, name) in enumerate(begun)
    ]
    of: dict[str, str | None] = {name: rng.choice([None, *agreements]) for name in tickets}
    events += [
        Event(f"o{name}", name, "opened", BEGIN + rng.randrange(-4, 9) * HOUR // 4, "Client", agreement=of[name])
        for name in tickets
        if rng.random() < 0.9
    ]
    rng.shuffle(events)
    for number in range(rng.choice([15, 30])):
        at = BEGIN + number * HOUR // 3 + rng.choice([0, 0, 0, -8, -1, 9, 40]) * HOUR // 2 + rng.choice([0, 0, 1, 999])
        id = f"e{number}" if rng.random() < 0.95 else f"e{rng.randrange(number + 1)}"
        if events and rng.random() < 0.15:
            target = rng.choice(events)
            facts = {
                "subject": rng.choice([*tickets, *agreements]),
                "at": f"2026-03-02T{rng.randrange(6, 20):02}:00:00-07:00",
                "type": rng.choice([*OF_TICKETS, *OF_AGREEMENTS]),
            }
            some = {name: fact for name, fact in facts.items() if rng.random() < 0.4}
            subject = rng.choice([target.subject, rng.choice(tickets)])
            kind = "corrected" if some else "retracted"
            events.append(Event(id, subject, kind, at, "Desk", some, target=target.id))
            continue
        of_one = rng.random() < 0.15
        subject = rng.choice(agreements if of_one else tickets)
        type = rng.choice(OF_AGREEMENTS if of_one else OF_TICKETS)
        agreement = rng.choice([of[subject], of[subject], of[subject], None, "A9"]) if not of_one else None
        events.append(
            Event(id, subject, type, at, rng.choice(["Desk", "Client"]), FACTS.get(type, {}), agreement=agreement)
        )
    return events


@pytest.mark.parametrize("seed", SEEDS)
def test_of_several_agreements(seed: int) -> None:
    rng = random.Random(seed)
    rules = rng.choice([POLICY, TERM, POLICY + SPENT, TERM + SPENT])
    played = Played(Watch(small.contract(rules), {}, {}, 0, True, (), ()))
    events, start, horizon = log(rng), 0, 0
    while start < len(events):
        batch = events[start : start + rng.choice([1, 1, 2, 5])]
        start += len(batch)
        played.take(batch, horizon)
        as_one_judging(played, horizon)
        horizon = max(horizon, (max(event.at for event in batch) - rng.choice([0, 2, 10]) * HOUR) // 1000 * 1000)
    for later in (0, 3, 30, 3000):
        horizon += later * HOUR
        played.take([], horizon)
        as_one_judging(played, horizon)


# ---- Case by case ---------------------------------------------------------------------------------------------------


def begun(rules: str = POLICY) -> tuple[Played, int]:
    """Two agreements with three hours each, and under each three tickets, at nine."""
    played = Played(Watch(small.contract(rules), {}, {}, 0, True, (), ()))
    second = (evolve(STARTED, id="b1", subject="A2"), evolve(BOUGHT, id="b2", subject="A2"))
    now = small.at("2026-03-02 09:00")
    tickets = [of(f"o{n}", "opened", f"T{n}", "A1" if n < 4 else "A2", "08:00") for n in range(1, 7)]
    played.take([STARTED, BOUGHT, *second, *tickets], now)
    return played, now


def of(id: str, type: str, subject: str, agreement: str | None, at: str) -> Event:
    return Event(id, subject, type, small.at(f"2026-03-02 {at}"), "Client", FACTS.get(type, {}), agreement=agreement)


def test_what_has_happened_to_an_agreement_is_told_of_its_tickets_when_it_has() -> None:
    played, now = begun(POLICY + SPENT)
    played.take([of("w", "worked", "T1", "A1", "08:30"), of("u", "updated", "T2", "A1", "08:45")], now)
    assert ("T2", "apologise", "pending", 1) in states(list(played.told.values()))
    assert played.take([of("h", "hours_purchased", "A1", None, "09:30")], now) == []
    assert states(played.take([], now + HOUR // 2)) == [("T2", "apologise", "ended", 2)]
    as_one_judging(played, now + HOUR // 2)


def test_what_a_correction_gives_to_a_ticket_draws_on_its_agreement() -> None:
    played, now = begun()
    played.take([of("w", "worked", "T2", "A1", "08:30")], now)
    moved = Event("c", "T2", "corrected", now, facts={"subject": "T4"}, target="w")
    assert states(played.take([moved, of("u", "updated", "T5", "A2", "08:45")], now)) == [("T5", "warn", "pending", 1)]
    assert states(played.take([of("v", "updated", "T6", "A2", "08:50")], now)) == [("T6", "warn", "pending", 1)]
    assert played.take([of("x", "updated", "T3", "A1", "08:50")], now) == []
    as_one_judging(played, now)


def test_of_two_agreements_a_ticket_that_names_none_stands_under_neither() -> None:
    played, now = begun()
    told = played.take([of("o", "opened", "T9", None, "08:30")], now)
    assert states(told) == [("T9", "answer", "undetermined", 1)]
