"""Why no instance of a rule ever arose, trigger by trigger."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from slarules.engine.actors import by_whom
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.binding import TERMINATED, over
from slarules.engine.expression import open_at
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case
from slarules.engine.judging.clock import Counting
from slarules.engine.judging.instance import Instance
from slarules.engine.judging.stands import stands_from
from slarules.engine.judging.verdicts import verdicts_of
from slarules.engine.plan import plan_of
from slarules.engine.reasons.asked import Asked, standing
from slarules.engine.reasons.reason import Reason, moment
from slarules.engine.reasons.unmet import Guarded, unmet
from slarules.model.contract import Rule, Terms
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
from slarules.model.verdict import Verdict

MANY = 8
"""Events told one by one, the latest; of more, how many there were."""


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def rules(terms: Terms) -> dict[str, Rule]:
    """All rules that can have verdicts, by name."""
    return {**terms.scopes, **terms.rights, **terms.prohibitions, **terms.choices, **terms.duties}


def never(asked: Asked, name: str, asking: frozenset[str]) -> Iterator[Reason]:
    """Why no instance of a rule ever arose; ``asking`` has the rules of which that was asked already."""
    applying = [
        (adopted, rule)
        for terms, adopted in zip(asked.contract.versions, asked.versions, strict=True)
        if asked.own.kind == "agreement" or adopted is asked.case.adopted
        if (rule := rules(terms).get(name)) is not None
    ]
    for adopted, rule in applying:
        if rule.kind != asked.own.kind:
            yield Reason(f"`{name}` is about {_a(rule.kind)}, and {asked.own.subject} is {_a(asked.own.kind)}")
            return
        if asked.case.is_ticket and asked.case.opened_at is None:
            yield Reason(f"{asked.own.subject} was not opened")
            return
        yield from _of_rule(asked, adopted, rule, asking | {name})
    if not applying:
        yield Reason(f"`{name}` is not among the terms that were in force when {asked.own.subject} began (R27)")


def _of_rule(asked: Asked, adopted: Adopted, rule: Rule, asking: frozenset[str]) -> Iterator[Reason]:
    arose = [v for v in verdicts_of(asked.case) if v.duty == rule.name]
    if arose:
        at = moment(arose[0].triggered_at, asked.zone)
        yield Reason(f"it was set off at {at}, when the contract was not in force")
        return
    match rule:
        case Scope() | Prohibition():
            yield Reason("nothing has happened yet that it could be asked of")
        case Right(patterns=patterns):
            for pattern in patterns:
                yield from _events(asked, adopted, rule, OnEvent(pattern))
        case Duty(choice=str() as choice, option=option):
            yield from _of_option(asked, choice, str(option), asking)
        case Duty(triggers=triggers) | Choice(triggers=triggers):
            for trigger in triggers:
                yield from _of_trigger(asked, adopted, rule, trigger, asking)


def _of_option(asked: Asked, choice: str, option: str, asking: frozenset[str]) -> Iterator[Reason]:
    """R22: the duties of an option run from its election."""
    elections = [v for v in asked.verdicts if v.duty == choice]
    if not elections:
        yield Reason(f"the choice `{choice}` does not arise", tuple(never(asked, choice, asking)))
    for verdict in elections:
        yield Reason(f"it is owed once `{choice}` is `{option}` (R22)", (standing(asked, verdict),))


def _of_trigger(
    asked: Asked, adopted: Adopted, rule: Guarded, trigger: Trigger, asking: frozenset[str]
) -> Iterator[Reason]:
    match trigger:
        case OnEvent():
            yield from _events(asked, adopted, rule, trigger)
        case OnBoth(first, second):
            halves = [_matching(asked, half) for half in (first, second)]
            if all(halves):  # R35
                half, later = max(((first, halves[0][0]), (second, halves[1][0])), key=lambda pair: pair[1].at)
                yield _event(asked, adopted, rule, half, later)
            for half, found in zip((first, second), halves, strict=True):
                if not found:
                    yield from _events(asked, adopted, rule, half)
        case OnOutcome(duty, outcome):
            yield from _outcome(asked, adopted, rule, duty, outcome, asking)
        case OnRemaining():
            yield from _remaining(asked, adopted, rule, trigger, asking)
        case OnState(status, state):
            yield from _state(asked, adopted, rule, status, state)
        case EachTerm(status):
            yield from _state(asked, adopted, rule, status, None)
        case Standing():
            begins = stands_from(plan_of(adopted), asked.own, asked.agreement)
            known = [since for since, planned in begins if planned.name == rule.name]
            for since in known:
                yield Reason(f"it would stand from {moment(since, asked.zone)} on", unmet(asked, adopted, rule, since))
            if not known:
                ticket = asked.own.kind == "ticket"
                told = "it is not opened" if ticket else "the agreement has not started: none of its statuses has begun"
                yield Reason(told)


def _events(asked: Asked, adopted: Adopted, rule: Rule, trigger: OnEvent) -> Iterator[Reason]:
    """Each event of the kind that would set it off, with why it did not."""
    by = f" by {trigger.pattern.by}" if trigger.pattern.by else ""
    all_of_it = [e for e in asked.own.entries if e.type == trigger.pattern.type]
    found = [e for e in all_of_it if e.at <= asked.as_of]
    if not found:
        later = f" by {moment(asked.as_of, asked.zone)}, only later" if all_of_it else ""
        yield Reason(f"no event `{trigger.pattern.type}`{by} has happened{later}")
    if len(found) > MANY:
        yield Reason(f"there are {len(found)} events `{trigger.pattern.type}`; of the latest {MANY}:")
    for entry in found[-MANY:]:
        yield _event(asked, adopted, rule, trigger, entry)


def _event(asked: Asked, adopted: Adopted, rule: Rule, trigger: OnEvent, entry: Entry) -> Reason:
    who = f" by {entry.actor}" if entry.actor else ", by whom is not recorded,"
    found = refused(asked.case, entry)
    why = [found] if found is not None else list(_unfit(asked, trigger, entry))
    parts = tuple(Reason(text) for text in why)
    if found is None and isinstance(rule, (Duty, Choice)):
        parts += unmet(asked, adopted, rule, entry.at, entry)
    told = parts or (Reason("an earlier event had set it off already"),)
    return Reason(f"`{entry.type}`{who} at {moment(entry.at, asked.zone)} did not set it off", told)


def _matching(asked: Asked, trigger: OnEvent) -> list[Entry]:
    found = [e for e in asked.own.entries if e.type == trigger.pattern.type and e.at <= asked.as_of]
    return [e for e in found if refused(asked.case, e) is None and not any(_unfit(asked, trigger, e))]


def refused(case: Case, entry: Entry) -> str | None:
    """Why an event had no effect, or came when nothing could be set off any more."""
    if all(one is not entry for one in case.taken):
        for other, why in (*case.impossible, *case.not_entitled, *case.disputed):
            if other is entry:
                return f"it had no effect: {why}"
    if case.is_ticket and (case.opened_at is None or entry.at < case.opened_at):
        return "it was before the opening"
    if case.ended_at is not None and case.ended_at < entry.at:
        return f"{case.history.subject} had ended at {moment(case.ended_at, case.zone or 'UTC')} (R19)"
    return None


def _unfit(asked: Asked, trigger: OnEvent, entry: Entry) -> Iterator[str]:
    """What about an event keeps it from being the trigger: whose it was, or in which hours."""
    if by_whom(trigger.pattern, entry) is False:
        yield f"it was by {entry.actor}, not by {trigger.pattern.by}"
    for name, inside in ((trigger.during, True), (trigger.outside, False)):
        if name is not None and open_at(asked.case.calendars[name], entry.at, inside) is False:
            yield f"at that time `{name}` was {'closed' if inside else 'open'}"


def _outcome(
    asked: Asked, adopted: Adopted, rule: Guarded, duty: str, outcome: str, asking: frozenset[str]
) -> Iterator[Reason]:
    """Another rule's outcome, that did not come or did not lead here."""
    others = [v for v in asked.verdicts if v.duty == duty]
    if not others and duty not in asking:
        yield Reason(f"`{duty}` does not arise, so it cannot be {outcome}", tuple(never(asked, duty, asking)))
    if len(others) > MANY:
        yield Reason(f"`{duty}` arose {len(others)} times; of the latest {MANY}:")
    for other in others[-MANY:]:
        at = _came(other, outcome)
        word = "missed" if outcome == "breached" and other.rule == "target" else outcome
        if at is None:
            yield Reason(f"{other.label} was not {word}", (standing(asked, other),))
        else:
            told = f"that {other.label} was {word} at {moment(at, asked.zone)} did not set it off"
            yield Reason(told, unmet(asked, adopted, rule, at))


