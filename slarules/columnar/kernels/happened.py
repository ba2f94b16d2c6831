"""An event as the kernels have it: when it happened, and all else in one number."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import small
from slarules.columnar.kernels.layout import M_EVENTS, NOTHING

# The first number of an event is its instant; the second holds type, actor + 1, severity + 1, whom it waits on,
# whether it was recorded before it happened, and of an event without effect the type it has in the log, from the lowest
# bits up.


@small
def type_of(memory: Any, event: int) -> int:
    """What happened."""
    return int(memory[memory[M_EVENTS] + 2 * event + 1] & 0xFFFF)


@small
def actor_of(memory: Any, event: int) -> int:
    """By which party; -1 where that is not known."""
    return int((memory[memory[M_EVENTS] + 2 * event + 1] >> 16) & 0xFF) - 1


@small
def severity_of(memory: Any, event: int) -> int:
    """The severity recorded with it; -1 for none."""
    return int((memory[memory[M_EVENTS] + 2 * event + 1] >> 24) & 0xFF) - 1


@small
def on_of(memory: Any, event: int) -> int:
    """Of a waiting: on whom; 0 where that is not said."""
    return int((memory[memory[M_EVENTS] + 2 * event + 1] >> 32) & 0xFFFF)


@small
def skew_of(memory: Any, event: int) -> int:
    """1 where it was recorded before it happened."""
    return int((memory[memory[M_EVENTS] + 2 * event + 1] >> 48) & 1)


@small
def let_be(memory: Any, event: int) -> None:
    """The event has no effect."""
    word = memory[memory[M_EVENTS] + 2 * event + 1]
    memory[memory[M_EVENTS] + 2 * event + 1] = (word >> 16 << 16) | NOTHING | (word & 0xFFFF) << 49


@small
def restore(memory: Any, first: int, last: int) -> None:
    """The events as the log has them."""
    for event in range(first, last):
        word = memory[memory[M_EVENTS] + 2 * event + 1]
        if word & 0xFFFF == NOTHING:
            memory[memory[M_EVENTS] + 2 * event + 1] = (word & 0x1FFFFFFFF0000) | word >> 49
