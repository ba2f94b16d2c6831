"""Some tickets of a log as the kernels read them: typed, coded, and in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, field, frozen

from slarules.columnar.entangled import Entangled, why_of
from slarules.columnar.kernels import grouping
from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import DESK, Codes, Instants
from slarules.columnar.log.correcting import CarriedOut
from slarules.columnar.meanings import BAD, UNKNOWN, Meanings, Recorded
from slarules.columnar.subjects import Subjects
from slarules.columnar.tables.conditions import Vocabulary
from slarules.columnar.ties import Runs, untied
from slarules.engine.history import RANK, Words
from slarules.engine.orders import MOVES


@frozen(eq=False)
class Tickets:
    """Tickets that are judged together."""

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


@frozen(eq=False)
class Typed:
    """A log and what it means: all that its tickets are read from."""

    standing: CarriedOut
    """The log as it stands after its corrections."""
    subjects: Subjects
    words: Vocabulary
    """What conditions can turn on, as codes."""
    types: tuple[str, ...]
    """The types of event, by number."""
    known: Words
    """What the log's words mean in the contract."""
    meanings: Meanings
    options: Mapping[str, Instants]
    """Choice → [text] its option (see ``meanings.options_of``)."""
    entangled: Entangled
    first: Instants
    """[subject] → where its rows begin in ``rows``; one more than subjects."""
    rows: Codes
    """The log's rows by subject, those of one in the order of the log."""
    recorded_at: Instants | None
    """[row] → when it was recorded, ``NEVER`` where that is not said; None: it never is."""
    sequence: Instants | None
    """[row] → its number among those of its source, likewise."""


@define
class _Reading:
    """Rows that are being read, those of one ticket after those of another."""

    typed: Typed
    rows: Any
    """[event] → its row in the log."""
    counts: Instants
    """[ticket] → how many events it has."""
    events: Any
    """As ``Tickets`` has them."""
    beyond: Instants

    @property
    def ticket(self) -> Instants:
        """[event] → its ticket."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @property
    def types(self) -> Instants:
        """[event] → its type."""
        found: Instants = self.events[:, 1] & 0xFFFF
        return found

    @property
    def actors(self) -> Instants:
        """[event] → the party that acted, -1 for nobody."""
        found: Instants = (self.events[:, 1] >> 16 & 0xFF) - 1
        return found

    def mark(self, wrong: Any, why: int) -> None:
        """The tickets of these events, a mask or their places, are beyond the kernels."""
        own = self.ticket[wrong]
        self.beyond[own[self.beyond[own] == 0]] = why


def tickets_of(typed: Typed, low: int, high: int) -> Tickets:
    """The tickets among the subjects from ``low`` up to, without, ``high``."""
    subjects = low + np.flatnonzero(typed.subjects.is_ticket[low:high])
    counts = typed.first[subjects + 1] - typed.first[subjects]
    rows = typed.rows[typed.first[low] : typed.first[high]]
    if len(subjects) < high - low:
        rows = rows[np.repeat(typed.subjects.is_ticket[low:high], np.diff(typed.first[low : high + 1]))]
    read = _read(typed, rows, counts, why_of(typed.entangled, subjects))
    facts = _facts(read)
    read.beyond[(read.beyond == 0) & typed.subjects.disputed[subjects]] = at.DISPUTED
    rows, events, beyond = read.rows, read.events, read.beyond
    first = np.concatenate(([0], np.cumsum(read.counts))).astype(np.int64)
    order = _in_order(read, first)
    if order is None:
        return Tickets(subjects, first, rows, events, _facts_in_order(facts, len(events), None), beyond)
    ties = untied(typed.standing.log, typed.standing.changed, typed.known, first, rows, order, events, beyond)
    return Tickets(subjects, first, rows[order], events, _facts_in_order(facts, len(events), order), beyond, ties)


def _read(typed: Typed, rows: Any, counts: Instants, beyond: Instants) -> _Reading:
    """The rows that are events of a type that the contract knows; a ticket that has others is marked."""
    log, meanings = typed.standing.log, typed.meanings
    read = _Reading(typed, rows, counts, np.empty((len(rows), 2), np.int64), beyond)
    grouping.laid(rows, log.instants, read.events)
    codes = log.column("type").codes
    if grouping.told(rows, codes, meanings.types, 0, 0xFFFF, -1, read.events) < 0:
        types, ticket = meanings.types[codes[rows]], read.ticket
        read.mark(types == UNKNOWN, at.UNKNOWN_TYPE)
        known = types >= 0
        return _read(typed, rows[known], np.bincount(ticket[known], minlength=len(counts)), beyond)
    grouping.told(rows, log.column("actor").codes, meanings.actors + np.int32(1), 16, 0xFF, -1, read.events)
    if typed.recorded_at is not None:
        known = typed.recorded_at[rows]
        read.events[:, 1] |= ((known != at.NEVER) & (known < log.instants[rows])).astype(np.int64) << 48
    return read


# ---- Facts ------------------------------------------------------------------------------------------------------


def _facts(read: _Reading) -> list[tuple[Any, int, Instants]]:
    """Lays severities, and whom it waits on, beside each event; gives the other facts: (events, fact, codes)."""
    meanings, rows, events = read.typed.meanings, read.rows, read.events
    for one, levels in meanings.severities:
        if grouping.told(rows, one.codes, levels + np.int32(1), 24, 0xFF, -1, events) < 0:
            read.mark(levels[one.codes[rows]] == BAD, at.BAD_FACT)
    for one, whom in meanings.waits:
        grouping.told(rows, one.codes, whom, 32, 0xFFFF, at.WAITING, events)
    facts: list[tuple[Any, int, Instants]] = []
    for one in meanings.facts:
        if one.asked < 0 and one.judge < 0 and one.means.all():  # nothing turns on it, and nothing is wrong with it
            continue
        codes = one.of(rows)
        _fact(read, one, np.where(read.types == at.WAITING, -1, codes) if one.name == "on" else codes, facts)
    return facts + _elections(read)


def _fact(read: _Reading, one: Recorded, codes: Codes, facts: list[tuple[Any, int, Instants]]) -> None:
    events = np.flatnonzero(codes >= 0)
    if one.judge >= 0:  # one party's to judge
        acting = read.actors[events]
        types = read.types[events]
        wrong = (types == _number(read, "recorded")) & (acting >= 0) & (acting != one.judge)
        read.mark(events[wrong], at.NOT_THEIRS)
    found = one.means[codes[events]].astype(np.int64)
    read.mark(events[found == 0], at.BAD_FACT)
    if one.asked >= 0:
        facts.append((events, one.asked, found))


def _number(read: _Reading, name: str) -> int:
    types = read.typed.types
    return types.index(name) if name in types else -1


def _elections(read: _Reading) -> list[tuple[Any, int, Instants]]:
    """The events that name an option of a choice: by the choice's own name, or as the option of it, or of any (R22)."""
    meanings, words = read.typed.meanings, read.typed.words
    if not read.typed.options:
        return []
    nothing = np.zeros(len(read.rows), np.int64)
    said = dict.fromkeys((*words.choices, "choice", "option"), nothing)
    for name, ones in meanings.naming.items():
        for one in ones:
            texts = np.zeros(0, np.int32) if one.texts is None else one.texts
            found = texts[one.of(read.rows)]
            said[name] = np.where(found != 0, found, said[name])
    electing = np.isin(read.types, (at.ELECTED, at.AGREED))
    facts = []
    for choice, options in read.typed.options.items():
        of_choice = np.isin(said["choice"], (0, meanings.texts.get(choice, 0)))
        named = np.where(said[choice] != 0, said[choice], np.where(of_choice, said["option"], 0))
        codes = options[named]
        events = np.flatnonzero((codes > 0) & electing)
        facts.append((events, at.ELECTS | words.choices[choice], codes[events]))
    return facts


