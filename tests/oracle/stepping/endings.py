"""What ends a duty: `until`, `while`, and the end of the ticket (R19)."""

from __future__ import annotations

from typing import Any

from .choices import end_choices
from .conditions import holds, situation
from .world import Instance, World, doubt, lose_by

Json = dict[str, Any]


def end(world: World, instance: Instance, why: str) -> bool:
    """R19 and `until`: pending duties end from this instant; earlier breaches stand, no longer owed."""
    if instance.state == "unknown":
        if instance.ended_by is None:
            doubt(world, "ended-while-undetermined")
            instance.ended_by, instance.ended_at = why, world.now
        return False
    if instance.state == "breached" and instance.owed and instance.triggered <= world.now:
        instance.owed, instance.let_go_by, instance.let_go_at = False, why, world.now
        return True
    if instance.state != "pending" or instance.lost:
        return False
    if instance.maybes:
        if instance.ended_by is None:
            instance.ended_by, instance.ended_at = why, world.now
        return False
    if instance.unsure is not None:
        doubt(world, "unknown-actor-ended")
        instance.lost = True
        return True
    if instance.triggered == world.now and instance.cause is not None and instance.series is None:
        doubt(world, "until-at-birth")
    if instance.triggered == world.now and instance.series is not None and world.now > instance.series.start:
        doubt(world, "period-at-ending")
    instance.state, instance.owed = "ended", False
    instance.ended_by, instance.ended_at = why, world.now
    return True


def perhaps_end(world: World, instance: Instance, event: Json) -> bool:
    """R23: nobody knows by whom it was, so nobody knows from now on whether the duty is owed."""
    if instance.state == "unknown" or (instance.state == "pending" and instance.maybes and not instance.lost):
        if instance.ended_by is None:
            instance.ended_by, instance.ended_at, instance.perhaps = event["type"], world.now, event["id"]
        return False
    if instance.state != "pending" or instance.lost:
        return False
    lose_by(instance, None if instance.unsure is not None else event["id"])
    return True


def may_end(world: World, duty: Json, fresh: list[Json]) -> bool:
    """Whether there is anything now by which such a duty ends: most instants of the future have nothing."""
    return bool(fresh) or world.over is not None or duty.get("while") is not None


def ending(world: World, duty: Json, fresh: list[Json]) -> list[str]:
    """The types of what happened now, of whoever may end the duty by it; not what was undone at once."""
    whose, undone = duty.get("until_by"), world.at_once if duty.get("on_reopen") == "resume" else ()
    mine = [event for event in fresh if event["id"] not in undone]
    return [event["type"] for event in mine if whose is None or event.get("actor") == whose]


def may_be_ended(world: World, duty: Json, fresh: list[Json]) -> Json | None:
    """The first event of now that ends the duty if it is by whom the duty names, which nobody recorded."""
    ends = duty.get("until", ()) if duty.get("until_by") is not None else ()
    return next((event for event in fresh if event["type"] in ends and event.get("actor") is None), None)


def endings(world: World, fresh: list[Json]) -> bool:
    changed = False
    seen: Json | None = None
    for instance in list(world.instances):
        if instance.state == "met" or (instance.state == "breached" and not instance.owed):
            continue
        if not may_end(world, instance.duty, fresh):
            continue
        types = ending(world, instance.duty, fresh)
        until = [kind for kind in types if kind in instance.duty.get("until", ())]
        if until:
            if world.over == world.now:
                doubt(world, "ended-by-two")
            changed = end(world, instance, until[0]) or changed
        elif world.over is not None:
            changed = end(world, instance, world.over_by) or changed
        elif instance.duty.get("while") is not None:
            seen = situation(world) if seen is None else seen
            names: list[str] = []
            value = holds(instance.duty["while"], seen, names)
            if value is False:
                changed = end(world, instance, "while") or changed
            elif instance.state == "ended" and instance.ended_by == "while" and value is True:
                doubt(world, "while-again")
        known = until or world.over is not None or instance.state == "ended"
        event = None if known else may_be_ended(world, instance.duty, fresh)
        if event is not None:
            changed = perhaps_end(world, instance, event) or changed
    for series in world.series:
        if not may_end(world, series.duty, fresh):
            continue
        types = ending(world, series.duty, fresh)
        stops = any(kind in types for kind in series.duty.get("until", ())) or world.over is not None
        if not stops and series.duty.get("while") is not None:
            stops = holds(series.duty["while"], situation(world), []) is False
        if stops and not series.over:
            series.over_at = world.now
            series.over, series.over_by = True, world.resolution if world.resolved_at == world.now else None
        event = None if stops or series.over else may_be_ended(world, series.duty, fresh)
        if event is not None and series.perhaps is None:
            series.perhaps = event["id"]
    return end_choices(world) or changed
