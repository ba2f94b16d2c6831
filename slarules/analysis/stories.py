"""From a point of a rule's domain to a ticket: the events after which the rule is set off, in the policy's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import define, evolve, field

from slarules.analysis.agreements import brought_to
from slarules.analysis.moments import options_of, supplied_for
from slarules.analysis.points import Point
from slarules.engine.adopt import Adopted
from slarules.engine.evaluate import evaluate
from slarules.lint.domain import NO_STATE, Key, is_computed
from slarules.model.event import Event, Raw
from slarules.model.expression import AllowanceRef, FactRef, Happened, Pattern, RightHolds, SeverityRef, StatusRef
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
    SeverityLevel,
    Standing,
    Trigger,
)
from slarules.model.value import HOUR, MINUTE, Money, Unknown, Value
from slarules.model.verdict import Evaluation

Judged = Duty | Choice | Prohibition | Right | Scope | SeverityLevel
"""Rules that have instances, which a ticket can show."""


@define
class Story:
    """What happened to one subject, and to its agreement."""

    adopted: Adopted
    subject: str
    kind: str
    agreement: str | None
    """The agreement's name, where one is needed."""
    events: list[Event] = field(factory=list)
    at: int = 0
    """The instant at which the rule is set off, if it is."""

    def add(self, type: str, at: int, actor: str | None, facts: Mapping[str, Raw], subject: str | None = None) -> None:
        """An event, of the story's subject unless another is named."""
        whose = subject or self.subject
        count = sum(e.subject == whose and e.type == type for e in self.events)
        id = f"{whose}-{type}" + (f"-{count + 1}" if count else "")
        kind = "agreement" if whose == self.agreement else self.kind
        under = self.agreement if whose != self.agreement and not any(e.subject == whose for e in self.events) else None
        self.events.append(Event(id, whose, type, at, actor, facts, agreement=under, kind=kind))


def story(kind: str, rule: Judged, trigger: Trigger | None, point: Point, number: int = 1) -> Story | None:
    """How it comes that a rule is set off (by this trigger) as a point says; None where no events bring it about.

    The subject is ``T1`` or ``A1`` or, of another kind, ``Release1``, with ``number`` in place of 1.
    """
    if any(not _can_be_brought_about(key, value) for key, value in point.values.items()):
        return None
    known: dict[Key, Value] = {k: v for k, v in point.values.items() if not isinstance(v, Unknown)}
    told = begun(kind, point, known, number)
    if told is None:
        return None
    return told if _set_off(told, rule, trigger, known, point) else None


def _can_be_brought_about(key: Key, value: Value) -> bool:
    """Whether events can make it so: nobody records a computed value, and no scenario a negative number."""
    if isinstance(value, Unknown):
        return not isinstance(key, (AllowanceRef, RightHolds))
    size = value.amount if isinstance(value, Money) else value
    negative = isinstance(size, Decimal) and size < 0
    begun = not isinstance(key, StatusRef) or value != NO_STATE
    return begun and not (is_computed(key) or negative or isinstance(key, RightHolds))


def begun(kind: str, point: Point, known: Mapping[Key, Value], number: int) -> Story | None:
    """The story's subject and, where anything is asked of it, its agreement; None where no events bring it about."""
    own = {"ticket": "T", "agreement": "A"}.get(kind, kind.capitalize())
    needed = kind == "agreement" or any(_of_agreement(key, point) for key in known)
    told = Story(point.adopted, f"{own}{number}", kind, f"A{number}" if needed else None, at=point.now)
    if not needed:
        return told
    if any(isinstance(key, StatusRef) and key not in known for key in point.values):
        return None  # with an agreement its status is known
    states = {key.status: str(value) for key, value in known.items() if isinstance(key, StatusRef)}
    events = brought_to(point.adopted, f"A{number}", states, point.now - HOUR)
    if events is None:
        return None
    told.events += events
    _recorded_of_agreement(told, known, point)
    return told


