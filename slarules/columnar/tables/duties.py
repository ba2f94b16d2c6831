"""Duties and choices as tables: what is fixed of each, who performs and who ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import (
    Beyond,
    inputs_of,
    parties_of,
)
from slarules.columnar.tables.draft import Draft, array, offsets
from slarules.columnar.tables.limits import lapses, limits_of
from slarules.engine.expression import conjunction
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.rules import Duty

POLICIES = {"recount": at.RECOUNT, "restart": at.RESTART, "keep": at.KEEP}
REOPENINGS = {"resume": at.RESUME, "restart": at.RESTART}


def of_duties(
    draft: Draft, duties: Sequence[DutyPlan], choices: Sequence[ChoicePlan], foreign: frozenset[str]
) -> dict[str, Any]:
    types, levels = len(draft.types), len(draft.words.levels)
    rows = np.full((len(duties), at.DUTY), -1, np.int64)
    limits = np.full((len(duties), levels + 1, at.LIMIT), -1, np.int64)
    performs, ends = np.zeros((2, len(duties), types), np.int64)
    for number, one in enumerate(duties):
        rows[number] = _duty(draft, one, foreign)
        try:
            limits[number] = limits_of(draft, one)
        except Beyond as why:
            rows[number, at.D_BEYOND] = rows[number, at.D_BEYOND] or draft.beyond(one.name, why)
            limits[number] = (at.ENDLESS, 0, -1, -1)
        for kind, patterns in one.performs.items():
            performs[number, draft.types[kind]] = parties_of(patterns, draft.words.parties)
        for kind, patterns in one.ends.items():
            ends[number, draft.types[kind]] = parties_of(patterns, draft.words.parties)
    chosen = [_choice(draft, one, foreign) for one in choices]
    lapsing = np.full((len(choices), levels + 1, at.LIMIT), -1, np.int64)
    for number, chooses in enumerate(choices):
        try:
            lapsing[number] = lapses(draft, chooses)
        except Beyond as why:
            chosen[number] = (-1, -1, draft.beyond(chooses.name, why))
    called = [_called(draft, one) for one in choices]
    firsts = [draft.rules[one.choice.options[0][1][0]] for one in choices]
    rows_of_choices = [(*row, first) for row, first in zip(chosen, firsts, strict=True)]
    _mark_warned(draft, rows)
    return {
        "duties": rows,
        "efforts": np.array([one.duty.effort for one in duties], np.int64),
        "limits": limits,
        "performs": performs,
        "ends": ends,
        "choices": array(rows_of_choices, at.CHOICE),
        "lapses": lapsing,
        "called_at": offsets(called),
        "called": np.array([duty for duties in called for duty in duties], np.int64),
    }


def _mark_warned(draft: Draft, rows: Any) -> None:
    """A duty of whose remaining time something is set off."""
    for name, several in draft.plan.on_remaining.items():
        if name in draft.rules and draft.rules[name] < len(rows):
            for planned, _ in several:
                why = Beyond(f"is set off by what remains of `{name}`")
                rows[draft.rules[name], at.D_BEYOND] = draft.beyond(planned.name, why)


def _duty(draft: Draft, one: DutyPlan, foreign: frozenset[str]) -> list[int]:
    duty = one.duty
    row = [0] * at.DUTY
    row[at.D_KEEPS] = row[at.D_GUARD] = row[at.D_WHILE] = row[at.D_QUALIFIES] = -1
    row[at.D_ROLLING], row[at.D_STRICT] = int(one.rolling), int(one.strict)
    row[at.D_RISES] = POLICIES.get(str(duty.rises), at.KEEP)
    row[at.D_FALLS] = POLICIES.get(str(duty.falls), at.KEEP)
    row[at.D_REOPENING] = REOPENINGS.get(str(duty.reopening), at.IGNORE)
    row[at.D_BY_SEVERITY], row[at.D_TO_OPENING] = int(one.by_severity), int(duty.ends_at_next_opening)
    for name in one.paused_on:
        if name in draft.waited:
            row[at.D_PAUSED] |= 1 << draft.waited[name]
    try:
        row[at.D_KEEPS] = _keeps(draft, duty)
        if one.by_facts - {duty.keeps}:
            raise Beyond("has a time that turns on facts")
        row[at.D_GUARD], row[at.D_WHILE] = _guard(draft, one, foreign)
        if one.qualifies is not None:
            row[at.D_QUALIFIES] = draft.ask(one.qualifies, duty.performance.conditions)
    except Beyond as why:
        row[at.D_BEYOND] = draft.beyond(one.name, why)
    return row


def _keeps(draft: Draft, duty: Duty) -> int:
    if duty.keeps is None:
        return -1
    fact = draft.words.terms.facts.get(duty.keeps)
    if fact is None or fact.kind != "ticket" or fact.presumed is not None:
        raise Beyond(f"keeps `{duty.keeps}`, which is no fact of a ticket, or presumed")
    return draft.words.facts[duty.keeps]


def _guard(draft: Draft, one: DutyPlan | ChoicePlan, foreign: frozenset[str]) -> tuple[int, int]:
    """The question beside a trigger, and that of what is read throughout; -1: none."""
    rule = one.duty if isinstance(one, DutyPlan) else one.choice
    if not (rule.only_if or rule.whiles):
        return -1, -1
    conditions = (rule.only_if, rule.whiles)
    guard = draft.ask(conjunction((one.only_if, one.whiles)), conditions)
    for seen in inputs_of(conditions, draft.words.terms):
        if seen.pattern is not None and seen.pattern.type in foreign:
            raise Beyond("asks what has happened to the agreement")
    if not rule.whiles:
        return guard, -1
    for seen in inputs_of(rule.whiles, draft.words.terms):
        if seen.kind in ("open", "status") or ("fact", seen.name) in draft.words.steps:
            raise Beyond("stands only while something holds that no event of the ticket decides")
    return guard, draft.ask(one.whiles, rule.whiles)


def _choice(draft: Draft, one: ChoicePlan, foreign: frozenset[str]) -> tuple[int, int, int]:
    try:
        return (*_guard(draft, one, foreign), 0)
    except Beyond as why:
        return -1, -1, draft.beyond(one.name, why)


def _called(draft: Draft, one: ChoicePlan) -> list[int]:
    """The duties of the option into which a choice lapses."""
    return [draft.rules[d] for name, own in one.choice.options if name == one.choice.otherwise for d in own]
