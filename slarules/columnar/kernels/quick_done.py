"""What becomes of most duties: an opening set it off, and an act performed it before anything moved its clock."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.compiled import small
from slarules.columnar.kernels.quick_clocks import opened_until, reached_at
from slarules.columnar.kernels.quick_layout import U
from slarules.columnar.kernels.quick_rows import put


@small
def done(
    plain: Any, events: Any, work: Any, out: Any, row: int, ticket: int, number: int, begin: int, seen: int,
    opened: int, actor: int, level: int, calm: int, wide: bool,
) -> bool:  # fmt: skip
    """Whether it is one of these: then its row is written. Until ``calm`` nothing moves a clock of the ticket."""
    duty = U(plain[to.Q_DUTIES] + number * to.PLAIN)
    own, levels = plain[duty + to.P_SIMPLE], plain[to.Q_LEVELS]
    if own == 0 or not (seen >> (own - 1)) & 1:
        return False
    act, event = work[to.FIRST_AT + U(own - 1)], work[to.FIRST_EVENT + U(own - 1)]
    born = plain[to.Q_BORN] + (number * plain[to.Q_ACTORS] + actor) * (levels + 1) + level
    if act > calm or plain[U(born)] != to.BORN:
        return False
    grant = U(plain[to.Q_GRANTS] + (number * (levels + 1) + level) * to.GRANT)
    clock_number, allowed = plain[grant + to.G_CLOCK], plain[grant]
    clock = U(plain[to.Q_CLOCKS] + clock_number * to.CLOCK)
    open_at = work[to.OPENED_AT + U(clock_number)]
    due = reached_at(plain, clock, open_at + allowed)
    if due == to.LATEST:
        return False
    late, used = act > due, opened_until(plain, clock, act) - open_at
    if plain[duty + to.P_SETS_OFF]:
        breach = to.BREACHES_AT + U(number * to.BREACH)
        work[breach + to.B_AT] = due if late else to.LATEST
        work[breach + to.B_MOVE], work[breach + to.B_TRIGGERED] = 0, opened
    flags = ((events[U(2 * begin + 1)] | events[U(2 * event + 1)]) >> 48) & 1
    _write(plain, out, row, ticket, duty, grant, level, opened, due, act, used, late)
    put(out, at.O_TRIGGER, row, begin)
    put(out, at.O_ACT, row, event)
    put(out, at.O_FLAGS, row, flags)
    if wide:
        put(out, at.O_MISSING, row, to.ZERO)
        put(out, at.O_WHO, row, -to.ONE)
    return True


@small
def _write(
    plain: Any, out: Any, row: int, ticket: int, duty: Any, grant: Any, level: int, opened: int, due: int, act: int,
    used: int, late: bool,
) -> None:  # fmt: skip
    """All but the events that it rests on."""
    put(out, at.O_TICKET, row, ticket)
    put(out, at.O_RULE, row, plain[duty + to.P_RULE])
    put(out, at.O_STATE, row, at.BREACHED if late else at.MET)
    put(out, at.O_SEVERITY, row, level if level < plain[to.Q_LEVELS] else -1)
    put(out, at.O_TRIGGERED, row, opened)
    put(out, at.O_DEADLINE, row, due)
    put(out, at.O_PERFORMED, row, act)
    put(out, at.O_CONSUMED, row, used)
    put(out, at.O_ALLOWED, row, plain[grant])
    by, counted = act - due, used - plain[grant]  # reckoned in any case, so that nothing need be jumped over
    put(out, at.O_LATE, row, by if late else at.NEVER)
    put(out, at.O_LATE_COUNTED, row, counted if late else at.NEVER)
    put(out, at.O_OWED, row, to.ZERO)
    put(out, at.O_ENDED_BY, row, to.ZERO + at.BY_NOTHING)
    put(out, at.O_CAUSE, row, -to.ONE)
    put(out, at.O_CAUSE_NUMBER, row, to.ZERO)
    put(out, at.O_CHANGE, row, at.NEVER)
    put(out, at.O_NAME, row, plain[grant + to.G_NAME])
