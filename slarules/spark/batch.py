"""A whole log judged on Spark: one shuffle by ticket, then whole buckets of tickets, each judged at once.

The verdicts are those of ``slarules run`` on the same events. No time is converted to another zone by Spark: instants
stay microseconds in UTC, and only the contract's compiled calendars know zones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from slarules.calendars import zones
from slarules.columnar.hashing import hash_of
from slarules.columnar.verdicts import VERDICTS as VERDICT_COLUMNS
from slarules.engine.adopt import adopt
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation
from slarules.readers.instants import rfc3339
from slarules.readers.rejects import Refused
from slarules.spark import chunks, events, linking
from slarules.spark.packing import BUCKET, PACKED, coded, pack
from slarules.spark.schema import FINDINGS, SUBJECTS, VERDICTS
from slarules.spark.schema import coded as coded_as

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


def judge(log: DataFrame, policy: Any, as_of: datetime | str | int, **more: Any) -> DataFrame:
    """The verdicts of ``judging``, which see: ``judge(events, policy, as_of, readings=…, position=…)``."""
    return judging(log, policy, as_of, **more).verdicts


def judging(
    log: DataFrame,
    policy: Any,
    as_of: datetime | str | int,
    *,
    readings: Mapping[str, str] | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    position: str | None = None,
    partitions: int | None = None,
    unique_ids: bool = False,
) -> Judging:
    """Every verdict on a log of events under a policy (or its contract), as of an instant.

    ``log`` has the columns of an event table, a row an event. ``position`` names a column with each event's place in
    the log; without one, events whose order of arrival matters are refused. ``partitions`` is how many tasks judge.
    ``unique_ids`` vouches that no two tickets' events bear one id of one
    source, and saves looking. ``precision`` is how exact the log's instants are, in microseconds. Raises ``BadTable``,
    ``HangTogether``, ``UnknownReading`` and ``ValueError``; ``NeedsPosition`` is raised where the verdicts are read.
    """
    contract: Contract = getattr(policy, "contract", policy)
    events.checked(log, position)
    instant = instant_of(as_of)
    versions = adopt(contract, readings, supplied)
    linked = linking.look(log, contract, position, unique_ids=unique_ids)
    shared = coded(linking.events_of(log, linked.everywhere, contract, position))
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
    )
    rows = _shuffled(log, linked, partitions)
    sent = chunks.packed(asked)
    found, once = chunks.of_everywhere(asked)
    frames = {}
    for what, schema in (("verdicts", VERDICTS), ("subjects", SUBJECTS), ("findings", FINDINGS)):
        frames[what] = rows.mapInArrow(partial(chunks.told, sent=sent, what=what), schema)
        if once[what].num_rows:
            frames[what] = frames[what].unionAll(log.sparkSession.createDataFrame(once[what], schema))
    return Judging(frames["verdicts"], frames["subjects"], _said_once(frames["findings"]), found)


def _shuffled(log: DataFrame, linked: linking.Linked, partitions: int | None) -> DataFrame:
    """The events in buckets, each bucket whole in one partition, and the buckets of a partition one after the other."""
    tasks = partitions or max(log.sparkSession.sparkContext.defaultParallelism, -(-linked.events // TOGETHER))
    buckets = tasks * max(1, -(-linked.events // (tasks * TOGETHER)))
    places = {name: hash_of(first) % buckets for name, first in linked.groups.items()}
    hashed = F.pmod(F.xxhash64("subject"), F.lit(buckets)).cast("int")
    packing = partial(pack, buckets=buckets, together=places, elsewhere=linked.everywhere)
    blocks = log.withColumn(BUCKET, hashed).mapInArrow(packing, PACKED).repartitionById(tasks, PACKED.names[0])
    return blocks.sortWithinPartitions(PACKED.names[0])


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


def instant_of(as_of: datetime | str | int) -> int:
    """Microseconds since 1970 UTC. Raises ``ValueError`` for a time without zone or outside 1970 to 2200."""
    if isinstance(as_of, datetime):
        return zones.micros(as_of)
    if isinstance(as_of, str):
        try:
            return rfc3339(as_of)
        except Refused as refused:
            raise ValueError(f"as_of: {refused.cause}") from None
    return zones.in_range(as_of)
