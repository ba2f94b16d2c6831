"""A small policy about an agreement, as plain data; what it means is said in `opinion.py` and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Condition = tuple[Any, ...]
"""`("happened", TYPE)`, `("this term", TYPE)`, `("within", TYPE, DAYS)`, `("state", STATUS, STATES)`,
`("includes", STATUS, BENEFIT)`, `("yes", FACT)`, `("recorded", FACT)`, `("more", FACT, NUMBER)`, `("left", ALLOWANCE,
NUMBER)`, `("open", CALENDAR)`, `("not", C)`, `("and", C, C)`, `("or", C, C)`."""
Limit = tuple[Any, ...]
"""`("civil", SPAN)`, `("closings", N, CALENDAR)`, `("hours", N, CALENDAR or None)`, `("before term", SPAN, EXACTLY)`,
`("by date", FACT, OTHERWISE DAYS or None)`, `("every", HOURS, CALENDAR or None)`, `("each day", CALENDAR)`,
`("before date", DAYS, CALENDAR or None, FIRST SPAN or None, FACT)`,
`("each of", FACT)`, `("next close", CALENDAR)`, `("sooner", LIMIT, LIMIT)`, `("later", LIMIT, LIMIT)`, `("after", SPAN,
TYPE)`."""
Trigger = tuple[Any, ...]
"""`("event", TYPE, PARTY or None)`, `("state", STATUS, STATE)`, `("term", STATUS)`, `("outcome", DUTY, OUTCOME)`,
`("both", TYPE, TYPE)`, `("used", DUTY, PERCENT)`."""


@dataclass(frozen=True)
class Span:
    """So many days, or so many months with what becomes of a day that does not exist."""

    days: int = 0
    months: int = 0
    rounding: str = "down"


@dataclass(frozen=True)
class Calendar:
    """Open on some weekdays (Monday is 0), from one hour to another, but on some dates."""

    name: str
    weekdays: tuple[int, ...]
    hours: tuple[tuple[int, int], ...]
    closed: tuple[str, ...] = ()
    known_until: str | None = None
    """The first date of which its list of closed dates, which the desk supplies, says nothing (R30)."""

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset({"holidays of Feasts"})

    def is_beyond(self, day: date) -> bool:
        """Whether nobody knows of a date if it is a feast."""
        return self.known_until is not None and day.isoformat() >= self.known_until


@dataclass(frozen=True)
class Move:
    """A way out of a state: at an event, at the end of the term, or so long after it was entered."""

    to: str
    event: str | None = None
    after: Span | None = None
    condition: Condition | None = None
    """Neither event nor ``after``: at the end of the term."""
    by: str | None = None
    """By whom the event must be."""


@dataclass(frozen=True)
class State:
    name: str
    lasts: Span | None
    includes: tuple[str, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Status:
    name: str
    states: tuple[State, ...]
    """It begins in the first of them, when the agreement is started."""
    from_expiry: bool
    version: int | None = None


@dataclass(frozen=True)
class Duty:
    name: str
    bearer: str
    act: str
    done: str
    """The event type that performs it."""
    triggers: tuple[Trigger, ...]
    limit: Limit | None
    only_if: tuple[Condition, ...] = ()
    throughout: tuple[Condition, ...] = ()
    until: tuple[str, ...] = ()
    performed_if: tuple[Condition, ...] = ()
    version: int | None = None
    option_of: str | None = None
    """The choice of which it is an option; such a duty has no triggers."""
    keeps: str | None = None
    """A fact that is to stay yes; such a duty has no act."""


@dataclass(frozen=True)
class Choice:
    name: str
    of: str
    triggers: tuple[Trigger, ...]
    options: tuple[tuple[str, str], ...]
    """Option and the name of its duty."""
    lapses: tuple[int, str] | None
    """After so many days, into which option."""
    throughout: tuple[Condition, ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class Prohibition:
    name: str
    bearer: str | None
    act: str
    done: str
    unless: tuple[Condition, ...] = ()
    survives: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Right:
    name: str
    holder: str
    only: bool
    act: str
    done: str
    notice: tuple[Any, ...] | None = None
    """`(SPAN, FACT)` or `(HOURS, FACT)`."""
    only_if: tuple[Condition, ...] = ()
    during: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class Role:
    """The people of the client who may do what a right says."""

    name: str
    most: int | None
    designated_by: str
    in_writing: bool
    replaceable_by: str | None
    act: str
    done: str
    """What only they may do."""


@dataclass(frozen=True)
class Allowance:
    name: str
    fills: str
    fact: str
    draws: str
    drawn: str
    draws_if: tuple[Condition, ...] = ()
    carries_over: bool = False


@dataclass(frozen=True)
class Amount:
    """An amount of money, or a date."""

    name: str
    value: tuple[Any, ...]
    """`("sum", VALUE, ((plus or minus, VALUE), …))`, `("product", VALUE, ((times or over, VALUE), …))`, or what can
    stand in one: `("fact", NAME)`, `("amount", NAME)` (or a part), `("money", …)`, `("number", …)`, `("share", PERCENT,
    V)`, `("lesser", V, V)`, `("greater", V, V)`, `("days", V, V)`, `("months", V, V)`, `("shifted", SPAN, WAY, V)`,
    `("anniversary", V, V)`."""
    parts: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    rounding: tuple[str, str] | None = None
    is_date: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Policy:
    zone: str
    amended_on: str | None
    """The first date of the second version of the terms; None: there is one version."""
    calendars: tuple[Calendar, ...] = ()
    statuses: tuple[Status, ...] = ()
    duties: tuple[Duty, ...] = ()
    choices: tuple[Choice, ...] = ()
    prohibitions: tuple[Prohibition, ...] = ()
    rights: tuple[Right, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    roles: tuple[Role, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True)
class Happening:
    """An event of the log: plain values; dates as texts, money and hours as decimals in texts."""

    id: str
    subject: str
    type: str
    at: int
    actor: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    target: str | None = None
    new_at: int | None = None
    """Of a correction: when it really happened."""


FACTS = {
    "fee": "money in USD",
    "due_on": "date",
    "effective_on": "date",
    "lapsed_on": "date",
    "consented": "yes or no",
    "large": "yes or no",
    "seats_bought": "number",
    "visits": "list of dates",
    "billable": "yes or no presumed yes until recorded",
    "secured": "yes or no",
    "caller": "text",
}
"""Facts of the agreement, as every policy declares them."""
EVENTS = {
    "leaked": "leak", "offered": "offer", "credited": "credit", "refunded": "refund", "audited": "audit",
    "returned": "return_it", "visited": "visit", "announced": "announce", "halted": "halt",
}  # fmt: skip
"""Declared events of the agreement and their acts."""
ACTS = {**EVENTS, "paid": "pay", "notified": "notify", "invoiced": "invoice", "agreed": "agree"}
BY = {"paid": "Client", "invoiced": "Desk", "notified": "Desk", "credited": "Desk", "refunded": "Desk",
      "audited": "Desk", "returned": "Client", "visited": "Desk", "announced": "Desk", "offered": "Desk"}  # fmt: skip
"""Who does what, as a rule."""
