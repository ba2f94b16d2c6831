"""R1, triggers: what an event sets off, and what arises then: duties, dates, choices (R8, R9, R19, R22, R35)."""

from __future__ import annotations

from slarules.engine.actors import by_whom
from slarules.engine.expression import Scene, Truth3, missing, open_at
from slarules.engine.history import Entry
from slarules.engine.judging.beginning import begin, numbered, snapshot, undetermined
from slarules.engine.judging.case import Case, Past
from slarules.engine.judging.dates import begin_dates
from slarules.engine.judging.instance import Election, Instance, Row
from slarules.engine.judging.limits import Passed, clock_for
from slarules.engine.plan import ChoicePlan, DutyPlan, Planned
from slarules.model.limit import Within
from slarules.model.rules import OnBoth, OnEvent
from slarules.model.value import Unknown


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
        undetermined(case, planned, start, cause, trigger, guard, certain)
        return
    if planned.each_day:
        begin_dates(case, planned, start, cause, trigger)
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


def _offer(
    case: Case, plan: ChoicePlan, cause: Instance | None, trigger: Entry | None, guard: Truth3, certain: Truth3
) -> None:
    start = cause.due if cause is not None and cause.due is not None else case.now
    election = Election(plan, numbered(case, plan.name), start, cause, trigger)
    case.offer(election)
    if isinstance(guard, Unknown):
        election.state, election.missing = "undetermined", guard.missing
        election.snapshot = snapshot(case, trigger, case.now, certain)
        return
    lapse_clock(case, election)
    if case.resolution is not None and case.resolution.at < case.now and election.clock is not None:
        election.clock.stop(start)  # until the ticket is reopened (R7)
        election.lapses_at = election.clock.deadline()


def lapse_clock(case: Case, election: Election) -> None:
    """When the choice lapses into its default, if it has one."""
    within = election.plan.choice.within
    if not isinstance(within, Within):
        return
    first = case.plan.duties[election.plan.choice.options[0][1][0]].duty
    outcome = clock_for(first, within, election.triggered_at, case, case.term(), case.zone, lambda m: None)
    if not isinstance(outcome, (str, Unknown, Passed)):
        election.clock, election.lapses_at = outcome, outcome.deadline()


def call_up(case: Case, election: Election, option: str, certain: Truth3 = True) -> None:
    """The duties of an option, from the election on; undetermined where nobody knows whether it was elected (R23)."""
    for name, duties in election.plan.choice.options:
        if name == option:
            for duty in duties:
                case.entry = None
                known = len(case.instances), len(case.rows)
                arise(case, case.plan.duties[duty], None, election.trigger, certain)
                called: tuple[Instance | Row, ...] = (*case.instances[known[0] :], *case.rows[known[1] :])
                for one in called:
                    one.root = election.triggered_at if election.root is None else election.root  # R27
                    if isinstance(one, Instance) and one.row is not None:
                        one.row.root = one.root
