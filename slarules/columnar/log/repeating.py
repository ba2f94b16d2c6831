"""Ids that a log has twice (R32). Where they rise from event to event none can come again, and no more is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.log.hashing import combined, hash_of, hashes

DESK = "desk"
"""The source of an event that names none."""
_AT_ONCE = 1 << 16
"""Ids looked at together."""


class Rising:
    """Whether ids rise by their bytes, or by their length and then their bytes, as ``E9`` and ``E10`` do."""

    def __init__(self) -> None:
        self._plainly = self._by_length = True
        self._last: bytes | None = None

    @property
    def still(self) -> bool:
        """Whether all that came rise in one of the two ways, so that no id is there twice."""
        return self._plainly or self._by_length

    def look(self, ids: pa.Array) -> None:
        """Looks at the ids that come next; none is null."""
        if not len(ids) or not self.still:
            return
        first, last, self._last = _bytes(ids[0]), self._last, _bytes(ids[-1])
        if last is not None:
            self._plainly &= last < first
            self._by_length &= (len(last), last) < (len(first), first)
        one, other = ids[:-1], ids[1:]
        rises = pc.less(one, other)
        plainly = _all(rises)
        self._plainly &= plainly
        lengths = pc.binary_length(ids)
        bounds = pc.min_max(lengths).as_py()
        if bounds["min"] == bounds["max"]:
            self._by_length &= plainly
        elif self._by_length:
            one, other = lengths[:-1], lengths[1:]
            self._by_length = _all(pc.or_(pc.less(one, other), pc.and_(pc.equal(one, other), rises)))


def _bytes(text: pa.StringScalar) -> bytes:
    return bytes(text.as_buffer())


def _all(found: pa.BooleanArray) -> bool:
    return bool(pc.all(found, min_count=0).as_py())


def repeated(ids: pa.ChunkedArray | Any, sources: Any, names: Sequence[str | None]) -> Any:
    """The rows whose id is there twice from one source, or seems to be.

    ``ids`` [row] are texts, or numbers of which each stands for one text. ``sources`` [row] are places among ``names``,
    -1 for none; None: there is but one source.
    """
    numbers = np.empty(len(ids), ids.dtype if isinstance(ids, np.ndarray) and sources is None else np.uint64)
    for start, some in _numbers(ids, sources, names):
        numbers[start : start + len(some)] = some
    numbers.sort()
    twice = np.unique(numbers[1:][numbers[1:] == numbers[:-1]])
    del numbers
    if not len(twice):
        return np.empty(0, np.int64)
    rows = []
    for start, some in _numbers(ids, sources, names):
        place = np.minimum(np.searchsorted(twice, some), len(twice) - 1)
        rows.append(np.flatnonzero(twice[place] == some) + start)
    return np.concatenate(rows)


def _numbers(ids: pa.ChunkedArray | Any, sources: Any, names: Sequence[str | None]) -> Iterator[tuple[int, Any]]:
    """A number for each id with its source, some at a time, with the row of the first."""
    own = np.array([*(hash_of(name or DESK) for name in names), hash_of(DESK)], np.uint64)
    for start in range(0, len(ids), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        found = ids[some] if isinstance(ids, np.ndarray) else hashes(ids[some])
        yield start, found if sources is None else combined(own[sources[some]], found.astype(np.uint64))
