"""Whose each event is: subjects by the numbers their names are where these have a form, else told apart as texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from slarules.columnar.log.growing import Numbers
from slarules.columnar.log.name_forms import Forms
from slarules.columnar.log.numbering import Names

_AT_ONCE = 1 << 16
"""Numbers put in place of others at once: what is at work stays in the processor's cache."""
_SMALL = 1 << 20
"""So many numbers may lie between the least and the greatest however few events there are, and no time is lost."""


class Whose:
    """The subjects of events as they come."""

    def __init__(self) -> None:
        self._forms: Forms | None = Forms()
        self._numbers = Numbers(np.int32)
        self._dictionary: tuple[pa.Array, Any] | None = None
        """The names by which the last column was coded, and their numbers."""
        self._names = Names()

    def add(self, column: pa.Array) -> None:
        """Puts a column, coded or not, behind what is there; none is null."""
        if self._forms is not None:
            numbers = self._numbered(column, self._forms)
            if numbers is not None:
                self._numbers.add(numbers)
                return
            codes, names = _by_number(self._numbers.numbers(), self._forms)
            self._forms, self._numbers, self._dictionary = None, Numbers(np.int32), None
            if len(codes):
                self._names.add(pa.DictionaryArray.from_arrays(pa.array(codes), names))
        self._names.add(column)

    def finished(self) -> tuple[pa.Array, Any]:
        """The names in order, and [row] → which of them its subject has. Nothing is added after."""
        if self._forms is not None:
            codes, names = _by_number(self._numbers.numbers(), self._forms)
        else:
            codes, names = self._names.finished()
        return _in_order(codes.astype(np.int32, copy=False), names)

    def _numbered(self, column: pa.Array, forms: Forms) -> Any | None:
        if not pa.types.is_dictionary(column.type):
            return forms.numbers(column)
        names, codes = column.dictionary, column.indices.to_numpy()
        if self._dictionary is None or not _same(self._dictionary[0], names):
            numbers = None if names.null_count else forms.numbers(names.cast(pa.string()))
            if numbers is None:
                return None
            self._dictionary = names, numbers
        return self._dictionary[1][codes]


def _same(one: pa.Array, other: pa.Array) -> bool:
    """Whether two arrays are the same memory."""
    places = ((array.offset, *(part and part.address for part in array.buffers())) for array in (one, other))
    return len(one) == len(other) and next(places) == next(places)


def _by_number(numbers: Any, forms: Forms) -> tuple[Any, pa.Array]:
    """[row] → the place of its name, by numbers, which are written over; and the names."""
    if not len(numbers):
        return numbers, pa.array([], pa.string())
    spans = forms.spans(numbers)
    sizes = np.array([high - low + 1 for low, high in spans])
    if sizes.sum() > max(_SMALL, len(numbers) // 2):
        every = np.unique(numbers)
        for start in range(0, len(numbers), _AT_ONCE):
            own = numbers[start : start + _AT_ONCE]
            own[:] = np.searchsorted(every, own)
        return numbers, forms.texts(every)
    begins = np.cumsum(sizes) - sizes  # [form] → where its numbers begin when there is nothing between the forms
    lows = np.array([low for low, _ in spans])
    down = (lows - begins).astype(np.int32)
    there = np.zeros(int(sizes.sum()), bool)
    for start in range(0, len(numbers), _AT_ONCE):
        own = numbers[start : start + _AT_ONCE]
        own -= down[0] if len(spans) == 1 else down[np.searchsorted(lows, own, "right") - 1]
        there[own] = True
    found = np.flatnonzero(there)
    if len(found) < len(there):
        place = np.cumsum(there, dtype=np.int32)
        place -= 1
        for start in range(0, len(numbers), _AT_ONCE):
            own = numbers[start : start + _AT_ONCE]
            own[:] = place[own]
    found += np.repeat(down, np.add.reduceat(there, begins, dtype=np.int64))
    return numbers, forms.texts(found.astype(np.int32))


def _in_order(codes: Any, names: pa.Array) -> tuple[pa.Array, Any]:
    """The names that there are, in order, and of which each row is."""
    used = np.zeros(len(names), bool)
    used[codes] = True
    rising = len(names) < 2 or pc.all(pc.less(names[:-1], names[1:])).as_py()
    if rising and used.all():
        return names, codes
    order = pc.sort_indices(names).to_numpy()
    order = order[used[order]]
    rank = np.empty(len(names), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return names.take(pa.array(order)), rank[codes]
