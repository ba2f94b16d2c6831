"""The tickets of a table as the kernels read them: typed, coded, and in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen

from slarules.columnar.columns import FIELDS, facts_of, raw_of
from slarules.columnar.hashing import combined, hash_of, hashes
from slarules.columnar.kernels import grouping
from slarules.columnar.kernels import layout as at
from slarules.columnar.subjects import Codes, Subjects, coded, column_of
from slarules.columnar.tables.conditions import Vocabulary
from slarules.engine.evaluate import MOVES
from slarules.engine.history import RANK, party_names, typed_value
from slarules.model.contract import Contract, Terms
from slarules.model.event import Raw
from slarules.model.rules import Fact
from slarules.model.value import Value

CHANGES = ("corrected", "retracted")
Bits = np.ndarray[Any, np.dtype[np.int8]]


@frozen(eq=False)
class Tickets:
    """Every ticket of a table."""

    number: Codes
    """[subject] → its number among tickets; -1: it is none."""
    subject: Codes
    """[ticket] → its subject."""
    first: Codes
    """[ticket] → where its events begin; one more than tickets."""
    order: Codes
    """[event] → its row in the table."""
    events: Any
    """[event, 2]: when it happened, and all else in one number (see ``kernels.happened``)."""
    facts: Any
    """[event] → where its facts begin, one more than events; then the facts: which, and its code above 16 bits."""
    beyond: Codes
    """[ticket] → why it is beyond the kernels, as far as can be seen beforehand; 0: it is not."""


@define
class _Reading:
    """What is made of a table's rows before they are put in order."""

    table: pa.Table
    terms: Terms
    words: Vocabulary
    ticket: Codes
    """[row] → its ticket; -1: none."""
    beyond: Codes
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
    facts: list[tuple[Codes, int, Codes]] = field(factory=list)
    """(rows, fact, codes)."""
    values: dict[str, list[Value]] = field(factory=dict)
    """Fact → its values by code, from 1."""

    def mark(self, rows: Any, why: int) -> None:
        """The tickets of these rows are beyond the kernels."""
        own = self.ticket[rows]
        own = own[own >= 0]
        self.beyond[own[self.beyond[own] == 0]] = why


def numbered(subjects: Subjects) -> tuple[Codes, Codes]:
    """[subject] → its number among tickets, -1 for none; and [ticket] → its subject."""
    tickets = np.flatnonzero(subjects.is_ticket)
    number = np.full(len(subjects.names), -1, np.int64)
    number[tickets] = np.arange(len(tickets))
    return number, tickets


def tickets_of(
    table: pa.Table, subjects: Subjects, contract: Contract, terms: Terms, words: Vocabulary, types: Sequence[str]
) -> tuple[Tickets, dict[str, int], dict[str, list[Value]]]:
    """The tickets of a checked table, whom they wait on by code, and the values of their facts by code."""
    number, subject_of = numbered(subjects)
    read = _read(table, contract, terms, words, types, number[subjects.of_row], len(subject_of))
    instants = _micros(table.column("at"))
    severity, on = _facts(read)
    recorded = _micros(column_of(table, "recorded_at"))
    skew = ((recorded != at.NEVER) & (recorded < instants)).astype(np.int64)
    _repeated(read)
    _drawing(read, types)
    first, order = _in_order(read, instants, types)
    told = read.types & 0xFFFF | (read.actors + 1) << 16 | (severity + 1) << 24 | on << 32 | skew << 48
    events = np.empty((len(order), 2), np.int64)
    events[:, 0], events[:, 1] = instants[order], told[order]
    tickets = Tickets(number, subject_of, first, order, events, _facts_in_order(read, order), read.beyond)
    return tickets, read.waited, read.values


def _micros(column: pa.ChunkedArray) -> Codes:
    whole: Codes = pc.fill_null(column.cast(pa.int64()), at.NEVER).to_numpy()
    return whole


def _read(
    table: pa.Table,
    contract: Contract,
    terms: Terms,
    words: Vocabulary,
    types: Sequence[str],
    ticket: Codes,
    count: int,
) -> _Reading:
    place = {name: number for number, name in enumerate(types)}
    codes, names = coded(table.column("type"))
    own = np.array([-2 if name in CHANGES else place.get(name, -1) for name in names] or [-1], np.int64)[codes]
    called = party_names(contract)
    party = {name: number for number, name in enumerate(words.parties)}
    codes, names = coded(column_of(table, "actor"))
    acting = [party.get(called.get(name, name), len(party)) for name in names]
    actors = np.array([*acting, -1], np.int64)[codes]
    beyond = np.zeros(count, np.int64)
    recorded = place.get("recorded", -1)
    read = _Reading(table, terms, words, ticket, beyond, own, actors, own >= 0, called, recorded)
    read.bare = np.ones(table.num_rows, np.int8)
    read.mark(np.flatnonzero(own == -1), at.UNKNOWN_TYPE)
    _corrected(read, np.flatnonzero(own == -2))
    return read


def _corrected(read: _Reading, changes: Codes) -> None:
    """Corrections and retractions, and what they are of: theirs is the reference engine's (R3)."""
    if not len(changes):
        return
    targets = column_of(read.table, "target").take(pa.array(changes)).cast(pa.string())
    meant = pc.is_in(read.table.column("id").cast(pa.string()), value_set=targets.combine_chunks())
    read.mark(np.flatnonzero(meant.to_numpy()), at.CORRECTED)
    read.mark(changes, at.CORRECTED)
    others = column_of(read.table, "facts").take(pa.array(changes))
    if pc.any(pc.match_substring(others.cast(pa.string()), '"subject"')).as_py():
        read.beyond[:] = at.CORRECTED  # an event given to another subject


