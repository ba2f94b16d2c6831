"""An event recorded: what it does to the ticket itself (R18, R24). Equal to ``judging.events``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import by_whom
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import actor_of, let_be, on_of, severity_of, type_of
from slarules.columnar.kernels.layout import (
    CANCELLED,
    CLOSED,
    CONFIRMED,
    D_PAUSED,
    DUTY,
    ELECTS,
    F_IMPOSSIBLE,
    F_MAY_NOT_CONFIRM,
    F_MAY_NOT_SET,
    F_UNCONFIRMED,
    FACTS_AT,
    FOUND,
    FOUND_AT,
    M_EVENTS,
    M_FACTS,
    MANY,
    NEVER,
    OPENED,
    OUT_OF_SCOPE,
    REOPENED,
    RESOLVED,
    RESUMED,
    S_BEYOND,
    S_CLOSED,
    S_CLOSING,
    S_ENDED,
    S_FOUND,
    S_OPENED,
    S_OTHERWISE,
    S_OTHERWISE_AT,
    S_RECORDED,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_RESOLVED_LEVEL,
    S_SEVERITY,
    S_WAITING,
    SEVERITY_CHANGED,
    SEVERITY_WANTED,
    T_ASSIGNED_BY,
    T_DUTIES,
    T_DUTY_COUNT,
    T_PASSING,
    T_PRESUMED,
    WAITING,
    WAITS_UNSAID,
    YES,
)


@compiled
def take(memory: Any, event: int) -> bool:
    """Record an event and move the ticket's state; whether it can set anything off, perform or end anything."""
    kind = type_of(memory, event)
    early = memory[S_OPENED] == NEVER and kind != OPENED  # known, but nothing is owed for a ticket that is not there
    if not early and (kind < 9 or kind == CONFIRMED) and not _move(memory, event, kind):
        let_be(memory, event)
        return False
    severity = severity_of(memory, event)
    if severity >= 0:
        if not early:
            memory[S_RECORDED] |= SEVERITY_WANTED
        if kind != CONFIRMED and _entitled(memory, event):
            if memory[S_SEVERITY] >= 0 and memory[S_SEVERITY] != severity:
                _told_otherwise(memory, event, SEVERITY_WANTED)
            memory[S_SEVERITY] = severity
            if memory[S_RESOLVED_AT] == memory[memory[M_EVENTS] + 2 * event]:
                memory[S_RESOLVED_LEVEL] = severity
    for place in range(memory[memory[M_FACTS] + event], memory[memory[M_FACTS] + event + 1]):
        fact = memory[memory[M_FACTS] + place] & 0xFFFF
        if not fact & ELECTS and not memory[T_PASSING] >> fact & 1:
            code, known = memory[memory[M_FACTS] + place] >> 16, memory[FACTS_AT + fact]
            if code != known and (known or memory[T_PRESUMED] >> fact & 1):
                _told_otherwise(memory, event, 1 << fact)
            memory[FACTS_AT + fact] = code
            if not early:
                memory[S_RECORDED] |= 1 << fact
    return not early


@compiled
def _told_otherwise(memory: Any, event: int, what: int) -> None:
    """What was known is recorded otherwise: acts of before count by what held then (R2)."""
    memory[S_OTHERWISE] |= what
    memory[S_OTHERWISE_AT] = memory[memory[M_EVENTS] + 2 * event]


@compiled
def find(memory: Any, code: int, event: int, found: int, severity: int) -> None:
    """Something is odd about an event."""
    number = memory[S_FOUND]
    if number >= FOUND:
        memory[S_BEYOND] = MANY
        return
    place = FOUND_AT + 4 * number
    memory[place], memory[place + 1], memory[place + 2], memory[place + 3] = code, event, found, severity
    memory[S_FOUND] = number + 1


