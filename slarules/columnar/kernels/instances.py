"""An instance of a duty: its clock, its deadline, when it stands still (R6, R7, R13, R15, R16, R28, R30)."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.clocks import (
    closing_from,
    local_day,
    measured,
    next_close,
    next_open,
    reached,
)
from slarules.columnar.kernels.clocks import is_open as calendar_is_open
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.layout import (
    BREACHED,
    BY_NO_PROMISE,
    BY_NOTHING,
    CALENDAR,
    CLOSINGS,
    COUNTING,
    COUNTS_AT,
    D_BY_SEVERITY,
    D_FALLS,
    D_PAUSED,
    D_RISES,
    D_TO_OPENING,
    DATED,
    DUTY,
    ENDED,
    ENDLESS,
    I_ALLOWED,
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
    INSTANCE,
    INSTANCES_AT,
    L_ALLOWED,
    L_CALENDAR,
    L_KIND,
    L_NAME,
    LIMIT,
    LIVE_AT,
    MANY,
    NEVER,
    NEXT_CLOSE,
    NO_PROMISE,
    NO_SEVERITY,
    OTHER_CLOCK,
    PENDING,
    RECOUNT,
    RESTART,
    S_ARISEN,
    S_BEYOND,
    S_INSTANCES,
    S_LIVE,
    S_NOW,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_SEVERITY,
    S_WAITING,
    STRETCHES,
    STRETCHES_AT,
    T_CALENDARS,
    T_DAY_STARTS,
    T_DAYS,
    T_DUTIES,
    T_GRAVE,
    T_LAST_CLOSE,
    T_LEVELS,
    T_LIMITS,
    T_OWN_ZONE,
    T_UNKNOWN_FROM,
    TRIAL,
    UNDETERMINED,
)

# ---- The clock ------------------------------------------------------------------------------------------------------


@compiled
def stop(memory: Any, it: int, at: int) -> None:
    """The clock stands still from an instant on."""
    own = INSTANCES_AT + it * INSTANCE
    kind = memory[own + I_KIND]
    if (kind != COUNTING and kind != CLOSINGS) or memory[own + I_SINCE] == NEVER:
        return
    since = memory[own + I_SINCE]
    memory[own + I_SINCE] = NEVER
    if kind == CLOSINGS:
        place = closing_from(memory, memory[own + I_CALENDAR], memory[own + I_START], since)
        last = memory[memory[T_CALENDARS] + memory[own + I_CALENDAR] * CALENDAR + 5]
        while (
            place < last
            and memory[memory[T_LAST_CLOSE] + place] < at
            and memory[own + I_USED] < memory[own + I_ALLOWED]
        ):
            memory[own + I_USED] += 1
            place += 1
        return
    if at > since:
        number = memory[own + I_STRETCHES]
        if number >= STRETCHES:
            memory[S_BEYOND] = MANY
            return
        memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0] = since
        memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1] = at
        memory[own + I_STRETCHES] = number + 1
        memory[own + I_USED] += measured(memory, memory[own + I_CALENDAR], since, at)


@compiled
def run(memory: Any, it: int, at: int) -> None:
    """The clock runs on."""
    own = INSTANCES_AT + it * INSTANCE
    if (memory[own + I_KIND] == COUNTING or memory[own + I_KIND] == CLOSINGS) and memory[own + I_SINCE] == NEVER:
        memory[own + I_SINCE] = at


@compiled
def consumed(memory: Any, it: int, at: int) -> int:
    """How much a counting clock had used by an instant."""
    own = INSTANCES_AT + it * INSTANCE
    calendar, many = memory[own + I_CALENDAR], memory[own + I_STRETCHES]
    if many and at < memory[STRETCHES_AT + (it * STRETCHES + many - 1) * 2 + 1]:
        used = 0
        for number in range(many):
            start, end = (
                memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0],
                memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1],
            )
            if start < at:
                used += measured(memory, calendar, start, min(end, at))
        return used
    used = memory[own + I_USED]
    if memory[own + I_SINCE] != NEVER and at > memory[own + I_SINCE]:
        used += measured(memory, calendar, memory[own + I_SINCE], at)
    return int(used)


@compiled
def counted_late(memory: Any, it: int, deadline: int, performed: int) -> int:
    """Lateness on the instance's own clock; after the breach only a resolution stops it (R7, R13)."""
    own = INSTANCES_AT + it * INSTANCE
    late = 0
    for number in range(memory[own + I_STRETCHES]):
        start, end = (
            memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0],
            memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1],
        )
        late += measured(memory, memory[own + I_CALENDAR], max(start, deadline), min(end, performed))
    if memory[own + I_SINCE] != NEVER:
        late += measured(memory, memory[own + I_CALENDAR], max(memory[own + I_SINCE], deadline), performed)
    return late


