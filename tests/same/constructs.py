"""What of the language a rule uses, in words, so that it can be counted what was compared and by which engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from slarules.engine.adopt import Adopted
from slarules.model import expression
from slarules.model.contract import Terms
from slarules.model.expression import FactRef, SeverityRef
from slarules.model.limit import (
    Column,
    Counted,
    EachDay,
    Every,
    Milestone,
    Within,
)
from slarules.model.rules import Choice, Duty, OnBoth, OnEvent, OnOutcome, OnRemaining, Right, Scope
from slarules.model.value import Civil, Elapsed
from slarules.model.walk import inside

CONDITIONS = {
    cls: name
    for name in (
        *("Compare", "OneOf", "AllOf", "AnyOf", "Not", "Truth", "Recorded", "Includes", "Happened", "InCalendar"),
        *("RightHolds", "NoMoreSevere", "StatusRef", "AllowanceRef", "AmountRef", "FactRef", "SeverityRef"),
    )
    if (cls := getattr(expression, name))
}


@lru_cache(maxsize=128)
def constructs(adopted: Adopted) -> Mapping[str, frozenset[str]]:
    """Rule → the constructs that it uses, once readings are decided."""
    terms = adopted.terms
    found: dict[str, frozenset[str]] = {}
    for name, duty in terms.duties.items():
        found[name] = frozenset(_of_duty(duty, terms))
    for name, prohibition in terms.prohibitions.items():
        found[name] = frozenset({"prohibition", *_conditions((prohibition.only_if, prohibition.whiles))})
    for name, right in terms.rights.items():
        found[name] = frozenset(_of_right(right))
    for name, choice in terms.choices.items():
        found[name] = frozenset(_of_choice(choice))
    for name, scope in terms.scopes.items():
        found[name] = frozenset(_of_scope(scope))
    return found


def _of_duty(duty: Duty, terms: Terms) -> Iterator[str]:
    yield "target" if duty.effort else "duty"
    yield f"about {duty.kind if duty.kind in ('ticket', 'agreement') else 'another subject'}"
    for trigger in duty.triggers:
        yield from _of_trigger(trigger)
    yield from (f"if: {name}" for name in _conditions(duty.only_if))
    yield from (f"while: {name}" for name in _conditions(duty.whiles))
    yield from (f"performed: {name}" for name in _conditions(duty.performance.conditions))
    yield from _of_limit(duty, terms)
    for said, word in (
        (bool(duty.until), "until"),
        (duty.keeps is not None, "must keep"),
        (bool(duty.paused_on), "paused"),
        (duty.ends_at_next_opening, "ends at the next opening"),
        (duty.choice is not None, "of a choice"),
        (len(duty.performance.patterns) > 1, "performed by several"),
        (len(duty.triggers) > 1, "several triggers"),
    ):
        if said:
            yield word
    if duty.rises != duty.falls:
        yield "severity: rises and falls apart"
    yield from (f"severity: {rule}" for rule in (duty.rises, duty.falls) if rule)
    if duty.reopening:
        yield f"reopening: {duty.reopening}"


def _of_trigger(trigger: object) -> Iterator[str]:
    match trigger:
        case OnEvent(pattern, during, outside):
            yield "when: event" + (" by a party" if pattern.by else "")
            if during or outside:
                yield "when: during a calendar" if during else "when: outside a calendar"
        case OnBoth():
            yield "when: both"
        case OnOutcome(_, outcome):
            yield f"when: {outcome}"
        case OnRemaining(_, remaining):
            yield "when: time remains" if remaining else "when: time is used"
        case _:
            yield f"when: {type(trigger).__name__}"


def _of_limit(duty: Duty, terms: Terms) -> Iterator[str]:
    if duty.limit is None:
        yield "limit: none"
    for limit in inside(duty.limit):
        match limit:
            case Within(span, basis, after, strict, otherwise) if span is not None:
                yield from (f"limit: within {way}" for way in _lengths(span, basis is not None, terms))
                if after is not None:
                    yield "limit: after " + ("a milestone" if isinstance(after, Milestone) else "an event")
                if strict:
                    yield "limit: in less than"
                if otherwise is not None:
                    yield "limit: otherwise"
            case Every(span, basis):
                yield from (f"limit: every {way}" for way in _lengths(span, basis is not None, terms))
            case EachDay(name):
                yield "limit: each day" + (" of Always" if name == "Always" else "")
            case _ if type(limit).__module__.endswith("limit") and not isinstance(limit, (Column, Counted, Milestone)):
                yield f"limit: {type(limit).__name__}"


def _lengths(span: object, counted: bool, terms: Terms) -> Iterator[str]:
    match span:
        case Elapsed():
            yield "business" if counted else "elapsed"
        case Civil(_, months):
            yield "open days" if counted else "months" if months else "dates"
        case Counted(length, _):
            yield from _lengths(length, True, terms)
        case Column(name, column):
            table = terms.tables[name]
            place = table.columns.index(column)
            based = counted or table.bases[place] is not None
            yield "a table"
            for given in table.inputs:
                yield "a table by severity" if isinstance(given, SeverityRef) else "a table by facts"
            for _, outputs in table.rows:
                if outputs[place] is None:
                    yield "none"
                else:
                    yield from _lengths(outputs[place], based, terms)


def _conditions(value: object) -> Iterator[str]:
    for part in inside(value):
        name = CONDITIONS.get(type(part))
        if name is not None:
            yield name
        if isinstance(part, FactRef):
            yield "a fact"


def _of_right(right: Right) -> Iterator[str]:
    yield "right"
    yield from _conditions((right.only_if, right.whiles))
    yield from (w for w, said in (("role", right.role), ("during", right.during), ("notice", right.notice)) if said)


def _of_choice(choice: Choice) -> Iterator[str]:
    yield "choice" if choice.elector else "choice by agreement"
    if choice.within is not None:
        yield "choice lapses"


def _of_scope(scope: Scope) -> Iterator[str]:
    yield "scope"
    yield from _conditions(scope.outside)
