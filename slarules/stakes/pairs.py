"""Two readings at once: which pairs act on each other, so that their joint effect is not the sum of the single ones.

A verdict rests on the rules that it names, and on nothing else. Where no rule of a verdict can ask both readings, it is
as under the one of them that it asks. Where the second changes nothing that is asked of a subject once the first is
read otherwise, both together are as the first alone. Only what is left is judged under both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from attrs import define, frozen

from slarules.model.value import Money, Value
from slarules.model.verdict import Verdict
from slarules.stakes.changes import Difference, difference
from slarules.stakes.comparing import comparable, late_by, matched
from slarules.stakes.dependence import Node
from slarules.stakes.judging import (
    Bench,
    Judged,
    Options,
    Worths,
    fitting,
    from_base,
    in_base,
    judge_again,
    seen_under,
    under,
    way,
)
from slarules.stakes.occasions import Happened, fits
from slarules.stakes.worth import Change, Joint, Pair, Pairs, Standing

EXAMPLES = 3
"""Verdicts that are kept of each pair to show."""
KINDS = OVERLAP, TOGETHER, UNDONE, OTHERWISE = "overlap", "together", "undone", "otherwise"


@frozen(eq=False)
class Tried:
    """One option, tried on the log."""

    judged: Judged
    """What it makes of the subjects that it can touch."""
    standings: tuple[Standing, ...]
    """What agreements come to otherwise."""


@define(eq=False)
class _Single:
    """An option with what pairs ask of it."""

    tried: Tried
    changed: frozenset[str]
    """Subjects of which it changes a verdict."""
    turned: frozenset[str]
    """Subjects of which verdicts arise, vanish or flip under it."""
    seen: Mapping[Happened, Sequence[str]]
    """Those subjects, by what an occasion may ask of them under it."""
    size: tuple[int, int]
    """Verdicts that change state, arise or vanish under it, and their net lateness."""

    @property
    def judged(self) -> Judged:
        return self.tried.judged

    @property
    def name(self) -> tuple[str, str]:
        return self.judged.options[0]


@frozen(eq=False)
class _Plan:
    """A pair, and what must be looked at to know how the two act together."""

    first: _Single
    second: _Single
    options: Options
    found: Difference
    """Both against the base."""
    joint: frozenset[str]
    """Subjects to be judged under both."""
    as_first: frozenset[str]
    """Subjects that come out under both as under the first alone, and that the second alone changes."""
    as_second: frozenset[str]
    """The same the other way round."""
    as_base: frozenset[str]
    """Subjects that come out under both as in the base, and that one alone changes."""


def pairs_of(
    base: Bench,
    tried: Sequence[Tried],
    rests: Mapping[str, frozenset[Node]],
    judgings: int | None,
    done: Callable[[int], None],
    expect: Callable[[int], None],
) -> Pairs:
    """Every pair of options of different readings: whether it interacts, and how.

    ``rests`` says on which rules a reading can bear at all. Pairs for which the fewest subjects must be looked at come
    first, until ``judgings`` of them have been.
    """
    singles = [_single(base, one) for one in tried]
    couples = [(a, b) for a, b in combinations(singles, 2) if a.name[0] != b.name[0]]
    common = [(a, b) for a, b in couples if rests[a.name[0]] & rests[b.name[0]]]
    plans = [_plan(base, a, b) for a, b in common]
    plans.sort(key=lambda plan: len(_looked_at(plan)))
    found: list[Pair] = []
    left_out: list[tuple[tuple[str, str], tuple[str, str]]] = []
    spent = judged = 0
    for plan in plans:
        cost = len(_looked_at(plan))
        if judgings is not None and spent + cost > judgings:
            left_out.append((plan.first.name, plan.second.name))
            continue
        spent += cost
        judged += bool(plan.joint)
        expect(len(plan.joint))
        pair = _pair(base, plan, judge_again(base, plan.options, plan.found, plan.joint, done))
        found += [pair] if pair is not None else []
    found.sort(key=lambda p: (-(p.overlap + p.together + p.undone + p.otherwise), p.first, p.second))
    return Pairs(tuple(found), len(couples), len(couples) - len(common), judged, tuple(left_out))


def _single(base: Bench, tried: Tried) -> _Single:
    changed: set[str] = set()
    turned: set[str] = set()
    for change in tried.judged.changes:
        one = change.before or change.after
        assert one is not None
        changed.add(one.subject)
        if change.before is None or change.after is None or change.before.state != change.after.state:
            turned.add(one.subject)
    seen: dict[Happened, list[str]] = {}
    for name in sorted(turned):
        seen.setdefault(seen_under(base, tried.judged, name), []).append(name)
    return _Single(tried, frozenset(changed), frozenset(turned), seen, _size(tried.judged.changes))


def _plan(base: Bench, a: _Single, b: _Single) -> _Plan:
    """Which subjects must be judged under both: those that both can touch, each also once the other is read so."""
    options = tuple(sorted((*a.judged.options, *b.judged.options)))
    found = from_base(base, options)
    both = fitting(base, found.occasions)
    after_a = _touched(base, a, difference(way(base, a.judged.options), way(base, options)))
    after_b = _touched(base, b, difference(way(base, b.judged.options), way(base, options)))
    as_first = both - after_a
    as_second = both - after_b - as_first
    return _Plan(
        a, b, options, found, both & after_a & after_b,
        as_first & b.changed, as_second & a.changed, (a.changed | b.changed) - both,
    )  # fmt: skip


def _looked_at(plan: _Plan) -> frozenset[str]:
    """The subjects of which the joint effect may not be the sum."""
    return plan.joint | plan.as_first | plan.as_second | plan.as_base


def _touched(base: Bench, single: _Single, found: Difference) -> frozenset[str]:
    """The subjects that a further option may touch, once this one is read otherwise."""
    names = fitting(base, found.occasions)
    other = {
        name
        for seen, alike in single.seen.items()
        if any(fits(one, seen) for one in found.occasions)
        for name in alike
    }
    return (names - single.turned) | other


# ---- Side by side -----------------------------------------------------------------------------------------------


def _pair(base: Bench, plan: _Plan, both: Judged) -> Pair | None:
    """How the two act together; None where it is the sum."""
    a, b = plan.first.judged, plan.second.judged
    rules = a.difference.judged | b.difference.judged | both.difference.judged
    periodic = a.difference.periodic | b.difference.periodic | both.difference.periodic
    kinds: dict[str, list[Joint]] = {kind: [] for kind in KINDS}
    rows: list[Joint] = []
    for name in sorted(_looked_at(plan)):
        ways = [under(base, one, name, rules) for one in (a, b)]
        ways.append(_jointly(base, plan, both, ways, name, rules))
        for row in _rows(in_base(base, name, sorted(rules)), ways, periodic):
            rows.append(row)
            kind = _kind(row)
            if kind is not None:
                kinds[kind].append(row)
    values = _values(base.worths, *(base.worths if one.worths is None else one.worths for one in (a, b, both)))
    if not values and not any(kinds.values()):
        return None
    firsts = [joint for n in range(EXAMPLES) for kind in KINDS for joint in kinds[kind][n : n + 1]]
    return Pair(
        plan.first.name, plan.second.name, *_totals(plan, rows), len(kinds[OVERLAP]), len(kinds[TOGETHER]),
        len(kinds[UNDONE]), len(kinds[OTHERWISE]), values, tuple(firsts[:EXAMPLES]),
    )  # fmt: skip


def _jointly(
    base: Bench, plan: _Plan, both: Judged, ways: Sequence[list[Verdict]], name: str, rules: frozenset[Node]
) -> list[Verdict]:
    """What both together make of a subject."""
    if name in plan.joint:
        return under(base, both, name, rules)
    if name in plan.as_first:
        return ways[0]
    return ways[1] if name in plan.as_second else in_base(base, name, sorted(rules))


def _rows(
    base: Sequence[Verdict], ways: Sequence[Sequence[Verdict]], periodic: Collection[str]
) -> Iterator[Joint]:
    """One subject's verdicts, each as the base, either option and both have it."""
    rows: list[list[Verdict | None]] = [[verdict, None, None, None] for verdict in base]
    for place, verdicts in enumerate(ways, 1):
        known = [next(one for one in row if one is not None) for row in rows]
        by = {id(verdict): row for verdict, row in zip(known, rows, strict=True)}
        for change in matched(known, verdicts, periodic):
            if change.before is None:
                rows.append([None, None, None, None])
            row = rows[-1] if change.before is None else by[id(change.before)]
            row[place] = change.after
    return (Joint(*row) for row in rows)


