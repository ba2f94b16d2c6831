"""Verdicts of many subjects as numbers, so that those of two ways to read a contract can be laid side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from slarules.analysis.tally import OUTCOME
from slarules.columnar.review import sheets
from slarules.columnar.review.sheets import NOTHING
from slarules.model.verdict import NOT_KEPT, OWING, Verdict
from slarules.stakes.dependence import Node

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
STATES = tuple(OUTCOME)
"""Every state a verdict may be in, by code."""
OUTCOMES = tuple(dict.fromkeys(OUTCOME.values()))
"""What these come to, by code."""
OUTCOME_OF = np.array([*(OUTCOMES.index(OUTCOME[state]) for state in STATES), -1], np.int64)
"""[state] → its outcome; -1 for no verdict."""
UNDETERMINED = STATES.index("undetermined")
BROKEN = tuple(STATES.index(state) for state in NOT_KEPT)
COLUMNS = (
    "subject", "duty", "number", "rule", "state", "bearer", "triggered_at", "deadline", "performed_at", "late_by",
    "cause",
)  # fmt: skip
"""The columns of verdicts that ``laid_out`` looks at."""
Options = tuple[tuple[str, str], ...]
"""Reading and option, for each that is read otherwise than in the base."""
FEW = 2_000
"""So many subjects are looked up one by one."""
ONCE = ("duty", "target", "choice")
"""Rules whose verdicts keep their place though they begin at another instant."""


@define(eq=False)
class Codes:
    """What names are numbered as, the same for every way to read the contract."""

    nodes: dict[Node, int] = field(factory=dict)
    """Rule, by sort and name → its number."""
    series: dict[tuple[str, str, str | None], int] = field(factory=dict)
    """Kind of rule, name, what it follows from → its number: what is matched with each other."""
    bearers: dict[str | None, int] = field(factory=lambda: {None: 0})
    """Party → its number."""


@frozen(eq=False)
class Laid:
    """Verdicts by subject, then rule in the contract's order, then instance, as numbers; each list has an entry for
    each."""

    options: Options
    """What is read otherwise than in the base."""
    objects: Sequence[Verdict] | None = field(repr=False)
    """The verdicts themselves; None: whoever needs one has it judged again."""
    subject: Numbers = field(repr=False)
    node: Numbers = field(repr=False)
    series: Numbers = field(repr=False)
    began: Numbers = field(repr=False)
    """When the instance was set off."""
    state: Numbers = field(repr=False)
    deadline: Numbers = field(repr=False)
    performed: Numbers = field(repr=False)
    late: Numbers = field(repr=False)
    """How late it was performed, as far as it is known: 0 where nothing is late, ``NOTHING``: not to be known."""
    late_by: Numbers = field(repr=False)
    bearer: Numbers = field(repr=False)
    number: Numbers = field(repr=False)

    @property
    def count(self) -> int:
        """How many verdicts there are."""
        return len(self.subject)


Objects = Callable[[Laid, Numbers], list[Verdict]]
"""The verdicts of some rows, as objects."""
_LISTS: dict[str, Any] = {
    "subject": np.int32, "node": np.int16, "series": np.int16, "began": np.int64, "state": np.int8,
    "deadline": np.int64, "performed": np.int64, "late": np.int64, "late_by": np.int64, "bearer": np.int16,
    "number": np.int32,
}  # fmt: skip
"""Each list, and the least type that holds it: there is one for each verdict of a long log."""


def laid_out(table: Any, names: Any, codes: Codes, options: Options) -> Laid:
    """A table of verdicts as numbers; ``names`` are the subjects by number."""
    rule, rules = sheets.names(table, "rule")
    duty, duties = sheets.names(table, "duty")
    cause, causes = sheets.names(table, "cause")
    of, first = sheets.groups(rule, duty, cause)
    nodes, series = [], []
    for row in first.tolist():
        kind, name = rules[rule[row]], duties[duty[row]]
        nodes.append(_node(codes, kind, name))
        series.append(_series(codes, kind, name, None if cause[row] < 0 else causes[cause[row]]))
    bearer, bearers = sheets.names(table, "bearer")
    bearing = [*(codes.bearers.setdefault(name, len(codes.bearers)) for name in bearers), 0]
    state, states = sheets.names(table, "state")
    stands = np.array([STATES.index(name) for name in states] or [0], np.int64)[state]
    late_by = sheets.numbers(table, "late_by")
    owing = np.isin(rule, sheets.places(rules, OWING))
    return _laid(
        options, None, sheets.subjects(table, names), np.array(nodes or [0])[of], np.array(series or [0])[of],
        sheets.numbers(table, "triggered_at"), stands, sheets.numbers(table, "deadline"),
        sheets.numbers(table, "performed_at"), _late(stands, owing, late_by), late_by, np.array(bearing)[bearer],
        sheets.numbers(table, "number"),
    )  # fmt: skip


def laid_of(objects: Sequence[Verdict], names: Any, codes: Codes, options: Options) -> Laid:
    """Verdicts as numbers, and the verdicts themselves."""
    subjects = {name: sheets.place(names, name) for name in dict.fromkeys(one.subject for one in objects)}
    late_by = _numbers([one.late_by for one in objects])
    state = np.array([STATES.index(one.state) for one in objects], np.int64)
    owing = np.array([one.rule in OWING for one in objects], bool)
    return _laid(
        options, objects, [subjects[one.subject] for one in objects],
        [_node(codes, one.rule, one.duty) for one in objects],
        [_series(codes, one.rule, one.duty, one.cause) for one in objects],
        [one.triggered_at for one in objects], state, _numbers([one.deadline for one in objects]),
        _numbers([one.performed_at for one in objects]), _late(state, owing, late_by), late_by,
        [codes.bearers.setdefault(one.bearer, len(codes.bearers)) for one in objects],
        [one.number for one in objects],
    )  # fmt: skip


def _laid(options: Options, objects: Sequence[Verdict] | None, *lists: Any) -> Laid:
    return Laid(options, objects, *(np.asarray(own, kind) for own, kind in zip(lists, _LISTS.values(), strict=True)))


def _numbers(values: Sequence[int | None]) -> Numbers:
    return np.array([NOTHING if value is None else value for value in values], np.int64)


def _late(state: Numbers, owing: Mask, late_by: Numbers) -> Numbers:
    return np.where(np.isin(state, BROKEN) & owing, late_by, np.where(state == UNDETERMINED, NOTHING, 0))


def _node(codes: Codes, kind: str, name: str) -> int:
    return codes.nodes.setdefault(node_of(kind, name), len(codes.nodes))


def _series(codes: Codes, kind: str, name: str, cause: str | None) -> int:
    follows = None if cause is None else cause.split("#")[0]
    return codes.series.setdefault((kind, name, follows), len(codes.series))


def node_of(kind: str, name: str) -> Node:
    """Sort and name of a rule with verdicts of this kind."""
    return ("duty" if kind == "target" else kind, name)


def rows(laid: Laid, chosen: Numbers) -> Laid:
    """The same of these rows."""
    own = laid.objects
    objects = None if own is None else [own[row] for row in chosen.tolist()]
    return _laid(laid.options, objects, *(getattr(laid, name)[chosen] for name in _LISTS))


def slim(laid: Laid) -> Laid:
    """The same without what is asked of changes alone."""
    nothing = np.zeros(0, np.int64)
    return evolve(laid, deadline=nothing, performed=nothing, late_by=nothing, bearer=nothing)


def in_one(parts: Sequence[Laid]) -> Laid:
    """The verdicts of several judgings of one kind, those of one after those of another."""
    some = [part for part in parts if part.count] or parts[:1]
    if len(some) == 1:
        return some[0]
    lists = (np.concatenate([getattr(part, name) for part in some]) for name in _LISTS)
    return _laid(some[0].options, None, *lists)


def renumbered(laid: Laid, places: Numbers) -> Laid:
    """The same with other numbers for its subjects."""
    return evolve(laid, subject=places[laid.subject].astype(laid.subject.dtype))


def of_subjects(laid: Laid, subjects: Mask) -> Numbers:
    """The rows that are about these subjects."""
    wanted = np.flatnonzero(subjects)
    if len(wanted) > FEW:
        return np.flatnonzero(np.append(subjects, False)[laid.subject])
    low, high = (np.searchsorted(laid.subject, wanted, side=side) for side in ("left", "right"))
    return np.concatenate([np.arange(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)] or [low])


def places(codes: Codes, nodes: Iterable[Node]) -> list[int]:
    """The numbers of these rules, of those that have verdicts."""
    return [codes.nodes[node] for node in nodes if node in codes.nodes]


def of_rules(laid: Laid, codes: Codes, nodes: Iterable[Node], rows: Numbers) -> Mask:
    """[one of these rows] → whether it is of one of these rules."""
    wanted = np.zeros(len(codes.nodes) + 1, bool)
    wanted[places(codes, nodes)] = True
    found: Mask = wanted[laid.node[rows]]
    return found


# ---- Side by side ---------------------------------------------------------------------------------------------------


@frozen(eq=False)
class Keys:
    """By what verdicts are matched; each list has an entry for each verdict, in the order of subjects."""

    subject: Numbers
    series: Numbers
    began: Numbers


def keys_of(laid: Laid, chosen: Numbers) -> Keys:
    """Those of these rows."""
    return Keys(laid.subject[chosen], laid.series[chosen], laid.began[chosen])


def in_order(codes: Codes, periodic: Collection[str]) -> Mask:
    """[series] → whether verdicts of it that began at another instant are matched in order, the first with the first.

    Those of the ``periodic`` rules are not, whose periods are others altogether.
    """
    return np.array([*(kind in ONCE and name not in periodic for kind, name, _ in codes.series), False])


def matched(before: Keys, after: Keys, ordered: Mask) -> tuple[Numbers, Numbers]:
    """Verdicts of subjects side by side: places before and after, -1 where there is none.

    First by identity: rule, cause, start of the period (R11). What is left over of a rule and cause began at another
    instant, and is matched in order where ``ordered`` says so of its series.
    """
    same = _alike(before, after)
    b, a = np.flatnonzero(same[0]), np.flatnonzero(same[1])
    left, right = np.flatnonzero(~same[0]), np.flatnonzero(~same[1])
    for exactly in (True, False):
        may = [np.flatnonzero(exactly | ordered[one.series[own]]) for one, own in ((before, left), (after, right))]
        mine, its = _joined(_columns(before, left[may[0]], exactly), _columns(after, right[may[1]], exactly))
        mine, its = may[0][mine], may[1][its]
        b, a = np.concatenate((b, left[mine])), np.concatenate((a, right[its]))
        left, right = np.delete(left, mine), np.delete(right, its)
    nothing = [np.full(len(own), -1, np.int64) for own in (right, left)]
    return np.concatenate((b, left, nothing[0])), np.concatenate((a, nothing[1], right))


def _columns(keys: Keys, chosen: Numbers, exactly: bool) -> list[Numbers]:
    columns = [keys.subject, keys.series, keys.began] if exactly else [keys.subject, keys.series]
    return [column[chosen] for column in columns]


def _alike(before: Keys, after: Keys) -> tuple[Mask, Mask]:
    """[verdict] → whether its subject has the same verdicts by identity in the same order: they are matched so."""
    some = [one for one in (before.subject, after.subject) if len(one)]
    low = min((int(one[0]) for one in some), default=0)
    size = 1 + max((int(one[-1]) for one in some), default=low - 1) - low
    of = [one.subject - low for one in (before, after)]
    many = [np.bincount(one, minlength=size) for one in of]
    equal = many[0] == many[1]
    own = [equal[one] for one in of]
    differs = (before.series[own[0]] != after.series[own[1]]) | (before.began[own[0]] != after.began[own[1]])
    equal[of[0][own[0]][differs]] = False
    return equal[of[0]], equal[of[1]]


def _joined(before: Sequence[Numbers], after: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Places of rows with the same key: the first with the first, the second with the second …"""
    whole = [np.concatenate(columns) for columns in zip(before, after, strict=True)]
    of, _ = sheets.groups(*whole)
    cut = len(before[0])
    sides = [_numbered(own) for own in (of[:cut], of[cut:])]
    most = max((int(side.max()) for side in sides if len(side)), default=0) + 1
    mine, its = (own * most + side for own, side in zip((of[:cut], of[cut:]), sides, strict=True))
    _, one, other = np.intersect1d(mine, its, assume_unique=True, return_indices=True)
    return one, other


def _numbered(groups: Numbers) -> Numbers:
    """[row] → how many rows of its group come before it."""
    order = np.argsort(groups, kind="stable")
    own = groups[order]
    new = np.concatenate(([True], own[1:] != own[:-1])) if len(own) else np.zeros(0, bool)
    begin = np.flatnonzero(new)
    found = np.empty(len(groups), np.int64)
    found[order] = np.arange(len(groups)) - begin[np.cumsum(new) - 1] if len(own) else 0
    return found


def differing(before: Laid, after: Laid, pairs: tuple[Numbers, Numbers]) -> Mask:
    """[pair] → whether anything at stake comes out otherwise: the state, the deadline, the lateness."""
    b, a = pairs
    found: Mask = (b < 0) | (a < 0)
    both = np.flatnonzero(~found)
    for name in ("state", "deadline", "late_by"):
        found[both] |= getattr(before, name)[b[both]] != getattr(after, name)[a[both]]
    return found
