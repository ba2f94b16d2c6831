"""One instant of a ticket in the order of R1, and a ticket from its first event to the instant judged as of.

Equal to ``engine.step``, ``engine.events``, ``engine.changes`` and ``engine.endings``.
"""

from __future__ import annotations

from slarules.columnar.kernels.asking import answer, by_whom, is_by, within
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.instances import begin, settle, severity_changed, stand, stop
from slarules.columnar.kernels.layout import (
    AGREED,
    ANSWERED,
    BREACHED,
    BY_WHILE,
    CANCELLED,
    CHOSEN,
    CLOSED,
    CONFIRMED,
    COULD_NOT_ARISE,
    D_REOPENING,
    D_ROLLING,
    D_WHILE,
    DISPUTABLE,
    E_AT,
    E_CHOICE,
    E_CLOSER,
    E_ENDED,
    E_MISSING,
    E_STATE,
    E_UNDETERMINED,
    ELECTED,
    ENDED,
    ENDS,
    FORBIDDEN,
    FORBIDDEN_ACT,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_FLOOR,
    I_MISSING,
    I_OWED,
    I_PAUSED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_SEVERITY,
    I_STOPPED,
    I_STOPPED_AT,
    I_TRIGGER,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    IMPOSSIBLE,
    JUDGED,
    MANY,
    MET,
    NEVER,
    NO,
    NOT_ENTITLED,
    NOT_OPENED,
    OPEN,
    OPENED,
    OUT_OF_SCOPE,
    PENDING,
    PERFORMS,
    REOPENED,
    RESOLVED,
    RESTART,
    RESUME,
    RESUMED,
    S_AGREEMENT,
    S_ARISEN,
    S_BEYOND,
    S_CLOSED,
    S_ELECTIONS,
    S_ENDED,
    S_ENTRY,
    S_FIRST,
    S_INSTANCES,
    S_LIVE,
    S_NOW,
    S_OPENED,
    S_OUTSIDE,
    S_RECORDED,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_RIGHTS,
    S_ROWS,
    S_SEVERITY,
    S_UPTO,
    S_WAITING,
    SETS_OFF,
    SEVERITY_CHANGED,
    SEVERITY_WANTED,
    UNCONFIRMED,
    UNDETERMINED,
    WAITING,
    YES,
    Events,
    Tables,
    Work,
)
from slarules.columnar.kernels.owed import (
    arise,
    deadlines,
    ended_by,
    perform_all,
    requalify,
    until,
)

# ---- Events (R18, R24) ----------------------------------------------------------------------------------------------


@compiled
def take(tables: Tables, events: Events, work: Work, event: int) -> None:
    """Record an event and move the ticket's state; what has no effect leaves the ticket beyond the kernels."""
    state = work.state
    kind = events.type[event]
    if state[S_OPENED] == NEVER and kind != OPENED:
        state[S_BEYOND] = NOT_OPENED
        return
    if kind < 9 or kind == CONFIRMED:
        _move(tables, events, work, event, kind)
    severity = events.severity[event]
    if severity >= 0:
        state[S_RECORDED] |= SEVERITY_WANTED
        if kind != CONFIRMED and severity != state[S_SEVERITY]:
            if not _entitled(tables, work, events.actor[event]):
                state[S_BEYOND] = NOT_ENTITLED
            state[S_SEVERITY] = severity
        elif kind != CONFIRMED and not _entitled(tables, work, events.actor[event]):
            state[S_BEYOND] = NOT_ENTITLED
    for place in range(events.facts_at[event], events.facts_at[event + 1]):
        work.facts[events.fact[place]] = events.value[place]
        state[S_RECORDED] |= 1 << events.fact[place]


@compiled
def _entitled(tables: Tables, work: Work, actor: int) -> bool:
    parties = tables.assigned_by[0] if work.state[S_SEVERITY] < 0 else tables.assigned_by[1]
    return actor < 0 or by_whom(parties, actor) == YES


