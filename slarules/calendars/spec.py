"""What a calendar says, before it is compiled: weekly windows, closures, replacements, breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from slarules.calendars.zones import (
    DAY,
    EPOCH_ORDINAL,
    FIRST_YEAR,
    HOUR,
    LAST_YEAR,
    MINUTE,
    SECOND,
    Fold,
    Gap,
    day_starts,
    gaps_and_folds,
    local_micros,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week in the order of ``date.weekday``."""

Clock = str | time
"""A wall-clock time: ``"09:00"``, ``"09:00:30"``, ``"24:00"`` for the next midnight, or a ``time``."""
Hours = Iterable[tuple[Clock, Clock]]
"""Windows as people write them: pairs of opening and closing."""

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)


@frozen(order=True)
class Window:
    """Local opening hours [open, close) that belong to the date they start on (R31)."""

    open: int
    """Opening, in microseconds of the local day."""
    close: int
    """Closing, likewise; at or before the opening it is the next date's. 24:00 is the next midnight."""

    def __attrs_post_init__(self) -> None:
        if not (0 <= self.open < DAY and 0 <= self.close <= DAY):
            raise ValueError(f"a window opens from 00:00 to 23:59 and closes by 24:00, not {self}")

    @property
    def end(self) -> int:
        """Closing, counted from the starting date's midnight, so it may exceed a day."""
        return self.close if self.close > self.open else self.close + DAY

    def __str__(self) -> str:
        return f"{clock_text(self.open)}–{clock_text(self.close)}"


ALL_DAY = Window(0, DAY)
"""From midnight to midnight."""

Windows = tuple[Window, ...]


@frozen
class CalendarSpec:
    """One calendar as a contract describes it."""

    zone: str
    """IANA name or fixed offset; every time and date below is local to it."""
    weekly: tuple[Windows, ...]
    """The windows of each weekday, Monday first: seven entries."""
    closed: Mapping[date, str] = field(factory=dict, hash=False)
    """Dates on which no window starts, each with the name an explanation gives it (a holiday's)."""
    replaced: Mapping[date, Windows] = field(factory=dict, hash=False)
    """Dates that have these windows instead, also where the date is otherwise closed."""
    added: Mapping[date, Windows] = field(factory=dict, hash=False)
    """Windows beside what a date has anyway, also where the date is otherwise closed."""
    breaks: Mapping[date, Windows] = field(factory=dict, hash=False)
    """Local times cut out of the result, whichever date's window they fall in."""
    known_until: date | None = None
    """The first date of which a supplied holiday list says nothing (R30); None: it says all."""
    unknown_name: str | None = None
    """What is missing from then on, as the contract names the list."""
    gap: Gap = "later"
    """How a window's bound is read that clocks skip (R31)."""
    fold: Fold = "first"
    """How a window's bound is read that clocks show twice (R31)."""
    first_year: int = FIRST_YEAR
    """The first year in which the calendar opens at all."""
    last_year: int = LAST_YEAR
    """The last one."""

    def __attrs_post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError(f"a week has seven days, not {len(self.weekly)}")
        if not FIRST_YEAR <= self.first_year <= self.last_year <= LAST_YEAR:
            raise ValueError(f"a calendar's years lie in {FIRST_YEAR}–{LAST_YEAR}")

    def windows_on(self, day: date) -> Windows:
        """The windows that start on a date, breaks not yet cut out."""
        base = self.replaced.get(day, () if day in self.closed else self.weekly[day.weekday()])
        return tuple(base) + tuple(self.added.get(day, ()))

    @property
    def special_dates(self) -> frozenset[date]:
        """The dates that differ from their weekday."""
        return frozenset((*self.closed, *self.replaced, *self.added))


def clock(text: Clock) -> int:
    """Microseconds of the day of a wall-clock time."""
    if isinstance(text, time):
        if text.tzinfo is not None:
            raise ValueError(f"{text.isoformat()} names a zone, but a calendar has one zone for all times")
        return text.hour * HOUR + text.minute * MINUTE + text.second * SECOND + text.microsecond
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match:
        hour, minute, second = (int(part or 0) for part in match.groups())
        if minute < 60 and second < 60 and (hour < 24 or (hour == 24 and minute == second == 0)):
            return hour * HOUR + minute * MINUTE + second * SECOND
    raise ValueError(f"{text!r} is no wall-clock time: write it as 09:00, 17:30 or 24:00")


