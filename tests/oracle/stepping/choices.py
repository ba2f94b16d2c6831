"""Choices: open until the right party elects, time lapses, or the ticket ends (R22)."""

from __future__ import annotations

from typing import Any

from .births import arise
from .conditions import guard, situation
from .world import World, doubt

Json = dict[str, Any]


def open_choice(world: World, spec: Json, by: str | None = None) -> None:
    """A choice arises now; with an unknown guard it is undetermined, and nothing can be elected (R9)."""
    seen = situation(world)
    value, _ = guard(world, spec["trigger"], seen)
    if value is False:
        return
    within = spec.get("within_seconds")
    lapse = None if within is None else world.now + within
    choice = {"spec": spec, "state": "open" if value else "undetermined", "elected": None, "at": None}
    if any(one["state"] == "open" and one["spec"] is spec for one in world.choices):
        doubt(world, "several-choices-open")
    world.choices.append({**choice, "seen": seen, "opened": world.now, "by": by, "lapse": lapse, "left": None})
    if lapse is not None:
        world.marks.append(lapse)


def answer_choices(world: World) -> None:
    """R9: the first event that answers opens it from its own start, or it never arose."""
    for choice in [one for one in world.choices if one["state"] == "undetermined" and "perhaps" not in one]:
        seen = choice["seen"]
        seen["facts"] = {**world.facts, **seen["facts"]}
        seen["severity"] = world.severity if seen["severity"] is None else seen["severity"]
        value, _ = guard(world, choice["spec"]["trigger"], seen)
        if value is False:
            world.choices.remove(choice)
        elif value and choice.get("ended"):
            doubt(world, "ended-while-undetermined")
            choice["state"] = "ended"
        elif value:
            choice["state"] = "open"


def end_choices(world: World) -> bool:
    """R22: with the ticket."""
    changed = False
    for choice in world.choices:
        if choice["state"] == "open" and world.over is not None:
            choice["state"], changed = "ended", True
        elif choice["state"] == "undetermined" and world.over is not None and "perhaps" not in choice:
            doubt(world, "ended-while-undetermined")
            choice["ended"] = True
    return changed


def elect(world: World, event: Json, fresh: list[Json]) -> None:
    """R22: early, second, wrong-party and post-resolution elections have no effect."""
    resolved = world.resolved and world.resolved_at != world.now
    ids = [one["id"] for one in fresh]
    for choice in world.choices:
        spec = choice["spec"]
        told = event["facts"].get("option", event["facts"].get(spec["name"]))
        if told not in spec["options"] or resolved:
            continue
        if choice["by"] in ids and ids.index(choice["by"]) > ids.index(event["id"]):
            continue  # R12: it came before the choice was open
        if choice["state"] == "undetermined" and "perhaps" not in choice:
            doubt(world, "elected-while-undetermined")
        if choice["state"] == "open" and "actor" not in event:
            choice["state"], choice["perhaps"] = "undetermined", True  # R23: nobody knows whether it was elected
        elif choice["state"] == "open" and event.get("actor") == spec["elector"]:
            choose(world, choice, "elected", told)


def lapses(world: World) -> bool:
    """R22: at the end of its time it lapses into the option that the contract names."""
    changed = False
    for choice in world.choices:
        stop_or_go(world, choice)
    for choice in world.choices:
        if choice["state"] == "open" and choice["lapse"] is not None and world.now >= choice["lapse"]:
            choose(world, choice, "lapsed", choice["spec"]["otherwise"])
            changed = True
    return changed


def stop_or_go(world: World, choice: Json) -> None:
    """The time to choose stands still while the ticket is resolved, as other clocks do."""
    if choice["lapse"] is not None and choice["state"] == "open" and world.resolved and choice["left"] is None:
        choice["left"], choice["lapse"] = choice["lapse"] - world.now, None
    elif choice["left"] is not None and not world.resolved:
        choice["lapse"], choice["left"] = world.now + choice["left"], None
        world.marks.append(choice["lapse"])


def choose(world: World, choice: Json, state: str, option: str) -> None:
    choice.update(state=state, elected=option, at=world.now)
    for duty in choice["spec"]["options"][option]:
        arise(world, duty, again=True)
