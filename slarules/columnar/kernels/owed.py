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
    M_EVENTS,
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
def arise(memory: Any, rule: int, cause: int, trigger: int) -> int:
    """An instance if the guard holds, undetermined where that cannot be known (R9); -1 for none."""
    duties = memory[T_DUTY_COUNT]
    beyond = (
        memory[memory[T_DUTIES] + rule * DUTY + D_BEYOND]
        if rule < duties
        else memory[memory[T_CHOICES] + (rule - duties) * CHOICE + 2]
    )
    if beyond:
        memory[S_BEYOND] = beyond
        return -1
    question = (
        memory[memory[T_DUTIES] + rule * DUTY + D_GUARD]
        if rule < duties
        else memory[memory[T_CHOICES] + (rule - duties) * CHOICE + 0]
    )
    guard = answer(memory, question)
    if guard == NO:
        return -1
    wanting = memory[memory[T_WANTING] + guard]
    if memory[T_SCOPE_COUNT] and memory[S_OUTSIDE] < 0:
        wanting |= _scopes_unknown(memory)
    start = memory[S_NOW]
    if cause >= 0 and memory[INSTANCES_AT + cause * INSTANCE + I_DUE] != NEVER:
        start = memory[INSTANCES_AT + cause * INSTANCE + I_DUE]
    if rule >= duties:
        _offer(memory, rule, start, cause, trigger, wanting)
        return -1
    if wanting:
        it = add(memory, rule, memory[S_NOW], start, cause, trigger)
        if it >= 0:
            memory[INSTANCES_AT + it * INSTANCE + I_PHASE], memory[INSTANCES_AT + it * INSTANCE + I_MISSING] = (
                UNDETERMINED,
                wanting,
            )
        return it
    row = -1
    if memory[memory[T_DUTIES] + rule * DUTY + D_ROLLING]:
        row = memory[S_ROWS]
        if row >= ROWS:
            memory[S_BEYOND] = MANY
            return -1
        memory[S_ROWS] = row + 1
        for place in range(SERVED):
            memory[SERVED_AT + row * SERVED + place] = -1
    return begin(memory, rule, start, cause, trigger, row, -1)


@compiled
def _scopes_unknown(memory: Any) -> int:
    """For want of what it cannot be known whether the ticket is in scope; nothing where one scope is known to hold."""
    wanting = 0
    for scope in range(memory[T_SCOPE_COUNT]):
        found = answer(memory, memory[memory[T_SCOPES] + scope])
        if found == YES:
            return 0
        wanting |= memory[memory[T_WANTING] + found]
    return wanting


@compiled
def _offer(memory: Any, rule: int, start: int, cause: int, trigger: int, wanting: int) -> None:
    number = memory[S_ELECTIONS]
    if number >= ELECTIONS:
        memory[S_BEYOND] = MANY
        return
    memory[S_ELECTIONS] = number + 1
    memory[S_ARISEN] += 1
    memory[COUNTS_AT + rule] += 1
    own = ELECTIONS_AT + number * ELECTION
    memory[own + E_CHOICE], memory[own + E_NUMBER], memory[own + E_TRIGGERED] = rule, memory[COUNTS_AT + rule], start
    memory[own + E_CAUSE], memory[own + E_TRIGGER], memory[own + E_CLOSER] = cause, trigger, -1
    memory[own + E_STATE] = E_UNDETERMINED if wanting else OPEN
    memory[own + E_MISSING] = wanting
    memory[own + E_LAPSES] = NEVER if wanting else _lapses_at(memory, rule - memory[T_DUTY_COUNT], start)


@compiled
def _lapses_at(memory: Any, choice: int, start: int) -> int:
    """When a choice lapses into its default; ``NEVER``."""
    level = memory[S_SEVERITY] if memory[S_SEVERITY] >= 0 else memory[T_LEVELS]
    limit = memory[T_LAPSES] + (choice * (memory[T_LEVELS] + 1) + level) * LIMIT
    kind = memory[limit + L_KIND]
    if kind in (ENDLESS, NO_PROMISE, NO_SEVERITY):
        return NEVER
    own = INSTANCES_AT + TRIAL * INSTANCE
    memory[own + I_DUTY] = memory[memory[T_CHOICES] + choice * CHOICE + 3]
    memory[own + I_START], memory[own + I_PHASE], memory[own + I_FLOOR], memory[own + I_STOPPED] = (
        start,
        PENDING,
        NEVER,
        0,
    )
    wind(memory, TRIAL, start, kind, memory[limit + L_ALLOWED], memory[limit + L_CALENDAR], -1)
    settle(memory, TRIAL)
    return int(memory[own + I_DUE])


