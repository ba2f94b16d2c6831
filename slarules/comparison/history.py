"""One log under both contracts: which tickets would have been judged otherwise, by how much, and at whose cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from attrs import field, frozen

from slarules.calendars import zones
from slarules.columnar import sheets
from slarules.columnar.either import Log, Told, events_in, judge, subjects_in
from slarules.columnar.sheets import NOTHING
from slarules.comparison.language import Untold, translated_log
from slarules.comparison.matching import Matching, Pair, role_of
from slarules.comparison.meaning import JUDGED
from slarules.comparison.occasions import rules_of
from slarules.comparison.sides import Side, timeless
from slarules.comparison.tickets import KEPT, RANKS
from slarules.model.rules import Duty, Prohibition

Numbers = np.ndarray[Any, np.dtype[np.int64]]

KEPT_WORD, BROKEN_WORD, UNDETERMINED = "kept", "broken", "undetermined"
OPEN, ENDED, NOT_OWED = "open", "ended", "not owed"
STANDINGS = (KEPT_WORD, BROKEN_WORD, UNDETERMINED, OPEN, ENDED, NOT_OWED)
"""What a pair of rules comes to for one subject; ``broken`` counts aims that were missed as well."""


@frozen
class Change:
    """One subject that the two contracts judge otherwise."""

    subject: str
    """The ticket or agreement."""
    pair: Pair
    """The rules."""
    severity: str | None
    """As the first contract calls it."""
    before: str
    """One of ``STANDINGS``, under the first contract."""
    after: str
    """Under the second."""
    dues: tuple[int | None, int | None]
    """When it was first due under each, in microseconds UTC."""
    month: str
    """``2025-03``, in the first contract's zone: when it was set off."""


@frozen
class Count:
    """One pair of rules at one severity."""

    pair: Pair
    """The rules."""
    severity: str | None
    """As the first contract calls it."""
    subjects: Mapping[tuple[str, str], int]
    """(Before, after) → subjects."""
    moved: tuple[int, ...]
    """By how much first deadlines move, in microseconds: the least, the middle one, the most; negative: it is earlier
    under the second. None where no subject has both."""

    def of(self, before: str | None = None, after: str | None = None) -> int:
        """How many subjects stand so; None: however."""
        return sum(n for (was, now), n in self.subjects.items() if before in (None, was) and after in (None, now))


@frozen(eq=False)
class History:
    """What a log shows."""

    as_of: int
    """Judged as of this instant, in microseconds UTC."""
    events: int
    """Events of the log."""
    subjects: int
    """Tickets and agreements in it."""
    untold: Untold
    """What the second contract has no word for."""
    counts: tuple[Count, ...]
    """By pair in the first contract's order, severities gravest first."""
    changes: tuple[Change, ...]
    """Every subject whose standing differs, in the same order, then by subject."""
    missing: tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str], int]]
    """(Rule, fact) → undetermined verdicts for want of it, under each contract."""
    alone: tuple[Mapping[str, Mapping[str, int]], Mapping[str, Mapping[str, int]]]
    """Rules without a partner → state → verdicts, under each."""
    unwilling: tuple[str, ...] = ()
    """Contracts that are judged as if they were always in force, though their dates say otherwise."""
    judged: tuple[int, int] = (0, 0)
    """How many subjects were judged under each."""
    by_reference: tuple[Mapping[str, int], Mapping[str, int]] = field(factory=lambda: ({}, {}))
    """Why subjects went to the reference engine though the columnar one judged the log → how many, under each."""

    def cost(self, pair: Pair) -> tuple[int, int]:
        """How many subjects turn from kept to broken, and the other way."""
        own = [count for count in self.counts if count.pair == pair]
        return (sum(count.of(KEPT_WORD, BROKEN_WORD) for count in own),
                sum(count.of(BROKEN_WORD, KEPT_WORD) for count in own))


def history(
    ours: Side, theirs: Side, matching: Matching, log: Log, as_of: int, *, precision: int = 0,
    done: Callable[[int, int], None] = lambda judged, total: None,
) -> History:
    """A log in the first contract's words, judged under both; ``done`` as of ``either.judge``."""
    told, untold = translated_log(log, matching.there)
    seen: list[Told] = []
    for side, own in ((ours, log), (theirs, told)):
        contract = timeless(side.stated)
        seen.append(judge(contract, side.readings, own, as_of, supplied=side.given, precision=precision, done=done))
    pairs = [pair for pair in matching.pairs if pair.sort in JUDGED]
    changes, counts = _laid_together(ours, matching, pairs, (seen[0], seen[1]))
    dated = tuple(side.stated.name for side in (ours, theirs) if side.stated.in_force != (None, None))
    return History(
        as_of, events_in(log), subjects_in(log), untold, counts, changes,
        (_missing(seen[0]), _missing(seen[1])),
        (_alone(seen[0], matching.only_ours), _alone(seen[1], matching.only_theirs)), dated,
        (seen[0].subjects, seen[1].subjects), (seen[0].by_reference, seen[1].by_reference),
    )  # fmt: skip


