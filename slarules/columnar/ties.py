"""Events of one instant whose order is chance (R12): put in order, and their ticket judged in each other order as well.

What the order is, whether it matters and which others are allowed is the reference engine's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.log.coding import Coded, Codes, Instants, rows_of
from slarules.columnar.log.columns import events_of
from slarules.engine.history import Words, in_order, typed
from slarules.engine.orders import order_matters, orders, too_many
from slarules.model.event import Event

Runs = Sequence[tuple[int, int, Sequence[Sequence[int]]]]
"""Where events of one instant begin and end, and the other orders in which they may have come, by their places; none
where these alone are too many to try."""
Outcome = dict[tuple[int, int], tuple[int, int]]
"""(Rule, number) → state and deadline."""


def untied(
    log: Coded,
    changed: Mapping[int, Event],
    words: Words,
    first: Instants,
    rows: Codes,
    order: Any,
    events: Any,
    beyond: Instants,
) -> dict[int, Runs]:
    """Puts the events of tickets marked as ``AT_ONCE`` in order, and gives those whose order could matter.

    ``changed`` [row] are the events that a correction has changed; ``order`` [event] tells where among ``rows`` its row
    is.
    """
    tickets = np.flatnonzero(beyond == at.AT_ONCE)
    bounds = [(ticket, int(first[ticket]), int(first[ticket + 1])) for ticket in tickets.tolist()]
    runs = [(ticket, *own) for ticket, begin, end in bounds for own in _runs(events, begin, end)]
    own = np.concatenate([rows[order[start:end]] for _, start, end in runs]) if runs else np.empty(0, np.int64)
    told = iter(events_of(rows_of(log, own)))
    found: dict[int, list[tuple[int, int, list[list[int]]]]] = {}
    for ticket, start, end in runs:
        named = zip(rows[order[start:end]].tolist(), told, strict=False)
        entries = [typed(changed.get(row, event), words, [], set()) for row, event in named]
        place = {id(entry): number for number, entry in enumerate(entries)}
        group, _ = in_order(list(entries))
        sort = np.array([start + place[id(entry)] for entry in group])
        order[start:end], events[start:end] = order[sort], events[sort]
        if order_matters(group):
            now = {id(entry): number for number, entry in enumerate(group)}
            tried = [] if too_many([(start, end)], int(first[ticket + 1] - first[ticket])) else orders(group)
            others = [[now[id(entry)] for entry in other] for other in tried]
            found.setdefault(ticket, []).append((start, end, others))
    beyond[tickets] = 0
    return dict(found)


def _runs(events: Any, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of several events of one instant."""
    start = begin
    while start < end:
        after = start + 1
        while after < end and events[after, 0] == events[start, 0]:
            after += 1
        if after > start + 1:
            yield start, after
        start = after


def in_other_orders(
    ties: Mapping[int, Runs], first: Instants, events: Any, facts: Instants, beyond: Instants, as_of: int
) -> tuple[Instants, Instants, Instants, Instants]:
    """Every ticket that is not beyond the kernels once for each other order: of which ticket it is, where its events
    begin, which events it has, and their facts as ``Tickets.facts``. One with too many orders is marked as beyond."""
    of: list[int] = []
    own: list[Any] = []
    for ticket, every in ties.items():
        runs = [run for run in every if events[run[0], 0] <= as_of]
        if beyond[ticket] == 0 and too_many([run[:2] for run in runs], int(first[ticket + 1] - first[ticket])):
            beyond[ticket] = at.AT_ONCE
        for start, _, others in runs if beyond[ticket] == 0 else ():
            for other in others:
                events_of_it = np.arange(first[ticket], first[ticket + 1])
                place = start - int(first[ticket])
                events_of_it[place : place + len(other)] = start + np.array(other)
                of.append(ticket)
                own.append(events_of_it)
    begins = np.concatenate(([0], np.cumsum([len(one) for one in own]))).astype(np.int64)
    all_events = np.concatenate(own).astype(np.int64) if own else np.empty(0, np.int64)
    counts = facts[all_events + 1] - facts[all_events]
    ends = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    places = np.repeat(facts[all_events] - ends[:-1], counts) + np.arange(ends[-1])
    return np.array(of, np.int64), begins, all_events, np.concatenate((ends + len(ends), facts[places]))


def sensitive(out: Any, outcomes: Mapping[int, Sequence[Outcome]]) -> None:
    """Flags what another order would give another state or deadline: ``out`` [O_…, row], ``outcomes`` [ticket]."""
    rows = np.flatnonzero(np.isin(out[at.O_TICKET], list(outcomes)))
    for row in rows.tolist():
        key = int(out[at.O_RULE, row]), int(out[at.O_NUMBER, row])
        seen = int(out[at.O_STATE, row]), int(out[at.O_DEADLINE, row])
        if any(other.get(key) != seen for other in outcomes[int(out[at.O_TICKET, row])]):
            out[at.O_FLAGS, row] |= at.TIED
