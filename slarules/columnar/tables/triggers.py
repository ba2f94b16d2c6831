"""What each type of event and each outcome sets off, as tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import (
    parties_of,
)
from slarules.columnar.tables.draft import Draft, array, offsets
from slarules.engine.plan import Planned
from slarules.model.rules import OnBoth, OnEvent


def of_triggers(draft: Draft) -> dict[str, Any]:
    plan, terms = draft.plan, draft.words.terms
    by_type: list[list[tuple[int, int, int, int]]] = [[] for _ in draft.types]
    for kind, several in plan.on_event.items():
        for planned, trigger in several:
            if planned.kind == "ticket":
                by_type[draft.types[kind]].append(_trigger(draft, planned, trigger))
    outcomes: list[list[int]] = [[] for _ in range(3 * sum(p.kind == "ticket" for p in plan.duties.values()))]
    for (cause, outcome), planned_ones in plan.on_outcome.items():
        if cause in draft.rules:
            place = 3 * draft.rules[cause] + ("breached", "met", "performed").index(outcome)
            outcomes[place] += [draft.rules[p.name] for p in planned_ones if p.kind == "ticket"]
    marks = np.zeros(len(draft.types), np.int64)
    for names, mark in ((plan.performing, at.PERFORMS), (plan.ending, at.ENDS), (plan.sets_off, at.SETS_OFF)):
        for name in names:
            if name in draft.types:
                marks[draft.types[name]] |= mark
    for rules, mark in ((terms.rights, at.JUDGED), (terms.prohibitions, at.FORBIDDEN)):
        for rule in rules.values():
            if rule.kind == "ticket":
                marks[[draft.types[pattern.type] for pattern in rule.patterns]] |= mark
    return {
        "triggers_at": offsets(by_type),
        "triggers": array([row for rows in by_type for row in rows], 4),
        "both": array([_joint(draft, p, both) for p, both in plan.on_both if p.kind == "ticket"], at.JOINT),
        "outcomes_at": offsets(outcomes),
        "outcomes": np.array([rule for rules in outcomes for rule in rules], np.int64),
        "standing": np.array([draft.rules[p.name] for p in plan.standing if p.kind == "ticket"], np.int64),
        "marks": marks,
    }


def _trigger(draft: Draft, planned: Planned, trigger: OnEvent) -> tuple[int, int, int, int]:
    names = draft.words.calendars
    parties = parties_of([trigger.pattern], draft.words.parties)
    during = -1 if trigger.during is None else names[trigger.during]
    outside = -1 if trigger.outside is None else names[trigger.outside]
    return draft.rules[planned.name], parties, during, outside


def _joint(draft: Draft, planned: Planned, both: OnBoth) -> list[int]:
    row = [draft.rules[planned.name]]
    for half in (both.first, both.second):
        row += [draft.types[half.pattern.type], *_trigger(draft, planned, half)[1:]]
    return row
