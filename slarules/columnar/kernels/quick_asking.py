"""Conditions as the quick way asks them: answered beforehand for whatever they turn on, as ``kernels.asking`` has them.

Facts count as they were last recorded up to an event; what an agreement does, as it stood at an instant.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as to
from slarules.columnar.kernels.asking import by_whom
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.quick_layout import U


@compiled
def asked(
    plain: Any, events: Any, facts: Any, place: int, begin: int, event: int, now: int, entry: int, level: int,
    agreement: int,
) -> int:  # fmt: skip
    """What the question at a place comes to (``T_WANTING``) for a ticket from ``begin`` on, its events up to ``event``.

    With ``entry`` that event is at hand: who acted is asked of it. ``level`` is the severity in force, below 0 where it
    is not the same throughout. `LEFT` where only the general kernels know.
    """
    many = plain[U(place)]
    found = place + 1 + 3 * many
    for number in range(many):
        own = U(place + 1 + 3 * number)
        kind, what = plain[own], plain[own + U(1)]
        code, step = 0, -1
        if kind == at.Q_FACT or kind == at.Q_FACT_OR_AGREEMENT or kind == at.Q_MEMBER:
            passing = plain[to.Q_PASSING] >> (what & 0xFFFF) & 1
            code = _recorded(facts, event if passing else begin, event, what & 0xFFFF) if entry or not passing else 0
        if kind == at.Q_AGREEMENT or (kind == at.Q_OVER and agreement >= 0):
            step = what
        elif kind == at.Q_FACT_OR_AGREEMENT and code == 0:
            step = what >> 16
        elif kind == at.Q_OVER:
            code = 1 if now >= plain[to.Q_UNTIL] else 0
        elif kind == at.Q_SEVERITY:
            code = to.LEFT if level < 0 else 0 if level == plain[to.Q_LEVELS] else level + 1
        elif kind == at.Q_ACTOR:
            code = ((events[U(2 * event + 1)] >> 16) & 0xFF) + 1 if entry else 0
        elif kind == at.Q_HAPPENED:
            code = _happened(plain, events, what, begin, event, now, agreement)
        elif kind == at.Q_OPEN:
            code = _open(plain, U(plain[to.Q_CLOCKS] + what * to.CLOCK), now)
        elif kind == at.Q_MEMBER and code > 0:
            code = _member(plain, what >> 16, code, agreement, now)
        if step >= 0:
            code = _stood(plain, step, agreement, now)
        if code < 0:
            return to.LEFT
        found += code * plain[own + U(2)]
    return int(plain[U(found)])


@compiled
def asked_of(
    plain: Any, events: Any, facts: Any, duty: Any, begin: int, stop: int, start: int, level: int, agreement: int,
    recorded: int, arises: int,
) -> tuple[int, int]:  # fmt: skip
    """What the condition beside a duty's trigger comes to: whether it arises, and for want of what that is not known.

    ``recorded`` has the facts that were recorded after the opening, a bit each: what they answer, only the general
    kernels know (R9).
    """
    upto = begin
    while upto + 1 < stop and events[U(2 * upto + 2)] <= start:
        upto += 1
    if plain[duty + to.P_TRIGGER] and upto > begin:
        return to.UNKNOWN_BIRTH, 0  # what else happened at the instant of the opening counts (R1)
    found = asked(
        plain, events, facts, plain[duty + to.P_GUARD], begin, upto, start, plain[duty + to.P_TRIGGER], level, agreement
    )  # fmt: skip
    if found == at.NO:
        return to.NOT_BORN, 0
    if found == at.YES:
        return to.UNKNOWN_BIRTH if arises == to.ASKED_ALONE else to.BORN, 0
    missing = plain[U(plain[to.Q_WANTING] + found)] if found > at.YES else 0
    if missing == 0 or missing & (recorded | plain[to.Q_AGREED_FACTS]):
        return to.UNKNOWN_BIRTH, 0
    return to.UNSURE, missing


@compiled
def is_unsteady(plain: Any, facts: Any, duty: Any, begin: int, level: int) -> bool:
    """Whether a severity changed (``level`` below 0) while which the duty stands, or what it is to keep is not true."""
    if plain[duty + to.P_STEADY] and level < 0:
        return True
    keeps = plain[duty + to.P_KEEPS]
    for place in range(facts[U(begin)], facts[U(begin + 1)]) if keeps else range(0):
        if facts[U(place)] == (1 << 16) | (keeps - 1):
            return True
    return False


@small
def _recorded(facts: Any, begin: int, event: int, fact: int) -> int:
    """A fact as it was last recorded, 0 for never; `LEFT` where that event has it twice."""
    for back in range(event - begin + 1):
        own, times, code = event - back, 0, 0
        for place in range(facts[U(own)], facts[U(own + 1)]):
            if facts[U(place)] & 0xFFFF == fact:
                code = facts[U(place)] >> 16
                times += 1
        if times:
            return code if times == 1 else to.LEFT
    return 0


@small
def _happened(plain: Any, events: Any, pattern: int, begin: int, event: int, now: int, agreement: int) -> int:
    """1 where such an event has happened to the ticket or its agreement, `LEFT` where nobody knows by whom."""
    if agreement >= 0:
        first = plain[U(plain[to.Q_AGREED] + pattern * plain[to.Q_AGREEMENTS] + agreement)]
        if first == at.BY_NOBODY:
            return to.LEFT
        if first != at.NEVER and first <= now:
            return 1
    row = U(plain[to.Q_PATTERNS] + 2 * pattern)
    for number in range(begin, event + 1):
        told = events[U(2 * number + 1)]
        if told & 0xFFFF == plain[row]:
            who = by_whom(plain[row + U(1)], ((told >> 16) & 0xFF) - 1)
            if who != at.NO:
                return 1 if who == at.YES else to.LEFT
    return 0


@small
def _open(plain: Any, clock: Any, now: int) -> int:
    """1 where a calendar is open."""
    place = U(plain[U(plain[clock + to.K_CELLS] + (now >> plain[clock + to.K_SHIFT]))])
    place += U(to.INTERVAL) * U(now >= plain[place + to.V_END])
    return 1 if now >= plain[place] and now < plain[place + to.V_END] else 0


@small
def _stood(plain: Any, step: int, agreement: int, now: int) -> int:
    """How something of an agreement stood at an instant, as ``asking.step_code``."""
    if agreement < 0:
        return 0
    place = U(plain[to.Q_STEP_AT] + step * (plain[to.Q_AGREEMENTS] + 1) + agreement)
    code = 0
    for row in range(plain[place], plain[place + U(1)]):
        if plain[U(plain[to.Q_STEPS] + 2 * row)] > now:
            break
        code = plain[U(plain[to.Q_STEPS] + 2 * row + 1)]
    return int(code)


@small
def _member(plain: Any, role: int, person: int, agreement: int, now: int) -> int:
    """Whether a role has a person, as ``asking.member_code``."""
    if agreement < 0:
        return 1
    place = U(plain[to.Q_MEMBER_AT] + role * (plain[to.Q_AGREEMENTS] + 1) + agreement)
    code = 2
    for row in range(plain[place], plain[place + U(1)]):
        own = U(plain[to.Q_MEMBERS] + at.MEMBER * row)
        if plain[own] == person and plain[own + U(1)] <= now:
            code = plain[own + U(2)] + 1
    return int(code)
