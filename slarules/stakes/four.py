"""Verdicts under the base, under either of two options, and under both: which of them do not come out as the sum."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from attrs import frozen

from slarules.columnar.review.sheets import NOTHING
from slarules.model.verdict import Verdict
from slarules.stakes.comparing import Changed
from slarules.stakes.laid import Codes, Keys, Laid, Mask, Numbers, Objects, in_order, matched
from slarules.stakes.worth import Joint

EXAMPLES = 3
"""Verdicts that are kept of each pair to show."""
KINDS = OVERLAP, TOGETHER, UNDONE, OTHERWISE = range(4)
"""How two options act together on one verdict."""
Side = Sequence[tuple[Laid, Numbers]]
"""Verdicts under one way to read the contract: rows of one or several judgings."""


@frozen(eq=False)
class Ways:
    """Verdicts, each as the base, either option and both have it."""

    laid: Sequence[Laid]
    """The judgings that the verdicts are taken from."""
    rows: Numbers
    """[verdict, way, 2]: which judging, and which row of it; -1: there is none."""
    states: Numbers
    """[verdict, way] → its state; -1: there is none."""
    late: Numbers
    """[verdict, way] → how late it is, as far as it is known, else 0."""


@frozen(eq=False)
class _Told:
    """The verdicts of one way, in the order of subjects."""

    keys: Keys
    rows: Numbers
    """[verdict, 2]"""
    state: Numbers
    late: Numbers


def four_ways(sides: Sequence[Side], codes: Codes, periodic: Collection[str]) -> Ways:
    """Verdicts side by side, in the order of subjects; the first of the sides is the base."""
    judgings: list[Laid] = []
    told = [_told(one, judgings, _ranks(codes)) for one in sides]
    ordered = in_order(codes, periodic)
    known = told[0].keys
    count = len(known.subject)
    rows = np.full((count, len(sides), 2), -1, np.int64)
    states, late = np.full((count, len(sides)), -1, np.int64), np.zeros((count, len(sides)), np.int64)
    rows[:, 0], states[:, 0], late[:, 0] = told[0].rows, told[0].state, told[0].late
    for place, one in enumerate(told[1:], 1):
        b, a = matched(known, one.keys, ordered)
        new = a[b < 0]
        b, a = b[(b >= 0) & (a >= 0)], a[(b >= 0) & (a >= 0)]
        more = len(new)
        rows = np.concatenate((rows, np.full((more, len(sides), 2), -1, np.int64)))
        states = np.concatenate((states, np.full((more, len(sides)), -1, np.int64)))
        late = np.concatenate((late, np.zeros((more, len(sides)), np.int64)))
        b, a = np.concatenate((b, np.arange(len(known.subject), len(rows)))), np.concatenate((a, new))
        rows[b, place], states[b, place], late[b, place] = one.rows[a], one.state[a], one.late[a]
        whole = [np.concatenate((getattr(known, name), getattr(one.keys, name)[new])) for name in _KEYS]
        order = np.argsort(whole[0], kind="stable")
        known = Keys(*(column[order] for column in whole))
        rows, states, late = rows[order], states[order], late[order]
    return Ways(judgings, rows, states, late)


_KEYS = ("subject", "series", "began")


def _ranks(codes: Codes) -> Numbers:
    """[rule] → its place in the order of sorts and names, in which verdicts of a subject are shown."""
    rank = {node: place for place, node in enumerate(sorted(codes.nodes))}
    return np.array([*(rank[node] for node in codes.nodes), 0], np.int64)


def _told(side: Side, judgings: list[Laid], ranks: Numbers) -> _Told:
    columns: dict[str, list[Numbers]] = {name: [] for name in (*_KEYS, "state", "late", "rank", "judging", "row")}
    for laid, rows in side:
        number = next((n for n, one in enumerate(judgings) if one is laid), len(judgings))
        if number == len(judgings):
            judgings.append(laid)
        for name in (*_KEYS, "state", "late"):
            columns[name].append(getattr(laid, name)[rows])
        columns["rank"].append(ranks[laid.node[rows]])
        columns["judging"].append(np.full(len(rows), number, np.int64))
        columns["row"].append(rows)
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    order = np.lexsort((whole["rank"], whole["subject"]))
    whole = {name: column[order] for name, column in whole.items()}
    late = np.where(whole["late"] == NOTHING, 0, whole["late"])
    places = np.stack((whole["judging"], whole["row"]), axis=1)
    return _Told(Keys(*(whole[name] for name in _KEYS)), places, whole["state"], late)


def kinds_of(ways: Ways) -> Numbers:
    """[verdict] → how two options act together on it; -1: as the sum of both."""
    base, first, second, both = (_Way(ways.states[:, n], ways.late[:, n]) for n in range(4))
    like_first, like_second, like_base = (_equal(both, one) for one in (first, second, base))
    alone = np.where(_equal(first, base), like_second, like_first)
    one_only = np.where(alone, -1, np.where(like_base, UNDONE, OTHERWISE))
    alike = np.where(like_base, -1, TOGETHER)
    neither = np.where(like_base, UNDONE, np.where(like_first | like_second, OVERLAP, OTHERWISE))
    touched = ~_equal(first, base) & ~_equal(second, base)
    found: Numbers = np.where(touched, neither, np.where(_equal(first, second), alike, one_only))
    still = (ways.states == ways.states[:, :1]).all(axis=1)
    adds = both.late - base.late == first.late + second.late - 2 * base.late
    return np.where(still & adds, -1, found)


@frozen(eq=False)
class _Way:
    state: Numbers
    late: Numbers


def _equal(one: _Way, other: _Way) -> Mask:
    found: Mask = (one.state == other.state) & (one.late == other.late)
    return found


def counted(ways: Ways) -> list[tuple[int, int]]:
    """Of the first, the second and both: verdicts that change state, arise or vanish, and their net lateness."""
    return [
        (int((ways.states[:, n] != ways.states[:, 0]).sum()), int((ways.late[:, n] - ways.late[:, 0]).sum()))
        for n in (1, 2, 3)
    ]


def size(changed: Changed) -> tuple[int, int]:
    """Verdicts that change state, arise or vanish, and their net lateness."""
    before, after = changed.of_before("late", 0), changed.of_after("late", 0)
    late = np.where(after == NOTHING, 0, after) - np.where(before == NOTHING, 0, before)
    other = changed.of_before("state", -1) != changed.of_after("state", -1)
    return int(other.sum()), int(late.sum())


def examples(ways: Ways, kinds: Numbers, objects: Objects) -> Iterator[Joint]:
    """A few verdicts that do not come out as the sum, each kind first."""
    places = [np.flatnonzero(kinds == kind) for kind in KINDS]
    chosen = [own[n] for n in range(EXAMPLES) for own in places if n < len(own)]
    for place in chosen[:EXAMPLES]:
        yield Joint(*(_verdict(ways, int(number), int(row), objects) for number, row in ways.rows[place]))


def _verdict(ways: Ways, number: int, row: int, objects: Objects) -> Verdict | None:
    return None if row < 0 else objects(ways.laid[number], np.array([row]))[0]