@compiled
def retarget(memory: Any, it: int, allowed: int, calendar: int, name: int) -> None:
    """Other terms, as if from the start: pauses already taken stay (R6)."""
    own = INSTANCES_AT + it * INSTANCE
    if calendar != memory[own + I_CALENDAR]:
        used = 0
        for number in range(memory[own + I_STRETCHES]):
            used += measured(
                memory,
                calendar,
                memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0],
                memory[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1],
            )
        memory[own + I_USED] = used
    memory[own + I_ALLOWED], memory[own + I_CALENDAR], memory[own + I_NAME] = allowed, calendar, name


@compiled
def _exhausted(memory: Any, it: int) -> int:
    """When a counting clock has used everything if nothing happens; ``NEVER``: never, or standing still (R16)."""
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_SINCE] == NEVER:
        return NEVER
    left = memory[own + I_ALLOWED] - memory[own + I_USED]
    if left <= 0:
        return int(memory[own + I_SINCE])  # R28
    if memory[own + I_CALENDAR] < 0:
        return int(memory[own + I_SINCE] + left)
    return reached(memory, memory[own + I_CALENDAR], memory[own + I_SINCE], left)


@compiled
def settle(memory: Any, it: int) -> None:
    """Deadline and timers, after anything changed."""
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_UNKNOWN_AT] = NEVER
    if memory[own + I_PHASE] != PENDING:
        return
    kind = memory[own + I_KIND]
    due = NEVER
    if kind == DATED:
        due = memory[own + I_ALLOWED]
    elif kind == COUNTING:
        due = _counting_due(memory, it)
    elif kind == CLOSINGS:
        due = _closings_due(memory, it)
    if due != NEVER and memory[own + I_FLOOR] != NEVER and due < memory[own + I_FLOOR]:
        due = memory[own + I_FLOOR]
    memory[own + I_DUE] = due


@compiled
def _counting_due(memory: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    due = _exhausted(memory, it)
    calendar = memory[own + I_CALENDAR]
    if calendar < 0 or memory[own + I_SINCE] == NEVER:
        return due
    unknown = memory[memory[T_UNKNOWN_FROM] + calendar]
    if unknown != NEVER and (due == NEVER or due > unknown) and (due == NEVER or memory[own + I_ALLOWED] > 0):  # R30
        opens = next_open(memory, calendar, memory[own + I_SINCE])
        memory[own + I_UNKNOWN_AT] = max(unknown, opens if opens != NEVER else memory[own + I_SINCE])
        return NEVER
    if (
        due != NEVER
        and memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_TO_OPENING]
        and not calendar_is_open(memory, calendar, due)
    ):
        return next_open(memory, calendar, due)
    return due


@compiled
def _closings_due(memory: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_SINCE] == NEVER:
        return NEVER  # R16
    calendar = memory[own + I_CALENDAR]
    place = (
        closing_from(memory, calendar, memory[own + I_START], memory[own + I_SINCE])
        + memory[own + I_ALLOWED]
        - memory[own + I_USED]
        - 1
    )
    unknown = memory[memory[T_UNKNOWN_FROM] + calendar]
    close = (
        NEVER
        if place >= memory[memory[T_CALENDARS] + calendar * CALENDAR + 5]
        else memory[memory[T_LAST_CLOSE] + place]
    )
    if unknown != NEVER and (close == NEVER or close > unknown):
        memory[own + I_UNKNOWN_AT] = max(unknown, memory[own + I_SINCE])  # R30
        return NEVER
    if close != NEVER and memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_TO_OPENING]:
        opens = next_open(memory, calendar, close)
        return int(close) if opens == NEVER else opens
    return int(close)


