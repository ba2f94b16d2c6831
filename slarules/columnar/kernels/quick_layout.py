"""What stands where in the tables and the workspace of the quick way (see ``kernels.quick``)."""

from __future__ import annotations

from typing import Any

import numpy as np

U = np.uint64
"""Positions are unsigned: no sign is tested, and none of them is ever below zero."""

ZERO: Any = np.int64(0)
ONE: Any = np.int64(1)
"""To the compiler any whole numbers: a function to which 0 itself is given is compiled once more for it."""

LATEST = 1 << 62
"""After every instant: what never happens."""

# ---- What a class of events does to the ticket; events of one class are alike for every rule ---------------------
ACT, BEGINS, RESOLVES, CLOSES, WAITS, RESUMES, REGRADES, REOPENS, ENDS_ALL, ALIEN = range(10)
"""From `RESOLVES` on it moves a clock or ends something; an `ALIEN` one is for the general kernels."""
CLASSES, MOVES, DUTIES, CLOCKS = 60, 48, 60, 8
"""So many classes, events that move a clock (of one ticket), duties and clocks there is room for."""
CLASS, SEVERE = 63, 0xFF << 24
"""The bits of a class, and those of an event's severity."""
LONGEST_WAIT = 60
"""Codes of whom a ticket waits on that fit in a set."""

LEFT = -1
"""The phase of a duty of which only the general kernels know what becomes."""

# ---- Whether a duty arises -----------------------------------------------------------------------------------------
NOT_BORN, BORN, UNKNOWN_BIRTH, ASKED, ASKED_ALONE, UNSURE = range(6)
"""Never; always; only the general kernels know; as its condition comes out; likewise, but it is not followed where it
does arise; that cannot be known for want of something."""

# ---- A duty --------------------------------------------------------------------------------------------------------
(
    P_RULE,  # its number among rules
    P_COUNTS,  # 1: it has a clock; 0: it is owed without end
    P_STRICT,
    P_PAUSED,
    P_RISES,
    P_FALLS,
    P_REOPENING,
    P_BY_SEVERITY,
    P_ALIKE,  # 1: at every severity its limit counts, and in one calendar
    P_EFFORT,
    P_CAUSE,  # the duty whose breach sets it off; -1: the opening
    P_TRIGGER,  # 1: the opening event is its trigger; 0: it has none
    P_ACTS,  # where the classes of its acts stand,
    P_ACT_COUNT,  # and how many they are
    P_OUTCOMES,  # the outcomes that set off what is not plain, a bit each: breached, met, performed
    P_GUARD,  # where its question stands; 0: none is asked
    P_SETS_OFF,  # 1: its breach sets off duties
    P_MORE,  # 1: it has any of these:
    P_QUALIFIES,  # where the question stands whether an act performs it; 0: none is asked
    P_UNTIL,  # 1: some event ends it by itself
    P_KEEPS,  # the fact that it is to keep true, from 1; 0: none
    P_STEADY,  # 1: it stands only while the severity is as it is
    P_SIMPLE,  # the class of its acts, from 1, where openings set it off and nothing else is to be asked; else 0
) = (U(n) for n in range(23))
PLAIN = 23

# ---- Its limit at one severity; the last severity is none ----------------------------------------------------------
G_ALLOWED, G_CLOCK, G_NAME = (U(n) for n in range(3))
GRANT = 3

# ---- What is written -------------------------------------------------------------------------------------------------
ROOM = (1 << 16) + 24
"""[O_…, row]: there is room for so many rows. It is a number that the compiler knows, so that places are reckoned from
one; and no power of two, which would keep the columns from one another in the cache."""

# ---- A calendar: cells of time, and of open time, each with the place of the first interval that it may mean -----
K_CELLS, K_SHIFT, K_INVERSE, K_INVERSE_SHIFT, K_TOTAL = (U(n) for n in range(5))
CLOCK = 5
V_START, V_END, V_BEFORE = (U(n) for n in range(3))
INTERVAL = 3

