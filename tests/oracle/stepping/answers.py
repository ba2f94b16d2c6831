"""A duty of unknown guard or limit, and the first event that answers (R9)."""

from __future__ import annotations

from typing import Any

from .agreement import status_at
from .births import followed_then, following
from .clocks import project, replay, stands_still, suspended
from .conditions import goes_on, guard, situation
from .limits import floor, leaf, no_promise, set_terms, wanting
from .maybes import perhaps
from .performance import serves, since
from .severity import by_level, policy_of
from .world import Instance, World, clocks_of, doubt, lose_by

Json = dict[str, Any]


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
    going, unknown = goes_on(instance.duty, seen)
    value = False if False in (value, going) else None if None in (value, going) else True
    missing = list(dict.fromkeys([*missing, *unknown]))
    if value is False:
        world.instances.remove(instance)
        return True
    if value is None:
        instance.missing = missing
        return False
    if instance.level is None:
        instance.level = world.severity
    target = instance.duty["target"]
    if target["kind"] == "by_fact" and instance.row is None:
        instance.row = seen["facts"].get(target["fact"])
    if no_promise(target, instance.level, instance.row):
        world.instances.remove(instance)
        return True
    if leaf(target, instance.level, instance.row) is None:
        instance.missing = wanting(target, instance.level, instance.row)
        return False
    instance.state, instance.missing = "pending", []
    certain, unsure = done_meanwhile(world, instance)
    terms_since(world, instance, now if certain is None else certain["when"])
    if instance.state == "ended":
        return True
    set_terms(world, instance)
    if instance.state in ("unknown", "could_not_arise"):
        return False
    floor(world, instance)
    for clock in clocks_of(instance):
        until = now if instance.ended_at is None else instance.ended_at
        clock.used = replay(world, clock, until) if clock.kind != "awaiting" else 0
    if certain is not None:
        performed_meanwhile(world, instance, certain)
    elif unsure is not None and unsure.get("actor") is None:
        doubt(world, "answered-after-act")
        instance.unsure = unsure["id"]
    elif unsure is not None:
        doubt(world, "unsure-early")
        perhaps(world, instance, unsure, None, False)
    over = any(one.allowed is not None and one.used >= one.allowed for one in clocks_of(instance))
    if over and suspended(world, instance):
        if instance.parts or instance.used == instance.allowed:
            doubt(world, "overdrawn-while-suspended")
        instance.over_before = not instance.parts
    if instance.perhaps is not None and instance.state == "pending":
        lose_by(instance, None if instance.unsure is not None or instance.maybes else instance.perhaps)
    elif instance.ended_by is not None and instance.state == "pending":
        instance.state, instance.owed = "ended", False
    return True


def follow_late(world: World) -> None:
    """What follows from acts that are known only now to have performed their duties was set off by them (R8, R9)."""
    while world.late:
        cause = world.late.pop(0)
        for duty in following(world, cause):
            assert cause.performed is not None and cause.performed_by is not None
            instance = Instance(duty, cause.performed, cause.performed, cause, state="unknown", follows=False)
            instance.seen = situation_then(world, cause.performed, cause.performed_by)
            instance.level, target = instance.seen["severity"], duty["target"]
            instance.row = instance.seen["facts"].get(target["fact"]) if target["kind"] == "by_fact" else None
            if world.over is not None:
                instance.ended_by, instance.ended_at = world.over_by, world.over
            if duty.get("until") or duty.get("while") or (by_level(target) and instance.level != world.severity):
                doubt(world, "followed-late")
            world.instances.append(instance)
            answer(world, instance)


def situation_then(world: World, instant: int, act: str) -> Json:
    """What was read when an act of before was done."""
    now, world.now = world.now, instant
    seen = situation(world)
    world.now = now
    before = [one for one in world.acts if one["when"] <= instant]
    seen["facts"] = dict(world.known[act])
    seen["happened"] = {one["type"] for one in before}
    levels = [one["facts"].get("severity") for one in before if one["type"] in ("opened", "severity_changed")]
    seen["severity"] = levels[-1] if levels else None
    return seen


def done_meanwhile(world: World, instance: Instance) -> tuple[Json | None, Json | None]:
    """The first act since its trigger that performs it, before it ended if it did; and the first that may."""
    last = world.now if instance.ended_at is None else instance.ended_at
    acts = [act for act in world.acts if since(instance) <= act["when"] <= last and act["when"] < world.now]
    rule = instance.duty.get("on_reopen")
    if rule == "resume":  # R1, R7: what a reopening undid performs nothing
        acts = [act for act in acts if act["id"] not in world.undone]
    certain = next((act for act in acts if serves(world, instance, act) is True), None)
    if certain is not None and certain["id"] in world.undone and rule == "restart":
        doubt(world, "begun-again-while-undetermined")
    return certain, next((act for act in acts if serves(world, instance, act) is None), None)


def terms_since(world: World, instance: Instance, until: int) -> None:
    """R6: each change of severity acted at its own time, by its own rule."""
    for at, new, before in instance.changes:
        rule = policy_of(instance, new, before)
        if rule == "keep" or at > until:
            continue
        instance.level = new
        if rule == "restart":
            instance.start = at
        elif instance.start != instance.triggered:
            doubt(world, "restart-then-recount")
        if no_promise(instance.duty["target"], new, instance.row):
            instance.state, instance.owed = "ended", False
            instance.ended_by, instance.ended_at = "no promise", at
            return


def performed_meanwhile(world: World, instance: Instance, act: Json) -> None:
    """R9, R16: by the clock as it stood at the act."""
    at = act["when"]
    for clock in clocks_of(instance):
        clock.used = replay(world, clock, at) if at > instance.start and clock.kind != "awaiting" else 0
    stood = [entry for entry in world.past if entry[0] < at]  # no act is suspended by the resolution of its instant
    if act["type"] != "resolved":
        stood += [entry for entry in world.past if entry[0] == at and not entry[2]]
    if stood and at >= instance.start and stands_still(instance, stood[-1][1], stood[-1][2]):
        instance.deadline = None
    else:
        now = world.waiting, world.resolved
        world.waiting, world.resolved = (stood[-1][1], stood[-1][2]) if stood else (None, False)
        due = project(world, instance, max(at, instance.start))
        world.waiting, world.resolved = now
        instance.deadline = None if due is None else max(due, world.now)
    instance.state, instance.owed = "met", False
    instance.performed, instance.performed_by = at, act["id"]
    instance.ended_by = instance.ended_at = None
    followed_then(world, instance)
