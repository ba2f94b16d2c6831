"""Whether something happened lately: `resolved has happened within 30 days`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from attrs import define, field

from slarules.calendars import civil, zones
from slarules.calendars.calendar import Calendar
from slarules.engine.actors import whose
from slarules.engine.expression import Scene, Truth3, shifted
from slarules.engine.history import Entry, happened_at
from slarules.engine.judging.clock import Closings, Counting
from slarules.model.expression import Happened
from slarules.model.value import Civil, Elapsed, Unknown

FEW = 8
"""So many events of a type are gone through each time: that costs less than to keep in mind when each party's were."""


@define(eq=False)
class Occurrences:
    """When events of each type happened, whoever did them, and by each party; each event is looked at once."""

    looked_at: dict[str, int] = field(factory=dict)
    times: dict[tuple[str, str | None], list[int]] = field(factory=dict)
    unsaid: dict[str, list[Entry]] = field(factory=dict)
    """By type, those of which nobody knows by whom they were."""

    def of(self, type: str, by: str | None, entries: Sequence[Entry]) -> Sequence[int]:
        """When those of a type, or by a party, happened, in order; ``entries`` are all of the type, and only grow."""
        if len(entries) <= FEW:
            return [entry.at for entry in entries if by in (None, entry.actor)]
        for place in range(self.looked_at.get(type, 0), len(entries)):
            entry = entries[place]
            self.times.setdefault((type, None), []).append(entry.at)
            if entry.actor is not None:
                self.times.setdefault((type, entry.actor), []).append(entry.at)
            else:
                self.unsaid.setdefault(type, []).append(entry)
        self.looked_at[type] = len(entries)
        return self.times.get((type, by), ())

    def by_nobody(self, type: str, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of a type of which nobody knows by whom they were, in order."""
        if len(entries) <= FEW:
            return [entry for entry in entries if entry.actor is None]
        self.of(type, None, entries)
        return self.unsaid.get(type, ())


def last_of(entries: Sequence[Entry], until: int, since: int | None) -> Entry | None:
    """The last of some events by an instant, if it was not before another."""
    place = bisect_right(entries, until, key=happened_at)
    return entries[place - 1] if place and (since is None or entries[place - 1].at >= since) else None


def happened(
    asked: Happened, last: int | None, by_nobody: Entry | None, scene: Scene, zone: str | None
) -> Truth3:
    """Whether it happened; for want of an actor nobody knows where only one that nobody recorded may have done it
    (R23)."""
    certain = recent(asked, last, scene, zone)
    if certain is False and by_nobody is not None and recent(asked, by_nobody.at, scene, zone) is not False:
        return Unknown(whose(by_nobody))
    return certain


def recent(asked: Happened, last: int | None, scene: Scene, zone: str | None) -> Truth3:
    """Whether it happened, and not longer ago than is asked; ``last`` is when it last did.

    The time since then is reckoned as that of a limit which runs from the event: hours by the hours that count, days
    with the end of the last of them (R14, R15). Nothing stops it.
    """
    if last is None or asked.within is None:
        return last is not None
    if asked.basis is None:
        over = _over(asked.within, last, zone or "UTC")
        return over is None or scene.now <= over
    calendar = scene.calendars[asked.basis]
    clock = _clock(asked.within, last, calendar, asked.basis)
    unknown = clock.unknown_at()
    if unknown is not None and scene.now >= unknown:
        return Unknown(frozenset(f"holidays of {name}" for name in calendar.unknown_names))  # R30
    over = clock.deadline()
    return over is None or scene.now <= over


def _clock(within: Elapsed | Civil, last: int, calendar: Calendar, name: str) -> Counting | Closings:
    if isinstance(within, Elapsed):
        return Counting(last, within.micros, calendar, name)
    return Closings(last, within.days, calendar, name)


def _over(within: Elapsed | Civil, last: int, zone: str) -> int | None:
    """Until when; None: past the calendars' years."""
    if isinstance(within, Elapsed):
        return last + within.micros
    try:
        return civil.due_by_end_of(shifted(zones.local_date(last, zone), within, 1), zone)
    except zones.OutOfRange:
        return None
