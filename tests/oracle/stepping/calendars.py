"""Which minutes of the world a calendar is open, and the last closings of its dates (R15)."""

from __future__ import annotations

from ..wall import COMBINATIONS, DAY, UNKNOWN, calendar_day, date_at, date_hours, place_of, spelled, zone_of
from .world import Instance, World


def spell(world: World, calendar: str) -> str:
    if calendar not in world.spelling:
        world.spelling[calendar] = spelled(world.contract.get("calendars", {}), calendar, world.home)
    return world.spelling[calendar]


def flags_of(world: World, calendar: str) -> bytes:
    """One byte for each minute of the world, from its base on."""
    if calendar not in world.cache:
        days = range(world.base // DAY, world.last // DAY + 1)
        world.cache[calendar] = b"".join(calendar_day(spell(world, calendar), day)[0] for day in days)
    return world.cache[calendar]


def closings_of(world: World, calendar: str) -> dict[int, int]:
    """The last closings of a calendar's open dates, each with its date; the world stops at each of them."""
    if calendar not in world.closings:
        where = zone_of(spell(world, calendar))
        found = {}
        for ordinal in range(date_at(where, world.base) - 1, date_at(where, world.last - DAY)):
            hours = date_hours(spell(world, calendar), ordinal)
            if hours is not None:
                found[hours[1]] = ordinal
        world.closings[calendar] = found
        world.marks += list(found)
        flags = flags_of(world, calendar)
        if UNKNOWN in flags:  # R30: where it begins to be unknown
            begins = [at for at in range(1, len(flags)) if flags[at] == UNKNOWN and flags[at - 1] != UNKNOWN]
            world.marks += [world.base + at * 60 for at in begins]
    return world.closings[calendar]


def counts_day(world: World, instance: Instance, instant: int) -> bool:
    """R15: a last closing of an open date after the start's date."""
    assert instance.calendar is not None
    ordinal = closings_of(world, instance.calendar).get(instant)
    return ordinal is not None and ordinal > instance.start_date


def unknown_now(world: World, clock: Instance) -> bool:
    """R30: whether the clock is at time that would be open, on a date that the supplied list does not reach."""
    if clock.kind == "business_days":
        return blind_day(world, clock, world.now)
    return clock.kind == "business" and clock.flags[(world.now - world.base) // 60] == UNKNOWN


def blind_day(world: World, clock: Instance, instant: int) -> bool:
    """Whether it is time that would be open on a date after the start's, and nobody knows whether it is."""
    assert clock.calendar is not None
    if flags_of(world, clock.calendar)[(instant - world.base) // 60] != UNKNOWN:
        return False
    utc_day, minute = instant // DAY, instant % DAY // 60
    owner = calendar_day(spell(world, clock.calendar), utc_day)[1][minute]
    return owner > place_of(clock.start_date, utc_day)


def lists_of(world: World, calendar: str | None) -> list[str]:
    """The supplied lists that a calendar rests on."""
    assert calendar is not None
    one = world.contract["calendars"].get(calendar, {})
    named = [part for how in COMBINATIONS for part in one.get(how, ())]
    if named:
        return list(dict.fromkeys(name for part in named for name in lists_of(world, part)))
    return [one.get("name", calendar)] if "known_until" in one or one.get("unbound") else []
