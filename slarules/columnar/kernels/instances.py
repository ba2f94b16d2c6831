"""An instance of a duty: its clock, its deadline, when it stands still (R6, R7, R13, R15, R16, R28, R30)."""

from __future__ import annotations

from slarules.columnar.kernels.clocks import (
    closing_from,
    local_day,
    measured,
    next_close,
    next_open,
    reached,
)
from slarules.columnar.kernels.clocks import is_open as calendar_is_open
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import (
    BREACHED,
    BY_NO_PROMISE,
    BY_NOTHING,
    CLOSINGS,
    COUNTING,
    D_BY_SEVERITY,
    D_FALLS,
    D_PAUSED,
    D_RISES,
    D_TO_OPENING,
    DATED,
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
    L_ALLOWED,
    L_CALENDAR,
    L_KIND,
    L_NAME,
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
    UNDETERMINED,
    Events,
    Tables,
    Work,
)

# ---- The clock ------------------------------------------------------------------------------------------------------


@compiled
def stop(tables: Tables, work: Work, it: int, at: int) -> None:
    """The clock stands still from an instant on."""
    own = work.instances[it]
    kind = own[I_KIND]
    if (kind != COUNTING and kind != CLOSINGS) or own[I_SINCE] == NEVER:
        return
    since = own[I_SINCE]
    own[I_SINCE] = NEVER
    if kind == CLOSINGS:
        place = closing_from(tables, own[I_CALENDAR], own[I_START], since)
        last = tables.calendar_at[own[I_CALENDAR], 5]
        while place < last and tables.last_close[place] < at and own[I_USED] < own[I_ALLOWED]:
            own[I_USED] += 1
            place += 1
        return
    if at > since:
        number = own[I_STRETCHES]
        if number >= work.stretches.shape[1]:
            work.state[S_BEYOND] = MANY
            return
        work.stretches[it, number, 0] = since
        work.stretches[it, number, 1] = at
        own[I_STRETCHES] = number + 1
        own[I_USED] += measured(tables, own[I_CALENDAR], since, at)


@compiled
def run(work: Work, it: int, at: int) -> None:
    """The clock runs on."""
    own = work.instances[it]
    if (own[I_KIND] == COUNTING or own[I_KIND] == CLOSINGS) and own[I_SINCE] == NEVER:
        own[I_SINCE] = at


@compiled
def consumed(tables: Tables, work: Work, it: int, at: int) -> int:
    """How much a counting clock had used by an instant."""
    own = work.instances[it]
    calendar, many = own[I_CALENDAR], own[I_STRETCHES]
    if many and at < work.stretches[it, many - 1, 1]:
        used = 0
        for number in range(many):
            start, end = work.stretches[it, number, 0], work.stretches[it, number, 1]
            if start < at:
                used += measured(tables, calendar, start, min(end, at))
        return used
    used = own[I_USED]
    if own[I_SINCE] != NEVER and at > own[I_SINCE]:
        used += measured(tables, calendar, own[I_SINCE], at)
    return used


@compiled
def counted_late(tables: Tables, work: Work, it: int, deadline: int, performed: int) -> int:
    """Lateness on the instance's own clock; after the breach only a resolution stops it (R7, R13)."""
    own = work.instances[it]
    late = 0
    for number in range(own[I_STRETCHES]):
        start, end = work.stretches[it, number, 0], work.stretches[it, number, 1]
        late += measured(tables, own[I_CALENDAR], max(start, deadline), min(end, performed))
    if own[I_SINCE] != NEVER:
        late += measured(tables, own[I_CALENDAR], max(own[I_SINCE], deadline), performed)
    return late


@compiled
def retarget(tables: Tables, work: Work, it: int, allowed: int, calendar: int, name: int) -> None:
    """Other terms, as if from the start: pauses already taken stay (R6)."""
    own = work.instances[it]
    if calendar != own[I_CALENDAR]:
        used = 0
        for number in range(own[I_STRETCHES]):
            used += measured(tables, calendar, work.stretches[it, number, 0], work.stretches[it, number, 1])
        own[I_USED] = used
    own[I_ALLOWED], own[I_CALENDAR], own[I_NAME] = allowed, calendar, name


@compiled
def _exhausted(tables: Tables, work: Work, it: int) -> int:
    """When a counting clock has used everything if nothing happens; ``NEVER``: never, or standing still (R16)."""
    own = work.instances[it]
    if own[I_SINCE] == NEVER:
        return NEVER
    left = own[I_ALLOWED] - own[I_USED]
    if left <= 0:
        return int(own[I_SINCE])  # R28
    if own[I_CALENDAR] < 0:
        return int(own[I_SINCE] + left)
    return reached(tables, own[I_CALENDAR], own[I_SINCE], left)


