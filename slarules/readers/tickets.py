"""Events from rows: of a row by itself, or of a ticket's rows by what changed between one and the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from attrs import define, evolve, field

from slarules.model.event import Event, Raw
from slarules.readers.mapping import (
    ACTIVE,
    CLOSED,
    RESOLVED,
    SNAPSHOTS,
    TICKETS,
    UNKNOWN,
    WAITING,
    EventMapping,
    Outcome,
)
from slarules.readers.rejects import Refused, Rejected
from slarules.readers.rows import ROOM, Row, outcomes_of

SEVERITY = "severity"
"""The fact whose change is an event of its own."""


def events_of_row(mapping: EventMapping, row: Row) -> Iterator[Event]:
    """The events of a row that is judged by itself."""
    if mapping.layout == TICKETS:
        yield from _events_of_times(mapping, row)
        return
    for n, outcome in enumerate(outcomes_of(mapping, row.value)):
        if outcome.type is not None:
            name = row.names.get("id") or f"{row.subject}:{row.line}:{outcome.type}"
            name = name if n == 0 or "id" not in row.names else f"{name}:{outcome.type}"
            facts = {**_known(mapping, row), **outcome.facts}
            yield _event(mapping, row, name, outcome.type, outcome.actor, facts, row.sequence)


def _events_of_times(mapping: EventMapping, row: Row) -> Iterator[Event]:
    """What happened to a ticket whose times stand in columns: its facts are told at first, or at last."""
    numbers: Counter[str] = Counter()
    found = []
    for place, (outcome, at) in enumerate(zip(mapping.times.values(), row.times, strict=True)):
        type = outcome.type or ""
        numbers[type] += 1
        if at is not None:
            found.append((at, place, outcome, type if numbers[type] == 1 else f"{type}:{numbers[type]}"))
    found.sort(key=lambda one: one[:2])
    for n, (at, _, outcome, name) in enumerate(found):
        facts = _known(mapping, row) if n == 0 else {}
        if n == len(found) - 1:
            facts |= last_told(mapping, row.facts)
        event = _event(
            mapping, row, f"{row.subject}:{name}", str(outcome.type), outcome.actor, {**facts, **outcome.facts}, None
        )
        yield evolve(event, at=at)


def last_told(mapping: EventMapping, facts: Sequence[Raw]) -> dict[str, Raw]:
    """Facts that only a ticket's last row tells, or its last event."""
    told = zip(mapping.facts, facts, strict=True)
    return {fact.name: value for fact, value in told if fact.last_row and value is not None}


def events_of_tickets(mapping: EventMapping, rows: Iterable[Row]) -> Iterator[Event | Rejected]:
    """The events of rows that stand in order, ticket by ticket."""
    for _, of_one in groupby(rows, key=lambda row: row.subject):
        yield from _Ticket(mapping).read(of_one)


@define
class _Ticket:
    """One ticket while its rows pass."""

    mapping: EventMapping
    state: str = ACTIVE
    """What it is, of ``STATES``."""
    value: str = ""
    """What its state column said last."""
    on: Raw = None
    """Whom it waits on."""
    facts: tuple[Raw, ...] = ()
    """As its last row had them."""
    seen: dict[int, Row] = field(factory=dict)
    """Its rows by the source's count."""
    events: list[Event | Rejected] = field(factory=list)

    def read(self, rows: Iterable[Row]) -> Sequence[Event | Rejected]:
        """The events of all its rows."""
        snapshots = self.mapping.layout == SNAPSHOTS
        for n, row in enumerate(rows):
            if row.sequence is not None and self._repeats(row):
                continue
            place = row.sequence if row.sequence is not None or not snapshots else n
            _Giver(self, row, place, first=n == 0).give(snapshots)
            self.facts = self._kept(row.facts)
        self._believe_the_last_row()
        return self.events

    def _repeats(self, row: Row) -> bool:
        """Whether the same row stood there already, by the source's own count."""
        before = self.seen.setdefault(row.sequence or 0, row)
        return before is not row and evolve(row, line=before.line) == before

    def _kept(self, facts: tuple[Raw, ...]) -> tuple[Raw, ...]:
        """The row's facts; a severity that a row does not know stays what it was."""
        was = self.facts or (None,) * len(facts)
        return tuple(
            before if now is None and fact.name == SEVERITY else now
            for fact, before, now in zip(self.mapping.facts, was, facts, strict=True)
        )

    def _believe_the_last_row(self) -> None:
        """Facts that only the last row tells go with the last event."""
        last = last_told(self.mapping, self.facts or (None,) * len(self.mapping.facts))
        if last and self.events and isinstance(self.events[-1], Event):
            self.events[-1] = evolve(self.events[-1], facts={**self.events[-1].facts, **last})