@small
def limit_of(memory: Any, duty: int, severity: int) -> int:
    """Where a duty's limit at a severity stands; below 0: at none."""
    level = severity if severity >= 0 else memory[T_LEVELS]
    return int(memory[T_LIMITS] + (duty * (memory[T_LEVELS] + 1) + level) * LIMIT)


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
    severity = memory[S_SEVERITY]
    limit = limit_of(memory, duty, severity)
    kind = memory[limit + L_KIND]
    if kind == NO_PROMISE:
        if into >= 0:
            own = INSTANCES_AT + into * INSTANCE
            memory[own + I_PHASE], memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY] = (
                ENDED,
                0,
                memory[S_NOW],
                BY_NO_PROMISE,
            )
        return -1
    it = into
    if into < 0:
        rolls = row >= 0 and kind != NO_SEVERITY
        it = add(memory, duty, start if rolls else memory[S_NOW], start, cause, trigger)
        if it < 0:
            return -1
    own = INSTANCES_AT + it * INSTANCE
    if kind == NO_SEVERITY:
        memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_KIND] = (
            UNDETERMINED,
            memory[limit + L_ALLOWED],
            ENDLESS,
        )
        return it
    memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_ROW] = PENDING, 0, row
    wind(memory, it, start, kind, memory[limit + L_ALLOWED], memory[limit + L_CALENDAR], memory[limit + L_NAME])
    stand(memory, it, False)
    settle(memory, it)
    return it


@compiled
def add(memory: Any, duty: int, triggered: int, start: int, cause: int, trigger: int) -> int:
    """One more instance, pending and without a clock."""
    it = memory[S_INSTANCES]
    if it >= TRIAL:
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
    memory[own + I_STOPPED], memory[own + I_PAUSED] = 0, 0
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
    memory[LIVE_AT + memory[S_LIVE]] = it
    memory[S_LIVE] += 1
    memory[S_ARISEN] += 1
    return int(it)


@compiled
def wind(memory: Any, it: int, start: int, kind: int, allowed: int, calendar: int, name: int) -> None:
    """A clock that runs from ``start``; one that is wound again stands still if it did."""
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_KIND], memory[own + I_ALLOWED], memory[own + I_CALENDAR], memory[own + I_NAME] = (
        kind,
        allowed,
        calendar,
        name,
    )
    memory[own + I_STRETCHES], memory[own + I_USED] = 0, 0
    memory[own + I_SINCE] = NEVER if memory[own + I_STOPPED] else start
    if kind == NEXT_CLOSE:
        memory[own + I_KIND], memory[own + I_ALLOWED] = DATED, next_close(memory, calendar, start)
    elif kind == DATED:  # so many dates, by the end of the last (R14)
        day = local_day(memory, memory[T_OWN_ZONE], start) + allowed + 1
        memory[own + I_ALLOWED] = memory[memory[T_DAY_STARTS] + memory[T_OWN_ZONE] * memory[T_DAYS] + day]
    if memory[own + I_KIND] == DATED or memory[own + I_KIND] == ENDLESS:
        memory[own + I_SINCE] = NEVER


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
        memory[own + I_PAUSED] = 1
    else:
        run(memory, it, memory[S_NOW])
    memory[own + I_STOPPED] = still
    return True


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
    if policy == RESTART:
        memory[own + I_SEVERITY], memory[own + I_START], memory[own + I_FLOOR] = now, memory[S_NOW], NEVER
        begin(
            memory,
            duty,
            memory[S_NOW],
            memory[own + I_CAUSE],
            memory[own + I_TRIGGER],
            memory[own + I_ROW],
            it,
        )
    elif policy == RECOUNT:
        memory[own + I_SEVERITY] = now
        if memory[memory[T_DUTIES] + duty * DUTY + D_BY_SEVERITY]:
            memory[own + I_FLOOR] = memory[S_NOW]
            _recount(memory, it)


@compiled
def _recount(memory: Any, it: int) -> None:
    """The limit's terms as they are now, on the clock as it is."""
    own = INSTANCES_AT + it * INSTANCE
    limit = limit_of(memory, memory[own + I_DUTY], memory[S_SEVERITY])
    if memory[own + I_KIND] == COUNTING and memory[limit + L_KIND] == COUNTING:
        retarget(memory, it, memory[limit + L_ALLOWED], memory[limit + L_CALENDAR], memory[limit + L_NAME])
        return
    if memory[own + I_PAUSED] and (memory[limit + L_KIND] == COUNTING or memory[limit + L_KIND] == CLOSINGS):
        memory[S_BEYOND] = OTHER_CLOCK  # the same pauses on a clock of another kind
        return
    floor = memory[own + I_FLOOR]
    begin(
        memory,
        memory[own + I_DUTY],
        memory[own + I_START],
        memory[own + I_CAUSE],
        memory[own + I_TRIGGER],
        memory[own + I_ROW],
        it,
    )
    memory[own + I_FLOOR] = floor
