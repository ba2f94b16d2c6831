"""When a duty's clock stood still in the past, told from how its ticket stood (R7, R9)."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine.case import Case
from slarules.engine.plan import DutyPlan

Pause = tuple[int, int | None, str]
"""From when to when, and why; None: still does."""


def pauses_since(case: Case, plan: DutyPlan, start: int) -> list[Pause]:
    """When the duty's clock would have stood still from ``start`` on, had it been known to run."""
    pauses: list[Pause] = []
    for at, cause in case.standing:
        stands = cause == "resolved" or cause in plan.paused_on
        if pauses and pauses[-1][1] is None and not stands:
            pauses[-1] = (pauses[-1][0], at, pauses[-1][2])
        elif stands and (not pauses or pauses[-1][1] is not None):
            pauses.append((at, None, cause if cause == "resolved" else f"waiting on {cause}"))
    return [(max(since, start), until, cause) for since, until, cause in pauses if until is None or until > start]


def stood(pauses: Sequence[Pause], at: int) -> bool:
    """Whether the clock stood still at an instant whose events had happened."""
    return any(since <= at and (until is None or at < until) for since, until, _ in pauses)
