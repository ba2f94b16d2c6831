"""What a second draw adds to a policy and its life: warnings, what is to be kept, a supplied list, people, and acts by
nobody knows whom."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.oracle_of_agreements.drawing import condition
from tests.oracle_of_agreements.policy import ACTS, BY, Calendar, Duty, Happening, Move, Policy, Role, Status

LATER = ("warned", "kept", "listed", "by whom", "people")
PEOPLE = ("ann", "bob", "cem")


def with_more(chance: random.Random, policy: Policy) -> Policy:
    """The policy with some of these."""
    for what in LATER:
        if chance.random() < 0.4:
            policy = _with(chance, policy, what)
    return policy


def _with(chance: random.Random, policy: Policy, what: str) -> Policy:
    versions: tuple[int | None, ...] = (None,) if policy.amended_on is None else (0, 1)
    match what:
        case "warned":
            timed = ("hours", chance.choice((2, 40, 200)), chance.choice((None, "Hours", "Desk_days")))
            first = _more(chance, policy, "timed", timed)
            limit = chance.choice((("hours", 12, None), None, ("closings", 1, "Hours")))
            percent = chance.choice((10, 50, 75))
            warned = Duty("warned", "Desk", "notify", "notified", (("used", "timed", percent),), limit)
            second = replace(first, limit=("hours", 60, "Hours")) if chance.random() < 0.5 else first
            pair = (first, second)
            added = [replace(one, version=v) for v in versions for one in (pair[v or 0], warned)]
            return replace(policy, duties=(*policy.duties, *added))
        case "kept":
            events = ("event", "invoiced", None), ("event", "paid", "Client")
            trigger = chance.choice((*events, ("state", "care", "grace")))
            fact, until = chance.choice((("secured", ("halted",)), ("consented", ())))
            kept = Duty("kept", "Desk", "keep", "", (trigger,), None, until=until, keeps=fact)
            kept = replace(kept, triggers=() if chance.random() < 0.3 else kept.triggers)
            return replace(policy, duties=(*policy.duties, *(replace(kept, version=v) for v in versions)))
        case "people":
            role = Role("Callers", chance.choice((None, 1, 2)), "Client", chance.random() < 0.5,
                        chance.choice((None, "Desk")), "audit", "audited")  # fmt: skip
            return replace(policy, roles=(role,))
        case "listed":
            name = chance.choice(("Hours", "Desk_days"))
            if any(one.limit is not None and one.limit[0] in ("sooner", "later") for one in policy.duties):
                return policy
            known = (date(2024, 2, 1) + timedelta(days=chance.randrange(700))).isoformat()
            several = ("hours", 30, name), ("closings", 4, name), ("every", 60, name), ("each day", name)
            counted = chance.choice((*several, ("next close", name)))
            by_list = _more(chance, policy, "by_list", counted)
            if counted[0] in ("every", "each day"):
                by_list = replace(by_list, until=("audited", "halted", "invoiced"), only_if=())
            calendars = tuple(_listed(one, name, known) for one in policy.calendars)
            added = [replace(by_list, version=v) for v in versions]
            return replace(policy, calendars=calendars, duties=(*policy.duties, *added))
    statuses = tuple(_by_somebody(chance, one) for one in policy.statuses)
    asked_for = _more(chance, policy, "asked_for", chance.choice((("closings", 4, "Hours"), ("hours", 90, None), None)))
    added = [replace(asked_for, version=v) for v in versions]
    return replace(policy, statuses=statuses, duties=(*policy.duties, *added))


def _more(chance: random.Random, policy: Policy, name: str, limit: Any) -> Duty:
    """A duty that an event sets off, perhaps only by its party."""
    done = chance.choice(("paid", "notified", "returned"))
    event = chance.choice(("invoiced", "paid", "offered", "started"))
    trigger = ("event", event, BY.get(event) if chance.random() < 0.6 else None)
    only_if = (condition(chance, policy, known=chance.random() < 0.5),) if chance.random() < 0.3 else ()
    return Duty(name, BY[done], ACTS[done], done, (trigger,), limit, only_if)


def _listed(calendar: Calendar, name: str, until: str) -> Calendar:
    if calendar.name != name:
        return calendar
    return replace(calendar, known_until=until, closed=tuple(day for day in calendar.closed if day < until))


def _by_somebody(chance: random.Random, status: Status) -> Status:
    def move(one: Move) -> Move:
        return replace(one, by=chance.choice(("Client", "Desk"))) if one.event and chance.random() < 0.5 else one

    states = tuple(replace(one, moves=tuple(move(way) for way in one.moves)) for one in status.states)
    return replace(status, states=states)


def with_people(chance: random.Random, policy: Policy, log: list[Happening]) -> list[Happening]:
    """The log with people who are put into a role and out of it, and who do what only they may."""
    found = list(log)
    for n in range(chance.choice((3, 6, 9)) if policy.roles else 0):
        at = chance.choice(log).at + chance.choice((0, 0, 1, 3_600_000_000 * n))
        what = chance.choice(("contact_designated", "contact_designated", "contact_removed", "audited"))
        person = chance.choice(PEOPLE)
        facts: dict[str, Any] = {"caller": person} if what == "audited" else {"who": person}
        if what == "contact_designated" and chance.random() < 0.7:
            facts["written"] = chance.random() < 0.8
        found.append(Happening(f"p{n}", "A1", what, at, chance.choice(("Client", "Client", "Desk", None)), facts))
    return found


def told_less(chance: random.Random, log: list[Happening]) -> list[Happening]:
    """The log with some events of which nobody recorded whose they are, and some facts that are told."""
    found = []
    unclear = chance.choice((0.0, 0.1, 0.3, 0.6))
    for one in log:
        facts: dict[str, Any] = dict(one.facts)
        if one.subject == "A1" and one.target is None and chance.random() < 0.15:
            facts["secured"] = chance.random() < 0.5
        actor = None if one.target is None and chance.random() < unclear else one.actor
        if actor is not None and one.type in BY and chance.random() < 0.5:
            actor = BY[one.type]
        found.append(replace(one, actor=actor, facts=facts))
    return found
