"""Events: what happened, to which ticket or agreement, when, and when it became known."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

Raw = bool | int | Decimal | str | tuple["Raw", ...] | None
"""A fact's value as a reader found it, before the contract's types are applied."""


@frozen
class Event:
    """One entry of the log."""

    id: str
    """Names the event within its source; (source, id) is its identity (R32)."""
    subject: str
    """The ticket, agreement, release … that it happened to."""
    type: str
    """What happened: ``opened``, ``responded``, ``severity_changed`` … or a type the contract declares."""
    at: int
    """When it happened: microseconds since 1970-01-01T00:00Z."""
    actor: str | None = None
    """The party that did it, by the contract's name, or ``provider`` / ``customer``; None is unknown."""
    facts: Mapping[str, Raw] = field(factory=dict, hash=False)
    """What is recorded with it: severity, channel, ``on`` for a waiting, hours …"""
    source: str = "desk"
    """The system it came from; orders events of one instant (R12)."""
    sequence: int | None = None
    """The source's own count, where it has one; orders events of one instant (R12)."""
    recorded_at: int | None = None
    """When it became known, in microseconds; None means at once. Moves nothing (R3)."""
    agreement: str | None = None
    """The agreement the subject stands under; None where the log has only one."""
    kind: str | None = None
    """``ticket``, ``agreement`` or a kind the contract declares; None: told by the event's type."""
    target: str | None = None
    """For ``corrected`` and ``retracted``: the id of the event meant (of the same source)."""