@compiled
def _entitled(memory: Any, event: int) -> bool:
    """Whether the event's party may set the severity (R24); an unknown one may."""
    actor = actor_of(memory, event)
    parties = memory[memory[T_ASSIGNED_BY] + 0] if memory[S_SEVERITY] < 0 else memory[memory[T_ASSIGNED_BY] + 1]
    if actor < 0 or by_whom(parties, actor) == YES:
        return True
    find(memory, F_MAY_NOT_SET, event, -1, -1)
    return False


@compiled
def _move(memory: Any, event: int, kind: int) -> bool:
    """Whether an event has an effect on the ticket's own state, and the effect (R18, R24)."""
    at = memory[memory[M_EVENTS] + 2 * event]
    if _impossible(memory, event, kind):
        find(memory, F_IMPOSSIBLE, event, -1, -1)
        return False
    if kind == OPENED:
        memory[S_OPENED] = at
    elif kind == SEVERITY_CHANGED:
        return _entitled(memory, event)
    elif kind == WAITING:
        memory[S_WAITING] = max(1, on_of(memory, event))
        if memory[S_WAITING] == 1 and _pauses(memory):
            memory[S_BEYOND] = WAITS_UNSAID
    elif kind == RESUMED:
        memory[S_WAITING] = 0
    elif kind == RESOLVED:
        memory[S_RESOLUTION], memory[S_RESOLVED_AT], memory[S_WAITING] = event, at, 0
        memory[S_RESOLVED_LEVEL] = memory[S_SEVERITY]
    elif kind == REOPENED:
        memory[S_RESOLUTION], memory[S_CLOSED], memory[S_ENDED] = -1, 0, NEVER
    elif kind == CLOSED:
        memory[S_CLOSED] = 1
        if memory[S_RESOLUTION] < 0:
            _end(memory, event)
    elif kind in (CANCELLED, OUT_OF_SCOPE):
        memory[S_CLOSED] = 1
        _end(memory, event)
    elif kind == CONFIRMED:
        return _confirms(memory, event)
    return True


@compiled
def _pauses(memory: Any) -> bool:
    """Whether a wait on whom it may be lets the clock of any duty stand still."""
    pauses = 0
    for duty in range(memory[T_DUTY_COUNT]):
        pauses |= memory[memory[T_DUTIES] + duty * DUTY + D_PAUSED]
    return pauses != 0


@compiled
def _end(memory: Any, event: int) -> None:
    """The ticket has ended, which it does once (R19)."""
    if memory[S_ENDED] == NEVER:
        memory[S_ENDED], memory[S_CLOSING] = memory[memory[M_EVENTS] + 2 * event], event


@compiled
def _impossible(memory: Any, event: int, kind: int) -> bool:
    """Whether an event cannot have happened as the ticket stands (R18)."""
    if kind == OPENED:
        return bool(memory[S_OPENED] != NEVER)
    if kind == SEVERITY_CHANGED:
        return bool(severity_of(memory, event) == memory[S_SEVERITY])
    if kind == WAITING:
        return bool(memory[S_WAITING] == max(1, on_of(memory, event)))
    if kind == RESUMED:
        return bool(memory[S_WAITING] == 0)
    if kind == RESOLVED:
        return bool(memory[S_RESOLUTION] >= 0)
    return bool(kind == REOPENED and memory[S_RESOLUTION] < 0 and not memory[S_CLOSED])


@compiled
def _confirms(memory: Any, event: int) -> bool:
    """Whether a confirmation is one: by the party that confirms, and of the severity in force (R24)."""
    actor, severity = actor_of(memory, event), memory[S_SEVERITY]
    if actor >= 0 and by_whom(memory[memory[T_ASSIGNED_BY] + 2], actor) != YES:
        find(memory, F_MAY_NOT_CONFIRM, event, -1, -1)
        return False
    found = severity_of(memory, event) if severity_of(memory, event) >= 0 else severity
    if found < 0 or found != severity:
        find(memory, F_UNCONFIRMED, event, found, severity)
        return False
    return True
