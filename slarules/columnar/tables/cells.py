"""What a limit can come to, asked beforehand for every combination of what it turns on: facts, severities, lists.

The asking is done by the reference engine's own limits, on a scene that holds just those inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from slarules.calendars import zones
from slarules.calendars.civil import NoSuchDay
from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import Beyond, Input, Scene, every_scene, inputs_of
from slarules.columnar.tables.draft import Draft
from slarules.columnar.tables.spans import Span, span
from slarules.engine.expression import shifted
from slarules.engine.judging.limits import end_of, span_of
from slarules.model.contract import Terms
from slarules.model.expression import AmountRef, FactRef, Pattern
from slarules.model.limit import (
    ByEndOf,
    Column,
    Continuously,
    Counted,
    EachDay,
    Every,
    Later,
    Limit,
    Milestone,
    NextClose,
    NthClose,
    OnEach,
    Sooner,
    Within,
)
from slarules.model.value import Civil, Elapsed, Unknown

Cell = tuple[int, int, int, int, int, int]
"""As ``kernels.layout.C_…``."""
NOTHING_ELSE = (0, 0)


def limit_inputs(limit: Limit | None, terms: Terms) -> list[Input]:
    """What a limit turns on besides the severity. Raises ``Beyond``."""
    found: dict[Input, None] = {}
    match limit:
        case Within(length) | Every(length) if isinstance(length, Column):
            table = terms.tables[length.table]
            place = table.columns.index(length.column)
            asked = (table.inputs, tuple((cells, outputs[place]) for cells, outputs in table.rows))
            found.update(dict.fromkeys(inputs_of(asked, terms)))
        case ByEndOf(day):
            found.update(dict.fromkeys(inputs_of(AmountRef(day) if day in terms.amounts else FactRef(day), terms)))
        case OnEach(fact):
            found[Input("fact", fact)] = None
        case Sooner(parts) | Later(parts):
            for part in parts:
                found.update(dict.fromkeys(limit_inputs(part, terms)))
    return list(found)


def cells_of(draft: Draft, limit: Limit | None, foreign: frozenset[str]) -> int:
    """The question that a limit is, its answers cells. Raises ``Beyond``."""
    match limit:
        case ByEndOf(before=far, earliest=first) if first is not None or isinstance(far, Counted):
            raise Beyond("is due so many open days before a date, or has a first day")
        case None | Continuously() | EachDay() | OnEach():
            return _asked(draft, lambda scene: (at.ENDLESS, 0, -1, -1, *NOTHING_ELSE), [])
        case Sooner(parts) | Later(parts):
            return _several(draft, parts, isinstance(limit, Sooner), foreign)
        case Within(after=milestone) if milestone is not None:
            own = _asked(draft, lambda scene: _length(draft, limit, scene), limit_inputs(limit, draft.words.terms))
            of = _milestone(draft, milestone, foreign)
            return _asked(draft, lambda scene: (at.AFTER, of, own, -1, *_otherwise(draft, limit.otherwise)), [])
        case _ if isinstance(limit, (Within, Every, ByEndOf, NextClose, NthClose)):
            return _asked(draft, lambda scene: _cell(draft, limit, scene), limit_inputs(limit, draft.words.terms))
    raise Beyond("has a limit of a kind that no table holds")


def lists_of(draft: Draft, fact: str) -> int:
    """The question which dates a recorded list has. Raises ``Beyond``."""
    return _asked(draft, lambda scene: _listed(draft, fact, scene), [Input("fact", fact)])


def _asked(draft: Draft, cell: Callable[[Scene], Cell], turns_on: list[Input]) -> int:
    if any(one.kind not in ("severity", "fact", "status", "allowance") for one in turns_on):
        raise Beyond("has a time that turns on what happens, or when")
    own, scenes = every_scene(turns_on, draft.words, draft.plan.adopted.calendars)
    try:
        found = [cell(scene) for scene in scenes]
    except (zones.OutOfRange, NoSuchDay):
        raise Beyond("turns on dates that cannot be computed") from None
    except KeyError:
        raise Beyond("has a time that turns on more than is recorded") from None
    draft.questions.append((len(draft.inputs), len(own), len(draft.answers)))
    draft.inputs.extend(own)
    draft.answers.extend(draft.cells.setdefault(one, len(draft.cells)) for one in found)
    return len(draft.questions) - 1


def _several(draft: Draft, parts: tuple[Limit, ...], sooner: bool, foreign: frozenset[str]) -> int:
    for part in parts:
        if not isinstance(part, (Within, ByEndOf, NextClose, NthClose)):
            raise Beyond("has the sooner or later of limits that no table holds")
        if isinstance(part, Within) and part.strict:
            raise Beyond("says `in less than` of one of the sooner or the later of two")
    questions = [cells_of(draft, part, foreign) for part in parts]
    first = len(draft.parts)
    draft.parts += questions
    return _asked(draft, lambda scene: (at.SEVERAL, first, len(parts), int(sooner), *NOTHING_ELSE), [])


def _milestone(draft: Draft, milestone: Pattern | Milestone, foreign: frozenset[str]) -> int:
    """A pattern's number, or for a duty's performance one below 0."""
    if isinstance(milestone, Milestone):
        if milestone.duty not in draft.rules:
            raise Beyond("has a time that runs from what is no duty about tickets")
        return -draft.rules[milestone.duty] - 1
    if milestone.type in foreign:
        raise Beyond("has a time that runs from what happened to the agreement")
    return draft.words.happened.setdefault(milestone, len(draft.words.happened))


def _cell(draft: Draft, limit: Limit, scene: Scene) -> Cell:
    names = draft.words.calendars
    match limit:
        case NextClose(name):
            return at.NEXT_CLOSE, 0, names[name], names[name], *NOTHING_ELSE
        case NthClose(name, n):
            return at.CLOSINGS, n, names[name], names[name], *NOTHING_ELSE
        case ByEndOf():
            return _by_end_of(draft, limit, scene)
    assert isinstance(limit, (Within, Every))
    return _length(draft, limit, scene)


def _length(draft: Draft, limit: Within | Every, scene: Scene) -> Cell:
    found: Span = span(draft, *span_of(limit, scene))
    if found[0] == at.COUNTING and found[1] == 0 and found[2] >= 0:
        raise Beyond("has no time at all, counted in a calendar")
    return *found, *NOTHING_ELSE


def _by_end_of(draft: Draft, limit: ByEndOf, scene: Scene) -> Cell:
    day = scene.amount_now(limit.date) if limit.date in scene.terms.amounts else scene.fact(limit.date)
    if isinstance(day, Unknown):
        return at.NO_SEVERITY, draft.words.bits(day.missing), -1, -1, *NOTHING_ELSE
    if not isinstance(day, date):
        raise Beyond("is due by what is no date")
    close_in = draft.plan.adopted.calendars[limit.close_in] if limit.close_in else None
    if limit.before is not None:
        assert isinstance(limit.before, Civil)
        day = shifted(day, limit.before, -1)
    due = end_of(day, close_in, draft.plan.adopted.zone)
    if close_in is not None and close_in.unknown_from is not None and due > close_in.unknown_from:
        raise Beyond("is due by a closing of which a supplied list does not tell")
    name = draft.words.calendars[limit.close_in] if limit.close_in else -1
    return at.BY_END, due, name, name, *_otherwise(draft, limit.otherwise)


def _otherwise(draft: Draft, instead: Civil | Elapsed | None) -> tuple[int, int]:
    if instead is None:
        return NOTHING_ELSE
    return span(draft, instead, None)[:2]


def _listed(draft: Draft, fact: str, scene: Scene) -> Cell:
    days = scene.fact(fact)
    if isinstance(days, Unknown):
        return at.NO_SEVERITY, draft.words.bits(days.missing), -1, -1, *NOTHING_ELSE
    if not isinstance(days, tuple):
        raise Beyond("is owed on what is no list of dates")
    zone = draft.plan.adopted.zone or "UTC"
    for day in days:
        end_of(day, None, zone)  # there is such a date
    first = len(draft.lists)
    draft.lists += sorted(day.toordinal() - zones.EPOCH_ORDINAL for day in days)
    return at.LISTED, first, len(days), -1, *NOTHING_ELSE
