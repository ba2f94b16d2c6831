"""A version of a contract as tables for the kernels: what each event does, its limits, conditions and calendars.

What no table can hold is marked: a ticket for which it would matter goes to the reference engine, and the mark says
why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.columnar.conditions import (
    Beyond,
    Input,
    Scene,
    Vocabulary,
    inputs_of,
    parties_of,
    question,
)
from slarules.columnar.kernels import layout as at
from slarules.engine.expression import Test, all_hold, conjunction
from slarules.engine.limits import NO_PROMISE, Lengths, lengths
from slarules.engine.plan import ChoicePlan, DutyPlan, Plan, Planned
from slarules.model.expression import RightHolds
from slarules.model.limit import Continuously, Every, NextClose, NthClose, Within
from slarules.model.rules import Choice, Duty, OnBoth, OnEvent, Prohibition, Right, Scope
from slarules.model.value import Civil, Elapsed, Unknown

FACTS = 56
"""Facts of tickets that can be wanted, a bit each."""
PARTIES = 58
"""Parties that a set of them can name."""
POLICIES = {"recount": at.RECOUNT, "restart": at.RESTART, "keep": at.KEEP}
REOPENINGS = {"resume": at.RESUME, "restart": at.RESTART}
Steps = Sequence[Sequence[Sequence[tuple[int, int]]]]
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


@define(eq=False)
class _Draft:
    """The tables while they grow."""

    plan: Plan
    words: Vocabulary
    types: dict[str, int]
    waited: Mapping[str, int]
    """Whom a ticket waits on → its code."""
    questions: list[tuple[int, int, int]] = field(factory=list)
    inputs: list[tuple[int, int, int]] = field(factory=list)
    answers: list[int] = field(factory=list)
    wanting: dict[int, int] = field(factory=lambda: {-1: 0, 0: 1})
    """Bits wanted → the answer that stands for them; 0 and 1 are no and yes."""
    reasons: list[str] = field(factory=list)
    rules: dict[str, int] = field(factory=dict)
    """Duties and choices about tickets → their number."""
    all_beyond: str | None = None
    """Why every ticket is beyond the kernels."""

    def ask(self, test: Test, conditions: object) -> int:
        """The number of a question. Raises ``Beyond``."""
        turns_on = inputs_of(conditions, self.words.terms)
        asked = question(test, turns_on, self.words, self.plan.adopted.calendars)
        self.questions.append((len(self.inputs), len(asked.inputs), len(self.answers)))
        self.inputs.extend(asked.inputs)
        self.answers.extend(self._answer(one) for one in asked.answers)
        return len(self.questions) - 1

    def _answer(self, one: int | tuple[int]) -> int:
        if isinstance(one, int):
            return one
        return self.wanting.setdefault(one[0], len(self.wanting))

    def beyond(self, rule: str, why: Beyond) -> int:
        """The mark of a rule that no table can hold."""
        self.reasons.append(f"`{rule}` {why}")
        return at.FIRST_RULE + len(self.reasons) - 1


def compiled(
    plan: Plan,
    words: Vocabulary,
    types: Sequence[str],
    waited: Mapping[str, int],
    foreign: frozenset[str],
    steps: Steps,
) -> Compiled:
    """The tables of a version. ``foreign`` has the types of event that happened to agreements of the log; ``steps``
    [step][agreement] when something of an agreement came to be so, and how."""
    terms = plan.adopted.terms
    draft = _Draft(plan, words, {name: number for number, name in enumerate(types)}, waited)
    duties = [one for one in plan.duties.values() if one.kind == "ticket"]
    choices = [
        ChoicePlan(one, all_hold(one.only_if), all_hold(one.whiles))
        for one in terms.choices.values()
        if one.kind == "ticket"
    ]
    planned: list[Planned] = [*duties, *choices]
    draft.rules = {one.name: number for number, one in enumerate(planned)}
    forbidden = [one for one in terms.prohibitions.values() if one.kind == "ticket"]
    rights = [one for one in terms.rights.values() if one.kind == "ticket"]
    scoped = [one for one in terms.scopes.values() if one.kind == "ticket"]
    calendars = tuple(plan.adopted.calendars)
    words.calendars = {name: number for number, name in enumerate(calendars)}
    parts = dict(
        **_duties(draft, duties, choices, foreign),
        **_triggers(draft),
        **_judged(draft, forbidden, rights, scoped),
        **_severities(draft),
        **_calendars(plan.adopted.calendars, plan.adopted.zone or "UTC"),
        unknown_mask=_unknown_masks(draft),
        questions=_array(draft.questions, 3),
        inputs=_array(draft.inputs, 3),
        answers=np.array(draft.answers or [0], np.int64),
        wanting=np.array([max(0, bits) for bits in draft.wanting], np.int64),
        patterns=_array([(draft.types[p.type], parties_of([p], words.parties)) for p in words.happened], 2),
        **_steps(steps),
    )
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
        at.T_AGREEMENTS: len(steps[0]) if steps else 0,
        at.T_OWN_ZONE: 0,
        at.T_HAS_WHILES: int(plan.has_whiles),
        at.T_BEYOND_WANTED: _beyond_wanted(words),
    }
    tables = _flat(parts, counts)
    rules: tuple[Rule, ...] = (
        *(one.duty for one in duties), *(one.choice for one in choices), *forbidden, *rights, *scoped
    )  # fmt: skip
    return Compiled(
        tables, words, tuple(types), rules, calendars, tuple(draft.reasons),
        draft.all_beyond or _all_beyond(plan, words, foreign),
    )  # fmt: skip


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


def _steps(steps: Steps) -> dict[str, Any]:
    """What is followed of agreements, all one after the other."""
    agreements = len(steps[0]) if steps else 0
    ends = np.concatenate(([0], np.cumsum([len(own) for step in steps for own in step]))).astype(np.int64)
    step_at = np.zeros((len(steps), agreements + 1), np.int64)
    for number in range(len(steps)):
        step_at[number] = ends[number * agreements : (number + 1) * agreements + 1]
    return {"step_at": step_at, "steps": _array([pair for step in steps for own in step for pair in own], 2)}


def _array(rows: Sequence[Sequence[int]], width: int) -> Any:
    return np.array(rows, np.int64).reshape(len(rows), width)


def _all_beyond(plan: Plan, words: Vocabulary, foreign: frozenset[str]) -> str | None:
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
    return None


def _beyond_wanted(words: Vocabulary) -> int:
    """The bits of what may be answered from outside the ticket."""
    found = at.ACTOR_WANTED
    for name, bit in words.wanted.items():
        if not (name in words.facts or name == "severity" or name.startswith("holidays of ")):
            found |= bit
        if ("fact", name) in words.steps:
            found |= bit
    return found


def turns_on(plan: Plan) -> dict[Input, None]:
    """All that the rules about tickets turn on, as far as tables can hold it."""
    terms = plan.adopted.terms
    found: dict[Input, None] = {}
    conditions: list[object] = []
    for one in plan.duties.values():
        if one.kind == "ticket":
            conditions += [one.duty.only_if, one.duty.whiles, one.duty.performance.conditions]
            if one.duty.keeps:
                found[Input("fact", one.duty.keeps)] = None
    for rules in (terms.choices, terms.prohibitions):
        conditions += [(r.only_if, r.whiles) for r in rules.values() if r.kind == "ticket"]
    conditions += [RightHolds(name) for name, right in terms.rights.items() if right.kind == "ticket"]
    conditions += [one.outside for one in terms.scopes.values() if one.kind == "ticket"]
    conditions += [level.applies for level in terms.severities.levels] if terms.severities else []
    for condition in conditions:
        try:
            found.update(dict.fromkeys(inputs_of(condition, terms)))
        except Beyond:
            continue
    return found


# ---- Duties and choices ---------------------------------------------------------------------------------------------


def _duties(
    draft: _Draft, duties: Sequence[DutyPlan], choices: Sequence[ChoicePlan], foreign: frozenset[str]
) -> dict[str, Any]:
    types, levels = len(draft.types), len(draft.words.levels)
    rows = np.full((len(duties), at.DUTY), -1, np.int64)
    limits = np.full((len(duties), levels + 1, at.LIMIT), -1, np.int64)
    performs, ends = np.zeros((2, len(duties), types), np.int64)
    for number, one in enumerate(duties):
        rows[number] = _duty(draft, one, foreign)
        try:
            limits[number] = _limits(draft, one)
        except Beyond as why:
            rows[number, at.D_BEYOND] = rows[number, at.D_BEYOND] or draft.beyond(one.name, why)
            limits[number] = (at.ENDLESS, 0, -1, -1)
        for kind, patterns in one.performs.items():
            performs[number, draft.types[kind]] = parties_of(patterns, draft.words.parties)
        for kind, patterns in one.ends.items():
            ends[number, draft.types[kind]] = parties_of(patterns, draft.words.parties)
    chosen = [_choice(draft, one, foreign) for one in choices]
    lapses = np.full((len(choices), levels + 1, at.LIMIT), -1, np.int64)
    for number, chooses in enumerate(choices):
        try:
            lapses[number] = _lapses(draft, chooses)
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
        "choices": _array(rows_of_choices, at.CHOICE),
        "lapses": lapses,
        "called_at": _offsets(called),
        "called": np.array([duty for duties in called for duty in duties], np.int64),
    }


def _mark_warned(draft: _Draft, rows: Any) -> None:
    """A duty of whose remaining time something is set off."""
    for name, several in draft.plan.on_remaining.items():
        if name in draft.rules and draft.rules[name] < len(rows):
            for planned, _ in several:
                why = Beyond(f"is set off by what remains of `{name}`")
                rows[draft.rules[name], at.D_BEYOND] = draft.beyond(planned.name, why)


def _duty(draft: _Draft, one: DutyPlan, foreign: frozenset[str]) -> list[int]:
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


def _keeps(draft: _Draft, duty: Duty) -> int:
    if duty.keeps is None:
        return -1
    fact = draft.words.terms.facts.get(duty.keeps)
    if fact is None or fact.kind != "ticket" or fact.presumed is not None:
        raise Beyond(f"keeps `{duty.keeps}`, which is no fact of a ticket, or presumed")
    return draft.words.facts[duty.keeps]


def _guard(draft: _Draft, one: DutyPlan | ChoicePlan, foreign: frozenset[str]) -> tuple[int, int]:
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


def _choice(draft: _Draft, one: ChoicePlan, foreign: frozenset[str]) -> tuple[int, int, int]:
    try:
        return (*_guard(draft, one, foreign), 0)
    except Beyond as why:
        return -1, -1, draft.beyond(one.name, why)


def _called(draft: _Draft, one: ChoicePlan) -> list[int]:
    """The duties of the option into which a choice lapses."""
    return [draft.rules[d] for name, own in one.choice.options if name == one.choice.otherwise for d in own]


def _lapses(draft: _Draft, one: ChoicePlan) -> list[tuple[int, int, int, int]]:
    """Within what time a choice lapses, as ``_limits``. Raises ``Beyond``."""
    within = one.choice.within
    if not isinstance(within, Within):
        return [(at.ENDLESS, 0, -1, -1)] * (len(draft.words.levels) + 1)
    if within.after is not None:
        raise Beyond("lapses some time after something else")
    asked = lengths(within, draft.words.terms.tables)
    assert asked is not None
    return [_length(draft, asked, level) for level in (*draft.words.levels, None)]


def _limits(draft: _Draft, one: DutyPlan) -> list[tuple[int, int, int, int]]:
    """Kind, length, calendar and its name at each severity, and without one."""
    return [_limit(draft, one, level) for level in (*draft.words.levels, None)]


def _limit(draft: _Draft, one: DutyPlan, level: str | None) -> tuple[int, int, int, int]:
    names = draft.words.calendars
    match one.duty.limit:
        case None | Continuously():
            return at.ENDLESS, 0, -1, -1
        case NextClose(name):
            return at.NEXT_CLOSE, 0, names[name], names[name]
        case NthClose(name, n):
            return at.CLOSINGS, n, names[name], names[name]
        case (Within() | Every()) if one.lengths is not None:
            return _length(draft, one.lengths, level)
    raise Beyond("has a limit of a kind that no table holds")


def _length(draft: _Draft, asked: Lengths, level: str | None) -> tuple[int, int, int, int]:
    try:
        return _span(draft, *asked(Scene(draft.words.terms, {Input("severity"): level}, {})))
    except KeyError:
        raise Beyond("has a time that turns on facts") from None


def _span(draft: _Draft, span: object, basis: str | None) -> tuple[int, int, int, int]:
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


# ---- What events set off --------------------------------------------------------------------------------------------


def _triggers(draft: _Draft) -> dict[str, Any]:
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
        "triggers_at": _offsets(by_type),
        "triggers": _array([row for rows in by_type for row in rows], 4),
        "both": _array([_joint(draft, p, both) for p, both in plan.on_both if p.kind == "ticket"], at.JOINT),
        "outcomes_at": _offsets(outcomes),
        "outcomes": np.array([rule for rules in outcomes for rule in rules], np.int64),
        "standing": np.array([draft.rules[p.name] for p in plan.standing if p.kind == "ticket"], np.int64),
        "marks": marks,
    }


def _offsets(groups: Sequence[Sequence[object]]) -> Any:
    return np.concatenate(([0], np.cumsum([len(group) for group in groups]))).astype(np.int64)


def _trigger(draft: _Draft, planned: Planned, trigger: OnEvent) -> tuple[int, int, int, int]:
    names = draft.words.calendars
    parties = parties_of([trigger.pattern], draft.words.parties)
    during = -1 if trigger.during is None else names[trigger.during]
    outside = -1 if trigger.outside is None else names[trigger.outside]
    return draft.rules[planned.name], parties, during, outside


def _joint(draft: _Draft, planned: Planned, both: OnBoth) -> list[int]:
    row = [draft.rules[planned.name]]
    for half in (both.first, both.second):
        row += [draft.types[half.pattern.type], *_trigger(draft, planned, half)[1:]]
    return row


# ---- Rights, prohibitions, scopes -----------------------------------------------------------------------------------


def _judged(
    draft: _Draft, forbidden: Sequence[Prohibition], rights: Sequence[Right], scoped: Sequence[Scope]
) -> dict[str, Any]:
    by_type: list[list[tuple[int, int, int, int]]] = [[] for _ in draft.types]
    for number, right in enumerate(rights):
        for kind in dict.fromkeys(p.type for p in right.patterns):
            by_type[draft.types[kind]].append(_right(draft, number, right, kind))
    acts: list[list[tuple[int, int]]] = [[] for _ in draft.types]
    for prohibition in forbidden:
        for pattern in prohibition.patterns:
            acts[draft.types[pattern.type]].append(
                (parties_of([pattern], draft.words.parties), _breaks(draft, prohibition))
            )
    scopes = []
    for scope in scoped:
        try:
            scopes.append(draft.ask(_scope_test(draft.plan, scope), scope.outside))
        except Beyond as why:
            draft.all_beyond = f"`{scope.name}` {why}"
            scopes.append(-1)
    return {
        "rights_at": _offsets(by_type),
        "rights": _array([row for rows in by_type for row in rows], 4),
        "forbids_at": _offsets(acts),
        "forbids": _array([row for rows in acts for row in rows], 2),
        "scopes": np.array(scopes, np.int64),
    }


def _scope_test(plan: Plan, scope: Scope) -> Test:
    """The scope's own test."""
    return next(test for own, test in plan.scopes if own is scope)


