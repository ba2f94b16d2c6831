"""A choice is offered, and when it lapses (R22); whether the ticket is in scope for what arises."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer
from slarules.columnar.kernels.clock import settle, wind
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.layout import (
    CH_FIRST,
    CHOICE,
    COUNTS_AT,
    E_AT,
    E_CAUSE,
    E_CHOICE,
    E_CLOSER,
    E_EVENT,
    E_LAPSES,
    E_MISSING,
    E_NUMBER,
    E_OPTION,
    E_STATE,
    E_TRIGGER,
    E_TRIGGERED,
    E_UNDETERMINED,
    ELECTION,
    ELECTIONS,
    ELECTIONS_AT,
    ENDLESS,
    I_DUE,
    I_DUTY,
    I_FLOOR,
    I_PHASE,
    I_START,
    I_STOPPED,
    INSTANCE,
    INSTANCES_AT,
    L_ALLOWED,
    L_CALENDAR,
    L_KIND,
    LIMIT,
    MANY,
    NEVER,
    NO_PROMISE,
    NO_SEVERITY,
    OPEN,
    PENDING,
    RUNS_ON,
    S_ARISEN,
    S_BEYOND,
    S_ELECTIONS,
    S_NOW,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_SEVERITY,
    T_CHOICES,
    T_DUTY_COUNT,
    T_LAPSES,
    T_LEVELS,
    T_SCOPE_COUNT,
    T_SCOPES,
    T_WANTING,
    TRIAL,
    YES,
)


@compiled
def offer(memory: Any, rule: int, start: int, cause: int, trigger: int, wanting: int) -> None:
    number = memory[S_ELECTIONS]
    if number >= ELECTIONS:
        memory[S_BEYOND] = MANY
        return
    memory[S_ELECTIONS] = number + 1
    memory[S_ARISEN] += 1
    memory[COUNTS_AT + rule] += 1
    own = ELECTIONS_AT + number * ELECTION
    memory[own + E_CHOICE], memory[own + E_NUMBER], memory[own + E_TRIGGERED] = rule, memory[COUNTS_AT + rule], start
    memory[own + E_CAUSE], memory[own + E_TRIGGER], memory[own + E_CLOSER] = cause, trigger, -1
    memory[own + E_OPTION], memory[own + E_AT], memory[own + E_EVENT] = 0, NEVER, -1
    memory[own + E_STATE] = E_UNDETERMINED if wanting else OPEN
    memory[own + E_MISSING] = wanting
    resolved = memory[S_RESOLUTION] >= 0 and memory[S_RESOLVED_AT] < memory[S_NOW]
    if resolved and _lapses_at(memory, rule - memory[T_DUTY_COUNT], start) != NEVER:
        memory[S_BEYOND] = RUNS_ON  # its time stands still
    memory[own + E_LAPSES] = NEVER if wanting else _lapses_at(memory, rule - memory[T_DUTY_COUNT], start)


@compiled
def _lapses_at(memory: Any, choice: int, start: int) -> int:
    """When a choice lapses into its default; ``NEVER``."""
    level = memory[S_SEVERITY] if memory[S_SEVERITY] >= 0 else memory[T_LEVELS]
    limit = memory[T_LAPSES] + (choice * (memory[T_LEVELS] + 1) + level) * LIMIT
    kind = memory[limit + L_KIND]
    if kind in (ENDLESS, NO_PROMISE, NO_SEVERITY):
        return NEVER
    own = INSTANCES_AT + TRIAL * INSTANCE
    memory[own + I_DUTY] = memory[memory[T_CHOICES] + choice * CHOICE + CH_FIRST]
    memory[own + I_START], memory[own + I_PHASE], memory[own + I_FLOOR], memory[own + I_STOPPED] = (
        start,
        PENDING,
        NEVER,
        0,
    )
    wind(memory, TRIAL, start, kind, memory[limit + L_ALLOWED], memory[limit + L_CALENDAR], -1)
    settle(memory, TRIAL)
    return int(memory[own + I_DUE])


@compiled
def scopes_unknown(memory: Any) -> int:
    """For want of what it cannot be known whether the ticket is in scope; nothing where one scope is known to hold."""
    wanting = 0
    for scope in range(memory[T_SCOPE_COUNT]):
        found = answer(memory, memory[memory[T_SCOPES] + scope])
        if found == YES:
            return 0
        wanting |= memory[memory[T_WANTING] + found]
    return wanting
