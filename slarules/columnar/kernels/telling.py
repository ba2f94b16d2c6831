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
    tables: Any,
    events: Any,
    facts: Any,
    starts: Any,
    agreement: Any,
    work: Any,
    first: int,
    last: int,
    as_of: int,
    out: Any,
    beyond: Any,
    change: Any,
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
        if starts[ticket] == starts[ticket + 1] or events[starts[ticket], 0] > as_of:
            beyond[ticket] = -1
            continue
        change[ticket] = follow(
            tables, events, facts, work, starts[ticket], starts[ticket + 1], agreement[ticket], as_of
        )
        if work[S_BEYOND]:
            beyond[ticket] = work[S_BEYOND]
            continue
        rows = (
            work[S_INSTANCES] + work[S_ELECTIONS] + tables[T_FORBIDDEN_COUNT] + work[S_RIGHTS] + tables[T_SCOPE_COUNT]
        )
        if row + rows > out.shape[0]:
            return ticket, row
        row = _tell(tables, events, facts, work, ticket, out, row)
    return last, row


@compiled
def _tell(tables: Any, events: Any, facts: Any, work: Any, ticket: int, out: Any, row: int) -> int:
    """Every verdict of the ticket, in the contract's order of rules, then by instance."""
    many = work[S_INSTANCES]
    duties = tables[T_DUTY_COUNT]
    for duty in range(duties):
        if work[COUNTS_AT + duty]:
            for it in range(many):
                if work[INSTANCES_AT + it * INSTANCE + I_DUTY] == duty:
                    _tell_instance(tables, events, facts, work, it, out, row)
                    out[row, O_TICKET] = ticket
                    row += 1
    for number in range(work[S_ELECTIONS]):
        _tell_election(work, number, out, row)
        out[row, O_TICKET] = ticket
        row += 1
    rule = duties + tables[T_CHOICE_COUNT]
    for number in range(tables[T_FORBIDDEN_COUNT]):
        _blank(out, row, ticket, rule + number, 1, KEPT, events[work[S_FIRST], 0])
        row += 1
    rule += tables[T_FORBIDDEN_COUNT]
    for number in range(work[S_RIGHTS]):
        right, event, found = (
            work[RIGHTS_AT + 3 * number + 0],
            work[RIGHTS_AT + 3 * number + 1],
            work[RIGHTS_AT + 3 * number + 2],
        )
        code = PERMITTED if found == YES else NOT_PERMITTED if found == NO else UNDETERMINED
        earlier = 1
        for other in range(number):
            if work[RIGHTS_AT + 3 * other + 0] == right:
                earlier += 1
        _blank(out, row, ticket, rule + right, earlier, code, events[event, 0])
        out[row, O_PERFORMED], out[row, O_TRIGGER] = events[event, 0], event
        out[row, O_MISSING] = tables[tables[T_WANTING] + found]
        row += 1
    rule += tables[T_RIGHT_COUNT]
    for scope in range(tables[T_SCOPE_COUNT]):
        if work[SCOPES_AT + 2 * scope + 0]:
            found = work[SCOPES_AT + 2 * scope + 0] - 1
            code = OUTSIDE if found == YES else IN_SCOPE if found == NO else UNDETERMINED
            _blank(out, row, ticket, rule + scope, 1, code, work[SCOPES_AT + 2 * scope + 1])
            out[row, O_MISSING] = tables[tables[T_WANTING] + found]
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
def _tell_election(work: Any, number: int, out: Any, row: int) -> None:
    own = ELECTIONS_AT + number * ELECTION
    state = work[own + E_STATE]
    code = CHOICE_OPEN if state == OPEN else LAPSED if state == E_LAPSED else ENDED
    code = UNDETERMINED if state == E_UNDETERMINED else code
    _blank(out, row, 0, work[own + E_CHOICE], work[own + E_NUMBER], code, work[own + E_TRIGGERED])
    out[row, O_MISSING], out[row, O_TRIGGER] = work[own + E_MISSING], work[own + E_TRIGGER]
    out[row, O_DEADLINE] = work[own + E_LAPSES]
    out[row, O_CHANGE] = work[own + E_LAPSES] if state == OPEN else NEVER
    if work[own + E_CAUSE] >= 0:
        out[row, O_CAUSE] = work[INSTANCES_AT + work[own + E_CAUSE] * INSTANCE + I_DUTY]
        out[row, O_CAUSE_NUMBER] = work[INSTANCES_AT + work[own + E_CAUSE] * INSTANCE + I_NUMBER]


