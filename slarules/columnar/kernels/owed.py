"""What arises, is performed, falls due and follows (R1, R4, R8, R9, R10, R22, R23, R25). Equal to ``engine.owed``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, by_whom, fact_code, is_by
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.instances import add, begin, settle, stand, wind
from slarules.columnar.kernels.layout import (
    BREACHED,
    BY_SCOPE,
    CANCELLED,
    CHOICE,
    CLOSED,
    COULD_NOT_ARISE,
    COUNTS_AT,
    D_BEYOND,
    D_GUARD,
    D_KEEPS,
    D_QUALIFIES,
    D_ROLLING,
    D_STRICT,
    D_WHILE,
    DUTY,
    E_AT,
    E_CAUSE,
    E_CHOICE,
    E_CLOSER,
    E_LAPSED,
    E_LAPSES,
    E_MISSING,
    E_NUMBER,
    E_STATE,
    E_TRIGGER,
    E_TRIGGERED,
    E_UNDETERMINED,
    ELECTION,
    ELECTIONS,
    ELECTIONS_AT,
    ENDED,
    ENDLESS,
    FRAMES,
    FRAMES_AT,
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
    I_START,
    I_STOPPED,
    I_TRIGGER,
    I_TRIGGERED,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    INSTANCE,
    INSTANCES_AT,
    L_ALLOWED,
    L_CALENDAR,
    L_KIND,
    LIMIT,
    LIVE_AT,
    MANY,
    MET,
    NEVER,
    NO,
    NO_PROMISE,
    NO_SEVERITY,
    OPEN,
    OUT_OF_SCOPE,
    PENDING,
    RESOLVED,
    ROWS,
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
    S_SEVERITY,
    S_UPTO,
    SERVED,
    SERVED_AT,
    T_CALLED,
    T_CALLED_AT,
    T_CHOICES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_ENDS,
    T_LAPSES,
    T_LEVELS,
    T_OUTCOMES,
    T_OUTCOMES_AT,
    T_PERFORMS,
    T_SCOPE_COUNT,
    T_SCOPES,
    T_TYPES,
    T_UNKNOWN_MASK,
    T_WANTING,
    TERMINATED,
    TRIAL,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    YES,
)

AT_BREACH, AT_MET, AT_PERFORMANCE = 0, 1, 2

# ---- Arising --------------------------------------------------------------------------------------------------------


@compiled
def arise(tables: Any, events: Any, facts: Any, work: Any, rule: int, cause: int, trigger: int) -> int:
    """An instance if the guard holds, undetermined where that cannot be known (R9); -1 for none."""
    duties = tables[T_DUTY_COUNT]
    beyond = (
        tables[tables[T_DUTIES] + rule * DUTY + D_BEYOND]
        if rule < duties
        else tables[tables[T_CHOICES] + (rule - duties) * CHOICE + 2]
    )
    if beyond:
        work[S_BEYOND] = beyond
        return -1
    question = (
        tables[tables[T_DUTIES] + rule * DUTY + D_GUARD]
        if rule < duties
        else tables[tables[T_CHOICES] + (rule - duties) * CHOICE + 0]
    )
    guard = answer(tables, events, facts, work, question)
    if guard == NO:
        return -1
    wanting = tables[tables[T_WANTING] + guard]
    if tables[T_SCOPE_COUNT] and work[S_OUTSIDE] < 0:
        wanting |= _scopes_unknown(tables, events, facts, work)
    start = work[S_NOW]
    if cause >= 0 and work[INSTANCES_AT + cause * INSTANCE + I_DUE] != NEVER:
        start = work[INSTANCES_AT + cause * INSTANCE + I_DUE]
    if rule >= duties:
        _offer(tables, work, rule, start, cause, trigger, wanting)
        return -1
    if wanting:
        it = add(work, rule, work[S_NOW], start, cause, trigger)
        if it >= 0:
            work[INSTANCES_AT + it * INSTANCE + I_PHASE], work[INSTANCES_AT + it * INSTANCE + I_MISSING] = (
                UNDETERMINED,
                wanting,
            )
        return it
    row = -1
    if tables[tables[T_DUTIES] + rule * DUTY + D_ROLLING]:
        row = work[S_ROWS]
        if row >= ROWS:
            work[S_BEYOND] = MANY
            return -1
        work[S_ROWS] = row + 1
        for place in range(SERVED):
            work[SERVED_AT + row * SERVED + place] = -1
    return begin(tables, events, facts, work, rule, start, cause, trigger, row, -1)


@compiled
def _scopes_unknown(tables: Any, events: Any, facts: Any, work: Any) -> int:
    """For want of what it cannot be known whether the ticket is in scope; nothing where one scope is known to hold."""
    wanting = 0
    for scope in range(tables[T_SCOPE_COUNT]):
        found = answer(tables, events, facts, work, tables[tables[T_SCOPES] + scope])
        if found == YES:
            return 0
        wanting |= tables[tables[T_WANTING] + found]
    return wanting


@compiled
def _offer(tables: Any, work: Any, rule: int, start: int, cause: int, trigger: int, wanting: int) -> None:
    number = work[S_ELECTIONS]
    if number >= ELECTIONS:
        work[S_BEYOND] = MANY
        return
    work[S_ELECTIONS] = number + 1
    work[S_ARISEN] += 1
    work[COUNTS_AT + rule] += 1
    own = ELECTIONS_AT + number * ELECTION
    work[own + E_CHOICE], work[own + E_NUMBER], work[own + E_TRIGGERED] = rule, work[COUNTS_AT + rule], start
    work[own + E_CAUSE], work[own + E_TRIGGER], work[own + E_CLOSER], work[own + E_AT] = cause, trigger, -1, NEVER
    work[own + E_STATE] = E_UNDETERMINED if wanting else OPEN
    work[own + E_MISSING] = wanting
    work[own + E_LAPSES] = NEVER if wanting else _lapses_at(tables, work, rule - tables[T_DUTY_COUNT], start)


@compiled
def _lapses_at(tables: Any, work: Any, choice: int, start: int) -> int:
    """When a choice lapses into its default; ``NEVER``."""
    level = work[S_SEVERITY] if work[S_SEVERITY] >= 0 else tables[T_LEVELS]
    limit = tables[T_LAPSES] + (choice * (tables[T_LEVELS] + 1) + level) * LIMIT
    kind = tables[limit + L_KIND]
    if kind in (ENDLESS, NO_PROMISE, NO_SEVERITY):
        return NEVER
    own = INSTANCES_AT + TRIAL * INSTANCE
    work[own + I_DUTY] = tables[tables[T_CHOICES] + choice * CHOICE + 3]
    work[own + I_START], work[own + I_PHASE], work[own + I_FLOOR], work[own + I_STOPPED] = start, PENDING, NEVER, 0
    wind(tables, work, TRIAL, start, kind, tables[limit + L_ALLOWED], tables[limit + L_CALENDAR], -1)
    settle(tables, work, TRIAL)
    return int(work[own + I_DUE])


@compiled
def lapses(tables: Any, events: Any, facts: Any, work: Any) -> bool:
    """Choices that lapse now, and the duties that they call up (R22)."""
    changed = False
    for number in range(work[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = work[own + E_LAPSES]
        if work[own + E_STATE] != OPEN or at == NEVER or at > work[S_NOW]:
            continue
        work[own + E_STATE], work[own + E_AT] = E_LAPSED, work[S_NOW]
        changed = True
        choice = work[own + E_CHOICE] - tables[T_DUTY_COUNT]
        for place in range(tables[tables[T_CALLED_AT] + choice], tables[tables[T_CALLED_AT] + choice + 1]):
            arise(tables, events, facts, work, tables[tables[T_CALLED] + place], -1, work[own + E_TRIGGER])
    return changed


# ---- Performance ----------------------------------------------------------------------------------------------------


@compiled
def perform_all(tables: Any, events: Any, facts: Any, work: Any, first: int, last: int) -> bool:
    """What the events of this instant perform."""
    changed = False
    for place in range(work[S_LIVE]):
        it = work[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        phase = work[own + I_PHASE]
        if work[own + I_PERFORMED_AT] != NEVER or not work[own + I_OWED]:
            continue
        if phase in (MET, ENDED, COULD_NOT_ARISE):
            continue
        for act in range(first, last):
            if tables[tables[T_PERFORMS] + work[own + I_DUTY] * tables[T_TYPES] + type_of(events, act)] and _consider(
                tables, events, facts, work, it, act
            ):
                changed = True
                break
        if work[S_BEYOND]:
            return False
    return changed


@compiled
def _consider(tables: Any, events: Any, facts: Any, work: Any, it: int, act: int) -> bool:
    """Whether the act performs the instance, and if so let it."""
    own = INSTANCES_AT + it * INSTANCE
    if work[own + I_ROW] >= 0 and _has_served(work, work[own + I_ROW], act):
        return False
    many = work[own + I_UNCERTAIN]
    if work[own + I_PHASE] == UNDETERMINED and many == 0:
        return False
    for number in range(many):
        if work[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0] == act:
            return False
    found = _qualifies(tables, events, facts, work, it, act)
    if found == NO:
        return False
    if found != YES:
        if work[own + I_PHASE] == PENDING:
            _doubt(tables, work, it, act, tables[tables[T_WANTING] + found])
        return False
    if work[own + I_PHASE] == UNDETERMINED:
        return False  # the certain act came too late to tell
    perform(tables, events, facts, work, it, act)
    return True


@compiled
def _doubt(tables: Any, work: Any, it: int, act: int, wanting: int) -> None:
    """The act may have performed it (R23)."""
    many = work[INSTANCES_AT + it * INSTANCE + I_UNCERTAIN]
    if many >= UNCERTAIN:
        work[S_BEYOND] = MANY
        return
    work[UNCERTAIN_AT + (it * UNCERTAIN + many) * 2 + 0], work[UNCERTAIN_AT + (it * UNCERTAIN + many) * 2 + 1] = (
        act,
        wanting,
    )
    work[INSTANCES_AT + it * INSTANCE + I_UNCERTAIN] = many + 1


@compiled
def _qualifies(tables: Any, events: Any, facts: Any, work: Any, it: int, act: int) -> int:
    """Whether the act is one that performs the duty."""
    duty = work[INSTANCES_AT + it * INSTANCE + I_DUTY]
    if not is_by(
        work, tables[tables[T_PERFORMS] + duty * tables[T_TYPES] + type_of(events, act)], actor_of(events, act)
    ):
        return NO
    question = tables[tables[T_DUTIES] + duty * DUTY + D_QUALIFIES]
    if question < 0:
        return YES
    work[S_ENTRY] = act
    found = answer(tables, events, facts, work, question)
    work[S_ENTRY] = -1
    return found


@small
def _has_served(work: Any, row: int, act: int) -> bool:
    for place in range(SERVED):  # noqa: SIM110 -- kernels have no generators
        if work[SERVED_AT + row * SERVED + place] == act:
            return True
    return False


@compiled
def _serve(work: Any, row: int, act: int) -> None:
    """The act is used up: each serves one period (R4). Only those of the present instant can come again."""
    last = SERVED - 1
    for place in range(last):
        work[SERVED_AT + row * SERVED + place] = work[SERVED_AT + row * SERVED + place + 1]
    work[SERVED_AT + row * SERVED + last] = act


@compiled
def perform(tables: Any, events: Any, facts: Any, work: Any, it: int, act: int) -> None:
    """The act performs the instance: in time, or late."""
    own = INSTANCES_AT + it * INSTANCE
    _performed(tables, events, facts, work, it, act)
    if work[own + I_PHASE] == PENDING:
        due = work[own + I_DUE]
        at = events[act, 0]
        if (
            due == NEVER
            or at < due
            or (at == due and not tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_STRICT])
        ):
            work[own + I_PHASE] = MET
        else:
            breach(tables, events, facts, work, it, due, True)
    follows = tables[T_OUTCOMES_AT] + 3 * work[own + I_DUTY]
    if work[own + I_PHASE] == MET and tables[follows + AT_MET] < tables[follows + AT_MET + 1]:
        consequences(tables, events, facts, work, it, AT_MET)
    if tables[follows + AT_PERFORMANCE] < tables[follows + AT_PERFORMANCE + 1]:
        consequences(tables, events, facts, work, it, AT_PERFORMANCE)
    if (
        tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_ROLLING]
        and work[own + I_ROW] >= 0
        and work[own + I_PHASE] == MET
    ) and not _over_now(tables, events, facts, work, work[own + I_DUTY]):
        begin(
            tables,
            events,
            facts,
            work,
            work[own + I_DUTY],
            work[S_NOW],
            work[own + I_CAUSE],
            work[own + I_TRIGGER],
            work[own + I_ROW],
            -1,
        )


@compiled
def _performed(tables: Any, events: Any, facts: Any, work: Any, it: int, act: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    work[own + I_PERFORMED_AT], work[own + I_PERFORMED_BY] = events[act, 0], act
    work[own + I_OWED], work[own + I_UNCERTAIN] = 0, 0
    if type_of(events, act) == RESOLVED:
        work[own + I_CLOSER] = act
    if work[own + I_ROW] >= 0:
        _serve(work, work[own + I_ROW], act)


@compiled
def _over_now(tables: Any, events: Any, facts: Any, work: Any, duty: int) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    first, last = instant(events, facts, work)
    if ended_by(tables, events, facts, work, first, last) >= 0 or until(tables, events, duty, first, last) >= 0:
        return True
    return answer(tables, events, facts, work, tables[tables[T_DUTIES] + duty * DUTY + D_WHILE]) == NO


@compiled
def instant(events: Any, facts: Any, work: Any) -> tuple[int, int]:
    """The ticket's events of the present instant."""
    last = work[S_UPTO]
    first = last
    while first > work[S_FIRST] and events[first - 1, 0] == work[S_NOW]:
        first -= 1
    return first, last


