"""What would have kept a duty in time, and which acts were done that did not count (R4, R6, R7, R23)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from attrs import frozen

from slarules.engine.actors import by_any
from slarules.engine.adopt import Adopted
from slarules.engine.folding import NO, YES
from slarules.engine.history import Entry, happened_at
from slarules.engine.judging.case import Case, Done
from slarules.engine.judging.instance import Instance
from slarules.engine.reasons.because import MANY, as_of, simple
from slarules.engine.reasons.grounds import grounds, truth
from slarules.engine.reasons.never import refused
from slarules.engine.reasons.origin import Named
from slarules.engine.reasons.reason import Reason, moment
from slarules.model.contract import Terms
from slarules.model.expression import Condition, Pattern
from slarules.model.rules import Duty
from slarules.model.verdict import Verdict
from slarules.wording.conditions import joined
from slarules.wording.voice import Voice

ONLY = {
    "reopened": " (which only a resolved ticket can be)",
    "resumed": " (which only a ticket that waits can be)",
    "waiting": " (on somebody on whom it did not wait already)",
}
"""Acts that are impossible where the ticket stands otherwise (R18)."""


@frozen
class Keeping:
    """Acts that would have kept a duty."""

    patterns: tuple[Pattern, ...]
    """Any one of these,"""
    conditions: tuple[Condition, ...]
    """if all of this holds of it, under the readings it is judged by;"""
    since: int
    """done at or after this instant (microseconds UTC),"""
    after: bool
    """and not at it: an act then served the period before (R4);"""
    until: int
    """and by this one,"""
    strict: bool
    """but not at it."""
    only_then: bool
    """No time was left when the ticket was reopened (R6, R7): it could only be done at that very instant."""
    reopened: bool = False
    """A reopening undoes what a resolution did before it (R7): that is the instant since when."""
    undone: bool = False
    """The same where another act than a resolution performs it, too."""
    while_open: bool = False
    """The ticket was resolved for some of that time, in which nothing resolves it (R18)."""


def keeping(verdict: Verdict, instance: Instance, case: Case) -> Keeping | None:
    """What would have kept a duty that was broken; None where no act could have."""
    duty = instance.plan.duty
    if verdict.state not in ("breached", "missed") or verdict.deadline is None or duty.keeps is not None:
        return None
    conditions = tuple(
        found for one in duty.performance.conditions if (found := simple(one, case.adopted)) != YES
    )
    if NO in conditions:
        return None
    since, row = instance.triggered_at, instance.row
    if instance.cause is not None and row is None:  # R10
        since = instance.cause.triggered_at
    if instance.not_before is not None:
        since = max(since, instance.not_before)
    resolves = {p.type for p in duty.performance.patterns} == {"resolved"}
    turns = _turns(case, verdict.deadline)
    reopened = max((at for at, resolved in turns if not resolved), default=None)
    after_reopening = resolves and reopened is not None and reopened > since
    if after_reopening and reopened is not None:
        since = reopened
    stood = resolves and any(resolved and since < at < verdict.deadline for at, resolved in turns)
    return Keeping(
        duty.performance.patterns, conditions, since, not after_reopening and _boundary(instance, case, since),
        verdict.deadline, instance.strict,
        resolves and (reopened == verdict.deadline or _reopened_at(instance, verdict.deadline)),
        after_reopening, bool(turns) and not resolves, stood,
    )  # fmt: skip


def _turns(case: Case, until: int) -> list[tuple[int, bool]]:
    """When the ticket was resolved, as True, and when it was reopened, as False, up to an instant."""
    return [(e.at, e.type == "resolved") for e in case.taken if e.type in ("resolved", "reopened") and e.at <= until]


def _boundary(instance: Instance, case: Case, since: int) -> bool:
    """Whether an act at its first instant served the period, or the date, before it (R4)."""
    row = instance.row
    if row is None:
        return False
    if instance.plan.rolling:
        return instance.start > (row_start(case, instance) or 0)
    return any(one.row is row and one is not instance and one.due == since for one in case.instances)


def row_start(case: Case, instance: Instance) -> int | None:
    """When the first period of its recurrence began."""
    return min((one.start for one in case.instances if one.row is instance.row), default=None)


def _reopened_at(instance: Instance, at: int) -> bool:
    return any(until == at and since < at and why == "resolved" for since, until, why in instance.pauses)


def kept_by(
    verdict: Verdict, instance: Instance, case: Case, terms: Terms, zone: str
) -> Iterator[Reason]:
    """The acts that would have kept it, in words."""
    duty = instance.plan.duty
    broken = verdict.state in ("breached", "missed") and verdict.deadline is not None
    if broken and duty.keeps is not None:
        yield _not_kept(duty.keeps, case, verdict.deadline or 0, zone)
    elif broken:
        found = keeping(verdict, instance, case)
        if found is None:
            yield Reason("no act could have kept it, under the readings it is judged by")
        else:
            told = f"{_acts(found)} {_times(found, instance, zone)}{_if(found, terms)}"
            yield Reason(f"it would have been kept by {told}")


def _not_kept(fact: str, case: Case, at: int, zone: str) -> Reason:
    told = [e for e in case.history.entries if e.at <= at and fact in e.facts]
    by = f", as recorded with {told[-1].id}" if told else ""
    return Reason(f"it would have been kept if `{fact}` had stayed yes: it is no at {moment(at, zone)}{by} (R25)")


def _acts(found: Keeping) -> str:
    only = {**ONLY, "resolved": " (while it is open, and of those the last)"} if found.undone else ONLY
    kinds = [f"`{p.type}`" + (f" by {p.by}" if p.by else "") + only.get(p.type, "") for p in found.patterns]
    return " or ".join(kinds) or "its performance"


def _times(found: Keeping, instance: Instance, zone: str) -> str:
    until = moment(found.until, zone)
    if found.only_then:
        return f"at {until} itself, after the reopening of that instant: no time was left (R6, R7)"
    told = f"before {until}" if found.strict else f"at or before {until}"
    still = ", while it was not resolved already (R18)" if found.while_open else ""
    if found.reopened:
        return f"from {moment(found.since, zone)} on, when it was reopened (R7), {told}{still}"
    if instance.row is not None or instance.not_before is not None:
        since = moment(found.since, zone)
        return f"{f'after {since}' if found.after else f'from {since} on'} and {told}{still}"
    if instance.cause is not None:
        return f"{told}, an act from {moment(found.since, zone)} on included (R10){still}"
    return f"{told}{still}"


def _if(found: Keeping, terms: Terms) -> str:
    if not found.conditions:
        return ""
    return f", provided that {joined(found.conditions, Voice(terms))}"


# ---- What was done, and did or did not count ------------------------------------------------------------------------


def counted(entry: Entry, case: Case, duty: Duty, adopted: Adopted) -> tuple[str, ...]:
    """What made an act count that had to be of some kind; ``duty`` as the contract states it."""
    asked = [one for one in duty.performance.conditions if simple(one, adopted) != YES]
    then = as_of(case, entry.at, entry) if asked else None
    scenes = (then, Done(case, entry)) if asked else ()  # by what was recorded then, else by what is known now (R23)
    for scene in scenes:
        if scene is not None and all(truth(one, scene, adopted.readings) is True for one in asked):
            return tuple(dict.fromkeys(text for one in asked for text in grounds(one, scene, adopted.readings)))
    return ()


def not_counted(
    verdict: Verdict, instance: Instance, case: Case, duty: Duty, adopted: Adopted, named: Named, zone: str
) -> Iterator[Reason]:
    """Acts of its kind, done while it was owed, that did not perform it; ``duty`` as the contract states it."""
    over = verdict.performed_at if verdict.performed_at is not None else instance.ceased_at
    doubted = [one.act for one in instance.uncertain]
    entries = case.history.entries
    first = bisect_left(entries, instance.triggered_at, key=happened_at)
    last = bisect_right(entries, case.now if over is None else over, key=happened_at)
    acts = [
        e
        for e in entries[first:last]
        if e.type in instance.plan.performs
        and e is not instance.performed_by and e is not instance.trigger
        and all(e is not one for one in doubted)
    ]
    told = [(e, why) for e in acts if (why := _why_not(e, instance, case, duty, adopted, zone))]
    if len(told) > MANY:
        yield Reason(f"{len(told)} acts of its kind did not perform it; of the latest {MANY}:")
    for entry, why in told[-MANY:]:
        yield Reason(f"{named(entry)} did not perform it", tuple(Reason(text) for text in why))


def _why_not(
    entry: Entry, instance: Instance, case: Case, duty: Duty, adopted: Adopted, zone: str
) -> tuple[str, ...]:
    """Why an act did not perform an instance; empty: it served another one, or came after."""
    if (why := refused(case, entry)) is not None:
        return (why,)
    patterns = instance.plan.performs[entry.type]
    if by_any(patterns, entry) is False:
        return (f"it was by {entry.actor}, not by {' or '.join(dict.fromkeys(p.by or '' for p in patterns))}",)
    if instance.not_before is not None and entry.at < instance.not_before:
        return (f"it was before {moment(instance.not_before, zone)}, from when on it counts",)
    if not duty.performance.conditions:
        return ()
    then = as_of(case, entry.at, entry)
    for scene in (then, Done(case, entry)):  # by what was recorded then, else by what is known now (R23)
        found = [
            text
            for condition in duty.performance.conditions
            if scene is not None and truth(condition, scene, adopted.readings) is False
            for text in grounds(condition, scene, adopted.readings)
        ]
        if found:
            return tuple(dict.fromkeys(found))
    return ()
