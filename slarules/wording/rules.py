"""Any rule of a contract as a paragraph of plain English: first who owes what by when, then all that bears on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from slarules.model.calendar import CalendarRule, HolidayList
from slarules.model.contract import Contract, Terms
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
    SeverityLevel,
    Table,
)
from slarules.wording.calendars import calendar, holidays
from slarules.wording.duties import duty
from slarules.wording.grammar import finished
from slarules.wording.life import allowance, amount, scope, status
from slarules.wording.powers import choice, prohibition, right, role
from slarules.wording.recorded import declaration, event, fact, note, reading, severities, severity
from slarules.wording.tables import table
from slarules.wording.voice import Voice

Rule = (
    Duty | Prohibition | Right | Choice | Role | Status | Allowance | Amount | Scope | Declaration | Table | Severities
    | SeverityLevel | CalendarRule | HolidayList | Fact | EventType | Reading | Note
)
"""Everything that a contract may say."""


def sentence(rule: Rule, terms: Terms, contract: Contract | None = None) -> str:
    """A rule in words: one paragraph of plain text, without its name.

    ``terms``: the version of the terms that the rule is of. ``contract``: the whole contract; with it a ticket is
    called as the contract calls it, and of each reading the adopted option is said where it stands. Without it all
    options are said at the end, none as adopted.
    """
    return " ".join(sentences(rule, terms, contract))


def sentences(rule: Rule, terms: Terms, contract: Contract | None = None) -> tuple[str, ...]:
    """The same, sentence by sentence: the first is complete in itself; those on readings come last."""
    voice = Voice(terms, contract)
    said = [one for one in _said(rule, voice) if one]
    return tuple(finished(one) for one in (*said, *voice.notes))


def _said(rule: Rule, voice: Voice) -> Iterator[str]:
    match rule:
        case Duty():
            return duty(rule, voice)
        case Prohibition():
            return prohibition(rule, voice)
        case Right():
            return right(rule, voice)
        case Choice():
            return choice(rule, voice)
        case Role():
            return role(rule, voice)
        case Status():
            return status(rule, voice)
        case Allowance():
            return allowance(rule, voice)
        case Amount():
            return amount(rule, voice)
        case Scope():
            return scope(rule, voice)
        case Declaration():
            return declaration(rule, voice)
        case Table():
            return table(rule, voice)
        case Severities():
            return severities(rule, voice)
        case SeverityLevel():
            return severity(rule, voice)
        case CalendarRule():
            return calendar(rule, voice)
        case HolidayList():
            return holidays(rule, voice)
        case Fact():
            return fact(rule, voice)
        case EventType():
            return event(rule, voice)
        case Reading():
            return reading(rule, voice)
        case Note():
            return note(rule, voice)
    assert_never(rule)
