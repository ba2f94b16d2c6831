"""The verdicts of plain tickets as they are written down, into [O_…, row]."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.quick_duties import Course
from slarules.columnar.kernels.quick_layout import U


@small
def told(
    plain: Any, events: Any, out: Any, row: int, ticket: int, duty: Any, grants: int, opening: int, start: int,
    course: Course,
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
    own = U(row)
    _head(out, own, plain, ticket, duty, code, level, start)
    out[at.O_DEADLINE, own], out[at.O_PERFORMED, own] = deadline, performed
    out[at.O_CONSUMED, own] = used if counts else never
    out[at.O_ALLOWED, own] = plain[grant] if counts else never
    out[at.O_LATE, own] = performed - due if late else never
    out[at.O_LATE_COUNTED, own] = late_used if late and counts else never
    out[at.O_OWED, own], out[at.O_ENDED_BY, own] = owed, ended_by
    out[at.O_CHANGE, own], out[at.O_NAME, own] = change, plain[grant + to.G_NAME]
    out[at.O_TRIGGER, own], out[at.O_ACT, own], out[at.O_FLAGS, own] = trigger, act, flags
    out[at.O_MISSING, own], out[at.O_WHO, own] = 0, -1
    return change


@small
def _head(out: Any, own: Any, plain: Any, ticket: int, duty: Any, code: int, level: int, start: int) -> None:
    """What each row of a duty begins with, and what set it off."""
    out[at.O_TICKET, own], out[at.O_RULE, own], out[at.O_STATE, own] = ticket, plain[duty + to.P_RULE], code
    out[at.O_SEVERITY, own] = level if level < plain[to.Q_LEVELS] else -1
    out[at.O_TRIGGERED, own] = start
    cause = plain[duty + to.P_CAUSE]
    out[at.O_CAUSE, own] = plain[U(plain[to.Q_DUTIES] + cause * to.PLAIN)] if cause >= 0 else -1
    out[at.O_CAUSE_NUMBER, own] = 1 if cause >= 0 else 0


@compiled
def unsure(
    plain: Any, events: Any, out: Any, row: int, ticket: int, duty: Any, opening: int, start: int, level: int,
    missing: int, who: int,
) -> None:  # fmt: skip
    """A duty of which it cannot be known whether it is owed (R9), or whether an act has performed it (R23)."""
    own = U(row)
    bare(out, row, ticket, plain[duty + to.P_RULE], to.ZERO + at.UNDETERMINED, start)
    _head(out, own, plain, ticket, duty, at.UNDETERMINED, level, start)
    out[at.O_MISSING, own], out[at.O_WHO, own] = missing, who
    if plain[duty + to.P_TRIGGER]:
        out[at.O_TRIGGER, own] = opening
        out[at.O_FLAGS, own] = (events[U(2 * opening + 1)] >> 48) & 1


@small
def bare(out: Any, row: int, ticket: int, rule: int, code: int, since: int) -> None:
    """The verdict of a rule that has no clock: of a prohibition that nothing can have broken, a right, a scope."""
    own = U(row)
    out[at.O_TICKET, own], out[at.O_RULE, own], out[at.O_STATE, own] = ticket, rule, code
    out[at.O_SEVERITY, own], out[at.O_TRIGGERED, own] = -1, since
    out[at.O_DEADLINE, own], out[at.O_PERFORMED, own], out[at.O_CHANGE, own] = at.NEVER, at.NEVER, at.NEVER
    out[at.O_CONSUMED, own], out[at.O_ALLOWED, own] = at.NEVER, at.NEVER
    out[at.O_LATE, own], out[at.O_LATE_COUNTED, own] = at.NEVER, at.NEVER
    out[at.O_OWED, own], out[at.O_ENDED_BY, own] = at.UNKNOWN_OWED, at.BY_NOTHING
    out[at.O_CAUSE, own], out[at.O_CAUSE_NUMBER, own], out[at.O_NAME, own] = -1, 0, -1
    out[at.O_TRIGGER, own], out[at.O_ACT, own], out[at.O_FLAGS, own] = -1, -1, 0
    out[at.O_MISSING, own], out[at.O_WHO, own] = 0, -1
