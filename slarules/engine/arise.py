"""R1, triggers: which instances arise, with which clock (R4, R8, R9, R22, R28, R29)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import ceil

from slarules.calendars import zones
from slarules.engine.case import Case, Past, goes_on
from slarules.engine.clock import Closings, Counting, Dated, Endless, Several
from slarules.engine.expression import Scene, Truth3, missing, open_at
from slarules.engine.history import Entry
from slarules.engine.in_force import worded
from slarules.engine.instance import Election, Instance, Row, Snapshot
from slarules.engine.limits import NO_PROMISE, Outcome, Passed, clock_for, clock_of, end_of, first_instant
from slarules.engine.pauses import pauses_since, stood_before
from slarules.engine.plan import ChoicePlan, DutyPlan, Planned, plan_of
from slarules.model.expression import Pattern
from slarules.model.limit import EachDay, Milestone, OnEach, Within
from slarules.model.rules import OnBoth, OnEvent
from slarules.model.value import Unknown


def by_whom(pattern: Pattern, entry: Entry) -> Truth3:
    """Whether the event is by the pattern's party; an unknown actor leaves it unknown (R23)."""
    if pattern.by is None or entry.actor == pattern.by:
        return True
    return Unknown(frozenset({f"actor of {entry.id}"})) if entry.actor is None else False


def by_any(patterns: Iterable[Pattern], entry: Entry) -> Truth3:
    """Whether the event fits one of the patterns."""
    who = [by_whom(pattern, entry) for pattern in patterns if pattern.type == entry.type]
    return True if any(one is True for one in who) else missing(*who) or False


def on_event(case: Case, entry: Entry) -> None:
    """Everything that an event of this instant sets off; nothing once the ticket has ended (R19)."""
    if case.ended_at is not None and case.ended_at < case.now:
        return
    kind = case.history.kind
    for planned, trigger in case.plan.on_event.get(entry.type, ()):
        if planned.kind == kind:
            _set_off(case, planned, entry, _matches(case, trigger, entry))
    for number, (planned, both) in enumerate(case.plan.on_both):
        if planned.kind != case.history.kind or not _half_of(case, both, entry):
            continue
        seen = case.both.setdefault(number, [False, False])
        before, hit = False not in seen, False
        for place, half in enumerate((both.first, both.second)):
            found = _matches(case, half, entry) if half.pattern.type == entry.type else False
            if found is not False:
                hit = True
            elif seen[place] is False:  # it may have come before the opening
                known = [e for e in case.happened.get(half.pattern.type, ()) if _is_before(case, e, entry)]
                earlier = [_matches(case, half, e) for e in known]
                found = True if any(one is True for one in earlier) else missing(*earlier) or False
            seen[place] = found if seen[place] is False or found is True else seen[place]
        if hit and False not in seen and not before:
            _set_off(case, planned, entry, missing(*seen) or True)  # R35: the later event


def _half_of(case: Case, both: OnBoth, entry: Entry) -> bool:
    """Whether an event is, or may be, one of two that set off jointly; another looks for neither (R35)."""
    halves = [half for half in (both.first, both.second) if half.pattern.type == entry.type]
    return any(_matches(case, half, entry) is not False for half in halves)


def _is_before(case: Case, one: Entry, other: Entry) -> bool:
    """Whether an event comes before another, also at one instant (R12)."""
    entries = case.history.entries
    return one.at < other.at or (one.at == other.at and entries.index(one) < entries.index(other))


def _matches(case: Case, trigger: OnEvent, entry: Entry) -> Truth3:
    who = by_whom(trigger.pattern, entry)
    if trigger.during is None and trigger.outside is None:
        return who
    found = [who]
    for name, inside in ((trigger.during, True), (trigger.outside, False)):
        if name is not None:
            found.append(open_at(case.calendars[name], entry.at, inside))
    return False if any(one is False for one in found) else missing(*found) or True


