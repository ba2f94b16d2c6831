"""Events on their way to where their tickets are judged: many in one row, so that Spark moves few and large rows.

Each task of the log puts its events into as many buckets as the log is cut into, by their subject's hash, and sends
each as one block of Arrow. What that saves stands in docs/spark.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql.types import BinaryType, IntegerType, StructField, StructType

from slarules.columnar.columns import NAMES

BUCKET = "bucket (slarules)"
"""The column that is added to the events: no fact has such a name."""
PACKED = StructType([StructField("bucket", IntegerType()), StructField("events", BinaryType())])
HELD = 1_000_000
"""Events that a task holds before it sends them on."""
_CODED = frozenset(NAMES) - {"subject", "target"}
_FEW = 16
"""A fact's text is dictionary-coded where each of its values stands in so many rows, or more."""


def pack(
    batches: Iterable[pa.RecordBatch], buckets: int, together: Mapping[str, int], elsewhere: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    """The events of one task as blocks; each batch has the column ``BUCKET`` besides those of events.

    ``together`` gives the bucket of subjects that must be judged with others; events of ``elsewhere`` are left out.
    """
    held: list[pa.RecordBatch] = []
    many = 0
    for batch in batches:
        held.append(batch)
        many += batch.num_rows
        if many >= HELD:
            yield from _blocks(pa.Table.from_batches(held), buckets, together, elsewhere)
            held, many = [], 0
    if many:
        yield from _blocks(pa.Table.from_batches(held), buckets, together, elsewhere)


def _blocks(
    table: pa.Table, buckets: int, together: Mapping[str, int], elsewhere: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    if elsewhere:
        mine = pc.invert(pc.is_in(table.column("subject"), value_set=pa.array(sorted(elsewhere), pa.string())))
        table = table.filter(mine)
    where = table.column(BUCKET).to_numpy()
    if together:
        names = pa.array(sorted(together), pa.string())
        place = pc.fill_null(pc.index_in(table.column("subject"), value_set=names), -1).to_numpy()
        own = np.array([together[name] for name in names.to_pylist()], where.dtype)
        where = np.where(place >= 0, own[place], where)
    order = np.argsort(where.astype(np.uint16 if buckets < 1 << 16 else np.uint32), kind="stable")
    ends = np.cumsum(np.bincount(where, minlength=buckets))
    rows = coded(table.drop_columns([BUCKET])).take(pa.array(order))
    for bucket, end in enumerate(ends):
        start = ends[bucket - 1] if bucket else 0
        if end > start:
            yield pa.record_batch(
                [pa.array([bucket], pa.int32()), pa.array([_written(rows.slice(start, end - start))], pa.binary())],
                names=PACKED.names,
            )


def coded(table: pa.Table) -> pa.Table:
    """The same events, each column in one piece, its names dictionary-coded where there are few of them.

    Instants stay as they are: Spark labels them with the session's zone, which is taken off.
    """
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp(column.type.unit, "UTC"))
        columns[name] = column.dictionary_encode() if name in _CODED or _repeats(name, column) else column
    return pa.table(columns)


def _repeats(name: str, column: pa.Array) -> bool:
    if not pa.types.is_string(column.type) or name in ("id", "subject", "target", "facts"):
        return False
    some = column.slice(0, 4096)
    return bool(pc.count_distinct(some).as_py() * _FEW <= len(some) - some.null_count or some.null_count == len(some))


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


def unpack(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Each bucket's events, one bucket after the other; the rows come in order of their bucket."""
    parts: list[pa.Table] = []
    current = None
    for batch in batches:
        for bucket, block in zip(batch.column(0).to_pylist(), batch.column(1), strict=True):
            if bucket != current and parts:
                yield joined(parts)
                parts = []
            current = bucket
            parts.append(pa.ipc.open_stream(block.as_buffer()).read_all())
    if parts:
        yield joined(parts)


def joined(parts: list[pa.Table]) -> pa.Table:
    """Tables of events as one; a column that is coded in some and not in others is plain."""
    kinds: dict[str, pa.DataType] = {}
    for part in parts:
        for field in part.schema:
            kind = kinds.get(field.name, field.type)
            kinds[field.name] = kind if kind == field.type else pa.string()  # only text is coded here and plain there
    schema = pa.schema(list(kinds.items()))
    return pa.concat_tables([part if part.schema == schema else part.cast(schema) for part in parts])
