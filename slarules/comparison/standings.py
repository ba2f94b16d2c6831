"""What each pair of rules comes to for each subject of a log, under both contracts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from slarules.columnar.review import sheets
from slarules.columnar.review.sheets import NOTHING, at_places
from slarules.comparison.matching import Matching, Pair
from slarules.comparison.tickets import KEPT, RANKS

Numbers = np.ndarray[Any, np.dtype[np.int64]]

KEPT_WORD, BROKEN_WORD, UNDETERMINED = "kept", "broken", "undetermined"
OPEN, ENDED, NOT_OWED = "open", "ended", "not owed"
ORDER = (BROKEN_WORD, UNDETERMINED, OPEN, KEPT_WORD, ENDED, NOT_OWED)
"""What several verdicts of one subject come to is the first of these that any of them is."""
WANTED = ("subject", "duty", "state", "severity", "triggered_at", "deadline", "missing")
"""The columns of verdicts that a comparison looks at."""
_STANDING = {
    state: place
    for place, found in enumerate((tuple(RANKS), ("undetermined",), ("pending", "suspended", "open"), tuple(KEPT)))
    for state in found
}
"""State of a verdict → its place in ``ORDER``."""


@frozen(eq=False)
class Standings:
    """What each pair of rules comes to for each subject under one contract, by pair and subject."""

    names: Any
    """The subjects."""
    pair: Numbers
    subject: Numbers
    """Its place among ``names``."""
    stands: Numbers
    """Its place in ``ORDER``."""
    due: Numbers
    """The first instance's deadline."""
    began: Numbers
    """When the first verdict was set off."""
    level: Numbers
    """The first verdict's severity, by its place in ``levels``; -1: none."""
    levels: list[str]


@frozen(eq=False)
class Both:
    """Both contracts' standings side by side, by pair and subject."""

    names: Any
    """The subjects of both."""
    pair: Numbers
    subject: Numbers
    """Its place among ``names``."""
    a: Numbers
    """Where it stands among the first contract's; -1: nothing is owed."""
    b: Numbers
    mine: Standings
    its: Standings
    level: Numbers = field(init=False)
    """Its severity under the first contract, else under the second; see ``levels_of``."""

    @level.default
    def _level(self) -> Numbers:
        more = len(self.mine.levels) + 1
        own, other = at_places(self.mine.level, self.a, -1), at_places(self.its.level, self.b, -1)
        return np.where(self.a >= 0, own + 1, other + 1 + more)

    @property
    def before(self) -> Numbers:
        """What it comes to under the first contract, by its place in ``ORDER``."""
        return at_places(self.mine.stands, self.a, ORDER.index(NOT_OWED))

    @property
    def after(self) -> Numbers:
        """The same under the second."""
        return at_places(self.its.stands, self.b, ORDER.index(NOT_OWED))

    @property
    def dues(self) -> tuple[Numbers, Numbers]:
        """When it was first due under each, in microseconds UTC; ``NOTHING`` where it never was."""
        return at_places(self.mine.due, self.a, NOTHING), at_places(self.its.due, self.b, NOTHING)


def levels_of(both: Both, matching: Matching) -> list[str | None]:
    """Severities by code, all as the first contract calls them."""
    back = matching.back.severities
    return [None, *both.mine.levels, None, *(back.get(level, level) for level in both.its.levels)]


def standings_of(pairs: list[Pair], table: Any, of: int) -> Standings:
    """What verdicts come to, by pair of rules and subject; ``of``: 0 those of the first contract, 1 of the second."""
    duty, duties = sheets.names(table, "duty")
    places = {name: n for n, pair in enumerate(pairs) for name in (pair.ours, pair.theirs)[of]}
    pair = sheets.meaning(duty, duties, places, -1)
    rows = np.flatnonzero(pair >= 0)
    names = sheets.subject_names(table)
    subject = sheets.subjects(table, names)[rows]
    state, states = sheets.names(table, "state")
    stands = sheets.meaning(state, states, _STANDING, ORDER.index(ENDED))[rows]
    due, began = (sheets.numbers(table, name)[rows] for name in ("deadline", "triggered_at"))
    level, levels = sheets.names(table, "severity")
    order = np.lexsort((np.arange(len(rows)), subject, pair[rows]))
    keys = pair[rows][order], subject[order]
    new = np.ones(len(order), bool)
    new[1:] = (keys[0][1:] != keys[0][:-1]) | (keys[1][1:] != keys[1][:-1])
    begin = np.flatnonzero(new)
    first = order[begin]
    return Standings(
        names, pair[rows][first], subject[first], np.minimum.reduceat(stands[order], begin) if len(begin) else stands,
        _first_due(due, began, order, begin), began[first], level[rows][first].astype(np.int64), levels,
    )  # fmt: skip


def in_one(parts: Sequence[Standings]) -> Standings:
    """The standings of all subjects, each of which stands in one part; parts are in order of subjects."""
    levels = list(dict.fromkeys(level for part in parts for level in part.levels))
    columns: dict[str, list[Numbers]] = {name: [] for name in _COLUMNS}
    many = 0
    for part in parts:
        own = np.array([*(levels.index(level) for level in part.levels), -1], np.int64)
        for name in _COLUMNS:
            columns[name].append(getattr(part, name))
        columns["subject"][-1] = part.subject + many
        columns["level"][-1] = own[part.level]
        many += len(part.names)
    whole = {name: np.concatenate(own) for name, own in columns.items()}
    order = np.lexsort((whole["subject"], whole["pair"]))
    names = sheets.end_to_end([part.names for part in parts])
    return Standings(names, **{name: own[order] for name, own in whole.items()}, levels=levels)


_COLUMNS = ("pair", "subject", "stands", "due", "began", "level")


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


def side_by_side(mine: Standings, its: Standings) -> Both:
    """Both, with a place for whatever either has."""
    names = sheets.union(mine.names, its.names)
    size = len(names) + 1
    keys = [one.pair * size + sheets.found_in(one.names, names)[one.subject] for one in (mine, its)]
    whole = np.union1d(*keys)
    places = []
    for own in keys:
        place = np.searchsorted(own, whole)
        there = np.append(own, -1)[np.minimum(place, len(own))] == whole
        places.append(np.where(there, place, -1))
    return Both(names, whole // size, whole % size, places[0], places[1], mine, its)
