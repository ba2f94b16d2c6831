"""Everything that belongs to one instant, in R1's order, until nothing changes."""

from __future__ import annotations

from typing import Any

from .answers import answer, follow_late
from .births import roll
from .calendars import counts_day
from .choices import answer_choices, elect
from .clocks import stands_still
from .deadlines import deadlines
from .endings import endings
from .events import happen
from .limits import milestones, redate, reterm
from .maybes import told
from .performance import performances
from .triggers import triggers, warnings
from .world import World, clocks

Json = dict[str, Any]


def instant(world: World) -> None:
    """R1: everything that belongs to one instant, in its order, until nothing changes."""
    now = world.now
    todays = sorted(world.timeline.get(now, ()), key=lambda event: event["type"] == "hours_logged")  # R34
    fresh: list[Json] = []
    for event in todays:
        before = len(world.acts)
        if not happen(world, event):
            world.impossible.append(event["id"])
        fresh += world.acts[before:]
    if fresh:
        for instance in [one for one in world.instances if one.state == "unknown"]:
            answer(world, instance)
        answer_choices(world)
        redate(world)
        reterm(world)
        for act in fresh:
            world.known[act["id"]] = dict(world.facts)
        for known in world.known.values():  # of what nobody knew when an act was done, the first that is told (R9)
            known.update({name: value for name, value in world.facts.items() if name not in known})
        told(world)
        follow_late(world)
    for clock in clocks(world):
        if (clock.owner or clock).state != "pending" or clock.kind != "business_days" or clock.start == now:
            continue
        if not stands_still(clock, world.waiting, world.resolved) and counts_day(world, clock, now):
            clock.used += 1  # R15: that instant's events applied, the clock runs
    milestones(world)
    triggers(world, fresh)
    for event in fresh:
        if event["type"] == "elected":
            elect(world, event, fresh)
    changed = True
    while changed:
        changed = roll(world)
        changed = performances(world) or changed
        changed = milestones(world) or changed
        changed = endings(world, fresh) or changed
        changed = warnings(world) or changed
        changed = deadlines(world) or changed
