"""What is owed date by date: each open date of a calendar, each date of a list (R4). Equal to ``judging.dates``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer
from slarules.columnar.kernels.clock import settle, wind
from slarules.columnar.kernels.clocks import date_after, local_day
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.dates import day_start
from slarules.columnar.kernels.endings import ended_since, may_end, may_have_failed, until
from slarules.columnar.kernels.instances import add, stand
from slarules.columnar.kernels.layout import (
    ANSWERED,
    BY_NO_PROMISE,
    C_ALLOWED,
    C_CALENDAR,
    C_KIND,
    CALENDAR,
    D_DATES,
    D_DATES_OF,
    D_FACTS,
    D_REOPENING,
    D_WHILE,
    DUTY,
    EACH_DAY,
    ENDED,
    ENDED_PERHAPS,
    FIXED,
    I_CEASED,
    I_DUTY,
    I_ENDED_BY,
    I_MISSING,
    I_OWED,
    I_PHASE,
    I_ROW,
    I_START,
    I_UNCERTAIN,
    INSTANCE,
    INSTANCES_AT,
    LISTED,
    MANY,
    NEVER,
    NO,
    NO_SEVERITY,
    ON_EACH,
    R_CAUSE,
    R_CLOSER,
    R_DUE,
    R_DUTY,
    R_LAST,
    R_NEXT,
    R_OVER,
    R_TRIGGER,
    RESOLVED,
    RESTART,
    RESUME,
    ROW,
    ROWS,
    ROWS_AT,
    RUNS_ON,
    S_ARISEN,
    S_BEYOND,
    S_DATES,
    S_NOW,
    S_RECORDED,
    S_ROWS,
    SERVED,
    SERVED_AT,
    T_CALENDARS,
    T_DATES,
    T_DAY_STARTS,
    T_DAYS,
    T_DUTIES,
    T_FIRST_OPEN,
    T_LAST_CLOSE,
    T_LISTS,
    T_OWN_ZONE,
    T_UNKNOWN_FROM,
    T_UNKNOWN_MASK,
    UNDETERMINED,
)
from slarules.columnar.kernels.limits import cell_of


@compiled
def new_row(memory: Any, duty: int, cause: int, trigger: int) -> int:
    """A recurrence: of dates, or for ``duty`` below 0 one that rolls; -1 where there is no room for it."""
    row = memory[S_ROWS]
    if row >= ROWS:
        memory[S_BEYOND] = MANY
        return -1
    memory[S_ROWS] = row + 1
    for place in range(SERVED):
        memory[SERVED_AT + row * SERVED + place] = -1
    own = ROWS_AT + row * ROW
    memory[own + R_DUTY], memory[own + R_CAUSE], memory[own + R_TRIGGER] = duty, cause, trigger
    memory[own + R_NEXT], memory[own + R_DUE], memory[own + R_LAST] = NEVER, NEVER, NEVER
    memory[own + R_OVER], memory[own + R_CLOSER] = 0, -1
    return int(row)


@compiled
def begin_dates(memory: Any, duty: int, start: int, cause: int, trigger: int) -> int:
    """The dates from ``start`` on; an instance where they are not known, else -1."""
    if memory[memory[T_DUTIES] + duty * DUTY + D_DATES] == ON_EACH:
        cell = cell_of(memory, memory[memory[T_DUTIES] + duty * DUTY + D_DATES_OF])
        if memory[cell + C_KIND] == NO_SEVERITY:
            it = add(memory, duty, memory[S_NOW], start, cause, trigger)
            if it >= 0:
                own = INSTANCES_AT + it * INSTANCE
                memory[own + I_PHASE], memory[own + I_MISSING] = UNDETERMINED, memory[cell + C_ALLOWED]
            return it
    row = new_row(memory, duty, cause, trigger)
    if row >= 0:
        memory[S_DATES] += 1
        memory[S_ARISEN] += 1
        next_date(memory, row, start)
    return -1


@compiled
def next_date(memory: Any, row: int, start: int) -> None:
    """The row's next date at or after ``start``."""
    own = ROWS_AT + row * ROW
    memory[own + R_NEXT] = NEVER
    duty = memory[T_DUTIES] + memory[own + R_DUTY] * DUTY
    last = memory[own + R_LAST]
    if memory[duty + D_DATES] == EACH_DAY:
        calendar = memory[T_CALENDARS] + memory[duty + D_DATES_OF] * CALENDAR
        zone = memory[calendar + 6]
        place = date_after(memory, memory[duty + D_DATES_OF], local_day(memory, zone, start) - 1)
        while place < memory[calendar + 5]:
            day = memory[memory[T_DATES] + place]
            if memory[memory[T_FIRST_OPEN] + place] >= start and (last == NEVER or day > last):
                begins = memory[memory[T_DAY_STARTS] + zone * memory[T_DAYS] + day]
                memory[own + R_NEXT], memory[own + R_DUE] = max(begins, start), memory[memory[T_LAST_CLOSE] + place]
                return
            place += 1
        return
    cell = cell_of(memory, memory[duty + D_DATES_OF])
    if memory[cell + C_KIND] != LISTED:
        return
    for place in range(memory[cell + C_ALLOWED], memory[cell + C_ALLOWED] + memory[cell + C_CALENDAR]):
        day = memory[memory[T_LISTS] + place]
        due = day_start(memory, day + 1)
        if due > start and (last == NEVER or day > last):
            memory[own + R_NEXT], memory[own + R_DUE] = max(day_start(memory, day), start), due
            return