def _key(verdict: Verdict | None) -> tuple[str | None, int]:
    """What of a verdict is at stake: its state, and its lateness as far as it is known."""
    return (None if verdict is None else verdict.state, late_by(verdict) or 0)


def _kind(row: Joint) -> str | None:
    """How two options act together on one verdict; None: as the sum of both."""
    base, first, second, both = (_key(one) for one in (row.base, row.first, row.second, row.both))
    if base[0] == first[0] == second[0] == both[0] and both[1] - base[1] == first[1] + second[1] - 2 * base[1]:
        return None
    if base not in (first, second):
        return UNDONE if both == base else OVERLAP if both in (first, second) else OTHERWISE
    if first == second:
        return TOGETHER if both != base else None
    alone = second if first == base else first
    return None if both == alone else UNDONE if both == base else OTHERWISE


def _totals(plan: _Plan, rows: Sequence[Joint]) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Verdicts that change state, arise or vanish, and net lateness: of the first alone, the second alone, and both.

    Where nothing was looked at, both together are the sum.
    """
    singles = [one.size for one in (plan.first, plan.second)]
    own = [_size([Change(row.base, one) for row in rows for one in [pick(row)]]) for pick in PICKS]
    flips, lateness = (singles[0][n] + singles[1][n] - own[0][n] - own[1][n] + own[2][n] for n in (0, 1))
    return (singles[0][0], singles[1][0], flips), (singles[0][1], singles[1][1], lateness)


PICKS: tuple[Callable[[Joint], Verdict | None], ...] = (
    lambda row: row.first, lambda row: row.second, lambda row: row.both,
)  # fmt: skip


def _size(changes: Iterable[Change]) -> tuple[int, int]:
    flips = lateness = 0
    for change in changes:
        before, after = _key(change.before), _key(change.after)
        flips += before[0] != after[0]
        lateness += after[1] - before[1]
    return flips, lateness


def _values(base: Worths, first: Worths, second: Worths, both: Worths) -> int:
    """How many values of agreements the two together do not bring out as the sum of both."""
    return sum(not _adds(*(way.get(key) for way in (base, first, second, both))) for key in base)


def _adds(base: Value | None, first: Value | None, second: Value | None, both: Value | None) -> bool:
    plain = [comparable(one) for one in (base, first, second, both)]
    if all(isinstance(one, Money) for one in plain):
        sizes = [one.amount for one in plain if isinstance(one, Money)]
        return sizes[3] - sizes[0] == sizes[1] + sizes[2] - 2 * sizes[0]
    if plain[1] == plain[0]:
        return plain[3] == plain[2]
    return plain[2] == plain[0] and plain[3] == plain[1]
