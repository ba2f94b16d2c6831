"""Which ids stand for events of two tickets: looked for among numbers of 64 bits, a part of them in each task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.log.hashing import U64, combined, hashes
from slarules.columnar.placing import sources_of

Runs = list[tuple[bytes, bytes]]
"""The first and the last id of stretches in which ids rise, by their length and then their bytes, as E9 and E10 do."""
_FALLS, _IN = 8, 1000
"""Ids rise that fall back no oftener than so many times, or once in so many rows."""


def runs_of(ids: pa.ChunkedArray) -> Runs | None:
    """The stretches in which ids rise from row to row; None: they do not rise."""
    whole = ids.combine_chunks()
    if whole.null_count:
        return None  # rows that are no events, which are refused
    lengths = pc.binary_length(whole)
    bounds = pc.min_max(lengths).as_py()
    rises = pc.less(whole[:-1], whole[1:])
    if bounds["min"] != bounds["max"]:
        one, other = lengths[:-1], lengths[1:]
        rises = pc.or_(pc.less(one, other), pc.and_(pc.equal(one, other), rises))
    falls = np.flatnonzero(~rises.to_numpy(zero_copy_only=False))
    if len(falls) > max(_FALLS, len(whole) // _IN):
        return None
    begins, ends = [0, *(falls + 1).tolist()], [*falls.tolist(), len(whole) - 1]
    return [(_bytes(whole[one]), _bytes(whole[other])) for one, other in zip(begins, ends, strict=True)]


def apart(runs: Runs) -> bool:
    """Whether no id can stand in two of these stretches."""
    sizes = sorted(((len(first), first), (len(last), last)) for first, last in runs)
    return all(one[1] < other[0] for one, other in pairwise(sizes))


def _bytes(text: pa.StringScalar) -> bytes:
    return bytes(text.as_buffer())


def identities(table: pa.Table) -> U64:
    """A number for the source and the id of each event (R32); where a row has no id, it is no event."""
    found = numbers_of(table.column("id"))
    return combined(found, hashes(sources_of(table))) if "source" in table.column_names else found


def numbers_of(names: pa.ChunkedArray) -> U64:
    """A number for each name; null, which stands for no event, is as good as another."""
    return hashes(pc.fill_null(names, "") if names.null_count else names)


def parted(identities: Any, subjects: Any, parts: int) -> Iterator[tuple[int, bytes]]:
    """Each identity beside its subject, both numbers, in so many parts: equal identities are in one part."""
    part = identities % np.uint64(parts)
    order = np.argsort(part.astype(np.uint16 if parts < 1 << 16 else np.uint32), kind="stable")
    ends = np.cumsum(np.bincount(part.astype(np.int64), minlength=parts))
    pairs = np.stack([identities[order], subjects[order]])
    for number, end in enumerate(ends):
        start = ends[number - 1] if number else 0
        if end > start:
            yield number, pairs[:, start:end].tobytes()


def doubled(blocks: Iterable[Any]) -> tuple[bool, list[int]]:
    """Whether an identity of this part comes twice, and those that stand beside two different subjects.

    A chance likeness of two identities gives a number too many, never one too few.
    """
    found = [np.frombuffer(block, np.uint64).reshape(2, -1) for block in blocks]
    if not found:
        return False, []
    pairs = np.concatenate(found, axis=1)
    identities = np.sort(pairs[0])
    again = np.unique(identities[1:][identities[1:] == identities[:-1]])
    if not len(again):
        return False, []
    place = np.minimum(np.searchsorted(again, pairs[0]), len(again) - 1)
    some = pairs[:, again[place] == pairs[0]]
    some = some[:, np.lexsort((some[1], some[0]))]
    differ = (some[0][1:] == some[0][:-1]) & (some[1][1:] != some[1][:-1])
    return True, np.unique(some[0][1:][differ]).view(np.int64).tolist()
