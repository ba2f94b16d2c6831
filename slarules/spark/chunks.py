"""What a worker does: whole tickets of one bucket judged at once, with the agreements that they stand under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from slarules.columnar.judging import Judged
from slarules.columnar.judging import judge as judge_table
from slarules.columnar.log.columns import FIELDS, BadTable, checked, events_of
from slarules.columnar.placing import PLACE, placed
from slarules.columnar.stretches import SUBJECTS
from slarules.columnar.verdicts.table import VERDICTS, table_of
from slarules.engine.evaluate import evaluate
from slarules.engine.history import SubjectHistory
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation, Finding
from slarules.spark.citing import Words, numbered
from slarules.spark.order import needs_none
from slarules.spark.packing import joined, unpack
from slarules.spark.schema import TOLD, batches, plain
from slarules.spark.sending import opened

_WHY = "it is an agreement, or hangs together with one"
"""Why the reference engine judged what the driver did."""


@frozen(eq=False)
class Asked:
    """Everything that a worker must know; it is sent to each once."""

    contract: Contract
    readings: Mapping[str, str]
    supplied: Mapping[str, Supplied]
    as_of: int
    precision: int
    position: str | None
    """The column with each event's place in the log."""
    everywhere: pa.Table
    """Events of agreements, and of what bears on them: every ticket is judged beside those that it needs."""
    agreements: tuple[str, ...]
    """The subjects among them that are agreements and that only their own tickets need."""
    changes: bool = True
    """Whether events are corrected or retracted."""
    ids_once: bool = False
    """Whether no id of a source stands in two rows."""


def told(rows: Iterable[pa.RecordBatch], sent: bytes, what: str) -> Iterator[pa.RecordBatch]:
    """``subjects`` or ``findings`` of the buckets of one partition."""
    asked: Asked = opened(sent)
    for events in unpack(rows):
        table = in_log_order(asked, events)
        found = judged(asked, table)
        if what == "subjects":
            yield from batches(_without(found.subjects, asked), SUBJECTS)
        else:
            yield from batches(_without(_findings(asked, found.findings, table), asked), TOLD)


def verdicts(
    rows: Iterable[pa.RecordBatch], sent: bytes, words: Sequence[Words], names: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """The columns ``names`` of the verdicts of the buckets of one partition, as ``citing.in_words`` takes them."""
    for own, versions in own_verdicts(rows, sent):
        table = numbered(own, versions, words, names)
        yield from batches(table, table.schema)


def own_verdicts(rows: Iterable[pa.RecordBatch], sent: bytes) -> Iterator[tuple[pa.Table, pa.Array]]:
    """The verdicts on each bucket's own subjects, and under which of the contract's versions each was judged."""
    asked: Asked = opened(sent)
    for events in unpack(rows):
        found = judged(asked, in_log_order(asked, events))
        own, versions = found.verdicts, found.versions
        if asked.everywhere.num_rows:
            ours = _ours(own, asked)
            own, versions = own.filter(ours), versions.filter(ours.combine_chunks())
        yield own, versions


def in_log_order(asked: Asked, own: pa.Table) -> pa.Table:
    """The bucket's events with those that they need from everywhere, in the order of the log where it is told."""
    own = _without(own, asked)
    needed = _needed(asked, own)
    table = joined([needed, own]) if needed.num_rows else own
    if asked.position is not None:
        return table.sort_by(asked.position)
    needs_none(table, changes=asked.changes, ids_once=asked.ids_once)
    return table


def judged(asked: Asked, table: pa.Table) -> Judged:
    """What the columnar engine says of these events. Raises ``BadTable``."""
    try:
        return judge_table(
            asked.contract,
            asked.readings,
            _plain(asked, table),
            asked.as_of,
            supplied=asked.supplied,
            precision=asked.precision,
        )
    except BadTable as wrong:
        told = re.sub(r"^row \d+: ", "", str(wrong))  # which row of a bucket it is says nothing
        raise BadTable(f"{told}; `set_aside(events)` counts such rows, `usable(events)` leaves them out") from None


def _plain(asked: Asked, table: pa.Table) -> pa.Table:
    """The events without their place, unless it is a count of their source's own."""
    return table.drop_columns([asked.position]) if asked.position not in (None, *FIELDS) else table


def _needed(asked: Asked, own: pa.Table) -> pa.Table:
    """Agreements that the events name, and two at least where there are two: one alone would be every ticket's."""
    if len(asked.agreements) <= 2 or not own.num_rows:
        return asked.everywhere
    named = set(asked.agreements[:2])
    if "agreement" in own.column_names:
        named |= set(own.column("agreement").unique().to_pylist())
    others = sorted(set(asked.agreements) - named)
    if not others:
        return asked.everywhere
    subjects = asked.everywhere.column("subject").cast(pa.string())
    return asked.everywhere.filter(pc.invert(pc.is_in(subjects, value_set=pa.array(others, pa.string()))))


def _without(table: pa.Table, asked: Asked) -> pa.Table:
    """The rows of the bucket's own subjects: the others are told once, by the driver."""
    return table.filter(_ours(table, asked)) if asked.everywhere.num_rows else table


def _ours(table: pa.Table, asked: Asked) -> pa.ChunkedArray:
    others = asked.everywhere.column("subject").cast(pa.string()).unique()
    return pc.invert(pc.is_in(table.column("subject").cast(pa.string()), value_set=others))


def _findings(asked: Asked, found: Sequence[Finding], table: pa.Table) -> pa.Table:
    """Findings with what puts them in order; without a position, their place is not known."""
    if asked.position is None:
        places = pa.array(range(table.num_rows), pa.int64())
        rows = placed(found, table.append_column(PLACE, places), lambda subject: True, asked.contract)
        rows = rows.set_column(rows.schema.get_field_index("place"), "place", pa.nulls(rows.num_rows, pa.int64()))
    else:
        places = table.column(asked.position).cast(pa.int64())
        rows = placed(found, table.append_column(PLACE, places), lambda subject: True, asked.contract)
    return rows.append_column("number", pa.array(range(rows.num_rows), pa.int64())).select(TOLD.names).cast(TOLD)


def of_everywhere(asked: Asked) -> tuple[Evaluation, dict[str, pa.Table]]:
    """What is told of the subjects that every bucket sees, by the driver: they are few, and the reference engine's."""
    table = in_log_order(asked, asked.everywhere.slice(0, 0))
    seen: list[list[Any]] = []

    def each(one: SubjectHistory, change: int | None) -> None:
        seen.append([one.subject, one.kind, one.agreement, change, "reference", _WHY])

    found = evaluate(
        asked.contract,
        asked.readings,
        events_of(checked(_plain(asked, table))),
        asked.as_of,
        supplied=asked.supplied,
        precision=asked.precision,
        each=each,
    )
    columns = [list(column) for column in zip(*seen, strict=True)] or [[]] * len(SUBJECTS)
    return found, {
        "verdicts": table_of(found.verdicts, found.readings).cast(plain(VERDICTS)),
        "subjects": pa.table(columns, schema=plain(SUBJECTS)),
        "findings": _findings(asked, found.findings, table),
    }
