"""Verdicts as an Arrow table, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from slarules.columnar.rows import COLUMNS, DURATIONS, INSTANTS, LISTS, row
from slarules.engine.adopt import adopt
from slarules.model.contract import Contract
from slarules.model.rules import Citation
from slarules.model.verdict import Verdict

NAMES = (
    "duty",
    "rule",
    "state",
    "bearer",
    "counterparty",
    "severity",
    "ended_by",
    "cause",
    "elected",
    "calendar",
    "clause",
    "agreement",
)
"""Columns of few different names, dictionary-coded."""
_NAME = pa.dictionary(pa.int32(), pa.string())
_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(NAMES, _NAME),
    **dict.fromkeys(INSTANTS, pa.timestamp("us", tz="UTC")),
    **dict.fromkeys(DURATIONS, pa.duration("us")),
    **dict.fromkeys(LISTS, pa.list_(_NAME)),
    "events": pa.list_(pa.string()),
    "number": pa.int64(),
    "owed": pa.bool_(),
}
VERDICTS: pa.Schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])
"""The columns of a table of verdicts. Instants are microseconds UTC, durations microseconds."""


def table_of(verdicts: Iterable[Verdict], readings: Mapping[str, str]) -> pa.Table:
    """The verdicts as a table of the schema ``VERDICTS``, in their order."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for verdict in verdicts:
        for name, value in row(verdict, readings).items():
            columns[name].append(value)
    return pa.table({name: column(name, values) for name, values in columns.items()}, schema=VERDICTS)


def column(name: str, values: list[Any]) -> pa.Array:
    """One column's values as the schema has them."""
    kind = VERDICTS.field(name).type
    if kind == _NAME:
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def verdicts_of(table: pa.Table, contract: Contract, readings: Mapping[str, str] | None = None) -> list[Verdict]:
    """The verdicts that a table of the schema ``VERDICTS`` holds; their citations are the contract's own."""
    cited = citations(contract, readings)
    data = {name: _plain(table.column(name)) for name in COLUMNS}
    found = []
    for number in range(table.num_rows):
        at = {name: values[number] for name, values in data.items()}
        for name in ("missing", "events", "flags"):
            at[name] = tuple(at[name])
        citation = cited[at["duty"], at.pop("clause"), tuple(at.pop("quotes"))]
        del at["readings"], at["margin"]
        found.append(Verdict(**at, citation=citation))
    return found


def citations(
    contract: Contract, readings: Mapping[str, str] | None
) -> dict[tuple[str, str, tuple[str, ...]], Citation]:
    """(Rule's name, clause, quotations) → the citation."""
    found = {}
    for version in adopt(contract, readings, None):
        terms = version.terms
        for rules in (terms.duties, terms.prohibitions, terms.rights, terms.choices, terms.scopes):
            for name, rule in rules.items():
                own: Citation = rule.citation
                found[name, own.clause, tuple(q.text for q in own.quotations)] = own
    return found


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """The values in Python; instants and durations as integers."""
    if pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type):
        return list(column.cast(pa.int64()).to_pylist())
    return list(column.to_pylist())
