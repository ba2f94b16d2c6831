"""What the kernels cannot express, judged by the reference engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.columnar.log.coding import Coded, Instants, rows_of
from slarules.columnar.log.columns import events_of
from slarules.columnar.placing import FINDINGS, PLACE, placed
from slarules.columnar.verdicts.rows import COLUMNS
from slarules.columnar.verdicts.table import table_of, versions_of
from slarules.engine.evaluate import evaluate
from slarules.engine.history import SubjectHistory
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation

VERSION = "version"
"""The column of a table of verdicts that tells under which of the contract's versions each was judged (R27)."""
Seen = Mapping[str, tuple[str, str | None, int | None]]
"""Subject → its kind, its agreement, and when it changes next."""


@frozen(eq=False)
class Asked:
    """By what a log is judged."""

    contract: Contract
    readings: Mapping[str, str] | None
    """The readings that were asked for."""
    as_of: int
    supplied: Mapping[str, Supplied]
    precision: int
    columns: tuple[str, ...] = COLUMNS
    """The columns of verdicts that are wanted, ``subject`` among them."""


@frozen(eq=False)
class Rest:
    """What the reference engine says of some subjects."""

    evaluation: Evaluation
    verdicts: pa.Table
    """By subject, with the column ``VERSION``."""
    seen: Seen
    """In order of subjects."""
    findings: pa.Table
    """The schema ``FINDINGS``."""


def judged_rest(asked: Asked, log: Coded, rows: Instants, only: Collection[str] | None) -> Rest:
    """What it says of the subjects of these rows, or of those named in ``only`` beside the others."""
    table = rows_of(log, rows)
    seen: dict[str, tuple[str, str | None, int | None]] = {}

    def each(subject: SubjectHistory, change: int | None) -> None:
        seen[subject.subject] = (subject.kind, subject.agreement, change)

    found = evaluate(
        asked.contract, asked.readings or {}, events_of(table), asked.as_of,
        supplied=asked.supplied, precision=asked.precision, each=each, only=only,
    )  # fmt: skip
    findings = FINDINGS.empty_table()
    if found.findings:
        there = table.append_column(PLACE, pa.array(rows.astype(np.int64)))
        findings = placed(found.findings, there, lambda name: only is None or name in only, asked.contract)
    verdicts = table_of(found.verdicts, found.readings).select(asked.columns)
    verdicts = under(verdicts, versions_of(found.verdicts, asked.contract))
    return Rest(found, verdicts, dict(sorted(seen.items())), findings)


def under(verdicts: pa.Table, versions: Sequence[int] | Any) -> pa.Table:
    """Verdicts with the versions that they were judged under."""
    return verdicts.append_column(VERSION, pa.array(versions, pa.int16()))
