"""R1, endings: `until`, `while`, closing, cancelling, a scope (R19). They come before deadlines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import takewhile

from slarules.engine.actors import by_whom, whose
from slarules.engine.history import Entry, happened_at
from slarules.engine.judging import events
from slarules.engine.judging.case import Case, Then, goes_on
from slarules.engine.judging.instance import Election, Instance, Row, is_in_doubt, newest
from slarules.engine.plan import DutyPlan, Planned
from slarules.model.rules import OnState
from slarules.model.value import Unknown

TERMINATED = "terminated"
"""The event that ends an agreement, and with it what is pending on it (R19)."""


def end(case: Case, acts: Sequence[Entry], resolution: Entry | None) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    over = ended_by(case, acts)
    for instance in list(case.live):
        if instance.phase in ("met", "ended", "could_not_arise"):
            continue
        by = _beside(case, instance, over) or until(instance.plan, acts)
        known = instance.phase in ("pending", "breached")
        if by is None and instance.plan.has_whiles and (known or is_in_doubt(instance)):
            holds = goes_on(case, instance)
            if isinstance(holds, Unknown) and instance.phase != "pending":
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
        elif (perhaps := may_end(instance.plan, acts)) is not None:
            changed |= finish(case, instance, perhaps.type, wants=whose(perhaps))
    for row in case.rows:
        by = _beside(case, row, over) or until(row.plan, acts)
        if not row.over and (by is not None or goes_on(case, row) is False):
            row.over, row.closer = True, resolution if by == "resolved" else None
        elif not row.over and (perhaps := may_end(row.plan, acts)) is not None:
            row.end_wants = row.end_wants or whose(perhaps)
    for election in case.choosing:
        ended = _beside(case, election, over)
        ends = ended or resolution is not None or goes_on(case, election) is False
        closer = None if ended else resolution
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


def _beside(case: Case, one: Instance | Row | Election, over: str | None) -> str | None:
    """What ends it with its subject: not the termination that sets it off, or leads to the state that does."""
    if over != TERMINATED or one.cause is not None:
        return over
    if one.trigger is not None:
        return None if one.trigger.type == TERMINATED and one.trigger.at == case.now else over
    since = one.start if isinstance(one, Row) else one.triggered_at
    if since != case.now or case.agreement is None:
        return over
    rule = one.plan.choice if isinstance(one, Election) else one.plan.duty
    entered = {(t.status, t.state) for t in rule.triggers if isinstance(t, OnState)}
    led_to = {
        (name, move.to) for name, status in case.agreement.terms.statuses.items() for state in status.states
        for move in state.transitions if any(pattern.type == TERMINATED for pattern in move.patterns)
    }  # fmt: skip
    found = any(case.agreement.state_at(name, case.now) == state for name, state in entered & led_to)
    return None if found else over


def until(plan: DutyPlan, acts: Sequence[Entry]) -> str | None:
    """The type of the event of this instant that ends the duty; None where none does."""
    ends = plan.ends
    if not ends:
        return None
    for entry in acts:
        if entry.type in ends and any(by_whom(p, entry) is True for p in ends[entry.type]):
            return entry.type
    return None


def may_end(plan: DutyPlan, acts: Sequence[Entry]) -> Entry | None:
    """The event of this instant that ends the duty if it is by whom the duty names, which nobody recorded (R23)."""
    ends = plan.ends
    if not ends:
        return None
    for entry in acts:
        if entry.actor is None and any(by_whom(p, entry) is not True for p in ends.get(entry.type, ())):
            return entry
    return None


def ended_meanwhile(
    case: Case, one: Instance | Row | Election, since: int, counted: Entry | None = None
) -> tuple[int, str, frozenset[str]] | None:
    """When and by what else it would have ended, had a resolution that is undone now not performed or ended it (R7);
    and for want of what nobody knows whether it would. A resolution that is ``counted`` ends it, too."""
    found = _first_end(case, one.plan, since, counted)
    if one.plan.has_whiles if isinstance(one.plan, DutyPlan) else one.plan.choice.whiles:
        for at in _turns_since(case, one.plan, since):
            if found is not None and at >= found[0]:
                break
            if one.plan.whiles(Then(case, at, one.trigger)) is False:
                return at, "while", frozenset()
    return found


def _first_end(
    case: Case, plan: Planned, since: int, counted: Entry | None
) -> tuple[int, str, frozenset[str]] | None:
    ends = _ends_since(case, plan, since, counted)
    first = next(ends, None)
    if first is None:
        return None
    at, _, by, wants = min((first, *takewhile(lambda one: one[0] == first[0], ends)), key=lambda one: one[1])
    return at, by, wants


def _ends_since(
    case: Case, plan: Planned, since: int, counted: Entry | None
) -> Iterator[tuple[int, int, str, frozenset[str]]]:
    """When and by what has happened since the duty or choice ends, or may end; at one instant with its ticket first."""
    duty = plan if isinstance(plan, DutyPlan) else None
    place = bisect_left(case.taken, since, key=happened_at)
    before = (case.taken[n].type for n in range(place - 1, -1, -1))
    resolved = next((type for type in before if type in ("resolved", "reopened")), None) == "resolved"
    for entry in case.taken[place:]:
        resolved = entry.type == "resolved" or (resolved and entry.type != "reopened")
        if entry.at < case.now and (entry is counted or entry.type != "resolved" or entry not in case.undone):
            if entry.type in events.TICKET_ENDS or (entry.type == "closed" and not resolved):
                yield entry.at, 0, entry.type, frozenset()
            elif duty is not None and until(duty, [entry]):
                yield entry.at, 1, entry.type, frozenset()
            elif duty is not None and may_end(duty, [entry]):
                yield entry.at, 2, entry.type, whose(entry)


def _turns_since(case: Case, plan: Planned, since: int) -> list[int]:
    """When a `while` may have come out otherwise since, by events, by the agreement or by opening times (R8)."""
    happened = [case.taken, case.agreement.history.entries] if case.agreement is not None else [case.taken]
    turns: set[int] = set()
    for entries in happened:
        first, last = (bisect_left(entries, at, key=happened_at) for at in (since, case.now))
        turns |= {entry.at for entry in entries[first:last]}
    if case.agreement is not None:
        turns |= {at for at in case.agreement.changes_after(since) if at < case.now}
    for name in plan.hours:
        calendar, at = case.calendars[name], since
        while (turn := calendar.next_close(at) if calendar.is_open(at) else calendar.next_open(at)) is not None:
            if turn >= case.now:
                break
            turns.add(turn)
            at = turn
    return sorted(turns)


def finish(
    case: Case, instance: Instance, by: str, closer: Entry | None = None, wants: frozenset[str] = frozenset()
) -> bool:
    """Nothing is owed any more from now on, or for ``wants`` nobody knows; whether that changed anything."""
    if instance.phase == "undetermined":
        snapshot = newest(instance).snapshot
        if is_in_doubt(instance):  # it ended while an act may have performed it, or on terms that nobody knows (R23)
            if instance.owed:
                instance.owed, instance.ceased_at, instance.ended_by = False, case.now, by
                instance.closer = closer if closer is not None else instance.closer
                instance.end_wants = wants
        elif snapshot is not None and snapshot.ended is None:
            snapshot.ended, snapshot.end_wants = (case.now, by, closer), wants
        return False
    if not instance.owed or (wants and instance.phase == "breached"):
        return False
    instance.owed, instance.ceased_at, instance.ended_by = False, case.now, by
    if closer is not None:
        instance.closer = closer
    if instance.phase == "pending" and instance.uncertain:
        instance.phase = "undetermined"
        instance.missing = instance.uncertain[0].missing
    elif instance.phase == "pending" and wants:
        instance.phase, instance.missing = "undetermined", wants
    elif instance.phase == "pending":
        instance.phase = "ended"
    instance.end_wants = wants
    return True


def over_now(case: Case, instance: Instance) -> bool:
    """Whether what ends the recurrence happens at this very instant: endings come before the next period (R1)."""
    ends = _beside(case, instance, ended_by(case, case.acts)) or until(instance.plan, case.acts)
    return bool(ends) or goes_on(case, instance) is False
