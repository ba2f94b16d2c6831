"""One instant of a case, in the order of R1: events, their effects, triggers, performance, endings, deadlines,
consequences, until nothing changes."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine import events
from slarules.engine.arise import arise, begin, by_whom, call_up, lapse_clock, next_date, on_event, resettle, rows_due, stand
from slarules.engine.case import Case, Past
from slarules.engine.clock import Awaiting, Counting, in_time
from slarules.engine.expression import Truth3, conjunction, missing
from slarules.engine.history import Entry
from slarules.engine.instance import Election, Instance, Row
from slarules.engine.limits import span_of
from slarules.model.limit import Every, Within
from slarules.model.rules import EachTerm, OnState
from slarules.model.value import Elapsed, Unknown


def step(case: Case, at: int, batch: Sequence[Entry]) -> None:
    """Move the case to ``at``, at which ``batch`` happens."""
    before = case.now
    case.now, case.entry = at, None
    was_severity, was_resolution, was_waiting = case.severity, case.resolution, case.waiting
    acts = case.acts = [entry for entry in batch if events.take(case, entry)]
    resolution = None
    reopened = False
    if acts:
        for entry in acts:
            if entry.type == "resolved":
                resolution = entry
            elif entry.type == "reopened":
                reopened = True
        if case.plan.scopes:
            _scopes(case)
        recorded = {name for entry in acts for name in entry.facts}
        moved = case.waiting != was_waiting or case.resolution is not was_resolution
        if recorded or moved or case.plan.waits:
            _effects(case, acts, was_severity, recorded)
        if reopened and was_resolution is not None:
            _reopen(case, was_resolution)
    if case.plan.watches_status:
        _status_triggers(case, before)
    for entry in acts:
        on_event(case, entry)
        if entry.type in case.plan.judged:
            _rights_and_prohibitions(case, entry)
        if entry.type in ("elected", "agreed"):
            _elect(case, entry)
    if case.plan.standing and at == case.history.entries[0].at:
        _standing(case)
    _settle(case, acts, resolution)
    if reopened and resolution is not None and case.resolution is None:
        _reopen(case, resolution)  # resolved and reopened at one instant
        _settle(case, acts, resolution)
    for instance in case.live:
        if not instance.owed and instance.phase != "pending" and instance.phase != "undetermined":
            case.live = [i for i in case.live if i.phase in ("pending", "undetermined") or i.owed]
            break


def _settle(case: Case, acts: Sequence[Entry], resolution: Entry | None) -> None:
    plan = case.plan
    performs = any(e.type in plan.performing for e in acts)
    ends = plan.has_whiles or case.outside is not None or any(e.type in plan.ending for e in acts)
    for _ in range(1000):  # zero-time circles are refused when the policy is checked (R10)
        changed = bool(case.rows) and rows_due(case)
        if performs:
            changed |= _perform(case, acts)
        if ends or case.rows:
            changed |= _end(case, acts, resolution)
        if resolution is not None:
            _stand_still(case)
        if plan.on_remaining:
            changed |= _warnings(case)
        changed |= _deadlines(case)
        if case.elections:
            changed |= _lapses(case)
        if not changed:
            return


def _stand_still(case: Case) -> None:
    """Clocks stand still from a resolution that did not perform or end their duties (R7)."""
    if case.resolution is not None and case.resolution.at == case.now:
        for instance in case.live:
            if not instance.stopped and instance.owed and instance.phase in ("pending", "breached"):
                stand(case, instance, resolved=True)
                resettle(case, instance)


# ---- Effects on existing instances ---------------------------------------------------------------------------------


def _effects(case: Case, acts: Sequence[Entry], was_severity: str | None, recorded: set[str]) -> None:
    changed = case.severity != was_severity
    for instance in list(case.live):
        if instance.phase == "undetermined":
            if instance.snapshot is not None and instance.missing & recorded:
                _answer(case, instance)
            continue
        touched = changed
        if changed:
            _severity_changed(case, instance, was_severity)
        if instance.uncertain and recorded:
            _requalify(case, instance, recorded)
            touched = True
        if instance.phase == "pending" and instance.plan.by_facts & recorded:
            touched = True
            if instance.plan.duty.keeps not in recorded:
                _terms_changed(case, instance)
            _kept(case, instance, recorded)
        if instance.plan.waits:
            _milestones(case, instance)
            touched = True
        if stand(case, instance) or touched:
            resettle(case, instance)
    for row in case.rows:
        if not row.over and recorded and row.plan.duty.limit is not None:
            next_date(case, row, case.now) if getattr(row.plan.duty.limit, "fact", None) in recorded else None
    for election in case.elections:
        if election.state == "undetermined" and election.missing & recorded:
            _answer_choice(case, election)


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
    assert case.terms.severities is not None
    levels = [level.name for level in case.terms.severities.levels]
    return was is None or levels.index(now) < levels.index(was)


def _retarget(case: Case, instance: Instance) -> None:
    """The limit's terms as they are now, on the clock as it is."""
    limit = instance.plan.duty.limit
    if not isinstance(limit, (Within, Every)):
        return
    span, basis = span_of(limit, case)
    clock = instance.clock
    if isinstance(span, Elapsed) and isinstance(clock, Counting):
        clock.retarget(span.micros, case.calendars[basis] if basis else None, basis)
        return
    if isinstance(span, Unknown):
        return
    floor = instance.floor
    begin(case, instance.plan, instance.start, instance.cause, instance.trigger, instance.row, into=instance)
    instance.floor = floor


