"""Verdicts: what was owed, by when, whether it was kept, and which words say so."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from slarules.model.rules import Citation
from slarules.model.value import Unknown, Value

OWING = ("duty", "target")
"""Rules by which somebody has something to do by some time."""
NOT_KEPT = ("breached", "missed")
"""States of what was not done in time: of a duty, of a target."""


@frozen
class Verdict:
    """One instance of one rule for one subject, as of an instant. Instants are microseconds UTC."""

    subject: str
    """The ticket, agreement or other subject judged."""
    duty: str
    """The rule's name."""
    number: int
    """1 for the subject's first instance of the rule; display only (R11)."""
    rule: str
    """``duty``, ``target``, ``prohibition``, ``right``, ``choice`` or ``scope``."""
    state: str
    """``pending suspended met breached ended undetermined could_not_arise``; of a target ``reached`` and ``missed``;
    of a prohibition ``kept``; of a right ``permitted`` and ``not_permitted``; of a choice ``open elected lapsed``; of a
    scope ``in_scope`` and ``out_of_scope``."""
    bearer: str | None
    """The party that owes; None: nobody in particular."""
    counterparty: str | None
    """The party that it is owed to; None: not said."""
    agreement: str | None
    """The agreement that the subject stands under; None: not known."""
    severity: str | None
    """The severity whose terms it stands under."""
    triggered_at: int
    """When the instance arose."""
    deadline: int | None
    """None: none, suspended (R16), or not to be known."""
    performed_at: int | None
    """When it was done; None: not yet."""
    consumed: int | None
    """Microseconds counted on its own clock; None for civil and day-counted limits, and where no list tells (R30)."""
    allowed: int | None
    """Microseconds; None for civil and day-counted limits."""
    late_by: int | None
    """Performance minus deadline, elapsed (R13)."""
    late_by_counted: int | None
    """The same on its own clock, pauses after the breach ignored (R13)."""
    owed: bool | None
    """Whether it is still owed; None: not to be known."""
    ended_by: str | None
    """What ended it: an event, a scope, ``while`` …; None: it has not ended."""
    missing: tuple[str, ...]
    """The facts for want of which it is undetermined."""
    cause: str | None
    """The breached instance it follows from, as ``resolution#1``."""
    elected: str | None
    """Of a choice: the option in force."""
    next_change_at: int | None
    """When its state changes if nothing more happens (R17)."""
    calendar: str | None
    """The calendar that its clock counts; None: none."""
    events: tuple[str, ...]
    """Ids of the events it used: trigger first."""
    flags: tuple[str, ...]
    """``tie_sensitive``, ``skew``, ``no_deadline_found``, ``within_precision``, ``late_revision``."""
    citation: Citation = field(eq=False)
    """The words that say so."""

    @property
    def margin(self) -> int | None:
        """Allowed minus consumed, in microseconds; negative when overdrawn."""
        if self.allowed is None or self.consumed is None:
            return None
        return self.allowed - self.consumed

    @property
    def identity(self) -> tuple[str, str, str, str | None, int]:
        """Subject, rule, duty, what it follows from and the start of its period; never its number (R11)."""
        return (self.subject, self.rule, self.duty, self.cause and self.cause.split("#")[0], self.triggered_at)

    @property
    def label(self) -> str:
        """``respond#1``."""
        return f"{self.duty}#{self.number}"


@frozen
class Draw:
    """One entry against an allowance (R34)."""

    event: str
    """The event's id."""
    covered: Value
    """How much of it the allowance had left."""
    excess: Value
    """How much it had not."""


@frozen
class AllowanceLevel:
    """What an allowance of an agreement stands at."""

    agreement: str
    """The agreement's id."""
    allowance: str
    """The allowance's name."""
    balance: Value
    """What is left, in its unit."""
    draws: tuple[Draw, ...]
    """What was drawn on it, in order."""


@frozen
class Finding:
    """Something about an event or subject that a reader should know: it never stops the run."""

    subject: str
    """The subject that it is about."""
    event: str
    """The event's id."""
    code: str
    """``impossible``, ``duplicate``, ``disputed``, ``unknown_type``, ``unknown_fact``, ``bad_fact``,
    ``before_opening``, ``not_entitled``, ``without_effect``, ``role_below_minimum``,
    ``unknown_agreement``, ``severity_disputed``, ``kind_disputed``, ``agreement_disputed``,
    ``unknown_kind``."""
    message: str
    """What is to be known, in words."""


@frozen
class Evaluation:
    """All verdicts of one call of ``evaluate``."""

    as_of: int
    """The instant judged as of, in microseconds UTC."""
    readings: Mapping[str, str]
    """Every reading → the option it was judged under."""
    verdicts: tuple[Verdict, ...]
    """By subject, then rule in the contract's order, then instance."""
    statuses: Mapping[tuple[str, str], str | Unknown | None]
    """(agreement, status) → state; None before it begins, unknown where nobody can know it."""
    allowances: tuple[AllowanceLevel, ...]
    """Each allowance of each agreement, as it stands."""
    amounts: Mapping[tuple[str, str], Value]
    """(agreement, amount) → money, date or unknown."""
    findings: tuple[Finding, ...]
    """What a reader should know of events and subjects, in order of the log."""
    next_change_at: int | None
    """The first instant after ``as_of`` at which a state changes or an instance arises if nothing happens (R17)."""
