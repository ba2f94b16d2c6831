"""A long log judged in batches of tickets, so that its progress shows; the result is that of one judging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import evolve

from slarules.engine.evaluate import evaluate
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Evaluation, Finding

SIZE = 500
"""Tickets of one batch."""


def judge(
    contract: Contract,
    readings: Mapping[str, str],
    events: list[Event],
    as_of: int,
    *,
    supplied: Mapping[str, Supplied],
    precision: int = 0,
    done: Callable[[int, int], None],
) -> Evaluation:
    """What ``evaluate`` says of a log; ``done`` is told tickets judged and tickets in all."""
    shared, tickets = _apart(contract, events)
    if not tickets:
        found = evaluate(contract, readings, events, as_of, supplied=supplied, precision=precision)
        done(1, 1)
        return found
    parts = []
    for judged, names in _batches(list(tickets)):
        batch = shared + [event for name in names for event in tickets[name]]
        parts.append(evaluate(contract, readings, batch, as_of, supplied=supplied, precision=precision))
        done(judged, len(tickets))
    return _joined(parts, {event.subject for event in shared})


def alone(contract: Contract, events: list[Event], subject: str) -> list[Event]:
    """The events that judging one subject needs: its own and those that all share; where tickets hang together, all."""
    shared, tickets = _apart(contract, events)
    return [*shared, *tickets.get(subject, ())] if tickets else events


def _apart(contract: Contract, events: list[Event]) -> tuple[list[Event], dict[str, list[Event]]]:
    """The events that all tickets share, those of agreements and the like, and each ticket's own.

    No tickets where tickets hang together: one id is two subjects' (R32), a change names an event of another
    subject, or tickets draw on an allowance (R34); such a log is judged at once.
    """
    ticket_types = {
        name for terms in contract.versions for name, event in terms.events.items() if event.kind == "ticket"
    }
    drawing = {
        name
        for terms in contract.versions
        for allowance in terms.allowances.values()
        for name, *_ in (*allowance.fills, *allowance.draws)
    }
    if any(event.type in drawing and event.type in ticket_types for event in events):
        return events, {}
    kinds: dict[str, bool] = {}
    owner: dict[str, str] = {}
    for event in events:
        kinds[event.subject] = (
            kinds.get(event.subject, False) or event.kind == "ticket" or event.type in ticket_types
        )
        if owner.setdefault(event.id, event.subject) != event.subject:
            return events, {}
    shared: list[Event] = []
    tickets: dict[str, list[Event]] = {}
    for event in events:
        if event.target is not None and owner.get(event.target, event.subject) != event.subject:
            return events, {}
        if kinds[event.subject]:
            tickets.setdefault(event.subject, []).append(event)
        else:
            shared.append(event)
    return (shared, tickets) if len(tickets) > SIZE else (events, {})


def _batches(names: list[str]) -> Iterator[tuple[int, list[str]]]:
    names.sort()
    for start in range(0, len(names), SIZE):
        batch = names[start : start + SIZE]
        yield start + len(batch), batch


def _joined(parts: list[Evaluation], shared: set[str]) -> Evaluation:
    """One evaluation of all batches; what they share is the first one's."""
    first = parts[0]
    verdicts = [v for n, part in enumerate(parts) for v in part.verdicts if n == 0 or v.subject not in shared]
    findings = _once(
        f for n, part in enumerate(parts) for f in part.findings if n == 0 or f.subject not in shared
    )
    changes = [part.next_change_at for part in parts if part.next_change_at is not None]
    amounts = {key: value for part in parts for key, value in part.amounts.items()}
    verdicts.sort(key=lambda v: v.subject)  # stable: within a subject the contract's order stays
    return evolve(
        first,
        verdicts=tuple(verdicts),
        findings=findings,
        amounts=amounts,
        next_change_at=min(changes, default=None),
    )


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is said once of a whole log is not said once a batch."""
    told: set[str] = set()
    kept = []
    for finding in findings:
        if finding.code in ("unknown_fact",):
            if finding.message in told:
                continue
            told.add(finding.message)
        kept.append(finding)
    return tuple(kept)
