"""By when something is owed."""

from __future__ import annotations

from attrs import frozen

from slarules.model.expression import Pattern
from slarules.model.value import AsRead, Civil, Elapsed


@frozen
class Column:
    """A duration that a table gives: ``response_time``."""

    table: str
    """The table's name."""
    column: str
    """The output column's name."""


@frozen
class CountedIn:
    """A calendar whose opening times alone count; ``Always`` is built in."""

    calendar: str
    """The calendar's name."""


@frozen
class Counted:
    """A time that says its own basis: ``2 hours counted in BusinessHours``, in a table's cell or before a date."""

    span: Elapsed | Civil
    """How long."""
    basis: CountedIn
    """In which calendar."""


@frozen
class Milestone:
    """Another duty's performance from which a limit runs: ``after diagnosis performed``."""

    duty: str
    """The other duty's name."""


@frozen
class Within:
    """``within 2 hours counted in C``, ``within 30 days``, ``within 3 days counted in C``."""

    span: Elapsed | Civil | Column | Counted | AsRead
    """Elapsed counts real or open time; Civil with a basis counts the calendar's closings (R15), without one dates
    (R14)."""
    basis: CountedIn | AsRead | None = None
    """The calendar that counts; None: real time, or the contract's own dates."""
    after: Pattern | Milestone | None = None
    """The event or performance it runs from; None: the trigger."""
    strict: bool = False
    """``in less than``: performed at the deadline is too late."""
    otherwise: Civil | Elapsed | None = None
    """The limit instead where a dated one could not arise (R29)."""


@frozen
class Every:
    """``every 24 hours``: rolls from the performance, or from the missed deadline (R4)."""

    span: Elapsed | Column | Counted | AsRead
    """How long from one to the next."""
    basis: CountedIn | AsRead | None = None
    """The calendar that counts; None: real time."""


@frozen
class EachDay:
    """``each day of C``: one instance for each open date (R4)."""

    calendar: str
    """The calendar whose open dates count."""


@frozen
class OnEach:
    """``on each of agreed_times``: one instance for each date of a recorded list, due by its end."""

    fact: str
    """The fact that holds the dates."""


@frozen
class ByEndOf:
    """By the end of a date (R14), or by its close in a calendar."""

    date: str
    """A date fact, or a ``date`` rule."""
    close_in: str | None = None
    """The calendar whose last closing on that date is the deadline."""
    otherwise: Civil | Elapsed | None = None
    """The limit instead where the date was past already (R29)."""
    before: Civil | Counted | None = None
    """So long before that date, at the latest; None: on it."""
    earliest: Civil | Counted | None = None
    """The first date on which an act counts, so long before; ``before`` itself: on that very date; None: any."""


@frozen
class NextClose:
    """By the first close of a calendar after the trigger."""

    calendar: str
    """The calendar's name."""


@frozen
class NthClose:
    """By the close of the n-th open day after the trigger's date (R15)."""

    calendar: str
    """The calendar's name."""
    n: int
    """How many open days on, from 1."""


@frozen
class Sooner:
    """The sooner of two; an unreached milestone drops out (R33)."""

    parts: tuple[Limit, ...]
    """The limits compared."""


@frozen
class Later:
    """The later of two; no deadline while a milestone is unreached (R33)."""

    parts: tuple[Limit, ...]
    """The limits compared."""


@frozen
class BeforeTermEnds:
    """So long before the agreement's term ends."""

    span: Civil | Counted
    """How long before, at the latest."""
    earliest: Civil | Counted | None = None
    """The first date on which an act counts, so long before; ``span`` itself: on that very date; None: any earlier."""


@frozen
class Notice:
    """So long before a date: of a right that is used ``with 30 days notice before FACT``."""

    least: Civil | Elapsed
    """How long before, at the latest."""
    most: Civil | Elapsed | None
    """How long before, at the earliest; None: however long."""
    before: str | None
    """The fact that is the date; None: the day on which the agreement's term ends."""


@frozen
class Continuously:
    """Without pause, until done or ended: only a recorded violation breaches it (R25)."""


Limit = (
    Within
    | Every
    | EachDay
    | OnEach
    | ByEndOf
    | NextClose
    | NthClose
    | Sooner
    | Later
    | BeforeTermEnds
    | Continuously
    | AsRead
)
