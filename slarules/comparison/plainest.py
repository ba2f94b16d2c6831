"""A counterexample judged anew by the whole of both contracts, and freed of all that it does not need."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from slarules.comparison.occasions import Bench
from slarules.comparison.sides import Side
from slarules.comparison.tickets import Ticket, Tried, outcome, verdicts_of
from slarules.model.event import Event

ROUNDS = 2
"""A fact may be needed only beside another, which is left out in the first round."""


def rejudged(sides: tuple[Side, Side], names: tuple[tuple[str, ...], tuple[str, ...]], one: Tried) -> Tried:
    """The same ticket judged anew under the whole of both contracts."""
    ticket = one.ticket
    a, b = (outcome(verdicts_of(side, log, ticket.subject, rules, ticket.as_of))
            for side, log, rules in zip(sides, ticket.logs, names, strict=True))
    return evolve(one, outcomes=(a, b))


def plainest(bench: Bench, one: Tried) -> Tried:
    """The same ticket without the events and facts on which neither verdict hangs; both contracts judge each step."""
    found = one
    for simpler in _events(one):
        found = _if_alike(bench, found, simpler)
    for _ in range(ROUNDS):
        for id, name in _facts(found):
            found = _if_alike(bench, found, ("", id, name))
    return found


def _events(one: Tried) -> Iterator[tuple[str, str, str]]:
    """Events that might be left out: of other subjects, and whatever the ticket's own end does not need."""
    ids = dict.fromkeys(event.id for log in one.ticket.logs for event in log)
    kept = {log[-1].id for log in one.ticket.logs if log}
    for id in ids:
        if id not in kept:
            yield ("event", id, "")


def _facts(one: Tried) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[str, str], None] = {}
    for log in one.ticket.logs:
        for event in log:
            seen |= {(event.id, name): None for name in event.facts if name != "severity"}
    yield from seen


def _if_alike(bench: Bench, one: Tried, step: tuple[str, str, str]) -> Tried:
    """The ticket with something left out, where both contracts then say just the same of it; else as it was."""
    what, id, name = step
    logs = one.ticket.logs
    if what == "event":
        told = tuple(tuple(_freed(e, logs[of], id) for e in log if e.id != id) for of, log in enumerate(logs))
    else:
        told = _without(bench, logs, id, name)
    ticket: Ticket = evolve(one.ticket, logs=(told[0], told[1]))
    again = rejudged(bench.sides, bench.names, evolve(one, ticket=ticket))
    return again if _alike(one, again) else one


def _freed(event: Event, log: tuple[Event, ...], id: str) -> Event:
    """The event; where the agreement it names is told of by the event left out alone, without that name."""
    gone = [e for e in log if e.id == id]
    subjects = {e.subject for e in log if e.id != id}
    return evolve(event, agreement=None) if gone and event.agreement == gone[0].subject not in subjects else event


def _without(
    bench: Bench, logs: tuple[tuple[Event, ...], tuple[Event, ...]], id: str, name: str
) -> tuple[tuple[Event, ...], ...]:
    """Both logs without a fact of an event, whatever each contract calls it."""
    called = [{name}, {name}]
    for of in (0, 1):
        other = bench.languages[of].facts.get(name)
        if other is not None:
            called[1 - of].add(other)
    return tuple(
        tuple(evolve(e, facts={n: v for n, v in e.facts.items() if n not in called[of]}) if e.id == id else e
              for e in log)
        for of, log in enumerate(logs))


def _alike(one: Tried, other: Tried) -> bool:
    """Whether both contracts say the same of two tickets."""
    return all(
        first.rank == second.rank
        and [(v.duty, v.state, v.deadline) for v in first.verdicts]
        == [(v.duty, v.state, v.deadline) for v in second.verdicts]
        for first, second in zip(one.outcomes, other.outcomes, strict=True))
