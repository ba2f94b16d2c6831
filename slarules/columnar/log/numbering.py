"""Values that repeat, each by a number that stands for it: piece by piece while a log comes in, at its end over all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.log.growing import Numbers
from slarules.columnar.log.hashing import hashes
from slarules.readers.columns.text import present

_FEW = 1 << 16
"""Names that Arrow tells apart as quickly as we do."""
_MANY = 1 << 22
"""Values that wait, at the least, before those of all pieces are told apart: what waits takes memory, and telling them
apart takes time."""
_AT_ONCE = 1 << 16
"""Codes put in place of others at once: what is at work stays in the processor's cache."""
_WIDTHS = (np.int8, np.int16, np.int32)


class Names:
    """Values that repeat, each by the number that stands for it."""

    def __init__(self) -> None:
        self.kind: pa.DataType | None = None
        """Of the values; None while there is none."""
        self._codes = Numbers(np.int8)
        self._pieces: list[tuple[int, pa.Array]] = []
        """(Row, the values by the codes that stand from there on)."""
        self._apart = 0
        """How many values the pieces have that came since they were told apart."""

    @property
    def many(self) -> int:
        """How many rows there are."""
        return self._codes.many

    def add(self, column: pa.Array) -> None:
        """Puts a column, coded or not, behind what is there; its values are of the same kind."""
        if column.null_count == len(column):
            self.nothing(len(column))
            return
        column = coded(column)
        values, codes = column.dictionary, column.indices
        self.kind = values.type
        self._widen(len(values))
        if not self._pieces or not (self._pieces[-1][1] is values or self._pieces[-1][1].equals(values)):
            self._apart += len(values)
            if self._apart > max(_MANY, 2 * len(self._pieces[0][1]) if self._pieces else 0):
                self._told_apart()
            self._pieces.append((self.many, values))
        own = np.frombuffer(codes.buffers()[1], codes.type.to_pandas_dtype())[codes.offset : codes.offset + len(codes)]
        if codes.null_count:
            own = own.astype(self._codes.kind) | (present(codes).view(np.int8) - np.int8(1))
        self._codes.add(own)

    def nothing(self, many: int) -> None:
        """So many rows are null."""
        self._codes.room(many)[:] = -1

    def finished(self) -> tuple[Any, pa.Array]:
        """[row] → the code of its value, -1 for null; and the values by code, each once. Nothing is added after."""
        if not self._pieces:
            return self._codes.numbers(), pa.array([], self.kind or pa.string())
        if len(self._pieces) == 1 and _different(self._pieces[0][1]):
            return self._codes.numbers(), self._pieces[0][1]
        return self._told_apart()

    def _told_apart(self) -> tuple[Any, pa.Array]:
        """All pieces as one, each value once in the order in which they first came."""
        new, values = _together([values for _, values in self._pieces])
        self._widen(len(values))
        codes, at = self._codes.numbers(), 0
        if not codes.flags.writeable:
            codes = codes.copy()
        ends = [*(row for row, _ in self._pieces[1:]), len(codes)]
        for (row, own), end in zip(self._pieces, ends, strict=True):
            _put(codes[row:end], np.append(new[at : at + len(own)], -1).astype(codes.dtype))
            at += len(own)
        self._pieces, self._apart = [(0, values)], 0
        return codes, values

    def _widen(self, values: int) -> None:
        """Room in each code for so many values."""
        kind = self._codes.kind
        wanted = next(one for one in _WIDTHS if values <= np.iinfo(one).max)
        if np.dtype(wanted).itemsize > kind.itemsize:
            narrow, self._codes = self._codes, Numbers(wanted)
            if narrow.many:
                self._codes.add(narrow.numbers().astype(wanted))


def _put(codes: Any, new: Any) -> None:
    """Other codes in place of those there are; the last of ``new`` is for -1."""
    if (new[:-1] == np.arange(len(new) - 1)).all():
        return
    for start in range(0, len(codes), _AT_ONCE):
        own = codes[start : start + _AT_ONCE]
        own[:] = new[own]


def _different(values: pa.Array) -> bool:
    """Whether each value is there once."""
    if len(values) < 2 or pa.types.is_nested(values.type):
        return True
    if pa.types.is_string(values.type) and pc.all(pc.less(values[:-1], values[1:])).as_py():
        return True
    return bool(pc.count_distinct(values).as_py() == len(values))


def coded(column: pa.Array) -> pa.DictionaryArray:
    """A column by codes, in the order in which its values first come."""
    if pa.types.is_dictionary(column.type):
        return column
    if not pa.types.is_nested(column.type):
        return column.dictionary_encode()
    place: dict[Any, int] = {}
    codes = np.full(len(column), -1, np.int32)
    there = np.flatnonzero(present(column))
    lists = column.take(pa.array(there)).to_pylist()
    codes[there] = [place.setdefault(tuple(own), len(place)) for own in lists]
    values = pa.array([list(own) for own in place], column.type)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), values)


def _together(pieces: list[pa.Array]) -> tuple[Any, pa.Array]:
    """[value of one piece, then of the next …] → its code; and the values by code, in the order in which they come."""
    every = pa.concat_arrays(pieces)
    if len(every) > _FEW and pa.types.is_string(every.type):
        found = _by_hash(every)
        if found is not None:
            return found
    whole = coded(every)
    return whole.indices.to_numpy(), whole.dictionary


def _by_hash(names: pa.Array) -> tuple[Any, pa.Array] | None:
    """The same for many names, in a third of the time and memory; None where two names have one hash."""
    numbers = hashes(names)
    order = np.argsort(numbers)
    numbers = numbers[order]
    new = np.ones(len(order), bool)
    new[1:] = numbers[1:] != numbers[:-1]
    del numbers
    again = np.flatnonzero(~new)
    one, other = (names.take(pa.array(order[rows])) for rows in (again, again - 1))
    if not pc.all(pc.equal(one, other), min_count=0).as_py():
        return None
    first = np.minimum.reduceat(order, np.flatnonzero(new))  # [number] → the first of its names
    comes_first = np.zeros(len(order), bool)
    comes_first[first] = True
    code = np.cumsum(comes_first, dtype=np.int32) - np.int32(1)
    codes = np.empty(len(order), np.int32)
    codes[order] = code[first][np.cumsum(new) - 1]
    return codes, names.filter(pa.array(comes_first))
