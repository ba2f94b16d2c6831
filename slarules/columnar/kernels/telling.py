"""What is said of a ticket as of an instant, row by row, and many tickets one after the other.

Equal to ``judging.verdicts``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, next_of
from slarules.columnar.kernels.clock import clock_of, consumed, counted_late
from slarules.columnar.kernels.clocks import is_open, next_close, next_open
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import restore, skew_of
from slarules.columnar.kernels.layout import (
    BREACHED,
    BREAKS_AT,
    BY_NOTHING,
    CHOICE_OPEN,
    CHOSEN,
    CLOSINGS,
    COULD_NOT_ARISE,
    COUNTING,
    COUNTS_AT,
    D_WHILE,
    DATED,
    DUTY,
    E_AT,
    E_CAUSE,
    E_CHOICE,
    E_ELECTED,
    E_EVENT,
    E_LAPSED,
    E_LAPSES,
    E_MISSING,
    E_NUMBER,
    E_OPTION,
    E_STATE,
    E_TRIGGER,
    E_TRIGGERED,
    E_UNDETERMINED,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    F_NOT_OPENED,
    FINDING,
    FOUND_AT,
    I_ALLOWED,
    I_CALENDAR,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_KIND,
    I_MISSING,
    I_NAME,
    I_NUMBER,
    I_OWED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_SEVERITY,
    I_SINCE,
    I_START,
    I_STOPPED,
    I_TRIGGER,
    I_TRIGGERED,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    I_WHO,
    IN_SCOPE,
    INSTANCE,
    INSTANCES,
    INSTANCES_AT,
    KEPT,
    LAPSED,
    M_EVENTS,
    MANY,
    MET,
    MISSED,
    NEVER,
    NO,
    NO_DEADLINE,
    NOT_PERMITTED,
    O_ACT,
    O_ALLOWED,
    O_CAUSE,
    O_CAUSE_NUMBER,
    O_CHANGE,
    O_CONSUMED,
    O_DEADLINE,
    O_ENDED_BY,
    O_FLAGS,
    O_LATE,
    O_LATE_COUNTED,
    O_MISSING,
    O_NAME,
    O_NUMBER,
    O_OPTION,
    O_OWED,
    O_PERFORMED,
    O_RULE,
    O_SEVERITY,
    O_STATE,
    O_TICKET,
    O_TRIGGER,
    O_TRIGGERED,
    O_WHO,
    OPEN,
    OUTSIDE,
    PENDING,
    PERMITTED,
    REACHED,
    RIGHTS_AT,
    S_AGREEMENT,
    S_BEYOND,
    S_BREAKS,
    S_ELECTIONS,
    S_FIRST,
    S_FOUND,
    S_INSTANCES,
    S_NOW,
    S_OPENED,
    S_RIGHTS,
    S_UPTO,
    SCOPES_AT,
    SUSPENDED,
    T_CHANGE_AT,
    T_CHANGES,
    T_CHOICE_COUNT,
    T_DUTIES,
    T_DUTY_COUNT,
    T_EFFORTS,
    T_FORBIDDEN_COUNT,
    T_RIGHT_COUNT,
    T_SCOPE_COUNT,
    T_UNKNOWN_FROM,
    T_WANTING,
    T_WATCHED,
    T_WATCHED_COUNT,
    T_WATCHES,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    UNKNOWN_OWED,
    YES,
)
from slarules.columnar.kernels.steps import follow, next_change

YEAR = 400 * 24 * 3_600_000_000
"""So far ahead is looked for the opening hours that end a duty."""


@compiled
def tell_all(
    memory: Any, starts: Any, agreement: Any, first: int, last: int, as_of: int, out: Any, beyond: Any, change: Any
) -> tuple[int, int]:
    """The rows of tickets ``first`` to ``last``, into ``out`` [row, O_…], while there is room.

    Gives the ticket before which it stopped and the number of rows. Into ``beyond`` [ticket] goes why a ticket is not
    for the kernels (its rows are left out), -1 for one of which nothing had happened yet; into ``change`` [ticket]
    when it changes next.
    """
    row = 0
    for ticket in range(first, last):
        if beyond[ticket]:
            continue
        if starts[ticket] == starts[ticket + 1] or memory[memory[M_EVENTS] + 2 * (starts[ticket])] > as_of:
            beyond[ticket] = -1
            continue
        follow(memory, starts[ticket], starts[ticket + 1], agreement[ticket], as_of)
        if memory[S_BEYOND]:
            beyond[ticket] = memory[S_BEYOND]
            continue
        rows = (
            memory[S_INSTANCES]
            + memory[S_ELECTIONS]
            + memory[T_FORBIDDEN_COUNT]
            + memory[S_RIGHTS]
            + memory[S_BREAKS]
            + memory[S_FOUND]
            + memory[T_SCOPE_COUNT]
        )
        if memory[S_OPENED] == NEVER:
            rows += memory[S_UPTO] - memory[S_FIRST]
        if rows > 4 * INSTANCES:
            beyond[ticket] = MANY
            continue
        if row + rows > out.shape[0]:
            restore(memory, starts[ticket], starts[ticket + 1])
            return ticket, row
        after = _tell(memory, ticket, out, row)
        change[ticket] = next_change(memory)
        if memory[S_BEYOND]:
            beyond[ticket] = memory[S_BEYOND]
            continue
        row = after
    return last, row


@compiled
def turned(out: Any, columns: Any) -> None:
    """``out`` [row, O_…] into ``columns`` [O_…, row]."""
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            columns[column, row] = out[row, column]


@compiled
def _tell(memory: Any, ticket: int, out: Any, row: int) -> int:
    """Every verdict of the ticket, in the contract's order of rules, then by instance."""
    many = memory[S_INSTANCES]
    duties = memory[T_DUTY_COUNT]
    for duty in range(duties):
        if memory[COUNTS_AT + duty]:
            for it in range(many):
                if memory[INSTANCES_AT + it * INSTANCE + I_DUTY] == duty:
                    _tell_instance(memory, it, out, row)
                    out[row, O_TICKET] = ticket
                    row += 1
    for number in range(memory[S_ELECTIONS]):
        _tell_election(memory, number, out, row)
        out[row, O_TICKET] = ticket
        row += 1
    rule = duties + memory[T_CHOICE_COUNT]
    for number in range(memory[T_FORBIDDEN_COUNT]):
        row = _tell_prohibition(memory, ticket, rule, number, out, row)
    rule += memory[T_FORBIDDEN_COUNT]
    for number in range(memory[S_RIGHTS]):
        row = _tell_right(memory, ticket, rule, number, out, row)
    rule += memory[T_RIGHT_COUNT]
    for scope in range(memory[T_SCOPE_COUNT]):
        if memory[SCOPES_AT + 2 * scope + 0]:
            found = memory[SCOPES_AT + 2 * scope + 0] - 1
            code = OUTSIDE if found == YES else IN_SCOPE if found == NO else UNDETERMINED
            _blank(out, row, ticket, rule + scope, 1, code, memory[SCOPES_AT + 2 * scope + 1])
            out[row, O_MISSING] = memory[memory[T_WANTING] + found]
            row += 1
    return _tell_findings(memory, ticket, out, row)


