"""The rules of a contract: each is data with the words it rests on."""

from __future__ import annotations

from attrs import frozen

from slarules.model.expression import Condition, Expression, Pattern, Stepped
from slarules.model.limit import Limit, Notice
from slarules.model.value import AsRead, Elapsed, Plain
from slarules.source import Span


@frozen
class Quotation:
    """The contract's own words, verified."""

    text: str
    """The words, as quoted."""
    places: tuple[Span, ...]
    """Where they stand in the contract's text."""


@frozen
class Citation:
    """Where a rule comes from."""

    clause: str
    """The clause's title; empty outside any clause."""
    quotations: tuple[Quotation, ...]
    """The words quoted for it; none: it rests on none."""
    rule: Span
    """The rule in the policy file."""
    readings: tuple[str, ...] = ()
    """The readings the rule rests on, also through its calendar and table."""


# ---- Triggers -----------------------------------------------------------------------------------------------


@frozen
class OnEvent:
    """``when request opened by Customer outside BusinessHours``."""

    pattern: Pattern
    """The event."""
    during: str | None = None
    """Only within this calendar's opening times."""
    outside: str | None = None
    """Only outside this calendar's opening times."""


@frozen
class OnOutcome:
    """``when resolution missed``: ``breached`` or ``met`` of another duty."""

    duty: str
    """The other duty's name."""
    outcome: str
    """``breached``, ``met`` (in time) or ``performed`` (in time or late)."""


@frozen
class OnRemaining:
    """``when 10 minutes remain of respond``, or so much of the time is ``used`` (a share, 0 to 1)."""

    duty: str
    """The other duty's name."""
    remaining: Elapsed | None = None
    """The time that is left of it; None: ``used`` says."""
    used: str | None = None
    """A decimal fraction, as text."""


@frozen
class OnState:
    """``when maintenance becomes grace``."""

    status: str
    """The status's name."""
    state: str
    """The state that begins."""


@frozen
class OnBoth:
    """``when both A and B``: the later of the two (R35)."""

    first: OnEvent
    """One event."""
    second: OnEvent
    """The other, before or after it."""


@frozen
class EachTerm:
    """``once each term of maintenance``: at each term's first instant."""

    status: str
    """The status whose terms count."""


@frozen
class Standing:
    """No trigger: from the agreement's start, the ticket's opening, or the subject's first event."""


Trigger = OnEvent | OnOutcome | OnRemaining | OnState | OnBoth | EachTerm | Standing


# ---- What parties owe -----------------------------------------------------------------------------------------


@frozen
class Performance:
    """What performs a duty."""

    patterns: tuple[Pattern, ...]
    """Any one of these events; none: the duty is performed by time alone."""
    conditions: tuple[Condition, ...] = ()
    """Read with the act's own facts over the subject's; unknown makes the act uncertain (R23)."""


@frozen
class Duty:
    """PARTY must (or, of a target, aims to) ACT, by when."""

    name: str
    """The name that other rules call it by."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    effort: bool
    """A target: an effort, not a promise; its verdicts are reached and missed."""
    kind: str
    """The kind of subject: ``ticket``, ``agreement``, or one that the contract declares."""
    bearer: str
    """The party that owes it."""
    counterparty: str | None
    """The party that it is owed to; None: not said."""
    act: str
    """What is owed: the word for doing it, as ``respond``."""
    triggers: tuple[Trigger, ...]
    """What sets it off, any one of these."""
    only_if: tuple[Condition, ...]
    """All must hold, read once at the trigger (R8); ``unless`` stands here negated."""
    whiles: tuple[Condition, ...]
    """Read throughout; false ends the duty (R8)."""
    limit: Limit | None
    """By when; None: at some time (R25)."""
    performance: Performance
    """What counts as having done it."""
    keeps: str | None
    """``must keep FACT``: breached at an instant at which the fact becomes no."""
    paused_on: tuple[str, ...] | AsRead
    """Parties or states waited on that stop its clock."""
    until: tuple[Pattern, ...]
    """Events that end it."""
    rises: str | AsRead | None
    """``recount``, ``restart`` or ``keep`` when the severity becomes graver (R6)."""
    falls: str | AsRead | None
    """The same when the severity becomes milder (R6)."""
    reopening: str | AsRead | None
    """``resume``, ``restart`` or ``ignore`` (R7)."""
    ends_at_next_opening: bool
    """A time that exactly fills a window ends when the next one opens."""
    citation: Citation
    """The words it rests on."""
    choice: str | None = None
    """The choice whose election calls it up, with ``option``."""
    option: str | None = None
    """The option's name."""
    object: str | None = None
    """What it is done to, as written: a kind of subject, or a party; None: not said."""