def _set_off(case: Case, planned: Planned, entry: Entry, matches: Truth3) -> None:
    if matches is False:
        return
    case.entry = entry
    arise(case, planned, None, entry, matches)
    case.entry = None


def arise(case: Case, planned: Planned, cause: Instance | None, trigger: Entry | None, certain: Truth3 = True) -> None:
    """An instance, if the guard holds; undetermined where it cannot be answered (R9)."""
    guard = _guard(case, planned, certain)
    if guard is False:
        return
    if isinstance(planned, ChoicePlan):
        _offer(case, planned, cause, trigger, guard, certain)
        return
    start = cause.due if cause is not None and cause.due is not None else case.now
    if isinstance(guard, Unknown):
        _undetermined(case, planned, start, cause, trigger, guard, certain)
        return
    if planned.each_day:
        _begin_dates(case, planned, start, cause, trigger)
        return
    row = Row(planned, cause, trigger) if planned.rolling else None
    begin(case, planned, start, cause, trigger, row)


def _guard(case: Case, planned: Planned, certain: Truth3) -> Truth3:
    """All that must hold at the trigger (R8)."""
    if isinstance(planned, DutyPlan) and not planned.guarded and not case.plan.scopes:
        return certain
    found = [certain]
    for test in (planned.only_if, planned.whiles):
        value = test(case)
        if value is False:
            return False
        found.append(value)
    if case.plan.scopes:
        found.append(in_scope(case))
    return missing(*found) or True


def in_scope(scene: Scene) -> Truth3:
    """A scope that cannot be answered leaves what depends on it undetermined; one found outside ends it (R19)."""
    assert isinstance(scene, (Case, Past))
    case = scene if isinstance(scene, Case) else scene.case
    unknown = (
        [test(scene) for scope, test in case.plan.scopes if scope.kind == case.history.kind]
        if case.outside is None
        else []
    )
    if any(value is True for value in unknown):
        return True
    return missing(*unknown) or True


def _numbered(case: Case, name: str) -> int:
    case.counts[name] = case.counts.get(name, 0) + 1
    return case.counts[name]


def _snapshot(case: Case, entry: Entry | None, at: int, certain: Truth3) -> Snapshot:
    return Snapshot(at, entry, dict(case.facts), case.severity, certain=certain)


def _undetermined(
    case: Case, plan: DutyPlan, start: int, cause: Instance | None, trigger: Entry | None, wanted: Unknown,
    certain: Truth3 = True,
) -> Instance:
    instance = Instance(plan, _numbered(case, plan.name), case.now, start, cause, trigger, Endless(), case.severity)
    instance.phase = "undetermined"
    instance.missing = wanted.missing
    instance.snapshot = _snapshot(case, trigger, case.now, certain)
    case.instances.append(instance)
    case.arisen += 1
    case.live.append(instance)
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
    outcome = _clock(case, plan, start, scene or case, begun) if unsaid is None else Dated(unsaid)
    case.terms, case.calendars = terms, calendars
    if outcome == NO_PROMISE:
        if into is not None:  # the level it has now promises nothing
            into.phase, into.owed, into.ceased_at, into.ended_by = "ended", False, case.now, "no promise"
            if into.uncertain:  # an act may have performed it before (R23)
                into.phase, into.missing = "undetermined", into.uncertain[0].missing
        return None
    if isinstance(outcome, Unknown):
        if into is not None:
            into.missing = outcome.missing
            return None
        return _undetermined(case, plan, start, cause, trigger, outcome)
    clock = Endless() if isinstance(outcome, Passed) else outcome
    assert not isinstance(clock, str)
    duty = plan.duty
    if into is None:
        since = start if row else case.now
        instance = Instance(plan, _numbered(case, duty.name), since, start, cause, trigger, clock, case.severity)
    else:
        instance = into
        instance.phase, instance.missing = "pending", frozenset()
        instance.clock = clock if clock is outcome else instance.clock
        if clock is outcome and instance.pauses:
            _pause_again(instance)
    instance.row, instance.begun = row, begun
    if row is not None and into is None:
        instance.root = row.root
    if isinstance(outcome, Passed):
        instance.phase, instance.owed, instance.due = "could_not_arise", False, outcome.due  # R29
    if plan.on_a_day:
        instance.not_before = first_instant(duty.limit, case.term(start, plan.term_of), case.zone)
    if into is None:
        case.instances.append(instance)
        case.arisen += 1
        case.live.append(instance)
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
    case: Case, plan: DutyPlan, start: int, scene: Scene, begun: dict[Pattern | Milestone, int]
) -> Outcome:
    if plan.lengths is not None:
        return clock_of(plan.duty, *plan.lengths(scene), start, scene, case.adopted.zone, plan.strict)
    limit, term = plan.duty.limit, case.term(start, plan.term_of)
    return clock_for(
        plan.duty, limit, start, scene, term, case.zone, lambda m: _begun(case, m, start, begun),
        lambda clock: stood_before(case, plan, clock, start),
    )  # fmt: skip


