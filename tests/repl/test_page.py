"""docs/repl.md tells of every command, and the file that it shows is the one that is saved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.repl.answers import Look
from slarules.repl.commands import COMMANDS
from slarules.repl.loop import answered
from slarules.repl.plain import entries
from slarules.repl.session import Session
from tests.docs.pages import ROOT, fences, put_files

PAGE = "docs/repl.md"


def test_every_command_has_its_row() -> None:
    rows = re.findall(r"^\| (.+?) \|", (ROOT / PAGE).read_text("utf-8"), re.MULTILINE)
    words = {word.split("`")[0] for row in rows for word in row.split("`")[1::2]}
    for form in COMMANDS:
        assert form.name == "" or any(w == form.name or w.startswith(f"{form.name} ") for w in words), form.name


def test_the_saved_file_is_the_one_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_files(PAGE, tmp_path)
    shown = (tmp_path / "friday.sla").read_text("utf-8")
    (tmp_path / "friday.sla").unlink()
    monkeypatch.chdir(tmp_path)
    session = answered(Session(), "load brightline.sla", Look()).session
    script = next(fence.text for fence in fences(PAGE) if fence.file == "day.txt")
    for entry in entries(script.splitlines()):
        session = answered(session, entry, Look()).session
    assert (tmp_path / "friday.sla").read_text("utf-8") == shown
