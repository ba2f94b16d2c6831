"""What arises, is performed, falls due and follows (R1, R4, R8, R9, R10, R22, R23, R25). Equal to ``engine.owed``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.acts import doubt, has_served, performed_by, qualifies
from slarules.columnar.kernels.asking import answer, fact_code
from slarules.columnar.kernels.choices import offer, scopes_unknown
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.endings import ended_by, instant, until
from slarules.columnar.kernels.happened import type_of
from slarules.columnar.kernels.instances import add, begin, settle, stand
from slarules.columnar.kernels.layout import (
    BREACHED,
    CHOICE,
    COULD_NOT_ARISE,
    D_BEYOND,
    D_GUARD,
    D_KEEPS,
    D_ROLLING,
    D_STRICT,
    D_WHILE,
    DUTY,
    E_CHOICE,
    E_LAPSED,
    E_LAPSES,
    E_STATE,
    E_TRIGGER,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    FRAMES,
    FRAMES_AT,
    I_CALENDAR,
    I_CAUSE,
    I_CEASED,
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
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    M_EVENTS,
    MANY,
    MET,
    NEVER,
    NO,
    OPEN,
    PENDING,
    ROWS,
    S_BEYOND,
    S_ELECTIONS,
    S_FIRST,
    S_FRAMES,
    S_LIVE,
    S_NOW,
    S_OUTSIDE,
    S_RECORDED,
    S_ROWS,
    S_UPTO,
    SERVED,
    SERVED_AT,
    T_CALLED,
    T_CALLED_AT,
    T_CHOICES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_OUTCOMES,
    T_OUTCOMES_AT,
    T_PERFORMS,
    T_SCOPE_COUNT,
    T_TYPES,
    T_UNKNOWN_MASK,
    T_WANTING,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    YES,
)

AT_BREACH, AT_MET, AT_PERFORMANCE = 0, 1, 2


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
        wanting |= scopes_unknown(memory)
    start = memory[S_NOW]
    if cause >= 0 and memory[INSTANCES_AT + cause * INSTANCE + I_DUE] != NEVER:
        start = memory[INSTANCES_AT + cause * INSTANCE + I_DUE]
    if rule >= duties:
        offer(memory, rule, start, cause, trigger, wanting)
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
    if memory[own + I_ROW] >= 0 and has_served(memory, memory[own + I_ROW], act):
        return False
    many = memory[own + I_UNCERTAIN]
    if memory[own + I_PHASE] == UNDETERMINED and many == 0:
        return False
    for number in range(many):
        if memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0] == act:
            return False
    found = qualifies(memory, it, act)
    if found == NO:
        return False
    if found != YES:
        if memory[own + I_PHASE] == PENDING:
            doubt(memory, it, act, memory[memory[T_WANTING] + found])
        return False
    if memory[own + I_PHASE] == UNDETERMINED:
        return False  # the certain act came too late to tell
    perform(memory, it, act)
    return True


@compiled
def perform(memory: Any, it: int, act: int) -> None:
    """The act performs the instance: in time, or late."""
    own = INSTANCES_AT + it * INSTANCE
    performed_by(memory, it, act)
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
def _over_now(memory: Any, duty: int) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    first, last = instant(memory)
    if ended_by(memory, first, last) >= 0 or until(memory, duty, first, last) >= 0:
        return True
    return answer(memory, memory[memory[T_DUTIES] + duty * DUTY + D_WHILE]) == NO


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
        found = qualifies(memory, it, act)
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
        found = qualifies(memory, it, act)
        if found == YES:
            performed_by(memory, it, act)
            memory[own + I_PHASE] = MET
            _push(memory, it, AT_PERFORMANCE)
            _push(memory, it, AT_MET)
            return
        if found != NO:
            doubt(memory, it, act, memory[memory[T_WANTING] + found])
