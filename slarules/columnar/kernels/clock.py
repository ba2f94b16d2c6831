"""An instance's clock: how much of its time is used, and when it will be used up (R6, R13, R15, R16, R28, R30, R33).

Equal to ``judging.clock``.
"""

from __future__ import annotations

from typing import Any

from slarules.calendars.zones import END
from slarules.columnar.kernels.clocks import (
    closing_from,
    measured,
    next_close,
    next_open,
    reached,
)
from slarules.columnar.kernels.clocks import is_open as calendar_is_open
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.dates import end_after, in_months
from slarules.columnar.kernels.layout import (
    AWAITING,
    CALENDAR,
    CLOSINGS,
    COUNTING,
    D_TO_OPENING,
    DATED,
    DUTY,
    FIXED,
    I_ALLOWED,
    I_BEGUN,
    I_CALENDAR,
    I_DUE,
    I_DUTY,
    I_FLOOR,
    I_KIND,
    I_NAME,
    I_PAUSED,
    I_PHASE,
    I_SINCE,
    I_STOPPED,
    I_STRETCHES,
    I_UNKNOWN_AT,
    I_USED,
    I_WARNED,
    I_WARNS_AT,
    INSTANCE,
    INSTANCES_AT,
    MANY,
    MONTHS,
    NEVER,
    NEXT_CLOSE,
    PAUSES,
    PAUSES_AT,
    PENDING,
    S_BEYOND,
    SEVERAL,
    STANDS,
    STRETCHES,
    STRETCHES_AT,
    T_CALENDARS,
    T_DUTIES,
    T_FIRST_OPEN,
    T_HAS_WARNS,
    T_LAST_CLOSE,
    T_UNKNOWN_FROM,
    T_WARNS,
    T_WARNS_AT,
    UNTOLD,
    WARN,
)

# The clock of which the sooner or the later of several counts is of kind SEVERAL: `I_ALLOWED` is the first of its
# parts, which are instances at the far end of the workspace that nothing else looks at, `I_CALENDAR` how many they are,
# and `I_NAME` says 1 for the sooner.


@compiled
def wind(memory: Any, it: int, start: int, kind: int, allowed: int, calendar: int, name: int) -> None:
    """A clock that runs from ``start``."""
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_KIND], memory[own + I_ALLOWED], memory[own + I_CALENDAR], memory[own + I_NAME] = (
        kind,
        allowed,
        calendar,
        name,
    )
    memory[own + I_STRETCHES], memory[own + I_USED] = 0, 0
    memory[own + I_BEGUN], memory[own + I_SINCE] = start, NEVER
    if kind in (COUNTING, CLOSINGS):
        memory[own + I_SINCE] = start
    elif kind == NEXT_CLOSE:
        memory[own + I_KIND], memory[own + I_ALLOWED] = DATED, next_close(memory, calendar, start)
        unknown = memory[memory[T_UNKNOWN_FROM] + calendar]
        if unknown != NEVER and memory[own + I_ALLOWED] > unknown:
            memory[S_BEYOND] = UNTOLD
        elif memory[own + I_ALLOWED] == END:
            memory[own + I_ALLOWED] = NEVER
    elif kind == DATED:  # so many dates, by the end of the last (R14)
        memory[own + I_ALLOWED] = end_after(memory, start, allowed)
    elif kind == MONTHS:
        memory[own + I_KIND], memory[own + I_ALLOWED] = DATED, in_months(memory, start, allowed)
    elif kind == FIXED:
        memory[own + I_KIND] = DATED


@compiled
def stop(memory: Any, it: int, at: int) -> None:
    """The clock stands still from an instant on."""
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_KIND] == SEVERAL:
        for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
            _stop(memory, part, at)
    else:
        _stop(memory, it, at)


