"""What arises, is performed, falls due and follows (R1, R4, R8, R9, R10, R22, R23, R25). Equal to ``engine.owed``."""

from __future__ import annotations

from slarules.columnar.kernels.asking import answer, by_whom, fact_code, is_by
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.instances import add, begin, settle, stand
from slarules.columnar.kernels.layout import (
    BREACHED,
    BY_SCOPE,
    CANCELLED,
    CLOSED,
    COULD_NOT_ARISE,
    D_BEYOND,
    D_GUARD,
    D_KEEPS,
    D_QUALIFIES,
    D_ROLLING,
    D_STRICT,
    D_WHILE,
    E_AT,
    E_CAUSE,
    E_CHOICE,
    E_CLOSER,
    E_MISSING,
    E_NUMBER,
    E_STATE,
    E_TRIGGER,
    E_TRIGGERED,
    E_UNDETERMINED,
    ENDED,
    I_CALENDAR,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_FLOOR,
    I_MISSING,
    I_OWED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_ROW,
    I_TRIGGER,
    I_TRIGGERED,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    MANY,
    MET,
    NEVER,
    NO,
    OPEN,
    OUT_OF_SCOPE,
    PENDING,
    RESOLVED,
    S_ARISEN,
    S_BEYOND,
    S_ELECTIONS,
    S_ENTRY,
    S_FIRST,
    S_FRAMES,
    S_LIVE,
    S_NOW,
    S_OUTSIDE,
    S_RECORDED,
    S_RESOLUTION,
    S_ROWS,
    S_UPTO,
    TERMINATED,
    UNDETERMINED,
    YES,
    Events,
    Tables,
    Work,
)

AT_BREACH, AT_MET, AT_PERFORMANCE = 0, 1, 2

# ---- Arising --------------------------------------------------------------------------------------------------------


@compiled
def arise(tables: Tables, events: Events, work: Work, rule: int, cause: int, trigger: int) -> int:
    """An instance if the guard holds, undetermined where that cannot be known (R9); -1 for none."""
    state = work.state
    duties = tables.duties.shape[0]
    beyond = tables.duties[rule, D_BEYOND] if rule < duties else tables.choices[rule - duties, 2]
    if beyond:
        state[S_BEYOND] = beyond
        return -1
    question = tables.duties[rule, D_GUARD] if rule < duties else tables.choices[rule - duties, 0]
    guard = answer(tables, events, work, question)
    if guard == NO:
        return -1
    wanting = tables.wanting[guard]
    if tables.scopes.shape[0] and state[S_OUTSIDE] < 0:
        wanting |= _scopes_unknown(tables, events, work)
    start = state[S_NOW]
    if cause >= 0 and work.instances[cause, I_DUE] != NEVER:
        start = work.instances[cause, I_DUE]
    if rule >= duties:
        _offer(work, rule, start, cause, trigger, wanting)
        return -1
    if wanting:
        it = add(work, rule, state[S_NOW], start, cause, trigger)
        if it >= 0:
            work.instances[it, I_PHASE], work.instances[it, I_MISSING] = UNDETERMINED, wanting
        return it
    row = -1
    if tables.duties[rule, D_ROLLING]:
        row = state[S_ROWS]
        if row >= work.served.shape[0]:
            state[S_BEYOND] = MANY
            return -1
        state[S_ROWS] = row + 1
        for place in range(work.served.shape[1]):
            work.served[row, place] = -1
    return begin(tables, events, work, rule, start, cause, trigger, row, -1)


@compiled
def _scopes_unknown(tables: Tables, events: Events, work: Work) -> int:
    """For want of what it cannot be known whether the ticket is in scope; nothing where one scope is known to hold."""
    wanting = 0
    for scope in range(tables.scopes.shape[0]):
        found = answer(tables, events, work, tables.scopes[scope])
        if found == YES:
            return 0
        wanting |= tables.wanting[found]
    return wanting


