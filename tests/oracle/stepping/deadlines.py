"""Deadlines that are over, and what a breach sets off (R10, R33)."""

from __future__ import annotations

from .births import arise
from .calendars import lists_of, unknown_now
from .choices import lapses, open_choice
from .clocks import stands_still, suspended, used_up
from .world import Instance, World, clocks_of, doubt, duties_of


def is_due(world: World, clock: Instance) -> bool:
    if clock.kind in ("civil", "each_day"):
        return clock.fixed is not None and world.now >= clock.fixed
    return clock.kind not in ("none", "awaiting") and used_up(world, clock)


def parts_due(world: World, instance: Instance) -> bool:
    """R33; the part that was missed is the first of those that fall due, of the later the last."""
    for part in instance.parts:
        still = stands_still(part, world.waiting, world.resolved)
        if still and part.reached:
            doubt(world, "later-used-up-then-paused")
        if not part.reached and not still and is_due(world, part):
            part.reached, part.due = True, world.now
            if instance.kind == "sooner_of" and sum(one.due == world.now for one in instance.parts) > 1:
                doubt(world, "several-at-once")
            if part.allowed is not None and part.used > part.allowed:
                doubt(world, "several-overdrawn-at-once")
    due = [part for part in instance.parts if part.reached]
    if not due or (instance.kind == "later_of" and len(due) < len(instance.parts)):
        return False
    instance.missed = due[0]
    if instance.kind == "later_of":
        instance.missed = next(part for part in reversed(instance.parts) if part.due == max(one.due for one in due))
    return True


def deadlines(world: World) -> bool:
    now, changed = world.now, False
    for instance in list(world.instances):
        if instance.state != "pending" or instance.lost or (instance.passed and instance.maybes):
            continue
        if instance.ended_by is not None:
            continue
        if instance.kind == "later_of":
            parts_due(world, instance)
        if instance.over_before:
            instance.over_before, changed = False, True
            breach(world, instance)
            continue
        if suspended(world, instance):  # R16: no deadline, only a remainder
            if instance.used == instance.allowed and world.past[-1][0] == now:
                doubt(world, "pause-at-deadline")
            continue
        if instance.kind == "civil" and world.resolved:
            doubt(world, "civil-while-resolved")
        due = parts_due(world, instance) if instance.parts else is_due(world, instance)
        if not due and (instance.parts or not stands_still(instance, world.waiting, world.resolved)):
            changed = lose(world, instance) or changed
        if due and instance.kind == "each_day" and in_pause(world, instance):
            instance.state, instance.owed = "ended", False
            instance.ended_by, instance.ended_at, changed = "pause", now, True
        elif due:
            changed = True
            breach(world, instance)
    return lapses(world) or changed


def in_pause(world: World, instance: Instance) -> bool:
    """R4: whether a date's closing falls in a pause, and is not owed for that."""
    if world.resolved:
        doubt(world, "each-day-while-resolved")
    return world.resolved or world.waiting in instance.duty.get("paused_while", ())


def lose(world: World, instance: Instance) -> bool:
    """R30: undetermined from the first instant at which nobody knows whether the clock runs."""
    for clock in clocks_of(instance):
        if stands_still(clock, world.waiting, world.resolved) or clock.reached or clock.kind == "awaiting":
            continue
        if not (clock.counted_blind or unknown_now(world, clock)):
            continue
        if instance.parts:
            doubt(world, "unknown-hours-of-several")
        instance.lost, instance.missing = True, [f"holidays of {one}" for one in lists_of(world, clock.calendar)]
        if len(instance.missing) > 1:
            doubt(world, "missing-several")
        return True
    return False


def breach(world: World, instance: Instance) -> None:
    if instance.unsure is not None:  # R23: no certain act came in time
        instance.lost = True
        return
    if instance.maybes:
        instance.passed = True
        return
    used = (instance.missed or instance).used
    instance.state, instance.deadline, instance.used_at_deadline = "breached", world.now, used
    if instance.series is not None:
        instance.owed = False  # R4: missed periods are never performed late
        world.rolling.append(instance.series)
    for duty in duties_of(world.contract):
        if duty["trigger"].get("breach_of") == instance.duty["name"]:
            arise(world, duty, cause=instance)  # R10: one per breached instance
    for spec in world.contract.get("choices", ()):
        if spec["trigger"].get("breach_of") == instance.duty["name"]:
            open_choice(world, spec)