@compiled
def _stop(memory: Any, it: int, at: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    kind = memory[own + I_KIND]
    if (kind != COUNTING and kind != CLOSINGS) or memory[own + I_SINCE] == NEVER:
        return
    since = memory[own + I_SINCE]
    memory[own + I_SINCE] = NEVER
    if kind == CLOSINGS:
        place = closing_from(memory, memory[own + I_CALENDAR], memory[own + I_BEGUN], since)
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
    if memory[own + I_KIND] == SEVERAL:
        for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
            _run(memory, part, at)
    else:
        _run(memory, it, at)


@small
def _run(memory: Any, it: int, at: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    if (memory[own + I_KIND] == COUNTING or memory[own + I_KIND] == CLOSINGS) and memory[own + I_SINCE] == NEVER:
        memory[own + I_SINCE] = at


@compiled
def pause_again(memory: Any, it: int) -> None:
    """Other terms, the same pauses (R6); a time that runs from a milestone has none from before it."""
    own = INSTANCES_AT + it * INSTANCE
    first, after = it, it + 1
    if memory[own + I_KIND] == SEVERAL:
        first, after = memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]
    for part in range(first, after):
        start = memory[INSTANCES_AT + part * INSTANCE + I_BEGUN]
        for number in range(memory[own + I_PAUSED]):
            pause = PAUSES_AT + (it * PAUSES + number) * 2
            _stop(memory, part, max(memory[pause], start))
            if memory[pause + 1] != NEVER:
                _run(memory, part, max(memory[pause + 1], start))


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
def _reaches(memory: Any, it: int, amount: int) -> int:
    """When a counting clock has used so much if nothing happens; ``NEVER``: never, or standing still (R16)."""
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_SINCE] == NEVER:
        return NEVER
    left = amount - memory[own + I_USED]
    if left <= 0:
        return int(memory[own + I_SINCE])  # R28
    if memory[own + I_CALENDAR] < 0:
        return int(memory[own + I_SINCE] + left)
    return reached(memory, memory[own + I_CALENDAR], memory[own + I_SINCE], left)


@compiled
def settle(memory: Any, it: int) -> None:
    """Deadline, timers and warnings, after anything changed."""
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_UNKNOWN_AT] = NEVER
    memory[own + I_WARNS_AT] = NEVER
    if memory[own + I_PHASE] != PENDING:
        return
    due = _several_due(memory, it) if memory[own + I_KIND] == SEVERAL else _due(memory, it)
    if due != NEVER and memory[own + I_FLOOR] != NEVER and due < memory[own + I_FLOOR]:
        due = memory[own + I_FLOOR]
    memory[own + I_DUE] = due
    if memory[T_HAS_WARNS]:
        warn(memory, it)


@small
def _due(memory: Any, it: int) -> int:
    """A clock's deadline; else also from when it is not to be known (R30), into the instance."""
    own = INSTANCES_AT + it * INSTANCE
    kind = memory[own + I_KIND]
    if kind == DATED:
        return int(memory[own + I_ALLOWED])
    if kind == COUNTING:
        return _counting_due(memory, it)
    if kind == CLOSINGS:
        return _closings_due(memory, it)
    return NEVER


@compiled
def _counting_due(memory: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    due = _reaches(memory, it, memory[own + I_ALLOWED])
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
        and memory[own + I_ALLOWED] > 0
        and memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_TO_OPENING]
        and not calendar_is_open(memory, calendar, due)
    ):
        opens = next_open(memory, calendar, due)
        if unknown != NEVER and opens != NEVER and opens >= unknown:  # it is not known when it opens next
            memory[own + I_UNKNOWN_AT] = opens
            return NEVER
        return int(opens)
    return due