@compiled
def rows_due(memory: Any) -> bool:
    """Instances of dates that begin now."""
    arose = False
    for row in range(memory[S_ROWS]):
        own = ROWS_AT + row * ROW
        if memory[own + R_DUTY] < 0:
            continue
        question = memory[memory[T_DUTIES] + memory[own + R_DUTY] * DUTY + D_WHILE]
        while not memory[own + R_OVER] and memory[own + R_NEXT] != NEVER and memory[own + R_NEXT] <= memory[S_NOW]:
            arose = True
            at = memory[own + R_NEXT]
            if question >= 0 and answer(memory, question) == NO:
                memory[own + R_OVER] = 1
                break
            _date(memory, row, at)
            if memory[S_BEYOND]:
                return arose
            next_date(memory, row, at)
    return arose


@compiled
def _date(memory: Any, row: int, at: int) -> None:
    """What is owed on one date."""
    place = ROWS_AT + row * ROW
    duty = memory[place + R_DUTY]
    it = add(memory, duty, at, at, memory[place + R_CAUSE], memory[place + R_TRIGGER])
    if it < 0:
        return
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_ROW] = row
    wind(memory, it, at, FIXED, memory[place + R_DUE], -1, -1)
    row_of = memory[T_DUTIES] + duty * DUTY
    zone = memory[T_OWN_ZONE]
    if memory[row_of + D_DATES] == EACH_DAY:
        calendar = memory[row_of + D_DATES_OF]
        zone = memory[memory[T_CALENDARS] + calendar * CALENDAR + 6]
        unknown = memory[memory[T_UNKNOWN_FROM] + calendar]
        if unknown != NEVER and memory[place + R_DUE] > unknown:  # R30
            memory[own + I_PHASE] = UNDETERMINED
            memory[own + I_MISSING] = memory[memory[T_UNKNOWN_MASK] + calendar]
            memory[place + R_OVER] = 1
    memory[place + R_LAST] = local_day(memory, zone, at)
    stand(memory, it, False)
    settle(memory, it)