@compiled
def requalify(tables: Any, events: Any, facts: Any, work: Any, it: int) -> None:
    """Acts that were uncertain, with what has been recorded since."""
    own = INSTANCES_AT + it * INSTANCE
    number = 0
    while number < work[own + I_UNCERTAIN]:
        act = work[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0]
        if not work[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1] & work[S_RECORDED]:
            number += 1
            continue
        found = _qualifies(tables, events, facts, work, it, act)
        if found > YES:
            number += 1
            continue
        for later in range(number, work[own + I_UNCERTAIN] - 1):
            work[UNCERTAIN_AT + (it * UNCERTAIN + later) * 2 + 0] = work[
                UNCERTAIN_AT + (it * UNCERTAIN + later + 1) * 2 + 0
            ]
            work[UNCERTAIN_AT + (it * UNCERTAIN + later) * 2 + 1] = work[
                UNCERTAIN_AT + (it * UNCERTAIN + later + 1) * 2 + 1
            ]
        work[own + I_UNCERTAIN] -= 1
        if found == YES:
            if work[own + I_PHASE] == UNDETERMINED:
                work[own + I_PHASE], work[own + I_MISSING] = PENDING, 0
            perform(tables, events, facts, work, it, act)
            return
    if work[own + I_PHASE] == UNDETERMINED and work[own + I_UNCERTAIN] == 0:
        work[own + I_PHASE] = PENDING if work[own + I_OWED] else ENDED
        work[own + I_MISSING], work[own + I_FLOOR] = 0, work[S_NOW]  # R9
        settle(tables, work, it)


