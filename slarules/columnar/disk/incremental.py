"""Yesterday's verdicts and today's events: only what can have changed is judged again.

    again = judge_again(contract, readings, batches, as_of,
        state=Path("state"),            # made where it is absent
        memory=1_000_000_000, write=lambda tables: writing.write(path, tables),
        files=resuming.files_of([Path("today.jsonl")]))

``batches`` are the events that came since; the log is those of the state and these behind them. What is written is all
verdicts, and the same as one judging of the whole log gives. Judged again are tickets that have new events, tickets
that hang together with them, all tickets of an agreement that has new events or whose own state has changed by then,
and tickets whose verdicts move: a duty is open, time is counted, or an instant of change has passed.

A state is kept for one contract, one choice of readings and one set of supplied lists: for others it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules import machine_code
from slarules.columnar.disk import budget, findings, laying, merging, parts, resuming, spill
from slarules.columnar.disk.ahead import ahead
from slarules.columnar.disk.gathering import first_rows
from slarules.columnar.disk.laying import Laid
from slarules.columnar.disk.links import shaping
from slarules.columnar.disk.partitions import Work, pass_by, ranges_judged, share_of, sizes_of
from slarules.columnar.disk.parts import Kept, part_path
from slarules.columnar.disk.questions import SAMPLE, Question, judged_names, of_agreements, sizes_for
from slarules.columnar.disk.ranges import Shared, Sizes, portions
from slarules.columnar.disk.resuming import OtherRun
from slarules.columnar.disk.spill import read_stream, write_stream
from slarules.columnar.disk.state import KINDS, State, file_of, read_state, write_state
from slarules.columnar.disk.summary import Counts, Summary, summary_of
from slarules.columnar.disk.touched import Touched, touched
from slarules.columnar.log.columns import checked
from slarules.columnar.placing import ONCE, Row, finding_of
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.model.verdict import Finding

_MANY = 0.5
"""Where more of the log's events than this share would be judged again, all are: ranges are read faster than names."""


@frozen(eq=False)
class Again:
    """What judging again gave."""

    summary: Summary
    judged: int
    """Subjects judged now; the verdicts of all others are those of before."""
    why_all: str | None
    """Why all were judged, where they were."""


def judge_again(
    contract: Contract,
    readings: Mapping[str, str] | None,
    batches: Iterable[pa.Table],
    as_of: int,
    *,
    state: Path,
    memory: int,
    write: Callable[[Iterator[pa.Table]], object],
    files: Mapping[str, str] | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    precision: int | Callable[[], int] = 0,
    done: Callable[[int, int], None] | None = None,
    subjects: Callable[[pa.Table], object] | None = None,
    tell: Callable[[Finding], object] | None = None,
    noted: Callable[[], Mapping[str, Any]] | None = None,
    sizes: Sizes | None = None,
    apart: bool = True,
) -> Again:
    """Judges a log that grows; see the head of this file. The arguments are those of ``judge_files``.

    ``files`` says which event files ``batches`` come from (``resuming.files_of``): a file that the state has already is
    refused. The state is put in place when ``write`` is through; if anything fails before, it is what it was.

    Raises what ``judge_files`` raises; ``OtherRun`` where the state is of another contract, reading or list.
    """
    asked = resuming.asked(contract, readings, supplied, None)
    with ExitStack() as stack:
        stack.enter_context(spill.held(state))
        before = read_state(state)
        if before is not None:
            resuming.same(before.asked, asked, state)
            _refuse_known(before, files or {})
        directory = stack.enter_context(spill.temporary(state))
        question = Question(contract, readings, as_of, supplied)
        if apart:
            stack.enter_context(machine_code.apart())
        work = Work(directory, memory, sizes, True, done, subjects)
        log = _log(work, question, batches, state)
        log.precision = max(log.precision, precision() if callable(precision) else precision)
        log.noted = _with(log.noted, noted)
        question = evolve(question, precision=log.precision)
        now = State(state, asked, _files(before, files or {}), as_of, before.generation + 1 if before else 0, log)
        again = _judged(work, question, now, before, write, tell)
        laying.fewer_runs(log, state, sizes_of(work, question, log).run)
        write_state(now)
        return again


def _refuse_known(before: State, files: Mapping[str, str]) -> None:
    for name, digest in files.items():
        if digest in before.files:
            raise OtherRun(f"the {name} is in `{before.directory}` already: name only the events that came since")


def _files(before: State | None, files: Mapping[str, str]) -> dict[str, str]:
    return {**(before.files if before is not None else {}), **{digest: name for name, digest in files.items()}}


