"""Verdicts as an Arrow table, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from slarules.columnar.verdicts.rows import COLUMNS, DURATIONS, INSTANTS, LISTS, row
from slarules.model.contract import Contract, Terms, with_verdicts
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


def verdicts_of(
    table: pa.Table, contract: Contract, versions: Sequence[int] = ()
) -> list[Verdict]:
    """The verdicts that a table of the schema ``VERDICTS`` holds; their citations are the contract's own.

    ``versions`` [row] tells under which of the contract's versions each was judged; where it is not given, versions
    whose rules have one name, clause and quotations are not told apart.
    """
    cited = citations(contract)
    data = {name: _plain(table.column(name)) for name in COLUMNS}
    found = []
    for number in range(table.num_rows):
        at = {name: values[number] for name, values in data.items()}
        for name in ("missing", "events", "flags"):
            at[name] = tuple(at[name])
        version = versions[number] if len(versions) else -1
        citation = cited[at["duty"], at.pop("clause"), tuple(at.pop("quotes")), version]
        del at["readings"], at["margin"]
        found.append(Verdict(**at, citation=citation))
    return found


Cited = tuple[str, str, tuple[str, ...], int]


def citations(contract: Contract) -> dict[Cited, Citation]:
    """(Rule's name, clause, quotations, version) → the citation; for version -1 the last that has them."""
    found: dict[Cited, Citation] = {}
    for number, version in enumerate(contract.versions):
        for name, own in _cited(version):
            quotes = tuple(q.text for q in own.quotations)
            found[name, own.clause, quotes, number] = found[name, own.clause, quotes, -1] = own
    return found


def versions_of(verdicts: Iterable[Verdict], contract: Contract) -> list[int]:
    """Under which of the contract's versions each verdict was judged."""
    place = {id(own): number for number, terms in enumerate(contract.versions) for _, own in _cited(terms)}
    return [place[id(verdict.citation)] for verdict in verdicts]


def _cited(terms: Terms) -> Iterator[tuple[str, Citation]]:
    return ((rule.name, rule.citation) for rule in with_verdicts(terms))


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """The values in Python; instants and durations as integers."""
    if pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type):
        return list(column.cast(pa.int64()).to_pylist())
    return list(column.to_pylist())
