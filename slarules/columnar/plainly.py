"""Plain tickets by the quick way, beside those that the general kernels follow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout
from slarules.columnar.kernels.quick import ALIKE, quick_all, wide_all
from slarules.columnar.tickets import Tickets

_ROOM = threading.local()
USUAL = 6
"""Verdicts of a ticket that there is room for, one ticket with another; where there are more, they come in pieces."""


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
    most = int(plain[quick_layout.Q_MOST])
    room = _spread((last - first) * min(most, USUAL) + most)
    events, work = tickets.events.reshape(-1), np.zeros(quick_layout.QUICK_WORK, np.int64)
    starts, changes, under = tickets.first[first : last + 1], change[first:last], agreement[first:last]
    follow = wide_all if plain[quick_layout.Q_WIDE] else quick_all
    done, count = 0, last - first
    out = _own_room(room)
    while done < count:
        if done:  # what was written before is not used yet
            out = np.empty((at.OUT, room), np.int64)
        for column, value in ALIKE.items():
            out[column] = value
        done, rows = follow(
            plain, events, tickets.facts, starts, under, first, done, count, as_of, out, beyond, changes, taken, work
        )
        if rows:
            yield out[:, :rows]


def _own_room(rows: int) -> Any:
    """[O_…, row] for so many rows: the same each time in a thread, for memory that was never used before is slow."""
    found = getattr(_ROOM, "out", None)
    if found is None or found.shape[1] < rows:
        found = _ROOM.out = np.empty((at.OUT, rows), np.int64)
    return found


def _spread(room: int) -> int:
    """At least so much room, of a length that keeps the columns from one another in the cache."""
    return -(-room // 512) * 512 + 24


def together(pieces: list[Any]) -> Any:
    """Pieces of [O_…, row] as one, by ticket; the rows of one ticket stand in one piece, and keep their order."""
    order = np.argsort(np.concatenate([piece[at.O_TICKET] for piece in pieces]), kind="stable")
    whole = np.empty((at.OUT, len(order)), np.int64)
    for number, column in enumerate(whole):  # a column at a time fits into the cache
        np.take(np.concatenate([piece[number] for piece in pieces]), order, out=column, mode="clip")
    return whole
