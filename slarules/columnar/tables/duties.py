"""Duties and choices as tables: what is fixed of each, who performs and who ends it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.cells import lists_of
from slarules.columnar.tables.conditions import (
    Beyond,
    inputs_of,
    parties_of,
    person_fact,
)
from slarules.columnar.tables.draft import Draft, array, offsets
from slarules.columnar.tables.limits import lapses, limits_of
from slarules.engine.expression import conjunction
from slarules.engine.plan import ChoicePlan, DutyPlan
from slarules.model.limit import EachDay, OnEach
from slarules.model.rules import Duty

POLICIES = {"recount": at.RECOUNT, "restart": at.RESTART, "keep": at.KEEP}
MOST_WARNINGS = 60
"""Of one duty."""
SHARE_BITS = 13
"""Of what a share is divided by: as many as leave room for years of microseconds."""
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
            limits[number] = limits_of(draft, one, foreign)
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
    rows_of_choices = [(*row, *_offer(draft, one)) for row, one in zip(chosen, choices, strict=True)]
    options, called = _options(draft, choices)
    warns = _warnings(draft, rows)
    return {
        "warns_at": offsets(warns),
        "warns": array([row for own in warns for row in own], at.WARN),
        "duties": rows,
        "efforts": np.array([one.duty.effort for one in duties], np.int64),
        "limits": limits,
        "performs": performs,
        "ends": ends,
        "choices": array(rows_of_choices, at.CHOICE),
        "lapses": lapsing,
        "options_at": offsets(options),
        "options": array([row for own in options for row in own], 3),
        "called": np.array(called, np.int64),
    }


def _warnings(draft: Draft, rows: Any) -> list[list[tuple[int, int, int, int]]]:
    """[duty] → what is set off by what remains of its time: the rule, what is left, the share that is used."""
    found: list[list[tuple[int, int, int, int]]] = [[] for _ in rows]
    for name, several in draft.plan.on_remaining.items():
        number = draft.rules.get(name, len(rows))
        for planned, trigger in several if number < len(rows) else ():
            above, below = Fraction(trigger.used).as_integer_ratio() if trigger.used else (0, 0)
            if planned.kind != "ticket" or below.bit_length() > SHARE_BITS or len(several) > MOST_WARNINGS:
                why = Beyond(f"is set off by what remains of `{name}`")
                rows[number, at.D_BEYOND] = draft.beyond(planned.name, why)
                continue
            left = trigger.remaining.micros if trigger.remaining else 0
            found[number].append((draft.rules[planned.name], left, above, below))
    return found


def _duty(draft: Draft, one: DutyPlan, foreign: frozenset[str]) -> list[int]:
    duty = one.duty
    row = [0] * at.DUTY
    row[at.D_KEEPS] = row[at.D_GUARD] = row[at.D_WHILE] = row[at.D_QUALIFIES] = -1
    row[at.D_ROLLING], row[at.D_STRICT] = int(one.rolling), int(one.strict)
    row[at.D_RISES] = POLICIES.get(str(duty.rises), at.KEEP)
    row[at.D_FALLS] = POLICIES.get(str(duty.falls), at.KEEP)
    row[at.D_REOPENING] = REOPENINGS.get(str(duty.reopening), at.IGNORE)
    row[at.D_BY_SEVERITY], row[at.D_TO_OPENING] = int(one.by_severity), int(duty.ends_at_next_opening)
    row[at.D_HOURS] = int(bool(one.hours))
    if one.paused_on:
        row[at.D_PAUSED] = 1 << draft.waited[""]  # it may be by a wait that does not say on whom
    for name in one.paused_on:
        if name in draft.waited:
            row[at.D_PAUSED] |= 1 << draft.waited[name]
    try:
        row[at.D_KEEPS] = _keeps(draft, duty)
        _by_facts(draft, one, row)
        row[at.D_GUARD], row[at.D_WHILE] = _guard(draft, one, foreign)
        if one.qualifies is not None:
            row[at.D_QUALIFIES] = draft.ask(one.qualifies, duty.performance.conditions, later=True)
    except Beyond as why:
        row[at.D_BEYOND] = draft.beyond(one.name, why)
    return row


def _by_facts(draft: Draft, one: DutyPlan, row: list[int]) -> None:
    """The facts on which its time turns, a bit each; and of which dates it is owed."""
    facts = draft.words.terms.facts
    for name in sorted(one.by_facts & set(facts)):
        told = isinstance(one.duty.limit, OnEach) and facts[name].kind == "agreement"
        if (told and name != one.duty.keeps) or name not in draft.words.facts:
            raise Beyond(f"has a time that turns on `{name}`, which is no fact of a ticket")
        if name in draft.plan.passing:
            raise Beyond(f"has a time that turns on `{name}`, which is said of one event")
        row[at.D_FACTS] |= 1 << draft.words.facts[name]
    match one.duty.limit:
        case EachDay(calendar):
            row[at.D_DATES], row[at.D_DATES_OF] = at.EACH_DAY, draft.words.calendars[calendar]
        case OnEach(fact):
            row[at.D_DATES], row[at.D_DATES_OF] = at.ON_EACH, lists_of(draft, fact)


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
    for asked in inputs_of(rule.whiles, draft.words.terms):
        name = person_fact(asked.name, draft.words.terms) if asked.kind == "member" else asked.name
        if asked.kind in ("fact", "member") and name in draft.plan.passing:
            raise Beyond(f"has a `while` that turns on `{name}`, which is said of one event")
    guard = draft.ask(conjunction((one.only_if, one.whiles)), conditions)
    return guard, draft.ask(one.whiles, rule.whiles) if rule.whiles else -1


def _choice(draft: Draft, one: ChoicePlan, foreign: frozenset[str]) -> tuple[int, int, int]:
    try:
        return (*_guard(draft, one, foreign), 0)
    except Beyond as why:
        return -1, -1, draft.beyond(one.name, why)


def _offer(draft: Draft, one: ChoicePlan) -> tuple[int, int, int, int, int]:
    """The first option's duty, who elects, the choice's number, what it lapses into, and whether it hangs on hours."""
    words, choice = draft.words, one.choice
    elector = at.NOBODY if choice.elector is None else words.parties.index(choice.elector)
    lapses_into = words.options.get(choice.otherwise or "", 0)
    return draft.rules[choice.options[0][1][0]], elector, words.choices[choice.name], lapses_into, int(bool(one.hours))


def _options(draft: Draft, choices: Sequence[ChoicePlan]) -> tuple[list[list[tuple[int, int, int]]], list[int]]:
    """[choice] → each option, and where its duties stand; and the duties."""
    options: list[list[tuple[int, int, int]]] = []
    called: list[int] = []
    for one in choices:
        options.append([])
        for name, duties in one.choice.options:
            begin = len(called)
            called += [draft.rules[duty] for duty in duties]
            options[-1].append((draft.words.options[name], begin, len(called)))
    return options, called
