"""A contract, resolved: every name found, every type checked, every quotation verified."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from slarules.model.calendar import CalendarRule, HolidayList
from slarules.model.rules import (
    Allowance,
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
    Status,
    Table,
)
from slarules.model.value import AsRead
from slarules.source import Source


@frozen
class Party:
    """One who owes or is owed."""

    name: str
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
    events: Mapping[str, EventType]
    """Built-in and declared types, by name."""
    calendars: Mapping[str, CalendarRule]
    holidays: Mapping[str, HolidayList]
    severities: Severities | None
    tables: Mapping[str, Table]
    roles: Mapping[str, Role]
    duties: Mapping[str, Duty]
    """Duties and targets, those of choices' options included."""
    prohibitions: Mapping[str, Prohibition]
    rights: Mapping[str, Right]
    choices: Mapping[str, Choice]
    statuses: Mapping[str, Status]
    allowances: Mapping[str, Allowance]
    amounts: Mapping[str, Amount]
    scopes: Mapping[str, Scope]
    declarations: Mapping[str, Declaration]


@frozen(eq=False)
class Contract:
    """What a policy file means; one loaded contract is equal only to itself."""

    name: str
    title: str
    parties: tuple[Party, ...]
    zone: str | AsRead | None
    """Its own zone, for dates and terms (R14)."""
    ticket: str
    """What it calls a ticket."""
    in_force: tuple[date | None, date | None]
    """Its first date, and the first date after its last; None: open."""
    readings: Mapping[str, Reading]
    versions: tuple[Terms, ...]
    """The terms, amendment by amendment, earliest first (R27)."""
    notes: tuple[Note, ...]
    policy: Source = field(eq=False)
    text: Source | None = field(eq=False)
    """The contract's own words."""
    received_as: str | None = None
    """The file name under which those words were received."""
