"""When the contract is in force, and when each version of its terms: what arises at other times has no verdict."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.calendars import zones
from slarules.engine.adopt import Adopted
from slarules.model.verdict import Verdict

NEVER = 1 << 63
"""After every instant; less it, before every instant."""


def in_force(adopted: Adopted, verdict: Verdict) -> bool:
    """Whether the contract was in force when the verdict's instance arose."""
    if adopted.contract.in_force == (None, None):
        return True
    since, until = dates_in_force(adopted)
    if verdict.triggered_at < since:
        return False
    surviving = adopted.terms.prohibitions.get(verdict.duty) if verdict.rule == "prohibition" else None
    return (surviving is not None and surviving.survives) or verdict.triggered_at < until


def dates_in_force(adopted: Adopted) -> tuple[int, int]:
    """From when the contract is in force, and from when no more."""
    first, after = adopted.contract.in_force
    zone = adopted.zone or "UTC"
    return (
        -NEVER if first is None else zones.day_start(first, zone),
        NEVER if after is None else zones.day_start(after, zone),
    )


def terms_in_force(versions: Sequence[Adopted]) -> list[tuple[int, int]]:
    """From when each version of the terms holds, and from when the next one does (R27)."""
    days = [(version.terms.in_force_from, version.zone or "UTC") for version in versions]
    begin = [-NEVER if day is None else zones.day_start(day, zone) for day, zone in days]
    return list(zip(begin, [*begin[1:], NEVER], strict=True))
