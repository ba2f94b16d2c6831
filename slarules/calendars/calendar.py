"""Opening times: the public face. Everything here is immutable and compiled on first use.

Methods named ``…_at`` and those whose parameters end in ``_us`` take and give integer microseconds since 1970
UTC; the others take aware datetimes, or NumPy arrays of such integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, overload

import numpy as np
from attrs import frozen

from slarules.calendars import compilation, given, spec, windows
from slarules.calendars.counting import DayRule, days_at
from slarules.calendars.coverage import Part, combined_unknown_from
from slarules.calendars.days import DayTable
from slarules.calendars.kept import keep
from slarules.calendars.segments import Segment, segments
from slarules.calendars.spec import CalendarSpec, Hours
from slarules.calendars.table import NEVER, Table, table
from slarules.calendars.zones import (
    MICROSECOND,
    Instants,
    day_start,
    local_date,
    moment,
    zone,
)

__all__ = ["NEVER", "Always", "Calendar", "CalendarSpec", "Combined", "DayRule", "Segment"]


@frozen
class Always:
    """Open around the clock, every date."""

    zone: str
    """Tells where its dates begin."""


@frozen
class Combined:
    """A calendar made of others."""

    operation: Literal["union", "intersection", "difference"]
    """Open in any of them; in all of them; in the first but not in the second."""
    operands: tuple[Calendar, ...]
    """What it is made of; the first one's zone is the result's."""


@frozen(slots=False)
class Calendar:
    """Opening times in a zone, as one table of open intervals from 1970 to 2200."""

    definition: CalendarSpec | Always | Combined
    """What it was made from; equal definitions are equal calendars."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Calendar, (self.definition,)  # the table is cheaper to compile than to send

    @staticmethod
    def weekly(
        zone: str,
        hours: Mapping[str, Hours],
        *,
        holidays: Mapping[date, str] | Iterable[date] = (),
        replaced: Mapping[date, Hours] | None = None,
        added: Mapping[date, Hours] | None = None,
        breaks: Mapping[date, Hours] | None = None,
        known_until: date | None = None,
        unknown_name: str | None = None,
    ) -> Calendar:
        """``Calendar.weekly("America/Denver", {"mon": [("08:00", "17:00")]}, holidays=[date(2026, 1, 1)])``.

        A closing at or before its opening is the next date's; ``24:00`` is midnight. ``replaced`` dates have
        those windows instead, ``added`` ones have them besides, ``breaks`` are cut out.
        """
        return Calendar(
            CalendarSpec(
                zone,
                spec.week(hours),
                spec.named_dates(holidays),
                spec.dated(replaced),
                spec.dated(added),
                spec.dated(breaks),
                None if known_until is None else spec.pure_date(known_until),
                unknown_name,
            )
        ).checked()

    @staticmethod
    def always(zone: str) -> Calendar:
        """Open the whole time; its days are the zone's dates."""
        return Calendar(Always(zone)).checked()

    @staticmethod
    def union(*calendars: Calendar) -> Calendar:
        """Open when any of them is."""
        return _combined("union", calendars)

    @staticmethod
    def intersection(*calendars: Calendar) -> Calendar:
        """Open when all of them are."""
        return _combined("intersection", calendars)

    @staticmethod
    def difference(base: Calendar, cut: Calendar) -> Calendar:
        """Open when the first is and the second is not."""
        return _combined("difference", (base, cut))

    def checked(self) -> Calendar:
        """Itself, if its zone exists."""
        zone(self.zone)
        return self

    @cached_property
    def zone(self) -> str:
        """The zone of its dates."""
        definition = self.definition
        return definition.operands[0].zone if isinstance(definition, Combined) else definition.zone

    @cached_property
    def table(self) -> Table:
        """The compiled table; it may be compiled again when many other calendars were, with the same result."""
        compiled = table(self._windows())
        keep(self, compiled.size)
        return compiled

    def _windows(self) -> windows.DatedWindows:
        match self.definition:
            case CalendarSpec() as described:
                return compilation.compiled(described)
            case Always():
                return compilation.always(self.zone)
            case Combined(operation, operands):
                dated = tuple(one.table.dated for one in operands)
                if operation == "difference":
                    return windows.difference(dated[0], dated[1], self.zone)
                combine = windows.union if operation == "union" else windows.intersection
                return combine(dated, self.zone)

    @property
    def day_table(self) -> DayTable:
        """Its open dates with their first openings and last closings."""
        return self.table.days

    # Integer microseconds

    def deadline_at(self, start_us: int, amount_us: int) -> int | None:
        """The earliest instant at which open time since the start reaches the amount; None: never.

        An amount that fills a window ends at its closing, not at the next opening; zero, at the start (R28).
        """
        return self.table.deadline_at(start_us, amount_us)

    def backward_at(self, end_us: int, amount_us: int) -> int | None:
        """The latest instant from which open time until the end is the amount; None: never."""
        return self.table.backward_at(end_us, amount_us)

    def consumed_between(self, start_us: int, end_us: int) -> int:
        """Open time in [start, end); zero where the end does not come after the start."""
        return self.table.consumed_between(start_us, end_us)

    def is_open(self, instant_us: int) -> bool:
        """Whether it is open; at a closing instant it is not."""
        return self.table.is_open(instant_us)

    def next_open(self, instant_us: int) -> int | None:
        """The first open instant at or after this one."""
        return self.table.next_open(instant_us)

    def next_close(self, instant_us: int) -> int | None:
        """The first closing after this instant."""
        return self.table.next_close(instant_us)

    def previous_open(self, instant_us: int) -> int | None:
        """The last instant, at or before this one, that open time runs up to; a closing counts."""
        return self.table.previous_open(instant_us)

    def days_at(
        self, start_us: int, n: int, rule: DayRule = "end_of_day", backward: bool = False
    ) -> int | None:
        """The instant that many open dates after the start; see `DayRule`."""
        return days_at(self.table, self.zone, start_us, n, rule, backward)

    def local_date(self, instant_us: int) -> date:
        """The date of an instant in the calendar's zone."""
        return local_date(instant_us, self.zone)

    def day_start(self, day: date) -> int:
        """The first instant of a date in the calendar's zone (R31)."""
        return day_start(day, self.zone)

    # Days

    def nth_close(self, after_date: date, n: int) -> int | None:
        """The last closing of the n-th open date after a date (R15), or before it for a negative n."""
        found = self.day_table.nth(after_date, n)
        return found.last_close if found else None

    # What is known, and why

    @cached_property
    def unknown_from(self) -> int | None:
        """The first instant whose openness a supplied list leaves unknown (R30); None: all is known."""
        match self.definition:
            case CalendarSpec(known_until=day):
                if day is None:
                    return None
                days = self.day_table  # the tail of a window of the date before is that date's (R31)
                place = days.index_from(day)
                return days.day(place).first_open if place < len(days) else None
            case Always():
                return None
            case Combined(operation, operands):
                parts = [Part(one.table.intervals, one.unknown_from) for one in operands]
                return combined_unknown_from(operation, parts, self.table.intervals)

    @cached_property
    def unknown_names(self) -> tuple[str, ...]:
        """The supplied lists that end, as the contract names them."""
        match self.definition:
            case CalendarSpec(known_until=day, unknown_name=name):
                return () if day is None or name is None else (name,)
            case Always():
                return ()
            case Combined(_, operands):
                return tuple(dict.fromkeys(name for one in operands for name in one.unknown_names))

    @cached_property
    def _closures(self) -> dict[date, str]:
        """Every named closure of a date that would be open else, whether or not it is open for another reason."""
        match self.definition:
            case CalendarSpec(closed=closed, weekly=weekly):
                return {day: name for day, name in closed.items() if weekly[day.weekday()]}
            case Always():
                return {}
            case Combined(operation, operands):
                kept = operands[:1] if operation == "difference" else operands[::-1]
                found = {day: name for one in kept for day, name in one._closures.items()}
                if operation != "intersection":
                    return found
                return {
                    day: name
                    for day, name in found.items()
                    if all(one.day_table.is_open(day) or day in one._closures for one in operands)
                }

    def closures(self, day: date) -> str | None:
        """The holiday that keeps a date closed; None where it is open, or is closed as its weekday is."""
        name = self._closures.get(day)
        return None if name is None or self.day_table.is_open(day) else name

    def segments(self, start_us: int, end_us: int) -> list[Segment]:
        """[start, end) cut at every opening and closing, and closed time at the bounds of its holidays."""
        return segments(self.table, self.zone, self._closures, start_us, end_us)

    # Datetimes and arrays

    @overload
    def deadline(
        self, start: datetime, amount: timedelta, *, ends_at_next_opening: bool = ..., backward: bool = ...
    ) -> datetime | None: ...
    @overload
    def deadline(
        self, start: Instants, amount: Instants | timedelta | int, *, ends_at_next_opening: bool = ...,
        backward: bool = ...,
    ) -> Instants: ...
    @overload
    def deadline(
        self, start: datetime, amount: Instants, *, ends_at_next_opening: bool = ..., backward: bool = ...
    ) -> Instants: ...

    def deadline(
        self, start: Any, amount: Any, *, ends_at_next_opening: bool = False, backward: bool = False
    ) -> Any:
        """The instant at which open time since the start reaches the amount; a negative amount goes backward.

        ``ends_at_next_opening`` is for contracts that say so: a target that fills a window then ends where
        the next one opens. Arrays hold microseconds, no negative ones; in them `NEVER` stands for None.
        """
        if isinstance(start, np.ndarray) or isinstance(amount, np.ndarray):
            starts, amounts = given.many(start), given.many(amount)
            due = self.backward_array(starts, amounts) if backward else self.table.deadline_array(starts, amounts)
            if not ends_at_next_opening:
                return due
            snapped = self._previous_opens(due) if backward else self.table.next_open_array(due)
            return np.where((due == NEVER) | (amounts == 0), due, snapped)
        at, much = given.instant(start), given.amount(amount)
        found = self._deadline_at(at, -much if backward else much, ends_at_next_opening)
        return None if found is None else moment(found, start.tzinfo)

    def _previous_opens(self, instants: Instants) -> Instants:
        found = [NEVER if at == NEVER else self.previous_open(at) for at in instants.ravel().tolist()]
        return np.array([NEVER if at is None else at for at in found], np.int64).reshape(instants.shape)

    def _deadline_at(self, start: int, amount: int, ends_at_next_opening: bool) -> int | None:
        if amount < 0:
            found = self.backward_at(start, -amount)
            return self.previous_open(found) if ends_at_next_opening and found is not None else found
        found = self.deadline_at(start, amount)
        return self.next_open(found) if ends_at_next_opening and amount and found is not None else found

    def deadline_array(self, starts_us: Instants, amounts_us: Instants | int) -> Instants:
        """`deadline_at` for each pair; `NEVER`, the least int64, where there is none."""
        return self.table.deadline_array(starts_us, np.asarray(amounts_us))

    def backward_array(self, ends_us: Instants, amounts_us: Instants | int) -> Instants:
        """`backward_at` for each pair; `NEVER` where there is none."""
        return self.table.backward_array(ends_us, np.asarray(amounts_us))

    @overload
    def consumed(self, start: datetime, end: datetime) -> timedelta: ...
    @overload
    def consumed(self, start: Instants, end: Instants | datetime) -> Instants: ...
    @overload
    def consumed(self, start: datetime, end: Instants) -> Instants: ...

    def consumed(self, start: Any, end: Any) -> Any:
        """Open time in [start, end); zero where the end does not come after the start."""
        if isinstance(start, np.ndarray) or isinstance(end, np.ndarray):
            return self.consumed_array(given.many(start), given.many(end))
        return self.consumed_between(given.instant(start), given.instant(end)) * MICROSECOND

    def consumed_array(self, starts_us: Instants, ends_us: Instants) -> Instants:
        """`consumed_between` for each pair."""
        return self.table.consumed_array(starts_us, ends_us)

    @overload
    def deadline_days(
        self, start: datetime, n: int, rule: DayRule = ..., *, backward: bool = ...
    ) -> datetime | None: ...
    @overload
    def deadline_days(
        self, start: Instants, n: Instants | int, rule: DayRule = ..., *, backward: bool = ...
    ) -> Instants: ...
    @overload
    def deadline_days(
        self, start: datetime, n: Instants, rule: DayRule = ..., *, backward: bool = ...
    ) -> Instants: ...

    def deadline_days(
        self, start: Any, n: Any, rule: DayRule = "end_of_day", *, backward: bool = False
    ) -> Any:
        """The instant that many open dates after the start, or before it; see `DayRule`. Arrays as in `deadline`."""
        if isinstance(start, np.ndarray) or isinstance(n, np.ndarray):
            starts, days = np.broadcast_arrays(given.instants(start), given.whole(n))
            pairs = zip(starts.ravel().tolist(), days.ravel().tolist(), strict=True)
            due = [self.days_at(at, many, rule, backward) for at, many in pairs]
            return np.array([NEVER if at is None else at for at in due], np.int64).reshape(starts.shape)
        found = self.days_at(given.instant(start), given.count(n), rule, backward)
        return None if found is None else moment(found, given.zone_of(start))


def _combined(
    operation: Literal["union", "intersection", "difference"], calendars: tuple[Calendar, ...]
) -> Calendar:
    if not calendars:
        raise ValueError(f"a {operation} needs at least one calendar")
    for one in calendars:
        if not isinstance(one, Calendar):
            raise TypeError(f"{operation} is of calendars, not of {type(one).__name__}")
    return calendars[0] if len(calendars) == 1 else Calendar(Combined(operation, calendars))
