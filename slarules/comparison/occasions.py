"""When a rule is set off in the ordinary course: the facts, the agreement's state and the instant that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, frozen

from slarules.analysis.guards import Guarded, Line
from slarules.analysis.moments import moments
from slarules.analysis.points import Goal, Space, TooLarge, ask, found, is_false, is_true
from slarules.analysis.pruning import pruned
from slarules.analysis.trials import indoors, promises, space_for, sure
from slarules.calendars import zones
from slarules.comparison.language import Language
from slarules.comparison.matching import Pair
from slarules.comparison.sides import Side
from slarules.engine.adopt import Adopted
from slarules.engine.folding import NO, YES, folded
from slarules.lint.domain import Domain, Key, domain_of, is_computed, opaque
from slarules.model.contract import Contract
from slarules.model.expression import Condition, FactRef, InCalendar, SeverityRef
from slarules.model.limit import ByEndOf, OnEach
from slarules.model.rules import Duty, OnEvent, Prohibition, Right, Trigger
from slarules.model.value import Unknown, Value
from slarules.model.walk import inside

Compared = Duty | Prohibition | Right
"""Rules that a ticket can keep or break."""
TRIGGERS = 3
"""Triggers of one rule that are tried."""


@frozen(eq=False, slots=False)
class Bench:
    """What one pair of rules is tried on, at one severity."""

    sides: tuple[Side, Side]
    languages: tuple[Language, Language]
    """From the first contract's names to the second's, and back."""
    pair: Pair
    levels: tuple[str | None, str | None]
    """The severity in each contract; None: the rules ask for none."""

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The rules' names in each contract."""
        return self.pair.ours, self.pair.theirs

    @cached_property
    def contracts(self) -> tuple[Contract, Contract]:
        """Each contract with these rules alone, and what bears on them."""
        a, b = (pruned(side.adopted, names) for side, names in zip(self.sides, self.names, strict=True))
        return a, b

    def rules(self, of: int) -> tuple[Compared, ...]:
        """The rules of one contract."""
        return rules_of(self.sides[of], self.pair.sort, self.names[of])


@define(eq=False)
class Occasion:
    """One rule of one contract with one of its triggers."""

    of: int
    """0 or 1: whose rule it is."""
    rule: Compared
    trigger: Trigger | None
    guarded: Guarded = field(repr=False)
    domain: Domain = field(repr=False)
    """What may be recorded that it asks for."""
    ordinary: Mapping[Key, Value]
    """Values under which it is owed."""
    now: int
    """An instant at which it is owed under these."""


def rules_of(side: Side, sort: str, names: Iterable[str]) -> tuple[Compared, ...]:
    """Rules of a contract by name, with every reading decided and what readings made idle left out."""
    where: Mapping[str, Any] = {"duty": side.terms.duties, "prohibition": side.terms.prohibitions,
                                "right": side.terms.rights}[sort]
    return tuple(where[name] for name in names)


def occasions(bench: Bench, of: int) -> Iterator[Occasion]:
    """The occasions of the rules of one contract; what cannot come about under its readings has none."""
    adopted = bench.sides[of].adopted
    for rule in bench.rules(of):
        triggers = rule.triggers if isinstance(rule, Duty) else ()
        for trigger in triggers[:TRIGGERS] or (None,):
            one = guarded(rule, trigger, adopted)
            made = _occasion(bench, of, one)
            if made is not None:
                yield made


def guarded(rule: Compared, trigger: Trigger | None, adopted: Adopted) -> Guarded:
    """The rule with everything that must hold at its trigger."""
    conditions = [folded(one) for one in (*rule.only_if, *rule.whiles)]
    if isinstance(trigger, OnEvent):
        conditions += [InCalendar(name, so) for name, so in ((trigger.during, True), (trigger.outside, False)) if name]
    if isinstance(rule, Right) and rule.during is not None:
        conditions.append(InCalendar(rule.during, True))
    lines = tuple(Line("if", opaque(one), rule.citation.rule, None) for one in conditions if one != YES)
    return Guarded(rule, trigger, lines, adopted)


