"""Last step: what a case says as of an instant, in the words of a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import frozen

from slarules.engine.agreements.binding import TERM, over
from slarules.engine.expression import Truth3
from slarules.engine.judging.aside import aside, is_still
from slarules.engine.judging.case import Case, goes_on
from slarules.engine.judging.clock import (
    Clock,
    Closings,
    Counting,
    Dated,
    Several,
    allowed_of,
    consumed_of,
    counted_late,
)
from slarules.engine.judging.instance import Election, Instance, keeps_terms_of
from slarules.engine.judging.stands import begins
from slarules.model.rules import Citation
from slarules.model.value import HOUR, Unknown
from slarules.model.verdict import Verdict

YEAR = 400 * 24 * HOUR
"""So far ahead is looked for the opening hours that end a duty."""
DATED = ("breached", "missed", "pending", "met", "reached")
"""States of an instance that has a deadline, if its clock knows one."""


def _place(instance: Instance) -> tuple[int, int]:
    """By the contract's order of rules, then by number."""
    return instance.plan.place, instance.number


@frozen
class Binds:
    """From when what an agreement forbids binds, and which violations fall under one version of the terms (R27)."""

    since: Mapping[str, int]
    """Prohibition → from when the contract has it."""
    begin: int
    """From when the version is in force,"""
    end: int
    """and from when no more."""
    gaps: Mapping[str, Sequence[tuple[int, int]]]
    """Prohibition → from when to when the contract does not have it."""


def verdicts_of(case: Case, binds: Binds | None = None) -> Iterator[Verdict]:
    """Every verdict of the case, in the contract's order of rules, then by instance; of an agreement as it ``binds``.
    """
    instances = case.instances if len(case.instances) < 2 else sorted(case.instances, key=_place)
    for instance in instances:
        yield _of_instance(case, instance)
    for election in case.elections:
        yield _of_election(case, election)
    if case.plan.prohibitions:
        yield from _of_prohibitions(case, binds)
    if case.rights:
        yield from _of_rights(case)
    if case.plan.scopes:
        yield from _of_scopes(case)


def standing(case: Case, since: int, until: int, terms: tuple[int, int] | None = None) -> tuple[object, ...]:
    """Changes when a state changes or an instance arises (R17), of what is set off from ``since`` on, before ``until``.

    With ``terms``, only of what stands under the terms of that time (R27).
    """

    def told(one: Instance | Election) -> bool:
        return since <= one.triggered_at < until and (terms is None or terms[0] <= keeps_terms_of(one) < terms[1])

    moving, still = [], Counter[tuple[str, bool | None]]()
    for instance in sorted((*case.live, *aside(case)), key=lambda one: one.place) if case.aside else case.live:
        if told(instance):
            state = _state(instance)
            if is_still(instance):
                still[state, _owed(instance, state)] += 1
            else:
                moving.append((state, _owed(instance, state)))
    return (
        len([i for i in case.instances if told(i)]),
        moving,
        still,
        [e.state for e in case.elections if told(e)],
    )


def under_terms_of(case: Case) -> Callable[[Verdict], int]:
    """Tells of each verdict of the case the instant whose terms it stands under (R27)."""
    known: dict[tuple[str, int], int] = {}
    all_of_them: tuple[Instance | Election, ...] = (*case.instances, *case.elections)
    for one in all_of_them:
        known.setdefault((one.plan.name, one.number), keeps_terms_of(one))

    def told(verdict: Verdict) -> int:
        owing = verdict.rule in ("duty", "target", "choice")
        return known.get((verdict.duty, verdict.number), verdict.triggered_at) if owing else verdict.triggered_at

    return told


def _verdict(
    case: Case,
    name: str,
    number: int,
    rule: str,
    state: str,
    citation: Citation,
    triggered_at: int,
    *,
    bearer: str | None = None,
    deadline: int | None = None,
    performed_at: int | None = None,
    owed: bool | None = None,
    ended_by: str | None = None,
    missing: frozenset[str] = frozenset(),
    cause: str | None = None,
    elected: str | None = None,
    next_change_at: int | None = None,
    events: tuple[str, ...] = (),
) -> Verdict:
    """A verdict that is of no duty and no target: no clock runs, and no severity matters."""
    agreement = case.history.agreement
    return Verdict(
        case.history.subject,
        name,
        number,
        rule,
        state,
        bearer,
        None,
        agreement,
        None,
        triggered_at,
        deadline,
        performed_at,
        None,
        None,
        None,
        None,
        owed,
        ended_by,
        tuple(sorted(missing)),
        cause,
        elected,
        next_change_at,
        None,
        events,
        (),
        citation,
    )


