"""Plain tickets by the quick way, beside those that the general kernels follow."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import define, field

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout
from slarules.columnar.kernels.quick import ALIKE, ALIKE_WIDE, quick_all, wide_all
from slarules.columnar.tickets import Tickets

_ROOM = threading.local()


@define(eq=False)
class _Room:
    """Where verdicts are written."""

    alike: Mapping[int, int]
    """What all of them say."""
    out: Any = field(factory=lambda: np.empty((at.OUT, quick_layout.ROOM), np.int64))
    """[O_…, row]."""
    filled: int = 0
    """How many rows say so already."""


def quickly(
    plain: Any, tickets: Tickets, agreement: Any, as_of: int, beyond: Any, change: Any, taken: Any, first: int,
    last: int,
) -> Iterator[Any]:  # fmt: skip
    """[O_…, row] of those of the tickets ``first`` to ``last`` that the quick way can follow, marked in ``taken``.

    ``plain`` are its tables (see ``tables.quick``); ``beyond`` and ``taken`` are of these tickets, ``agreement`` and
    ``change`` of all.
    """
    if not 0 <= as_of <= plain[quick_layout.Q_LATEST]:
        return
    rows = (last - first) * int(plain[quick_layout.Q_MOST])
    events, work = tickets.events.reshape(-1), np.zeros(quick_layout.QUICK_WORK, np.int64)
    starts, changes, under = tickets.first[first : last + 1], change[first:last], agreement[first:last]
    follow, alike = (wide_all, ALIKE_WIDE) if plain[quick_layout.Q_WIDE] else (quick_all, ALIKE)
    done, count = 0, last - first
    room = _own_room(alike)
    while done < count:
        if done:  # what was written before is not used yet
            room = _Room(alike)
        _fill(room, rows)
        out = room.out.reshape(-1)
        done, written = follow(
            plain, events, tickets.facts, starts, under, first, done, count, as_of, out, beyond, changes, taken, work
        )
        if written:
            yield room.out[:, :written]


def _own_room(alike: Mapping[int, int]) -> _Room:
    """The same each time in a thread, for memory that was never used before is slow."""
    room: _Room | None = getattr(_ROOM, "room", None)
    if room is None or room.alike is not alike:
        room = _ROOM.room = _Room(alike)
    return room


def _fill(room: _Room, rows: int) -> None:
    """Write what all rows say, as far as that was not done before; nothing else is ever written there."""
    needed = min(rows, quick_layout.ROOM)
    if room.filled < needed:
        for column, value in room.alike.items():
            room.out[column, room.filled : needed] = value
        room.filled = needed


def together(pieces: list[Any]) -> Any:
    """Pieces of [O_…, row] as one, by ticket; the rows of one ticket stand in one piece, and keep their order."""
    order = np.argsort(np.concatenate([piece[at.O_TICKET] for piece in pieces]), kind="stable")
    whole = np.empty((at.OUT, len(order)), np.int64)
    for number, column in enumerate(whole):  # a column at a time fits into the cache
        np.take(np.concatenate([piece[number] for piece in pieces]), order, out=column, mode="clip")
    return whole
