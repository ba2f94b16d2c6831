"""R1, effects on existing instances: severity, pauses, answers to what was unknown, reopening (R6, R7, R9)."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine.arise import begin, begin_row, next_date, resettle, rows_due, stand
from slarules.engine.case import Case, Past
from slarules.engine.choices import answer_choice
from slarules.engine.clock import Counting, Dated
from slarules.engine.expression import Truth3, conjunction, missing
from slarules.engine.history import Entry
from slarules.engine.instance import Instance, Row
from slarules.engine.limits import span_of
from slarules.engine.owed import milestones, past_act, requalify
from slarules.model.limit import Every, OnEach, Within
from slarules.model.value import Elapsed, Unknown


def effects(case: Case, acts: Sequence[Entry], was_severity: str | None, recorded: set[str]) -> None:
    changed = case.severity != was_severity
    for instance in list(case.live):
        if instance.phase == "undetermined":
            if instance.uncertain:
                requalify(case, instance, recorded)
            elif instance.snapshot is not None and instance.missing & recorded:
                _answer(case, instance)
            continue
        touched = changed
        if changed:
            _severity_changed(case, instance, was_severity)
        if instance.uncertain and recorded:
            requalify(case, instance, recorded)
            touched = True
        if instance.phase == "pending" and instance.plan.by_facts & recorded:
            touched = True
            if instance.plan.duty.keeps not in recorded:
                _terms_changed(case, instance)
        if instance.plan.waits and instance.phase == "pending":
            milestones(case, instance)
            touched = True
        if stand(case, instance) or touched:
            resettle(case, instance)
    for row in case.rows:
        if not row.over and recorded and row.plan.duty.limit is not None:
            next_date(case, row, case.now) if getattr(row.plan.duty.limit, "fact", None) in recorded else None
    for election in case.elections:
        if election.state == "undetermined" and election.missing & recorded:
            answer_choice(case, election)


def _severity_changed(case: Case, instance: Instance, was: str | None) -> None:
    """R6: recount, restart or keep; a breach that stands, stands."""
    if instance.phase != "pending" or case.severity is None or case.severity == was:
        return
    duty = instance.plan.duty
    policy = duty.rises if _graver(case, case.severity, was) else duty.falls
    if policy == "restart":
        instance.severity = case.severity
        instance.start, instance.floor = case.now, None
        begin(case, instance.plan, case.now, instance.cause, instance.trigger, instance.row, into=instance)
        case.note(instance, f"severity {case.severity}: a new clock (R6)")
    elif policy == "recount" and instance.plan.by_severity:
        instance.severity = case.severity
        instance.floor = case.now
        _retarget(case, instance)
        case.note(instance, f"severity {case.severity}: counted again from the start (R6), so not before now")
    elif policy == "recount":
        instance.severity = case.severity


def _graver(case: Case, now: str, was: str | None) -> bool:
    return was is None or case.plan.grave[now] < case.plan.grave[was]


def _retarget(case: Case, instance: Instance) -> None:
    """The limit's terms as they are now, on the clock as it is."""
    limit, clock = instance.plan.duty.limit, instance.clock
    if isinstance(limit, (Within, Every)) and isinstance(clock, Counting):
        lengths = instance.plan.lengths
        span, basis = span_of(limit, case) if lengths is None else lengths(case)
        if isinstance(span, Elapsed):
            clock.retarget(span.micros, case.calendars[basis] if basis else None, basis)
            return
    floor = instance.floor
    begin(case, instance.plan, instance.start, instance.cause, instance.trigger, instance.row, into=instance)
    instance.floor = floor


def _terms_changed(case: Case, instance: Instance) -> None:
    """A fact that its limit rests on was recorded anew (R6)."""
    begin(case, instance.plan, instance.start, instance.cause, instance.trigger, instance.row, into=instance)
    instance.floor = case.now


def _answer(case: Case, instance: Instance) -> None:
    """R9: the first answering event makes the duty run from its own start, not before now, or never arise."""
    assert instance.snapshot is not None
    past = Past(case, instance.snapshot, instance.missing)
    past.entry = None
    guard = conjunction((instance.plan.only_if, instance.plan.whiles, lambda s: _scope_answer(case, past)))(past)
    if guard is False:
        _withdraw(case, instance)
        return
    if isinstance(guard, Unknown):
        instance.missing = guard.missing
        return
    if instance.snapshot.ended is not None:
        instance.phase, instance.owed = "ended", False
        instance.ceased_at, instance.ended_by = instance.snapshot.ended
        return
    if instance.plan.each_day:
        _answer_dates(case, instance)
        return
    row = Row(instance.plan, instance.cause, instance.trigger) if instance.plan.rolling else None
    instance.pauses = _pauses_since(case, instance)
    instance.stopped = bool(instance.pauses) and instance.pauses[-1][1] is None
    begin(case, instance.plan, instance.start, instance.cause, instance.trigger, row, scene=past, into=instance)
    if instance.phase == "pending":
        instance.severity = past.severity_now()
        instance.floor = case.now
        if "severity" not in instance.snapshot.answers:
            _severity_changed(case, instance, instance.snapshot.severity)
        resettle(case, instance)
        past_act(case, instance, instance.triggered_at)
        case.note(
            instance,
            f"answered ({', '.join(sorted(instance.snapshot.answers))}): runs from its own start (R9), not before now",
        )


