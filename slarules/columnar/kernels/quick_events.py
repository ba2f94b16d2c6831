"""A ticket's events as the quick way sees them: when each class first happened, and what moves a clock."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.layout import BY_NOTHING, NO, YES
from slarules.columnar.kernels.quick_asking import asked
from slarules.columnar.kernels.quick_clocks import opened_until
from slarules.columnar.kernels.quick_layout import ONE, U


@small
def class_of(plain: Any, told: int) -> int:
    """The class of an event."""
    place = U(plain[to.Q_CLASS] + (told & 0xFFFF) * plain[to.Q_ACTORS] + ((told >> 16) & 0xFF))
    return int(plain[place] & to.CLASS)


@small
def scanned(plain: Any, events: Any, work: Any, begin: int, stop: int) -> tuple[int, int, int]:
    """Which classes happened, which of them twice, and whether anything is not as it should be (then not 0).

    Into the workspace goes the first event of each class: the events are looked at from the last to the first.
    """
    classes, actors = plain[to.Q_CLASS], plain[to.Q_ACTORS]
    seen, twice, strange = 0, 0, 0
    after = -1
    for back in range(stop - begin):
        event = U(stop - 1 - back)
        at, told = events[event + event], events[event + event + U(1)]
        meant = plain[U(classes + (told & 0xFFFF) * actors + ((told >> 16) & 0xFF))]
        own = U(meant & to.CLASS)
        bit = 1 << (meant & to.CLASS)
        twice |= seen & bit
        seen |= bit
        strange |= (told & meant & to.SEVERE) | (1 if at == after else 0)
        after = at
        work[to.FIRST_AT + own] = at
        work[to.FIRST_EVENT + own] = stop - 1 - back
    return seen, twice, strange


@small
def moved(plain: Any, events: Any, work: Any, begin: int, stop: int, level: int, as_of: int) -> tuple[int, int]:
    """The events that move a clock or end something, with how the ticket stands after each; and the last severity.

    Gives how many they are, below 0 where the ticket is not for the quick way.
    """
    kinds, clocks = plain[to.Q_KIND], plain[to.Q_CLOCK_COUNT]
    many, waiting, resolved, over = 0, 0, 0, False
    for event in range(begin + 1, stop):
        told = events[U(2 * event + 1)]
        does = plain[U(kinds + class_of(plain, told))]
        if does == to.ACT or (does == to.CLOSES and resolved):
            continue
        if over or does == to.BEGINS or many >= to.MOVES:
            return -1, level
        if does == to.WAITS:
            on = (told >> 32) & 0xFFFF
            if waiting == on or on < 2 or on > to.LONGEST_WAIT:  # below 2: it does not say on whom
                return -1, level
            waiting = on
        elif does == to.RESUMES:
            if waiting == 0:
                return -1, level
            waiting = 0
        elif does == to.RESOLVES:
            if resolved:
                return -1, level
            resolved, waiting = 1, 0
        elif does == to.REOPENS:
            if not resolved:
                return -1, level
            resolved = 0
        elif does == to.REGRADES:
            other = ((told >> 24) & 0xFF) - 1
            entitled = plain[to.Q_ASSIGNS] if level == plain[to.Q_LEVELS] else plain[to.Q_CHANGES]
            if other < 0 or other == level or not plain[U(entitled + ((told >> 16) & 0xFF))]:
                return -1, level
            level = other
        else:
            over = True
        move = to.MOVES_AT + U(many * to.MOVE)
        at = events[U(2 * event)]
        work[move + to.M_AT], work[move + to.M_KIND], work[move + to.M_EVENT] = at, does, event
        work[move + to.M_WAITING], work[move + to.M_LEVEL], work[move + to.M_RESOLVED] = waiting, level, resolved
        for clock in range(clocks):
            row = U(plain[to.Q_CLOCKS] + clock * to.CLOCK)
            work[move + to.M_OPEN + U(clock)] = opened_until(plain, row, at)
        many += 1
    work[to.MOVES_AT + U(many * to.MOVE) + to.M_AT] = as_of + 1
    return many, level


@small
def next_act(plain: Any, events: Any, number: int, begin: int, stop: int, since: int) -> tuple[int, int]:
    """When a duty is next performed at or after an instant, among the events from ``begin`` on, and by which."""
    for event in range(begin, stop):
        if events[U(2 * event)] >= since:
            own = class_of(plain, events[U(2 * event + 1)])
            if (plain[U(plain[to.Q_PERFORMS] + own)] >> number) & 1:
                return events[U(2 * event)], event
    return to.LATEST, -1


@small
def first_act(plain: Any, work: Any, seen: int, duty: Any) -> tuple[int, int]:
    """When a duty is first performed, and by which event."""
    at, event = to.LATEST, -1
    for place in range(plain[duty + to.P_ACTS], plain[duty + to.P_ACTS] + plain[duty + to.P_ACT_COUNT]):
        own = plain[U(place)]
        if (seen >> own) & 1 and work[to.FIRST_AT + U(own)] < at:
            at, event = work[to.FIRST_AT + U(own)], work[to.FIRST_EVENT + U(own)]
    return at, event


@compiled
def next_qualified(
    plain: Any, events: Any, facts: Any, duty: Any, number: int, first: int, begin: int, stop: int, since: int,
    level: int, agreement: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """As ``next_act``, of a duty that asks something of an act; and which act before it may be one, for want of what
    (R23). Nothing is wanted where only the general kernels know.

    The ticket's events are those from ``first`` on.
    """
    doubt, missing = -1, 0
    for event in range(begin, stop):
        at = events[U(2 * event)]
        own = class_of(plain, events[U(2 * event + 1)])
        if at >= since and (plain[U(plain[to.Q_PERFORMS] + own)] >> number) & 1:
            found = asked(plain, events, facts, plain[duty + to.P_QUALIFIES], first, event, at, ONE, level, agreement)
            if found == YES:
                return at, event, doubt, missing
            if found != NO and doubt < 0:
                doubt, missing = event, plain[U(plain[to.Q_WANTING] + found)] if found > YES else 0
    return to.LATEST, -1, doubt, missing


@compiled
def next_end(plain: Any, events: Any, number: int, begin: int, stop: int, since: int) -> tuple[int, int]:
    """When something next ends a duty by itself at or after an instant, and which type of event does."""
    for event in range(begin, stop):
        at, told = events[U(2 * event)], events[U(2 * event + 1)]
        if at >= since and (plain[U(plain[to.Q_ENDS] + class_of(plain, told))] >> number) & 1:
            return at, told & 0xFFFF
    return to.LATEST, BY_NOTHING


@small
def is_tied(plain: Any, events: Any, facts: Any, begin: int, stop: int) -> bool:
    """Whether of the events of one instant more than one has a meaning, or one without records something."""
    first, meant = begin, 0
    for event in range(begin, stop):
        if events[U(2 * event)] != events[U(2 * first)]:
            first, meant = event, 0
        own = class_of(plain, events[U(2 * event + 1)])
        if not (plain[to.Q_INERT] >> own) & 1:
            meant += 1
        elif facts[U(event)] != facts[U(event + 1)] and (event > first or _meets(events, event, stop)):
            return True
        if meant > 1:
            return True
    return False


@small
def _meets(events: Any, event: int, stop: int) -> bool:
    """Whether the next event is of the same instant."""
    return bool(event + 1 < stop and events[U(2 * event + 2)] == events[U(2 * event)])
