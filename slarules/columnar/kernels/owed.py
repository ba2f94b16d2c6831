"""What arises, is performed, falls due and follows (R1, R4, R8, R9, R10, R22, R23, R25). Equal to ``judging.owed``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.acts import doubt, has_served, performed_by, qualifies, unsure
from slarules.columnar.kernels.asking import answer, fact_code
from slarules.columnar.kernels.choices import offer, scopes_unknown
from slarules.columnar.kernels.clock import as_it_stood, clock_of, goes_by_one, warn, warns_at
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.endings import ended_by, instant, until
from slarules.columnar.kernels.happened import type_of
from slarules.columnar.kernels.instances import add, begin, milestone, stand
from slarules.columnar.kernels.layout import (
    ANSWERED,
    BREACHED,
    BY_PAUSE,
    CH_BEYOND,
    CH_GUARD,
    CHOICE,
    COULD_NOT_ARISE,
    D_BEYOND,
    D_DATES,
    D_GUARD,
    D_KEEPS,
    D_PAUSED,
    D_ROLLING,
    D_STRICT,
    D_WHILE,
    DUTY,
    EACH_DAY,
    EARLIER_ACT,
    ENDED,
    FRAMES,
    FRAMES_AT,
    I_ALLOWED,
    I_CALENDAR,
    I_CAUSE,
    I_CEASED,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_MISSING,
    I_OWED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_ROW,
    I_START,
    I_TRIGGER,
    I_TRIGGERED,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    I_WARNED,
    I_WARNS_AT,
    I_WHO,
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    M_EVENTS,
    MANY,
    MET,
    NEVER,
    NO,
    PENDING,
    RESOLVED,
    S_BEYOND,
    S_FIRST,
    S_FRAMES,
    S_LIVE,
    S_NOW,
    S_OUTSIDE,
    S_RECORDED,
    S_RESOLUTION,
    S_UNDONE,
    S_UNSURE,
    S_UPTO,
    S_WAITING,
    S_WANTING,
    T_CHOICES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_OUTCOMES,
    T_OUTCOMES_AT,
    T_PERFORMS,
    T_SCOPE_COUNT,
    T_TYPES,
    T_UNKNOWN_MASK,
    T_WAITS,
    T_WANTING,
    T_WARNS,
    T_WARNS_AT,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    WARN,
    YES,
)
from slarules.columnar.kernels.rows import begin_dates, new_row

AT_BREACH, AT_MET, AT_PERFORMANCE = 0, 1, 2


@compiled
def arise(memory: Any, rule: int, cause: int, trigger: int) -> int:
    """An instance if the guard holds, undetermined where that cannot be known (R9); -1 for none."""
    duties = memory[T_DUTY_COUNT]
    beyond = (
        memory[memory[T_DUTIES] + rule * DUTY + D_BEYOND]
        if rule < duties
        else memory[memory[T_CHOICES] + (rule - duties) * CHOICE + CH_BEYOND]
    )
    if beyond:
        memory[S_BEYOND] = beyond
        return -1
    question = (
        memory[memory[T_DUTIES] + rule * DUTY + D_GUARD]
        if rule < duties
        else memory[memory[T_CHOICES] + (rule - duties) * CHOICE + CH_GUARD]
    )
    guard = answer(memory, question)
    if guard == NO:
        return -1
    wanting = memory[memory[T_WANTING] + guard] | memory[S_UNSURE]
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
            own = INSTANCES_AT + it * INSTANCE
            memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_WHO] = UNDETERMINED, wanting, trigger
        return it
    if memory[memory[T_DUTIES] + rule * DUTY + D_DATES]:
        return begin_dates(memory, rule, start, cause, trigger)
    row = new_row(memory, -1, -1, -1) if memory[memory[T_DUTIES] + rule * DUTY + D_ROLLING] else -1
    if memory[S_BEYOND]:
        return -1
    return begin(memory, rule, start, cause, trigger, row, -1)


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
            if act == memory[S_UNDONE]:
                continue
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
        if memory[T_WAITS]:
            _reached_now(memory)  # a time may run from what it may have performed (R33)
        return False
    for number in range(many):
        if memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0] == act:
            return False
    found = qualifies(memory, it, act)
    if found == NO:
        return False
    if found != YES:
        if memory[own + I_PHASE] in (PENDING, BREACHED):
            doubt(memory, it, act, memory[S_WANTING])
            if memory[T_WAITS]:
                _reached_now(memory)
        return False
    if memory[own + I_PHASE] == UNDETERMINED:
        return False  # the certain act came too late to tell
    perform(memory, it, act)
    return True


@compiled
def perform(memory: Any, it: int, act: int) -> None:
    """The act performs the instance: in time, or late."""
    own = INSTANCES_AT + it * INSTANCE
    perhaps = bool(memory[own + I_UNCERTAIN])
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
    resolved = type_of(memory, act) == RESOLVED  # which a reopening may undo
    if perhaps and (resolved or memory[T_WAITS] or memory[follows + AT_MET] < memory[follows + AT_PERFORMANCE + 1]):
        memory[S_BEYOND] = ANSWERED  # an act of before may have performed it: nobody knows from when on
        return
    if memory[own + I_PHASE] == MET and memory[follows + AT_MET] < memory[follows + AT_MET + 1]:
        consequences(memory, it, AT_MET)
    if memory[follows + AT_PERFORMANCE] < memory[follows + AT_PERFORMANCE + 1]:
        consequences(memory, it, AT_PERFORMANCE)
    if memory[T_WAITS]:
        _reached_now(memory)
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
def _reached_now(memory: Any) -> None:
    """Limits that run from another duty's performance, in time or late, begin."""
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        if memory[INSTANCES_AT + it * INSTANCE + I_PHASE] == PENDING:
            milestone(memory, it)


