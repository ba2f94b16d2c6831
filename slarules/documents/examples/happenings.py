"""One event of a story in words, with what is recorded of it: "an incident is opened by Licensee, at severity 1"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from slarules.model.event import Event, Raw
from slarules.model.expression import Pattern
from slarules.model.rules import FactType
from slarules.wording.events import happens
from slarules.wording.grammar import listed, quoted, words
from slarules.wording.values import day, plain
from slarules.wording.voice import TICKET, Voice

SAID_OTHERWISE = frozenset(("severity", "on", "role", "who", "written"))
"""Built-in facts that have their own words."""


def told(event: Event, voice: Voice, first: bool = False) -> str:
    """What happened and what was recorded of it, as a clause without a full stop. ``first``: `a request`."""
    voice = voice.about(event.kind)
    said, apart = _what(event, voice, first), ""
    title = _title(event, voice)
    if title is not None and said.startswith("“"):
        by = f" by {words(event.actor)}" if event.actor else ""
        said, apart = title, f"recorded as {quoted(event.type)}{by}"
    if event.kind == TICKET and "severity" in event.facts:
        said += f", at severity {words(str(event.facts['severity']))}"
    if "written" in event.facts and not said.endswith(" in writing"):
        said += ", in writing" if event.facts["written"] else ", not in writing"
    also = recorded({name: value for name, value in event.facts.items() if name not in _elections(voice)}, voice)
    apart = "; ".join(part for part in (apart, also) if part)
    return f"{said} ({apart})" if apart else said


def _title(event: Event, voice: Voice) -> str | None:
    """The policy's own words for an event type that it declares."""
    declared = voice.terms.events.get(event.type)
    return declared.title if declared is not None else None


def _what(event: Event, voice: Voice, first: bool) -> str:
    by = words(event.actor) if event.actor else "somebody"
    match event.type:
        case "elected" | "agreed" if chosen := [name for name in event.facts if name in _elections(voice)]:
            options = listed(f"{quoted(str(event.facts[name]))} in the choice {quoted(name)}" for name in chosen)
            return f"{by} elects {options}" if event.type == "elected" else f"the parties agree on {options}"
        case "waiting":
            return f"{voice.the(event.kind)} waits for {words(str(event.facts.get('on', 'somebody')))}"
        case "recorded":
            return f"{by} records something of {voice.the(event.kind)}"
        case "contact_designated" if "role" in event.facts:
            form = " in writing" if event.facts.get("written") else ""
            return f"{by} designates a person as {words(str(event.facts['role']))}{form}"
    return happens(Pattern(event.type, event.actor), voice, first)


def _elections(voice: Voice) -> frozenset[str]:
    return frozenset(voice.terms.choices)


def recorded(facts: Mapping[str, Raw], voice: Voice) -> str:
    """Facts with their values: `how the request was made: email; satisfied: yes`."""
    said = []
    for name, raw in facts.items():
        if name in SAID_OTHERWISE:
            continue
        fact = voice.terms.facts.get(name)
        title = fact.title if fact is not None and fact.title else words(name)
        said.append(f"{title}: {_value(raw, fact.type if fact is not None else None)}")
    return "; ".join(said)


def _value(raw: Raw, type: FactType | None) -> str:
    """A recorded value as a reader writes it."""
    match raw:
        case bool() | Decimal():
            return plain(raw)
        case int():
            return str(raw)
        case tuple():
            return listed(_value(one, type) for one in raw)
        case str() if type is not None and type.kind in ("date", "dates"):
            return day(date.fromisoformat(raw))
        case str():
            return words(raw)
    return "nothing"
