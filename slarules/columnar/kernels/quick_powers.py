"""What stands beside the duties of a plain ticket: prohibitions, rights, scopes, and the severity's definition."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.asking import by_whom
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.quick_asking import asked
from slarules.columnar.kernels.quick_events import class_of
from slarules.columnar.kernels.quick_layout import U
from slarules.columnar.kernels.quick_rows import bare, put


@compiled
def others(
    plain: Any, events: Any, facts: Any, begin: int, stop: int, seen: int, level: int, grade: int, settled: int,
    as_of: int, under: int,
) -> int:  # fmt: skip
    """What was recorded of a ticket after its opening, a bit each; below 0 where the ticket is not for the quick way.

    It is not where something that it turns on throughout was recorded later, where it is out of scope or may be, where
    its severity is not as defined, and where a prohibition is broken or may be.
    """
    regraded = seen & plain[to.Q_REGRADERS]
    recorded = at.SEVERITY_WANTED if regraded else 0
    for place in range(facts[U(begin + 1)], facts[U(stop)]):
        recorded |= 1 << (facts[U(place)] & 63)
    recorded &= ~plain[to.Q_PASSING]
    if recorded & plain[to.Q_LASTING]:
        return -1
    for scope in range(plain[to.Q_SCOPE_COUNT]):
        place, now = plain[U(plain[to.Q_SCOPES] + 2 * scope + 1)], events[U(2 * begin)]
        if asked(plain, events, facts, place, begin, begin, now, to.ZERO, -to.ONE, under) != at.NO:
            return -1
    if settled > 1:
        found = asked(plain, events, facts, settled, begin, stop - 1, as_of, to.ZERO, grade, under)
        if found == at.NO or found == to.LEFT:
            return -1
    steady = to.LEFT if regraded else level
    if seen & plain[to.Q_FORBIDDEN] and _is_forbidden(plain, events, facts, begin, stop, steady, under):
        return -1
    return int(recorded)


@small
def _is_forbidden(plain: Any, events: Any, facts: Any, begin: int, stop: int, level: int, under: int) -> bool:
    """Whether an event breaks a prohibition, or may."""
    for event in range(begin, stop):
        forbids = plain[U(plain[to.Q_FORBIDS] + class_of(plain, events[U(2 * event + 1)]))]
        many = plain[U(forbids)] if forbids else 0
        for number in range(many):
            place = plain[U(forbids + 1 + number)]
            if asked(plain, events, facts, place, begin, event, events[U(2 * event)], to.ONE, level, under) != at.NO:
                return True
    return False


@compiled
def rest(
    plain: Any, events: Any, facts: Any, out: Any, row: int, ticket: int, begin: int, opened: int, level: int,
    under: int,
) -> int:  # fmt: skip
    """The rows of rights and scopes; gives the row after them."""
    actor = ((events[U(2 * begin + 1)] >> 16) & 0xFF) - 1
    for number in range(plain[to.Q_RIGHT_COUNT]):
        right = U(plain[to.Q_RIGHTS] + number * to.RIGHT)
        if by_whom(plain[right + to.R_PARTIES], actor) == at.NO:
            continue
        found, place = at.YES, plain[right + to.R_QUESTION]
        if place:
            found = asked(plain, events, facts, place, begin, begin, opened, to.ONE, level, under)
        if found == to.LEFT:
            return -1
        code = at.PERMITTED if found == at.YES else at.NOT_PERMITTED if found == at.NO else at.UNDETERMINED
        bare(out, row, ticket, plain[right + to.R_RULE], code, opened)
        put(out, at.O_PERFORMED, row, opened)
        put(out, at.O_TRIGGER, row, begin)
        put(out, at.O_WHO, row, begin)
        put(out, at.O_MISSING, row, plain[U(plain[to.Q_WANTING] + found)] if found > at.YES else 0)
        row += 1
    for scope in range(plain[to.Q_SCOPE_COUNT]):
        bare(out, row, ticket, plain[U(plain[to.Q_SCOPES] + 2 * scope)], to.ZERO + at.IN_SCOPE, opened)
        row += 1
    return row
