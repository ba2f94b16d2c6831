"""Limits as tables: of what kind, how long and counted in what at each severity."""

from __future__ import annotations

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import (
    Beyond,
    Input,
    Scene,
)
from slarules.columnar.tables.draft import Draft
from slarules.engine.limits import NO_PROMISE, Lengths, lengths
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.limit import Continuously, Every, NextClose, NthClose, Within
from slarules.model.value import Civil, Elapsed, Unknown


def lapses(draft: Draft, one: ChoicePlan) -> list[tuple[int, int, int, int]]:
    """Within what time a choice lapses, as ``limits_of``. Raises ``Beyond``."""
    within = one.choice.within
    if not isinstance(within, Within):
        return [(at.ENDLESS, 0, -1, -1)] * (len(draft.words.levels) + 1)
    if within.after is not None:
        raise Beyond("lapses some time after something else")
    asked = lengths(within, draft.words.terms.tables)
    assert asked is not None
    return [_length(draft, asked, level) for level in (*draft.words.levels, None)]


def limits_of(draft: Draft, one: DutyPlan) -> list[tuple[int, int, int, int]]:
    """Kind, length, calendar and its name at each severity, and without one."""
    return [_limit(draft, one, level) for level in (*draft.words.levels, None)]


def _limit(draft: Draft, one: DutyPlan, level: str | None) -> tuple[int, int, int, int]:
    names = draft.words.calendars
    match one.duty.limit:
        case None | Continuously():
            return at.ENDLESS, 0, -1, -1
        case NextClose(name):
            return at.NEXT_CLOSE, 0, names[name], names[name]
        case NthClose(name, n):
            return at.CLOSINGS, n, names[name], names[name]
        case Within() | Every() if one.lengths is not None:
            return _length(draft, one.lengths, level)
    raise Beyond("has a limit of a kind that no table holds")


def _length(draft: Draft, asked: Lengths, level: str | None) -> tuple[int, int, int, int]:
    try:
        return _span(draft, *asked(Scene(draft.words.terms, {Input("severity"): level}, {})))
    except KeyError:
        raise Beyond("has a time that turns on facts") from None


def _span(draft: Draft, span: object, basis: str | None) -> tuple[int, int, int, int]:
    number = -1 if basis is None else draft.words.calendars[basis]
    match span:
        case Elapsed(micros):
            return at.COUNTING, micros, number, number
        case Civil(days, months):
            if basis is not None:
                return at.CLOSINGS, days, number, number
            if months:
                raise Beyond("counts months")
            return at.DATED, days, -1, -1
        case Unknown(missing):
            return at.NO_SEVERITY, draft.words.bits(missing), -1, -1
        case str() if span == NO_PROMISE:
            return at.NO_PROMISE, 0, -1, -1
    raise Beyond("has a time that is computed")
