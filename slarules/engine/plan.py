"""What one version of a contract asks of events, indexed by what sets it off."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from attrs import define, field, frozen

from slarules.engine.adopt import Adopted
from slarules.engine.expression import Test, all_hold, conjunction
from slarules.engine.judging.limits import Lengths, lengths
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllowanceRef,
    AmountRef,
    AnyOf,
    Condition,
    FactRef,
    Happened,
    InCalendar,
    Includes,
    Pattern,
    RightHolds,
    SeverityRef,
    StatusRef,
)
from slarules.model.limit import BeforeTermEnds, ByEndOf, Column, EachDay, Every, Milestone, OnEach, Within
from slarules.model.rules import (
    Choice,
    Duty,
    EachTerm,
    OnBoth,
    OnEvent,
    OnOutcome,
    OnRemaining,
    OnState,
    Prohibition,
    Right,
    Scope,
    Standing,
    Trigger,
)
from slarules.model.walk import inside

ENDS = ("cancelled", "out_of_scope", "terminated")
"""Events that end every pending duty of their subject (R19); ``closed`` does while the ticket is open."""


CHOOSES = ("elected", "agreed")
"""Events by which a party chooses (R22)."""


@frozen(eq=False)
class DutyPlan:
    """A duty with its conditions as functions."""

    duty: Duty
    place: int
    """Its place among the contract's duties."""
    only_if: Test
    whiles: Test
    has_whiles: bool
    guarded: bool
    """Whether any condition stands beside its trigger."""
    hours: frozenset[str]
    """Calendars on whose opening times its `while` hangs."""
    performs: Mapping[str, tuple[Pattern, ...]]
    """Event type → the patterns that perform the duty."""
    qualifies: Test | None
    """What must hold of an act; None: nothing more."""
    ends: Mapping[str, tuple[Pattern, ...]]
    """Event type → the patterns that end it."""
    by_severity: bool
    """Whether its limit depends on the severity."""
    by_facts: frozenset[str]
    """Facts on which its limit depends, or that it keeps."""
    paused_on: frozenset[str]
    """What it waits on that stops its clock."""
    waits: bool
    """Whether its limit runs from a milestone."""
    lengths: Lengths | None
    """How long it has, and in which calendar; None: its limit is no length from the trigger."""
    from_a_day: bool
    """Whether it is owed on a day, or from a day on, and not before it."""
    rolling: bool
    each_day: bool
    strict: bool
    """Whether its one limit says ``in less than``."""
    term_of: str | None
    """The status that its trigger names: `the term` is one of it, where it has terms."""

    @property
    def name(self) -> str:
        return self.duty.name

    @property
    def kind(self) -> str:
        return self.duty.kind


@frozen(eq=False)
class ChoicePlan:
    """A choice with its conditions as functions."""

    choice: Choice
    only_if: Test
    whiles: Test
    hours: frozenset[str]
    """As of a duty."""

    @property
    def name(self) -> str:
        return self.choice.name

    @property
    def kind(self) -> str:
        return self.choice.kind


Planned = DutyPlan | ChoicePlan
T = TypeVar("T")


@define(eq=False)
class Plan:
    """Everything that may be set off, by what sets it off."""

    adopted: Adopted
    duties: dict[str, DutyPlan] = field(factory=dict)
    on_event: dict[str, list[tuple[Planned, OnEvent]]] = field(factory=dict)
    on_both: list[tuple[Planned, OnBoth]] = field(factory=list)
    on_outcome: dict[tuple[str, str], list[Planned]] = field(factory=dict)
    on_remaining: dict[str, list[tuple[Planned, OnRemaining]]] = field(factory=dict)
    on_state: list[tuple[Planned, OnState]] = field(factory=list)
    each_term: list[tuple[Planned, EachTerm]] = field(factory=list)
    standing: list[Planned] = field(factory=list)
    scopes: list[tuple[Scope, Test]] = field(factory=list)
    prohibitions: list[tuple[Prohibition, Test]] = field(factory=list)
    rights: dict[str, list[Right]] = field(factory=dict)
    """By event type."""
    watches_status: bool = False
    """Whether anything is set off or ended by a change of the agreement's state."""
    performing: set[str] = field(factory=set)
    """Event types that perform some duty."""
    ending: set[str] = field(factory=lambda: {"resolved", "closed", *ENDS})
    """Event types that end something."""
    ending_agreement: set[str] = field(factory=set)
    """Event types of agreements that end duties of other subjects."""
    has_whiles: bool = False
    agreement_facts: frozenset[str] = frozenset()
    """Facts that are recorded of the agreement: they may answer what a ticket waits for (R9)."""
    passing: frozenset[str] = frozenset()
    """Facts that are said of the event that they are recorded with, and of no later one."""
    watches_agreement: bool = False
    """Whether a `while` hangs on what is recorded of the agreement."""
    watches_scopes: bool = False
    """Whether the agreement may leave a subject outside though nothing happens to the subject itself."""
    watches: bool = False
    """Whether anything but a deadline, a row of dates or a choice may change something though nothing happens."""
    watched_calendars: frozenset[str] = frozenset()
    """Calendars on whose opening times a `while` hangs."""
    waits: bool = False
    """Whether some limit runs from a milestone."""
    awaited: frozenset[str] = frozenset()
    """Duties from whose performance limits run."""
    keeps: bool = False
    """Whether some duty is to keep a fact true (R25)."""
    judged: set[str] = field(factory=set)
    """Event types that are checked against a right or a prohibition."""
    sets_off: set[str] = field(factory=set)
    """Event types that may set something off."""
    heeded: set[str] = field(factory=set)
    """Event types that may set something off, choose, or be checked against a right or a prohibition."""
    grave: dict[str, int] = field(factory=dict)
    """Severity level → its place, the gravest first."""
    assigners: tuple[str, ...] = ()
    """Who may assign a severity to a ticket that has none (R24); empty: anybody."""
    changers: tuple[str, ...] = ()
    """Who may change the severity it has; empty: anybody."""
    disputable: dict[str, Test] = field(factory=dict)
    """Severity level → its definition, where it has one."""


