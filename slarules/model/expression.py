"""Conditions and computed values. All are data; ``engine.expression`` evaluates them, three-valued (R5, R9)."""

from __future__ import annotations

from attrs import field, frozen

from slarules.model.value import AsRead, Civil, Elapsed, Plain


@frozen
class Pattern:
    """Events of one type, perhaps by one party: ``request resolved by Trak``."""

    type: str
    """What happened, by the event type's name."""
    by: str | None = None
    """The party, by name; None: whoever."""


@frozen
class Literal:
    """A value as written."""

    value: Plain = field(eq=lambda value: (type(value).__name__, value))
    """`yes` is not 1: values of different kinds are never equal."""


@frozen
class FactRef:
    """What was last recorded of a fact, of the subject or of its agreement."""

    name: str
    """The fact's name."""


@frozen
class SeverityRef:
    """The severity in force (R24), as its level's name."""


@frozen
class StatusRef:
    """The state an agreement's status is in, by name."""

    status: str
    """The status's name."""


@frozen
class AllowanceRef:
    """What is left of an allowance, in its unit."""

    allowance: str
    """The allowance's name."""


@frozen
class AmountRef:
    """An ``amount`` or ``date`` rule of the contract."""

    name: str
    """The rule's name."""


@frozen
class Arithmetic:
    """``plus``, ``minus``, ``times``, ``divided``, ``lesser``, ``greater``."""

    op: str
    """Which of these."""
    left: Expression
    """The first value."""
    right: Expression
    """The second value."""


@frozen
class Between:
    """Whole ``days`` or ``months`` from one date to another."""

    unit: str
    """``days`` or ``months``."""
    start: Expression
    """The date counted from."""
    end: Expression
    """The date counted to."""


@frozen
class Shifted:
    """A date so much later (sign 1) or earlier (sign -1)."""

    date: Expression
    """The date it starts at."""
    by: Civil | AsRead
    """How far."""
    sign: int
    """1 for after, -1 for before."""


@frozen
class NextAnniversary:
    """The first anniversary of a date that is after another."""

    of: Expression
    """The date whose anniversary it is."""
    after: Expression
    """The date after which it comes."""


@frozen
class Stepped:
    """The first of several values whose condition holds: an amount in steps."""

    steps: tuple[tuple[Condition, Expression], ...]
    """Each condition with the value that it gives, in the order written."""
    otherwise: Expression
    """The value where none holds."""


@frozen
class Compare:
    """``is``, ``is_not``, ``more``, ``less``, ``at_least``, ``at_most``; severities compare by level."""

    op: str
    """Which of these."""
    left: Expression
    """The value compared."""
    right: Expression
    """What it is compared with."""


@frozen
class OneOf:
    """``is any of`` or, negated, ``is none of``."""

    left: Expression
    """The value looked at."""
    values: tuple[Expression, ...]
    """The values listed."""
    negated: bool = False
    """``is none of``."""


@frozen
class AllOf:
    """All of several conditions."""

    parts: tuple[Condition, ...]
    """The conditions, in the order written."""


@frozen
class AnyOf:
    """Any one of several conditions."""

    parts: tuple[Condition, ...]
    """The conditions, in the order written."""


@frozen
class Not:
    """The opposite of a condition."""

    part: Condition
    """The condition that must not hold."""


@frozen
class Truth:
    """A yes-or-no value used as a condition."""

    value: Expression
    """The value."""


@frozen
class Recorded:
    """Whether a fact has been recorded at all; never unknown."""

    value: Expression
    """The fact asked for."""


@frozen
class Includes:
    """Whether the state that an agreement's status is in includes a benefit."""

    status: str
    """The status's name."""
    benefit: str
    """The benefit's name."""


@frozen
class Happened:
    """Whether such an event has happened to the subject or its agreement (R5: closed-world)."""

    pattern: Pattern
    """The events that count."""
    this_term: bool = False
    """Only since the agreement's present term began."""
    within: Elapsed | Civil | None = None
    """Only so long ago at the most; None: at any time."""
    basis: str | None = None
    """The calendar in which that time is counted; None: real time, or the contract's own dates."""


@frozen
class InCalendar:
    """Whether the instant is within (or outside) a calendar's opening times."""

    calendar: str
    """The calendar's name."""
    inside: bool
    """True: within its opening times; False: outside them."""


@frozen
class RightHolds:
    """Whether the event at hand is within a right (R21)."""

    right: str
    """The right's name."""


@frozen
class ReadingIs:
    """Whether a reading is adopted so; a constant once readings are chosen."""

    reading: str
    """The reading's name."""
    option: str
    """The option's name."""


@frozen
class NoMoreSevere:
    """Whether no level above this one applies by its definition."""

    level: str
    """The level whose definition asks."""


Expression = (
    Literal
    | FactRef
    | SeverityRef
    | StatusRef
    | AllowanceRef
    | AmountRef
    | Arithmetic
    | Between
    | Shifted
    | NextAnniversary
    | AsRead
)
Condition = (
    Compare
    | OneOf
    | AllOf
    | AnyOf
    | Not
    | Truth
    | Recorded
    | Includes
    | Happened
    | InCalendar
    | RightHolds
    | ReadingIs
    | NoMoreSevere
    | Literal
    | AsRead
)
__all__ = [
    "AllOf",
    "AllowanceRef",
    "AmountRef",
    "AnyOf",
    "Arithmetic",
    "AsRead",
    "Between",
    "Civil",
    "Compare",
    "Condition",
    "Elapsed",
    "Expression",
    "FactRef",
    "Happened",
    "InCalendar",
    "Includes",
    "Literal",
    "NextAnniversary",
    "NoMoreSevere",
    "Not",
    "OneOf",
    "Pattern",
    "ReadingIs",
    "Recorded",
    "RightHolds",
    "SeverityRef",
    "Shifted",
    "StatusRef",
    "Stepped",
    "Truth",
]
