"""What is owed, what recurs, what was opened, and the log as it stands after its corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.oracle_of_agreements.asking import Scene
from tests.oracle_of_agreements.policy import Choice, Duty, Happening


@dataclass
class Row:
    """What recurs: where it stands, and which acts have served one of its periods."""

    duty: Duty
    start: int
    cause: Owed | None
    root: int | None
    by: Happening | None
    next: tuple[int, int, date] | None = None
    """When the next date's instance arises, its deadline, its date."""
    over: bool = False
    spared: int = -1
    """When a termination set it off, which does not end it."""
    since: int = 0
    """When it was answered that it recurs, where that was not known before."""
    served: list[Happening] = field(default_factory=list)


@dataclass
class Owed:
    """Something owed once."""

    subject: str
    duty: Duty
    set_off: int
    start: int
    cause: Owed | None
    root: int
    """The instant whose terms it stands under (R27)."""
    number: int
    due: int | None = None
    not_before: int | None = None
    state: str = "pending"
    owed: bool = True
    done: int | None = None
    ended_by: str | None = None
    missing: frozenset[str] = frozenset()
    row: Row | None = None
    spared: int = -1
    asked: Scene | None = None
    """While a guard or a limit cannot be known: what was known at its trigger."""
    over: tuple[int, str] | None = None
    """When, and by what, it ended while it could not be known."""
    unsure: list[frozenset[str]] = field(default_factory=list)
    """Acts of before that may have performed it, by what would tell (R23)."""
    unknown_at: int | None = None
    """From when on its calendar tells nothing (R30)."""
    certain: frozenset[str] = frozenset()
    """What no later event tells of whether it was set off at all."""
    warns: dict[str, int] = field(default_factory=dict)
    """When its warnings are due, by what they set off."""


@dataclass
class Open:
    """A choice that was opened."""

    choice: Choice
    set_off: int
    root: int
    lapses: int | None
    state: str = "open"
    spared: int = -1
    elected: str | None = None
    at: int | None = None


RANK = ("started", "contact_removed", "contact_designated", "opened", "asked", "responded", "agreed", "elected",
        "hours_purchased", "hours_logged")  # fmt: skip


OF_ANYTHING = ("recorded", "notified", "elected")
"""Events that do not tell that their subject is an agreement (R2)."""


def in_order(one: Happening) -> tuple[int, str, str]:
    """R12, within one source that has no sequence."""
    return (RANK.index(one.type) if one.type in RANK else len(RANK), one.type, one.id)


def corrected(log: Sequence[Happening]) -> list[Happening]:
    """The log as it stands: the last correction of an event counts, and what was retracted was not (R3)."""
    found = {one.id: one for one in log if one.type not in ("corrected", "retracted")}
    for one in log:
        if one.type == "corrected" and one.target in found:
            was = found[one.target]
            at = was.at if one.new_at is None else one.new_at
            found[was.id] = Happening(was.id, was.subject, was.type, at, was.actor, {**was.facts, **one.facts})
    for one in log:
        if one.type == "retracted":
            found.pop(one.target or "", None)
    return list(found.values())
