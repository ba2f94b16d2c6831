"""Which rules of two contracts answer to each other, and by what: never guessed in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from slarules.comparison.language import AS_SAID, BY_NAME, Language, back, language
from slarules.comparison.sides import Side
from slarules.comparison.structure import Names, essence
from slarules.model.contract import Terms
from slarules.model.expression import AllOf
from slarules.model.rules import (
    Choice,
    Duty,
    OnBoth,
    OnEvent,
    OnOutcome,
    OnRemaining,
    OnState,
    Prohibition,
    Right,
    Trigger,
)

SORTS: Mapping[str, str] = {
    "duty": "duties", "prohibition": "prohibitions", "right": "rights", "choice": "choices", "scope": "scopes",
    "status": "statuses", "allowance": "allowances", "amount": "amounts", "role": "roles", "table": "tables",
    "calendar": "calendars", "holidays": "holidays",
}  # fmt: skip
"""What rules are called → where ``Terms`` has them."""
BY_ACT = "by act, roles, subject and trigger"
BY_DEED = "by what performs them, roles, subject and trigger"
BY_EVENT = "by act, roles and events"
THE_ONLY = "each contract has one"


class NoSuchName(ValueError):
    """Something said to match that neither contract, or only one of them, has."""


@frozen
class Pair:
    """Rules of the two contracts that answer to each other; several of one act count as one."""

    sort: str
    """A key of ``SORTS``; targets are among the duties."""
    ours: tuple[str, ...]
    """Names in the first contract."""
    theirs: tuple[str, ...]
    """Names in the second."""
    by: str
    """What they were matched by, in words."""

    def mirrored(self) -> Pair:
        """The same, seen from the other contract."""
        return evolve(self, ours=self.theirs, theirs=self.ours)


@frozen(eq=False)
class Matching:
    """What was matched with what."""

    versions: str | None
    """Why the two are taken for versions of one contract; None: they are different contracts."""
    there: Language
    """From the first contract's names to the second's."""
    back: Language
    """And the other way."""
    pairs: tuple[Pair, ...]
    """In the first contract's order."""
    only_ours: tuple[tuple[str, str], ...]
    """Sort and name of what only the first contract has."""
    only_theirs: tuple[tuple[str, str], ...]
    """The same of the second."""
    idle: tuple[frozenset[str], frozenset[str]] = field(default=(frozenset(), frozenset()))
    """Duties of each that are never owed under the readings at hand."""

    def mirrored(self) -> Matching:
        """The same, seen from the other contract."""
        return Matching(self.versions, self.back, self.there, tuple(pair.mirrored() for pair in self.pairs),
                        self.only_theirs, self.only_ours, (self.idle[1], self.idle[0]))


def matched(
    ours: Side, theirs: Side, said: Mapping[str, str] | None = None, levels: Mapping[str, str] | None = None
) -> Matching:
    """What of two contracts answers to what. ``said`` names what does, as ``--match``; ``levels`` as ``--severity``.

    Raises NoSuchName.
    """
    names, order = said or {}, levels or {}
    _check(ours, theirs, names, order)
    there = language(ours, theirs, names, order)
    versions = _versions(ours, theirs)
    idle = (_idle(ours), _idle(theirs))
    pairs: list[Pair] = []
    for sort, where in SORTS.items():
        mine, its = list(getattr(ours.terms, where)), list(getattr(theirs.terms, where))
        found = [Pair(sort, (name,), (names[name],), AS_SAID) for name in mine if names.get(name) in its]
        free = _left(mine, found, True), _left(its, found, False)
        by_name = versions is not None or sort not in ("duty", "prohibition", "right")
        if by_name:
            found += [Pair(sort, (name,), (name,), BY_NAME) for name in free[0] if name in free[1]]
        found += _further(sort, ours, theirs, there, idle, found)
        pairs += sorted(found, key=lambda pair: mine.index(pair.ours[0]))
    rest = [_only(side, pairs, of_ours) for side, of_ours in ((ours, True), (theirs, False))]
    return Matching(versions, there, back(ours, theirs, there, names), tuple(pairs), rest[0], rest[1], idle)