@compiled
def _tell_findings(memory: Any, ticket: int, out: Any, row: int) -> int:
    """What is odd about the ticket's events."""
    for number in range(memory[S_FOUND]):
        place = FOUND_AT + 4 * number
        _blank(out, row, ticket, FINDING, 1, memory[place], NEVER)
        out[row, O_TRIGGER], out[row, O_SEVERITY], out[row, O_CAUSE_NUMBER] = (
            memory[place + 1],
            memory[place + 2],
            memory[place + 3],
        )
        row += 1
    if memory[S_OPENED] == NEVER:
        for event in range(memory[S_FIRST], memory[S_UPTO]):
            _blank(out, row, ticket, FINDING, 1, F_NOT_OPENED, NEVER)
            out[row, O_TRIGGER] = event
            row += 1
    return row


@compiled
def _tell_prohibition(memory: Any, ticket: int, rule: int, prohibition: int, out: Any, row: int) -> int:
    """Kept until something breaks it; each time is told by itself (R25)."""
    began, broken = memory[S_OPENED], 0
    if began == NEVER:
        return row
    for number in range(memory[S_BREAKS]):
        place = BREAKS_AT + 4 * number
        if memory[place] != prohibition:
            continue
        broken += 1
        event, found = memory[place + 1], memory[place + 2]
        _blank(out, row, ticket, rule + prohibition, broken, BREACHED if found == YES else UNDETERMINED, began)
        out[row, O_DEADLINE] = memory[memory[M_EVENTS] + 2 * event] if found == YES else NEVER
        out[row, O_TRIGGER], out[row, O_MISSING], out[row, O_WHO] = event, memory[place + 3], event
        row += 1
    if not broken:
        _blank(out, row, ticket, rule + prohibition, 1, KEPT, began)
        row += 1
    return row


