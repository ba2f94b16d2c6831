"""The plain reader: commands from a file or another program, a line at a time; the same answers, no decoration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import dedent

from slarules.repl.loop import Run, prompt, take, unclean, watch
from slarules.repl.reading import goes_on

GOES_ON = "... "
"""Stands before the further lines of an entry."""


def entries(lines: Iterable[str]) -> Iterator[str]:
    """The lines put together to entries."""
    entry: list[str] = []
    for text in lines:
        entry.append(text.rstrip("\r\n"))
        if goes_on("\n".join(entry)):
            continue
        yield "\n".join(entry)
        entry = []
    if entry:
        yield "\n".join(entry)


def pasted(text: str) -> Iterator[str]:
    """The entries of a text that may be several lines, pasted at once: each line is one, unless it goes on.

    A line that stands further in than the first belongs to the one before it.
    """
    lines = dedent(text).split("\n")
    entry: list[str] = []
    for row in lines:
        if entry and not row.startswith(" ") and not goes_on("\n".join(entry)):
            yield "\n".join(entry)
            entry = []
        entry.append(row)
    yield "\n".join(entry)


def converse(run: Run, lines: Iterable[str], echo: Callable[[str], None] | None) -> None:
    """Does each entry; ``echo`` shows it behind the prompt, so that what comes out reads as a conversation."""
    for entry in entries(lines):
        watch(run)
        if echo is not None:
            first, *more = entry.split("\n")
            echo("\n".join(["", prompt(run.session) + first, *(GOES_ON + text for text in more)]).rstrip())
        try:
            if not take(run, entry):
                return
        except KeyboardInterrupt:
            unclean(run)
            raise
    unclean(run)
