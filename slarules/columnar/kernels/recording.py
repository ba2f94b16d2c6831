"""An event recorded: what it does to the ticket itself (R18, R24). Equal to ``engine.events``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import by_whom
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.happened import actor_of, on_of, severity_of, type_of
from slarules.columnar.kernels.layout import (
    CANCELLED,
    CLOSED,
    CONFIRMED,
    FACTS_AT,
    IMPOSSIBLE,
    M_EVENTS,
    M_FACTS,
    NEVER,
    NOT_ENTITLED,
    NOT_OPENED,
    OPENED,
    OUT_OF_SCOPE,
    REOPENED,
    RESOLVED,
    RESUMED,
    S_BEYOND,
    S_CLOSED,
    S_ENDED,
    S_OPENED,
    S_RECORDED,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_SEVERITY,
    S_WAITING,
    SEVERITY_CHANGED,
    SEVERITY_WANTED,
    T_ASSIGNED_BY,
    UNCONFIRMED,
    WAITING,
    YES,
)


@compiled
def take(memory: Any, event: int) -> None:
    """Record an event and move the ticket's state; what has no effect leaves the ticket beyond the kernels."""
    kind = type_of(memory, event)
    if memory[S_OPENED] == NEVER and kind != OPENED:
        memory[S_BEYOND] = NOT_OPENED
        return
    if kind < 9 or kind == CONFIRMED:
        _move(memory, event, kind)
    severity = severity_of(memory, event)
    if severity >= 0:
        memory[S_RECORDED] |= SEVERITY_WANTED
        if kind != CONFIRMED and severity != memory[S_SEVERITY]:
            if not _entitled(memory, actor_of(memory, event)):
                memory[S_BEYOND] = NOT_ENTITLED
            memory[S_SEVERITY] = severity
        elif kind != CONFIRMED and not _entitled(memory, actor_of(memory, event)):
            memory[S_BEYOND] = NOT_ENTITLED
    for place in range(memory[memory[M_FACTS] + event], memory[memory[M_FACTS] + event + 1]):
        memory[FACTS_AT + (memory[memory[M_FACTS] + place] & 0xFFFF)] = memory[memory[M_FACTS] + place] >> 16
        memory[S_RECORDED] |= 1 << (memory[memory[M_FACTS] + place] & 0xFFFF)


@small
def _entitled(memory: Any, actor: int) -> bool:
    parties = memory[memory[T_ASSIGNED_BY] + 0] if memory[S_SEVERITY] < 0 else memory[memory[T_ASSIGNED_BY] + 1]
    return actor < 0 or by_whom(parties, actor) == YES


@compiled
def _move(memory: Any, event: int, kind: int) -> None:
    at = memory[memory[M_EVENTS] + 2 * event]
    if kind == OPENED:
        if memory[S_OPENED] != NEVER:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_OPENED] = at
    elif kind == SEVERITY_CHANGED:
        if severity_of(memory, event) == memory[S_SEVERITY]:
            memory[S_BEYOND] = IMPOSSIBLE
        elif not _entitled(memory, actor_of(memory, event)):
            memory[S_BEYOND] = NOT_ENTITLED
    elif kind == WAITING:
        on = max(1, on_of(memory, event))
        if memory[S_WAITING] == on:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_WAITING] = on
    elif kind == RESUMED:
        if memory[S_WAITING] == 0:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_WAITING] = 0
    elif kind == RESOLVED:
        if memory[S_RESOLUTION] >= 0:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_RESOLUTION], memory[S_RESOLVED_AT], memory[S_WAITING] = event, at, 0
    elif kind == REOPENED:
        if memory[S_RESOLUTION] < 0 and not memory[S_CLOSED]:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_RESOLUTION], memory[S_CLOSED], memory[S_ENDED] = -1, 0, NEVER
    elif kind == CLOSED:
        memory[S_CLOSED] = 1
        if memory[S_RESOLUTION] < 0:
            memory[S_ENDED] = at
    elif kind in (CANCELLED, OUT_OF_SCOPE):
        memory[S_CLOSED], memory[S_ENDED] = 1, at
    elif kind == CONFIRMED:
        found = severity_of(memory, event)
        if not _confirms(memory, event) or memory[S_SEVERITY] < 0 or (found >= 0 and found != memory[S_SEVERITY]):
            memory[S_BEYOND] = UNCONFIRMED


@compiled
def _confirms(memory: Any, event: int) -> bool:
    actor = actor_of(memory, event)
    return actor < 0 or by_whom(memory[memory[T_ASSIGNED_BY] + 2], actor) == YES
