"""The tickets of a log as the kernels read them: typed, coded, and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen

from slarules.columnar.coding import CHANGES, DESK, Coded, Codes, Instants, micros, recorded
from slarules.columnar.correcting import CarriedOut
from slarules.columnar.kernels import grouping
from slarules.columnar.kernels import layout as at
from slarules.columnar.subjects import Subjects
from slarules.columnar.tables.conditions import Vocabulary
from slarules.columnar.ties import Runs, untied
from slarules.engine.evaluate import MOVES
from slarules.engine.history import RANK, Words, party_names, typed_value
from slarules.model.contract import Contract, Terms
from slarules.model.rules import Fact
from slarules.model.value import Value


@frozen(eq=False)
class Tickets:
    """Every ticket of a log."""

    number: Codes
    """[subject] → its number among tickets; -1: it is none."""
    subject: Instants
    """[ticket] → its subject."""
    first: Instants
    """[ticket] → where its events begin; one more than tickets."""
    order: Codes
    """[event] → its row in the log."""
    events: Any
    """[event, 2]: when it happened, and all else in one number (see ``kernels.happened``)."""
    facts: Instants
    """[event] → where its facts begin, one more than events; then the facts: which, and its code above 16 bits."""
    beyond: Instants
    """[ticket] → why it is beyond the kernels, as far as can be seen beforehand; 0: it is not."""
    ties: Mapping[int, Runs] = field(factory=dict)
    """Ticket → its events whose order is chance (R12)."""


@define
class _Reading:
    """What is made of a log's rows before they are put in order."""

    log: Coded
    terms: Terms
    words: Vocabulary
    ticket: Codes
    """[row] → its ticket; -1: none."""
    beyond: Instants
    types: Codes
    """[row] → the type of event; -1: unknown to the contract."""
    actors: Codes
    known: Any
    """[row] → whether it is an event that can have effect."""
    called: Mapping[str, str]
    """What a party may be called → its name."""
    recorded: int
    """The code of the type `recorded`; -1: there is none."""
    waited: dict[str, int] = field(factory=lambda: {"": 1})
    """Whom a ticket waits on → its code."""
    bare: Any = None
    """[row] → 1 where nothing is recorded with it."""
    facts: list[tuple[Instants, int, Instants]] = field(factory=list)
    """(rows, fact, codes)."""
    values: dict[str, list[Value]] = field(factory=dict)
    """Fact → its values by code, from 1."""
    said: dict[str, Any] = field(factory=dict)
    """What may name an option → [row] what it says, as a code of ``texts``; 0: nothing."""
    texts: dict[str, int] = field(factory=dict)
    """What is said there → its code, from 1."""

    def mark(self, rows: Any, why: int) -> None:
        """The tickets of these rows are beyond the kernels."""
        own = self.ticket[rows]
        own = own[own >= 0]
        self.beyond[own[self.beyond[own] == 0]] = why


def numbered(subjects: Subjects) -> tuple[Codes, Instants]:
    """[subject] → its number among tickets, -1 for none; and [ticket] → its subject."""
    tickets = np.flatnonzero(subjects.is_ticket)
    number = np.full(len(subjects.names), -1, np.int32)
    number[tickets] = np.arange(len(tickets), dtype=np.int32)
    return number, tickets


def tickets_of(
    told_log: CarriedOut,
    subjects: Subjects,
    contract: Contract,
    terms: Terms,
    words: Vocabulary,
    types: Sequence[str],
    known: Words,
) -> tuple[Tickets, dict[str, int], dict[str, list[Value]]]:
    """The tickets of a log, whom they wait on by code, and the values of their facts by code.

    ``known`` is what the log's words mean in the contract.
    """
    log, left = told_log.log, told_log.left
    number, subject_of = numbered(subjects)
    ticket = subjects.of_row if len(subject_of) == len(number) else number[subjects.of_row]
    read = _read(log, contract, terms, words, types, ticket, len(subject_of), left)
    instants = log.instants
    severity, on = _facts(read)
    read.mark(log.twice, at.REPEATED)
    read.beyond[(read.beyond == 0) & subjects.disputed[subject_of]] = at.DISPUTED
    _drawing(read, types)
    told = np.empty(len(instants), np.int64)
    grouping.packed(read.types, read.actors, severity, on, _skewed(log.table, instants), told)
    first, order, events = _in_order(read, instants, told, types)
    ties = untied(log, told_log.changed, known, first, order, events, read.beyond)
    facts = _facts_in_order(read, order)
    tickets = Tickets(number, subject_of, first, order, events, facts, read.beyond, ties)
    return tickets, read.waited, read.values


