"""A file's bytes looked at eight at a time: which of them are wanted, and where the first of those stands.

A word holds eight bytes that follow each other, the first of them lowest. A mark is the highest bit of a byte.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from slarules.readers.columns.compiled import compiled, small

LOW = np.uint64(0x7F7F7F7F7F7F7F7F)
TOPS = np.uint64(0x8080808080808080)
"""The highest bit of each byte."""
_ONES = np.uint64(0x0101010101010101)
_ONE, _EIGHT, _SIXTEEN, _HALF, _FIFTEEN = (np.uint64(n) for n in (1, 8, 16, 32, 15))
MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
"""So many of a word's lowest bytes."""


def every(byte: int) -> np.uint64:
    """A word of eight such bytes."""
    return np.uint64(byte * 0x0101010101010101)


def words_of(data: Any) -> Any:
    """The word that begins at each byte, but for the last seven."""
    return np.ndarray((max(len(data) - 7, 0),), "<u8", data, 0, (1,))


@compiled
def how_many(data: Any, byte: int) -> int:
    """How many bytes are this one."""
    count = 0
    for n in range(len(data)):
        count += data[n] == byte
    return count


@small
def same_bytes(word: Any, pattern: Any) -> Any:
    """Marks the bytes that are as the pattern's."""
    other = word ^ pattern
    return ~(((other & LOW) + LOW) | other | LOW)


@small
def bytes_below(word: Any, gap: Any) -> Any:
    """Marks the bytes below one that, with ``gap`` added, reaches 128."""
    return ~(((word & LOW) + gap) | word | LOW)


@small
def before_first(marks: Any) -> Any:
    """How many bytes stand before the first that is marked; there is one."""
    lowest = marks & (~marks + _ONE)
    found = (lowest - _ONE) & _ONES
    found += found >> _EIGHT
    found += found >> _SIXTEEN
    found += found >> _HALF
    return np.int64(found & _FIFTEEN) - 1
