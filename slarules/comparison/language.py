"""What one contract's names are called in the other: parties by role, severities by order, facts and events by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from slarules.columnar.log.coding import Coded
from slarules.columnar.review.either import Log
from slarules.columnar.review.rewording import Words, reworded
from slarules.comparison.sides import Side
from slarules.model.event import Event, Raw
from slarules.model.rules import FactType

BY_NAME, BY_ORDER, AS_SAID = "by name", "by order, gravest first", "as you said"


@frozen(eq=False)
class Language:
    """From the names of one contract, the first, to those of the other. What has no entry has no word there."""

    parties: Mapping[str, str]
    """Party → party of the same role."""
    severities: Mapping[str, str]
    """Level → level."""
    severities_by: str
    """How the levels were matched."""
    events: Mapping[str, str]
    """Event type → event type."""
    facts: Mapping[str, str]
    """Fact → fact of the same kind of value."""
    values: Mapping[str, Mapping[str, str]]
    """Fact whose values are listed → value → value."""
    choices: Mapping[str, str]
    """Choice → choice; their options by name."""

    def fact(self, name: str, value: Raw) -> tuple[str, Raw] | None:
        """A recorded fact in the other's words; None where there are none for it."""
        if name == "severity":
            level = self.severities.get(str(value).strip())
            return None if level is None else ("severity", level)
        if name == "on":
            return "on", self.parties.get(str(value), value)
        if name in self.choices:
            return self.choices[name], value
        if name not in self.facts:
            return None
        if name in self.values:
            word = self.values[name].get(str(value))
            return None if word is None else (self.facts[name], word)
        return self.facts[name], value


@frozen
class Untold:
    """What a translated log lost: the other contract has no word for it."""

    events: Mapping[str, int] = field(factory=dict)
    """Event type → events of it."""
    facts: Mapping[str, int] = field(factory=dict)
    """Fact, or `fact is value` → times."""


def translated_log(log: Log, language: Language) -> tuple[Log, Untold]:
    """``translated``, of events or of a coded log alike. Raises ``BadTable``."""
    if not isinstance(log, Coded):
        return translated(log, language)
    words = Words(
        lambda type: _type(type, language),
        lambda actor: _party(actor, language),
        lambda type, name, value: _said(type, name, value, language),
        lambda name, value: _lacking(name, value, language),
    )
    told, lost, unsaid = reworded(log, words)
    return told, Untold(dict(sorted(lost.items())), dict(sorted(unsaid.items())))


def translated(events: Iterable[Event], language: Language) -> tuple[list[Event], Untold]:
    """The same history in the other contract's words, and what that leaves untold. Ids, times and subjects stay."""
    told: list[Event] = []
    lost: Counter[str] = Counter()
    unsaid: Counter[str] = Counter()
    for event in events:
        type = _type(event.type, language)
        if type is None:
            lost[event.type] += 1
            continue
        facts: dict[str, Raw] = {}
        for name, value in event.facts.items():
            said = _said(event.type, name, value, language) if value is not None else None
            if said is not None:
                facts[said[0]] = said[1]
            elif value is not None:
                unsaid[_lacking(name, value, language)] += 1
        told.append(evolve(event, type=type, actor=_party(event.actor, language), facts=facts))
    return told, Untold(dict(sorted(lost.items())), dict(sorted(unsaid.items())))


def _type(type: str, language: Language) -> str | None:
    return type if type in ("corrected", "retracted") else language.events.get(type)


def _said(type: str, name: str, value: Raw, language: Language) -> tuple[str, Raw] | None:
    """A fact that an event of a type records, in the other's words; None where there are none for it."""
    if type == "corrected" and name in ("at", "type", "actor", "subject"):
        return name, _changed(name, value, language)
    return language.fact(name, value)


def _lacking(name: str, value: Raw, language: Language) -> str:
    """What a fact without a word is called."""
    return f"{name} is {value}" if name in language.facts or name == "severity" else name


def _changed(name: str, value: Raw, language: Language) -> Raw:
    if name == "actor":
        return _party(str(value), language)
    return language.events.get(str(value), str(value)) if name == "type" else value


def _party(actor: str | None, language: Language) -> str | None:
    if actor is None or actor in ("provider", "customer"):
        return actor
    by_letters = {name.lower(): other for name, other in language.parties.items()}
    return language.parties.get(actor) or by_letters.get(actor) or actor


