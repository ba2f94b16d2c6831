"""Two ways of judging one log, verdict by verdict: what flips, moves, arises and vanishes, and who gains by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np
from attrs import frozen

from slarules.columnar.review.sheets import NOTHING, at_places
from slarules.model.value import Money, Unknown, Value
from slarules.stakes.laid import (
    BROKEN,
    OUTCOME_OF,
    OUTCOMES,
    UNDETERMINED,
    Codes,
    Laid,
    Mask,
    Numbers,
    Objects,
)
from slarules.stakes.worth import Change, Effect, Favour, Lateness, Moves, Standing

KEPT_OUTCOME, BROKEN_OUTCOME = OUTCOMES.index("kept"), OUTCOMES.index("broken")


@frozen(eq=False)
class Changed:
    """Verdicts that come out otherwise, as numbers."""

    before: Laid
    """Where those of the base stand."""
    after: Laid
    """Where those of the option do."""
    b: Numbers
    """[change] → the row of ``before``; -1: the verdict arises under the option."""
    a: Numbers
    """[change] → the row of ``after``; -1: it vanishes."""

    def of_before(self, name: str, none: int) -> Numbers:
        """[change] → what the base has of it; ``none`` where there is no verdict."""
        return at_places(getattr(self.before, name), self.b, none)

    def of_after(self, name: str, none: int) -> Numbers:
        """[change] → what the option has of it."""
        return at_places(getattr(self.after, name), self.a, none)

    def of_either(self, name: str) -> Numbers:
        """[change] → what the base has of it, or the option where the base lacks it."""
        return np.where(self.b >= 0, self.of_before(name, 0), self.of_after(name, 0))


def effect(
    changed: Changed, standings: Sequence[Standing], codes: Codes, order: Mapping[str, int], objects: Objects,
    precision: int = 0, shown: int | None = None,
) -> Effect:  # fmt: skip
    """All that comes out otherwise; ``order`` is the contract's order of rules.

    ``precision`` is how exact the log's instants are, in microseconds; ``shown``: so many changes are told one by one.
    """
    was, now = changed.of_before("state", -1), changed.of_after("state", -1)
    both = (changed.b >= 0) & (changed.a >= 0)
    turned = was != now  # flips, and what arises or vanishes
    flips = both & turned
    sure = turned & (was != UNDETERMINED) & (now != UNDETERMINED)
    return Effect(
        int(flips.sum()), int((changed.b < 0).sum()), int((changed.a < 0).sum()), int(sure.sum()),
        tuple(one_by_one(changed, _first(changed, was, now, codes, shown), objects)),
        int((flips & (_near(changed.before, changed.b, precision) | _near(changed.after, changed.a, precision))).sum()),
        int((now == UNDETERMINED).sum() - (was == UNDETERMINED).sum()),
        _moves(changed, both),
        _lateness(changed, was, now),
        tuple(_favours(changed, was, now, codes)),
        tuple(standings),
        money(standings),
        _by_rule(changed, codes, order),
    )  # fmt: skip


def _first(changed: Changed, was: Numbers, now: Numbers, codes: Codes, shown: int | None) -> Numbers:
    """The changes to be told one by one, those first that show best what the option does."""
    some = np.flatnonzero(was != now)
    outcomes = OUTCOME_OF[was[some]], OUTCOME_OF[now[some]]
    both = (changed.b[some] >= 0) & (changed.a[some] >= 0)
    broken, kept = ((outcomes[0] == code) | (outcomes[1] == code) for code in (BROKEN_OUTCOME, KEPT_OUTCOME))
    due = [one[some] != NOTHING for one in (changed.of_before("deadline", 0), changed.of_after("deadline", 0))]
    names = [name for _, name in codes.nodes]
    rank = {name: place for place, name in enumerate(sorted(set(names)))}
    duty = np.array([*(rank[name] for name in names), 0], np.int64)[changed.of_either("node")[some]]
    keys = (~both, ~(both & broken & kept), ~broken, ~(both & due[0] & due[1]),
            changed.of_either("subject")[some], duty, changed.of_either("number")[some])  # fmt: skip
    return some[np.lexsort(keys[::-1])][:shown]


def one_by_one(changed: Changed, chosen: Numbers, objects: Objects) -> Iterator[Change]:
    """These changes, with their verdicts as ``objects`` gives them."""
    sides = []
    for laid, rows in ((changed.before, changed.b[chosen]), (changed.after, changed.a[chosen])):
        found = iter(objects(laid, rows[rows >= 0]))
        sides.append([None if row < 0 else next(found) for row in rows.tolist()])
    return (Change(before, after) for before, after in zip(*sides, strict=True))


def _near(laid: Laid, rows: Numbers, precision: int) -> Mask:
    """Whether it was performed so near its deadline that the log cannot tell on which side."""
    if precision <= 1:
        return np.zeros(len(rows), bool)
    performed, deadline = at_places(laid.performed, rows, NOTHING), at_places(laid.deadline, rows, NOTHING)
    known = (performed != NOTHING) & (deadline != NOTHING)
    close: Mask = np.abs(np.where(known, performed - deadline, precision)) < precision
    return close


def _lateness(changed: Changed, was: Numbers, now: Numbers) -> Lateness:
    before, after = changed.of_before("late", 0), changed.of_after("late", 0)
    known = (before != NOTHING) & (after != NOTHING)
    by = after[known] - before[known]
    unperformed = (np.isin(now, BROKEN) & (after == NOTHING)).sum() - (np.isin(was, BROKEN) & (before == NOTHING)).sum()
    return Lateness(int(by[by > 0].sum()), int(-by[by < 0].sum()), int(unperformed))


def comparable(value: Value | None) -> Value | str | None:
    """A value of an agreement; what is unknown is so for whatever reason."""
    return "unknown" if isinstance(value, Unknown) else value


def _moves(changed: Changed, both: Mask) -> Moves:
    was, now = changed.of_before("deadline", NOTHING)[both], changed.of_after("deadline", NOTHING)[both]
    dated = (was != NOTHING) & (now != NOTHING)
    by = now[dated] - was[dated]
    by = by[by != 0]
    sizes = np.sort(np.abs(by))
    largest = 0
    if len(by):
        largest = int(sizes[-1]) if (by == sizes[-1]).any() else -int(sizes[-1])
    return Moves(
        int((by > 0).sum()), int((by < 0).sum()), int(sizes[(len(sizes) - 1) // 2]) if len(by) else 0, largest,
        int(((was != NOTHING) & (now == NOTHING)).sum()), int(((was == NOTHING) & (now != NOTHING)).sum()),
    )  # fmt: skip


def _favours(changed: Changed, was: Numbers, now: Numbers, codes: Codes) -> Iterator[Favour]:
    before, after = OUTCOME_OF[was], OUTCOME_OF[now]
    bearer = changed.of_either("bearer")
    size = len(codes.bearers)
    kept = np.bincount(bearer[(before == BROKEN_OUTCOME) & (after == KEPT_OUTCOME)], minlength=size)
    broken = np.bincount(bearer[(before == KEPT_OUTCOME) & (after == BROKEN_OUTCOME)], minlength=size)
    more = np.bincount(bearer[after == BROKEN_OUTCOME], minlength=size)
    fewer = np.bincount(bearer[before == BROKEN_OUTCOME], minlength=size)
    for name, code in sorted((name, code) for name, code in codes.bearers.items() if name is not None):
        found = Favour(name, int(kept[code]), int(broken[code]), int(more[code] - fewer[code]))
        if found.to_kept or found.to_broken or found.broken:
            yield found


def _by_rule(changed: Changed, codes: Codes, order: Mapping[str, int]) -> dict[str, int]:
    """Rule → how many verdicts of it come out otherwise, in the contract's order."""
    many = np.bincount(changed.of_either("node"), minlength=len(codes.nodes))
    counted: dict[str, int] = {}
    for (_, name), number in codes.nodes.items():
        if many[number]:
            counted[name] = counted.get(name, 0) + int(many[number])
    return dict(sorted(counted.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0])))


def money(standings: Iterable[Standing]) -> dict[str, tuple[Decimal, Decimal]]:
    """Currency → what amounts come to more, and less."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for one in standings:
        if isinstance(one.before, Money) and isinstance(one.after, Money) and one.before.currency == one.after.currency:
            by = one.after.amount - one.before.amount
            more, less = found.get(one.after.currency, (Decimal(0), Decimal(0)))
            found[one.after.currency] = (more + max(by, Decimal(0)), less + max(-by, Decimal(0)))
    return dict(sorted(found.items()))
