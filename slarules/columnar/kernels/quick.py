"""The quick way: tickets whose rules and events are plain, many million events in a second.

What is owed of a ticket is seen from the first act of each class of events; only the events that move a clock are
followed one by one. A ticket of which anything is not plain is left to the general kernels, which say the same of all
others.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.quick_clocks import opened_until
from slarules.columnar.kernels.quick_duties import Course, followed, straight
from slarules.columnar.kernels.quick_events import (
    class_of,
    fact_asked,
    first_act,
    moved,
    next_act,
    scanned,
)
from slarules.columnar.kernels.quick_layout import U

ALIKE = {at.O_NUMBER: 1, at.O_MISSING: 0, at.O_OPTION: 0, at.O_WHO: -1}
"""What every row of a plain ticket says."""


@compiled
def quick_all(
    plain: Any, events: Any, facts: Any, starts: Any, base: int, first: int, last: int, as_of: int, out: Any,
    beyond: Any, change: Any, taken: Any, work: Any,
) -> tuple[int, int]:  # fmt: skip
    """The rows of tickets ``first`` to ``last``, into ``out`` [O_…, row], while there is room.

    Their numbers are told from ``base`` on. What is the same in every row (``ALIKE``) stands in ``out`` already. Gives
    the ticket before which it stopped and the number of rows. ``taken`` [ticket] is 1 where the ticket was for the
    quick way; ``beyond`` and ``change`` as in ``telling.tell_all``.
    """
    row = 0
    most = plain[to.Q_DUTY_COUNT] + plain[to.Q_KEPT_COUNT]
    room = out.shape[1] - most
    for ticket in range(first, last):
        if beyond[U(ticket)]:
            continue
        if row > room:
            return ticket, row
        begin, stop = starts[U(ticket)], starts[U(ticket + 1)]
        while stop > begin and events[U(2 * stop - 2)] > as_of:
            stop -= 1
        if begin == stop:
            beyond[U(ticket)] = -1
            continue
        rows, soonest = _ticket(plain, events, facts, base + ticket, begin, stop, as_of, out, row, work)
        if rows >= 0:
            row += rows
            taken[U(ticket)] = 1
            change[U(ticket)] = soonest
    return last, row


@small
def _ticket(
    plain: Any, events: Any, facts: Any, ticket: int, begin: int, stop: int, as_of: int, out: Any, row: int, work: Any
) -> tuple[int, int]:  # fmt: skip
    """How many rows a ticket has, below 0 where it is not for the quick way, and when it changes next."""
    seen, twice, strange = scanned(plain, events, work, begin, stop)
    opened, told = events[U(2 * begin)], events[U(2 * begin + 1)]
    actor, level, levels = (told >> 16) & 0xFF, ((told >> 24) & 0xFF) - 1, plain[to.Q_LEVELS]
    alone = (seen & plain[to.Q_BEGINNERS]) == 1 << class_of(plain, told)
    if seen & plain[to.Q_ALIENS] or strange or not alone or opened < 0:
        return -1, at.NEVER
    if level < 0:
        level = levels
    elif not plain[U(plain[to.Q_ASSIGNS] + actor)]:
        return -1, at.NEVER
    moves, grade = 0, level
    moving = seen & plain[to.Q_MOVING] or twice & plain[to.Q_ONCE]
    if moving:
        moves, grade = moved(plain, events, work, begin, stop, level, as_of)
    if moves < 0 or not plain[U(plain[to.Q_SETTLED] + grade)]:
        return -1, at.NEVER
    for place in range(plain[to.Q_CLOCK_COUNT]):
        work[to.OPENED_AT + U(place)] = opened_until(plain, U(plain[to.Q_CLOCKS] + place * to.CLOCK), opened)
    usual, closing = plain[to.Q_RESOLVED], plain[to.Q_CLOSED]
    resolved = work[to.FIRST_AT + U(usual)] if (seen >> usual) & 1 else to.LATEST
    closed = work[to.FIRST_AT + U(closing)] if (seen >> closing) & 1 else to.LATEST
    before, soonest = row, at.NEVER
    for number in range(plain[to.Q_DUTY_COUNT]):
        duty = U(plain[to.Q_DUTIES] + number * to.PLAIN)
        cause, breach = plain[duty + to.P_CAUSE], to.BREACHES_AT + U(number * to.BREACH)
        work[breach + to.B_AT] = to.LATEST
        start, own_level, move, waiting, since = opened, level, 0, 0, opened
        born = plain[to.Q_BORN] + number * plain[to.Q_ACTORS] * (levels + 1)
        from_breach = to.BREACHES_AT + U(max(cause, 0) * to.BREACH)
        if cause < 0:
            born += actor * (levels + 1)
        else:
            start = work[from_breach + to.B_AT]
            if start == to.LATEST:
                continue
            move, since = work[from_breach + to.B_MOVE], work[from_breach + to.B_TRIGGERED]
            if move > 0:
                last_move = to.MOVES_AT + U((move - 1) * to.MOVE)
                own_level, waiting = work[last_move + to.M_LEVEL], work[last_move + to.M_WAITING]
        arises = plain[U(born + own_level)]
        if arises == to.ASKED:
            if cause >= 0 and facts[U(begin + 1)] != facts[U(stop)]:
                return -1, at.NEVER
            arises = fact_asked(plain, facts, duty, begin, actor + 1 if plain[duty + to.P_TRIGGER] else 0, own_level)
        if arises == to.NOT_BORN:
            continue
        if arises == to.UNKNOWN_BIRTH:
            return -1, at.NEVER
        act, event = first_act(plain, work, seen, duty)
        if act < since:
            act, event = next_act(plain, events, number, begin, stop, since)
        outcomes = plain[duty + to.P_OUTCOMES]
        if (cause >= 0 and act == start) or (outcomes & 6 and act < to.LATEST):
            return -1, at.NEVER
        grants = plain[to.Q_GRANTS] + number * (levels + 1) * to.GRANT
        clock_number = plain[U(grants + own_level * to.GRANT) + to.G_CLOCK]
        clock = U(plain[to.Q_CLOCKS] + clock_number * to.CLOCK)
        open_at = work[to.OPENED_AT + U(clock_number)] if cause < 0 else opened_until(plain, clock, start)
        if moving:
            course = followed(
                plain, events, work, duty, grants, number, clock_number, clock, start, open_at, own_level, waiting,
                move, moves, act, event, stop, as_of,
            )  # fmt: skip
        else:
            course = straight(
                plain, duty, clock, plain[U(grants + own_level * to.GRANT)], start, open_at, own_level, act, event,
                resolved, closed, as_of,
            )  # fmt: skip
        if course[0] == to.LEFT or (outcomes & 1 and course[9] != to.LATEST):
            return -1, at.NEVER
        if plain[duty + to.P_SETS_OFF]:
            work[breach + to.B_AT], work[breach + to.B_MOVE] = course[9], course[10]
            work[breach + to.B_TRIGGERED] = start
        due = _told(plain, events, out, row, ticket, duty, grants, begin, start, course)
        if due != at.NEVER and (soonest == at.NEVER or due < soonest):
            soonest = due
        row += 1
    for kept in range(plain[to.Q_KEPT_COUNT]):
        _keeps(out, row, ticket, plain[to.Q_KEPT] + kept, opened)
        row += 1
    return row - before, soonest


@small
def _told(
    plain: Any, events: Any, out: Any, row: int, ticket: int, duty: Any, grants: int, opening: int, start: int,
    course: Course,
) -> int:  # fmt: skip
    """The verdict as it is written down; gives when it changes next."""
    phase, due, act, owed, ended_by, used, late_used, level, still, _, _ = course
    counts = plain[duty + to.P_COUNTS]
    never = at.NEVER
    effort = plain[duty + to.P_EFFORT]
    pending = phase == at.PENDING
    code = phase
    if effort:
        code = at.REACHED if phase == at.MET else at.MISSED if phase == at.BREACHED else phase
    if pending and still and counts:
        code = at.SUSPENDED
    grant = U(grants + level * to.GRANT)
    cause = plain[duty + to.P_CAUSE]
    trigger = opening if plain[duty + to.P_TRIGGER] else -1
    deadline = never if due == to.LATEST or phase == at.ENDED else due
    flags = (events[U(2 * opening + 1)] >> 48) & 1 if trigger >= 0 else 0
    performed = never
    if act >= 0:
        performed = events[U(2 * act)]
        flags |= (events[U(2 * act + 1)] >> 48) & 1
    late = phase == at.BREACHED and act >= 0
    change = deadline if pending else never
    own = U(row)
    out[at.O_TICKET, own], out[at.O_RULE, own] = ticket, plain[duty + to.P_RULE]
    out[at.O_STATE, own] = code
    out[at.O_SEVERITY, own] = level if level < plain[to.Q_LEVELS] else -1
    out[at.O_TRIGGERED, own], out[at.O_DEADLINE, own] = start, deadline
    out[at.O_PERFORMED, own] = performed
    out[at.O_CONSUMED, own] = used if counts else never
    out[at.O_ALLOWED, own] = plain[grant] if counts else never
    out[at.O_LATE, own] = performed - due if late else never
    out[at.O_LATE_COUNTED, own] = late_used if late and counts else never
    out[at.O_OWED, own], out[at.O_ENDED_BY, own] = owed, ended_by
    out[at.O_CAUSE, own] = plain[U(plain[to.Q_DUTIES] + cause * to.PLAIN)] if cause >= 0 else -1
    out[at.O_CAUSE_NUMBER, own] = 1 if cause >= 0 else 0
    out[at.O_CHANGE, own], out[at.O_NAME, own] = change, plain[grant + to.G_NAME]
    out[at.O_TRIGGER, own], out[at.O_ACT, own], out[at.O_FLAGS, own] = trigger, act, flags
    return change


@small
def _keeps(out: Any, row: int, ticket: int, rule: int, opened: int) -> None:
    """The verdict of a prohibition that nothing can have broken."""
    own = U(row)
    out[at.O_TICKET, own], out[at.O_RULE, own], out[at.O_STATE, own] = ticket, rule, at.KEPT
    out[at.O_SEVERITY, own], out[at.O_TRIGGERED, own] = -1, opened
    out[at.O_DEADLINE, own], out[at.O_PERFORMED, own], out[at.O_CHANGE, own] = at.NEVER, at.NEVER, at.NEVER
    out[at.O_CONSUMED, own], out[at.O_ALLOWED, own] = at.NEVER, at.NEVER
    out[at.O_LATE, own], out[at.O_LATE_COUNTED, own] = at.NEVER, at.NEVER
    out[at.O_OWED, own], out[at.O_ENDED_BY, own] = at.UNKNOWN_OWED, at.BY_NOTHING
    out[at.O_CAUSE, own], out[at.O_CAUSE_NUMBER, own], out[at.O_NAME, own] = -1, 0, -1
    out[at.O_TRIGGER, own], out[at.O_ACT, own], out[at.O_FLAGS, own] = -1, -1, 0
