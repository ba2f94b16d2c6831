"""A file's bytes in large blocks that end where a line ends, however long its lines are."""

from __future__ import annotations

from typing import BinaryIO

BLOCK = 8 << 20
"""Bytes that are looked at together."""


class Buffered:
    """A stream read in large blocks, or by the line where need be.

    Of a packed file that breaks off, a reader of single lines gives what stood before, up to what it had unpacked
    ahead. So a block is given only after the next could be read, and then nothing is given that such a
    reader would not.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held, self._at = b"", 0
        self._rest = b""
        self._next = stream.read(BLOCK)
        self.line = 1
        """The number of the line that comes next."""

    def lines(self) -> bytes:
        """Whole lines that come next, about a block of them, without moving on; empty where one is longer than that.

        At the file's end the last line may lack its end.
        """
        while self._more and len(self._held) - self._at < BLOCK // 2:
            self._fill()
        end = self._held.rfind(b"\n") + 1 if self._more else len(self._held)
        return self._held[self._at : end]

    def move_on(self, size: int, lines: int) -> None:
        """Goes on behind so many bytes, which were so many lines."""
        self._at += size
        self.line += lines

    @property
    def is_last(self) -> bool:
        """Whether the lines that come next are all that is left."""
        return not self._more

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        if self._at >= len(self._held) and self._more:
            self._fill()
        return self._at >= len(self._held)

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, or its next ``size`` bytes; empty at the end."""
        while not (end := self._held.find(b"\n", self._at, self._at + size) + 1):
            if not self._more or len(self._held) - self._at >= size:
                end = min(self._at + size, len(self._held))
                break
            self._fill()
        found = self._held[self._at : end]
        self._at = end
        self.line += found.endswith(b"\n")
        return found

    @property
    def _more(self) -> bool:
        return bool(self._rest or self._next)

    def _fill(self) -> None:
        """Holds a block more, up to the end of its last line: what stands there is copied once."""
        end = self._next.rfind(b"\n") + 1 or len(self._next)
        block = memoryview(self._next)
        self._held, self._at = b"".join((memoryview(self._held)[self._at :], self._rest, block[:end])), 0
        self._rest = self._next[end:]
        self._next = self._stream.read(BLOCK)
