"""When duties arise: at their triggers, period after period, date after date (R4)."""

from __future__ import annotations

from typing import Any

from ..wall import DAY, date_at, date_hours, first_instant, zone_of
from .calendars import spell
from .clocks import suspended
from .conditions import guard, holds, situation
from .limits import leaf, set_terms
from .world import Instance, Series, World, doubt

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
    wanting: list[str] | None = None,
) -> Instance | None:
    """An instance arises now. `again`: a further period or a restart, the conditions once read (R8)."""
    now, mode = world.now, duty.get("recurring", {}).get("mode")
    seen = situation(world)
    value, missing = (True, []) if again else guard(world, duty["trigger"], seen)
    if value is False:
        return None
    if wanting and (value is None or mode is not None):
        doubt(world, "missing-several")
    if duty.get("while") is not None and holds(duty["while"], seen, []) is None:
        doubt(world, "while-unknown")
    if duty.get("while") is not None and holds(duty["while"], seen, []) is False:
        doubt(world, "while-false-at-trigger")
        return None
    if mode is not None and series is None:
        if value is None:
            doubt(world, "recurring-unknown")
        series = Series(duty, now, cause)
        world.series.append(series)
        if mode == "each_day_of":
            each_day(world, series)
            return None
    instance = Instance(duty, now, now, cause, series, world.severity, seen=seen, set_off_by=by)
    if mode == "each_day_of":
        instance.kind, instance.fixed = "each_day", fixed
    elif value is None or leaf(duty["target"], world.severity) is None:
        instance.state = "unknown"
        instance.missing = missing if value is None else ["severity"]
        no_level = leaf(duty["target"], world.severity) is None
        if len(missing) > 1 or (value is None and no_level and missing != ["severity"]):
            doubt(world, "missing-several")
    else:
        set_terms(world, instance)
    if wanting:  # R9: who did it, no later event answers
        instance.lost, instance.missing = True, wanting
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
        if series.over:
            doubt(world, "period-at-ending")
        elif series.duty["recurring"]["mode"] == "rolling":
            arise(world, series.duty, cause=series.cause, series=series, again=True)
    return bool(rolling)
