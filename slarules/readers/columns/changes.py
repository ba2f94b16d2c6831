"""What differs between a ticket's rows and the row before, as events: all rows of many tickets at once.

It says what ``readers.tickets`` says of a ticket row by row; see there for what the differences mean.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.readers.columns.courses import NONE, Course, Fact, Values, latest, latest_before
from slarules.readers.columns.facts import FIELDS, bound, kind_of
from slarules.readers.columns.mapped import ARROW
from slarules.readers.columns.parts import Part
from slarules.readers.columns.tables import same_text
from slarules.readers.columns.text import Integers, Truths, plain
from slarules.readers.columns.times import time_column
from slarules.readers.mapping import (
    ACTIVE,
    CLOSED,
    RESOLVED,
    SNAPSHOTS,
    STATES,
    UNKNOWN,
    WAITING,
    EventMapping,
    Outcome,
)
from slarules.readers.rejects import Refused, Rejected
from slarules.readers.rows import ROOM, outcomes_of
from slarules.readers.tickets import SEVERITY

_STATE = {state: n for n, state in enumerate(STATES)}
_OPENING, _SEVERITY, _RETURN, _STATED = range(4)
"""What one row can give, in this order: an opening; another severity; a return to work; the event of its state, or an
update where there is nothing else."""
_TYPES = ("opened", "severity_changed", "reopened", "resumed", "updated")


@frozen(eq=False)
class Given:
    """The events that rows give, in order."""

    row: Integers
    """[event] → its row."""
    step: Integers
    """[event] → which of the things that a row can give."""
    nth: Integers
    """[event] → its place among its row's."""
    type: Integers
    """[event] → the type's number."""
    stated: Truths
    """[event] → whether it is the event of its row's state."""
    bears: Truths
    """[event] → whether what else changed is told with it."""
    last: Truths
    """[event] → whether it is its ticket's last."""


def comparable(mapping: EventMapping) -> bool:
    """Whether rows can be compared here: they are snapshots, and no state tells what a column tells too."""
    outcomes = [one for several in mapping.outcomes.values() for one in several]
    told = {name for one in outcomes for name in one.facts}
    known = all(one.state is not None for one in outcomes)
    return mapping.layout == SNAPSHOTS and known and told <= {"on"} and all(f.name not in told for f in mapping.facts)


def events_of(mapping: EventMapping, rows: Course) -> Part:
    """The events that follow from the rows, in their order; and the tickets that have no opening."""
    outcomes = [outcomes_of(mapping, text)[0] for text in rows.value.texts.to_pylist()]
    types = [*_TYPES, *(one.type for one in outcomes if one.type is not None)]
    given = _given(mapping, rows, _steps(rows, outcomes, types))
    columns = _columns(mapping, rows, given, outcomes, types)
    pieces: list[pa.Array] = []
    for fact in rows.facts:
        _fact(fact, rows, given, columns, pieces)
    ons = pa.array([one.facts.get("on") for one in outcomes], pa.string())
    if ons.null_count < len(ons):
        columns["on"] = _taken(ons, np.where(given.stated, rows.value.codes[given.row], -1))
    if pieces:
        columns["facts"] = bound(pieces)
    table = pa.table(columns)
    return Part(tables=[table] if len(table) else [], rejected=_unopened(mapping, rows))


def _unopened(mapping: EventMapping, rows: Course) -> list[Rejected]:
    """Why tickets have no opening, for those that should have one."""
    if mapping.opens_at_first_row or "opened_at" not in mapping.columns:
        return []
    found = np.flatnonzero(rows.first & (rows.number["opened_at"] == NONE))
    cause = f"the column `{mapping.columns['opened_at']}` is empty: the ticket has no opening"
    refused, lines = Refused("E0626", cause), rows.number["line"][found].tolist()
    names = rows.subject.take(pa.array(found)).to_pylist()
    values = rows.value.texts.take(pa.array(rows.value.codes[found])).to_pylist()
    return [refused.at(line, raw) for line, *raw in zip(lines, names, values, strict=True)]


@frozen(eq=False)
class Steps:
    """What the rows' states lead to."""

    returned: Integers
    """[row] → ``reopened`` or ``resumed`` among ``_TYPES``; -1: neither."""
    type: Integers
    """[row] → the event of its state, among the types of outcomes; -1: none."""


