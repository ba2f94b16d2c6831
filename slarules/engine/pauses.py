"""When a duty's clock stood still in the past, told from how its ticket stood (R7, R9)."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine.case import Case
from slarules.engine.clock import Clock, Closings, Counting, Several, is_strict
from slarules.engine.instance import Instance
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


def stood_before(case: Case, plan: DutyPlan, clock: Clock, trigger: int) -> None:
    """A clock that began before its duty was set off stood still until then as the duty's would have (R7, R33)."""
    if not isinstance(clock, (Counting, Closings)):
        return
    for since, until, _ in pauses_since(case, plan, clock.start):
        if since < trigger:
            clock.stop(since)
            if until is not None:
                clock.run(min(until, trigger))


def stood(pauses: Sequence[Pause], at: int) -> bool:
    """Whether the clock stood still at an instant whose events had happened."""
    return any(since <= at and (until is None or at < until) for since, until, _ in pauses)


def as_it_stood(instance: Instance, at: int) -> None:
    """The instance with its clock as it stood at a past instant, at which an act performed it, as is known now (R16).

    What stopped the clock later takes no deadline away, nor does the resolution of that very instant.
    """
    if not instance.pauses:
        return
    begun = [
        (since, until)
        for since, until, why in instance.pauses
        if since < at or (since == at and why != "resolved")
    ]
    instance.stopped = any(until is None or at < until for _, until in begun)
    clock = _replayed(instance.clock, begun, at)
    due = clock.deadline()
    instance.due = due if due is None or instance.floor is None else max(due, instance.floor)
    instance.strict = is_strict(clock)


def _replayed(clock: Clock, pauses: Sequence[tuple[int, int | None]], at: int) -> Clock:
    """The same clock with the pauses that had begun by then, and nothing after."""
    match clock:
        case Several(clocks, sooner):
            return Several([_replayed(one, pauses, at) for one in clocks], sooner)
        case Counting():
            again: Counting | Closings = Counting(
                clock.start, clock.allowed, clock.calendar, clock.name, clock.to_opening, clock.strict
            )
        case Closings():
            again = Closings(
                clock.start, clock.number, clock.calendar, clock.name, clock.to_opening, clock.strict
            )
        case _:
            return clock
    for since, until in pauses:
        again.stop(max(since, clock.start))
        if until is not None and until <= at:
            again.run(max(until, clock.start))
    return again
