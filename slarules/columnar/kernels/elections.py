"""Choices are made, or lapse, and call up duties (R22). Equal to ``judging.choices``."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import compiled
from slarules.columnar.kernels.happened import actor_of, type_of
from slarules.columnar.kernels.layout import (
    AGREED,
    CH_ELECTOR,
    CH_LAPSES_INTO,
    CH_NUMBER,
    CHOICE,
    E_AT,
    E_CHOICE,
    E_ELECTED,
    E_EVENT,
    E_LAPSED,
    E_LAPSES,
    E_OPTION,
    E_STATE,
    E_TRIGGER,
    ELECTED,
    ELECTION,
    ELECTIONS_AT,
    ELECTS,
    ENDED_PERHAPS,
    M_FACTS,
    NEVER,
    NOBODY,
    OPEN,
    S_BEYOND,
    S_ELECTIONS,
    S_NOW,
    S_RESOLUTION,
    S_RESOLVED_AT,
    T_CALLED,
    T_CHOICES,
    T_DUTY_COUNT,
    T_OPTIONS,
    T_OPTIONS_AT,
)
from slarules.columnar.kernels.owed import arise


@compiled
def elect(memory: Any, event: int) -> None:
    """An election by the party entitled; early, second, wrong-party and post-resolution ones have no effect."""
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_STATE] != OPEN or (
            memory[S_RESOLUTION] >= 0 and memory[S_RESOLVED_AT] < memory[S_NOW]
        ):
            continue
        choice = memory[own + E_CHOICE] - memory[T_DUTY_COUNT]
        row = memory[T_CHOICES] + choice * CHOICE
        elector = memory[row + CH_ELECTOR]
        if type_of(memory, event) != (AGREED if elector == NOBODY else ELECTED):
            continue
        option = _chosen(memory, event, memory[row + CH_NUMBER])
        if not option or not _offers(memory, choice, option):
            continue
        if elector != NOBODY and actor_of(memory, event) == NOBODY:
            memory[S_BEYOND] = ENDED_PERHAPS
            return
        if elector in (NOBODY, actor_of(memory, event)):
            memory[own + E_STATE], memory[own + E_OPTION] = E_ELECTED, option
            memory[own + E_AT], memory[own + E_EVENT] = memory[S_NOW], event
            _call_up(memory, choice, option, memory[own + E_TRIGGER])
            if memory[S_BEYOND]:
                return


@compiled
def lapses(memory: Any) -> bool:
    """Choices that lapse now, and the duties that they call up."""
    changed = False
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = memory[own + E_LAPSES]
        if memory[own + E_STATE] != OPEN or at == NEVER or at > memory[S_NOW]:
            continue
        choice = memory[own + E_CHOICE] - memory[T_DUTY_COUNT]
        option = memory[memory[T_CHOICES] + choice * CHOICE + CH_LAPSES_INTO]
        memory[own + E_STATE], memory[own + E_OPTION] = E_LAPSED, option
        changed = True
        _call_up(memory, choice, option, memory[own + E_TRIGGER])
    return changed


@compiled
def _chosen(memory: Any, event: int, choice: int) -> int:
    """The option of a choice that an event names; 0: none."""
    for place in range(memory[memory[M_FACTS] + event], memory[memory[M_FACTS] + event + 1]):
        if memory[memory[M_FACTS] + place] & 0xFFFF == ELECTS | choice:
            return int(memory[memory[M_FACTS] + place] >> 16)
    return 0


@compiled
def _offers(memory: Any, choice: int, option: int) -> bool:
    for place in range(memory[memory[T_OPTIONS_AT] + choice], memory[memory[T_OPTIONS_AT] + choice + 1]):
        if memory[memory[T_OPTIONS] + 3 * place] == option:
            return True
    return False


@compiled
def _call_up(memory: Any, choice: int, option: int, trigger: int) -> None:
    """The duties of an option, from now on."""
    for place in range(memory[memory[T_OPTIONS_AT] + choice], memory[memory[T_OPTIONS_AT] + choice + 1]):
        row = memory[T_OPTIONS] + 3 * place
        if memory[row] == option:
            for called in range(memory[row + 1], memory[row + 2]):
                arise(memory, memory[memory[T_CALLED] + called], -1, trigger)
