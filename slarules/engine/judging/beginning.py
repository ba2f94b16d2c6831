"""An instance begins with its clock, or begins anew; its deadline, timers and warnings (R4, R7, R9, R28, R29, R33)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from slarules.engine.actors import whose
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.expression import Scene, Truth3
from slarules.engine.history import Entry
from slarules.engine.in_force import worded
from slarules.engine.judging.acts import may_have_performed
from slarules.engine.judging.case import NEVER, Case, Then
from slarules.engine.judging.clock import Closings, Counting, Dated, Endless, Several
from slarules.engine.judging.instance import Instance, Row, Snapshot
from slarules.engine.judging.limits import NO_PROMISE, Outcome, Passed, clock_for, clock_of, first_instant
from slarules.engine.judging.pauses import pauses_since, stood_before
from slarules.engine.plan import DutyPlan, plan_of
from slarules.model.expression import Pattern
from slarules.model.limit import Milestone
from slarules.model.value import Unknown


def numbered(case: Case, name: str) -> int:
    case.counts[name] = case.counts.get(name, 0) + 1
    return case.counts[name]


def snapshot(case: Case, entry: Entry | None, at: int, certain: Truth3) -> Snapshot:
    return Snapshot(at, entry, dict(case.facts), case.severity, certain=certain)


def undetermined(
    case: Case, plan: DutyPlan, start: int, cause: Instance | None, trigger: Entry | None, wanted: Unknown,
    certain: Truth3 = True,
) -> Instance:
    instance = Instance(plan, numbered(case, plan.name), case.now, start, cause, trigger, Endless(), case.severity)
    instance.phase = "undetermined"
    instance.missing = wanted.missing
    instance.snapshot = snapshot(case, trigger, case.now, certain)
    case.instances.append(instance)
    case.arisen += 1
    case.enliven(instance)
    case.note(instance, f"cannot be determined for want of {', '.join(sorted(wanted.missing))} (R9)")
    return instance


def begin(
    case: Case,
    plan: DutyPlan,
    start: int,
    cause: Instance | None,
    trigger: Entry | None,
    row: Row | None,
    scene: Scene | None = None,
    into: Instance | None = None,
) -> Instance | None:
    """A new instance with its clock, or the clock of an undetermined one that was answered."""
    begun: dict[Pattern | Milestone, int] = {} if into is None else into.begun
    terms, calendars, unsaid = case.terms, case.calendars, None
    if into is None and row is not None and row.root is None and case.amended:
        plan, unsaid = _as_worded(case, plan, start)
    arisen = Then(case, start, into.trigger, onwards=True) if into is not None and into.phase == "pending" else None
    outcome = _clock(case, plan, start, scene or case, begun, arisen) if unsaid is None else Dated(unsaid)
    case.terms, case.calendars = terms, calendars
    if outcome == NO_PROMISE:
        if into is not None:  # the level it has now promises nothing
            into.unsaid = False
            into.phase, into.owed, into.ceased_at, into.ended_by = "ended", False, case.now, "no promise"
            if into.uncertain:  # an act may have performed it before (R23)
                into.phase, into.missing = "undetermined", into.uncertain[0].missing
        return None
    if isinstance(outcome, Unknown):
        if into is not None:
            into.unsaid = into.unsaid or into.phase == "pending"
            into.phase, into.missing, into.due = "undetermined", outcome.missing, None
            return None
        unknown = undetermined(case, plan, start, cause, trigger, outcome)
        if row is not None:  # what served the periods before serves this one no more (R4)
            unknown.row, unknown.root = row, row.root
        return unknown
    clock = Endless() if isinstance(outcome, Passed) else outcome
    assert not isinstance(clock, str)
    duty = plan.duty
    if into is None:
        since = start if row else case.now
        instance = Instance(plan, numbered(case, duty.name), since, start, cause, trigger, clock, case.severity)
    else:
        instance = into
        instance.phase, instance.missing, instance.unsaid = "pending", frozenset(), False
        instance.clock = clock if clock is outcome else instance.clock
        if clock is outcome and instance.pauses:
            _pause_again(instance)
    instance.row, instance.begun = row, begun
    if row is not None and into is None:
        instance.root = row.root
    if isinstance(outcome, Passed):
        instance.phase, instance.owed, instance.due = "could_not_arise", False, outcome.due  # R29
    if plan.from_a_day:
        instance.not_before = first_instant(duty.limit, scene or case, case.term(start, plan.term_of), case.zone)
    if into is None:
        case.instances.append(instance)
        case.arisen += 1
        case.enliven(instance)
        if start < case.now and row is not None:  # a period that is only now known to have begun
            instance.pauses = pauses_since(case, plan, start)
            instance.stopped = bool(instance.pauses) and instance.pauses[-1][1] is None
            _pause_again(instance)
    stand(case, instance)
    resettle(case, instance)
    return instance


def _as_worded(case: Case, plan: DutyPlan, start: int) -> tuple[DutyPlan, int | None]:
    """A period of what rolls, by the terms at its own start (R27); where they say none, until when it is not said yet.
    """
    assert case.agreement is not None
    versions = case.agreement.versions
    adopted = worded(versions, start)
    found = plan_of(adopted).duties.get(plan.name)
    if found is None or not found.rolling:
        since = next(since for since, version in versions if version is case.adopted)
        return plan, since if since > start else None
    case.terms, case.calendars = adopted.terms, adopted.calendars
    return found, None


def anew(case: Case, instance: Instance) -> None:
    """Its clock from its own start, as its limit is now, under the level whose terms it keeps (R6)."""
    severity = case.severity
    case.severity, case.whose = instance.severity or severity, instance.trigger
    begin(case, instance.plan, instance.start, instance.cause, instance.trigger, instance.row, into=instance)
    case.severity, case.whose = severity, None
    if isinstance(instance.clock, Several):
        instance.clock.renewed = case.now


def _pause_again(instance: Instance) -> None:
    """Other terms, the same pauses (R6); a time that runs from a milestone has none from before it."""
    clock = instance.clock
    for one in clock.clocks if isinstance(clock, Several) else (clock,):
        if not isinstance(one, (Counting, Closings)):
            continue
        for since, until, _ in instance.pauses:
            one.stop(max(since, one.start))
            if until is not None:
                one.run(max(until, one.start))


def _clock(
    case: Case, plan: DutyPlan, start: int, scene: Scene, begun: dict[Pattern | Milestone, int],
    arisen: Scene | None,
) -> Outcome:
    if plan.lengths is not None:
        return clock_of(plan.duty, *plan.lengths(scene), start, scene, case.adopted.zone, plan.strict)
    limit, term = plan.duty.limit, case.term(start, plan.term_of)
    return clock_for(
        plan.duty, limit, start, scene, term, case.zone, lambda m: _begun(case, m, start, begun),
        lambda clock: stood_before(case, plan, clock, start), arisen,
    )  # fmt: skip


def _begun(
    case: Case, milestone: Pattern | Milestone, since: int, begun: dict[Pattern | Milestone, int]
) -> int | Unknown | None:
    """When a milestone was reached, for a time that runs from then on: once it does, it is not moved."""
    if milestone not in begun and (at := _reached(case, milestone, since)) is not None:
        if isinstance(at, Unknown):
            return at  # an act of before may have been the first (R23)
        begun[milestone] = at
    return begun.get(milestone)


def _reached(case: Case, milestone: Pattern | Milestone, since: int) -> int | Unknown | None:
    """When a milestone was reached, at or after the trigger for another duty's, at all for an event.

    Of several times the last that is not after the trigger, or else the first after it: that is not moved (R33).
    """
    if isinstance(milestone, Milestone):
        first = None
        for instance in reversed(case.performed.get(milestone.duty, ())):
            if instance.performed_at is not None:
                first = instance
                if instance.performed_at <= since:
                    break
        at = None if first is None else first.performed_at
        certain: int | Unknown | None = at if first is None or first.surely is True else first.surely
        return _unless_earlier(certain, at, since, may_have_performed(case, milestone.duty))
    whose_events: Case | Agreement = case
    own, until = case.times_of(milestone.type, milestone.by), NEVER
    if not own and case.agreement is not None:
        whose_events, until = case.agreement, case.now
        own = whose_events.times_of(milestone.type, milestone.by)
    place = bisect_right(own, min(since, until))
    at = own[place - 1] if place else own[0] if own and own[0] <= until else None
    if milestone.by is None:
        return at
    by_nobody = (*case.by_nobody(milestone.type), *whose_events.by_nobody(milestone.type))
    return _unless_earlier(at, at, since, ((one.at, whose(one)) for one in by_nobody if one.at <= case.now))


def _unless_earlier(
    certain: int | Unknown | None, at: int | None, since: int, perhaps: Iterable[tuple[int, frozenset[str]]]
) -> int | Unknown | None:
    """A time, unless one of which nobody knows whether it is one would be taken rather than that (R23, R33)."""
    for other, wants in perhaps:
        if at is None or (at < other <= since if at <= since else other < at):
            return Unknown(wants)
    return certain


def stand(case: Case, instance: Instance, resolved: bool = False) -> bool:
    """Let the clock stand still or run, as the ticket stands (R7, R13); whether that changed anything."""
    resolution = case.resolution
    if resolution is not None:
        if resolution.at == case.now and not resolved:
            return False  # what the resolution performs is looked at first (R1)
        still = case.is_ticket
    else:
        paused = case.waiting is not None and instance.phase != "breached" and case.waiting in instance.plan.paused_on
        still = case.is_ticket and paused
    if still is instance.stopped:
        return False
    if still:
        instance.clock.stop(case.now)
        instance.pauses.append((case.now, None, "resolved" if case.resolution else f"waiting on {case.waiting}"))
    else:
        instance.clock.run(case.now)
        since, _, cause = instance.pauses.pop()
        instance.pauses.append((since, case.now, cause))
    instance.stopped = still
    return True


def _warn(case: Case, instance: Instance) -> None:
    """When its warnings fall due, as the clock stands."""
    if instance.plan.name not in case.plan.on_remaining:
        return
    instance.warnings = []
    clock = instance.clock
    if instance.phase != "pending" or not isinstance(clock, Counting):
        return
    for number, (_, warning) in enumerate(case.plan.on_remaining.get(instance.plan.name, ())):
        if number in instance.warned or clock.since is None:
            continue
        left = warning.remaining.micros if warning.remaining else 0
        share = Fraction(warning.used) if warning.used else None
        used = clock.allowed - left if share is None else ceil(clock.allowed * share)
        at = clock.reaches(max(0, used))
        if at is not None:
            instance.warnings.append((max(at, case.now), number))


def resettle(case: Case, instance: Instance) -> None:
    """Deadline, timers and warnings after a change."""
    instance.settle()
    if case.plan.on_remaining:
        _warn(case, instance)
    if instance.phase == "pending":
        wake(case, instance)


def wake(case: Case, instance: Instance) -> None:
    """The case is quiet no longer than the instance's timers."""
    due, unknown_at = instance.due, instance.unknown_at
    if due is not None and due < case.quiet_until:
        case.quiet_until = due
    if unknown_at is not None and unknown_at < case.quiet_until:
        case.quiet_until = unknown_at
    for at, _ in instance.warnings:
        case.quiet_until = min(case.quiet_until, at)
