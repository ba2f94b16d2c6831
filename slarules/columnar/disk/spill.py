"""A folder for what does not fit into memory: its files are whole or not there, and a full disk is told in words."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from slarules.columnar.disk.budget import CannotJudge
from slarules.whole import locked

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")
"""lz4 takes 0.7 of the time of zstd, for files nearly twice as large: these are there for a while only."""
MARK = ".slarules"
"""A file that says that a folder is one of ours, so that no other is ever emptied."""


_OWN = ".slarules-"
"""How a folder's name begins that goes with its run."""
_ABANDONED = 60.0
"""Seconds after which such a folder that nobody uses is what a killed run left, and not one just made."""


class DiskFull(CannotJudge):
    """There is no room for what must be put on disk."""


class Damaged(CannotJudge):
    """A folder of ours does not hold what was put there."""

    def __init__(self, directory: Path, name: str) -> None:
        super().__init__(
            f"the folder `{directory}` is damaged: `{name}` is not what was put there; bring it back from a copy, or "
            "remove the folder and judge all events again"
        )


@contextmanager
def telling(directory: Path) -> Iterator[None]:
    """Tells a full disk, and a folder that cannot be written, in words. Raises ``CannotJudge``."""
    known, do = directory, "make room, name another folder, or give more memory"
    if directory.name.startswith(_OWN):  # whose name says nothing to anybody
        known, do = directory.absolute().parent, "make room, let the output or TMPDIR be elsewhere, or give more memory"
    try:
        yield
    except OSError as wrong:
        if wrong.errno in FULL or "No space left" in str(wrong):
            raise DiskFull(
                f"the disk of `{known}` is full: what does not fit into memory is kept there while judging; {do}"
            ) from None
        if wrong.filename is not None and Path(os.fsdecode(wrong.filename)).is_relative_to(directory):
            said = (wrong.strerror or str(wrong)).lower()
            raise CannotJudge(f"cannot use the folder `{known}`: {said}") from None
        raise


@contextmanager
def temporary(parent: Path) -> Iterator[Path]:
    """A new folder within ``parent`` that goes when its work is done, has failed or was interrupted.

    Those that killed runs left there go, too.
    """
    with telling(parent):
        parent.mkdir(parents=True, exist_ok=True)
        _clear(parent)
        directory = Path(tempfile.mkdtemp(prefix=_OWN, dir=parent))
    try:
        with held(directory):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _clear(parent: Path) -> None:
    """Removes folders that their runs could not remove."""
    for mark in parent.glob(f"{_OWN}*/{MARK}"):
        with suppress(OSError), mark.open("ab") as file:
            if time.time() - mark.stat().st_mtime > _ABANDONED and locked(file):
                shutil.rmtree(mark.parent, ignore_errors=True)


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """A folder that is ours, and this run's alone. Raises ``CannotJudge``."""
    _claim(directory)
    with telling(directory):
        mark = (directory / MARK).open("ab")
    with mark:
        if not locked(mark) or not _stands(mark.fileno(), directory / MARK):
            raise CannotJudge(f"another run uses `{directory}` now: wait until it is through, or name another folder")
        yield


def _stands(handle: int, path: Path) -> bool:
    """Whether a file that is open still stands at its path."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _claim(directory: Path) -> None:
    """Makes a folder ours; it must be new, empty or ours already. Raises ``CannotJudge``."""
    with telling(directory):
        directory.mkdir(parents=True, exist_ok=True)
        if not (directory / MARK).exists():
            if any(directory.iterdir()):
                raise CannotJudge(f"`{directory}` holds other files: name a folder that is new or empty")
            (directory / MARK).touch()


def emptied(directory: Path, keep: frozenset[str] = frozenset()) -> None:
    """Removes what is in a folder of ours, but for its mark and what is to be kept."""
    for path in directory.iterdir():
        if path.name not in keep and path.name != MARK:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def removed(directory: Path) -> None:
    """Removes a folder of ours with all that is in it."""
    if (directory / MARK).exists():
        shutil.rmtree(directory, ignore_errors=True)


def write_pieces(path: Path, pieces: Iterable[pa.RecordBatch], rows: int) -> None:
    """The pieces of a table, of which there is one, to a file of Arrow in batches of so many rows; whole or not at all.

    A piece, but for the last one, has a multiple of so many rows.
    """
    coming = iter(pieces)
    first = next(coming)
    with (
        whole(path) as beside,
        pa.OSFile(str(beside), "wb") as sink,
        pa.ipc.new_file(sink, first.schema, options=OPTIONS) as writer,
    ):
        for piece in chain([first], coming):
            writer.write_table(pa.Table.from_batches([piece]), max_chunksize=rows)


def write_stream(path: Path, schema: pa.Schema, tables: Iterable[pa.Table], rows: int = 1 << 16) -> Iterator[pa.Table]:
    """Puts tables to a file one after the other as they are asked for, and passes them on; whole or not at all."""
    with (
        whole(path) as beside,
        pa.OSFile(str(beside), "wb") as sink,
        pa.ipc.new_stream(sink, schema, options=OPTIONS) as writer,
    ):
        for table in tables:
            writer.write_table(table.select(schema.names).cast(schema), max_chunksize=rows)
            yield table


def read_stream(path: Path) -> Iterator[pa.Table]:
    """The rows of a file that ``write_stream`` wrote, some at a time; none where there is no file."""
    if not path.exists():
        return
    with pa.OSFile(str(path), "rb") as source, pa.ipc.open_stream(source) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Plain data to a file, whole or not at all."""
    with whole(path) as beside:
        beside.write_text(json.dumps(data, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """What ``write_json`` wrote; None: there is no such file. Raises ``CannotJudge`` where it is damaged."""
    if not path.exists():
        return None
    try:
        with telling(path.parent):
            data = json.loads(path.read_text("utf-8"))
    except ValueError as wrong:
        if isinstance(wrong, CannotJudge):
            raise
        raise Damaged(path.parent, path.name) from None
    if not isinstance(data, dict):
        raise Damaged(path.parent, path.name)
    return data


def sizes_of(paths: Iterable[Path]) -> dict[str, int]:
    """How long files are, by name, for ``unharmed``."""
    return {path.name: path.stat().st_size for path in paths}


def unharmed(directory: Path, sizes: Mapping[str, int]) -> None:
    """Raises ``Damaged`` where a file of a folder is gone or cut off: verdicts on what is left would be wrong."""
    for name, size in sizes.items():
        path = directory / name
        if not path.is_file() or path.stat().st_size != size:
            raise Damaged(directory, name)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file that then stands at ``path``."""
    beside = path.with_name(f"{path.name}.part")
    with telling(path.parent):
        try:
            yield beside
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
