"""Which tickets must be judged together: those that share an id (R32), and those that a correction reaches across (R3).

Each run keeps a number of 64 bits for the identity (source and id) of each of its events, beside one for its subject.
All of them are gone through once, a part of the numbers at a time, in as much memory as one part takes. Two equal
numbers of different subjects link the subjects; a chance likeness of two identities links more than need be judged
together and changes no verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen

from slarules.columnar.disk.budget import TooLittleMemory, told
from slarules.columnar.disk.runs import Run, Sorted
from slarules.columnar.disk.spill import whole
from slarules.columnar.log.coding import DESK
from slarules.columnar.log.hashing import U64, combined, hash_of, hashes
from slarules.columnar.placing import sources_of
from slarules.model.contract import Contract
from slarules.readers.columns.unifying import unified

_PARTS = 256
"""The numbers are gone through in so many parts, by their first bits."""
_AT_ONCE = 1 << 18
"""Numbers put in order at once."""
_LINK = 400
"""Bytes that a link takes while what hangs together is found."""
_CHANGES = pa.array(["corrected", "retracted"])
_DESKS: U64 = hashes(pa.array([DESK], pa.string()))


@define
class Seen:
    """What the whole log tells of its subjects before any is judged."""

    everywhere: set[str] = field(factory=set)
    """Subjects that every range of tickets needs: agreements, and what draws on their allowances (R34)."""
    agreements: set[str] = field(factory=set)
    """Agreements that events name; one that is itself a subject is needed everywhere."""
    moves: set[tuple[str, str]] = field(factory=set)
    """(Subject, the subject that a correction gives its event to)."""
    sources: set[str] = field(factory=set)


@frozen
class Shaping:
    """The types of events by which a subject bears on others."""

    types: pa.Array


def shaping(contract: Contract) -> Shaping:
    """The types that make an agreement of their subject, or fill and draw on an allowance."""
    found = {
        name for terms in contract.versions for name, event in terms.events.items() if event.kind == "agreement"
    }
    for terms in contract.versions:
        for allowance in terms.allowances.values():
            found |= {name for name, _ in allowance.fills} | {draw[0] for draw in allowance.draws}
    return Shaping(pa.array(sorted(found), pa.string()))


def look(seen: Seen, shape: Shaping, table: pa.Table) -> None:
    """Adds to ``seen`` what a batch of checked events tells."""
    types = table.column("type").cast(pa.string())
    bears = pc.is_in(types, value_set=shape.types)
    if "kind" in table.column_names:
        bears = pc.or_(bears, pc.fill_null(pc.equal(table.column("kind").cast(pa.string()), "agreement"), False))
    seen.everywhere.update(_different(table.column("subject").filter(bears)))
    if "agreement" in table.column_names:
        seen.agreements.update(_different(table.column("agreement").drop_null()))
    seen.sources.update(_different(sources_of(table)))
    if "facts" in table.column_names:
        _look_at_corrections(seen, shape, table, types)


def _look_at_corrections(seen: Seen, shape: Shaping, table: pa.Table, types: Any) -> None:
    """A correction may say that an event was of another type, or happened to another subject."""
    text = table.column("facts")
    odd = pc.or_(pc.match_substring(text, '"type"'), pc.match_substring(text, '"subject"'))
    odd = pc.and_(pc.equal(types, "corrected"), pc.fill_null(odd, False))
    if not pc.any(odd).as_py():
        return
    shaping_types = set(shape.types.to_pylist())
    for subject, written in zip(
        table.column("subject").filter(odd).to_pylist(), text.filter(odd).to_pylist(), strict=True
    ):
        facts = json.loads(written)
        if facts.get("type") in shaping_types:
            seen.everywhere.add(subject)
        if isinstance(facts.get("subject"), str):
            seen.moves.add((subject, facts["subject"]))


def _different(column: Any) -> list[str]:
    return list(column.unique().to_pylist())


# ---- What each run keeps --------------------------------------------------------------------------------------------


def keep_identities(path: Path, table: pa.Table, subjects: Sorted) -> None:
    """Puts the identities of rows, and what their corrections reach for, beside ``path``, where their run will be."""
    desks = np.broadcast_to(_DESKS, table.num_rows)
    sources = hashes(sources_of(table)) if "source" in table.column_names else desks
    identities = combined(hashes(table.column("id")), sources)
    part = (identities >> np.uint64(56)).astype(np.uint8)
    order = np.argsort(part, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=_PARTS))]).astype(np.int64)
    numbers, codes = hashes(subjects.names), subjects.codes
    _put(path.with_suffix(".ids"), [ends, *_by_part(identities, order), *_by_part(codes, order, numbers)])
    if "target" in table.column_names:
        changing = pc.is_in(table.column("type").cast(pa.string()), value_set=_CHANGES)
        changing = pc.and_(changing, pc.is_valid(table.column("target")))
        where = np.flatnonzero(changing.to_numpy())
        reached = hashes(table.column("target").take(pa.array(where)))
        _put(path.with_suffix(".targets"), [reached, numbers[codes[where]]])
    else:
        _put(path.with_suffix(".targets"), [])


def _by_part(values: Any, order: Any, of: Any = None) -> Iterator[Any]:
    """The values in another order, some at a time; or what each of them names."""
    for start in range(0, len(order), _AT_ONCE):
        found = values[order[start : start + _AT_ONCE]]
        yield found if of is None else of[found]


def _subject_numbers(subjects: Any) -> U64:
    coded = pc.dictionary_encode(subjects)
    coded = unified(coded).combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    numbers: U64 = hashes(coded.dictionary)[coded.indices.to_numpy()] if len(coded) else np.empty(0, np.uint64)
    return numbers


def _put(path: Path, arrays: Iterable[Any]) -> None:
    with whole(path) as beside, beside.open("wb") as file:
        for array in arrays:
            file.write(memoryview(array).cast("B") if len(array) else b"")


# ---- What hangs together --------------------------------------------------------------------------------------------


@frozen(eq=False)
class Linked:
    """Subjects that hang together, by the number of their name."""

    numbers: U64
    """Sorted."""
    groups: Any
    """Which group each is of; an array of integers."""

    def of(self, subjects: Any) -> Any:
        """The group of each subject of a column; -1: of none."""
        return self.of_numbers(_subject_numbers(subjects))

    def of_numbers(self, numbers: U64) -> Any:
        if not len(self.numbers):
            return np.full(len(numbers), -1)
        place = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[place] == numbers, self.groups[place], -1)


def linked(runs: Sequence[Run], seen: Seen, room: int, limit: int) -> Linked:
    """All subjects that hang together. Raises ``TooLittleMemory`` where there are too many of them for ``room``."""
    targets = _targets(runs, seen, room, limit)
    pairs = [np.array([[hash_of(a), hash_of(b)] for a, b in sorted(seen.moves)], np.uint64).reshape(-1, 2)]
    many = len(pairs[0])
    if runs:
        ends = [np.fromfile(run.path.with_suffix(".ids"), np.int64, _PARTS + 1) for run in runs]
        for part in range(_PARTS):
            found = _within_part(runs, ends, part, targets)
            many += len(found)
            if many * _LINK > room:
                why = (
                    f"events of more than {many} tickets bear ids that other tickets' events bear too, so that they "
                    "must be judged together (R32); an id should name one event of its source"
                )
                raise TooLittleMemory(limit, limit + many * _LINK * _PARTS // (part + 1), why)
            pairs.append(found)
    return _grouped(np.concatenate(pairs))


def _targets(runs: Sequence[Run], seen: Seen, room: int, limit: int) -> Any:
    """(Identity that a correction may mean, its subject), in order of identities: an id of its own or any source."""
    files = [run.path.with_suffix(".targets") for run in runs]
    size = sum(path.stat().st_size for path in files) * max(1, len(seen.sources))
    if size * 3 > room:
        why = f"its corrections and retractions take {told(size * 3)}"
        raise TooLittleMemory(limit, limit + size * 3, why)
    halves = [np.fromfile(path, np.uint64).reshape(2, -1) for path in files]
    reached = np.concatenate([half[0] for half in halves]) if halves else np.empty(0, np.uint64)
    subjects = np.concatenate([half[1] for half in halves]) if halves else np.empty(0, np.uint64)
    each = [combined(reached, np.full(len(reached), hash_of(source), np.uint64)) for source in sorted(seen.sources)]
    identities = np.concatenate(each) if each else np.empty(0, np.uint64)
    order = np.argsort(identities)
    return np.stack([identities[order], np.tile(subjects, len(each))[order] if each else identities])


def _within_part(runs: Sequence[Run], ends: Sequence[Any], part: int, targets: Any) -> Any:
    """The pairs of subjects that share an identity of one part."""
    own = [_slice(run, end, part) for run, end in zip(runs, ends, strict=True)]
    bounds = np.array([part << 56, ((part + 1) << 56) - 1], np.uint64)
    first, last = np.searchsorted(targets[0], bounds[0], "left"), np.searchsorted(targets[0], bounds[1], "right")
    identities = np.concatenate([*(pair[0] for pair in own), targets[0, first:last]])
    in_order = np.sort(identities)
    again = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(again):
        return np.empty((0, 2), np.uint64)
    subjects = np.concatenate([*(pair[1] for pair in own), targets[1, first:last]])
    place = np.minimum(np.searchsorted(again, identities), len(again) - 1)
    some = again[place] == identities
    identities, subjects = identities[some], subjects[some]
    order = np.lexsort((subjects, identities))
    identities, subjects = identities[order], subjects[order]
    differ = (identities[1:] == identities[:-1]) & (subjects[1:] != subjects[:-1])
    return np.unique(np.stack([subjects[:-1][differ], subjects[1:][differ]], axis=1), axis=0)


def _slice(run: Run, ends: Any, part: int) -> tuple[U64, U64]:
    """The identities of one part, and their subjects."""
    many, head = int(ends[part + 1] - ends[part]), (_PARTS + 1) * 8
    path = run.path.with_suffix(".ids")
    first = np.fromfile(path, np.uint64, many, offset=head + int(ends[part]) * 8)
    return first, np.fromfile(path, np.uint64, many, offset=head + (run.rows + int(ends[part])) * 8)


def _grouped(pairs: Any) -> Linked:
    """Each subject's group: all that pairs lead to, one after the other."""
    numbers, place = np.unique(pairs, return_inverse=True)
    place = place.reshape(-1, 2)
    groups = np.arange(len(numbers))
    while True:
        least = np.minimum(groups[place[:, 0]], groups[place[:, 1]])
        before = groups.copy()
        np.minimum.at(groups, place[:, 0], least)
        np.minimum.at(groups, place[:, 1], least)
        groups = groups[groups]
        if (groups == before).all():
            return Linked(numbers, groups)


def groups_of(links: Linked, names: Iterable[str]) -> Mapping[str, int]:
    """The group of each name that is of one."""
    listed = sorted(names)
    found = links.of(pa.array(listed, pa.string())) if listed else ()
    return {name: int(group) for name, group in zip(listed, found, strict=True) if group >= 0}
