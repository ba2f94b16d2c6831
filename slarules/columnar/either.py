"""A log judged by either engine: events one by one by the reference engine, coded columns by the columnar one.

Both give the same verdicts, as a table, so that whoever asks something of a log asks it in one way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, field, frozen

from slarules.columnar import judging
from slarules.columnar.alone import alone
from slarules.columnar.coding import Coded
from slarules.columnar.columns import events_of
from slarules.columnar.verdicts import table_of, verdicts_of, versions_of
from slarules.engine import batches
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding, Verdict

Log = Sequence[Event] | Coded
"""Events in their order: objects, for the reference engine, or a coded table, for the columnar one."""


@frozen(eq=False)
class Told:
    """What an engine says of a log."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    verdicts: pa.Table = field(repr=False)
    """The schema ``VERDICTS``: by subject, then rule in the contract's order, then instance."""
    versions: Any = field(repr=False)
    """[verdict] → under which of the contract's versions it was judged (R27)."""
    subjects: int
    """How many subjects were judged."""
    by_reference: Mapping[str, int]
    """Why subjects of a table went to the reference engine all the same → how many, the most frequent first."""
    statuses: Mapping[tuple[str, str], str | None]
    """(Agreement, status) → state; None before it begins."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(Agreement, amount) → money, date or unknown."""
    findings: tuple[Finding, ...]
    """What a reader should know of events and subjects, in order of the log."""


def judge(
    contract: Contract,
    readings: Mapping[str, str] | None,
    log: Log,
    as_of: int,
    *,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> Told:
    """What ``evaluate`` says of a log; ``done`` is told how many subjects are judged, and how many there are.

    Raises ``UnknownReading``, and of a coded log ``BadTable``.
    """
    if not isinstance(log, Coded):
        return _by_reference(contract, readings, list(log), as_of, supplied or {}, precision, done)
    found = judging.judge(contract, readings, log, as_of, supplied=supplied, precision=precision, done=done)
    return Told(
        as_of, found.readings, found.verdicts, found.versions.to_numpy(zero_copy_only=False), found.subjects.num_rows,
        reasons(found.subjects), found.statuses, found.allowances, found.amounts, found.findings,
    )  # fmt: skip


def _by_reference(
    contract: Contract,
    readings: Mapping[str, str] | None,
    events: list[Event],
    as_of: int,
    supplied: Mapping[str, Supplied],
    precision: int,
    done: Callable[[int, int], None],
) -> Told:
    subjects: set[str] = set()
    found = batches.judge(
        contract, readings, events, as_of, supplied=supplied, precision=precision, done=done,
        each=lambda subject, _: subjects.add(subject.subject),
    )  # fmt: skip
    return told_of(found, contract, len(subjects))


def told_of(found: Evaluation, contract: Contract, subjects: int) -> Told:
    """What the reference engine says, in the same form."""
    return Told(
        found.as_of, found.readings, table_of(found.verdicts, found.readings),
        np.array(versions_of(found.verdicts, contract), np.int64), subjects, {},
        found.statuses, found.allowances, found.amounts, found.findings,
    )  # fmt: skip


def reasons(subjects: pa.Table) -> dict[str, int]:
    """Why subjects of ``Judged.subjects`` went to the reference engine → how many, the most frequent first."""
    why = pc.value_counts(subjects.column("why").drop_null().cast(pa.string())).to_pylist()
    return {one["values"]: one["counts"] for one in sorted(why, key=lambda one: (-one["counts"], one["values"]))}


@frozen(eq=False)
class Verdicts(Sequence[Verdict]):
    """Some verdicts of a log, in an order of their own; each becomes an object when it is asked for."""

    told: Told
    """Where they stand."""
    contract: Contract
    """The contract that their citations are of."""
    rows: Any
    """Their rows."""

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Verdict: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Verdict]: ...
    def __getitem__(self, place: int | slice) -> Verdict | Sequence[Verdict]:
        rows = self.rows[place]
        if isinstance(place, int):
            return self._objects([rows])[0]
        return evolve(self, rows=rows)

    def __iter__(self) -> Iterator[Verdict]:
        for start in range(0, len(self.rows), AT_ONCE):
            yield from self._objects(self.rows[start : start + AT_ONCE])

    def _objects(self, rows: Sequence[int]) -> list[Verdict]:
        chosen = self.told.verdicts.take(pa.array(rows, pa.int64()))
        return verdicts_of(chosen, self.contract, [int(self.told.versions[row]) for row in rows])


AT_ONCE = 10_000
"""Verdicts that are objects at once, while all are gone through."""


def events_in(log: Log) -> int:
    """How many events a log has."""
    return int(log.table.num_rows) if isinstance(log, Coded) else len(log)


def subjects_in(log: Log) -> int:
    """How many subjects its events name."""
    if isinstance(log, Coded):
        return len(log.names)
    return len({event.subject for event in log})


def span(log: Log) -> tuple[int, int] | None:
    """The first and the last instant of its events, in microseconds UTC; None where there is none."""
    if not events_in(log):
        return None
    if isinstance(log, Coded):
        found = pc.min_max(log.table.column("at").cast(pa.int64())).as_py()
        return found["min"], found["max"]
    return min(event.at for event in log), max(event.at for event in log)


def about(log: Log, contract: Contract, subject: str) -> list[Event]:
    """The events that judging one subject needs, for the reference engine to replay it. Raises ``BadTable``."""
    if isinstance(log, Coded):
        return events_of(alone(contract, log.table, subject))
    return batches.alone(contract, list(log), subject)
