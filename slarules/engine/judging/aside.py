"""Duties that no event concerns and no time changes yet, put aside until something may, however many are owed.

So a step looks only at what it may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush

from slarules.engine.actors import by_whom
from slarules.engine.history import Entry
from slarules.engine.judging.case import Case, Past, goes_on
from slarules.engine.judging.clock import Awaiting, Several
from slarules.engine.judging.events import TICKET_ENDS
from slarules.engine.judging.instance import Aside, Instance, keeps_terms_of, newest
from slarules.engine.plan import DutyPlan, Plan, Planned
from slarules.model.expression import AmountRef, FactRef, Pattern, RightHolds
from slarules.model.limit import Within
from slarules.model.value import Unknown
from slarules.model.walk import inside

FEW = 8
"""As many are looked at at each instant: that costs less than to put them aside and to take them up again."""
ENDS = frozenset((*TICKET_ENDS, "closed", "terminated"))
"""Events that end what is owed, whatever its duty says (R19)."""
STANDS = frozenset(("waiting", "resumed"))
"""Events by which a clock may stand still or run; a resolution and a reopening do more (R7)."""
SEVERITY = "severity"


def is_still(instance: Instance) -> bool:
    """Whether only an event, a scope or a `while` may change it: it is overdue, or owed without a deadline."""
    if instance.uncertain or instance.unsaid:
        return False
    if instance.phase == "pending":
        timed = instance.due is not None or instance.unknown_at is not None or bool(instance.warnings)
        return not timed and instance.plan.duty.keeps is None
    return instance.phase == "undetermined" or (instance.phase == "breached" and instance.owed)


def put_aside(case: Case) -> None:
    """At the end of an instant: what is over is live no more; of many, what this instant leaves alone is put aside."""
    many = len(case.live) > FEW
    for instance in case.live:
        if many or instance.phase != "pending":
            break
    else:
        return
    live: list[Instance] = []
    for instance in case.live:
        if not (instance.phase in ("pending", "undetermined") or instance.owed or instance.uncertain):
            continue
        if many and case.beyond is not None and _lies_beyond(instance, case.beyond):
            continue
        if many and _may_rest(instance, case.now):
            _rest(case, instance)
        else:
            live.append(instance)
    case.live = live
    if len(case.timers) > 4 * len(case.kinds):  # most of them are of what was taken up since
        case.timers = [(at, one.place) for one in aside(case) if (at := one.next_timer()) is not None]
        heapify(case.timers)


def _may_rest(instance: Instance, now: int) -> bool:
    """Whether nothing of this instant or by what is told of it already may change it."""
    if instance.unsaid or instance.plan.duty.keeps is not None:
        return False
    if instance.phase == "pending":
        at = instance.next_timer()
        return at is None or at > now
    if instance.phase == "undetermined" and instance.uncertain and instance.owed:
        return instance.due is not None and instance.due < now  # no certain act comes in time any more (R23)
    return True


def _rest(case: Case, instance: Instance) -> None:
    kind = _kind(case, instance)
    case.aside.setdefault(kind, {})[instance.place] = instance
    case.kinds[instance.place] = kind
    if (at := instance.next_timer()) is not None:
        heappush(case.timers, (at, instance.place))


def leave_out(case: Case, until: int, end: int) -> None:
    """What is set off from ``until`` on, or stands under terms from ``end`` on, has no verdict: it changes no more."""
    case.live = [instance for instance in case.live if not _lies_beyond(instance, (until, end))]
    if case.beyond != (until, end):
        case.beyond = until, end
        for kind, members in list(case.aside.items()):
            kept = {place: one for place, one in members.items() if not _lies_beyond(one, case.beyond)}
            case.aside[kind] = kept
            if not kept:
                del case.aside[kind]


def _lies_beyond(instance: Instance, beyond: tuple[int, int]) -> bool:
    return instance.triggered_at >= beyond[0] or keeps_terms_of(instance) >= beyond[1]


def _kind(case: Case, instance: Instance) -> Aside:
    plan, snapshot, owed = instance.plan, instance.snapshot, instance.owed
    wants = frozenset[str]().union(*(doubt.missing for doubt in instance.uncertain))
    missing = frozenset[str]()
    doubted = bool(instance.uncertain)
    ended = not owed
    if instance.phase == "undetermined" and not doubted:
        known = newest(instance).snapshot
        ended = known is None or known.ended is not None
        missing = instance.missing if case.amended else instance.missing & recorded_at_all(case.plan)
        if snapshot is not None:
            wants = missing | _unknown(case, plan, instance)
    elif owed:
        wants |= plan.by_facts
    return Aside(
        id(plan),
        id(instance.trigger) if by_its_trigger(case.plan, plan) else 0,
        instance.phase,
        doubted,
        owed,
        ended,
        missing,
        wants if case.amended else wants & recorded_at_all(case.plan),
    )


def _unknown(case: Case, plan: DutyPlan, instance: Instance) -> frozenset[str]:
    """What its duty asks about and was not known of it, nor has been answered since (R9)."""
    assert instance.snapshot is not None
    past = Past(case, instance.snapshot)
    asked = asks(case.plan, plan)
    return frozenset(
        name for name in asked
        if (past.severity_now() is None if name == SEVERITY else isinstance(past.fact(name), Unknown))
    )  # fmt: skip


# ---- What may change it ---------------------------------------------------------------------------------------------


def take_concerned(case: Case, recorded: Iterable[str], severity_changed: bool) -> None:
    """What falls due now, and what an event of this instant may change, is live again."""
    taken: list[Instance] = []
    while case.aside_until() <= case.now:
        _, place = heappop(case.timers)
        kind = case.kinds[place]
        taken.append(case.aside[kind].pop(place))
        if not case.aside[kind]:
            del case.aside[kind]
    told = frozenset(recorded)
    if case.acts or told:
        types = {entry.type for entry in case.acts}
        everything = "reopened" in types  # which looks at the newest of each duty (R7)
        for kind, members in list(case.aside.items()):
            first = next(iter(members.values()))
            if everything or _concerned(case, kind, first, types, told, severity_changed):
                taken += case.aside.pop(kind).values()
    _live_again(case, taken)


def _concerned(
    case: Case, kind: Aside, first: Instance, types: set[str], told: frozenset[str], severity_changed: bool
) -> bool:
    plan, phase = first.plan, kind.phase
    runs = phase == "pending" or (kind.doubted and phase == "undetermined" and kind.owed)  # its clock does
    if told & kind.wants or (told and phase == "undetermined" and (case.tracing or case.amended)):
        return True
    if runs:
        stands = bool(plan.paused_on) and not types.isdisjoint(STANDS)
        if severity_changed or stands or (plan.waits and _may_have_begun(case, plan, first, types)):
            return True
    if not kind.ended:
        if not types.isdisjoint(ENDS) or _any_by(case.acts, plan.ends) or (plan.ends and "resolved" in types):
            return True
        if "resolved" in types and (runs or phase == "breached"):
            return True
    performs = (kind.owed and phase in ("pending", "breached")) or plan.name in case.plan.awaited
    return performs and _any_by(case.acts, plan.performs)


def _any_by(acts: Sequence[Entry], patterns: object) -> bool:
    assert isinstance(patterns, dict)
    return any(by_whom(one, entry) is not False for entry in acts for one in patterns.get(entry.type, ()))


def _may_have_begun(case: Case, plan: DutyPlan, first: Instance, types: set[str]) -> bool:
    """Whether a limit that waits for a milestone may run from now on; of another duty's it is told (R33)."""
    if isinstance(first.clock, Several):
        return any(isinstance(one, Awaiting) for one in first.clock.clocks)
    if not isinstance(first.clock, Awaiting):
        return False
    events = case.terms.events
    awaited = {one.type for one in _milestones(plan)}
    of_its_own = all(one in events and events[one].kind == case.history.kind for one in awaited)
    return not of_its_own or not types.isdisjoint(awaited)


