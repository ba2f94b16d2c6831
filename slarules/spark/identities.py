"""Which ids stand for events of two tickets: looked for among numbers of 64 bits, a part of them in each task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import BinaryType, IntegerType, StructField, StructType

_PARTS = StructType([StructField("part", IntegerType()), StructField("numbers", BinaryType())])
_HELD = 2_000_000
"""Numbers that a task holds before it sends them on."""


def doubled(numbers: DataFrame, most: int) -> list[int]:
    """The numbers ``identity`` that stand beside two different numbers ``of``; at most one more than ``most``.

    A chance likeness of two identities gives a number too many, never one too few.
    """
    parts = max(2, numbers.sparkSession.sparkContext.defaultParallelism)
    sent = numbers.mapInArrow(partial(_parted, parts=parts), _PARTS).repartitionById(parts, "part")
    found = sent.mapInArrow(_twice, "identity long").limit(most + 1).collect()
    return [row[0] for row in found]


def _parted(batches: Iterable[pa.RecordBatch], parts: int) -> Iterator[pa.RecordBatch]:
    held: list[Any] = []
    many = 0
    for batch in batches:
        held.append(np.stack([batch.column(0).to_numpy(), batch.column(1).to_numpy()]))
        many += batch.num_rows
        if many >= _HELD:
            yield from _sent(np.concatenate(held, axis=1), parts)
            held, many = [], 0
    if held:
        yield from _sent(np.concatenate(held, axis=1), parts)


def _sent(pairs: Any, parts: int) -> Iterator[pa.RecordBatch]:
    part = (pairs[0].view(np.uint64) % np.uint64(parts)).astype(np.uint16)
    for number in range(parts):
        own = np.ascontiguousarray(pairs[:, part == number])
        block = pa.array([own.tobytes()], pa.binary())
        yield pa.record_batch([pa.array([number], pa.int32()), block], names=_PARTS.names)


def _twice(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    found = [
        np.frombuffer(block.as_buffer(), np.int64).reshape(2, -1) for batch in batches for block in batch.column(1)
    ]
    if not found:
        return
    pairs = np.concatenate(found, axis=1)
    identities = np.sort(pairs[0])
    again = np.unique(identities[1:][identities[1:] == identities[:-1]])
    if not len(again):
        return
    place = np.minimum(np.searchsorted(again, pairs[0]), len(again) - 1)
    some = pairs[:, again[place] == pairs[0]]
    some = some[:, np.lexsort((some[1], some[0]))]
    differ = (some[0][1:] == some[0][:-1]) & (some[1][1:] != some[1][:-1])
    yield pa.record_batch([pa.array(np.unique(some[0][1:][differ]), pa.int64())], names=["identity"])
