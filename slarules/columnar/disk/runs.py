"""Stretches of a log put on disk, each sorted by ticket, so that any range of tickets can be read back by itself.

Sorting before writing, rather than scattering tickets over files by a hash, is what keeps the verdicts in order: the
ranges of tickets are judged one after the other and their verdicts need no merging. It also lets the ranges be cut when
all of the log has been seen, so that they are even however tickets are named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.disk.spill import Damaged, read_json, write_json, write_pieces
from slarules.columnar.log.columns import NAMES, BadTable
from slarules.columnar.placing import PLACE
from slarules.readers.columns.unifying import unified

BATCH = 4_096
"""Rows that are read from a run at once."""
_AT_ONCE = 16 * BATCH
"""Rows put in order at once: what is sorted is in memory only once more by so much."""
_CODED = frozenset(NAMES) - {"subject", "target"}
_FEW = 16
"""A dictionary is kept where each of its names stands in so many rows, or more."""


@frozen(eq=False)
class Run:
    """One sorted stretch of the log on disk."""

    path: Path
    rows: int
    starts: tuple[str, ...]
    """The subject of each batch's first row."""
    size: int
    """Bytes of its rows in memory."""

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def files(self) -> list[Path]:
        """All that stands on disk of it."""
        return [self.path.with_suffix(end) for end in (".arrow", ".json", ".ids", ".targets")]


@frozen(eq=False)
class Sorted:
    """The subjects of some events."""

    names: pa.Array
    """Each once, in order."""
    codes: Any
    """[row] → which of the names."""
    order: Any
    """The rows in order of their subjects, else of the log."""


def write_run(path: Path, given: dict[str, pa.ChunkedArray], subjects: Sorted, first: int) -> Run:
    """Writes the columns of checked events, but for that of their subjects, which ``subjects`` has.

    The first event is the log's ``first``, and the others follow it, unless they bring their ``PLACE`` along. ``given``
    is emptied on the way, so that no more than one column is in memory twice.
    """
    known = given.pop(PLACE).to_numpy() if PLACE in given else None
    size = sum(column.nbytes for column in given.values()) + subjects.codes.nbytes
    columns = {name: _stored(name, given.pop(name)) for name in list(given)}
    order, count = subjects.order, len(subjects.order)

    def pieces() -> Any:
        for start in range(0, count, _AT_ONCE):
            own = order[start : start + _AT_ONCE]
            rows = pa.array(own)
            found = {"subject": subjects.names.take(pa.array(subjects.codes[own]))}
            found |= {name: column.take(rows) for name, column in columns.items()}
            found[PLACE] = pa.array(own.astype(np.int64) + first if known is None else known[own])
            yield pa.record_batch(found)

    write_pieces(path, pieces(), BATCH)
    starts = tuple(subjects.names.take(pa.array(subjects.codes[order[::BATCH]])).to_pylist())
    run = Run(path, count, starts, size)
    write_json(path.with_suffix(".json"), {"rows": run.rows, "starts": starts, "size": run.size})
    return run


def read_run(path: Path) -> Run:
    """The run that stands at ``path``. Raises ``Damaged``."""
    told = read_json(path.with_suffix(".json"))
    if told is None:
        raise Damaged(path.parent, path.name)
    return Run(path, told["rows"], tuple(told["starts"]), told["size"])


def by_subject(column: pa.ChunkedArray) -> Sorted:
    """A column's subjects, and its rows in their order."""
    coded = _whole("subject", column)
    coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
    names = coded.dictionary
    alphabetical = pc.array_sort_indices(names)
    rank = np.empty(len(names), np.int32)
    rank[alphabetical.to_numpy(zero_copy_only=False)] = np.arange(len(names), dtype=np.int32)
    codes = rank[coded.indices.to_numpy(zero_copy_only=False)]
    if (codes[1:] >= codes[:-1]).all():
        order = np.arange(len(codes), dtype=np.uint32)
    else:
        key = codes.astype(np.uint64)
        key <<= np.uint64(32)
        key |= np.arange(len(codes), dtype=np.uint32)
        key.sort()
        order = key.astype(np.uint32)  # the lower half
    return Sorted(pc.cast(names.take(alphabetical), pa.string()), codes, order)


def _stored(name: str, column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece; names are coded where there are few."""
    whole = _whole(name, column)
    if not pa.types.is_dictionary(whole.type):
        return whole.dictionary_encode() if name in _CODED else whole
    few = len(whole.dictionary) * _FEW <= len(whole) or name in _CODED
    return whole if few else whole.cast(pa.string())


def _whole(name: str, column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece. Raises ``BadTable`` for text that is too long for that."""
    coded = pa.types.is_dictionary(column.type)
    whole = (unified(column) if coded else column).combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        raise BadTable(f"`{name}` is too long for one piece: give the events in smaller batches")
    return whole