def cost_of(side: Side, pair: Pair) -> str:
    """The role of whoever owes what the pair is about."""
    rule = rules_of(side, pair.sort, pair.ours)[0]
    party = rule.bearer if isinstance(rule, Duty) else rule.bearers[0] if isinstance(rule, Prohibition) else rule.holder
    return role_of(side, party)


def _laid_together(
    ours: Side, matching: Matching, pairs: list[Pair], seen: tuple[Told, Told]
) -> tuple[tuple[Change, ...], tuple[Count, ...]]:
    both = _side_by_side(_by_pair(pairs, seen[0], 0), _by_pair(pairs, seen[1], 1))
    levels = _levels(both, matching)
    order = {level: n for n, level in enumerate(ours.levels)}
    changes: list[Change] = []
    counts: list[Count] = []
    for n, pair in enumerate(pairs):
        own = np.flatnonzero(both.pair == n)
        changes += _changes(ours, pair, both, own, levels)
        present = {levels[code] for code in np.unique(both.level[own]).tolist()}
        for level in sorted(present, key=lambda level: (order.get(level or "", len(order)), level or "")):
            of_level = own[np.isin(both.level[own], [code for code, name in enumerate(levels) if name == level])]
            counts.append(_count(pair, level, both, of_level))
    return tuple(changes), tuple(counts)


@frozen(eq=False)
class _Standings:
    """What each pair of rules comes to for each subject under one contract, by pair and subject."""

    names: Any
    """The subjects."""
    pair: Numbers
    subject: Numbers
    """Its place among ``names``."""
    stands: Numbers
    """Its place in ``_ORDER``."""
    due: Numbers
    """The first instance's deadline."""
    began: Numbers
    """When the first verdict was set off."""
    level: Numbers
    """The first verdict's severity, by its place in ``levels``; -1: none."""
    levels: list[str]


@frozen(eq=False)
class _Both:
    """Both contracts' standings side by side, by pair and subject."""

    names: Any
    """The subjects of both."""
    pair: Numbers
    subject: Numbers
    """Its place among ``names``."""
    a: Numbers
    """Where it stands among the first contract's; -1: nothing is owed."""
    b: Numbers
    mine: _Standings
    its: _Standings
    level: Numbers = field(init=False)
    """Its severity under the first contract, else under the second; see ``_levels``."""

    @level.default
    def _level(self) -> Numbers:
        more = len(self.mine.levels) + 1
        own, other = _at(self.mine.level, self.a, -1), _at(self.its.level, self.b, -1)
        return np.where(self.a >= 0, own + 1, other + 1 + more)

    @property
    def before(self) -> Numbers:
        return _at(self.mine.stands, self.a, _ORDER.index(NOT_OWED))

    @property
    def after(self) -> Numbers:
        return _at(self.its.stands, self.b, _ORDER.index(NOT_OWED))

    @property
    def dues(self) -> tuple[Numbers, Numbers]:
        return _at(self.mine.due, self.a, NOTHING), _at(self.its.due, self.b, NOTHING)


def _at(values: Numbers, places: Numbers, none: int) -> Numbers:
    return np.where(places < 0, none, np.append(values, none)[places])


def _levels(both: _Both, matching: Matching) -> list[str | None]:
    """Severities by code, all as the first contract calls them."""
    back = matching.back.severities
    return [None, *both.mine.levels, None, *(back.get(level, level) for level in both.its.levels)]


def _by_pair(pairs: list[Pair], told: Told, of: int) -> _Standings:
    table = told.verdicts
    duty, duties = sheets.names(table, "duty")
    places = {name: n for n, pair in enumerate(pairs) for name in (pair.ours, pair.theirs)[of]}
    pair = sheets.meaning(duty, duties, places, -1)
    rows = np.flatnonzero(pair >= 0)
    names = sheets.subject_names(table)
    subject = sheets.subjects(table, names)[rows]
    state, states = sheets.names(table, "state")
    stands = sheets.meaning(state, states, _STANDING, _ORDER.index(ENDED))[rows]
    due, began = (sheets.numbers(table, name)[rows] for name in ("deadline", "triggered_at"))
    level, levels = sheets.names(table, "severity")
    order = np.lexsort((np.arange(len(rows)), subject, pair[rows]))
    keys = pair[rows][order], subject[order]
    begin = np.flatnonzero(np.concatenate(([True], (keys[0][1:] != keys[0][:-1]) | (keys[1][1:] != keys[1][:-1])))
                           if len(order) else np.zeros(0, bool))  # fmt: skip
    first = order[begin]
    return _Standings(
        names, pair[rows][first], subject[first], np.minimum.reduceat(stands[order], begin) if len(begin) else stands,
        _first_due(due, began, order, begin), began[first], level[rows][first].astype(np.int64), levels,
    )  # fmt: skip