# ---- Deadlines and what follows -------------------------------------------------------------------------------------


@compiled
def deadlines(tables: Any, events: Any, facts: Any, work: Any) -> bool:
    """What falls due now, and what was to be kept and is not (R25)."""
    changed = False
    now = work[S_NOW]
    for place in range(work[S_LIVE]):
        it = work[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if work[own + I_PHASE] != PENDING:
            continue
        keeps = tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_KEEPS]
        if keeps >= 0 and fact_code(events, facts, work, keeps) == 1:
            breach(tables, events, facts, work, it, now, False)
            changed = True
        elif work[own + I_DUE] != NEVER and work[own + I_DUE] <= now:
            changed = True
            if work[own + I_UNCERTAIN]:
                work[own + I_PHASE], work[own + I_MISSING] = (
                    UNDETERMINED,
                    work[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1],
                )
            else:
                breach(tables, events, facts, work, it, work[own + I_DUE], False)
        elif work[own + I_UNKNOWN_AT] != NEVER and work[own + I_UNKNOWN_AT] <= now:
            work[own + I_PHASE] = UNDETERMINED
            work[own + I_MISSING] = tables[tables[T_UNKNOWN_MASK] + work[own + I_CALENDAR]]
            changed = True
        if work[S_BEYOND]:
            return False
    return changed


