"""By when an instance is due, and why: closings that count, dates, clocks that stand still; and what ended it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from slarules.calendars import zones
from slarules.engine.judging.case import Case
from slarules.engine.judging.clock import Awaiting, Clock, Closings, Counting, Dated, Endless, Several
from slarules.engine.judging.instance import Instance
from slarules.engine.judging.limits import NO_PROMISE, back
from slarules.engine.judging.pauses import stood
from slarules.engine.plan import term_of
from slarules.engine.reasons.because import as_of
from slarules.engine.reasons.grounds import grounds, said, truth
from slarules.engine.reasons.origin import Named
from slarules.engine.reasons.reason import WEEKDAYS, Reason, length, moment
from slarules.model.limit import BeforeTermEnds, ByEndOf, Counted, EachDay, NextClose, OnEach, Within
from slarules.model.rules import Duty
from slarules.model.value import Civil, Value
from slarules.model.verdict import Verdict
from slarules.wording.limits import so_long_before


def governing(instance: Instance) -> Clock:
    """The clock that counts."""
    clock = instance.clock
    return clock.governing() if isinstance(clock, Several) and clock.clocks else clock


def due(verdict: Verdict, instance: Instance, case: Case, zone: str) -> Iterator[Reason]:
    """What the deadline comes from, besides the stretches of a clock that counts time."""
    clock = governing(instance)
    if verdict.state in ("undetermined", "could_not_arise"):
        return
    if isinstance(instance.clock, Several):
        which = "the sooner" if instance.clock.sooner else "the later"
        ends = [instance.clock.due_of(one) for one in instance.clock.clocks]
        told = ["not yet known" if at is None else moment(at, zone) for at in ends]
        yield Reason(f"{which} of several times counts (R33): {'; '.join(told)}")
    if isinstance(clock, Awaiting):
        yield Reason("its time has not begun: what it runs from has not happened")
    elif isinstance(clock, Closings):
        yield _closings(clock, instance, verdict, case, zone)
    elif isinstance(clock, Dated) and clock.at is not None:
        yield from _dated(clock.at, instance, case, zone)
    noted = any(at == instance.floor and "not before now" in note for at, note in instance.notes)
    if instance.floor is not None and verdict.deadline == instance.floor and not noted:
        yield Reason(f"it is not due before {moment(instance.floor, zone)}: what it is due by was told only then (R6)")
    if verdict.state == "suspended":
        left = f": {length(max(0, verdict.margin))} of its time is left" if verdict.margin is not None else ""
        yield Reason(f"its clock stands still, so it has no deadline now{left} (R16)")
    elif instance.stopped and isinstance(clock, (Counting, Closings)) and _dateless(verdict):
        yield Reason("it was performed while its clock stood still, so it has no deadline (R16)")
    if isinstance(instance.clock, Endless) and verdict.state == "pending":
        kept = instance.plan.duty.keeps
        yield Reason(
            "no time is set for it: it is owed until it is done, or something ends it (R25)" if kept is None
            else f"it is to be kept so all the time: no record says that `{kept}` is no (R25)"
        )
    if instance.strict and verdict.state == "pending" and verdict.deadline is not None:
        yield Reason("at the deadline itself it would be too late")
    if "no_deadline_found" in verdict.flags:
        yield Reason("no deadline can be found in the years that the calendars know")
    if verdict.state == "pending" and instance.unknown_at is not None:
        yield Reason(
            f"from {moment(instance.unknown_at, zone)} on it cannot be known: what {clock.name} is made of "
            "tells of no later time (R30)"
        )


def period(instance: Instance, case: Case, zone: str) -> Iterator[Reason]:
    """R4: what the period of a recurring duty began with, where it is not the first."""
    if instance.row is None or not instance.plan.rolling:
        return
    for before in case.instances:
        if before.row is instance.row and before.start < instance.start:
            at = moment(instance.start, zone)
            if before.performed_at == instance.start:
                yield Reason(f"its period began at {at}, with the performance of {before.label} (R4)")
            elif before.phase == "breached" and before.due == instance.start:
                yield Reason(f"its period began at {at}, with the missed deadline of {before.label} (R4)")


def _dateless(verdict: Verdict) -> bool:
    return verdict.state in ("met", "reached") and verdict.deadline is None


def _closings(clock: Closings, instance: Instance, verdict: Verdict, case: Case, zone: str) -> Reason:
    """R15: the closings that counted, one by one; several that did not for one cause are told together."""
    table, counts, before = clock.calendar.day_table, 0, clock.start
    found: list[Reason] = []
    idle: list[tuple[int, str]] = []
    until = verdict.deadline if verdict.deadline is not None and not clock.to_opening else case.now
    place = table.index_after(clock.calendar.local_date(clock.start))
    while place < len(table) and table.day(place).last_close <= until and counts < clock.number:
        close = table.day(place).last_close
        stands = next((why for since, end, why in instance.pauses
                       if since <= close and (end is None or close < end)), None)  # fmt: skip
        counts += not stood(instance.pauses, close)
        if idle and stands != idle[0][1]:
            found += _idle(idle, zone)
            idle = []
        if stands:
            idle.append((close, stands))
        else:
            found.append(Reason(f"{_close(close, zone)}: number {counts}{_holidays(clock, before, close)}"))
        before = close
        place += 1
    found += _idle(idle, zone)
    head = f"due at closing number {clock.number} of {clock.name} after the date on which it began (R15)"
    return Reason(head + (", and then at the next opening" if clock.to_opening else ""), tuple(found))


def _idle(idle: list[tuple[int, str]], zone: str) -> Iterator[Reason]:
    """Closings in a row that one cause keeps from counting."""
    if len(idle) < 3:
        for close, why in idle:
            yield Reason(f"{_close(close, zone)}: not counted, {why}")
        return
    (first, why), (last, _) = idle[0], idle[-1]
    yield Reason(f"{_close(first, zone)} to {_close(last, zone)}: {len(idle)} closings not counted, {why}")


def _holidays(clock: Closings, since: int, until: int) -> str:
    """The dates between two closings that a holiday closed: a reader would count them."""
    closed = [(clock.calendar.local_date(one.start).isoformat(), one.reason)
              for one in clock.calendar.segments(since, until) if one.state != "open" and one.reason]
    told = ", ".join(f"{day} ({name})" for day, name in closed)
    return f", after what was closed: {told}" if told else ""


def _close(at: int, zone: str) -> str:
    """A closing; at midnight it is the end of the date before."""
    end, day = _end(at, zone), zones.local_date(at - 1, zone)
    return f"the end of {WEEKDAYS[day.weekday()]} {end}" if end == day.isoformat() else moment(at, zone)


def _dated(at: int, instance: Instance, case: Case, zone: str) -> Iterator[Reason]:
    """R14: a deadline that stands on dates."""
    duty, end = instance.plan.duty, _end(at, zone)
    limit, start = duty.limit, zones.local_date(instance.start, case.zone or "UTC").isoformat()
    match limit:
        case ByEndOf(name, close_in):
            day = case.amount_now(name) if name in case.terms.amounts else case.fact(name)
            where = f" in {close_in}" if close_in else ""
            if limit.before is not None:
                yield _so_long_before(limit, limit.before, at, day, instance, case, zone)
            elif end in (said(day), moment(at, zone)) or close_in:
                yield Reason(f"due by the end of `{name}`{where}, which is {said(day)} (R14)")
            else:
                yield Reason(f"`{name}` had passed when it was set off, so it is due by {end} (R29)")
        case Within():
            yield Reason(f"due with the end of {end}: dates are counted from {start}, which is not counted (R14)")
        case BeforeTermEnds():
            over = case.term(instance.triggered_at, term_of(duty))[1]
            when = f"; the term ends as {_day(over, case)} begins (R20)" if over is not None else ""
            yield Reason(f"due with the end of {end}, so long before the term ends (R14){when}")
        case NextClose(name):
            yield Reason(f"due at the next closing of {name}: {moment(at, zone)}")
        case EachDay(name):
            yield Reason(f"owed for one date of {name}, due by its last closing: {moment(at, zone)} (R4)")
        case OnEach(fact):
            yield Reason(f"owed for one date of `{fact}`, due with its end: {end} (R4)")


def _so_long_before(
    limit: ByEndOf, far: Civil | Counted, at: int, day: Value, instance: Instance, case: Case, zone: str
) -> Reason:
    """A deadline that is so long before a date; or what holds where that had passed (R29)."""
    found = back(day, far, limit.earliest, instance.start, case, case.zone) if isinstance(day, date) else None
    if isinstance(found, Dated) and found.at == at:
        told = f"due {so_long_before(far, limit.earliest)} `{limit.date}`, which is {said(day)}"
        return Reason(f"{told}: by {_end(at, zone)} (R14)")
    told = f"the last day, {so_long_before(far, None)} `{limit.date}`, which is {said(day)}"
    return Reason(f"{told}, had passed when it was set off, so it is due by {_end(at, zone)} (R29)")


def _day(at: int, case: Case) -> str:
    return zones.local_date(at, case.zone or "UTC").isoformat()


def _end(at: int, zone: str) -> str:
    """The date that ends at an instant; the instant where none does."""
    day = zones.local_date(at - 1, zone)
    return day.isoformat() if zones.day_start(day + timedelta(days=1), zone) == at else moment(at, zone)


# ---- What ended it ------------------------------------------------------------------------------------------------


def ended(
    verdict: Verdict, instance: Instance, case: Case, duty: Duty, options: Mapping[str, str], named: Named, zone: str
) -> Iterator[Reason]:
    """From when on nothing is owed though it was not performed, and what ended it; ``duty`` as the contract has it."""
    by, at = verdict.ended_by, instance.ceased_at
    if by is None or at is None:
        return
    told = f"{moment(at, zone)}: " + ("ended" if verdict.state == "ended" else "no longer owed, ended")
    others = case.agreement.history.entries if case.agreement is not None else ()
    entry = next((e for e in (*case.history.entries, *others) if e.at == at and e.type == by), None)
    parts = (Reason(named(entry)),) if entry is not None else ()
    if by == "while":
        yield Reason(f"{told}, for {_WHY[by]}", tuple(_failing(instance, case, duty, options, at)))
    elif by in _WHY:
        yield Reason(f"{told}, for {_WHY[by]}")
    elif entry is None:
        yield Reason(f"{told} by `{by}`, for it is out of scope (R19)")
    else:
        own = any(pattern.type == by for pattern in duty.until)
        yield Reason(f"{told} by {by}" + (", as its own words say" if own else " (R19)"), parts)


_WHY = {
    "while": "what must be so throughout was so no longer (R8)",
    "pause": "its closing fell while its clock stood still: that date is not owed (R4)",
    NO_PROMISE: "its terms as they are then promise nothing",
}


def _failing(instance: Instance, case: Case, duty: Duty, options: Mapping[str, str], at: int) -> Iterator[Reason]:
    then = as_of(case, at, None)
    if then is None:
        return
    then.whose = instance.trigger
    for condition in duty.whiles:
        if truth(condition, then, options) is False:
            yield from (Reason(text) for text in dict.fromkeys(grounds(condition, then, options)))