def _came(verdict: Verdict, outcome: str) -> int | None:
    """When a verdict came to be breached, met or performed; None: it did not."""
    match outcome:
        case "breached":
            return verdict.deadline if verdict.state in ("breached", "missed") else None
        case "met":
            return verdict.performed_at if verdict.state in ("met", "reached") else None
    return verdict.performed_at


def _remaining(
    asked: Asked, adopted: Adopted, rule: Guarded, trigger: OnRemaining, asking: frozenset[str]
) -> Iterator[Reason]:
    """So much of another rule's time, that was never left, or did not lead here."""
    others = [i for i in asked.case.instances if i.plan.name == trigger.duty]
    if not others and trigger.duty not in asking:
        yield Reason(
            f"`{trigger.duty}` does not arise, so no time of it runs", tuple(never(asked, trigger.duty, asking))
        )
    for other in others:
        at = _ran_so_far(other, trigger, asked.as_of)
        if at is None:
            yield Reason(f"the time of {other.label} did not run so far while it was pending")
        else:
            told = f"so much of {other.label} had run at {moment(at, asked.zone)}"
            yield Reason(told, unmet(asked, adopted, rule, at))


def _ran_so_far(instance: Instance, trigger: OnRemaining, as_of: int) -> int | None:
    """When so much of an instance's time had been used, where that set something off; None: it did not."""
    clock = instance.clock
    if not isinstance(clock, Counting) or not instance.warned:
        return None
    left = trigger.remaining.micros if trigger.remaining else 0
    used = ceil(clock.allowed * Fraction(trigger.used)) if trigger.used else max(0, clock.allowed - left)
    at = bisect_left(range(instance.start, as_of), used, key=clock.consumed)
    return instance.start + at


def _state(asked: Asked, adopted: Adopted, rule: Guarded, status: str, state: str | None) -> Iterator[Reason]:
    """A state of the agreement's (or, with None, the beginning of a term) that did not come, or did not lead here."""
    what = f"`{status}` becomes `{state}`" if state else f"a term of `{status}` begins"
    if asked.agreement is None:
        yield Reason(f"{what} in the life of an agreement, and {asked.own.subject} stands under none")
        return
    stays = [s for s in asked.agreement.stays.get(status, ()) if s.since <= asked.as_of]
    found = [s for s in stays if (s.new_term if state is None else s.state == state)]
    if not found:
        now = f"`{stays[-1].state or 'not to be known'}`" if stays else "not begun"
        yield Reason(f"it is set off when {what}, which has not happened: `{status}` is {now}")
    for stay in found[-MANY:]:
        at = moment(stay.since, asked.zone)
        if state is None and not stay.by_event and over(adopted, asked.agreement, stay.since, True) == TERMINATED:
            yield Reason(f"{what} at {at} by time alone, after it was terminated: that reinstates nothing")
        else:
            yield Reason(f"{what} at {at}", unmet(asked, adopted, rule, stay.since))
