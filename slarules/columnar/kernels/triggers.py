"""What an instant sets off: duties, choices, rights asked for, what is forbidden, scopes (R1, R21, R25, R35)."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, by_whom, is_by, within
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    AGREED,
    BOTH_AT,
    CHOSEN,
    E_STATE,
    ELECTED,
    ELECTION,
    ELECTIONS_AT,
    FORBIDDEN,
    FORBIDDEN_ACT,
    JOINT,
    JUDGED,
    M_EVENTS,
    MANY,
    NEVER,
    NO,
    OPEN,
    RIGHTS,
    RIGHTS_AT,
    S_BEYOND,
    S_ELECTIONS,
    S_ENDED,
    S_ENTRY,
    S_FIRST,
    S_NOW,
    S_OUTSIDE,
    S_RESOLUTION,
    S_RIGHTS,
    S_UPTO,
    SCOPES_AT,
    SETS_OFF,
    T_BOTH,
    T_BOTH_COUNT,
    T_FORBIDS,
    T_FORBIDS_AT,
    T_MARKS,
    T_RIGHTS,
    T_RIGHTS_AT,
    T_SCOPE_COUNT,
    T_SCOPES,
    T_STANDING,
    T_STANDING_COUNT,
    T_TRIGGERS,
    T_TRIGGERS_AT,
    YES,
)
from slarules.columnar.kernels.owed import arise


@compiled
def triggers(memory: Any, first: int, last: int) -> None:
    """What the events of this instant set off, in their order."""
    over = memory[S_ENDED] != NEVER and memory[S_ENDED] < memory[S_NOW]
    for event in range(first, last):
        kind = type_of(memory, event)
        marks = memory[memory[T_MARKS] + kind]
        if marks & SETS_OFF and not over:
            for place in range(memory[memory[T_TRIGGERS_AT] + kind], memory[memory[T_TRIGGERS_AT] + kind + 1]):
                if _matches(memory, memory[T_TRIGGERS] + place * 4, event):
                    memory[S_ENTRY] = event
                    arise(memory, memory[memory[T_TRIGGERS] + place * 4 + 0], -1, event)
                    memory[S_ENTRY] = -1
            if memory[T_BOTH_COUNT]:
                _joint(memory, event)
        if marks & JUDGED:
            _rights(memory, event)
        if marks & FORBIDDEN:
            _forbidden(memory, event)
        if kind in (ELECTED, AGREED):
            for number in range(memory[S_ELECTIONS]):
                if memory[ELECTIONS_AT + number * ELECTION + E_STATE] == OPEN and memory[S_RESOLUTION] < 0:
                    memory[S_BEYOND] = CHOSEN
        if memory[S_BEYOND]:
            return
    if memory[T_STANDING_COUNT] and memory[S_NOW] == memory[memory[M_EVENTS] + 2 * (memory[S_FIRST])]:
        for place in range(memory[T_STANDING_COUNT]):
            arise(memory, memory[memory[T_STANDING] + place], -1, -1)


@compiled
def _matches(memory: Any, trigger: int, event: int) -> bool:
    at = memory[memory[M_EVENTS] + 2 * event]
    if memory[trigger + 2] >= 0 and not within(memory, memory[trigger + 2], at, True):
        return False
    if memory[trigger + 3] >= 0 and not within(memory, memory[trigger + 3], at, False):
        return False
    return is_by(memory, memory[trigger + 1], actor_of(memory, event))


@compiled
def _joint(memory: Any, event: int) -> None:
    """R35: the later of two events."""
    for number in range(memory[T_BOTH_COUNT]):
        row = memory[T_BOTH] + number * JOINT
        seen = BOTH_AT + 2 * number
        before = memory[seen] >= 0 and memory[seen + 1] >= 0
        for half in range(2):
            own = row + 1 + 4 * half
            if type_of(memory, event) == memory[own] and _matches(memory, own, event):
                memory[seen + half] = event
            elif memory[seen + half] < 0:  # it may have come before
                for earlier in range(memory[S_FIRST], memory[S_UPTO]):
                    if type_of(memory, earlier) == memory[own] and _matches(memory, own, earlier):
                        memory[seen + half] = earlier
        if memory[seen] >= 0 and memory[seen + 1] >= 0 and not before:
            memory[S_ENTRY] = event
            arise(memory, memory[row], -1, event)
            memory[S_ENTRY] = -1


@compiled
def _rights(memory: Any, event: int) -> None:
    """R21: whether the event is within the rights that it is checked against."""
    kind = type_of(memory, event)
    for place in range(memory[memory[T_RIGHTS_AT] + kind], memory[memory[T_RIGHTS_AT] + kind + 1]):
        if memory[memory[T_RIGHTS] + place * 4 + 3]:
            memory[S_BEYOND] = memory[memory[T_RIGHTS] + place * 4 + 3]
            return
        if not is_by(memory, memory[memory[T_RIGHTS] + place * 4 + 1], actor_of(memory, event)):
            continue
        number = memory[S_RIGHTS]
        if number >= RIGHTS:
            memory[S_BEYOND] = MANY
            return
        memory[S_ENTRY] = event
        found = answer(memory, memory[memory[T_RIGHTS] + place * 4 + 2])
        memory[S_ENTRY] = -1
        memory[RIGHTS_AT + 3 * number + 0], memory[RIGHTS_AT + 3 * number + 1], memory[RIGHTS_AT + 3 * number + 2] = (
            memory[memory[T_RIGHTS] + place * 4 + 0],
            event,
            found,
        )
        memory[S_RIGHTS] = number + 1


@compiled
def _forbidden(memory: Any, event: int) -> None:
    """Whether the event may break a prohibition; then the reference engine tells."""
    kind = type_of(memory, event)
    for place in range(memory[memory[T_FORBIDS_AT] + kind], memory[memory[T_FORBIDS_AT] + kind + 1]):
        if by_whom(memory[memory[T_FORBIDS] + place * 2 + 0], actor_of(memory, event)) == NO:
            continue
        memory[S_ENTRY] = event
        if (
            memory[memory[T_FORBIDS] + place * 2 + 1] == -2
            or answer(memory, memory[memory[T_FORBIDS] + place * 2 + 1]) != NO
        ):
            memory[S_BEYOND] = FORBIDDEN_ACT
        memory[S_ENTRY] = -1


@compiled
def scopes(memory: Any) -> None:
    """Where the ticket stands to what is outside the contract."""
    for scope in range(memory[T_SCOPE_COUNT]):
        found = answer(memory, memory[memory[T_SCOPES] + scope]) + 1
        known = memory[SCOPES_AT + 2 * scope + 0]
        if known == 0 or (known != found and known != YES + 1):
            memory[SCOPES_AT + 2 * scope + 0], memory[SCOPES_AT + 2 * scope + 1] = found, memory[S_NOW]
        if found == YES + 1 and memory[S_OUTSIDE] < 0:
            memory[S_OUTSIDE] = scope
