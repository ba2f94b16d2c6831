"""R1, performance, deadlines and consequences: the three call each other, until nothing changes (R10, R23)."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from copy import copy

from slarules.engine.expression import Truth3
from slarules.engine.history import Entry
from slarules.engine.judging.acts import done_since, past_acts, qualifies_now
from slarules.engine.judging.arise import arise
from slarules.engine.judging.aside import take_waiting
from slarules.engine.judging.beginning import anew, begin, resettle, stand
from slarules.engine.judging.case import Case, Done, Then
from slarules.engine.judging.clock import Awaiting, Several, in_time
from slarules.engine.judging.endings import ended_meanwhile, finish, over_now
from slarules.engine.judging.endings import until as ends_it
from slarules.engine.judging.instance import Election, Instance, Row, keeps_terms_of
from slarules.engine.judging.pauses import as_it_stood, doubt, perhaps_paused
from slarules.engine.judging.severity import severity_at, terms_between
from slarules.engine.plan import Planned
from slarules.model.value import Unknown

OVER = ("met", "ended", "could_not_arise")
"""Phases in which nothing is to be performed any more."""
PROMISED = ("phase", "missing", "due", "owed", "ceased_at", "ended_by", "unsaid")
"""What an instance loses with terms that promise nothing, or nobody knows."""


def perform_all(case: Case, acts: Sequence[Entry]) -> bool:
    changed = False
    for instance in tuple(case.live):
        if instance.performed_at is not None or not instance.owed or instance.phase in OVER:
            continue
        performs = instance.plan.performs
        for entry in acts:
            if entry.type in performs and _consider(case, instance, entry):
                changed = True
                break
    return changed


def _consider(case: Case, instance: Instance, entry: Entry) -> bool:
    """Whether the act performs the instance, and if so let it."""
    if instance.row is not None and entry in instance.row.served:
        return False
    if instance.not_before is not None and entry.at < instance.not_before:
        return False
    if instance.phase == "undetermined" and not instance.uncertain:
        _perhaps_reached(case, instance)
        return False
    if instance.uncertain and any(entry is one.act for one in instance.uncertain):
        return False
    qualifies = qualifies_now(case, instance, entry)
    if qualifies is False:
        return False
    if isinstance(qualifies, Unknown):
        if instance.phase in ("pending", "breached"):
            instance.uncertain.append(doubt(case, instance, entry, qualifies.missing))
            case.note(
                instance, f"{entry.type} may have performed it: {', '.join(sorted(qualifies.missing))} unknown (R23)"
            )
            _perhaps_reached(case, instance)
        return False
    if instance.phase == "undetermined":
        if instance.unsaid or instance.due is None or not in_time(entry.at, instance.due, instance.strict):
            return False  # the certain act came too late to tell, or nobody knows whether it did
        instance.phase, instance.missing = "pending", frozenset()  # its time was made longer meanwhile (R6)
    perform(case, instance, entry)
    return True


def _perhaps_reached(case: Case, instance: Instance) -> None:
    """An act that may have performed a duty may have begun what runs from its performance (R9, R33)."""
    if instance.plan.name in case.plan.awaited:
        _reached_now(case)


def perform(case: Case, instance: Instance, entry: Entry, early: bool = False, last: bool = False) -> None:
    """The act performs the instance: in time, or late; ``last``: no period follows it where it recurs."""
    instance.performed_at, instance.performed_by = entry.at, entry
    if case.plan.waits:  # others may run from it
        insort(case.performed.setdefault(instance.plan.name, []), instance, key=lambda one: one.number)
    instance.owed = False
    instance.uncertain, instance.before = [], [one for one in instance.uncertain if one.act.at < entry.at]
    if early and entry.at >= instance.start:  # done before the duty was known to run
        if instance.plan.by_facts and instance.phase == "pending" and not instance.plan.each_day:
            _by_facts_of(case, instance, entry)
        as_it_stood(case, instance, doubt(case, instance, entry, frozenset()))
    if entry.type == "resolved":
        instance.closer = entry
    if instance.row is not None:
        instance.row.served.add(entry)
    if instance.phase == "pending":
        if early or in_time(entry.at, instance.due, instance.strict):
            instance.phase = "met"
        elif wants := perhaps_paused(case, instance):
            instance.phase, instance.missing = "undetermined", wants
        else:
            assert instance.due is not None
            breach(case, instance, instance.due, performed=True)
    if case.tracing:
        case.note(instance, f"performed by {entry.type}", entry.at)
    if case.plan.on_outcome:
        since = max(entry.at, instance.triggered_at)
        if instance.phase == "met":
            consequences(case, instance, "met", since)
        consequences(case, instance, "performed", since)
    if case.plan.waits:
        _reached_now(case)
    rolls = instance.plan.rolling and instance.row is not None and instance.phase == "met"
    if rolls and not (last if entry.at < case.now else over_now(case, instance)):
        _next_period(case, instance, _rolls_from(case, instance, entry.at))


def _by_facts_of(case: Case, instance: Instance, act: Entry) -> None:
    """The clock by what was known of its limit's facts at a past act: what is told later moves no deadline (R2, R6)."""
    then = Done(case, act)
    then.snapshot.severity = instance.severity or then.snapshot.severity
    first = instance.row is None or not instance.row.served
    trigger = instance.trigger
    facts = trigger.facts if trigger is not None and first and trigger.at == instance.start else {}
    for name in instance.plan.by_facts & facts.keys():
        since = bisect_right(told := case.told.get(name, ()), act.at, key=lambda one: one[0])
        if not since or told[since - 1][0] <= instance.start:  # as the duty was born with it
            then.snapshot.answers[name] = facts[name]
    before, plan = copy(instance), instance.plan
    begin(case, plan, instance.start, instance.cause, instance.trigger, instance.row, scene=then, into=instance)
    if instance.phase != "pending":  # it promised nothing in between
        for name in PROMISED:
            setattr(instance, name, getattr(before, name))


