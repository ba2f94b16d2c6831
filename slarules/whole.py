"""A file that stands in its place when all of it is written, and not before; and what one run at a time may use."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

if sys.platform != "win32":
    import fcntl


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file that then stands at ``path``; nothing stays there if writing fails.

    A link stays a link. What is no file, as a pipe or ``/dev/stdout``, is written to as it is: putting a file in its
    place would take it away from everybody. Raises ``OSError``, also where another run is writing the same file.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        yield path
        return
    target = path.resolve()
    beside = target.with_name(f".{target.name}.part")
    with beside.open("ab") as held:
        if not locked(held):
            raise OSError(errno.EBUSY, "another run is writing it", str(path))
        try:
            yield beside
            if sys.platform == "win32":
                held.close()  # an open file cannot be put in another's place there
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)


def locked(file: IO[Any]) -> bool:
    """Takes a file for this run until it is closed; False: another run has it.

    The lock goes with the process, however that ends. On a file system without locks, and on Windows, everybody has it.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