def _skewed(table: pa.Table, instants: Instants) -> Any:
    """[row] → 1 where it was recorded before it happened."""
    if "recorded_at" not in table.column_names:
        return np.zeros(len(instants), np.int8)
    known = micros(table.column("recorded_at"), at.NEVER)
    return ((known != at.NEVER) & (known < instants)).astype(np.int8)


def _read(
    log: Coded,
    contract: Contract,
    terms: Terms,
    words: Vocabulary,
    types: Sequence[str],
    ticket: Codes,
    count: int,
    left: Instants,
) -> _Reading:
    place = {name: number for number, name in enumerate(types) if number != at.NOTHING}
    said = log.column("type")
    of_type = [-2 if name in CHANGES else place.get(name, -1) for name in said.values]
    own = np.array(of_type or [-1], np.int32)[said.codes]
    called = party_names(contract)
    party = {name: number for number, name in enumerate(words.parties)}
    acting = log.column("actor")
    actors = np.array([*(party.get(called.get(n, n), len(party)) for n in acting.values), -1], np.int32)[acting.codes]
    beyond = np.zeros(count, np.int64)
    read = _Reading(log, terms, words, ticket, beyond, own, actors, own >= 0, called, place.get("recorded", -1))
    read.bare = np.ones(len(own), np.int8)
    if -1 in of_type:
        read.mark(np.flatnonzero(own == -1), at.UNKNOWN_TYPE)
    _corrected(read, left)
    return read


def _corrected(read: _Reading, changes: Instants) -> None:
    """Corrections and retractions that were left, and what they are of: theirs is the reference engine's (R3)."""
    if not len(changes):
        return
    targets, facts = read.log.column("target"), read.log.column("facts")
    meant = {targets.values[n] for n in targets.codes[changes] if n >= 0}
    ids = read.log.table.column("id").cast(pa.string())
    read.mark(np.flatnonzero(pc.is_in(ids, value_set=pa.array(sorted(meant), pa.string())).to_numpy()), at.CORRECTED)
    read.mark(changes, at.CORRECTED)
    if any('"subject"' in facts.values[n] for n in facts.codes[changes] if n >= 0):
        read.beyond[:] = at.CORRECTED  # an event given to another subject


def _drawing(read: _Reading, types: Sequence[str]) -> None:
    drawing = {name for own in read.terms.allowances.values() for name, *_ in (*own.fills, *own.draws)}
    codes = [number for number, name in enumerate(types) if name in drawing]
    if codes:
        read.mark(np.flatnonzero(np.isin(read.types, codes)), at.DRAWS)


# ---- Facts ------------------------------------------------------------------------------------------------------


def _facts(read: _Reading) -> tuple[Codes, Codes]:
    """Severities and whom it waits on, by row; the other facts are put beside."""
    rows = read.log.table.num_rows
    severity, on = np.full(rows, -1, np.int32), np.zeros(rows, np.int32)
    for name, codes, values in recorded(read.log):
        read.bare[codes >= 0] = 0
        if name == "severity":
            severity = np.maximum(severity, _severities(read, codes, values))
        elif name == "on":
            on = np.maximum(on, _waited(read, codes, values))
        else:
            _fact(read, name, codes, values)
        if name in read.words.choices or (read.words.choices and name in ("choice", "option")):
            _said(read, name, codes, values)
    for choice in read.words.choices if read.said else ():
        _elections(read, choice)
    return severity, on


def _severities(read: _Reading, codes: Codes, values: Sequence[Any]) -> Codes:
    place = {level: number for number, level in enumerate(read.words.levels)}
    of_value = [place.get(str(v).strip(), -2) for v in values]
    own: Codes = np.array([*of_value, -1], np.int32)[codes]
    if -2 in of_value:
        read.mark(np.flatnonzero((own == -2) & read.known), at.BAD_FACT)
    return own if read.known.all() else np.where(read.known, own, -1)


def _waited(read: _Reading, codes: Codes, values: Sequence[Any]) -> Codes:
    waiting = (read.types == at.WAITING) & (codes >= 0)
    _fact(read, "on", np.where(waiting, -1, codes), values)
    names = [read.called.get(str(v), str(v)) for v in values]
    own = np.array([*(read.waited.setdefault(name, len(read.waited) + 1) for name in names), 0], np.int32)
    return np.where(waiting, own[codes], 0)