@compiled
def lapses(memory: Any) -> bool:
    """Choices that lapse now, and the duties that they call up (R22)."""
    changed = False
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = memory[own + E_LAPSES]
        if memory[own + E_STATE] != OPEN or at == NEVER or at > memory[S_NOW]:
            continue
        memory[own + E_STATE] = E_LAPSED
        changed = True
        choice = memory[own + E_CHOICE] - memory[T_DUTY_COUNT]
        for place in range(memory[memory[T_CALLED_AT] + choice], memory[memory[T_CALLED_AT] + choice + 1]):
            arise(memory, memory[memory[T_CALLED] + place], -1, memory[own + E_TRIGGER])
    return changed


# ---- Performance ----------------------------------------------------------------------------------------------------


@compiled
def perform_all(memory: Any, first: int, last: int) -> bool:
    """What the events of this instant perform."""
    changed = False
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        phase = memory[own + I_PHASE]
        if memory[own + I_PERFORMED_AT] != NEVER or not memory[own + I_OWED]:
            continue
        if phase in (MET, ENDED, COULD_NOT_ARISE):
            continue
        for act in range(first, last):
            if memory[memory[T_PERFORMS] + memory[own + I_DUTY] * memory[T_TYPES] + type_of(memory, act)] and _consider(
                memory, it, act
            ):
                changed = True
                break
        if memory[S_BEYOND]:
            return False
    return changed


@compiled
def _consider(memory: Any, it: int, act: int) -> bool:
    """Whether the act performs the instance, and if so let it."""
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_ROW] >= 0 and _has_served(memory, memory[own + I_ROW], act):
        return False
    many = memory[own + I_UNCERTAIN]
    if memory[own + I_PHASE] == UNDETERMINED and many == 0:
        return False
    for number in range(many):
        if memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0] == act:
            return False
    found = _qualifies(memory, it, act)
    if found == NO:
        return False
    if found != YES:
        if memory[own + I_PHASE] == PENDING:
            _doubt(memory, it, act, memory[memory[T_WANTING] + found])
        return False
    if memory[own + I_PHASE] == UNDETERMINED:
        return False  # the certain act came too late to tell
    perform(memory, it, act)
    return True


@compiled
def _doubt(memory: Any, it: int, act: int, wanting: int) -> None:
    """The act may have performed it (R23)."""
    many = memory[INSTANCES_AT + it * INSTANCE + I_UNCERTAIN]
    if many >= UNCERTAIN:
        memory[S_BEYOND] = MANY
        return
    memory[UNCERTAIN_AT + (it * UNCERTAIN + many) * 2 + 0], memory[UNCERTAIN_AT + (it * UNCERTAIN + many) * 2 + 1] = (
        act,
        wanting,
    )
    memory[INSTANCES_AT + it * INSTANCE + I_UNCERTAIN] = many + 1


@compiled
def _qualifies(memory: Any, it: int, act: int) -> int:
    """Whether the act is one that performs the duty."""
    duty = memory[INSTANCES_AT + it * INSTANCE + I_DUTY]
    if not is_by(
        memory, memory[memory[T_PERFORMS] + duty * memory[T_TYPES] + type_of(memory, act)], actor_of(memory, act)
    ):
        return NO
    question = memory[memory[T_DUTIES] + duty * DUTY + D_QUALIFIES]
    if question < 0:
        return YES
    memory[S_ENTRY] = act
    found = answer(memory, question)
    memory[S_ENTRY] = -1
    return found


@small
def _has_served(memory: Any, row: int, act: int) -> bool:
    for place in range(SERVED):  # noqa: SIM110 -- kernels have no generators
        if memory[SERVED_AT + row * SERVED + place] == act:
            return True
    return False


@compiled
def _serve(memory: Any, row: int, act: int) -> None:
    """The act is used up: each serves one period (R4). Only those of the present instant can come again."""
    last = SERVED - 1
    for place in range(last):
        memory[SERVED_AT + row * SERVED + place] = memory[SERVED_AT + row * SERVED + place + 1]
    memory[SERVED_AT + row * SERVED + last] = act


