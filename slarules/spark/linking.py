"""What must be known of the whole log before its tickets are judged apart: agreements, and tickets that hang together.

A ticket is judged by its own events and by those of its agreement. Tickets hang together where events of both bear one
id (R32), where a correction of the one names an event of the other (R3), and where they draw on one allowance (R34).
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from slarules.columnar.disk.links import shaping
from slarules.columnar.log import columns
from slarules.columnar.log.coding import DESK
from slarules.columnar.log.columns import BadTable
from slarules.engine.history import settle
from slarules.model.contract import Contract, Terms
from slarules.spark.identities import doubled
from slarules.spark.packing import EVENTS, IDENTITIES, Seen

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


def look(
    events: DataFrame, packed: DataFrame, contract: Contract, position: str | None, *, unique_ids: bool
) -> Linked:
    """What the packed events tell, and the log itself of what was met. Raises ``BadTable`` and ``HangTogether``."""
    seen, identities, twice = _seen(packed)
    if seen.placeless:
        raise BadTable(
            f"{seen.placeless} of {seen.events} rows have no `{position}`: each event must have its place in the log"
        )
    if seen.bad:
        raise BadTable(
            f"{seen.bad} of {seen.events} rows are no events: `set_aside(events)` says why, `usable(events)` leaves "
            "them out"
        )
    everywhere = _not_many(seen.bearing)
    pairs = _sharing(events, identities)
    if seen.changing:
        changes = events.filter(F.col("type").isin("corrected", "retracted"))
        pairs |= _changed_across(events, changes)
        everywhere |= _retyped(changes, contract)
    groups = _groups(pairs)
    reached = {groups[name] for name in everywhere if name in groups}
    hanging = {name for name, first in groups.items() if first in reached}
    apart = {name: first for name, first in groups.items() if first not in reached}
    once = not twice and not unique_ids  # vouched for, it is only of two tickets, and nobody looked
    return Linked(frozenset(everywhere | hanging), frozenset(hanging), apart, seen.changing > 0, once)


def _seen(packed: DataFrame) -> tuple[Seen, list[int], bool]:
    """What all tasks saw; the identities of two subjects, at most one more than may be; whether any comes twice."""
    seen, identities, twice = Seen(), list[int](), False
    rows = packed.filter(F.col("what") > EVENTS).select("what", "block")
    for number, told in rows.mapInArrow(_told, "number long, told binary").collect():
        if told is None:
            twice = True
            identities += [] if number is None else [number]
            continue
        one: Seen = pickle.loads(told)
        seen.events += one.events
        seen.bad += one.bad
        seen.placeless += one.placeless
        seen.changing += one.changing
        seen.bearing |= one.bearing
    return seen, identities[: MOST + 1], twice


def _told(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What tasks saw; and where an identity comes twice, an empty row, and the identities of two subjects."""
    blocks = []
    for batch in batches:
        for what, block in zip(batch.column(0).to_pylist(), batch.column(1), strict=True):
            if what == IDENTITIES:
                blocks.append(block.as_buffer())
            else:
                yield pa.record_batch([pa.nulls(1, pa.int64()), pa.array([block.as_py()])], names=["number", "told"])
    twice, found = doubled(blocks)
    if twice:
        numbers = pa.array([None, *found[: MOST + 1]], pa.int64())
        yield pa.record_batch([numbers, pa.nulls(len(numbers), pa.binary())], names=["number", "told"])


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


def identity(events: DataFrame) -> Column:
    """A number for the source and the id of an event (R32)."""
    if "source" not in events.columns:
        return F.xxhash64(F.lit(DESK), "id")
    named = F.when(F.coalesce(F.col("source"), F.lit("")) == "", DESK).otherwise(F.col("source"))
    return F.xxhash64(named, "id")


def _sharing(events: DataFrame, identities: Sequence[int]) -> set[tuple[str, str]]:
    """The pairs of subjects whose events bear one id of one source (R32), of those that may."""
    if not identities:
        return set()
    names = events.sparkSession.createDataFrame([(n,) for n in identities], "identity long")
    every = events.select(identity(events).alias("identity"), "subject")
    some = every.join(F.broadcast(names), "identity", "left_semi")
    return _pairs(some.groupBy("identity").agg(F.min("subject").alias("one"), F.collect_set("subject").alias("all")))


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
