"""What sets a rule off, in words: "when a request is opened by Customer outside BusinessHours"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from slarules.model.expression import Pattern
from slarules.model.rules import EachTerm, OnBoth, OnEvent, OnOutcome, OnRemaining, OnState, Standing, Trigger
from slarules.wording.events import any_of, happens
from slarules.wording.grammar import listed, quoted, words
from slarules.wording.values import length, number
from slarules.wording.voice import AGREEMENT, Voice


def when(triggers: Sequence[Trigger], voice: Voice) -> str:
    """An opening clause with all of them: `when a request is opened or reopened`; nothing for none."""
    said: list[str] = []
    alike: list[Pattern] = []  # events without a time of day, one after the other, are said together
    for trigger in (*triggers, None):
        if isinstance(trigger, OnEvent) and trigger.during is None and trigger.outside is None:
            alike.append(trigger.pattern)
            continue
        if alike:
            said.append(f"when {any_of(alike, voice, True)}")
            alike = []
        if trigger is not None:
            said.append(_one(trigger, voice))
    if len(said) > 1 and any(isinstance(one, OnBoth) for one in triggers):
        return ", or ".join(said)
    if all(one.startswith("when ") for one in said):
        return f"when {listed((one.removeprefix('when ') for one in said), 'or')}" if said else ""
    return listed(said, "or")


def names_it(triggers: Sequence[Trigger], voice: Voice) -> bool:
    """Whether the clause speaks of the rule's own subject, so that it is `the request` afterwards."""
    return voice.kind == AGREEMENT or not any(isinstance(one, (OnState, EachTerm)) for one in triggers)


def _one(trigger: Trigger, voice: Voice) -> str:
    match trigger:
        case OnEvent():
            return f"when {_event(trigger, voice)}"
        case OnBoth(first, second):
            return f"when both {_event(first, voice)} and {_event(second, voice, False)}, in either order"
        case OnOutcome(duty, outcome):
            late = " (in time or late)" if outcome == "performed" else ""
            return f"when {quoted(duty)} is {became(duty, outcome, voice)}{_of(voice)}{late}"
        case OnRemaining(duty, remaining, used):
            if remaining is not None:
                return f"when {length(remaining)} of the time for {quoted(duty)} remain{_of(voice)}"
            share = number((Decimal(used or 1) * 100).normalize())
            return f"when {share} % of the time for {quoted(duty)} is used{_of(voice)}"
        case OnState(status, state):
            return f"when {quoted(status)} becomes {words(state)}"
        case EachTerm(status):
            return f"once in each term of {quoted(status)}"
        case Standing():
            begins = {AGREEMENT: "start", "ticket": "opening"}.get(voice.kind or "", "first event")
            return f"from the {begins} of {voice.some(voice.kind)}"
    assert_never(trigger)


def _of(voice: Voice) -> str:
    return " under the agreement" if voice.kind == AGREEMENT else f" for {voice.some(voice.kind)}"


def _event(trigger: OnEvent, voice: Voice, first: bool = True) -> str:
    said = happens(trigger.pattern, voice, first)
    if trigger.during is not None:
        said += f" during {words(trigger.during)}"
    return said + (f" outside {words(trigger.outside)}" if trigger.outside is not None else "")


def became(duty: str, outcome: str, voice: Voice) -> str:
    """What became of a duty, in the words for a duty or for a target."""
    known = voice.terms.duties.get(duty)
    effort = known is not None and known.effort
    said = {"breached": "missed" if effort else "breached", "met": "reached" if effort else "performed in time",
            "performed": "performed"}
    return said.get(outcome, words(outcome))