def _begun(case: Case, milestone: Pattern | Milestone, since: int, begun: dict[Pattern | Milestone, int]) -> int | None:
    """When a milestone was reached, for a time that runs from then on: once it does, it is not moved."""
    if milestone not in begun and (at := _reached(case, milestone, since)) is not None:
        begun[milestone] = at
    return begun.get(milestone)


def _reached(case: Case, milestone: Pattern | Milestone, since: int) -> int | None:
    """When a milestone was reached, at or after the trigger for another duty's, at all for an event."""
    if isinstance(milestone, Milestone):
        done = [i.performed_at for i in case.instances if i.plan.name == milestone.duty and i.performed_at is not None]
        return _latest_or_next(done, since)
    own = [e.at for e in case.happened.get(milestone.type, ()) if by_whom(milestone, e) is True]
    if not own and case.agreement is not None:
        of_it = case.agreement.history.entries
        own = [e.at for e in of_it if e.type == milestone.type and e.at <= case.now and by_whom(milestone, e) is True]
    return _latest_or_next(own, since)


def _latest_or_next(reached: Sequence[int], since: int) -> int | None:
    """Of several times the last that is not after the trigger, or else the first after it: that is not moved (R33)."""
    before = [at for at in reached if at <= since]
    return before[-1] if before else next(iter(reached), None)


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
        _wake(case, instance)


def _wake(case: Case, instance: Instance) -> None:
    """The case is quiet no longer than the instance's timers."""
    due, unknown_at = instance.due, instance.unknown_at
    if due is not None and due < case.quiet_until:
        case.quiet_until = due
    if unknown_at is not None and unknown_at < case.quiet_until:
        case.quiet_until = unknown_at
    for at, _ in instance.warnings:
        case.quiet_until = min(case.quiet_until, at)


# ---- Dates: each day of a calendar, each of a list (R4) -------------------------------------------------------------


def _begin_dates(case: Case, plan: DutyPlan, start: int, cause: Instance | None, trigger: Entry | None) -> None:
    if isinstance(plan.duty.limit, OnEach):
        dates = case.fact(plan.duty.limit.fact)
        if isinstance(dates, Unknown):
            _undetermined(case, plan, start, cause, trigger, dates)
            return
    begin_row(case, Row(plan, cause, trigger), start)


def begin_row(case: Case, row: Row, start: int) -> None:
    """A row of dates, from ``start`` on."""
    case.rows.append(row)
    case.arisen += 1
    row.start = start
    next_date(case, row, start)


