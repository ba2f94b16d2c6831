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
from slarules.columnar.kernels.quick_asking import asked_of, is_unsteady
from slarules.columnar.kernels.quick_clocks import opened_until
from slarules.columnar.kernels.quick_done import done
from slarules.columnar.kernels.quick_duties import followed, is_doubted, sought, straight
from slarules.columnar.kernels.quick_events import (
    class_of,
    first_act,
    is_tied,
    moved,
    next_act,
    scanned,
)
from slarules.columnar.kernels.quick_layout import U
from slarules.columnar.kernels.quick_powers import others, rest
from slarules.columnar.kernels.quick_rows import bare, put, told, unsure

ALIKE_WIDE = {at.O_NUMBER: 1, at.O_OPTION: 0}
"""What every row of a plain ticket says,"""
ALIKE = {**ALIKE_WIDE, at.O_MISSING: 0, at.O_WHO: -1}
"""and that of a contract that has nothing which is `Q_WIDE`."""


@compiled
def quick_all(
    plain: Any, events: Any, facts: Any, starts: Any, agreement: Any, base: int, first: int, last: int, as_of: int,
    out: Any, beyond: Any, change: Any, taken: Any, work: Any,
) -> tuple[int, int]:  # fmt: skip
    """As ``wide_all``, of a contract that has nothing which is `Q_WIDE`: as machine code it calls nothing, and is much
    the faster for it."""
    return _all(
        plain, events, facts, starts, agreement, base, first, last, as_of, out, beyond, change, taken, work, False
    )  # fmt: skip


@compiled
def wide_all(
    plain: Any, events: Any, facts: Any, starts: Any, agreement: Any, base: int, first: int, last: int, as_of: int,
    out: Any, beyond: Any, change: Any, taken: Any, work: Any,
) -> tuple[int, int]:  # fmt: skip
    """The rows of tickets ``first`` to ``last``, into ``out`` [O_…, row], while there is room.

    Their numbers are told from ``base`` on. What is the same in every row (``ALIKE``) stands in ``out`` already. Gives
    the ticket before which it stopped and the number of rows. ``taken`` [ticket] is 1 where the ticket was for the
    quick way; ``agreement`` [ticket], ``beyond`` and ``change`` as in ``telling.tell_all``.
    """
    return _all(
        plain, events, facts, starts, agreement, base, first, last, as_of, out, beyond, change, taken, work, True
    )  # fmt: skip


@small
def _all(
    plain: Any, events: Any, facts: Any, starts: Any, agreement: Any, base: int, first: int, last: int, as_of: int,
    out: Any, beyond: Any, change: Any, taken: Any, work: Any, wide: bool,
) -> tuple[int, int]:  # fmt: skip
    """See ``wide_all``."""
    row = first - first  # to the compiler any whole number, not 0 itself
    room = to.ROOM - plain[to.Q_MOST]
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
        under = agreement[U(ticket)]
        rows, soonest = _ticket(plain, events, facts, base + ticket, under, begin, stop, as_of, out, row, work, wide)
        if rows >= 0:
            row += rows
            taken[U(ticket)] = 1
            change[U(ticket)] = soonest
    return last, row


@small
def _ticket(
    plain: Any, events: Any, facts: Any, ticket: int, under: int, begin: int, stop: int, as_of: int, out: Any,
    row: int, work: Any, wide: bool,
) -> tuple[int, int]:  # fmt: skip
    """How many rows a ticket has, below 0 where it is not for the quick way, and when it changes next."""
    seen, twice, strange = scanned(plain, events, work, begin, stop)
    opened, meant = events[U(2 * begin)], events[U(2 * begin + 1)]
    actor, level = (meant >> 16) & 0xFF, ((meant >> 24) & 0xFF) - 1
    if _is_strange(plain, seen, strange, opened, meant) or (strange and is_tied(plain, events, facts, begin, stop)):
        return -1, at.NEVER
    if level < 0:
        level = plain[to.Q_LEVELS]
    elif not plain[U(plain[to.Q_ASSIGNS] + actor)]:
        return -1, at.NEVER
    moves, grade = 0, level
    moving = seen & plain[to.Q_MOVING] or twice & plain[to.Q_ONCE]
    if moving:
        moves, grade = moved(plain, events, work, begin, stop, level, as_of)
        if moves < 0:
            return -1, at.NEVER
    settled, recorded = plain[U(plain[to.Q_SETTLED] + grade)], 0
    if settled == 0:
        return -1, at.NEVER
    if wide:
        recorded = others(plain, events, facts, begin, stop, seen, level, grade, settled, as_of, under)
        if recorded < 0:
            return -1, at.NEVER
    _open_at(plain, work, opened)
    resolved = _first_at(work, seen, plain[to.Q_RESOLVED])
    closed = _first_at(work, seen, plain[to.Q_CLOSED])
    before, soonest = row, at.NEVER
    calm = work[to.MOVES_AT + to.M_AT] - 1 if moving else min(resolved, closed)
    for number in range(plain[to.Q_DUTY_COUNT]):
        if done(plain, events, work, out, row, ticket, number, begin, seen, opened, actor, level, calm, wide):
            row += 1
            continue
        rows, due = _duty(
            plain, events, facts, work, out, row, ticket, under, number, begin, stop, seen, moving, moves, recorded,
            opened, actor, level, resolved, closed, as_of, wide,
        )  # fmt: skip
        if rows < 0:
            return -1, at.NEVER
        row += rows
        if due != at.NEVER and (soonest == at.NEVER or due < soonest):
            soonest = due
    for kept in range(plain[to.Q_KEPT_COUNT]):
        bare(out, row, ticket, plain[to.Q_KEPT] + kept, to.ZERO + at.KEPT, opened)
        row += 1
    if wide:
        row = rest(plain, events, facts, out, row, ticket, begin, opened, level, under)
        if row < 0:
            return -1, at.NEVER
    return row - before, soonest