def _versions(ours: Side, theirs: Side) -> str | None:
    a, b = ours.contract, theirs.contract
    if a.name == b.name:
        return f"both are named `{a.name}`"
    if [(p.name, p.role) for p in a.parties] == [(p.name, p.role) for p in b.parties]:
        return "their parties are the same"
    return None


def _check(ours: Side, theirs: Side, names: Mapping[str, str], levels: Mapping[str, str]) -> None:
    for level, other in levels.items():
        for name, side, which in ((level, ours, "first"), (other, theirs, "second")):
            if name not in side.levels:
                there = ", ".join(f"`{one}`" for one in side.levels) or "none"
                raise NoSuchName(f"the {which} contract has no severity `{name}`, only {there}")
    for name, other in names.items():
        fact, dot, value = name.partition(".")
        mine = ours.terms.facts[fact].type.values if dot and fact in ours.terms.facts else ()
        if (dot and value in mine) or (not dot and _sorts_of(name, ours.terms) & _sorts_of(other, theirs.terms)):
            continue
        known = _sorts_of(name, ours.terms) if not dot else set()
        why = "the first contract has no such rule, fact, event or choice" if not known else (
            f"the second contract has no {' or '.join(sorted(known))} `{other}`")
        raise NoSuchName(f"`{name}` cannot be matched with `{other}`: {why}")


def _sorts_of(name: str, terms: Terms) -> set[str]:
    found = {sort for sort, where in SORTS.items() if name in getattr(terms, where)}
    return found | ({"fact"} if name in terms.facts else set()) | ({"event"} if name in terms.events else set())


def _left(names: Iterable[str], pairs: Iterable[Pair], of_ours: bool) -> list[str]:
    taken = {name for pair in pairs for name in (pair.ours if of_ours else pair.theirs)}
    return [name for name in names if name not in taken]


def _only(side: Side, pairs: Iterable[Pair], of_ours: bool) -> tuple[tuple[str, str], ...]:
    found = []
    for sort, where in SORTS.items():
        of_sort = [pair for pair in pairs if pair.sort == sort]
        found += [(sort, name) for name in _left(getattr(side.terms, where), of_sort, of_ours)]
    return tuple(found)


def _idle(side: Side) -> frozenset[str]:
    """Duties and choices whose conditions never hold as read, and what only they set off."""
    terms, found = side.terms, set[str]()
    rules: tuple[Duty | Choice, ...] = (*terms.duties.values(), *terms.choices.values())
    for rule in rules:
        if essence(AllOf(rule.only_if), Names(side, None)) is False:
            found.add(rule.name)
    for _ in rules:
        for rule in rules:
            called = isinstance(rule, Duty) and rule.choice in found
            after = bool(rule.triggers) and all(
                isinstance(one, (OnOutcome, OnRemaining)) and one.duty in found for one in rule.triggers)
            if called or after:
                found.add(rule.name)
    return frozenset(found)


# ---- Rules whose names differ ---------------------------------------------------------------------------------------


def _further(
    sort: str, ours: Side, theirs: Side, there: Language, idle: tuple[frozenset[str], frozenset[str]],
    found: list[Pair],
) -> list[Pair]:
    """Pairs of rules that have no partner by name or as said."""
    where = SORTS[sort]
    rules: tuple[Mapping[str, Any], Mapping[str, Any]] = (getattr(ours.terms, where), getattr(theirs.terms, where))
    mine = [rules[0][name] for name in _left(rules[0], found, True) if name not in idle[0]]
    its = [rules[1][name] for name in _left(rules[1], found, False) if name not in idle[1]]
    match sort:
        case "duty":
            return _of_duties(ours, theirs, there, mine, its)
        case "prohibition" | "right":
            return _of_acts(sort, ours, theirs, there, mine, its)
        case "calendar" if len(mine) == len(its) == 1 and not found:
            return [Pair(sort, (mine[0].name,), (its[0].name,), THE_ONLY)]
    return []


