"""The verdicts of plain tickets as they are written down, into [O_…, row], of which `quick_layout.ROOM` rows fit."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.quick_duties import Course
from slarules.columnar.kernels.quick_layout import U


@small
def put(out: Any, column: int, row: int, value: int) -> None:
    """One field of one verdict."""
    out[U(column * to.ROOM + row)] = value


@small
def told(
    plain: Any, events: Any, out: Any, row: int, ticket: int, duty: Any, grants: int, opening: int, start: int,
    course: Course, wide: bool,
) -> int:  # fmt: skip
    """What became of a duty; gives when it changes next."""
    phase, due, act, owed, ended_by, used, late_used, level, still, _, _, _ = course
    counts = plain[duty + to.P_COUNTS]
    never = at.NEVER
    pending = phase == at.PENDING
    code = phase
    if plain[duty + to.P_EFFORT]:
        code = at.REACHED if phase == at.MET else at.MISSED if phase == at.BREACHED else phase
    if pending and still and counts:
        code = at.SUSPENDED
    grant = U(grants + level * to.GRANT)
    trigger = opening if plain[duty + to.P_TRIGGER] else -1
    deadline = never if due == to.LATEST or phase == at.ENDED else due
    flags = (events[U(2 * opening + 1)] >> 48) & 1 if trigger >= 0 else 0
    performed = never
    if act >= 0:
        performed = events[U(2 * act)]
        flags |= (events[U(2 * act + 1)] >> 48) & 1
    late = phase == at.BREACHED and act >= 0
    change = deadline if pending else never
    _head(out, row, plain, ticket, duty, code, level, start)
    put(out, at.O_DEADLINE, row, deadline)
    put(out, at.O_PERFORMED, row, performed)
    put(out, at.O_CONSUMED, row, used if counts else never)
    put(out, at.O_ALLOWED, row, plain[grant] if counts else never)
    put(out, at.O_LATE, row, performed - due if late else never)
    put(out, at.O_LATE_COUNTED, row, late_used if late and counts else never)
    put(out, at.O_OWED, row, owed)
    put(out, at.O_ENDED_BY, row, ended_by)
    put(out, at.O_CHANGE, row, change)
    put(out, at.O_NAME, row, plain[grant + to.G_NAME])
    put(out, at.O_TRIGGER, row, trigger)
    put(out, at.O_ACT, row, act)
    put(out, at.O_FLAGS, row, flags)
    if wide:
        put(out, at.O_MISSING, row, to.ZERO)
        put(out, at.O_WHO, row, -to.ONE)
    return change


@small
def _head(out: Any, row: int, plain: Any, ticket: int, duty: Any, code: int, level: int, start: int) -> None:
    """What each row of a duty begins with, and what set it off."""
    put(out, at.O_TICKET, row, ticket)
    put(out, at.O_RULE, row, plain[duty + to.P_RULE])
    put(out, at.O_STATE, row, code)
    put(out, at.O_SEVERITY, row, level if level < plain[to.Q_LEVELS] else -1)
    put(out, at.O_TRIGGERED, row, start)
    cause = plain[duty + to.P_CAUSE]
    put(out, at.O_CAUSE, row, plain[U(plain[to.Q_DUTIES] + cause * to.PLAIN)] if cause >= 0 else -1)
    put(out, at.O_CAUSE_NUMBER, row, 1 if cause >= 0 else 0)


@compiled
def unsure(
    plain: Any, events: Any, out: Any, row: int, ticket: int, duty: Any, opening: int, start: int, level: int,
    missing: int, who: int,
) -> None:  # fmt: skip
    """A duty of which it cannot be known whether it is owed (R9), or whether an act has performed it (R23)."""
    bare(out, row, ticket, plain[duty + to.P_RULE], to.ZERO + at.UNDETERMINED, start)
    _head(out, row, plain, ticket, duty, at.UNDETERMINED, level, start)
    put(out, at.O_MISSING, row, missing)
    put(out, at.O_WHO, row, who)
    if plain[duty + to.P_TRIGGER]:
        put(out, at.O_TRIGGER, row, opening)
        put(out, at.O_FLAGS, row, (events[U(2 * opening + 1)] >> 48) & 1)


@small
def bare(out: Any, row: int, ticket: int, rule: int, code: int, since: int) -> None:
    """The verdict of a rule that has no clock: of a prohibition that nothing can have broken, a right, a scope."""
    put(out, at.O_TICKET, row, ticket)
    put(out, at.O_RULE, row, rule)
    put(out, at.O_STATE, row, code)
    put(out, at.O_SEVERITY, row, -1)
    put(out, at.O_TRIGGERED, row, since)
    put(out, at.O_DEADLINE, row, at.NEVER)
    put(out, at.O_PERFORMED, row, at.NEVER)
    put(out, at.O_CHANGE, row, at.NEVER)
    put(out, at.O_CONSUMED, row, at.NEVER)
    put(out, at.O_ALLOWED, row, at.NEVER)
    put(out, at.O_LATE, row, at.NEVER)
    put(out, at.O_LATE_COUNTED, row, at.NEVER)
    put(out, at.O_OWED, row, at.UNKNOWN_OWED)
    put(out, at.O_ENDED_BY, row, at.BY_NOTHING)
    put(out, at.O_CAUSE, row, -1)
    put(out, at.O_CAUSE_NUMBER, row, 0)
    put(out, at.O_NAME, row, -1)
    put(out, at.O_TRIGGER, row, -1)
    put(out, at.O_ACT, row, -1)
    put(out, at.O_FLAGS, row, 0)
    put(out, at.O_MISSING, row, 0)
    put(out, at.O_WHO, row, -1)