def _with(old: Mapping[str, Any], noted: Callable[[], Mapping[str, Any]] | None) -> dict[str, Any]:
    return _added(old, noted() if noted is not None else {})


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What was noted of two stretches of a log: counts are added."""
    found = dict(one)
    for name, value in other.items():
        was = found.get(name)
        if isinstance(was, dict) and isinstance(value, Mapping):
            found[name] = _added(was, value)
        else:
            found[name] = was + value if isinstance(was, int) and isinstance(value, int) else value
    return found


def _log(work: Work, question: Question, batches: Iterable[pa.Table], state: Path) -> Laid:
    """The log of the state, if there is one, with what came since."""
    known = read_state(state)
    log = Laid() if known is None else known.laid
    coming = iter(batches)
    first = next(coming, None)
    came = coming if first is None else chain([first], coming)
    sample = first_rows(log.runs[0], SAMPLE) if log.runs else None if first is None else checked(first)
    sizes = work.sizes or sizes_for(question, sample, work.limit)
    laying.lay(came, shaping(question.contract), sizes, state, log, fitting=False)
    return log


def _judged(
    work: Work,
    question: Question,
    now: State,
    before: State | None,
    write: Callable[[Iterator[pa.Table]], object],
    tell: Callable[[Finding], object] | None,
) -> Again:
    """Judges what is to be judged, and puts it with what is known to a new generation of the state."""
    log, counts = now.laid, work.counts
    share = share_of(work, question, log)
    again = _again(work, question, now, before, share)
    old = before if again.why_all is None else None
    if old is None:
        spill.emptied(work.directory)
        for number, part in enumerate(ahead(ranges_judged(work, question, log, share, ()))):
            parts.keep(work.directory, number, part)
    kept = parts.kept(work.directory)
    counts.events, counts.ranges = log.events, len(kept)
    count = 0
    for table in _put(now, "subjects", _replaced(old, kept, "subjects", again)):
        count += table.num_rows
        pass_by(work, None, table, pc.min(table.column("next_change_at").cast(pa.int64())).as_py())
    for _ in _put(now, "coming", _replaced(old, kept, "coming", again)):
        pass
    write(_counted(counts, _put(now, "verdicts", _replaced(old, kept, "verdicts", again))))
    for table in _put(now, "findings", merging.tables_of(_findings(old, kept, again))):
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            counts.tell(finding_of(row), tell)
    found = of_agreements(question, share)
    return Again(summary_of(counts, found, log.noted), count if old is None else len(again.names), again.why_all)


def _again(work: Work, question: Question, now: State, before: State | None, share: Shared) -> Touched:
    """What is judged again. Where it is not all, it has been judged, and its parts stand in the run's folder."""
    if before is None:
        return Touched((), "there was no state yet")
    log = now.laid
    again = touched(question, before, log.seen, log.runs[len(before.laid.runs) :], share)
    if again.why_all is not None:
        return again
    sizes = sizes_of(work, question, log)
    rows = sizes.rows - share.everywhere.num_rows - share.some.num_rows
    several = portions(log.runs, again.names, rows, sizes, work.limit)
    if several.events > log.events * _MANY:
        return Touched((), "most of the log's events are of tickets that may have changed")
    done = 0
    for number, names in enumerate(several.names):
        part = judged_names(question, log, share, names)
        parts.keep(work.directory, number, part)
        done += part.events
        if work.done is not None:
            work.done(min(done, several.events), several.events)
        budget.given_back()
    if _first_is_gone(before, parts.kept(work.directory), again):
        return Touched((), "what told first of an unknown fact is gone")
    return again


def _first_is_gone(before: State, kept: Sequence[Kept], again: Touched) -> bool:
    """Whether what is told once of the whole log must now be told of an event that was not looked at."""
    names = frozenset(again.names)
    old = {row for row in findings.read(before.path("findings")) if row[4] == ONCE and row[2] in names}
    new = {row for part in kept for row in findings.read(part.path("findings")) if row[4] == ONCE}
    return not old <= new


def _replaced(old: State | None, kept: Sequence[Kept], kind: str, again: Touched) -> Iterator[pa.Table]:
    new = parts.tables_of(kept, kind)
    return new if old is None else merging.replaced(read_stream(old.path(kind)), new, again.names)


def _findings(old: State | None, kept: Sequence[Kept], again: Touched) -> Iterator[Row]:
    new = findings.rows_of(part_path(part.directory, part.number, "findings") for part in kept)
    if old is None:
        return new
    return merging.merged_findings(findings.read(old.path("findings")), new, again.names)


def _put(now: State, kind: str, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    return write_stream(file_of(now.directory, now.generation, kind), KINDS[kind], tables)


def _counted(counts: Counts, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    for table in tables:
        counts.verdicts += table.num_rows
        yield table
