"""How long a limit lasts, as the kernels count it."""

from __future__ import annotations

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import Beyond
from slarules.columnar.tables.draft import Draft
from slarules.engine.judging.limits import NO_PROMISE
from slarules.model.value import Civil, Elapsed, Unknown

Span = tuple[int, int, int, int]
"""Kind, length, calendar and its name."""
_ROUNDINGS = {"down": 0, "up": 1}


def span(draft: Draft, much: object, basis: str | None) -> Span:
    """So long a time, counted in the calendar ``basis``. Raises ``Beyond``."""
    number = -1 if basis is None else draft.words.calendars[basis]
    match much:
        case Elapsed(micros):
            return at.COUNTING, micros, number, number
        case Civil(days, months):
            if basis is not None:
                return at.CLOSINGS, days, number, number
            if not months:
                return at.DATED, days, -1, -1
            if much.rounding not in _ROUNDINGS or max(days, months) >> 20 or min(days, months) < 0:
                raise Beyond("counts months without saying how they are rounded")
            return at.MONTHS, days | months << 20 | _ROUNDINGS[much.rounding] << 40, -1, -1
        case Unknown(missing):
            return at.NO_SEVERITY, draft.words.bits(missing), -1, -1
        case str() if much == NO_PROMISE:
            return at.NO_PROMISE, 0, -1, -1
    raise Beyond("has a time that is computed")
