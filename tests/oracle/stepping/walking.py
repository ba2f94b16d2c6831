"""Living on, one step of time after another, with events and without them (R17)."""

from __future__ import annotations

from operator import or_

from ..wall import DAY, OPEN, UNKNOWN
from .agreement import status_at
from .clocks import suspended, ticks, warned_at
from .instant import instant
from .verdicts import shown_state
from .world import Instance, World, clocks, clocks_of, duties_of


def walk(world: World, stop: int, *, counting: bool) -> int:
    """Steps on until a clock reaches its target, or until `stop`; says where."""
    ticking = [one for one in clocks(world) if ticks(world, one)]
    watched = [one for one in ticking if (one.owner or one).state == "pending"]
    counted = ticking if counting else watched
    if not counted:
        return stop
    at, base, step, start = world.now, world.base, world.step, world.now
    watches = {id(one): watched_for(world, one) for one in counted}
    unknowns = [one for one in watched if UNKNOWN in one.flags]
    while at < stop:
        minute = (at - base) // 60
        if unknowns and at > start and any(one.flags[minute] == UNKNOWN for one in unknowns):
            return at
        minutes = safe_minutes(counted, watches, (stop - at) // 60) if at % 60 == 0 and not unknowns else 0
        length = minutes * 60 or step
        reached = False
        for clock in counted:
            minutes_open = clock.flags.count(OPEN, minute, minute + max(minutes, 1))
            clock.used += minutes_open * min(length, 60)
            clock.ran_blind = clock.ran_blind or UNKNOWN in clock.flags[minute : minute + max(minutes, 1)]
            reached = reached or (minutes_open > 0 and clock.used in watches[id(clock)])
        at += length
        if reached:
            return at
    return at


def watched_for(world: World, clock: Instance) -> set[int]:
    """What its counter shows when something is to happen."""
    found = {clock.allowed} if clock.allowed is not None else set()
    triggers = [duty["trigger"] for duty in duties_of(world.contract)]
    marks = [warned_at(clock, one) for one in triggers if one.get("of") == clock.duty["name"]]
    return found | {mark for mark in marks if mark is not None}


def safe_minutes(counted: list[Instance], watches: dict[int, set[int]], most: int) -> int:
    """In so many whole minutes no clock can get beyond its target: they may be counted at once."""
    left = [(mark - one.used) // 60 for one in counted for mark in watches[id(one)] if one.used < mark]
    return min([most, *left])


def changes_by_itself(world: World, one: Instance) -> bool:
    """Whether a pending duty may become something else though nothing happens. What waits for an event does not."""
    if one.duty.get("while") is not None:
        return True
    if suspended(world, one):
        return False
    duties = {duty["name"] for duty in duties_of(world.contract)}
    unmoved = [clock.awaits is not None and clock.awaits["after"] not in duties for clock in clocks_of(one)]
    over = [one.kind == "later_of" and clock.reached for clock in clocks_of(one)]
    return not (any(unmoved) and all(map(or_, unmoved, over)))


def next_mark(world: World, last: int) -> int:
    world.marks = [mark for mark in world.marks if mark > world.now]
    return min(world.marks, default=last)


def live_until(world: World, last: int) -> None:
    while world.now < last:
        world.now = walk(world, min(next_mark(world, last), last), counting=True)
        instant(world)


def look_ahead(world: World) -> tuple[dict[Instance, int], int | None]:
    """R17: lives on with no further event; when each state changes next, and when the first thing changes."""
    before = {instance: shown_state(world, instance) for instance in world.instances}
    changes: dict[Instance, int] = {}
    first: int | None = None
    status = status_at(world, world.now)
    choices = [choice["state"] for choice in world.choices]
    last = world.last - DAY
    while world.now < last:
        waits = [one for one in before if one not in changes and one.state == "pending" and not one.lost]
        waits = [one for one in waits if changes_by_itself(world, one)]
        if first is not None and not waits:
            break
        mark = next_mark(world, -1)
        ticking = [one for one in clocks(world) if ticks(world, one) and (one.owner or one).state == "pending"]
        if mark == -1 and not ticking:
            break
        world.now = walk(world, last if mark == -1 else min(mark, last), counting=False)
        instant(world)
        for instance, state in before.items():
            if instance not in changes and shown_state(world, instance) != state:
                changes[instance] = world.now
        moved = changes or len(world.instances) != len(before) or status_at(world, world.now) != status
        if first is None and (moved or [choice["state"] for choice in world.choices] != choices):
            first = world.now
    return changes, first