@compiled
def perform(memory: Any, it: int, act: int) -> None:
    """The act performs the instance: in time, or late."""
    own = INSTANCES_AT + it * INSTANCE
    _performed(memory, it, act)
    if memory[own + I_PHASE] == PENDING:
        due = memory[own + I_DUE]
        at = memory[memory[M_EVENTS] + 2 * act]
        if (
            due == NEVER
            or at < due
            or (at == due and not memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_STRICT])
        ):
            memory[own + I_PHASE] = MET
        else:
            breach(memory, it, due, True)
    follows = memory[T_OUTCOMES_AT] + 3 * memory[own + I_DUTY]
    if memory[own + I_PHASE] == MET and memory[follows + AT_MET] < memory[follows + AT_MET + 1]:
        consequences(memory, it, AT_MET)
    if memory[follows + AT_PERFORMANCE] < memory[follows + AT_PERFORMANCE + 1]:
        consequences(memory, it, AT_PERFORMANCE)
    if (
        memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_ROLLING]
        and memory[own + I_ROW] >= 0
        and memory[own + I_PHASE] == MET
    ) and not _over_now(memory, memory[own + I_DUTY]):
        begin(
            memory,
            memory[own + I_DUTY],
            memory[S_NOW],
            memory[own + I_CAUSE],
            memory[own + I_TRIGGER],
            memory[own + I_ROW],
            -1,
        )


@compiled
def _performed(memory: Any, it: int, act: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_PERFORMED_AT], memory[own + I_PERFORMED_BY] = memory[memory[M_EVENTS] + 2 * act], act
    memory[own + I_OWED], memory[own + I_UNCERTAIN] = 0, 0
    if type_of(memory, act) == RESOLVED:
        memory[own + I_CLOSER] = act
    if memory[own + I_ROW] >= 0:
        _serve(memory, memory[own + I_ROW], act)


@compiled
def _over_now(memory: Any, duty: int) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    first, last = instant(memory)
    if ended_by(memory, first, last) >= 0 or until(memory, duty, first, last) >= 0:
        return True
    return answer(memory, memory[memory[T_DUTIES] + duty * DUTY + D_WHILE]) == NO


@compiled
def instant(memory: Any) -> tuple[int, int]:
    """The ticket's events of the present instant."""
    last = memory[S_UPTO]
    first = last
    while first > memory[S_FIRST] and memory[memory[M_EVENTS] + 2 * (first - 1)] == memory[S_NOW]:
        first -= 1
    return first, last


@compiled
def requalify(memory: Any, it: int) -> None:
    """Acts that were uncertain, with what has been recorded since."""
    own = INSTANCES_AT + it * INSTANCE
    number = 0
    while number < memory[own + I_UNCERTAIN]:
        act = memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0]
        if not memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1] & memory[S_RECORDED]:
            number += 1
            continue
        found = _qualifies(memory, it, act)
        if found > YES:
            number += 1
            continue
        for later in range(number, memory[own + I_UNCERTAIN] - 1):
            memory[UNCERTAIN_AT + (it * UNCERTAIN + later) * 2 + 0] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + later + 1) * 2 + 0
            ]
            memory[UNCERTAIN_AT + (it * UNCERTAIN + later) * 2 + 1] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + later + 1) * 2 + 1
            ]
        memory[own + I_UNCERTAIN] -= 1
        if found == YES:
            if memory[own + I_PHASE] == UNDETERMINED:
                memory[own + I_PHASE], memory[own + I_MISSING] = PENDING, 0
            perform(memory, it, act)
            return
    if memory[own + I_PHASE] == UNDETERMINED and memory[own + I_UNCERTAIN] == 0:
        memory[own + I_PHASE] = PENDING if memory[own + I_OWED] else ENDED
        memory[own + I_MISSING], memory[own + I_FLOOR] = 0, memory[S_NOW]  # R9
        settle(memory, it)


# ---- Deadlines and what follows -------------------------------------------------------------------------------------


@compiled
def deadlines(memory: Any) -> bool:
    """What falls due now, and what was to be kept and is not (R25)."""
    changed = False
    now = memory[S_NOW]
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if memory[own + I_PHASE] != PENDING:
            continue
        keeps = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_KEEPS]
        if keeps >= 0 and fact_code(memory, keeps) == 1:
            breach(memory, it, now, False)
            changed = True
        elif memory[own + I_DUE] != NEVER and memory[own + I_DUE] <= now:
            changed = True
            if memory[own + I_UNCERTAIN]:
                memory[own + I_PHASE], memory[own + I_MISSING] = (
                    UNDETERMINED,
                    memory[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1],
                )
            else:
                breach(memory, it, memory[own + I_DUE], False)
        elif memory[own + I_UNKNOWN_AT] != NEVER and memory[own + I_UNKNOWN_AT] <= now:
            memory[own + I_PHASE] = UNDETERMINED
            memory[own + I_MISSING] = memory[memory[T_UNKNOWN_MASK] + memory[own + I_CALENDAR]]
            changed = True
        if memory[S_BEYOND]:
            return False
    return changed


