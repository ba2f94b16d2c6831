"""Rule by rule and severity by severity: is it the same, stricter or looser for whoever owes; and a ticket shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from slarules.comparison.matching import Matching, Pair
from slarules.comparison.occasions import Bench
from slarules.comparison.plainest import plainest, rejudged
from slarules.comparison.sides import Side
from slarules.comparison.structure import Names, essence
from slarules.comparison.tickets import Tried
from slarules.comparison.trials import tickets, trial
from slarules.comparison.trying import CHANGED, COURSE, DONE, DUE, RECORDED
from slarules.model.expression import AllOf
from slarules.model.rules import Duty, OnOutcome, OnRemaining
from slarules.model.value import HOUR

SAME, STRICTER, LOOSER, NOT_COMPARABLE = "same", "stricter", "looser", "not comparable"
NO_DIFFERENCE, NOT_TRIED = "no difference found", "not tried"
VERDICTS = (SAME, STRICTER, LOOSER, NOT_COMPARABLE, NO_DIFFERENCE, NOT_TRIED)
"""Of the second contract against the first, for whoever owes. ``same``: the rules are equal once names are mapped.
``no difference found``: they are written otherwise, and no ticket tried told them apart. ``not tried``: no events were
found that set them off."""
MIRRORED = {STRICTER: LOOSER, LOOSER: STRICTER}
ASPECTS = (DUE, RECORDED, DONE, COURSE)
JUDGED = ("duty", "prohibition", "right")
"""Sorts of rules that tickets keep and break."""
KEPT_BACK = 8
"""Tickets of each direction that are kept to choose the one that is shown."""
DATED = ("Civil", "by_end_of", "on_each", "BeforeTermEnds", "Between", "Shifted", "NextAnniversary", "each_term")
"""What makes a rule hang on the contract's own zone."""


@frozen
class Deadlines:
    """When it is due, of tickets begun at each full hour of an ordinary week."""

    earlier: int
    """Hours at which it is due earlier under the second contract."""
    later: int
    """Hours at which it is due later."""
    alike: int
    """Hours at which it is due at the same instant, or owed under neither."""
    once: int
    """Hours at which only one of the two has a deadline."""

    def mirrored(self) -> Deadlines:
        """The same, seen from the other contract."""
        return evolve(self, earlier=self.later, later=self.earlier)


@frozen
class Row:
    """One pair of rules at one severity."""

    pair: Pair
    levels: tuple[str, str] | None
    """The severity in each contract; None: it makes no difference to these rules, or they are about no ticket."""
    verdict: str
    """One of ``VERDICTS``."""
    ordinary: str | None = None
    """The same of tickets in the ordinary course alone: begun at many instants, and done early or late."""
    changing: bool = False
    """Whether it is about tickets whose severity changes; all other rows are about those that keep theirs."""
    tried: int = 0
    """Different tickets that both contracts judged, nothing being unknown."""
    untold: int = 0
    """Tickets tried of which one of them could say nothing for want of a fact."""
    examples: tuple[Tried, ...] = field(default=(), repr=False)
    """Stricter: a ticket that is worse for whoever owes under the second contract. Looser: under the first. Not
    comparable: one of each, in this order."""
    deadlines: Deadlines | None = None
    """None: it has no deadlines, or they were not laid side by side."""
    idle: bool = False
    """Whether neither contract ever owes it, as its readings are chosen."""

    @property
    def level(self) -> str:
        """The severity in the words of both contracts; empty where it makes no difference."""
        if self.changing:
            return "as it changes"
        if self.levels is None:
            return ""
        return self.levels[0] if self.levels[0] == self.levels[1] else f"{self.levels[0]} = {self.levels[1]}"

    def mirrored(self) -> Row:
        """The same, seen from the other contract."""
        return evolve(
            self,
            pair=self.pair.mirrored(),
            levels=None if self.levels is None else (self.levels[1], self.levels[0]),
            verdict=MIRRORED.get(self.verdict, self.verdict),
            ordinary=MIRRORED.get(self.ordinary or "", self.ordinary),
            examples=tuple(one.mirrored() for one in reversed(self.examples)),
            deadlines=self.deadlines and self.deadlines.mirrored(),
        )


