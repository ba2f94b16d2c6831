"""What a run found, in one form whichever engine judged: enough for the screen and for JSON."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from slarules.analysis import tally
from slarules.cli import logs, options
from slarules.cli.engines import Choice
from slarules.columnar.verdicts.rows import row
from slarules.engine import batches
from slarules.model.value import Unknown, Value
from slarules.model.verdict import AllowanceLevel, Evaluation
from slarules.readers.log import Log

BATCH = 50_000
"""Verdicts of the reference engine that become a table at once."""

Write = Callable[[Iterable[Any]], None]
"""Takes the verdicts, as Arrow tables one after the other."""


class CannotRun(Exception):
    """Why a run ended without a result, in the user's words."""


def cannot_write(path: str | Path, wrong: OSError) -> CannotRun:
    """A file cannot be written."""
    said = wrong.strerror or str(wrong)
    if wrong.errno and "[errno" in said:  # Arrow's words, around those of the system
        said = os.strerror(wrong.errno)
    return CannotRun(f"cannot write `{path}`: {said[:1].lower()}{said[1:]}")


@frozen(eq=False)
class Ran:
    """A log judged, and counted."""

    choice: Choice
    """The engine that judged."""
    by_reference: Mapping[str, int]
    """Why subjects went to the reference engine all the same → how many; none: none did, or it judged them all."""
    notes: Sequence[str]
    """What else is to be said of how it was judged."""
    log: Log
    """What reading counted."""
    events: int
    """Events of the log."""
    subjects: int
    """Subjects that were judged."""
    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option judged under."""
    counts: tally.Counts
    """How many verdicts there are of each sort."""
    late: Sequence[Mapping[str, Any]]
    """The first of what was not kept in time, each as ``columnar.rows.row`` has it."""
    late_many: int
    """How many there are in all."""
    findings: Mapping[str, tuple[int, str]]
    """Code → how many findings, and the first one's words."""
    statuses: Mapping[tuple[str, str], str | Unknown | None]
    """(agreement, status) → state."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement."""
    amounts: Mapping[tuple[str, str], Value]
    """(agreement, amount) → money, date or unknown."""
    next_change_at: int | None
    """When a state changes if nothing more happens (R17)."""

    @property
    def verdicts(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    @property
    def oddities(self) -> int:
        """Findings and lines set aside."""
        return sum(many for many, _ in self.findings.values()) + self.log.rejected.total()


def by_reference(asked: options.Asked, choice: Choice, log: Log, top: int, write: Write | None) -> Ran:
    """The log judged by the reference engine, with a bar on a terminal; ``top`` of what was late is kept."""
    subjects: set[str] = set()
    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        found = batches.judge(
            asked.contract,
            asked.readings,
            log.events,
            asked.as_of,
            precision=log.precision,
            supplied=asked.supplied,
            done=lambda judged, total: bar.update(task, completed=judged, total=total),
            each=lambda subject, _: subjects.add(subject.subject),
        )
    if write is not None:
        write(_tables(found))
    late = tally.late(found)
    return Ran(
        choice,
        {},
        (),
        log,
        len(log.events),
        len(subjects),
        found.as_of,
        found.readings,
        tally.counted(found.verdicts),
        [row(verdict, found.readings) for verdict in late[:top]],
        len(late),
        tally.findings(found.findings),
        found.statuses,
        found.allowances,
        found.amounts,
        found.next_change_at,
    )


def _tables(found: Evaluation) -> Iterator[Any]:
    from slarules.columnar.verdicts.table import table_of

    for start in range(0, len(found.verdicts), BATCH):
        yield table_of(found.verdicts[start : start + BATCH], found.readings)
