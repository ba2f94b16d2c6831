"""One instant of a ticket in the order of R1, and a ticket from its first event to the instant judged as of.

Equal to ``engine.step`` and ``engine.endings``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.effects import effects, reopen
from slarules.columnar.kernels.endings import ended_by, until
from slarules.columnar.kernels.happened import type_of
from slarules.columnar.kernels.instances import settle, stand
from slarules.columnar.kernels.layout import (
    BOTH_AT,
    BREACHED,
    BY_WHILE,
    CHOICE,
    COULD_NOT_ARISE,
    COUNTS_AT,
    D_WHILE,
    DISPUTABLE,
    DUTY,
    E_CHOICE,
    E_CLOSER,
    E_ENDED,
    E_LAPSES,
    E_STATE,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    ENDS,
    FACTS_AT,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_MISSING,
    I_OWED,
    I_PHASE,
    I_STOPPED,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    M_EVENTS,
    MET,
    NEVER,
    NO,
    OPEN,
    PENDING,
    PERFORMS,
    REOPENED,
    RESOLVED,
    S_AGREEMENT,
    S_ARISEN,
    S_BEYOND,
    S_ELECTIONS,
    S_ENDED,
    S_ENTRY,
    S_FIRST,
    S_LIVE,
    S_NOW,
    S_OPENED,
    S_OUTSIDE,
    S_RECORDED,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_SEVERITY,
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
    T_HAS_WHILES,
    T_MARKS,
    T_SCOPE_COUNT,
    T_WANTING,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    YES,
)
from slarules.columnar.kernels.owed import deadlines, lapses, perform_all
from slarules.columnar.kernels.recording import take
from slarules.columnar.kernels.triggers import scopes, triggers


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
    for number in range(memory[S_ELECTIONS]):
        election = ELECTIONS_AT + number * ELECTION
        if memory[election + E_STATE] != OPEN:
            continue
        question = memory[memory[T_CHOICES] + (memory[election + E_CHOICE] - memory[T_DUTY_COUNT]) * CHOICE + 1]
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
        memory[own + I_PHASE], memory[own + I_MISSING] = (
            UNDETERMINED,
            memory[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1],
        )
    elif memory[own + I_PHASE] == PENDING:
        memory[own + I_PHASE] = ENDED
    return True


@compiled
def step(memory: Any, at: int, first: int, last: int) -> None:
    """Move the ticket to ``at``, at which its events ``first`` to ``last`` happen."""
    memory[S_NOW], memory[S_ENTRY], memory[S_UPTO], memory[S_RECORDED] = at, -1, max(last, memory[S_UPTO]), 0
    was_severity, was_resolution, was_waiting = memory[S_SEVERITY], memory[S_RESOLUTION], memory[S_WAITING]
    resolution, reopened = -1, False
    marks = 0
    for event in range(first, last):
        take(memory, event)
        if memory[S_BEYOND]:
            return
        kind = type_of(memory, event)
        marks |= memory[memory[T_MARKS] + kind]
        if kind == RESOLVED:
            resolution = event
        elif kind == REOPENED:
            reopened = True
    if last > first:
        if memory[T_SCOPE_COUNT]:
            scopes(memory)
        moved = memory[S_WAITING] != was_waiting or memory[S_RESOLUTION] != was_resolution
        if memory[S_RECORDED] or moved:
            effects(memory, was_severity)
        if reopened and was_resolution >= 0:
            reopen(memory, was_resolution)
        triggers(memory, first, last)
        if memory[S_BEYOND]:
            return
    for again in range(2):
        if again == 1:
            if not reopened or resolution < 0 or memory[S_RESOLUTION] >= 0:
                break
            reopen(memory, resolution)  # resolved and reopened at one instant
        settle_all(memory, first, last, resolution, marks)
    _let_go(memory)


@compiled
def settle_all(memory: Any, first: int, last: int, resolution: int, marks: int) -> None:
    """Performance, endings, deadlines and what follows, until nothing changes."""
    if not memory[S_LIVE] and not memory[S_ELECTIONS]:
        return
    performs = marks & PERFORMS
    ends = marks & ENDS or memory[T_HAS_WHILES] or memory[S_OUTSIDE] >= 0
    if not (performs or ends or resolution >= 0 or memory[S_ELECTIONS]) and not deadlines(memory):
        return
    for _ in range(1000):
        arisen = memory[S_ARISEN]
        changed = False
        if performs:
            changed = perform_all(memory, first, last)
        if ends:
            changed = end(memory, first, last, resolution) or changed
        if resolution >= 0:
            _stand_still(memory)
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


@small
def _let_go(memory: Any) -> None:
    """Instances that nothing can change any more are looked at no more."""
    kept = 0
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if memory[own + I_OWED] or memory[own + I_PHASE] == PENDING or memory[own + I_PHASE] == UNDETERMINED:
            memory[LIVE_AT + kept] = it
            kept += 1
    memory[S_LIVE] = kept


@small
def next_timer(memory: Any, telling: bool) -> int:
    """The next instant at which something changes though nothing happens; ``NEVER``.

    Where it is to be told (R17), what is undetermined already by an uncertain act does not change at its deadline.
    """
    soonest = NEVER
    for place in range(memory[S_LIVE]):
        own = INSTANCES_AT + memory[LIVE_AT + place] * INSTANCE
        if memory[own + I_PHASE] != PENDING or (telling and memory[own + I_UNCERTAIN]):
            continue
        due, unknown = memory[own + I_DUE], memory[own + I_UNKNOWN_AT]
        if due > memory[S_NOW] and (soonest == NEVER or due < soonest):
            soonest = due
        if unknown > memory[S_NOW] and (soonest == NEVER or unknown < soonest):
            soonest = unknown
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = memory[own + E_LAPSES]
        if memory[own + E_STATE] == OPEN and at > memory[S_NOW] and (soonest == NEVER or at < soonest):
            soonest = at
    return soonest


@compiled
def follow(memory: Any, first: int, last: int, agreement: int, as_of: int) -> int:
    """A ticket from its first event to ``as_of``; when it changes next if nothing happens, or ``NEVER`` (R17)."""
    _clear(memory, first, agreement)
    place = first
    while True:
        at = (
            memory[memory[M_EVENTS] + 2 * place]
            if place < last and memory[memory[M_EVENTS] + 2 * place] <= as_of
            else NEVER
        )
        timer = next_timer(memory, False) if memory[S_LIVE] or memory[S_ELECTIONS] else NEVER
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
            return NEVER
    memory[S_NOW] = as_of
    if memory[T_DISPUTE_COUNT] and memory[S_SEVERITY] >= 0:
        definition = memory[memory[T_DISPUTES] + memory[S_SEVERITY]]
        if definition == -2 or (definition >= 0 and answer(memory, definition) == NO):
            memory[S_BEYOND] = DISPUTABLE
    return next_timer(memory, True)


@compiled
def _clear(memory: Any, first: int, agreement: int) -> None:
    for place in range(STATE):
        memory[place] = 0
    memory[S_ENTRY], memory[S_SEVERITY], memory[S_RESOLUTION] = -1, -1, -1
    memory[S_OPENED], memory[S_ENDED], memory[S_OUTSIDE] = NEVER, NEVER, -1
    memory[S_NOW], memory[S_RESOLVED_AT] = NEVER, NEVER
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
