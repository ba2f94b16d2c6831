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
    I_STOPPED_AT,
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
def stop(tables: Any, work: Any, it: int, at: int) -> None:
    """The clock stands still from an instant on."""
    own = INSTANCES_AT + it * INSTANCE
    kind = work[own + I_KIND]
    if (kind != COUNTING and kind != CLOSINGS) or work[own + I_SINCE] == NEVER:
        return
    since = work[own + I_SINCE]
    work[own + I_SINCE] = NEVER
    if kind == CLOSINGS:
        place = closing_from(tables, work[own + I_CALENDAR], work[own + I_START], since)
        last = tables[tables[T_CALENDARS] + work[own + I_CALENDAR] * CALENDAR + 5]
        while place < last and tables[tables[T_LAST_CLOSE] + place] < at and work[own + I_USED] < work[own + I_ALLOWED]:
            work[own + I_USED] += 1
            place += 1
        return
    if at > since:
        number = work[own + I_STRETCHES]
        if number >= STRETCHES:
            work[S_BEYOND] = MANY
            return
        work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0] = since
        work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1] = at
        work[own + I_STRETCHES] = number + 1
        work[own + I_USED] += measured(tables, work[own + I_CALENDAR], since, at)


@compiled
def run(work: Any, it: int, at: int) -> None:
    """The clock runs on."""
    own = INSTANCES_AT + it * INSTANCE
    if (work[own + I_KIND] == COUNTING or work[own + I_KIND] == CLOSINGS) and work[own + I_SINCE] == NEVER:
        work[own + I_SINCE] = at


@compiled
def consumed(tables: Any, work: Any, it: int, at: int) -> int:
    """How much a counting clock had used by an instant."""
    own = INSTANCES_AT + it * INSTANCE
    calendar, many = work[own + I_CALENDAR], work[own + I_STRETCHES]
    if many and at < work[STRETCHES_AT + (it * STRETCHES + many - 1) * 2 + 1]:
        used = 0
        for number in range(many):
            start, end = (
                work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0],
                work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1],
            )
            if start < at:
                used += measured(tables, calendar, start, min(end, at))
        return used
    used = work[own + I_USED]
    if work[own + I_SINCE] != NEVER and at > work[own + I_SINCE]:
        used += measured(tables, calendar, work[own + I_SINCE], at)
    return int(used)


@compiled
def counted_late(tables: Any, work: Any, it: int, deadline: int, performed: int) -> int:
    """Lateness on the instance's own clock; after the breach only a resolution stops it (R7, R13)."""
    own = INSTANCES_AT + it * INSTANCE
    late = 0
    for number in range(work[own + I_STRETCHES]):
        start, end = (
            work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0],
            work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1],
        )
        late += measured(tables, work[own + I_CALENDAR], max(start, deadline), min(end, performed))
    if work[own + I_SINCE] != NEVER:
        late += measured(tables, work[own + I_CALENDAR], max(work[own + I_SINCE], deadline), performed)
    return late


@compiled
def retarget(tables: Any, work: Any, it: int, allowed: int, calendar: int, name: int) -> None:
    """Other terms, as if from the start: pauses already taken stay (R6)."""
    own = INSTANCES_AT + it * INSTANCE
    if calendar != work[own + I_CALENDAR]:
        used = 0
        for number in range(work[own + I_STRETCHES]):
            used += measured(
                tables,
                calendar,
                work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 0],
                work[STRETCHES_AT + (it * STRETCHES + number) * 2 + 1],
            )
        work[own + I_USED] = used
    work[own + I_ALLOWED], work[own + I_CALENDAR], work[own + I_NAME] = allowed, calendar, name


