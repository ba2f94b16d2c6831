"""Findings put in the order in which one judging of a whole log tells them, however many judgings found them.

That order is: ids that stand twice, by their place in the log; changes of nothing, the last first; facts and types, by
place; agreements that are not there; and last, subject by subject, what judging met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.findings import JUDGED, NO_AGREEMENT, NOTHING_TO_CHANGE, TWICE, TYPED, phase_of
from slarules.columnar.log.coding import DESK, Coded, Instants
from slarules.columnar.log.columns import events_of
from slarules.columnar.log.ids import ids_at
from slarules.engine.history import DUPLICATE, typed, words_of
from slarules.model.contract import Contract
from slarules.model.verdict import Finding
from slarules.readers.columns.facts import PLACE as PLACE
from slarules.readers.columns.unifying import unified

FINDINGS: pa.Schema = pa.schema(
    [
        ("phase", pa.int8()),
        ("place", pa.int64()),
        ("subject", pa.string()),
        ("event", pa.string()),
        ("code", pa.string()),
        ("message", pa.string()),
    ]
)
"""Findings with what puts them in order."""
ONCE = "unknown_fact"
"""What is told of the whole log once."""
_CHANGES = pa.array(["corrected", "retracted"])

Row = tuple[int, int, str, str, str, str]


def placed(
    findings: Sequence[Finding], table: pa.Table, own: Callable[[str], bool], contract: Contract
) -> pa.Table:
    """The findings of judging ``table`` that are of its own subjects, each with its place."""
    if not findings:
        return FINDINGS.empty_table()
    phases = [phase_of(finding) for finding in findings]
    places = _places(findings, phases, table, contract)
    rows = [
        (phase, place, f.subject, f.event, f.code, f.message)
        for f, phase, place in zip(findings, phases, places, strict=True)
        if own(f.subject) or f.code == ONCE
    ]
    rows.sort(key=key_of)
    return pa.table([list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 6, schema=FINDINGS)


def key_of(row: Row) -> tuple[int, int, str]:
    """What findings are put in order by."""
    return (row[0], row[1], row[2] if row[0] == JUDGED else "")


def _places(
    findings: Sequence[Finding], phases: Sequence[int], table: pa.Table, contract: Contract
) -> list[int]:
    """Where in the log the event of each finding stands."""
    again = _again(table) if TWICE in phases else {}
    rows = _rows_of({f.event for f, p in zip(findings, phases, strict=True) if p not in (TWICE, JUDGED)}, table)
    changing: dict[tuple[str, str], int] = {}
    again_told: Counter[Finding] = Counter()
    found = []
    for finding, phase in zip(findings, phases, strict=True):
        key, named = (finding.subject, finding.event), rows.get(finding.event, ())
        own = [p for s, p in named if s == finding.subject] or [p for _, p in named] or [0]
        if phase == TWICE:
            found.append(again[key].pop(0))
        elif phase == NOTHING_TO_CHANGE:
            changing[key] = changing.get(key, 0) + 1
            found.append(-own[max(0, len(own) - changing[key])])
        elif phase == TYPED:
            on = own if len(own) == 1 else _told_of(finding, own, table, contract)
            found.append(on[min(again_told[finding], len(on) - 1)])
            again_told[finding] += 1
        else:
            found.append(_beginning(finding, named, table) if phase == NO_AGREEMENT else 0)
    return found


def _told_of(finding: Finding, places: Sequence[int], table: pa.Table, contract: Contract) -> Sequence[int]:
    """Which of the events with one id, of several sources, a finding may be on: those of which it is told alone."""
    words, found = words_of(contract, contract.versions), []
    for place in places:
        told: list[Finding] = []
        (event,) = events_of(table.filter(pc.equal(table.column(PLACE), place)).drop_columns([PLACE]))
        if event.type in words.events:
            typed(event, words, told, set())
        if finding in told or (event.type not in words.events and finding.code == "unknown_type"):
            found.append(place)
    return found or places


def _beginning(finding: Finding, named: Sequence[tuple[str, int]], table: pa.Table) -> int:
    """Where the first event that stands of a subject is: the one of the finding, or one before of an unknown type."""
    first = min((p for s, p in named if s == finding.subject), default=min((p for _, p in named), default=0))
    own = pc.equal(table.column("subject").cast(pa.string()), finding.subject)
    before = table.filter(pc.and_(own, pc.less(table.column(PLACE), first)))
    stands = pc.invert(pc.is_in(before.column("type").cast(pa.string()), value_set=_CHANGES))
    if "target" in table.column_names:
        changed = table.column("target").cast(pa.string()).drop_null().unique()
        stands = pc.and_(stands, pc.invert(pc.is_in(before.column("id").cast(pa.string()), value_set=changed)))
    earlier = pc.min(before.column(PLACE).filter(stands)).as_py()
    return first if earlier is None else int(earlier)


def _again(table: pa.Table) -> dict[tuple[str, str], list[int]]:
    """(Subject, id) → the places, in order, of its rows whose source and id stood before."""
    ids = _codes(table.column("id"))
    if "source" in table.column_names:
        ids = ids * np.int64(1 << 24) + _codes(sources_of(table))
    _, first = np.unique(ids, return_index=True)
    repeated = np.ones(len(ids), bool)
    repeated[first] = False
    some = table.select(["subject", "id", PLACE]).filter(pa.array(repeated))
    found: dict[tuple[str, str], list[int]] = {}
    for subject, name, place in zip(*(column.to_pylist() for column in some.columns), strict=True):
        found.setdefault((subject, name), []).append(place)
    return found


def _codes(column: Any) -> Any:
    coded = pc.dictionary_encode(column)
    whole_column = unified(coded).combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    return whole_column.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _rows_of(events: set[str], table: pa.Table) -> dict[str, list[tuple[str, int]]]:
    """(Subject, place) of the rows with these ids."""
    if not events:
        return {}
    some = table.select(["id", "subject", PLACE]).filter(
        pc.is_in(table.column("id"), value_set=pa.array(sorted(events), pa.string()))
    )
    rows: dict[str, list[tuple[str, int]]] = {}
    for name, subject, place in zip(*(some.column(n).to_pylist() for n in ("id", "subject", PLACE)), strict=True):
        rows.setdefault(name, []).append((subject, place))
    return rows


def said_again(log: Coded, rows: Instants) -> pa.Table:
    """That these rows of a log say again what an earlier one says (R32)."""
    many = len(rows)
    return pa.table(
        [
            np.full(many, TWICE, np.int8), rows, log.names.take(pa.array(log.subject[rows])).cast(pa.string()),
            ids_at(log.ids, rows), pa.repeat("duplicate", many), pa.repeat(DUPLICATE, many),
        ],
        schema=FINDINGS,
    )  # fmt: skip


def judged_rows(found: Sequence[Finding]) -> pa.Table:
    """What judging met of some subjects, by subject."""
    ordered = sorted(found, key=lambda finding: finding.subject)
    rows = [(JUDGED, 0, f.subject, f.event, f.code, f.message) for f in ordered]
    return pa.table([list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 6, schema=FINDINGS)


def rows_in(table: pa.Table) -> Iterator[Row]:
    """The rows of a table of findings."""
    yield from zip(*(column.to_pylist() for column in table.columns), strict=True)


def once(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; what is told of a whole log is told where it comes first."""
    told: set[str] = set()
    for row in rows:
        if row[4] == ONCE:
            if row[5] in told:
                continue
            told.add(row[5])
        yield row


def finding_of(row: Row) -> Finding:
    """A row as a finding."""
    return Finding(row[2], row[3], row[4], row[5])


def sources_of(table: pa.Table) -> Any:
    """Each row's source; one that names none is the desk's."""
    if "source" not in table.column_names:
        return pa.chunked_array([pa.array([DESK])]) if table.num_rows else pa.chunked_array([], pa.string())
    texts = pc.fill_null(table.column("source").cast(pa.string()), DESK)
    return pc.if_else(pc.equal(texts, ""), DESK, texts)
