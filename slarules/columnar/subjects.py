"""Whose events a log holds: its subjects in order, which are tickets, and under which agreement each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen

from slarules.columnar.kernels import grouping
from slarules.columnar.log.coding import CHANGES, Coded, Codes, Column, rows_of
from slarules.columnar.log.columns import events_of
from slarules.engine.history import SubjectHistory, settle
from slarules.model.contract import Contract, Terms


@frozen(eq=False)
class Subjects:
    """The subjects of a log."""

    names: pa.Array
    """Every subject, in order."""
    of_row: Codes
    """[row] → its subject's place among ``names``."""
    is_ticket: Any
    """[subject] → whether it is a ticket; the others are agreements and the like."""
    agreement: Codes
    """[subject] → its agreement among ``agreements``; -1: none."""
    agreements: tuple[str, ...]
    """The names of agreements that anything is said to stand under."""
    disputed: Any
    """[subject] → whether its events do not agree what it is, or under which agreement it stands."""


def subjects_of(log: Coded, contract: Contract, versions: Sequence[Terms], as_of: int) -> Subjects:
    """The subjects of a log as of an instant (R2, R12); see ``engine.history`` for how kind and agreement are told."""
    terms = merged(versions)
    types, said, named = log.column("type"), log.column("kind"), log.column("agreement")
    known = [name in terms.events and name not in CHANGES for name in types.values]
    kinds: dict[str, int] = {"ticket": 0}
    of_type = [
        -2 if not ok else -1 if (its := terms.events[name].kind) is None else kinds.setdefault(its, len(kinds))
        for name, ok in zip(types.values, known, strict=True)
    ]
    of_word = [kinds.setdefault(word, len(kinds)) if word else -1 for word in said.values]
    kind, agreement = np.full(len(log.names), -1, np.int32), np.full(len(log.names), -1, np.int32)
    disputed = np.zeros(len(log.names), np.int8)
    if len(kinds) > 1:
        _told(log, said, of_type, of_word, as_of, kind, disputed)
    if named.values:
        nothing = [-1 if ok else -2 for ok in known]
        of_name = [n if name else -1 for n, name in enumerate(named.values)]
        _told(log, named, nothing, of_name, as_of, agreement, disputed)
    kind[kind < 0] = 0
    names = {name: number for number, name in enumerate(named.values)}
    for number, one in _settled(log, contract, versions, np.flatnonzero(disputed), as_of):
        kind[number] = kinds.setdefault(one.kind, len(kinds))
        agreement[number] = -1 if one.agreement is None else names.setdefault(one.agreement, len(names))
    is_agreement = np.flatnonzero(kind == kinds.get("agreement", -1))
    own = [names.setdefault(str(log.names[int(n)]), len(names)) for n in is_agreement]
    if len(own) == 1:
        agreement[agreement < 0] = own[0]
    agreement[is_agreement] = own
    return Subjects(log.names, log.subject, kind == 0, agreement, tuple(names), disputed > 0)


def _told(
    log: Coded, words: Column, by_type: Sequence[int], by_word: Sequence[int], as_of: int, found: Codes, disputed: Any
) -> None:
    """What the subjects' events say of them; what it is called in a column ``words`` stands before its type."""
    types = log.column("type").codes
    codes, meant = (words.codes, by_word) if by_word else (types, [-1] * len(by_type))
    lookups = (np.array([*by_type, -2], np.int32), np.array([*meant, -1], np.int32))
    grouping.told_of(log.subject, types, codes, *lookups, log.instants, as_of, found, disputed)


def _settled(
    log: Coded, contract: Contract, versions: Sequence[Terms], disputed: Any, as_of: int
) -> Iterator[tuple[int, SubjectHistory]]:
    """What the order of their events says of subjects whose events do not agree (R12)."""
    if not len(disputed):
        return
    rows = np.flatnonzero(np.isin(log.subject, disputed))
    told = settle(contract, versions, events_of(rows_of(log, rows)), as_of)
    for number in disputed.tolist():
        one = told.subjects.get(str(log.names[number]))
        if one is not None:
            yield number, one


def merged(terms: Sequence[Terms]) -> Terms:
    """The last version's terms with the facts and types of event of all."""
    facts: dict[str, Any] = {name: fact for version in terms for name, fact in version.facts.items()}
    events: Mapping[str, Any] = {name: event for version in terms for name, event in version.events.items()}
    return evolve(terms[-1], facts=facts, events=events)
