"""What a limit comes to as things stand, and its clock wound (R6, R14, R29, R33). Equal to ``judging.limits``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import by_whom, combination
from slarules.columnar.kernels.clock import settle, wind
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.dates import end_after, in_months
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    AFTER,
    AWAITING,
    BY_END,
    C_ALLOWED,
    C_CALENDAR,
    C_ELSE,
    C_ELSE_ALLOWED,
    C_KIND,
    C_NAME,
    CELL,
    CELLS,
    COUNTING,
    DATED,
    EARLIER_ACT,
    FIXED,
    FROM_ITS_START,
    FROM_NOW,
    I_ALLOWED,
    I_BEGUN,
    I_CALENDAR,
    I_DUE,
    I_DUTY,
    I_FLOOR,
    I_KIND,
    I_NAME,
    I_PERFORMED_AT,
    I_PHASE,
    I_SINCE,
    I_STRETCHES,
    I_UNCERTAIN,
    I_USED,
    INSTANCE,
    INSTANCES_AT,
    L_ALLOWED,
    L_CALENDAR,
    L_KIND,
    L_NAME,
    LIMIT,
    M_EVENTS,
    MANY,
    MONTHS,
    NEVER,
    NO,
    NO_PROMISE,
    NO_SEVERITY,
    PASSED,
    PENDING,
    REOPENED,
    RESOLVED,
    S_ANEW,
    S_BEYOND,
    S_FIRST,
    S_INSTANCES,
    S_NOW,
    S_PARTS,
    S_SEVERITY,
    S_UPTO,
    SEVERAL,
    T_CELLS,
    T_LEVELS,
    T_LIMITS,
    T_PARTS,
    T_PATTERNS,
    T_PERFORMS,
    T_TYPES,
    TRIAL,
    UNDETERMINED,
    WAITING,
    YES,
)

# What a limit comes to is told as kind, length, calendar, its name, and from when it runs.


@small
def limit_of(memory: Any, duty: int, severity: int) -> int:
    """Where a duty's limit at a severity stands; below 0: at none."""
    level = severity if severity >= 0 else memory[T_LEVELS]
    return int(memory[T_LIMITS] + (duty * (memory[T_LEVELS] + 1) + level) * LIMIT)


@compiled
def terms(memory: Any, duty: int, start: int) -> tuple[int, int, int, int, int]:
    """What a duty's limit comes to at the present severity, for an instance that runs from ``start``."""
    limit = limit_of(memory, duty, memory[S_SEVERITY])
    if memory[limit + L_KIND] == CELLS:
        return asked(memory, duty, memory[limit + L_ALLOWED], start)
    return (
        int(memory[limit + L_KIND]),
        int(memory[limit + L_ALLOWED]),
        int(memory[limit + L_CALENDAR]),
        int(memory[limit + L_NAME]),
        start,
    )


@compiled
def asked(memory: Any, duty: int, question: int, start: int) -> tuple[int, int, int, int, int]:
    """What a limit comes to that turns on more than the severity."""
    cell = cell_of(memory, question)
    kind = memory[cell + C_KIND]
    if kind == AFTER:
        return _after(memory, duty, cell, start)
    if kind == BY_END and memory[cell + C_ALLOWED] <= start and not _stays(memory, cell):
        return _instead(memory, cell, memory[cell + C_ALLOWED], start)
    if kind == BY_END:
        kind = FIXED
    if kind == SEVERAL:
        return _several(memory, duty, cell, start)
    return (
        int(kind),
        int(memory[cell + C_ALLOWED]),
        int(memory[cell + C_CALENDAR]),
        int(memory[cell + C_NAME]),
        start,
    )


@compiled
def cell_of(memory: Any, question: int) -> int:
    """The cell that a question comes to now."""
    return int(memory[T_CELLS] + combination(memory, question) * CELL)


@compiled
def span_of(memory: Any, duty: int, severity: int) -> tuple[int, int, int, int]:
    """How long a duty has, whatever it runs from: kind, length, calendar, its name."""
    limit = limit_of(memory, duty, severity)
    if memory[limit + L_KIND] != CELLS:
        return (
            int(memory[limit + L_KIND]),
            int(memory[limit + L_ALLOWED]),
            int(memory[limit + L_CALENDAR]),
            int(memory[limit + L_NAME]),
        )
    cell = cell_of(memory, memory[limit + L_ALLOWED])
    if memory[cell + C_KIND] == AFTER:
        cell = cell_of(memory, memory[cell + C_CALENDAR])
    return (
        int(memory[cell + C_KIND]),
        int(memory[cell + C_ALLOWED]),
        int(memory[cell + C_CALENDAR]),
        int(memory[cell + C_NAME]),
    )


