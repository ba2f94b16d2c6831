"""What is said of a ticket as of an instant, row by row, and many tickets one after the other.

Equal to ``engine.verdicts``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.instances import consumed, counted_late
from slarules.columnar.kernels.layout import (
    BREACHED,
    BY_NOTHING,
    CHOICE_OPEN,
    CLOSINGS,
    COULD_NOT_ARISE,
    COUNTING,
    E_CAUSE,
    E_CHOICE,
    E_ENDED,
    E_MISSING,
    E_NUMBER,
    E_STATE,
    E_TRIGGER,
    E_TRIGGERED,
    E_UNDETERMINED,
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
    KEPT,
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
    OUTSIDE,
    PENDING,
    PERMITTED,
    REACHED,
    S_BEYOND,
    S_ELECTIONS,
    S_FIRST,
    S_INSTANCES,
    S_NOW,
    S_RIGHTS,
    SUSPENDED,
    UNDETERMINED,
    UNKNOWN_OWED,
    YES,
    Events,
    Tables,
    Work,
)
from slarules.columnar.kernels.steps import follow


@compiled
def tell_all(
    tables: Tables,
    events: Events,
    work: Work,
    first: int,
    last: int,
    as_of: int,
    out: Any,
    beyond: Any,
    change: Any,
) -> tuple[int, int]:
    """The rows of tickets ``first`` to ``last``, into ``out`` [O_…, row], while there is room.

    Gives the ticket before which it stopped and the number of rows. Into ``beyond`` [ticket] goes why a ticket is not
    for the kernels (its rows are left out), -1 for one of which nothing had happened yet; into ``change`` [ticket]
    when it changes next.
    """
    row = 0
    for ticket in range(first, last):
        if beyond[ticket]:
            continue
        if events.first[ticket] == events.first[ticket + 1] or events.at[events.first[ticket]] > as_of:
            beyond[ticket] = -1
            continue
        change[ticket] = follow(tables, events, work, ticket, as_of)
        state = work.state
        if state[S_BEYOND]:
            beyond[ticket] = state[S_BEYOND]
            continue
        rows = (
            state[S_INSTANCES] + state[S_ELECTIONS] + tables.forbidden + state[S_RIGHTS] + tables.scopes.shape[0]
        )
        if row + rows > out.shape[1]:
            return ticket, row
        row = _tell(tables, events, work, ticket, out, row)
    return last, row


@compiled
def _tell(tables: Tables, events: Events, work: Work, ticket: int, out: Any, row: int) -> int:
    """Every verdict of the ticket, in the contract's order of rules, then by instance."""
    state = work.state
    many = state[S_INSTANCES]
    duties = tables.duties.shape[0]
    for duty in range(duties):
        if work.counts[duty]:
            for it in range(many):
                if work.instances[it, I_DUTY] == duty:
                    _tell_instance(tables, events, work, it, out, row)
                    out[O_TICKET, row] = ticket
                    row += 1
    for number in range(state[S_ELECTIONS]):
        _tell_election(work, number, out, row)
        out[O_TICKET, row] = ticket
        row += 1
    rule = duties + tables.choices.shape[0]
    for number in range(tables.forbidden):
        _blank(out, row, ticket, rule + number, 1, KEPT, events.at[state[S_FIRST]])
        row += 1
    rule += tables.forbidden
    for number in range(state[S_RIGHTS]):
        right, event, found = work.rights[number, 0], work.rights[number, 1], work.rights[number, 2]
        code = PERMITTED if found == YES else NOT_PERMITTED if found == NO else UNDETERMINED
        earlier = 1
        for other in range(number):
            if work.rights[other, 0] == right:
                earlier += 1
        _blank(out, row, ticket, rule + right, earlier, code, events.at[event])
        out[O_PERFORMED, row], out[O_TRIGGER, row] = events.at[event], event
        out[O_MISSING, row] = tables.wanting[found]
        row += 1
    rule += tables.right_count
    for scope in range(tables.scopes.shape[0]):
        if work.scopes[scope, 0]:
            found = work.scopes[scope, 0] - 1
            code = OUTSIDE if found == YES else IN_SCOPE if found == NO else UNDETERMINED
            _blank(out, row, ticket, rule + scope, 1, code, work.scopes[scope, 1])
            out[O_MISSING, row] = tables.wanting[found]
            row += 1
    return row


@compiled
def _blank(out: Any, row: int, ticket: int, rule: int, number: int, code: int, at: int) -> None:
    """A row of a rule that has no clock."""
    out[O_TICKET, row], out[O_RULE, row], out[O_NUMBER, row], out[O_STATE, row] = ticket, rule, number, code
    out[O_SEVERITY, row], out[O_TRIGGERED, row], out[O_DEADLINE, row], out[O_PERFORMED, row] = -1, at, NEVER, NEVER
    out[O_CONSUMED, row], out[O_ALLOWED, row], out[O_LATE, row], out[O_LATE_COUNTED, row] = NEVER, NEVER, NEVER, NEVER
    out[O_OWED, row], out[O_ENDED_BY, row], out[O_MISSING, row] = UNKNOWN_OWED, BY_NOTHING, 0
    out[O_CAUSE, row], out[O_CAUSE_NUMBER, row], out[O_CHANGE, row], out[O_NAME, row] = -1, 0, NEVER, -1
    out[O_TRIGGER, row], out[O_ACT, row], out[O_FLAGS, row] = -1, -1, 0