@compiled
def _tell_right(memory: Any, ticket: int, rule: int, number: int, out: Any, row: int) -> int:
    """Whether an event was within a right (R21)."""
    place = RIGHTS_AT + 4 * number
    right, event, found = memory[place], memory[place + 1], memory[place + 2]
    code = PERMITTED if found == YES else NOT_PERMITTED if found == NO else UNDETERMINED
    earlier = 1
    for other in range(number):
        if memory[RIGHTS_AT + 4 * other] == right:
            earlier += 1
    at = memory[memory[M_EVENTS] + 2 * event]
    _blank(out, row, ticket, rule + right, earlier, code, at)
    out[row, O_PERFORMED], out[row, O_TRIGGER] = at, event
    out[row, O_MISSING], out[row, O_WHO] = memory[place + 3], event
    return row + 1


@compiled
def _blank(out: Any, row: int, ticket: int, rule: int, number: int, code: int, at: int) -> None:
    """A row of a rule that has no clock."""
    out[row, O_TICKET], out[row, O_RULE], out[row, O_NUMBER], out[row, O_STATE] = ticket, rule, number, code
    out[row, O_SEVERITY], out[row, O_TRIGGERED], out[row, O_DEADLINE], out[row, O_PERFORMED] = -1, at, NEVER, NEVER
    out[row, O_CONSUMED], out[row, O_ALLOWED], out[row, O_LATE], out[row, O_LATE_COUNTED] = NEVER, NEVER, NEVER, NEVER
    out[row, O_OWED], out[row, O_ENDED_BY], out[row, O_MISSING] = UNKNOWN_OWED, BY_NOTHING, 0
    out[row, O_CAUSE], out[row, O_CAUSE_NUMBER], out[row, O_CHANGE], out[row, O_NAME] = -1, 0, NEVER, -1
    out[row, O_TRIGGER], out[row, O_ACT], out[row, O_FLAGS], out[row, O_WHO] = -1, -1, 0, -1