def next_date(case: Case, row: Row, start: int, runs_on: bool = False) -> None:
    """Find the row's next date at or after ``start``; where it runs on then, also that whose closing is to come."""
    limit = row.plan.duty.limit
    row.next_at = None
    if isinstance(limit, EachDay):
        calendar = case.calendars[limit.calendar]
        table = calendar.day_table
        place = max(0, table.index_from(calendar.local_date(start)) - runs_on)  # a window may end on the next date
        while place < len(table):
            day = table.day(place)
            to_come = runs_on and day.last_close >= start and day.first_open >= (row.start or 0)
            owed = to_come or day.first_open >= start
            if owed and (row.last_date is None or day.date.toordinal() > row.last_date):
                row.next_at = max(calendar.day_start(day.date), row.start or 0 if to_come else start)
                row.next_day, row.next_due = day.date.toordinal(), day.last_close
                return
            place += 1
    elif isinstance(limit, OnEach):
        dates = case.fact(limit.fact)
        zone = case.zone or "UTC"
        for day_of_list in sorted(dates) if isinstance(dates, tuple) else ():
            assert isinstance(day_of_list, date)
            due = end_of(day_of_list, None, zone)
            if due > start and (row.last_date is None or day_of_list.toordinal() > row.last_date):
                row.next_at = max(zones.day_start(day_of_list, zone), start)
                row.next_due = due
                return


def rows_due(case: Case) -> bool:
    """Instances of dates that begin now."""
    any_arose = False
    for row in case.rows:
        while row.next_at is not None and row.next_at <= case.now and not row.over:
            assert row.next_due is not None
            any_arose = True
            at = row.next_at
            if row.plan.has_whiles and goes_on(case, row) is False:
                row.over = True
                break
            _date_instance(case, row, at, row.next_due)
            next_date(case, row, at)
    return any_arose


def _date_instance(case: Case, row: Row, at: int, due: int) -> None:
    plan = row.plan
    instance = Instance(plan, _numbered(case, plan.name), at, at, row.cause, row.trigger, Dated(due), case.severity)
    instance.row, instance.floor, instance.root = row, row.floor, row.root
    limit = plan.duty.limit
    if isinstance(limit, EachDay):
        calendar = case.calendars[limit.calendar]
        row.last_date = row.next_day
        instance.not_owed_if_stopped = True
        if calendar.unknown_from is not None and due > calendar.unknown_from:
            instance.phase = "undetermined"
            instance.missing = frozenset(f"holidays of {n}" for n in calendar.unknown_names)
            row.over = True
    else:
        row.last_date = zones.local_date(at, case.zone or "UTC").toordinal()
    case.instances.append(instance)
    case.arisen += 1
    case.live.append(instance)
    stand(case, instance)
    instance.settle()
    _wake(case, instance)


# ---- Choices (R22) ----------------------------------------------------------------------------------------------


def _offer(
    case: Case, plan: ChoicePlan, cause: Instance | None, trigger: Entry | None, guard: Truth3, certain: Truth3
) -> None:
    start = cause.due if cause is not None and cause.due is not None else case.now
    election = Election(plan, _numbered(case, plan.name), start, cause, trigger)
    case.elections.append(election)
    case.arisen += 1
    if isinstance(guard, Unknown):
        election.state, election.missing = "undetermined", guard.missing
        election.snapshot = _snapshot(case, trigger, case.now, certain)
        return
    lapse_clock(case, election)


def lapse_clock(case: Case, election: Election) -> None:
    """When the choice lapses into its default, if it has one."""
    within = election.plan.choice.within
    if not isinstance(within, Within):
        return
    first = case.plan.duties[election.plan.choice.options[0][1][0]].duty
    outcome = clock_for(first, within, election.triggered_at, case, case.term(), case.zone, lambda m: None)
    if not isinstance(outcome, (str, Unknown, Passed)):
        election.clock, election.lapses_at = outcome, outcome.deadline()


def call_up(case: Case, election: Election, option: str) -> None:
    """The duties of an option, from the election on."""
    for name, duties in election.plan.choice.options:
        if name == option:
            for duty in duties:
                case.entry = None
                known = len(case.instances), len(case.rows)
                arise(case, case.plan.duties[duty], None, election.trigger)
                called: tuple[Instance | Row, ...] = (*case.instances[known[0] :], *case.rows[known[1] :])
                for one in called:
                    one.root = election.triggered_at if election.root is None else election.root  # R27
                    if isinstance(one, Instance) and one.row is not None:
                        one.row.root = one.root
