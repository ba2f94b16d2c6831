"""Which acts perform a duty, and what they make of it (R10, R16, R23)."""

from __future__ import annotations

from typing import Any

from .births import followed
from .calendars import counts_day
from .clocks import project, stands_still, suspended
from .deadlines import breach, is_due
from .limits import milestones
from .maybes import perhaps, qualifies
from .world import COUNTED, Instance, World, clocks_of, doubt

Json = dict[str, Any]


def since(instance: Instance) -> int:
    """R23, and R10: a one-shot consequence is met by an act done since the breached duty's trigger."""
    if instance.cause is not None and instance.series is None and instance.follows:
        return instance.cause.triggered
    return instance.triggered


def acts_since(world: World, instance: Instance) -> list[Json]:
    """What may have performed it by now: the acts of this instant, and those of before a consequence (R10).

    What a reopening has undone for this duty performs nothing any more (R1, R7).
    """
    if instance.triggered != world.now:
        return [act for act in world.acts if act["when"] == world.now]
    acts = [act for act in world.acts if act["when"] >= since(instance)]
    undone = [act for act in acts if act["id"] in world.undone]
    if undone and instance.duty.get("on_reopen") not in ("resume", "restart"):
        doubt(world, "undone-early-act")
        return acts
    return [act for act in acts if act not in undone]


def serves(world: World, instance: Instance, act: Json) -> bool | None:
    """Whether an act is of the kind that performs the duty; None when its actor is unknown (R23)."""
    how = instance.duty["performed_by"]
    if act["id"] in world.at_once and instance.duty.get("on_reopen") == "resume":
        return False  # resolved first, then reopened: the resolution counts no more
    if act["id"] in world.at_once:
        doubt(world, "resolved-reopened-at-once")
    if act["type"] not in how["events"]:
        return False
    if how.get("automatic_counts") is False:
        if act["facts"].get("automatic"):
            return False
        if "automatic" not in act["facts"]:
            doubt(world, "automatic-unknown")
    value, _ = qualifies(world, instance, act)
    if how.get("actor") is None or value is False:
        return value
    if act.get("actor") is None:
        return None
    return value if act["actor"] == how["actor"] else False


def perform(world: World, instance: Instance, act: Json) -> bool:
    """One act on one instance; says whether anything changed."""
    now, at = world.now, act["when"]
    if instance.state == "breached":
        if not instance.owed or at < now:
            return False
        instance.performed, instance.performed_by, instance.owed, instance.maybes = at, act["id"], False, []
        followed(world, instance)
        return True
    due: int | None = None
    if not paused_for(world, instance, act):  # R16: while suspended there is no deadline
        if instance.kind == "business_days" and world.resolved_at == now and counts_day(world, instance, now):
            doubt(world, "closing-at-resolution")
            instance.used += 1
        due = project(world, instance, now, performing=True)
        if instance.duty.get("strict") and due == now == at:
            instance.missed = next((part for part in instance.parts if is_due(world, part)), None)
            breach(world, instance)  # at the deadline is too late, also for the resolution that stops the clock
            return perform(world, instance, act)
    if at < now:  # done before the consequence arose (R10)
        instance.used = 0
        if suspended(world, instance):
            doubt(world, "early-act-while-suspended")
    if any(clock.begun == now or clock.awaits is not None for clock in clocks_of(instance)):
        doubt(world, "act-is-the-milestone")
    instance.state, instance.owed, instance.deadline, instance.maybes = "met", False, due, []
    instance.performed, instance.performed_by = at, act["id"]
    instance.unsure = None
    followed(world, instance)
    milestones(world)  # one act may perform a duty, and one whose time runs from that performance
    return True


def paused_for(world: World, instance: Instance, act: Json) -> bool:
    """Whether the clock stands still for an act of this instant.

    Events and their effects come before performance (R1); but the resolution neither suspends the duty that
    it performs, nor does it first wake one that stood still, by clearing the waiting.
    """
    now_resolving = world.resolved and world.resolved_at == world.now
    waiting = world.cleared if now_resolving else world.waiting
    still = stands_still(instance, waiting, world.resolved and not now_resolving)
    if instance.kind in COUNTED and act["when"] == world.now:
        earlier = [entry for entry in world.past if entry[0] < world.now]
        was_still = bool(earlier) and stands_still(instance, earlier[-1][1], earlier[-1][2])
        if now_resolving and still:
            doubt(world, "resolved-while-waiting")
        elif now_resolving and was_still:
            doubt(world, "resumed-and-resolved-at-once")
        elif (still and not was_still) or (now_resolving and act["type"] != "resolved"):
            doubt(world, "pause-at-act")
    return still


def note(world: World, instance: Instance, act: Json) -> bool:
    """An act that may qualify: what the clock says of it now is what counts, should it be known (R23)."""
    if act["when"] < world.now:
        doubt(world, "unsure-early")
    late = instance.state == "breached"
    due: int | None = None
    if not late and not instance.passed and not paused_for(world, instance, act):
        due = project(world, instance, world.now, performing=True)
        if instance.duty.get("strict") and due == world.now:
            return False
    return perhaps(world, instance, act, due, late)


def asleep(instance: Instance) -> bool:
    """Whether its time was over, or it was ended, while it was not known whether an act had performed it."""
    return bool(instance.maybes) and (instance.passed or instance.ended_by is not None)


def performances(world: World) -> bool:
    changed = False
    todays = [act for act in world.acts if act["when"] == world.now]
    for act in todays:
        world.known.setdefault(act["id"], dict(world.facts))
    for series in world.series:
        for act in todays:
            mine = [one for one in world.instances if one.series is series and one.state == "pending" and not one.lost]
            if not mine or (act["id"], id(series)) in world.served:
                continue
            kind = serves(world, mine[0], act)
            if kind is None:
                doubt(world, "unknown-actor-recurring")
            if not kind:
                continue
            if any(one.performed == world.now for one in world.instances if one.series is series):
                doubt(world, "acts-of-one-instant")
            # R4: an act serves the period it falls in; at a boundary the ending period, if unserved.
            if perform(world, mine[0], act):
                world.served.add((act["id"], id(series)))
                changed = True
                world.rolling.append(series)
    for instance in list(world.instances):
        if instance.series is not None or instance.lost or instance.state not in ("pending", "breached"):
            continue
        if (instance.state == "breached" and not instance.owed) or not (todays or instance.triggered == world.now):
            continue
        kinds = [(act, serves(world, instance, act)) for act in acts_since(world, instance)]
        certain = [act for act, kind in kinds if kind is True]
        if len(certain) > 1 and certain[0]["when"] < world.now:
            doubt(world, "early-acts")
        for act, kind in kinds:
            if kind is None and not certain and instance.unsure is None:
                if act.get("actor") is not None:
                    if not any(one.act is act for one in instance.maybes):
                        changed = note(world, instance, act) or changed
                    continue
                if instance.maybes or qualifies(world, instance, act)[0] is None:
                    doubt(world, "several-unsure")
                if instance.state == "breached":
                    doubt(world, "unknown-actor-late")
                    continue
                if act["when"] < world.now:
                    doubt(world, "unknown-actor-early")
                instance.unsure = act["id"]
                changed = True
        if certain and not asleep(instance) and perform(world, instance, certain[0]):
            changed = True
    return changed
