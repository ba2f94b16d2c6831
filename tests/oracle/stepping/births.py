"""When duties arise: at their triggers, period after period, date after date (R4)."""

from __future__ import annotations

from typing import Any

from ..wall import DAY, date_at, date_hours, first_instant, zone_of
from .calendars import spell
from .clocks import suspended
from .conditions import goes_on, guard, situation
from .limits import leaf, no_promise, row_of, set_terms, wanting
from .world import Instance, Series, World, doubt, duties_of

Json = dict[str, Any]


def arise(
    world: World,
    duty: Json,
    *,
    cause: Instance | None = None,
    series: Series | None = None,
    fixed: int | None = None,
    again: bool = False,
    by: str | None = None,
    unsaid: list[str] | None = None,
    follows: bool = True,
) -> Instance | None:
    """An instance arises now. `again`: a further period or a restart, the conditions once read (R8)."""
    now, mode = world.now, duty.get("recurring", {}).get("mode")
    seen = situation(world)
    value, missing = (True, []) if again else guard(world, duty["trigger"], seen)
    if value is False:
        return None
    if unsaid and (value is None or mode is not None):
        doubt(world, "missing-several")
    going, unsure = goes_on(duty, seen)
    if going is False:
        return None
    if going is None and value is True:
        value, missing = None, unsure
    elif going is None:
        missing = list(dict.fromkeys([*missing, *unsure]))
    if mode is not None and series is None:
        if value is None:
            doubt(world, "recurring-unknown")
        series = Series(duty, now, cause)
        world.series.append(series)
        if mode == "each_day_of":
            each_day(world, series)
            return None
    target, row = duty["target"], row_of(world, duty["target"])
    if no_promise(target, world.severity, row):
        if value is None:
            doubt(world, "no-promise-and-unknown")
        return None
    instance = Instance(duty, now, now, cause, series, world.severity, seen=seen, set_off_by=by, row=row)
    if mode == "each_day_of":
        instance.kind, instance.fixed = "each_day", fixed
    elif value is None or leaf(target, world.severity, row) is None:
        instance.state = "unknown"
        wanted = wanting(target, world.severity, row)
        instance.missing = missing if value is None else wanted
        if len(instance.missing) > 1 or (value is None and wanted and missing != wanted):
            doubt(world, "missing-several")
    else:
        set_terms(world, instance)
    if unsaid:  # R9: who did it, no later event answers
        instance.lost, instance.missing = True, unsaid
    if series is not None and series.perhaps is not None and mode == "each_day_of":
        instance.lost, instance.missing = True, [f"actor of {series.perhaps}"]
    instance.follows = follows
    world.instances.append(instance)
    if suspended(world, instance) and instance.allowed == 0:
        doubt(world, "overdrawn-while-suspended")
    return instance


def each_day(world: World, series: Series) -> None:
    """R4: an instance for each open date whose first opening is not before the start."""
    calendar = series.duty["recurring"]["calendar"]
    where = zone_of(spell(world, calendar))
    ordinal = date_at(where, world.now)
    begins = first_instant(where, ordinal)
    if world.now == series.start:  # the dates to come, so that the world stops at their first instants
        for later in range(ordinal + 1, date_at(where, world.last - DAY)):
            hours = date_hours(spell(world, calendar), later)
            if hours is not None:
                world.marks += [first_instant(where, later), hours[1]]
    elif world.now != begins:
        return
    hours = date_hours(spell(world, calendar), ordinal)
    if hours is not None and hours[0] >= series.start:
        world.marks.append(hours[1])
        arise(world, series.duty, cause=series.cause, series=series, fixed=hours[1], again=True)


def roll(world: World) -> bool:
    """R4: the next period rolls from the performance, or from the missed deadline.

    It is a trigger of R1's next round: by then a series that ends at this instant has ended.
    """
    rolling, world.rolling = world.rolling, []
    for series in rolling:
        if not series.over and series.duty["recurring"]["mode"] == "rolling":
            arise(world, series.duty, cause=series.cause, series=series, again=True)
    return bool(rolling)


def followed(world: World, instance: Instance) -> None:
    """What is set off when a duty is met, or performed in time or late."""
    for duty in following(world, instance):
        arise(world, duty, cause=instance, follows=False)


def following(world: World, instance: Instance) -> list[Json]:
    """The duties that its performance sets off."""
    triggers = [(duty, duty["trigger"]) for duty in duties_of(world.contract) if "outcome" in duty["trigger"]]
    mine = [(duty, trigger) for duty, trigger in triggers if trigger["of"] == instance.duty["name"]]
    return [duty for duty, trigger in mine if trigger["outcome"] == "performed" or instance.state == "met"]


def followed_then(world: World, instance: Instance) -> None:
    """Likewise, where it is known only now that it was performed: that is looked into when all is told."""
    if instance.performed == world.now:
        followed(world, instance)
    else:
        world.late.append(instance)
