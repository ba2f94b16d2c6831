"""Acts of which it became known only later whether they performed a duty, and what follows from that (R7, R9, R23)."""

from __future__ import annotations

from slarules.engine.arise import begin, resettle
from slarules.engine.case import Case
from slarules.engine.clock import Dated
from slarules.engine.instance import Doubt, Instance, Row
from slarules.engine.owed import past_act, past_periods, perform, qualifies_now, undone_for
from slarules.engine.pauses import as_it_stood
from slarules.model.value import Unknown

BEGUN_AGAIN = "reopened: begun again, with the whole of its time (R7)"
"""What explains an instance that a reopening began."""


def requalify(case: Case, instance: Instance, recorded: set[str]) -> None:
    """Acts that were uncertain, with what has been recorded since."""
    for one in list(instance.uncertain):
        if not one.missing & recorded:
            continue
        qualifies = qualifies_now(case, instance, one.act)
        if isinstance(qualifies, Unknown):
            continue
        instance.uncertain = [other for other in instance.uncertain if other is not one]
        if qualifies:
            _known_to_qualify(case, instance, one)
            return
    if instance.phase == "undetermined" and not instance.uncertain:
        _known_to_be_open(case, instance)


def _known_to_qualify(case: Case, instance: Instance, then: Doubt) -> None:
    """An earlier act performed it, also where it ended since, or was missed before the act (R1, R23)."""
    if instance.phase != "breached":
        instance.phase, instance.missing = "pending", frozenset()
        instance.ended_by = instance.ceased_at = None
        as_it_stood(instance, then)
    perform(case, instance, then.act)
    if then.act.type == "resolved":
        _began_again(case, instance)


def _known_to_be_open(case: Case, instance: Instance) -> None:
    """No act of before performed it, so it is as if it were answered now, and acts since its trigger count (R9)."""
    owed, until = instance.owed, instance.ceased_at
    if instance.row is not None and isinstance(instance.clock, Dated):
        until = instance.clock.at  # an act serves the date on which it falls (R4)
    instance.phase, instance.missing, instance.owed = "pending", frozenset(), True
    instance.floor = case.now
    resettle(case, instance)
    undone = undone_for(case, instance)
    if instance.row is not None and instance.plan.rolling:
        instance = past_periods(case, instance, until, undone)
    else:
        past_act(case, instance, instance.triggered_at, until, undone)
    if not owed and instance.phase == "pending":
        instance.phase, instance.owed = "ended", False
        if instance.ended_by == "resolved":
            _began_again(case, instance)


def _began_again(case: Case, instance: Instance) -> None:
    """A reopening has begun it again since, as is known now (R7)."""
    since, plan = instance.again_at, instance.plan
    if since is None or plan.each_day:
        return
    row = Row(plan, instance.cause, instance.trigger) if plan.rolling else None
    again = begin(case, plan, since, instance.cause, instance.trigger, row)
    if again is not None:
        case.note(again, BEGUN_AGAIN, since)
        again.triggered_at, again.floor = since, case.now
        resettle(case, again)
        if row is None:
            past_act(case, again, since, undone=undone_for(case, again))
        else:
            past_periods(case, again, None, undone_for(case, again))
