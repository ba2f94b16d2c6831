"""Acts of which it became known only later whether they performed a duty, and what follows from that (R7, R9, R23)."""

from __future__ import annotations

from attrs import evolve

from slarules.engine.history import Entry
from slarules.engine.judging.acts import qualifies_now
from slarules.engine.judging.beginning import anew, begin, resettle, stand
from slarules.engine.judging.case import Case, Then
from slarules.engine.judging.clock import Dated
from slarules.engine.judging.instance import Doubt, Instance, Row, over_since
from slarules.engine.judging.owed import past_act, past_periods, perform, undone_for
from slarules.engine.judging.pauses import as_it_stood, over_before, pauses_since, stood
from slarules.engine.judging.severity import severity_at, terms_between
from slarules.model.value import Unknown

BEGUN_AGAIN = "reopened: begun again, with the whole of its time (R7)"
"""What explains an instance that a reopening began."""


def requalify(case: Case, instance: Instance, recorded: set[str]) -> None:
    """Acts that were uncertain, with what has been recorded since."""
    for one in list(instance.uncertain):
        if not one.missing & recorded:
            continue
        served = instance.row is not None and one.act in instance.row.served  # the date or period before (R4)
        qualifies = False if served else qualifies_now(case, instance, one.act)
        if isinstance(qualifies, Unknown):
            _wants_less(instance, one, qualifies.missing)
            continue
        instance.uncertain = [other for other in instance.uncertain if other is not one]
        if qualifies:
            _known_to_qualify(case, instance, one)
            return
    if instance.phase == "undetermined" and not instance.uncertain:
        known_to_be_open(case, instance)


def _wants_less(instance: Instance, then: Doubt, missing: frozenset[str]) -> None:
    """Some of what would tell of an act is told, and some is not yet (R9)."""
    instance.uncertain = [evolve(one, missing=missing) if one is then else one for one in instance.uncertain]
    if instance.phase == "undetermined" and not instance.unsaid:
        instance.missing = instance.uncertain[0].missing


def _known_to_qualify(case: Case, instance: Instance, then: Doubt) -> None:
    """An earlier act performed it, also where it ended since, or was missed before the act (R1, R23)."""
    ended = None if instance.owed else (instance.ceased_at, instance.ended_by, instance.closer)
    if instance.phase != "breached":
        instance.phase, instance.missing = "pending", frozenset()
        as_it_stood(case, instance, then)
    instance.ended_by = instance.ceased_at = None
    known, instance.closer = len(case.instances), None  # no reopening undoes an act of before the resolution (R7)
    wants = instance.end_wants
    perform(case, instance, then.act, last=ended is not None and ended[0] == then.act.at and not wants)
    for period in case.instances[known:]:
        if period.row is not None and period.row is instance.row:  # acts since then served the periods that followed
            last = past_periods(case, period, ended and ended[0], undone_for(case, instance), then.act.at)
            if ended is not None and last.phase == "pending":
                over_since(last, ended, wants)
            if ended is not None and ended[2] is not None:  # a reopening has begun it again since
                last.again = instance.again
                began_again(case, last, ended[2])
            break
    if then.act.type == "resolved":
        began_again(case, instance, then.act)
    elif ended is not None and ended[2] is not None and ended[0] == then.act.at and instance.plan.rolling:
        began_again(case, instance, ended[2])  # a period that was served at the instant of the resolution


def known_to_be_open(case: Case, instance: Instance) -> None:
    """No act of before performed it, or its terms are known: as if it were answered now, and acts since its trigger
    count (R9)."""
    if instance.unsaid:  # nor does anybody know its terms
        instance.phase = "pending"
        anew(case, instance)
        if instance.unsaid:
            return
    owed, until, wants = instance.owed, instance.ceased_at, instance.end_wants
    if instance.row is not None and isinstance(instance.clock, Dated):
        until = instance.clock.at  # an act serves the date on which it falls (R4)
    instance.phase, instance.missing, instance.owed = "pending", frozenset(), True
    instance.floor = case.now
    stand(case, instance, resolved=True)  # also where it was resolved at this instant
    over_before(instance)
    resettle(case, instance)
    own = [act for act, _ in instance.again]  # resolutions whose reopenings began it again
    undone = [act for act in undone_for(case, instance) if act not in own]
    if instance.row is not None and instance.plan.rolling:
        instance = past_periods(case, instance, until, undone, case.now)
    else:
        past_act(case, instance, instance.triggered_at, until, undone)
        if instance.performed_by in own:
            began_again(case, instance, instance.performed_by)
        dated = instance.phase == "pending" and instance.not_owed_if_stopped and until is not None and until < case.now
        if dated and until is not None and stood(pauses_since(case, instance.plan, instance.start), until):  # R4
            instance.phase, instance.owed, instance.ceased_at, instance.ended_by = "ended", False, until, "pause"
    if not owed and instance.phase == "pending":
        instance.phase, instance.owed = "ended", False
        if wants:
            instance.phase, instance.missing, instance.end_wants = "undetermined", wants, wants
        if instance.closer is not None:
            began_again(case, instance, instance.closer)


def began_again(case: Case, instance: Instance, resolution: Entry) -> None:
    """A reopening has begun it again since, as is known now, and perhaps another that instance in turn (R7)."""
    plan = instance.plan
    since = next((at for act, at in instance.again if act is resolution), None)
    if since is None or plan.each_day:
        return
    row = Row(plan, instance.cause, instance.trigger) if plan.rolling else None
    severity, case.severity = case.severity, severity_at(case, since)
    then = Then(case, since, instance.trigger, onwards=True)
    again = begin(case, plan, since, instance.cause, instance.trigger, row, scene=then)
    case.severity = severity
    if again is not None:
        case.note(again, BEGUN_AGAIN, since)
        again.triggered_at = since
        again.pauses = pauses_since(case, plan, since)
        again.stopped = bool(again.pauses) and again.pauses[-1][1] is None
        if again.phase == "pending":
            begin(case, plan, since, again.cause, again.trigger, row, scene=then, into=again)
            if row is None:
                terms_between(case, again, since, case.now)
        again.floor = case.now
        over_before(again)
        resettle(case, again)
        again.again = [pair for pair in instance.again if pair[1] > since]
        if row is None:
            own = [act for act, _ in again.again]  # resolutions that its own reopenings undo for what follows
            past_act(case, again, since, undone=[act for act in undone_for(case, again) if act not in own])
            if again.performed_by in own:
                began_again(case, again, again.performed_by)
        else:
            past_periods(case, again, None, undone_for(case, again), since)
