"""A table of events judged: by the kernels what they can express, by the reference engine the rest, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa
from attrs import frozen

from slarules.columnar.begun import begin
from slarules.columnar.log.coding import Coded
from slarules.columnar.placing import finding_of, key_of, once, rows_in
from slarules.columnar.stretches import EVENTS, stretches_of
from slarules.columnar.verdicts.table import verdicts_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.value import Unknown, Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding
from slarules.readers.columns.unifying import unified
from slarules.readers.rejects import Rejected


@frozen(eq=False)
class Judged:
    """What ``judge`` says of a table of events; ``evaluation_of`` gives it as ``evaluate`` would."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    verdicts: pa.Table
    """The schema ``VERDICTS``: by subject, then rule in the contract's order, then instance."""
    versions: pa.Array
    """[verdict] → under which of the contract's versions it was judged (R27)."""
    subjects: pa.Table
    """The schema ``SUBJECTS``, by subject."""
    statuses: Mapping[tuple[str, str], str | Unknown | None]
    """(agreement, status) → state; None before it begins."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(agreement, amount) → money, date or unknown."""
    findings: tuple[Finding, ...]
    """What a reader should know of events and subjects, in order of the log."""
    next_change_at: int | None
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17)."""
    set_aside: Sequence[Rejected] = ()
    """Rows of the table that are no events, each with its number, code and cause; nothing was judged by them."""


def judge(
    contract: Contract,
    readings: Mapping[str, str] | None,
    events: pa.Table | Coded,
    as_of: int,
    *,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    done: Callable[[int, int], None] | None = None,
    stretch: int = EVENTS,
) -> Judged:
    """What ``evaluate`` says of the events of a table, as columns; see there.

    A log that is judged under several contracts or readings is coded once before (see ``coding``).
    ``done`` is told how many subjects are judged, and how many there are; so many events as ``stretch`` are judged at a
    time, and it changes nothing else. Raises ``BadTable`` and ``UnknownReading``.
    """
    begun = begin(contract, readings, events, as_of, supplied=supplied, precision=precision)
    count, judged = len(begun.log.names), 0
    found = []
    for one in stretches_of(begun, stretch):
        found.append(one)
        judged += one.many
        if done is not None:
            done(judged, count)
    told = begun.rest.evaluation
    changes = [told.next_change_at, *(one.next_change_at for one in found)]
    return Judged(
        as_of,
        told.readings,
        unified(pa.concat_tables([one.verdicts for one in found])),
        pa.concat_arrays([one.versions for one in found]),
        unified(pa.concat_tables([one.subjects for one in found])),
        told.statuses,
        told.allowances,
        told.amounts,
        told_in_order([begun.rest.findings, *(one.findings for one in found)]),
        min((at for at in changes if at is not None), default=None),
    )


def told_in_order(found: Iterable[pa.Table]) -> tuple[Finding, ...]:
    """Findings of several tables, in order of the log."""
    rows = [row for table in found for row in rows_in(table)]
    return tuple(finding_of(row) for row in once(sorted(rows, key=key_of)))


def evaluation_of(judged: Judged, contract: Contract) -> Evaluation:
    """The same as ``evaluate`` gives it."""
    return Evaluation(
        judged.as_of,
        judged.readings,
        tuple(verdicts_of(judged.verdicts, contract, judged.versions.to_pylist())),
        judged.statuses,
        judged.allowances,
        judged.amounts,
        judged.findings,
        judged.next_change_at,
    )