def _right(draft: _Draft, number: int, right: Right, kind: str) -> tuple[int, int, int, int]:
    patterns = [p for p in right.patterns if p.type == kind]
    try:
        if len(patterns) > 1:
            raise Beyond("is asked of one event in several ways")
        asked = draft.ask(lambda scene: scene.right_holds(right.name), RightHolds(right.name))
        return number, parties_of(patterns, draft.words.parties), asked, 0
    except Beyond as why:
        return number, 0, -1, draft.beyond(right.name, why)


def _breaks(draft: _Draft, prohibition: Prohibition) -> int:
    try:
        conditions = (prohibition.only_if, prohibition.whiles)
        return draft.ask(conjunction((all_hold(conditions[0]), all_hold(conditions[1]))), conditions)
    except Beyond:
        return -2


def _severities(draft: _Draft) -> dict[str, Any]:
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


def _unknown_masks(draft: _Draft) -> Any:
    """[calendar] → the bits of the lists that it rests on."""
    found = []
    for calendar in draft.plan.adopted.calendars.values():
        try:
            found.append(draft.words.bits(frozenset(f"holidays of {name}" for name in calendar.unknown_names)))
        except Beyond as why:
            draft.all_beyond = f"a calendar: {why}"
            found.append(0)
    return np.array(found, np.int64)