def _facts_in_order(facts: list[tuple[Any, int, Instants]], many: int, order: Any) -> Instants:
    begin: Instants = np.full(many + 1, many + 1, np.int64)
    if not facts:
        return begin
    events = np.concatenate([events for events, _, _ in facts])
    if order is not None:
        place = np.empty(many, np.int64)
        place[order] = np.arange(many)
        events = place[events]
    told = np.concatenate([codes << 16 | fact for _, fact, codes in facts])
    begin[1:] += np.cumsum(np.bincount(events, minlength=many))
    return np.concatenate((begin, told[np.argsort(events, kind="stable")]))


# ---- Order ------------------------------------------------------------------------------------------------------


def _in_order(read: _Reading, first: Instants) -> Any:
    """Puts each ticket's events in the order of R12; gives [event] → where it was, or None where all stay."""
    events = read.events
    found = np.empty(len(first) - 1, np.int64)
    found = found[: grouping.unordered(first, events, found)]
    if not len(found):
        return None
    typed, log = read.typed, read.typed.standing.log
    sources = log.column("source")
    named = [*(name or DESK for name in sources.values), DESK]
    by_name = {name: number for number, name in enumerate(sorted(set(named)))}
    source = np.array([by_name[name] for name in named], np.int32)[sources.codes[read.rows]]
    counted = typed.sequence
    sequence = np.full(len(read.rows), at.NEVER, np.int64) if counted is None else counted[read.rows]
    place = sorted(range(len(typed.types)), key=lambda n: (RANK.get(typed.types[n], len(RANK)), typed.types[n]))
    ranks = np.empty(len(place), np.int64)
    ranks[place] = np.arange(len(place))
    moving = np.array([name in MOVES for name in typed.types], np.int64)
    bare = np.ones(len(read.rows), np.int8)  # of which nothing is recorded
    for one in typed.meanings.recorded:
        bare[one.of(read.rows) >= 0] = 0
    order = np.arange(len(read.rows))
    at_, told = events[:, 0].copy(), events[:, 1].copy()
    grouping.ordered(found, first, order, events, at_, told, source, sequence, ranks, moving, bare, read.beyond)
    return order
