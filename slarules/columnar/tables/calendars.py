"""Calendars as tables: open intervals, open dates and closings, and from when their lists say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.columnar.kernels import layout as at
from slarules.columnar.tables.conditions import (
    Beyond,
)
from slarules.columnar.tables.draft import Draft, array


def unknown_masks(draft: Draft) -> Any:
    """[calendar] → the bits of the lists that it rests on."""
    found = []
    for calendar in draft.plan.adopted.calendars.values():
        try:
            found.append(draft.words.bits(frozenset(f"holidays of {name}" for name in calendar.unknown_names)))
        except Beyond as why:
            draft.all_beyond = f"a calendar: {why}"
            found.append(0)
    return np.array(found, np.int64)


def of_calendars(calendars: Mapping[str, Calendar], zone: str) -> dict[str, Any]:
    """All calendars one after the other, each closed by an interval that never comes."""
    names = list(dict.fromkeys([zone, *(one.zone for one in calendars.values())]))
    days = np.arange(zones.END // zones.DAY + 2, dtype=np.int64)
    rows, starts, closes, before, first_of, dates, last_close, first_open = [], [], [], [], [], [], [], []
    intervals, opened = 0, 0
    for number, calendar in enumerate(calendars.values()):
        table = calendar.table
        count, many = len(table.intervals.starts), len(table.days)
        zone_at = names.index(calendar.zone)
        rows.append((intervals, intervals + count, number * len(days), len(days), opened, opened + many, zone_at))
        starts.append(np.append(table.intervals.starts, 1 << 62))
        closes.append(np.append(table.intervals.ends, 1 << 62))
        before.append(table.before)
        first_of.append(np.searchsorted(table.intervals.ends, days * zones.DAY, side="right") + intervals)
        dates.append(table.days.dates - zones.EPOCH_ORDINAL)
        last_close.append(table.days.last_close)
        first_open.append(table.days.first_open)
        intervals, opened = intervals + count + 1, opened + many
    unknown = [one.unknown_from for one in calendars.values()]
    return {
        "calendars": array(rows, at.CALENDAR),
        "starts": np.concatenate(starts),
        "closes": np.concatenate(closes),
        "before": np.concatenate(before),
        "day_interval": np.concatenate(first_of),
        "dates": np.concatenate(dates),
        "last_close": np.concatenate(last_close),
        "first_open": np.concatenate(first_open),
        "day_starts": np.stack([zones.day_starts(days + zones.EPOCH_ORDINAL, name) for name in names]),
        "unknown_from": np.array([at.NEVER if one is None else one for one in unknown], np.int64),
    }
