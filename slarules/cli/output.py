"""All printing: results on stdout, messages on stderr, user text is never markup, rich respects NO_COLOR."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from slarules.cli.excerpt import clean, excerpt
from slarules.diagnostics import Diagnostic, Level

PIPED = 110
"""Columns of a table that goes to a file or another program."""


def results() -> Console:
    """Where results go."""
    return _console(stderr=False)


def messages() -> Console:
    """Where messages go."""
    return _console(stderr=True)


class _Console(Console):
    """Where nobody reads on, the command line says how it ends."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def _console(stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return _Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not terminal,
        width=None if terminal else PIPED,
        legacy_windows=False,
    )


def say(message: str, style: str = "") -> None:
    """One message, on stderr."""
    messages().print(Text(clean(message), style), soft_wrap=True)


def line(console: Console, text: Text | str = "") -> None:
    """One line of text, never wrapped by us."""
    console.print(text if isinstance(text, Text) else Text(text), soft_wrap=True)


def diagnostics(console: Console, found: Iterable[Diagnostic]) -> None:
    """Each diagnostic with its excerpt, a blank line after each."""
    width = console.width if console.is_terminal else None
    for diagnostic in found:
        console.print(excerpt(diagnostic, width), soft_wrap=True)


def as_json(value: object) -> None:
    """A result as indented JSON, on stdout."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def table(
    console: Console,
    heads: Sequence[str],
    rows: Iterable[Sequence[Text | str]],
    *,
    right: Sequence[int] = (),
    title: str | None = None,
) -> None:
    """A table of words: ``right`` columns are set to the right, long cells fold and lose nothing."""
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, header_style="bold")
    for n, head in enumerate(heads):
        made.add_column(Text(head), justify="right" if n in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    if console.is_terminal:
        console.print(made, soft_wrap=False)
        return
    with console.capture() as drawn:
        console.print(made, soft_wrap=False)
    for row in drawn.get().splitlines():
        console.file.write(row.rstrip() + "\n")


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 error``, ``2 errors``, ``1,000 errors``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def levels(found: Iterable[Diagnostic]) -> dict[Level, int]:
    """How many diagnostics there are of each level."""
    counts = dict.fromkeys(Level, 0)
    for diagnostic in found:
        counts[diagnostic.level] += 1
    return counts


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A diagnostic for another program. Lines and columns count from 1, in code points."""
    return {
        "code": diagnostic.code,
        "level": diagnostic.level.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        **_place(diagnostic.span.source.name, diagnostic),
        "related": [
            {"file": span.source.name, "line": span.line, "column": span.column, "message": label}
            for span, label in diagnostic.related
        ],
        "edit": None
        if diagnostic.edit is None
        else {
            "line": diagnostic.edit.span.line,
            "column": diagnostic.edit.span.column,
            "length": diagnostic.edit.span.end - diagnostic.edit.span.start,
            "text": diagnostic.edit.text,
        },
    }


def _place(name: str, diagnostic: Diagnostic) -> Mapping[str, object]:
    span = diagnostic.span
    end_line = span.source.line_of(span.end)
    return {
        "file": name,
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": span.end - span.source.line_starts[end_line - 1] + 1,
    }


def local(instant: int, zone: str) -> str:
    """An instant as people there read it, ``2026-03-02 08:00 MST``."""
    from slarules.calendars import zones  # brings NumPy, which not every command needs

    moment = zones.moment(instant, zones.zone(zone))
    clock = "%H:%M" if not (moment.second or moment.microsecond) else "%H:%M:%S"
    return f"{moment:%Y-%m-%d {clock}} {moment.tzname()}"
