"""A log judged by either engine: events one by one by the reference engine, coded columns by the columnar one.

Both give the same verdicts, as a table, so that whoever asks something of a log asks it in one way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, field, fields, frozen

from slarules.columnar.alone import alone
from slarules.columnar.begun import Begun, begin
from slarules.columnar.judging import told_in_order
from slarules.columnar.log.coding import Coded, whole_table
from slarules.columnar.log.columns import events_of
from slarules.columnar.stretches import EVENTS, Stretch, stretches_of
from slarules.columnar.verdicts.rows import COLUMNS
from slarules.columnar.verdicts.table import table_of, verdicts_of, versions_of
from slarules.engine import batches
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.value import Unknown, Value
from slarules.model.verdict import AllowanceLevel, Evaluation, Finding, Verdict
from slarules.readers.columns.unifying import unified

Log = Sequence[Event] | Coded
"""Events in their order: objects, for the reference engine, or a coded table, for the columnar one."""
AT_ONCE = EVENTS // 2
"""Events of a coded log that are judged at once, where no ticket has more."""


@frozen(eq=False)
class Part:
    """The verdicts of some subjects: all those from one name to another."""

    verdicts: pa.Table = field(repr=False)
    """The columns of ``VERDICTS`` that are wanted: by subject, then rule in the contract's order, then instance."""
    versions: Any = field(repr=False)
    """[verdict] → under which of the contract's versions it was judged (R27)."""


@frozen(eq=False)
class Besides:
    """What an engine says of a log besides verdicts."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    subjects: int
    """How many subjects were judged."""
    by_reference: Mapping[str, int]
    """Why subjects of a table went to the reference engine all the same → how many, the most frequent first."""
    statuses: Mapping[tuple[str, str], str | Unknown | None]
    """(Agreement, status) → state; None before it begins."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(Agreement, amount) → money, date or unknown."""
    findings: tuple[Finding, ...]
    """What a reader should know of events and subjects, in order of the log."""


@frozen(eq=False)
class Told(Besides):
    """All that an engine says of a log."""

    verdicts: pa.Table = field(repr=False)
    """As of ``Part``, of all subjects."""
    versions: Any = field(repr=False)
    """As of ``Part``."""


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
    found: list[Part] = []
    besides = go_through(
        contract, readings, log, as_of, found.append, supplied=supplied, precision=precision, done=done
    )
    return _with(besides, found)


def _with(besides: Besides, parts: Sequence[Part]) -> Told:
    """The same with the verdicts of all parts."""
    whole = unified(pa.concat_tables([part.verdicts for part in parts]))
    own = {one.name: getattr(besides, one.name) for one in fields(Besides)}
    return Told(**own, verdicts=whole, versions=np.concatenate([part.versions for part in parts]))


def go_through(
    contract: Contract,
    readings: Mapping[str, str] | None,
    log: Log,
    as_of: int,
    each: Callable[[Part], None],
    *,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int = 0,
    columns: tuple[str, ...] = COLUMNS,
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> Besides:
    """The same, with the verdicts told part by part, in order of subjects, so that none need be kept; ``columns`` are
    those that are wanted, ``subject`` among them."""
    if not isinstance(log, Coded):
        told = _by_reference(contract, readings, list(log), as_of, supplied or {}, precision, done)
        each(Part(told.verdicts.select(columns), told.versions))
        return told
    begun = begin(contract, readings, log, as_of, supplied=supplied, precision=precision, columns=columns)
    count, findings = 0, [begun.rest.findings]

    def tell(stretch: Stretch) -> None:
        nonlocal count
        count += stretch.subjects.num_rows
        findings.append(stretch.findings)
        each(Part(stretch.verdicts, stretch.versions.to_numpy(zero_copy_only=False)))

    why = each_stretch(begun, tell, done)
    told_of_all = begun.rest.evaluation
    return Besides(
        as_of, told_of_all.readings, count, why, told_of_all.statuses, told_of_all.allowances, told_of_all.amounts,
        told_in_order(findings),
    )  # fmt: skip


def each_stretch(begun: Begun, each: Callable[[Stretch], None], done: Callable[[int, int], None]) -> dict[str, int]:
    """Goes through all stretches of a judging, and forgets them; why subjects went to the reference engine → how many,
    the most frequent first."""
    why: Counter[str] = Counter()
    judged = 0
    for stretch in stretches_of(begun, AT_ONCE):
        for one in pc.value_counts(stretch.subjects.column("why").drop_null().cast(pa.string())).to_pylist():
            why[one["values"]] += one["counts"]
        each(stretch)
        judged += stretch.many
        done(judged, len(begun.log.names))
    return dict(sorted(why.items(), key=lambda one: (-one[1], one[0])))


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
        found.as_of, found.readings, subjects, {}, found.statuses, found.allowances, found.amounts, found.findings,
        table_of(found.verdicts, found.readings), np.array(versions_of(found.verdicts, contract), np.int64),
    )  # fmt: skip


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
        for start in range(0, len(self.rows), OBJECTS):
            yield from self._objects(self.rows[start : start + OBJECTS])

    def _objects(self, rows: Sequence[int]) -> list[Verdict]:
        chosen = self.told.verdicts.take(pa.array(rows, pa.int64()))
        return verdicts_of(chosen, self.contract, [int(self.told.versions[row]) for row in rows])


OBJECTS = 10_000
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
        return events_of(alone(contract, whole_table(log), subject))
    return batches.alone(contract, list(log), subject)
