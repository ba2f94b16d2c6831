"""What becomes of one duty of a plain ticket: without a clock that stops at a glance, else event by event.

Both give (phase, deadline, act, whether it is owed, what ended it, open time used, of it after the breach, severity,
whether the clock stands still, when and before which move it was breached, and until when it was followed); the phase
is `LEFT` where only the general kernels know. ``LATEST`` is a deadline, an instant that is not.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.quick_clocks import opened_until, reached_at
from slarules.columnar.kernels.quick_events import next_act, next_end, next_qualified
from slarules.columnar.kernels.quick_layout import U

Course = tuple[int, int, int, int, int, int, int, int, int, int, int, int]


@small
def straight(
    plain: Any, duty: Any, clock: Any, allowed: int, start: int, open_at: int, level: int,
    act: int, event: int, resolved: int, over: int, over_by: int, as_of: int,
) -> Course:  # fmt: skip
    """A duty of a ticket that never waits, is never regraded or reopened; ``over_by`` ends it at ``over``."""
    counts = plain[duty + to.P_COUNTS]
    due = reached_at(plain, clock, open_at + allowed) if counts else to.LATEST
    stop = min(resolved, over)
    phase, owed, ended_by, still, until, breached = at.PENDING, 1, at.BY_NOTHING, 0, as_of, to.LATEST
    if act <= due and act <= stop and act < to.LATEST:
        phase, owed, until = at.MET, 0, act
    elif due < stop and due <= as_of:
        phase, breached = at.BREACHED, due
        if act <= over and act < to.LATEST:
            owed, until = 0, act
        else:
            event = -1
            if over < to.LATEST:
                owed, ended_by, until = 0, over_by, over
    elif act <= over and act < to.LATEST:  # performed while it was resolved
        phase, owed, until, due, still = at.MET, 0, act, to.LATEST, 1
    else:
        event = -1
        if over < to.LATEST:
            phase, owed, ended_by, until, due = at.ENDED, 0, over_by, over, to.LATEST
        elif resolved < to.LATEST:
            due, still = to.LATEST, 1
    used = 0
    if counts:
        if (due == to.LATEST and phase == at.PENDING and not still) or (
            act == due and plain[duty + to.P_STRICT] and act < to.LATEST
        ):
            phase = to.LEFT
        if until > start:
            used = opened_until(plain, clock, min(until, resolved)) - open_at
    return phase, due, event, owed, ended_by, used, used - allowed, level, still, breached, 0, until


@compiled
def sought(
    plain: Any, events: Any, facts: Any, duty: Any, number: int, first: int, begin: int, stop: int, since: int,
    start: int, level: int, agreement: int,
) -> tuple[int, int, int, int, int, int]:  # fmt: skip
    """When a duty that asks something of an act, or that something ends by itself, is next performed, and ended; and
    which act before may have performed it, for want of what."""
    ends, ender, doubt, missing = to.LATEST, at.BY_NOTHING, -1, 0
    if plain[duty + to.P_QUALIFIES]:
        act, event, doubt, missing = next_qualified(
            plain, events, facts, duty, number, first, begin, stop, since, level, agreement
        )  # fmt: skip
    else:
        act, event = next_act(plain, events, number, begin, stop, since)
    if plain[duty + to.P_UNTIL]:
        ends, ender = next_end(plain, events, number, begin, stop, start)
    return act, event, ends, ender, doubt, missing


@small
def is_doubted(course: Course, doubted: int) -> bool:
    """Whether an act that may have performed a duty came while it was pending, and none that did (R23)."""
    if course[0] == at.MET:
        return False
    return doubted <= course[9] and (course[0] != at.ENDED or doubted <= course[11])


@small
def followed(
    plain: Any, events: Any, facts: Any, work: Any, duty: Any, grants: int, number: int, clock_number: int, clock: Any,
    start: int, open_at: int, level: int, waiting: int, move: int, moves: int,
    act: int, event: int, ends: int, ender: int, begin: int, stop: int, as_of: int, same_level: int,
    agreement: int, wide: bool,
) -> Course:  # fmt: skip
    """A duty from one event that moves a clock to the next; ``ender`` ends it by itself at ``ends``."""
    counts, paused = plain[duty + to.P_COUNTS], plain[duty + to.P_PAUSED]
    allowed = plain[U(grants + level * to.GRANT)]
    shift, stood, least, used_before = open_at, open_at, start, 0
    still = (paused >> waiting) & 1 if waiting else 0
    phase, owed, ended_by, closer = at.PENDING, 1, at.BY_NOTHING, False
    until, breached, breached_move, by, ticket_level = as_of, to.LATEST, 0, -1, level
    after, resolved = begin, start
    due = _due(plain, clock, shift + allowed, least) if counts and not still else to.LATEST
    if counts and not still and due == to.LATEST:
        phase = to.LEFT
    elif act < start and plain[duty + to.P_REOPENING] in (at.RESUME, at.RESTART):
        phase = to.LEFT  # a reopening may have undone it
    elif act < start:  # a consequence that was done before
        return at.MET, due, event, 0, ended_by, 0, 0, level, still, to.LATEST, 0, act
    while phase != to.LEFT:
        row = to.MOVES_AT + U(move * to.MOVE)
        now = work[row + to.M_AT]
        if owed:
            if phase == at.PENDING and due < now and due < act and not (wide and ends <= due):
                phase, breached, breached_move, paused = at.BREACHED, due, move, 0
                used_before = opened_until(plain, clock, due) - shift if counts else 0
            if act < now and not (wide and ends < act):
                by, owed, until = event, 0, act
                if phase == at.PENDING:
                    phase = at.MET
                    if act == due and plain[duty + to.P_STRICT]:
                        phase = to.LEFT
                break
            if wide and ends < now:
                owed, until, ended_by = 0, ends, ender
                phase = at.ENDED if phase == at.PENDING else phase
                break
        if move == moves:
            break
        does, opened, grade = work[row + to.M_KIND], work[row + to.M_OPEN + U(clock_number)], work[row + to.M_LEVEL]
        was, ticket_level = ticket_level, grade
        move += 1
        if owed and act == now:
            by, owed, until = event, 0, act
            if phase == at.PENDING:
                phase = at.MET
                if act == due and plain[duty + to.P_STRICT]:
                    phase = to.LEFT
            if does != to.RESOLVES or plain[duty + to.P_REOPENING] == at.IGNORE:
                break
            closer, after, resolved = True, work[row + to.M_EVENT] + 1, now
            if not still:
                still, stood = 1, opened
            continue
        if wide and owed and ends == now and does == to.RESOLVES and plain[duty + to.P_REOPENING] != at.IGNORE:
            owed, until, ended_by, closer = 0, now, ender, True
            after, resolved = work[row + to.M_EVENT] + 1, now
            phase = at.ENDED if phase == at.PENDING else phase
            if not still:
                still, stood = 1, opened
            continue
        if does == to.CLOSES or does == to.ENDS_ALL or (wide and owed and ends == now):
            if owed:
                owed, until = 0, now
                ended_by = events[U(2 * work[row + to.M_EVENT] + 1)] & 0xFFFF
                if phase == at.PENDING:
                    phase = at.ENDED
            break
        if closer and does != to.REOPENS:
            continue
        anew = False
        if closer:
            if plain[duty + to.P_REOPENING] != at.RESUME:
                phase = to.LEFT
                break
            if next_act(plain, events, number, after, stop, resolved)[0] < now:
                phase = to.LEFT  # done on the resolved ticket
                break
            if wide and plain[duty + to.P_UNTIL] and next_end(plain, events, number, after, stop, resolved)[0] < now:
                phase = to.LEFT
                break
            closer, by, owed, until, ended_by = False, -1, 1, as_of, at.BY_NOTHING
            after = work[row + to.M_EVENT] + 1
            if wide and plain[duty + to.P_MORE]:
                act, event, ends, ender, doubt, _ = sought(
                    plain, events, facts, duty, number, begin, after, stop, now, now, same_level, agreement
                )
                if doubt >= 0:
                    phase = to.LEFT
                    break
            else:
                act, event = next_act(plain, events, number, after, stop, now)
            if phase != at.BREACHED:
                phase, anew, was = at.PENDING, True, level
        if phase == at.PENDING and grade != was:
            graver = plain[U(plain[to.Q_GRAVE] + grade)] < plain[U(plain[to.Q_GRAVE] + was)]
            rule = plain[duty + to.P_RISES] if graver else plain[duty + to.P_FALLS]
            if rule == at.RECOUNT:
                level = grade
                if plain[duty + to.P_BY_SEVERITY]:
                    if not plain[duty + to.P_ALIKE]:
                        phase = to.LEFT
                        break
                    allowed, anew = plain[U(grants + level * to.GRANT)], True
            elif rule != at.KEEP:
                phase = to.LEFT
                break
        waiting = work[row + to.M_WAITING]
        rests = 1 if work[row + to.M_RESOLVED] or (waiting and (paused >> waiting) & 1) else 0
        if rests:
            if not still:
                stood, still = opened, 1
            if phase == at.PENDING:  # also where it was reopened, and stands still as it did while it was resolved
                due = to.LATEST
        elif still:
            shift += opened - stood
            still, anew = 0, True
        if anew:
            least = now
            if phase == at.PENDING and counts and not still:
                due = _due(plain, clock, shift + allowed, least)
                if due == to.LATEST:
                    phase = to.LEFT
    used = 0
    if counts:
        used = (stood if still else opened_until(plain, clock, until)) - shift
    return phase, due, by, owed, ended_by, used, used - used_before, level, still, breached, breached_move, until


@small
def _due(plain: Any, clock: Any, amount: int, least: int) -> int:
    found = reached_at(plain, clock, amount)
    return max(least, found)
