"""Duties that are meant as one: the same act of the same party at the same event, at different times or limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from attrs import frozen

from slarules.analysis.guards import Guarded, guarded
from slarules.analysis.moments import moments, starts, versions_of
from slarules.analysis.points import Goal, Point, Space, ask, is_true, space_of
from slarules.analysis.trials import guard_at, promises, sure, tables_of
from slarules.engine.adopt import Adopted
from slarules.engine.judging.clock import Clock
from slarules.engine.judging.limits import Passed, clock_for
from slarules.lint.domain import Key, keys_of, opaque
from slarules.lint.examined import Examined
from slarules.lint.pauses import ending
from slarules.model.expression import InCalendar
from slarules.model.limit import EachDay, Every, OnEach, Within
from slarules.model.rules import Duty
from slarules.model.value import Unknown, Value
from slarules.model.walk import inside

RECURRING = (EachDay, OnEach)


@frozen
class Family:
    """Duties of one act at one event, in the contract's order; often only one."""

    members: tuple[Guarded, ...]
    adopted: Adopted

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties themselves."""
        return tuple(one.rule for one in self.members if isinstance(one.rule, Duty))


@lru_cache(maxsize=2)
def families(examined: Examined) -> tuple[Family, ...]:
    """The families of every version, as they stand under the adopted options."""
    if examined.contract is None:
        return ()
    found: list[Family] = []
    for adopted in versions_of(examined.contract):
        groups: dict[object, list[Guarded]] = {}
        for ones, _ in guarded(examined, adopted):
            for one in ones:
                if isinstance(one.rule, Duty) and one.rule.choice is None and one.rule.limit is not None:
                    groups.setdefault(_likeness(one, one.rule), []).append(one)
        found += [Family(tuple(members), adopted) for members in groups.values()]
    return tuple(found)


def _likeness(one: Guarded, duty: Duty) -> object:
    """What makes two duties one: who owes what to whom, what performs it, and when it is set off."""
    trigger = one.trigger if not hasattr(one.trigger, "during") else one.trigger.pattern  # type: ignore[union-attr]
    return (duty.effort, duty.kind, duty.bearer, duty.counterparty, duty.act, duty.keeps, duty.performance, trigger)


def space_of_family(members: Sequence[Guarded], adopted: Adopted) -> Space:
    """The points that the conditions and tables of these duties range over."""
    asked = tuple(one.conditions for one in members)
    inputs: list[Key] = []
    for one in members:
        for table, _ in tables_of(one.rule, adopted.terms):
            inputs += keys_of(opaque(table.inputs), adopted.terms)
    calendars = frozenset(part.calendar for part in inside(asked) if isinstance(part, InCalendar))
    return space_of(asked, adopted, moments(adopted, calendars), inputs)


def arises(one: Guarded) -> list[Goal]:
    """That a duty is owed."""
    return [*(ask(c, one.adopted.terms, is_true) for c in one.conditions), *promises(one), *sure(one)]


def is_owed(one: Guarded, point: Point) -> bool:
    """Whether a duty is owed at a point."""
    return guard_at(one.conditions, point) is True and all(goal.met(point) for goal in promises(one))


def deadline(one: Guarded, values: Mapping[Key, Value], start: int) -> int | None:
    """When a duty set off at an instant is due, in microseconds UTC; None: that hangs on more, or on nothing."""
    duty = one.rule
    assert isinstance(duty, Duty)
    waits = any(isinstance(part, Within) and part.after is not None for part in inside(duty.limit))
    if waits or isinstance(duty.limit, RECURRING) or (one.trigger is not None and ending(duty, one.trigger)):
        return None
    outcome = clock_for(duty, duty.limit, start, Point(one.adopted, values, start), (None, None), one.adopted.zone,
                        lambda milestone: None)
    if isinstance(outcome, (str, Unknown, Passed)):
        return None
    clock: Clock = outcome
    return clock.deadline()


def compared(
    one: Guarded, other: Guarded, values: Mapping[Key, Value], its_values: Mapping[Key, Value]
) -> tuple[int, int | None] | None:
    """How the deadlines of two duties compare over the hours of an ordinary week.

    -1 where the first is always due sooner or at once, 0 where always at once, 1 where it is somewhere later; with
    an hour at which it is later. None where either has no deadline that can be told.
    """
    if isinstance(getattr(one.rule, "limit", None), Every) != isinstance(getattr(other.rule, "limit", None), Every):
        return None
    same = True
    for start in starts(one.adopted):
        mine, its = deadline(one, values, start), deadline(other, its_values, start)
        if mine is None or its is None:
            return None
        if mine > its:
            return 1, start
        same = same and mine == its
    return (0 if same else -1), None


def several(examined: Examined) -> Iterator[Family]:
    """The families of more than one duty."""
    return (family for family in families(examined) if len(family.members) > 1)