@compiled
def _exhausted(tables: Any, work: Any, it: int) -> int:
    """When a counting clock has used everything if nothing happens; ``NEVER``: never, or standing still (R16)."""
    own = INSTANCES_AT + it * INSTANCE
    if work[own + I_SINCE] == NEVER:
        return NEVER
    left = work[own + I_ALLOWED] - work[own + I_USED]
    if left <= 0:
        return int(work[own + I_SINCE])  # R28
    if work[own + I_CALENDAR] < 0:
        return int(work[own + I_SINCE] + left)
    return reached(tables, work[own + I_CALENDAR], work[own + I_SINCE], left)


@compiled
def settle(tables: Any, work: Any, it: int) -> None:
    """Deadline and timers, after anything changed."""
    own = INSTANCES_AT + it * INSTANCE
    work[own + I_UNKNOWN_AT] = NEVER
    if work[own + I_PHASE] != PENDING:
        return
    kind = work[own + I_KIND]
    due = NEVER
    if kind == DATED:
        due = work[own + I_ALLOWED]
    elif kind == COUNTING:
        due = _counting_due(tables, work, it)
    elif kind == CLOSINGS:
        due = _closings_due(tables, work, it)
    if due != NEVER and work[own + I_FLOOR] != NEVER and due < work[own + I_FLOOR]:
        due = work[own + I_FLOOR]
    work[own + I_DUE] = due


@compiled
def _counting_due(tables: Any, work: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    due = _exhausted(tables, work, it)
    calendar = work[own + I_CALENDAR]
    if calendar < 0 or work[own + I_SINCE] == NEVER:
        return due
    unknown = tables[tables[T_UNKNOWN_FROM] + calendar]
    if unknown != NEVER and (due == NEVER or due > unknown) and (due == NEVER or work[own + I_ALLOWED] > 0):  # R30
        opens = next_open(tables, calendar, work[own + I_SINCE])
        work[own + I_UNKNOWN_AT] = max(unknown, opens if opens != NEVER else work[own + I_SINCE])
        return NEVER
    if (
        due != NEVER
        and tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_TO_OPENING]
        and not calendar_is_open(tables, calendar, due)
    ):
        return next_open(tables, calendar, due)
    return due


@compiled
def _closings_due(tables: Any, work: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    if work[own + I_SINCE] == NEVER:
        return NEVER  # R16
    calendar = work[own + I_CALENDAR]
    place = (
        closing_from(tables, calendar, work[own + I_START], work[own + I_SINCE])
        + work[own + I_ALLOWED]
        - work[own + I_USED]
        - 1
    )
    unknown = tables[tables[T_UNKNOWN_FROM] + calendar]
    close = (
        NEVER
        if place >= tables[tables[T_CALENDARS] + calendar * CALENDAR + 5]
        else tables[tables[T_LAST_CLOSE] + place]
    )
    if unknown != NEVER and (close == NEVER or close > unknown):
        work[own + I_UNKNOWN_AT] = max(unknown, work[own + I_SINCE])  # R30
        return NEVER
    if close != NEVER and tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_TO_OPENING]:
        opens = next_open(tables, calendar, close)
        return int(close) if opens == NEVER else opens
    return int(close)


@small
def limit_of(tables: Any, duty: int, severity: int) -> int:
    """Where a duty's limit at a severity stands; below 0: at none."""
    level = severity if severity >= 0 else tables[T_LEVELS]
    return int(tables[T_LIMITS] + (duty * (tables[T_LEVELS] + 1) + level) * LIMIT)


# ---- An instance ----------------------------------------------------------------------------------------------------