def _next_period(case: Case, instance: Instance, at: int) -> None:
    """`every D` rolls from the performance (R4); one that has only now become certain has its floor now (R9)."""
    severity, case.severity = case.severity, severity_at(case, at)
    scene = Then(case, at, instance.trigger, onwards=True) if at < case.now else None
    period = begin(case, instance.plan, at, instance.cause, instance.trigger, instance.row, scene=scene)
    case.severity = severity
    if period is not None and at < case.now:
        period.floor = case.now
        resettle(case, period)


def _rolls_from(case: Case, instance: Instance, at: int) -> int:
    """From when the next period runs: a resolution of that instant that ends it puts it off to its reopening (R7)."""
    for resolution in undone_for(case, instance) if at < case.now else ():
        if resolution.at == at and ends_it(instance.plan, [resolution]) and instance.plan.duty.reopening == "resume":
            after = case.taken[case.taken.index(resolution) + 1 :]
            return next(entry.at for entry in after if entry.type == "reopened")
    return at


def undone_for(case: Case, instance: Instance) -> Sequence[Entry]:
    """Resolutions that reopenings have undone, where the duty's own words let them (R7)."""
    return case.undone if instance.plan.duty.reopening in ("resume", "restart") else ()


def past_periods(
    case: Case, instance: Instance, until: int | None, undone: Sequence[Entry], seen: int
) -> Instance:
    """R9 for `every`: each act done meanwhile served the period in which it fell (R4); gives the last period.

    Changes of severity, and of what its limit rests on, after the instant ``seen`` act at their own time (R6).
    """
    for entry in past_acts(case, instance, instance.triggered_at):
        if until is not None and entry.at > until:
            break
        served = instance.row is not None and entry in instance.row.served
        if served or entry in undone or entry.at < instance.start:
            continue
        qualifies = qualifies_now(case, instance, entry)
        if qualifies is False:
            continue
        terms_between(case, instance, seen, entry.at)
        if instance.phase != "pending":
            return instance
        known, seen, instance.floor = len(case.instances), max(seen, entry.at), case.now
        if isinstance(qualifies, Unknown):
            instance.uncertain.append(doubt(case, instance, entry, qualifies.missing))
            continue
        last = until is not None and (entry.at == until or _rolls_from(case, instance, entry.at) > until)
        perform(case, instance, entry, early=True, last=last)
        for period in case.instances[known:]:
            if period.row is instance.row:
                instance, seen = period, entry.at
    terms_between(case, instance, seen, case.now if until is None else until)
    if instance.phase == "pending":
        instance.floor = case.now
        resettle(case, instance)
    return instance