@compiled
def _offer(work: Work, rule: int, start: int, cause: int, trigger: int, wanting: int) -> None:
    state = work.state
    number = state[S_ELECTIONS]
    if number >= work.elections.shape[0]:
        state[S_BEYOND] = MANY
        return
    state[S_ELECTIONS] = number + 1
    state[S_ARISEN] += 1
    work.counts[rule] += 1
    own = work.elections[number]
    own[E_CHOICE], own[E_NUMBER], own[E_TRIGGERED] = rule, work.counts[rule], start
    own[E_CAUSE], own[E_TRIGGER], own[E_CLOSER], own[E_AT] = cause, trigger, -1, NEVER
    own[E_STATE] = E_UNDETERMINED if wanting else OPEN
    own[E_MISSING] = wanting


# ---- Performance ----------------------------------------------------------------------------------------------------


@compiled
def perform_all(tables: Tables, events: Events, work: Work, first: int, last: int) -> bool:
    """What the events of this instant perform."""
    changed = False
    state = work.state
    for place in range(state[S_LIVE]):
        it = work.live[place]
        own = work.instances[it]
        phase = own[I_PHASE]
        if own[I_PERFORMED_AT] != NEVER or not own[I_OWED]:
            continue
        if phase == MET or phase == ENDED or phase == COULD_NOT_ARISE:
            continue
        for act in range(first, last):
            if tables.performs[own[I_DUTY], events.type[act]] and _consider(tables, events, work, it, act):
                changed = True
                break
        if state[S_BEYOND]:
            return False
    return changed


@compiled
def _consider(tables: Tables, events: Events, work: Work, it: int, act: int) -> bool:
    """Whether the act performs the instance, and if so let it."""
    own = work.instances[it]
    if own[I_ROW] >= 0 and _has_served(work, own[I_ROW], act):
        return False
    many = own[I_UNCERTAIN]
    if own[I_PHASE] == UNDETERMINED and many == 0:
        return False
    for number in range(many):
        if work.uncertain[it, number, 0] == act:
            return False
    found = _qualifies(tables, events, work, it, act)
    if found == NO:
        return False
    if found != YES:
        if own[I_PHASE] == PENDING:
            _doubt(tables, work, it, act, tables.wanting[found])
        return False
    if own[I_PHASE] == UNDETERMINED:
        return False  # the certain act came too late to tell
    perform(tables, events, work, it, act)
    return True


@compiled
def _doubt(tables: Tables, work: Work, it: int, act: int, wanting: int) -> None:
    """The act may have performed it (R23)."""
    many = work.instances[it, I_UNCERTAIN]
    if many >= work.uncertain.shape[1]:
        work.state[S_BEYOND] = MANY
        return
    work.uncertain[it, many, 0], work.uncertain[it, many, 1] = act, wanting
    work.instances[it, I_UNCERTAIN] = many + 1


@compiled
def _qualifies(tables: Tables, events: Events, work: Work, it: int, act: int) -> int:
    """Whether the act is one that performs the duty."""
    duty = work.instances[it, I_DUTY]
    if not is_by(work, tables.performs[duty, events.type[act]], events.actor[act]):
        return NO
    question = tables.duties[duty, D_QUALIFIES]
    if question < 0:
        return YES
    work.state[S_ENTRY] = act
    found = answer(tables, events, work, question)
    work.state[S_ENTRY] = -1
    return found


@compiled
def _has_served(work: Work, row: int, act: int) -> bool:
    for place in range(work.served.shape[1]):
        if work.served[row, place] == act:
            return True
    return False


@compiled
def _serve(work: Work, row: int, act: int) -> None:
    """The act is used up: each serves one period (R4). Only those of the present instant can come again."""
    last = work.served.shape[1] - 1
    for place in range(last):
        work.served[row, place] = work.served[row, place + 1]
    work.served[row, last] = act


@compiled
def perform(tables: Tables, events: Events, work: Work, it: int, act: int) -> None:
    """The act performs the instance: in time, or late."""
    own = work.instances[it]
    _performed(tables, events, work, it, act)
    if own[I_PHASE] == PENDING:
        due = own[I_DUE]
        at = events.at[act]
        if due == NEVER or at < due or (at == due and not tables.duties[own[I_DUTY], D_STRICT]):
            own[I_PHASE] = MET
        else:
            breach(tables, events, work, it, due, True)
    if own[I_PHASE] == MET:
        consequences(tables, events, work, it, AT_MET)
    consequences(tables, events, work, it, AT_PERFORMANCE)
    if tables.duties[own[I_DUTY], D_ROLLING] and own[I_ROW] >= 0 and own[I_PHASE] == MET:
        if not _over_now(tables, events, work, own[I_DUTY]):
            begin(
                tables,
                events,
                work,
                own[I_DUTY],
                work.state[S_NOW],
                own[I_CAUSE],
                own[I_TRIGGER],
                own[I_ROW],
                -1,
            )


