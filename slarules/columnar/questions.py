"""What a log is judged by, how much of it at once, and one range of its tickets judged."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import pyarrow as pa
from attrs import frozen

from slarules.columnar import budget, findings
from slarules.columnar.judging import Judged, judge
from slarules.columnar.laying import Laid
from slarules.columnar.parts import Part
from slarules.columnar.ranges import Shared, Sizes, events_of_range
from slarules.columnar.runs import PLACE
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract

SAMPLE = 400
"""Events judged to see which engine a log needs."""
MOST_RUN = 1 << 29
"""Bytes of one run at the most: what Arrow can hold in one piece, with room to grow."""
_OF_A_RUN = 0.3
"""The share of the room that a run's events take: they are there twice while they are sorted."""


@frozen(eq=False)
class Question:
    """What a log is judged by."""

    contract: Contract
    readings: Mapping[str, str] | None
    as_of: int
    supplied: Mapping[str, Supplied] | None
    precision: int = 0


def judged(question: Question, table: pa.Table) -> Judged:
    """What judging a table says."""
    return judge(
        question.contract,
        question.readings,
        table,
        question.as_of,
        supplied=question.supplied,
        precision=question.precision,
    )


def sizes_for(question: Question, sample: pa.Table | None, limit: int) -> Sizes:
    """How much there is room for under a limit. Raises ``TooLittleMemory``.

    Some events are judged first, which also loads what judging needs: what that takes is not there for the log.
    """
    row = budget.REPLAYED
    if sample is not None and sample.num_rows:
        subjects = judged(question, sample.slice(0, SAMPLE)).subjects
        replayed = subjects.column("engine").cast(pa.string()).to_pylist().count("reference")
        row = budget.JUDGING + budget.REPLAYED * replayed // max(1, subjects.num_rows)
    room = budget.room(limit)
    return Sizes(min(int(room * _OF_A_RUN), MOST_RUN), max(1, room // row), row)


def judged_part(question: Question, laid: Laid, shared: Shared, low: str, high: str | None) -> Part:
    """The subjects from ``low`` up to, without, ``high``."""
    table = events_of_range(laid.runs, list(laid.columns), shared, low, high)
    found = judged(question, table.drop_columns([PLACE]))
    return Part(
        low,
        high,
        table.num_rows,
        within(found.verdicts, low, high),
        within(found.subjects, low, high),
        findings.placed(found.findings, table, low, high),
        found.next_change_at,
    )


def within(table: pa.Table, low: str, high: str | None) -> pa.Table:
    """The rows of a table in order of subjects that are of a range of them."""
    column = table.column("subject")
    rows = range(table.num_rows)
    first = bisect_left(rows, low, key=lambda row: column[row].as_py())
    last = len(rows) if high is None else bisect_left(rows, high, key=lambda row: column[row].as_py())
    return table.slice(first, last - first)