@compiled
def _move(tables: Tables, events: Events, work: Work, event: int, kind: int) -> None:
    state = work.state
    at = events.at[event]
    if kind == OPENED:
        if state[S_OPENED] != NEVER:
            state[S_BEYOND] = IMPOSSIBLE
        state[S_OPENED] = at
    elif kind == SEVERITY_CHANGED:
        if events.severity[event] == state[S_SEVERITY]:
            state[S_BEYOND] = IMPOSSIBLE
        elif not _entitled(tables, work, events.actor[event]):
            state[S_BEYOND] = NOT_ENTITLED
    elif kind == WAITING:
        on = max(1, events.on[event])
        if state[S_WAITING] == on:
            state[S_BEYOND] = IMPOSSIBLE
        state[S_WAITING] = on
    elif kind == RESUMED:
        if state[S_WAITING] == 0:
            state[S_BEYOND] = IMPOSSIBLE
        state[S_WAITING] = 0
    elif kind == RESOLVED:
        if state[S_RESOLUTION] >= 0:
            state[S_BEYOND] = IMPOSSIBLE
        state[S_RESOLUTION], state[S_RESOLVED_AT], state[S_WAITING] = event, at, 0
    elif kind == REOPENED:
        if state[S_RESOLUTION] < 0 and not state[S_CLOSED]:
            state[S_BEYOND] = IMPOSSIBLE
        state[S_RESOLUTION], state[S_CLOSED], state[S_ENDED] = -1, 0, NEVER
    elif kind == CLOSED:
        state[S_CLOSED] = 1
        if state[S_RESOLUTION] < 0:
            state[S_ENDED] = at
    elif kind == CANCELLED or kind == OUT_OF_SCOPE:
        state[S_CLOSED], state[S_ENDED] = 1, at
    elif kind == CONFIRMED:
        found = events.severity[event]
        if not _confirms(tables, events, event) or state[S_SEVERITY] < 0 or (found >= 0 and found != state[S_SEVERITY]):
            state[S_BEYOND] = UNCONFIRMED


@compiled
def _confirms(tables: Tables, events: Events, event: int) -> bool:
    actor = events.actor[event]
    return actor < 0 or by_whom(tables.assigned_by[2], actor) == YES


# ---- Effects on what is owed already (R6, R7) -----------------------------------------------------------------------


@compiled
def effects(tables: Tables, events: Events, work: Work, was: int) -> None:
    """Severity, pauses, answers to what was uncertain."""
    state = work.state
    changed = state[S_SEVERITY] != was
    recorded = state[S_RECORDED]
    for place in range(state[S_LIVE]):
        it = work.live[place]
        own = work.instances[it]
        if own[I_PHASE] == UNDETERMINED:
            if own[I_UNCERTAIN]:
                requalify(tables, events, work, it)
            elif own[I_MISSING] & recorded:
                state[S_BEYOND] = ANSWERED  # R9
            continue
        touched = changed
        if changed:
            severity_changed(tables, events, work, it, was)
        if own[I_UNCERTAIN] and recorded:
            requalify(tables, events, work, it)
            touched = True
        if stand(tables, work, it, False) or touched:
            settle(tables, work, it)
    for number in range(state[S_ELECTIONS]):
        own = work.elections[number]
        if own[E_STATE] == E_UNDETERMINED and own[E_MISSING] & recorded:
            state[S_BEYOND] = ANSWERED


@compiled
def reopen(tables: Tables, events: Events, work: Work, resolution: int) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    state = work.state
    for it in range(state[S_INSTANCES]):
        own = work.instances[it]
        if _newer(work, it):
            continue
        _forget_resolutions(events, work, it)
        if own[I_CLOSER] != resolution:
            continue
        rule = tables.duties[own[I_DUTY], D_REOPENING]
        if rule == RESUME:
            _resume(tables, events, work, it)
        elif rule == RESTART:
            row = -1
            if tables.duties[own[I_DUTY], D_ROLLING]:
                row = state[S_ROWS]
                if row >= work.served.shape[0]:
                    state[S_BEYOND] = MANY
                    return
                state[S_ROWS] = row + 1
                for place in range(work.served.shape[1]):
                    work.served[row, place] = -1
            begin(tables, events, work, own[I_DUTY], state[S_NOW], own[I_CAUSE], own[I_TRIGGER], row, -1)
    for number in range(state[S_ELECTIONS]):
        own = work.elections[number]
        if own[E_CLOSER] == resolution:
            own[E_STATE], own[E_CLOSER], own[E_AT] = OPEN, -1, NEVER


