"""How a rule comes to be set off, told in the words of both contracts; and what a party then does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from attrs import evolve, frozen

from slarules.analysis.points import Point
from slarules.analysis.stories import Story, begun, raw, story
from slarules.comparison.occasions import Bench, Occasion
from slarules.comparison.tickets import both
from slarules.lint.domain import Key, is_computed
from slarules.model.event import Event, Raw
from slarules.model.expression import FactRef, Happened, StatusRef
from slarules.model.rules import Duty, OnOutcome, OnRemaining
from slarules.model.value import HOUR, MINUTE, Unknown, Value

Logs = tuple[tuple[Event, ...], tuple[Event, ...]]
"""One history in the words of the first contract, and of the second."""
FIXED = (-1, "")
DAY = 24 * HOUR
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@frozen
class Begun:
    """What has happened when the rule is set off."""

    logs: Logs
    subject: str
    kind: str
    at: int
    """The instant at which it is set off."""
    after: tuple[int, str] | None = None
    """It follows from another rule's breach: the contract, 0 or 1, and that rule; ``FIXED``: from something else, so
    that it cannot begin at another time."""

    def shifted(self, by: int) -> Begun:
        """The same, so many microseconds later; dates that are recorded move by whole days."""
        logs = tuple(tuple(evolve(event, at=event.at + by, facts=_later(event.facts, by)) for event in log)
                     for log in self.logs)
        return evolve(self, logs=(logs[0], logs[1]), at=self.at + by)


def _later(facts: Mapping[str, Raw], by: int) -> Mapping[str, Raw]:
    """Recorded dates moved by so many whole days as there are in a time; all else as it was."""
    days = timedelta(days=by // DAY)

    def moved(value: Raw) -> Raw:
        if isinstance(value, tuple):
            return tuple(moved(part) for part in value)
        if isinstance(value, str) and _DATE.fullmatch(value):
            return (date.fromisoformat(value) + days).isoformat()
        return value

    return {name: moved(value) for name, value in facts.items()}


def composed(
    bench: Bench, occasion: Occasion, own: Mapping[Key, Value], other: Mapping[Key, Value]
) -> Begun | None:
    """The occasion with these values of its own contract, and ``other`` of what only the other contract asks.

    None where no events bring it about. There is one history: what one contract has no word for stands in the other's
    log alone.
    """
    i, j = occasion.of, 1 - occasion.of
    point = Point(occasion.guarded.adopted, own, occasion.now)
    made = story(occasion.rule.kind, occasion.rule, occasion.trigger, point)
    if made is None:
        return None
    events = _ordered(made.events)
    lent = _agreement_of_other(bench, j, other, occasion) if made.agreement is None else None
    if lent is not None:
        first = next(n for n, e in enumerate(events) if e.subject == made.subject)
        events[first] = evolve(events[first], agreement=lent.agreement)
    lent_events = both(_ordered(lent.events), j, bench.languages) if lent is not None else ([], [])
    mine, its = both(events, i, bench.languages)
    logs = tuple(_ordered([*lent_events[0], *mine])), tuple(_ordered([*lent_events[1], *its]))
    told = _entitled(bench, i, logs, made.subject)
    told = _completed(bench, i, told, made.subject, other)
    return Begun(told, made.subject, occasion.rule.kind, made.at, _after(occasion))


def _after(occasion: Occasion) -> tuple[int, str] | None:
    """The rule whose breach sets this one off."""
    trigger = occasion.trigger
    if isinstance(trigger, OnOutcome) and trigger.outcome == "breached":
        return occasion.of, trigger.duty
    chosen = isinstance(occasion.rule, Duty) and occasion.rule.choice is not None
    return FIXED if chosen or isinstance(trigger, (OnOutcome, OnRemaining)) else None


def _ordered(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.at)


def _agreement_of_other(bench: Bench, j: int, other: Mapping[Key, Value], occasion: Occasion) -> Story | None:
    """The agreement as the other contract needs it; None where it needs none."""
    known = {key: value for key, value in other.items() if not isinstance(value, Unknown) and not is_computed(key)}
    asked = {key: value for key, value in known.items() if isinstance(key, StatusRef) or _of_agreement(key, bench, j)}
    if not asked:
        return None
    made = begun("ticket", Point(bench.sides[j].adopted, asked, occasion.now), asked, 1)
    return made if made is not None and made.agreement is not None else None


def _of_agreement(key: Key, bench: Bench, j: int) -> bool:
    if isinstance(key, FactRef):
        fact = bench.sides[j].terms.facts.get(key.name)
        return fact is not None and fact.kind == "agreement"
    return isinstance(key, Happened) and bench.sides[j].terms.events[key.pattern.type].kind == "agreement"


# ---- What only the other contract asks ------------------------------------------------------------------------------


def _entitled(bench: Bench, i: int, logs: Logs, subject: str) -> Logs:
    """Where the other contract lets somebody else assign the severity, that party says the same."""
    level, other = bench.levels[i], bench.levels[1 - i]
    severities = bench.sides[1 - i].terms.severities
    if level is None or other is None or severities is None:
        return logs
    assigners = severities.assigned_by if isinstance(severities.assigned_by, tuple) else ()
    said = [e for e in logs[1 - i] if e.subject == subject and "severity" in e.facts]
    if not assigners or not said or any(e.actor in assigners for e in said):
        return logs
    by = assigners[0]
    own = bench.languages[1 - i].parties.get(by, by)
    id, at = f"{subject}-severity_changed-too", said[0].at
    mine = Event(id, subject, "severity_changed", at, own, {"severity": level}, kind="ticket")
    its = Event(id, subject, "severity_changed", at, by, {"severity": other}, kind="ticket")
    pair = ((*logs[i], mine), (*logs[1 - i], its))
    first, second = pair if i == 0 else (pair[1], pair[0])
    return tuple(_ordered(first)), tuple(_ordered(second))


def _completed(bench: Bench, i: int, logs: Logs, subject: str, other: Mapping[Key, Value]) -> Logs:
    """The logs with the facts that only the other contract asks; told in both where both have a word."""
    j = 1 - i
    found = logs
    for key, value in other.items():
        if not isinstance(key, FactRef) or isinstance(value, Unknown) or is_computed(key):
            continue
        fact = bench.sides[j].terms.facts.get(key.name)
        if fact is None or any(key.name in event.facts for event in found[j]):
            continue
        whose = [n for n, e in enumerate(found[j]) if (e.subject == subject) is (fact.kind != "agreement")]
        if not whose:
            continue
        place = whose[-1] if fact.kind in ("any", "agreement") else whose[0]
        found = _with(bench, j, found, found[j][place].id, {key.name: raw(value)})
    return found


def _with(bench: Bench, j: int, logs: Logs, id: str, facts: Mapping[str, Raw]) -> Logs:
    """An event of both logs with further facts, given in the words of contract ``j``; what is there already stays."""
    told = []
    for of, log in enumerate(logs):
        words: dict[str, Raw] = {}
        for name, value in facts.items():
            said = (name, value) if of == j else bench.languages[j].fact(name, value)
            if said is not None:
                words[said[0]] = said[1]
        told.append(tuple(evolve(e, facts={**words, **e.facts}) if e.id == id else e for e in log))
    return told[0], told[1]


# ---- What happens then ----------------------------------------------------------------------------------------------


@frozen
class Deed:
    """Something done, in the words of one contract, with the facts of both."""

    of: int
    """In whose words it is said: 0 or 1."""
    type: str
    actor: str | None
    facts: Mapping[str, Raw]
    others: Mapping[str, Raw]
    """Facts that only the other contract asks, in its words."""


def done(bench: Bench, begun: Begun, deed: Deed, at: int) -> Begun:
    """The history with a deed at an instant; a contract without a word for it does not see it."""
    j = 1 - deed.of
    number = sum(event.type == deed.type for event in begun.logs[deed.of])
    id = f"{begun.subject}-{deed.type}" + (f"-{number + 1}" if number else "")
    taken = {event.id for log in begun.logs for event in log}
    while id in taken:
        id += "-again"
    event = Event(id, begun.subject, deed.type, at, deed.actor, dict(deed.facts), kind=begun.kind)
    mine, its = both([event], deed.of, bench.languages)
    logs: Logs = ((*begun.logs[0], *mine), (*begun.logs[1], *its))
    if deed.others:
        logs = _with(bench, j, logs, id, deed.others)
    return evolve(begun, logs=logs)


def happens(
    bench: Bench, begun: Begun, type: str, role: str, at: int, facts: Mapping[str, Raw] | None = None
) -> Begun:
    """The history with an event by a party of a role; ``facts`` in the words of the first contract."""
    return done(bench, begun, Deed(0, type, bench.sides[0].party(role), facts or {}, {}), at)


def soon(at: int, due: int | None) -> int:
    """A little later: ten minutes, or half of what is left."""
    return at + 10 * MINUTE if due is None or due - at > 20 * MINUTE else at + max(0, due - at) // 2