@small
def _stays(memory: Any, cell: int) -> bool:
    """Whether what has arisen keeps a date that has passed, for which nothing stands in (R6, R29)."""
    return bool(memory[S_ANEW] and memory[cell + C_ELSE] not in (COUNTING, DATED, MONTHS))


@compiled
def _instead(memory: Any, cell: int, passed: int, start: int) -> tuple[int, int, int, int, int]:
    """R29: the limit where the stated one is not after the trigger."""
    kind, span = memory[cell + C_ELSE], memory[cell + C_ELSE_ALLOWED]
    if kind == COUNTING:
        return COUNTING, int(span), -1, -1, start
    if kind == DATED:
        return FIXED, end_after(memory, start, span), -1, -1, start
    if kind == MONTHS:
        return FIXED, in_months(memory, start, span), -1, -1, start
    return PASSED, int(passed), -1, -1, start


# ---- Limits that run from a milestone -------------------------------------------------------------------------------


@compiled
def _after(memory: Any, duty: int, cell: int, start: int) -> tuple[int, int, int, int, int]:
    """A limit that runs from a milestone; if it was over at the trigger, what else (R29)."""
    begun = _reached(memory, memory[cell + C_ALLOWED])
    if begun == NEVER:
        return AWAITING, 0, -1, -1, start
    own = cell_of(memory, memory[cell + C_CALENDAR])
    kind, allowed = int(memory[own + C_KIND]), int(memory[own + C_ALLOWED])
    calendar, name = int(memory[own + C_CALENDAR]), int(memory[own + C_NAME])
    if begun < start and kind != NO_PROMISE and kind != NO_SEVERITY:
        if _may_have_stood(memory, start):
            memory[S_BEYOND] = EARLIER_ACT
        due = _due_of(memory, duty, begun, kind, allowed, calendar)
        if due != NEVER and due <= start:
            if _stays(memory, cell):
                memory[S_BEYOND] = EARLIER_ACT  # of several, it may have dropped out at the trigger
            return _instead(memory, cell, due, start)
    return kind, allowed, calendar, name, begun


@compiled
def _may_have_stood(memory: Any, until: int) -> bool:
    """Whether a clock could have stood still before an instant."""
    for event in range(memory[S_FIRST], memory[S_UPTO]):
        if memory[memory[M_EVENTS] + 2 * event] < until and type_of(memory, event) in (WAITING, RESOLVED):
            return True
    return False


@compiled
def _reached(memory: Any, milestone: int) -> int:
    """When a milestone was reached last; ``NEVER``: not yet. Below 0 it is a duty's performance, else a pattern.

    A time that runs from a milestone already is not moved by what reaches it again: the reference engine knows when.
    """
    found, many = NEVER, 0
    if milestone < 0:
        for it in range(memory[S_INSTANCES]):
            own = INSTANCES_AT + it * INSTANCE
            if memory[own + I_DUTY] == -milestone - 1 and memory[own + I_PERFORMED_AT] != NEVER:
                found = memory[own + I_PERFORMED_AT]
                many += 1
            elif memory[own + I_DUTY] == -milestone - 1 and _perhaps(memory, own):
                memory[S_BEYOND] = EARLIER_ACT
    else:
        kind, parties = memory[memory[T_PATTERNS] + milestone * 2 + 0], memory[memory[T_PATTERNS] + milestone * 2 + 1]
        for event in range(memory[S_FIRST], memory[S_UPTO]):
            if type_of(memory, event) != kind:
                continue
            who = by_whom(parties, actor_of(memory, event))
            if who == YES:
                found = memory[memory[M_EVENTS] + 2 * event]
                many += 1
            elif who != NO:
                memory[S_BEYOND] = EARLIER_ACT  # nobody knows whether it is one
    if many > 1 and memory[S_ANEW] == FROM_ITS_START:
        memory[S_BEYOND] = EARLIER_ACT
    if memory[S_ANEW] and milestone < 0 and found == NEVER and _happened(memory, REOPENED):
        memory[S_BEYOND] = EARLIER_ACT  # it may have been reached, and undone
    return int(memory[S_NOW] if found != NEVER and memory[S_ANEW] == FROM_NOW else found)


