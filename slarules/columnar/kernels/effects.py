"""What an event does to what is owed already: severity, pauses, reopening (R6, R7). Equal to ``engine.changes``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import type_of
from slarules.columnar.kernels.instances import begin, settle, severity_changed, stand, stop
from slarules.columnar.kernels.layout import (
    ANSWERED,
    BREACHED,
    D_REOPENING,
    D_ROLLING,
    DUTY,
    E_CLOSER,
    E_MISSING,
    E_STATE,
    E_UNDETERMINED,
    ELECTION,
    ELECTIONS_AT,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
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
    I_TRIGGER,
    I_UNCERTAIN,
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    M_EVENTS,
    MANY,
    NEVER,
    OPEN,
    PENDING,
    RESOLVED,
    RESTART,
    RESUME,
    ROWS,
    S_BEYOND,
    S_ELECTIONS,
    S_INSTANCES,
    S_LIVE,
    S_NOW,
    S_RECORDED,
    S_ROWS,
    S_SEVERITY,
    SERVED,
    SERVED_AT,
    T_DUTIES,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
)
from slarules.columnar.kernels.owed import requalify


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
                requalify(memory, it)
            elif memory[own + I_MISSING] & recorded:
                memory[S_BEYOND] = ANSWERED  # R9
            continue
        touched = changed
        if changed:
            severity_changed(memory, it, was)
        if memory[own + I_UNCERTAIN] and recorded:
            requalify(memory, it)
            touched = True
        if stand(memory, it, False) or touched:
            settle(memory, it)
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_STATE] == E_UNDETERMINED and memory[own + E_MISSING] & recorded:
            memory[S_BEYOND] = ANSWERED


@compiled
def reopen(memory: Any, resolution: int) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    for it in range(memory[S_INSTANCES]):
        own = INSTANCES_AT + it * INSTANCE
        if _newer(memory, it):
            continue
        _forget_resolutions(memory, it)
        if memory[own + I_CLOSER] != resolution:
            continue
        rule = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_REOPENING]
        if rule == RESUME:
            _resume(memory, it)
        elif rule == RESTART:
            row = -1
            if memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_ROLLING]:
                row = memory[S_ROWS]
                if row >= ROWS:
                    memory[S_BEYOND] = MANY
                    return
                memory[S_ROWS] = row + 1
                for place in range(SERVED):
                    memory[SERVED_AT + row * SERVED + place] = -1
            begin(
                memory,
                memory[own + I_DUTY],
                memory[S_NOW],
                memory[own + I_CAUSE],
                memory[own + I_TRIGGER],
                row,
                -1,
            )
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_CLOSER] == resolution:
            memory[own + E_STATE], memory[own + E_CLOSER] = OPEN, -1


@compiled
def _newer(memory: Any, it: int) -> bool:
    """Whether the duty has a newer instance."""
    for later in range(it + 1, memory[S_INSTANCES]):
        if memory[INSTANCES_AT + later * INSTANCE + I_DUTY] == memory[INSTANCES_AT + it * INSTANCE + I_DUTY]:
            return True
    return False


@compiled
def _forget_resolutions(memory: Any, it: int) -> None:
    """A resolution that may have performed it does so no more."""
    own = INSTANCES_AT + it * INSTANCE
    kept = 0
    for number in range(memory[own + I_UNCERTAIN]):
        if type_of(memory, memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0]) != RESOLVED:
            memory[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 0] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0
            ]
            memory[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 1] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1
            ]
            kept += 1
    memory[own + I_UNCERTAIN] = kept


@compiled
def _resume(memory: Any, it: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    if not memory[own + I_STOPPED]:  # the resolution performed or ended it, so nothing stopped its clock until now
        at = memory[memory[M_EVENTS] + 2 * (memory[own + I_CLOSER])]
        stop(memory, it, at)
        memory[own + I_PAUSED], memory[own + I_STOPPED] = 1, 1
    memory[own + I_PERFORMED_AT], memory[own + I_PERFORMED_BY], memory[own + I_ENDED_BY] = NEVER, -1, -1
    memory[own + I_CEASED], memory[own + I_CLOSER], memory[own + I_OWED] = NEVER, -1, 1
    if memory[own + I_PHASE] != BREACHED:
        memory[own + I_PHASE], memory[own + I_FLOOR] = PENDING, memory[S_NOW]
        if memory[own + I_SEVERITY] != memory[S_SEVERITY]:
            severity_changed(memory, it, memory[own + I_SEVERITY])
    alive = False
    for place in range(memory[S_LIVE]):
        alive = alive or memory[LIVE_AT + place] == it
    if not alive:
        memory[LIVE_AT + memory[S_LIVE]] = it
        memory[S_LIVE] += 1
    stand(memory, it, False)
    settle(memory, it)
