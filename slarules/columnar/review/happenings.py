"""What happened to each subject of a coded log, as far as it can be told without judging; and parts of such a log."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules.columnar.log.coding import CHANGES, Coded, Codes, recorded, whole_table
from slarules.columnar.log.columns import events_of
from slarules.columnar.log.ids import ids_among, ids_at, rows_with
from slarules.engine.history import Words
from slarules.engine.recorded import name_among, typed_value
from slarules.model.event import Event
from slarules.model.rules import Fact

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@frozen
class Stem:
    """What subjects that are alike have in common."""

    types: frozenset[str]
    """The types of their events."""
    graded: bool
    """Whether a severity was recorded."""
    regraded: bool
    """Whether one was recorded otherwise than with the opening."""


def stems(log: Coded, levels: Collection[str], known: Collection[str]) -> tuple[Codes, list[Stem]]:
    """[subject] → its stem, and the stems; of subjects that are neither ``tied`` nor opened twice.

    ``levels`` are the severities, ``known`` the types of event that the contract has.
    """
    types = log.column("type")
    many = len(types.values)
    bits = np.zeros((len(log.names), (many + 2 + 7) // 8), np.uint8)
    for code, name in enumerate(types.values):
        if name in known:
            _mark(bits, log.subject[types.codes == code], code)
    graded = _graded(log, levels)
    opening = np.isin(types.codes, [code for code, name in enumerate(types.values) if name == "opened"])
    _mark(bits, log.subject[graded], many)
    _mark(bits, log.subject[graded & ~opening], many + 1)
    kinds, stem_of = np.unique(bits, axis=0, return_inverse=True)
    told = np.unpackbits(kinds, axis=1, bitorder="little").astype(bool)
    found = [
        Stem(frozenset(name for name, there in zip(types.values, own[:many], strict=True) if there),
             bool(own[many]), bool(own[many + 1]))
        for own in told
    ]  # fmt: skip
    return stem_of.ravel().astype(np.int32), found


def _mark(bits: Any, subjects: Codes, place: int) -> None:
    bits[subjects, place >> 3] |= np.uint8(1 << (place & 7))


def _graded(log: Coded, levels: Collection[str]) -> Mask:
    """[row] → whether it records a severity of the contract, or changes one."""
    types = log.column("type")
    found: Mask = np.isin(types.codes, [c for c, name in enumerate(types.values) if name == "severity_changed"])
    for name, codes, within, values in recorded(log):
        if name == "severity":
            sound = np.array([*(name_among(levels, value) is not None for value in values), False])
            found |= sound[codes if within is None else within[codes]]
    return found


def facts_told(log: Coded, words: Words, apart: Mask) -> set[str]:
    """The facts of the contract that are recorded with effect of any subject but those ``apart``."""
    types, actors = log.column("type"), log.column("actor")
    sound = np.array([*(name in words.events for name in types.values), False])[types.codes] & ~apart[log.subject]
    found = set()
    for name, texts, within, values in recorded(log):
        codes = texts if within is None else within[texts]
        fact = words.facts.get(name)
        if fact is None:
            continue
        meant = [value is not None and typed_value(fact.type, value) is not None for value in values]
        rows = np.array([*meant, False])[codes] & sound
        if name == "on":
            rows &= np.array([*(kind != "waiting" for kind in types.values), False])[types.codes]
        if fact.judged_by is not None and rows.any():
            rows &= ~_by_others(fact, types.codes, types.values, actors.codes, actors.values, words.parties)
        if rows.any():
            found.add(name)
    return found


def _by_others(
    fact: Fact, types: Codes, kinds: Sequence[Any], actors: Codes, names: Sequence[Any], called: Mapping[str, str]
) -> Mask:
    """[row] → whether another than its judge recorded the fact."""
    other = np.array([*(called.get(name, name) != fact.judged_by for name in names), False])
    found: Mask = np.array([*(kind == "recorded" for kind in kinds), False])[types] & other[actors]
    return found


# ---- Which subjects hang together, and parts of a log --------------------------------------------------------------


def tied(log: Coded) -> tuple[Mask, Mask]:
    """[subject] → whether events of it are doubled (R32), corrected or retracted (R3); and whether they hang together
    with those of another subject for it, so that the two are judged together."""
    own, others = np.zeros((2, len(log.names)), bool)
    for rows, apart in (_doubled(log), _changed(log)):
        own[log.subject[rows]] = True
        others[log.subject[apart]] = True
    return own | others, others


_Rows = np.ndarray[Any, np.dtype[np.int64]]


def _doubled(log: Coded) -> tuple[_Rows, _Rows]:
    """The rows whose id is there twice; and those of them that share it with another subject."""
    return log.twice, log.twice[_shared(ids_at(log.ids, log.twice), log.subject[log.twice])]


def _shared(ids: pa.Array, subjects: Codes) -> Mask:
    """[row] → whether its id is that of another subject, too."""
    codes = ids.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    size = int(codes.max()) + 1 if len(codes) else 0
    low, high = np.full(size, len(subjects) and int(subjects.max())), np.zeros(size, np.int64)
    np.minimum.at(low, codes, subjects)
    np.maximum.at(high, codes, subjects)
    found: Mask = (low != high)[codes] if len(codes) else np.zeros(0, bool)
    return found


def _changed(log: Coded) -> tuple[_Rows, _Rows]:
    """The rows that change others, and those they change; and those of them where either is another subject's."""
    types = log.column("type")
    changes = np.flatnonzero(np.isin(types.codes, [c for c, name in enumerate(types.values) if name in CHANGES]))
    nothing = np.zeros(0, np.int64)
    if not len(changes):
        return nothing, nothing
    rows, ids = [changes], [ids_at(log.ids, changes)]
    if "target" in log.table.column_names:
        named = _texts(log, "target", changes)
        meant = rows_with(log.ids, named)
        rows, ids = [changes, meant], [pc.coalesce(named, ids[0]), ids_at(log.ids, meant)]
    every = np.concatenate(rows)
    apart = every[_shared(pa.concat_arrays(ids), log.subject[every])]
    moved = [_moved_to(text) for text in _texts(log, "facts", changes).to_pylist()] if "facts" in log.columns else []
    away = np.array([n for n, name in enumerate(moved) if name is not None], np.int64)
    to = pc.index_in(pa.array([name for name in moved if name is not None], pa.string()), value_set=log.names)
    theirs = np.flatnonzero(np.isin(log.subject, to.drop_null().to_numpy()))
    return np.concatenate((every, theirs)), np.concatenate((apart, changes[away], theirs))


