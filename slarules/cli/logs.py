"""Event files read into one log, with a bar on a terminal; each line set aside is counted and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from attrs import field, frozen
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from slarules.cli import first_use, output
from slarules.cli.engines import COLUMNAR, Choice, tell
from slarules.cli.excerpt import clean
from slarules.diagnostics import has_errors
from slarules.model.event import Event
from slarules.readers.log import Log
from slarules.readers.reading import read_events
from slarules.readers.rejects import Rejected
from slarules.whole import whole

STEP = 2_000
"""Events between two looks at the bar."""


def read_log(files: Mapping[str, str | None], strict: bool, rejects: str | None) -> Log | int:
    """The log of event files, each with its mapping file or None; or the exit code where one cannot be read.

    ``rejects`` is a file that gets a line of JSON for each line set aside: file, line, code, cause, excerpt.
    """
    log = Log()
    found = [(path, read_events(path, mapping, strict)) for path, mapping in files.items()]
    for _, reading in found:
        output.diagnostics(output.messages(), reading.problems)
    if any(has_errors(reading.problems) for _, reading in found):
        return 1
    with ExitStack() as stack:
        file = stack.enter_context(_lines(Path(rejects))) if rejects else None
        bar = stack.enter_context(progress())
        for path, reading in found:
            task = bar.add_task(clean(f"reading {Path(path).name}"), total=None)
            for number, entry in enumerate(reading, 1):
                if isinstance(entry, Event):
                    log.events.append(entry)
                else:
                    log.set_aside(path, entry)
                    if file is not None:
                        file.write(_aside(path, entry))
                if number % STEP == 0:
                    bar.update(task, completed=number)
            bar.update(task, completed=reading.tally.events, total=max(1, reading.tally.events))
            log.rows += reading.tally.rows
            log.rejected.update(reading.tally.rejected)
            log.unknown_fields.update(reading.tally.unknown_fields)
            log.precision = max(log.precision, reading.precision)
    return log


@contextmanager
def _lines(path: Path) -> Iterator[TextIO]:
    """A file of lines, whole or not at all. Raises ``OSError``."""
    with whole(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        yield file


@frozen(eq=False)
class ColumnLog:
    """The log of event files as columns, to be read once."""

    files: Sequence[tuple[str, Any]]
    """Each path with its ``ColumnReading``; none of them has an error."""
    rejects: str | None
    """A file that gets a line of JSON for each line set aside."""
    log: Log = field(factory=Log)
    """What reading counts; it holds no events."""


def column_log(
    files: Mapping[str, str | None], strict: bool, rejects: str | None, under_way: Mapping[str, Any] | None = None
) -> ColumnLog | int:
    """What ``read_log`` reads, as columns, before anything is read; or the exit code where a file cannot be.

    ``under_way`` are readings that have begun (see ``early``).
    """
    from slarules.readers.columns.reading import read_columns

    early = under_way or {}
    found = [(path, early.get(path) or read_columns(path, mapping, strict)) for path, mapping in files.items()]
    for _, reading in found:
        output.diagnostics(output.messages(), reading.problems)
    if any(has_errors(reading.problems) for _, reading in found):
        return 1
    return ColumnLog(found, rejects)


def tables(source: ColumnLog, bar: Progress) -> Iterator[Any]:
    """The events as tables in the files' order; what is set aside is counted, and written. Raises ``OSError``."""
    log = source.log
    with _lines(Path(source.rejects)) if source.rejects else nullcontext() as file:
        for path, reading in source.files:
            task = bar.add_task(clean(f"reading {Path(path).name}"), total=None)
            for entry in reading:
                if not isinstance(entry, Rejected):
                    bar.update(task, completed=reading.tally.events)
                    yield entry
                    continue
                log.set_aside(path, entry)
                if file is not None:
                    file.write(_aside(path, entry))
            bar.update(task, completed=reading.tally.events, total=max(1, reading.tally.events))
            log.rows += reading.tally.rows
            log.rejected.update(reading.tally.rejected)
            log.unknown_fields.update(reading.tally.unknown_fields)
            log.precision = max(log.precision, reading.precision)


def read_for(choice: Choice, files: Mapping[str, str | None], strict: bool) -> Log | int:
    """The log as the chosen engine takes it, and a word of which engine that is; or the exit code."""
    if choice.name == COLUMNAR:
        import pyarrow as pa

        from slarules.columnar.disk.budget import given_back
        from slarules.columnar.log.coding import coded_batches
        from slarules.columnar.log.columns import BadTable

        pa.set_memory_pool(pa.system_memory_pool())  # the log stays; what reading it took is given back

        source = column_log(files, strict, None)
        if isinstance(source, int):
            return source
        try:
            with progress() as bar:
                source.log.coded = coded_batches(tables(source, bar))
            given_back()
        except BadTable as wrong:
            output.say(f"cannot judge: {wrong}", "bold red")
            return 1
        log = source.log
    else:
        read = read_log(files, strict, None)
        if isinstance(read, int):
            return read
        log = read
    tell(choice)
    return log


def _aside(path: str, entry: Rejected) -> str:
    found = {
        "file": path,
        "line": entry.line,
        "code": entry.code,
        "cause": entry.cause,
        "excerpt": entry.excerpt,
    }
    return json.dumps(found, ensure_ascii=True) + "\n"


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on stderr; nothing at all where stderr is no terminal. It goes when its work is done."""
    console = output.messages()
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with first_use.told() if console.is_terminal else nullcontext(), bar:
        yield bar
