"""What is said of a ticket as of an instant, row by row, and many tickets one after the other.

Equal to ``engine.verdicts``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import skew_of
from slarules.columnar.kernels.instances import consumed, counted_late
from slarules.columnar.kernels.layout import (
    BREACHED,
    BY_NOTHING,
    CHOICE_OPEN,
    CLOSINGS,
    COULD_NOT_ARISE,
    COUNTING,
    COUNTS_AT,
    E_CAUSE,
    E_CHOICE,
    E_LAPSED,
    E_LAPSES,
    E_MISSING,
    E_NUMBER,
    E_STATE,
    E_TRIGGER,
    E_TRIGGERED,
    E_UNDETERMINED,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    I_ALLOWED,
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
    IN_SCOPE,
    INSTANCE,
    INSTANCES_AT,
    KEPT,
    LAPSED,
    M_EVENTS,
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
    O_OWED,
    O_PERFORMED,
    O_RULE,
    O_SEVERITY,
    O_STATE,
    O_TICKET,
    O_TRIGGER,
    O_TRIGGERED,
    OPEN,
    OUTSIDE,
    PENDING,
    PERMITTED,
    REACHED,
    RIGHTS_AT,
    S_BEYOND,
    S_ELECTIONS,
    S_FIRST,
    S_INSTANCES,
    S_NOW,
    S_RIGHTS,
    SCOPES_AT,
    SUSPENDED,
    T_CHOICE_COUNT,
    T_DUTY_COUNT,
    T_EFFORTS,
    T_FORBIDDEN_COUNT,
    T_RIGHT_COUNT,
    T_SCOPE_COUNT,
    T_WANTING,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    UNKNOWN_OWED,
    YES,
)
from slarules.columnar.kernels.steps import follow


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
        change[ticket] = follow(memory, starts[ticket], starts[ticket + 1], agreement[ticket], as_of)
        if memory[S_BEYOND]:
            beyond[ticket] = memory[S_BEYOND]
            continue
        rows = (
            memory[S_INSTANCES]
            + memory[S_ELECTIONS]
            + memory[T_FORBIDDEN_COUNT]
            + memory[S_RIGHTS]
            + memory[T_SCOPE_COUNT]
        )
        if row + rows > out.shape[0]:
            return ticket, row
        row = _tell(memory, ticket, out, row)
    return last, row


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
        _blank(out, row, ticket, rule + number, 1, KEPT, memory[memory[M_EVENTS] + 2 * (memory[S_FIRST])])
        row += 1
    rule += memory[T_FORBIDDEN_COUNT]
    for number in range(memory[S_RIGHTS]):
        right, event, found = (
            memory[RIGHTS_AT + 3 * number + 0],
            memory[RIGHTS_AT + 3 * number + 1],
            memory[RIGHTS_AT + 3 * number + 2],
        )
        code = PERMITTED if found == YES else NOT_PERMITTED if found == NO else UNDETERMINED
        earlier = 1
        for other in range(number):
            if memory[RIGHTS_AT + 3 * other + 0] == right:
                earlier += 1
        _blank(out, row, ticket, rule + right, earlier, code, memory[memory[M_EVENTS] + 2 * event])
        out[row, O_PERFORMED], out[row, O_TRIGGER] = memory[memory[M_EVENTS] + 2 * event], event
        out[row, O_MISSING] = memory[memory[T_WANTING] + found]
        row += 1
    rule += memory[T_RIGHT_COUNT]
    for scope in range(memory[T_SCOPE_COUNT]):
        if memory[SCOPES_AT + 2 * scope + 0]:
            found = memory[SCOPES_AT + 2 * scope + 0] - 1
            code = OUTSIDE if found == YES else IN_SCOPE if found == NO else UNDETERMINED
            _blank(out, row, ticket, rule + scope, 1, code, memory[SCOPES_AT + 2 * scope + 1])
            out[row, O_MISSING] = memory[memory[T_WANTING] + found]
            row += 1
    return row


@compiled
def _blank(out: Any, row: int, ticket: int, rule: int, number: int, code: int, at: int) -> None:
    """A row of a rule that has no clock."""
    out[row, O_TICKET], out[row, O_RULE], out[row, O_NUMBER], out[row, O_STATE] = ticket, rule, number, code
    out[row, O_SEVERITY], out[row, O_TRIGGERED], out[row, O_DEADLINE], out[row, O_PERFORMED] = -1, at, NEVER, NEVER
    out[row, O_CONSUMED], out[row, O_ALLOWED], out[row, O_LATE], out[row, O_LATE_COUNTED] = NEVER, NEVER, NEVER, NEVER
    out[row, O_OWED], out[row, O_ENDED_BY], out[row, O_MISSING] = UNKNOWN_OWED, BY_NOTHING, 0
    out[row, O_CAUSE], out[row, O_CAUSE_NUMBER], out[row, O_CHANGE], out[row, O_NAME] = -1, 0, NEVER, -1
    out[row, O_TRIGGER], out[row, O_ACT], out[row, O_FLAGS] = -1, -1, 0


@compiled
def _tell_election(memory: Any, number: int, out: Any, row: int) -> None:
    own = ELECTIONS_AT + number * ELECTION
    state = memory[own + E_STATE]
    code = CHOICE_OPEN if state == OPEN else LAPSED if state == E_LAPSED else ENDED
    code = UNDETERMINED if state == E_UNDETERMINED else code
    _blank(out, row, 0, memory[own + E_CHOICE], memory[own + E_NUMBER], code, memory[own + E_TRIGGERED])
    out[row, O_MISSING], out[row, O_TRIGGER] = memory[own + E_MISSING], memory[own + E_TRIGGER]
    out[row, O_DEADLINE] = memory[own + E_LAPSES]
    out[row, O_CHANGE] = memory[own + E_LAPSES] if state == OPEN else NEVER
    if memory[own + E_CAUSE] >= 0:
        out[row, O_CAUSE] = memory[INSTANCES_AT + memory[own + E_CAUSE] * INSTANCE + I_DUTY]
        out[row, O_CAUSE_NUMBER] = memory[INSTANCES_AT + memory[own + E_CAUSE] * INSTANCE + I_NUMBER]


@compiled
def _state_of(memory: Any, own: int) -> int:
    phase = memory[own + I_PHASE]
    if phase == MET:
        return REACHED if memory[memory[T_EFFORTS] + memory[own + I_DUTY]] else MET
    if phase == BREACHED:
        return MISSED if memory[memory[T_EFFORTS] + memory[own + I_DUTY]] else BREACHED
    if phase == PENDING:
        if memory[own + I_UNCERTAIN]:
            return UNDETERMINED
        counts = memory[own + I_KIND] == COUNTING or memory[own + I_KIND] == CLOSINGS
        if memory[own + I_STOPPED] and memory[own + I_DUE] == NEVER and memory[own + I_SINCE] == NEVER and counts:
            return SUSPENDED
    return int(phase)


@compiled
def _tell_instance(memory: Any, it: int, out: Any, row: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    now = memory[S_NOW]
    code = _state_of(memory, own)
    phase, performed, due = memory[own + I_PHASE], memory[own + I_PERFORMED_AT], memory[own + I_DUE]
    counting = memory[own + I_KIND] == COUNTING
    counts = counting or memory[own + I_KIND] == CLOSINGS
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
        used = 0 if performed != NEVER and performed < memory[own + I_START] else consumed(memory, it, until)
    out[row, O_CONSUMED] = used
    out[row, O_ALLOWED] = memory[own + I_ALLOWED] if counting and known else NEVER
    late, late_counted = NEVER, NEVER
    if performed != NEVER and phase == BREACHED and due != NEVER:
        late = performed - due
        if counting:
            late_counted = counted_late(memory, it, due, performed)
    out[row, O_LATE], out[row, O_LATE_COUNTED] = late, late_counted
    owed = memory[own + I_OWED] if phase != MET else 0
    out[row, O_OWED] = owed if known else UNKNOWN_OWED
    out[row, O_ENDED_BY] = memory[own + I_ENDED_BY] if known else BY_NOTHING
    missing = 0
    if phase == UNDETERMINED:
        missing = memory[own + I_MISSING]
    elif phase == PENDING and memory[own + I_UNCERTAIN]:
        missing = memory[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1]
    out[row, O_MISSING] = missing
    cause = memory[own + I_CAUSE]
    out[row, O_CAUSE] = memory[INSTANCES_AT + cause * INSTANCE + I_DUTY] if cause >= 0 else -1
    out[row, O_CAUSE_NUMBER] = memory[INSTANCES_AT + cause * INSTANCE + I_NUMBER] if cause >= 0 else 0
    change = NEVER
    if code in (PENDING, SUSPENDED):
        change = due
        if memory[own + I_UNKNOWN_AT] != NEVER and (change == NEVER or memory[own + I_UNKNOWN_AT] < change):
            change = memory[own + I_UNKNOWN_AT]
    out[row, O_CHANGE], out[row, O_NAME] = change, memory[own + I_NAME]
    _tell_events(memory, own, out, row)
    if code == PENDING and due == NEVER and counts and memory[own + I_UNKNOWN_AT] == NEVER:
        out[row, O_FLAGS] |= NO_DEADLINE


@compiled
def _tell_events(memory: Any, own: int, out: Any, row: int) -> None:
    trigger, act = memory[own + I_TRIGGER], memory[own + I_PERFORMED_BY]
    flags = 0
    if trigger >= 0:
        flags |= skew_of(memory, trigger)
    if act >= 0:
        flags |= skew_of(memory, act)
    out[row, O_TRIGGER], out[row, O_ACT], out[row, O_FLAGS] = trigger, act if act != trigger else -1, flags
