"""One instant of a ticket in the order of R1, and a ticket from its first event to the instant judged as of.

Equal to ``judging.step`` and ``judging.endings``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.acts import unsure
from slarules.columnar.kernels.asking import answer, recorded_now
from slarules.columnar.kernels.clock import settle
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.effects import effects, reopen
from slarules.columnar.kernels.elections import lapses
from slarules.columnar.kernels.endings import ended_by, may_end, until
from slarules.columnar.kernels.happened import type_of
from slarules.columnar.kernels.instances import stand
from slarules.columnar.kernels.layout import (
    ACTOR_WANTED,
    AFTER_ALL,
    BOTH_AT,
    BREACHED,
    BY_WHILE,
    CH_WHILE,
    CHOICE,
    COULD_NOT_ARISE,
    COUNTS_AT,
    D_WHILE,
    DISPUTABLE,
    DUTY,
    E_CHOICE,
    E_CLOSER,
    E_ENDED,
    E_STATE,
    E_TRIGGERED,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    ENDS,
    F_UNDEFINED,
    FACTS_AT,
    I_CEASED,
    I_CLOSER,
    I_DUTY,
    I_ENDED_BY,
    I_MISSING,
    I_OWED,
    I_PHASE,
    I_STOPPED,
    I_TRIGGERED,
    I_UNCERTAIN,
    I_WHO,
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    M_EVENTS,
    MET,
    NEVER,
    NO,
    NOT_OPENED,
    OPEN,
    PENDING,
    PERFORMS,
    REOPENED,
    RESOLVED,
    S_AGREEMENT,
    S_ARISEN,
    S_BEYOND,
    S_CLOSING,
    S_DATES,
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
    S_SEVERITY,
    S_UNDONE,
    S_UPTO,
    S_WAITING,
    SCOPES_AT,
    STATE,
    T_BOTH_COUNT,
    T_CHOICE_COUNT,
    T_CHOICES,
    T_DISPUTE_COUNT,
    T_DISPUTES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_FACT_COUNT,
    T_HAS_WARNS,
    T_HAS_WHILES,
    T_MARKS,
    T_SCOPE_COUNT,
    T_SINCE,
    T_STANDING_COUNT,
    T_UNTIL,
    T_WAITS,
    T_WANTING,
    T_WATCHES,
    TO_AND_FRO,
    UNDETERMINED,
    YES,
)
from slarules.columnar.kernels.owed import deadlines, perform_all, warnings
from slarules.columnar.kernels.recording import find, take
from slarules.columnar.kernels.rows import end_rows, rows_due
from slarules.columnar.kernels.timers import next_timer
from slarules.columnar.kernels.triggers import scopes, standing, triggers


@compiled
def end(memory: Any, first: int, last: int, resolution: int) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    over = ended_by(memory, first, last)
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        phase = memory[own + I_PHASE]
        if phase in (MET, ENDED, COULD_NOT_ARISE):
            continue
        by = over if over >= 0 else until(memory, memory[own + I_DUTY], first, last)
        question = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_WHILE]
        if by < 0 and question >= 0 and (phase in (PENDING, BREACHED)):
            found = answer(memory, question)
            if found > YES and phase == BREACHED:
                continue
            if found > YES:
                memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_OWED] = (
                    UNDETERMINED,
                    memory[memory[T_WANTING] + found],
                    1,
                )
                changed = True
                continue
            if found == NO:
                by = BY_WHILE
        if by >= 0 or by == BY_WHILE:
            changed = _finish(memory, it, by, resolution if by == RESOLVED else -1) or changed
        elif phase == PENDING and memory[own + I_OWED]:
            changed = _finish_perhaps(memory, it, may_end(memory, memory[own + I_DUTY], first, last)) or changed
    if memory[S_DATES]:
        end_rows(memory, first, last, over, resolution)
    for number in range(memory[S_ELECTIONS]):
        election = ELECTIONS_AT + number * ELECTION
        if memory[election + E_STATE] != OPEN:
            continue
        question = memory[memory[T_CHOICES] + (memory[election + E_CHOICE] - memory[T_DUTY_COUNT]) * CHOICE + CH_WHILE]
        if over >= 0 or resolution >= 0 or answer(memory, question) == NO:
            memory[election + E_STATE] = E_ENDED
            memory[election + E_CLOSER] = -1 if over >= 0 else resolution
    return changed


@compiled
def _finish(memory: Any, it: int, by: int, closer: int) -> bool:
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_PHASE] == UNDETERMINED or not memory[own + I_OWED]:
        return False
    memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY] = 0, memory[S_NOW], by
    if closer >= 0:
        memory[own + I_CLOSER] = closer
    if memory[own + I_PHASE] == PENDING and memory[own + I_UNCERTAIN]:
        unsure(memory, it)
    elif memory[own + I_PHASE] == PENDING:
        memory[own + I_PHASE] = ENDED
    return True


@compiled
def _finish_perhaps(memory: Any, it: int, act: int) -> bool:
    """From now on nobody knows whether it is owed, for want of the actor of what ends it (R23); -1: nothing does."""
    if act < 0:
        return False
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY] = 0, memory[S_NOW], type_of(memory, act)
    if memory[own + I_UNCERTAIN]:
        unsure(memory, it)
    else:
        memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_WHO] = UNDETERMINED, ACTOR_WANTED, act
    return True


@compiled
def step(memory: Any, at: int, first: int, last: int) -> None:
    """Move the ticket to ``at``, at which its events ``first`` to ``last`` happen."""
    memory[S_NOW], memory[S_ENTRY], memory[S_UPTO], memory[S_RECORDED] = at, -1, max(last, memory[S_UPTO]), 0
    was_severity, was_resolution, was_waiting = memory[S_SEVERITY], memory[S_RESOLUTION], memory[S_WAITING]
    resolution, undone, reopened, changes = -1, -1, False, 0
    marks, acts, early = 0, 0, 0
    answered = recorded_now(memory) if memory[S_AGREEMENT] >= 0 else -1
    memory[S_RECORDED] = max(0, answered)
    memory[S_UNDONE] = -1
    for event in range(first, last):
        severity = memory[S_SEVERITY]
        if not take(memory, event):
            early += memory[S_OPENED] == NEVER
            continue
        acts += 1
        kind = type_of(memory, event)
        marks |= memory[memory[T_MARKS] + kind]
        if kind == RESOLVED:
            resolution = event
        elif kind == REOPENED:
            changes += 2 if undone >= 0 and resolution >= 0 else 0
            reopened = True
            undone, resolution = max(undone, resolution), -1
        changes += memory[S_SEVERITY] != severity and memory[S_LIVE] > 0
    if memory[S_OPENED] == NEVER:
        first = last  # what came before the opening sets nothing off
    elif early:
        memory[S_BEYOND] = NOT_OPENED
    elif changes > 1 or (undone >= 0 and resolution >= 0):
        memory[S_BEYOND] = TO_AND_FRO
    if memory[S_BEYOND]:
        return
    if acts or answered >= 0:
        if memory[T_SCOPE_COUNT]:
            scopes(memory)
        moved = memory[S_WAITING] != was_waiting or memory[S_RESOLUTION] != was_resolution
        if memory[S_RECORDED] or moved or memory[T_WAITS]:
            effects(memory, was_severity)
        if reopened and was_resolution >= 0:
            memory[S_RESOLUTION] = -1  # what is resolved again at once stands still after that
            reopen(memory, was_resolution)
            memory[S_RESOLUTION] = resolution
        triggers(memory, first, last)
    if memory[T_STANDING_COUNT] and at == memory[S_OPENED]:
        standing(memory, first, last)
    if memory[S_BEYOND]:
        return
    settle_all(memory, first, last, max(resolution, undone), marks)
    if undone >= 0 and not memory[S_BEYOND]:  # resolved and reopened at one instant: it counts no more
        reopen(memory, undone)
        memory[S_UNDONE] = undone
        settle_all(memory, first, last, -1, marks)
    _let_go(memory)


@compiled
def settle_all(memory: Any, first: int, last: int, resolution: int, marks: int) -> None:
    """Performance, endings, deadlines and what follows, until nothing changes."""
    if not memory[S_LIVE] and not memory[S_ELECTIONS] and not memory[S_DATES]:
        return
    performs = marks & PERFORMS
    ends = marks & ENDS or memory[T_HAS_WHILES] or memory[S_OUTSIDE] >= 0
    by_itself = memory[S_ELECTIONS] or memory[S_DATES] or memory[T_HAS_WARNS]
    if not (performs or ends or resolution >= 0 or by_itself) and not deadlines(memory):
        return
    for _ in range(1000):
        arisen = memory[S_ARISEN]
        changed = rows_due(memory) if memory[S_DATES] else False
        while performs and perform_all(memory, first, last):  # what arises by it may be performed before it ends
            changed = True
        if ends or memory[S_DATES]:
            changed = end(memory, first, last, resolution) or changed
        if resolution >= 0:
            _stand_still(memory)
        if memory[T_HAS_WARNS]:
            changed = warnings(memory) or changed
        changed = deadlines(memory) or changed
        if memory[S_ELECTIONS]:
            changed = lapses(memory) or changed
        if memory[S_BEYOND] or not changed or arisen == memory[S_ARISEN]:
            return


@compiled
def _stand_still(memory: Any) -> None:
    """Clocks stand still from a resolution that did not perform or end their duties (R7)."""
    if memory[S_RESOLUTION] < 0 or memory[S_RESOLVED_AT] != memory[S_NOW]:
        return
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if (
            not memory[own + I_STOPPED]
            and memory[own + I_OWED]
            and (memory[own + I_PHASE] == PENDING or memory[own + I_PHASE] == BREACHED)
        ):
            stand(memory, it, True)
            settle(memory, it)


QUIET = 5_000
"""Timers without effect that are passed over in search of the next change."""


@small
def _let_go(memory: Any) -> None:
    """Instances that nothing can change any more are looked at no more."""
    kept = 0
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        open_still = memory[own + I_OWED] or memory[own + I_PHASE] == PENDING or memory[own + I_PHASE] == UNDETERMINED
        if open_still or memory[own + I_UNCERTAIN]:
            memory[LIVE_AT + kept] = it
            kept += 1
    memory[S_LIVE] = kept


@compiled
def follow(memory: Any, first: int, last: int, agreement: int, as_of: int) -> None:
    """A ticket from its first event to ``as_of``."""
    _clear(memory, first, agreement)
    memory[S_NOW] = memory[memory[M_EVENTS] + 2 * first] - 1  # what comes of time alone begins with the ticket
    place = first
    while True:
        at = (
            memory[memory[M_EVENTS] + 2 * place]
            if place < last and memory[memory[M_EVENTS] + 2 * place] <= as_of
            else NEVER
        )
        moves = memory[S_LIVE] or memory[S_ELECTIONS] or memory[S_DATES]
        moves = moves or (memory[T_SCOPE_COUNT] and memory[T_WATCHES])
        timer = next_timer(memory, False) if moves else NEVER
        if timer != NEVER and (at == NEVER or timer < at):
            if timer > as_of:
                break
            at = timer
        if at == NEVER:
            break
        after = place
        while after < last and memory[memory[M_EVENTS] + 2 * after] == at:
            after += 1
        step(memory, at, place, after)
        place = after
        if memory[S_BEYOND]:
            return
    memory[S_NOW] = as_of
    if memory[T_DISPUTE_COUNT] and memory[S_SEVERITY] >= 0:
        definition = memory[memory[T_DISPUTES] + memory[S_SEVERITY]]
        if definition == -2:
            memory[S_BEYOND] = DISPUTABLE
        elif definition >= 0 and answer(memory, definition) == NO:
            find(memory, F_UNDEFINED, memory[S_FIRST], memory[S_SEVERITY], -1)


@compiled
def next_change(memory: Any) -> int:
    """When a state changes or an instance arises if nothing happens; ``NEVER`` (R17). Moves the ticket on to then.

    What is set off while the contract is not in force has no verdict, and nothing of it changes.
    """
    always = memory[T_SINCE] == -AFTER_ALL and memory[T_UNTIL] == AFTER_ALL
    if always and not memory[T_WATCHES] and not memory[T_HAS_WARNS]:
        return next_timer(memory, True)
    before = _fingerprint(memory)
    for _ in range(QUIET):
        timer = next_timer(memory, False)
        if timer == NEVER:
            return NEVER
        step(memory, timer, memory[S_UPTO], memory[S_UPTO])
        if _fingerprint(memory) != before:
            return timer
    return NEVER


@compiled
def _fingerprint(memory: Any) -> int:
    """Another number once a state changes or an instance arises."""
    found = 0
    for number in range(memory[S_INSTANCES]):
        found += _in_force(memory, memory[INSTANCES_AT + number * INSTANCE + I_TRIGGERED])
    for place in range(memory[S_LIVE]):
        own = INSTANCES_AT + memory[LIVE_AT + place] * INSTANCE
        if not _in_force(memory, memory[own + I_TRIGGERED]):
            continue
        phase = memory[own + I_PHASE]
        if phase == UNDETERMINED or (phase == PENDING and memory[own + I_UNCERTAIN]):
            found = _mixed(found, UNDETERMINED << 2)
        else:
            found = _mixed(found, phase << 2 | memory[own + I_STOPPED] << 1 | memory[own + I_OWED])
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if _in_force(memory, memory[own + E_TRIGGERED]):
            found = _mixed(found, memory[own + E_STATE] + 1_000)  # as no instance of a duty
    return found


@small
def _in_force(memory: Any, instant: int) -> bool:
    """Whether the contract is in force then."""
    return bool(memory[T_SINCE] <= instant and instant < memory[T_UNTIL])


@small
def _mixed(one: int, other: int) -> int:
    return (int(one) * 1_000_003 + int(other)) & 0x7FFFFFFFFFFFFFF


@compiled
def _clear(memory: Any, first: int, agreement: int) -> None:
    for place in range(STATE):
        memory[place] = 0
    memory[S_ENTRY], memory[S_SEVERITY], memory[S_RESOLUTION] = -1, -1, -1
    memory[S_OPENED], memory[S_ENDED], memory[S_OUTSIDE] = NEVER, NEVER, -1
    memory[S_NOW], memory[S_RESOLVED_AT], memory[S_CLOSING] = NEVER, NEVER, -1
    memory[S_FIRST] = memory[S_UPTO] = first
    memory[S_AGREEMENT] = agreement
    for fact in range(memory[T_FACT_COUNT]):
        memory[FACTS_AT + fact] = 0
    for rule in range(memory[T_DUTY_COUNT] + memory[T_CHOICE_COUNT]):
        memory[COUNTS_AT + rule] = 0
    for number in range(memory[T_BOTH_COUNT]):
        memory[BOTH_AT + 2 * number + 0] = memory[BOTH_AT + 2 * number + 1] = -1
    for scope in range(memory[T_SCOPE_COUNT]):
        memory[SCOPES_AT + 2 * scope + 0] = 0
