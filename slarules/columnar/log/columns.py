"""Events as an Arrow table: what its columns are, what is wrong with one, and events in and out.

A row is an event, in the order of the log. ``id``, ``subject``, ``type`` and ``at`` are needed; every column that is
no field of an event is a fact of its name, null where it was not recorded; ``facts`` holds further ones as JSON text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from slarules.calendars.zones import BEGINNING, END
from slarules.diagnostics import nearest
from slarules.model.event import Event, Raw
from slarules.readers.columns.facts import kind_of, kinds_of, written
from slarules.readers.columns.unifying import unified
from slarules.readers.fields import fact_value, flat
from slarules.readers.jsonl import decode
from slarules.readers.rejects import Refused

NAMES = ("subject", "type", "actor", "source", "agreement", "kind", "target")
TIMES = ("at", "recorded_at")
NEEDED = ("id", "subject", "type", "at")
TEXTS = ("id", *NAMES)
"""Columns of which each cell is a name: it is not blank."""
FIELDS = (*TEXTS, *TIMES, "sequence", "facts")
"""Columns that are no facts."""
TIME = pa.timestamp("us", tz="UTC")


class BadTable(ValueError):
    """A table that cannot be read as events; its text says why, in the user's words."""


# ---- In ---------------------------------------------------------------------------------------------------------


def checked(table: pa.Table) -> pa.Table:
    """The same events with each column of the type that it must have. Raises ``BadTable``."""
    absent = [name for name in NEEDED if name not in table.column_names]
    if absent:
        near = nearest(absent[0], table.column_names)
        names = ", ".join(f"`{name}`" for name in table.column_names)
        hint = f"; is it `{near}`?" if near else f"; its columns are {names}" if names else "; it has none"
        raise BadTable(f"the table has no column {', '.join(f'`{name}`' for name in absent)}{hint}")
    doubled = [name for name in table.column_names if table.column_names.count(name) > 1]
    if doubled:
        raise BadTable(f"the table has the column `{doubled[0]}` twice")
    columns = {name: _checked(name, table.column(name)) for name in table.column_names}
    for name in NEEDED:
        if columns[name].null_count:
            row = pc.index(columns[name].is_null(), True).as_py()
            raise BadTable(f"row {row + 1}: `{name}` is null")
    return pa.table(columns)


def checked_after(batch: pa.Table, before: int) -> pa.Table:
    """The same of the events of a log that come after so many others. Raises ``BadTable``."""
    try:
        return checked(batch)
    except BadTable as wrong:
        raise wrong if not before else BadTable(f"in the rows after the first {before}: {wrong}") from None


