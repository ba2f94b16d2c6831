"""Which events of an instant set a duty or a choice off (R8, R35)."""

from __future__ import annotations

from typing import Any

from .births import arise, each_day
from .choices import open_choice
from .clocks import stands_still, warned_at
from .conditions import holds, situation
from .world import World, doubt, duties_of

Json = dict[str, Any]


def setting_off(world: World, trigger: Json, fresh: list[Json]) -> list[Json]:
    """The events of this instant that set something off; of two that must both happen, the later (R35)."""
    if "both" in trigger:
        kinds = [event["type"] for event in world.acts if event["type"] in trigger["both"]]
        mine = [event for event in fresh if event["type"] in trigger["both"]]
        if not mine or set(kinds) != set(trigger["both"]):
            return []
        if len(kinds) > 2:
            doubt(world, "joint-again")
            return mine[-1:] if len(set(kinds[: -len(mine)])) < 2 else []
        return mine[-1:]
    told = trigger.get("event")
    mine = [event for event in fresh if event["type"] in ([told] if isinstance(told, str) else told or ())]
    wanted = trigger.get("actor")
    for word in ("during", "outside"):
        if mine and trigger.get(word) is not None:
            mine = mine if holds({word: trigger[word]}, situation(world), []) else []
    return [event for event in mine if wanted is None or event.get("actor", wanted) == wanted]


def recorded_anew(event: Json, fresh: list[Json]) -> bool:
    """Whether another event of this instant records otherwise what the one that sets off recorded."""
    others = [one["facts"] for one in fresh if one is not event]
    own = {name: value for name, value in event["facts"].items() if name not in ("severity", "automatic")}
    return any(facts.get(name, value) != value for facts in others for name, value in own.items())


def lacks_actor(trigger: Json, event: Json) -> bool:
    return trigger.get("actor") is not None and event.get("actor") is None


def warnings(world: World) -> bool:
    """What is set off when so much of another duty's time is left, or is used; nothing while an act may have performed
    that (R9)."""
    changed = False
    warning = [duty for duty in duties_of(world.contract) if "remain" in duty["trigger"] or "used" in duty["trigger"]]
    for instance in list(world.instances) if warning else ():
        if instance.state != "pending" or instance.allowed is None or instance.lost:
            continue
        if instance.maybes or instance.unsure:
            continue
        for duty in warning:
            trigger = duty["trigger"]
            if duty["name"] in instance.warned or trigger.get("of") != instance.duty["name"]:
                continue
            mark = warned_at(instance, trigger)
            if mark is None or instance.used < mark:
                continue
            if instance.used == mark and stands_still(instance, world.waiting, world.resolved):
                doubt(world, "pause-at-deadline")
                if instance.triggered < world.now:
                    continue
            if instance.used > mark and instance.triggered < world.now:
                doubt(world, "warned-by-other-terms")
            instance.warned.add(duty["name"])
            arise(world, duty, cause=instance, follows=False)
            changed = True
    return changed


def triggers(world: World, fresh: list[Json]) -> None:
    if fresh and (world.over is None or world.over == world.now):
        for duty in duties_of(world.contract):
            for event in setting_off(world, duty["trigger"], fresh):
                if recorded_anew(event, fresh):
                    doubt(world, "facts-of-the-trigger")
                of_whom = [f"actor of {event['id']}"] if lacks_actor(duty["trigger"], event) else []
                arise(world, duty, by=event["id"], unsaid=of_whom)
        for spec in world.contract.get("choices", ()):
            for event in setting_off(world, spec["trigger"], fresh):
                open_choice(world, spec, event["id"])
    for series in list(world.series):
        if series.duty["recurring"]["mode"] == "each_day_of" and not series.over and series.start < world.now:
            each_day(world, series)
