"""JSON lines in columns: a stretch of lines is looked at as a whole, and the lines that are not plain one by one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import frozen

from slarules.readers.columns.blocks import Buffered
from slarules.readers.columns.keys import Keys
from slarules.readers.columns.scan import (
    ABSENT,
    ESCAPED,
    INTEGER,
    NEW_KEY,
    NULL,
    OBJECT,
    PLAIN,
    TEXT,
    copied,
    integers,
    scan,
    texts,
)
from slarules.readers.columns.text import Bytes, Integers, Truths
from slarules.readers.jsonl import decode, json_rows
from slarules.readers.lines import LIMIT
from slarules.readers.rejects import Rejected, Tally
from slarules.readers.rows import Cell, Cells

_SAMPLES = 30
"""Lines of each stretch from which keys are learnt beforehand."""


@frozen(eq=False)
class Lines:
    """Whole lines of the file."""

    content: bytes
    """As they stand there."""
    line: int
    """The number of the first."""
    keys: Keys
    """The keys learnt up to here."""


@frozen(eq=False)
class Scanned:
    """Lines of which it is known where each value stands."""

    data: Bytes
    """The lines' bytes."""
    keys: Keys
    """The keys that they have."""
    kinds: npt.NDArray[np.uint8]
    """What the value of each key is in each line: see ``scan``."""
    starts: npt.NDArray[np.int32]
    """Where it begins."""
    sizes: npt.NDArray[np.int32]
    """How many bytes it has."""
    odd: Truths
    """Lines that are read one by one."""
    begins: Integers
    """Where each line begins, and the last ends."""
    line: int
    """The number of the first line."""

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.odd)

    def text(self, key: int, chosen: Truths) -> pa.Array:
        """A key's text in the lines that are chosen, all of which have one; else null."""
        kinds, starts, sizes = self.kinds[key], self.starts[key], self.sizes[key]
        offsets = np.empty(self.count + 1, np.int32)
        out = np.empty(int(sizes[chosen].sum()), np.uint8)
        size = texts(self.data, starts, sizes, kinds, chosen, offsets, out)
        return _string_array(offsets, out[:size], chosen)

    def raw(self, key: int, chosen: Truths) -> pa.Array:
        """A key's value as it is written, in the lines that are chosen; else null."""
        offsets = np.empty(self.count + 1, np.int32)
        out = np.empty(int(self.sizes[key][chosen].sum()), np.uint8)
        size = copied(self.data, self.starts[key], self.sizes[key], chosen, offsets, out)
        return _string_array(offsets, out[:size], chosen)

    def integers(self, key: int, chosen: Truths) -> pa.Array:
        """A key's whole number in the lines that are chosen, all of which have one; else null."""
        values = np.zeros(self.count, np.int64)
        integers(self.data, self.starts[key], self.sizes[key], chosen, values)
        return pa.array(values, pa.int64(), mask=~chosen)

    def one_by_one(self, place: int) -> tuple[int, io.BytesIO]:
        """A line by itself: its number, and a file of nothing else."""
        content = self.data[self.begins[place] : self.begins[place + 1]].tobytes()
        return self.line + place, io.BytesIO(content)


def _string_array(offsets: Any, out: Bytes, chosen: Truths) -> pa.Array:
    mask = None if chosen.all() else pa.py_buffer(np.packbits(chosen, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), len(chosen), [mask, pa.py_buffer(offsets), pa.py_buffer(out)])


def stretches(source: Buffered) -> Iterator[Lines]:
    """The file's lines, in order; keys are learnt on the way."""
    keys = Keys()
    while not source.at_end:
        content, line = source.lines(), source.line
        if not content:  # a line longer than may be read
            content = source.readline(LIMIT + 2)
            while not content.endswith(b"\n") and source.readline(1 << 16)[-1:] not in (b"\n", b""):
                pass
        else:
            source.move_on(len(content), int(np.count_nonzero(np.frombuffer(content, np.uint8) == 10)))
        keys = deepcopy(keys)  # those of earlier lines may be in use
        for some in _samples(content):
            keys.learn(some)
        yield Lines(content, line, keys)


