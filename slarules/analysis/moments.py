"""Instants at which a rule is tried: one for each way in which the calendars that it names can be open and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import Adopted, adopt
from slarules.model.calendar import Supplied, Window
from slarules.model.contract import Contract
from slarules.model.value import HOUR, MINUTE

MONDAY = date(2026, 3, 2)
"""The date on which tickets are tried, where the contract is in force then: an ordinary week follows."""
FAR = date(2100, 1, 1)
WEEK = 7 * 24
"""Hours of a week: starts at which two limits of different kinds are laid side by side."""


def supplied_for(contract: Contract) -> dict[str, Supplied]:
    """What is taken to be supplied where the contract only names it: no holidays, and one evening of each calendar."""
    given: dict[str, Supplied] = {}
    for terms in contract.versions:
        for name, listed in terms.holidays.items():
            if listed.supplied_by is not None:
                given[name] = Supplied((), (), FAR)
        for name, calendar in terms.calendars.items():
            if calendar.supplied_by is not None:
                evening = (Window(20 * HOUR, 22 * HOUR),)
                days = tuple((MONDAY + timedelta(days=n), evening) for n in (5, 12))
                given[name] = Supplied((), days, days[-1][0] + timedelta(days=1))
    return given


def supplied_words(name: str, what: Supplied) -> str:
    """The line of a scenario that supplies a list or a calendar."""
    if not what.windows:
        days = " and ".join(day.isoformat() for day in what.dates) or "none"
        until = (what.known_until or FAR).isoformat()
        return f"supplied {name} {days} known until {until}"
    said = []
    for day, windows in what.windows:
        times = " and ".join(f"{_clock(window.opens)} to {_clock(window.closes)}" for window in windows)
        said.append(f"{day.isoformat()} {times}")
    return f"supplied {name} {' '.join(said)}"


def _clock(of_day: int) -> str:
    minutes = of_day // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@lru_cache(maxsize=512)
def versions_of(contract: Contract, readings: tuple[tuple[str, str], ...] = ()) -> tuple[Adopted, ...]:
    """The contract's versions under its adopted options save these, what parties supply being supplied."""
    return adopt(contract, dict(readings), supplied_for(contract))


def options_of(adopted: Adopted) -> dict[str, str]:
    """The options under which a version stands; readings that change nothing need none."""
    return {reading: option for reading, option in adopted.readings.items() if option}


def ordinary(adopted: Adopted) -> int:
    """Nine o'clock on a Monday on which this version is in force."""
    versions = versions_of(adopted.contract, tuple(sorted(options_of(adopted).items())))
    starts = [one.terms.in_force_from for one in versions]
    own = adopted.terms.in_force_from
    later = min((day for day in starts if day is not None and (own is None or day > own)), default=None)
    first, after = adopted.contract.in_force
    begin = max((day for day in (own, first) if day is not None), default=None)
    end = min((day for day in (later, after) if day is not None), default=None)
    day = MONDAY
    if begin is not None and day < begin + timedelta(days=14):
        day = begin + timedelta(days=14)
    if end is not None and day >= end - timedelta(days=28):
        day = max(end - timedelta(days=28), begin or date(1990, 1, 1))
    day -= timedelta(days=day.weekday()) if day != MONDAY and day.weekday() else timedelta()
    return zones.instant(datetime.combine(day, time(9)), adopted.zone or "UTC")


@lru_cache(maxsize=512)
def moments(adopted: Adopted, names: frozenset[str]) -> tuple[int, ...]:
    """The ordinary instant, then one for each other way in which these calendars are open or closed together.

    Every opening and closing of the calendars' whole tables is looked at: what is not found does not occur.
    """
    base = ordinary(adopted)
    calendars = [adopted.calendars[name] for name in sorted(names)]
    if not calendars:
        return (base,)
    found: dict[tuple[bool, ...], int] = {_openness(calendars, base): base}
    open_times = [calendar.table.intervals for calendar in calendars]
    edges = np.sort(np.concatenate([e for times in open_times for e in (times.starts, times.ends)]))
    edges = edges[(edges > zones.BEGINNING) & (edges < zones.END)]  # what is beyond the years is no time
    later, before = edges[edges >= base], edges[edges < base]
    for some in (later, before[::-1]):
        openness = np.stack([_open(calendar, some) for calendar in calendars], axis=1)
        _, first = np.unique(openness, axis=0, return_index=True)
        for at in sorted(int(i) for i in first):
            found.setdefault(tuple(bool(one) for one in openness[at]), int(some[at]))
    return tuple(found.values())


def starts(adopted: Adopted) -> Sequence[int]:
    """Each hour of an ordinary week, that of ``ordinary`` first."""
    base = ordinary(adopted)
    return [base + n * HOUR for n in range(WEEK)]


def _openness(calendars: Sequence[Calendar], at: int) -> tuple[bool, ...]:
    return tuple(calendar.is_open(at) for calendar in calendars)


def _open(calendar: Calendar, at: zones.Instants) -> npt.NDArray[np.bool_]:
    starts, ends = calendar.table.intervals.starts, calendar.table.intervals.ends
    if not len(starts):
        return np.zeros(len(at), dtype=bool)
    place = np.searchsorted(starts, at, side="right") - 1
    return (place >= 0) & (at < ends[np.maximum(place, 0)])
