"""Events on their way to where their tickets are judged: many in one row, so that Spark moves few and large rows.

Each task of the log puts its events into as many buckets as the log is cut into, by their subject's hash, and sends
each as one block of Arrow. With them it sends what must be known of the whole log before its tickets are judged apart:
so the log is gone through once. What that saves stands in docs/spark.md.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen
from pyspark.sql.types import BinaryType, IntegerType, StructField, StructType

from slarules.calendars.zones import EARLY, END
from slarules.columnar.log.arriving import blanks
from slarules.columnar.log.aside import unfit_facts
from slarules.columnar.log.columns import NAMES, NEEDED, TEXTS, TIMES
from slarules.spark.identities import Runs, identities, numbers_of, parted, runs_of

PACKED = StructType(
    [
        StructField("what", IntegerType()),
        StructField("bucket", IntegerType()),
        StructField("block", BinaryType()),
        StructField("told", BinaryType()),
    ]
)
"""Events are a ``block``; what is ``told`` of them stands apart: who reads it need not go through the blocks."""
EVENTS, IDENTITIES, SEEN = range(3)
"""What a row holds: events of a bucket, identities beside their subjects, or what a task saw."""
HELD = 1_000_000
"""Events that a task holds before it sends them on."""
CODED = frozenset(NAMES) - {"subject", "target"}
"""Names of which a log has few."""
_FEW = 16
"""A fact's text is dictionary-coded where each of its values stands in so many rows, or more."""
_CHANGES = pa.array(["corrected", "retracted"])


@frozen(eq=False)
class Packing:
    """How the events of a log are packed."""

    buckets: int
    """Into how many buckets."""
    together: Mapping[str, int]
    """Subjects that must be judged with others → their bucket."""
    bearing: frozenset[str]
    """Types of events that make their subject one that others need."""
    position: str | None
    """The column with each event's place in the log."""
    most: int
    """So many subjects of such events may be, and no more."""
    unique_ids: bool
    """Whether nobody looks for ids that come twice."""


@define
class Seen:
    """What a task saw in its events."""

    events: int = 0
    """How many there are."""
    bad: int = 0
    """Rows that are no events."""
    placeless: int = 0
    """Rows without their place in the log."""
    changing: int = 0
    """Corrections and retractions."""
    bearing: set[str] = field(factory=set)
    """Subjects that others need; where there are too many, some of them."""
    runs: Runs = field(factory=list)
    """Stretches of events whose ids rise: no id stands in one of them twice."""
    numbered: bool = False
    """Whether identities were sent instead."""
    astray: bool = False
    """Whether some ids are neither in ``runs`` nor sent."""


def pack(tables: Iterable[pa.Table], how: Packing) -> Iterator[pa.RecordBatch]:
    """The events of one task as blocks, and what was seen in them."""
    seen = Seen()
    for table in tables:
        subjects = numbers_of(table.column("subject"))
        _look(seen, table, how)
        if not how.unique_ids and _numbered(seen, table):
            for part, numbers in parted(identities(table), subjects, how.buckets):
                yield _row(IDENTITIES, part, told=numbers)
        yield from _blocks(table, subjects, how)
    yield _row(SEEN, 0, told=pickle.dumps(seen, pickle.HIGHEST_PROTOCOL))


def pack_batches(batches: Iterable[pa.RecordBatch], how: Packing) -> Iterator[pa.RecordBatch]:
    """The same of events as Spark gives them, many together."""
    return pack(_held(batches), how)


def pairs(batches: Iterable[pa.RecordBatch], parts: int) -> Iterator[pa.RecordBatch]:
    """The identities of one task's events beside their subjects, whether ids rise or not."""
    for table in _held(batches):
        for part, numbers in parted(identities(table), numbers_of(table.column("subject")), parts):
            yield _row(IDENTITIES, part, told=numbers)


def _numbered(seen: Seen, table: pa.Table) -> bool:
    """Whether identities are sent: where ids did not rise from the first. Else it is kept where they rise."""
    if seen.numbered:
        return True
    runs = None if seen.astray else runs_of(table.column("id"))
    if runs is not None:
        seen.runs += runs
    elif seen.events == table.num_rows:  # these are the first
        seen.numbered = True
    else:
        seen.astray = True
    return seen.numbered


