"""Open time by look-up of the quick way: the same as ``kernels.clocks``, found by a shift."""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.compiled import small
from slarules.columnar.kernels.quick_layout import (
    INTERVAL,
    K_CELLS,
    K_INVERSE,
    K_INVERSE_SHIFT,
    K_SHIFT,
    K_TOTAL,
    LATEST,
    V_BEFORE,
    V_END,
    U,
)

NEXT = U(INTERVAL)


@small
def opened_until(plain: Any, clock: Any, at: int) -> int:
    """Open time from 1970 to an instant."""
    place = U(plain[U(plain[clock + K_CELLS] + (at >> plain[clock + K_SHIFT]))])
    place += NEXT * U(at >= plain[place + V_END])
    return int(plain[place + V_BEFORE] + max(at - plain[place], 0))


@small
def reached_at(plain: Any, clock: Any, amount: int) -> int:
    """The earliest instant by which so much time (above zero) was open; ``LATEST`` where there is none."""
    if amount > plain[clock + K_TOTAL]:
        return LATEST
    place = U(plain[U(plain[clock + K_INVERSE] + (amount >> plain[clock + K_INVERSE_SHIFT]))])
    place += NEXT * U(amount > plain[place + NEXT + V_BEFORE])
    return int(plain[place] + amount - plain[place + V_BEFORE])
