"""A change of severity, and what becomes of the duties' time (R6, R24)."""

from __future__ import annotations

from typing import Any

from .clocks import replay, suspended
from .limits import no_promise, set_terms
from .world import Instance, World, doubt

Json = dict[str, Any]


def change_severity(world: World, event: Json) -> bool:
    new = event["facts"].get("severity")
    entitled = world.contract.get("severity_changed_by")
    if entitled is not None and event.get("actor") not in ([entitled] if isinstance(entitled, str) else entitled):
        return True  # R24: only the entitled party assigns
    if new == world.severity:
        return False
    before, world.severity = world.severity, new
    world.happened.add("severity_changed")
    world.acts.append(event)
    world.facts.update({name: value for name, value in event["facts"].items() if name != "severity"})
    for instance in world.instances:
        if by_level(instance.duty["target"]) and instance.state in ("pending", "unknown"):
            new_level(world, instance, new, before)
    return True


def by_level(target: Json) -> bool:
    return bool(target["kind"] == "by_severity" or target.get("by_level"))


def policy_of(instance: Instance, new: Any, before: Any) -> str:
    """The rule for the ticket's own step: whether its severity rose or fell, whatever level the duty kept."""
    rule = instance.duty.get("on_severity_change", "keep")
    if isinstance(rule, dict):
        rule = rule["up" if new < (instance.level if before is None else before) else "down"]  # level 1 is the gravest
    return str(rule)


def new_level(world: World, instance: Instance, new: Any, before: Any) -> None:
    if instance.level is None:
        return  # a change from unknown: `answer` lets it run from its own start (R9, R24)
    if instance.state == "unknown":
        instance.changes.append((world.now, new, before))
        return
    rule = policy_of(instance, new, before)
    if rule == "keep" or instance.kind == "each_day":
        return
    instance.level = new
    if rule == "restart":
        instance.start = world.now
    elif instance.start != instance.triggered:
        doubt(world, "restart-then-recount")
    if no_promise(instance.duty["target"], new, instance.row):
        instance.state, instance.owed = "ended", False
        instance.ended_by, instance.ended_at = "no promise", world.now
        return
    if instance.maybes:
        doubt(world, "terms-while-unsure")
    set_terms(world, instance)
    instance.used = replay(world, instance, world.now)  # R6: `instant` sees to it that no breach dates from before
    if suspended(world, instance) and instance.allowed is not None and instance.used >= instance.allowed:
        doubt(world, "overdrawn-while-suspended")