def _samples(content: bytes) -> Iterator[bytes]:
    """Some lines from all over."""
    for start in range(0, len(content), max(len(content) // _SAMPLES, 1) + 1):
        begin = content.find(b"\n", start) + 1 if start else 0
        end = content.find(b"\n", begin)
        yield content[begin : end if end >= 0 else len(content)][:LIMIT]


def scanned(lines: Lines) -> Scanned:
    """Where each value of the lines stands; keys not known before are learnt."""
    data = np.frombuffer(lines.content, np.uint8)
    count = int(np.count_nonzero(data == 10)) + (not lines.content.endswith(b"\n"))
    ascii_only = not lines.content.isascii() and not _is_utf8(lines.content)
    keys = lines.keys
    while True:
        found, states = _scan(data, keys, count, ascii_only, lines.line)
        new = np.flatnonzero(states == NEW_KEY)
        more = deepcopy(keys) if new.size else keys
        some = [lines.content[found.begins[place] : found.begins[place + 1]] for place in new[:_SAMPLES].tolist()]
        if not sum(more.learn(line) for line in some):
            return found
        keys = more


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _scan(data: Bytes, keys: Keys, count: int, ascii_only: bool, line: int) -> tuple[Scanned, npt.NDArray[np.uint8]]:
    shape = (len(keys.names), count)
    kinds, starts, sizes = np.zeros(shape, np.uint8), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    states, begins = np.zeros(count, np.uint8), np.full(count + 1, len(data), np.int64)
    rows = scan(data, ascii_only, LIMIT, *keys.arrays(), kinds, starts, sizes, states, begins)
    assert rows == count
    odd = states != PLAIN
    if odd.any():
        kinds[:, odd] = ABSENT
    return Scanned(data, keys, kinds, starts, sizes, odd, begins, line), states


# ---- Lines as rows of a table, for a mapping --------------------------------------------------------------------


class JsonBatch:
    """Lines whose objects are rows: a column is a key, or several joined by dots where objects stand inside objects."""

    def __init__(self, found: Scanned, headings: Sequence[str], texts: Iterable[str]) -> None:
        self._found, self._headings = found, headings
        self.odd = found.odd.copy()
        """Lines that must be read one by one."""
        self.lines = np.arange(found.line, found.line + found.count)
        """The number of each."""
        self._keys: dict[str, int] = {}
        for key, path in enumerate(found.keys.paths[1:], 1):
            name = ".".join(path)
            if self._keys.setdefault(name, key) != key:  # `{"a.b": 1, "a": {"b": 2}}`
                self.odd |= found.kinds[key] != ABSENT
        self.columns = {name: self._column(name) for name in texts}
        """The headings that are wanted as text: text, or whole numbers where all are."""

    def _column(self, heading: str) -> pa.Array:
        key, found = self._keys.get(heading), self._found
        if key is None:
            return pa.nulls(found.count, pa.string())
        kinds = found.kinds[key]
        text, integer = (kinds == TEXT) | (kinds == ESCAPED), (kinds == INTEGER) & ~self.odd
        wanted = integer if integer.any() and not (text & ~self.odd).any() else text
        self.odd |= ~(wanted | (kinds == ABSENT) | (kinds == NULL) | (kinds == OBJECT))
        wanted &= ~self.odd
        return found.integers(key, wanted) if wanted is integer else found.text(key, wanted)

    def distinct(self, heading: str) -> tuple[list[Cell], Integers]:
        """The different cells of a heading, and which of them each row has."""
        key, found = self._keys.get(heading), self._found
        if key is None:
            return [None], np.zeros(found.count, np.int64)
        kinds = np.where(self.odd, ABSENT, found.kinds[key])
        written = found.raw(key, (kinds != ABSENT) & (kinds != OBJECT)).dictionary_encode()
        cells = [decode(f'{{"":{text}}}')[""] for text in written.dictionary.to_pylist()]
        return [*cells, None], written.indices.cast(pa.int64()).fill_null(len(cells)).to_numpy(zero_copy_only=False)

    def rows(self, places: Integers) -> Iterator[tuple[int, Cells | Rejected]]:
        """The rows of the lines at ``places``, each with its place; a blank line is none."""
        for place in places.tolist():
            line, content = self._found.one_by_one(place)
            for row in json_rows(content, self._headings, Tally(), line):
                yield place, row