def _terms_changed(case: Case, instance: Instance) -> None:
    """A fact that its limit rests on was recorded anew (R6)."""
    begin(case, instance.plan, instance.start, instance.cause, instance.trigger, instance.row, into=instance)
    instance.floor = case.now


def _milestones(case: Case, instance: Instance) -> None:
    clock = instance.clock
    if isinstance(clock, Awaiting) or any(isinstance(c, Awaiting) for c in getattr(clock, "clocks", ())):
        begin(case, instance.plan, instance.start, instance.cause, instance.trigger, instance.row, into=instance)


def _kept(case: Case, instance: Instance, recorded: set[str]) -> None:
    """`must keep FACT`: breached at the instant it becomes no (R25)."""
    keeps = instance.plan.duty.keeps
    if keeps in recorded and instance.phase == "pending" and case.fact(keeps) is False:
        _breach(case, instance, case.now)


def _answer(case: Case, instance: Instance) -> None:
    """R9: the first answering event makes the duty run from its own start, not before now, or never arise."""
    assert instance.snapshot is not None
    past = Past(case, instance.snapshot, instance.missing)
    past.entry = None
    guard = conjunction((instance.plan.only_if, instance.plan.whiles, lambda s: _scope_answer(case, past)))(past)
    if guard is False:
        case.instances.remove(instance)
        case.live.remove(instance)
        case.counts[instance.plan.name] -= 1
        return
    if isinstance(guard, Unknown):
        instance.missing = guard.missing
        return
    if instance.snapshot.ended is not None:
        instance.phase, instance.owed = "ended", False
        instance.ceased_at, instance.ended_by = instance.snapshot.ended
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
        _past_act(case, instance, instance.triggered_at)
        case.note(instance, f"answered ({', '.join(sorted(instance.snapshot.answers))}): runs from its own start (R9), not before now")


def _pauses_since(case: Case, instance: Instance) -> list[tuple[int, int | None, str]]:
    """When the duty's clock would have stood still, had it been known to run."""
    paused_on = instance.plan.duty.paused_on
    assert isinstance(paused_on, tuple)
    pauses: list[tuple[int, int | None, str]] = []
    for at, cause in case.standing:
        stands = cause == "resolved" or cause in paused_on
        if pauses and pauses[-1][1] is None and not stands:
            pauses[-1] = (pauses[-1][0], at, pauses[-1][2])
        elif stands and (not pauses or pauses[-1][1] is not None):
            pauses.append((at, None, cause if cause == "resolved" else f"waiting on {cause}"))
    return [(max(since, instance.start), until, cause) for since, until, cause in pauses
            if until is None or until > instance.start]


def _scope_answer(case: Case, past: Past) -> Truth3:
    values = [test(past) for scope, test in case.plan.scopes if scope.kind == case.history.kind]
    return True if any(v is True for v in values) else missing(*values) or True


def _answer_choice(case: Case, election: Election) -> None:
    assert election.snapshot is not None
    past = Past(case, election.snapshot, election.missing)
    guard = election.plan.only_if(past)
    if guard is False:
        case.elections.remove(election)
    elif guard is True:
        election.state, election.missing = "open", frozenset()
        lapse_clock(case, election)
    else:
        assert isinstance(guard, Unknown)
        election.missing = guard.missing