@compiled
def begin(
    tables: Any,
    events: Any,
    facts: Any,
    work: Any,
    duty: int,
    start: int,
    cause: int,
    trigger: int,
    row: int,
    into: int,
) -> int:
    """A new instance with its clock, or another clock for the one ``into``; -1 where nothing is promised."""
    severity = work[S_SEVERITY]
    limit = limit_of(tables, duty, severity)
    kind = tables[limit + L_KIND]
    if kind == NO_PROMISE:
        if into >= 0:
            own = INSTANCES_AT + into * INSTANCE
            work[own + I_PHASE], work[own + I_OWED], work[own + I_CEASED], work[own + I_ENDED_BY] = (
                ENDED,
                0,
                work[S_NOW],
                BY_NO_PROMISE,
            )
        return -1
    it = into
    if into < 0:
        rolls = row >= 0 and kind != NO_SEVERITY
        it = add(work, duty, start if rolls else work[S_NOW], start, cause, trigger)
        if it < 0:
            return -1
    own = INSTANCES_AT + it * INSTANCE
    if kind == NO_SEVERITY:
        work[own + I_PHASE], work[own + I_MISSING], work[own + I_KIND] = (
            UNDETERMINED,
            tables[limit + L_ALLOWED],
            ENDLESS,
        )
        return it
    work[own + I_PHASE], work[own + I_MISSING], work[own + I_ROW] = PENDING, 0, row
    wind(tables, work, it, start, kind, tables[limit + L_ALLOWED], tables[limit + L_CALENDAR], tables[limit + L_NAME])
    stand(tables, work, it, False)
    settle(tables, work, it)
    return it


@compiled
def add(work: Any, duty: int, triggered: int, start: int, cause: int, trigger: int) -> int:
    """One more instance, pending and without a clock."""
    it = work[S_INSTANCES]
    if it >= TRIAL:
        work[S_BEYOND] = MANY
        return -1
    work[S_INSTANCES] = it + 1
    work[COUNTS_AT + duty] += 1
    own = INSTANCES_AT + it * INSTANCE
    work[own + I_DUTY], work[own + I_NUMBER], work[own + I_TRIGGERED], work[own + I_START] = (
        duty,
        work[COUNTS_AT + duty],
        triggered,
        start,
    )
    work[own + I_CAUSE], work[own + I_TRIGGER], work[own + I_SEVERITY] = cause, trigger, work[S_SEVERITY]
    work[own + I_PHASE], work[own + I_FLOOR], work[own + I_DUE], work[own + I_UNKNOWN_AT] = PENDING, NEVER, NEVER, NEVER
    work[own + I_STOPPED], work[own + I_STOPPED_AT], work[own + I_PAUSED] = 0, 0, 0
    work[own + I_PERFORMED_AT], work[own + I_PERFORMED_BY] = NEVER, -1
    work[own + I_OWED], work[own + I_CEASED], work[own + I_ENDED_BY], work[own + I_CLOSER] = 1, NEVER, BY_NOTHING, -1
    work[own + I_MISSING], work[own + I_UNCERTAIN], work[own + I_ROW] = 0, 0, -1
    work[own + I_KIND], work[own + I_ALLOWED], work[own + I_CALENDAR], work[own + I_NAME] = ENDLESS, 0, -1, -1
    work[own + I_SINCE], work[own + I_STRETCHES], work[own + I_USED] = NEVER, 0, 0
    work[LIVE_AT + work[S_LIVE]] = it
    work[S_LIVE] += 1
    work[S_ARISEN] += 1
    return int(it)


@compiled
def wind(tables: Any, work: Any, it: int, start: int, kind: int, allowed: int, calendar: int, name: int) -> None:
    """A clock that runs from ``start``; one that is wound again stands still if it did."""
    own = INSTANCES_AT + it * INSTANCE
    work[own + I_KIND], work[own + I_ALLOWED], work[own + I_CALENDAR], work[own + I_NAME] = (
        kind,
        allowed,
        calendar,
        name,
    )
    work[own + I_STRETCHES], work[own + I_USED] = 0, 0
    work[own + I_SINCE] = NEVER if work[own + I_STOPPED] else start
    if kind == NEXT_CLOSE:
        work[own + I_KIND], work[own + I_ALLOWED] = DATED, next_close(tables, calendar, start)
    elif kind == DATED:  # so many dates, by the end of the last (R14)
        day = local_day(tables, tables[T_OWN_ZONE], start) + allowed + 1
        work[own + I_ALLOWED] = tables[tables[T_DAY_STARTS] + tables[T_OWN_ZONE] * tables[T_DAYS] + day]
    if work[own + I_KIND] == DATED or work[own + I_KIND] == ENDLESS:
        work[own + I_SINCE] = NEVER