@compiled
def _closings_due(memory: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_SINCE] == NEVER:
        return NEVER  # R16
    calendar = memory[own + I_CALENDAR]
    place = (
        closing_from(memory, calendar, memory[own + I_BEGUN], memory[own + I_SINCE])
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
    if memory[own + I_USED] >= memory[own + I_ALLOWED] and close != NEVER:
        close = memory[own + I_SINCE]  # overdrawn while it stood still
    opening = NEVER
    to_opening = close != NEVER and memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_TO_OPENING]
    if to_opening:
        opening = next_open(memory, calendar, close)
    blind = opening != NEVER and opening > close and opening >= unknown
    if unknown != NEVER and (close == NEVER or close > unknown or blind):
        begins = int(memory[own + I_SINCE])
        first = closing_from(memory, calendar, memory[own + I_BEGUN], memory[own + I_BEGUN])
        if first < memory[memory[T_CALENDARS] + calendar * CALENDAR + 5]:  # the start's own date never counts (R15)
            begins = max(begins, int(memory[memory[T_FIRST_OPEN] + first]))
        opens = next_open(memory, calendar, begins)
        memory[own + I_UNKNOWN_AT] = max(unknown, opens if opens != NEVER else begins)  # R30
        return NEVER
    return int(opening) if to_opening else int(close)


# ---- Of several clocks the sooner or the later (R33) ----------------------------------------------------------------


@compiled
def _several_due(memory: Any, it: int) -> int:
    own = INSTANCES_AT + it * INSTANCE
    clock = governing(memory, it)
    unknown = NEVER
    for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
        at = memory[INSTANCES_AT + part * INSTANCE + I_UNKNOWN_AT]
        if at != NEVER and (unknown == NEVER or at < unknown):
            unknown = at
    if not memory[own + I_NAME]:
        for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
            kind = memory[INSTANCES_AT + part * INSTANCE + I_KIND]
            if kind in (COUNTING, CLOSINGS) and memory[INSTANCES_AT + part * INSTANCE + I_SINCE] == NEVER:
                memory[S_BEYOND] = STANDS  # one may have been over before
    if clock >= 0:
        due = int(memory[INSTANCES_AT + clock * INSTANCE + I_DUE])
        if memory[own + I_NAME] and unknown != NEVER and unknown < due:
            memory[S_BEYOND] = UNTOLD  # that one may be the sooner
        return due
    memory[own + I_UNKNOWN_AT] = unknown
    return NEVER


@compiled
def governing(memory: Any, it: int) -> int:
    """The part whose deadline counts, each asked anew; below 0 where none does yet."""
    own = INSTANCES_AT + it * INSTANCE
    sooner = memory[own + I_NAME]
    found, undated = -1, False
    for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
        its = INSTANCES_AT + part * INSTANCE
        memory[its + I_UNKNOWN_AT] = NEVER
        due = _due(memory, part)
        memory[its + I_DUE] = due
        if due == NEVER:
            undated = True
        elif found < 0 or (
            due < memory[INSTANCES_AT + found * INSTANCE + I_DUE]
            if sooner
            else due >= memory[INSTANCES_AT + found * INSTANCE + I_DUE]
        ):
            found = part
    return -1 if undated and not sooner else found


@compiled
def clock_of(memory: Any, it: int) -> int:
    """The instance whose clock an instance goes by: its own, or the part that counts.

    Where none does yet, the first part that has no deadline and runs from something.
    """
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_KIND] != SEVERAL:
        return it
    found = governing(memory, it)
    if found >= 0:
        return int(found)
    first = -1
    for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + memory[own + I_CALENDAR]):
        its = INSTANCES_AT + part * INSTANCE
        if memory[its + I_DUE] != NEVER:
            continue
        if memory[its + I_KIND] != AWAITING:
            return int(part)
        first = part if first < 0 else first
    return int(first)


