"""What must be known of the whole log before its tickets are judged apart: agreements, and tickets that hang together.

A ticket is judged by its own events and by those of its agreement. Tickets hang together where events of both bear one
id (R32), where a correction of the one names an event of the other (R3), and where they draw on one allowance (R34).
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from slarules.columnar.disk.links import shaping
from slarules.columnar.log import columns
from slarules.columnar.log.columns import BadTable
from slarules.engine.history import settle
from slarules.model.contract import Contract, Terms
from slarules.spark.identities import apart, doubled, identities
from slarules.spark.packing import IDENTITIES, PACKED, SEEN, Packing, Seen, by_bucket, pairs

MOST = 100_000
"""Events of agreements and the like that every worker can hold, and pairs of tickets that hang together."""


class HangTogether(ValueError):
    """Too much of the log hangs together for its tickets to be judged apart."""


@frozen(eq=False)
class Linked:
    """What the whole log says of its subjects."""

    everywhere: frozenset[str]
    """Subjects that every ticket may need: agreements, what draws on their allowances, and what hangs on those."""
    hanging: frozenset[str]
    """Those of them that hang together with others."""
    groups: Mapping[str, str]
    """Ticket that hangs together with others → the first of them by name."""
    changes: bool
    """Whether events are corrected or retracted."""
    ids_once: bool
    """Whether it is known that no id of a source stands in two rows."""


def look(events: DataFrame, packed: DataFrame, contract: Contract, how: Packing, tasks: int) -> Linked:
    """What the packed events tell, and the log itself of what was met. Raises ``BadTable`` and ``HangTogether``."""
    seen = _seen(packed)
    if seen.placeless:
        raise BadTable(
            f"{seen.placeless} of {seen.events} rows have no `{how.position}`: each event must have its place in the "
            "log"
        )
    if seen.bad:
        raise BadTable(
            f"{seen.bad} of {seen.events} rows are no events: `set_aside(events)` says why, `usable(events)` leaves "
            "them out"
        )
    everywhere = _not_many(seen.bearing)
    twice, shared = (False, []) if how.unique_ids else _twice(events, packed, seen, how, tasks)
    pairs = _sharing(events, shared)
    if seen.changing:
        changes = events.filter(F.col("type").isin("corrected", "retracted"))
        pairs |= _changed_across(events, changes)
        everywhere |= _retyped(changes, contract)
    groups = _groups(pairs)
    reached = {groups[name] for name in everywhere if name in groups}
    hanging = {name for name, first in groups.items() if first in reached}
    apart = {name: first for name, first in groups.items() if first not in reached}
    once = not twice and not how.unique_ids  # vouched for, it is only of two tickets, and nobody looked
    return Linked(frozenset(everywhere | hanging), frozenset(hanging), apart, seen.changing > 0, once)


def _seen(packed: DataFrame) -> Seen:
    """What all tasks saw."""
    seen = Seen()
    for (told,) in packed.filter(F.col("what") == SEEN).select("told").collect():
        one: Seen = pickle.loads(told)
        seen.events += one.events
        seen.bad += one.bad
        seen.placeless += one.placeless
        seen.changing += one.changing
        seen.bearing |= one.bearing
        seen.runs += one.runs
        seen.numbered |= one.numbered
        seen.astray |= one.astray
    return seen


def _twice(events: DataFrame, packed: DataFrame, seen: Seen, how: Packing, tasks: int) -> tuple[bool, list[int]]:
    """Whether any id of a source comes twice, and the identities of two subjects, at most one more than may be.

    Where ids rise throughout, as a help desk's numbers do, they need not be compared.
    """
    if not seen.numbered and not seen.astray and apart(seen.runs):
        return False, []
    if seen.runs or seen.astray:  # no task has all
        named = [name for name in ("id", "source", "subject") if name in events.columns]
        rows = events.select(*named).mapInArrow(partial(pairs, parts=how.buckets), PACKED)
        packed = rows.repartitionById(tasks, "bucket")
        if how.buckets > tasks:
            packed = packed.sortWithinPartitions("bucket")
    rows = packed.filter(F.col("what") == IDENTITIES).select("bucket", "told")
    found = [number for (number,) in rows.mapInArrow(_doubled, "number long").collect()]
    return bool(found), [number for number in found if number is not None][: MOST + 1]


def _doubled(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Where an identity comes twice, an empty row, and the identities of two subjects; one bucket after the other."""
    for blocks in by_bucket(batches):
        twice, found = doubled(blocks)
        if twice:
            yield pa.record_batch([pa.array([None, *found[: MOST + 1]], pa.int64())], names=["number"])


def bearing(events: DataFrame, contract: Contract) -> frozenset[str]:
    """The subjects that are agreements, or draw on an allowance of one. Raises ``HangTogether``."""
    return frozenset(_names(events.filter(_bears(events, contract)).select("subject")))


