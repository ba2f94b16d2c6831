"""The ids of a log's events: as numbers where they have a form, else as texts; and which of them it has twice (R32)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from slarules.columnar.log.growing import Numbers, Texts
from slarules.columnar.log.name_forms import Forms
from slarules.columnar.log.repeating import Rising

_AT_ONCE = 1 << 16
"""Numbers that are written out as texts together, or looked at."""
_RUN = 64
"""Rows that runs have at the least, on average, so that finding a row's takes little time and memory."""


@frozen(eq=False)
class Ids:
    """The ids of a log's events, which do not change."""

    forms: Forms | None
    """How a number tells its id; None: ids are texts."""
    numbers: Any
    """[row] → the id's number; where there are ``begins``, [run] → that of the run's first row."""
    begins: Any
    """[run] → its first row. Within a run each id's number is one more than that of the row before, and from run to run
    they rise. None: there are no runs."""
    texts: pa.ChunkedArray | None
    """[row] → the id, if there are no ``forms``."""
    rows: int
    """How many there are."""


def ids_at(ids: Ids, rows: Any) -> pa.Array:
    """The ids of some rows."""
    if ids.forms is not None:
        return ids.forms.texts(_numbers_at(ids, rows))
    assert ids.texts is not None
    found = ids.texts.take(pa.array(rows))
    return found.chunk(0) if found.num_chunks == 1 else pa.concat_arrays([*found.chunks, pa.array([], pa.string())])


def _numbers_at(ids: Ids, rows: Any) -> Any:
    if ids.begins is None:
        return ids.numbers[rows]
    if len(ids.begins) == 1:
        return (rows + ids.numbers[0]).astype(np.int32, copy=False)
    run = np.searchsorted(ids.begins, rows, "right") - 1
    return (rows + (ids.numbers - ids.begins)[run]).astype(np.int32, copy=False)


def id_at(ids: Ids, row: int) -> str:
    """The id of one row."""
    return str(ids_at(ids, np.array([row]))[0])


def every_id(ids: Ids) -> pa.ChunkedArray:
    """All of them, written out."""
    if ids.texts is not None:
        return ids.texts
    pieces = [ids_at(ids, np.arange(start, min(start + _AT_ONCE, ids.rows))) for start in range(0, ids.rows, _AT_ONCE)]
    return pa.chunked_array(pieces, pa.string())


def ids_among(ids: Ids, rows: Any) -> Ids:
    """The ids of some rows, as all are kept."""
    if ids.texts is not None:
        return evolve(ids, texts=ids.texts.take(pa.array(rows)), rows=len(rows))
    return evolve(ids, numbers=_numbers_at(ids, rows), begins=None, rows=len(rows))


def rows_with(ids: Ids, names: pa.Array | pa.ChunkedArray) -> Any:
    """The rows, in order, whose id is one of these names, which may be null."""
    names = names.drop_null().unique()
    if ids.forms is None:
        assert ids.texts is not None
        return np.flatnonzero(pc.is_in(ids.texts, value_set=names).to_numpy())
    found = (ids.forms.number_of(name) for name in names.to_pylist())
    numbers = np.array(sorted(number for number in found if number is not None), np.int64)
    if ids.begins is None:
        return np.flatnonzero(np.isin(ids.numbers, numbers))
    run = np.searchsorted(ids.numbers, numbers, "right") - 1
    rows = ids.begins[run] + numbers - ids.numbers[run]
    ends = np.append(ids.begins[1:], ids.rows)
    return rows[(run >= 0) & (rows < ends[run])]


def _in_runs(forms: Forms, numbers: Any) -> Ids:
    """Ids whose numbers rise, in little memory where they mostly do so by one."""
    begins = [0]
    for start in range(0, len(numbers), _AT_ONCE):
        own = numbers[start : start + _AT_ONCE + 1]
        begins += (np.flatnonzero(own[1:] != own[:-1] + 1) + (start + 1)).tolist()
        if len(begins) * _RUN > len(numbers):
            return Ids(forms, numbers, None, None, len(numbers))
    rows = np.array(begins, np.int64)
    return Ids(forms, numbers[rows].astype(np.int64), rows, None, len(numbers))


class ComingIds:
    """The ids of events as they come. ``bare`` ones are only kept, neither numbered nor compared."""

    def __init__(self, bare: bool = False) -> None:
        self._bare = bare
        self._forms = None if bare else Forms()
        self._numbers, self._rise, self._last = Numbers(np.int32), True, -1
        self._texts, self._rising = Texts(), Rising()

    @property
    def rising(self) -> bool:
        """Whether they are seen to rise from event to event, so that none is there twice."""
        return not self._bare and (self._rise if self._forms is not None else self._rising.still)

    def add(self, texts: pa.Array) -> None:
        """Puts ids behind those that are there; none is null."""
        if not len(texts):
            return
        if self._forms is not None:
            numbers = self._forms.numbers(texts)
            if numbers is not None:
                self._rise = self._rise and self._last < int(numbers[0]) and bool((numbers[1:] > numbers[:-1]).all())
                self._last = int(numbers[-1])
                self._numbers.add(numbers)
                return
            known, self._forms, self._numbers = self.finished(), None, Numbers(np.int32)
            for start in range(0, known.rows, _AT_ONCE):
                self.add(ids_at(known, np.arange(start, min(start + _AT_ONCE, known.rows))))
            del known
        if not self._bare:
            self._rising.look(texts)
        self._texts.add(texts)

    def finished(self) -> Ids:
        """All of them. Nothing is added after."""
        numbers = self._numbers.numbers()
        if self._forms is None:
            texts = self._texts.column()
            return Ids(None, None, None, texts, len(texts))
        if self._rise and len(numbers):
            return _in_runs(self._forms, numbers)
        return Ids(self._forms, numbers, None, None, len(numbers))