@define
class _Giver:
    """Gives the events of one row of a ticket."""

    ticket: _Ticket
    row: Row
    place: int | None
    """The row's own count, or its place among the ticket's rows."""
    first: bool
    """Whether it is the ticket's first row."""
    given: int = 0

    def give(self, snapshots: bool) -> None:
        """Adds the row's events to the ticket's."""
        mapping, row = self.ticket.mapping, self.row
        if self.first and (mapping.opens_at_first_row or "opened_at" in mapping.columns):
            self._open(snapshots)
        if snapshots:
            self._changes()
            return
        facts = _known(mapping, row)
        for outcome in outcomes_of(mapping, row.value):
            self._enter(outcome)
            if outcome.type is not None:
                self._add(outcome.type, outcome, {**facts, **outcome.facts})

    def _open(self, snapshots: bool) -> None:
        mapping, row = self.ticket.mapping, self.row
        at = row.at if mapping.opens_at_first_row else row.opened_at
        if at is None:
            cause = f"the column `{mapping.columns['opened_at']}` is empty: the ticket has no opening"
            self.ticket.events.append(Refused("E0626", cause).at(row.line, (row.subject, row.value)))
            return
        facts = _known(mapping, row) if snapshots else {}
        self._add("opened", Outcome(actor=mapping.opened_by), facts, at)

    def _changes(self) -> None:
        """What differs from the ticket's row before; of a first row, from a ticket just opened."""
        ticket, row = self.ticket, self.row
        changed = {} if self.first else self._changed_facts()
        severity = changed.pop(SEVERITY, None)
        outcome = outcomes_of(ticket.mapping, row.value)[0]
        moved = [] if outcome.state == UNKNOWN else self._steps(outcome)
        if severity is not None:
            alone = {} if moved else changed
            self._add("severity_changed", Outcome(), {SEVERITY: severity, **alone})
        for n, (type, facts) in enumerate(moved, 1):
            self._add(type, outcome, {**(changed if n == len(moved) else {}), **facts})
        if not moved and severity is None and not self.first:
            self._add("updated", Outcome(), changed)

    def _steps(self, outcome: Outcome) -> list[tuple[str, Mapping[str, Raw]]]:
        """The events that lead from the ticket's state to the outcome's, which it then has."""
        ticket, was, now = self.ticket, self.ticket.state, outcome.state
        same = now == was and (now != WAITING or outcome.facts.get("on") == ticket.on)
        if now == ACTIVE:
            same = same and (outcome.type is None or ticket.value == self.row.value)
        steps: list[tuple[str, Mapping[str, Raw]]] = []
        ticket.value = self.row.value
        if same:
            return steps
        if was in (RESOLVED, CLOSED) and now != CLOSED:
            steps.append(("reopened", {}))
        elif was == WAITING and now == ACTIVE:
            steps.append(("resumed", {}))
        if outcome.type is not None:
            steps.append((outcome.type, outcome.facts))
        ticket.state, ticket.on = now or was, outcome.facts.get("on")
        return steps

    def _enter(self, outcome: Outcome) -> None:
        """What a log of events need not say: work resumes a waiting ticket, and reopens a resolved one."""
        ticket = self.ticket
        if outcome.state in (None, UNKNOWN):
            return
        if outcome.state == ACTIVE and ticket.state != ACTIVE:
            self._add("resumed" if ticket.state == WAITING else "reopened", outcome, {})
        ticket.state = outcome.state or ticket.state

    def _changed_facts(self) -> dict[str, Raw]:
        pairs = zip(self.ticket.mapping.facts, self.ticket.facts, self.row.facts, strict=True)
        return {fact.name: now for fact, was, now in pairs if now != was and not fact.last_row}

    def _name(self, type: str) -> str:
        """A name that the same row gives again when the log is read again, longer perhaps."""
        ticket, row = self.ticket, self.row
        if "id" in row.names:
            own = outcomes_of(ticket.mapping, row.value)[0].type
            return row.names["id"] if type == own else f"{row.names['id']}:{type}"
        if row.sequence is None:
            return f"{row.subject}:{row.line}:{type}"
        again = "" if ticket.seen.get(row.sequence) is row else f"@{row.line}"
        return f"{row.subject}:{row.sequence}{again}:{type}"

    def _add(
        self, type: str, outcome: Outcome, facts: Mapping[str, Raw], at: int | None = None
    ) -> None:
        ticket, row, name = self.ticket, self.row, self._name(type)
        sequence = None if self.place is None else self.place * ROOM + self.given
        event = _event(ticket.mapping, row, name, type, outcome.actor, facts, sequence)
        ticket.events.append(event if at is None else evolve(event, at=at))
        self.given += 1


def _known(mapping: EventMapping, row: Row) -> dict[str, Raw]:
    """The row's facts, without those that are not known and those that only a last row tells."""
    pairs = zip(mapping.facts, row.facts, strict=True)
    return {fact.name: value for fact, value in pairs if value is not None and not fact.last_row}


def _event(
    mapping: EventMapping, row: Row, name: str, type: str, actor: str | None, facts: Mapping[str, Raw],
    sequence: int | None,
) -> Event:
    return Event(
        id=name,
        subject=row.subject,
        type=type,
        at=row.at,
        actor=actor or row.names.get("actor") or mapping.actor,
        facts=facts,
        source=mapping.source,
        sequence=sequence,
        recorded_at=row.recorded_at,
        agreement=row.names.get("agreement") or mapping.agreement,
        kind=mapping.kind,
        target=row.names.get("target"),
    )
