"""Whose events a table holds: its subjects in order, which are tickets, and under which agreement each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules.model.contract import Terms

Codes = np.ndarray[Any, np.dtype[np.int64]]


@frozen(eq=False)
class Subjects:
    """The subjects of a table of events."""

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


def coded(column: pa.ChunkedArray) -> tuple[Codes, list[Any]]:
    """[row] → the value's code, -1 for null; and the values by code."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], column.type)
    if pa.types.is_list(whole.type) or pa.types.is_large_list(whole.type):
        return _coded_lists(whole)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64, copy=False), whole.dictionary.to_pylist()


def _coded_lists(lists: pa.Array) -> tuple[Codes, list[Any]]:
    place: dict[Any, int] = {}
    codes = [-1 if own is None else place.setdefault(tuple(own), len(place)) for own in lists.to_pylist()]
    return np.array(codes, np.int64), [list(own) for own in place]


def column_of(table: pa.Table, name: str) -> pa.ChunkedArray:
    """A column, all null where the table has none of the name."""
    if name in table.column_names:
        return table.column(name)
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def subjects_of(table: pa.Table, terms: Terms) -> Subjects:
    """The subjects of a checked table; see ``engine.history`` for how their kind and agreement are told."""
    codes, names = _sorted(table.column("subject"))
    kinds = _kinds(table, terms, codes, len(names))
    is_ticket = kinds == "ticket"
    is_agreement = kinds == "agreement"
    said, agreements = coded(column_of(table, "agreement"))
    agreement = np.full(len(names), -1, np.int64)
    known = np.flatnonzero((said >= 0) & np.isin(said, [n for n, name in enumerate(agreements) if name]))[::-1]
    agreement[codes[known]] = said[known]  # the first that the log has is written last
    place = {name: number for number, name in enumerate(agreements)}
    own = [str(names[int(n)]) for n in np.flatnonzero(is_agreement)]
    for name in own:
        if name not in place:
            place[name] = len(agreements)
            agreements.append(name)
    if len(own) == 1:
        agreement[agreement < 0] = place[own[0]]
    for number, name in zip(np.flatnonzero(is_agreement).tolist(), own, strict=True):
        agreement[number] = place[name]
    return Subjects(names, codes, is_ticket, agreement, tuple(agreements))


def _sorted(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    whole = pa.concat_arrays(column.chunks) if column.num_chunks != 1 else column.chunk(0)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    names, indices = whole.dictionary, whole.indices.to_numpy(zero_copy_only=False)
    used = np.zeros(len(names), bool)
    used[indices] = True
    rising = len(names) < 2 or pc.all(pc.less(names[:-1], names[1:])).as_py()
    if rising and used.all():
        return indices.astype(np.int64), names
    order = pc.sort_indices(names).to_numpy()
    order = order[used[order]]
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(order))
    return rank[indices], names.take(pa.array(order))


def _kinds(table: pa.Table, terms: Terms, codes: Codes, count: int) -> Any:
    """[subject] → what kind it is: as the first of its events of a known type says."""
    types, names = coded(table.column("type"))
    own: Sequence[Any] = [terms.events[name].kind if name in terms.events else None for name in names]
    kinds: dict[str, int] = {"ticket": 0}
    of_type = np.array([-1 if k is None else kinds.setdefault(k, len(kinds)) for k in own] or [-1], np.int64)
    known_type = np.array([name in terms.events for name in names] or [False])
    found = of_type[types]
    said, words = coded(column_of(table, "kind"))
    if words:
        of_word = np.array([kinds.setdefault(word, len(kinds)) if word else -1 for word in words], np.int64)
        found = np.where((said >= 0) & (of_word[said] >= 0), of_word[said], found)
    rows = np.flatnonzero((found >= 0) & known_type[types])[::-1]
    result = np.zeros(count, np.int64)
    result[codes[rows]] = found[rows]
    return np.array(list(kinds))[result]


def merged(terms: Sequence[Terms]) -> Terms:
    """The last version's terms with the facts and types of event of all."""
    facts: dict[str, Any] = {name: fact for version in terms for name, fact in version.facts.items()}
    events: Mapping[str, Any] = {name: event for version in terms for name, event in version.events.items()}
    return evolve(terms[-1], facts=facts, events=events)
