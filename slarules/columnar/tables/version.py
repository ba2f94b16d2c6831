"""A version of a contract as tables for the kernels: what each event does, its limits, conditions and calendars.

What no table can hold is marked: a ticket for which it would matter goes to the reference engine, and the mark says
why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.calendars import of_calendars, unknown_masks
from slarules.columnar.tables.cells import limit_inputs
from slarules.columnar.tables.conditions import (
    OVER,
    Beyond,
    Input,
    Vocabulary,
    inputs_of,
    parties_of,
    person_fact,
)
from slarules.columnar.tables.draft import Draft, array
from slarules.columnar.tables.duties import of_duties
from slarules.columnar.tables.lives import Lives, of_lives
from slarules.columnar.tables.parts import Parts
from slarules.columnar.tables.powers import of_powers, of_severities
from slarules.columnar.tables.quick import quick_tables
from slarules.columnar.tables.triggers import of_triggers
from slarules.engine.in_force import dates_in_force
from slarules.engine.plan import Plan, Planned, choice_plan
from slarules.model.expression import RightHolds
from slarules.model.rules import Choice, Duty, Prohibition, Right, Scope

FACTS = 56
"""Facts of tickets that can be wanted, a bit each."""
PARTIES = 58
"""Parties that a set of them can name."""
Rule = Duty | Choice | Prohibition | Right | Scope


@frozen(eq=False)
class Compiled:
    """A version of a contract, ready for the kernels."""

    tables: Any
    """What the kernels read: one array, to stand behind the workspace (see ``kernels.layout``)."""
    words: Vocabulary
    """What the codes mean."""
    types: tuple[str, ...]
    """Types of event by code."""
    rules: tuple[Rule, ...]
    """The rules about tickets by number: duties, choices, prohibitions, rights, scopes."""
    calendars: tuple[str, ...]
    """Calendars by number."""
    reasons: tuple[str, ...]
    """Why a rule is beyond the kernels, from ``layout.FIRST_RULE`` on."""
    all_beyond: str | None
    """Why every ticket is; None: not every one is."""
    quick: Any
    """What the quick way reads (see ``tables.quick``); None: it is for none of the tickets."""


def compiled(
    plan: Plan,
    words: Vocabulary,
    types: Sequence[str],
    waited: Mapping[str, int],
    foreign: frozenset[str],
    lives: Lives,
) -> Compiled:
    """The tables of a version. ``foreign`` has the types of event that happened to agreements of the log."""
    terms = plan.adopted.terms
    draft = Draft(plan, words, {name: number for number, name in enumerate(types)}, waited)
    duties = [one for one in plan.duties.values() if one.kind == "ticket"]
    choices = [choice_plan(one, terms) for one in terms.choices.values() if one.kind == "ticket"]
    planned: list[Planned] = [*duties, *choices]
    draft.rules = {one.name: number for number, one in enumerate(planned)}
    forbidden = [one for one in terms.prohibitions.values() if one.kind == "ticket"]
    rights = [one for one in terms.rights.values() if one.kind == "ticket"]
    scoped = [one for one in terms.scopes.values() if one.kind == "ticket"]
    calendars = tuple(plan.adopted.calendars)
    words.calendars = {name: number for number, name in enumerate(calendars)}
    parts = dict(
        **of_duties(draft, duties, choices, foreign),
        **of_triggers(draft),
        **of_powers(draft, forbidden, rights, scoped),
        **of_severities(draft),
        **of_calendars(plan.adopted.calendars, plan.adopted.zone or "UTC"),
        unknown_mask=unknown_masks(draft),
        cells=array(list(draft.cells), at.CELL),
        parts=np.array(draft.parts, np.int64),
        lists=np.array(draft.lists, np.int64),
        questions=array(draft.questions, 3),
        inputs=array(draft.inputs, 3),
        answers=np.array(draft.answers or [0], np.int64),
        wanting=np.array([max(0, bits) for bits in draft.wanting], np.int64),
        patterns=array([(draft.types[p.type], parties_of([p], words.parties)) for p in words.happened], 2),
        **of_lives(lives, words.happened, plan, words),
        watched=np.array([words.calendars[name] for name in sorted(plan.watched_calendars)], np.int64),
    )
    since, until = dates_in_force(plan.adopted)
    counts = {
        at.T_DUTY_COUNT: len(duties),
        at.T_CHOICE_COUNT: len(choices),
        at.T_BOTH_COUNT: len(parts["both"]),
        at.T_STANDING_COUNT: len(parts["standing"]),
        at.T_SCOPE_COUNT: len(scoped),
        at.T_DISPUTE_COUNT: len(parts["disputes"]),
        at.T_FORBIDDEN_COUNT: len(forbidden),
        at.T_RIGHT_COUNT: len(rights),
        at.T_FACT_COUNT: len(words.facts),
        at.T_TYPES: len(types),
        at.T_LEVELS: len(words.levels),
        at.T_DAYS: parts["day_starts"].shape[1],
        at.T_AGREEMENTS: len(lives.own),
        at.T_WATCHED_COUNT: len(plan.watched_calendars),
        at.T_WATCHES: 3 if plan.watches_status else int(plan.watches),
        at.T_OWN_ZONE: 0,
        at.T_HAS_WHILES: int(plan.has_whiles),
        at.T_HAS_WARNS: int(len(parts["warns"]) > 0),
        at.T_WAITS: int(plan.waits),
        at.T_SINCE: max(since, -at.AFTER_ALL),
        at.T_UNTIL: min(until, at.AFTER_ALL),
        at.T_AGREED_FACTS: sum(1 << words.facts[name] for name in plan.agreement_facts if name in words.facts),
        at.T_PASSING: sum(1 << words.facts[name] for name in plan.passing if name in words.facts),
        at.T_PRESUMED: sum(1 << words.facts[name] for name in _presumed(plan) if name in words.facts),
    }
    tables = _flat(parts, counts)
    rules: tuple[Rule, ...] = (
        *(one.duty for one in duties), *(one.choice for one in choices), *forbidden, *rights, *scoped
    )  # fmt: skip
    own = Parts(tables, plan, draft.rules, duties, draft.types, words.parties, len(words.levels))
    return Compiled(
        tables, words, tuple(types), rules, calendars, tuple(draft.reasons),
        draft.all_beyond or _all_beyond(plan, words, foreign, len(types)), quick_tables(own),
    )  # fmt: skip


def _presumed(plan: Plan) -> list[str]:
    """The facts of the ticket that are known before anything is recorded."""
    return [name for name, fact in plan.adopted.terms.facts.items() if fact.presumed is not None]


def _flat(parts: Mapping[str, Any], counts: Mapping[int, int]) -> Any:
    """One array, led by where each part begins. A joint place, such as the first interval, counts within its part."""
    header = np.zeros(at.HEADER, np.int64)
    place = at.WORK + at.HEADER
    for name, part in parts.items():
        header[getattr(at, f"T_{name.upper()}") - at.WORK] = place
        place += part.size
    for number, count in counts.items():
        header[number - at.WORK] = count
    return np.concatenate([header, *(np.ascontiguousarray(part, np.int64).ravel() for part in parts.values())])


def _all_beyond(plan: Plan, words: Vocabulary, foreign: frozenset[str], types: int) -> str | None:
    for planned, _ in (*plan.on_state, *plan.each_term):
        if planned.kind == "ticket":
            return f"`{planned.name}` is set off by a state of the agreement"
    if plan.ending_agreement & foreign:
        return "what happens to an agreement ends duties of its tickets"
    terms = plan.adopted.terms
    if len(plan.adopted.contract.parties) > PARTIES or len(terms.scopes) > at.SCOPES or len(plan.on_both) > at.BOTH:
        return "the contract has more parties, scopes or joint triggers than a table can hold"
    if len(terms.duties) + len(terms.choices) > at.COUNTS or len(words.facts) > FACTS:
        return "the contract has more rules or facts than a table can hold"
    if types > at.BY_SCOPE:
        return "the contract has more kinds of event than a table can hold"
    return None


def turns_on(plan: Plan) -> dict[Input, None]:
    """All that the rules about tickets turn on, as far as tables can hold it."""
    terms = plan.adopted.terms
    found: dict[Input, None] = {}
    conditions: list[Any] = []
    limits: list[Any] = []
    for one in plan.duties.values():
        if one.kind == "ticket":
            conditions += [one.duty.only_if, one.duty.whiles, one.duty.performance.conditions]
            limits.append(one.duty.limit)
            if one.duty.keeps:
                found[Input("fact", one.duty.keeps)] = None
    for rules in (terms.choices, terms.prohibitions):
        conditions += [(r.only_if, r.whiles) for r in rules.values() if r.kind == "ticket"]
    conditions += [RightHolds(name) for name, right in terms.rights.items() if right.kind == "ticket"]
    conditions += [one.outside for one in terms.scopes.values() if one.kind == "ticket"]
    conditions += [level.applies for level in terms.severities.levels] if terms.severities else []
    if any(one.kind == "ticket" and not one.survives for one in terms.prohibitions.values()):
        found[OVER] = None
    for ask, many in ((inputs_of, conditions), (limit_inputs, limits)):
        for rule in many:
            try:
                inputs = ask(rule, terms)
            except Beyond:
                continue
            for seen in inputs:
                found[seen] = None
                if seen.kind == "member" and terms.roles[seen.name].in_writing and "written" in terms.facts:
                    found[Input("fact", "written")] = None  # what may answer it (R9)
                if seen.kind == "member":
                    found[Input("fact", str(person_fact(seen.name, terms)))] = None
    return found