def _repeated(read: _Reading) -> None:
    """Ids that are there twice (R32), or that seem to be: the reference engine tells."""
    ids = hashes(read.table.column("id").cast(pa.string()))
    if not len(ids):
        return
    sources = column_of(read.table, "source")
    if sources.null_count < len(sources):
        numbers, names = coded(sources)
        own = np.array([*(hash_of(name or "desk") for name in names), hash_of("desk")], np.uint64)
        ids = combined(own[numbers], ids)
    size = 1 << max(4, int(len(ids) * 2 - 1).bit_length())
    twice = np.zeros(len(ids), np.int8)
    if grouping.repeated(ids.view(np.int64), np.full(size, -1, np.int32), twice):
        read.mark(np.flatnonzero(twice), at.REPEATED)


def _drawing(read: _Reading, types: Sequence[str]) -> None:
    drawing = {name for own in read.terms.allowances.values() for name, *_ in (*own.fills, *own.draws)}
    codes = [number for number, name in enumerate(types) if name in drawing]
    if codes:
        read.mark(np.flatnonzero(np.isin(read.types, codes)), at.DRAWS)


# ---- Facts ------------------------------------------------------------------------------------------------------


def _facts(read: _Reading) -> tuple[Codes, Codes]:
    """Severities and whom it waits on, by row; the other facts are put beside."""
    rows = read.table.num_rows
    severity, on = np.full(rows, -1, np.int64), np.zeros(rows, np.int64)
    for name, codes, values in _recorded(read.table):
        read.bare[codes >= 0] = 0
        if name == "severity":
            severity = np.maximum(severity, _severities(read, codes, values))
        elif name == "on":
            on = np.maximum(on, _waited(read, codes, values))
        else:
            _fact(read, name, codes, values)
    return severity, on


def _recorded(table: pa.Table) -> Iterator[tuple[str, Codes, list[Raw]]]:
    """Each fact of a table, with its values by code; -1 where it was not recorded."""
    for name in table.column_names:
        column = table.column(name)
        if (name in FIELDS and name != "facts") or column.null_count == table.num_rows:
            continue
        codes, values = coded(column)
        if name != "facts":
            yield name, codes, [raw_of(value) for value in values]
            continue
        told = [facts_of(text, int(np.argmax(codes == n))) for n, text in enumerate(values)]
        for own in dict.fromkeys(key for facts in told for key in facts):
            given = [facts.get(own) for facts in told]
            place = np.array([*(-1 if v is None else n for n, v in enumerate(given)), -1], np.int64)
            yield own, place[codes], given


def _severities(read: _Reading, codes: Codes, values: Sequence[Any]) -> Codes:
    place = {level: number for number, level in enumerate(read.words.levels)}
    own = np.array([*(place.get(str(v).strip(), -2) for v in values), -1], np.int64)[codes]
    read.mark(np.flatnonzero((own == -2) & read.known), at.BAD_FACT)
    return np.where(read.known, own, -1)


def _waited(read: _Reading, codes: Codes, values: Sequence[Any]) -> Codes:
    waiting = (read.types == at.WAITING) & (codes >= 0)
    _fact(read, "on", np.where(waiting, -1, codes), values)
    names = [read.called.get(str(v), str(v)) for v in values]
    own = np.array([*(read.waited.setdefault(name, len(read.waited) + 1) for name in names), 0], np.int64)
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


def _by_others(read: _Reading, fact: Fact, rows: Codes) -> None:
    """A fact that is one party's to judge, recorded by another."""
    judge = read.words.parties.index(str(fact.judged_by))
    acting = read.actors[rows]
    wrong = (read.types[rows] == read.recorded) & (acting >= 0) & (acting != judge)
    read.mark(rows[wrong], at.NOT_THEIRS)


def _facts_in_order(read: _Reading, order: Codes) -> Codes:
    begin = np.full(len(order) + 1, len(order) + 1, np.int64)
    if not read.facts:
        return begin
    place = np.full(read.table.num_rows, -1, np.int64)
    place[order] = np.arange(len(order))
    events = np.concatenate([place[rows] for rows, _, _ in read.facts])
    facts = np.concatenate([codes << 16 | fact for _, fact, codes in read.facts])
    sound = events >= 0
    events, facts = events[sound], facts[sound]
    begin[1:] += np.cumsum(np.bincount(events, minlength=len(order)))
    return np.concatenate((begin, facts[np.argsort(events, kind="stable")]))


# ---- Order ------------------------------------------------------------------------------------------------------


def _in_order(read: _Reading, instants: Codes, types: Sequence[str]) -> tuple[Codes, Codes]:
    """Each ticket's rows in the order of R12, unknown types and corrections left out."""
    count = len(read.beyond)
    ticket = np.where(read.known, read.ticket, -1)
    first = np.zeros(count + 2, np.int64)
    order = np.empty(int((ticket >= 0).sum()), np.int64)
    grouping.grouped(ticket, first, order)
    first = first[:-1]
    sources, names = coded(column_of(read.table, "source"))
    named = [*(name or "desk" for name in names), "desk"]
    rank = {name: number for number, name in enumerate(sorted(set(named)))}
    source = np.array([rank[name] for name in named], np.int64)[sources]
    sequence = _micros(column_of(read.table, "sequence"))
    place = sorted(range(len(types)), key=lambda n: (RANK.get(types[n], len(RANK)), types[n]))
    ranks = np.empty(len(types) + 1, np.int64)
    ranks[place] = np.arange(len(types))
    moving = np.array([name in MOVES for name in types] + [False], np.int64)
    grouping.ordered(
        first, order, instants, source, sequence, ranks[read.types], moving[read.types], read.bare, read.beyond
    )
    return first, order
