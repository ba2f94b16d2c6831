"""When something of a ticket changes next, though nothing happens. Equal to ``judging.case``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import next_of, next_recorded
from slarules.columnar.kernels.clocks import is_open, next_close, next_open
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.layout import (
    CH_HOURS,
    CHOICE,
    D_FACTS,
    D_HOURS,
    DUTY,
    E_CHOICE,
    E_LAPSES,
    E_MISSING,
    E_STATE,
    E_UNDETERMINED,
    ELECTION,
    ELECTIONS_AT,
    I_DUE,
    I_DUTY,
    I_MISSING,
    I_PHASE,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    I_WARNS_AT,
    INSTANCE,
    INSTANCES_AT,
    LIVE_AT,
    NEVER,
    OPEN,
    PENDING,
    R_DUTY,
    R_OVER,
    ROW,
    ROWS_AT,
    S_AGREEMENT,
    S_DATES,
    S_ELECTIONS,
    S_LIVE,
    S_NOW,
    S_ROWS,
    T_AGREED_FACTS,
    T_CHANGE_AT,
    T_CHANGES,
    T_CHOICES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_TURN_AT,
    T_TURNS,
    T_UNKNOWN_FROM,
    T_WATCHED,
    T_WATCHED_COUNT,
    T_WATCHES,
)
from slarules.columnar.kernels.rows import next_row


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
        due, unknown, warns = memory[own + I_DUE], memory[own + I_UNKNOWN_AT], memory[own + I_WARNS_AT]
        if warns > memory[S_NOW] and (soonest == NEVER or warns < soonest):
            soonest = warns
        if due > memory[S_NOW] and (soonest == NEVER or due < soonest):
            soonest = due
        if unknown > memory[S_NOW] and (soonest == NEVER or unknown < soonest):
            soonest = unknown
    if memory[S_DATES]:
        dated = next_row(memory)
        if dated != NEVER and (soonest == NEVER or dated < soonest):
            soonest = dated
    if memory[T_WATCHES]:
        soonest = watched(memory, soonest)
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = memory[own + E_LAPSES]
        if memory[own + E_STATE] == OPEN and at > memory[S_NOW] and (soonest == NEVER or at < soonest):
            soonest = at
    return soonest


@compiled
def _answers_at(memory: Any) -> int:
    """When something is recorded next of the agreement that is wanted, or on which a time rests."""
    facts, soonest = memory[T_AGREED_FACTS], NEVER
    for place in range(memory[S_LIVE]):
        own = INSTANCES_AT + memory[LIVE_AT + place] * INSTANCE
        wanted = memory[own + I_MISSING]
        if not wanted:
            wanted = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_FACTS]
        if wanted & facts:
            soonest = _sooner(soonest, next_recorded(memory, wanted & facts), memory[S_NOW])
    for number in range(memory[S_ELECTIONS]):
        wanted = memory[ELECTIONS_AT + number * ELECTION + E_MISSING] & facts
        if wanted:
            soonest = _sooner(soonest, next_recorded(memory, wanted), memory[S_NOW])
    return int(soonest)


@compiled
def watched(memory: Any, soonest: int) -> int:
    """When a `while` may next come out otherwise by what the agreement or a calendar does, if sooner (R8)."""
    now = memory[S_NOW]
    if memory[S_AGREEMENT] >= 0 and memory[T_WATCHES] & 2:
        soonest = _sooner(soonest, next_of(memory, T_CHANGE_AT, T_CHANGES), now)
    if not (memory[S_LIVE] or memory[S_ELECTIONS] or memory[S_DATES]):
        return soonest
    if memory[S_AGREEMENT] >= 0:
        soonest = _sooner(soonest, next_of(memory, T_TURN_AT, T_TURNS), now)
        soonest = _sooner(soonest, _answers_at(memory), now)
    for number in range(memory[T_WATCHED_COUNT] if _by_hours(memory) else 0):
        calendar = memory[memory[T_WATCHED] + number]
        opens = is_open(memory, calendar, now)
        turns = next_close(memory, calendar, now) if opens else next_open(memory, calendar, now)
        soonest = _sooner(soonest, turns, now)
        soonest = _sooner(soonest, memory[memory[T_UNKNOWN_FROM] + calendar], now)
    return soonest


@compiled
def _by_hours(memory: Any) -> bool:
    """Whether anything that is owed or may be chosen hangs on opening times."""
    if not memory[T_WATCHED_COUNT]:
        return False
    for place in range(memory[S_LIVE]):
        duty = memory[INSTANCES_AT + memory[LIVE_AT + place] * INSTANCE + I_DUTY]
        if memory[memory[T_DUTIES] + duty * DUTY + D_HOURS]:
            return True
    for row in range(memory[S_ROWS]):
        duty = memory[ROWS_AT + row * ROW + R_DUTY]
        if duty >= 0 and not memory[ROWS_AT + row * ROW + R_OVER] and memory[memory[T_DUTIES] + duty * DUTY + D_HOURS]:
            return True
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        choice = memory[T_CHOICES] + (memory[own + E_CHOICE] - memory[T_DUTY_COUNT]) * CHOICE
        if memory[choice + CH_HOURS] and memory[own + E_STATE] in (OPEN, E_UNDETERMINED):
            return True
    return False


@small
def _sooner(soonest: int, instant: int, now: int) -> int:
    return instant if instant > now and (soonest == NEVER or instant < soonest) else soonest