@compiled
def lists_changed(memory: Any) -> None:
    """Where the list of dates was recorded anew, the next of them."""
    for row in range(memory[S_ROWS]):
        own = ROWS_AT + row * ROW
        if memory[own + R_DUTY] < 0 or memory[own + R_OVER]:
            continue
        duty = memory[T_DUTIES] + memory[own + R_DUTY] * DUTY
        if memory[duty + D_DATES] == ON_EACH and memory[duty + D_FACTS] & memory[S_RECORDED]:
            next_date(memory, row, memory[S_NOW])


@compiled
def list_changed(memory: Any, it: int) -> None:
    """A date that is on the list no more is owed no more, unless it comes again."""
    own = INSTANCES_AT + it * INSTANCE
    row = ROWS_AT + memory[own + I_ROW] * ROW
    cell = cell_of(memory, memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_DATES_OF])
    if memory[cell + C_KIND] != LISTED:
        return
    date = local_day(memory, memory[T_OWN_ZONE], memory[own + I_START])
    for place in range(memory[cell + C_ALLOWED], memory[cell + C_ALLOWED] + memory[cell + C_CALENDAR]):
        if memory[memory[T_LISTS] + place] == date:
            return
    if memory[own + I_UNCERTAIN]:
        memory[S_BEYOND] = ANSWERED
        return
    memory[own + I_PHASE], memory[own + I_OWED], memory[own + I_CEASED] = ENDED, 0, memory[S_NOW]
    memory[own + I_ENDED_BY] = BY_NO_PROMISE
    if memory[row + R_LAST] == date:
        memory[row + R_LAST] = date - 1


@compiled
def end_rows(memory: Any, first: int, last: int, over: int, resolution: int) -> None:
    """What ends a row of dates: what ends all duties, its `until`, its `while`."""
    for row in range(memory[S_ROWS]):
        own = ROWS_AT + row * ROW
        duty = memory[own + R_DUTY]
        if duty < 0 or memory[own + R_OVER]:
            continue
        by = over if over >= 0 else until(memory, duty, first, last)
        question = memory[memory[T_DUTIES] + duty * DUTY + D_WHILE]
        if by >= 0 or (question >= 0 and answer(memory, question) == NO):
            memory[own + R_OVER], memory[own + R_CLOSER] = 1, resolution if by == RESOLVED else -1
        elif may_end(memory, duty, first, last) >= 0:
            memory[S_BEYOND] = ENDED_PERHAPS


@compiled
def reopen_rows(memory: Any, resolution: int) -> None:
    """Rows of dates that a resolution ended go on (R7)."""
    for row in range(memory[S_ROWS]):
        own = ROWS_AT + row * ROW
        if memory[own + R_DUTY] < 0 or not memory[own + R_OVER] or memory[own + R_CLOSER] != resolution:
            continue
        if memory[memory[T_DUTIES] + memory[own + R_DUTY] * DUTY + D_REOPENING] in (RESUME, RESTART):
            duty = memory[T_DUTIES] + memory[own + R_DUTY] * DUTY
            if memory[duty + D_REOPENING] == RESUME and memory[duty + D_DATES] == EACH_DAY:
                memory[S_BEYOND] = RUNS_ON
                return
            failed = may_have_failed(memory, memory[duty + D_WHILE], resolution)
            if failed or ended_since(memory, memory[own + R_DUTY], resolution):
                memory[S_BEYOND] = RUNS_ON  # something else has ended them, perhaps
                return
            memory[own + R_OVER], memory[own + R_CLOSER] = 0, -1
            next_date(memory, row, memory[S_NOW])


@compiled
def next_row(memory: Any) -> int:
    """When the next instance of a date arises; ``NEVER``."""
    soonest = NEVER
    for row in range(memory[S_ROWS]):
        own = ROWS_AT + row * ROW
        at = memory[own + R_NEXT]
        if memory[own + R_DUTY] < 0 or memory[own + R_OVER] or at <= memory[S_NOW]:
            continue
        if soonest == NEVER or at < soonest:
            soonest = at
    return int(soonest)
