"""The rules of a contract: each is data with the words it rests on."""

from __future__ import annotations

from attrs import frozen

from slarules.model.expression import Condition, Expression, Pattern
from slarules.model.limit import Limit
from slarules.model.value import AsRead, Civil, Elapsed, Plain
from slarules.source import Span


@frozen
class Quotation:
    """The contract's own words, verified."""

    text: str
    places: tuple[Span, ...]
    """Where they stand in the contract's text."""


@frozen
class Citation:
    """Where a rule comes from."""

    clause: str
    """The clause's title; empty outside any clause."""
    quotations: tuple[Quotation, ...]
    rule: Span
    """The rule in the policy file."""
    readings: tuple[str, ...] = ()
    """The readings the rule rests on, also through its calendar and table."""


# ---- Triggers -----------------------------------------------------------------------------------------------


@frozen
class OnEvent:
    """``when request opened by Customer outside BusinessHours``."""

    pattern: Pattern
    during: str | None = None
    outside: str | None = None


@frozen
class OnOutcome:
    """``when resolution missed``: ``breached`` or ``met`` of another duty."""

    duty: str
    outcome: str


@frozen
class OnRemaining:
    """``when 10 minutes remain of respond``, or so much of the time is ``used`` (a share, 0 to 1)."""

    duty: str
    remaining: Elapsed | None = None
    used: str | None = None
    """A decimal fraction, as text."""


@frozen
class OnState:
    """``when maintenance becomes grace``."""

    status: str
    state: str


@frozen
class OnBoth:
    """``when both A and B``: the later of the two (R35)."""

    first: OnEvent
    second: OnEvent


@frozen
class EachTerm:
    """``once each term of maintenance``: at each term's first instant."""

    status: str


@frozen
class Standing:
    """No trigger: from the agreement's start, or the subject's first event."""


Trigger = OnEvent | OnOutcome | OnRemaining | OnState | OnBoth | EachTerm | Standing


# ---- What parties owe -----------------------------------------------------------------------------------------


@frozen
class Performance:
    """What performs a duty."""

    patterns: tuple[Pattern, ...]
    conditions: tuple[Condition, ...] = ()
    """Read with the act's own facts over the subject's; unknown makes the act uncertain (R23)."""


@frozen
class Duty:
    """PARTY must (or, of a target, aims to) ACT, by when."""

    name: str
    title: str | None
    effort: bool
    """A target: an effort, not a promise; its verdicts are reached and missed."""
    kind: str
    """The kind of subject: ``ticket``, ``agreement``, or one that the contract declares."""
    bearer: str
    counterparty: str | None
    act: str
    triggers: tuple[Trigger, ...]
    only_if: tuple[Condition, ...]
    """All must hold, read once at the trigger (R8); ``unless`` stands here negated."""
    whiles: tuple[Condition, ...]
    """Read throughout; false ends the duty (R8)."""
    limit: Limit | None
    performance: Performance
    keeps: str | None
    """``must keep FACT``: breached at an instant at which the fact becomes no."""
    paused_on: tuple[str, ...] | AsRead
    """Parties or states waited on that stop its clock."""
    until: tuple[Pattern, ...]
    """Events that end it."""
    rises: str | AsRead | None
    """``recount``, ``restart`` or ``keep`` when the severity becomes graver (R6)."""
    falls: str | AsRead | None
    reopening: str | AsRead | None
    """``resume``, ``restart`` or ``ignore`` (R7)."""
    ends_at_next_opening: bool
    citation: Citation
    choice: str | None = None
    """The choice whose election calls it up, with ``option``."""
    option: str | None = None


@frozen
class Prohibition:
    """PARTY must not ACT."""

    name: str
    title: str | None
    kind: str
    bearers: tuple[str, ...]
    act: str
    patterns: tuple[Pattern, ...]
    """Events that would break it, if the conditions hold."""
    only_if: tuple[Condition, ...]
    whiles: tuple[Condition, ...]
    survives: bool
    """It binds after the agreement's term."""
    citation: Citation


@frozen
class Right:
    """PARTY may ACT; each such event is checked against it (R21)."""

    name: str
    title: str | None
    kind: str
    holder: str
    """The party, or the party of the role."""
    role: str | None
    """Only people of this role."""
    act: str
    patterns: tuple[Pattern, ...]
    only_if: tuple[Condition, ...]
    whiles: tuple[Condition, ...]
    during: str | None
    """Only within this calendar's times."""
    notice: tuple[Civil | Elapsed, str] | None
    """So long before the date that a fact names."""
    citation: Citation


@frozen
class Role:
    """The people who may act for a party."""

    name: str
    party: str
    title: str | None
    at_least: int | AsRead | None
    at_most: int | AsRead | None
    designated_by: str | None
    in_writing: bool
    replaceable_by: str | None
    identified_by: str | None
    """The fact of an event that names the person acting."""
    citation: Citation


