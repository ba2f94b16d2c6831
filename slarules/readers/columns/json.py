"""JSON lines in columns: a stretch of lines is looked at as a whole, and the lines that are not plain one by one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import frozen

from slarules.readers.columns.blocks import Buffered
from slarules.readers.columns.found import Found
from slarules.readers.columns.keys import Keys
from slarules.readers.columns.scan import DEPTH, NEW_KEY, PLAIN, scan
from slarules.readers.columns.text import Integers
from slarules.readers.columns.values import ABSENT, ESCAPED, INTEGER, NULL, OBJECT, TEXT
from slarules.readers.columns.words import how_many, words_of
from slarules.readers.jsonl import decode, json_rows
from slarules.readers.lines import LIMIT
from slarules.readers.rejects import Rejected, Tally
from slarules.readers.rows import Cell, Cells

_SAMPLES = 30
"""Lines with new keys that are learnt from before all are looked at again."""


@frozen(eq=False)
class Scanned:
    """Lines of which it is known where each value stands."""

    found: Found
    """Where: a column for each key."""
    keys: Keys
    """The keys that they have."""


def stretches(source: Buffered) -> Iterator[Scanned]:
    """The file's lines, in order; keys are learnt on the way."""
    keys = Keys()
    while not source.at_end:
        content, line = source.lines(), source.line
        if not content:  # a line longer than may be read
            content = source.readline(LIMIT + 2)
            while not content.endswith(b"\n") and source.readline(1 << 16)[-1:] not in (b"\n", b""):
                pass
        else:
            source.move_on(len(content), how_many(np.frombuffer(content, np.uint8), 10))
        looked = _scanned(content, line, keys)
        keys = looked.keys
        yield looked


def _scanned(content: bytes, line: int, keys: Keys) -> Scanned:
    """Where each value of the lines stands; keys not known before are learnt."""
    count = how_many(np.frombuffer(content, np.uint8), 10) + (not content.endswith(b"\n"))
    ascii_only = not content.isascii() and not _is_utf8(content)
    while True:
        found, states = _scan(content, line, keys, count, ascii_only)
        new = np.flatnonzero(states == NEW_KEY)
        more = deepcopy(keys) if new.size else keys  # those of earlier lines may be in use
        if not sum(more.learn(found.by_itself(place)[1]) for place in new[:_SAMPLES].tolist()):
            return Scanned(found, keys)
        keys = more


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _scan(
    content: bytes, line: int, keys: Keys, count: int, ascii_only: bool
) -> tuple[Found, npt.NDArray[np.uint8]]:
    shape = (len(keys.names), count)
    kinds, starts, sizes = np.zeros(shape, np.uint8), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    data = np.frombuffer(content, np.uint8)
    words = words_of(data)
    states, begins = np.zeros(count, np.uint8), np.full(count + 1, len(data), np.int64)
    above = np.zeros(DEPTH + 1, np.int64)
    rows = scan(data, words, ascii_only, LIMIT, *keys.arrays(), above, kinds, starts, sizes, states, begins)
    assert rows == count
    odd = states != PLAIN
    if odd.any():
        kinds[:, odd] = ABSENT
    numbers = np.arange(line, line + count)
    return Found(data, words, kinds, starts, sizes, odd, begins, numbers, doubled=False), states


# ---- Lines as rows of a table, for a mapping --------------------------------------------------------------------


class JsonBatch:
    """Lines whose objects are rows: a column is a key, or several joined by dots where objects stand inside objects."""

    def __init__(self, lines: Scanned, headings: Sequence[str], texts: Iterable[str]) -> None:
        self._found, self._headings = lines.found, headings
        self.odd = lines.found.odd.copy()
        """Lines that must be read one by one."""
        self.lines = lines.found.lines
        """The number of each."""
        self._keys: dict[str, int] = {}
        for key, path in enumerate(lines.keys.paths[1:], 1):
            name = ".".join(path)
            if self._keys.setdefault(name, key) != key:  # `{"a.b": 1, "a": {"b": 2}}`
                self.odd |= lines.found.kinds[key] != ABSENT
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
            line, content = self._found.by_itself(place)
            for row in json_rows(io.BytesIO(content), self._headings, Tally(), line):
                yield place, row
