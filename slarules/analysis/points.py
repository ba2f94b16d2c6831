"""Points of a rule's domain, looked at with the engine's own three-valued conditions, and the search for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted
from slarules.engine.expression import Truth3, test
from slarules.engine.history import Entry
from slarules.lint.domain import MOST, Domain, Key, domain_of, keys_of
from slarules.model.contract import Terms
from slarules.model.expression import (
    AllOf,
    AllowanceRef,
    AnyOf,
    Condition,
    FactRef,
    Happened,
    InCalendar,
    Not,
    Pattern,
    Recorded,
    RightHolds,
    SeverityRef,
    StatusRef,
)
from slarules.model.value import Unknown, Value
from slarules.model.walk import inside


class TooLarge(Exception):
    """A question with more points than are looked at; it is left undecided."""


@frozen
class Now:
    """The key of the instant itself, which calendars are asked about."""


@define(eq=False)
class Point:
    """What is so at one point: a scene of the engine's conditions (``engine.expression.Scene``)."""

    adopted: Adopted = field(repr=False)
    values: Mapping[Key, Value]
    """What is known; a fact that is not named is not recorded."""
    now: int
    """Microseconds UTC."""
    settled: bool = True
    """Whether what is asked has its value; while it has not, what is not there may still become anything."""
    entry: Entry | None = None

    @property
    def terms(self) -> Terms:
        return self.adopted.terms

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        return self.adopted.calendars

    def fact(self, name: str) -> Value:
        if FactRef(name) in self.values:
            return self.values[FactRef(name)]
        fact = self.terms.facts.get(name)
        presumed = fact.presumed if fact is not None and self.settled else None
        return presumed if presumed is not None else Unknown(frozenset({name}))

    def severity_now(self) -> str | None:
        level = self.values.get(SeverityRef())
        return level if isinstance(level, str) else None

    def status_now(self, status: str) -> Value:
        return self.values.get(StatusRef(status), Unknown(frozenset({"agreement"})))

    def allowance_now(self, allowance: str) -> Value:
        return self.values.get(AllowanceRef(allowance), Unknown(frozenset({allowance})))

    def amount_now(self, amount: str) -> Value:
        return Unknown(frozenset({amount}))

    def has_happened(self, asked: Happened) -> bool:
        found = self.values.get(asked)
        return found is True if self.settled or found is not None else Unknown(frozenset())  # type: ignore[return-value]

    def as_recorded_then(self) -> Point:
        return self

    def right_holds(self, right: str) -> Truth3:
        found = self.values.get(RightHolds(right))
        return found if isinstance(found, bool) else Unknown(frozenset({right}))


# ---- What is asked of a point ---------------------------------------------------------------------------------------


@frozen(eq=False)
class Goal:
    """Something that must be so at a point."""

    met: Callable[[Point], bool]
    keys: frozenset[Key | Now]
    """What it asks; it is looked at once all of these are settled."""
    hopeless: Callable[[Point], bool] | None = None
    """Whether it cannot be met any more at a point that is not settled yet; None: that is not known early."""
    parts: tuple[Goal, ...] = ()
    """Goals that are met together just where this one is."""


Wanted = Callable[[Truth3], bool]


def ask(condition: Condition, terms: Terms, wanted: Wanted) -> Goal:
    """The goal that a condition, its computed values opaque, comes out as wanted."""
    compiled = test(condition)
    parts = tuple(ask(part, terms, its) for part, its in _parts(condition, wanted))
    keys: set[Key | Now] = set(keys_of(condition, terms))
    keys |= {Now()} if any(isinstance(part, InCalendar) for part in inside(condition)) else set()
    if any(isinstance(part, Recorded) for part in inside(condition)):
        return Goal(lambda point: wanted(compiled(point)), frozenset(keys), None, parts)

    def hopeless(point: Point) -> bool:
        """What is true or false while something is unknown stays so whatever that turns out to be (R9)."""
        value = compiled(point)
        return isinstance(value, bool) and not wanted(value)

    return Goal(lambda point: wanted(compiled(point)), frozenset(keys), hopeless, parts)


def _parts(condition: Condition, wanted: Wanted) -> list[tuple[Condition, Wanted]]:
    """What a goal comes to, where it comes to several: all of them true, or any of them not."""
    opposite: dict[Wanted, Wanted] = {
        is_true: is_false, is_false: is_true, not_true: not_false, not_false: not_true}
    match condition:
        case Not(part):
            return [(part, opposite[wanted])]
        case AllOf(parts) if wanted in (is_true, not_false):
            return [(part, wanted) for part in parts]
        case AnyOf(parts) if wanted in (is_false, not_true):
            return [(part, wanted) for part in parts]
    return []


def _leaves(goals: Iterable[Goal]) -> list[Goal]:
    return [leaf for goal in goals for leaf in (_leaves(goal.parts) if goal.parts else [goal])]


def is_true(value: Truth3) -> bool:
    """Wanted of a condition that must hold."""
    return value is True


def is_false(value: Truth3) -> bool:
    """Wanted of a condition that must not hold."""
    return value is False