def _held(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    many = 0
    for batch in batches:
        held.append(batch)
        many += batch.num_rows
        if many >= HELD:
            yield pa.Table.from_batches(held)
            held, many = [], 0
    if many:
        yield pa.Table.from_batches(held)


def _row(what: int, bucket: int, *, block: pa.Buffer | None = None, told: bytes | None = None) -> pa.RecordBatch:
    numbers = [pa.array([number], pa.int32()) for number in (what, bucket)]
    return pa.record_batch([*numbers, _binary(block), pa.array([told], pa.binary())], names=PACKED.names)


def _binary(block: pa.Buffer | None) -> pa.Array:
    """One value, not copied."""
    if block is None:
        return pa.nulls(1, pa.binary())
    return pa.Array.from_buffers(pa.binary(), 1, [None, pa.py_buffer(np.array([0, block.size], np.int32)), block])


def _look(seen: Seen, table: pa.Table, how: Packing) -> None:
    seen.events += table.num_rows
    seen.bad += bad_rows(table)
    seen.placeless += table.column(how.position).null_count if how.position is not None else 0
    seen.changing += pc.sum(_among(table.column("type"), _CHANGES)).as_py() or 0
    bears = _among(table.column("type"), pa.array(sorted(how.bearing), pa.string()))
    if "kind" in table.column_names:
        bears = pc.or_(bears, _among(table.column("kind"), pa.array(["agreement"])))
    if len(seen.bearing) <= how.most and pc.any(bears).as_py():
        subjects = table.column("subject").filter(bears).unique().drop_null()
        seen.bearing.update(subjects.slice(0, how.most + 1).to_pylist())


def _among(names: pa.ChunkedArray, some: pa.Array) -> pa.Array:
    """Whether each name, coded or not, is one of some; null is none."""
    whole = names.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        return pc.is_in(whole, value_set=some)
    return pc.fill_null(pc.is_in(whole.dictionary, value_set=some).take(whole.indices), False)


def bad_rows(table: pa.Table) -> int:
    """How many rows are no events; the same rows as ``events.is_event`` says."""
    bad = np.zeros(table.num_rows, bool)
    for name in NEEDED:
        if table.column(name).null_count:
            bad |= table.column(name).is_null().to_numpy()
    for name in TEXTS:
        if name in table.column_names and not pa.types.is_null(table.column(name).type):
            bad |= blanks(table.column(name).combine_chunks())
    for name in TIMES:
        if name in table.column_names and pa.types.is_timestamp(table.column(name).type):
            micros = table.column(name).cast(pa.int64())
            bounds = pc.min_max(micros).as_py()
            if bounds["min"] is not None and (bounds["min"] < EARLY or bounds["max"] >= END):
                outside = pc.or_(pc.less(micros, EARLY), pc.greater_equal(micros, END))
                bad |= pc.fill_null(outside, False).to_numpy()
    return int((bad | unfit_facts(table)).sum())


def _blocks(table: pa.Table, subjects: Any, how: Packing) -> Iterator[pa.RecordBatch]:
    where = subjects % np.uint64(how.buckets)
    if how.together:
        names = pa.array(sorted(how.together), pa.string())
        place = pc.fill_null(pc.index_in(table.column("subject"), value_set=names), -1).to_numpy()
        own = np.array([how.together[name] for name in names.to_pylist()], np.uint64)
        where = np.where(place >= 0, own[place], where)
    where = where.astype(np.uint16 if how.buckets < 1 << 16 else np.uint32)
    order = np.argsort(where, kind="stable")
    ends = np.cumsum(np.bincount(where, minlength=how.buckets))
    rows = coded(table).take(pa.array(order))
    for bucket, end in enumerate(ends):
        start = ends[bucket - 1] if bucket else 0
        if end > start:
            yield _row(EVENTS, bucket, block=_written(rows.slice(start, end - start)))


def coded(table: pa.Table) -> pa.Table:
    """The same events, each column in one piece, its names dictionary-coded where there are few of them.

    Instants stay as they are: Spark labels them with the session's zone, which is taken off.
    """
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp(column.type.unit, "UTC"))
        columns[name] = column.dictionary_encode() if name in CODED or _repeats(name, column) else column
    return pa.table(columns)


def _repeats(name: str, column: pa.Array) -> bool:
    if not pa.types.is_string(column.type) or name in ("id", "subject", "target", "facts"):
        return False
    some = column.slice(0, 4096)
    return bool(pc.count_distinct(some).as_py() * _FEW <= len(some) - some.null_count or some.null_count == len(some))


def _written(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4" if pa.Codec.is_available("lz4") else None)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue()


def unpack(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Each bucket's events, one bucket after the other; the rows, bucket and block, come in order of their bucket."""
    for blocks in by_bucket(batches):
        yield joined([pa.ipc.open_stream(block).read_all() for block in blocks])


def by_bucket(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.Buffer]]:
    """What there is of each bucket, one bucket after the other."""
    held: list[pa.Buffer] = []
    current = None
    for batch in batches:
        for bucket, block in zip(batch.column(0).to_pylist(), batch.column(1), strict=True):
            if bucket != current and held:
                yield held
                held = []
            current = bucket
            held.append(block.as_buffer())
    if held:
        yield held


def joined(parts: list[pa.Table]) -> pa.Table:
    """Tables of events as one; a column that is coded in some and not in others is plain."""
    kinds: dict[str, pa.DataType] = {}
    for part in parts:
        for name, own in zip(part.schema.names, part.schema.types, strict=True):
            kind = kinds.get(name, own)
            kinds[name] = kind if kind == own else pa.string()  # only text is coded here and plain there
    schema = pa.schema(list(kinds.items()))
    return pa.concat_tables([part if part.schema == schema else part.cast(schema) for part in parts])
