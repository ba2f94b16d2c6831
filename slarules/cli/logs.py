"""Event files read into one log, with a bar on a terminal; each line set aside is counted and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.diagnostics import has_errors
from slarules.model.event import Event
from slarules.readers.log import Log
from slarules.readers.reading import read_events
from slarules.readers.rejects import Rejected

STEP = 2_000
"""Events between two looks at the bar."""


def read_log(files: Mapping[str, str | None], strict: bool, rejects: str | None) -> Log | int:
    """The log of event files, each with its mapping file or None; or the exit code where one cannot be read.

    ``rejects`` is a file that gets a line of JSON for each line set aside: file, line, code, cause, excerpt.
    """
    log = Log()
    with ExitStack() as stack:
        file = (
            stack.enter_context(Path(rejects).open("w", encoding="utf-8", newline="\n")) if rejects else None
        )
        bar = stack.enter_context(progress())
        for path, mapping in files.items():
            reading = read_events(path, mapping, strict)
            if reading.problems:
                bar.stop()
                output.diagnostics(output.messages(), reading.problems)
                bar.start()
            if has_errors(reading.problems):
                return 1
            task = bar.add_task(clean(f"reading {Path(path).name}"), total=None)
            for number, entry in enumerate(reading, 1):
                if isinstance(entry, Event):
                    log.events.append(entry)
                elif file is not None:
                    file.write(_aside(path, entry))
                if number % STEP == 0:
                    bar.update(task, completed=number)
            bar.update(task, completed=reading.tally.events, total=max(1, reading.tally.events))
            log.rows += reading.tally.rows
            log.rejected.update(reading.tally.rejected)
            log.unknown_fields.update(reading.tally.unknown_fields)
            log.precision = max(log.precision, reading.precision)
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
    with bar:
        yield bar
