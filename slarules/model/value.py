"""Values: what facts, limits and amounts are made of. Kinds that differ never mix without being told to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

SECOND = 1_000_000
"""Microseconds in a second; every instant and elapsed duration is an integer count of microseconds."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


@frozen
class Elapsed:
    """A length of real time: ``2 hours``."""

    micros: int
    """Microseconds."""


@frozen
class Civil:
    """A length on the contract's own dates: ``60 days``, ``1 month rounding down``."""

    days: int = 0
    """Dates to go on; a week is seven."""
    months: int = 0
    """Months to go on; a year is twelve."""
    rounding: str | None = None
    """``up`` or ``down``: what stands for a day that does not exist; required with months (R14)."""


@frozen
class Money:
    """An exact amount of one currency."""

    amount: Decimal
    """How much, exactly."""
    currency: str
    """Its ISO 4217 code."""


@frozen
class Unknown:
    """What nobody recorded: the third truth value, and the absence of any other (R5, R9)."""

    missing: frozenset[str]
    """Names of the facts that would settle it."""


Plain = bool | Decimal | str | date | Money | Elapsed | Civil | tuple[date, ...]
"""What a known fact or an expression can be."""
Value = Plain | Unknown


@frozen
class AsRead:
    """Words that a reading decides; ``engine.adopt`` puts the adopted option in its place."""

    reading: str
    """The reading's name."""
    options: Mapping[str, object] = field(hash=False)
    """Option name → what stands here under it."""
