"""Tickets through the kernels, and room for what they write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.plainly import quickly, together
from slarules.columnar.tables.version import Compiled
from slarules.columnar.tickets import Tickets

T = TypeVar("T")
CHUNK = 1 << 15
"""Tickets of which the rows are written together."""


def follow_all(
    version: Compiled,
    tickets: Tickets,
    agreement: Any,
    as_of: int,
    beyond: Any,
    change: Any,
    finish: Callable[[Any], T],
    quick: bool = True,
) -> Iterator[T]:
    """What ``finish`` makes of [O_…, row] for the tickets of which ``beyond`` says nothing yet: some at a time, in
    order; what ``finish`` gets may be written over when it is through. Without ``quick``, all of them by the general
    kernels: the same, for tests."""
    plain = version.quick if quick else None
    for first in range(0, len(beyond), CHUNK):
        last = min(len(beyond), first + CHUNK)
        for out in _either(version, plain, tickets, agreement, as_of, beyond, change, first, last):
            yield finish(out)


def _either(
    version: Compiled, plain: Any, tickets: Tickets, agreement: Any, as_of: int, beyond: Any, change: Any,
    first: int, last: int,
) -> Iterator[Any]:  # fmt: skip
    """The rows of some tickets: of plain ones by the quick way, of the others by the general kernels."""
    why = beyond[first:last]
    if plain is None:
        yield from _part(version, tickets, agreement, as_of, why, change, first, last)
        return
    taken = np.zeros(last - first, np.int8)
    found = list(quickly(plain, tickets, agreement, as_of, why, change, taken, first, last))
    mine = taken == 1
    if (mine | (why != 0)).all():
        yield from found
        return
    left = np.where(mine, -2, why)
    low, high = (int(place) for place in np.flatnonzero(left == 0)[[0, -1]])
    own = left[low : high + 1]
    rest = list(_part(version, tickets, agreement, as_of, own, change, first + low, first + high + 1))
    why[~mine] = left[~mine]
    before, found = _cut(found, first + low)
    found, after = _cut(found, first + high + 1)
    yield from before
    if found and rest:
        yield together([*found, *rest])
    else:
        yield from found or rest
    yield from after


def _cut(pieces: Sequence[Any], ticket: int) -> tuple[list[Any], list[Any]]:
    """Pieces of [O_…, row], by ticket, before a ticket and from it on."""
    ends = [int(np.searchsorted(piece[at.O_TICKET], ticket)) for piece in pieces]
    before = [piece[:, :end] for piece, end in zip(pieces, ends, strict=True)]
    after = [piece[:, end:] for piece, end in zip(pieces, ends, strict=True)]
    return [one for one in before if one.shape[1]], [one for one in after if one.shape[1]]


def _part(
    version: Compiled, tickets: Tickets, agreement: Any, as_of: int, why: Any, change: Any, first: int, last: int
) -> Iterator[Any]:
    from slarules.columnar.kernels.telling import tell_all, turned  # a log of plain tickets alone needs none of them

    begin, end = int(tickets.first[first]), int(tickets.first[last])
    memory = _memory(version, tickets, begin, end)
    starts = tickets.first[first : last + 1] - begin
    under, when = agreement[first:last], change[first:last]
    count = last - first
    room = count * max(2, len(version.rules)) + 4 * at.INSTANCES
    out = np.empty((room, at.OUT), np.int64)
    done = 0
    while done < count:
        begun = done
        done, rows = tell_all(memory, starts, under, begun, count, as_of, out, why, when)
        if rows:
            found = np.empty((at.OUT, rows), np.int64)
            turned(out[:rows], found)
            found[at.O_TICKET] += first
            for event in (found[at.O_TRIGGER], found[at.O_ACT], found[at.O_WHO]):
                event[event >= 0] += begin
            yield found


def _memory(version: Compiled, tickets: Tickets, begin: int, end: int) -> Any:
    """The one array that the kernels work on: workspace, tables, and events ``begin`` to ``end`` with their facts."""
    facts_at = tickets.facts[begin : end + 1]
    facts = (facts_at - facts_at[0] + len(facts_at), tickets.facts[facts_at[0] : facts_at[-1]])
    events = tickets.events[begin:end].ravel()
    header = version.tables[: at.HEADER].copy()
    header[at.M_EVENTS - at.WORK] = at.WORK + len(version.tables)
    header[at.M_FACTS - at.WORK] = at.WORK + len(version.tables) + len(events)
    return np.concatenate([np.zeros(at.WORK, np.int64), header, version.tables[at.HEADER :], events, *facts])