_ORDER = (BROKEN_WORD, UNDETERMINED, OPEN, KEPT_WORD, ENDED, NOT_OWED)
"""What several verdicts of one subject come to is the first of these that any of them is."""
_STANDING = {
    state: place
    for place, found in enumerate((tuple(RANKS), ("undetermined",), ("pending", "suspended", "open"), tuple(KEPT)))
    for state in found
}
"""State of a verdict → its place in ``_ORDER``."""


def _first_due(due: Numbers, began: Numbers, order: Numbers, begin: Numbers) -> Numbers:
    """[pair and subject] → the deadline of the first instance that has one."""
    if not len(begin):
        return due
    of = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(order))))
    dated = np.flatnonzero(due[order] != NOTHING)
    by_time = dated[np.lexsort((due[order][dated], began[order][dated], of[dated]))]
    kept, first = np.unique(of[by_time], return_index=True)
    found = np.full(len(begin), NOTHING, np.int64)
    found[kept] = due[order][by_time[first]]
    return found


def _side_by_side(mine: _Standings, its: _Standings) -> _Both:
    names = sheets.union(mine.names, its.names)
    size = len(names) + 1
    keys = [
        one.pair * size + sheets.found_in(one.names, names)[one.subject] for one in (mine, its)
    ]
    whole = np.union1d(*keys)
    places = []
    for own in keys:
        place = np.searchsorted(own, whole)
        there = np.append(own, -1)[np.minimum(place, len(own))] == whole
        places.append(np.where(there, place, -1))
    return _Both(names, whole // size, whole % size, places[0], places[1], mine, its)


def _changes(
    ours: Side, pair: Pair, both: _Both, rows: Numbers, levels: list[str | None]
) -> Iterator[Change]:
    """The subjects of these rows that stand otherwise."""
    own = rows[both.before[rows] != both.after[rows]]
    began = np.where(both.a >= 0, _at(both.mine.began, both.a, 0), _at(both.its.began, both.b, 0))[own]
    days = zones.local_ordinals(began, ours.zone).tolist()
    months = {day: f"{(on := date.fromordinal(day)).year}-{on.month:02d}" for day in set(days)}
    columns = (both.subject, both.level, both.before, both.after, *both.dues)
    for day, (subject, level, before, after, *dues) in zip(
        days, zip(*(column[own].tolist() for column in columns), strict=True), strict=True
    ):
        due = [None if at == NOTHING else at for at in dues]
        yield Change(
            both.names[subject].as_py(), pair, levels[level], _ORDER[before], _ORDER[after], (due[0], due[1]),
            months[day],
        )  # fmt: skip


def _count(pair: Pair, level: str | None, both: _Both, rows: Numbers) -> Count:
    of, first = sheets.groups(both.before[rows], both.after[rows])
    many = np.bincount(of, minlength=len(first)).tolist()
    found = {
        (_ORDER[int(both.before[row])], _ORDER[int(both.after[row])]): number
        for row, number in zip(rows[first].tolist(), many, strict=True)
    }
    was, now = (due[rows] for due in both.dues)
    dated = (was != NOTHING) & (now != NOTHING)
    moved = np.sort(now[dated] - was[dated])
    shift = (int(moved[0]), int(moved[len(moved) // 2]), int(moved[-1])) if len(moved) else ()
    return Count(pair, level, dict(sorted(found.items())), shift)


def _missing(seen: Told) -> Mapping[tuple[str, str], int]:
    """(Rule, fact) → undetermined verdicts for want of it."""
    return dict(sorted(sheets.wanting(seen.verdicts).items()))


def _alone(seen: Told, only: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """States of the verdicts of rules that have no partner."""
    names = [name for sort, name in only if sort in JUDGED]
    duty, duties = sheets.names(seen.verdicts, "duty")
    state, states = sheets.names(seen.verdicts, "state")
    found: dict[str, dict[str, int]] = {}
    for name in names:
        of = np.flatnonzero(np.isin(duty, sheets.places(duties, [name])))
        many = np.bincount(state[of], minlength=len(states)).tolist()
        counts = {one: number for one, number in zip(states, many, strict=True) if number}
        if counts:
            found[name] = dict(sorted(counts.items()))
    return found
