"""Two readings at once: which pairs act on each other, so that their joint effect is not the sum of the single ones.

A verdict rests on the rules that it names, and on nothing else. Where no rule of a verdict can ask both readings, it is
as under the one of them that it asks. Where the second changes nothing that is asked of a subject once the first is
read otherwise, both together are as the first alone. Only what is left is judged under both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations

import numpy as np
from attrs import define, frozen

from slarules.model.value import Money, Value
from slarules.stakes.asked import Worths
from slarules.stakes.changes import Difference, difference
from slarules.stakes.comparing import comparable
from slarules.stakes.dependence import Node
from slarules.stakes.four import KINDS, Side, counted, examples, four_ways, kinds_of, size
from slarules.stakes.judging import (
    Bench,
    Judged,
    changed_by,
    fitting,
    from_base,
    judge_again,
    seen_under,
    told,
    under,
    way,
)
from slarules.stakes.laid import Mask, Numbers, Options
from slarules.stakes.occasions import Happened, Occasion, fits
from slarules.stakes.worth import Pair, Pairs


@define(eq=False)
class _Single:
    """An option with what pairs ask of it."""

    judged: Judged
    """What it makes of the subjects that it can touch."""
    turned: Mask
    """[subject] → whether verdicts of it arise, vanish or flip under it."""
    seen: Sequence[Happened]
    """What an occasion may ask of those subjects under it, each once."""
    group: Numbers
    """[one of those subjects] → its place in ``seen``."""
    size: tuple[int, int]
    """Verdicts that change state, arise or vanish under it, and their net lateness."""

    @property
    def name(self) -> tuple[str, str]:
        return self.judged.options[0]


@frozen(eq=False)
class _Plan:
    """A pair, and how many subjects must be looked at to know how the two act together."""

    first: _Single
    second: _Single
    options: Options
    found: Difference
    """Both against the base."""
    cost: int


@frozen(eq=False)
class _LookedAt:
    """The subjects of which the joint effect may not be the sum."""

    joint: Mask
    """To be judged under both."""
    as_first: Mask
    """They come out under both as under the first alone, and the second alone changes them."""
    as_second: Mask
    """The same the other way round."""
    as_base: Mask
    """They come out under both as in the base, and one alone changes them."""

    @property
    def all(self) -> Mask:
        return self.joint | self.as_first | self.as_second | self.as_base


def pairs_of(
    base: Bench,
    tried: Sequence[Judged],
    rests: Mapping[str, frozenset[Node]],
    judgings: int | None,
    done: Callable[[int], None],
    expect: Callable[[int], None],
) -> Pairs:
    """Every pair of options of different readings: whether it interacts, and how.

    ``tried`` is what each option by itself makes of the log; ``rests`` says on which rules a reading can bear at all.
    Pairs for which the fewest subjects must be looked at come first, until ``judgings`` of them have been.
    """
    singles = [_single(base, one) for one in tried]
    couples = [(a, b) for a, b in combinations(singles, 2) if a.name[0] != b.name[0]]
    common = [(a, b) for a, b in couples if rests[a.name[0]] & rests[b.name[0]]]
    plans = sorted((_plan(base, a, b) for a, b in common), key=lambda plan: plan.cost)
    found: list[Pair] = []
    left_out: list[tuple[tuple[str, str], tuple[str, str]]] = []
    spent = judged = 0
    for plan in plans:
        if judgings is not None and spent + plan.cost > judgings:
            left_out.append((plan.first.name, plan.second.name))
            continue
        spent += plan.cost
        looked_at = _looked_at(base, plan.first, plan.second, plan.options, plan.found)
        many = int(looked_at.joint.sum())
        judged += bool(many)
        expect(many)
        both = judge_again(base, plan.options, plan.found, looked_at.joint, done)
        pair = _pair(base, plan, looked_at, both)
        found += [pair] if pair is not None else []
    found.sort(key=lambda p: (-(p.overlap + p.together + p.undone + p.otherwise), p.first, p.second))
    return Pairs(tuple(found), len(couples), len(couples) - len(common), judged, tuple(left_out))


def _single(base: Bench, judged: Judged) -> _Single:
    changed = changed_by(base, judged)
    turned = np.zeros(base.count, bool)
    other = changed.of_before("state", -1) != changed.of_after("state", -1)
    turned[changed.of_either("subject")[other]] = True
    seen, group = seen_under(base, judged, turned)
    return _Single(judged, turned, seen, group, size(changed))


def _plan(base: Bench, a: _Single, b: _Single) -> _Plan:
    options = tuple(sorted((*a.judged.options, *b.judged.options)))
    found = from_base(base, options)
    return _Plan(a, b, options, found, int(_looked_at(base, a, b, options, found).all.sum()))


def _looked_at(base: Bench, a: _Single, b: _Single, options: Options, found: Difference) -> _LookedAt:
    """Those that both can touch, each also once the other is read so, are judged under both."""
    both = fitting(base, found.occasions)
    after_a = _touched(base, a, difference(way(base, a.judged.options), way(base, options)))
    after_b = _touched(base, b, difference(way(base, b.judged.options), way(base, options)))
    as_first = both & ~after_a
    as_second = both & ~after_b & ~as_first
    first, second = a.judged.changed, b.judged.changed
    return _LookedAt(both & after_a & after_b, as_first & second, as_second & first, (first | second) & ~both)


def _touched(base: Bench, single: _Single, found: Difference) -> Mask:
    """The subjects that a further option may touch, once this one is read otherwise."""
    touched = fitting(base, found.occasions).copy()
    touched[single.turned] = _fit(single.seen, found.occasions)[single.group]
    return touched


def _fit(seen: Sequence[Happened], occasions: frozenset[Occasion]) -> Mask:
    return np.array([any(fits(one, own) for one in occasions) for own in seen], bool)


# ---- Side by side -----------------------------------------------------------------------------------------------


def _pair(base: Bench, plan: _Plan, looked_at: _LookedAt, both: Judged) -> Pair | None:
    """How the two act together; None where it is the sum."""
    a, b = plan.first.judged, plan.second.judged
    rules = a.difference.judged | b.difference.judged | both.difference.judged
    periodic = a.difference.periodic | b.difference.periodic | both.difference.periodic
    whole = looked_at.all
    sides: list[Side] = [under(base, one, whole, rules) for one in (None, a, b)]
    jointly = (both, looked_at.joint), (a, looked_at.as_first), (b, looked_at.as_second), (None, looked_at.as_base)
    sides.append([piece for one, subjects in jointly for piece in under(base, one, subjects, rules)])
    rows = four_ways(sides, base.codes, periodic)
    kinds = kinds_of(rows)
    values = _values(base.worths, *(base.worths if one.worths is None else one.worths for one in (a, b, both)))
    if not values and not (kinds >= 0).any():
        return None
    flips, lateness = _totals(plan, counted(rows))
    overlap, together, undone, otherwise = (int((kinds == kind).sum()) for kind in KINDS)
    shown = tuple(examples(rows, kinds, partial(told, base)))
    return Pair(
        plan.first.name, plan.second.name, flips, lateness, overlap, together, undone, otherwise, values, shown
    )


def _totals(
    plan: _Plan, own: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Verdicts that change state, arise or vanish, and net lateness: of the first alone, the second alone, and both.

    Where nothing was looked at, both together are the sum.
    """
    singles = [one.size for one in (plan.first, plan.second)]
    flips, lateness = (singles[0][n] + singles[1][n] - own[0][n] - own[1][n] + own[2][n] for n in (0, 1))
    return (singles[0][0], singles[1][0], flips), (singles[0][1], singles[1][1], lateness)


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
