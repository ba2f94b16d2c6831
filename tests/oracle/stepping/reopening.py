"""A reopening undoes what the resolution performed or ended (R7)."""

from __future__ import annotations

from ..wall import date_at, date_hours, first_instant, zone_of
from .births import arise, each_day, followed
from .calendars import spell
from .endings import ending, may_be_ended
from .performance import serves
from .severity import by_level, new_level
from .world import COUNTED, Instance, Series, World, doubt, lose_by


def reopen(world: World) -> None:
    """R7: undoes only what the resolution performed or ended, on the newest instance."""
    was, at = world.resolution, world.resolved_at
    world.resolved, world.over = False, None
    if at == world.now:
        world.at_once.add(str(was))
    world.resolution = world.resolved_at = None
    world.undone.add(str(was))
    for dates in list(world.series):
        if dates.over_by == was and was is not None and "calendar" in dates.duty["recurring"]:
            dates_again(world, dates)
    for rolling in list(world.series):
        if rolling.over_by == was and was is not None and rolling.duty["recurring"]["mode"] == "rolling":
            period_again(world, rolling)
    newest = {id(instance.duty): instance for instance in world.instances}
    for instance in newest.values():
        ended = instance.ended_by == "resolved" and instance.ended_at == at and at is not None
        ended = ended and instance.perhaps is None
        ended = ended or (instance.let_go_by == "resolved" and instance.let_go_at == at is not None)
        if instance.state == "unknown" and ended and instance.duty.get("on_reopen") == "resume":
            instance.ended_by = instance.ended_at = None
            continue
        performed = was is not None and instance.performed_by == was
        if instance.unsure == was and was is not None:
            doubt(world, "unknown-actor-reopened")
        mine = [one for one in instance.maybes if one.act["id"] == was]
        if mine and instance.duty.get("on_reopen") == "resume":
            instance.maybes = [one for one in instance.maybes if one not in mine]
        elif mine and instance.duty.get("on_reopen") == "restart":
            doubt(world, "unknown-actor-reopened")
        if not (ended or performed):
            continue
        if instance.kind == "each_day" and instance.fixed is not None and instance.fixed <= world.now:
            continue  # R4: its closing fell into a pause
        rule = instance.duty.get("on_reopen")
        if rule is None:
            doubt(world, "no-reopen-rule")
        if rule == "restart" and "calendar" in instance.duty.get("recurring", {}):
            continue  # its dates begin again
        if rule == "resume":
            resume(world, instance)
            meanwhile(world, instance, at or world.now)
        elif rule == "restart":
            series = instance.series
            if series is not None:
                series = Series(instance.duty, world.now, instance.cause)
                world.series.append(series)
            arise(world, instance.duty, cause=instance.cause, series=series, again=True)


def period_again(world: World, series: Series) -> None:
    """The resolution ended the recurrence when no period was running."""
    mine = [one for one in world.instances if one.series is series]
    if any(one.ended_by == "resolved" and one.ended_at == series.over_at for one in mine[-1:]):
        return  # the period that it ended is owed again, or begins again
    if any(one.lost for one in mine[-1:]):
        return  # nobody knows of that period whether it had ended before
    if any(one.performed_by == series.over_by for one in mine[-1:]) or series.duty.get("on_reopen") == "ignore":
        return
    again = series
    if series.duty.get("on_reopen") == "restart":
        again = Series(series.duty, world.now, series.cause)
        world.series.append(again)
    again.over = False
    arise(world, again.duty, cause=again.cause, series=again, again=True)


def dates_again(world: World, series: Series) -> None:
    """The resolution ended the dates to come, be it before the first of them."""
    rule = series.duty.get("on_reopen")
    if rule == "restart":
        again = Series(series.duty, world.now, series.cause)
        world.series.append(again)
        each_day(world, again)
    elif rule == "resume":
        series.over = False
        today_again(world, series)


def today_again(world: World, series: Series) -> None:
    """The day of the reopening is owed, if its last closing is still to come."""
    calendar = spell(world, series.duty["recurring"]["calendar"])
    hours = date_hours(calendar, date_at(zone_of(calendar), world.now))
    mine = [one.fixed for one in world.instances if one.series is series]
    if hours is None or hours[1] <= world.now or hours[1] in mine or hours[0] < series.start:
        return
    if first_instant(zone_of(calendar), date_at(zone_of(calendar), world.now)) == world.now:
        return  # it arises by itself
    world.marks.append(hours[1])
    today = arise(world, series.duty, cause=series.cause, series=series, fixed=hours[1], again=True)
    if today is None:
        return
    today.triggered = max(series.start, first_instant(zone_of(calendar), date_at(zone_of(calendar), world.now)))  # R4
    served = {one.performed_by for one in world.instances if one.series is series}
    for act in world.acts:
        new = today.triggered <= act["when"] < world.now and act["id"] not in served and act["id"] not in world.undone
        if new and serves(world, today, act):
            today.state, today.owed, today.deadline = "met", False, today.fixed
            today.performed, today.performed_by = act["when"], act["id"]
            return


def meanwhile(world: World, instance: Instance, since: int) -> None:
    """What was done on the resolved ticket performs, or ends, what its reopening makes owed again (R1, R7, R23)."""
    after = [act for act in world.acts if since <= act["when"] < world.now and act["id"] not in world.undone]
    ends = [act for act in after if act["type"] in ending(world, instance.duty, [act])]
    end = next((act for act in ends if act["type"] in instance.duty.get("until", ())), None)
    maybe = may_be_ended(world, instance.duty, after) if instance.state != "breached" else None
    end = maybe if end is None or (maybe is not None and maybe["when"] < end["when"]) else end
    for act in after:
        if end is not None and act["when"] > end["when"]:
            break
        value = serves(world, instance, act)
        if value is None:
            doubt(world, "unsure-while-resolved")
        if not value or not instance.owed:
            continue
        instance.performed, instance.performed_by, instance.owed = act["when"], act["id"], False
        if instance.state == "pending":  # R16: its clock stood still
            instance.state, instance.deadline = "met", None if instance.kind in COUNTED else instance.fixed
        followed(world, instance)
        period = next_period(world, instance, act["when"])
        if period is None:
            return
        instance = period
    if end is not None and end is maybe and instance.owed:
        lose_by(instance, end["id"])
    elif end is not None and instance.owed:
        instance.owed = False
        if instance.state == "pending":
            instance.state, instance.ended_by, instance.ended_at = "ended", end["type"], end["when"]
        else:
            instance.let_go_by, instance.let_go_at = end["type"], end["when"]
        if instance.series is not None:
            instance.series.over = True


def next_period(world: World, instance: Instance, begins: int) -> Instance | None:
    series = instance.series
    if series is None or series.duty["recurring"]["mode"] != "rolling" or instance.state != "met":
        return None
    period = arise(world, series.duty, cause=series.cause, series=series, again=True)
    if period is not None:
        period.triggered = period.start = begins
    return period


def resume(world: World, instance: Instance) -> None:
    instance.performed = instance.performed_by = instance.ended_by = instance.ended_at = None
    instance.owed, instance.let_go_by, instance.let_go_at = True, None, None
    if instance.series is not None:
        instance.series.over = False
    if instance.state == "breached":
        return  # a breach stays, owed again
    instance.state, instance.deadline = "pending", None
    if by_level(instance.duty["target"]) and instance.level != world.severity:
        doubt(world, "severity-while-resolved")
        new_level(world, instance, world.severity, instance.level)