def _reopen(case: Case, resolution: Entry) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    newest: dict[str, Instance] = {}
    for instance in case.instances:
        newest[instance.plan.name] = instance
    for instance in newest.values():
        instance.uncertain = [u for u in instance.uncertain if u[0].type != "resolved"]
        if instance.closer is not resolution:
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


# ---- Triggers that are not events ------------------------------------------------------------------------------------


def _status_triggers(case: Case, before: int) -> None:
    agreement = case.agreement
    if agreement is None or not case.plan.watches_status:
        return
    own = case.history.kind
    for status, stays in agreement.stays.items():
        for stay in stays:
            if not before < stay.since <= case.now:
                continue
            for planned, becomes in case.plan.on_state:
                if planned.kind == own and becomes == OnState(status, stay.state or ""):
                    arise(case, planned, None, None)
            for planned, each in case.plan.each_term:
                if planned.kind == own and stay.new_term and each == EachTerm(status):
                    arise(case, planned, None, None)


def _standing(case: Case) -> None:
    for planned in case.plan.standing:
        if planned.kind == case.history.kind and not any(i.plan is planned for i in case.instances):
            arise(case, planned, None, None)


def _scopes(case: Case) -> None:
    for scope, test in case.plan.scopes:
        if scope.kind == case.history.kind:
            value = test(case)
            known = case.scope_state.get(scope.name)
            if known is None or known[0] != value and known[0] is not True:
                case.scope_state[scope.name] = (value, case.now)
            if value is True and case.outside is None:
                case.outside = scope


def _rights_and_prohibitions(case: Case, entry: Entry) -> None:
    case.entry = entry
    for right in case.plan.rights.get(entry.type, ()):
        if right.kind == case.history.kind and any(by_whom(p, entry) is not False for p in right.patterns if p.type == entry.type):
            who = by_whom(next(p for p in right.patterns if p.type == entry.type), entry)
            verdict = conjunction((lambda s, who=who: who, lambda s, right=right: case.right_holds(right.name)))(case)  # type: ignore[misc]
            case.rights.append((right, entry, verdict))
    for prohibition, breaks in case.plan.prohibitions:
        if prohibition.kind != case.history.kind:
            continue
        for pattern in prohibition.patterns:
            who = by_whom(pattern, entry) if pattern.type == entry.type else False
            if who is False:
                continue
            broken = conjunction((lambda s, who=who: who, breaks))(case)  # type: ignore[misc]
            if broken is not False:
                case.breaks.append((prohibition, entry, broken))
            break
    case.entry = None


# ---- Performance ---------------------------------------------------------------------------------------------------


def _perform(case: Case, acts: Sequence[Entry]) -> bool:
    changed = False
    if not acts:
        return False
    for instance in list(case.live):
        if instance.phase in ("met", "ended", "could_not_arise") or instance.performed_at is not None or not instance.owed:
            continue
        performs = instance.plan.performs
        for entry in acts:
            if entry.type in performs and _consider(case, instance, entry):
                changed = True
                break
    return changed


def _consider(case: Case, instance: Instance, entry: Entry) -> bool:
    """Whether the act performs the instance, and if so let it."""
    if instance.row is not None and entry.id in instance.row.served:
        return False
    if instance.not_before is not None and entry.at < instance.not_before:
        return False
    if instance.phase == "undetermined" and not instance.uncertain:
        return False
    if any(entry is act for act, _ in instance.uncertain):
        return False
    qualifies = _qualifies(case, instance, entry)
    if qualifies is False:
        return False
    if isinstance(qualifies, Unknown):
        if instance.phase == "pending":
            instance.uncertain.append((entry, qualifies.missing))
            case.note(instance, f"{entry.type} may have performed it: {', '.join(sorted(qualifies.missing))} unknown (R23)")
        return False
    if instance.phase == "undetermined":
        return False  # the certain act came too late to tell
    perform(case, instance, entry)
    return True


def _qualifies(case: Case, instance: Instance, entry: Entry) -> Truth3:
    patterns = instance.plan.performs[entry.type]
    who: Truth3 = False
    for pattern in patterns:
        one = by_whom(pattern, entry)
        who = one if who is False or one is True else who
    if who is False:
        return False
    case.entry = entry
    value = conjunction((lambda s: who, instance.plan.qualifies))(case)
    case.entry = None
    return value