def past_act(
    case: Case, instance: Instance, since: int, until: int | None = None, undone: Sequence[Entry] = ()
) -> None:
    """Acts done already: for a one-shot consequence since the breached duty's trigger (R10), for a date on it."""
    if instance.plan.rolling or instance.phase != "pending":
        return
    served = instance.row.served if instance.row is not None else ()
    for entry in past_acts(case, instance, since):
        if entry in served or (until is not None and entry.at > until) or entry in undone:
            continue
        qualifies = qualifies_now(case, instance, entry)
        if qualifies is True:
            perform(case, instance, entry, early=True)
            return
        if isinstance(qualifies, Unknown):
            instance.uncertain.append(doubt(case, instance, entry, qualifies.missing))


def first_while_resolved(case: Case, instance: Instance, resolution: Entry) -> Entry | None:
    """The first act on the resolved ticket that certainly performs what is owed again, before anything ended it."""
    ended, served = ended_meanwhile(case, instance, resolution.at), instance.row.served if instance.row else ()
    acts = done_since(case, instance, resolution.at, case.now if ended is None else ended[0])
    return next((act for act in acts if act not in case.undone and act not in served), None)


def while_resolved(case: Case, instance: Instance, resolution: Entry) -> None:
    """What was done on the resolved ticket performs, or ends, what its reopening makes owed again (R1, R7, R23)."""
    row, ended = instance.row, ended_meanwhile(case, instance, resolution.at)
    if ended is not None and ended[2] and instance.phase == "breached":
        ended = None  # it is owed on
    for entry in past_acts(case, instance, resolution.at) if instance.owed and not instance.unsaid else ():
        if entry in case.undone or (row is not None and entry in row.served):
            continue
        if ended is not None and entry.at > ended[0]:
            break
        qualifies = qualifies_now(case, instance, entry)
        if isinstance(qualifies, Unknown):
            instance.uncertain.append(doubt(case, instance, entry, qualifies.missing))
        elif qualifies:
            known = len(case.instances)
            perform(case, instance, entry, early=instance.phase == "pending")
            following = [one for one in case.instances[known:] if one.row is not None and one.row is row]
            if not following:
                return
            instance = past_periods(case, following[-1], None, case.undone, entry.at)
            break
    if ended is not None:
        finish(case, instance, ended[1], wants=ended[2])
        instance.ceased_at = ended[0]


def deadlines(case: Case) -> bool:
    """What falls due now, and what was to be kept and is not (R25); whether there was any."""
    if case.now < case.quiet_until and not case.plan.keeps:
        return False
    changed = False
    for instance in tuple(case.live):
        if instance.phase != "pending":
            continue
        keeps = instance.plan.duty.keeps
        if keeps is not None and case.fact(keeps) is False:
            breach(case, instance, case.now)
            changed = True
            continue
        if instance.due is not None and instance.due <= case.now:
            changed = True
            if instance.uncertain:
                instance.phase, instance.missing = "undetermined", instance.uncertain[0].missing
                instance.over_by = instance.clock.governing() if isinstance(instance.clock, Several) else None
            elif instance.not_owed_if_stopped and instance.clock.deadline() == case.now and _stands(case, instance):
                instance.phase, instance.owed, instance.ceased_at, instance.ended_by = "ended", False, case.now, "pause"
            elif wants := perhaps_paused(case, instance):
                instance.phase, instance.missing = "undetermined", wants
            else:
                breach(case, instance, instance.due)
        elif instance.unknown_at is not None and instance.unknown_at <= case.now:
            calendar = case.calendars[instance.clock.name or "Always"]
            instance.phase = "undetermined"
            instance.missing = frozenset(f"holidays of {name}" for name in calendar.unknown_names)
            changed = True
    return changed