@compiled
def breach(memory: Any, it: int, at: int, performed: bool) -> None:
    """From the deadline on, whatever happens later."""
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_PHASE], memory[own + I_DUE] = BREACHED, at
    if memory[own + I_ROW] >= 0:
        memory[own + I_OWED], memory[own + I_CEASED] = 0, at  # R4: never performed late
        if memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_ROLLING]:
            begin(
                memory,
                memory[own + I_DUTY],
                at,
                memory[own + I_CAUSE],
                memory[own + I_TRIGGER],
                memory[own + I_ROW],
                -1,
            )
    elif not performed:
        stand(memory, it, False)
    consequences(memory, it, AT_BREACH)


@compiled
def consequences(memory: Any, it: int, outcome: int) -> None:
    """What an outcome sets off, and what that sets off at once (R10): each in its turn, the deepest first."""
    base = memory[S_FRAMES]
    if not _push(memory, it, outcome):
        return
    while memory[S_FRAMES] > base:
        top = memory[S_FRAMES] - 1
        it, outcome, place = (
            memory[FRAMES_AT + 3 * top + 0],
            memory[FRAMES_AT + 3 * top + 1],
            memory[FRAMES_AT + 3 * top + 2],
        )
        if place >= memory[memory[T_OUTCOMES_AT] + 3 * memory[INSTANCES_AT + it * INSTANCE + I_DUTY] + outcome + 1]:
            memory[S_FRAMES] = top
            continue
        memory[FRAMES_AT + 3 * top + 2] = place + 1
        cause = it if outcome == AT_BREACH else -1
        arisen = arise(
            memory,
            memory[memory[T_OUTCOMES] + place],
            cause,
            memory[INSTANCES_AT + it * INSTANCE + I_PERFORMED_BY],
        )
        if memory[S_BEYOND]:
            memory[S_FRAMES] = base
            return
        if arisen >= 0 and outcome == AT_BREACH:
            _past_act(memory, arisen, memory[INSTANCES_AT + it * INSTANCE + I_TRIGGERED])


@compiled
def _push(memory: Any, it: int, outcome: int) -> bool:
    """Put an outcome's consequences on the pile; False where there are none, or too many."""
    at = 3 * memory[INSTANCES_AT + it * INSTANCE + I_DUTY] + outcome
    if memory[memory[T_OUTCOMES_AT] + at] == memory[memory[T_OUTCOMES_AT] + at + 1]:
        return False
    top = memory[S_FRAMES]
    if top >= FRAMES:
        memory[S_BEYOND] = MANY
        return False
    memory[FRAMES_AT + 3 * top + 0], memory[FRAMES_AT + 3 * top + 1], memory[FRAMES_AT + 3 * top + 2] = (
        it,
        outcome,
        memory[memory[T_OUTCOMES_AT] + at],
    )
    memory[S_FRAMES] = top + 1
    return True


@compiled
def _past_act(memory: Any, it: int, since: int) -> None:
    """Acts done already: for a one-shot consequence since the breached duty's trigger (R10)."""
    own = INSTANCES_AT + it * INSTANCE
    duty = memory[own + I_DUTY]
    if memory[memory[T_DUTIES] + duty * DUTY + D_ROLLING] or memory[own + I_PHASE] != PENDING:
        return
    for act in range(memory[S_FIRST], memory[S_UPTO]):
        at = memory[memory[M_EVENTS] + 2 * act]
        if (
            at < since
            or at >= memory[S_NOW]
            or not memory[memory[T_PERFORMS] + duty * memory[T_TYPES] + type_of(memory, act)]
        ):
            continue
        found = _qualifies(memory, it, act)
        if found == YES:
            _performed(memory, it, act)
            memory[own + I_PHASE] = MET
            _push(memory, it, AT_PERFORMANCE)
            _push(memory, it, AT_MET)
            return
        if found != NO:
            _doubt(memory, it, act, memory[memory[T_WANTING] + found])


# ---- Endings --------------------------------------------------------------------------------------------------------


@compiled
def ended_by(memory: Any, first: int, last: int) -> int:
    """What ends every pending duty now: the type of an event, or a scope; -1: nothing (R19)."""
    if memory[S_OUTSIDE] >= 0:
        return int(memory[S_OUTSIDE] + BY_SCOPE)
    for act in range(first, last):
        kind = type_of(memory, act)
        if kind in (CANCELLED, OUT_OF_SCOPE, TERMINATED):
            return int(kind)
        if kind == CLOSED and memory[S_RESOLUTION] < 0:
            return int(kind)
    return -1


@compiled
def until(memory: Any, duty: int, first: int, last: int) -> int:
    """The type of the event of this instant that ends the duty; -1: none."""
    for act in range(first, last):
        parties = memory[memory[T_ENDS] + duty * memory[T_TYPES] + type_of(memory, act)]
        if parties and by_whom(parties, actor_of(memory, act)) == YES:
            return int(type_of(memory, act))
    return -1
