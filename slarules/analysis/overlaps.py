"""Two duties of one act that are owed together, due at different times, and nothing says which of them counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice

from slarules.analysis.boundaries import only_at_boundaries
from slarules.analysis.families import arises, compared, deadline, is_owed, several, space_of_family
from slarules.analysis.guards import NOT_DECIDED, Guarded, Told, too_large
from slarules.analysis.points import Goal, Point, Space, TooLarge, found, points
from slarules.analysis.stories import story
from slarules.lint.examined import Examined
from slarules.lint.finding import Due, Found, Witness
from slarules.model.rules import Duty

OVERLAP, SHADOWED = "overlap-without-precedence", "shadowed-rule"
TRIED = 60
"""Points at which both are owed, and at which their deadlines are laid side by side."""


@lru_cache(maxsize=2)
def everything(examined: Examined) -> tuple[Told, ...]:
    """What is told of each two duties of one act; of one that asks for nothing beside another, that alone, and once."""
    return tuple(told for family in several(examined) for told in _of_family(examined, family.members))


def _of_family(examined: Examined, members: Sequence[Guarded]) -> Iterator[Told]:
    found: dict[tuple[int, int], Told] = {}
    hidden: set[int] = set()
    for pair in combinations(range(len(members)), 2):
        first, second = (members[place] for place in pair)
        if first.rule is second.rule or not hidden.isdisjoint(pair):
            continue
        try:
            told, asks_nothing = _of_pair(examined, first, second)
        except TooLarge:
            told, asks_nothing = (NOT_DECIDED, too_large(examined, second)), None
        if told is not None:
            found[pair] = told
        if asks_nothing is not None:
            hidden.add(pair[0] if asks_nothing is first else pair[1])
    for pair, told in found.items():
        if told[0] != OVERLAP or hidden.isdisjoint(pair):
            yield told


def _of_pair(examined: Examined, first: Guarded, second: Guarded) -> tuple[Told | None, Guarded | None]:
    """What is told of two duties, and which of them asks for nothing."""
    space = space_of_family((first, second), first.adopted)
    goals = [*arises(first), *arises(second)]
    both = [point for where in (space.known(), space) for point in islice(points(where, goals), TRIED)]
    orders = [compared(first, second, point.values, point.values) for point in both]
    told = [order[0] for order in orders if order is not None]
    if not told:
        return None, None
    alike = _course(first.rule) == _course(second.rule)
    if alike and _implies(space, second, first) and all(order <= 0 for order in told):
        return (SHADOWED, _shadow(examined, second, first, both)), second
    if alike and _implies(space, first, second) and _never_later(second, first, both):
        return (SHADOWED, _shadow(examined, first, second, both)), first
    if any(order != 0 for order in told) and not only_at_boundaries(first, second):
        return (OVERLAP, _overlap(examined, first, second, both)), None
    return None, None


def _course(rule: object) -> tuple[object, ...]:
    """What moves or ends a duty's deadline once it is owed: alike, two deadlines keep their order."""
    assert isinstance(rule, Duty)
    return (rule.paused_on, rule.rises, rule.falls, rule.reopening, rule.until, rule.whiles, rule.ends_at_next_opening)


def _implies(space: Space, one: Guarded, other: Guarded) -> bool:
    """Whether wherever one is owed the other is, and not only undetermined."""
    missing = Goal(lambda point: not is_owed(other, point), frozenset(space.domain.values))
    return found(space, [*arises(one), missing]) is None


def _never_later(one: Guarded, other: Guarded, both: list[Point]) -> bool:
    orders = [compared(one, other, point.values, point.values) for point in both]
    return all(order is not None and order[0] <= 0 for order in orders)


def _shadow(examined: Examined, hidden: Guarded, by: Guarded, both: list[Point]) -> Found:
    assert isinstance(hidden.rule, Duty) and isinstance(by.rule, Duty)
    return Found(
        examined.name_at(hidden.rule.citation.rule),
        f"`{hidden.rule.name}` asks for nothing: wherever it is owed `{by.rule.name}` is owed too, and due no later",
        f"say which of the two gives way: `unless …` in `{by.rule.name}`, or leave `{hidden.rule.name}` out",
        ((examined.name_at(by.rule.citation.rule), "always due as soon, or sooner"),),
        witness=_together(hidden, by, both, f"whoever keeps `{by.rule.name}` keeps `{hidden.rule.name}`"),
    )


def _overlap(examined: Examined, first: Guarded, second: Guarded, both: list[Point]) -> Found:
    assert isinstance(first.rule, Duty) and isinstance(second.rule, Duty)
    one, other = first.rule.name, second.rule.name
    return Found(
        examined.name_at(second.rule.citation.rule),
        f"`{other}` and `{one}` can be owed together, due at different times, and nothing says which gives way",
        "say which: `unless …` in the one that gives way, or conditions that exclude each other",
        ((examined.name_at(first.rule.citation.rule), "the other duty of the same act"),),
        witness=_together(first, second, both, f"`{one}` and `{other}` are owed together"),
    )


def _together(one: Guarded, other: Guarded, both: list[Point], told: str) -> Witness | None:
    """A ticket for which both are owed, with their deadlines, at different times where there is such a ticket."""
    dated = [(p, deadline(one, p.values, p.now), deadline(other, p.values, p.now)) for p in both]
    for point, mine, its in sorted(dated, key=lambda found: found[1] == found[2]):
        made = story(one.rule.kind, one.rule, one.trigger, point) if isinstance(one.rule, Duty) else None
        if made is None or mine is None or its is None:
            continue
        events = tuple(sorted(made.events, key=lambda e: e.at))
        names = (one.rule.name, other.rule.name)
        claims = tuple(Due(made.subject, name, due) for name, due in zip(names, (mine, its), strict=True))
        return Witness(events, made.at, claims, told)
    return None
