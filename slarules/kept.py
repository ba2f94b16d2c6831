"""A folder of the user's for what can be made again: machine code, grammar, holidays. Nothing rests on it."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

UNUSED = 90 * 86_400
"""Seconds without use after which a folder goes."""
_OF_SOURCES = re.compile(r"(\w+)-[0-9a-f]{16}")
"""What a folder is called whose content goes with certain sources: of others there may be many, some of them old."""


def folder(name: str) -> Path | None:
    """The folder of this name, made if it is not there; None: there is none to write to.

    It stands in ``$XDG_CACHE_HOME``, else in ``~/.cache``. Where one that goes with certain sources is new, those of
    its kind go that nobody used for long.
    """
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if Path.home() != Path("/") else None)
    if home is None:
        return None
    found = Path(home) / "slarules" / name
    new = not found.exists()
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    if not os.access(found, os.W_OK):
        return None
    if kind := _OF_SOURCES.fullmatch(name):
        with suppress(OSError):
            os.utime(found)  # so that it is seen when it was used last
            if new:
                _remove_unused(found, kind[1])
    return found


def _remove_unused(new: Path, kind: str) -> None:
    """Folders of this kind that were not used for long, by the clock of the disk that they are on.

    A process that uses one all the same has loaded what it needs, or makes it again. Nothing goes that is not machine
    code.
    """
    now = new.stat().st_mtime
    for other in new.parent.glob(f"{kind}-*"):
        with suppress(OSError):
            if not _OF_SOURCES.fullmatch(other.name) or other.is_symlink() or now - other.stat().st_mtime < UNUSED:
                continue
            for path in other.glob("*.code*"):
                path.unlink(missing_ok=True)
            other.rmdir()


def read(path: Path) -> bytes | None:
    """What was kept there; None: nothing, or somebody else wrote to it."""
    try:
        digest, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest().encode() == digest else None


def write(path: Path, data: bytes) -> None:
    """Keeps this there, whole or, where there is no room, not at all."""
    own = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        own.write_bytes(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
        own.replace(path)
