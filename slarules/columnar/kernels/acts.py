"""Whether an act performs an instance, and that it did (R4, R23)."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, by_whom, turns_on_then
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    ACTOR_WANTED,
    D_QUALIFIES,
    DUTY,
    EARLIER_ACT,
    I_CLOSER,
    I_DUTY,
    I_MISSING,
    I_OWED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_ROW,
    I_UNCERTAIN,
    I_WHO,
    INSTANCE,
    INSTANCES_AT,
    M_EVENTS,
    MANY,
    NO,
    RESOLVED,
    S_BEYOND,
    S_ENTRY,
    S_NOW,
    S_WANTING,
    SERVED,
    SERVED_AT,
    T_DUTIES,
    T_PERFORMS,
    T_TYPES,
    T_WANTING,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNDETERMINED,
    YES,
)


@compiled
def doubt(memory: Any, it: int, act: int, wanting: int) -> None:
    """The act may have performed it (R23)."""
    many = memory[INSTANCES_AT + it * INSTANCE + I_UNCERTAIN]
    if many >= UNCERTAIN:
        memory[S_BEYOND] = MANY
        return
    memory[UNCERTAIN_AT + (it * UNCERTAIN + many) * 2 + 0], memory[UNCERTAIN_AT + (it * UNCERTAIN + many) * 2 + 1] = (
        act,
        wanting,
    )
    memory[INSTANCES_AT + it * INSTANCE + I_UNCERTAIN] = many + 1


@compiled
def unsure(memory: Any, it: int) -> None:
    """It cannot be known, for want of what the first act would need that may have performed it (R23)."""
    own, first = INSTANCES_AT + it * INSTANCE, UNCERTAIN_AT + it * UNCERTAIN * 2
    memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_WHO] = UNDETERMINED, memory[first + 1], memory[first]


@compiled
def qualifies(memory: Any, it: int, act: int) -> int:
    """Whether the act is one that performs the duty: ``NO``, ``YES``, or 2 for want of ``S_WANTING`` (R23)."""
    duty = memory[INSTANCES_AT + it * INSTANCE + I_DUTY]
    parties = memory[memory[T_PERFORMS] + duty * memory[T_TYPES] + type_of(memory, act)]
    by = by_whom(parties, actor_of(memory, act))
    if by == NO:
        return NO
    question = memory[memory[T_DUTIES] + duty * DUTY + D_QUALIFIES]
    at = memory[memory[M_EVENTS] + 2 * act]
    if question >= 0 and at < memory[S_NOW] and turns_on_then(memory, question, at):
        memory[S_BEYOND] = EARLIER_ACT
        return NO
    memory[S_ENTRY] = act
    found = answer(memory, question)
    memory[S_ENTRY] = -1
    if found == NO:
        return NO
    memory[S_WANTING] = memory[memory[T_WANTING] + found] | (ACTOR_WANTED if by == 2 else 0)
    return 2 if memory[S_WANTING] else YES


@small
def has_served(memory: Any, row: int, act: int) -> bool:
    for place in range(SERVED):  # noqa: SIM110 -- kernels have no generators
        if memory[SERVED_AT + row * SERVED + place] == act:
            return True
    return False


@compiled
def _serve(memory: Any, row: int, act: int) -> None:
    """The act is used up: each serves one period (R4). Only those of the present instant can come again."""
    last = SERVED - 1
    for place in range(last):
        memory[SERVED_AT + row * SERVED + place] = memory[SERVED_AT + row * SERVED + place + 1]
    memory[SERVED_AT + row * SERVED + last] = act


@compiled
def performed_by(memory: Any, it: int, act: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    memory[own + I_PERFORMED_AT], memory[own + I_PERFORMED_BY] = memory[memory[M_EVENTS] + 2 * act], act
    memory[own + I_OWED], memory[own + I_UNCERTAIN] = 0, 0
    memory[own + I_CLOSER] = act if type_of(memory, act) == RESOLVED else -1
    if memory[own + I_ROW] >= 0:
        _serve(memory, memory[own + I_ROW], act)