@compiled
def _performed(tables: Tables, events: Events, work: Work, it: int, act: int) -> None:
    own = work.instances[it]
    own[I_PERFORMED_AT], own[I_PERFORMED_BY] = events.at[act], act
    own[I_OWED], own[I_UNCERTAIN] = 0, 0
    if events.type[act] == RESOLVED:
        own[I_CLOSER] = act
    if own[I_ROW] >= 0:
        _serve(work, own[I_ROW], act)


@compiled
def _over_now(tables: Tables, events: Events, work: Work, duty: int) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    first, last = instant(events, work)
    if ended_by(tables, events, work, first, last) >= 0 or until(tables, events, duty, first, last) >= 0:
        return True
    return answer(tables, events, work, tables.duties[duty, D_WHILE]) == NO


@compiled
def instant(events: Events, work: Work) -> tuple[int, int]:
    """The ticket's events of the present instant."""
    last = work.state[S_UPTO]
    first = last
    while first > work.state[S_FIRST] and events.at[first - 1] == work.state[S_NOW]:
        first -= 1
    return first, last


@compiled
def requalify(tables: Tables, events: Events, work: Work, it: int) -> None:
    """Acts that were uncertain, with what has been recorded since."""
    own = work.instances[it]
    state = work.state
    number = 0
    while number < own[I_UNCERTAIN]:
        act = work.uncertain[it, number, 0]
        if not work.uncertain[it, number, 1] & state[S_RECORDED]:
            number += 1
            continue
        found = _qualifies(tables, events, work, it, act)
        if found > YES:
            number += 1
            continue
        for later in range(number, own[I_UNCERTAIN] - 1):
            work.uncertain[it, later, 0] = work.uncertain[it, later + 1, 0]
            work.uncertain[it, later, 1] = work.uncertain[it, later + 1, 1]
        own[I_UNCERTAIN] -= 1
        if found == YES:
            if own[I_PHASE] == UNDETERMINED:
                own[I_PHASE], own[I_MISSING] = PENDING, 0
            perform(tables, events, work, it, act)
            return
    if own[I_PHASE] == UNDETERMINED and own[I_UNCERTAIN] == 0:
        own[I_PHASE] = PENDING if own[I_OWED] else ENDED
        own[I_MISSING], own[I_FLOOR] = 0, state[S_NOW]  # R9
        settle(tables, work, it)


# ---- Deadlines and what follows -------------------------------------------------------------------------------------


@compiled
def deadlines(tables: Tables, events: Events, work: Work) -> bool:
    """What falls due now, and what was to be kept and is not (R25)."""
    changed = False
    state = work.state
    now = state[S_NOW]
    for place in range(state[S_LIVE]):
        it = work.live[place]
        own = work.instances[it]
        if own[I_PHASE] != PENDING:
            continue
        keeps = tables.duties[own[I_DUTY], D_KEEPS]
        if keeps >= 0 and fact_code(events, work, keeps) == 1:
            breach(tables, events, work, it, now, False)
            changed = True
        elif own[I_DUE] != NEVER and own[I_DUE] <= now:
            changed = True
            if own[I_UNCERTAIN]:
                own[I_PHASE], own[I_MISSING] = UNDETERMINED, work.uncertain[it, 0, 1]
            else:
                breach(tables, events, work, it, own[I_DUE], False)
        elif own[I_UNKNOWN_AT] != NEVER and own[I_UNKNOWN_AT] <= now:
            own[I_PHASE] = UNDETERMINED
            own[I_MISSING] = tables.unknown_mask[own[I_CALENDAR]]
            changed = True
        if state[S_BEYOND]:
            return False
    return changed