def clock_text(of_day: int) -> str:
    """A time of day as people write it."""
    minutes, rest = divmod(of_day, MINUTE)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return text if rest == 0 else f"{text}:{rest / SECOND:09.6f}".rstrip("0").rstrip(".")


def windows(hours: Hours) -> Windows:
    """Windows from pairs of wall-clock times, in order of opening."""
    pairs = [(clock(opens), clock(closes)) for opens, closes in _pairs(hours)]
    return tuple(sorted(Window(opens, closes) for opens, closes in pairs))


def _pairs(hours: Any) -> list[tuple[Clock, Clock]]:
    pairs = list(hours) if isinstance(hours, Iterable) and not isinstance(hours, str) else [hours]
    if not all(isinstance(pair, Sequence) and not isinstance(pair, str) and len(pair) == 2 for pair in pairs):
        raise ValueError(f"opening times are pairs, as [('09:00', '17:00')], not {hours!r}")
    return pairs


def week(hours: Mapping[str, Hours]) -> tuple[Windows, ...]:
    """The seven weekdays' windows; a weekday that is not named is closed."""
    if not isinstance(hours, Mapping):
        raise TypeError(f"hours are told by weekday, as {{'mon': [('09:00', '17:00')]}}, not as {type(hours).__name__}")
    for day in hours:
        if day not in WEEKDAYS:
            near = get_close_matches(str(day).lower()[:3], WEEKDAYS, n=1, cutoff=0.1)
            raise ValueError(f"{day!r} is no weekday" + (f": did you mean {near[0]!r}?" if near else ""))
    return tuple(windows(hours.get(day, ())) for day in WEEKDAYS)


def dated(days: Mapping[date, Hours] | None) -> dict[date, Windows]:
    """Windows for single dates."""
    if days is not None and not isinstance(days, Mapping):
        raise TypeError(f"hours of single dates are told by date, not in a {type(days).__name__}")
    return {pure_date(day): windows(hours) for day, hours in sorted((days or {}).items())}


def named_dates(days: Mapping[date, str] | Iterable[date]) -> dict[date, str]:
    """Closed dates with their names; a date given without one is called a holiday."""
    told: Any = days
    if isinstance(told, str) or not isinstance(told, Iterable):
        raise TypeError(f"holidays are several dates, as [date(2026, 12, 25)], not one {type(days).__name__}")
    pairs = days.items() if isinstance(days, Mapping) else ((day, "holiday") for day in days)
    return {pure_date(day): name for day, name in sorted(pairs)}


def pure_date(day: date) -> date:
    """The date itself; a datetime, which Python also takes for a date, is refused."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"{day!r} is no date")
    return day


Unstated = tuple[date, Literal["gap", "fold"], str]
"""A date, what clocks do on it, and the local time a window names that is then uncertain."""


def unstated_clock_changes(spec: CalendarSpec, year_from: int, year_to: int) -> list[Unstated]:
    """Windows' bounds, in a range of years, that clocks skip or show twice: the calendar must say more.

    Midnight needs no statement: a day begins at its first existing instant (R31). Neither does the first
    moment of a gap, which is the same instant under both readings.
    """
    found: list[Unstated] = []
    changes = gaps_and_folds(spec.zone, year_from, year_to)
    days = [range(change.start // DAY - 1, change.end // DAY + 1) for change in changes]  # a window may start before
    ordinals = np.array([number + EPOCH_ORDINAL for some in days for number in some], np.int64)
    skipped = set(ordinals[day_starts(ordinals, spec.zone) == day_starts(ordinals + 1, spec.zone)].tolist())
    for change, some in zip(changes, days, strict=True):
        for day in (date.fromordinal(number + EPOCH_ORDINAL) for number in some):
            if day.toordinal() in skipped:
                continue  # its windows are, too
            for of_day in sorted(set(_bounds(spec, day))):
                wall = local_micros(day, of_day)
                inside = change.start < wall or (change.kind == "fold" and change.start == wall)
                if inside and wall < change.end and of_day % DAY:
                    found.append((_date_of(wall), change.kind, clock_text(wall % DAY)))
    return sorted(set(found))


def _bounds(spec: CalendarSpec, day: date) -> Iterator[int]:
    """Every local time, counted from the date's midnight, at which something opens or closes."""
    both: Sequence[Window] = (*spec.windows_on(day), *spec.breaks.get(day, ()))
    for window in both:
        yield window.open
        yield window.end


def _date_of(wall: int) -> date:
    return date.fromordinal(wall // DAY + EPOCH_ORDINAL)
