"""Logs larger than memory: judged a range of tickets at a time, with the verdicts that one judging of all would give.

    summary = judge_files(contract, readings, batches, as_of,
        memory=1_000_000_000,           # bytes that the whole process may take
        directory=Path("/tmp"),         # where to put what does not fit
        write=lambda tables: writing.write(path, tables))

``batches`` are tables of events in the order of the log (see ``columns``); they are gone through once. ``write`` is
called once, with all verdicts as an iterator of tables in their final order; the work is done as it asks for them. A
log that fits is judged in memory and touches no disk.

With ``asked`` (see ``resuming.asked``) the run can be resumed: ``directory`` is then the run's own, which keeps what is
done until the run is through. ``batches`` may be lazy: a run that finds its log on disk reads none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import evolve, field, frozen

from slarules import machine_code
from slarules.columnar.begun import Begun
from slarules.columnar.disk import budget, findings, laying, parts, resuming, spill
from slarules.columnar.disk.ahead import ahead
from slarules.columnar.disk.findings import write_findings
from slarules.columnar.disk.gathering import first_rows
from slarules.columnar.disk.laying import InMemory, Laid
from slarules.columnar.disk.links import shaping
from slarules.columnar.disk.parts import Kept, Part
from slarules.columnar.disk.questions import SAMPLE, Question, begun_of, judged_part, of_agreements, sizes_for
from slarules.columnar.disk.ranges import Range, Shared, Sizes, cut, events_of_range, shared_events
from slarules.columnar.disk.summary import Counts, Summary, summary_of
from slarules.columnar.judging import told_in_order
from slarules.columnar.log.columns import checked
from slarules.columnar.placing import finding_of
from slarules.columnar.stretches import SUBJECTS, stretches_of
from slarules.columnar.verdicts.naming import together
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Finding


@frozen(eq=False)
class Work:
    """A run under way."""

    directory: Path
    limit: int
    """Bytes that the process may take."""
    sizes: Sizes | None
    """How much is in memory at once; None: as much as there is room for."""
    keeping: bool
    """Whether what is judged is kept on disk until all is."""
    done: Callable[[int, int], None] | None
    subjects: Callable[[pa.Table], object] | None
    counts: Counts = field(factory=Counts)


def judge_files(
    contract: Contract,
    readings: Mapping[str, str] | None,
    batches: Iterable[pa.Table],
    as_of: int,
    *,
    memory: int,
    directory: Path,
    write: Callable[[Iterator[pa.Table]], object],
    supplied: Mapping[str, Supplied] | None = None,
    precision: int | Callable[[], int] = 0,
    done: Callable[[int, int], None] | None = None,
    subjects: Callable[[pa.Table], object] | None = None,
    tell: Callable[[Finding], object] | None = None,
    noted: Callable[[], Mapping[str, Any]] | None = None,
    asked: Mapping[str, str] | None = None,
    sizes: Sizes | None = None,
    apart: bool = True,
) -> Summary:
    """Judges a log of any length within ``memory`` bytes of the whole process; see the head of this file.

    ``write`` gets the verdicts by subject, then the contract's order; ``subjects`` gets tables of the schema
    ``SUBJECTS``; ``tell`` gets each finding, in order of the log, at the end. ``done`` is told events judged and events
    in all. ``precision`` and ``noted`` may be functions: they are called when all batches are read. ``noted`` is JSON.
    ``sizes`` says how much is in memory at once; None: as much as there is room for. ``apart``: what was never
    compiled on this machine is compiled in another process, so that it takes none of ``memory``.

    Raises ``CannotJudge`` (``TooLittleMemory``, ``DiskFull``, ``OtherRun``), ``BadTable``, ``UnknownReading``, and what
    ``write`` and ``batches`` raise. Nothing stays on disk but for a run that can be resumed.
    """
    question = Question(contract, readings, as_of, supplied)
    with ExitStack() as stack:
        if asked is None:
            directory = stack.enter_context(spill.temporary(directory))
        else:
            stack.enter_context(spill.held(directory))
        if apart:
            stack.enter_context(machine_code.apart())
        work = Work(directory, memory, sizes, asked is not None, done, subjects)
        log = _log(work, question, batches, precision, noted, asked)
        question = evolve(question, precision=log.precision)
        if isinstance(log, InMemory):
            begun = begun_of(question, log.log)
            write(_in_memory(work, begun, log.log.table.num_rows, tell))
            found = begun.rest.evaluation
        else:
            share = share_of(work, question, log)
            write(_tables(work, question, log, share))
            count_findings(work.counts, directory, tell)
            found = of_agreements(question, share)
        if asked is not None:
            spill.removed(directory)
        return summary_of(work.counts, found, log.noted)


def _log(
    work: Work,
    question: Question,
    batches: Iterable[pa.Table],
    precision: int | Callable[[], int],
    noted: Callable[[], Mapping[str, Any]] | None,
    asked: Mapping[str, str] | None,
) -> InMemory | Laid:
    """The log, read now or by the run that is resumed."""
    if asked is not None:
        before = laying.found(work.directory)
        if before is not None:
            resuming.same(before[1], asked, work.directory)
            return before[0]
        spill.emptied(work.directory)
    coming = iter(batches)
    first = next(coming, None)
    came = coming if first is None else chain([first], coming)
    sizes = work.sizes or sizes_for(question, None if first is None else checked(first), work.limit)
    log = laying.lay(came, shaping(question.contract), sizes, work.directory, Laid(), fitting=True)
    log.precision = precision() if callable(precision) else precision
    log.noted = dict(noted()) if noted is not None else {}
    if isinstance(log, Laid) and asked is not None:
        laying.save(log, work.directory, asked)
    return log


def _in_memory(
    work: Work, begun: Begun, events: int, tell: Callable[[Finding], object] | None
) -> Iterator[pa.Table]:
    """The verdicts on a log that fits, a stretch of its tickets at a time."""
    counts, findings, judged = work.counts, [begun.rest.findings], 0
    counts.events, counts.ranges = events, 1
    for stretch in stretches_of(begun):
        findings.append(stretch.findings)
        pass_by(work, stretch.verdicts, stretch.subjects, stretch.next_change_at)
        judged += stretch.events
        if work.done is not None:
            work.done(judged, events)
        yield stretch.verdicts
        del stretch
    for finding in told_in_order(findings):
        counts.tell(finding, tell)


def share_of(work: Work, question: Question, log: Laid) -> Shared:
    """What the ranges of a log share. Raises ``TooLittleMemory``."""
    return shared_events(log.runs, list(log.columns), log.seen, sizes_of(work, question, log), work.limit)


def sizes_of(work: Work, question: Question, log: Laid) -> Sizes:
    """How much there is room for now. Raises ``TooLittleMemory``."""
    if work.sizes is not None:
        return work.sizes
    sample = first_rows(log.runs[0], SAMPLE) if log.runs else None
    return sizes_for(question, sample, work.limit)


def _tables(work: Work, question: Question, log: Laid, share: Shared) -> Iterator[pa.Table]:
    """The verdicts, range by range; those kept on disk come when all are judged."""
    counts = work.counts
    counts.events = log.events
    before = parts.kept(work.directory)
    counts.resumed, counts.ranges = len(before), len(before)
    done = sum(part.events for part in before)
    for part in ahead(ranges_judged(work, question, log, share, before)):  # the next is judged while one is written
        done += part.events
        counts.ranges += 1
        if work.done is not None:
            work.done(min(done, log.events), log.events)
        if work.keeping:
            parts.keep(work.directory, counts.ranges - 1, part)
            continue
        write_findings(parts.part_path(work.directory, counts.ranges - 1, "findings"), part.findings)
        pass_by(work, part.verdicts, part.subjects, part.next_change_at)
        yield part.verdicts
        del part
    for kept in parts.kept(work.directory):
        counts.change(kept.next_change_at)
        for table in parts.tables_of([kept], "subjects"):
            pass_by(work, None, table, None)
        for table in parts.tables_of([kept], "verdicts"):
            counts.verdicts += table.num_rows
            yield table


def ranges_judged(
    work: Work, question: Question, log: Laid, share: Shared, before: Sequence[Kept]
) -> Iterator[Part]:
    """Each range that was not judged yet; the next one is read while one is judged. Raises ``TooLittleMemory``."""
    begin = before[-1].high if before else ""
    if begin is None:
        return
    sizes = sizes_of(work, question, log)
    rows = sizes.rows - share.everywhere.num_rows - share.some.num_rows
    ranges = cut(log.runs, begin, rows, sizes, work.limit)
    for own, table in ahead(_given(log, share, own) for own in ranges):
        yield judged_part(question, table, *own)
        del table
        budget.given_back()


def _given(log: Laid, share: Shared, own: Range) -> tuple[Range, pa.Table]:
    """A range with the events that judging it needs."""
    table = events_of_range(log.runs, list(log.columns), share, *own)
    budget.given_back()
    return own, table


def pass_by(work: Work, verdicts: pa.Table | None, subjects: pa.Table, change: int | None) -> None:
    """Counts a part's verdicts and subjects, and shows them to whom they concern."""
    work.counts.change(change)
    work.counts.verdicts += 0 if verdicts is None else verdicts.num_rows
    for piece in subjects.to_batches():
        for (engine, why), many in together(piece, ("engine", "why")).items():
            work.counts.engines[engine, why] += many
    if work.subjects is not None:
        work.subjects(subjects.select(SUBJECTS.names))


def count_findings(counts: Counts, directory: Path, tell: Callable[[Finding], object] | None) -> None:
    """Counts the findings of all ranges, and tells them in order of the log."""
    paths = [parts.part_path(directory, number, "findings") for number in range(counts.ranges)]
    for row in findings.rows_of(paths):
        counts.tell(finding_of(row), tell)
