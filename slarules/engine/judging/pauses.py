"""When a duty's clock stood still in the past, told from how its ticket stood (R7, R9)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from slarules.engine.history import Entry
from slarules.engine.judging.case import NEVER, Case
from slarules.engine.judging.clock import Clock, Closings, Counting, Several, copied, is_strict
from slarules.engine.judging.instance import Doubt, Instance
from slarules.engine.plan import DutyPlan

Pause = tuple[int, int | None, str]
"""From when to when, and why; None: still does."""


def pauses_since(case: Case, plan: DutyPlan | None, start: int) -> list[Pause]:
    """When the duty's clock would have stood still from ``start`` on, had it been known to run; None: a choice's."""
    pauses: list[Pause] = []
    for at, cause in case.standing:
        stands = cause == "resolved" or (plan is not None and cause in plan.paused_on)
        if pauses and pauses[-1][1] is None and not stands:
            pauses[-1] = (pauses[-1][0], at, pauses[-1][2])
        elif stands and (not pauses or pauses[-1][1] is not None or at <= start):
            since = at if not pauses or pauses[-1][1] is not None else pauses.pop()[0]
            pauses.append((since, None, cause if cause == "resolved" else f"waiting on {cause}"))
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


def perhaps_paused(case: Case, instance: Instance, warned: int | None = None) -> frozenset[str]:
    """For want of what nobody knows whether its clock stood still before it was over, or before it is ``warned`` of: a
    wait that does not say on whom (R5, R9)."""
    due = instance.due if warned is None else warned
    if not case.unsaid or due is None or not instance.plan.paused_on:
        return frozenset()
    since = instance.start
    if instance.not_owed_if_stopped:
        since = due  # only a pause in which its date's last closing falls is one (R4)
    elif not _may_pause(instance.clock):
        return frozenset()
    elif warned is None and instance.over_at is None and _latest(case, instance) == due:
        return frozenset()  # the same, had it stood still
    later = bisect_right(case.unsaid, since, key=lambda one: one.at)
    if later and _until(case, case.unsaid[later - 1].at) > since:
        return frozenset({f"on of {case.unsaid[later - 1].id}"})
    if later < len(case.unsaid) and case.unsaid[later].at <= due:
        return frozenset({f"on of {case.unsaid[later].id}"})
    return frozenset()


def _latest(case: Case, instance: Instance) -> int | None:
    """By when it would be due, had it stood still in every wait that does not say on whom."""
    start = instance.start
    ends = [(max(wait.at, start), _until(case, wait.at)) for wait in case.unsaid]
    waits = [(since, None if until == NEVER else until, "") for since, until in ends if until > start]
    clock = _replayed(case, instance, instance.clock, sorted([*instance.pauses, *waits], key=lambda pause: pause[0]))
    due = clock.deadline()
    return due if due is None or instance.floor is None else max(due, instance.floor)


def _until(case: Case, at: int) -> int:
    """When a wait that does not say on whom was over; one of the resolved ticket goes on when that is reopened."""
    after = bisect_right(case.standing, at, key=lambda one: one[0])
    after += after < len(case.standing) and case.standing[after][1] == ""
    return case.standing[after][0] if after < len(case.standing) else NEVER


def _may_pause(clock: Clock) -> bool:
    if isinstance(clock, Several):
        return any(_may_pause(one) for one in clock.clocks)
    return isinstance(clock, (Counting, Closings))


def over_before(instance: Instance) -> None:
    """Of a duty that is known to run while its clock stands still: what was over before that is due now (R6, R9)."""
    clock = instance.clock
    instance.over_at = None
    if isinstance(clock, Several):
        clock.renewed = None
    if instance.stopped and isinstance(clock, (Counting, Closings, Several)):
        instance.over_at = clock.over_at()


def stood(pauses: Sequence[Pause], at: int) -> bool:
    """Whether the clock stood still at an instant whose events had happened."""
    return any(since <= at and (until is None or at < until) for since, until, _ in pauses)


def doubt(case: Case, instance: Instance, act: Entry, missing: frozenset[str]) -> Doubt:
    """The act that may have performed the instance, with the clock as it stood then (R23).

    What stops the clock or changes the terms later takes no deadline away (R6, R16), nor does the resolution of that
    very instant.
    """
    resolved_now = bool(instance.pauses) and not _stood_before(case, instance.pauses[-1], act.at)
    if act.at == case.now and not resolved_now:
        clock = copied(instance.clock)
    else:
        clock = _replayed(case, instance, instance.clock, _pauses_at(case, instance, act.at))
    return Doubt(act, missing, clock, instance.start, instance.floor, instance.severity)


def as_it_stood(case: Case, instance: Instance, then: Doubt) -> None:
    """The instance on the terms of a past act that performed it, as is known now; nothing later is its own."""
    instance.clock = then.clock
    instance.start, instance.floor, instance.severity = then.start, then.floor, then.severity
    due = then.clock.deadline()
    instance.due = due if due is None or then.floor is None else max(due, then.floor)
    instance.strict = is_strict(then.clock)
    instance.pauses = _pauses_at(case, instance, then.act.at)
    instance.stopped = bool(instance.pauses) and instance.pauses[-1][1] is None
    instance.notes = [note for note in instance.notes if note[0] <= then.act.at]


def _pauses_at(case: Case, instance: Instance, at: int) -> list[Pause]:
    """Its pauses as they were known at a past act, before what the act itself stops."""
    return [
        (since, until if until is not None and until <= at else None, why)
        for since, until, why in instance.pauses
        if _stood_before(case, (since, until, why), at)
    ]


def _stood_before(case: Case, pause: Pause, at: int) -> bool:
    """Whether the clock stood still when acts of an instant are looked at: a resolution of that instant stops it only
    then (R1)."""
    since, _, why = pause
    if since != at or why != "resolved":
        return since <= at
    resolved = case.happened["resolved"]
    found = bisect_right(resolved, at, key=lambda one: one.at)
    return not found or resolved[found - 1].at != at


def _replayed(case: Case, instance: Instance, clock: Clock, pauses: Sequence[Pause]) -> Clock:
    """The same clock with these pauses, and nothing after."""
    match clock:
        case Several(clocks, sooner):
            return Several([_replayed(case, instance, one, pauses) for one in clocks], sooner)
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
    if clock.start < instance.start:
        stood_before(case, instance.plan, again, instance.start)
    for since, until, _ in pauses:
        again.stop(max(since, clock.start))
        if until is not None:
            again.run(max(until, clock.start))
    return again
