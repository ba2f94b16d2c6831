"""What an event does to what is owed already: severity, pauses, reopening (R6, R7). Equal to ``judging.changes``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer
from slarules.columnar.kernels.clock import settle, stop
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.endings import ended_since, may_have_failed
from slarules.columnar.kernels.happened import type_of
from slarules.columnar.kernels.instances import begin, milestone, pause, severity_changed, stand, terms_changed
from slarules.columnar.kernels.layout import (
    ANSWERED,
    BREACHED,
    CANCELLED,
    CH_WHILE,
    CHOICE,
    D_DATES,
    D_FACTS,
    D_FALLS,
    D_KEEPS,
    D_REOPENING,
    D_RISES,
    D_ROLLING,
    D_WHILE,
    DUTY,
    E_CHOICE,
    E_CLOSER,
    E_LAPSES,
    E_MISSING,
    E_STATE,
    E_UNDETERMINED,
    EACH_DAY,
    EARLIER_ACT,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_FLOOR,
    I_MISSING,
    I_OWED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_ROW,
    I_STOPPED,
    I_TRIGGER,
    I_UNCERTAIN,
    INSTANCE,
    INSTANCES_AT,
    KEEP,
    LIVE_AT,
    M_EVENTS,
    MET,
    NEVER,
    NO,
    ON_EACH,
    OPEN,
    OUT_OF_SCOPE,
    PENDING,
    R_LAST,
    RESTART,
    RESUME,
    ROW,
    ROWS_AT,
    RUNS_ON,
    S_BEYOND,
    S_CLOSING,
    S_DATES,
    S_ELECTIONS,
    S_FIRST,
    S_INSTANCES,
    S_LIVE,
    S_NOW,
    S_RECORDED,
    S_RESOLVED_LEVEL,
    S_SEVERITY,
    S_UPTO,
    T_CHOICES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_PERFORMS,
    T_TYPES,
    T_WAITS,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
)
from slarules.columnar.kernels.owed import requalify
from slarules.columnar.kernels.rows import list_changed, lists_changed, new_row, reopen_rows


@compiled
def effects(memory: Any, was: int) -> None:
    """Severity, pauses, answers to what was uncertain."""
    changed = memory[S_SEVERITY] != was
    recorded = memory[S_RECORDED]
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if memory[own + I_PHASE] == UNDETERMINED:
            if memory[own + I_UNCERTAIN]:
                _in_doubt(memory, own, changed)
                requalify(memory, it)
            elif memory[own + I_MISSING] & recorded:
                memory[S_BEYOND] = ANSWERED  # R9
            continue
        if not memory[own + I_OWED]:  # missed and ended; an act before the end may have performed it
            requalify(memory, it)
            continue
        touched = changed
        if changed:
            severity_changed(memory, it, was)
        if memory[own + I_UNCERTAIN] and recorded:
            requalify(memory, it)
            if memory[own + I_PERFORMED_AT] != NEVER:
                continue  # its clock is as it stood then
            touched = True
        duty = memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
        if memory[own + I_PHASE] == PENDING and memory[duty + D_FACTS] & recorded:
            touched = True
            keeps = memory[duty + D_KEEPS]
            if memory[own + I_UNCERTAIN]:
                memory[S_BEYOND] = ANSWERED  # the terms as they stood at the act may count
                return
            if memory[duty + D_DATES] == ON_EACH:
                list_changed(memory, it)
            elif keeps < 0 or not (recorded >> keeps) & 1:
                terms_changed(memory, it)
        if memory[T_WAITS]:
            milestone(memory, it)
            touched = True
        if stand(memory, it, False) or touched:
            settle(memory, it)
    if memory[S_DATES] and recorded:
        lists_changed(memory)
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_STATE] == E_UNDETERMINED and memory[own + E_MISSING] & recorded:
            memory[S_BEYOND] = ANSWERED


@compiled
def _in_doubt(memory: Any, own: int, changed: bool) -> None:
    """Other terms of what an act may have performed: the time may not be over yet."""
    duty = memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
    moved = changed and (memory[duty + D_RISES] != KEEP or memory[duty + D_FALLS] != KEEP)
    if memory[own + I_OWED] and (moved or memory[duty + D_FACTS] & memory[S_RECORDED]):
        memory[S_BEYOND] = ANSWERED


@compiled
def reopen(memory: Any, resolution: int) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    if _was_ended(memory, resolution):
        memory[S_BEYOND] = EARLIER_ACT  # what it ended stays ended
        return
    for it in range(memory[S_INSTANCES]):
        own = INSTANCES_AT + it * INSTANCE
        if _newer(memory, it):
            continue
        _forget(memory, it, resolution)
        if memory[S_BEYOND]:
            return
        if memory[own + I_CLOSER] != resolution or _passed_by(memory, own):
            if _kept_back(memory, own, resolution):
                memory[S_BEYOND] = RUNS_ON  # the next period begins
                return
            continue
        if memory[own + I_PHASE] == UNDETERMINED:
            memory[S_BEYOND] = ANSWERED  # it ended before it was known whether it was performed
            return
        rule = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_REOPENING]
        if rule == RESUME:
            _resume(memory, it)
        elif rule == RESTART:
            duty = memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
            if memory[duty + D_DATES]:
                memory[ROWS_AT + memory[own + I_ROW] * ROW + R_LAST] -= 1  # that date may be owed anew
                continue
            if answer(memory, memory[duty + D_WHILE]) == NO:
                continue  # as of a trigger, nothing arises by it (R8)
            row = new_row(memory, -1, -1, -1) if memory[duty + D_ROLLING] else -1
            if memory[S_BEYOND]:
                return
            begin(
                memory,
                memory[own + I_DUTY],
                memory[S_NOW],
                memory[own + I_CAUSE],
                memory[own + I_TRIGGER],
                row,
                -1,
            )
    if memory[S_DATES]:
        reopen_rows(memory, resolution)
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_CLOSER] == resolution:
            choice = memory[T_CHOICES] + (memory[own + E_CHOICE] - memory[T_DUTY_COUNT]) * CHOICE
            if memory[own + E_LAPSES] != NEVER or may_have_failed(memory, memory[choice + CH_WHILE], resolution):
                memory[S_BEYOND] = RUNS_ON
            memory[own + E_STATE], memory[own + E_CLOSER] = OPEN, -1


@compiled
def _was_ended(memory: Any, resolution: int) -> bool:
    """Whether the ticket ended for good after it was resolved, or at that instant (R19)."""
    at = memory[memory[M_EVENTS] + 2 * resolution]
    for act in range(memory[S_FIRST], memory[S_UPTO]):
        ends = type_of(memory, act) in (CANCELLED, OUT_OF_SCOPE) or act == memory[S_CLOSING]
        if ends and memory[memory[M_EVENTS] + 2 * act] >= at:
            return True
    return False


@compiled
def _newer(memory: Any, it: int) -> bool:
    """Whether the duty has a newer instance."""
    for later in range(it + 1, memory[S_INSTANCES]):
        if memory[INSTANCES_AT + later * INSTANCE + I_DUTY] == memory[INSTANCES_AT + it * INSTANCE + I_DUTY]:
            return True
    return False


@compiled
def _kept_back(memory: Any, own: int, resolution: int) -> bool:
    """Whether it was served at the instant of the resolution, which may have kept the next period from beginning."""
    duty = memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
    if memory[own + I_PHASE] != MET or not memory[duty + D_ROLLING]:
        return False
    at = memory[memory[M_EVENTS] + 2 * resolution]
    return bool(memory[own + I_PERFORMED_AT] == at and memory[duty + D_REOPENING] in (RESUME, RESTART))


@compiled
def _passed_by(memory: Any, own: int) -> bool:
    """Whether it is a date whose last closing fell while the ticket was resolved: that date is not owed (R4)."""
    if memory[own + I_PHASE] != ENDED or memory[own + I_DUE] == NEVER or memory[own + I_DUE] >= memory[S_NOW]:
        return False
    return bool(memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_DATES] == EACH_DAY)


@compiled
def _forget(memory: Any, it: int, resolution: int) -> None:
    """A resolution that may have performed it does so no more, unless it stands."""
    own = INSTANCES_AT + it * INSTANCE
    rule = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_REOPENING]
    forgets = rule == RESUME and memory[own + I_ROW] < 0
    kept = 0
    for number in range(memory[own + I_UNCERTAIN]):
        undone = memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0] == resolution
        if undone and not forgets:
            memory[S_BEYOND] = ANSWERED
        if not undone:
            memory[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 0] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0
            ]
            memory[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 1] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1
            ]
            kept += 1
    if forgets and not kept and memory[own + I_UNCERTAIN] and memory[own + I_PHASE] == UNDETERMINED:
        memory[S_BEYOND] = ANSWERED  # dates passed while it was resolved
    memory[own + I_UNCERTAIN] = kept


@compiled
def _done_meanwhile(memory: Any, own: int) -> bool:
    """Whether something on the resolved ticket may perform or end what its reopening makes owed again (R1, R7)."""
    closer, duty = memory[own + I_CLOSER], memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
    failed = may_have_failed(memory, memory[duty + D_WHILE], closer)
    if failed or ended_since(memory, memory[own + I_DUTY], closer):
        return True
    performs = memory[T_PERFORMS] + memory[own + I_DUTY] * memory[T_TYPES]
    for act in range(closer + 1, memory[S_UPTO]):
        if memory[memory[M_EVENTS] + 2 * act] < memory[S_NOW] and memory[performs + type_of(memory, act)]:
            return True
    return False


@compiled
def _resume(memory: Any, it: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    if _done_meanwhile(memory, own):
        memory[S_BEYOND] = EARLIER_ACT
        return
    if not memory[own + I_STOPPED]:  # the resolution performed or ended it, so nothing stopped its clock until now
        at = memory[memory[M_EVENTS] + 2 * (memory[own + I_CLOSER])]
        stop(memory, it, at)
        pause(memory, it, at)
        memory[own + I_STOPPED] = 1
    memory[own + I_PERFORMED_AT], memory[own + I_PERFORMED_BY], memory[own + I_ENDED_BY] = NEVER, -1, -1
    memory[own + I_CEASED], memory[own + I_CLOSER], memory[own + I_OWED] = NEVER, -1, 1
    if memory[own + I_PHASE] != BREACHED:
        memory[own + I_PHASE], memory[own + I_FLOOR] = PENDING, memory[S_NOW]
        severity_changed(memory, it, memory[S_RESOLVED_LEVEL])
        duty = memory[T_DUTIES] + memory[own + I_DUTY] * DUTY
        dated = memory[own + I_ROW] >= 0 and not memory[duty + D_ROLLING]
        if memory[duty + D_FACTS] and not dated and memory[duty + D_KEEPS] < 0:
            terms_changed(memory, it)  # what was recorded anew meanwhile
        if memory[T_WAITS]:
            milestone(memory, it)  # what was reached meanwhile
        if memory[duty + D_DATES] == ON_EACH and memory[own + I_ROW] >= 0:
            list_changed(memory, it)
            if memory[S_BEYOND]:
                return
    alive = False
    for place in range(memory[S_LIVE]):
        alive = alive or memory[LIVE_AT + place] == it
    if not alive:
        memory[LIVE_AT + memory[S_LIVE]] = it
        memory[S_LIVE] += 1
    stand(memory, it, False)
    settle(memory, it)
