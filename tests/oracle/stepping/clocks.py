"""The clocks of the duties: when they stand still, what they have counted, when they would be used up."""

from __future__ import annotations

from typing import Any

from ..wall import OPEN, UNKNOWN
from .calendars import blind_day, counts_day, flags_of
from .world import COUNTED, Instance, World


def stands_still(instance: Instance, waiting: Any, resolved: bool) -> bool:
    """Waiting on a named party, or a resolved ticket (R7); a civil duty knows no pauses (R14)."""
    if instance.kind not in COUNTED:
        return False
    return resolved or (waiting is not None and waiting in instance.duty.get("paused_while", ()))


def suspended(world: World, instance: Instance) -> bool:
    if instance.state != "pending":
        return False
    if instance.parts:  # R16: a clock stands still, and for that there is no deadline
        still = [part for part in instance.parts if stands_still(part, world.waiting, world.resolved)]
        return bool(still) and project(world, instance, world.now) is None
    return stands_still(instance, world.waiting, world.resolved)


def ticks(world: World, clock: Instance) -> bool:
    if clock.kind not in ("elapsed", "business"):
        return False
    instance = clock.owner or clock
    if instance.lost:
        return False
    if instance.state == "pending":
        return not stands_still(clock, world.waiting, world.resolved)
    if instance.state != "breached" or not instance.owed or world.resolved:  # R13
        return False
    return clock is instance or clock is instance.missed


def replay(world: World, instance: Instance, upto: int) -> int:
    """What the clock would show had these terms applied from the start: pauses already taken stay (R6)."""
    if instance.kind not in COUNTED:
        return 0
    used, past, place, instant = 0, world.past, 0, instance.start
    still = False
    instance.counted_blind = False
    days = instance.kind == "business_days"
    while instant < upto:
        while place < len(past) and past[place][0] <= instant:
            still = stands_still(instance, past[place][1], past[place][2])
            place += 1
        minute, length = (instant - world.base) // 60, world.step
        if instant % 60 == 0:  # whole minutes in which the clock stands still or goes on are counted at once
            minutes = (min(upto, past[place][0] if place < len(past) else upto) - instant) // 60
            if minutes and (still or (not days and instance.flags.find(UNKNOWN, minute, minute + minutes) < 0)):
                length = minutes * 60
            elif days and upto - instant >= 60:
                length = 60  # dates close on the minute
        if not still:
            if days:
                # The closing at the start itself belongs to the start's date or one before: it never counts.
                used += instant > instance.start and instant % 60 == 0 and counts_day(world, instance, instant)
            elif instance.flags[minute] == UNKNOWN and not used_up_by(instance, used):
                instance.counted_blind = True  # R30
            else:
                used += instance.flags.count(OPEN, minute, minute + max(length // 60, 1)) * min(length, 60)
        instant += length
    return used


def project_parts(world: World, instance: Instance, now: int, performing: bool) -> int | None:
    """R33: an unreached milestone drops out of the sooner; the later has no deadline before all have one."""
    found: list[int | None] = []
    resolving = performing and world.resolved_at == now  # the resolution does not suspend what it performs
    waiting = world.cleared if resolving else world.waiting
    for part in instance.parts:
        if stands_still(part, waiting, world.resolved and not resolving) and not part.reached:
            found.append(None)
        else:
            found.append(project(world, part, now))
    known = [one for one in found if one is not None]
    if instance.kind == "sooner_of":
        return min(known, default=None)
    return max(known) if len(known) == len(found) else None


def project(world: World, instance: Instance, now: int, performing: bool = False) -> int | None:
    """When the target is reached if the clock runs on as it does now; None when that cannot be said."""
    if instance.parts:
        return project_parts(world, instance, now, performing)
    if instance.kind in ("civil", "each_day"):
        return instance.fixed
    if instance.kind in ("none", "awaiting"):
        return None
    assert instance.allowed is not None
    left, instant = instance.allowed - instance.used, now
    if left <= 0:  # R6: never before the event that made it so
        return now if left < 0 else to_opening(world, instance, now)
    if instance.kind == "business_days":
        while left > 0:
            instant += 60
            if instant >= world.last or blind_day(world, instance, instant - instant % 60):
                return None
            left -= counts_day(world, instance, instant - instant % 60)
        return to_opening(world, instance, instant - instant % 60)
    flags, base, step = instance.flags, world.base, world.step
    while left > 0:
        minute = (instant - base) // 60
        if minute >= len(flags) or flags[minute] == UNKNOWN:
            return None
        if instant % 60 == 0 and left >= 60:  # so many minutes cannot be too many, and are counted at once
            minutes = min(left // 60, len(flags) - minute)
            if flags.find(UNKNOWN, minute, minute + minutes) < 0:
                left -= flags.count(OPEN, minute, minute + minutes) * 60
                instant += minutes * 60
                continue
        if flags[minute]:
            left -= step
        instant += step
    return to_opening(world, instance, instant)


def to_opening(world: World, instance: Instance, instant: int) -> int | None:
    """Where it ends at the next opening: the first open instant from this one on."""
    if not (instance.owner or instance).duty.get("next_opening") or instance.calendar is None:
        return instant
    flags = flags_of(world, instance.calendar)
    place = flags.find(bytes([OPEN]), (instant - world.base) // 60)
    return None if place < 0 else max(instant, world.base + place * 60)


def warned_at(clock: Instance, trigger: dict[str, Any]) -> int | None:
    """How much of a clock's time is used when something is to be set off."""
    if clock.allowed is None or clock.kind not in ("elapsed", "business"):
        return None
    if "remain" in trigger:
        return max(0, clock.allowed - int(trigger["remain"]))
    return clock.allowed * int(trigger["used"]) // 100 if "used" in trigger else None


def used_up_by(clock: Instance, used: int) -> bool:
    return clock.allowed is not None and used >= clock.allowed


def used_up(world: World, clock: Instance) -> bool:
    if clock.allowed is None or clock.used < clock.allowed:
        return False
    return clock.used > clock.allowed or to_opening(world, clock, world.now) == world.now
