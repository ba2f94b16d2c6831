"""A long log judged with its progress told, and as much of a log as judging one subject needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slarules.engine.evaluate import EachSubject, evaluate
from slarules.engine.history import SubjectHistory
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Evaluation

SIZE = 500
"""Subjects between two tidings of progress."""


def judge(
    contract: Contract,
    readings: Mapping[str, str] | None,
    events: list[Event],
    as_of: int,
    *,
    supplied: Mapping[str, Supplied],
    precision: int = 0,
    done: Callable[[int, int], None],
    each: EachSubject | None = None,
) -> Evaluation:
    """What ``evaluate`` says of a log; ``done`` is told subjects judged and subjects in all."""
    count = len({event.subject for event in events})
    judged = 0

    def tell(subject: SubjectHistory, change: int | None) -> None:
        nonlocal judged
        judged += 1
        if judged % SIZE == 0:
            done(judged, count)
        if each is not None:
            each(subject, change)

    found = evaluate(contract, readings, events, as_of, supplied=supplied, precision=precision, each=tell)
    done(count, count)
    return found


def alone(contract: Contract, events: list[Event], subject: str) -> list[Event]:
    """The events that judging one subject needs: its own and those that all share; where tickets hang together, all."""
    shared, tickets = _apart(contract, events)
    own = tickets.get(subject, [])
    return [events[n] for n in sorted((*shared, *own))] if tickets else events


def _apart(contract: Contract, events: list[Event]) -> tuple[list[int], dict[str, list[int]]]:
    """Where the events stand that all tickets share, those of agreements and the like, and where each ticket's own.

    No tickets where tickets hang together: one id is two subjects' (R32), a change names an event of another
    subject or makes it another's (R3), or tickets draw on an allowance (R34); such a log is judged at once.
    """
    kinds = {name: event.kind for terms in contract.versions for name, event in terms.events.items()}
    drawing = {
        name
        for terms in contract.versions
        for allowance in terms.allowances.values()
        for name, *_ in (*allowance.fills, *allowance.draws)
    }
    if any(event.type in drawing and kinds.get(event.type) == "ticket" for event in events):
        return [], {}
    own: dict[str, bool] = {}
    """Whether a subject is a ticket whatever of its events is told first (R12)."""
    owner: dict[str, str] = {}
    for event in events:
        kind = event.kind or kinds.get(event.type)
        if kind is not None:
            own[event.subject] = own.get(event.subject, True) and kind == "ticket"
        if event.type == "corrected" and not {"subject", "type"}.isdisjoint(event.facts):
            return [], {}
        if owner.setdefault(event.id, event.subject) != event.subject:
            return [], {}
    shared: list[int] = []
    tickets: dict[str, list[int]] = {}
    for place, event in enumerate(events):
        if event.target is not None and owner.get(event.target, event.subject) != event.subject:
            return [], {}
        if own.get(event.subject, False):
            tickets.setdefault(event.subject, []).append(place)
        else:
            shared.append(place)
    return shared, tickets
