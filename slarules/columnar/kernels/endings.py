"""What ends duties at an instant: what happens to the ticket, and every `until` (R19)."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, by_whom, turns_on_then
from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    BY_SCOPE,
    CANCELLED,
    CLOSED,
    M_EVENTS,
    NEVER,
    NOBODY,
    OUT_OF_SCOPE,
    S_CLOSING,
    S_FIRST,
    S_NOW,
    S_OPENED,
    S_OUTSIDE,
    S_UNDONE,
    S_UPTO,
    T_ENDS,
    T_TYPES,
    T_WATCHES,
    TERMINATED,
    YES,
)


@compiled
def instant(memory: Any) -> tuple[int, int]:
    """The ticket's events of the present instant."""
    last = memory[S_UPTO]
    first = last
    if memory[S_OPENED] == NEVER:
        return first, last
    while first > memory[S_FIRST] and memory[memory[M_EVENTS] + 2 * (first - 1)] == memory[S_NOW]:
        first -= 1
    return first, last


@compiled
def ended_by(memory: Any, first: int, last: int) -> int:
    """What ends every pending duty now: the type of an event, or a scope; -1: nothing (R19)."""
    if memory[S_OUTSIDE] >= 0:
        return int(memory[S_OUTSIDE] + BY_SCOPE)
    for act in range(first, last):
        kind = type_of(memory, act)
        if kind in (CANCELLED, OUT_OF_SCOPE, TERMINATED):
            return int(kind)
        if kind == CLOSED and act == memory[S_CLOSING]:
            return int(kind)
    return -1


@compiled
def until(memory: Any, duty: int, first: int, last: int) -> int:
    """The type of the event of this instant that ends the duty; -1: none."""
    for act in range(first, last):
        if act == memory[S_UNDONE]:
            continue
        parties = memory[memory[T_ENDS] + duty * memory[T_TYPES] + type_of(memory, act)]
        if parties and by_whom(parties, actor_of(memory, act)) == YES:
            return int(type_of(memory, act))
    return -1


@compiled
def may_end(memory: Any, duty: int, first: int, last: int) -> int:
    """The event of this instant that ends the duty if it is by whom the duty names, which nobody recorded; -1: none."""
    for act in range(first, last):
        if act == memory[S_UNDONE] or actor_of(memory, act) != NOBODY:
            continue
        if by_whom(memory[memory[T_ENDS] + duty * memory[T_TYPES] + type_of(memory, act)], NOBODY) == 2:
            return int(act)
    return -1


@compiled
def ended_since(memory: Any, duty: int, resolution: int) -> bool:
    """Whether an `until` has, or may have, happened since the instant of a resolution, other than that itself."""
    first, at = resolution, memory[memory[M_EVENTS] + 2 * resolution]
    while first > memory[S_FIRST] and memory[memory[M_EVENTS] + 2 * (first - 1)] == at:
        first -= 1
    before, since = until(memory, duty, first, resolution), until(memory, duty, resolution + 1, memory[S_UPTO])
    return bool(before >= 0 or since >= 0 or may_end(memory, duty, first, memory[S_UPTO]) >= 0)


@compiled
def may_have_failed(memory: Any, question: int, resolution: int) -> bool:
    """Whether a `while` may have come out otherwise from a resolution's instant until now; -1: there is none.

    One that holds now has held where nothing it turns on was told otherwise since: what was unknown fails nothing.
    """
    if question < 0:
        return False
    at = memory[memory[M_EVENTS] + 2 * resolution]
    return bool(memory[T_WATCHES] or turns_on_then(memory, question, at - 1) or answer(memory, question) != YES)
