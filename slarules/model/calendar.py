"""A calendar as the contract states it; ``calendars`` compiles it."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from slarules.model.value import AsRead


@frozen
class Window:
    """Clock times [opens, closes) of a date, in microseconds of the day; closing at or before opening: next day."""

    opens: int
    closes: int


@frozen
class Opening:
    """On these weekdays, these windows."""

    days: tuple[int, ...]
    """0 is Monday."""
    windows: tuple[Window, ...] | AsRead


@frozen
class HolidaysOf:
    """The public holidays of a country, or of one of its subdivisions."""

    country: str
    """ISO 3166-1 code."""
    subdivision: str | None
    """ISO 3166-2 part, as BC."""
    observed: bool
    """On the days they are observed; otherwise on their own dates."""


@frozen
class ListedHolidays:
    """A list of the contract's, by name."""

    name: str


@frozen
class ClosedDate:
    """One date closed, or some hours of it."""

    date: date
    windows: tuple[Window, ...]
    """The hours cut out; none: the whole date."""
    name: str | None


@frozen
class ClosedYearly:
    """The same date of every year closed, or some hours of it."""

    day: int
    month: int
    windows: tuple[Window, ...]
    name: str | None


@frozen
class Combined:
    """Opening times made of other calendars': ``any``, ``all`` or the first ``but_not`` the second."""

    op: str
    calendars: tuple[str, ...]


@frozen
class CalendarRule:
    """Opening times in a zone."""

    name: str
    zone: str | AsRead | None
    """IANA name or ``UTC±hh:mm``; None: the contract's."""
    openings: tuple[Opening | AsRead, ...] = ()
    also_open: tuple[tuple[date, tuple[Window, ...]], ...] = ()
    open_instead: tuple[tuple[date, tuple[Window, ...]], ...] = ()
    """These windows in place of the date's own, also where it is closed."""
    closed: tuple[HolidaysOf | ListedHolidays | ClosedDate | ClosedYearly | AsRead, ...] = ()
    shift_forward: bool = False
    """Clock times that a clock change skips move forward; of doubled ones the first counts (R31)."""
    combined: Combined | None = None
    supplied_by: str | None = None
    """The party that gives it; bound when run, unknown until then (R30)."""


@frozen
class HolidayList:
    """Dates closed, by a name of the contract's."""

    name: str
    dates: tuple[tuple[date, str | None], ...] = ()
    supplied_by: str | None = None
    """The party that gives it; bound when run, unknown until then (R30)."""


@frozen
class Supplied:
    """What a party gave for a list or calendar that the contract only names."""

    dates: tuple[date, ...] = ()
    """Holidays."""
    windows: tuple[tuple[date, tuple[Window, ...]], ...] = ()
    """Opening times date by date, for a supplied calendar."""
    known_until: date | None = None
    """The first date of which it says nothing (R30)."""