def _withdraw(case: Case, instance: Instance) -> None:
    case.instances.remove(instance)
    case.live.remove(instance)
    case.counts[instance.plan.name] -= 1


def _answer_dates(case: Case, instance: Instance) -> None:
    """R9 for a duty that is owed date by date: its dates from its own start on, none of them due before now."""
    limit = instance.plan.duty.limit
    dates = case.fact(limit.fact) if isinstance(limit, OnEach) else None
    if isinstance(dates, Unknown):
        instance.missing = dates.missing
        return
    _withdraw(case, instance)
    known = len(case.instances)
    row = Row(instance.plan, instance.cause, instance.trigger, floor=case.now)
    begin_row(case, row, instance.start)
    rows_due(case)
    for dated in case.instances[known:]:
        if dated.row is row and isinstance(dated.clock, Dated):
            past_act(case, dated, dated.start, dated.clock.at)
            case.note(dated, "answered: its dates run from its own start (R9), none is due before now")


def _pauses_since(case: Case, instance: Instance) -> list[tuple[int, int | None, str]]:
    """When the duty's clock would have stood still, had it been known to run."""
    paused_on = instance.plan.paused_on
    pauses: list[tuple[int, int | None, str]] = []
    for at, cause in case.standing:
        stands = cause == "resolved" or cause in paused_on
        if pauses and pauses[-1][1] is None and not stands:
            pauses[-1] = (pauses[-1][0], at, pauses[-1][2])
        elif stands and (not pauses or pauses[-1][1] is not None):
            pauses.append((at, None, cause if cause == "resolved" else f"waiting on {cause}"))
    return [
        (max(since, instance.start), until, cause)
        for since, until, cause in pauses
        if until is None or until > instance.start
    ]


def _scope_answer(case: Case, past: Past) -> Truth3:
    values = [test(past) for scope, test in case.plan.scopes if scope.kind == case.history.kind]
    return True if any(v is True for v in values) else missing(*values) or True


def reopen(case: Case, resolution: Entry) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    newest: dict[str, Instance] = {}
    for instance in case.instances:
        newest[instance.plan.name] = instance
    for instance in newest.values():
        instance.uncertain = [u for u in instance.uncertain if u[0].type != "resolved"]
        if instance.closer is not resolution or _passed_by(case, instance):
            continue
        match instance.plan.duty.reopening:
            case "resume":
                _resume(case, instance)
            case "restart":
                row = Row(instance.plan, instance.cause, instance.trigger) if instance.plan.rolling else None
                if not instance.plan.each_day:
                    begin(case, instance.plan, case.now, instance.cause, instance.trigger, row)
    for row in case.rows:
        if row.over and row.closer is resolution and row.plan.duty.reopening in ("resume", "restart"):
            row.over, row.closer = False, None
            next_date(case, row, case.now)
    for election in case.elections:
        if election.closer is resolution:
            election.state, election.closer, election.at = "open", None, None


def _passed_by(case: Case, instance: Instance) -> bool:
    """Whether it is a date whose last closing fell while the ticket was resolved: that date is not owed (R4)."""
    over = instance.phase == "ended" and instance.due is not None and instance.due < case.now
    return over and instance.not_owed_if_stopped


def _resume(case: Case, instance: Instance) -> None:
    was_breached = instance.phase == "breached"
    assert instance.closer is not None
    if not instance.stopped:  # the resolution performed or ended it, so nothing stopped its clock until now
        instance.clock.stop(instance.closer.at)
        instance.pauses.append((instance.closer.at, None, "resolved"))
        instance.stopped = True
    instance.performed_at = instance.performed_by = instance.ended_by = instance.ceased_at = instance.closer = None
    instance.owed = True
    if not was_breached:
        instance.phase = "pending"
        instance.floor = case.now
        if instance.severity != case.severity:
            _severity_changed(case, instance, instance.severity)
    if instance not in case.live:
        case.live.append(instance)
    stand(case, instance)
    resettle(case, instance)
    case.note(instance, "reopened: owed again (R7), not before now")
