"""Values whose places in a file's bytes are known, and the columns that they make."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import frozen

from slarules.readers.columns.text import Bytes, Integers, Truths
from slarules.readers.columns.times import TIME
from slarules.readers.columns.values import ESCAPED, TEXT, integers, numbered, texts, zulu_times

_NEAR = 64
"""Values that are found at once when they come again."""


@frozen(eq=False)
class Found:
    """Rows, and where each value of theirs stands."""

    data: Bytes
    """The rows' bytes."""
    words: Any
    """The same as words: see ``words``."""
    kinds: npt.NDArray[np.uint8]
    """[column, row] → what the value is: see ``values``."""
    starts: npt.NDArray[np.int32]
    """Where it begins; of a text, behind the quotation mark."""
    sizes: npt.NDArray[np.int32]
    """How many bytes it has; a text without its quotation marks."""
    odd: Truths
    """[row] → whether it is to be read by itself."""
    begins: Integers
    """Where each row begins, and the last ends."""
    lines: Integers
    """The number of the line on which each begins."""
    doubled: bool
    """Whether the only escape in texts is a doubled quotation mark; else they are JSON's."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.odd)

    def text(self, column: int, chosen: Truths) -> pa.Array:
        """A column's text in the rows that are chosen, all of which have one; else null."""
        return self._texts(self.starts[column], self.sizes[column], self.kinds[column], chosen)

    def raw(self, column: int, chosen: Truths) -> pa.Array:
        """A column's value as it is written, in the rows that are chosen; else null."""
        kinds = self.kinds[column]
        marks = ((kinds == TEXT) | (kinds == ESCAPED)).astype(np.int32)
        starts, sizes = self.starts[column] - marks, self.sizes[column] + 2 * marks
        return self._texts(starts, sizes, np.full(self.count, TEXT, np.uint8), chosen)

    def _texts(self, starts: Any, sizes: Any, kinds: Any, chosen: Truths) -> pa.Array:
        room = int(sizes.sum(where=chosen))
        offsets, out = np.empty(len(starts) + 1, np.int32), np.empty(room + 16, np.uint8)
        out_words = np.ndarray((room + 8,), "<u8", out.data, 0, (1,))
        size = texts(
            self.data, self.words, starts, sizes, kinds, chosen, self.doubled, offsets, out, out_words
        )
        mask = None if chosen.all() else pa.py_buffer(np.packbits(chosen, bitorder="little"))
        return pa.Array.from_buffers(pa.string(), len(starts), [mask, pa.py_buffer(offsets), pa.py_buffer(out[:size])])

    def coded(self, column: int, chosen: Truths) -> pa.Array:
        """A column's text, dictionary-coded where its values repeat."""
        kinds, starts, sizes = self.kinds[column], self.starts[column], self.sizes[column]
        if ((kinds == ESCAPED) & chosen).any():
            return self.text(column, chosen)
        most = max(self.count // 2, 1)
        heads = np.full(1 << (2 * most - 1).bit_length(), -1, np.int32)
        codes, firsts = np.empty(self.count, np.int32), np.empty(most, np.int32)
        near, told = np.zeros((_NEAR, 2), np.uint64), np.full((_NEAR, 2), -1, np.int64)
        count = numbered(self.data, self.words, starts, sizes, chosen, most, heads, codes, firsts, near, told)
        if count < 0:
            return self.text(column, chosen)
        first = firsts[:count]
        names = self._texts(starts[first], sizes[first], kinds[first], np.ones(count, np.bool_))
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=None if chosen.all() else ~chosen), names)

    def times(self, column: int, chosen: Truths) -> pa.Array:
        """A column of times; text where some are not written in the one way that is read at once."""
        instants = np.zeros(self.count, np.int64)
        if not zulu_times(self.words, self.starts[column], self.sizes[column], chosen, instants):
            return self.text(column, chosen)
        return pa.array(instants, mask=None if chosen.all() else ~chosen).cast(TIME)

    def integers(self, column: int, chosen: Truths) -> pa.Array:
        """A column's whole number in the rows that are chosen, all of which have one; else null."""
        values = np.zeros(self.count, np.int64)
        integers(self.data, self.starts[column], self.sizes[column], chosen, values)
        return pa.array(values, pa.int64(), mask=None if chosen.all() else ~chosen)

    def by_itself(self, row: int) -> tuple[int, bytes]:
        """The line of a row and its bytes, with any blank lines that follow it."""
        return int(self.lines[row]), self.data[self.begins[row] : self.begins[row + 1]].tobytes()
