"""What is said of each duty, and of the rest of the world, in the shape of a case's `expect`."""

from __future__ import annotations

from typing import Any

from ..wall import written
from .agreement import status_at
from .clocks import project, suspended
from .maybes import perhaps_reached
from .severity import by_level
from .world import Instance, World, doubt

Json = dict[str, Any]


def shown_state(world: World, instance: Instance) -> str:
    if instance.state == "unknown" or instance.lost:
        return "undetermined"
    if instance.state == "pending" and (instance.unsure is not None or instance.maybes):
        return "undetermined"
    if instance.state == "pending" and perhaps_reached(world, instance):
        return "undetermined"
    return "suspended" if suspended(world, instance) else instance.state


def numbered(world: World) -> list[tuple[str, Instance]]:
    """`name#n`, in the order in which the instances arose; the numbers are display only (R11)."""
    counts: dict[str, int] = {}
    found = []
    for instance in world.instances:
        name = instance.duty["name"]
        counts[name] = counts.get(name, 0) + 1
        found.append((f"{name}#{counts[name]}", instance))
    return found


def show_whole(world: World, instance: Instance) -> Json:
    """What a verdict says beyond the schema of the cases: what is not said there is said to be nothing."""
    entry: Json = {"late_by": None, "late_by_counted": None, "missing": [], "cause": None}
    entry["ended_by"] = instance.let_go_by
    entry |= show(world, instance)
    clock = instance.missed if instance.state == "breached" and instance.missed is not None else instance
    if entry["state"] == "ended" and clock.kind in ("elapsed", "business"):
        entry["consumed"], entry["allowed"] = clock.used, clock.allowed
    if entry.get("consumed") is not None:
        entry["margin"] = entry["allowed"] - entry["consumed"]
    elif "consumed" in entry:
        entry["margin"] = None
    elif clock.kind in ("civil", "business_days", "each_day"):
        entry["consumed"] = entry["allowed"] = entry["margin"] = None
    if by_level(instance.duty["target"]) and instance.level is not None and state_known(entry):
        entry["severity"] = str(instance.level)
    if instance.kind in ("business", "business_days") and state_known(entry):
        entry["calendar"] = instance.calendar
    if instance.set_off_by is not None:
        entry["set_off_by"] = instance.set_off_by
    if instance.performed_by is not None:
        entry["performed_by"] = instance.performed_by
    return entry


def state_known(entry: Json) -> bool:
    return bool(entry["state"] != "undetermined")


def show(world: World, instance: Instance) -> Json:
    state = shown_state(world, instance)
    entry: Json = {
        "state": state,
        "triggered_at": written(instance.triggered),
        "performed_at": written(instance.performed),
    }
    if state == "ended":
        return {**entry, "owed": False, "ended_by": instance.ended_by}
    if state == "could_not_arise":
        return {**entry, "owed": False}
    if state == "undetermined":
        wanted = [name for one in instance.maybes for name in one.missing]
        missing = instance.missing or list(dict.fromkeys(wanted)) or perhaps_reached(world, instance)
        missing = missing or [f"actor of {instance.unsure}"]
        if len(wanted) > 1 and not instance.missing:
            doubt(world, "missing-several")
        if instance.state == "pending" and not instance.lost and instance.unsure is not None:
            doubt(world, "unknown-actor-pending")
        return {**entry, "deadline": None, "owed": None, "missing": missing}
    if state == "pending":
        entry["deadline"] = written(project(world, instance, world.now))
    else:
        entry["deadline"] = None if state == "suspended" else written(instance.deadline)
    entry["owed"] = instance.owed
    clock = instance.missed if state == "breached" and instance.missed is not None else instance
    if clock.kind in ("elapsed", "business"):
        entry["consumed"], entry["allowed"] = None if clock.ran_blind else clock.used, clock.allowed  # R30
    if state == "breached" and instance.performed is not None:  # R13
        assert instance.deadline is not None
        entry["late_by"] = instance.performed - instance.deadline
        if clock.kind in ("elapsed", "business"):
            entry["late_by_counted"] = None if clock.ran_blind else clock.used - instance.used_at_deadline
    return entry


def ended_by_resolution(world: World, choice: Json) -> bool:
    """R22: open, but not to be elected until the ticket is reopened."""
    at = world.resolved_at
    return bool(choice["state"] == "open" and world.resolved and at is not None and choice["opened"] <= at)


def describe_rest(world: World, result: Json) -> None:
    result["impossible"] = list(world.impossible)
    if world.contract.get("choices"):
        result["choices"] = [
            {
                "name": choice["spec"]["name"],
                "state": "ended" if ended_by_resolution(world, choice) else choice["state"],
                "elected": choice["elected"],
                "at": written(choice["at"]),
            }
            for choice in world.choices
        ]
    if world.contract.get("term") is not None:
        result["status"] = status_at(world, world.now)
    if world.hours:
        result["allowance"] = {"balance": world.balance, "draws": [dict(draw) for draw in world.draws]}