@compiled
def settle(tables: Tables, work: Work, it: int) -> None:
    """Deadline and timers, after anything changed."""
    own = work.instances[it]
    own[I_UNKNOWN_AT] = NEVER
    if own[I_PHASE] != PENDING:
        return
    kind = own[I_KIND]
    due = NEVER
    if kind == DATED:
        due = own[I_ALLOWED]
    elif kind == COUNTING:
        due = _counting_due(tables, work, it)
    elif kind == CLOSINGS:
        due = _closings_due(tables, work, it)
    if due != NEVER and own[I_FLOOR] != NEVER and due < own[I_FLOOR]:
        due = own[I_FLOOR]
    own[I_DUE] = due


@compiled
def _counting_due(tables: Tables, work: Work, it: int) -> int:
    own = work.instances[it]
    due = _exhausted(tables, work, it)
    calendar = own[I_CALENDAR]
    if calendar < 0 or own[I_SINCE] == NEVER:
        return due
    unknown = tables.unknown_from[calendar]
    if unknown != NEVER and (due == NEVER or due > unknown):
        if due == NEVER or own[I_ALLOWED] > 0:  # R30
            opens = next_open(tables, calendar, own[I_SINCE])
            own[I_UNKNOWN_AT] = max(unknown, opens if opens != NEVER else own[I_SINCE])
            return NEVER
    if due != NEVER and tables.duties[own[I_DUTY], D_TO_OPENING] and not calendar_is_open(tables, calendar, due):
        return next_open(tables, calendar, due)
    return due


@compiled
def _closings_due(tables: Tables, work: Work, it: int) -> int:
    own = work.instances[it]
    if own[I_SINCE] == NEVER:
        return NEVER  # R16
    calendar = own[I_CALENDAR]
    place = closing_from(tables, calendar, own[I_START], own[I_SINCE]) + own[I_ALLOWED] - own[I_USED] - 1
    unknown = tables.unknown_from[calendar]
    close = NEVER if place >= tables.calendar_at[calendar, 5] else tables.last_close[place]
    if unknown != NEVER and (close == NEVER or close > unknown):
        own[I_UNKNOWN_AT] = max(unknown, own[I_SINCE])  # R30
        return NEVER
    if close != NEVER and tables.duties[own[I_DUTY], D_TO_OPENING]:
        opens = next_open(tables, calendar, close)
        return int(close) if opens == NEVER else opens
    return int(close)


# ---- An instance ----------------------------------------------------------------------------------------------------


@compiled
def begin(
    tables: Tables, events: Events, work: Work, duty: int, start: int, cause: int, trigger: int, row: int, into: int
) -> int:
    """A new instance with its clock, or another clock for the one ``into``; -1 where nothing is promised."""
    state = work.state
    severity = state[S_SEVERITY]
    limit = tables.limits[duty, severity]
    kind = limit[L_KIND]
    if kind == NO_PROMISE:
        if into >= 0:
            own = work.instances[into]
            own[I_PHASE], own[I_OWED], own[I_CEASED], own[I_ENDED_BY] = ENDED, 0, state[S_NOW], BY_NO_PROMISE
        return -1
    it = into
    if into < 0:
        rolls = row >= 0 and kind != NO_SEVERITY
        it = add(work, duty, start if rolls else state[S_NOW], start, cause, trigger)
        if it < 0:
            return -1
    own = work.instances[it]
    if kind == NO_SEVERITY:
        own[I_PHASE], own[I_MISSING], own[I_KIND] = UNDETERMINED, limit[L_ALLOWED], ENDLESS
        return it
    own[I_PHASE], own[I_MISSING], own[I_ROW] = PENDING, 0, row
    _wind(tables, work, it, start, kind, limit[L_ALLOWED], limit[L_CALENDAR], limit[L_NAME])
    stand(tables, work, it, False)
    settle(tables, work, it)
    return it


@compiled
def add(work: Work, duty: int, triggered: int, start: int, cause: int, trigger: int) -> int:
    """One more instance, pending and without a clock."""
    state = work.state
    it = state[S_INSTANCES]
    if it >= work.instances.shape[0]:
        state[S_BEYOND] = MANY
        return -1
    state[S_INSTANCES] = it + 1
    work.counts[duty] += 1
    own = work.instances[it]
    own[I_DUTY], own[I_NUMBER], own[I_TRIGGERED], own[I_START] = duty, work.counts[duty], triggered, start
    own[I_CAUSE], own[I_TRIGGER], own[I_SEVERITY] = cause, trigger, state[S_SEVERITY]
    own[I_PHASE], own[I_FLOOR], own[I_DUE], own[I_UNKNOWN_AT] = PENDING, NEVER, NEVER, NEVER
    own[I_STOPPED], own[I_STOPPED_AT], own[I_PAUSED] = 0, 0, 0
    own[I_PERFORMED_AT], own[I_PERFORMED_BY] = NEVER, -1
    own[I_OWED], own[I_CEASED], own[I_ENDED_BY], own[I_CLOSER] = 1, NEVER, BY_NOTHING, -1
    own[I_MISSING], own[I_UNCERTAIN], own[I_ROW] = 0, 0, -1
    own[I_KIND], own[I_ALLOWED], own[I_CALENDAR], own[I_NAME] = ENDLESS, 0, -1, -1
    own[I_SINCE], own[I_STRETCHES], own[I_USED] = NEVER, 0, 0
    work.live[state[S_LIVE]] = it
    state[S_LIVE] += 1
    state[S_ARISEN] += 1
    return int(it)