def _of_duties(ours: Side, theirs: Side, there: Language, mine: list[Duty], its: list[Duty]) -> list[Pair]:
    """Families of duties: first those of the same act, then those of which an act of one performs the other.

    Of several partners it is the one with which most events are shared.
    """
    a, b = _families(ours, mine), _families(theirs, its)
    pairs = []
    for rule, by in ((_same_act, BY_ACT), (_deed_of_other, BY_DEED)):
        could = [(key, k) for key, family in a.items() for k, other in b.items()
                 if key[1:] == k[1:] and rule(ours, family, other, there)]
        for key, partner in sorted(could, key=lambda both: -len(_shared(a[both[0]], b[both[1]], there))):
            if key in a and partner in b:
                pairs.append(Pair("duty", _names(a.pop(key)), _names(b.pop(partner)), by))
    return pairs


def _names(rules: Iterable[Any]) -> tuple[str, ...]:
    return tuple(rule.name for rule in rules)


def _families(side: Side, duties: Iterable[Duty]) -> dict[tuple[Any, ...], list[Duty]]:
    """Act, role, subject and trigger → the duties."""
    found: dict[tuple[Any, ...], list[Duty]] = {}
    for duty in duties:
        trigger = duty.triggers[0] if duty.triggers else None
        key = (duty.act, role_of(side, duty.bearer), duty.kind, duty.keeps is not None, *_set_off(trigger, side))
        found.setdefault(key, []).append(duty)
    return found


def _set_off(trigger: Trigger | None, side: Side) -> tuple[str, ...]:
    """What sets a duty off, in words that every contract has."""
    match trigger:
        case OnEvent(pattern):
            return ("when", pattern.type)
        case OnBoth(first, second):
            return ("when both", *sorted((first.pattern.type, second.pattern.type)))
        case OnOutcome(duty, outcome):
            return ("after", outcome, side.terms.duties[duty].act)
        case OnRemaining(duty):
            return ("before the end of", side.terms.duties[duty].act)
        case OnState():
            return ("on a state",)
        case None:
            return ("by a choice",)
    return (type(trigger).__name__,)


def role_of(side: Side, party: str | None) -> str:
    """A party's role; of one that the contract does not name, the name."""
    return next((one.role for one in side.contract.parties if one.name == party), party or "")


def _events(duties: Iterable[Duty]) -> set[str]:
    return {pattern.type for duty in duties for pattern in duty.performance.patterns}


def _shared(mine: list[Duty], its: list[Duty], there: Language) -> set[str]:
    """Events of the first contract that perform the duties of both."""
    return {event for event in _events(mine) if there.events.get(event) in _events(its)}


def _same_act(ours: Side, mine: list[Duty], its: list[Duty], there: Language) -> bool:
    """The same word for what is done, and some event that does it, or something to be kept so, under both."""
    if mine[0].act != its[0].act:
        return False
    if mine[0].keeps is not None:
        return bool({there.facts.get(duty.keeps or "") for duty in mine} & {duty.keeps for duty in its})
    return bool(_shared(mine, its, there)) or not (_events(mine) or _events(its))


def _deed_of_other(ours: Side, mine: list[Duty], its: list[Duty], there: Language) -> bool:
    """Whether the act that one of them is named for performs the other as well."""
    acts = {mine[0].act, its[0].act}
    return any(ours.terms.events[event].act in acts for event in _shared(mine, its, there))


def _of_acts(
    sort: str, ours: Side, theirs: Side, there: Language,
    mine: list[Prohibition | Right], its: list[Prohibition | Right],
) -> list[Pair]:
    """Prohibitions and rights: those of the same act and party about the same events; several count as one."""
    a, b = _acts(ours, mine, there.events), _acts(theirs, its, None)
    return [Pair(sort, _names(rules), _names(b[key]), BY_EVENT) for key, rules in a.items() if key in b]


def _acts(
    side: Side, rules: Iterable[Prohibition | Right], events: Mapping[str, str] | None
) -> dict[tuple[Any, ...], list[Prohibition | Right]]:
    """Act, kind of subject, roles and events in the second contract's words → the rules."""
    found: dict[tuple[Any, ...], list[Prohibition | Right]] = {}
    for rule in rules:
        happens = frozenset(pattern.type if events is None else events.get(pattern.type) for pattern in rule.patterns)
        bearers = rule.bearers if isinstance(rule, Prohibition) else (rule.holder,)
        roles = frozenset(role_of(side, party) for party in bearers)
        found.setdefault((rule.act, rule.kind, roles, happens), []).append(rule)
    return found