def back(ours: Side, theirs: Side, there: Language, names: Mapping[str, str]) -> Language:
    """The language of the other direction: from the names of ``theirs`` to those of ``ours``."""
    turned = language(theirs, ours, reversed_names(names))
    return evolve(turned, severities=reversed_pairs(there.severities), severities_by=there.severities_by)


def language(
    ours: Side, theirs: Side, names: Mapping[str, str] | None = None, levels: Mapping[str, str] | None = None
) -> Language:
    """What the names of ``ours`` are in ``theirs``.

    ``names`` says so of facts, events and choices, and as ``fact.value`` → value; ``levels`` of severities.
    """
    said = names or {}
    severities, by = _severities(ours.levels, theirs.levels, levels or {})
    facts = _facts(ours, theirs, said)
    choices = {n: said.get(n, n) for n in ours.terms.choices if said.get(n, n) in theirs.terms.choices}
    return Language(_parties(ours, theirs), severities, by, _events(ours, theirs, said), facts,
                    _values(ours, theirs, facts, said), choices)


def reversed_pairs(pairs: Mapping[str, str]) -> dict[str, str]:
    """The other way round; of several names for one thing the first."""
    turned: dict[str, str] = {}
    for name, other in pairs.items():
        turned.setdefault(other, name)
    return turned


def reversed_names(names: Mapping[str, str]) -> dict[str, str]:
    """What was said of names, said from the other side; of values the fact's name goes over with them."""
    turned: dict[str, str] = {}
    for name, other in names.items():
        fact, dot, value = name.partition(".")
        if dot:
            turned.setdefault(f"{names.get(fact, fact)}.{other}", value)
        else:
            turned.setdefault(other, name)
    return turned


def _parties(ours: Side, theirs: Side) -> dict[str, str]:
    """By role; others than provider and customer by name, else in order."""
    found: dict[str, str] = {}
    for role in ("provider", "customer", "other"):
        mine = [party.name for party in ours.contract.parties if party.role == role]
        its = [party.name for party in theirs.contract.parties if party.role == role]
        same = [name for name in mine if name in its]
        found |= dict(zip([*same, *(n for n in mine if n not in same)],
                          [*same, *(n for n in its if n not in same)], strict=False))
    return found


def _severities(mine: tuple[str, ...], its: tuple[str, ...], said: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """By name where all of one contract's names are the other's too; else by order."""
    if set(mine) <= set(its) or set(its) <= set(mine):
        found, by = {name: name for name in mine if name in its}, BY_NAME
    else:
        found, by = dict(zip(mine, its, strict=False)), BY_ORDER
    if said:
        found = found | dict(said)
        by = f"{by}; {AS_SAID}: {', '.join(f'{name} = {other}' for name, other in said.items())}"
    return {name: found[name] for name in mine if name in found}, by


def _events(ours: Side, theirs: Side, said: Mapping[str, str]) -> dict[str, str]:
    mine, its = ours.terms.events, theirs.terms.events
    found = {name: said.get(name, name) for name in mine if said.get(name, name) in its}
    return {name: other for name, other in found.items() if mine[name].kind == its[other].kind}


def _facts(ours: Side, theirs: Side, said: Mapping[str, str]) -> dict[str, str]:
    mine, its = ours.terms.facts, theirs.terms.facts
    found = {}
    for name, fact in mine.items():
        other = its.get(said.get(name, name))
        same_kind = other is not None and (other.kind == fact.kind or "any" in (other.kind, fact.kind))
        if other is not None and same_kind and _alike(fact.type, other.type):
            shared = {said.get(f"{name}.{value}", value) for value in fact.type.values} & set(other.type.values)
            if shared or fact.type.kind != "one_of":
                found[name] = other.name
    return found


def _alike(one: FactType, other: FactType) -> bool:
    return (one.kind, one.currency) == (other.kind, other.currency)


def _values(
    ours: Side, theirs: Side, facts: Mapping[str, str], said: Mapping[str, str]
) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for name, other in facts.items():
        mine, its = ours.terms.facts[name].type, theirs.terms.facts[other].type
        if mine.kind == "one_of":
            pairs = {value: said.get(f"{name}.{value}", value) for value in mine.values}
            found[name] = {value: word for value, word in pairs.items() if word in its.values}
    return found
