"""Which events of an instant set a duty or a choice off (R8, R35)."""

from __future__ import annotations

from typing import Any

from .births import arise, each_day
from .choices import open_choice
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
    return [event for event in mine if wanted is None or event.get("actor", wanted) == wanted]


def recorded_anew(event: Json, fresh: list[Json]) -> bool:
    """Whether another event of this instant records otherwise what the one that sets off recorded."""
    others = [one["facts"] for one in fresh if one is not event]
    own = {name: value for name, value in event["facts"].items() if name not in ("severity", "automatic")}
    return any(facts.get(name, value) != value for facts in others for name, value in own.items())


def lacks_actor(trigger: Json, event: Json) -> bool:
    return trigger.get("actor") is not None and event.get("actor") is None


def triggers(world: World, fresh: list[Json]) -> None:
    if world.over is None or world.over == world.now:
        for duty in duties_of(world.contract):
            for event in setting_off(world, duty["trigger"], fresh):
                if recorded_anew(event, fresh):
                    doubt(world, "facts-of-the-trigger")
                of_whom = [f"actor of {event['id']}"] if lacks_actor(duty["trigger"], event) else []
                arise(world, duty, by=event["id"], wanting=of_whom)
        for spec in world.contract.get("choices", ()):
            for _ in setting_off(world, spec["trigger"], fresh):
                open_choice(world, spec)
    for series in list(world.series):
        if series.duty["recurring"]["mode"] == "each_day_of" and not series.over and series.start < world.now:
            each_day(world, series)
