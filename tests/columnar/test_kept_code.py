"""Folders of machine code that nobody has used for long are taken away when a new one is made, and no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slarules import kept

DAY = 86_400
NAMES = {"used": "kernels-00000000000000aa", "unused": "kernels-00000000000000ab", "new": "kernels-00000000000000ac"}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache in which two folders of machine code are, one used lately and one not, and what is none of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = tmp_path / "slarules"
    others = ["readers-00000000000000ab", "kernels-mine", "kernels", "grammar", "kernels-00000000000000ad"]
    for name in (NAMES["used"], NAMES["unused"], *others):
        (own / name).mkdir(parents=True)
        (own / name / "quick.quick_all-0123456789abcdef.code").write_bytes(b"x")
    (own / "kernels-00000000000000ad" / "notes.txt").write_text("somebody's own")
    for name in (*NAMES.values(), *others):
        if (own / name).exists():
            aged(own / name, 1 if name == NAMES["used"] else 91)
    return own


def aged(folder: Path, days: int) -> None:
    long_ago = folder.stat().st_mtime - days * DAY
    os.utime(folder, (long_ago, long_ago))


def test_what_nobody_used_goes_when_a_new_one_is_made(cache: Path) -> None:
    before = {path.name for path in cache.iterdir()}
    assert kept.folder(NAMES["used"]) == cache / NAMES["used"]
    assert {path.name for path in cache.iterdir()} == before, "none is new"
    assert kept.folder(NAMES["new"]) == cache / NAMES["new"]
    assert {path.name for path in cache.iterdir()} == before - {NAMES["unused"]} | {NAMES["new"]}
    assert (cache / "kernels-00000000000000ad" / "notes.txt").exists()


def test_one_that_is_used_stays(cache: Path) -> None:
    assert kept.folder(NAMES["unused"])
    assert kept.folder(NAMES["new"])
    assert (cache / NAMES["unused"]).is_dir()


def test_others_that_use_the_cache_at_once_do_no_harm(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the files is gone already, and one comes while they are taken away."""
    unlink = Path.unlink

    def unlinked(path: Path, missing_ok: bool = False) -> None:
        unlink(path)
        (cache / NAMES["unused"] / "came.code").touch()
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlinked)
    assert kept.folder(NAMES["new"])
    assert (cache / NAMES["unused"] / "came.code").exists()