@compiled
def _newer(work: Work, it: int) -> bool:
    """Whether the duty has a newer instance."""
    for later in range(it + 1, work.state[S_INSTANCES]):
        if work.instances[later, I_DUTY] == work.instances[it, I_DUTY]:
            return True
    return False


@compiled
def _forget_resolutions(events: Events, work: Work, it: int) -> None:
    """A resolution that may have performed it does so no more."""
    own = work.instances[it]
    kept = 0
    for number in range(own[I_UNCERTAIN]):
        if events.type[work.uncertain[it, number, 0]] != RESOLVED:
            work.uncertain[it, kept, 0] = work.uncertain[it, number, 0]
            work.uncertain[it, kept, 1] = work.uncertain[it, number, 1]
            kept += 1
    own[I_UNCERTAIN] = kept


@compiled
def _resume(tables: Tables, events: Events, work: Work, it: int) -> None:
    own = work.instances[it]
    state = work.state
    if not own[I_STOPPED]:  # the resolution performed or ended it, so nothing stopped its clock until now
        at = events.at[own[I_CLOSER]]
        stop(tables, work, it, at)
        own[I_PAUSED], own[I_STOPPED_AT], own[I_STOPPED] = 1, at, 1
    own[I_PERFORMED_AT], own[I_PERFORMED_BY], own[I_ENDED_BY] = NEVER, -1, -1
    own[I_CEASED], own[I_CLOSER], own[I_OWED] = NEVER, -1, 1
    if own[I_PHASE] != BREACHED:
        own[I_PHASE], own[I_FLOOR] = PENDING, state[S_NOW]
        if own[I_SEVERITY] != state[S_SEVERITY]:
            severity_changed(tables, events, work, it, own[I_SEVERITY])
    alive = False
    for place in range(state[S_LIVE]):
        alive = alive or work.live[place] == it
    if not alive:
        work.live[state[S_LIVE]] = it
        state[S_LIVE] += 1
    stand(tables, work, it, False)
    settle(tables, work, it)


# ---- What an instant sets off ---------------------------------------------------------------------------------------


@compiled
def triggers(tables: Tables, events: Events, work: Work, first: int, last: int) -> None:
    """What the events of this instant set off, in their order."""
    state = work.state
    over = state[S_ENDED] != NEVER and state[S_ENDED] < state[S_NOW]
    for event in range(first, last):
        kind = events.type[event]
        marks = tables.marks[kind]
        if marks & SETS_OFF and not over:
            for place in range(tables.triggers_at[kind], tables.triggers_at[kind + 1]):
                if _matches(tables, events, work, tables.triggers[place], event):
                    state[S_ENTRY] = event
                    arise(tables, events, work, tables.triggers[place, 0], -1, event)
                    state[S_ENTRY] = -1
            if tables.both.shape[0]:
                _joint(tables, events, work, event)
        if marks & JUDGED:
            _rights(tables, events, work, event)
        if marks & FORBIDDEN:
            _forbidden(tables, events, work, event)
        if kind == ELECTED or kind == AGREED:
            for number in range(state[S_ELECTIONS]):
                if work.elections[number, E_STATE] == OPEN and state[S_RESOLUTION] < 0:
                    state[S_BEYOND] = CHOSEN
        if state[S_BEYOND]:
            return
    if tables.standing.shape[0] and state[S_NOW] == events.at[state[S_FIRST]]:
        for place in range(tables.standing.shape[0]):
            arise(tables, events, work, tables.standing[place], -1, -1)


