"""Facts as columns of one kind each, and as JSON text where a column cannot hold them exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from slarules.model.event import Raw
from slarules.readers.columns.text import coded, is_text, plain

PLACE = "place in the log"
"""The column that says where in the log a row stands."""
FIELDS = (
    "id", "subject", "type", "at", "actor", "source", "agreement", "kind", "target", "sequence", "seq", "recorded_at",
    "facts", PLACE,
)
"""Names of columns that are no facts; a fact of such a name stands in the JSON text."""
_INT64 = range(-(1 << 63), 1 << 63)
_ARROW = {bool: pa.bool_(), int: pa.int64(), str: pa.string(), tuple: pa.list_(pa.string())}

Kinds = dict[str, type]
"""The kind of each fact that is a column."""


def kind_of(value: Raw) -> type | None:
    """The kind of column that holds a value exactly; None where only JSON text does."""
    match value:
        case bool() | str():
            return type(value)
        case int():
            return int if value in _INT64 else None
        case tuple():
            return tuple if all(isinstance(item, str) for item in value) else None
    return None


def kinds_of(records: Sequence[Mapping[str, Raw]]) -> Kinds:
    """For each fact its first kind that a column can hold."""
    kinds: Kinds = {}
    for facts in records:
        for name, value in facts.items():
            if name not in kinds and name not in FIELDS:
                kind = kind_of(value)
                if kind is not None:
                    kinds[name] = kind
    return kinds


def fact_columns(records: Sequence[Mapping[str, Raw]], kinds: Kinds) -> dict[str, pa.Array]:
    """The facts of each event: columns of ``kinds``, and ``facts`` for the events whose facts do not all fit."""
    fits = [all(kinds.get(n, kinds) is kind_of(value) for n, value in facts.items()) for facts in records]
    columns = {}
    for name, kind in kinds.items():
        values = [facts.get(name) if fit else None for facts, fit in zip(records, fits, strict=True)]
        column = pa.array(values, _ARROW[kind])
        columns[name] = coded(column) if kind is str else column
    if not all(fits):
        texts = [None if fit else written(facts) for facts, fit in zip(records, fits, strict=True)]
        columns["facts"] = pa.array(texts, pa.string())
    return columns


def written(facts: Mapping[str, Raw]) -> str:
    """Facts as JSON text from which a reader makes the same again."""
    return "{" + ",".join(f"{json.dumps(name)}:{written_value(value)}" for name, value in facts.items()) + "}"


def written_value(value: Raw) -> str:
    """A fact's value as JSON text; a decimal number without a fraction keeps being one by its exponent."""
    match value:
        case Decimal():
            text = str(value)
            return text if any(char in text for char in ".E") else f"{text}e0"
        case tuple():
            return "[" + ",".join(written_value(item) for item in value) + "]"
    return json.dumps(value)


# ---- Columns that become text -----------------------------------------------------------------------------------


def piece(name: str, column: pa.Array) -> pa.Array:
    """``"name":value`` for each cell of a fact's column; null where it is null."""
    return pc.binary_join_element_wise(json.dumps(name) + ":", _texts(column), "")


def _texts(column: pa.Array) -> pa.Array:
    column = plain(column)
    kind = column.type
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "true", "false")
    if pa.types.is_integer(kind):
        return column.cast(pa.string())
    if is_text(kind):
        distinct = column.cast(pa.string()).dictionary_encode()
        texts = pa.array([written_value(text) for text in distinct.dictionary.to_pylist()], pa.string())
        return texts.take(distinct.indices)
    return pa.array([None if cell is None else written_value(_raw(cell)) for cell in column.to_pylist()], pa.string())


def _raw(cell: Any) -> Raw:
    return tuple(cell) if isinstance(cell, list) else cell


def bound(pieces: Sequence[pa.Array]) -> pa.Array:
    """Pieces put together to the text of an object for each event; null where an event has none of them."""
    inner = reduce(_beside, pieces)  # `null_handling="skip"` drops the rows that are null in all of them
    return pc.binary_join_element_wise("{", inner, "}", "")


def _beside(left: pa.Array, right: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(left, right, ","), left, right)


def added(text: pa.Array | None, more: pa.Array) -> pa.Array:
    """Two texts of objects, for each event, as one."""
    if text is None:
        return more
    both = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, -1), pc.utf8_slice_codeunits(more, 1, None), ","
    )
    return pc.coalesce(both, text, more)