def rows(ours: Side, theirs: Side, matching: Matching, done: Callable[[int, int], None] | None = None,
         only: frozenset[str] = frozenset()) -> tuple[Row, ...]:
    """Each pair of duties, targets, prohibitions and rights, at each severity, in the first contract's order.

    ``done`` is told pairs compared and pairs in all; ``only`` names rules of either contract to look at, all if none.
    """
    if _rank(ours) > _rank(theirs):  # the tickets tried are the same, whichever contract comes first
        turned = rows(theirs, ours, matching.mirrored(), done, only)
        place = {pair: n for n, pair in enumerate(matching.pairs)}
        return tuple(sorted((row.mirrored() for row in turned), key=lambda row: place[row.pair]))
    pairs = [pair for pair in matching.pairs if pair.sort in JUDGED]
    pairs = [pair for pair in pairs if not only or only & {*pair.ours, *pair.theirs}]
    found: list[Row] = []
    for number, pair in enumerate(pairs, 1):
        found += _of_pair((ours, theirs), matching, pair)
        if done is not None:
            done(number, len(pairs))
    return tuple(found)


def _rank(side: Side) -> tuple[str, ...]:
    return (side.stated.policy.text, *(f"{name}={option}" for name, option in sorted(side.readings.items())))


def _of_pair(sides: tuple[Side, Side], matching: Matching, pair: Pair) -> Iterator[Row]:
    awake = evolve(pair, ours=_awake(pair.ours, matching.idle[0]), theirs=_awake(pair.theirs, matching.idle[1]))
    if not awake.ours and not awake.theirs:
        yield Row(pair, None, SAME, idle=True)
        return
    names = Names(sides[0], None), Names(sides[1], matching.back)
    levels = list(matching.there.severities.items()) if _is_about_tickets(sides, pair) else []
    forms = {both: tuple(_form(sides[n], awake, n, names[n].at(both[n])) for n in (0, 1)) for both in levels}
    if len(set(forms.values())) == 1 or not levels:
        own = tuple(_form(sides[n], awake, n, names[n].at(levels[0][n] if levels else None)) for n in (0, 1))
        yield _row(sides, matching, pair, awake, levels[0] if levels else None, own[0] == own[1], True)
    else:
        for both in levels:
            owed = any(_arises(name, sides[n], both[n]) for n in (0, 1) for name in (awake.ours, awake.theirs)[n])
            if owed or pair.sort != "duty":
                yield _row(sides, matching, pair, awake, both, forms[both][0] == forms[both][1], False)
            else:
                yield Row(pair, both, SAME, idle=True)
    duties = matching.versions is not None and pair.sort == "duty" and levels
    if duties and _follows(sides, awake, names, 0) != _follows(sides, awake, names, 1):
        yield from _of_changes(sides, matching, pair, awake, levels)


def _arises(name: str, side: Side, level: str) -> bool:
    """Whether a duty may be owed of tickets at this severity: its conditions, and what sets it off, allow it."""
    terms = side.terms
    rule = terms.duties.get(name) or terms.choices.get(name)
    if rule is None or essence(AllOf(rule.only_if), Names(side, None, level)) is False:
        return False
    if isinstance(rule, Duty) and rule.choice is not None and not _arises(rule.choice, side, level):
        return False
    return not rule.triggers or any(
        not isinstance(one, (OnOutcome, OnRemaining)) or one.duty == name or _arises(one.duty, side, level)
        for one in rule.triggers)


def _awake(names: tuple[str, ...], idle: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in idle)


def _is_about_tickets(sides: tuple[Side, Side], pair: Pair) -> bool:
    where: Any = {"duty": "duties", "prohibition": "prohibitions", "right": "rights"}[pair.sort]
    return any(getattr(sides[0].terms, where)[name].kind == "ticket" for name in pair.ours)


def _form(side: Side, pair: Pair, of: int, names: Names) -> Any:
    """Everything that the rules of one contract say, and what bears on any rule: equal forms are the same."""
    terms = side.terms
    mapping: Any = {"duty": terms.duties, "prohibition": terms.prohibitions, "right": terms.rights}[pair.sort]
    rules = [mapping[name] for name in (pair.ours if of == 0 else pair.theirs)]
    kinds = {rule.kind for rule in rules}
    scopes = frozenset(essence(scope, names) for scope in terms.scopes.values() if scope.kind in kinds)
    statuses = frozenset(essence(status, names) for status in terms.statuses.values())
    told = (frozenset(essence(rule, names) for rule in rules), scopes, statuses)
    words = repr(told)
    zone = side.zone if statuses or any(word in words for word in DATED) else None
    severities = terms.severities
    assigned = severities.assigned_by if severities is not None and "ticket" in kinds else ()
    assert isinstance(assigned, tuple)
    by = tuple(sorted(str(names.party(party)) for party in assigned)) if names.level is not None else ()
    return told, zone, by


def _follows(sides: tuple[Side, Side], pair: Pair, names: tuple[Names, Names], of: int) -> Any:
    """What follows a change of severity, and whose word changes it."""
    terms = sides[of].terms
    duties = [terms.duties[name] for name in (pair.ours if of == 0 else pair.theirs)]
    changed = terms.severities.changed_by if terms.severities is not None else ()
    assert isinstance(changed, tuple)
    by = frozenset(str(names[of].party(party)) for party in changed)
    return frozenset((duty.rises, duty.falls) for duty in duties), by