@frozen
class Prohibition:
    """PARTY must not ACT."""

    name: str
    """The name that other rules call it by."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    kind: str
    """The kind of subject it is about."""
    bearers: tuple[str, ...]
    """The parties that it binds."""
    act: str
    """What is forbidden: the word for doing it."""
    patterns: tuple[Pattern, ...]
    """Events that would break it, if the conditions hold."""
    only_if: tuple[Condition, ...]
    """All must hold, read at the event."""
    whiles: tuple[Condition, ...]
    """All must hold, read throughout."""
    survives: bool
    """It binds after the agreement's term."""
    citation: Citation
    """The words it rests on."""
    object: str | None = None
    """What it is done to, as written: a kind of subject, or a party; None: not said."""


@frozen
class Right:
    """PARTY may ACT; each such event is checked against it (R21)."""

    name: str
    """The name that other rules call it by."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    kind: str
    """The kind of subject it is about."""
    holder: str
    """The party, or the party of the role."""
    role: str | None
    """Only people of this role."""
    act: str
    """What may be done: the word for doing it."""
    patterns: tuple[Pattern, ...]
    """Events that exercise it."""
    only_if: tuple[Condition, ...]
    """All must hold, read at the event."""
    whiles: tuple[Condition, ...]
    """All must hold, read throughout."""
    during: str | None
    """Only within this calendar's times."""
    notice: Notice | None
    """So long before a date."""
    citation: Citation
    """The words it rests on."""
    object: str | None = None
    """What it is done to, as written: a kind of subject, or a party; None: not said."""


@frozen
class Role:
    """The people who may act for a party."""

    name: str
    """The name that other rules call it by."""
    party: str
    """The party they act for."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    at_least: int | AsRead | Stepped | None
    """Fewest people; None: not said."""
    at_most: int | AsRead | Stepped | None
    """Most people; None: not said."""
    designated_by: str | None
    """The party that names them; None: not said."""
    in_writing: bool
    """A designation counts only in writing."""
    replaceable_by: str | None
    """The party that may put others in their place; None: not said."""
    identified_by: str | None
    """The fact of an event that names the person acting."""
    citation: Citation
    """The words it rests on."""


@frozen
class Choice:
    """A power: a party elects one of several duties (R22)."""

    name: str
    """The name that other rules call it by."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    kind: str
    """The kind of subject it is about."""
    elector: str | None
    """None: both parties, by agreement."""
    triggers: tuple[Trigger, ...]
    """What opens it, any one of these."""
    only_if: tuple[Condition, ...]
    """All must hold, read once when it opens."""
    whiles: tuple[Condition, ...]
    """All must hold, read throughout."""
    options: tuple[tuple[str, tuple[str, ...]], ...]
    """Option → the duties it calls up, in the contract's order."""
    within: Limit | None
    """By when it must be elected; None: at any time."""
    otherwise: str | None
    """The option it lapses into."""
    citation: Citation
    """The words it rests on."""


# ---- What the words compute, and what they leave out ---------------------------------------------------------


@frozen
class Amount:
    """Money or a date, computed exactly."""

    name: str
    """The name that other rules call it by."""
    currency: str | None
    """None: a date."""
    value: Expression | Stepped
    """What it comes to."""
    parts: tuple[tuple[str, Expression], ...]
    """Named parts, in order; later ones and ``value`` may use them."""
    rounding: tuple[str, str] | None
    """The unit, as text, and ``half_up``, ``half_even``, ``up`` or ``down``."""
    citation: Citation
    """The words it rests on."""


