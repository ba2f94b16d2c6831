"""A stream of events judged as they come: a breach is told when the watermark passes its deadline.

The events are kept in Spark's state. When one comes, or when the watermark reaches the instant at which a verdict
changes, those whom it touches are judged as of the watermark, and what changed is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from importlib.util import find_spec
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from slarules.columnar.disk.resuming import asked, digest
from slarules.columnar.log import columns
from slarules.columnar.log.columns import BadTable
from slarules.engine.adopt import adopt
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.spark import events, linking
from slarules.spark.desk_on_spark import DeskWatcher
from slarules.spark.schema import CHANGES, VERDICTS
from slarules.spark.sending import packed
from slarules.spark.watching import KEPT, Watch, Watcher

PROVIDER = "spark.sql.streaming.stateStore.providerClass"
END = (1 << 63) - 1
"""After every instant."""
ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"


def live(
    stream: DataFrame,
    policy: Any,
    *,
    agreements: DataFrame | None = None,
    delay: str = "0 seconds",
    readings: Mapping[str, str] | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    position: str | None = None,
    apart: bool = False,
) -> DataFrame:
    """Every change of a verdict of the stream's subjects, with the columns ``CHANGES``; to be written in append mode.

    ``stream`` has the columns of an event table. ``agreements`` is a log, read once when the query is made, of which
    the agreements are taken, where the stream does not bring them. ``delay`` is how much later than others an event may
    come before tickets are judged without it; one that comes later still is not lost, and what it changes is told.
    ``position`` names a column with each event's place in the log. ``apart`` spreads the tickets over the cluster, each
    judged by itself beside ``agreements``: then the stream must bring none, nothing in it may bear on another ticket,
    and of agreements themselves nothing is told. Raises ``BadTable``, ``HangTogether``, ``UnknownReading``, and
    ``ValueError`` where the stream needs what is not there.
    """
    if find_spec("google.protobuf") is None:
        raise ValueError("Spark keeps state for Python by way of protobuf: pip install 'slarules[spark]'")
    contract: Contract = getattr(policy, "contract", policy)
    events.checked(stream, position)
    if not stream.isStreaming:
        raise ValueError("these events are no stream: judge(…) judges what is there")
    versions = adopt(contract, readings, supplied)
    known = _agreements(agreements, contract, position)
    stream = events.recorded(events.usable(stream))
    watch = Watch(
        contract,
        dict(readings or {}),
        dict(supplied or {}),
        precision,
        position is not None,
        tuple(columns.events_of(columns.checked(known))) if known is not None else (),
        tuple(linking.agreements(known, contract, [v.terms for v in versions], END)) if known is not None else (),
        digest((asked(contract, readings, supplied, None), precision)),
    )
    if stream.sparkSession.conf.get(PROVIDER) != ROCKSDB:
        stream.sparkSession.conf.set(PROVIDER, ROCKSDB)  # no other store keeps what transformWithState needs
    rows = stream.withWatermark("at", delay).select("subject", *_kept(stream, position))
    if apart:
        return rows.groupBy("subject").transformWithState(Watcher(packed(watch)), CHANGES, "Append", "EventTime")
    desk = rows.withColumn("desk", F.lit(0)).groupBy("desk")
    return desk.transformWithState(DeskWatcher(packed(watch)), CHANGES, "Append", "EventTime")


def latest(changes: DataFrame) -> DataFrame:
    """Of what a stream told: each verdict as it was told last, those that are gone left out."""
    newest = changes.groupBy("identity").agg(F.max_by(F.struct(*changes.columns), "revision").alias("last"))
    return newest.select("last.*").filter("not gone").select(*VERDICTS.names)


def _agreements(log: DataFrame | None, contract: Contract, position: str | None) -> pa.Table | None:
    if log is None:
        return None
    if log.isStreaming:
        raise ValueError("agreements are read when the query is made: give a DataFrame that is no stream")
    place = position if position in log.columns else None
    events.checked(log, place)
    bad = events.rejects(log).count()
    if bad:
        raise BadTable(
            f"{bad} rows of the log of agreements are no events: `set_aside(events)` says why, `usable(events)` leaves "
            "them out"
        )
    log = events.recorded(log)
    found = linking.events_of(log, linking.bearing(log, contract), contract, place)
    return found if place is None else found.drop_columns([place])


def _kept(stream: DataFrame, position: str | None) -> list[Column]:
    """What is kept of each event: instants as microseconds, the columns that are facts as JSON.

    The time that moves the watermark is left behind on purpose: with it, Spark would drop late events.
    """
    found = []
    for field in KEPT.fields:
        name = field.name
        if name == "columns":
            found.append(_facts(stream, position))
        elif name == "place":
            found.append(F.col(position) if position else F.lit(None))
        elif name not in stream.columns:
            found.append(F.lit(None))
        else:
            found.append(F.unix_micros(name) if name in columns.TIMES else F.col(name))
    return [column.cast(field.dataType).alias(field.name) for column, field in zip(found, KEPT.fields, strict=True)]


def _facts(stream: DataFrame, position: str | None) -> Column:
    names = [name for name in stream.columns if name not in columns.FIELDS and name != position]
    if not names:
        return F.lit(None)
    some = reduce(Column.__or__, (F.col(f"`{name}`").isNotNull() for name in names))
    return F.when(some, F.to_json(F.struct(*(F.col(f"`{name}`") for name in names))))