def _texts(log: Coded, name: str, rows: _Rows) -> pa.Array:
    found = log.table.column(name).take(pa.array(rows)).cast(pa.string())
    return pa.concat_arrays([*found.chunks, pa.array([], pa.string())])


def _moved_to(text: str | None) -> str | None:
    """Another subject that a correction gives an event to."""
    try:
        name = json.loads(text or "{}").get("subject")
    except (ValueError, AttributeError):
        return None  # whoever makes events of it says what is wrong
    return name if isinstance(name, str) else None


def moved(log: Coded) -> list[str]:
    """The subjects that corrections give events to, each once."""
    types = log.column("type")
    changes = np.flatnonzero(np.isin(types.codes, [c for c, name in enumerate(types.values) if name in CHANGES]))
    if not len(changes) or "facts" not in log.columns:
        return []
    names = (_moved_to(text) for text in pc.unique(_texts(log, "facts", changes)).to_pylist())
    return list(dict.fromkeys(name for name in names if name is not None))


def named(log: Coded) -> pa.Array:
    """Every subject in order, those too that no event names, to which a correction gives one."""
    more = moved(log)
    names = log.names.cast(pa.string())
    if not more:
        return names
    found = pc.unique(pa.concat_arrays([names, pa.array(more, pa.string())]))
    return found.take(pc.sort_indices(found))


def opened_twice(log: Coded) -> Mask:
    """[subject] → whether it was opened more than once."""
    types = log.column("type")
    rows = np.isin(types.codes, [code for code, name in enumerate(types.values) if name == "opened"])
    found: Mask = np.bincount(log.subject[rows], minlength=len(log.names)) > 1
    return found


def having(log: Coded, types: Collection[str]) -> Mask:
    """[subject] → whether it has an event of one of these types."""
    column = log.column("type")
    found = np.zeros(len(log.names), bool)
    found[log.subject[np.isin(column.codes, [c for c, name in enumerate(column.values) if name in types])]] = True
    return found


def only(log: Coded, subjects: Mask) -> Coded:
    """The part of a log that is about these subjects."""
    return log if subjects.all() else part(log, subjects[log.subject])


def part(log: Coded, kept: Mask) -> Coded:
    """The rows that are kept."""
    rows = np.flatnonzero(kept)
    subjects = np.zeros(len(log.names), bool)
    subjects[log.subject[rows]] = True
    place = np.cumsum(subjects) - 1
    twice = np.zeros(len(kept), bool)
    twice[log.twice] = True
    return evolve(
        log,
        table=log.table.take(pa.array(rows)),
        ids=ids_among(log.ids, rows),
        names=log.names.filter(pa.array(subjects)),
        subject=place[log.subject[rows]].astype(np.int32),
        instants=log.instants[rows],
        columns={name: evolve(column, codes=column.codes[rows]) for name, column in log.columns.items()},
        twice=np.flatnonzero(twice[rows]),
    )


def events_about(log: Coded, subjects: Mask) -> list[Event]:
    """The events of these subjects, in the order of the log. Raises ``BadTable``."""
    return events_of(whole_table(only(log, subjects)))


# ---- Names ----------------------------------------------------------------------------------------------------------


def together(names: pa.Array, kept: Mask, others: Sequence[str]) -> tuple[pa.Array, Any]:
    """The names that are kept, and others, in order; and [name] → its place in ``names``, -1 of one of the others."""
    more = pa.array(others, pa.string())
    whole = pa.concat_arrays([names.filter(pa.array(kept)).cast(pa.string()), more])
    places = np.concatenate([np.flatnonzero(kept), np.full(len(others), -1)])
    order = pc.sort_indices(whole)
    return whole.take(order), places[order.to_numpy()]


def chosen(names: pa.Array, mask: Mask) -> list[str]:
    """The names of which ``mask`` is true."""
    return list(names.filter(pa.array(mask)).to_pylist())