@small
def _is_strange(plain: Any, seen: int, strange: int, opened: int, meant: int) -> bool:
    """Whether something of a ticket's events is for the general kernels, or it was not opened while in force."""
    alone = (seen & plain[to.Q_BEGINNERS]) == 1 << class_of(plain, meant)
    in_force = opened >= plain[to.Q_SINCE] and opened < plain[to.Q_UNTIL]
    return bool(seen & plain[to.Q_ALIENS] or strange > 1 or not alone or not in_force)


@small
def _open_at(plain: Any, work: Any, opened: int) -> None:
    """Into the workspace goes the open time of each calendar at the opening."""
    for place in range(plain[to.Q_CLOCK_COUNT]):
        work[to.OPENED_AT + U(place)] = opened_until(plain, U(plain[to.Q_CLOCKS] + place * to.CLOCK), opened)


@small
def _first_at(work: Any, seen: int, own: int) -> int:
    """When a class of events first happened."""
    return int(work[to.FIRST_AT + U(own)]) if (seen >> own) & 1 else to.LATEST


@small
def _duty(
    plain: Any, events: Any, facts: Any, work: Any, out: Any, row: int, ticket: int, under: int, number: int,
    begin: int, stop: int, seen: int, moving: int, moves: int, recorded: int, opened: int, actor: int, level: int,
    resolved: int, closed: int, as_of: int, wide: bool,
) -> tuple[int, int]:  # fmt: skip
    """How many rows a duty has, below 0 where the ticket is not for the quick way, and when it changes next."""
    duty = U(plain[to.Q_DUTIES] + number * to.PLAIN)
    cause, breach = plain[duty + to.P_CAUSE], to.BREACHES_AT + U(number * to.BREACH)
    work[breach + to.B_AT] = to.LATEST
    start, level, move, waiting, since = _start_of(plain, work, cause, opened, level)
    arises, missing = _arises(
        plain, events, facts, duty, number, cause, actor, begin, stop, start, level, under, recorded, wide
    )  # fmt: skip
    if arises == to.NOT_BORN:
        return 0, at.NEVER
    if wide and arises == to.UNSURE:
        who = begin if plain[duty + to.P_TRIGGER] else -1
        unsure(plain, events, out, row, ticket, duty, begin, start, level, missing, who)
        return 1, at.NEVER
    steady = to.LEFT if seen & plain[to.Q_REGRADERS] else level
    act, event, ends, ender, doubt, missing = _acts(
        plain, events, facts, work, duty, number, cause, begin, stop, seen, start, since, steady, under, wide
    )  # fmt: skip
    if arises == to.UNKNOWN_BIRTH or act < 0:
        return -1, at.NEVER
    if wide and doubt >= 0 and (
        seen & plain[to.Q_UNSTEADY] or not missing or missing & (recorded | plain[to.Q_AGREED_FACTS])
    ):  # what was wanted may have been told later: the act then counts, before any that followed (R23)
        return -1, at.NEVER
    grants = plain[to.Q_GRANTS] + number * (plain[to.Q_LEVELS] + 1) * to.GRANT
    grant = U(grants + level * to.GRANT)
    clock_number = plain[grant + to.G_CLOCK]
    clock = U(plain[to.Q_CLOCKS] + clock_number * to.CLOCK)
    open_at = work[to.OPENED_AT + U(clock_number)] if cause < 0 else opened_until(plain, clock, start)
    if moving:
        course = followed(
            plain, events, facts, work, duty, grants, number, clock_number, clock, start, open_at, level, waiting,
            move, moves, act, event, ends, ender, begin, stop, as_of, steady, under, wide,
        )  # fmt: skip
    else:
        over, over_by = closed if closed < resolved else to.LATEST, at.CLOSED
        if wide and ends < over:
            over, over_by = ends, ender
        course = straight(
            plain, duty, clock, plain[grant], start, open_at, level, act, event, resolved, over, over_by, as_of
        )  # fmt: skip
    if course[0] == to.LEFT:
        return -1, at.NEVER
    if wide and doubt >= 0 and is_doubted(course, events[U(2 * doubt)]):
        unsure(plain, events, out, row, ticket, duty, begin, start, level, missing, doubt)
        put(out, at.O_NAME, row, plain[grant + to.G_NAME])
        return 1, at.NEVER
    if plain[duty + to.P_OUTCOMES] & 1 and course[9] != to.LATEST:
        return -1, at.NEVER
    if plain[duty + to.P_SETS_OFF]:
        work[breach + to.B_AT], work[breach + to.B_MOVE] = course[9], course[10]
        work[breach + to.B_TRIGGERED] = start
    return 1, told(plain, events, out, row, ticket, duty, grants, begin, start, course, wide)


