"""A duty of unknown guard or limit, and the first event that answers (R9)."""

from __future__ import annotations

from .agreement import status_at
from .clocks import project, replay, suspended
from .conditions import guard
from .limits import floor, leaf, set_terms
from .performance import serves, since
from .world import Instance, World, clocks_of, doubt


def answer(world: World, instance: Instance) -> bool:
    """R9: the first answering event makes the duty run from its own start with R6's floor, or never arise."""
    now = world.now
    seen = dict(instance.seen)
    seen["facts"] = {**world.facts, **instance.seen["facts"]}
    if seen["severity"] is None:
        seen["severity"] = world.severity
    if not seen["agreed"]:
        seen.update(agreed=world.agreed, status=status_at(world, now))
    instance.seen = seen  # what was answered first stays answered
    value, missing = guard(world, instance.duty["trigger"], seen)
    if value is False:
        world.instances.remove(instance)
        return True
    if value is None:
        instance.missing = missing
        return False
    if instance.level is None:
        instance.level = world.severity
    if leaf(instance.duty["target"], instance.level) is None:
        instance.missing = ["severity"]
        return False
    instance.state, instance.missing = "pending", []
    set_terms(world, instance)
    if instance.state in ("unknown", "could_not_arise"):
        return False
    floor(world, instance)
    for clock in clocks_of(instance):
        clock.used = replay(world, clock, now) if clock.kind != "awaiting" else 0
    acts = [act for act in world.acts if since(instance) <= act["when"] < now]
    if instance.duty.get("on_reopen") == "resume":  # R1, R7: what a reopening undid performs nothing
        acts = [act for act in acts if act["id"] not in world.undone]
    certain = [act for act in acts if serves(world, instance, act) is True]
    unsure = [act for act in acts if serves(world, instance, act) is None]
    if certain:
        doubt(world, "answered-after-act")
        at = certain[0]["when"]
        instance.used = replay(world, instance, min(at, now)) if at > instance.start else 0
        due = project(world, instance, max(at, instance.start))
        instance.deadline = None if due is None else max(due, now)
        instance.state, instance.owed = "met", False
        instance.performed, instance.performed_by = at, certain[0]["id"]
    elif unsure:
        doubt(world, "answered-after-act")
        instance.unsure = unsure[0]["id"]
    clocks = [clock for clock in clocks_of(instance) if clock.allowed is not None]
    if suspended(world, instance) and any(clock.used >= clock.allowed for clock in clocks):
        doubt(world, "overdrawn-while-suspended")
    if instance.ended_by is not None and instance.state == "pending":
        instance.state, instance.owed = "ended", False
    return True
