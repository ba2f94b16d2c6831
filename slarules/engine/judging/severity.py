"""What a change of severity does to a pending duty: counted again, a new clock, or nothing (R6)."""

from __future__ import annotations

from collections.abc import Iterable
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


def severities_between(case: Case, instance: Instance, after: int, until: int) -> None:
    """Each change of severity between two instants that have passed, by its own rule and at its own time (R6)."""
    now, severity = case.now, case.severity
    for (_, was), (at, level) in pairwise(case.severities):
        if after < at <= until:
            case.now, case.severity = at, level
            severity_changed(case, instance, was)
    case.now, case.severity = now, severity


def terms_between(case: Case, instance: Instance, after: int, until: int) -> None:
    """The same, and with them facts on which its limit rests that were recorded anew (R6)."""
    names = instance.plan.by_facts if instance.plan.duty.keeps is None else frozenset()
    recorded = {at for name in names for at in _recorded(case, name)}
    before = case.now, case.severity, case.facts
    for at in sorted(recorded | {since for since, _ in case.severities}):
        if not after < at <= until:
            continue
        case.now, case.facts = at, {**before[2], **_known_then(case, names, at)}
        for (_, was), (since, level) in pairwise(case.severities):
            if since == at:
                case.severity = level
                severity_changed(case, instance, was)
        if at in recorded and (instance.phase == "pending" or instance.unsaid):
            case.severity, instance.phase = severity_at(case, at), "pending"
            anew(case, instance)
    case.now, case.severity, case.facts = before


def _recorded(case: Case, name: str) -> list[int]:
    """When a fact was recorded, of the subject or of its agreement."""
    of_agreement = case.agreement.facts.get(name, ((), ()))[0] if case.agreement is not None else ()
    return [*(at for at, _ in case.told.get(name, ())), *of_agreement]


def _known_then(case: Case, names: Iterable[str], at: int) -> dict[str, Value]:
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
