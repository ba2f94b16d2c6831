"""A contract, resolved: every name found, every type checked, every quotation verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from attrs import field, frozen

from slarules.model.calendar import CalendarRule, HolidayList
from slarules.model.life import Allowance, Status
from slarules.model.rules import (
    Amount,
    Choice,
    Declaration,
    Duty,
    EventType,
    Fact,
    Note,
    Prohibition,
    Reading,
    Right,
    Role,
    Scope,
    Severities,
    Table,
)
from slarules.model.value import AsRead
from slarules.source import Source


@frozen
class Party:
    """One who owes or is owed."""

    name: str
    """The name that rules and events call it by."""
    role: str
    """``provider``, ``customer`` or ``other``."""
    called: tuple[str, ...]
    """What the contract's words call it."""


@frozen
class Terms:
    """The rules in force from one date to the next amendment. Each mapping keeps the contract's order."""

    in_force_from: date | None
    """Its first date; None: since ever."""
    facts: Mapping[str, Fact]
    """What may be recorded, by name."""
    events: Mapping[str, EventType]
    """Built-in and declared types, by name."""
    calendars: Mapping[str, CalendarRule]
    """Opening times, by name."""
    holidays: Mapping[str, HolidayList]
    """Lists of closed dates, by name."""
    severities: Severities | None
    """The levels of severity; None: the contract has none."""
    tables: Mapping[str, Table]
    """Decision tables, by name."""
    roles: Mapping[str, Role]
    """People who act for a party, by the role's name."""
    duties: Mapping[str, Duty]
    """Duties and targets, those of choices' options included."""
    prohibitions: Mapping[str, Prohibition]
    """What must not be done, by name."""
    rights: Mapping[str, Right]
    """What may be done, by name."""
    choices: Mapping[str, Choice]
    """What a party may elect, by name."""
    statuses: Mapping[str, Status]
    """Lifecycles of the agreement, by name."""
    allowances: Mapping[str, Allowance]
    """Quantities that fill and empty, by name."""
    amounts: Mapping[str, Amount]
    """Money and dates computed, by name."""
    scopes: Mapping[str, Scope]
    """What is outside the contract, by name."""
    declarations: Mapping[str, Declaration]
    """What the parties state to be so, by name."""


Rule = Duty | Prohibition | Right | Choice | Scope
"""What can have a verdict."""


def with_verdicts(terms: Terms) -> Iterator[Rule]:
    """The rules that can have verdicts, sort by sort."""
    for rules in (terms.duties, terms.prohibitions, terms.rights, terms.choices, terms.scopes):
        yield from rules.values()


@frozen(eq=False)
class Contract:
    """What a policy file means; one loaded contract is equal only to itself."""

    name: str
    """Its name in the policy."""
    title: str
    """Its name in reports."""
    parties: tuple[Party, ...]
    """Provider, customer, and others who act."""
    zone: str | AsRead | None
    """Its own zone, for dates and terms (R14)."""
    ticket: str
    """What it calls a ticket."""
    in_force: tuple[date | None, date | None]
    """Its first date, and the first date after its last; None: open."""
    readings: Mapping[str, Reading]
    """The places where its words leave a choice, by name."""
    versions: tuple[Terms, ...]
    """The terms, amendment by amendment, earliest first (R27)."""
    notes: tuple[Note, ...]
    """Words that need no rule or have none."""
    policy: Source = field(eq=False)
    """The policy file."""
    text: Source | None = field(eq=False)
    """The contract's own words."""
    received_as: str | None = None
    """The file name under which those words were received."""