@compiled
def _matches(tables: Tables, events: Events, work: Work, trigger: list[int], event: int) -> bool:
    at = events.at[event]
    if trigger[2] >= 0 and not within(tables, work, trigger[2], at, True):
        return False
    if trigger[3] >= 0 and not within(tables, work, trigger[3], at, False):
        return False
    return is_by(work, trigger[1], events.actor[event])


@compiled
def _joint(tables: Tables, events: Events, work: Work, event: int) -> None:
    """R35: the later of two events."""
    state = work.state
    for number in range(tables.both.shape[0]):
        rule = tables.both[number, 0]
        seen = work.both[number]
        before = seen[0] >= 0 and seen[1] >= 0
        for half in range(2):
            kind, parties = tables.both[number, 1 + 2 * half], tables.both[number, 2 + 2 * half]
            if events.type[event] == kind and is_by(work, parties, events.actor[event]):
                seen[half] = event
            elif seen[half] < 0:
                for earlier in range(state[S_FIRST], state[S_UPTO]):
                    if events.type[earlier] == kind and is_by(work, parties, events.actor[earlier]):
                        seen[half] = earlier
        if seen[0] >= 0 and seen[1] >= 0 and not before:
            state[S_ENTRY] = event
            arise(tables, events, work, rule, -1, event)
            state[S_ENTRY] = -1


@compiled
def _rights(tables: Tables, events: Events, work: Work, event: int) -> None:
    """R21: whether the event is within the rights that it is checked against."""
    state = work.state
    kind = events.type[event]
    for place in range(tables.rights_at[kind], tables.rights_at[kind + 1]):
        if tables.rights[place, 3]:
            state[S_BEYOND] = tables.rights[place, 3]
            return
        if not is_by(work, tables.rights[place, 1], events.actor[event]):
            continue
        number = state[S_RIGHTS]
        if number >= work.rights.shape[0]:
            state[S_BEYOND] = MANY
            return
        state[S_ENTRY] = event
        found = answer(tables, events, work, tables.rights[place, 2])
        state[S_ENTRY] = -1
        work.rights[number, 0], work.rights[number, 1], work.rights[number, 2] = tables.rights[place, 0], event, found
        state[S_RIGHTS] = number + 1


@compiled
def _forbidden(tables: Tables, events: Events, work: Work, event: int) -> None:
    """Whether the event may break a prohibition; then the reference engine tells."""
    kind = events.type[event]
    for place in range(tables.forbids_at[kind], tables.forbids_at[kind + 1]):
        if by_whom(tables.forbids[place, 0], events.actor[event]) == NO:
            continue
        work.state[S_ENTRY] = event
        if tables.forbids[place, 1] == -2 or answer(tables, events, work, tables.forbids[place, 1]) != NO:
            work.state[S_BEYOND] = FORBIDDEN_ACT
        work.state[S_ENTRY] = -1


@compiled
def scopes(tables: Tables, events: Events, work: Work) -> None:
    """Where the ticket stands to what is outside the contract."""
    state = work.state
    for scope in range(tables.scopes.shape[0]):
        found = answer(tables, events, work, tables.scopes[scope]) + 1
        known = work.scopes[scope, 0]
        if known == 0 or (known != found and known != YES + 1):
            work.scopes[scope, 0], work.scopes[scope, 1] = found, state[S_NOW]
        if found == YES + 1 and state[S_OUTSIDE] < 0:
            state[S_OUTSIDE] = scope


# ---- Endings --------------------------------------------------------------------------------------------------------


