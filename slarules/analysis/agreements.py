"""How an agreement comes into the states that a ticket asks for: its shortest course through its status."""

from __future__ import annotations

from collections.abc import Mapping

from slarules.analysis.moments import options_of, supplied_for
from slarules.engine.adopt import Adopted
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.model.expression import Pattern
from slarules.model.life import Status
from slarules.model.value import HOUR
from slarules.model.verdict import Evaluation

DAY = 24 * HOUR
MOST_STEPS = 6
"""So many changes of state are tried one after the other."""


def brought_to(adopted: Adopted, name: str, states: Mapping[str, str], by: int) -> list[Event] | None:
    """Events of an agreement after which it is in these states (status → state) at ``by``; None: no way is known.

    One status with a state is brought about; more of them only where the same events bring all of them about.
    """
    if not states:
        return [_event(name, Pattern("started"), by - 10 * DAY, adopted)]
    status, state = next(iter(states.items()))
    course = _course(adopted, name, adopted.terms.statuses[status], state)
    if course is None:
        return None
    events, reached = course
    moved = _shifted(events, by - DAY - reached)
    for _ in range(3):  # months differ in length: the course is moved until it ends in time
        seen = evaluate(adopted.contract, options_of(adopted), moved, by, supplied=supplied_for(adopted.contract))
        if all(seen.statuses.get((name, s)) == wanted for s, wanted in states.items()):
            return moved
        moved = _shifted(moved, -2 * DAY)
    return None


def _course(adopted: Adopted, name: str, status: Status, wanted: str) -> tuple[list[Event], int] | None:
    """Events that lead to a state, and when it is entered; the fewest changes first."""
    start = 1_598_918_400_000_000  # any instant: the whole course is moved afterwards
    courses = [([_event(name, pattern, start, adopted)], start) for pattern in _begins(status)[:1]]
    seen: set[str | None] = set()
    for _ in range(MOST_STEPS):
        further: list[tuple[list[Event], int]] = []
        for events, at in courses:
            state = _state(adopted, name, status, events, at)
            if state == wanted:
                return events, at
            if state is None or state in seen:
                continue
            seen.add(state)
            transitions = next(s for s in status.states if s.name == state).transitions
            for transition in transitions:
                if transition.patterns and not transition.conditions:
                    pattern = transition.patterns[0]
                    further.append(([*events, _event(name, pattern, at + DAY, adopted)], at + DAY))
            lapse = _evaluated(adopted, events, at).next_change_at
            if lapse is not None:
                further.append((events, lapse))
        courses = further
    return None


def _begins(status: Status) -> list[Pattern]:
    return [pattern for state in status.states for pattern in state.begins_when]


def _evaluated(adopted: Adopted, events: list[Event], at: int) -> Evaluation:
    return evaluate(adopted.contract, options_of(adopted), events, at, supplied=supplied_for(adopted.contract))


def _state(adopted: Adopted, name: str, status: Status, events: list[Event], at: int) -> str | None:
    state = _evaluated(adopted, events, at).statuses.get((name, status.name))
    return state if isinstance(state, str) else None


def _event(name: str, pattern: Pattern, at: int, adopted: Adopted) -> Event:
    customer = next((party.name for party in adopted.contract.parties if party.role == "customer"), None)
    return Event(f"{name}-{pattern.type}-{at}", name, pattern.type, at, pattern.by or customer, {}, kind="agreement")


def _shifted(events: list[Event], by: int) -> list[Event]:
    moved = []
    for event in events:
        at = event.at + by
        moved.append(Event(event.id, event.subject, event.type, at, event.actor, event.facts, kind=event.kind))
    return moved