def take_ended(case: Case) -> None:
    """What a scope or a `while` ends now is live again; a `while` is one for all of a kind."""
    taken: list[Instance] = []
    for kind, members in list(case.aside.items()):
        if kind.ended:
            continue
        ends = case.outside is not None
        first = next(iter(members.values()))
        if not ends and first.plan.has_whiles:
            holds = goes_on(case, first)
            ends = holds is False or (kind.phase == "pending" and holds is not True)
        if ends:
            taken += case.aside.pop(kind).values()
    _live_again(case, taken)


def take_waiting(case: Case) -> None:
    """What may wait for a performance is live again."""
    waiting = [kind for kind, members in case.aside.items() if next(iter(members.values())).plan.waits]
    _live_again(case, [instance for kind in waiting for instance in case.aside.pop(kind).values()])


def _live_again(case: Case, taken: list[Instance]) -> None:
    """Each in its place."""
    if taken:
        case.live = sorted([*case.live, *taken], key=lambda instance: instance.place)


def aside(case: Case) -> Iterator[Instance]:
    """What is put aside, in no order."""
    for instances in case.aside.values():
        yield from instances.values()


# ---- What a duty asks about -----------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def recorded_at_all(plan: Plan) -> frozenset[str]:
    """Whatever may be recorded that answers something."""
    return frozenset((*plan.adopted.terms.facts, SEVERITY))


@lru_cache(maxsize=4096)
def asks(plan: Plan, duty: DutyPlan) -> frozenset[str]:
    """Facts on which it may turn whether the duty is owed, and by when; and the severity, which its verdict tells."""
    terms = plan.adopted.terms
    about = (duty.duty.only_if, duty.duty.whiles, tuple(scope.outside for scope, _ in plan.scopes))
    found = list(inside(about))
    if any(isinstance(one, (AmountRef, RightHolds)) for one in found):  # which lead on to others
        return recorded_at_all(plan)
    names = {one.name for one in found if isinstance(one, FactRef)} | duty.by_facts | {SEVERITY}
    levels = terms.severities.levels if terms.severities is not None else ()
    names |= {one.name for level in levels for one in inside(level.applies) if isinstance(one, FactRef)}
    return frozenset(names)


@lru_cache(maxsize=4096)
def by_its_trigger(plan: Plan, planned: Planned) -> bool:
    """Whether its `while` may turn on what was said of its trigger alone (R5)."""
    found = list(inside(planned.duty.whiles if isinstance(planned, DutyPlan) else planned.choice.whiles))
    return any(
        isinstance(one, (AmountRef, RightHolds)) or (isinstance(one, FactRef) and one.name in plan.passing)
        for one in found
    )


@lru_cache(maxsize=4096)
def _milestones(duty: DutyPlan) -> tuple[Pattern, ...]:
    """The events from which its limit may run."""
    found = [one.after for one in inside(duty.duty.limit) if isinstance(one, Within)]
    return tuple(one for one in found if isinstance(one, Pattern))