@compiled
def breach(tables: Tables, events: Events, work: Work, it: int, at: int, performed: bool) -> None:
    """From the deadline on, whatever happens later."""
    own = work.instances[it]
    own[I_PHASE], own[I_DUE] = BREACHED, at
    if own[I_ROW] >= 0:
        own[I_OWED], own[I_CEASED] = 0, at  # R4: never performed late
        if tables.duties[own[I_DUTY], D_ROLLING]:
            begin(tables, events, work, own[I_DUTY], at, own[I_CAUSE], own[I_TRIGGER], own[I_ROW], -1)
    elif not performed:
        stand(tables, work, it, False)
    consequences(tables, events, work, it, AT_BREACH)


@compiled
def consequences(tables: Tables, events: Events, work: Work, it: int, outcome: int) -> None:
    """What an outcome sets off, and what that sets off at once (R10): each in its turn, the deepest first."""
    state = work.state
    frames = work.frames
    base = state[S_FRAMES]
    if not _push(tables, work, it, outcome):
        return
    while state[S_FRAMES] > base:
        top = state[S_FRAMES] - 1
        it, outcome, place = frames[top, 0], frames[top, 1], frames[top, 2]
        if place >= tables.outcomes_at[3 * work.instances[it, I_DUTY] + outcome + 1]:
            state[S_FRAMES] = top
            continue
        frames[top, 2] = place + 1
        cause = it if outcome == AT_BREACH else -1
        arisen = arise(tables, events, work, tables.outcomes[place], cause, work.instances[it, I_PERFORMED_BY])
        if state[S_BEYOND]:
            state[S_FRAMES] = base
            return
        if arisen >= 0 and outcome == AT_BREACH:
            _past_act(tables, events, work, arisen, work.instances[it, I_TRIGGERED])


@compiled
def _push(tables: Tables, work: Work, it: int, outcome: int) -> bool:
    """Put an outcome's consequences on the pile; False where there are none, or too many."""
    at = 3 * work.instances[it, I_DUTY] + outcome
    if tables.outcomes_at[at] == tables.outcomes_at[at + 1]:
        return False
    top = work.state[S_FRAMES]
    if top >= work.frames.shape[0]:
        work.state[S_BEYOND] = MANY
        return False
    work.frames[top, 0], work.frames[top, 1], work.frames[top, 2] = it, outcome, tables.outcomes_at[at]
    work.state[S_FRAMES] = top + 1
    return True


@compiled
def _past_act(tables: Tables, events: Events, work: Work, it: int, since: int) -> None:
    """Acts done already: for a one-shot consequence since the breached duty's trigger (R10)."""
    own = work.instances[it]
    state = work.state
    duty = own[I_DUTY]
    if tables.duties[duty, D_ROLLING] or own[I_PHASE] != PENDING:
        return
    for act in range(state[S_FIRST], state[S_UPTO]):
        at = events.at[act]
        if at < since or at >= state[S_NOW] or not tables.performs[duty, events.type[act]]:
            continue
        found = _qualifies(tables, events, work, it, act)
        if found == YES:
            _performed(tables, events, work, it, act)
            own[I_PHASE] = MET
            _push(tables, work, it, AT_PERFORMANCE)
            _push(tables, work, it, AT_MET)
            return
        if found != NO:
            _doubt(tables, work, it, act, tables.wanting[found])


# ---- Endings --------------------------------------------------------------------------------------------------------


@compiled
def ended_by(tables: Tables, events: Events, work: Work, first: int, last: int) -> int:
    """What ends every pending duty now: the type of an event, or a scope; -1: nothing (R19)."""
    state = work.state
    if state[S_OUTSIDE] >= 0:
        return int(state[S_OUTSIDE] + BY_SCOPE)
    for act in range(first, last):
        kind = events.type[act]
        if kind == CANCELLED or kind == OUT_OF_SCOPE or kind == TERMINATED:
            return int(kind)
        if kind == CLOSED and state[S_RESOLUTION] < 0:
            return int(kind)
    return -1


@compiled
def until(tables: Tables, events: Events, duty: int, first: int, last: int) -> int:
    """The type of the event of this instant that ends the duty; -1: none."""
    for act in range(first, last):
        parties = tables.ends[duty, events.type[act]]
        if parties and by_whom(parties, events.actor[act]) == YES:
            return int(events.type[act])
    return -1
