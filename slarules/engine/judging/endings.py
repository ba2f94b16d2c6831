"""R1, endings: `until`, `while`, closing, cancelling, a scope (R19). They come before deadlines."""

from __future__ import annotations

from collections.abc import Sequence

from slarules.engine.history import Entry
from slarules.engine.judging import events
from slarules.engine.judging.actors import by_whom
from slarules.engine.judging.case import Case, goes_on
from slarules.engine.judging.instance import Instance, newest
from slarules.engine.plan import DutyPlan
from slarules.model.value import Unknown


def end(case: Case, acts: Sequence[Entry], resolution: Entry | None) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    over = ended_by(case, acts)
    for instance in list(case.live):
        if instance.phase in ("met", "ended", "could_not_arise"):
            continue
        by = over or until(instance.plan, acts)
        if by is None and instance.plan.has_whiles and instance.phase in ("pending", "breached"):
            holds = goes_on(case, instance)
            if isinstance(holds, Unknown) and instance.phase == "breached":
                continue
            if isinstance(holds, Unknown):
                instance.phase, instance.missing, instance.owed = "undetermined", holds.missing, True
                changed = True
                continue
            by = None if holds else "while"
        elif by is None and instance.snapshot is not None and goes_on(case, instance) is False:
            by = "while"  # it would have ended, if it is owed at all (R9)
        if by is not None:
            changed |= finish(case, instance, by, resolution if by == "resolved" else None)
    for row in case.rows:
        by = over or until(row.plan, acts)
        if not row.over and (by is not None or goes_on(case, row) is False):
            row.over, row.closer = True, resolution if by == "resolved" else None
    for election in case.elections:
        ends = over or resolution is not None or goes_on(case, election) is False
        closer = None if over else resolution
        if election.state == "open" and ends:
            election.state, election.at, election.closer = "ended", case.now, closer
        elif election.state == "undetermined" and ends and election.at is None:
            election.at, election.closer = case.now, closer  # ended, if it was open at all (R9)
    return changed


def ended_by(case: Case, acts: Sequence[Entry]) -> str | None:
    if case.outside is not None:
        return case.outside.name
    for entry in acts:
        if entry.event.subject != case.history.subject:
            continue
        if entry.type in events.TICKET_ENDS or entry.type == "terminated":
            return entry.type
        if entry.type == "closed" and entry is case.ending:  # while the ticket was open
            return "closed"
    return None


def until(plan: DutyPlan, acts: Sequence[Entry]) -> str | None:
    """The type of the event of this instant that ends the duty; None where none does."""
    ends = plan.ends
    if not ends:
        return None
    for entry in acts:
        if entry.type in ends and any(by_whom(p, entry) is True for p in ends[entry.type]):
            return entry.type
    return None


def ended_meanwhile(case: Case, plan: DutyPlan, since: int) -> Entry | None:
    """What else would have ended the duty, had a resolution that is undone now not performed or ended it (R7)."""
    meanwhile = (e for e in case.taken if since <= e.at < case.now and e not in case.undone)
    return next((entry for entry in meanwhile if until(plan, [entry])), None)


def finish(case: Case, instance: Instance, by: str, closer: Entry | None = None) -> bool:
    """Nothing is owed any more from now on; whether that changed anything."""
    if instance.phase == "undetermined":
        snapshot = newest(instance).snapshot
        if snapshot is not None and snapshot.ended is None:
            snapshot.ended = (case.now, by, closer)
        elif instance.uncertain and instance.owed:  # it ended while an act may have performed it (R23)
            instance.owed, instance.ceased_at, instance.ended_by = False, case.now, by
            instance.closer = closer if closer is not None else instance.closer
        return False
    if not instance.owed:
        return False
    instance.owed, instance.ceased_at, instance.ended_by = False, case.now, by
    if closer is not None:
        instance.closer = closer
    if instance.phase == "pending" and instance.uncertain:
        instance.phase = "undetermined"
        instance.missing = instance.uncertain[0].missing
    elif instance.phase == "pending":
        instance.phase = "ended"
    return True


def over_now(case: Case, instance: Instance) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    return bool(ended_by(case, case.acts) or until(instance.plan, case.acts)) or goes_on(case, instance) is False
