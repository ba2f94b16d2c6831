"""A log judged by the columnar engine, in ranges of tickets where it is larger than the memory that it may take."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from attrs import frozen

from slarules.analysis import tally
from slarules.cli import first_use, logs, options, output
from slarules.cli.engines import Choice
from slarules.cli.ran import CannotRun, Ran, Write, cannot_write
from slarules.columnar.allocating import used_again
from slarules.columnar.disk import resuming
from slarules.columnar.disk.budget import CannotJudge
from slarules.columnar.disk.partitions import judge_files
from slarules.columnar.disk.summary import Summary
from slarules.columnar.log.columns import BadTable
from slarules.columnar.verdicts.tally import Totals, counting, rows_of
from slarules.memory import of_the_machine
from slarules.model.verdict import Finding
from slarules.readers.log import Log


@frozen
class Room:
    """What a run may use."""

    memory: int
    """Bytes of memory, of the whole process."""
    bounded: bool
    """Whether that many were asked for."""
    directory: Path
    """Where to put what does not fit into memory; of a run that can be resumed, a folder of its own."""
    resume: bool
    """Whether what is done is kept there until all is."""
    state: Path | None
    """A folder that keeps the log and its verdicts for the next run; None: nothing is kept."""


def room(memory: int | None, target: Path | None, resume: bool, state: Path | None) -> Room:
    """What a run may use where ``memory`` was asked for; half of the machine's where nothing was."""
    beside = Path(tempfile.gettempdir()) if target is None else target.parent
    if resume and target is not None:
        beside = target.with_name(f".{target.name}.resume")
    return Room(memory or of_the_machine() // 2, memory is not None, beside, resume, state)


def by_columns(
    asked: options.Asked, choice: Choice, source: logs.ColumnLog, top: int, write: Write | None, room: Room
) -> Ran:
    """The log read and judged, with bars on a terminal; ``top`` of what was late is kept.

    Raises ``CannotRun``.
    """
    totals = Totals(asked.as_of, top)
    found = tally.FindingsCounted()

    def passed(tables: Iterator[pa.Table]) -> None:
        coming = counting(totals, tables)
        if write is not None:
            write(coming)
        for _ in coming:
            pass

    if not room.bounded:
        used_again()
    try:
        with first_use.told(), logs.progress() as bar:
            summary, notes = _judged(asked, source, room, bar, passed, partial(tally.count_finding, found))
    except (BadTable, CannotJudge) as wrong:
        raise CannotRun(f"cannot judge: {wrong}") from None
    return _ran(choice, summary, notes, totals, found)


def _judged(
    asked: options.Asked,
    source: logs.ColumnLog,
    room: Room,
    bar: Any,
    write: Callable[[Iterator[pa.Table]], None],
    tell: Callable[[Finding], None],
) -> tuple[Summary, list[str]]:
    """What judging gives, and what is to be said of how it was done."""
    log = (asked.contract, asked.readings, _read(source, bar), asked.as_of)
    more: dict[str, Any] = {
        "memory": room.memory,
        "apart": room.bounded,
        "write": write,
        "supplied": asked.supplied,
        "precision": lambda: source.log.precision,
        "done": _bar(bar),
        "tell": tell,
        "noted": lambda: _noted(source.log),
    }
    if room.state is not None:
        from slarules.columnar.disk.incremental import judge_again  # only here is more to load than all runs need

        files = resuming.files_of(Path(path) for path, _ in source.files)
        again = judge_again(*log, state=room.state, files=files, **more)
        return again.summary, [_again(again.judged, again.why_all)]
    summary = judge_files(
        *log, directory=room.directory, asked=_asked(asked, source) if room.resume else None, **more
    )
    notes = []
    if summary.ranges > 1:
        notes.append(f"judged in {summary.ranges:,} ranges of tickets, to keep within the memory")
    if summary.resumed:
        notes.append(f"{output.counted(summary.resumed, 'range')} of them judged before, and not again")
    return summary, notes


def _again(judged: int, why_all: str | None) -> str:
    """How much of a log that grows was judged now."""
    if why_all is not None:
        return f"all subjects were judged: {why_all}"
    return f"{output.counted(judged, 'subject')} judged now; all others stand as they were judged before"


def _read(source: logs.ColumnLog, bar: Any) -> Iterator[pa.Table]:
    try:
        yield from logs.tables(source, bar)
    except OSError as wrong:
        raise cannot_write(str(source.rejects), wrong) from None


def _bar(bar: Any) -> Any:
    tasks: list[Any] = []

    def done(judged: int, total: int) -> None:
        if not tasks:
            tasks.append(bar.add_task("judging events", total=None))
        bar.update(tasks[0], completed=judged, total=total)

    return done


def _noted(log: Log) -> Mapping[str, Any]:
    """What reading counted, for a run that goes on without reading."""
    counted = {"rows": log.rows, "rejected": dict(log.rejected), "unknown_fields": dict(log.unknown_fields)}
    return {**counted, "first": log.first}


def _asked(asked: options.Asked, source: logs.ColumnLog) -> dict[str, str]:
    """What the run was asked, so that another one never goes on from its folder."""
    files = [Path(path) for path, _ in source.files]
    mapped = {f"mapping {n}": resuming.digest(reading.mapping) for n, (_, reading) in enumerate(source.files, 1)}
    return {**resuming.asked(asked.contract, asked.readings, asked.supplied, asked.as_of, files), **mapped}


def _ran(
    choice: Choice,
    summary: Summary,
    notes: Sequence[str],
    totals: Totals,
    found: tally.FindingsCounted,
) -> Ran:
    noted = summary.noted
    first = {code: (path, line, why) for code, (path, line, why) in noted.get("first", {}).items()}
    log = Log([], noted["rows"], Counter(noted["rejected"]), first, Counter(noted["unknown_fields"]))
    reasons = {why: many for (_, why), many in summary.engines.items() if why is not None}
    return Ran(
        choice,
        dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        notes,
        log,
        summary.events,
        sum(summary.engines.values()),
        summary.as_of,
        summary.readings,
        totals.counts,
        rows_of(totals.late),
        totals.late_many,
        tally.told(found),
        summary.statuses,
        summary.allowances,
        summary.amounts,
        summary.next_change_at,
    )