@compiled
def goes_by_one(memory: Any, it: int) -> None:
    """Of several clocks the one that counts now does for good: what stops or begins later changes nothing (R13)."""
    clock = clock_of(memory, it)
    if clock == it or clock < 0:
        return
    own, its = INSTANCES_AT + it * INSTANCE, INSTANCES_AT + clock * INSTANCE
    for number in range(memory[its + I_STRETCHES]):
        place, other = STRETCHES_AT + (it * STRETCHES + number) * 2, STRETCHES_AT + (clock * STRETCHES + number) * 2
        memory[place], memory[place + 1] = memory[other], memory[other + 1]
    memory[own + I_KIND], memory[own + I_ALLOWED] = memory[its + I_KIND], memory[its + I_ALLOWED]
    memory[own + I_CALENDAR], memory[own + I_NAME] = memory[its + I_CALENDAR], memory[its + I_NAME]
    memory[own + I_BEGUN], memory[own + I_SINCE] = memory[its + I_BEGUN], memory[its + I_SINCE]
    memory[own + I_STRETCHES], memory[own + I_USED] = memory[its + I_STRETCHES], memory[its + I_USED]


@compiled
def as_it_stood(memory: Any, it: int, at: int, resolving: bool) -> bool:
    """The instance with its clock as it stood at a past act of it (R16); False where that takes the reference engine.

    Equal to ``judging.pauses.as_it_stood``.
    """
    own = INSTANCES_AT + it * INSTANCE
    parts = memory[own + I_CALENDAR] if memory[own + I_KIND] == SEVERAL else 0
    for part in range(memory[own + I_ALLOWED], memory[own + I_ALLOWED] + parts):
        if memory[INSTANCES_AT + part * INSTANCE + I_BEGUN] > at:
            return False  # a milestone was reached since
    if memory[own + I_BEGUN] > at:
        return False
    if memory[own + I_PAUSED] == 0:
        return True
    stopped = False
    for number in range(memory[own + I_PAUSED]):
        pause = PAUSES_AT + (it * PAUSES + number) * 2
        if memory[pause] == at and not resolving:
            return False
        stopped = stopped or (memory[pause] < at and (memory[pause + 1] == NEVER or at < memory[pause + 1]))
    kind, calendar, due = memory[own + I_KIND], memory[own + I_CALENDAR], NEVER
    if kind in (CLOSINGS, SEVERAL):
        return False
    if kind == DATED:
        due = memory[own + I_ALLOWED]
    elif kind == COUNTING and not stopped:
        left = memory[own + I_ALLOWED] - consumed(memory, it, at)
        to_opening = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_TO_OPENING]
        if left <= 0 or to_opening or (calendar >= 0 and memory[memory[T_UNKNOWN_FROM] + calendar] != NEVER):
            return False
        due = at + left if calendar < 0 else reached(memory, calendar, at, left)
    if due != NEVER and memory[own + I_FLOOR] != NEVER and due < memory[own + I_FLOOR]:
        due = memory[own + I_FLOOR]
    memory[own + I_STOPPED], memory[own + I_DUE] = stopped, due
    return True


# ---- Warnings -------------------------------------------------------------------------------------------------------


@compiled
def warn(memory: Any, it: int) -> None:
    """When the next of its warnings falls due, as the clock stands."""
    own = INSTANCES_AT + it * INSTANCE
    soonest = NEVER
    duty = memory[own + I_DUTY]
    for number in range(memory[memory[T_WARNS_AT] + duty + 1] - memory[memory[T_WARNS_AT] + duty]):
        at = warns_at(memory, it, number)
        if at != NEVER and (soonest == NEVER or at < soonest):
            soonest = at
    memory[own + I_WARNS_AT] = soonest


@compiled
def warns_at(memory: Any, it: int, number: int) -> int:
    """When a warning falls due; ``NEVER``: it was given already, or the clock does not run."""
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_PHASE] != PENDING or memory[own + I_KIND] != COUNTING or (memory[own + I_WARNED] >> number) & 1:
        return NEVER
    row = memory[T_WARNS] + (memory[memory[T_WARNS_AT] + memory[own + I_DUTY]] + number) * WARN
    allowed = memory[own + I_ALLOWED]
    used = allowed - memory[row + 1]
    if memory[row + 3]:
        used = -(-allowed * memory[row + 2] // memory[row + 3])
    return _reaches(memory, it, max(0, used))