def _of_instance(case: Case, instance: Instance) -> Verdict:
    duty = instance.plan.duty
    clock = instance.clock
    state = _state(instance)
    performed = instance.performed_at
    until = performed if performed is not None else instance.ceased_at if not instance.owed else case.now
    consumed = None
    allowed = allowed_of(clock)
    if allowed is not None and state not in ("undetermined", "could_not_arise"):
        consumed = 0 if performed is not None and performed < instance.start else consumed_of(clock, until or case.now)
    deadline = instance.due if state in DATED else None
    while_suspended = instance.stopped and performed is not None and instance.phase == "met"
    if while_suspended and _counts(clock) and not _closed_by(instance):
        deadline = None  # R16
    late = counted = None
    if performed is not None and instance.phase == "breached" and instance.due is not None:
        late = performed - instance.due
        counted = counted_late(clock, instance.due, performed)
    return Verdict(
        case.history.subject,
        duty.name,
        instance.number,
        "target" if duty.effort else "duty",
        state,
        duty.bearer,
        duty.counterparty,
        case.history.agreement,
        instance.severity,
        instance.triggered_at,
        deadline,
        performed,
        consumed,
        None if state == "undetermined" else allowed,
        late,
        counted,
        _owed(instance, state),
        None if state == "undetermined" else instance.ended_by,
        _missing(instance),
        instance.cause.label if instance.cause is not None else None,
        None,
        _next_change(case, instance, state) if state in ("pending", "suspended") else None,
        _calendar(_counted(instance)),
        _used(instance),
        _flags(instance, state),
        duty.citation,
    )


def _state(instance: Instance) -> str:
    effort = instance.plan.duty.effort
    match instance.phase:
        case "met":
            return "reached" if effort else "met"
        case "breached":
            return "missed" if effort else "breached"
        case "pending" if instance.uncertain:
            return "undetermined"
        case "pending" if (
            instance.stopped and instance.due is None and instance.clock.since is None and _counts(instance.clock)
        ):
            return "suspended"
    return instance.phase


def _owed(instance: Instance, state: str) -> bool | None:
    return None if state == "undetermined" else instance.owed and state not in ("met", "reached")


def _counted(instance: Instance) -> Clock:
    """The clock it goes by; of several that by which its time was over (R13)."""
    clock, over_by = instance.clock, instance.over_by
    over = over_by is not None and isinstance(clock, Several) and any(one is over_by for one in clock.clocks)
    return over_by if over and over_by is not None and instance.phase == "undetermined" else clock


def _counts(clock: Clock) -> bool:
    """Whether pauses mean anything to the clock, of several to the one that counts."""
    return isinstance(clock.governing() if isinstance(clock, Several) else clock, (Closings, Counting))


def _closed_by(instance: Instance) -> bool:
    """Whether the clock stands still only because the very act that performed it was the resolution."""
    return instance.closer is not None and instance.closer is instance.performed_by


def _missing(instance: Instance) -> tuple[str, ...]:
    if instance.phase == "pending" and instance.uncertain:
        return tuple(sorted(instance.uncertain[0].missing))  # the first act would settle it
    return tuple(sorted(instance.missing)) if instance.phase == "undetermined" else ()


def _used(instance: Instance) -> tuple[str, ...]:
    """The events that it rests on: its trigger, and what performed it; two of one id are of two sources (R32)."""
    trigger, performed_by = instance.trigger, instance.performed_by
    if trigger is None or performed_by is None or trigger is performed_by:
        one = trigger or performed_by
        return () if one is None else (one.event.id,)
    return trigger.event.id, performed_by.event.id


def _next_change(case: Case, instance: Instance, state: str) -> int | None:
    """R17 for one instance."""
    if instance.phase != "pending" or state == "undetermined":
        return None
    times = [t for t in (instance.due, instance.unknown_at) if t is not None]
    soonest = min(times, default=None)
    if not (instance.plan.has_whiles or case.watches_scopes()):
        return soonest
    changes = case.agreement.changes_after(case.now) if case.agreement is not None else []
    if instance.plan.hours:
        changes = sorted({*changes, *_turns(case, instance.plan.hours, soonest)})
    for change in changes:
        if soonest is not None and change >= soonest:
            break
        if _ends_at(case, instance, change):
            return change
    return soonest


def _turns(case: Case, hours: frozenset[str], until: int | None) -> Iterator[int]:
    """When these calendars open and close, or a list ends (R30), up to an instant or for a good year."""
    end = case.now + YEAR
    end = end if until is None or end < until else until
    for name in hours:
        calendar = case.calendars[name]
        unknown = calendar.unknown_from
        if unknown is not None and case.now < unknown < end:
            yield unknown
        at: int | None = case.now
        while at is not None and at < end:
            at = calendar.next_close(at) if calendar.is_open(at) else calendar.next_open(at)
            if at is not None and at < end:
                yield at


