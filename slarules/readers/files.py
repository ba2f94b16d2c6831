"""Event files opened: unpacked where they are packed, their kind told by their name."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

JSON, CSV, PARQUET = "JSON lines", "CSV", "Parquet"
_KINDS = {".jsonl": JSON, ".ndjson": JSON, ".json": JSON, ".csv": CSV, ".parquet": PARQUET}
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
"""What unpacking raises where a file is damaged, breaks off, or is packed in a way that nobody knows."""


class Unusable(Exception):
    """Why a file cannot be read at all. Becomes a diagnostic; never leaves the readers."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        """Goes on from the file's name: ``is empty``."""
        self.help = help
        """What to do, where that can be said."""


def said(wrong: BaseException) -> str:
    """What the system said, without the path that the user knows already."""
    text = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    text = text.splitlines()[0] if text else type(wrong).__name__
    return text[:1].lower() + text[1:120]


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """The file's bytes, unpacked, and whether they are JSON lines, CSV or Parquet. Raises ``Unusable``.

    Nothing is unpacked in memory. Parquet must be read back and forth, so where it is packed it is
    unpacked into a temporary file.
    """
    with ExitStack() as stack:
        name = path.name.lower()
        try:
            stream: BinaryIO = stack.enter_context(path.open("rb"))
            if name.endswith(".zip"):
                stream, name = _only_member(stack, stream)
            if name.endswith(".gz"):
                stream, name = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=stream))), name[:-3]
        except DAMAGE as wrong:
            raise Unusable(f"cannot be opened: {said(wrong)}") from None
        kind = _KINDS.get(Path(name).suffix)
        if kind is None:
            known = ", ".join(_KINDS)
            raise Unusable("is of no kind that is read", f"read are {known}, also as .gz or in a .zip")
        if kind is PARQUET and name != path.name.lower():
            packed, stream = stream, stack.enter_context(TemporaryFile())
            shutil.copyfileobj(packed, stream)
            stream.seek(0)
        yield stream, kind


def _only_member(stack: ExitStack, stream: BinaryIO) -> tuple[BinaryIO, str]:
    """The one file in an archive and its name; folders and what macOS adds are not counted."""
    archive = stack.enter_context(zipfile.ZipFile(stream))
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise Unusable(f"holds {len(members)} files", "put exactly one event file into it")
    if members[0].flag_bits & 1:
        raise Unusable("is locked with a password", "unpack it first")
    return cast(BinaryIO, stack.enter_context(archive.open(members[0]))), members[0].filename.lower()