@frozen
class Choice:
    """A power: a party elects one of several duties (R22)."""

    name: str
    title: str | None
    kind: str
    elector: str | None
    """None: both parties, by agreement."""
    triggers: tuple[Trigger, ...]
    only_if: tuple[Condition, ...]
    whiles: tuple[Condition, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...]
    """Option → the duties it calls up, in the contract's order."""
    within: Limit | None
    otherwise: str | None
    """The option it lapses into."""
    citation: Citation


# ---- The agreement's life ---------------------------------------------------------------------------------------


@frozen
class Transition:
    """``becomes STATE`` when an event happens, at the end of the term, or after so long."""

    to: str
    patterns: tuple[Pattern, ...] = ()
    conditions: tuple[Condition, ...] = ()
    at_end_of_term: bool = False
    after: Civil | None = None


@frozen
class State:
    name: str
    title: str | None
    begins_when: tuple[Pattern, ...]
    lasts: Civil | AsRead | None
    """The term's length; it ends at the first instant of the date that much after its first (R20)."""
    includes: tuple[str, ...]
    """Benefits that hold while it lasts."""
    transitions: tuple[Transition, ...]


@frozen
class Status:
    """A lifecycle of the agreement."""

    name: str
    states: tuple[State, ...]
    reinstated_from: str | AsRead | None
    """``event`` or ``expiry``: from when a reinstated term runs (R20)."""
    citation: Citation


@frozen
class Allowance:
    """A quantity that is filled and drawn down (R34)."""

    name: str
    party: str
    unit: str
    fills: tuple[tuple[str, str], ...]
    """Event type, fact that says how much."""
    draws: tuple[tuple[str, str, tuple[Condition, ...]], ...]
    carries_over: bool
    citation: Citation


@frozen
class Amount:
    """Money or a date, computed exactly."""

    name: str
    currency: str | None
    """None: a date."""
    value: Expression
    parts: tuple[tuple[str, Expression], ...]
    """Named parts, in order; later ones and ``value`` may use them."""
    rounding: tuple[str, str] | None
    """The unit, as text, and ``half_up`` or ``half_even``."""
    citation: Citation


@frozen
class Scope:
    """What is outside; a ticket found outside owes nothing more (R19)."""

    name: str
    title: str | None
    kind: str
    outside: tuple[Condition, ...]
    citation: Citation


# ---- What is recorded, and how grave it is ----------------------------------------------------------------------


@frozen
class FactType:
    """The kind of value a fact has."""

    kind: str
    """``yes_no``, ``one_of``, ``number``, ``date``, ``text``, ``hours``, ``money`` or ``dates``."""
    values: tuple[str, ...] = ()
    """Of ``one_of``."""
    currency: str | None = None


@frozen
class Fact:
    """What may be recorded of a subject."""

    name: str
    kind: str
    """The kind of subject."""
    type: FactType
    presumed: Plain | None
    """Its value until recorded; None: unknown until recorded (R5)."""
    judged_by: str | None
    title: str | None


@frozen
class EventType:
    """What may happen to a subject."""

    name: str
    kind: str | None
    """The kind of subject; None: any."""
    act: str | None
    """The word for doing it: ``resolve`` for ``resolved``."""
    title: str | None = None


@frozen
class SeverityLevel:
    name: str
    title: str | None
    applies: tuple[Condition, ...]
    """The contract's definition; it flags disputes and never assigns (R24)."""
    citation: Citation | None


@frozen
class Severities:
    """The levels, gravest first."""

    levels: tuple[SeverityLevel, ...]
    assigned_by: tuple[str, ...] | AsRead
    changed_by: tuple[str, ...] | AsRead
    confirmed_by: str | None
    citation: Citation


@frozen
class Cell:
    """What a row requires of one input: these values, or any."""

    values: tuple[Expression, ...] | None


@frozen
class Table:
    """A decision table: each combination of inputs has one row."""

    name: str
    inputs: tuple[Expression, ...]
    columns: tuple[str, ...]
    bases: tuple[str | None, ...]
    """The calendar that a column's head names."""
    rows: tuple[tuple[tuple[Cell, ...], tuple[object, ...]], ...]
    """Inputs and outputs; an output is a duration, a Counted, an expression, AsRead, or None for ``none``."""
    citation: Citation


@frozen
class Declaration:
    """What the parties state to be so."""

    name: str
    text: str
    citation: Citation


@frozen
class Note:
    """Words that need no rule (``information``) or have none (``not encoded``), and why."""

    kind: str
    because: str
    citation: Citation


@frozen
class Option:
    name: str
    why: str | None


@frozen
class Reading:
    """An ambiguity: the words, the ways to read them, the one adopted and why."""

    name: str
    question: str
    options: tuple[Option, ...]
    adopted: str
    because: str
    changes_nothing: str | None
    """Why no verdict, date or amount hangs on it; None where one does."""
    citation: Citation