@frozen
class Scope:
    """What is outside; a ticket found outside owes nothing more (R19)."""

    name: str
    """The name that other rules call it by."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    kind: str
    """The kind of subject it is about."""
    outside: tuple[Condition, ...]
    """A subject of which any one holds is outside."""
    citation: Citation
    """The words it rests on."""


# ---- What is recorded, and how grave it is ----------------------------------------------------------------------


@frozen
class FactType:
    """The kind of value a fact has."""

    kind: str
    """``yes_no``, ``one_of``, ``number``, ``date``, ``text``, ``hours``, ``money`` or ``dates``."""
    values: tuple[str, ...] = ()
    """Of ``one_of``."""
    currency: str | None = None
    """Of ``money``."""


@frozen
class Fact:
    """What may be recorded of a subject, which keeps it until another is recorded, or of one event."""

    name: str
    """The name that other rules call it by."""
    kind: str
    """The kind of subject; ``any``: of the event that it is recorded with, and of no other."""
    type: FactType
    """What its value can be."""
    presumed: Plain | None
    """Its value until recorded; None: unknown until recorded (R5)."""
    judged_by: str | None
    """The party whose word it is; None: not said."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""


@frozen
class EventType:
    """What may happen to a subject."""

    name: str
    """The name that other rules call it by."""
    kind: str | None
    """The kind of subject; None: any."""
    act: str | None
    """The word for doing it: ``resolve`` for ``resolved``."""
    title: str | None = None
    """Words of the policy's writer that say more than the name; None: none given."""


@frozen
class SeverityLevel:
    """One level of severity."""

    name: str
    """The level, as ``1`` or ``critical``."""
    title: str | None
    """Words of the policy's writer that say more than the name; None: none given."""
    applies: tuple[Condition, ...]
    """The contract's definition; it flags disputes and never assigns (R24)."""
    citation: Citation | None
    """The words of its definition; None: it has none of its own."""


@frozen
class Severities:
    """The levels, gravest first."""

    levels: tuple[SeverityLevel, ...]
    """Each with its definition."""
    assigned_by: tuple[str, ...] | AsRead
    """The parties whose word assigns a level; none: anyone's."""
    changed_by: tuple[str, ...] | AsRead
    """The parties whose word changes it; none: those who assign."""
    confirmed_by: str | None
    """The party that confirms it; None: not said."""
    citation: Citation
    """The words it rests on."""


@frozen
class Cell:
    """What a row requires of one input: these values, or any."""

    values: tuple[Expression, ...] | None
    """Any one of these; None: any value at all."""


@frozen
class Table:
    """A decision table: each combination of inputs has one row."""

    name: str
    """The name that other rules call it by."""
    inputs: tuple[Expression, ...]
    """What its rows tell apart."""
    columns: tuple[str, ...]
    """The names of its outputs."""
    bases: tuple[str | None, ...]
    """The calendar that a column's head names."""
    rows: tuple[tuple[tuple[Cell, ...], tuple[object, ...]], ...]
    """Inputs and outputs; an output is a duration, a Counted, an expression, AsRead, or None for ``none``."""
    citation: Citation
    """The words it rests on."""


@frozen
class Declaration:
    """What the parties state to be so."""

    name: str
    """The name that other rules call it by."""
    text: str
    """What is stated."""
    citation: Citation
    """The words it rests on."""


@frozen
class Note:
    """Words that need no rule (``information``) or have none (``not encoded``), and why."""

    kind: str
    """``information`` or ``not_encoded``."""
    because: str
    """Why no rule stands for the words."""
    citation: Citation
    """The words."""


@frozen
class Option:
    """One way to read the words."""

    name: str
    """The name that other rules call it by."""
    why: str | None
    """What speaks for it; None: not said."""


@frozen
class Reading:
    """An ambiguity: the words, the ways to read them, the one adopted and why."""

    name: str
    """The name that other rules call it by."""
    question: str
    """What a careful lawyer would ask."""
    options: tuple[Option, ...]
    """The ways to read the words."""
    adopted: str
    """The option by which the policy is judged; empty: none, for nothing hangs on it."""
    because: str
    """Why that one."""
    changes_nothing: str | None
    """Why no verdict, date or amount hangs on it; None where one does."""
    citation: Citation
    """The words that raise the question."""
