"""Acts of which it is not known whether they perform a duty, until an event says so (R9, R23)."""

from __future__ import annotations

from typing import Any

from .births import followed_then
from .clocks import project, replay
from .conditions import holds
from .limits import floor
from .world import Instance, Maybe, World, clocks_of, doubt, lose_by

Json = dict[str, Any]

OF_THE_EVENT = ("automatic", "written")
"""Facts that are said of one event, and that no later event answers."""


def qualifies(world: World, instance: Instance, act: Json) -> tuple[bool | None, list[str]]:
    """Whether the conditions of the performance hold of an act: its own facts before those of the subject."""
    condition = instance.duty["performed_by"].get("if")
    if condition is None:
        return True, []
    facts = {name: value for name, value in facts_known(world, act).items() if name not in OF_THE_EVENT}
    seen = {"facts": {**facts, **act["facts"]}}
    missing: list[str] = []
    value = holds(condition, seen, missing)
    return value, list(dict.fromkeys(missing))


def facts_known(world: World, act: Json) -> Json:
    """What was known when it was done, and what has been told since of what was not (R2, R9)."""
    return world.known.setdefault(act["id"], dict(world.facts))


def perhaps(world: World, instance: Instance, act: Json, due: int | None, late: bool) -> bool:
    """Remembers an act that may have performed the duty; says whether that is news."""
    if any(one.act is act for one in instance.maybes):
        return False
    _, missing = qualifies(world, instance, act)
    if instance.maybes:
        doubt(world, "several-unsure")
    instance.maybes.append(Maybe(act, missing, due, instance.used, late))
    return True


def perhaps_reached(world: World, instance: Instance) -> list[str]:
    """What is wanted to know whether the milestone that it waits for was reached: a duty that an act may have performed
    (R9, R23); nothing where it is certain that it was not."""
    awaited = {clock.awaits["after"] for clock in clocks_of(instance) if clock.awaits is not None}
    wanted: list[str] = []
    for one in world.instances:
        if one.duty["name"] not in awaited or one.performed is not None:
            continue
        wanted += [name for maybe in one.maybes for name in maybe.missing]
        wanted += [f"actor of {one.unsure}"] if one.unsure is not None else []
        for act in world.acts if one.state == "unknown" else ():
            how = one.duty["performed_by"]
            by_it = act["type"] in how["events"] and act.get("actor") in (None, how.get("actor"))
            if not by_it or act["when"] < one.triggered or act["id"] in world.undone:
                continue
            value, missing = qualifies(world, one, act)
            if value is not False:
                nobody = act.get("actor") is None and how.get("actor") is not None
                wanted += [*one.missing, *missing, *([f"actor of {act['id']}"] if nobody else [])]
    return sorted(set(wanted))


def told(world: World) -> bool:
    """The first event that tells of it what was not known: it qualified, or it did not."""
    changed = False
    for instance in list(world.instances):
        for one in list(instance.maybes):
            if one not in instance.maybes:
                continue
            value, one.missing = qualifies(world, instance, one.act)
            if value is None:
                continue
            changed = True
            instance.maybes.remove(one)
            if value:
                performed_then(world, instance, one)
            elif not instance.maybes and instance.state == "pending":
                not_performed(world, instance)
    return changed


def performed_then(world: World, instance: Instance, one: Maybe) -> None:
    """It performed the duty when it was done, by the clock as it stood then."""
    instance.performed, instance.performed_by = one.act["when"], one.act["id"]
    instance.owed, instance.maybes, instance.used = False, [], one.used
    instance.ended_by = instance.ended_at = instance.let_go_by = instance.let_go_at = None
    if instance.state == "pending":
        instance.state, instance.deadline = "met", one.due
    followed_then(world, instance)


def not_performed(world: World, instance: Instance) -> None:
    """The duty is owed as if nothing had been done, with this event as its floor, if nothing has ended it."""
    if instance.perhaps is not None:
        lose_by(instance, instance.perhaps)
        return
    if instance.ended_by is not None:
        instance.state, instance.owed = "ended", False
        if instance.ended_at is not None and not instance.parts:  # R13: consumed stops when nothing is owed
            instance.used = replay(world, instance, instance.ended_at)
        return
    if not instance.passed:
        return
    instance.over_before = not instance.parts
    since = [act for act in world.acts if instance.triggered <= act["when"] < world.now]
    for act in since:
        how = instance.duty["performed_by"]
        mine = act["type"] in how["events"] and act.get("actor") == how.get("actor")
        if mine and qualifies(world, instance, act)[0]:
            doubt(world, "answered-after-act")
            due = project(world, instance, world.now)
            instance.state, instance.owed = "met", False
            instance.deadline = None if due is None else max(due, world.now)
            instance.performed, instance.performed_by = act["when"], act["id"]
            return
    floor(world, instance)