# ---- Calendars ------------------------------------------------------------------------------------------------------


def _calendars(calendars: Mapping[str, Calendar], zone: str) -> dict[str, Any]:
    """All calendars one after the other, each closed by an interval that never comes."""
    names = list(dict.fromkeys([zone, *(one.zone for one in calendars.values())]))
    days = np.arange(zones.END // zones.DAY + 2, dtype=np.int64)
    rows, starts, closes, before, first_of, dates, last_close = [], [], [], [], [], [], []
    intervals, opened = 0, 0
    for number, calendar in enumerate(calendars.values()):
        table = calendar.table
        count, many = len(table.intervals.starts), len(table.days)
        zone_at = names.index(calendar.zone)
        rows.append((intervals, intervals + count, number * len(days), len(days), opened, opened + many, zone_at))
        starts.append(np.append(table.intervals.starts, 1 << 62))
        closes.append(np.append(table.intervals.ends, 1 << 62))
        before.append(table.before)
        first_of.append(np.searchsorted(table.intervals.ends, days * zones.DAY, side="right") + intervals)
        dates.append(table.days.dates - zones.EPOCH_ORDINAL)
        last_close.append(table.days.last_close)
        intervals, opened = intervals + count + 1, opened + many
    unknown = [one.unknown_from for one in calendars.values()]
    return {
        "calendars": _array(rows, at.CALENDAR),
        "starts": np.concatenate(starts),
        "closes": np.concatenate(closes),
        "before": np.concatenate(before),
        "day_interval": np.concatenate(first_of),
        "dates": np.concatenate(dates),
        "last_close": np.concatenate(last_close),
        "day_starts": np.stack([zones.day_starts(days + zones.EPOCH_ORDINAL, name) for name in names]),
        "unknown_from": np.array([at.NEVER if one is None else one for one in unknown], np.int64),
    }