def perform(case: Case, instance: Instance, entry: Entry, early: bool = False) -> None:
    """The act performs the instance: in time, or late."""
    instance.performed_at, instance.performed_by = entry.at, entry
    instance.owed = False
    instance.uncertain = []
    if early and entry.at >= instance.start:  # done before the duty was known to run: as its clock stood then
        instance.stopped = any(since <= entry.at and (until is None or entry.at < until)
                               for since, until, _ in instance.pauses)
    if entry.type == "resolved":
        instance.closer = entry
    if instance.row is not None:
        instance.row.served.add(entry.id)
    if instance.phase == "pending":
        if early or in_time(entry.at, instance.due, instance.plan.strict):
            instance.phase = "met"
        else:
            assert instance.due is not None
            _breach(case, instance, instance.due, performed=True)
    case.note(instance, f"performed by {entry.type}", entry.at)
    if instance.phase == "met":
        _consequences(case, instance, "met")
    if instance.plan.rolling and instance.row is not None and instance.phase == "met" and not _over_now(case, instance):
        begin(case, instance.plan, case.now, instance.cause, instance.trigger, instance.row)


def _over_now(case: Case, instance: Instance) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    return bool(_ended_by(case, case.acts) or _until(instance, case.acts)) or instance.plan.whiles(case) is False


def _requalify(case: Case, instance: Instance, recorded: set[str]) -> None:
    """Acts that were uncertain, with what has been recorded since."""
    for entry, wanted in list(instance.uncertain):
        if not wanted & recorded:
            continue
        qualifies = _qualifies(case, instance, entry)
        if isinstance(qualifies, Unknown):
            continue
        instance.uncertain = [u for u in instance.uncertain if u[0] is not entry]
        if qualifies:
            if instance.phase == "undetermined":
                instance.phase, instance.missing = "pending", frozenset()
            perform(case, instance, entry)
            return
    if instance.phase == "undetermined" and not instance.uncertain:
        instance.phase, instance.missing = "pending", frozenset()
        instance.floor = case.now  # R9
        resettle(case, instance)


def _past_act(case: Case, instance: Instance, since: int) -> None:
    """Acts done already: for a one-shot consequence since the breached duty's trigger (R10)."""
    if instance.plan.rolling or instance.plan.each_day or instance.phase != "pending":
        return
    past = [e for t in instance.plan.performs for e in case.happened.get(t, ()) if since <= e.at < case.now]
    for entry in sorted(past, key=lambda e: e.at):
        qualifies = _qualifies(case, instance, entry)
        if qualifies is True:
            perform(case, instance, entry, early=True)
            return
        if isinstance(qualifies, Unknown):
            instance.uncertain.append((entry, qualifies.missing))


# ---- Endings -------------------------------------------------------------------------------------------------------


def _end(case: Case, acts: Sequence[Entry], resolution: Entry | None) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    over = _ended_by(case, acts)
    for instance in list(case.live):
        if instance.phase in ("met", "ended", "could_not_arise"):
            continue
        by = over or _until(instance, acts)
        if by is None and instance.plan.has_whiles and instance.phase in ("pending", "breached"):
            holds = instance.plan.whiles(case)
            if isinstance(holds, Unknown) and instance.phase == "breached":
                continue
            if isinstance(holds, Unknown):
                instance.phase, instance.missing, instance.owed = "undetermined", holds.missing, True
                changed = True
                continue
            by = None if holds else "while"
        if by is not None:
            changed |= _finish(case, instance, by, resolution if by == "resolved" else None)
    for row in case.rows:
        by = over or next((e.type for e in acts if e.type in row.plan.ends), None)
        if not row.over and (by is not None or row.plan.whiles(case) is False):
            row.over, row.closer = True, resolution if by == "resolved" else None
    for election in case.elections:
        if election.state == "open" and (over or resolution is not None):
            election.state, election.at = "ended", case.now
            election.closer = None if over else resolution
    return changed


def _ended_by(case: Case, acts: Sequence[Entry]) -> str | None:
    if case.outside is not None:
        return case.outside.name
    for entry in acts:
        if entry.type in events.TICKET_ENDS or entry.type == "terminated":
            return entry.type
        if entry.type == "closed" and case.is_ticket and case.resolution is None:
            return "closed"
    return None


def _until(instance: Instance, acts: Sequence[Entry]) -> str | None:
    ends = instance.plan.ends
    if not ends:
        return None
    for entry in acts:
        if entry.type in ends and any(by_whom(p, entry) is True for p in ends[entry.type]):
            return entry.type
    return None


