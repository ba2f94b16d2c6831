"""The tables of the grammar are kept between runs; what is kept may be damaged, missing or not writable."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from slarules.source import Source
from slarules.syntax import parse

POLICY = 'slarules 1\n\ncontract C "c"\n  provider P "p"\n  customer Q "q"\n  zone UTC\n'


def _parsed() -> object:
    """The policy's tree by a parser of its own: another one's states have other numbers, and are remembered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "parser", cache(parse.parser.__wrapped__))
        return parse.parse(Source("policy.sla", POLICY))


def test_kept_once_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = _parsed()
    (tables,) = (tmp_path / "slarules" / "grammar").iterdir()
    written = tables.stat().st_mtime_ns
    assert _parsed() == made
    assert tables.stat().st_mtime_ns == written


def test_damaged_tables_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = _parsed()
    (tables,) = (tmp_path / "slarules" / "grammar").iterdir()
    whole = tables.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"no tables\n" + whole):
        tables.write_bytes(damaged)
        assert _parsed() == made


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(nowhere))
    assert _parsed()
