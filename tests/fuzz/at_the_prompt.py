"""The prompt as it is fuzzed: an entry read without a policy, with one, and in the midst of a case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from slarules.diagnostics import Diagnostic
from slarules.repl.commands import COMMANDS
from slarules.repl.completion import complete
from slarules.repl.highlight import highlighted
from slarules.repl.reading import Command, goes_on, read_line
from slarules.repl.session import Session
from tests.repl.small import KNOWN, OPENED, say, started

LINES = (
    "reading ack is business",
    "as of 12:00  expect T1 confirm met, due at 09:00",
    "eval T1: all of\n  (a) severity is 1\n  (b) channel is email\n",
    "09:00  T1 corrected e1, not satisfied",
)


@cache
def sessions() -> tuple[Session, ...]:
    """None of them reads a file any more."""
    with TemporaryDirectory() as folder:
        empty = started(Path(folder))
        case = say(empty, KNOWN, OPENED, "08:30  T1 acknowledged by Trak", "fork escalated", "switch main").session
    return Session(), empty, case


def read_entry(text: str) -> Iterator[Diagnostic]:
    """What is wrong with an entry; that it is coloured, completed and seen to end raises nothing."""
    for session in sessions():
        found = read_line(text, session)
        assert read_line(text, session) == found or isinstance(found, Command)
        if not isinstance(found, Command):
            assert found
            yield from found
        complete(text, session)
        assert "".join(words for _, words in highlighted(text, session)) == text
    goes_on(text)


def entries() -> Iterator[bytes]:
    """One of each command, and lines of a scenario."""
    for form in COMMANDS:
        yield form.name.encode()
        for example in form.examples:
            yield example.encode()
    for line in (*LINES, KNOWN, OPENED):
        yield line.encode()
