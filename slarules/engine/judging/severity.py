"""What a change of severity does to a pending duty: counted again, a new clock, or nothing (R6)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from slarules.engine.judging.beginning import anew, begin
from slarules.engine.judging.case import Case, then_or_next
from slarules.engine.judging.clock import Counting
from slarules.engine.judging.instance import Instance
from slarules.engine.judging.limits import span_of
from slarules.model.limit import Every, Within
from slarules.model.value import Elapsed, Unknown, Value


def severity_changed(case: Case, instance: Instance, was: str | None) -> None:
    """R6: recount, restart or keep; a breach that stands, stands."""
    if instance.phase != "pending" or case.severity is None or case.severity == was:
        return
    duty = instance.plan.duty
    policy = duty.rises if _graver(case, case.severity, was) else duty.falls
    if policy == "restart" and not instance.plan.each_day:
        instance.severity = case.severity
        instance.start, instance.floor = case.now, None
        instance.begun = dict.fromkeys(instance.begun, case.now)  # also what runs from a milestone
        begin(case, instance.plan, case.now, instance.cause, instance.trigger, instance.row, into=instance)
        case.note(instance, f"severity {case.severity}: a new clock (R6)" + _untold(instance))
    elif policy == "recount" and instance.plan.by_severity:
        instance.severity = case.severity
        instance.floor = case.now
        _retarget(case, instance)
        text = f"severity {case.severity}: counted again from the start (R6), so not before now"
        case.note(instance, text + _untold(instance))
    elif policy in ("restart", "recount") or (was is None and instance.plan.by_severity):
        instance.severity = case.severity  # the first level is the one that is kept; a date starts no clock again (R4)


def _untold(instance: Instance) -> str:
    wanted = ", ".join(sorted(instance.missing))
    return f"; for how long is not known for want of {wanted} (R9)" if instance.unsaid else ""


def terms_between(case: Case, instance: Instance, after: int, until: int) -> None:
    """Each change of severity between two instants that have passed, and of a fact on which its limit rests, by its own
    rule and at its own time (R6)."""
    names = instance.plan.by_facts if instance.plan.duty.keeps is None else frozenset()
    recorded = {at for name in names for at in recorded_between(case, name, after, until)}
    first, last = (bisect_right(case.severities, at, key=lambda one: one[0]) for at in (after, until))
    changes: dict[int, list[tuple[str, str]]] = {}
    for (_, was), (at, level) in pairwise(case.severities[max(0, first - 1) : last]):
        if at > after:
            changes.setdefault(at, []).append((was, level))
    before = case.now, case.severity, case.facts
    for at in sorted(recorded | changes.keys()):
        case.now, case.facts = at, {**before[2], **known_then(case, names, at)}
        for was, level in changes.get(at, ()):
            case.severity = level
            severity_changed(case, instance, was)
        if at in recorded and (instance.phase == "pending" or instance.unsaid):
            case.severity, instance.phase = severity_at(case, at), "pending"
            anew(case, instance)
    case.now, case.severity, case.facts = before


def recorded_between(case: Case, name: str, after: int, until: int) -> Iterator[int]:
    """When a fact was recorded between two instants, of the subject or of its agreement."""
    of_agreement = case.agreement.facts.get(name, ((), ()))[0] if case.agreement is not None else ()
    for times in ([at for at, _ in case.told.get(name, ())], of_agreement):
        yield from times[bisect_right(times, after) : bisect_right(times, until)]


def known_then(case: Case, names: Iterable[str], at: int) -> dict[str, Value]:
    """What was known of facts at an instant, and of what nobody knew then the first that was told since."""
    found: dict[str, Value] = {}
    now, case.now = case.now, at
    for name in names:
        value, known = then_or_next(case.told.get(name, ()), at)
        if value is not None and (known or isinstance(case.unrecorded(name), Unknown)):
            found[name] = value
    case.now = now
    return found


def severity_at(case: Case, at: int) -> str | None:
    """The severity that was in force at an instant that has passed."""
    return next((level for since, level in reversed(case.severities) if since <= at), None)


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
    anew(case, instance)
    instance.floor = floor