def passing(terms: Terms) -> frozenset[str]:
    """Facts that are said of the event that they are recorded with, and of no later one (R5)."""
    return frozenset(name for name, fact in terms.facts.items() if fact.kind == "any")


@lru_cache(maxsize=256)
def plan_of(adopted: Adopted) -> Plan:
    """The plan of one version under decided readings."""
    plan = Plan(adopted)
    terms = adopted.terms
    plan.agreement_facts = frozenset(name for name, fact in terms.facts.items() if fact.kind == "agreement")
    plan.passing = passing(terms)
    for place, duty in enumerate(terms.duties.values()):
        planned = _duty(duty, place, terms)
        plan.duties[duty.name] = planned
        plan.performing |= set(planned.performs)
        plan.ending |= set(planned.ends)
        if duty.kind != "agreement":
            known = [terms.events[t] for t in planned.ends if t in terms.events]
            plan.ending_agreement |= {event.name for event in known if event.kind == "agreement"}
        plan.has_whiles |= planned.has_whiles
        plan.waits |= planned.waits
        after = [within.after for within in _found(duty.limit, Within)] if planned.waits else ()
        plan.awaited |= {milestone.duty for milestone in after if isinstance(milestone, Milestone)}
        plan.keeps |= duty.keeps is not None
        if duty.choice is None:
            _index(plan, planned, duty.triggers)
        _watch(plan, duty.whiles)
    for choice in terms.choices.values():
        _index(plan, choice_plan(choice, terms), choice.triggers)
        plan.has_whiles |= bool(choice.whiles)
        _watch(plan, choice.whiles)
    for scope in terms.scopes.values():
        plan.scopes.append((scope, all_hold((AnyOf(scope.outside),))))
        if by_agreement(scope.outside, terms):
            plan.watches_scopes = plan.watches_status = plan.watches_agreement = True
    for prohibition in terms.prohibitions.values():
        breaks = conjunction((all_hold(prohibition.only_if), all_hold(prohibition.whiles)))
        plan.prohibitions.append((prohibition, breaks))
        plan.judged |= {p.type for p in prohibition.patterns}
    for right in terms.rights.values():
        for kind in dict.fromkeys(p.type for p in right.patterns):
            plan.rights.setdefault(kind, []).append(right)
            plan.judged.add(kind)
    plan.sets_off = {*plan.on_event, *(half.pattern.type for _, both in plan.on_both for half in _halves(both))}
    plan.watches = bool(
        plan.watches_status or plan.watches_agreement or plan.watched_calendars or plan.agreement_facts
    )
    plan.heeded = {*plan.sets_off, *plan.judged, *CHOOSES}
    levels = terms.severities.levels if terms.severities is not None else ()
    if terms.severities is not None:
        assigned_by, changed_by = terms.severities.assigned_by, terms.severities.changed_by
        assert isinstance(assigned_by, tuple) and isinstance(changed_by, tuple)
        plan.assigners, plan.changers = assigned_by, changed_by or assigned_by
    plan.grave = {level.name: place for place, level in enumerate(levels)}
    plan.disputable = {level.name: all_hold(level.applies) for level in levels if level.applies}
    return plan


def choice_plan(choice: Choice, terms: Terms) -> ChoicePlan:
    """A choice with its conditions as functions."""
    return ChoicePlan(choice, all_hold(choice.only_if), all_hold(choice.whiles), _hours(choice.whiles, terms))


def _halves(both: OnBoth) -> tuple[OnEvent, OnEvent]:
    return both.first, both.second