def _occasion(bench: Bench, of: int, one: Guarded) -> Occasion | None:
    assert isinstance(one.rule, (Duty, Prohibition, Right))
    scopes, inside_goals = _indoors(one)
    level = bench.levels[of]
    space = _narrowed(space_for(one, *scopes), bench, of)
    goals = [*sure(one, *scopes), *promises(one), *inside_goals,
             *(ask(condition, one.adopted.terms, is_true) for condition in one.conditions)]
    try:
        point = found(space, goals)
    except TooLarge:
        return None
    if point is None:
        return None
    values = dict(point.values)
    if level is not None and one.rule.kind == "ticket":
        values[SeverityRef()] = level
    keys = {key: several for key, several in space.domain.values.items() if not is_computed(key)}
    for key, several in _dates_of(one.rule, bench.sides[of], point.now):
        keys[key] = several
        values[key] = several[0]
    return Occasion(of, one.rule, one.trigger, one, Domain(keys), values, point.now)


def _dates_of(rule: Compared, side: Side, now: int) -> Iterator[tuple[FactRef, tuple[Value, ...]]]:
    """The recorded dates that a limit asks, a few days on."""
    today = zones.local_date(now, side.zone)
    one, later, last = (today + timedelta(days=n) for n in (4, 8, 30))
    for part in inside(rule.limit) if isinstance(rule, Duty) else ():
        if isinstance(part, ByEndOf) and part.date in side.terms.facts:
            yield FactRef(part.date), (one, later, last)
        elif isinstance(part, OnEach):
            yield FactRef(part.fact), ((one, later), (last,))


def _indoors(one: Guarded) -> tuple[tuple[Condition, ...], list[Goal]]:
    """Scopes of the rule's kind without what readings decided, and the goals that none leaves the subject outside."""
    scopes, _ = indoors(one)
    told = tuple(simple for scope in scopes if (simple := folded(scope)) != NO)
    return told, [ask(scope, one.adopted.terms, is_false) for scope in told]


def _narrowed(space: Space, bench: Bench, of: int) -> Space:
    """The space at the bench's severity, and where there is a choice, of values that both contracts have words for."""
    level, language = bench.levels[of], bench.languages[of]
    values: dict[Key, tuple[Value, ...]] = {}
    for key, several in space.domain.values.items():
        if isinstance(key, SeverityRef) and level is not None:
            several = (level,)
        elif isinstance(key, FactRef) and key.name in language.values:
            shared = tuple(v for v in several if isinstance(v, Unknown) or v in language.values[key.name])
            rest = tuple(v for v in several if v not in shared)
            several = (*shared, *rest)
        values[key] = several
    return evolve(space, domain=Domain(values))


# ---- What an act asks for --------------------------------------------------------------------------------------------


def favourable(conditions: Iterable[Condition], adopted: Adopted, language: Language, level: str | None,
               now: int) -> tuple[Mapping[Key, Value], Domain]:
    """Values under which conditions hold, and the domain of all they ask; no values where there are none."""
    asked = tuple(opaque(one) for one in map(folded, conditions) if one != YES)
    calendars = frozenset(part.calendar for part in inside(asked) if isinstance(part, InCalendar))
    domain = domain_of(asked, adopted.terms)
    keys: dict[Key, tuple[Value, ...]] = {}
    for key, several in domain.values.items():
        if isinstance(key, SeverityRef) and level is not None:
            several = (level,)
        if isinstance(key, FactRef) and key.name in language.values:
            several = tuple(sorted(several, key=lambda v: v not in language.values[key.name]))
        keys[key] = several
    space = Space(adopted, Domain(keys), (now, *moments(adopted, calendars)))
    try:
        point = found(space, [ask(one, adopted.terms, is_true) for one in asked])
    except TooLarge:
        point = None
    known = {key: value for key, value in (point.values if point is not None else {}).items()
             if not isinstance(value, Unknown) and not is_computed(key)}
    return known, Domain({key: several for key, several in keys.items() if not is_computed(key)})
