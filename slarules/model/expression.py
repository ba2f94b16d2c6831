"""Conditions and computed values. All are data; ``engine.expression`` evaluates them, three-valued (R5, R9)."""

from __future__ import annotations

from attrs import field, frozen

from slarules.model.value import AsRead, Civil, Elapsed, Plain


@frozen
class Pattern:
    """Events of one type, perhaps by one party: ``request resolved by Trak``."""

    type: str
    by: str | None = None
    """The party, by name; None: whoever."""


@frozen
class Literal:
    value: Plain = field(eq=lambda value: (type(value).__name__, value))
    """`yes` is not 1: values of different kinds are never equal."""


@frozen
class FactRef:
    """What was last recorded of a fact, of the subject or of its agreement."""

    name: str


@frozen
class SeverityRef:
    """The severity in force (R24), as its level's name."""


@frozen
class StatusRef:
    """The state an agreement's status is in, by name."""

    status: str


@frozen
class AllowanceRef:
    """What is left of an allowance, in its unit."""

    allowance: str


@frozen
class AmountRef:
    """An ``amount`` or ``date`` rule of the contract."""

    name: str


@frozen
class Arithmetic:
    """``plus``, ``minus``, ``times``, ``divided``, ``lesser``, ``greater``."""

    op: str
    left: Expression
    right: Expression


@frozen
class Between:
    """Whole ``days`` or ``months`` from one date to another."""

    unit: str
    start: Expression
    end: Expression


@frozen
class Shifted:
    """A date so much later (sign 1) or earlier (sign -1)."""

    date: Expression
    by: Civil | AsRead
    sign: int


@frozen
class NextAnniversary:
    """The first anniversary of a date that is after another."""

    of: Expression
    after: Expression


@frozen
class Compare:
    """``is``, ``is_not``, ``more``, ``less``, ``at_least``, ``at_most``; severities compare by level."""

    op: str
    left: Expression
    right: Expression


@frozen
class OneOf:
    """``is any of`` or, negated, ``is none of``."""

    left: Expression
    values: tuple[Expression, ...]
    negated: bool = False


@frozen
class AllOf:
    parts: tuple[Condition, ...]


@frozen
class AnyOf:
    parts: tuple[Condition, ...]


@frozen
class Not:
    part: Condition


@frozen
class Truth:
    """A yes-or-no value used as a condition."""

    value: Expression


@frozen
class Recorded:
    """Whether a fact has been recorded at all; never unknown."""

    value: Expression


@frozen
class Includes:
    """Whether the state that an agreement's status is in includes a benefit."""

    status: str
    benefit: str


@frozen
class Happened:
    """Whether such an event has happened to the subject or its agreement (R5: closed-world)."""

    pattern: Pattern
    this_term: bool = False
    """Only since the agreement's present term began."""


@frozen
class InCalendar:
    """Whether the instant is within (or outside) a calendar's opening times."""

    calendar: str
    inside: bool


@frozen
class RightHolds:
    """Whether the event at hand is within a right (R21)."""

    right: str


@frozen
class ReadingIs:
    """Whether a reading is adopted so; a constant once readings are chosen."""

    reading: str
    option: str


@frozen
class NoMoreSevere:
    """Whether no level above this one applies by its definition."""

    level: str


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
    "Truth",
]