@compiled
def end(tables: Tables, events: Events, work: Work, first: int, last: int, resolution: int) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    state = work.state
    over = ended_by(tables, events, work, first, last)
    for place in range(state[S_LIVE]):
        it = work.live[place]
        own = work.instances[it]
        phase = own[I_PHASE]
        if phase == MET or phase == ENDED or phase == COULD_NOT_ARISE:
            continue
        by = over if over >= 0 else until(tables, events, own[I_DUTY], first, last)
        question = tables.duties[own[I_DUTY], D_WHILE]
        if by < 0 and question >= 0 and (phase == PENDING or phase == BREACHED):
            found = answer(tables, events, work, question)
            if found > YES and phase == BREACHED:
                continue
            if found > YES:
                own[I_PHASE], own[I_MISSING], own[I_OWED] = UNDETERMINED, tables.wanting[found], 1
                changed = True
                continue
            if found == NO:
                by = BY_WHILE
        if by >= 0 or by == BY_WHILE:
            changed = _finish(work, it, by, resolution if by == RESOLVED else -1) or changed
    for number in range(state[S_ELECTIONS]):
        election = work.elections[number]
        if election[E_STATE] != OPEN:
            continue
        question = tables.choices[election[E_CHOICE] - tables.duties.shape[0], 1]
        if over >= 0 or resolution >= 0 or answer(tables, events, work, question) == NO:
            election[E_STATE], election[E_AT] = E_ENDED, state[S_NOW]
            election[E_CLOSER] = -1 if over >= 0 else resolution
    return changed


@compiled
def _finish(work: Work, it: int, by: int, closer: int) -> bool:
    own = work.instances[it]
    if own[I_PHASE] == UNDETERMINED or not own[I_OWED]:
        return False
    own[I_OWED], own[I_CEASED], own[I_ENDED_BY] = 0, work.state[S_NOW], by
    if closer >= 0:
        own[I_CLOSER] = closer
    if own[I_PHASE] == PENDING and own[I_UNCERTAIN]:
        own[I_PHASE], own[I_MISSING] = UNDETERMINED, work.uncertain[it, 0, 1]
    elif own[I_PHASE] == PENDING:
        own[I_PHASE] = ENDED
    return True


# ---- One instant (R1) -----------------------------------------------------------------------------------------------


@compiled
def step(tables: Tables, events: Events, work: Work, at: int, first: int, last: int) -> None:
    """Move the ticket to ``at``, at which its events ``first`` to ``last`` happen."""
    state = work.state
    state[S_NOW], state[S_ENTRY], state[S_UPTO], state[S_RECORDED] = at, -1, max(last, state[S_UPTO]), 0
    was_severity, was_resolution, was_waiting = state[S_SEVERITY], state[S_RESOLUTION], state[S_WAITING]
    resolution, reopened = -1, False
    marks = 0
    for event in range(first, last):
        take(tables, events, work, event)
        if state[S_BEYOND]:
            return
        kind = events.type[event]
        marks |= tables.marks[kind]
        if kind == RESOLVED:
            resolution = event
        elif kind == REOPENED:
            reopened = True
    if last > first:
        if tables.scopes.shape[0]:
            scopes(tables, events, work)
        moved = state[S_WAITING] != was_waiting or state[S_RESOLUTION] != was_resolution
        if state[S_RECORDED] or moved:
            effects(tables, events, work, was_severity)
        if reopened and was_resolution >= 0:
            reopen(tables, events, work, was_resolution)
        triggers(tables, events, work, first, last)
        if state[S_BEYOND]:
            return
    settle_all(tables, events, work, first, last, resolution, marks)
    if reopened and resolution >= 0 and state[S_RESOLUTION] < 0:
        reopen(tables, events, work, resolution)  # resolved and reopened at one instant
        settle_all(tables, events, work, first, last, resolution, marks)
    _let_go(work)


@compiled
def settle_all(
    tables: Tables, events: Events, work: Work, first: int, last: int, resolution: int, marks: int
) -> None:
    """Performance, endings, deadlines and what follows, until nothing changes."""
    state = work.state
    if not state[S_LIVE] and not state[S_ELECTIONS]:
        return
    performs = marks & PERFORMS
    ends = marks & ENDS or tables.has_whiles or state[S_OUTSIDE] >= 0
    if not (performs or ends or resolution >= 0 or state[S_ELECTIONS]) and not deadlines(tables, events, work):
        return
    for _ in range(1000):
        arisen = state[S_ARISEN]
        changed = False
        if performs:
            changed = perform_all(tables, events, work, first, last)
        if ends:
            changed = end(tables, events, work, first, last, resolution) or changed
        if resolution >= 0:
            _stand_still(tables, work)
        changed = deadlines(tables, events, work) or changed
        if state[S_BEYOND] or not changed or arisen == state[S_ARISEN]:
            return


