"""Rights, prohibitions, scopes and severities as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import (
    OVER,
    Beyond,
    parties_of,
)
from slarules.columnar.tables.draft import Draft, array, offsets
from slarules.engine.expression import Test, Truth3, all_hold, conjunction, missing
from slarules.engine.plan import Plan, by_agreement
from slarules.model.expression import RightHolds
from slarules.model.rules import Prohibition, Right, Scope


def of_powers(
    draft: Draft, forbidden: Sequence[Prohibition], rights: Sequence[Right], scoped: Sequence[Scope]
) -> dict[str, Any]:
    by_type: list[list[tuple[int, ...]]] = [[] for _ in draft.types]
    for number, right in enumerate(rights):
        for kind in dict.fromkeys(p.type for p in right.patterns):
            by_type[draft.types[kind]].append(_right(draft, number, right, kind))
    acts: list[list[tuple[int, ...]]] = [[] for _ in draft.types]
    for number, prohibition in enumerate(forbidden):
        asked = _forbids(draft, prohibition)
        for pattern in prohibition.patterns:
            acts[draft.types[pattern.type]].append((number, parties_of([pattern], draft.words.parties), *asked))
    scopes = []
    for scope in scoped:
        if by_agreement(scope.outside, draft.words.terms):
            draft.all_beyond = f"`{scope.name}` turns on how the agreement stands"
        try:
            scopes.append(draft.ask(_scope_test(draft.plan, scope), scope.outside, later=True))
        except Beyond as why:
            draft.all_beyond = f"`{scope.name}` {why}"
            scopes.append(-1)
    return {
        "rights_at": offsets(by_type),
        "rights": array([row for rows in by_type for row in rows], 4),
        "forbids_at": offsets(acts),
        "forbids": array([row for rows in acts for row in rows], 4),
        "scopes": np.array(scopes, np.int64),
    }


def _scope_test(plan: Plan, scope: Scope) -> Test:
    """The scope's own test."""
    return next(test for own, test in plan.scopes if own is scope)


def _right(draft: Draft, number: int, right: Right, kind: str) -> tuple[int, int, int, int]:
    fitting = parties_of([p for p in right.patterns if p.type == kind], draft.words.parties)
    try:
        asked = draft.ask(lambda scene: scene.right_holds(right.name), RightHolds(right.name))
        return number, fitting, asked, 0
    except Beyond as why:
        return number, fitting, -1, draft.beyond(right.name, why)


def _forbids(draft: Draft, prohibition: Prohibition) -> tuple[int, int]:
    """The question whether an act breaks a prohibition; or the mark of one that no table can hold."""
    conditions = (prohibition.only_if, prohibition.whiles)
    breaks = conjunction((all_hold(conditions[0]), all_hold(conditions[1])))
    try:
        if prohibition.survives:
            return draft.ask(breaks, conditions), 0
        return draft.ask(lambda scene: _binding(breaks(scene), scene), conditions, OVER), 0
    except Beyond as why:
        return -1, draft.beyond(prohibition.name, why)


def _binding(broken: Truth3, scene: Any) -> Truth3:
    """Nothing breaks a prohibition that binds no more; where that cannot be known, neither whether it is broken."""
    ended = scene.given[OVER]
    if broken is False or isinstance(ended, str):
        return False
    return missing(broken, ended) or True


def of_severities(draft: Draft) -> dict[str, Any]:
    severities, parties = draft.words.terms.severities, draft.words.parties
    everyone = [at.ANY] * 3
    if severities is not None:
        assigned = severities.assigned_by
        changed = severities.changed_by or assigned
        confirmed = (severities.confirmed_by,) if severities.confirmed_by else ()
        for place, who in enumerate((assigned, changed, confirmed)):
            assert isinstance(who, tuple)
            if who:
                everyone[place] = sum(1 << parties.index(name) for name in who)
    disputes = []
    for level in draft.words.levels:
        definition = draft.plan.disputable.get(level)
        own = next(one for one in severities.levels if one.name == level) if severities else None
        try:
            disputes.append(-1 if definition is None or own is None else draft.ask(definition, own.applies))
        except Beyond:
            disputes.append(-2)
    return {
        "assigned_by": np.array(everyone, np.int64),
        "grave": np.array([draft.plan.grave[level] for level in draft.words.levels], np.int64),
        "disputes": np.array(disputes, np.int64),
    }
