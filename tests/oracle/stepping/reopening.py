"""A reopening undoes what the resolution performed or ended (R7)."""

from __future__ import annotations

from .births import arise, each_day
from .severity import new_level
from .world import Instance, Series, World, doubt


def reopen(world: World) -> None:
    """R7: undoes only what the resolution performed or ended, on the newest instance."""
    was, at = world.resolution, world.resolved_at
    world.resolved, world.over = False, None
    if at == world.now:
        doubt(world, "resolved-reopened-at-once")
    world.resolution = world.resolved_at = None
    world.undone.add(str(was))
    for dates in list(world.series):
        if dates.over_by == was and was is not None and "calendar" in dates.duty["recurring"]:
            dates_again(world, dates)
    newest = {id(instance.duty): instance for instance in world.instances}
    for instance in newest.values():
        ended = instance.ended_by == "resolved" and instance.ended_at == at and at is not None
        if instance.state == "unknown" and ended and instance.duty.get("on_reopen") == "resume":
            instance.ended_by = instance.ended_at = None
            continue
        performed = was is not None and instance.performed_by == was
        if instance.unsure == was and was is not None:
            doubt(world, "unknown-actor-reopened")
        if not (ended or performed):
            continue
        rule = instance.duty.get("on_reopen")
        if rule is None:
            doubt(world, "no-reopen-rule")
        if rule == "restart" and "calendar" in instance.duty.get("recurring", {}):
            continue  # its dates begin again
        if rule == "resume":
            resume(world, instance)
        elif rule == "restart":
            series = instance.series
            if series is not None:
                series = Series(instance.duty, world.now, instance.cause)
                world.series.append(series)
            arise(world, instance.duty, cause=instance.cause, series=series, again=True)


def dates_again(world: World, series: Series) -> None:
    """The resolution ended the dates to come, be it before the first of them."""
    rule = series.duty.get("on_reopen")
    if rule == "restart":
        again = Series(series.duty, world.now, series.cause)
        world.series.append(again)
        each_day(world, again)
    elif rule == "resume":
        doubt(world, "each-day-resumed")
        series.over = False


def resume(world: World, instance: Instance) -> None:
    instance.performed = instance.performed_by = instance.ended_by = instance.ended_at = None
    instance.owed = True
    if instance.series is not None:
        instance.series.over = False
    if instance.state == "breached":
        return  # a breach stays, owed again
    instance.state, instance.deadline = "pending", None
    if instance.duty["target"]["kind"] == "by_severity" and instance.level != world.severity:
        doubt(world, "severity-while-resolved")
        new_level(world, instance, world.severity, instance.level)
