"""Which ids stand for events of two tickets: looked for among numbers of 64 bits, a part of them in each task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np


def parted(identities: Any, subjects: Any, parts: int) -> Iterator[tuple[int, bytes]]:
    """Each identity beside its subject, both numbers, in so many parts: equal identities are in one part."""
    part = identities.view(np.uint64) % np.uint64(parts)
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
    found = [np.frombuffer(block, np.int64).reshape(2, -1) for block in blocks]
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
    return True, [int(number) for number in np.unique(some[0][1:][differ])]
