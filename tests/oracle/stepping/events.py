"""What one event does to the ticket and to the duties there are; what cannot be does nothing (R18)."""

from __future__ import annotations

from typing import Any

from .agreement import happen_to_agreement
from .reopening import reopen
from .severity import change_severity
from .world import OF_THE_AGREEMENT, World, doubt

Json = dict[str, Any]


def happen(world: World, event: Json) -> bool:
    """One event's effect on the ticket and on the duties there are; False when it is impossible (R18)."""
    kind, facts = event["type"], event["facts"]
    if kind in OF_THE_AGREEMENT:
        happen_to_agreement(world, event)
        return True
    if kind == "opened":
        if world.opened:
            return False
        world.opened = True
        world.severity = facts.get("severity")
    elif not world.opened:
        doubt(world, "before-opening")
        return True
    elif kind == "severity_changed":
        return change_severity(world, event)
    elif kind == "waiting":
        if world.waiting == facts.get("on"):
            return False
        if world.resolved:
            doubt(world, "waiting-while-resolved")
        world.waiting = facts.get("on")  # the new one replaces the old
    elif kind == "resumed":
        if world.waiting is None:
            return False
        if world.resolved:
            doubt(world, "waiting-while-resolved")
        world.waiting = None
    elif kind == "resolved":
        if world.resolved:
            return False
        world.resolved, world.resolved_at, world.resolution = True, world.now, event["id"]
        world.cleared, world.waiting = world.waiting, None
    elif kind == "closed":
        if not world.resolved and world.over is None:
            world.over, world.over_by = world.now, "closed"
    elif kind in ("cancelled", "out_of_scope"):  # R19
        if world.over is None:
            world.over, world.over_by = world.now, kind
    elif kind == "reopened":
        if not world.resolved and world.over is None:
            return False
        if world.over is not None:
            doubt(world, "reopened-after-ending")
        reopen(world)
    world.past.append((world.now, world.waiting, world.resolved))
    world.facts.update({name: value for name, value in facts.items() if name != "severity"})
    world.happened.add(kind)
    world.acts.append(event)
    return True
