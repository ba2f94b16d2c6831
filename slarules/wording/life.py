"""The agreement's life in words: statuses, allowances, amounts and dates, scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slarules.model.expression import Pattern, Stepped
from slarules.model.life import Allowance, State, Status, Transition
from slarules.model.rules import Amount, Scope
from slarules.model.value import AsRead
from slarules.wording.conditions import holds, joined
from slarules.wording.events import any_of, happens
from slarules.wording.grammar import definite, labelled, listed, quoted, words
from slarules.wording.values import fact, length, value
from slarules.wording.voice import AGREEMENT, Voice

_RUNS = {"event": "from the event that reinstates it", "expiry": "from the end of the term before it"}
_OWN_END = " at the end of its term"
_THE_END = " at the end of the term (at once, where that is over already: what follows runs from that end)"
ROUNDED = {"half_up": "halves up", "half_even": "halves to the even one", "up": "always up", "down": "always down"}
"""How an amount is rounded, in words."""


def status(rule: Status, voice: Voice) -> Iterator[str]:
    """The sentences of a status: its states, and how each is left."""
    voice = voice.about(AGREEMENT)
    yield f"{quoted(rule.name)} is a status of the agreement: it is " + \
          listed((words(state.name) for state in rule.states), "or")
    for state in rule.states:
        yield from _state(state, voice)
    if rule.reinstated_from is not None:
        yield f"a term that an event begins anew runs {_reinstated(rule.reinstated_from, voice)}"


def _reinstated(given: str | AsRead, voice: Voice) -> str:
    def one(word: Any) -> str:
        return _RUNS.get(word, f"from {word}")

    return voice.read(given, one) if isinstance(given, AsRead) else one(given)


def _state(state: State, voice: Voice) -> Iterator[str]:
    name = quoted(state.name)
    said = [f"includes {listed(map(words, state.includes)) or 'no benefit'}"]
    if state.lasts is not None:
        lasts = state.lasts
        said.insert(0, f"lasts {voice.read(lasts, length, 'so long') if isinstance(lasts, AsRead) else length(lasts)}")
    if state.begins_when:
        said.insert(0, f"begins when {any_of(state.begins_when, voice)}")
    title = f" (“{state.title}”)" if state.title else ""
    yield f"the state {name}{title} {listed(said)}"
    depth, end = int(len(state.transitions) > 1), _OWN_END if state.lasts is not None else _THE_END
    ways = [_transition(one, voice, depth, end) for one in state.transitions]
    if ways:
        yield f"{name} becomes " + (ways[0] if len(ways) == 1 else labelled(ways, "or"))


def _transition(given: Transition, voice: Voice, depth: int, end: str) -> str:
    said = words(given.to)
    if given.at_end_of_term:
        said += end
    if given.after is not None:
        said += f" {length(given.after)} after it began"
    if given.patterns:
        said += f" when {any_of(given.patterns, voice)}"
    if given.conditions:
        said += f", if {joined(given.conditions, voice, depth)}"
    return said


def allowance(rule: Allowance, voice: Voice) -> Iterator[str]:
    """The sentences of an allowance: whose, what fills it, what draws on it."""
    voice = voice.about(AGREEMENT)
    fills = [f"by {fact(amount, voice)} when {happens(Pattern(event), voice)}" for event, amount in rule.fills]
    yield f"{words(rule.party)} has an allowance {quoted(rule.name)}, counted in {words(rule.unit)}"
    if fills:
        yield f"it increases {listed(fills)}"
    for event, amount, conditions in rule.draws:
        only = f", if {joined(conditions, voice)}" if conditions else ""
        yield f"it decreases by {fact(amount, voice)} when {happens(Pattern(event), voice)}{only}"
    if rule.carries_over:
        yield "what a term leaves unused carries over to the next"
    elif any(state.lasts is not None for status in voice.terms.statuses.values() for state in status.states):
        yield "what a term leaves unused is lost"


def amount(rule: Amount, voice: Voice) -> Iterator[str]:
    """The sentences of an amount or a date: what it is, its parts, its rounding."""
    voice = voice.about(AGREEMENT)
    what = definite(words(rule.name))
    what = f"{what}, in {rule.currency}," if rule.currency is not None else what
    yield f"{what} is {_stepped(rule.value, voice) if isinstance(rule.value, Stepped) else value(rule.value, voice)}"
    for name, part in rule.parts:
        yield f"in this, {quoted(name)} is {value(part, voice)}"
    if rule.rounding is not None:
        unit, way = rule.rounding
        yield f"it is rounded to {unit} {rule.currency or ''}, {ROUNDED.get(way, words(way))}".replace(" ,", ",")


def _stepped(given: Stepped, voice: Voice) -> str:
    """`the first of these whose condition holds: (a) 10 % of the fee, if the share is less than 95; or (b) …`."""
    found = [f"{value(one, voice)}, if {holds(asked, voice, depth=1)}" for asked, one in given.steps]
    last = f"{value(given.otherwise, voice)} otherwise"
    return f"the first of these whose condition holds: {labelled([*found, last], 'or')}" if found else last


def scope(rule: Scope, voice: Voice) -> Iterator[str]:
    """The sentences of a scope: what is outside."""
    voice = voice.about(rule.kind)
    some = voice.some(rule.kind)
    found = [holds(one, voice, depth=1 if len(rule.outside) > 1 else 0) for one in rule.outside]
    joint = f"at least one of these holds: {labelled(found, 'or')}" if len(found) > 1 else "".join(found)
    yield f"{some} is outside what the contract covers if {joint}"
    if rule.title:
        yield f"the policy notes: “{rule.title}”"
    yield f"nothing more is owed for {some if rule.kind == AGREEMENT else 'such ' + some}"