@compiled
def _stand_still(tables: Tables, work: Work) -> None:
    """Clocks stand still from a resolution that did not perform or end their duties (R7)."""
    state = work.state
    if state[S_RESOLUTION] < 0 or state[S_RESOLVED_AT] != state[S_NOW]:
        return
    for place in range(state[S_LIVE]):
        it = work.live[place]
        own = work.instances[it]
        if not own[I_STOPPED] and own[I_OWED] and (own[I_PHASE] == PENDING or own[I_PHASE] == BREACHED):
            stand(tables, work, it, True)
            settle(tables, work, it)


@compiled
def _let_go(work: Work) -> None:
    """Instances that nothing can change any more are looked at no more."""
    state = work.state
    kept = 0
    for place in range(state[S_LIVE]):
        it = work.live[place]
        own = work.instances[it]
        if own[I_OWED] or own[I_PHASE] == PENDING or own[I_PHASE] == UNDETERMINED:
            work.live[kept] = it
            kept += 1
    state[S_LIVE] = kept


@compiled
def next_timer(work: Work) -> int:
    """The next instant at which something changes though nothing happens; ``NEVER``."""
    state = work.state
    soonest = NEVER
    for place in range(state[S_LIVE]):
        own = work.instances[work.live[place]]
        if own[I_PHASE] != PENDING:
            continue
        due, unknown = own[I_DUE], own[I_UNKNOWN_AT]
        if due > state[S_NOW] and (soonest == NEVER or due < soonest):
            soonest = due
        if unknown > state[S_NOW] and (soonest == NEVER or unknown < soonest):
            soonest = unknown
    return soonest


@compiled
def follow(tables: Tables, events: Events, work: Work, ticket: int, as_of: int) -> int:
    """A ticket from its first event to ``as_of``; when it changes next if nothing happens, or ``NEVER`` (R17)."""
    state = work.state
    _clear(tables, events, work, ticket)
    place, last = events.first[ticket], events.first[ticket + 1]
    while True:
        at = events.at[place] if place < last and events.at[place] <= as_of else NEVER
        timer = next_timer(work) if state[S_LIVE] else NEVER
        if timer != NEVER and (at == NEVER or timer < at):
            if timer > as_of:
                break
            step(tables, events, work, timer, place, place)
        elif at == NEVER:
            break
        else:
            after = place + 1
            while after < last and events.at[after] == at:
                after += 1
            step(tables, events, work, at, place, after)
            place = after
        if state[S_BEYOND]:
            return NEVER
    state[S_NOW] = as_of
    if tables.disputes.shape[0] and state[S_SEVERITY] >= 0:
        if tables.disputes[state[S_SEVERITY]] == -2:
            state[S_BEYOND] = DISPUTABLE
        elif tables.disputes[state[S_SEVERITY]] >= 0:
            if answer(tables, events, work, tables.disputes[state[S_SEVERITY]]) == NO:
                state[S_BEYOND] = DISPUTABLE
    return timer


@compiled
def _clear(tables: Tables, events: Events, work: Work, ticket: int) -> None:
    state = work.state
    for place in range(state.shape[0]):
        state[place] = 0
    state[S_ENTRY], state[S_SEVERITY], state[S_RESOLUTION] = -1, -1, -1
    state[S_OPENED], state[S_ENDED], state[S_OUTSIDE] = NEVER, NEVER, -1
    state[S_NOW], state[S_RESOLVED_AT] = NEVER, NEVER
    state[S_FIRST] = state[S_UPTO] = events.first[ticket]
    state[S_AGREEMENT] = events.agreement[ticket]
    for fact in range(work.facts.shape[0]):
        work.facts[fact] = 0
    for rule in range(work.counts.shape[0]):
        work.counts[rule] = 0
    for number in range(work.both.shape[0]):
        work.both[number, 0] = work.both[number, 1] = -1
    for scope in range(work.scopes.shape[0]):
        work.scopes[scope, 0] = 0