@compiled
def _tell_election(work: Work, number: int, out: Any, row: int) -> None:
    own = work.elections[number]
    code = ENDED if own[E_STATE] == E_ENDED else UNDETERMINED if own[E_STATE] == E_UNDETERMINED else CHOICE_OPEN
    _blank(out, row, 0, own[E_CHOICE], own[E_NUMBER], code, own[E_TRIGGERED])
    out[O_MISSING, row], out[O_TRIGGER, row] = own[E_MISSING], own[E_TRIGGER]
    if own[E_CAUSE] >= 0:
        out[O_CAUSE, row] = work.instances[own[E_CAUSE], I_DUTY]
        out[O_CAUSE_NUMBER, row] = work.instances[own[E_CAUSE], I_NUMBER]


@compiled
def _state_of(tables: Tables, own: Any) -> int:
    phase = own[I_PHASE]
    if phase == MET:
        return REACHED if tables.efforts[own[I_DUTY]] else MET
    if phase == BREACHED:
        return MISSED if tables.efforts[own[I_DUTY]] else BREACHED
    if phase == PENDING:
        if own[I_UNCERTAIN]:
            return UNDETERMINED
        counts = own[I_KIND] == COUNTING or own[I_KIND] == CLOSINGS
        if own[I_STOPPED] and own[I_DUE] == NEVER and own[I_SINCE] == NEVER and counts:
            return SUSPENDED
    return int(phase)


@compiled
def _tell_instance(tables: Tables, events: Events, work: Work, it: int, out: Any, row: int) -> None:
    own = work.instances[it]
    now = work.state[S_NOW]
    code = _state_of(tables, own)
    phase, performed, due = own[I_PHASE], own[I_PERFORMED_AT], own[I_DUE]
    counting = own[I_KIND] == COUNTING
    counts = counting or own[I_KIND] == CLOSINGS
    known = code != UNDETERMINED
    out[O_RULE, row], out[O_NUMBER, row], out[O_STATE, row] = own[I_DUTY], own[I_NUMBER], code
    out[O_SEVERITY, row], out[O_TRIGGERED, row] = own[I_SEVERITY], own[I_TRIGGERED]
    deadline = due if phase == BREACHED or phase == MET or code == PENDING else NEVER
    if performed != NEVER and own[I_STOPPED] and phase == MET and counts:
        if own[I_CLOSER] < 0 or own[I_CLOSER] != own[I_PERFORMED_BY]:
            deadline = NEVER  # R16: performed while suspended
    out[O_DEADLINE, row], out[O_PERFORMED, row] = deadline, performed
    used = NEVER
    if known and code != COULD_NOT_ARISE and counting:
        until = now
        if performed != NEVER:
            until = performed
        elif not own[I_OWED] and own[I_CEASED] != NEVER:
            until = own[I_CEASED]
        used = 0 if performed != NEVER and performed < own[I_START] else consumed(tables, work, it, until)
    out[O_CONSUMED, row] = used
    out[O_ALLOWED, row] = own[I_ALLOWED] if counting and known else NEVER
    late, late_counted = NEVER, NEVER
    if performed != NEVER and phase == BREACHED and due != NEVER:
        late = performed - due
        if counting:
            late_counted = counted_late(tables, work, it, due, performed)
    out[O_LATE, row], out[O_LATE_COUNTED, row] = late, late_counted
    owed = own[I_OWED] if phase != MET else 0
    out[O_OWED, row] = owed if known else UNKNOWN_OWED
    out[O_ENDED_BY, row] = own[I_ENDED_BY] if known else BY_NOTHING
    missing = 0
    if phase == UNDETERMINED:
        missing = own[I_MISSING]
    elif phase == PENDING and own[I_UNCERTAIN]:
        missing = work.uncertain[it, 0, 1]
    out[O_MISSING, row] = missing
    cause = own[I_CAUSE]
    out[O_CAUSE, row] = work.instances[cause, I_DUTY] if cause >= 0 else -1
    out[O_CAUSE_NUMBER, row] = work.instances[cause, I_NUMBER] if cause >= 0 else 0
    change = NEVER
    if code == PENDING or code == SUSPENDED:
        change = due
        if own[I_UNKNOWN_AT] != NEVER and (change == NEVER or own[I_UNKNOWN_AT] < change):
            change = own[I_UNKNOWN_AT]
    out[O_CHANGE, row], out[O_NAME, row] = change, own[I_NAME]
    _tell_events(events, own, out, row)
    if code == PENDING and due == NEVER and counts and own[I_UNKNOWN_AT] == NEVER:
        out[O_FLAGS, row] |= NO_DEADLINE


@compiled
def _tell_events(events: Events, own: Any, out: Any, row: int) -> None:
    trigger, act = own[I_TRIGGER], own[I_PERFORMED_BY]
    flags = 0
    if trigger >= 0:
        flags |= events.skew[trigger]
    if act >= 0:
        flags |= events.skew[act]
    out[O_TRIGGER, row], out[O_ACT, row], out[O_FLAGS, row] = trigger, act if act != trigger else -1, flags