def _finish(case: Case, instance: Instance, by: str, closer: Entry | None) -> bool:
    if instance.phase == "undetermined":
        if instance.snapshot is not None and instance.snapshot.ended is None:
            instance.snapshot.ended = (case.now, by)
        return False
    if not instance.owed:
        return False
    instance.owed, instance.ceased_at = False, case.now
    if closer is not None:
        instance.closer = closer
    if instance.phase == "pending" and instance.uncertain:
        instance.phase = "undetermined"
        instance.missing = instance.uncertain[0][1]
    elif instance.phase == "pending":
        instance.phase, instance.ended_by = "ended", by
        case.note(instance, f"ended by {by} (R19)")
    else:
        instance.ended_by = by
    return True


# ---- Deadlines -----------------------------------------------------------------------------------------------------


def _deadlines(case: Case) -> bool:
    changed = False
    for instance in list(case.live):
        if instance.phase != "pending":
            continue
        if instance.due is not None and instance.due <= case.now:
            changed = True
            if instance.uncertain:
                instance.phase, instance.missing = "undetermined", instance.uncertain[0][1]
            elif instance.not_owed_if_stopped and _stands(case, instance):
                instance.phase, instance.owed, instance.ceased_at, instance.ended_by = "ended", False, case.now, "pause"
            else:
                _breach(case, instance, instance.due)
        elif instance.unknown_at is not None and instance.unknown_at <= case.now:
            calendar = case.calendars[instance.clock.name or "Always"]
            instance.phase = "undetermined"
            instance.missing = frozenset(f"holidays of {name}" for name in calendar.unknown_names)
            changed = True
    return changed


def _stands(case: Case, instance: Instance) -> bool:
    paused_on = instance.plan.duty.paused_on
    assert isinstance(paused_on, tuple)
    return case.resolution is not None or case.waiting is not None and case.waiting in paused_on


def _breach(case: Case, instance: Instance, at: int, performed: bool = False) -> None:
    """From the deadline on, whatever happens later."""
    instance.phase = "breached"
    instance.due = at
    case.note(instance, "the deadline passes: " + ("missed" if instance.plan.duty.effort else "breached"), at)
    if instance.row is not None:
        instance.owed, instance.ceased_at = False, at  # R4: never performed late
        if instance.plan.rolling:
            begin(case, instance.plan, at, instance.cause, instance.trigger, instance.row)
    elif not performed:
        stand(case, instance)
    _consequences(case, instance, "breached")


def _consequences(case: Case, instance: Instance, outcome: str) -> None:
    for planned in case.plan.on_outcome.get((instance.plan.name, outcome), ()):
        known = len(case.instances)
        arise(case, planned, instance if outcome == "breached" else None, instance.performed_by)
        if outcome == "breached":
            for consequence in case.instances[known:]:
                _past_act(case, consequence, instance.triggered_at)
    if outcome == "met" and case.plan.waits:
        for waiting in list(case.live):
            if waiting.plan.waits and waiting.phase == "pending":
                _milestones(case, waiting)
                resettle(case, waiting)


def _warnings(case: Case) -> bool:
    changed = False
    for instance in list(case.live):
        for at, number in instance.warnings:
            if at <= case.now and number not in instance.warned and instance.phase == "pending":
                instance.warned.add(number)
                changed = True
                planned, _ = case.plan.on_remaining[instance.plan.name][number]
                arise(case, planned, None, None)
        if changed:
            instance.warnings = [w for w in instance.warnings if w[1] not in instance.warned]
    return changed


# ---- Choices (R22) -------------------------------------------------------------------------------------------------


def _elect(case: Case, entry: Entry) -> None:
    """An election by the party entitled; early, second, wrong-party and post-resolution ones have no effect."""
    for election in case.elections:
        choice = election.plan.choice
        if election.state != "open" or case.resolution is not None:
            continue
        if choice.elector is None and entry.type != "agreed" or choice.elector is not None and entry.actor != choice.elector:
            continue
        option = entry.facts.get(choice.name)
        if option is None and entry.facts.get("choice") == choice.name:
            option = entry.facts.get("option")
        if option in {name for name, _ in choice.options}:
            election.state, election.elected, election.at = "elected", str(option), case.now
            election.events.append(entry.id)
            call_up(case, election, str(option))


def _lapses(case: Case) -> bool:
    changed = False
    for election in case.elections:
        if election.state == "open" and election.lapses_at is not None and election.lapses_at <= case.now:
            election.state, election.elected, election.at = "lapsed", election.plan.choice.otherwise, case.now
            call_up(case, election, str(election.elected))
            changed = True
    return changed