def _ends_at(case: Case, instance: Instance, change: int) -> bool:
    """Whether a change of the agreement's state ends the duty, or leaves the subject outside (R8, R19)."""
    now, case.now = case.now, change
    ends = goes_on(case, instance) is not True
    if not ends and case.watches_scopes():
        ends = any(test(case) is True for scope, test in case.plan.scopes if scope.kind == case.history.kind)
    case.now = now
    return ends


def _calendar(clock: Clock) -> str | None:
    return _calendar(clock.governing()) if isinstance(clock, Several) and clock.clocks else getattr(clock, "name", None)


def _flags(instance: Instance, state: str) -> tuple[str, ...]:
    flags: tuple[str, ...] = ()
    for entry in (instance.trigger, instance.performed_by):
        if entry is not None and entry.flags:
            flags += entry.flags
    ends = _counts(instance.clock) or isinstance(instance.clock, Dated)
    if state == "pending" and instance.due is None and ends and instance.unknown_at is None:
        flags += ("no_deadline_found",)
    return tuple(sorted(set(flags))) if flags else ()


def _of_election(case: Case, election: Election) -> Verdict:
    choice = election.plan.choice
    trigger = [election.trigger.id] if election.trigger is not None else []
    return _verdict(
        case,
        choice.name,
        election.number,
        "choice",
        election.state,
        choice.citation,
        election.triggered_at,
        bearer=choice.elector,
        performed_at=election.at if election.state == "elected" else None,
        deadline=election.lapses_at,
        elected=election.elected,
        missing=election.missing,
        cause=election.cause.label if election.cause is not None else None,
        next_change_at=election.lapses_at if election.state == "open" else None,
        events=tuple(dict.fromkeys([*trigger, *election.events])),
    )


def _of_prohibitions(case: Case, binds: Binds | None) -> Iterator[Verdict]:
    """`kept` until a recorded violation; each violation is a breach of its own (R25)."""
    for prohibition, _ in case.plan.prohibitions:
        started = begins(case.history) if prohibition.kind == case.history.kind else None
        if started is None:
            continue
        found = [(entry, broken) for p, entry, broken in case.breaks if p is prohibition]
        ended = None if prohibition.survives else over(case.adopted, case.agreement, case.now)
        over_by = ended if isinstance(ended, str) else None
        if binds is not None:
            started = max(started, binds.since[prohibition.name])
            found = [(e, broken) for e, broken in found if max(binds.begin, started) <= e.at < binds.end]
            lacking = any(since <= case.now < until for since, until in binds.gaps[prohibition.name])
            over_by = TERM if over_by is None and lacking else over_by
        if started > case.now:
            continue
        bearer = prohibition.bearers[0] if len(prohibition.bearers) == 1 else None
        for number, (entry, broken) in enumerate(found, 1):
            state, missing = _told(broken, "breached", "kept")
            yield _verdict(
                case,
                prohibition.name,
                number,
                "prohibition",
                state,
                prohibition.citation,
                started,
                bearer=bearer or entry.actor,
                deadline=entry.at if state == "breached" else None,
                missing=missing,
                events=(entry.id,),
                owed=over_by is None,
                ended_by=over_by,
            )
        if not found:
            yield _verdict(
                case,
                prohibition.name,
                1,
                "prohibition",
                "kept",
                prohibition.citation,
                started,
                bearer=bearer,
                owed=over_by is None,
                ended_by=over_by,
            )


def _told(value: Truth3, yes: str, no: str) -> tuple[str, frozenset[str]]:
    if isinstance(value, Unknown):
        return "undetermined", value.missing
    return (yes if value else no), frozenset()


def _of_rights(case: Case) -> Iterator[Verdict]:
    counts: dict[str, int] = {}
    for right, entry, value in case.rights:
        counts[right.name] = counts.get(right.name, 0) + 1
        state, missing = _told(value, "permitted", "not_permitted")
        yield _verdict(
            case,
            right.name,
            counts[right.name],
            "right",
            state,
            right.citation,
            entry.at,
            bearer=right.holder,
            performed_at=entry.at,
            missing=missing,
            events=(entry.id,),
        )


def _of_scopes(case: Case) -> Iterator[Verdict]:
    for scope, _ in case.plan.scopes:
        if scope.kind == case.history.kind and scope.name in case.scope_state:
            value, since = case.scope_state[scope.name]
            state, missing = _told(value, "out_of_scope", "in_scope")
            yield _verdict(case, scope.name, 1, "scope", state, scope.citation, since, missing=missing)
