"""An instance of a duty: how it begins, when it stands still, and what other terms do to it (R6, R7, R13, R29)."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.clock import pause_again, retarget, run, settle, stop, wind
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import (
    ANSWERED,
    AWAITING,
    BREACHED,
    BY_NO_PROMISE,
    BY_NOTHING,
    COULD_NOT_ARISE,
    COUNTING,
    COUNTS_AT,
    D_BY_SEVERITY,
    D_DATES,
    D_FALLS,
    D_PAUSED,
    D_RISES,
    DUTY,
    ENDED,
    ENDLESS,
    FROM_ITS_START,
    FROM_NOW,
    I_ALLOWED,
    I_BEGUN,
    I_CALENDAR,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_FLOOR,
    I_KIND,
    I_MISSING,
    I_NAME,
    I_NUMBER,
    I_OWED,
    I_PAUSED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_ROW,
    I_SEVERITY,
    I_SINCE,
    I_START,
    I_STOPPED,
    I_STRETCHES,
    I_TRIGGER,
    I_TRIGGERED,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    I_USED,
    I_WARNED,
    I_WARNS_AT,
    I_WHO,
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    MANY,
    NEVER,
    NO_PROMISE,
    NO_SEVERITY,
    PASSED,
    PAUSES,
    PAUSES_AT,
    PENDING,
    RECOUNT,
    RESTART,
    S_ANEW,
    S_ARISEN,
    S_BEYOND,
    S_INSTANCES,
    S_LIVE,
    S_NOW,
    S_PARTS,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_SEVERITY,
    S_WAITING,
    SEVERAL,
    T_DUTIES,
    T_GRAVE,
    TRIAL,
    UNDETERMINED,
    UNSAID,
)
from slarules.columnar.kernels.limits import span_of, terms, wind_all

# ---- An instance ----------------------------------------------------------------------------------------------------


@compiled
def begin(
    memory: Any,
    duty: int,
    start: int,
    cause: int,
    trigger: int,
    row: int,
    into: int,
) -> int:
    """A new instance with its clock, or another clock for the one ``into``; -1 where nothing is promised."""
    kind, allowed, calendar, name, begun = terms(memory, duty, start)
    if kind == NO_PROMISE:
        if into >= 0:
            own = INSTANCES_AT + into * INSTANCE
            if memory[own + I_UNCERTAIN]:
                memory[S_BEYOND] = ANSWERED  # an act may have performed it before
                return -1
            memory[own + I_PHASE], memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY] = (
                ENDED,
                0,
                memory[S_NOW],
                BY_NO_PROMISE,
            )
        return -1
    if kind == NO_SEVERITY and into >= 0:
        memory[S_BEYOND] = UNSAID
        return -1
    it = into
    if into < 0:
        rolls = row >= 0 and kind != NO_SEVERITY
        it = add(memory, duty, start if rolls else memory[S_NOW], start, cause, trigger)
        if it < 0:
            return -1
    own = INSTANCES_AT + it * INSTANCE
    if kind == NO_SEVERITY:
        memory[own + I_PHASE], memory[own + I_MISSING] = UNDETERMINED, allowed
        return it
    memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_ROW] = PENDING, 0, row
    if kind == SEVERAL:
        wind_all(memory, it, start, allowed, calendar, name)
    elif kind != PASSED:
        wind(memory, it, begun, kind, allowed, calendar, name)
    if kind == PASSED:  # R29
        memory[own + I_PHASE], memory[own + I_OWED], memory[own + I_DUE] = COULD_NOT_ARISE, 0, allowed
    elif into >= 0 and memory[own + I_PAUSED]:
        pause_again(memory, it)
    stand(memory, it, False)
    settle(memory, it)
    return it


@compiled
def add(memory: Any, duty: int, triggered: int, start: int, cause: int, trigger: int) -> int:
    """One more instance, pending and without a clock."""
    it = memory[S_INSTANCES]
    if it >= TRIAL - memory[S_PARTS]:
        memory[S_BEYOND] = MANY
        return -1
    memory[S_INSTANCES] = it + 1
    memory[COUNTS_AT + duty] += 1
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_DUTY], memory[own + I_NUMBER], memory[own + I_TRIGGERED], memory[own + I_START] = (
        duty,
        memory[COUNTS_AT + duty],
        triggered,
        start,
    )
    memory[own + I_CAUSE], memory[own + I_TRIGGER], memory[own + I_SEVERITY] = cause, trigger, memory[S_SEVERITY]
    memory[own + I_PHASE], memory[own + I_FLOOR], memory[own + I_DUE], memory[own + I_UNKNOWN_AT] = (
        PENDING,
        NEVER,
        NEVER,
        NEVER,
    )
    memory[own + I_STOPPED], memory[own + I_PAUSED], memory[own + I_WHO] = 0, 0, -1
    memory[own + I_PERFORMED_AT], memory[own + I_PERFORMED_BY] = NEVER, -1
    memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY], memory[own + I_CLOSER] = (
        1,
        NEVER,
        BY_NOTHING,
        -1,
    )
    memory[own + I_MISSING], memory[own + I_UNCERTAIN], memory[own + I_ROW] = 0, 0, -1
    memory[own + I_KIND], memory[own + I_ALLOWED], memory[own + I_CALENDAR], memory[own + I_NAME] = ENDLESS, 0, -1, -1
    memory[own + I_SINCE], memory[own + I_STRETCHES], memory[own + I_USED] = NEVER, 0, 0
    memory[own + I_BEGUN], memory[own + I_WARNS_AT], memory[own + I_WARNED] = start, NEVER, 0
    memory[LIVE_AT + memory[S_LIVE]] = it
    memory[S_LIVE] += 1
    memory[S_ARISEN] += 1
    return int(it)


@compiled
def stand(memory: Any, it: int, resolved: bool) -> bool:
    """Let the clock stand still or run, as the ticket stands (R7, R13); whether that changed anything."""
    resolution = memory[S_RESOLUTION]
    own = INSTANCES_AT + it * INSTANCE
    if resolution >= 0 and not resolved and memory[S_RESOLVED_AT] == memory[S_NOW]:
        return False  # what the resolution performs is looked at first (R1)
    waiting = memory[S_WAITING]
    paused = (
        waiting > 0
        and memory[own + I_PHASE] != BREACHED
        and (memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_PAUSED] >> waiting) & 1
    )
    still = 1 if resolution >= 0 or paused else 0
    if still == memory[own + I_STOPPED]:
        return False
    if still:
        stop(memory, it, memory[S_NOW])
        pause(memory, it, memory[S_NOW])
    else:
        run(memory, it, memory[S_NOW])
        memory[PAUSES_AT + (it * PAUSES + memory[own + I_PAUSED] - 1) * 2 + 1] = memory[S_NOW]
    memory[own + I_STOPPED] = still
    return True


@compiled
def pause(memory: Any, it: int, at: int) -> None:
    """Remember that it stands still from an instant on."""
    own = INSTANCES_AT + it * INSTANCE
    many = memory[own + I_PAUSED]
    if many >= PAUSES:
        memory[S_BEYOND] = MANY
        return
    memory[PAUSES_AT + (it * PAUSES + many) * 2 + 0], memory[PAUSES_AT + (it * PAUSES + many) * 2 + 1] = at, NEVER
    memory[own + I_PAUSED] = many + 1


@compiled
def severity_changed(memory: Any, it: int, was: int) -> None:
    """R6: recount, restart or keep; a breach that stands, stands."""
    own = INSTANCES_AT + it * INSTANCE
    now = memory[S_SEVERITY]
    if memory[own + I_PHASE] != PENDING or now < 0 or now == was:
        return
    duty = memory[own + I_DUTY]
    graver = was < 0 or memory[memory[T_GRAVE] + now] < memory[memory[T_GRAVE] + was]
    policy = (
        memory[memory[T_DUTIES] + duty * DUTY + D_RISES] if graver else memory[memory[T_DUTIES] + duty * DUTY + D_FALLS]
    )
    if policy in (RESTART, RECOUNT) and memory[own + I_UNCERTAIN]:
        memory[S_BEYOND] = ANSWERED  # the terms as they stood at the act may count
    elif policy == RESTART and memory[memory[T_DUTIES] + duty * DUTY + D_DATES]:
        memory[own + I_SEVERITY] = now  # a date has no clock that could start again (R4)
    elif policy == RESTART:
        memory[own + I_SEVERITY], memory[own + I_START], memory[own + I_FLOOR] = now, memory[S_NOW], NEVER
        memory[S_ANEW] = FROM_NOW
        begin(
            memory,
            duty,
            memory[S_NOW],
            memory[own + I_CAUSE],
            memory[own + I_TRIGGER],
            memory[own + I_ROW],
            it,
        )
        memory[S_ANEW] = 0
    elif policy == RECOUNT:
        memory[own + I_SEVERITY] = now
        if memory[memory[T_DUTIES] + duty * DUTY + D_BY_SEVERITY]:
            memory[own + I_FLOOR] = memory[S_NOW]
            _recount(memory, it)
    elif was < 0 and memory[memory[T_DUTIES] + duty * DUTY + D_BY_SEVERITY]:
        memory[own + I_SEVERITY] = now  # the first level is the one that is kept


@compiled
def _recount(memory: Any, it: int) -> None:
    """The limit's terms as they are now, on the clock as it is."""
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_KIND] == COUNTING:
        kind, allowed, calendar, name = span_of(memory, memory[own + I_DUTY], memory[S_SEVERITY])
        if kind == COUNTING:
            retarget(memory, it, allowed, calendar, name)
            return
    floor = memory[own + I_FLOOR]
    _anew(memory, it)
    memory[own + I_FLOOR] = floor


