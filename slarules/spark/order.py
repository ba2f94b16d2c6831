"""Where the order in which events arrived matters to their verdicts, and must therefore be told (R3, R32)."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.log.columns import checked, events_of

CHANGES = pa.array(["corrected", "retracted"])


class NeedsPosition(ValueError):
    """The verdicts hang on the order of the log, and no column tells it."""


def needs_none(
    table: pa.Table, kinds: Mapping[str, str], *, changes: bool = True, ids_once: bool = False
) -> None:
    """Raises ``NeedsPosition`` where the order of these events matters; ``kinds`` are the contract's types of events.

    Nobody looks for what is known not to be: ``changes`` of events, and ids that do not stand ``ids_once``.
    It does for two changes of one event and for a change of a change (R3), for one id with two contents (R32), and
    for a subject that is said to be of two kinds or under two agreements: there the first, or the last, counts.
    """
    told = _changed_twice(table) if changes else None
    told = told or (None if ids_once else _id_twice(table)) or _two_of(table, kinds)
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
    again = targets.filter(pc.is_in(targets, value_set=changes.column("id").cast(pa.string()).combine_chunks()))
    return f"the change `{_first(again)}` is itself corrected or retracted" if len(again) else None


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


def _two_of(table: pa.Table, kinds: Mapping[str, str]) -> str | None:
    types = table.column("type").cast(pa.string())
    names = pa.array(sorted(kinds), pa.string())
    kind = pa.array([kinds[name] for name in names.to_pylist()], pa.string()).take(pc.index_in(types, value_set=names))
    if "kind" in table.column_names:
        kind = pc.coalesce(table.column("kind").cast(pa.string()), kind)
    found = _differing(table, kind)
    if found is not None:
        return f"the subject `{found}` is of two kinds"
    if "agreement" not in table.column_names:
        return None
    found = _differing(table, table.column("agreement").cast(pa.string()))
    return None if found is None else f"the subject `{found}` is under two agreements"


def _differing(table: pa.Table, names: pa.Array) -> str | None:
    """A subject of which two different names are told."""
    coded = pc.dictionary_encode(names)
    coded = coded.unify_dictionaries().combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    if len(coded.dictionary) < 2:
        return None
    rows = pa.table({"subject": table.column("subject").cast(pa.string()), "name": coded.indices}).drop_null()
    found = rows.group_by("subject", use_threads=False).aggregate([("name", "min"), ("name", "max")])
    differ = found.filter(pc.not_equal(found.column("name_min"), found.column("name_max")))
    return _first(differ.column("subject")) if differ.num_rows else None


def _first(names: pa.ChunkedArray) -> str:
    return str(pc.min(names).as_py())
