"""Tickets through the kernels: workspaces, room for what they write, and several threads side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels.compiled import COMPILED
from slarules.columnar.kernels.telling import tell_all
from slarules.columnar.tables import Compiled
from slarules.columnar.tickets import Tickets

INSTANCES, STRETCHES, UNCERTAIN, ELECTIONS, RIGHTS, ROWS, SERVED = 1024, 48, 8, 16, 64, 256, 8
"""Room for one ticket; one that needs more goes to the reference engine."""
CHUNK = 1 << 14
"""Tickets that one thread follows at a time."""


def work_for(version: Compiled) -> at.Work:
    """An empty workspace."""
    tables = version.tables
    rules = tables.duties.shape[0] + tables.choices.shape[0]

    def room(*shape: int) -> Any:
        return np.zeros(shape, np.int64)

    return at.Work(
        state=room(at.STATE),
        facts=room(max(1, len(version.words.facts))),
        counts=room(max(1, rules)),
        instances=room(INSTANCES, at.INSTANCE),
        stretches=room(INSTANCES, STRETCHES, 2),
        uncertain=room(INSTANCES, UNCERTAIN, 2),
        live=room(2 * INSTANCES),
        both=room(tables.both.shape[0], 2),
        elections=room(ELECTIONS, at.ELECTION),
        rights=room(RIGHTS, 3),
        scopes=room(tables.scopes.shape[0], 2),
        frames=room(at.FRAMES, 3),
        served=room(ROWS, SERVED),
    )


def follow_all(
    version: Compiled,
    events: at.Events,
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
        return list(_part(version, events, as_of, beyond, change, *part))

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
    version: Compiled, events: at.Events, as_of: int, beyond: Any, change: Any, first: int, last: int
) -> Iterator[Any]:
    work = work_for(version)
    room = (last - first) * max(2, len(version.rules)) + 4 * INSTANCES
    while first < last:
        out = np.empty((at.OUT, room), np.int64)
        first, rows = tell_all(version.tables, events, work, first, last, as_of, out, beyond, change)
        if rows:
            yield out[:, :rows]


def events_for(tickets: Tickets, agreement: Any, steps: Sequence[Sequence[Sequence[tuple[int, int]]]]) -> at.Events:
    """The kernels' view of tickets; ``steps`` [step][agreement] has from when and how it stands."""
    agreements = len(steps[0]) if steps else 0
    counts = [len(own) for step in steps for own in step]
    ends = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    step_at = np.zeros((max(1, len(steps)), agreements + 1), np.int64)
    for number in range(len(steps)):
        step_at[number] = ends[number * agreements : (number + 1) * agreements + 1]
    flat = [pair for step in steps for own in step for pair in own]
    return at.Events(
        first=tickets.first,
        agreement=agreement,
        step_at=step_at,
        step_from=np.array([since for since, _ in flat], np.int64),
        step_value=np.array([code for _, code in flat], np.int64),
        **tickets.columns,
    )
