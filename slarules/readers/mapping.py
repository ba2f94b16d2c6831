"""How a foreign log becomes events: which column is what, how times are written, what states mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from attrs import field, frozen

from slarules.model.event import Raw
from slarules.readers.instants import TimeFormat
from slarules.readers.numbers import NumberFormat

EVENTS = "events"
"""A layout: each row is something that happened."""
SNAPSHOTS = "snapshots"
"""A layout: each row is the whole ticket as it stood after a change."""
TICKETS = "tickets"
"""A layout: each row is a ticket, and what happened to it stands in columns of times."""
ANY = "*"
"""In a table of values: any value that has no line of its own."""

ACTIVE, WAITING, RESOLVED, CLOSED, UNKNOWN = "active", "waiting", "resolved", "closed", "unknown"
STATES = (ACTIVE, WAITING, RESOLVED, CLOSED, UNKNOWN)
"""What a ticket can be; ``unknown`` leaves it what it was."""
STATE_OF_TYPE = {"waiting": WAITING, "resolved": RESOLVED, "closed": CLOSED, "cancelled": CLOSED}
"""The state that an event of a type puts its ticket in, where the mapping does not say."""

FACT_TYPES = ("text", "integer", "number", "yes or no", "time")
"""What a column's cells can be read as."""
PRECISIONS = {
    "microsecond": 1, "millisecond": 1_000, "second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000,
}
"""How finely a source tells the time, in microseconds."""


@frozen
class FactColumn:
    """A column that is recorded with the events."""

    name: str
    """The fact's name."""
    column: str
    """The column's heading."""
    type: str = "text"
    """One of ``FACT_TYPES``."""
    values: Mapping[str, Raw] = field(factory=dict, hash=False)
    """What its cells mean, by cell; empty where they mean themselves."""
    last_row: bool = False
    """Only the last row of a ticket is believed, and its last event carries the fact."""


@frozen
class Outcome:
    """What a value of the type column, or of the state column, says."""

    type: str | None = None
    """The event that it gives; None for none."""
    state: str | None = None
    """What the ticket is from then on, of ``STATES``; None where it stays what it was."""
    actor: str | None = None
    """Who did it, where the value tells."""
    facts: Mapping[str, Raw] = field(factory=dict, hash=False)
    """What is recorded with it, such as ``on`` for a waiting."""


@frozen(slots=False)
class EventMapping:
    """A mapping file that was read and found sound."""

    layout: str
    """``EVENTS``, ``SNAPSHOTS`` or ``TICKETS``."""
    columns: Mapping[str, str] = field(hash=False)
    """The heading of each of an event's fields: subject, at, type or state, and those there are of id,
    sequence, actor, agreement, recorded_at, opened_at, target."""
    outcomes: Mapping[str, tuple[Outcome, ...]] = field(factory=dict, hash=False)
    """What each value of the type or state column says; ``*`` is any other. Empty: it is the type."""
    time: TimeFormat = field(factory=TimeFormat)
    """How its times are written."""
    beside: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    """For a field that stands in several columns: the headings of those after the first."""
    times: Mapping[str, Outcome] = field(factory=dict, hash=False)
    """Of tickets in rows: the heading of each column of times, and what happened then."""
    after: Mapping[str, tuple[str, str]] = field(factory=dict, hash=False)
    """For a column of ``times`` that holds a length: the heading of the time that it runs from, and its unit."""
    numbers: NumberFormat = field(factory=NumberFormat)
    """How its numbers are written, where they are text."""
    facts: tuple[FactColumn, ...] = ()
    """The columns that become facts."""
    source: str = "desk"
    """The system's name, for its events."""
    kind: str | None = None
    """What its subjects are: ``ticket`` …"""
    precision: int = 1
    """How finely the source tells the time, in microseconds; a verdict within it is uncertain."""
    unknown: frozenset[str] = frozenset(("",))
    """Cells that say that the value is not known."""
    encoding: str = "utf-8"
    """Of a CSV file; UTF-16 of any file."""
    delimiter: str = ","
    """Between the cells of a CSV file."""
    agreement: str | None = None
    """The agreement of all its subjects, where no column tells."""
    actor: str | None = None
    """Who acts, where neither the outcome nor a column tells; None is unknown."""
    opened_by: str | None = None
    """Who opens tickets, where the log does not say that they were opened."""
    actors: Mapping[str, str] = field(factory=dict, hash=False)
    """The party for each value of the actor column; empty where the column names parties."""
    opens_at_first_row: bool = False
    """A ticket is opened when its first row happens."""

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Every heading that the mapping reads, each once."""
        more = (heading for several in self.beside.values() for heading in several)
        facts = (fact.column for fact in self.facts)
        starts = (start for start, _ in self.after.values())
        return tuple(dict.fromkeys((*self.columns.values(), *more, *self.times, *starts, *facts)))

    @property
    def gives(self) -> frozenset[str] | None:
        """Every type of event that it can give; None where its column names the types itself."""
        if self.layout == TICKETS:
            return frozenset(outcome.type for outcome in self.times.values() if outcome.type)
        if not self.outcomes:
            return None
        outcomes = [outcome for several in self.outcomes.values() for outcome in several]
        found = {outcome.type for outcome in outcomes if outcome.type}
        if any(outcome.state == ACTIVE for outcome in outcomes):
            found |= {"resumed", "reopened"}
        if self.opens_at_first_row or "opened_at" in self.columns:
            found.add("opened")
        if self.layout == SNAPSHOTS:
            found |= {"severity_changed", "updated"}
        return frozenset(found)

    def headings(self, key: str) -> tuple[str, ...]:
        """The headings of what an event's field is read from: a time may stand in several columns."""
        return (self.columns[key], *self.beside.get(key, ())) if key in self.columns else ()

    @property
    def read_as(self) -> str:
        """The encoding in which a CSV file's lines are cut: what is UTF-16 has become UTF-8 by then."""
        return "utf-8" if self.encoding.startswith("utf-16") else self.encoding

    @cached_property
    def by_ticket(self) -> bool:
        """Whether events follow from comparing rows of one ticket, so that rows are first put in order."""
        if self.layout == TICKETS:
            return False
        if self.layout == SNAPSHOTS or self.opens_at_first_row or any(fact.last_row for fact in self.facts):
            return True
        return any(outcome.state == ACTIVE for several in self.outcomes.values() for outcome in several)