def _steps(rows: Course, outcomes: Sequence[Outcome], types: Sequence[str]) -> Steps:
    """The events that lead from the state of the row before to each row's."""
    ons = list(dict.fromkeys(one.facts.get("on") for one in outcomes))
    said = [
        (_STATE[str(one.state)], ons.index(one.facts.get("on")), -1 if one.type is None else types.index(one.type))
        for one in outcomes
    ]
    table = np.array(said, np.int64).reshape(-1, 3)
    state, waits, type = table[rows.value.codes].T
    known = state != _STATE[UNKNOWN]
    before = latest_before(known, rows.first)
    was = np.where(before >= 0, state[before], _STATE[ACTIVE])
    same = (state == was) & ((state != _STATE[WAITING]) | (waits == waits[before]))
    alike = (before >= 0) & (rows.value.codes == rows.value.codes[before])
    same &= (state != _STATE[ACTIVE]) | (type < 0) | alike
    step = known & ~same
    done = (was == _STATE[RESOLVED]) | (was == _STATE[CLOSED])
    reopened = step & done & (state != _STATE[CLOSED])
    resumed = step & (was == _STATE[WAITING]) & (state == _STATE[ACTIVE])
    returned = np.where(reopened, _TYPES.index("reopened"), np.where(resumed, _TYPES.index("resumed"), -1))
    return Steps(returned, np.where(step, type, -1))


def _given(mapping: EventMapping, rows: Course, steps: Steps) -> Given:
    opens = rows.first & (mapping.opens_at_first_row | (rows.number["opened_at"] != NONE))
    severity, returned, stated = _other_severity(rows), steps.returned >= 0, steps.type >= 0
    updated = ~(returned | stated | severity | rows.first)
    gives = np.stack([opens, severity, returned, stated | updated], axis=1)
    row, step = np.nonzero(gives)
    opened, changed = (np.full(len(opens), _TYPES.index(name)) for name in ("opened", "severity_changed"))
    of_state = np.where(stated, steps.type, _TYPES.index("updated"))
    types = np.stack([opened, changed, steps.returned, of_state], axis=1)
    bearer = np.where(stated, _STATED, np.where(returned, _RETURN, np.where(severity, _SEVERITY, _STATED)))
    ticket = np.cumsum(rows.first)[row]
    return Given(
        row,
        step,
        (np.cumsum(gives, axis=1) - 1)[row, step],
        types[row, step],
        (step == _STATED) & stated[row],
        step == bearer[row],
        np.diff(ticket, append=-1) != 0,
    )


def _other_severity(rows: Course) -> Truths:
    """Rows with another severity than the last that was known."""
    fact = next((fact for fact in rows.facts if fact.name == SEVERITY and not fact.last_row), None)
    if fact is None:
        return np.zeros(len(rows.first), np.bool_)
    known = fact.likes >= 0
    before = latest_before(known, rows.first)
    found: Truths = ~rows.first & known & ((before < 0) | (fact.likes != fact.likes[before]))
    return found


# ---- Columns ----------------------------------------------------------------------------------------------------


def _columns(
    mapping: EventMapping, rows: Course, given: Given, outcomes: Sequence[Outcome], types: Sequence[str]
) -> dict[str, pa.Array]:
    """The fields of the events that are no facts."""
    row, count, number = given.row, len(given.row), rows.number
    at = number["at"][row]
    if not mapping.opens_at_first_row:
        at = np.where(given.step == _OPENING, number["opened_at"][row], at)
    columns = {
        "id": _ids(rows, given, types),
        "subject": rows.subject.take(pa.array(row)),
        "type": _taken(pa.array(types, pa.string()), given.type),
        "at": time_column(at, np.ones(count, np.bool_)),
        "actor": _actors(mapping, rows, given, outcomes),
        "source": same_text(mapping.source, count),
        "sequence": pa.array(rows.place[row] * ROOM + given.nth),
    }
    if "recorded_at" in mapping.columns:
        known = number["recorded_at"][row]
        columns["recorded_at"] = time_column(known, known != NONE)
    if mapping.kind is not None:
        columns["kind"] = same_text(mapping.kind, count)
    for name, default in (("agreement", mapping.agreement), ("target", None)):
        if name in mapping.columns or default is not None:
            columns[name] = _named(rows.name[name].of(row), default)
    return columns


