"""Rules that part a quantity between them, and forget the value at which they meet or claim it twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from itertools import islice

from attrs import evolve, frozen

from slarules.analysis.families import Family, arises, is_owed, several, space_of_family
from slarules.analysis.guards import Guarded, Told, each_trigger, rules_of, told
from slarules.analysis.moments import versions_of
from slarules.analysis.points import Goal, Point, found, points
from slarules.analysis.stories import story
from slarules.analysis.trials import guard_at, kind_of, witness_of
from slarules.engine.adopt import Adopted
from slarules.lint.domain import Domain, Key, beside, constants_of, is_computed
from slarules.lint.examined import Examined
from slarules.lint.finding import Claim, Disputed, Found, NotArisen, Seen, Witness
from slarules.model.expression import FactRef, SeverityRef
from slarules.model.rules import SeverityLevel
from slarules.model.value import Value
from slarules.source import Span

HOLE, DOUBLE = "boundary-hole", "boundary-double"
TRIED = 2_000
"""Surroundings in which a boundary is looked at: values of everything else."""
Owes = Callable[[Guarded, Point], bool]


@frozen
class Boundary:
    """A value at which one rule ends and another begins."""

    key: Key
    value: Value
    below: Guarded
    above: Guarded
    around: Point
    """Everything else."""
    doubled: bool
    """Whether both claim the value; otherwise neither does."""


def only_at_boundaries(first: Guarded, second: Guarded) -> bool:
    """Whether two duties are owed together only at values at which the one ends and the other begins."""
    family = Family((first, second), first.adopted)
    met = {(one.key, one.value) for one in _of(family.members, family.adopted, is_owed) if one.doubled}
    if not met:
        return False
    elsewhere = Goal(lambda point: all(point.values.get(key) != value for key, value in met),
                     frozenset(key for key, _ in met))
    space = space_of_family(family.members, family.adopted)
    return found(space, [*arises(first), *arises(second), elsewhere]) is None


@lru_cache(maxsize=2)
def everything(examined: Examined) -> tuple[Told, ...]:
    """What is told of each family of duties, and of the definitions of severities."""
    found: list[Told] = []
    for members, boundaries in _asked(examined):
        for name, doubled in ((HOLE, False), (DOUBLE, True)):
            of_it = (_told(examined, one) for one in boundaries() if one.doubled is doubled)
            found += told(examined, members[-1], name, of_it)
    return tuple(found)


def _asked(examined: Examined) -> Iterator[tuple[Sequence[Guarded], Callable[[], Iterator[Boundary]]]]:
    for family in several(examined):
        yield family.members, partial(_of, family.members, family.adopted, is_owed)
    for adopted in versions_of(examined.contract) if examined.contract is not None else ():
        levels = [one for level in rules_of("severity", adopted.terms).values()
                  for one in each_trigger(examined, level, adopted)]
        if levels:
            yield levels, partial(_of, levels, adopted, lambda one, point: guard_at(one.conditions, point) is True)


def _of(members: Sequence[Guarded], adopted: Adopted, owes: Owes) -> Iterator[Boundary]:
    """Each boundary once, in the surroundings in which it is met first."""
    space = space_of_family(members, adopted)
    for key, constants in constants_of(tuple(one.conditions for one in members)).items():
        if not isinstance(key, FactRef) or is_computed(key):
            continue
        others = evolve(space, domain=Domain({k: v for k, v in space.domain.values.items() if k != key}))
        rest = [point for where in (others.known(), others) for point in islice(points(where, []), TRIED)]
        for constant in dict.fromkeys(constants):
            yield from islice(_at(members, owes, key, constant, rest), 1)


def _at(members: Sequence[Guarded], owes: Owes, key: Key, constant: Value, rest: list[Point]) -> Iterator[Boundary]:
    near, nearer = beside(constant), beside(constant, Decimal("0.1"))
    if near is None or nearer is None:
        return

    def owed(around: Point, value: Value) -> list[Guarded]:
        point = Point(around.adopted, {**around.values, key: value}, around.now)
        return [one for one in members if owes(one, point)]

    for around in rest:
        below, at, above = (owed(around, value) for value in (near[0], constant, near[1]))
        if len(below) != 1 or len(above) != 1 or below[0] is above[0]:
            continue
        if (owed(around, nearer[0]), owed(around, nearer[1])) != (below, above):
            continue  # the one goes on beyond the value: that is an overlap, or a gap
        if not at or (len(at) == 2 and below[0] in at and above[0] in at):
            yield Boundary(key, constant, below[0], above[0], around, bool(at))


# ---- Telling it, with tickets ---------------------------------------------------------------------------------------


def _told(examined: Examined, one: Boundary) -> Found:
    assert isinstance(one.key, FactRef)
    below, above = _named(one.below), _named(one.above)
    words = f"`{one.key.name}` is {_said(one.value)}"
    if one.doubled:
        message = f"where {words}, both {below} and {above} hold"
        help = "give the value to one of them: `less than` beside `at least`, or `at most` beside `more than`"
    else:
        message = f"where {words}, neither {below} nor {above} holds"
        help = "give the value to one of them: `at most` beside `more than`, or `less than` beside `at least`"
    return Found(_place(examined, one.above), message, help, ((_place(examined, one.below), "up to the value"),),
                 witness=_witness(one, f"a ticket where {words}"))


def _named(one: Guarded) -> str:
    return f"severity {one.rule.name}" if isinstance(one.rule, SeverityLevel) else f"`{one.rule.name}`"


def _place(examined: Examined, one: Guarded) -> Span:
    citation = one.rule.citation
    assert citation is not None
    return one.lines[0].span if isinstance(one.rule, SeverityLevel) else examined.name_at(citation.rule)


def _said(value: Value) -> str:
    return str(getattr(value, "amount", value)) + (f" {value.currency}" if hasattr(value, "currency") else "")


def _witness(one: Boundary, told: str) -> Witness | None:
    """Tickets just before, at and just after the value; of severities one under each of the two."""
    near = beside(one.value)
    assert near is not None
    if isinstance(one.below.rule, SeverityLevel):
        tried = [(rule.rule.name, one.value) for rule in (one.below, one.above)]
    else:
        tried = [("", value) for value in (near[0], one.value, near[1])]
    stories = []
    for number, (level, value) in enumerate(tried):
        values: dict[Key, Value] = {**one.around.values, one.key: value}
        values |= {SeverityRef(): level} if level else {}
        point = Point(one.around.adopted, values, one.around.now)
        made = story(kind_of(one.below.rule), one.below.rule, one.below.trigger, point, number + 1)
        if made is None:
            return None
        stories += [(made, claim) for claim in _claims(one, number, made.subject, bool(level))]
    return witness_of(stories, told)


def _claims(one: Boundary, number: int, subject: str, of_severity: bool) -> list[Claim]:
    if of_severity:
        return [Disputed(subject, not one.doubled)]
    names = (one.below.rule.name, one.above.rule.name)
    owed = {0: (True, False), 1: (one.doubled, one.doubled), 2: (False, True)}[number]
    return [Seen(subject, name, ()) if is_so else NotArisen(subject, name)
            for name, is_so in zip(names, owed, strict=True)]
