"""What set an instance of a duty or a choice off: an event, another duty's outcome, an election, a state, or time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from slarules.engine.agreements.stays import begins
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case
from slarules.engine.judging.instance import Election, Instance
from slarules.engine.reasons.reason import length, moment
from slarules.model.rules import (
    Choice,
    Duty,
    EachTerm,
    OnBoth,
    OnEvent,
    OnOutcome,
    OnRemaining,
    OnState,
    Standing,
    Trigger,
)

Named = Callable[[Entry], str]
"""An event in words."""


def origin(one: Instance | Election, case: Case, zone: str, named: Named) -> str:
    """What set it off, in words."""
    rule = one.plan.duty if isinstance(one, Instance) else one.plan.choice
    if one.cause is not None:
        broken = "missed" if one.cause.plan.duty.effort else "breached"
        return f"follows from {one.cause.label}, {broken} at {moment(one.cause.due or one.triggered_at, zone)} (R10)"
    if isinstance(rule, Duty) and rule.choice is not None and (called := _called_up(one, rule, case)):
        return called if one.trigger is None else f"{called}, which {named(one.trigger)} had opened"
    certain = one.snapshot is None or one.snapshot.certain is True
    if one.trigger is not None and by_event(rule, one.trigger):
        told = f"{'set off' if certain else 'may have been set off'} by {named(one.trigger)}"
        return told + (", the later of two events that it asks for (R35)" if _jointly(rule, one.trigger) else "")
    at = moment(one.triggered_at, zone)
    for trigger in rule.triggers:
        what = _met(trigger, one, case) if one.trigger is not None else _in_time(trigger, one, case)
        if what is not None:
            return f"set off at {at}, when {what}" + (f": {named(one.trigger)}" if one.trigger is not None else "")
    if any(isinstance(trigger, Standing) for trigger in rule.triggers):
        return f"stands from the beginning on, {at}"
    return f"arose at {at}"


def by_event(rule: Duty | Choice, entry: Entry) -> bool:
    """Whether an event sets the rule off by itself, or with another."""
    return any(one.pattern.type == entry.type for trigger in rule.triggers for one in _events(trigger))


def _events(trigger: Trigger) -> Iterator[OnEvent]:
    match trigger:
        case OnEvent():
            yield trigger
        case OnBoth(first, second):
            yield first
            yield second


def _jointly(rule: Duty | Choice, entry: Entry) -> bool:
    fits = [t for t in rule.triggers if any(one.pattern.type == entry.type for one in _events(t))]
    return bool(fits) and all(isinstance(trigger, OnBoth) for trigger in fits)


def _called_up(one: Instance | Election, rule: Duty, case: Case) -> str | None:
    """R22: the election, or the lapse, that an option's duty runs from."""
    since = one.row.start if isinstance(one, Instance) and one.row is not None else one.triggered_at
    for election in case.elections:
        if election.plan.name == rule.choice and election.elected == rule.option and election.at == since:
            label = f"{election.plan.name}#{election.number}"
            if election.state == "lapsed":
                return f"called up when {label} lapsed into `{rule.option}` (R22)"
            by = f" by {election.events[-1]}" if election.events else ""
            return f"called up when `{rule.option}` was elected in {label}{by} (R22)"
    return None


def _met(trigger: Trigger, one: Instance | Election, case: Case) -> str | None:
    """Another duty, whose performance set it off."""
    if not isinstance(trigger, OnOutcome) or trigger.outcome == "breached":
        return None
    for other in case.instances:
        if other.plan.name == trigger.duty and other.performed_by is one.trigger and other is not one:
            return f"{other.label} was {trigger.outcome}"
    return None


def _in_time(trigger: Trigger, one: Instance | Election, case: Case) -> str | None:
    """What comes without an event of the subject."""
    agreement = case.agreement
    match trigger:
        case OnRemaining(duty, remaining, used):
            if used is None:
                return f"{length(remaining.micros) if remaining is not None else 'no time'} remained of `{duty}`"
            return f"{float(used) * 100:g} % of the time of `{duty}` was used"
        case OnState(status, state) if agreement is not None:
            stays = agreement.stays.get(status, ())
            found = any(s.state == state and s.since == one.triggered_at for s in stays)
            return f"`{status}` became `{state}`" if found else None
        case EachTerm(status) if agreement is not None:
            began = any(s.new_term and begins(s) == one.triggered_at for s in agreement.stays.get(status, ()))
            return f"a term of `{status}` began" if began else None
    return None
