"""Tickets through the kernels: room for what they write, and several threads side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels.compiled import COMPILED
from slarules.columnar.kernels.telling import tell_all
from slarules.columnar.tables import Compiled
from slarules.columnar.tickets import Tickets

CHUNK = 1 << 14
"""Tickets that one thread follows at a time."""


def follow_all(
    version: Compiled,
    tickets: Tickets,
    agreement: Any,
    as_of: int,
    beyond: Any,
    change: Any,
    done: Callable[[int], None] | None = None,
    threads: int | None = None,
) -> Iterator[Any]:
    """[O_…, row] for the tickets of which ``beyond`` says nothing yet, in order, a part at a time."""
    count = len(beyond)
    parts = [(first, min(count, first + CHUNK)) for first in range(0, count, CHUNK)]
    many = min(threads or os.cpu_count() or 1, len(parts))

    def follow(part: tuple[int, int]) -> list[Any]:
        return list(_part(version, tickets, agreement, as_of, beyond, change, *part))

    if many < 2 or not COMPILED:
        for part in parts:
            yield from follow(part)
            if done is not None:
                done(part[1])
        return
    with ThreadPoolExecutor(many) as pool:
        for part, found in zip(parts, pool.map(follow, parts), strict=True):
            yield from found
            if done is not None:
                done(part[1])


def _part(
    version: Compiled, tickets: Tickets, agreement: Any, as_of: int, beyond: Any, change: Any, first: int, last: int
) -> Iterator[Any]:
    work = np.zeros(at.WORK, np.int64)
    room = (last - first) * max(2, len(version.rules)) + 4 * at.INSTANCES
    while first < last:
        out = np.empty((room, at.OUT), np.int64)
        first, rows = tell_all(
            version.tables, tickets.events, tickets.facts, tickets.first, agreement, work,
            first, last, as_of, out, beyond, change,
        )  # fmt: skip
        if rows:
            yield out[:rows].T