def _of_agreement(key: Key, point: Point) -> bool:
    match key:
        case FactRef(name):
            fact = point.terms.facts.get(name)
            return fact is not None and fact.kind == "agreement"
        case Happened(pattern):
            return point.terms.events[pattern.type].kind == "agreement"
    return isinstance(key, (StatusRef, AllowanceRef))


def _recorded_of_agreement(told: Story, known: Mapping[Key, Value], point: Point) -> None:
    assert told.agreement is not None
    at = point.now - 30 * MINUTE
    facts = {k.name: v for k, v in known.items() if isinstance(k, FactRef) and _of_agreement(k, point)}
    if facts:
        told.add("recorded", at, _customer(told), {n: raw(v) for n, v in facts.items()}, told.agreement)
    for key, value in known.items():
        if isinstance(key, AllowanceRef) and value:
            type, fact = point.terms.allowances[key.allowance].fills[0]
            told.add(type, at, _customer(told), {fact: raw(value)}, told.agreement)
        if isinstance(key, Happened) and value is True and _of_agreement(key, point) and key.pattern.type != "started":
            told.add(key.pattern.type, at, key.pattern.by or _customer(told), {}, told.agreement)


# ---- What sets a rule off -------------------------------------------------------------------------------------------


def _set_off(told: Story, rule: Judged, trigger: Trigger | None, known: Mapping[Key, Value], point: Point) -> bool:
    """Adds the events that set the rule off; False where that is not known."""
    if isinstance(rule, Duty) and rule.choice is not None:
        return _elected(told, rule, known, point)
    if isinstance(rule, (Prohibition, Right)):
        pattern = rule.patterns[0]
        holder = rule.holder if isinstance(rule, Right) else rule.bearers[0]
        _happens(told, Pattern(pattern.type, pattern.by or holder), known, point)
        return True
    match trigger:
        case OnEvent(pattern):
            _happens(told, pattern, known, point)
        case OnBoth(first, second):
            _happens(told, first.pattern, known, point, 10 * MINUTE)
            told.add(second.pattern.type, point.now, second.pattern.by or _customer(told), {})
        case Standing() | None:
            opening = {"ticket": "opened", "agreement": "started"}.get(told.kind)
            first_of = [name for name, event in point.terms.events.items() if event.kind == told.kind]
            _happens(told, Pattern(opening or first_of[0]), known, point)
        case OnOutcome(name, outcome):
            return _after_outcome(told, point, known, name, outcome)
        case OnRemaining(name):
            due = _deadline_of(told, point, known, name)
            told.at = due - 1 if due is not None else told.at
            return due is not None
        case EachTerm(status):
            begins = next((s.name for s in point.terms.statuses[status].states if s.begins_when), "")
            return told.kind == "agreement" and _entered(told, status, begins)
        case OnState(status, state):
            return told.kind == "agreement" and _entered(told, status, state)
    return True


def _happens(told: Story, pattern: Pattern, known: Mapping[Key, Value], point: Point, before: int = 0) -> None:
    """The event at the instant at hand, after the ticket's opening and whatever else is to have happened."""
    at = point.now - before
    actor = pattern.by or _customer(told)
    facts = {k.name: raw(v) for k, v in known.items() if isinstance(k, FactRef) and not _of_agreement(k, point)}
    if pattern.type == "started" and told.kind == "agreement":
        own = {k.name: raw(v) for k, v in known.items() if isinstance(k, FactRef)}
        told.events = []
        told.add("started", at, actor, own)
        return
    happened = [k.pattern for k, v in known.items() if isinstance(k, Happened) and v is True]
    earlier = [p for p in happened if p.type not in ("opened", pattern.type) and not _is_agreements(p, point)]
    opening = pattern.type == "opened"
    carried = {name: v for name, v in facts.items() if point.terms.facts[name].kind == "any"}
    own = {name: v for name, v in facts.items() if name not in carried}
    if told.kind == "ticket" and not opening:
        _opened(told, _opener(told, happened), at - HOUR, known, own)
        own = {}
    for one in earlier:
        told.add(one.type, at - 30 * MINUTE, one.by or _customer(told), {})
    if opening:
        _opened(told, actor, at, known, facts)
    else:
        told.add(pattern.type, at, actor, {**own, **carried})


