"""One instant of a case, in the order of R1: from its events to the consequences of what is overdue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from slarules.engine.actors import by_any, by_whom
from slarules.engine.agreements.binding import TERMINATED, over
from slarules.engine.agreements.stays import begins
from slarules.engine.expression import conjunction, missing
from slarules.engine.history import Entry
from slarules.engine.judging import events
from slarules.engine.judging.arise import arise, on_event
from slarules.engine.judging.aside import put_aside, take_concerned, take_ended
from slarules.engine.judging.beginning import resettle, stand
from slarules.engine.judging.case import Case
from slarules.engine.judging.changes import effects, reopen
from slarules.engine.judging.choices import elect, lapses
from slarules.engine.judging.dates import rows_due
from slarules.engine.judging.endings import end
from slarules.engine.judging.instance import is_in_doubt
from slarules.engine.judging.offers import put_offers_aside, take_ended_offers, take_offers
from slarules.engine.judging.owed import deadlines, perform_all, warnings
from slarules.engine.judging.stands import opening
from slarules.engine.plan import CHOOSES
from slarules.model.rules import EachTerm, OnState
from slarules.model.value import Unknown


def step(case: Case, at: int, batch: Sequence[Entry]) -> None:
    """Move the case to ``at``, at which ``batch`` happens."""
    plan = case.plan
    before = case.now
    case.now = at
    case.entry = None
    severities = [case.severity]
    was_resolution = case.resolution
    was_waiting = case.waiting
    acts: list[Entry] = []
    foreign: list[Entry] = []
    recorded = _answers(case) if plan.agreement_facts else set()
    answered = bool(recorded)
    resolution = None
    undone: list[Entry] = []
    reopened = False
    for entry in batch:
        if plan.ending_agreement and entry.event.subject != case.history.subject:
            foreign.append(entry)
        elif events.take(case, entry):
            acts.append(entry)
            if entry.facts:
                recorded.update(entry.facts.keys() - plan.passing)
                if case.severity != severities[-1]:
                    severities.append(case.severity)
            if entry.type == "resolved":
                resolution = entry
            elif entry.type == "reopened":
                reopened = True
                undone += [resolution] if resolution is not None else []
                resolution = None
    case.acts = [*acts, *foreign] if foreign else acts
    if case.aside:
        take_concerned(case, recorded, len(severities) > 1)
    if case.offers:
        take_offers(case, case.acts)
    if acts or answered:
        if plan.scopes:
            _scopes(case)
        moved = case.waiting != was_waiting or case.resolution is not was_resolution
        if (recorded or moved or plan.waits) and (case.live or case.rows or case.choosing):
            effects(case, severities, recorded)
        if reopened and was_resolution is not None:
            _reopened(case, was_resolution)
    elif case.watches_scopes():
        _scopes(case)
    if plan.watches_status:
        _status_triggers(case, before)
    for entry in acts:
        if entry.type in plan.heeded:
            _triggers(case, entry)
    if case.stands:
        _standing(case, acts)
    if case.aside:
        take_ended(case)
    if case.offers:
        take_ended_offers(case)
    if undone:
        _resolved_and_reopened(case, acts, undone, resolution)
    else:
        _settle(case, acts, resolution)
    put_aside(case)
    if case.elections:
        put_offers_aside(case)


def _resolved_and_reopened(case: Case, acts: Sequence[Entry], undone: Sequence[Entry], again: Entry | None) -> None:
    """Resolutions reopened at their own instant: the last performs and ends, that is undone, and none counts any more.

    ``again`` is a further resolution of that instant, by which the ticket stands resolved (R7).
    """
    everything, resolution = case.acts, case.resolution
    others = [entry for entry in everything if entry is not again and entry not in undone[:-1]]
    case.resolution = None  # no clock stands still between the two
    case.acts = others
    _settle(case, [entry for entry in acts if entry in others], undone[-1])
    reopen(case, undone[-1])
    case.resolution = resolution
    case.acts = [entry for entry in everything if entry not in undone]
    _settle(case, [entry for entry in acts if entry not in undone], again)


def _reopened(case: Case, was: Entry) -> None:
    """What an earlier resolution did is undone; where the ticket is resolved again at once, that comes after (R7)."""
    resolution, case.resolution = case.resolution, None
    reopen(case, was)
    case.resolution = resolution


def _triggers(case: Case, entry: Entry) -> None:
    """What an event sets off."""
    plan = case.plan
    if entry.type in plan.sets_off:
        on_event(case, entry)
    if entry.type in plan.judged:
        _rights_and_prohibitions(case, entry)
    if entry.type in CHOOSES:
        elect(case, entry)


def _answers(case: Case) -> set[str]:
    """What was recorded of the agreement at this instant, for what waits for it (R9)."""
    if case.agreement is None or not case.plan.agreement_facts or case.history.kind == "agreement":
        return set()
    return case.agreement.recorded_at(case.plan.agreement_facts, case.now)


def _settle(case: Case, acts: Sequence[Entry], resolution: Entry | None) -> None:
    """What is performed, ends, falls due, and what follows from that, until nothing changes."""
    plan = case.plan
    rows_or_choices = case.rows or case.elections
    if not (case.live or rows_or_choices):
        return
    performs = case.amended
    ends = case.amended or plan.has_whiles or case.outside is not None
    for entry in case.acts:
        performs = performs or entry.type in plan.performing
        ends = ends or entry.type in plan.ending
    if not (performs or ends or rows_or_choices or plan.on_remaining or deadlines(case)):
        return
    for _ in range(1000):  # zero-time circles are refused when the policy is checked (R10)
        arisen = case.arisen
        changed = bool(case.rows) and rows_due(case)
        while performs and perform_all(case, acts):  # what arises by a performance may be performed before it ends
            changed = True
        if ends or case.rows:
            changed |= end(case, case.acts, resolution)
        if resolution is not None:
            _stand_still(case)
        if plan.on_remaining:
            changed |= warnings(case)
        changed |= deadlines(case)
        if case.elections:
            changed |= lapses(case)
        if not changed or arisen == case.arisen:
            return  # what was performed, ended or breached set off nothing else


def _stand_still(case: Case) -> None:
    """Clocks stand still from a resolution that did not perform or end their duties (R7)."""
    if case.resolution is not None and case.resolution.at == case.now:
        for instance in case.live:
            known = instance.phase in ("pending", "breached") or is_in_doubt(instance)
            if known and not instance.stopped and instance.owed:
                stand(case, instance, resolved=True)
                resettle(case, instance)


def _status_triggers(case: Case, before: int) -> None:
    agreement = case.agreement
    if agreement is None or not case.plan.watches_status:
        return
    own = case.history.kind
    # what time alone renews after a termination reinstates nothing
    terminated = bool(case.plan.each_term) and over(case.adopted, agreement, case.now, acting=True) == TERMINATED
    renewed = bisect_right(agreement.renewed, before) < bisect_right(agreement.renewed, case.now)
    for status, stays in agreement.stays.items():
        known = [stay for stay in stays if stay.since <= before] if renewed else []
        for stay in (*known, *agreement.stays_between(status, before, case.now)):
            if before < stay.since <= case.now:
                certain = Unknown(stay.missing) if stay.perhaps is not None else True
                for planned, becomes in case.plan.on_state:
                    if planned.kind == own and becomes == OnState(status, stay.perhaps or stay.state or ""):
                        arise(case, planned, None, None, certain)
                for planned, each in case.plan.each_term if stay.perhaps_new_term else ():
                    if planned.kind == own and each == EachTerm(status) and (stay.by_event or not terminated):
                        arise(case, planned, None, None, certain)
            if stay.new_term and before < begins(stay) <= case.now and (stay.by_event or not terminated):
                for planned, each in case.plan.each_term:
                    if planned.kind == own and each == EachTerm(status):
                        arise(case, planned, None, None)


def _standing(case: Case, acts: Sequence[Entry]) -> None:
    """What has no trigger begins; what comes after the opening at its instant may elect an option of it (R12, R22)."""
    known = len(case.elections)
    for since, planned in case.stands:
        if since == case.now and not any(i.plan is planned for i in case.instances):
            arise(case, planned, None, None)
    if len(case.elections) > known:
        first = opening(case.history)
        for entry in acts[acts.index(first) + 1 :] if first in acts else acts:
            if entry.type in CHOOSES:
                elect(case, entry)


def _scopes(case: Case) -> None:
    for scope, test in case.plan.scopes:
        if scope.kind == case.history.kind:
            value = test(case)
            known = case.scope_state.get(scope.name)
            if known is None or (known[0] != value and known[0] is not True):
                case.scope_state[scope.name] = (value, case.now)
            if value is True and case.outside is None:
                case.outside = scope


def _rights_and_prohibitions(case: Case, entry: Entry) -> None:
    case.entry = entry
    for right in case.plan.rights.get(entry.type, ()):
        who = by_any(right.patterns, entry)
        if right.kind == case.history.kind and who is not False:
            verdict = conjunction((lambda s, who=who: who, lambda s, right=right: case.right_holds(right.name)))(case)  # type: ignore[misc]
            case.rights.append((right, entry, verdict))
    for prohibition, breaks in case.plan.prohibitions:
        if prohibition.kind != case.history.kind:
            continue
        for pattern in prohibition.patterns:
            who = by_whom(pattern, entry) if pattern.type == entry.type else False
            if who is False:
                continue
            broken = conjunction((lambda s, who=who: who, breaks))(case)  # type: ignore[misc]
            if not prohibition.survives:
                ended = over(case.adopted, case.agreement, case.now, acting=True)
                if isinstance(ended, str):
                    break  # it does not bind any more
                broken = missing(broken, ended) or True if broken is not False else False
            if broken is not False:
                case.breaks.append((prohibition, entry, broken))
            break
    case.entry = None
