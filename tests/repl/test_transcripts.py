"""The conversations in examples/repl go as they are written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.repl.commands import COMMANDS
from slarules.repl.reading import Command, read_line
from slarules.repl.session import Session
from tests.repl.small import told
from tests.repl.transcripts import TRANSCRIPTS, conversation, entries

SAID = [entry for path in TRANSCRIPTS for entry in entries(path.read_text("utf-8"))]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_goes_as_it_is_written(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    assert numbered(conversation(text, tmp_path)) == numbered(text)


def numbered(text: str) -> str:
    """Without the lines of the policy that rules stand on: they move with every rule above."""
    return re.sub(r"(policy\.sla):\d+", r"\1:LINE", text)


@pytest.mark.parametrize("name", [form.name for form in COMMANDS if form.name])
def test_some_transcript_shows_the_command(name: str) -> None:
    assert any(entry == name or entry.startswith(f"{name} ") for entry in SAID)


@pytest.mark.parametrize("form", COMMANDS, ids=lambda form: form.name or "a line")
def test_every_example_of_the_help_can_be_read(form: object, case: Session) -> None:
    for example in form.examples:  # type: ignore[attr-defined]
        found = read_line(told(example), case)
        assert isinstance(found, Command) and found.form is form, (example, found)
