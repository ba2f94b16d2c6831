"""A duty's time limit set upon its clock: rows of a table, milestones, the sooner and the later of two."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ..wall import DAY, OPEN, UNKNOWN, calendar_day, date_after, date_at, date_hours, first_instant, place_of, zone_of
from .calendars import closings_of, flags_of, spell
from .clocks import project, replay, used_up
from .world import Instance, World, clocks, clocks_of, doubt

Json = dict[str, Any]

OPENING = re.compile(rb"(?<=[^\x01])\x01")
"""An open minute after one that is not."""


def leaf(target: Json, level: Any, row: Any) -> Json | None:
    """The target in force: a row of the table, or None while what gives the row is unknown (R9)."""
    if target["kind"] == "by_severity":
        return None if level is None else target["table"][str(level)]
    if target["kind"] == "by_fact":
        if row is None or (target.get("by_level") and level is None):
            return None
        named = "yes" if row else "no"
        return target["table"][f"{level}/{named}" if target.get("by_level") else named]  # type: ignore[no-any-return]
    return target


def wanting(target: Json, level: Any, row: Any) -> list[str]:
    """What gives the row of the table, and is not known."""
    by_level = target["kind"] == "by_severity" or target.get("by_level")
    found = ["severity"] if by_level and level is None else []
    return found + ([target["fact"]] if target["kind"] == "by_fact" and row is None else [])


def row_of(world: World, target: Json) -> Any:
    return world.facts.get(target["fact"]) if target["kind"] == "by_fact" else None


def no_promise(target: Json, level: Any, row: Any) -> bool:
    """Whether the table promises nothing here."""
    found = leaf(target, level, row)
    return found is not None and target["kind"] in ("by_severity", "by_fact") and found["kind"] == "none"


def reterm(world: World) -> None:
    """R6: a fact on which a limit rests, recorded anew, is as if it had been so from the start."""
    for instance in world.instances:
        target = instance.duty["target"]
        if instance.state != "pending" or target["kind"] != "by_fact" or instance.row is None:
            continue
        row = world.facts.get(target["fact"])
        if row == instance.row:
            continue
        if instance.maybes:
            doubt(world, "terms-while-unsure")
        instance.row = row
        if no_promise(target, instance.level, row):
            instance.state, instance.owed = "ended", False
            instance.ended_by, instance.ended_at = "no promise", world.now
            continue
        set_terms(world, instance)
        instance.used = replay(world, instance, world.now)
        floor(world, instance)


def set_terms(world: World, instance: Instance) -> None:
    target = leaf(instance.duty["target"], instance.level, instance.row)
    assert target is not None
    if target["kind"] not in ("sooner_of", "later_of"):
        wind(world, instance, target)
        return
    instance.kind, instance.parts = target["kind"], []
    for one in target["of"]:
        part = Instance(instance.duty, instance.triggered, instance.start, owner=instance)
        wind(world, part, one)
        if part.state != "could_not_arise":
            instance.parts.append(part)
    if not instance.parts:
        instance.state, instance.owed = "could_not_arise", False


def milestone(world: World, name: str) -> int | None:
    """When a milestone was reached last: an event, or another duty's performance."""
    if any(duty["name"] == name for duty in world.contract.get("duties", ())):
        done = [one.performed for one in world.instances if one.duty["name"] == name]
        return max((at for at in done if at is not None), default=None)
    return max((act["when"] for act in world.acts if act["type"] == name), default=None)


def milestones(world: World) -> bool:
    """Clocks that wait for a milestone begin when it is reached."""
    changed = False
    waiting = [one for one in clocks(world) if one.awaits is not None and (one.owner or one).state == "pending"]
    if not waiting:
        return False
    reached = {name: milestone(world, name) for name in {one.awaits["after"] for one in waiting if one.awaits}}
    for clock in waiting:
        target = clock.awaits
        if target is not None and reached[target["after"]] is not None:
            wind(world, clock, target)
            clock.begun = world.now
            changed = True
    return changed


