"""What lint says: a rule of good drafting, where a policy falls short of it, and a ticket that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from slarules.diagnostics import Diagnostic, Edit, Level
from slarules.lint.examined import Examined
from slarules.model.calendar import Supplied
from slarules.model.event import Event
from slarules.source import Span


@frozen
class Seen:
    """Claims that a rule of the contract has an instance for a subject, in one of these states."""

    subject: str
    rule: str
    """The duty, target, choice, right, prohibition or scope, by name."""
    states: tuple[str, ...]
    """Verdict states, such as ``pending`` or ``breached``; empty: whichever."""
    number: int | None = None
    """Which instance; None: every one there is, and there is one."""


@frozen
class NotArisen:
    """Claims that a rule of the contract has no instance for a subject: nothing is owed under it."""

    subject: str
    rule: str


@frozen
class Due:
    """Claims when a duty is due, in microseconds UTC; None: that it has no deadline."""

    subject: str
    rule: str
    at: int | None


@frozen
class DueLater:
    """Claims that a duty's deadline for one subject is later than another's for the same or another subject."""

    subject: str
    rule: str
    than_subject: str
    than_rule: str
    or_equal: bool = False
    """Whether the same instant will do."""


@frozen
class Wants:
    """Claims that a verdict is undetermined for want of a fact."""

    subject: str
    rule: str
    fact: str


@frozen
class Disputed:
    """Claims that the severity assigned to a ticket is, or is not, open to dispute by its definition (R24)."""

    subject: str
    disputed: bool


@frozen
class InState:
    """Claims that an agreement's status is in a state."""

    subject: str
    """The agreement."""
    rule: str
    """The status, by name."""
    state: str


Claim = Seen | NotArisen | Due | DueLater | Wants | Disputed | InState


@frozen
class Witness:
    """A ticket that shows a finding: what happened to it, and what the engine must say for the finding to stand."""

    events: tuple[Event, ...]
    """The log, in order of its instants."""
    as_of: int
    """The instant as of which it is judged, in microseconds UTC."""
    claims: tuple[Claim, ...]
    """All must be seen; a finding whose claims are not is never shown as a fact."""
    told: str
    """What the ticket shows, in words: lower case, no full stop."""
    readings: Mapping[str, str] = field(factory=dict, hash=False)
    """Readings under which it is judged, where they differ from the adopted ones."""
    supplied: Mapping[str, Supplied] = field(factory=dict, hash=False)
    """What is supplied besides what every counterexample takes to be supplied."""


@frozen
class Found:
    """One place where a policy falls short of a rule, as a check tells it."""

    span: Span
    """The words that are meant."""
    message: str
    """Lower case, the user's words in backticks, no full stop."""
    help: str
    """What to do."""
    related: tuple[tuple[Span, str], ...] = ()
    """Other places that matter, each with a few words."""
    edit: Edit | None = None
    """The mend, only where it is certain."""
    witness: Witness | None = None
    """A ticket that shows it, where one can."""


Check = Callable[[Examined], Iterable[Found]]


@frozen
class Rule:
    """One thing that a policy may say and had better not."""

    code: str
    """``L0101``; ``docs/lint/L0101.md`` explains it."""
    name: str
    """``boundary-hole``: how it is selected, ignored and allowed."""
    level: Level
    """Warning or note."""
    says: str
    """What it looks for, in one line."""
    check: Check = field(eq=False, repr=False)
    """Finds where a policy falls short of it. Pure; yields nothing where there is no contract to ask."""


@frozen
class Finding:
    """A place where a policy falls short of a rule, with its diagnostic."""

    rule: Rule
    diagnostic: Diagnostic
    witness: Witness | None = None


def finding(rule: Rule, found: Found) -> Finding:
    """What a check found, under its rule's code and level."""
    told = Diagnostic(rule.code, rule.level, found.span, found.message, found.help, found.related, found.edit)
    return Finding(rule, told, found.witness)
