"""From a calendar's description to its dated windows in UTC, for all years at once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from slarules.calendars.intervals import merged
from slarules.calendars.spec import CalendarSpec, Window
from slarules.calendars.windows import DatedWindows, complement
from slarules.calendars.zones import (
    DAY,
    EPOCH_ORDINAL,
    FIRST_YEAR,
    LAST_YEAR,
    Instants,
    day_starts,
    to_instants,
)


def compiled(spec: CalendarSpec) -> DatedWindows:
    """The windows of a calendar's description, in order of opening."""
    days = existing_dates(spec.zone, spec.first_year, spec.last_year)
    special = np.array(sorted(day.toordinal() for day in spec.special_dates), np.int64)
    plain = days[~np.isin(days, special)]
    weekday = (plain - 1) % 7  # ordinal 1 was a Monday
    chosen = [
        (plain[weekday == number], window) for number, windows in enumerate(spec.weekly) for window in windows
    ]
    for day in map(date.fromordinal, days[np.isin(days, special)].tolist()):
        chosen += [(_one(day), window) for window in spec.windows_on(day)]
    dated = _in_utc(spec, chosen)
    if not spec.breaks:
        return dated
    cut = _in_utc(spec, [(_one(day), window) for day, windows in spec.breaks.items() for window in windows])
    return dated.within(complement(merged(cut.starts, cut.ends)))


def always(zone: str) -> DatedWindows:
    """Each date from its first instant to the next one's."""
    days = existing_dates(zone, FIRST_YEAR, LAST_YEAR)
    return DatedWindows(days, day_starts(days, zone), day_starts(days + 1, zone)).solid()


@lru_cache(maxsize=16)
def existing_dates(zone: str, first_year: int, last_year: int) -> Instants:
    """The ordinals of all local dates of the years, without those that clocks skipped (Apia, 2011-12-30)."""
    first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
    if first_year == FIRST_YEAR:
        first -= 2  # west of Greenwich the first instants of 1970 lie in 1969, and windows may be overnight
    if last_year == LAST_YEAR:
        last += 2
    days = np.arange(first, last + 2, dtype=np.int64)
    starts = day_starts(days, zone)
    existing = days[:-1][starts[:-1] < starts[1:]]
    existing.flags.writeable = False  # shared by everyone who asks
    return existing


def _one(day: date) -> Instants:
    return np.array([day.toordinal()], np.int64)


def _in_utc(spec: CalendarSpec, chosen: list[tuple[Instants, Window]]) -> DatedWindows:
    """Windows on their dates, as instants, sorted by opening."""
    none = np.empty(0, np.int64)
    ordinals = np.concatenate([none, *(days for days, _ in chosen)])
    opens = np.concatenate([none, *(np.full(len(days), window.open) for days, window in chosen)])
    ends = np.concatenate([none, *(np.full(len(days), window.end) for days, window in chosen)])
    order = np.argsort(ordinals * (2 * DAY) + opens, kind="stable")
    ordinals = ordinals[order]
    return DatedWindows(
        ordinals, _bounds(spec, ordinals, opens[order]), _bounds(spec, ordinals, ends[order])
    ).solid()


def _bounds(spec: CalendarSpec, ordinals: Instants, of_day: Instants) -> Instants:
    """Local times of dates as instants; a midnight is its date's first instant (R31)."""
    local = (ordinals - EPOCH_ORDINAL) * DAY + of_day
    instants = to_instants(local, spec.zone, spec.gap, spec.fold)
    midnight = of_day % DAY == 0
    instants[midnight] = day_starts(ordinals[midnight] + of_day[midnight] // DAY, spec.zone)
    return instants
