"""Event files opened: unpacked where they are packed, their kind told by their name."""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

JSON, CSV, PARQUET = "JSON lines", "CSV", "Parquet"
_KINDS = {
    ".jsonl": JSON, ".ndjson": JSON, ".json": JSON, ".csv": CSV, ".tsv": CSV, ".txt": CSV, ".parquet": PARQUET,
}
_SPREADSHEETS = (".xls", ".xlsx", ".xlsm", ".ods")
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


UTF_16 = ("utf-16", "utf-16-le", "utf-16-be")
"""Names of encodings of two bytes a character."""
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_OTHER_KINDS = {
    b"\x1f\x8b": ("is packed by gzip, which its name does not say", "let its name end in `.gz`, as `log.jsonl.gz`"),
    b"PK\x03\x04": ("is an archive or a spreadsheet, which its name does not say", "unpack it; save a sheet as CSV"),
    b"PAR1": ("is a Parquet file, which its name does not say", "let its name end in `.parquet`"),
}
"""How files of bytes begin that are no text."""
_CHUNK = 1 << 16
_PIPED = "a log is a file that stays, and the ending of its name says what it is: write it to one, as log.jsonl"


def said(wrong: BaseException) -> str:
    """What the system said, without the path that the user knows already."""
    text = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    text = text.splitlines()[0] if text else type(wrong).__name__
    return text[:1].lower() + text[1:120]


@contextmanager
def opened(path: Path, encoding: str = "utf-8") -> Iterator[tuple[BinaryIO, str]]:
    """The file's bytes, unpacked, and whether they are JSON lines, CSV or Parquet. Raises ``Unusable``.

    What is UTF-16, by its first bytes or because ``encoding`` says so, is given as UTF-8.
    Nothing is unpacked in memory. Parquet must be read back and forth, so where it is packed it is
    unpacked into a temporary file.
    """
    with ExitStack() as stack:
        name = path.name.lower()
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise Unusable("is a pipe or a device, which can be read only once", _PIPED)
        try:
            stream: BinaryIO = stack.enter_context(path.open("rb"))
            if name.endswith(".zip"):
                stream, name = _only_member(stack, stream)
            if name.endswith(".gz"):
                stream, name = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=stream))), name[:-3]
        except DAMAGE as wrong:
            raise Unusable(f"cannot be opened: {said(wrong)}", _PIPED if path.name == "-" else None) from None
        kind = _KINDS.get(Path(name).suffix)
        if kind is None:
            known = ", ".join(_KINDS)
            sheet = "save the sheet as CSV; " if name.endswith(_SPREADSHEETS) else ""
            raise Unusable("is of no kind that is read", f"{sheet}read are {known}, also as .gz or in a .zip")
        if kind is PARQUET and name != path.name.lower():
            packed, stream = stream, stack.enter_context(TemporaryFile())
            shutil.copyfileobj(packed, stream)
            stream.seek(0)
        yield stream if kind is PARQUET else _of_one_byte(stream, encoding), kind


def _only_member(stack: ExitStack, stream: BinaryIO) -> tuple[BinaryIO, str]:
    """The one file in an archive and its name; folders and what macOS adds are not counted."""
    archive = stack.enter_context(zipfile.ZipFile(stream))
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise Unusable(f"holds {len(members)} files", "put exactly one event file into it")
    if members[0].flag_bits & 1:
        raise Unusable("is locked with a password", "unpack it first")
    return cast(BinaryIO, stack.enter_context(archive.open(members[0]))), members[0].filename.lower()


def _of_one_byte(stream: BinaryIO, encoding: str) -> BinaryIO:
    """The same stream, or one of UTF-8 where it is UTF-16. Raises ``Unusable`` where it is not what is said."""
    start = cast(io.BufferedReader, stream).peek(4)[:4]
    if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise Unusable("is UTF-32, which is not read", "save it as UTF-8")
    for beginning, (what, help) in _OTHER_KINDS.items():
        if start.startswith(beginning):
            raise Unusable(what, help)
    marked = _MARKS.get(start[:2])
    if marked is None and encoding not in UTF_16:
        return stream
    if encoding not in ("utf-8", "utf-16", marked or encoding):
        raise Unusable(f"begins as {marked} does, and the mapping says `{encoding}`", f'say `encoding = "{marked}"`')
    if marked is None and encoding == "utf-16" and start:
        help = 'say `encoding = "utf-16-le"`, as Windows writes it, or `"utf-16-be"`'
        raise Unusable("has no mark at its beginning that says in which order UTF-16 puts its bytes", help)
    if marked is not None:
        stream.read(2)
    return cast(BinaryIO, io.BufferedReader(_Narrowed(stream, marked or encoding), _CHUNK))


class _Narrowed(io.RawIOBase):
    """A stream of UTF-16 as UTF-8; what is half a character stays one, which no UTF-8 has, so that its line is told."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._held, self._ended = stream, b"", False
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held and not self._ended:
            raw = self._stream.read(_CHUNK)
            self._held = self._decoder.decode(raw).encode("utf-8", "surrogatepass")
            if not raw:
                self._ended, self._held = True, b"\xff" * bool(self._decoder.getstate()[0])
        room = memoryview(buffer).cast("B")
        size = min(len(room), len(self._held))
        room[:size], self._held = self._held[:size], self._held[size:]
        return size