@compiled
def _tell_election(memory: Any, number: int, out: Any, row: int) -> None:
    own = ELECTIONS_AT + number * ELECTION
    state = memory[own + E_STATE]
    code = CHOICE_OPEN if state == OPEN else LAPSED if state == E_LAPSED else CHOSEN if state == E_ELECTED else ENDED
    code = UNDETERMINED if state == E_UNDETERMINED else code
    _blank(out, row, 0, memory[own + E_CHOICE], memory[own + E_NUMBER], code, memory[own + E_TRIGGERED])
    out[row, O_MISSING], out[row, O_TRIGGER] = memory[own + E_MISSING], memory[own + E_TRIGGER]
    out[row, O_WHO] = memory[own + E_TRIGGER]
    out[row, O_DEADLINE], out[row, O_PERFORMED] = memory[own + E_LAPSES], memory[own + E_AT]
    out[row, O_ACT] = memory[own + E_EVENT] if memory[own + E_EVENT] != memory[own + E_TRIGGER] else -1
    out[row, O_OPTION] = memory[own + E_OPTION]
    out[row, O_CHANGE] = memory[own + E_LAPSES] if state == OPEN else NEVER
    if memory[own + E_CAUSE] >= 0:
        out[row, O_CAUSE] = memory[INSTANCES_AT + memory[own + E_CAUSE] * INSTANCE + I_DUTY]
        out[row, O_CAUSE_NUMBER] = memory[INSTANCES_AT + memory[own + E_CAUSE] * INSTANCE + I_NUMBER]


@compiled
def _state_of(memory: Any, own: int, its: int) -> int:
    phase = memory[own + I_PHASE]
    if phase == MET:
        return REACHED if memory[memory[T_EFFORTS] + memory[own + I_DUTY]] else MET
    if phase == BREACHED:
        return MISSED if memory[memory[T_EFFORTS] + memory[own + I_DUTY]] else BREACHED
    if phase == PENDING:
        if memory[own + I_UNCERTAIN]:
            return UNDETERMINED
        counts = memory[its + I_KIND] == COUNTING or memory[its + I_KIND] == CLOSINGS
        if memory[own + I_STOPPED] and memory[own + I_DUE] == NEVER and memory[its + I_SINCE] == NEVER and counts:
            return SUSPENDED
    return int(phase)


@compiled
def _told(memory: Any, it: int, begin: int, end: int) -> bool:
    """Whether the calendar's lists tell of all that a clock counted between two instants (R30)."""
    calendar = memory[INSTANCES_AT + it * INSTANCE + I_CALENDAR]
    unknown = memory[memory[T_UNKNOWN_FROM] + calendar] if calendar >= 0 else NEVER
    return bool(unknown == NEVER or end <= unknown or counted_late(memory, it, max(begin, unknown), end) == 0)


