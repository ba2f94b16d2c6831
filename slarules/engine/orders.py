"""R12: events of one instant whose order is chance, and the other orders in which they may have come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from math import factorial

from slarules.engine.history import Entry, by_instant
from slarules.engine.judging import events

ORDERS = 24
"""So many orders of one instant's events are tried."""
TRIED = 1 << 20
"""So many events of one subject may be judged once more for the sake of other orders. Each order takes all of them, so
a subject of very many events and ties would take hours."""
MOVES = frozenset(events.MOVES)
"""Ticket events whose order among themselves can matter."""


def tied(entries: Sequence[Entry], as_of: int) -> list[tuple[int, int]]:
    """Runs of two or more events of one instant whose order could matter."""
    several = ((start, end) for start, end in by_instant(entries) if end - start > 1 and entries[start].at <= as_of)
    return [(start, end) for start, end in several if order_matters(entries[start:end])]


def too_many(runs: Sequence[tuple[int, int]], entries: int) -> bool:
    """Whether the orders of all these runs are too many to judge a subject of so many entries in each."""
    return entries * sum(at_most(end - start) for start, end in runs) > TRIED


def at_most(size: int) -> int:
    """In how many other orders so many events are tried, at the most."""
    return min(ORDERS, factorial(size) - 1 if size <= 4 else size - 1)


def order_matters(group: Sequence[Entry]) -> bool:
    """Whether another order of one instant's events could change anything.

    What another source tells of the instant of the opening may have come before it, when nothing was owed.
    """
    one_source = len({e.event.source for e in group}) == 1
    if one_source and all(e.event.sequence is not None for e in group):
        return False
    if not one_source and any(e.type == "opened" for e in group):
        return True
    if sum(e.type in MOVES for e in group) > 1:
        return True
    names = [name for e in group for name in e.facts]
    return len(names) != len(set(names))


def orders(group: Sequence[Entry]) -> list[list[Entry]]:
    """Other orders that keep each source's own sequence; long groups only swap neighbours."""
    return list(islice((order for order in _others(group) if _in_sequence(order)), ORDERS))


def _others(group: Sequence[Entry]) -> Iterator[list[Entry]]:
    if len(group) <= 4:
        yield from (list(order) for order in islice(permutations(group), 1, None))
        return
    for place in range(len(group) - 1):
        order = list(group)
        order[place], order[place + 1] = order[place + 1], order[place]
        yield order


def _in_sequence(order: Sequence[Entry]) -> bool:
    last: dict[str, int] = {}
    for entry in order:
        sequence = entry.event.sequence
        if sequence is None:
            continue
        if sequence < last.get(entry.event.source, sequence):
            return False
        last[entry.event.source] = sequence
    return True
