"""Corrections and retractions carried out before anything is judged (R3), where they concern but one ticket's events.

What they make of an event is the reference engine's to say; here its row is put in the place of what was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen

from slarules.calendars.zones import BEGINNING, END
from slarules.columnar.log.coding import CHANGES, Coded, Column, Instants, facts_among, rows_of
from slarules.columnar.log.columns import events_of
from slarules.columnar.log.doubles import doubles_in
from slarules.columnar.log.ids import rows_with
from slarules.engine.history import corrected
from slarules.model.event import Event
from slarules.model.verdict import Finding
from slarules.readers.columns.facts import written


@frozen(eq=False)
class CarriedOut:
    """A log after its corrections and retractions."""

    log: Coded
    """Its rows stay where they are: what was retracted, or said again, is there as a change that is carried out."""
    changed: Mapping[int, Event]
    """[row] → the event as a correction says it was."""
    left: Instants
    """The rows of changes that are left to the reference engine."""
    again: Instants
    """The rows that say again what an earlier one says (R32), by subject."""


def carried_out(log: Coded) -> CarriedOut:
    """The log as it stands after its corrections, each event in it once."""
    types, doubles = log.column("type"), doubles_in(log)
    again, log = doubles.again, evolve(log, twice=doubles.disputed)
    of_change = np.array([*(name in CHANGES for name in types.values), False])
    rows = np.flatnonzero(of_change[types.codes]) if of_change.any() else np.empty(0, np.int64)
    rows = np.setdiff1d(rows, again)
    if not len(rows):
        return CarriedOut(_patched(log, again, {}) if len(again) else log, {}, rows, again)
    targets = log.column("target")
    meant = pa.array(sorted({targets.values[n] for n in targets.codes[rows] if n >= 0}), pa.string())
    both = np.setdiff1d(np.union1d(rows, rows_with(log.ids, meant)), again)
    events = events_of(rows_of(log, both))
    findings: list[Finding] = []
    standing = {(one.source, one.id): one for one in corrected(list(events), findings)}
    apart = _apart(events, standing, set(log.twice.tolist()) & set(both.tolist()), both)
    apart |= {finding.subject for finding in findings}
    gone: list[int] = []
    changed: dict[int, Event] = {}
    for row, event in zip(both.tolist(), events, strict=True):
        now = standing.get((event.source, event.id))
        if event.subject in apart or event.type in CHANGES:
            continue
        if now is None:
            gone.append(row)
        elif now is not event:
            changed[row] = now
    left = [row for row, e in zip(both.tolist(), events, strict=True) if e.type in CHANGES and e.subject in apart]
    patched = _patched(log, np.concatenate((again, np.array(gone, np.int64))), changed)
    return CarriedOut(patched, changed, np.array(left, np.int64), again)


def _apart(
    events: Sequence[Event], standing: Mapping[tuple[str, str], Event], twice: set[int], rows: Instants
) -> set[str]:
    """The subjects whose changes are left to the reference engine: they name no event, or one of another subject, or
    say of one what no column holds."""
    by_id = {event.id: event for event in events}
    named = {(event.source, event.id): event for event in events}
    found = {event.subject for event, row in zip(events, rows.tolist(), strict=True) if row in twice}
    for event in events:
        if event.type in CHANGES:
            target = named.get((event.source, event.target or ""), by_id.get(event.target or ""))
            if target is None or target.subject != event.subject:
                found |= {event.subject} if target is None else {event.subject, target.subject}
    for event in events:
        now = standing.get((event.source, event.id), event)
        texts = isinstance(now.type, str) and (now.actor is None or isinstance(now.actor, str))
        if now.subject != event.subject or not texts or now.type in CHANGES or not BEGINNING <= now.at <= END:
            found |= {event.subject} if event.type not in CHANGES else set()
            found |= {str(now.subject)} if now.subject != event.subject else set()
    return found


def _patched(log: Coded, gone: Instants, changed: Mapping[int, Event]) -> Coded:
    """The log with other rows: those gone are changes that are carried out."""
    columns = dict(log.columns)
    instants = log.instants.copy()
    types = columns["type"] = _copied(log.column("type"))
    if len(gone):
        _put(types, gone[:1], CHANGES[:1])
        types.codes[gone] = types.codes[gone[:1]]
    if changed:
        actors = columns["actor"] = _copied(log.column("actor"))
        facts = {name: _copied(columns[name]) for name in facts_among(log)}
        text = facts.setdefault("facts", _copied(log.column("facts")))
        rows = list(changed)
        instants[rows] = [event.at for event in changed.values()]
        _put(types, rows, [event.type for event in changed.values()])
        _put(actors, rows, [event.actor for event in changed.values()])
        for own in facts.values():
            own.codes[rows] = -1
        told = [{n: v for n, v in event.facts.items() if v is not None} for event in changed.values()]
        _put(text, rows, [written(own) if own else None for own in told])
        columns.update(facts)
    return evolve(log, instants=instants, columns=columns)


def _copied(column: Column) -> Column:
    return Column(column.codes.astype(np.int32), list(column.values))  # room for further values


def _put(column: Column, rows: Any, values: Sequence[str | None]) -> None:
    """Other values in these rows; None for null."""
    place = {value: code for code, value in reversed(list(enumerate(column.values)))}
    for row, value in zip(rows, values, strict=True):
        if value is not None and value not in place:
            place[value] = len(column.values)
            column.values.append(value)
        column.codes[row] = -1 if value is None else place[value]
