"""A calendar as the contract states it; ``calendars`` compiles it."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from slarules.model.value import AsRead


@frozen
class Window:
    """Clock times [opens, closes) of a date, in microseconds of the day; closing at or before opening: next day."""

    opens: int
    """The first microsecond of the window, counted from midnight."""
    closes: int
    """The first microsecond after it."""


@frozen
class Opening:
    """On these weekdays, these windows."""

    days: tuple[int, ...]
    """0 is Monday."""
    windows: tuple[Window, ...] | AsRead
    """The clock times open on each of them."""


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
    """The list's name."""


@frozen
class ClosedDate:
    """One date closed, or some hours of it."""

    date: date
    """The date."""
    windows: tuple[Window, ...]
    """The hours cut out; none: the whole date."""
    name: str | None
    """Why, in the contract's words; None: not said."""


@frozen
class ClosedYearly:
    """The same date of every year closed, or some hours of it."""

    day: int
    """Day of the month, from 1."""
    month: int
    """Month of the year, from 1."""
    windows: tuple[Window, ...]
    """The hours cut out; none: the whole date."""
    name: str | None
    """Why, in the contract's words; None: not said."""


@frozen
class Combined:
    """Opening times made of other calendars': ``any``, ``all`` or the first ``but_not`` the second."""

    op: str
    """``any`` is open, ``all`` are open, or the first is open ``but_not`` the second."""
    calendars: tuple[str, ...]
    """Their names, in the order written."""


@frozen
class CalendarRule:
    """Opening times in a zone."""

    name: str
    """The name that other rules call it by."""
    zone: str | AsRead | None
    """IANA name or ``UTC±hh:mm``; None: the contract's."""
    openings: tuple[Opening | AsRead, ...] = ()
    """The weekly times; several lines add up."""
    also_open: tuple[tuple[date, tuple[Window, ...]], ...] = ()
    """Dates with windows that are open besides what the date has anyway."""
    open_instead: tuple[tuple[date, tuple[Window, ...]], ...] = ()
    """These windows in place of the date's own, also where it is closed."""
    closed: tuple[HolidaysOf | ListedHolidays | ClosedDate | ClosedYearly | AsRead, ...] = ()
    """What closes it: holidays, lists, dates, hours of dates."""
    shift_forward: bool = False
    """Clock times that a clock change skips move forward; of doubled ones the first counts (R31)."""
    combined: Combined | None = None
    """The calendars it is made of; None: it has times of its own."""
    supplied_by: str | None = None
    """The party that gives it; bound when run, unknown until then (R30)."""


@frozen
class HolidayList:
    """Dates closed, by a name of the contract's."""

    name: str
    """The name that other rules call it by."""
    dates: tuple[tuple[date, str | None], ...] = ()
    """Each date, with what it is called where the contract says so."""
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