@compiled
def _wind(
    tables: Tables, work: Work, it: int, start: int, kind: int, allowed: int, calendar: int, name: int
) -> None:
    """A clock that runs from ``start``; one that is wound again stands still if it did."""
    own = work.instances[it]
    own[I_KIND], own[I_ALLOWED], own[I_CALENDAR], own[I_NAME] = kind, allowed, calendar, name
    own[I_STRETCHES], own[I_USED] = 0, 0
    own[I_SINCE] = NEVER if own[I_STOPPED] else start
    if kind == NEXT_CLOSE:
        own[I_KIND], own[I_ALLOWED] = DATED, next_close(tables, calendar, start)
    elif kind == DATED:  # so many dates, by the end of the last (R14)
        day = local_day(tables, tables.own_zone, start) + allowed + 1
        own[I_ALLOWED] = tables.day_starts[tables.own_zone, day]
    if own[I_KIND] == DATED or own[I_KIND] == ENDLESS:
        own[I_SINCE] = NEVER


@compiled
def stand(tables: Tables, work: Work, it: int, resolved: bool) -> bool:
    """Let the clock stand still or run, as the ticket stands (R7, R13); whether that changed anything."""
    state = work.state
    resolution = state[S_RESOLUTION]
    own = work.instances[it]
    if resolution >= 0 and not resolved and state[S_RESOLVED_AT] == state[S_NOW]:
        return False  # what the resolution performs is looked at first (R1)
    waiting = state[S_WAITING]
    paused = waiting > 0 and own[I_PHASE] != BREACHED and (tables.duties[own[I_DUTY], D_PAUSED] >> waiting) & 1
    still = 1 if resolution >= 0 or paused else 0
    if still == own[I_STOPPED]:
        return False
    if still:
        stop(tables, work, it, state[S_NOW])
        own[I_PAUSED] = 1
        own[I_STOPPED_AT] = state[S_NOW]
    else:
        run(work, it, state[S_NOW])
    own[I_STOPPED] = still
    return True


@compiled
def severity_changed(tables: Tables, events: Events, work: Work, it: int, was: int) -> None:
    """R6: recount, restart or keep; a breach that stands, stands."""
    state = work.state
    own = work.instances[it]
    now = state[S_SEVERITY]
    if own[I_PHASE] != PENDING or now < 0 or now == was:
        return
    duty = own[I_DUTY]
    graver = was < 0 or tables.grave[now] < tables.grave[was]
    policy = tables.duties[duty, D_RISES] if graver else tables.duties[duty, D_FALLS]
    if policy == RESTART:
        own[I_SEVERITY], own[I_START], own[I_FLOOR] = now, state[S_NOW], NEVER
        begin(tables, events, work, duty, state[S_NOW], own[I_CAUSE], own[I_TRIGGER], own[I_ROW], it)
    elif policy == RECOUNT:
        own[I_SEVERITY] = now
        if tables.duties[duty, D_BY_SEVERITY]:
            own[I_FLOOR] = state[S_NOW]
            _recount(tables, events, work, it)


@compiled
def _recount(tables: Tables, events: Events, work: Work, it: int) -> None:
    """The limit's terms as they are now, on the clock as it is."""
    own = work.instances[it]
    limit = tables.limits[own[I_DUTY], work.state[S_SEVERITY]]
    if own[I_KIND] == COUNTING and limit[L_KIND] == COUNTING:
        retarget(tables, work, it, limit[L_ALLOWED], limit[L_CALENDAR], limit[L_NAME])
        return
    if own[I_PAUSED] and (limit[L_KIND] == COUNTING or limit[L_KIND] == CLOSINGS):
        work.state[S_BEYOND] = OTHER_CLOCK  # the same pauses on a clock of another kind
        return
    floor = own[I_FLOOR]
    begin(tables, events, work, own[I_DUTY], own[I_START], own[I_CAUSE], own[I_TRIGGER], own[I_ROW], it)
    own[I_FLOOR] = floor
