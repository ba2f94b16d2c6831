"""A policy with one rule for each thing beside plain duties that the quick way knows, and random tickets under it."""

from __future__ import annotations

import random

from slarules.model.event import Event, Raw

POLICY = """slarules 1

contract Wide "a contract with more than plain duties"
  provider Desk "provider"
  customer Client "customer"
  zone America/Denver
  a ticket is called "request"
  in force from 2026-01-05 to 2026-03-31

fact urgent of request: yes or no "it cannot wait"
fact satisfied of request: yes or no "it was done well"
fact staffed of request: yes or no "somebody is there for it"
fact approved of request: yes or no "the report was asked for"
fact foreign of request: yes or no presumed no until recorded "it is of something else"

clause "All"

  calendar Hours
    open Monday to Friday 08:00 to 17:00

  severities 1, 2

  severity 1
    applies if urgent
  severity 2
    applies if any of
      (a) not urgent
      (b) urgent

  scope helpdesk "what is none of ours"
    outside if foreign

  right ask "who may ask"
    Client may open request
    if not urgent

  prohibition no_reports
    when request reported by Desk
    if not approved
    Desk must not report

  duty fix
    when request opened
    if urgent
    while urgent
    Desk must resolve within 6 hours counted in Hours
    performed when request resolved by Desk and satisfied
    paused while waiting on Client
    on severity change count again from the start
    on reopening run on

  duty staff
    when request opened
    Desk must keep staffed until request resolved
    on reopening run on

  duty report
    when request opened
    Desk must respond within 3 hours until request escalated
    performed when request responded by Desk
    on severity change keep the deadline
    on reopening change nothing
    if breached, excuse applies

  duty excuse
    if urgent or staffed
    Desk must update within 2 hours until request resolved
    performed when request updated by Desk and satisfied
    on severity change keep the deadline
    on reopening change nothing
"""
MINUTE = 60_000_000
ACTS = ("responded", "updated", "reported", "escalated", "acknowledged", "resolved", "closed", "waiting")


def tickets(rng: random.Random, since: int, count: int) -> tuple[Event, ...]:
    """Tickets of which each is opened, then a few things happen to it, some at one instant; facts with any of them."""
    events: list[Event] = []
    for number in range(count):
        name, at = f"T{number}", since + (rng.randrange(80) * 1440 + rng.randrange(900, 1400)) * MINUTE
        facts: dict[str, Raw] = {key: rng.random() < 0.7 for key in ("urgent", "staffed") if rng.random() < 0.85}
        facts |= {"foreign": False} if rng.random() < 0.2 else {}
        facts |= {"severity": rng.choice("12")} if rng.random() < 0.7 else {}
        told = [("opened", rng.choice(["Client", "Client", "Desk"]), facts)]
        for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 5])):
            again = told[-1][0] == "resolved" and rng.random() < 0.3
            told.append(_next(rng, "reopened" if again else rng.choice(ACTS)))
        for place, (kind, actor, recorded) in enumerate(told):
            events.append(Event(f"{name}-{place}", name, kind, at, actor, dict(sorted(recorded.items()))))
            at += rng.choice([0, 20, 20, 60, 90, 90, 240, 700]) * MINUTE
    return tuple(events)


def _next(rng: random.Random, kind: str) -> tuple[str, str, dict[str, Raw]]:
    facts: dict[str, Raw] = {"on": "Client"} if kind == "waiting" else {}
    if kind in ("resolved", "updated") and rng.random() < 0.7:
        facts["satisfied"] = rng.random() < 0.6
    if kind == "reported" and rng.random() < 0.8:
        facts["approved"] = rng.random() < 0.7
    if rng.random() < 0.05:
        facts[rng.choice(["urgent", "staffed"])] = True
    return kind, "Desk" if rng.random() < 0.95 else "Client", facts
