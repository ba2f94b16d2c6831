"""R1, effects on existing instances: pauses, terms that facts change, reopening (R6, R7)."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import pairwise

from slarules.engine.history import Entry
from slarules.engine.judging.acts import done_since
from slarules.engine.judging.answers import answers, undo
from slarules.engine.judging.beginning import anew, begin, resettle, stand, undetermined
from slarules.engine.judging.case import Case, goes_on
from slarules.engine.judging.choices import is_doubtful
from slarules.engine.judging.dates import list_changed, next_date, rows_due
from slarules.engine.judging.doubted import BEGUN_AGAIN, known_to_be_open, requalify
from slarules.engine.judging.endings import ended_meanwhile, until
from slarules.engine.judging.instance import Election, Instance, Row, is_in_doubt
from slarules.engine.judging.owed import (
    PROMISED,
    first_while_resolved,
    milestones,
    past_act,
    undone_for,
    while_resolved,
)
from slarules.engine.judging.severity import known_then, severity_at, severity_changed
from slarules.engine.judging.since import elected_before, follow_late
from slarules.model.limit import OnEach
from slarules.model.value import Unknown


def effects(case: Case, severities: Sequence[str | None], recorded: set[str]) -> None:
    """What this instant does to each instance; ``severities`` are those that the ticket had in it, in turn."""
    changed = len(severities) > 1
    for instance in list(case.live):
        if instance.phase == "undetermined":
            if instance.uncertain:
                _in_doubt(case, instance, severities, recorded)
                requalify(case, instance, recorded)
            elif instance.unsaid:
                _unsaid(case, instance, severities, recorded)
            continue
        if not instance.owed:  # missed and ended; an act before the end may have performed it
            requalify(case, instance, recorded)
            continue
        touched = changed
        if changed:
            _severity_changes(case, instance, severities)
        if instance.uncertain and recorded:
            requalify(case, instance, recorded)
            if instance.performed_at is not None:
                continue  # its clock is as it stood then
            touched = True
        if instance.phase == "pending" and instance.plan.by_facts & recorded:
            touched = True
            if isinstance(instance.plan.duty.limit, OnEach):
                list_changed(case, instance, instance.plan.duty.limit)
            elif instance.plan.duty.keeps not in recorded:
                _terms_changed(case, instance, recorded)
        if instance.plan.waits and instance.phase == "pending":
            milestones(case, instance)
            touched = True
        if stand(case, instance) or touched:
            resettle(case, instance)
    for row in case.rows:
        if not row.over and recorded and row.plan.duty.limit is not None:
            next_date(case, row, case.now) if getattr(row.plan.duty.limit, "fact", None) in recorded else None
    if recorded:
        elected_before(case, answers(case, recorded))
        if case.plan.awaited:
            _known_to_run(case, severities[-1:], recorded)
    if case.late:
        follow_late(case)


def _known_to_run(case: Case, severities: Sequence[str | None], recorded: set[str]) -> None:
    """What was told of a performance tells of the times that run from it (R9, R33)."""
    for instance in tuple(case.live):
        if instance.phase == "undetermined" and instance.unsaid and instance.plan.waits and not instance.uncertain:
            _unsaid(case, instance, severities, recorded)


def _in_doubt(case: Case, instance: Instance, severities: Sequence[str | None], recorded: set[str]) -> None:
    """Other terms, and pauses, of what an act may have performed: they act as on what is owed (R6, R16, R23)."""
    plan, wanted, was_unsaid = instance.plan, instance.missing, instance.unsaid
    if not instance.owed or plan.each_day:
        return
    instance.phase = "pending"
    touched = stand(case, instance) or len(severities) > 1 or plan.waits
    _severity_changes(case, instance, severities)
    if plan.waits:
        milestones(case, instance)
    if plan.by_facts & recorded:
        _terms_changed(case, instance, recorded)
        touched = True
    if touched:
        resettle(case, instance)
    instance.phase = "undetermined"
    if instance.unsaid:
        instance.missing = instance.missing or wanted
    else:
        instance.missing = instance.uncertain[0].missing if was_unsaid else wanted


def _unsaid(case: Case, instance: Instance, severities: Sequence[str | None], recorded: set[str]) -> None:
    """Of terms that nobody knew: what is told now may say them, and the severity and pauses act meanwhile (R6, R9)."""
    wanted = instance.missing
    told = bool((wanted | instance.plan.by_facts) & recorded) or instance.plan.waits
    instance.phase = "pending"
    if instance.owed:
        stand(case, instance)
        _severity_changes(case, instance, severities)
        told |= len(severities) > 1
    if told and instance.phase != "ended":
        instance.phase = "pending"
        anew(case, instance)
    if instance.unsaid:
        instance.phase, instance.missing = "undetermined", instance.missing or wanted
    elif instance.phase == "pending":
        known_to_be_open(case, instance)


def _severity_changes(case: Case, instance: Instance, severities: Sequence[str | None]) -> None:
    """Each change of one instant by its own rule: up and down again is two changes (R6, R12)."""
    for was, now in pairwise(severities):
        case.severity = now
        severity_changed(case, instance, was)


def _terms_changed(case: Case, instance: Instance, recorded: set[str]) -> None:
    """A fact that its limit rests on was recorded anew (R6)."""
    anew(case, instance)
    instance.floor = case.now
    names = " and ".join(f"`{name}`" for name in sorted(instance.plan.by_facts & recorded))
    if case.tracing and names and instance.phase == "pending":
        case.note(instance, f"{names} recorded anew: due by its terms as they are now (R6), and not before now")


def reopen(case: Case, resolution: Entry) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    newest: dict[str, Instance] = {}
    for instance in case.instances:
        newest[instance.plan.name] = instance
    case.undone.append(resolution)
    for instance in newest.values():
        _undoubted(case, instance, resolution)
        _unsaid_then(case, instance, resolution)
        if instance.phase == "undetermined" and not is_in_doubt(instance):
            undo(case, instance, resolution)
        if instance.closer is not resolution or _passed_by(case, instance):
            _rolls_on(case, instance, resolution)
            continue
        match instance.plan.duty.reopening:
            case "resume":
                _resume(case, instance)
            case "restart" if goes_on(case, instance) is False and not instance.plan.each_day:
                pass  # as of a trigger, nothing arises by it (R8)
            case "restart" if is_in_doubt(instance):
                instance.again.append((resolution, case.now))  # where it had not been performed before
            case "restart" if isinstance(wants := instance.surely, Unknown) and not instance.plan.each_day:
                undetermined(case, instance.plan, case.now, instance.cause, instance.trigger, wants, wants)
            case "restart":
                row = Row(instance.plan, instance.cause, instance.trigger) if instance.plan.rolling else None
                if not instance.plan.each_day:
                    again = begin(case, instance.plan, case.now, instance.cause, instance.trigger, row)
                    if again is not None:
                        case.note(again, BEGUN_AGAIN)
                elif instance.row is not None and instance.row.last_date is not None:
                    instance.row.last_date -= 1  # that date may be owed anew
    for row in case.rows:
        if row.over and row.closer is resolution and row.plan.duty.reopening in ("resume", "restart"):
            row.closer = None
            ended = ended_meanwhile(case, row, resolution.at) if row.plan.duty.reopening == "resume" else None
            if ended is not None and not ended[2]:
                continue
            row.over, row.end_wants = False, row.end_wants or (frozenset() if ended is None else ended[2])
            _dates_on(case, row)
    for election in case.choosing:
        if election.closer is resolution:
            ended, election.closer = ended_meanwhile(case, election, resolution.at), None
            if ended is not None:
                election.at = ended[0]
                continue
            if election.state == "ended" and election.at is not None:
                election.state = "open"
                _elects_on(case, election, election.at)
            elif is_doubtful(election) and election.at is not None:
                _elects_on(case, election, election.at)
            election.at = None
        elif election.state == "open" and election.clock is not None and election.lapses_at is None:
            election.clock.run(case.now)  # it was offered on the resolved ticket
            election.lapses_at = election.clock.deadline()
    if case.late:
        follow_late(case)


def _elects_on(case: Case, election: Election, since: int) -> None:
    """The time to elect stood still while the ticket was resolved (R7)."""
    if election.clock is None:
        return
    election.clock.stop(since)
    election.clock.run(case.now)
    due = election.clock.deadline()
    election.lapses_at = due if due is None else max(due, case.now)


def _dates_on(case: Case, row: Row) -> None:
    """Dates after a reopening; where they run on, what was done meanwhile on the day of it serves that day (R4, R7)."""
    next_date(case, row, case.now, runs_on=row.plan.duty.reopening == "resume")
    known = len(case.instances)
    rows_due(case)
    for dated in case.instances[known:]:
        if dated.row is row:
            past_act(case, dated, dated.start, undone=undone_for(case, dated))


def _undoubted(case: Case, instance: Instance, resolution: Entry) -> None:
    """The resolution may have performed it: undone it counts no more, unless the contract says otherwise (R7, R23)."""
    if all(one.act is not resolution for one in instance.uncertain):
        return
    reopening = instance.plan.duty.reopening
    served = instance.plan.rolling or reopening == "restart"  # its period or date for good, if at all
    served = served and not until(instance.plan, [resolution])
    if not served and (reopening == "resume" or (reopening == "restart" and instance.row is not None)):
        instance.uncertain = [one for one in instance.uncertain if one.act is not resolution]
        if instance.phase == "undetermined" and instance.owed and not is_in_doubt(instance):
            known_to_be_open(case, instance)  # dates passed while it was resolved: it is owed either way
    elif reopening == "restart" and instance.row is None:
        instance.again.append((resolution, case.now))


def _unsaid_then(case: Case, instance: Instance, resolution: Entry) -> None:
    """A resolution that performed what was owed on terms that nobody knew: its reopening begins it again (R7, R9)."""
    unsaid = instance.unsaid and instance.closer is not resolution and instance.plan.duty.reopening == "restart"
    if unsaid and resolution in done_since(case, instance, resolution.at, resolution.at, now_too=True):
        instance.again.append((resolution, case.now))


def _rolls_on(case: Case, instance: Instance, resolution: Entry) -> None:
    """A period served at the instant of the resolution: the next, which that kept from beginning, begins (R4, R7)."""
    served = instance.plan.rolling and instance.phase == "met" and instance.performed_at == resolution.at
    reopening = instance.plan.duty.reopening
    reopens = served and reopening in ("resume", "restart") and until(instance.plan, [resolution])
    if reopens and (reopening == "restart" or ended_meanwhile(case, instance, resolution.at) is None):
        begin(case, instance.plan, case.now, instance.cause, instance.trigger, instance.row)


def _passed_by(case: Case, instance: Instance) -> bool:
    """Whether it is a date whose last closing fell while the ticket was resolved: that date is not owed (R4)."""
    over = instance.phase == "ended" and instance.due is not None and instance.due < case.now
    return over and instance.not_owed_if_stopped


def _listed_still(case: Case, instance: Instance, limit: OnEach, at: int) -> None:
    """Whether its date is on the list as that was recorded by then: else it ends (R4, R7)."""
    facts = case.facts
    case.facts = {**facts, **known_then(case, (limit.fact,), at)}
    list_changed(case, instance, limit)
    case.facts = facts


def _severity_since(case: Case, instance: Instance, resolution: Entry, until: int) -> bool:
    """From the level at the resolution to that at an instant since: what lies between is no change of what was met.

    Whether something was promised then; an earlier instant of which that is not so, or not known, changes nothing.
    """
    now, severity, before = case.now, case.severity, copy(instance)
    case.now, case.severity = until, severity_at(case, until)
    severity_changed(case, instance, severity_at(case, resolution.at))
    case.now, case.severity = now, severity
    promised = instance.phase == "pending"
    if until < now and not promised:
        for name in (*PROMISED, "severity", "start", "begun"):
            setattr(instance, name, getattr(before, name))
    instance.floor = now
    return promised


def _resume(case: Case, instance: Instance) -> None:
    was_breached, resolution = instance.phase == "breached", instance.closer
    assert resolution is not None
    was_doubted = instance.phase == "undetermined" and instance.due is not None and instance.due < resolution.at
    if instance.phase == "ended" and instance.missing and instance.snapshot is not None:
        # it ended before its time could be known (R9)
        instance.snapshot.undone.append(resolution)
        instance.snapshot.ended = instance.ended_by = instance.ceased_at = instance.closer = None
        instance.phase, instance.owed = "undetermined", True
        if instance not in case.live:
            case.enliven(instance)
        return
    if not instance.stopped:  # the resolution performed or ended it, so nothing stopped its clock until now
        instance.clock.stop(resolution.at)
        instance.pauses.append((resolution.at, None, "resolved"))
        instance.stopped = True
    instance.performed_at = instance.performed_by = instance.ended_by = instance.ceased_at = instance.closer = None
    instance.owed, instance.end_wants = True, frozenset()
    instance.uncertain, instance.before = instance.uncertain or instance.before, []
    if was_doubted:  # its time was over before, and an act in it may have performed it (R23)
        stand(case, instance)
        return  # such an instance is always live
    if not was_breached:
        instance.phase = "pending"
        instance.floor = case.now
        done = first_while_resolved(case, instance, resolution)
        if done is None or not _severity_since(case, instance, resolution, done.at):
            done = None
            _severity_since(case, instance, resolution, case.now)
        dated = instance.row is not None and not instance.plan.rolling
        if done is None and instance.plan.by_facts and not dated and instance.plan.duty.keeps is None:
            since = instance.pauses[-1][0]
            meanwhile = {name for entry in case.taken if entry.at > since for name in entry.facts}
            _terms_changed(case, instance, meanwhile)
        if instance.plan.waits:
            milestones(case, instance)  # what was reached meanwhile
        if isinstance(limit := instance.plan.duty.limit, OnEach):
            _listed_still(case, instance, limit, case.now if done is None else done.at)
    if instance not in case.live:
        case.enliven(instance)
    case.note(instance, "reopened: owed again (R7), not before now")
    while_resolved(case, instance, resolution)
    if instance.owed:
        stand(case, instance)
        resettle(case, instance)
