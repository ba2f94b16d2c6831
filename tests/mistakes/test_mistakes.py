"""Mistakes that beginners make, each with the message that a contract manager is to understand.

Each ``NN_NAME.sla`` is a whole policy with the mistake in its name, and ``NN_NAME.txt`` is what ``slarules check``
prints. ``RECORD=1`` records them again: read the difference with a contract manager's eyes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from slarules.cli.main import cli
from slarules.diagnostics import Diagnostic
from slarules.loader import load

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.sla"))
SEVERAL = {"five_mistakes": 5}
"""Files that hold more than one mistake."""


def mistakes_in(path: Path) -> int:
    return SEVERAL.get(path.stem.split("_", 1)[1], 1)


def test_there_are_at_least_twenty() -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_message_is_as_recorded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    seen = CliRunner().invoke(cli, ["check", path.name])
    recorded = path.with_suffix(".txt")
    if os.environ.get("RECORD"):
        recorded.write_text(seen.stdout, encoding="utf-8")
    assert seen.stdout == recorded.read_text(encoding="utf-8")
    assert seen.exit_code == 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_so_many_mistakes_give_so_many_diagnostics_that_say_what_to_do(path: Path) -> None:
    found = load(path).diagnostics
    assert len(found) == mistakes_in(path)
    assert all(one.help for one in found)
    assert all(len(one.message) <= 90 for one in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_edit_that_is_offered_mends_the_mistake(path: Path, tmp_path: Path) -> None:
    """Where a message carries an edit, the file edited so has no mistake left that was edited."""
    found = load(path).diagnostics
    edited = [one for one in found if one.edit is not None]
    mended = tmp_path / "policy.sla"
    mended.write_text(_with_edits(path.read_text("utf-8"), edited), "utf-8")
    (tmp_path / "source.txt").write_text((HERE / "source.txt").read_text("utf-8"), "utf-8")
    assert len(load(mended).diagnostics) == len(found) - len(edited)


def _with_edits(text: str, found: list[Diagnostic]) -> str:
    for one in sorted(found, key=lambda one: one.span.start, reverse=True):
        assert one.edit is not None
        text = text[: one.edit.span.start] + one.edit.text + text[one.edit.span.end :]
    return text


def test_the_base_of_them_all_is_sound(tmp_path: Path) -> None:
    """Taken together the files say each line of a sound policy: the commonest line at each place."""
    text = (HERE / "09_party_misspelt.sla").read_text("utf-8")
    assert len(re.findall("Custmer", text)) == 1
    (tmp_path / "policy.sla").write_text(text.replace("Custmer", "Customer"), "utf-8")
    (tmp_path / "source.txt").write_text((HERE / "source.txt").read_text("utf-8"), "utf-8")
    assert load(tmp_path / "policy.sla").diagnostics == ()