def wind(world: World, instance: Instance, target: Json) -> None:
    instance.awaits = None
    if target.get("after") is not None:
        begun = milestone(world, target["after"])
        if begun is None:
            instance.kind, instance.awaits = "awaiting", target
            return
        wind(world, instance, {name: one for name, one in target.items() if name != "after"} | {"begun": begun})
        if begun < instance.triggered == world.now:
            due = project(world, instance, world.now) if not used_up(world, instance) else world.now
            if due is not None and due <= world.now:  # R29
                doubt(world, "milestone-over-at-trigger")
                instance.state, instance.owed = "could_not_arise", False
        return
    instance.start = target.get("begun", instance.start)
    instance.kind, instance.fixed, instance.allowed, instance.flags = target["kind"], None, None, b""
    if instance.kind in ("elapsed", "business"):
        instance.calendar = target.get("calendar", "always") if instance.kind == "business" else "always"
        instance.flags = flags_of(world, instance.calendar)
        instance.allowed = target["seconds"]
        if UNKNOWN in instance.flags and "weekly" not in world.contract["calendars"][instance.calendar]:
            doubt(world, "certain-part-of-several-calendars")
    elif instance.kind == "business_days":
        instance.calendar, instance.allowed = target["calendar"], target["days"]
        closings_of(world, target["calendar"])
        instance.start_date = date_at(zone_of(spell(world, target["calendar"])), instance.start)
        tail_doubt(world, instance)
    elif instance.kind == "civil":  # R14: the resulting date, at the next date's first instant
        due = date_after(
            date_at(world.home, instance.start),
            days=target.get("days", 0),
            months=target.get("months", 0),
            rounding=target.get("rounding"),
        )
        instance.fixed = first_instant(world.home, due + 1)
        world.marks.append(instance.fixed)
    elif instance.kind == "date_fact":
        wind_date(world, instance, target)
    elif instance.kind == "next_close":
        instance.kind, instance.fixed = "civil", closing_after(world, target["calendar"], instance.start)
        world.marks.append(instance.fixed)
    elif instance.kind != "none":
        raise NotImplementedError(f"target {target['kind']}")
    if instance.duty.get("next_opening") and instance.calendar is not None:
        flags = flags_of(world, instance.calendar)
        world.marks += [world.base + found.start() * 60 for found in OPENING.finditer(flags)]
    if instance.start < world.now and "begun" in target:
        instance.used = replay(world, instance, world.now)


def closing_after(world: World, calendar: str, instant: int) -> int:
    """The first instant after this one at which the calendar closes."""
    flags = flags_of(world, calendar)
    minute = (instant - world.base) // 60 + 1
    while not (flags[minute - 1] == OPEN and flags[minute] != OPEN):
        if UNKNOWN in flags[minute - 1 : minute + 1]:
            doubt(world, "closing-beyond-the-list")
            return world.last
        minute += 1
    return world.base + minute * 60


def wind_date(world: World, instance: Instance, target: Json) -> None:
    """A date that a fact gives; where its end is not after the trigger, it could not arise (R29)."""
    told = world.facts.get(target["fact"])
    if told is None:
        instance.state, instance.missing = "unknown", [target["fact"]]
        return
    due = date.fromisoformat(told).toordinal()
    fixed: int | None = first_instant(world.home, due + 1)
    if target.get("calendar"):
        hours = date_hours(spell(world, target["calendar"]), due)
        if hours is None:
            doubt(world, "close-of-a-closed-date")
        fixed = None if hours is None else hours[1]
    assert fixed is not None
    instance.dated = told
    if fixed > instance.triggered:
        instance.kind, instance.fixed = "civil", fixed
        world.marks.append(fixed)
    elif target.get("otherwise"):
        wind(world, instance, target["otherwise"])
    else:
        instance.state, instance.owed = "could_not_arise", False


def redate(world: World) -> None:
    """R6: a date that is recorded anew changes the terms, and is not before the event that records it."""
    for instance in world.instances:
        target = leaf(instance.duty["target"], instance.level, instance.row) if instance.state == "pending" else None
        if target is None or target["kind"] != "date_fact" or world.facts.get(target["fact"]) == instance.dated:
            continue
        wind_date(world, instance, target)
        if instance.state == "could_not_arise" or "otherwise" in target:
            doubt(world, "date-moved-before-trigger")
        floor(world, instance)


def floor(world: World, instance: Instance) -> None:
    """R6: not before the event that changed the terms."""
    for clock in clocks_of(instance):
        if clock.fixed is not None:
            clock.fixed = max(clock.fixed, world.now)


def tail_doubt(world: World, instance: Instance) -> None:
    assert instance.calendar is not None
    utc_day, minute = instance.start // DAY, instance.start % DAY // 60
    owner = calendar_day(spell(world, instance.calendar), utc_day)[1][minute]
    if owner and owner != place_of(instance.start_date, utc_day):
        doubt(world, "start-in-overnight-tail")