def _opened(told: Story, opener: str | None, at: int, known: Mapping[Key, Value], facts: dict[str, Raw]) -> None:
    """The ticket's opening, with its severity where the opener may assign one; else that by whoever may."""
    level = known.get(SeverityRef())
    severities = told.adopted.terms.severities
    assigners = severities.assigned_by if severities is not None and isinstance(severities.assigned_by, tuple) else ()
    if level is not None and (not assigners or opener in assigners):
        told.add("opened", at, opener, {"severity": str(level), **facts})
        return
    told.add("opened", at, opener, facts)
    if level is not None:
        told.add("severity_changed", at, assigners[0], {"severity": str(level)})


def _opener(told: Story, happened: list[Pattern]) -> str | None:
    named = next((p.by for p in happened if p.type == "opened" and p.by is not None), None)
    severities = told.adopted.terms.severities
    assigners = severities.assigned_by if severities is not None and isinstance(severities.assigned_by, tuple) else ()
    customer = _customer(told)
    return named or (customer if not assigners or customer in assigners else assigners[0])


def _is_agreements(pattern: Pattern, point: Point) -> bool:
    return point.terms.events[pattern.type].kind == "agreement"


def _elected(told: Story, rule: Duty, known: Mapping[Key, Value], point: Point) -> bool:
    choice = point.terms.choices[rule.choice or ""]
    if not _set_off(told, choice, choice.triggers[0] if choice.triggers else None, known, point):
        return False
    told.at += MINUTE
    type = "elected" if choice.elector is not None else "agreed"
    told.add(type, told.at, choice.elector or _customer(told), {choice.name: rule.option})
    return True


def _entered(told: Story, status: str, state: str) -> bool:
    """Lets the agreement come into a state, everything that is recorded of it being so from its first event on."""
    recorded = {name: value for event in told.events for name, value in event.facts.items()}
    events = brought_to(told.adopted, told.subject, {status: state}, told.at)
    if not events:
        return False
    told.events = [evolve(events[0], facts={**events[0].facts, **recorded}), *events[1:]]
    return True


def _after_outcome(told: Story, point: Point, known: Mapping[Key, Value], name: str, outcome: str) -> bool:
    """Lets another duty be breached, or be performed at once."""
    due = _deadline_of(told, point, known, name)
    duty = point.terms.duties[name]
    if outcome == "breached":
        told.at = due if due is not None else told.at
        return due is not None
    if duty.performance.conditions or not duty.performance.patterns:
        return False
    act = duty.performance.patterns[0]
    told.at = point.now + MINUTE
    told.add(act.type, told.at, act.by or duty.bearer, {})
    return True


def _deadline_of(told: Story, point: Point, known: Mapping[Key, Value], name: str) -> int | None:
    """When another duty, set off in this story, is due as the engine says."""
    duty = point.terms.duties[name]
    if not _set_off(told, duty, duty.triggers[0] if duty.triggers else None, known, point):
        return None
    seen = judged(told)
    return next((v.deadline for v in seen.verdicts if (v.subject, v.duty) == (told.subject, name)), None)


def judged(told: Story) -> Evaluation:
    """What the engine says of a story as of its instant."""
    contract = told.adopted.contract
    events = sorted(told.events, key=lambda e: e.at)
    return evaluate(contract, options_of(told.adopted), events, told.at, supplied=supplied_for(contract))


def raw(value: Value) -> Raw:
    """A value as a log would record it."""
    match value:
        case Money(amount, currency):
            return f"{amount} {currency}"
        case date():
            return value.isoformat()
        case tuple():
            return tuple(day.isoformat() for day in value)
        case bool() | Decimal() | str():
            return value
    raise AssertionError(f"{value} is recorded of nothing")


def _customer(told: Story) -> str | None:
    return next((party.name for party in told.adopted.contract.parties if party.role == "customer"), None)