@compiled
def _anew(memory: Any, it: int) -> None:
    """The instance's clock from its own start, as its limit is now, under the level whose terms it keeps (R6)."""
    own = INSTANCES_AT + it * INSTANCE
    severity = memory[S_SEVERITY]
    memory[S_SEVERITY] = memory[own + I_SEVERITY] if memory[own + I_SEVERITY] >= 0 else severity
    memory[S_ANEW] = FROM_ITS_START
    begin(
        memory,
        memory[own + I_DUTY],
        memory[own + I_START],
        memory[own + I_CAUSE],
        memory[own + I_TRIGGER],
        memory[own + I_ROW],
        it,
    )
    memory[S_ANEW], memory[S_SEVERITY] = 0, severity


@compiled
def terms_changed(memory: Any, it: int) -> None:
    """A fact that its limit rests on was recorded anew (R6)."""
    _anew(memory, it)
    memory[INSTANCES_AT + it * INSTANCE + I_FLOOR] = memory[S_NOW]


@compiled
def milestone(memory: Any, it: int) -> None:
    """A limit whose milestone was not reached, asked again."""
    own = INSTANCES_AT + it * INSTANCE
    waits = memory[own + I_KIND] == AWAITING
    if memory[own + I_KIND] == SEVERAL:
        for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
            waits = waits or memory[INSTANCES_AT + part * INSTANCE + I_KIND] == AWAITING
    if waits and memory[own + I_PHASE] == PENDING:
        _anew(memory, it)
        if memory[own + I_DUE] != NEVER and memory[own + I_DUE] < memory[S_NOW]:
            memory[own + I_FLOOR] = memory[S_NOW]  # reached by an act of before, and only now known
            settle(memory, it)