@compiled
def stand(tables: Any, work: Any, it: int, resolved: bool) -> bool:
    """Let the clock stand still or run, as the ticket stands (R7, R13); whether that changed anything."""
    resolution = work[S_RESOLUTION]
    own = INSTANCES_AT + it * INSTANCE
    if resolution >= 0 and not resolved and work[S_RESOLVED_AT] == work[S_NOW]:
        return False  # what the resolution performs is looked at first (R1)
    waiting = work[S_WAITING]
    paused = (
        waiting > 0
        and work[own + I_PHASE] != BREACHED
        and (tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_PAUSED] >> waiting) & 1
    )
    still = 1 if resolution >= 0 or paused else 0
    if still == work[own + I_STOPPED]:
        return False
    if still:
        stop(tables, work, it, work[S_NOW])
        work[own + I_PAUSED] = 1
        work[own + I_STOPPED_AT] = work[S_NOW]
    else:
        run(work, it, work[S_NOW])
    work[own + I_STOPPED] = still
    return True


@compiled
def severity_changed(tables: Any, events: Any, facts: Any, work: Any, it: int, was: int) -> None:
    """R6: recount, restart or keep; a breach that stands, stands."""
    own = INSTANCES_AT + it * INSTANCE
    now = work[S_SEVERITY]
    if work[own + I_PHASE] != PENDING or now < 0 or now == was:
        return
    duty = work[own + I_DUTY]
    graver = was < 0 or tables[tables[T_GRAVE] + now] < tables[tables[T_GRAVE] + was]
    policy = (
        tables[tables[T_DUTIES] + duty * DUTY + D_RISES] if graver else tables[tables[T_DUTIES] + duty * DUTY + D_FALLS]
    )
    if policy == RESTART:
        work[own + I_SEVERITY], work[own + I_START], work[own + I_FLOOR] = now, work[S_NOW], NEVER
        begin(
            tables,
            events,
            facts,
            work,
            duty,
            work[S_NOW],
            work[own + I_CAUSE],
            work[own + I_TRIGGER],
            work[own + I_ROW],
            it,
        )
    elif policy == RECOUNT:
        work[own + I_SEVERITY] = now
        if tables[tables[T_DUTIES] + duty * DUTY + D_BY_SEVERITY]:
            work[own + I_FLOOR] = work[S_NOW]
            _recount(tables, events, facts, work, it)


@compiled
def _recount(tables: Any, events: Any, facts: Any, work: Any, it: int) -> None:
    """The limit's terms as they are now, on the clock as it is."""
    own = INSTANCES_AT + it * INSTANCE
    limit = limit_of(tables, work[own + I_DUTY], work[S_SEVERITY])
    if work[own + I_KIND] == COUNTING and tables[limit + L_KIND] == COUNTING:
        retarget(tables, work, it, tables[limit + L_ALLOWED], tables[limit + L_CALENDAR], tables[limit + L_NAME])
        return
    if work[own + I_PAUSED] and (tables[limit + L_KIND] == COUNTING or tables[limit + L_KIND] == CLOSINGS):
        work[S_BEYOND] = OTHER_CLOCK  # the same pauses on a clock of another kind
        return
    floor = work[own + I_FLOOR]
    begin(
        tables,
        events,
        facts,
        work,
        work[own + I_DUTY],
        work[own + I_START],
        work[own + I_CAUSE],
        work[own + I_TRIGGER],
        work[own + I_ROW],
        it,
    )
    work[own + I_FLOOR] = floor