@small
def _start_of(plain: Any, work: Any, cause: int, opened: int, level: int) -> tuple[int, int, int, int, int]:
    """When a duty would arise, at what severity, before which move, waiting on whom; and since when acts count."""
    if cause < 0:
        return opened, level, 0, 0, opened
    breach = to.BREACHES_AT + U(cause * to.BREACH)
    move, waiting = work[breach + to.B_MOVE], 0
    start = work[breach + to.B_AT]
    if start < to.LATEST and move > 0:
        last = to.MOVES_AT + U((move - 1) * to.MOVE)
        level, waiting = work[last + to.M_LEVEL], work[last + to.M_WAITING]
    return start, level, move, waiting, work[breach + to.B_TRIGGERED]


@small
def _arises(
    plain: Any, events: Any, facts: Any, duty: Any, number: int, cause: int, actor: int, begin: int, stop: int,
    start: int, level: int, under: int, recorded: int, wide: bool,
) -> tuple[int, int]:  # fmt: skip
    """Whether a duty arises (``BORN`` …), and for want of what that is not known."""
    if start == to.LATEST:
        return to.NOT_BORN, 0
    born = plain[to.Q_BORN] + number * plain[to.Q_ACTORS] * (plain[to.Q_LEVELS] + 1) + level
    arises = plain[U(born + (actor * (plain[to.Q_LEVELS] + 1) if cause < 0 else 0))]
    if start >= plain[to.Q_UNTIL]:
        return to.UNKNOWN_BIRTH, 0
    if wide and arises >= to.ASKED:
        return asked_of(plain, events, facts, duty, begin, stop, start, level, under, recorded, arises)
    return arises, 0


@small
def _acts(
    plain: Any, events: Any, facts: Any, work: Any, duty: Any, number: int, cause: int, begin: int, stop: int,
    seen: int, start: int, since: int, level: int, under: int, wide: bool,
) -> tuple[int, int, int, int, int, int]:  # fmt: skip
    """As ``sought``, of any duty; the first is `LEFT` where only the general kernels know."""
    ends, ender, doubt, missing = to.LATEST, at.BY_NOTHING, -1, 0
    if wide and plain[duty + to.P_MORE]:
        if is_unsteady(plain, facts, duty, begin, level):
            return to.LEFT, -1, ends, ender, doubt, missing
        act, event, ends, ender, doubt, missing = sought(
            plain, events, facts, duty, number, begin, begin, stop, since, start, level, under
        )  # fmt: skip
        if cause >= 0 and (ends == start or doubt >= 0):
            act = to.LEFT
        if cause >= 0 and plain[duty + to.P_QUALIFIES]:  # an earlier act counts by what is known at the breach
            earlier, _ = next_act(plain, events, number, begin, stop, since)
            if earlier < start:
                act = to.LEFT
    else:
        act, event = first_act(plain, work, seen, duty)
        if act < since:
            act, event = next_act(plain, events, number, begin, stop, since)
    if (cause >= 0 and act == start) or (plain[duty + to.P_OUTCOMES] & 6 and act < to.LATEST):
        act = to.LEFT
    return act, event, ends, ender, doubt, missing
