"""Policy files that a command is told of: found in folders, and put in place of others at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

STDIN = "-"


def policies(paths: Iterable[str]) -> list[str]:
    """The files named, and those in folders named, in order, each once; hidden folders are passed over."""
    return list(dict.fromkeys(_found(paths)))


def _found(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if path == STDIN or not Path(path).is_dir():
            yield path
            continue
        for found in sorted(Path(path).rglob("*.sla")):
            if not any(part.startswith(".") for part in found.relative_to(path).parts):
                yield str(found)


def replace(path: Path, data: bytes) -> None:
    """Puts ``data`` in the place of a file at once: whoever reads it meets the old or the new, never a part."""
    target = path.resolve(strict=True)  # a link stays a link
    rights = target.stat().st_mode & 0o7777
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "it may not be written")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, rights)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