@compiled
def breach(tables: Any, events: Any, facts: Any, work: Any, it: int, at: int, performed: bool) -> None:
    """From the deadline on, whatever happens later."""
    own = INSTANCES_AT + it * INSTANCE
    work[own + I_PHASE], work[own + I_DUE] = BREACHED, at
    if work[own + I_ROW] >= 0:
        work[own + I_OWED], work[own + I_CEASED] = 0, at  # R4: never performed late
        if tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_ROLLING]:
            begin(
                tables,
                events,
                facts,
                work,
                work[own + I_DUTY],
                at,
                work[own + I_CAUSE],
                work[own + I_TRIGGER],
                work[own + I_ROW],
                -1,
            )
    elif not performed:
        stand(tables, work, it, False)
    consequences(tables, events, facts, work, it, AT_BREACH)


@compiled
def consequences(tables: Any, events: Any, facts: Any, work: Any, it: int, outcome: int) -> None:
    """What an outcome sets off, and what that sets off at once (R10): each in its turn, the deepest first."""
    base = work[S_FRAMES]
    if not _push(tables, work, it, outcome):
        return
    while work[S_FRAMES] > base:
        top = work[S_FRAMES] - 1
        it, outcome, place = work[FRAMES_AT + 3 * top + 0], work[FRAMES_AT + 3 * top + 1], work[FRAMES_AT + 3 * top + 2]
        if place >= tables[tables[T_OUTCOMES_AT] + 3 * work[INSTANCES_AT + it * INSTANCE + I_DUTY] + outcome + 1]:
            work[S_FRAMES] = top
            continue
        work[FRAMES_AT + 3 * top + 2] = place + 1
        cause = it if outcome == AT_BREACH else -1
        arisen = arise(
            tables,
            events,
            facts,
            work,
            tables[tables[T_OUTCOMES] + place],
            cause,
            work[INSTANCES_AT + it * INSTANCE + I_PERFORMED_BY],
        )
        if work[S_BEYOND]:
            work[S_FRAMES] = base
            return
        if arisen >= 0 and outcome == AT_BREACH:
            _past_act(tables, events, facts, work, arisen, work[INSTANCES_AT + it * INSTANCE + I_TRIGGERED])