@compiled
def _perhaps(memory: Any, own: int) -> bool:
    """Whether what was done may have performed an instance, for all that is known (R9, R23)."""
    if memory[own + I_UNCERTAIN]:
        return True
    acts = memory[T_PERFORMS] + memory[own + I_DUTY] * memory[T_TYPES]
    for event in range(memory[S_FIRST], memory[S_UPTO]):
        if memory[own + I_PHASE] == UNDETERMINED and memory[acts + type_of(memory, event)]:
            return True
    return False


@compiled
def _happened(memory: Any, kind: int) -> bool:
    """Whether an event of this type has happened."""
    many = 0
    for event in range(memory[S_FIRST], memory[S_UPTO]):
        many += type_of(memory, event) == kind
    return many > 0


@compiled
def _due_of(memory: Any, duty: int, start: int, kind: int, allowed: int, calendar: int) -> int:
    """The deadline of a clock that nothing has stopped."""
    own = INSTANCES_AT + TRIAL * INSTANCE
    memory[own + I_DUTY], memory[own + I_PHASE], memory[own + I_FLOOR] = duty, PENDING, NEVER
    wind(memory, TRIAL, start, kind, allowed, calendar, -1)
    settle(memory, TRIAL)
    return int(memory[own + I_DUE])


# ---- Of several limits the sooner or the later ----------------------------------------------------------------------


@compiled
def _several(memory: Any, duty: int, cell: int, start: int) -> tuple[int, int, int, int, int]:
    """Unknown where one is; where none of them holds, what the first says."""
    wanting, sound = 0, 0
    first = memory[cell + C_ALLOWED]
    for place in range(first, first + memory[cell + C_CALENDAR]):
        kind, allowed, _calendar, _name, _begun = _part(memory, duty, place, start)
        if kind == NO_SEVERITY:
            wanting |= allowed
        elif kind != NO_PROMISE and kind != PASSED:
            sound += 1
    if wanting:
        return NO_SEVERITY, wanting, -1, -1, start
    if not sound:
        return _part(memory, duty, first, start)
    return SEVERAL, int(first), int(memory[cell + C_CALENDAR]), int(memory[cell + C_NAME]), start


@compiled
def _part(memory: Any, duty: int, place: int, start: int) -> tuple[int, int, int, int, int]:
    """What one of several limits comes to."""
    cell = cell_of(memory, memory[memory[T_PARTS] + place])
    kind = memory[cell + C_KIND]
    if kind == AFTER:
        return _after(memory, duty, cell, start)
    if kind == BY_END and memory[cell + C_ALLOWED] <= start:
        if _stays(memory, cell):
            memory[S_BEYOND] = EARLIER_ACT  # it may have dropped out at the trigger
        return _instead(memory, cell, memory[cell + C_ALLOWED], start)
    return (
        int(FIXED if kind == BY_END else kind),
        int(memory[cell + C_ALLOWED]),
        int(memory[cell + C_CALENDAR]),
        int(memory[cell + C_NAME]),
        start,
    )


@compiled
def wind_all(memory: Any, it: int, start: int, first: int, count: int, sooner: int) -> None:
    """The clock of which the sooner or the later of several counts."""
    parts = 0
    place = TRIAL
    duty = memory[INSTANCES_AT + it * INSTANCE + I_DUTY]
    for number in range(count - 1, -1, -1):  # from the far end on, so that they stand in their order
        kind, allowed, calendar, name, begun = _part(memory, duty, first + number, start)
        if kind in (NO_PROMISE, PASSED):
            continue
        memory[S_PARTS] += 1
        parts += 1
        place = TRIAL - memory[S_PARTS]
        if place <= memory[S_INSTANCES]:
            memory[S_BEYOND] = MANY
            return
        memory[INSTANCES_AT + place * INSTANCE + I_DUTY] = duty
        wind(memory, place, begun, kind, allowed, calendar, name)
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_KIND], memory[own + I_ALLOWED], memory[own + I_CALENDAR] = SEVERAL, place, parts
    memory[own + I_NAME], memory[own + I_BEGUN], memory[own + I_SINCE] = sooner, start, NEVER
    memory[own + I_STRETCHES], memory[own + I_USED] = 0, 0