# ---- Trying ---------------------------------------------------------------------------------------------------------


@define
class Sifted:
    """What the tickets tried so far have shown."""

    tried: int = 0
    untold: int = 0
    worse: list[Tried] = field(factory=list)
    """Worse for whoever owes under the second contract."""
    better: list[Tried] = field(factory=list)
    """Worse under the first."""

    def take(self, one: Tried) -> None:
        gap = one.gap
        if gap is None:
            self.untold += 1
            return
        self.tried += 1
        if gap:
            kept = self.worse if gap > 0 else self.better
            kept.append(one)
            kept.sort(key=_plainness)
            del kept[KEPT_BACK:]

    @property
    def verdict(self) -> str:
        if self.worse and self.better:
            return NOT_COMPARABLE
        return STRICTER if self.worse else LOOSER if self.better else NO_DIFFERENCE if self.tried else NOT_TRIED


def _plainness(one: Tried) -> tuple[bool, bool, int, int, int]:
    """The plainest ticket first: kept under one and broken under the other, in the ordinary course, of few events, by
    day."""
    first, second = one.outcomes
    better, worse = (first, second) if (one.gap or 0) > 0 else (second, first)
    aspects = (*ASPECTS, CHANGED)
    nightly = sum(not _by_day(event.at) for event in one.ticket.logs[0] if event.subject == one.ticket.subject)
    return (not better.kept, worse.rank != 2, aspects.index(one.ticket.aspect), len(one.ticket.logs[0]), nightly)


def _by_day(at: int) -> bool:
    """Whether it is daytime in the Americas and in Europe's afternoon: 14:00 to 22:00 UTC."""
    return 14 * HOUR <= at % (24 * HOUR) <= 22 * HOUR


def _row(
    sides: tuple[Side, Side], matching: Matching, pair: Pair, awake: Pair, levels: tuple[str, str] | None,
    equal: bool, any_level: bool,
) -> Row:
    shown = None if any_level else levels
    if equal:
        return Row(pair, shown, SAME)
    bench = Bench(sides, (matching.there, matching.back), awake, levels or (None, None))
    made = trial(bench)
    if made is None:
        return Row(pair, shown, NOT_TRIED)
    all_of_it, ordinary = Sifted(), NOT_TRIED
    for aspect in ASPECTS:
        own = Sifted()
        made.settled = False
        for one in tickets(made, aspect):
            own.take(one)
            all_of_it.take(one)
            made.settled = len(own.worse) > 2 and len(own.better) > 2
            if made.settled and aspect != DUE:
                break
        ordinary = own.verdict if aspect == DUE else ordinary
    examples = _confirmed(bench, all_of_it)
    verdict = all_of_it.verdict
    return Row(pair, shown, verdict, ordinary, tried=all_of_it.tried, untold=all_of_it.untold, examples=examples,
               deadlines=_deadlines(made.dues))


def _of_changes(
    sides: tuple[Side, Side], matching: Matching, pair: Pair, awake: Pair, levels: list[tuple[str, str]]
) -> Iterator[Row]:
    """One row for tickets whose severity changes."""
    sifted = Sifted()
    examples: tuple[Tried, ...] = ()
    bench = None
    for both in levels:
        bench = Bench(sides, (matching.there, matching.back), awake, both)
        made = trial(bench)
        for one in tickets(made, CHANGED) if made is not None else ():
            sifted.take(one)
    if bench is not None:
        examples = _confirmed(bench, sifted)
    if sifted.tried:
        yield Row(pair, None, sifted.verdict, None, True, sifted.tried, sifted.untold, examples)


def _confirmed(bench: Bench, sifted: Sifted) -> tuple[Tried, ...]:
    """The plainest ticket of each direction that the whole contracts, too, judge so."""
    found = []
    for several in (sifted.worse, sifted.better):
        anew = ((one, rejudged(bench.sides, bench.names, one)) for one in several)
        again = next((other for one, other in anew if other.gap == one.gap), None)
        assert again is not None or not several, "the whole contract judges otherwise than the rules alone"
        found += [plainest(bench, again)] if again is not None else []
    return tuple(found)


def _deadlines(dues: dict[int, tuple[int | None, int | None]]) -> Deadlines | None:
    both = [(a, b) for a, b in dues.values() if a is not None and b is not None]
    if not both:
        return None
    once = sum((a is None) is not (b is None) for a, b in dues.values())
    earlier, later = sum(b < a for a, b in both), sum(b > a for a, b in both)
    return Deadlines(earlier, later, len(dues) - earlier - later - once, once)
