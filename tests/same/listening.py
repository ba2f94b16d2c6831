"""What a contract's rules listen to: events, parties, facts and lengths of time, for logs that they have use for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from attrs import frozen

from slarules.model.contract import Contract
from slarules.model.expression import FactRef, Pattern
from slarules.model.rules import Fact, Severities
from slarules.model.value import HOUR, Elapsed
from slarules.model.walk import inside


@frozen
class Words:
    """What a contract listens to."""

    facts: Mapping[str, Fact]
    kinds: Mapping[str, str | None]
    """Event type → the kind of subject."""
    wanted: Mapping[str, tuple[str, ...]]
    """Kind → the event types that its rules name, each as often as they do."""
    by: Mapping[str, tuple[str, ...]]
    """Event type → the parties by whom rules want it."""
    asked: tuple[str, ...]
    """Facts that rules ask for."""
    levels: tuple[str, ...]
    parties: tuple[str, ...]
    assigners: tuple[str, ...]
    """Who may set a severity at first and later; none: anyone, or as a reading says."""
    spans: tuple[int, ...]
    """Lengths of time that rules name, in microseconds."""
    choices: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...]
    others: tuple[str, ...]
    """Kinds of subject besides tickets and agreements."""
    way: int | None = None
    """How a log writes values; None: each in its own way."""


@lru_cache(maxsize=64)
def words_of(contract: Contract) -> Words:
    """What a contract's rules listen to, in all its versions."""
    last = contract.versions[-1]
    everything = [part for terms in contract.versions for part in inside(_rules(terms))]
    patterns = [part for part in everything if isinstance(part, Pattern)]
    kinds = {name: event.kind for name, event in last.events.items()}
    wanted: dict[str, list[str]] = {}
    by: dict[str, list[str]] = {}
    for pattern in patterns:
        wanted.setdefault(kinds.get(pattern.type) or "ticket", []).append(pattern.type)
        if pattern.by is not None:
            by.setdefault(pattern.type, []).append(pattern.by)
    spans = {part.micros for part in everything if isinstance(part, Elapsed)}
    return Words(
        last.facts,
        kinds,
        {kind: tuple(names) for kind, names in wanted.items()},
        {name: tuple(parties) for name, parties in by.items()},
        tuple(sorted({part.name for part in everything if isinstance(part, FactRef)} | _dates(everything, last.facts))),
        tuple(level.name for level in last.severities.levels) if last.severities else (),
        tuple(party.name for party in contract.parties),
        _assigners(last.severities),
        tuple(sorted(spans)) or (HOUR,),
        {name: tuple(option for option, _ in choice.options) for name, choice in last.choices.items()},
        tuple(last.roles),
        tuple(sorted({kind for kind in kinds.values() if kind not in (None, "ticket", "agreement")})),
    )


def _rules(terms: object) -> tuple[object, ...]:
    names = ("duties", "prohibitions", "rights", "choices", "statuses", "scopes", "tables", "severities")
    found: list[object] = []
    for name in names:
        value = getattr(terms, name)
        found += value.values() if isinstance(value, Mapping) else [value]
    return tuple(found)


def _dates(parts: Sequence[object], facts: Mapping[str, Fact]) -> set[str]:
    """Facts that limits name: dates and lists of dates."""
    named = {getattr(part, at, None) for part in parts for at in ("date", "fact", "keeps")}
    return {name for name in named if isinstance(name, str) and name in facts}


def _assigners(severities: Severities | None) -> tuple[str, ...]:
    """The parties whose word both assigns a level and changes it."""
    if severities is None or not isinstance(severities.assigned_by, tuple):
        return ()
    changing = severities.changed_by if isinstance(severities.changed_by, tuple) else ()
    both = [name for name in severities.assigned_by if not changing or name in changing]
    return tuple(both) or severities.assigned_by
