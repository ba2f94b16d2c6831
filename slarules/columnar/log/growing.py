"""Columns that grow while a log comes in, each in one piece of memory: nothing is kept twice, or copied at the end."""

from __future__ import annotations

import mmap
import sys
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa

from slarules.readers.columns.text import present

_SMALL = 1 << 20
"""Up to so many bytes a column has little more room than it needs."""
_LARGE = 64 << 20
"""Bytes that a larger one has room for, in large pages: what is not written to takes no memory, and each page time."""
_LONGEST = (1 << 31) - 1
"""Bytes of text that Arrow holds in one piece."""


class Numbers:
    """Numbers of one type. What comes first is kept as it is, and only copied when more comes."""

    def __init__(self, kind: Any) -> None:
        self.kind = np.dtype(kind)
        self.many = 0
        self._memory: mmap.mmap | None = None
        self._held: Any = np.empty(0, self.kind)

    def add(self, numbers: Any) -> None:
        """Puts numbers behind those that are there."""
        if self._memory is None and self.many == 0 and numbers.dtype == self.kind:
            self._held, self.many = numbers, len(numbers)
        else:
            self.room(len(numbers))[:] = numbers

    def room(self, more: int) -> Any:
        """The place behind those that are there for so many more, to be written to before anything else is done."""
        before, self.many = self.many, self.many + more
        if self._memory is None or self.many > len(self._held):
            self._grow(before)
        return self._held[before : self.many]

    def numbers(self) -> Any:
        """All of them."""
        return self._held[: self.many]

    def _grow(self, before: int) -> None:
        """Room for twice as many."""
        size = max(4096, 2 * self.many * self.kind.itemsize)
        size = size if size <= _SMALL else max(size, _LARGE)
        known, self._held = self._held, None
        if self._memory is None:
            self._memory = _memory(size)
        else:
            known = None  # it is part of what grows
            self._memory = _larger(self._memory, size)
        self._held = np.frombuffer(self._memory, self.kind, size // self.kind.itemsize)
        if known is not None:
            self._held[:before] = known[:before]


def _memory(size: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, size)
    found = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if size >= _LARGE and hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # the system has none
            found.madvise(mmap.MADV_HUGEPAGE)
    return found


def _larger(memory: mmap.mmap, size: int) -> mmap.mmap:
    """More memory that begins with what is there."""
    if len(memory) >= _LARGE:
        try:
            memory.resize(size)
            return memory
        except (SystemError, OSError, ValueError):  # not every system can move memory
            pass
    found = _memory(size)
    np.frombuffer(found, np.uint8, len(memory))[:] = np.frombuffer(memory, np.uint8)
    return found


class Moments:
    """Instants or counts, of which some may be missing."""

    def __init__(self, kind: pa.DataType) -> None:
        self.kind = kind
        self._numbers, self._there = Numbers(np.int64), Numbers(bool)

    @property
    def many(self) -> int:
        """How many there are, with those that are missing."""
        return self._numbers.many

    def add(self, column: pa.Array) -> None:
        """Puts a column behind what is there."""
        self._there.add(present(column))
        numbers = column.cast(pa.int64())
        self._numbers.add((numbers.fill_null(0) if numbers.null_count else numbers).to_numpy())

    def nothing(self, many: int) -> None:
        """So many are missing."""
        self._there.room(many)[:] = False
        self._numbers.room(many)[:] = 0

    def column(self) -> pa.Array:
        """All of them."""
        there = self._there.numbers()
        mask = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
        return pa.Array.from_buffers(self.kind, self.many, [mask, pa.py_buffer(self._numbers.numbers())])


class Texts:
    """Texts that are mostly different; none is null."""

    def __init__(self) -> None:
        self._full: list[pa.Array] = []
        self._begin()

    def _begin(self) -> None:
        self._size = 0
        self._one: pa.Array | None = None
        self._ends, self._bytes = Numbers(np.int32), Numbers(np.uint8)

    def add(self, texts: pa.Array) -> None:
        """Puts a column behind what is there."""
        ends = _ends(texts)
        size = int(ends[-1]) - int(ends[0])
        if self._size and self._size + size > _LONGEST:
            self._full.append(self._whole())
            self._begin()
        self._size += size
        if self._one is None and not self._ends.many:
            self._one = texts
            return
        if self._one is not None:
            one, self._one = self._one, None
            self._ends.room(1)[:] = 0
            self._copied(one)
        self._copied(texts)

    def _copied(self, texts: pa.Array) -> None:
        if not len(texts):
            return
        offsets, data = _ends(texts), texts.buffers()[2]
        first, last = int(offsets[0]), int(offsets[-1])
        np.add(offsets[1:], np.int32(self._bytes.many - first), out=self._ends.room(len(texts)))
        if last > first:
            self._bytes.room(last - first)[:] = np.frombuffer(data, np.uint8)[first:last]

    def _whole(self) -> pa.Array:
        if self._one is not None:
            return self._one
        if not self._ends.many:
            return pa.array([], pa.string())
        parts = [None, pa.py_buffer(self._ends.numbers()), pa.py_buffer(self._bytes.numbers())]
        return pa.Array.from_buffers(pa.string(), self._ends.many - 1, parts)

    def column(self) -> pa.ChunkedArray:
        """All of them, in one piece unless they are too long for that."""
        return pa.chunked_array([*self._full, self._whole()], pa.string())


def _ends(texts: pa.Array) -> Any:
    """Where each text begins, and the last ends."""
    if not len(texts):
        return np.zeros(1, np.int32)
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