@compiled
def _push(tables: Any, work: Any, it: int, outcome: int) -> bool:
    """Put an outcome's consequences on the pile; False where there are none, or too many."""
    at = 3 * work[INSTANCES_AT + it * INSTANCE + I_DUTY] + outcome
    if tables[tables[T_OUTCOMES_AT] + at] == tables[tables[T_OUTCOMES_AT] + at + 1]:
        return False
    top = work[S_FRAMES]
    if top >= FRAMES:
        work[S_BEYOND] = MANY
        return False
    work[FRAMES_AT + 3 * top + 0], work[FRAMES_AT + 3 * top + 1], work[FRAMES_AT + 3 * top + 2] = (
        it,
        outcome,
        tables[tables[T_OUTCOMES_AT] + at],
    )
    work[S_FRAMES] = top + 1
    return True


@compiled
def _past_act(tables: Any, events: Any, facts: Any, work: Any, it: int, since: int) -> None:
    """Acts done already: for a one-shot consequence since the breached duty's trigger (R10)."""
    own = INSTANCES_AT + it * INSTANCE
    duty = work[own + I_DUTY]
    if tables[tables[T_DUTIES] + duty * DUTY + D_ROLLING] or work[own + I_PHASE] != PENDING:
        return
    for act in range(work[S_FIRST], work[S_UPTO]):
        at = events[act, 0]
        if (
            at < since
            or at >= work[S_NOW]
            or not tables[tables[T_PERFORMS] + duty * tables[T_TYPES] + type_of(events, act)]
        ):
            continue
        found = _qualifies(tables, events, facts, work, it, act)
        if found == YES:
            _performed(tables, events, facts, work, it, act)
            work[own + I_PHASE] = MET
            _push(tables, work, it, AT_PERFORMANCE)
            _push(tables, work, it, AT_MET)
            return
        if found != NO:
            _doubt(tables, work, it, act, tables[tables[T_WANTING] + found])


# ---- Endings --------------------------------------------------------------------------------------------------------


@compiled
def ended_by(tables: Any, events: Any, facts: Any, work: Any, first: int, last: int) -> int:
    """What ends every pending duty now: the type of an event, or a scope; -1: nothing (R19)."""
    if work[S_OUTSIDE] >= 0:
        return int(work[S_OUTSIDE] + BY_SCOPE)
    for act in range(first, last):
        kind = type_of(events, act)
        if kind in (CANCELLED, OUT_OF_SCOPE, TERMINATED):
            return int(kind)
        if kind == CLOSED and work[S_RESOLUTION] < 0:
            return int(kind)
    return -1


@compiled
def until(tables: Any, events: Any, duty: int, first: int, last: int) -> int:
    """The type of the event of this instant that ends the duty; -1: none."""
    for act in range(first, last):
        parties = tables[tables[T_ENDS] + duty * tables[T_TYPES] + type_of(events, act)]
        if parties and by_whom(parties, actor_of(events, act)) == YES:
            return int(type_of(events, act))
    return -1
