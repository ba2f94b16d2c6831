"""Limits as tables: of what kind, how long and counted in what at each severity."""

from __future__ import annotations

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.cells import cells_of
from slarules.columnar.tables.conditions import (
    Beyond,
    Input,
    Scene,
)
from slarules.columnar.tables.draft import Draft
from slarules.columnar.tables.spans import Span, span
from slarules.engine.judging.limits import Lengths, lengths
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.limit import Continuously, Every, NextClose, NthClose, Within


def lapses(draft: Draft, one: ChoicePlan) -> list[Span]:
    """Within what time a choice lapses, as ``limits_of``. Raises ``Beyond``."""
    within = one.choice.within
    if not isinstance(within, Within):
        return [(at.ENDLESS, 0, -1, -1)] * (len(draft.words.levels) + 1)
    if within.after is not None:
        raise Beyond("lapses some time after something else")
    asked = lengths(within, draft.words.terms.tables)
    assert asked is not None
    return [_length(draft, asked, level) for level in (*draft.words.levels, None)]


def limits_of(draft: Draft, one: DutyPlan, foreign: frozenset[str]) -> list[Span]:
    """Kind, length, calendar and its name at each severity, and without one. Raises ``Beyond``."""
    levels = (*draft.words.levels, None)
    by_severity = isinstance(one.duty.limit, (Continuously, NextClose, NthClose, type(None))) or one.lengths is not None
    if one.by_facts - {one.duty.keeps} or not by_severity:
        return [(at.CELLS, cells_of(draft, one.duty.limit, foreign), -1, -1)] * len(levels)
    return [_limit(draft, one, level) for level in levels]


def _limit(draft: Draft, one: DutyPlan, level: str | None) -> Span:
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


def _length(draft: Draft, asked: Lengths, level: str | None) -> Span:
    try:
        return span(draft, *asked(Scene(draft.words.terms, {Input("severity"): level}, {})))
    except KeyError:
        raise Beyond("has a time that turns on facts") from None
