"""The history: kept over sessions, and never spoilt by a file of another program or version."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules.repl import history
from slarules.repl.history import FILE, MOST, read_history


def test_it_is_kept_from_one_session_to_the_next(tmp_path: Path) -> None:
    first = read_history(tmp_path / "new")
    for entry in ("status", "status", "T1 opened,\n  severity 1", "—“ü”"):
        first.add(entry)
    assert read_history(tmp_path / "new").entries == ["status", "T1 opened,\n  severity 1", "—“ü”"]


@pytest.mark.parametrize(
    "text", ["+status\n", '{"slarules-history": 2}\n"a"\n', "[1, 2]\n", "\x00\x01\n", '"status"\n', "{" * 5000 + "\n"]
)
def test_a_foreign_file_is_let_be(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE
    path.write_text(text, "utf-8")
    found = read_history(tmp_path)
    found.add("status")
    assert found.entries == ["status"]
    assert path.read_text("utf-8") == text


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"slarules-history": 1}\n"one"\n{"later": "version"}\n"tw\n\xff\xfe\n"three"\n')
    assert read_history(tmp_path).entries == ["one", "three"]


def test_a_long_history_is_cut_to_its_latest_entries(tmp_path: Path) -> None:
    lines = ['{"slarules-history": 1}', *(f'"{n}"' for n in range(2 * MOST + 10))]
    (tmp_path / FILE).write_text("\n".join(lines) + "\n", "utf-8")
    assert read_history(tmp_path).entries[-1] == str(2 * MOST + 9)
    assert len(read_history(tmp_path).entries) == MOST


def test_what_cannot_be_written_is_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    found = read_history(tmp_path / "file")
    found.add("status")
    found.add("next")
    assert found.entries == ["status", "next"]
    monkeypatch.setattr(history, "LARGEST", 10)
    (tmp_path / FILE).write_text('{"slarules-history": 1}\n', "utf-8")
    assert not read_history(tmp_path).is_ours
