"""A table of events judged: by the kernel what it can express, by the reference engine the rest, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
from attrs import frozen

from slarules.columnar.columns import checked, events_of
from slarules.columnar.verdicts import table_of, verdicts_of
from slarules.engine.evaluate import evaluate
from slarules.engine.history import SubjectHistory
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.value import Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding

SUBJECTS: pa.Schema = pa.schema(
    [
        ("subject", pa.string()),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("agreement", pa.dictionary(pa.int32(), pa.string())),
        ("next_change_at", pa.timestamp("us", tz="UTC")),
        ("engine", pa.dictionary(pa.int32(), pa.string())),
        ("why", pa.dictionary(pa.int32(), pa.string())),
    ]
)
"""One row a subject that was judged: when its own verdicts change next (R17), and which engine judged it, why."""


@frozen(eq=False)
class Judged:
    """What ``judge`` says of a table of events; ``evaluation_of`` gives it as ``evaluate`` would."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    verdicts: pa.Table
    """The schema ``VERDICTS``: by subject, then rule in the contract's order, then instance."""
    subjects: pa.Table
    """The schema ``SUBJECTS``, by subject."""
    statuses: Mapping[tuple[str, str], str | None]
    """(agreement, status) → state; None before it begins."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(agreement, amount) → money, date or unknown."""
    findings: tuple[Finding, ...]
    """What a reader should know of events and subjects, in order of the log."""
    next_change_at: int | None
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17)."""


def judge(
    contract: Contract,
    readings: Mapping[str, str] | None,
    table: pa.Table,
    as_of: int,
    *,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    done: Callable[[int, int], None] | None = None,
) -> Judged:
    """What ``evaluate`` says of the events of a table, as columns; see there.

    ``done`` is told how many subjects are judged, and how many there are. Raises ``BadTable`` and ``UnknownReading``.
    """
    events = events_of(checked(table))
    rows: dict[str, list[Any]] = {name: [] for name in SUBJECTS.names}

    def each(subject: SubjectHistory, change: int | None) -> None:
        own = (subject.subject, subject.kind, subject.agreement, change, "reference", "not built yet")
        for name, value in zip(SUBJECTS.names, own, strict=True):
            rows[name].append(value)

    found = evaluate(contract, readings, events, as_of, supplied=supplied, precision=precision, each=each)
    if done is not None:
        done(len(rows["subject"]), len(rows["subject"]))
    return Judged(
        as_of,
        found.readings,
        table_of(found.verdicts, found.readings),
        pa.table({name: _column(name, values) for name, values in rows.items()}, schema=SUBJECTS),
        found.statuses,
        found.allowances,
        found.amounts,
        found.findings,
        found.next_change_at,
    )


def _column(name: str, values: list[Any]) -> pa.Array:
    kind = SUBJECTS.field(name).type
    return pa.array(values, pa.string()).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(values, kind)


def evaluation_of(judged: Judged, contract: Contract) -> Evaluation:
    """The same as ``evaluate`` gives it."""
    return Evaluation(
        judged.as_of,
        judged.readings,
        tuple(verdicts_of(judged.verdicts, contract, judged.readings)),
        judged.statuses,
        judged.allowances,
        judged.amounts,
        judged.findings,
        judged.next_change_at,
    )