def _duty(duty: Duty, place: int, terms: Terms) -> DutyPlan:
    tables = terms.tables
    columns = _found(duty.limit, Column)
    inputs = [i for column in columns for i in tables[column.table].inputs]
    facts = {i.name for i in inputs if isinstance(i, FactRef)}
    facts |= {fact for limit in _found(duty.limit, ByEndOf) for fact in _behind(limit.date, terms)}
    facts |= {limit.fact for limit in _found(duty.limit, OnEach)} | ({duty.keeps} if duty.keeps else set())
    waits = any(w.after is not None for w in _found(duty.limit, Within))
    return DutyPlan(
        duty,
        place,
        all_hold(duty.only_if),
        all_hold(duty.whiles),
        bool(duty.whiles),
        bool(duty.only_if or duty.whiles),
        _hours(duty.whiles, terms),
        _by_type(duty.performance.patterns),
        all_hold(duty.performance.conditions) if duty.performance.conditions else None,
        _by_type(duty.until),
        any(isinstance(i, SeverityRef) for i in inputs),
        frozenset(facts),
        frozenset(duty.paused_on) if isinstance(duty.paused_on, tuple) else frozenset(),
        waits,
        None if waits else lengths(duty.limit, tables),
        from_a_day=isinstance(duty.limit, (BeforeTermEnds, ByEndOf)) and duty.limit.earliest is not None,
        rolling=isinstance(duty.limit, Every),
        each_day=isinstance(duty.limit, (EachDay, OnEach)),
        strict=bool(getattr(duty.limit, "strict", False)),
        term_of=term_of(duty),
    )


def term_of(duty: Duty) -> str | None:
    """The status that a duty's trigger names."""
    return next((one.status for one in duty.triggers if isinstance(one, (EachTerm, OnState))), None)


def _behind(date: str, terms: Terms) -> set[str]:
    """The facts on which a date rests: itself, or what it is computed from."""
    if date not in terms.amounts:
        return {date}
    rule = terms.amounts[date]
    found = {ref.name for ref in _found(rule, FactRef) if ref.name in terms.facts}
    return found.union(*(_behind(ref.name, terms) for ref in _found(rule, AmountRef)))


def _by_type(patterns: tuple[Pattern, ...]) -> dict[str, tuple[Pattern, ...]]:
    return {t: tuple(p for p in patterns if p.type == t) for t in dict.fromkeys(p.type for p in patterns)}


def _index(plan: Plan, planned: Planned, triggers: tuple[Trigger, ...]) -> None:
    for trigger in triggers:
        match trigger:
            case OnEvent(pattern):
                plan.on_event.setdefault(pattern.type, []).append((planned, trigger))
            case OnBoth():
                plan.on_both.append((planned, trigger))
            case OnOutcome(duty, outcome):
                plan.on_outcome.setdefault((duty, outcome), []).append(planned)
            case OnRemaining(duty):
                plan.on_remaining.setdefault(duty, []).append((planned, trigger))
            case OnState():
                plan.on_state.append((planned, trigger))
                plan.watches_status = True
            case EachTerm():
                plan.each_term.append((planned, trigger))
                plan.watches_status = True
            case Standing():
                plan.standing.append(planned)


def _watch(plan: Plan, whiles: tuple[Condition, ...]) -> None:
    """What may make a `while` false though nothing happens to the subject itself (R8)."""
    terms = plan.adopted.terms
    held = [terms.rights[r.right] for r in _found(whiles, RightHolds)]
    watched = (whiles, *((right.only_if, right.whiles) for right in held))
    plan.watches_status |= mentions(watched, (StatusRef, Includes))
    plan.watches_status |= any(happened.this_term for happened in _found(watched, Happened))
    plan.watches_agreement |= mentions(watched, (Happened, AllowanceRef, AmountRef)) or any(
        right.role is not None for right in held
    )
    plan.watches_agreement |= any(
        ref.name in terms.facts and terms.facts[ref.name].kind == "agreement" for ref in _found(watched, FactRef)
    )
    plan.watched_calendars |= _hours(whiles, terms)


def by_agreement(conditions: tuple[Condition, ...], terms: Terms) -> bool:
    """Whether conditions turn on how the agreement stands, which events of others and time alone may change."""
    facts = [*(ref.name for ref in _found(conditions, FactRef)), *_of_amounts(conditions, terms)]
    if any(name in terms.facts and terms.facts[name].kind == "agreement" for name in facts):
        return True
    own = [terms.events[h.pattern.type].kind for h in _found(conditions, Happened) if h.pattern.type in terms.events]
    if any(kind in ("agreement", None) for kind in own) or any(h.this_term for h in _found(conditions, Happened)):
        return True
    return mentions(conditions, (StatusRef, Includes, AllowanceRef))


def _of_amounts(conditions: tuple[Condition, ...], terms: Terms) -> set[str]:
    """The facts of which amounts in conditions are computed."""
    return set[str]().union(*(_behind(ref.name, terms) for ref in _found(conditions, AmountRef)))


def _hours(whiles: tuple[Condition, ...], terms: Terms) -> frozenset[str]:
    """The calendars on whose opening times a `while` hangs."""
    held = [terms.rights[r.right] for r in _found(whiles, RightHolds)]
    watched = (whiles, *((right.only_if, right.whiles) for right in held))
    named = {c.calendar for c in _found(watched, InCalendar)}
    return frozenset(named | {right.during for right in held if right.during is not None})


def mentions(value: object, kinds: tuple[type, ...]) -> bool:
    """Whether anything of these kinds is within a rule."""
    return any(isinstance(part, kinds) for part in inside(value))


def _found(value: object, kind: type[T]) -> list[T]:
    """Everything of a kind within a rule."""
    return [part for part in inside(value) if isinstance(part, kind)]
