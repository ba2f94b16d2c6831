"""Verdicts of many subjects as numbers, so that those of two ways to read a contract can be laid side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from slarules.analysis.tally import OUTCOME
from slarules.columnar import sheets
from slarules.columnar.sheets import NOTHING
from slarules.columnar.verdicts import verdicts_of
from slarules.model.contract import Contract
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
    """Verdicts by subject, then rule in the contract's order, then instance; each list has an entry for each."""

    table: Any = field(repr=False)
    """The schema ``VERDICTS``."""
    versions: Any = field(repr=False)
    """Under which of the contract's versions each was judged."""
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


_LISTS = (
    "subject", "node", "series", "began", "state", "deadline", "performed", "late", "late_by", "bearer", "number",
)  # fmt: skip


def laid_out(table: Any, versions: Any, names: Any, codes: Codes) -> Laid:
    """A table of verdicts as numbers; ``names`` are the subjects by number."""
    rule, rules = sheets.names(table, "rule")
    duty, duties = sheets.names(table, "duty")
    cause, causes = sheets.names(table, "cause")
    of, first = sheets.groups(rule, duty, cause)
    nodes, series = [], []
    for row in first.tolist():
        kind, name = rules[rule[row]], duties[duty[row]]
        follows = None if cause[row] < 0 else causes[cause[row]].split("#")[0]
        nodes.append(codes.nodes.setdefault(node_of(kind, name), len(codes.nodes)))
        series.append(codes.series.setdefault((kind, name, follows), len(codes.series)))
    bearer, bearers = sheets.names(table, "bearer")
    bearing = [*(codes.bearers.setdefault(name, len(codes.bearers)) for name in bearers), 0]
    state, states = sheets.names(table, "state")
    stands = np.array([STATES.index(name) for name in states] or [0], np.int64)[state]
    late_by = sheets.numbers(table, "late_by")
    owing = np.isin(rule, sheets.places(rules, OWING))
    late = np.where(np.isin(stands, BROKEN) & owing, late_by, np.where(stands == UNDETERMINED, NOTHING, 0))
    return Laid(
        table, versions, sheets.subjects(table, names), np.array(nodes or [0], np.int64)[of],
        np.array(series or [0], np.int64)[of], sheets.numbers(table, "triggered_at"), stands,
        sheets.numbers(table, "deadline"), sheets.numbers(table, "performed_at"), late, late_by,
        np.array(bearing, np.int64)[bearer], sheets.numbers(table, "number"),
    )  # fmt: skip


def node_of(kind: str, name: str) -> Node:
    """Sort and name of a rule with verdicts of this kind."""
    return ("duty" if kind == "target" else kind, name)


def rows(laid: Laid, chosen: Numbers) -> Laid:
    """The same of these rows."""
    lists = {name: getattr(laid, name)[chosen] for name in _LISTS}
    versions = np.asarray(laid.versions)[chosen]
    return evolve(laid, table=sheets.taken(laid.table, chosen), versions=versions, **lists)


def verdicts(laid: Laid, contract: Contract, chosen: Sequence[int]) -> list[Verdict]:
    """The verdicts of these rows, as objects."""
    versions = np.asarray(laid.versions)
    return verdicts_of(sheets.taken(laid.table, chosen), contract, [int(versions[row]) for row in chosen])


def places(codes: Codes, nodes: Iterable[Node]) -> list[int]:
    """The numbers of these rules, of those that have verdicts."""
    return [codes.nodes[node] for node in nodes if node in codes.nodes]


def of_rules(laid: Laid, codes: Codes, nodes: Iterable[Node]) -> Mask:
    """[row] → whether it is of one of these rules."""
    wanted = np.zeros(len(codes.nodes) + 1, bool)
    wanted[places(codes, nodes)] = True
    found: Mask = wanted[laid.node]
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
    size = 1 + max([int(one.max()) for one in (before.subject, after.subject) if len(one)], default=-1)
    many = [np.bincount(one.subject, minlength=size) for one in (before, after)]
    equal = many[0] == many[1]
    own = [equal[one.subject] for one in (before, after)]
    differs = (before.series[own[0]] != after.series[own[1]]) | (before.began[own[0]] != after.began[own[1]])
    equal[before.subject[own[0]][differs]] = False
    return equal[before.subject], equal[after.subject]


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