@compiled
def _tell_instance(memory: Any, it: int, out: Any, row: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    now = memory[S_NOW]
    clock = clock_of(memory, it)
    its = INSTANCES_AT + clock * INSTANCE
    code = _state_of(memory, own, its)
    phase, performed, due = memory[own + I_PHASE], memory[own + I_PERFORMED_AT], memory[own + I_DUE]
    counting = memory[its + I_KIND] == COUNTING
    counts = counting or memory[its + I_KIND] == CLOSINGS
    known = code != UNDETERMINED
    out[row, O_RULE], out[row, O_NUMBER], out[row, O_STATE] = memory[own + I_DUTY], memory[own + I_NUMBER], code
    out[row, O_SEVERITY], out[row, O_TRIGGERED] = memory[own + I_SEVERITY], memory[own + I_TRIGGERED]
    deadline = due if phase in (BREACHED, MET) or code == PENDING else NEVER
    by_itself = memory[own + I_CLOSER] >= 0 and memory[own + I_CLOSER] == memory[own + I_PERFORMED_BY]
    if performed != NEVER and memory[own + I_STOPPED] and phase == MET and counts and not by_itself:
        deadline = NEVER  # R16: performed while suspended
    out[row, O_DEADLINE], out[row, O_PERFORMED] = deadline, performed
    used = NEVER
    if known and code != COULD_NOT_ARISE and counting:
        until = now
        if performed != NEVER:
            until = performed
        elif not memory[own + I_OWED] and memory[own + I_CEASED] != NEVER:
            until = memory[own + I_CEASED]
        used = 0
        if performed == NEVER or performed >= memory[own + I_START]:
            used = consumed(memory, clock, until) if _told(memory, clock, 0, until) else NEVER
    out[row, O_CONSUMED] = used
    out[row, O_ALLOWED] = memory[its + I_ALLOWED] if counting and known else NEVER
    late, late_counted = NEVER, NEVER
    if performed != NEVER and phase == BREACHED and due != NEVER:
        late = performed - due
        if counting and _told(memory, clock, due, performed):
            late_counted = counted_late(memory, clock, due, performed)
    out[row, O_LATE], out[row, O_LATE_COUNTED] = late, late_counted
    owed = memory[own + I_OWED] if phase != MET else 0
    out[row, O_OWED] = owed if known else UNKNOWN_OWED
    out[row, O_ENDED_BY] = memory[own + I_ENDED_BY] if known else BY_NOTHING
    missing, who = 0, -1
    if phase == UNDETERMINED:
        missing, who = memory[own + I_MISSING], memory[own + I_WHO]
    elif phase == PENDING and memory[own + I_UNCERTAIN]:
        who, missing = memory[UNCERTAIN_AT + it * UNCERTAIN * 2], memory[UNCERTAIN_AT + it * UNCERTAIN * 2 + 1]
    out[row, O_MISSING], out[row, O_WHO] = missing, who
    cause = memory[own + I_CAUSE]
    out[row, O_CAUSE] = memory[INSTANCES_AT + cause * INSTANCE + I_DUTY] if cause >= 0 else -1
    out[row, O_CAUSE_NUMBER] = memory[INSTANCES_AT + cause * INSTANCE + I_NUMBER] if cause >= 0 else 0
    change = NEVER
    if code in (PENDING, SUSPENDED):
        change = due
        if memory[own + I_UNKNOWN_AT] != NEVER and (change == NEVER or memory[own + I_UNKNOWN_AT] < change):
            change = memory[own + I_UNKNOWN_AT]
        if memory[T_WATCHES]:
            change = _ends_at(memory, memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_WHILE], change)
    out[row, O_CHANGE], out[row, O_NAME] = change, memory[its + I_NAME]
    _tell_events(memory, own, out, row)
    ends = counts or memory[own + I_KIND] == DATED
    if code == PENDING and due == NEVER and ends and memory[own + I_UNKNOWN_AT] == NEVER:
        out[row, O_FLAGS] |= NO_DEADLINE


@compiled
def _ends_at(memory: Any, question: int, change: int) -> int:
    """When the agreement's next state, or opening hours, end what stands only while something holds, if before."""
    now = memory[S_NOW]
    end = now + YEAR if change == NEVER or now + YEAR < change else change
    while question >= 0:
        at = next_of(memory, T_CHANGE_AT, T_CHANGES) if memory[S_AGREEMENT] >= 0 else NEVER
        for number in range(memory[T_WATCHED_COUNT]):
            calendar, here = memory[memory[T_WATCHED] + number], memory[S_NOW]
            opens = is_open(memory, calendar, here)
            turn = next_close(memory, calendar, here) if opens else next_open(memory, calendar, here)
            unknown = memory[memory[T_UNKNOWN_FROM] + calendar]
            if here < unknown and (turn == NEVER or unknown < turn):
                turn = unknown  # R30
            if turn != NEVER and turn < end and (at == NEVER or turn < at):
                at = turn
        if at == NEVER or (change != NEVER and at >= change):
            break
        memory[S_NOW] = at
        if answer(memory, question) != YES:
            change = at
            break
    memory[S_NOW] = now
    return change


@compiled
def _tell_events(memory: Any, own: int, out: Any, row: int) -> None:
    trigger, act = memory[own + I_TRIGGER], memory[own + I_PERFORMED_BY]
    flags = 0
    if trigger >= 0:
        flags |= skew_of(memory, trigger)
    if act >= 0:
        flags |= skew_of(memory, act)
    out[row, O_TRIGGER], out[row, O_ACT], out[row, O_FLAGS] = trigger, act if act != trigger else -1, flags