@compiled
def warnings(memory: Any) -> bool:
    """What is set off by what remains of a duty's time."""
    changed = False
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        at = memory[own + I_WARNS_AT]
        if at == NEVER or at > memory[S_NOW] or memory[own + I_PHASE] != PENDING:
            continue
        if memory[own + I_UNCERTAIN]:
            memory[S_BEYOND] = ANSWERED  # an act may have performed it: nothing is warned of (R9)
            return False
        first = memory[memory[T_WARNS_AT] + memory[own + I_DUTY]]
        for number in range(memory[memory[T_WARNS_AT] + memory[own + I_DUTY] + 1] - first):
            at = warns_at(memory, it, number)
            if at != NEVER and at <= memory[S_NOW]:
                memory[own + I_WARNED] |= 1 << number
                changed = True
                arise(memory, memory[memory[T_WARNS] + (first + number) * WARN], -1, -1)
        warn(memory, it)
    return changed


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
        served = memory[own + I_ROW] >= 0 and has_served(memory, memory[own + I_ROW], act)
        found = NO if served else qualifies(memory, it, act)
        if found > YES:  # some of what would tell of it is told, and some is not yet (R9)
            memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1] = memory[S_WANTING]
            if memory[own + I_PHASE] == UNDETERMINED:
                unsure(memory, it)
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
            follows = memory[T_OUTCOMES_AT] + 3 * memory[own + I_DUTY]
            follows_met = memory[follows + AT_MET] < memory[follows + AT_PERFORMANCE + 1]
            if follows_met or memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_ROLLING]:
                memory[S_BEYOND] = ANSWERED  # the next period began at the act, and so did what follows from it
                return
            at = memory[memory[M_EVENTS] + 2 * act]
            if memory[own + I_PHASE] != BREACHED:
                if not as_it_stood(memory, it, at, type_of(memory, act) == RESOLVED):
                    memory[S_BEYOND] = ANSWERED
                    return
                memory[own + I_PHASE], memory[own + I_MISSING] = PENDING, 0
            memory[own + I_ENDED_BY], memory[own + I_CEASED] = -1, NEVER
            perform(memory, it, act)
            return
    if memory[own + I_PHASE] == UNDETERMINED and memory[own + I_UNCERTAIN] == 0:
        memory[S_BEYOND] = ANSWERED  # what was done since its trigger counts (R9)


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
                unsure(memory, it)
            elif _not_owed(memory, it):
                memory[own + I_PHASE], memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY] = (
                    ENDED,
                    0,
                    now,
                    BY_PAUSE,
                )
            else:
                breach(memory, it, memory[own + I_DUE], False)
        elif memory[own + I_UNKNOWN_AT] != NEVER and memory[own + I_UNKNOWN_AT] <= now:
            memory[own + I_PHASE] = UNDETERMINED
            calendar = memory[INSTANCES_AT + clock_of(memory, it) * INSTANCE + I_CALENDAR]
            memory[own + I_MISSING] = memory[memory[T_UNKNOWN_MASK] + calendar] if calendar >= 0 else 0
            changed = True
        if memory[S_BEYOND]:
            return False
    return changed


@compiled
def _not_owed(memory: Any, it: int) -> bool:
    """Whether it is a date whose last closing falls in a pause (R4)."""
    own = INSTANCES_AT + it * INSTANCE
    duty = memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
    if memory[duty + D_DATES] != EACH_DAY or memory[own + I_ROW] < 0 or memory[own + I_ALLOWED] != memory[S_NOW]:
        return False  # owed again by a reopening, it is due then: no closing
    waiting = memory[S_WAITING]
    return bool(memory[S_RESOLUTION] >= 0 or (waiting > 0 and (memory[duty + D_PAUSED] >> waiting) & 1))


@compiled
def breach(memory: Any, it: int, at: int, performed: bool) -> None:
    """From the deadline on, whatever happens later."""
    own = INSTANCES_AT + it * INSTANCE
    goes_by_one(memory, it)
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
        if type_of(memory, act) == RESOLVED and act != memory[S_RESOLUTION]:
            memory[S_BEYOND] = EARLIER_ACT  # a reopening has undone it (R7)
            return
        found = qualifies(memory, it, act)
        if found == YES:
            follows = memory[T_OUTCOMES_AT] + 3 * duty
            tells = memory[follows + AT_MET] < memory[follows + AT_PERFORMANCE + 1] or memory[T_WAITS] != 0
            tells = tells or type_of(memory, act) == RESOLVED  # what follows may ask which act it was
            perhaps = bool(memory[own + I_UNCERTAIN]) and tells
            performed_by(memory, it, act)
            memory[own + I_PHASE] = MET
            if at >= memory[own + I_START] or perhaps:
                memory[S_BEYOND] = EARLIER_ACT
                return
            if memory[T_WAITS]:
                _reached_now(memory)
            _push(memory, it, AT_PERFORMANCE)
            _push(memory, it, AT_MET)
            return
        if found != NO:
            doubt(memory, it, act, memory[S_WANTING])