def _stands(case: Case, instance: Instance) -> bool:
    return case.resolution is not None or (case.waiting is not None and case.waiting in instance.plan.paused_on)


def breach(case: Case, instance: Instance, at: int, performed: bool = False) -> None:
    """From the deadline on, whatever happens later."""
    instance.phase = "breached"
    instance.due = at
    if isinstance(instance.clock, Several):  # the one that was missed; what stops or begins later changes nothing (R13)
        instance.clock = instance.clock.governing()
    case.note(instance, "the deadline passes: " + ("missed" if instance.plan.duty.effort else "breached"), at)
    if instance.row is not None:
        instance.owed, instance.ceased_at = False, at  # R4: never performed late
        if instance.plan.rolling:
            begin(case, instance.plan, at, instance.cause, instance.trigger, instance.row)
    elif not performed:
        stand(case, instance)
    consequences(case, instance, "breached")


def consequences(case: Case, instance: Instance, outcome: str, since: int | None = None) -> None:
    """What an outcome sets off; ``since``: when it came about, where that was before now."""
    for planned in case.plan.on_outcome.get((instance.plan.name, outcome), ()):
        if since is not None and since < case.now:
            case.late.append((planned, instance, since))
            continue
        known = len(case.instances)
        breached = outcome == "breached"
        _follow(case, planned, instance, instance if breached else None, breached or instance.surely_then)
        if outcome == "breached":
            for consequence in case.instances[known:]:
                past_act(case, consequence, instance.triggered_at, undone=undone_for(case, consequence))


def _follow(
    case: Case, planned: Planned, instance: Instance, cause: Instance | None, certain: Truth3 = True
) -> None:
    """What an instance sets off keeps the terms that it stands under (R27)."""
    known = len(case.instances), len(case.elections), len(case.rows)
    arise(case, planned, cause, instance.performed_by, certain)
    root = keeps_terms_of(instance)
    found: tuple[Instance | Election | Row, ...] = (
        *case.instances[known[0] :], *case.elections[known[1] :], *case.rows[known[2] :],
    )  # fmt: skip
    for one in found:
        one.root = root
        if isinstance(one, Instance) and one.row is not None:
            one.row.root = root


def warnings(case: Case) -> bool:
    """What is set off by what remains of a time; of what an act may have performed, nothing is (R9, R23)."""
    changed = False
    for instance in list(case.live):
        for at, number in instance.warnings if not instance.uncertain else ():
            if at <= case.now and number not in instance.warned and instance.phase == "pending":
                instance.warned.add(number)
                changed = True
                planned, _ = case.plan.on_remaining[instance.plan.name][number]
                wants = perhaps_paused(case, instance, at)
                _follow(case, planned, instance, None, Unknown(wants) if wants else True)
        if changed:
            instance.warnings = [w for w in instance.warnings if w[1] not in instance.warned]
    return changed


def _reached_now(case: Case) -> None:
    """Limits that run from another duty's performance, in time or late, begin."""
    if case.aside:
        take_waiting(case)
    for waiting in list(case.live):
        if waiting.plan.waits and waiting.phase == "pending":
            milestones(case, waiting)
            resettle(case, waiting)


def milestones(case: Case, instance: Instance) -> None:
    clock = instance.clock
    if isinstance(clock, Awaiting) or any(isinstance(c, Awaiting) for c in getattr(clock, "clocks", ())):
        anew(case, instance)
        if instance.due is not None and instance.due < case.now:  # reached by an act of before, and only now known
            instance.floor = case.now
            resettle(case, instance)