@compiled
def _state_of(tables: Any, work: Any, own: int) -> int:
    phase = work[own + I_PHASE]
    if phase == MET:
        return REACHED if tables[tables[T_EFFORTS] + work[own + I_DUTY]] else MET
    if phase == BREACHED:
        return MISSED if tables[tables[T_EFFORTS] + work[own + I_DUTY]] else BREACHED
    if phase == PENDING:
        if work[own + I_UNCERTAIN]:
            return UNDETERMINED
        counts = work[own + I_KIND] == COUNTING or work[own + I_KIND] == CLOSINGS
        if work[own + I_STOPPED] and work[own + I_DUE] == NEVER and work[own + I_SINCE] == NEVER and counts:
            return SUSPENDED
    return int(phase)


@compiled
def _tell_instance(tables: Any, events: Any, facts: Any, work: Any, it: int, out: Any, row: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    now = work[S_NOW]
    code = _state_of(tables, work, own)
    phase, performed, due = work[own + I_PHASE], work[own + I_PERFORMED_AT], work[own + I_DUE]
    counting = work[own + I_KIND] == COUNTING
    counts = counting or work[own + I_KIND] == CLOSINGS
    known = code != UNDETERMINED
    out[row, O_RULE], out[row, O_NUMBER], out[row, O_STATE] = work[own + I_DUTY], work[own + I_NUMBER], code
    out[row, O_SEVERITY], out[row, O_TRIGGERED] = work[own + I_SEVERITY], work[own + I_TRIGGERED]
    deadline = due if phase in (BREACHED, MET) or code == PENDING else NEVER
    by_itself = work[own + I_CLOSER] >= 0 and work[own + I_CLOSER] == work[own + I_PERFORMED_BY]
    if performed != NEVER and work[own + I_STOPPED] and phase == MET and counts and not by_itself:
        deadline = NEVER  # R16: performed while suspended
    out[row, O_DEADLINE], out[row, O_PERFORMED] = deadline, performed
    used = NEVER
    if known and code != COULD_NOT_ARISE and counting:
        until = now
        if performed != NEVER:
            until = performed
        elif not work[own + I_OWED] and work[own + I_CEASED] != NEVER:
            until = work[own + I_CEASED]
        used = 0 if performed != NEVER and performed < work[own + I_START] else consumed(tables, work, it, until)
    out[row, O_CONSUMED] = used
    out[row, O_ALLOWED] = work[own + I_ALLOWED] if counting and known else NEVER
    late, late_counted = NEVER, NEVER
    if performed != NEVER and phase == BREACHED and due != NEVER:
        late = performed - due
        if counting:
            late_counted = counted_late(tables, work, it, due, performed)
    out[row, O_LATE], out[row, O_LATE_COUNTED] = late, late_counted
    owed = work[own + I_OWED] if phase != MET else 0
    out[row, O_OWED] = owed if known else UNKNOWN_OWED
    out[row, O_ENDED_BY] = work[own + I_ENDED_BY] if known else BY_NOTHING
    missing = 0
    if phase == UNDETERMINED:
        missing = work[own + I_MISSING]
    elif phase == PENDING and work[own + I_UNCERTAIN]:
        missing = work[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1]
    out[row, O_MISSING] = missing
    cause = work[own + I_CAUSE]
    out[row, O_CAUSE] = work[INSTANCES_AT + cause * INSTANCE + I_DUTY] if cause >= 0 else -1
    out[row, O_CAUSE_NUMBER] = work[INSTANCES_AT + cause * INSTANCE + I_NUMBER] if cause >= 0 else 0
    change = NEVER
    if code in (PENDING, SUSPENDED):
        change = due
        if work[own + I_UNKNOWN_AT] != NEVER and (change == NEVER or work[own + I_UNKNOWN_AT] < change):
            change = work[own + I_UNKNOWN_AT]
    out[row, O_CHANGE], out[row, O_NAME] = change, work[own + I_NAME]
    _tell_events(events, work, own, out, row)
    if code == PENDING and due == NEVER and counts and work[own + I_UNKNOWN_AT] == NEVER:
        out[row, O_FLAGS] |= NO_DEADLINE


@compiled
def _tell_events(events: Any, work: Any, own: int, out: Any, row: int) -> None:
    trigger, act = work[own + I_TRIGGER], work[own + I_PERFORMED_BY]
    flags = 0
    if trigger >= 0:
        flags |= skew_of(events, trigger)
    if act >= 0:
        flags |= skew_of(events, act)
    out[row, O_TRIGGER], out[row, O_ACT], out[row, O_FLAGS] = trigger, act if act != trigger else -1, flags