# ---- The head of the tables ----------------------------------------------------------------------------------------
(
    Q_ACTORS,  # how many actors there are, the unknown and the others too
    Q_CLASS,  # [type, actor + 1]: the class, and the bits that no event of it may have
    Q_CLASSES,  # how many classes there are
    Q_KIND,  # [class]: what it does
    Q_PERFORMS,  # [class]: the duties that it performs, a bit each
    Q_MOVING,  # the classes for which a ticket is followed event by event, a bit each
    Q_ALIENS,  # the classes that are for the general kernels
    Q_BEGINNERS,  # the classes of openings
    Q_ONCE,  # the classes that a ticket not followed event by event may have but once
    Q_RESOLVED,  # the usual class of resolutions,
    Q_CLOSED,  # and of closings
    Q_DUTIES,  # [duty, P_…]
    Q_DUTY_COUNT,
    Q_GRANTS,  # [duty, severity, G_…]
    Q_BORN,  # [duty, actor + 1, severity]: whether it arises
    Q_LEVELS,
    Q_GRAVE,  # [severity]: its place, the gravest first; the last is none
    Q_SETTLED,  # [severity]: the question whether its definition holds; 1: none is asked; 0: not known here
    Q_ASSIGNS,  # [actor + 1]: whether it may assign a severity,
    Q_CHANGES,  # or change one
    Q_CLOCKS,  # [clock, K_…]
    Q_CLOCK_COUNT,
    Q_KEPT,  # the first prohibition's number among rules,
    Q_KEPT_COUNT,  # and how many they are
    Q_LATEST,  # the last instant that the calendars hold
    Q_SINCE,  # the contract is in force from then,
    Q_UNTIL,  # and from then no more
    Q_MOST,  # the most rows of a ticket
    Q_ENDS,  # [class]: the duties that it ends, a bit each
    Q_REGRADERS,  # the classes that change the severity
    Q_UNSTEADY,  # and those that do so or reopen the ticket
    Q_INERT,  # the classes of acts that do nothing
    Q_WIDE,  # 1: there is any of what follows
    Q_LASTING,  # the facts that something turns on throughout, a bit each
    Q_FORBIDS,  # [class]: where the questions of prohibitions stand that it may break, led by how many; 0: none
    Q_FORBIDDEN,  # the classes that may break one
    Q_RIGHTS,  # [·, R_…]: the rights that an opening is checked against
    Q_RIGHT_COUNT,
    Q_SCOPES,  # [·, (rule, question)]
    Q_SCOPE_COUNT,
    Q_AGREED_FACTS,  # the bits of facts that are recorded of agreements
    Q_PASSING,  # and of those that are said of one event, and not kept
    Q_WANTING,  # [answer]: for want of what it is unknown
    Q_AGREEMENTS,  # and of agreements what ``layout.T_…`` has:
    Q_STEP_AT,
    Q_STEPS,
    Q_MEMBER_AT,
    Q_MEMBERS,
    Q_AGREED,
    Q_PATTERNS,
) = (U(n) for n in range(50))
QUICK_HEADER = 50

# ---- A right that an opening is checked against -------------------------------------------------------------------
R_RULE, R_PARTIES, R_QUESTION = (U(n) for n in range(3))
RIGHT = 3

# ---- The workspace of one ticket -----------------------------------------------------------------------------------
#
# When a class first happened and which event it was; the events that move a clock; what a breach sets off.
M_AT, M_KIND, M_EVENT, M_WAITING, M_LEVEL, M_RESOLVED, M_OPEN = (U(n) for n in range(7))
MOVE = 7 + CLOCKS - 1  # the last is open time by clock
B_AT, B_MOVE, B_TRIGGERED = (U(n) for n in range(3))
BREACH = 3
FIRST_AT = U(0)
FIRST_EVENT = U(CLASSES)
MOVES_AT = U(2 * CLASSES)
BREACHES_AT = U(2 * CLASSES + (MOVES + 1) * MOVE)
OPENED_AT = U(2 * CLASSES + (MOVES + 1) * MOVE + DUTIES * BREACH)  # [clock]: open time at the opening
QUICK_WORK = 2 * CLASSES + (MOVES + 1) * MOVE + DUTIES * BREACH + CLOCKS
