"""Choices: open until the right party elects, time lapses, or the ticket ends (R22)."""

from __future__ import annotations

from typing import Any

from .births import arise
from .conditions import guard, situation
from .world import World, doubt

Json = dict[str, Any]


def open_choice(world: World, spec: Json) -> None:
    """A choice arises now; with an unknown guard it is undetermined, and nothing can be elected (R9)."""
    seen = situation(world)
    value, _ = guard(world, spec["trigger"], seen)
    if value is False:
        return
    within = spec.get("within_seconds")
    lapse = None if within is None else world.now + within
    choice = {"spec": spec, "state": "open" if value else "undetermined", "elected": None, "at": None, "lapse": lapse}
    if any(one["state"] == "open" and one["spec"] is spec for one in world.choices):
        doubt(world, "several-choices-open")
    world.choices.append({**choice, "seen": seen, "opened": world.now})
    if lapse is not None:
        world.marks.append(lapse)


def answer_choices(world: World) -> None:
    """R9: the first event that answers opens it from its own start, or it never arose."""
    for choice in [one for one in world.choices if one["state"] == "undetermined"]:
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
    """R22: with the ticket, or when it is resolved: what is elected after that has no effect."""
    changed = False
    for choice in world.choices:
        if choice["state"] == "open" and (world.over is not None or world.resolved):
            if world.over is None:
                doubt(world, "choice-at-resolution")
            choice["state"], changed = "ended", True
        elif choice["state"] == "undetermined" and (world.over is not None or world.resolved):
            doubt(world, "ended-while-undetermined")
            choice["ended"] = True
    return changed


def elect(world: World, event: Json) -> None:
    """R22: early, second, wrong-party and post-resolution elections have no effect."""
    for choice in world.choices:
        spec = choice["spec"]
        told = event["facts"].get("option", event["facts"].get(spec["name"]))
        if told not in spec["options"] or world.resolved:
            continue
        if choice["state"] == "undetermined":
            doubt(world, "elected-while-undetermined")
        if choice["state"] == "open" and "actor" not in event:
            doubt(world, "elected-by-unknown")
        elif choice["state"] == "open" and event.get("actor") == spec["elector"]:
            choose(world, choice, "elected", told)


def lapses(world: World) -> bool:
    """R22: at the end of its time it lapses into the option that the contract names."""
    changed = False
    for choice in world.choices:
        if choice["state"] == "open" and choice["lapse"] is not None and world.now >= choice["lapse"]:
            choose(world, choice, "lapsed", choice["spec"]["otherwise"])
            changed = True
    return changed


def choose(world: World, choice: Json, state: str, option: str) -> None:
    choice.update(state=state, elected=option, at=world.now)
    for duty in choice["spec"]["options"][option]:
        arise(world, duty, again=True)
