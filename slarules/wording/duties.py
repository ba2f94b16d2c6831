"""Duties and targets in words: first who owes what by when, then everything that bears on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slarules.model.expression import Pattern
from slarules.model.limit import Every
from slarules.model.rules import Choice, Duty, OnOutcome, Performance
from slarules.model.value import AsRead
from slarules.wording.acts import done
from slarules.wording.conditions import joined, lettered, only_if
from slarules.wording.events import any_of
from slarules.wording.grammar import listed, quoted
from slarules.wording.limits import columns, limit, otherwise
from slarules.wording.tables import column_words
from slarules.wording.triggers import names_it, when
from slarules.wording.voice import AGREEMENT, Voice

_SEVERITY = {
    "recount": "the time is counted again from the start, as if the new severity had applied throughout",
    "restart": "the time starts again",
    "keep": "the deadline stays as it was",
}
_REOPENING = {
    "resume": "what was owed is owed again, with what was left of its time",
    "restart": "what was done stands, and the whole time begins again",
    "ignore": "nothing changes",
}
_UNTIMED = dict.fromkeys(_SEVERITY, "what is owed stays as it is")
_UNTIMED_AGAIN = {
    "resume": "what was owed is owed again",
    "restart": "what was done stands, and the same is owed anew",
    "ignore": "nothing changes",
}
"""What is said of the same where no time is set."""


def duty(rule: Duty, voice: Voice) -> Iterator[str]:
    """The sentences of a duty or target; the first one is complete in itself."""
    voice = voice.about(rule.kind)
    opening = _opening(rule, voice)
    yield f"{opening}, {owes(rule, voice, not names_it(rule.triggers, voice))}" if opening else owes(rule, voice, True)
    if rule.limit is None and rule.keeps is None:
        yield "no time is set for it"
    if rule.title:
        yield f"the policy notes: “{rule.title}”"
    yield from _guards(rule, voice)
    yield _performance(rule, voice)
    yield otherwise(rule.limit, voice)
    for column in dict.fromkeys(columns(rule.limit)):
        yield column_words(column, voice)
    yield from _clock(rule, voice)
    yield from _consequences(rule, voice)


def _opening(rule: Duty, voice: Voice) -> str:
    if rule.option is None:
        return when(rule.triggers, voice)
    elected = f"where {quoted(rule.option)} is elected"
    if rule.choice is not None:
        elected += f" in the choice {quoted(rule.choice)}"
    elected += f" for {voice.some(rule.kind)}"
    more = when(rule.triggers, voice)
    return f"{elected}, or {more}" if more else elected


def owes(rule: Duty, voice: Voice, first: bool = False) -> str:
    """Who owes what by when: `Trak must respond to the request within 2 hours`."""
    voice = voice.about(rule.kind)
    must = "aims to" if rule.effort else "must"
    if rule.keeps is not None:
        act = see_to(rule.keeps, rule.kind, voice, first)
        if rule.act != "keep":
            act = f"{done(rule.act, None, None, rule.kind, voice)} and {act}"
        if rule.counterparty:
            act += f" towards {rule.counterparty}"
        if rule.object:
            act += f" ({rule.object})"
    else:
        act = done(rule.act, rule.object, rule.counterparty, rule.kind, voice, first)
    said = f"{rule.bearer} {must} {act}"
    if rule.limit is not None:
        by = limit(rule.limit, voice)
        said += f", {by}" if isinstance(rule.limit, Every) else f" {by}"
    ends = any_of(rule.until, voice)
    return f"{said}, until {ends}" if ends else said


def see_to(fact: str, kind: str, voice: Voice, first: bool = False) -> str:
    """What is to be done so that a fact stays as it is: `see to it, for the request, that “resource assigned” …`."""
    it = voice.some(kind) if first else voice.the(kind)
    return f"see to it{'' if kind == AGREEMENT else f', for {it},'} that {quoted(fact)} stays yes"


def _guards(rule: Duty, voice: Voice) -> Iterator[str]:
    this, (wanted, barred) = _this(rule), only_if(rule.only_if, voice)
    if wanted and barred and not lettered(wanted):
        yield f"{this} arises only if {wanted}, and not if {barred}"
    else:
        yield f"{this} arises only if {wanted}" if wanted else ""
        yield f"{this} does not arise if {barred}" if barred else ""
    if rule.whiles:
        yield f"{this} is owed only while {joined(rule.whiles, voice)}"
        yield "it ends as soon as that is no longer so"


def _this(rule: Duty) -> str:
    return "this target" if rule.effort else "this duty"


def _performance(rule: Duty, voice: Voice) -> str:
    """What performs it, where that is not simply the act itself by the party that owes it."""
    act = rule.performance
    if _is_the_act(act, rule, voice) or (rule.keeps is not None and not act.patterns and not act.conditions):
        return ""
    said = any_of(act.patterns, voice) or "its time comes, for no event performs it"
    if act.conditions:
        said += f", provided that {joined(act.conditions, voice)}"
    return f"what this target asks is done when {said}" if rule.effort else f"this duty is performed when {said}"


def _is_the_act(act: Performance, rule: Duty, voice: Voice) -> bool:
    events = voice.terms.events
    meant = tuple(Pattern(name, rule.bearer) for name, event in events.items()
                  if event.act == rule.act and event.kind in (None, rule.kind))
    return not act.conditions and act.patterns == meant


def _clock(rule: Duty, voice: Voice) -> Iterator[str]:
    """Pauses, changes of severity, reopening, and a time that exactly fills a window."""
    it, clock = voice.the(rule.kind), f"the clock of {_this(rule)}"
    severity, reopening = (_UNTIMED, _UNTIMED_AGAIN) if rule.limit is None else (_SEVERITY, _REOPENING)
    if isinstance(rule.paused_on, AsRead):
        yield f"{clock} {voice.read(rule.paused_on, lambda on: _paused(on, it, voice), 'stands still')}"
    elif rule.paused_on:
        yield f"{clock} {_paused(rule.paused_on, it, voice)}"
    if rule.rises is not None and rule.rises == rule.falls:
        yield f"if the severity of {it} changes, {_policy(rule.rises, severity, voice)}"
    else:
        if rule.rises is not None:
            yield f"if the severity of {it} becomes graver, {_policy(rule.rises, severity, voice)}"
        if rule.falls is not None:
            changed = "it" if rule.rises is not None else f"the severity of {it}"
            yield f"if {changed} becomes milder, {_policy(rule.falls, severity, voice)}"
    if rule.reopening is not None:
        yield f"if {it} is reopened, {_policy(rule.reopening, reopening, voice)}"
    if rule.ends_at_next_opening:
        yield "a time that ends exactly at a close ends at the next opening instead"


def _paused(on: tuple[str, ...], it: str, voice: Voice) -> str:
    if not on:
        return "does not stand still for any waiting"
    return f"stands still while {it} waits for {voice.parties(on, 'nobody')}"


def _policy(policy: str | AsRead, said: dict[str, str], voice: Voice) -> str:
    def one(word: Any) -> str:
        return said.get(word, str(word))

    return voice.read(policy, one, "what follows is") if isinstance(policy, AsRead) else one(policy)


def _consequences(rule: Duty, voice: Voice) -> Iterator[str]:
    """What a breach sets off."""
    terms = voice.terms
    others: tuple[Duty | Choice, ...] = (*terms.duties.values(), *terms.choices.values())
    called = [other for other in others if OnOutcome(rule.name, "breached") in other.triggers]
    if called:
        asks = any(other.only_if or (isinstance(other, Duty) and other.whiles) for other in called)
        one = len(called) == 1
        only = f", {'but' if one else 'each'} only on its own conditions" if asks else ""
        yield f"if it is {'missed' if rule.effort else 'breached'}, {listed(quoted(other.name) for other in called)} " \
              f"{'applies' if one else 'apply'}{only}"
