"""Where the order in which events arrived matters to their verdicts, and must therefore be told (R3, R32)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.log.coding import DESK
from slarules.columnar.log.columns import checked, events_of

CHANGES = pa.array(["corrected", "retracted"])


class NeedsPosition(ValueError):
    """The verdicts hang on the order of the log, and no column tells it."""


def needs_none(
    table: pa.Table, *, changes: bool = True, ids_once: bool = False
) -> None:
    """Raises ``NeedsPosition`` where the order of these events matters.

    Nobody looks for what is known not to be: ``changes`` of events, and ids that do not stand ``ids_once``.
    It does for two changes of one event, and for one that names an id which only other sources have, and several of
    them (R3), and for one id with two contents (R32): there the first, or the last, counts.
    """
    told = _changed_twice(table) if changes else None
    told = told or (None if ids_once else _id_twice(table))
    if told is not None:
        raise NeedsPosition(
            f"{told}: which of them counts is told by the order of the log, and Spark keeps none; add a column with "
            "each event's place in the log, and name it: position=…"
        )


def _changed_twice(table: pa.Table) -> str | None:
    changes = table.filter(pc.is_in(table.column("type").cast(pa.string()), value_set=CHANGES))
    if not changes.num_rows or "target" not in table.column_names:
        return None
    targets = changes.column("target").cast(pa.string()).drop_null()
    counts = pc.value_counts(targets)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        return f"the event `{_first(twice)}` is corrected or retracted more than once"
    return _of_other_sources(table, changes, targets)


def _of_other_sources(table: pa.Table, changes: pa.Table, targets: pa.Array) -> str | None:
    """A change whose own source has no event of that id, and several others have one."""
    if "source" not in table.column_names:
        return None
    meant = table.filter(pc.is_in(table.column("id").cast(pa.string()), value_set=targets.combine_chunks()))
    sources: dict[str, set[str]] = {}
    for name, source in zip(meant.column("id").to_pylist(), meant.column("source").to_pylist(), strict=True):
        sources.setdefault(name, set()).add(source or DESK)
    for target, source in zip(changes.column("target").to_pylist(), changes.column("source").to_pylist(), strict=True):
        if len(sources.get(target, ())) > 1 and (source or DESK) not in sources[target]:
            return f"the event `{target}` that is corrected or retracted is of several sources"
    return None


def _id_twice(table: pa.Table) -> str | None:
    ids = table.column("id").cast(pa.string())
    if pc.count_distinct(ids).as_py() == len(ids):
        return None
    counts = pc.value_counts(ids)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    some = table.filter(pc.is_in(ids, value_set=twice))
    seen: dict[tuple[str, str], tuple[object, object]] = {}
    for event in events_of(checked(some)):
        content = (event, event.facts)
        if seen.setdefault((event.source, event.id), content) != content:
            return f"the id `{event.id}` stands for two different events"
    return None


def _first(names: pa.ChunkedArray) -> str:
    return str(pc.min(names).as_py())
