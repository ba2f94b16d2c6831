"""Random lives of an agreement: at month ends, changes of clocks, and the very instants at which something turns."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.oracle_of_agreements.dates import HOUR, MICRO, date_of, day_start
from tests.oracle_of_agreements.opinion import world_at
from tests.oracle_of_agreements.policy import BY, Happening, Policy
from tests.oracle_of_agreements.things import corrected

STARTS = (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 9), date(2024, 10, 31), date(2024, 12, 31),
          date(2025, 1, 1), date(2025, 3, 29), date(2025, 4, 24), date(2025, 5, 31), date(2025, 8, 15))  # fmt: skip
TYPES = ("paid", "paid", "paid", "invoiced", "notified", "notified", "recorded", "recorded", "hours_purchased",
         "hours_logged", "renewal_notice", "purchase_order_received", "terminated", "leaked", "offered", "elected",
         "credited", "refunded", "audited", "returned", "visited", "announced", "halted", "opened", "responded",
         "started")  # fmt: skip


def drawn_history(chance: random.Random, policy: Policy) -> list[Happening]:
    """A log: mostly in order, some of it told late, corrected or retracted."""
    start = day_start(policy.zone, chance.choice(STARTS) + timedelta(days=chance.choice((0, 0, 0, 1, 40))))
    at = start + chance.choice((0, 9, 12, 23)) * HOUR + chance.choice((0, 0, 1, 59 * 60 * MICRO))
    log = [Happening("e0", "A1", "started", at, "Client", _facts(chance, policy, at, 0.4))]
    if chance.random() < 0.15:  # something is known before it starts
        early = at - chance.choice((1, HOUR, 20 * 24 * HOUR))
        log.append(_happening(chance, policy, "f0", early, [], chance.choice(("recorded", "hours_purchased", "paid"))))
    opened: list[str] = []
    for n in range(1, chance.choice((3, 5, 8, 12))):
        at = _next_time(chance, policy, log, at)
        log.append(_happening(chance, policy, f"e{n}", at, opened, chance.choice(TYPES)))
    for n in range(chance.choice((0, 0, 0, 1, 2))):
        log.append(_change(chance, policy, log, f"c{n}"))
    if chance.random() < 0.3:
        told = log[1:-1]
        chance.shuffle(told)
        changes = [one for one in told if one.target is not None]
        log[1:-1] = [one for one in told if one.target is None] + changes
    return log


def _next_time(chance: random.Random, policy: Policy, log: list[Happening], at: int) -> int:
    """When the next thing happens: some time later, or at an instant at which something turns by itself."""
    if chance.random() < 0.55:
        world = world_at(policy, corrected(log), at)
        turn = None if world is None else world.next_instant()
        for _ in range(chance.choice((0, 0, 1, 3))):
            if world is not None and turn is not None:
                world.step(turn)
                turn = world.next_instant()
        if turn is not None and turn < at + 500 * 24 * HOUR:
            return max(at, turn + chance.choice((-1, 0, 0, 0, 1, -HOUR)))
    later = at + chance.choice((0, 1, HOUR, 24 * HOUR, 7 * 24 * HOUR, 31 * 24 * HOUR, 100 * 24 * HOUR, 370 * 24 * HOUR))
    return later + chance.randrange(3) * HOUR


def _happening(
    chance: random.Random, policy: Policy, id: str, at: int, opened: list[str], type: str
) -> Happening:  # fmt: skip
    subject = "A1"
    if type == "opened" and not any(one.name == "answer" for one in policy.duties):
        type = "paid"
    if type == "opened":
        subject = f"T{len(opened) + 1}"
        opened.append(subject)
    elif type == "responded" or (type == "hours_logged" and chance.random() < 0.5):
        if not opened:
            type = "notified" if type == "responded" else type
        else:
            subject = chance.choice(opened)
    actor = BY.get(type, "Desk" if type == "responded" else "Client")
    if chance.random() < 0.08:
        actor = {"Desk": "Client", "Client": "Desk"}[actor]
    facts: dict[str, Any] = {}
    if subject == "A1":
        facts = _facts(chance, policy, at, 0.7 if type == "recorded" else 0.08)
        if type == "announced" or chance.random() < 0.05:
            facts["effective_on"] = _day(chance, policy, at, (1, 2, 9, 10, 28, 29, 30, 31, 59, 60, 61))
    if type in ("hours_purchased", "hours_logged") and chance.random() < 0.93:
        facts["hours"] = str(chance.choice((2, 5, 8, 10)))
    if type in ("purchase_order_received", "visited") and chance.random() < 0.9:
        facts["seats_bought"] = str(chance.choice((1, 3, 4)))
    if type == "elected":
        facts["remedy"] = chance.choice(("credit_note", "money_back"))
    return Happening(id, subject, type, at, actor, facts)


def _day(chance: random.Random, policy: Policy, at: int, days: tuple[int, ...]) -> str:
    return (date_of(policy.zone, at) + timedelta(days=chance.choice(days))).isoformat()


def _facts(chance: random.Random, policy: Policy, at: int, likely: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if chance.random() < likely:
        found["fee"] = chance.choice(("100", "365.00", "1330.30", "99.99", "0.05"))
    if chance.random() < likely:
        found["due_on"] = _day(chance, policy, at, (-3, 0, 1, 10, 30, 45))
    if chance.random() < likely / 2:
        found["lapsed_on"] = _day(chance, policy, at, (-400, -31, -1, 0, 5))
    if chance.random() < likely / 2:
        found["effective_on"] = _day(chance, policy, at, (-500, 0, 30))
    if chance.random() < likely / 2:
        found["consented"] = chance.random() < 0.5
    if chance.random() < likely / 2:
        found["large"] = chance.random() < 0.5
    if chance.random() < likely / 4:
        found["billable"] = chance.random() < 0.5
    if chance.random() < likely / 2:
        days = {_day(chance, policy, at, (0, 1, 5, 20, 40)) for _ in range(2)}
        found["visits"] = tuple(sorted(days))
    return found


def _change(chance: random.Random, policy: Policy, log: list[Happening], id: str) -> Happening:
    """An event of before was otherwise, or was not."""
    of = chance.choice([one for one in log[1:] or log if one.target is None and one.type != "opened"] or log[:1])
    last = max(one.at for one in log)
    if chance.random() < 0.4 and of.type != "started":
        return Happening(id, of.subject, "retracted", last, "Desk", target=of.id)
    new_at = of.at + chance.choice((-HOUR, -24 * HOUR, 24 * HOUR, 1)) if chance.random() < 0.6 else None
    facts = _facts(chance, policy, of.at, 0.3) if new_at is None and of.subject == "A1" else {}
    return Happening(id, of.subject, "corrected", last, "Desk", facts, of.id, new_at)
