"""A scenario as it was understood: what happens when, and what is expected to be seen at which instant."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from slarules.model.calendar import Supplied
from slarules.model.event import Event
from slarules.model.value import Plain
from slarules.source import Span
from slarules.syntax.tree import Node

OWED = "owed"
"""What is asked instead of a state by ``expect T1 report owed`` and, negated, by ``not owed``."""
UNKNOWN = "unknown"
"""The value of which ``expect A1 fee is unknown`` speaks."""


@frozen
class OfRule:
    """``expect T1 respond#2 breached at 10:00, due at 10:00``. Instants and durations are microseconds."""

    subject: str
    rule: str
    number: int | None
    """Which instance; None: every one there is."""
    state: str | None
    """The state, or ``OWED``; None: only the details are expected."""
    negated: bool = False
    at: int | None = None
    """When it came into that state."""
    due: int | None = None
    performed: int | None = None
    late_by: int | None = None
    """Elapsed, from the deadline to the performance (R13)."""
    missing: tuple[str, ...] = ()
    """Facts for want of which it is undetermined."""
    ended_by: str | None = None


@frozen
class OfValue:
    """``expect A1 maintenance is grace``, ``A1 block is 6 hours``, ``T1 remedy is schedule``."""

    subject: str
    name: str
    kind: str
    """``status``, ``allowance``, ``amount`` or ``choice``."""
    value: Plain
    """A state or option by name, an amount, a date, or ``UNKNOWN``."""


@frozen
class OfNextChange:
    """``expect next change at 17:00`` (R17)."""

    at: int


Expectation = OfRule | OfValue | OfNextChange


@frozen
class Line:
    """One line of a timeline: something happens, or something is looked at."""

    at: int
    """When, in microseconds UTC; of a line that looks, the instant ``as of`` which it sees."""
    span: Span
    """The whole line in its file."""
    event: Event | None
    expected: Expectation | None
    node: Node | None = field(default=None, eq=False, repr=False)
    """What happens or is expected, as the file writes it; None of a line that no file has."""


@frozen
class Script:
    """A scenario, ready to be run."""

    title: str
    span: Span
    """Where it stands; of one with examples, the row of its table."""
    zone: str
    """The zone in which its times are written and shown."""
    readings: Mapping[str, str] = field(factory=dict)
    """The readings it is judged under, where they differ from the adopted ones."""
    supplied: Mapping[str, Supplied] = field(factory=dict)
    """What parties supplied, by the name of the list or calendar."""
    lines: tuple[Line, ...] = ()
    block: Span | None = None
    """The whole scenario in its file, the same for all rows of its examples."""
    example: str | None = None
    """The words of its row, `severity 1, due 09:00`; None of a scenario without examples."""
