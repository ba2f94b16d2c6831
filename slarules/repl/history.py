"""The history of commands: a file that later versions can read, and that a foreign or a broken one never spoils."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from attrs import define, field

HEADING = {"slarules-history": 1}
"""The first line of the file. A file that begins otherwise is another program's or version's, and is left alone."""
FILE = "history.jsonl"
MOST = 5_000
"""Entries that are kept when the file is tidied."""
LARGEST = 50_000_000
"""Bytes that are read at most."""


@define
class History:
    """The entries of earlier sessions and of this one."""

    path: Path
    entries: list[str] = field(factory=list)
    """Oldest first."""
    is_ours: bool = True
    """Whether the file may be written to."""

    def add(self, entry: str) -> None:
        """One more entry, also in the file; a file that cannot be written is let be."""
        if self.entries and self.entries[-1] == entry:
            return
        self.entries.append(entry)
        if not self.is_ours:
            return
        try:
            if not self.path.exists():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                _write(self.path, [])
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(_line(entry))
        except OSError:
            self.is_ours = False


def read_history(folder: Path) -> History:
    """The history in a folder; empty where there is none. Never raises for what stands in the file."""
    path = folder / FILE
    try:
        if path.stat().st_size > LARGEST:
            return History(path, [], False)
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return History(path)
    except (OSError, ValueError):
        return History(path, [], False)
    if lines and _read(lines[0]) != HEADING:
        return History(path, [], False)
    entries = [entry for entry in map(_read, lines[1:]) if isinstance(entry, str)]
    if len(lines) > 2 * MOST or not lines:
        entries = entries[-MOST:]
        try:
            _write(path, entries)
        except OSError:
            return History(path, entries, False)
    return History(path, entries)


def _read(line: str) -> object:
    """What a line says; None: it is damaged, or of a form that this version does not know."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _line(entry: object) -> str:
    return json.dumps(entry, ensure_ascii=True) + "\n"


def _write(path: Path, entries: Iterable[str]) -> None:
    """The whole file, written beside and put in its place."""
    beside = path.with_name(path.name + ".part")
    beside.write_text("".join(map(_line, (HEADING, *entries))), encoding="utf-8", newline="\n")
    os.replace(beside, path)
