"""What an instant sets off: duties, choices, rights asked for, what is forbidden, scopes (R1, R21, R25, R35)."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, by_whom, within
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.elections import elect
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    ACTOR_WANTED,
    AGREED,
    BOTH_AT,
    BREAKS,
    BREAKS_AT,
    COUNTS_AT,
    ELECTED,
    FORBIDDEN,
    JOINT,
    JUDGED,
    M_EVENTS,
    MANY,
    MAYBE_BOTH,
    NEVER,
    NO,
    OPENED,
    RIGHTS,
    RIGHTS_AT,
    S_BEYOND,
    S_BREAKS,
    S_ELECTIONS,
    S_ENDED,
    S_ENTRY,
    S_FIRST,
    S_NOW,
    S_OUTSIDE,
    S_RIGHTS,
    S_UNSURE,
    S_WANTING,
    SCOPES_AT,
    SETS_OFF,
    T_BOTH,
    T_BOTH_COUNT,
    T_DUTY_COUNT,
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
    T_UNKNOWN_MASK,
    T_WANTING,
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
                found = _matches(memory, memory[T_TRIGGERS] + place * 4, event)
                if found != NO:
                    memory[S_ENTRY], memory[S_UNSURE] = event, memory[S_WANTING] if found == 2 else 0
                    arise(memory, memory[memory[T_TRIGGERS] + place * 4 + 0], -1, event)
                    memory[S_ENTRY], memory[S_UNSURE] = -1, 0
            if memory[T_BOTH_COUNT]:
                _joint(memory, event)
        if marks & JUDGED:
            _rights(memory, event)
        if marks & FORBIDDEN:
            _forbidden(memory, event)
        if kind in (ELECTED, AGREED):
            elect(memory, event)
        if memory[S_BEYOND]:
            return


@compiled
def standing(memory: Any, first: int, last: int) -> None:
    """What stands from the opening on; a duty that this event has set off already does so once. What comes after the
    opening at its instant may elect an option of it (R12, R22)."""
    known = memory[S_ELECTIONS]
    for place in range(memory[T_STANDING_COUNT]):
        rule = memory[memory[T_STANDING] + place]
        if rule >= memory[T_DUTY_COUNT] or not memory[COUNTS_AT + rule]:
            arise(memory, rule, -1, -1)
    if memory[S_ELECTIONS] == known or memory[S_BEYOND]:
        return
    opened = False
    for event in range(first, last):
        if opened and type_of(memory, event) in (ELECTED, AGREED):
            elect(memory, event)
        opened = opened or type_of(memory, event) == OPENED


@compiled
def _matches(memory: Any, trigger: int, event: int) -> int:
    """Whether an event is a trigger: ``NO``, ``YES``, or 2 for want of ``S_WANTING``."""
    at = memory[memory[M_EVENTS] + 2 * event]
    by = by_whom(memory[trigger + 1], actor_of(memory, event))
    if by == NO:
        return NO
    wanting = ACTOR_WANTED if by == 2 else 0
    for place in range(2):
        calendar = memory[trigger + 2 + place]
        if calendar < 0:
            continue
        found = within(memory, calendar, at, place == 0)
        if found == NO:
            return NO
        if found == 2:
            wanting |= memory[memory[T_UNKNOWN_MASK] + calendar]
    memory[S_WANTING] = wanting
    return 2 if wanting else YES


@compiled
def _joint(memory: Any, event: int) -> None:
    """R35: the later of two events."""
    for number in range(memory[T_BOTH_COUNT]):
        row = memory[T_BOTH] + number * JOINT
        one_of_them = False
        for half in range(2):
            own = row + 1 + 4 * half
            if type_of(memory, event) == memory[own] and _matches(memory, own, event) != NO:
                one_of_them = True
        if not one_of_them:
            continue
        seen = BOTH_AT + 2 * number
        before, hit = memory[seen] >= 0 and memory[seen + 1] >= 0, False
        for half in range(2):
            own = row + 1 + 4 * half
            found = _matches(memory, own, event) if type_of(memory, event) == memory[own] else NO
            if found == YES:
                memory[seen + half], hit = event, True
            elif found != NO:
                memory[S_BEYOND] = MAYBE_BOTH
                return
            elif memory[seen + half] < 0:  # it may have come before
                for earlier in range(memory[S_FIRST], event):
                    if type_of(memory, earlier) != memory[own]:
                        continue
                    found = _matches(memory, own, earlier)
                    if found == YES:
                        memory[seen + half] = earlier
                    elif found != NO:
                        memory[S_BEYOND] = MAYBE_BOTH
                        return
        if hit and memory[seen] >= 0 and memory[seen + 1] >= 0 and not before:
            memory[S_ENTRY] = event
            arise(memory, memory[row], -1, event)
            memory[S_ENTRY] = -1


@compiled
def _rights(memory: Any, event: int) -> None:
    """R21: whether the event is within the rights that it is checked against."""
    kind = type_of(memory, event)
    for place in range(memory[memory[T_RIGHTS_AT] + kind], memory[memory[T_RIGHTS_AT] + kind + 1]):
        row = memory[T_RIGHTS] + place * 4
        by = by_whom(memory[row + 1], actor_of(memory, event))
        if by == NO:
            continue
        if memory[row + 3]:
            memory[S_BEYOND] = memory[row + 3]
            return
        number = memory[S_RIGHTS]
        if number >= RIGHTS:
            memory[S_BEYOND] = MANY
            return
        found = _judged(memory, by, memory[row + 2], event)
        _put(memory, RIGHTS_AT + 4 * number, memory[row], event, found)
        memory[S_RIGHTS] = number + 1


@compiled
def _forbidden(memory: Any, event: int) -> None:
    """Whether the event breaks a prohibition, or may (R25)."""
    kind, done = type_of(memory, event), -1
    for place in range(memory[memory[T_FORBIDS_AT] + kind], memory[memory[T_FORBIDS_AT] + kind + 1]):
        row = memory[T_FORBIDS] + place * 4
        by = by_whom(memory[row + 1], actor_of(memory, event))
        if by == NO or memory[row] == done:
            continue
        if memory[row + 3]:
            memory[S_BEYOND] = memory[row + 3]
            return
        done = memory[row]
        found = _judged(memory, by, memory[row + 2], event)
        if found == NO:
            continue
        number = memory[S_BREAKS]
        if number >= BREAKS:
            memory[S_BEYOND] = MANY
            return
        _put(memory, BREAKS_AT + 4 * number, memory[row], event, found)
        memory[S_BREAKS] = number + 1


@compiled
def _judged(memory: Any, by: int, question: int, event: int) -> int:
    """Whether an event is by a party and a question holds of it; 2 for want of ``S_WANTING``."""
    if by == NO:
        return NO
    memory[S_ENTRY] = event
    found = answer(memory, question)
    memory[S_ENTRY] = -1
    if found == NO:
        return NO
    memory[S_WANTING] = memory[memory[T_WANTING] + found] | (ACTOR_WANTED if by == 2 else 0)
    return 2 if memory[S_WANTING] else YES


@small
def _put(memory: Any, place: int, rule: int, event: int, found: int) -> None:
    memory[place], memory[place + 1], memory[place + 2] = rule, event, found
    memory[place + 3] = memory[S_WANTING] if found == 2 else 0


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
