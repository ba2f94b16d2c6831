"""What a rule needs so that an instance of it comes to be: facts, a severity, happenings, a state of the agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from slarules.model.expression import AnyOf, FactRef
from slarules.model.limit import ByEndOf, Column, OnEach, Within
from slarules.model.rules import (
    Choice,
    Duty,
    OnEvent,
    OnState,
    Trigger,
)
from slarules.model.value import Civil, Elapsed
from slarules.model.walk import inside
from slarules.proposing.setting import Setting
from slarules.proposing.ways import Way, domain, together, ways

TRIALS = 240
"""Ways that are tried for one rule under one set of readings."""


def needs(setting: Setting, rule: Duty | Choice, trigger: Trigger | str, levels: tuple[str, ...]) -> Iterator[Way]:
    """Ways in which all conditions hold, the limit's facts are known, and the ticket stands in scope."""
    adopted, today = setting.adopted, setting.monday
    each = [list(ways(part, True, adopted, today)) for part in (*rule.only_if, *rule.whiles)]
    for scope in adopted.terms.scopes.values():
        if scope.kind == rule.kind:
            each.append(list(ways(AnyOf(scope.outside), False, adopted, today)))
    if at_once(rule) and isinstance(rule, Duty):
        each += [list(ways(part, True, adopted, today)) for part in rule.performance.conditions]
    each.append(_of_trigger(trigger))
    each += _of_limit(setting, rule, levels)
    return islice(together(each), TRIALS)


def _of_trigger(trigger: Trigger | str) -> list[Way]:
    match trigger:
        case OnEvent(_, during, outside) if during or outside:
            return [{("calendar", str(during or outside)): during is not None}]
        case OnState(status, state):
            return [{("status", status): state}]
    return [{}]


def _of_limit(setting: Setting, rule: Duty | Choice, levels: tuple[str, ...]) -> list[list[Way]]:
    """The severity, and the facts that a table or a date asks for."""
    terms, today = setting.terms, setting.monday
    each: list[list[Way]] = []
    limit = rule.limit if isinstance(rule, Duty) else rule.within
    facts: dict[str, None] = {}
    for part in inside(limit):
        if isinstance(part, Column):
            facts |= {given.name: None for given in terms.tables[part.table].inputs if isinstance(given, FactRef)}
        elif isinstance(part, ByEndOf) and part.date in terms.amounts:
            amount = terms.amounts[part.date]
            facts |= {ref.name: None for ref in inside((amount.value, amount.parts)) if isinstance(ref, FactRef)}
        elif isinstance(part, (ByEndOf, OnEach)):
            facts[part.date if isinstance(part, ByEndOf) else part.fact] = None
    for name in facts:
        if name in terms.facts:
            later = [today + timedelta(days=far) for far in _before(name, limit)]
            each.append([{("fact", name): value} for value in (*later, *domain(terms.facts[name].type, [], today))])
    if rule.kind == "ticket" and terms.severities is not None:
        known: tuple[str | None, ...] = levels or (*(level.name for level in terms.severities.levels), None)
        each.append([{("severity",): level} for level in known])
    return each


def _before(date: str, limit: object) -> list[int]:
    """In how many days a date is to come, so that something can be done so long before it."""
    found = [part for part in inside(limit) if isinstance(part, ByEndOf) and part.date == date]
    spans = [one for part in found for far in (part.before, part.earliest) for one in inside(far)]
    days = [one.days + 31 * one.months for one in spans if isinstance(one, Civil)]
    return [2 * max(days) + 14] if days else []


def at_once(rule: Duty | Choice) -> bool:
    """Whether it is due at the very instant of its trigger (R28): its trigger must perform it."""
    return isinstance(rule, Duty) and isinstance(rule.limit, Within) and rule.limit.span in (Elapsed(0), Civil())