def events_of(events: DataFrame, subjects: frozenset[str], contract: Contract, position: str | None) -> pa.Table:
    """The events of these subjects, brought to the driver. Raises ``HangTogether`` where there are too many."""
    if len(subjects) <= 1000:
        wanted = events.filter(F.col("subject").isin(sorted(subjects)))
    else:
        names = events.sparkSession.createDataFrame([(name,) for name in sorted(subjects)], "subject string")
        wanted = events.join(F.broadcast(names), "subject", "left_semi").select(*events.columns)
    found = wanted.limit(MOST + 1).toArrow()
    if found.num_rows > MOST:
        raise HangTogether(_why(contract))
    return found if position is None else found.sort_by(position)


def agreements(shared: pa.Table, contract: Contract, versions: Sequence[Terms], as_of: int) -> list[str]:
    """The subjects of these events that are agreements as of an instant (R2), in the order in which they begin."""
    told = settle(contract, versions, columns.events_of(columns.checked(shared)), as_of)
    kinds = {name: event.kind for terms in versions for name, event in terms.events.items()}
    begun = {
        name: next(e.at for e in subject.entries if e.event.kind or kinds[e.type])
        for name, subject in told.subjects.items()
        if subject.kind == "agreement"
    }
    return sorted(begun, key=begun.__getitem__)


def _why(contract: Contract) -> str:
    drawing = sorted(name for terms in contract.versions for name in terms.allowances)
    what = f" and of tickets that draw on {', '.join(f'`{name}`' for name in drawing)}" if drawing else ""
    return (
        f"more than {MOST} events of agreements{what} would have to be held beside every ticket; give the log in "
        "parts, each with the tickets of some agreements, or judge it on one machine with `slarules run --memory`"
    )


def _bears(events: DataFrame, contract: Contract) -> Column:
    """Whether an event makes its subject one that others need."""
    found = F.col("type").isin(shaping(contract).types.to_pylist())
    return found | (F.coalesce(F.col("kind"), F.lit("")) == "agreement") if "kind" in events.columns else found


def _names(subjects: DataFrame) -> set[str]:
    return _not_many({row[0] for row in subjects.distinct().limit(MOST + 1).collect()})


def _not_many(names: set[str]) -> set[str]:
    if len(names) > MOST:
        told = "are agreements, or draw on an allowance of one; give the log in parts"
        raise HangTogether(f"more than {MOST} subjects {told}")
    return names


def _sharing(events: DataFrame, shared: Sequence[int]) -> set[tuple[str, str]]:
    """The pairs of subjects whose events bear one id of one source (R32), of those that may."""
    if not shared:
        return set()
    named = [name for name in ("id", "source", "subject") if name in events.columns]
    numbers = np.array(shared, np.int64)
    some = events.select(*named).mapInArrow(partial(_with, numbers=numbers), "identity long, subject string")
    return _pairs(some.groupBy("identity").agg(F.min("subject").alias("one"), F.collect_set("subject").alias("all")))


def _with(batches: Iterable[pa.RecordBatch], numbers: Any) -> Iterator[pa.RecordBatch]:
    """The subjects of events with one of these identities."""
    for batch in batches:
        table = pa.Table.from_batches([batch])
        own = identities(table).view(np.int64)
        where = np.isin(own, numbers)
        found = table.column("subject").filter(pa.array(where))
        yield pa.record_batch([pa.array(own[where]), found.combine_chunks()], names=["identity", "subject"])


def _pairs(groups: DataFrame) -> set[tuple[str, str]]:
    found = groups.select("one", F.explode("all").alias("other")).filter("one <> other").distinct()
    return _few(found)


def _few(found: DataFrame) -> set[tuple[str, str]]:
    rows = found.limit(MOST + 1).collect()
    if len(rows) > MOST:
        raise HangTogether(
            f"more than {MOST} tickets hang together, because events of several bear one id, or corrections name "
            "events of other tickets (R3, R32); an id should name one event of its source"
        )
    return {(row[0], row[1]) for row in rows}


def _changed_across(events: DataFrame, changes: DataFrame) -> set[tuple[str, str]]:
    """The pairs of subjects of which one's correction names the other's event, or gives its event to the other."""
    pairs: set[tuple[str, str]] = set()
    if "target" in events.columns:
        reach = changes.select(F.col("target").alias("id"), F.col("subject").alias("by")).filter("id is not null")
        across = reach.join(events.select("id", "subject"), "id").filter("by <> subject")
        pairs |= _few(across.select("by", "subject").distinct())
    if "facts" in events.columns:
        moved = changes.select("subject", F.get_json_object("facts", "$.subject").alias("to"))
        pairs |= _few(moved.filter("to is not null and to <> subject").distinct())
    return pairs


def _retyped(changes: DataFrame, contract: Contract) -> set[str]:
    """Subjects of which a correction says that an event was of an agreement's type."""
    if "facts" not in changes.columns:
        return set()
    now = F.get_json_object("facts", "$.type")
    return _names(changes.filter(now.isin(shaping(contract).types.to_pylist())).select("subject"))


def _groups(pairs: set[tuple[str, str]]) -> dict[str, str]:
    """Each subject of a pair → the first by name of all that hang together with it."""
    parent: dict[str, str] = {}

    def first(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one, other in pairs:
        low, high = sorted((first(one), first(other)))
        parent[high] = low
    return {name: first(name) for name in sorted(parent)}
