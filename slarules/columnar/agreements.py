"""The agreements of a log, as far as their tickets turn on them. Their lives are the reference engine's to tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from slarules.columnar.kernels.layout import NEVER
from slarules.columnar.log.coding import CHANGES, Coded, Column, Instants, rows_of
from slarules.columnar.log.columns import events_of
from slarules.columnar.subjects import Subjects
from slarules.columnar.tickets import Tickets
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.agreements.binding import next_turn, over
from slarules.engine.evaluate import agreements_of
from slarules.engine.history import settle
from slarules.model.contract import Contract, Terms
from slarules.model.value import Unknown


@frozen(eq=False)
class Agreements:
    """The agreements that have a history in the log."""

    own: Mapping[str, Agreement]
    """By name."""
    known: frozenset[str]
    """The names of those that the log has, also where nothing had happened to them yet."""
    types: frozenset[str]
    """The types of event that happened to any of them."""
    named: tuple[str, ...]
    """All that anything is said to stand under, as ``Subjects.agreements``."""

    def of_ticket(self, subjects: Subjects, tickets: Tickets) -> Instants:
        """[ticket] → the agreement it stands under, by its place in ``own``; -1: none with a history."""
        place = {name: number for number, name in enumerate(self.own)}
        codes = np.array([*(place.get(name, -1) for name in subjects.agreements), -1], np.int64)
        return codes[subjects.agreement[tickets.subject]]

    def strangers(self, subjects: Subjects, tickets: Tickets) -> Any:
        """[ticket] → whether it stands under an agreement that the log does not have, though it has others."""
        absent = np.array([*(name not in self.known for name in subjects.agreements), False])
        return absent[subjects.agreement[tickets.subject]] & bool(self.known)

    def over(self, version: Adopted, as_of: int) -> list[str | Unknown | None]:
        """What has ended each of the agreements that ``Subjects.agreements`` names; the last is for none."""
        return [*(over(version, self.own.get(name), as_of) for name in self.named), over(version, None, as_of)]


    def turns(self, version: Adopted, as_of: int) -> Instants:
        """When next what does not survive the term binds no more, or again; for each as ``over``."""
        lives = [*(self.own.get(name) for name in self.named), None]
        found = [next_turn(version, life, as_of) for life in lives]
        return np.array([NEVER if turn is None else turn for turn in found], np.int64)


def agreements_in(
    contract: Contract,
    versions: Sequence[Adopted],
    log: Coded,
    standing: Coded,
    subjects: Subjects,
    as_of: int,
) -> Agreements:
    """The agreements of a log, which is ``standing`` after its corrections.

    What moves their allowances is looked at with them (R34).
    """
    apart = ~subjects.is_ticket
    for types in (log.column("type"), standing.column("type")):
        apart[subjects.of_row[_of_types(types, moving(version.terms for version in versions))]] = True
    changes = _of_types(log.column("type"), CHANGES)
    rows = np.flatnonzero(apart[subjects.of_row]) if apart.any() else np.empty(0, np.int64)
    events = events_of(rows_of(log, np.union1d(rows, changes)))
    told = settle(contract, [version.terms for version in versions], events, as_of)
    own = agreements_of(versions, told, as_of)
    known = frozenset(name for name, subject in told.subjects.items() if subject.kind == "agreement")
    happened = frozenset(e.type for name in known for e in told.subjects[name].entries)
    return Agreements(own, known, happened, subjects.agreements)


def moving(versions: Iterable[Terms]) -> frozenset[str]:
    """The types of event that may move an allowance: they fill it, draw on it, or end what a term leaves unused."""
    found: set[str] = set()
    for own in (own for terms in versions for own in terms.allowances.values()):
        found |= {"terminated"}
        found |= {fill[0] for fill in own.fills} | {draw[0] for draw in own.draws}
    return frozenset(found)


def _of_types(types: Column, names: Collection[str]) -> Instants:
    """The rows of these types."""
    among = np.array([*(name in names for name in types.values), False])
    return np.flatnonzero(among[types.codes]) if among.any() else np.empty(0, np.int64)
