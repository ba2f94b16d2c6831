"""What must be known of the whole log before its tickets are judged apart: agreements, and tickets that hang together.

A ticket is judged by its own events and by those of its agreement. Tickets hang together where events of both bear one
id (R32), where a correction of the one names an event of the other (R3), and where they draw on one allowance (R34).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from slarules.columnar import columns
from slarules.columnar.columns import BadTable
from slarules.columnar.disk.links import DESK, shaping
from slarules.engine.history import settle
from slarules.model.contract import Contract, Terms
from slarules.spark.events import is_event
from slarules.spark.identities import doubled

MOST = 100_000
"""Events of agreements and the like that every worker can hold, and pairs of tickets that hang together."""


class HangTogether(ValueError):
    """Too much of the log hangs together for its tickets to be judged apart."""


@frozen(eq=False)
class Linked:
    """What the whole log says of its subjects."""

    events: int
    """Events in all."""
    everywhere: frozenset[str]
    """Subjects that every ticket may need: agreements, what draws on their allowances, and what hangs on those."""
    hanging: frozenset[str]
    """Those of them that hang together with others."""
    groups: Mapping[str, str]
    """Ticket that hangs together with others → the first of them by name."""


def look(events: DataFrame, contract: Contract, position: str | None, *, unique_ids: bool) -> Linked:
    """Goes through the log once, and again only for what was met. Raises ``BadTable`` and ``HangTogether``."""
    change = F.col("type").isin("corrected", "retracted")
    many, bad, bears_on, changing, placeless = _counts(events, _bears(events, contract), change, position)
    if placeless:
        raise BadTable(f"{placeless} of {many} rows have no `{position}`: each event must have its place in the log")
    if bad:
        raise BadTable(
            f"{bad} of {many} rows are no events: `set_aside(events)` says why, `usable(events)` leaves them out"
        )
    everywhere = set(bearing(events, contract)) if bears_on else set()
    pairs = set() if unique_ids else _sharing_ids(events)
    if changing:
        pairs |= _changed_across(events, events.filter(change))
        everywhere |= _retyped(events.filter(change), contract)
    groups = _groups(pairs)
    reached = {groups[name] for name in everywhere if name in groups}
    hanging = {name for name, first in groups.items() if first in reached}
    apart = {name: first for name, first in groups.items() if first not in reached}
    return Linked(many, frozenset(everywhere | hanging), frozenset(hanging), apart)


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


def _counts(events: DataFrame, bears: Column, change: Column, position: str | None) -> tuple[int, ...]:
    placeless = F.lit(False) if position is None else F.col(position).isNull()
    row = events.agg(
        F.count("*"), F.count_if(~is_event(events)), F.count_if(bears), F.count_if(change), F.count_if(placeless)
    ).first()
    assert row is not None
    return tuple(row)


def _names(subjects: DataFrame) -> set[str]:
    found = subjects.distinct().limit(MOST + 1).collect()
    if len(found) > MOST:
        told = "are agreements, or draw on an allowance of one; give the log in parts"
        raise HangTogether(f"more than {MOST} subjects {told}")
    return {row[0] for row in found}


def _source(events: DataFrame) -> Column:
    if "source" not in events.columns:
        return F.lit(DESK)
    return F.when(F.coalesce(F.col("source"), F.lit("")) == "", DESK).otherwise(F.col("source"))


def _sharing_ids(events: DataFrame) -> set[tuple[str, str]]:
    """The pairs of subjects whose events bear one id of one source (R32)."""
    identity = F.xxhash64(_source(events), "id")
    suspects = doubled(events.select(identity.alias("identity"), F.xxhash64("subject").alias("of")), MOST)
    if not suspects:
        return set()
    names = events.sparkSession.createDataFrame([(n,) for n in suspects], "identity long")
    some = events.select(identity.alias("identity"), "subject").join(F.broadcast(names), "identity", "left_semi")
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
