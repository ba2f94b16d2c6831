"""A whole log judged on Spark: one shuffle by ticket, then whole buckets of tickets, each judged at once.

The verdicts are those of ``slarules run`` on the same events. No time is converted to another zone by Spark: instants
stay microseconds in UTC, and only the contract's compiled calendars know zones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from slarules.columnar.disk.links import shaping
from slarules.columnar.log.hashing import hash_of
from slarules.columnar.verdicts.table import VERDICTS as VERDICT_COLUMNS
from slarules.diagnostics import nearest
from slarules.engine.adopt import adopt
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation
from slarules.readers.instants import judged_as_of
from slarules.spark import chunks, citing, events, files, linking
from slarules.spark.files import EventFiles
from slarules.spark.packing import EVENTS, PACKED, Packing, coded, pack_batches
from slarules.spark.schema import FINDINGS, SUBJECTS, VERDICTS
from slarules.spark.schema import coded as coded_as
from slarules.spark.sending import packed

_BYTES, _ROWS = (f"spark.sql.execution.arrow.{name}" for name in ("maxBytesPerBatch", "maxRecordsPerBatch"))
TOGETHER = 500_000
"""Events of one bucket: what a task holds at once, unless one ticket, or tickets that hang together, have more."""


@frozen(eq=False)
class Judging:
    """A log that is to be judged: nothing is, before one of the DataFrames is read or written."""

    verdicts: DataFrame
    """The columns ``VERDICTS``, in no order."""
    subjects: DataFrame
    """The columns ``SUBJECTS``."""
    findings: DataFrame
    """The columns ``FINDINGS``: what a reader should know of events and subjects."""
    agreements: Evaluation
    """What was judged already, of agreements alone: ``statuses``, ``allowances`` and ``amounts``."""
    packed: DataFrame
    """The events, packed and kept by Spark so that the log is read once; ``packed.unpersist()`` lets go of them."""
    sent: bytes
    """What every worker is told."""
    apart: pa.Table
    """The verdicts that the driver made, of agreements and the like; they are among ``verdicts``."""


def judge(log: DataFrame | EventFiles, policy: Any, as_of: datetime | str | int, **more: Any) -> DataFrame:
    """The verdicts of ``judging``, which see: ``judge(events, policy, as_of, readings=…, position=…)``."""
    return judging(log, policy, as_of, **more).verdicts


def judging(
    log: DataFrame | EventFiles,
    policy: Any,
    as_of: datetime | str | int,
    *,
    readings: Mapping[str, str] | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    position: str | None = None,
    partitions: int | None = None,
    unique_ids: bool = False,
    columns: Sequence[str] = VERDICTS.names,
) -> Judging:
    """Every verdict on a log of events under a policy (or its contract), as of an instant.

    ``log`` has the columns of an event table, a row an event. ``position`` names a column with each event's place in
    the log; without one, events whose order of arrival matters are refused. ``partitions`` is how many tasks judge.
    ``unique_ids`` vouches that no two tickets' events bear one id of one source, and saves looking. ``columns`` are
    those of the verdicts that are wanted: the fewer, the sooner they come. ``precision`` is how exact the log's
    instants are, in microseconds. Raises ``BadTable``, ``HangTogether``, ``UnknownReading`` and ``ValueError``;
    ``NeedsPosition`` is raised where the verdicts are read.
    """
    contract: Contract = getattr(policy, "contract", policy)
    events.checked(log.frame if isinstance(log, EventFiles) else log, position)
    frame = events.recorded(log.frame if isinstance(log, EventFiles) else log)
    log = evolve(log, frame=frame) if isinstance(log, EventFiles) else frame
    _known(columns)
    instant = judged_as_of(as_of)
    versions = adopt(contract, readings, supplied)
    tasks, how = _cut(log, contract, position, partitions, unique_ids)
    linked, rows = _linked(log, contract, how, tasks)
    shared = coded(linking.events_of(frame, linked.everywhere, contract, position))
    agreements = set(linking.agreements(shared, contract, [v.terms for v in versions], instant)) - linked.hanging
    asked = chunks.Asked(
        contract,
        dict(readings or {}),
        dict(supplied or {}),
        instant,
        precision,
        position,
        shared,
        tuple(sorted(agreements)),
        linked.changes,
        linked.ids_once,
    )
    sent = packed(asked)
    found, once = chunks.of_everywhere(asked)
    once["verdicts"] = once["verdicts"].select(columns)
    blocks = rows.filter(F.col("what") == EVENTS).select("bucket", "block")
    frames = _frames(blocks, sent, citing.words_of(versions), columns)
    for what, own in once.items():
        if own.num_rows:
            frames[what] = frames[what].unionAll(frame.sparkSession.createDataFrame(own, frames[what].schema))
    findings = _said_once(frames["findings"])
    return Judging(frames["verdicts"], frames["subjects"], findings, found, rows, sent, once["verdicts"])


def _linked(
    log: DataFrame | EventFiles, contract: Contract, how: Packing, tasks: int
) -> tuple[linking.Linked, DataFrame]:
    """What the whole log says of its subjects, and its events packed, those that hang together in one bucket."""
    rows = _packed(log, how, tasks)
    frame = log.frame if isinstance(log, EventFiles) else log
    with _large_batches(frame):
        linked = linking.look(frame, rows, contract, how, tasks)
    if linked.groups:
        rows.unpersist()
        places = {name: hash_of(first) % how.buckets for name, first in linked.groups.items()}
        rows = _packed(log, evolve(how, together=places, unique_ids=True), tasks)
    return linked, rows


def _frames(
    blocks: DataFrame, sent: bytes, words: Sequence[citing.Words], columns: Sequence[str]
) -> dict[str, DataFrame]:
    """What workers tell of the blocks: verdicts, subjects, findings."""
    telling = partial(chunks.verdicts, sent=sent, words=words, names=tuple(columns))
    frames = {"verdicts": citing.in_words(blocks.mapInArrow(telling, citing.schema_of(columns)), words, columns)}
    for what, schema in (("subjects", SUBJECTS), ("findings", FINDINGS)):
        frames[what] = blocks.mapInArrow(partial(chunks.told, sent=sent, what=what), schema)
    return frames


def _known(columns: Sequence[str]) -> None:
    for name in columns:
        if name not in VERDICTS.names:
            near = nearest(name, VERDICTS.names)
            raise ValueError(f"verdicts have no column `{name}`" + (f"; did you mean `{near}`?" if near else ""))


def _cut(
    given: DataFrame | EventFiles, contract: Contract, position: str | None, partitions: int | None, unique_ids: bool
) -> tuple[int, Packing]:
    """How many tasks judge the log, and the buckets into which it is cut: whole ones for each task."""
    log, many = (given.frame, given.events) if isinstance(given, EventFiles) else (given, given.count())
    tasks = partitions or max(log.sparkSession.sparkContext.defaultParallelism, -(-many // TOGETHER))
    buckets = tasks * max(1, -(-many // (tasks * TOGETHER)))
    bearing = frozenset(shaping(contract).types.to_pylist())
    return tasks, Packing(buckets, {}, bearing, position, linking.MOST, unique_ids)


@contextmanager
def _large_batches(log: DataFrame) -> Iterator[None]:
    """While the log is read, batches of events have no limit of bytes: Spark measures it anew for each row.

    They still have one of rows, unless the session has none.
    """
    conf = log.sparkSession.conf
    if not conf.isModifiable(_BYTES) or int(str(conf.get(_ROWS))) <= 0:
        yield
        return
    before = conf.get(_BYTES)
    conf.set(_BYTES, str((1 << 31) - 1))
    try:
        yield
    finally:
        conf.set(_BYTES, str(before))


def _packed(given: DataFrame | EventFiles, how: Packing, tasks: int) -> DataFrame:
    """The events in buckets, each bucket whole in one partition, and the buckets of a partition one after the other."""
    if isinstance(given, EventFiles):
        task = partial(files.packed, pieces=given.pieces, schema=given.schema, how=how)
        rows = files.numbered(given).mapInArrow(task, PACKED)
    else:
        rows = given.mapInArrow(partial(pack_batches, how=how), PACKED)
    blocks = rows.repartitionById(tasks, "bucket")
    return (blocks.sortWithinPartitions("bucket") if how.buckets > tasks else blocks).persist()


def collected(verdicts: DataFrame) -> pa.Table:
    """Verdicts brought to the driver, in the order and with the columns of a table that the columnar engine makes."""
    found = coded_as(verdicts.toArrow(), VERDICT_COLUMNS)
    return found.take(pc.sort_indices(found.column("subject")))  # stable: a subject's come in the contract's order


def _said_once(found: DataFrame) -> DataFrame:
    """What is said of a whole log once is not said once a bucket."""
    each = F.monotonically_increasing_id().cast("string")
    keyed = found.withColumn("key", F.when(F.col("code") == "unknown_fact", F.col("message")).otherwise(each))
    order = ("place", "subject", "event", "number", "code", "message", "phase")
    kept = keyed.groupBy("key").agg(F.min(F.struct(*order)).alias("first"))
    return kept.select(*(F.col(f"first.{name}").alias(name) for name in FINDINGS.names))