def _taken(values: pa.Array, codes: Integers) -> pa.Array:
    """The values of these numbers, coded; -1 is none."""
    distinct = values.dictionary_encode()
    places = distinct.indices.take(pa.array(codes, mask=codes < 0))
    return pa.DictionaryArray.from_arrays(places, distinct.dictionary)


def _named(own: Values, default: str | None) -> pa.Array:
    words = pa.array([*own.texts.to_pylist(), default], pa.string())
    return _taken(words, np.where(own.codes < 0, len(own.texts), own.codes))


def _ids(rows: Course, given: Given, types: Sequence[str]) -> pa.Array:
    """Names that the same row gives again when the log is read again, longer perhaps: see ``readers.tickets``."""
    counted, line = rows.number["sequence"] != NONE, rows.number["line"]
    own = pa.array(np.where(counted, rows.number["sequence"], line)).cast(pa.string())
    if rows.again.any():
        with_line = pc.binary_join_element_wise(own, pa.array(line).cast(pa.string()), "@")
        own = pc.if_else(pa.array(rows.again), with_line, own)
    row = pa.array(given.row)
    subject, kind = plain(rows.subject.take(row)), pa.array(types, pa.string()).take(pa.array(given.type))
    return pc.binary_join_element_wise(subject, own.take(row), kind, ":")


def _actors(mapping: EventMapping, rows: Course, given: Given, outcomes: Sequence[Outcome]) -> pa.Array:
    """Who acted: as the state says, else as the row says, else as the mapping does."""
    of_state = [one.actor or None for one in outcomes]
    of_row = [text or None for text in rows.name["actor"].texts.to_pylist()]
    words = [*of_state, *of_row, mapping.opened_by or None, mapping.actor]
    there = np.array([word is not None for word in words])
    default, opener = len(words) - 1, len(words) - 2
    by_row = rows.name["actor"].codes[given.row]
    by_row = np.where(by_row < 0, default, by_row + len(of_state))
    found = np.where(given.step == _OPENING, opener, default)
    found = np.where(given.stated | (given.step == _RETURN), rows.value.codes[given.row], found)
    found = np.where(there[found] & (found != default), found, np.where(there[by_row], by_row, default))
    return _taken(pa.array(words, pa.string()), found)


def _fact(fact: Fact, rows: Course, given: Given, columns: dict[str, pa.Array], pieces: list[pa.Array]) -> None:
    """The column of a fact, or its text where no column holds it; a fact that is not known any more is told as null."""
    row, forgotten = given.row, np.zeros(len(given.row), np.bool_)
    if fact.last_row:
        codes = np.where(given.last, _at_last(fact, rows)[row], -1)
    else:
        codes = np.where(given.step == _OPENING, fact.codes[row], -1)
        if fact.name == SEVERITY:
            codes = np.where(given.step == _SEVERITY, fact.codes[row], codes)
        else:
            changed = ~rows.first & (fact.likes != np.roll(fact.likes, 1))
            told = given.bears & changed[row]
            codes, forgotten = np.where(told, fact.codes[row], codes), told & (fact.codes[row] < 0)
    kinds = {kind_of(value) for value in fact.values}
    kind = kinds.pop() if len(kinds) == 1 else None
    name = json.dumps(fact.name) + ":"
    if kind in ARROW and fact.name not in FIELDS:
        values = pa.array(fact.values, ARROW[kind])
        columns[fact.name] = _taken(values, codes) if kind is str else values.take(pa.array(codes, mask=codes < 0))
    elif fact.values:
        written = fact.texts.take(pa.array(codes, mask=codes < 0))
        pieces.append(pc.binary_join_element_wise(name, written, ""))
    if forgotten.any():
        pieces.append(pc.if_else(pa.array(forgotten), name + "null", pa.scalar(None, pa.string())))


def _at_last(fact: Fact, rows: Course) -> Integers:
    """[row] → what the fact is in its ticket's last row; a severity that a row does not know stays what it was."""
    nth = np.arange(len(rows.first))
    codes = fact.codes
    if fact.name == SEVERITY:
        known = latest(codes >= 0, rows.first)
        codes = np.where(known >= 0, codes[known], -1)
    ends = np.append(np.flatnonzero(rows.first)[1:], len(nth)) - 1
    found: Integers = codes[ends][np.cumsum(rows.first) - 1]
    return found