def not_true(value: Truth3) -> bool:
    """Wanted of a condition that must not hold, or not be known to."""
    return value is not True


def not_false(value: Truth3) -> bool:
    """Wanted of a condition that must hold, or not be known not to."""
    return value is not False


# ---- The search -----------------------------------------------------------------------------------------------------


@frozen(eq=False)
class Space:
    """All the points that a question ranges over."""

    adopted: Adopted = field(repr=False)
    domain: Domain
    moments: tuple[int, ...]
    """Instants, one for each way in which the calendars at hand can be open and closed; the likeliest first."""

    def known(self) -> Space:
        """The points at which everything is recorded."""
        return Space(self.adopted, self.domain.known, self.moments)


def space_of(conditions: object, adopted: Adopted, moments: tuple[int, ...], also: Iterable[Key] = ()) -> Space:
    """The space of conditions whose computed values are opaque."""
    return Space(adopted, domain_of(conditions, adopted.terms, also), moments)


def points(space: Space, goals: Sequence[Goal], most: int = MOST) -> Iterator[Point]:
    """The points of a space at which every goal is met, in its order. Raises TooLarge after ``most`` looks.

    Keys are settled one after the other, those of the narrowest goal first; regions in which a goal fails, or can no
    longer be met, are never entered.
    """
    goals = _leaves(goals)
    order = _order(space, goals)
    due, open_at = _schedule(goals, order)
    values: dict[Key, Value] = {}
    point = Point(space.adopted, values, space.moments[0])
    looks = 0

    def settle(depth: int) -> Iterator[Point]:
        nonlocal looks
        looks += 1
        if looks > most:
            raise TooLarge
        point.settled = False
        if any(goal.hopeless(point) for goal in open_at[depth] if goal.hopeless is not None):
            return
        point.settled = True
        if not all(goal.met(point) for goal in due[depth]):
            return
        if depth == len(order):
            if _possible(values):
                yield Point(space.adopted, dict(values), point.now)
            return
        key = order[depth]
        if isinstance(key, Now):
            for moment in space.moments:
                point.now = moment
                yield from settle(depth + 1)
            return
        for value in space.domain.values[key]:
            values[key] = value
            yield from settle(depth + 1)
        del values[key]

    return settle(0)


def _schedule(goals: Sequence[Goal], order: Sequence[Key | Now]) -> tuple[list[list[Goal]], list[list[Goal]]]:
    """Which goals have all they ask, and which only a part of it, once so many keys are settled."""
    depths = range(len(order) + 1)
    due: list[list[Goal]] = [[] for _ in depths]
    for goal in goals:
        due[max((order.index(key) + 1 for key in goal.keys if key in order), default=0)].append(goal)
    touched = [frozenset(order[:depth]) for depth in depths]
    return due, [[g for g in goals if g.keys & touched[depth] and not g.keys <= touched[depth]] for depth in depths]


def found(space: Space, goals: Sequence[Goal]) -> Point | None:
    """One point at which every goal is met; where there is a choice, one at which everything is recorded.

    Goals that share no key are looked at apart from each other. Raises TooLarge.
    """
    for where in (space.known(), space):
        values: dict[Key, Value] = {key: several[0] for key, several in where.domain.values.items()}
        now = where.moments[0]
        for group in _apart(_leaves(goals)):
            keys = {key for goal in group for key in goal.keys}
            own = Domain({key: several for key, several in where.domain.values.items() if key in keys})
            point = next(points(Space(where.adopted, own, where.moments), group), None)
            if point is None:
                break
            values.update(point.values)
            now = point.now if Now() in keys else now
        else:
            return Point(space.adopted, values, now)
    return None


def _apart(goals: Sequence[Goal]) -> list[list[Goal]]:
    """The goals in groups of which no two share a key; events of one type belong together."""
    groups: list[tuple[set[object], list[Goal]]] = []
    for goal in goals:
        mine: set[object] = {key.pattern.type if isinstance(key, Happened) else key for key in goal.keys}
        together = [goal]
        for keys, several in [group for group in groups if group[0] & mine]:
            mine |= keys
            together = [*several, *together]
            groups.remove((keys, several))
        groups.append((mine, together))
    return [several for _, several in groups]


def _order(space: Space, goals: Sequence[Goal]) -> list[Key | Now]:
    order: list[Key | Now] = [Now()] if any(Now() in goal.keys for goal in goals) else []
    for goal in sorted(goals, key=lambda goal: len(goal.keys)):
        order += sorted((key for key in goal.keys if key not in order), key=str)
    order += [key for key in space.domain.values if key not in order]
    return [key for key in order if isinstance(key, Now) or key in space.domain.values]


def _possible(values: Mapping[Key, Value]) -> bool:
    """Whether events and their kinds agree: what happened by a party happened, what happened this term happened."""
    for key, value in values.items():
        if isinstance(key, Happened) and value is True:
            wider = (Happened(Pattern(key.pattern.type), key.this_term), Happened(key.pattern, False))
            if any(values.get(one) is False for one in wider):
                return False
    return True