def _checked(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if name in TIMES:
        return _times(name, column)
    if name == "sequence":
        return _integers(name, column)
    if name in FIELDS:
        return _names(name, column)
    return _facts(name, column)


def _times(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_null(kind):
        return pa.chunked_array([pa.nulls(len(column), TIME)])
    if not pa.types.is_timestamp(kind):
        raise BadTable(f"`{name}` is of type {kind}: a timestamp with its zone is wanted, as timestamp[us, tz=UTC]")
    if kind.tz is None:
        raise BadTable(f"`{name}` has times without a zone: which instants they are cannot be known")
    try:
        found = column.cast(TIME)
    except pa.ArrowInvalid:
        raise BadTable(f"`{name}` has times finer than a microsecond, or out of range") from None
    bounds = pc.min_max(found.cast(pa.int64())).as_py()
    if bounds["min"] is not None and (bounds["min"] < BEGINNING or bounds["max"] > END):
        numbers = found.cast(pa.int64())
        outside = pc.or_(pc.less(numbers, BEGINNING), pc.greater(numbers, END))
        row = pc.index(pc.fill_null(outside, False), True).as_py()
        raise BadTable(f"row {row + 1}: `{name}` is not in 1970 to 2200; is its unit right?")
    return found


def _integers(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not (pa.types.is_integer(column.type) or pa.types.is_null(column.type)):
        raise BadTable(f"`{name}` is of type {column.type}: whole numbers are wanted")
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        raise BadTable(f"`{name}` has numbers too large to be counts") from None


def _names(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_null(kind):
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
    if not _is_text(kind):
        raise BadTable(f"`{name}` is of type {column.type}: text is wanted")
    if pa.types.is_dictionary(column.type) and not any(chunk.dictionary.null_count for chunk in column.chunks):
        coded = column.cast(pa.dictionary(pa.int32(), pa.string()))
        names = [chunk.dictionary for chunk in coded.chunks]
        if len({(len(own), *(b.address for b in own.buffers() if b)) for own in names}) < 2:
            return coded  # unifying would read the one dictionary once for each piece
        return unified(coded)
    return column.cast(pa.string())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _facts(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if _is_text(kind) or pa.types.is_null(kind):
        return _names(name, column)
    if pa.types.is_boolean(kind) or pa.types.is_decimal(kind) or pa.types.is_date(kind) or pa.types.is_floating(kind):
        return column
    if pa.types.is_integer(kind):
        return _integers(name, column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return column
    raise BadTable(f"the fact `{name}` is of type {kind}, which no fact can be")


# ---- Events out of a table, and into one ------------------------------------------------------------------------


def events_of(table: pa.Table) -> list[Event]:
    """The events of a checked table, in its order. Raises ``BadTable`` for a fact that cannot be meant."""
    count = table.num_rows
    data: dict[str, list[Any]] = {}
    for name in FIELDS:
        if name not in table.column_names:
            data[name] = [None] * count
        elif name in TIMES:
            data[name] = table.column(name).cast(pa.int64()).to_pylist()
        else:
            data[name] = table.column(name).to_pylist()
    facts: list[dict[str, Raw]] = [{} for _ in range(count)]
    for name in table.column_names:
        if name not in FIELDS:
            for own, value in zip(facts, table.column(name).to_pylist(), strict=True):
                if value is not None:
                    own[name] = raw_of(value)
    for number, text in enumerate(data["facts"]):
        if text is not None:
            facts[number].update(facts_of(text, number))
    return [
        Event(
            data["id"][n],
            data["subject"][n],
            data["type"][n],
            data["at"][n],
            data["actor"][n],
            facts[n],
            data["source"][n] or "desk",
            data["sequence"][n],
            data["recorded_at"][n],
            data["agreement"][n],
            data["kind"][n],
            data["target"][n],
        )
        for n in range(count)
    ]


def raw_of(value: Any) -> Raw:
    """A column's value in Python as an event has it."""
    match value:
        case None | bool() | int() | str() | Decimal():
            return value
        case float():
            return Decimal(repr(value))
        case list():
            return tuple(raw_of(item) for item in value)
    return str(value.isoformat())


def facts_of(text: str, row: int) -> Mapping[str, Raw]:
    """The facts that the JSON text of a row, counted from 0, holds. Raises ``BadTable``."""
    try:
        return facts_in(text)
    except Refused as refused:
        raise BadTable(f"row {row + 1}: {refused.cause}; an object is wanted, as {{\"channel\": \"email\"}}") from None


def facts_in(text: str) -> Mapping[str, Raw]:
    """The facts that JSON text holds. Raises ``Refused``, which says what is wrong with the column `facts`."""
    try:
        return {name: fact_value(value, name) for name, value in flat(decode(text)).items()}
    except Refused as refused:
        what = "is cut off, or no JSON" if refused.code == "E0621" else f"cannot be meant: {refused.cause}"
        raise Refused(refused.code, f"`facts` {what}") from None


def table_of(events: Iterable[Event]) -> pa.Table:
    """The events as a checked table; ``events_of`` gives them back as they were."""
    log = list(events)
    columns: dict[str, Any] = {
        "id": pa.array([e.id for e in log], pa.string()),
        **{name: _coded([getattr(e, name) for e in log]) for name in NAMES},
        **{name: pa.array([getattr(e, name) for e in log], TIME) for name in TIMES},
        "sequence": pa.array([e.sequence for e in log], pa.int64()),
    }
    kinds = kinds_of([e.facts for e in log])
    place = {name: number for number, name in enumerate(kinds)}
    plain = [_is_plain(e.facts, kinds, place) for e in log]
    for name, kind in kinds.items():
        values = [e.facts.get(name) if ok else None for e, ok in zip(log, plain, strict=True)]
        columns[name] = _coded(values) if kind is str else pa.array(values, _ARROW[kind])
    if not all(plain):
        texts = [None if ok else written(e.facts) for e, ok in zip(log, plain, strict=True)]
        columns["facts"] = pa.array(texts, pa.string())
    return pa.table(columns)


_ARROW = {bool: pa.bool_(), int: pa.int64(), tuple: pa.list_(pa.string())}


def _coded(values: Sequence[Any]) -> pa.Array:
    return pa.array(values, pa.string()).dictionary_encode()


def _is_plain(facts: Mapping[str, Raw], kinds: Mapping[str, type], place: Mapping[str, int]) -> bool:
    """Whether columns hold an event's facts exactly, their order included."""
    last = -1
    for name, value in facts.items():
        if kinds.get(name) is not kind_of(value) or name not in kinds or place[name] < last:
            return False
        last = place[name]
    return True
