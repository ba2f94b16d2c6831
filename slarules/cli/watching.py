"""Running again whenever a file changes that the last run read, until it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Event

from slarules.cli import output

POLL = 1000
"""Milliseconds after which files are looked at although nothing was told of them: network drives tell nothing."""

Ran = tuple[int, Mapping[Path, bytes | None]]
"""A run's exit code, and each file that it read with what was in it; None: it could not be read."""


def again_and_again(once: Callable[[], Ran], paths: Sequence[str], stop: Event | None = None) -> int:
    """Runs ``once``, and again at each change, until Ctrl-C or ``stop``; the last run's exit code.

    A file counts as changed when its bytes differ from those that the run read; so no change is missed between a run
    and the watch after it, and saving a file without a change starts nothing.
    """
    stop = stop or Event()
    code = 0
    try:
        while True:
            code, read = once()
            output.say(f"watching {output.counted(len(read), 'file')}; Ctrl-C ends it", "dim")
            changed = _changed(read, paths, stop)
            if not changed:
                return code
            output.line(output.messages())
            output.say(f"{', '.join(str(path) for path in changed)} changed: running again", "bold cyan")
    except KeyboardInterrupt:
        return code


def _changed(read: Mapping[Path, bytes | None], paths: Sequence[str], stop: Event) -> list[Path]:
    """The files that differ from what was read; none where the watch was stopped."""
    from watchfiles import watch

    known = set(_there(paths))
    folders = {path.parent for path in read} | {one for path in paths for one in _folders(Path(path))}
    there = sorted(str(folder) for folder in folders if folder.is_dir()) or ["."]
    for _ in watch(
        *there, watch_filter=None, stop_event=stop, rust_timeout=POLL, yield_on_timeout=True,
        raise_interrupt=True, recursive=False, debounce=50, step=25,
    ):  # fmt: skip
        found = [path for path, data in read.items() if _bytes(path) != data]
        found += sorted(set(_there(paths)) ^ known)
        if found:
            return list(dict.fromkeys(found))
        if stop.is_set():
            break
    return []


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _folders(path: Path) -> Iterable[Path]:
    """A folder that was named and those in it, hidden ones passed over."""
    if path.is_dir():
        yield path
        for inner in sorted(path.rglob("*")):
            if inner.is_dir() and not any(part.startswith(".") for part in inner.relative_to(path).parts):
                yield inner


def _there(paths: Sequence[str]) -> Iterable[Path]:
    """The policies in the folders that were named: one may come or go."""
    return (found for path in paths for folder in _folders(Path(path)) for found in folder.glob("*.sla"))
