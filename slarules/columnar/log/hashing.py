"""Names as numbers of 64 bits, a column at a time, so that a hundred million ids can be compared in little memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

U64 = np.ndarray[Any, np.dtype[np.uint64]]

_SEED, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_HALF, _UPPER = np.uint64(32), np.uint64(29)
_AT_ONCE = 16_384
"""Texts hashed at once: what is at work stays in the processor's cache."""
_MASKS = np.array([0, *((1 << (8 * n)) - 1 for n in range(1, 9))], np.uint64)


def hashes(column: pa.ChunkedArray | pa.Array) -> U64:
    """A number for each text of a column without nulls; the same on every machine, run and Python."""
    found, at = np.empty(len(column), np.uint64), 0
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        names = hashes(chunk.dictionary) if pa.types.is_dictionary(chunk.type) else None
        for start in range(0, len(chunk), _AT_ONCE):
            some = chunk.slice(start, _AT_ONCE)
            own = _of_texts(some) if names is None else names[some.indices.to_numpy(zero_copy_only=False)]
            found[at : at + len(own)] = own
            at += len(own)
    return found


def hash_of(text: str) -> int:
    """The number that ``hashes`` gives one text."""
    return int(hashes(pa.array([text], pa.string()))[0])


def combined(one: U64, other: U64) -> U64:
    """A number for each pair; (a, b) and (b, a) differ."""
    return _mixed(_mixed(one + _SEED) ^ other)


def _of_texts(texts: pa.Array) -> U64:
    """Of as many texts as are hashed at once."""
    texts = texts.cast(pa.large_string())
    _, ends, data = texts.buffers()
    offsets = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    padded = np.zeros(last - first + 8, np.uint8)
    if last > first:
        padded[: last - first] = np.frombuffer(data, np.uint8)[first:last]
    words = np.ndarray((last - first + 1,), "<u8", buffer=padded.data, strides=(1,))
    return _of_words(words, offsets[:-1] - first, np.diff(offsets))


def _of_words(words: U64, starts: Any, lengths: Any) -> U64:
    """Eight bytes of every text at a time; those that are done drop out."""
    found: U64 = lengths.astype(np.uint64) * _SEED
    live = None if lengths.size and lengths.min() > 0 else np.flatnonzero(lengths > 0)
    while live is None or len(live):
        if live is None:
            found = _stirred(found, words[starts] & _MASKS[np.minimum(lengths, 8)])
            starts, lengths = starts + 8, lengths - 8
            live = None if lengths.min() > 0 else np.flatnonzero(lengths > 0)
        else:
            found[live] = _stirred(found[live], words[starts[live]] & _MASKS[np.minimum(lengths[live], 8)])
            starts, lengths = starts + 8, lengths - 8
            live = live[lengths[live] > 0]
    return _mixed(found)


def _stirred(found: U64, piece: U64) -> U64:
    found = (found ^ piece) * _FIRST
    return found ^ (found >> _UPPER)


def _mixed(numbers: U64) -> U64:
    numbers = (numbers ^ (numbers >> _HALF)) * _SECOND
    return numbers ^ (numbers >> _UPPER)
