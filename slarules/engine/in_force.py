"""When the contract is in force, and when each version of its terms: what arises at other times has no verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from slarules.calendars import zones
from slarules.engine.adopt import Adopted
from slarules.model.contract import Terms
from slarules.model.verdict import Verdict

Rule = TypeVar("Rule")
NEVER = 1 << 63
"""After every instant; less it, before every instant."""


def in_force(adopted: Adopted, verdict: Verdict) -> bool:
    """Whether the contract was in force when the verdict's instance arose."""
    since, until = dates_in_force(adopted)
    if verdict.triggered_at < since:
        return False
    surviving = adopted.terms.prohibitions.get(verdict.duty)  # no two rules have one name
    return (surviving is not None and surviving.survives) or verdict.triggered_at < until


def dates_in_force(adopted: Adopted) -> tuple[int, int]:
    """From when the contract is in force, and from when no more."""
    first, after = adopted.contract.in_force
    zone = adopted.zone or "UTC"
    return (
        -NEVER if first is None else zones.day_start(first, zone),
        NEVER if after is None else zones.day_start(after, zone),
    )


def together(versions: Sequence[Adopted]) -> tuple[tuple[int, Terms], ...]:
    """What an agreement lives by: from when on, the terms then in force, beside all that other versions say (R27)."""
    found = []
    for version, (since, _) in zip(versions, terms_in_force(versions), strict=True):
        words: dict[str, Any] = {
            at.name: {name: rule for one in (*versions, version) for name, rule in getattr(one.terms, at.name).items()}
            for at in attrs.fields(Terms)
            if len(versions) > 1 and isinstance(getattr(version.terms, at.name), Mapping)
        }
        found.append((since, attrs.evolve(version.terms, **words) if words else version.terms))
    return tuple(found)


def wordings(
    versions: Sequence[Adopted], of: Callable[[Terms], Mapping[str, Rule]]
) -> dict[str, tuple[tuple[int, Rule], ...]]:
    """Each rule as it is worded from when on; the earliest wording also holds before it (R27)."""
    found: dict[str, list[tuple[int, Rule]]] = {}
    for version, (since, _) in zip(versions, terms_in_force(versions), strict=True):
        for name, rule in of(version.terms).items():
            found.setdefault(name, []).append((since, rule))
    return {name: tuple(own) for name, own in found.items()}


def worded(own: Sequence[tuple[int, Rule]], at: int) -> Rule:
    """A rule's wording at an instant."""
    rule = own[0][1]
    for since, later in own[1:]:
        if since > at:
            break
        rule = later
    return rule


def terms_in_force(versions: Sequence[Adopted]) -> list[tuple[int, int]]:
    """From when each version of the terms holds, and from when the next one does (R27)."""
    days = [(version.terms.in_force_from, version.zone or "UTC") for version in versions]
    begin = [-NEVER if day is None else zones.day_start(day, zone) for day, zone in days]
    return list(zip(begin, [*begin[1:], NEVER], strict=True))