def _fact(read: _Reading, name: str, codes: Codes, values: Sequence[Any]) -> None:
    rows = np.flatnonzero((codes >= 0) & read.known)
    fact = read.terms.facts.get(name)
    if fact is None:
        if name not in read.terms.choices and name not in ("choice", "option"):
            read.mark(rows[:1], at.UNKNOWN_FACT)
        return
    if fact.judged_by is not None:
        _by_others(read, fact, rows)
    kept = read.values.setdefault(name, [False, True] if fact.type.kind == "yes_no" else [])
    place = {(type(value).__name__, value): number for number, value in enumerate(kept, 1)}
    own = []
    for given in values:
        value = typed_value(fact.type, given)
        if value is None:
            own.append(0)
            continue
        key = (type(value).__name__, value)
        if key not in place:
            place[key] = len(place) + 1
            kept.append(value)
        own.append(place[key])
    found = np.array([*own, 0], np.int64)[codes[rows]]
    read.mark(rows[found == 0], at.BAD_FACT)
    if name in read.words.facts:
        read.facts.append((rows, read.words.facts[name], found))


def _said(read: _Reading, name: str, codes: Codes, values: Sequence[Any]) -> None:
    """What may name an option, by its text."""
    fact = read.terms.facts.get(name)
    typed = [str(given) if fact is None else typed_value(fact.type, given) for given in values]
    own = [read.texts.setdefault(text, len(read.texts) + 1) if isinstance(text, str) else -1 for text in typed]
    found = np.array([*own, 0], np.int64)[codes]
    read.said[name] = np.where(found != 0, found, read.said.get(name, 0))


def _elections(read: _Reading, choice: str) -> None:
    """The events that name an option of a choice: by the choice's own name, or as the option of it, or of any (R22)."""
    nothing = np.zeros(len(read.types), np.int64)
    own, option = read.said.get(choice, nothing), read.said.get("option", nothing)
    of_choice = np.isin(read.said.get("choice", nothing), (0, read.texts.get(choice, 0)))
    named = np.where(own != 0, own, np.where(of_choice, option, 0))
    codes = np.zeros(len(read.texts) + 2, np.int64)  # the last is for what is no text
    for text, code in read.texts.items():
        codes[code] = read.words.options.get(text, 0)
    found = codes[named]
    rows = np.flatnonzero((found > 0) & np.isin(read.types, (at.ELECTED, at.AGREED)))
    read.facts.append((rows, at.ELECTS | read.words.choices[choice], found[rows]))


def _by_others(read: _Reading, fact: Fact, rows: Instants) -> None:
    """A fact that is one party's to judge, recorded by another."""
    judge = read.words.parties.index(str(fact.judged_by))
    acting = read.actors[rows]
    wrong = (read.types[rows] == read.recorded) & (acting >= 0) & (acting != judge)
    read.mark(rows[wrong], at.NOT_THEIRS)


def _facts_in_order(read: _Reading, order: Codes) -> Instants:
    begin: Instants = np.full(len(order) + 1, len(order) + 1, np.int64)
    if not read.facts:
        return begin
    place = np.full(read.log.table.num_rows, -1, np.int64)
    place[order] = np.arange(len(order))
    events = np.concatenate([place[rows] for rows, _, _ in read.facts])
    facts = np.concatenate([codes << 16 | fact for _, fact, codes in read.facts])
    sound = events >= 0
    events, facts = events[sound], facts[sound]
    begin[1:] += np.cumsum(np.bincount(events, minlength=len(order)))
    return np.concatenate((begin, facts[np.argsort(events, kind="stable")]))


# ---- Order ------------------------------------------------------------------------------------------------------


def _in_order(
    read: _Reading, instants: Instants, told: Instants, types: Sequence[str]
) -> tuple[Instants, Codes, Any]:
    """Each ticket's rows in the order of R12, unknown types and corrections left out; and the events so ordered."""
    count = len(read.beyond)
    ticket = read.ticket if read.known.all() else np.where(read.known, read.ticket, np.int32(-1))
    many = int(np.count_nonzero(ticket >= 0))
    first, order, events = np.zeros(count + 2, np.int64), np.empty(many, np.int32), np.empty((many, 2), np.int64)
    grouping.grouped(ticket, instants, told, first, order, events)
    first = first[:-1]
    found = np.empty(count, np.int64)
    found = found[: grouping.unordered(first, events, found)]
    if not len(found):
        return first, order, events
    sources = read.log.column("source")
    named = [*(name or DESK for name in sources.values), DESK]
    by_name = {name: number for number, name in enumerate(sorted(set(named)))}
    source = np.array([by_name[name] for name in named], np.int32)[sources.codes]
    table = read.log.table
    counted = "sequence" in table.column_names
    sequence = micros(table.column("sequence"), at.NEVER) if counted else np.full(table.num_rows, at.NEVER, np.int64)
    place = sorted(range(len(types)), key=lambda n: (RANK.get(types[n], len(RANK)), types[n]))
    ranks = np.empty(len(types), np.int64)
    ranks[place] = np.arange(len(types))
    moving = np.array([name in MOVES for name in types], np.int64)
    grouping.ordered(
        found, first, order, events, instants, told, source, sequence, ranks, moving, read.bare, read.beyond
    )
    return first, order, events
