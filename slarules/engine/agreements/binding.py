"""Whether the agreement's term is over: what does not survive it binds no longer (R25)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from slarules.calendars import zones
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.model.value import Unknown

TERMINATED, TERM = "terminated", "term"
TURNS = frozenset(("started", TERMINATED))
MANY = 24
"""Turns of a life that are looked at: one that goes on beyond them goes on for good."""


def over(adopted: Adopted, agreement: Agreement | None, at: int, acting: bool = False) -> str | Unknown | None:
    """What has ended the agreement at an instant: ``terminated`` or its ``term``; None: it is in its term.

    With ``acting``, for an event of that instant, before which nothing ends but by time (R1). A subject that stands
    under no agreement of the log is bound by the contract's own dates alone.
    """
    after = adopted.contract.in_force[1]
    if after is not None and at >= zones.day_start(after, adopted.zone or "UTC"):
        return TERM
    if agreement is None:
        return None
    turns = agreement.among(TURNS)
    place = (bisect_left if acting else bisect_right)(turns, at, key=lambda entry: entry.at)
    last = turns[place - 1] if place else None
    if last is not None and last.type == TERMINATED and not _reinstated(agreement, last.at, at, acting):
        return TERMINATED
    for status in agreement.stays:
        stay = agreement.stay_at(status, at)
        if stay is not None and stay.term_to is not None:
            if at < stay.term_to:
                return None
            return TERM if stay.state is not None else Unknown(stay.missing)
    return None


def _reinstated(agreement: Agreement, since: int, at: int, acting: bool) -> bool:
    """Whether an event after ``since`` has begun another term."""
    before = at - acting
    between = [stay for status in agreement.stays for stay in agreement.stays_between(status, since, before)]
    return any(stay.new_term and stay.by_event for stay in between)


def next_turn(adopted: Adopted, agreement: Agreement | None, after: int) -> int | None:
    """The first instant after ``after`` from which what does not survive the term binds no more, or binds again, if
    nothing happens (R17)."""
    ended = isinstance(over(adopted, agreement, after), str)
    at = after
    for _ in range(MANY):
        found = _turn(adopted, agreement, at)
        if found is None or isinstance(over(adopted, agreement, found), str) is not ended:
            return found
        at = found
    return None


def _turn(adopted: Adopted, agreement: Agreement | None, after: int) -> int | None:
    """The first instant after ``after`` at which a state begins or a term ends; its life is followed beyond it."""
    last = adopted.contract.in_force[1]
    turns = {zones.day_start(last, adopted.zone or "UTC")} if last is not None else set()
    if agreement is not None:
        agreement.next_turn(after)
        stays = [stay for stays in agreement.stays.values() for stay in stays]
        turns |= {at for stay in stays for at in (stay.since, stay.term_to) if at is not None}
    at = min((at for at in turns if at > after), default=None)
    if agreement is not None and at is not None:
        agreement.next_turn(at)
    return at
