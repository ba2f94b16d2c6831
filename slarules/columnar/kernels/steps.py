"""One instant of a ticket in the order of R1, and a ticket from its first event to the instant judged as of.

Equal to ``engine.step``, ``engine.events``, ``engine.changes`` and ``engine.endings``.
"""

from __future__ import annotations

from typing import Any

from slarules.columnar.kernels.asking import answer, by_whom, is_by, within
from slarules.columnar.kernels.compiled import compiled, small
from slarules.columnar.kernels.happened import actor_of, on_of, severity_of, type_of
from slarules.columnar.kernels.instances import begin, settle, severity_changed, stand, stop
from slarules.columnar.kernels.layout import (
    AGREED,
    ANSWERED,
    BOTH_AT,
    BREACHED,
    BY_WHILE,
    CANCELLED,
    CHOICE,
    CHOSEN,
    CLOSED,
    CONFIRMED,
    COULD_NOT_ARISE,
    COUNTS_AT,
    D_REOPENING,
    D_ROLLING,
    D_WHILE,
    DISPUTABLE,
    DUTY,
    E_AT,
    E_CHOICE,
    E_CLOSER,
    E_ENDED,
    E_LAPSES,
    E_MISSING,
    E_STATE,
    E_UNDETERMINED,
    ELECTED,
    ELECTION,
    ELECTIONS_AT,
    ENDED,
    ENDS,
    FACTS_AT,
    FORBIDDEN,
    FORBIDDEN_ACT,
    I_CAUSE,
    I_CEASED,
    I_CLOSER,
    I_DUE,
    I_DUTY,
    I_ENDED_BY,
    I_FLOOR,
    I_MISSING,
    I_OWED,
    I_PAUSED,
    I_PERFORMED_AT,
    I_PERFORMED_BY,
    I_PHASE,
    I_SEVERITY,
    I_STOPPED,
    I_STOPPED_AT,
    I_TRIGGER,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    IMPOSSIBLE,
    INSTANCE,
    INSTANCES_AT,
    JOINT,
    JUDGED,
    LIVE_AT,
    MANY,
    MET,
    NEVER,
    NO,
    NOT_ENTITLED,
    NOT_OPENED,
    OPEN,
    OPENED,
    OUT_OF_SCOPE,
    PENDING,
    PERFORMS,
    REOPENED,
    RESOLVED,
    RESTART,
    RESUME,
    RESUMED,
    RIGHTS,
    RIGHTS_AT,
    ROWS,
    S_AGREEMENT,
    S_ARISEN,
    S_BEYOND,
    S_CLOSED,
    S_ELECTIONS,
    S_ENDED,
    S_ENTRY,
    S_FIRST,
    S_INSTANCES,
    S_LIVE,
    S_NOW,
    S_OPENED,
    S_OUTSIDE,
    S_RECORDED,
    S_RESOLUTION,
    S_RESOLVED_AT,
    S_RIGHTS,
    S_ROWS,
    S_SEVERITY,
    S_UPTO,
    S_WAITING,
    SCOPES_AT,
    SERVED,
    SERVED_AT,
    SETS_OFF,
    SEVERITY_CHANGED,
    SEVERITY_WANTED,
    STATE,
    T_ASSIGNED_BY,
    T_BOTH,
    T_BOTH_COUNT,
    T_CHOICE_COUNT,
    T_CHOICES,
    T_DISPUTE_COUNT,
    T_DISPUTES,
    T_DUTIES,
    T_DUTY_COUNT,
    T_FACT_COUNT,
    T_FORBIDS,
    T_FORBIDS_AT,
    T_HAS_WHILES,
    T_MARKS,
    T_RIGHTS,
    T_RIGHTS_AT,
    T_SCOPE_COUNT,
    T_SCOPES,
    T_STANDING,
    T_STANDING_COUNT,
    T_TRIGGERS,
    T_TRIGGERS_AT,
    T_WANTING,
    UNCERTAIN,
    UNCERTAIN_AT,
    UNCONFIRMED,
    UNDETERMINED,
    WAITING,
    YES,
)
from slarules.columnar.kernels.owed import (
    arise,
    deadlines,
    ended_by,
    lapses,
    perform_all,
    requalify,
    until,
)

# ---- Events (R18, R24) ----------------------------------------------------------------------------------------------


@compiled
def take(tables: Any, events: Any, facts: Any, work: Any, event: int) -> None:
    """Record an event and move the ticket's state; what has no effect leaves the ticket beyond the kernels."""
    kind = type_of(events, event)
    if work[S_OPENED] == NEVER and kind != OPENED:
        work[S_BEYOND] = NOT_OPENED
        return
    if kind < 9 or kind == CONFIRMED:
        _move(tables, events, facts, work, event, kind)
    severity = severity_of(events, event)
    if severity >= 0:
        work[S_RECORDED] |= SEVERITY_WANTED
        if kind != CONFIRMED and severity != work[S_SEVERITY]:
            if not _entitled(tables, work, actor_of(events, event)):
                work[S_BEYOND] = NOT_ENTITLED
            work[S_SEVERITY] = severity
        elif kind != CONFIRMED and not _entitled(tables, work, actor_of(events, event)):
            work[S_BEYOND] = NOT_ENTITLED
    for place in range(facts[event], facts[event + 1]):
        work[FACTS_AT + (facts[place] & 0xFFFF)] = facts[place] >> 16
        work[S_RECORDED] |= 1 << (facts[place] & 0xFFFF)


@small
def _entitled(tables: Any, work: Any, actor: int) -> bool:
    parties = tables[tables[T_ASSIGNED_BY] + 0] if work[S_SEVERITY] < 0 else tables[tables[T_ASSIGNED_BY] + 1]
    return actor < 0 or by_whom(parties, actor) == YES


@compiled
def _move(tables: Any, events: Any, facts: Any, work: Any, event: int, kind: int) -> None:
    at = events[event, 0]
    if kind == OPENED:
        if work[S_OPENED] != NEVER:
            work[S_BEYOND] = IMPOSSIBLE
        work[S_OPENED] = at
    elif kind == SEVERITY_CHANGED:
        if severity_of(events, event) == work[S_SEVERITY]:
            work[S_BEYOND] = IMPOSSIBLE
        elif not _entitled(tables, work, actor_of(events, event)):
            work[S_BEYOND] = NOT_ENTITLED
    elif kind == WAITING:
        on = max(1, on_of(events, event))
        if work[S_WAITING] == on:
            work[S_BEYOND] = IMPOSSIBLE
        work[S_WAITING] = on
    elif kind == RESUMED:
        if work[S_WAITING] == 0:
            work[S_BEYOND] = IMPOSSIBLE
        work[S_WAITING] = 0
    elif kind == RESOLVED:
        if work[S_RESOLUTION] >= 0:
            work[S_BEYOND] = IMPOSSIBLE
        work[S_RESOLUTION], work[S_RESOLVED_AT], work[S_WAITING] = event, at, 0
    elif kind == REOPENED:
        if work[S_RESOLUTION] < 0 and not work[S_CLOSED]:
            work[S_BEYOND] = IMPOSSIBLE
        work[S_RESOLUTION], work[S_CLOSED], work[S_ENDED] = -1, 0, NEVER
    elif kind == CLOSED:
        work[S_CLOSED] = 1
        if work[S_RESOLUTION] < 0:
            work[S_ENDED] = at
    elif kind in (CANCELLED, OUT_OF_SCOPE):
        work[S_CLOSED], work[S_ENDED] = 1, at
    elif kind == CONFIRMED:
        found = severity_of(events, event)
        if not _confirms(tables, events, event) or work[S_SEVERITY] < 0 or (found >= 0 and found != work[S_SEVERITY]):
            work[S_BEYOND] = UNCONFIRMED


@compiled
def _confirms(tables: Any, events: Any, event: int) -> bool:
    actor = actor_of(events, event)
    return actor < 0 or by_whom(tables[tables[T_ASSIGNED_BY] + 2], actor) == YES


# ---- Effects on what is owed already (R6, R7) -----------------------------------------------------------------------


@compiled
def effects(tables: Any, events: Any, facts: Any, work: Any, was: int) -> None:
    """Severity, pauses, answers to what was uncertain."""
    changed = work[S_SEVERITY] != was
    recorded = work[S_RECORDED]
    for place in range(work[S_LIVE]):
        it = work[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if work[own + I_PHASE] == UNDETERMINED:
            if work[own + I_UNCERTAIN]:
                requalify(tables, events, facts, work, it)
            elif work[own + I_MISSING] & recorded:
                work[S_BEYOND] = ANSWERED  # R9
            continue
        touched = changed
        if changed:
            severity_changed(tables, events, facts, work, it, was)
        if work[own + I_UNCERTAIN] and recorded:
            requalify(tables, events, facts, work, it)
            touched = True
        if stand(tables, work, it, False) or touched:
            settle(tables, work, it)
    for number in range(work[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if work[own + E_STATE] == E_UNDETERMINED and work[own + E_MISSING] & recorded:
            work[S_BEYOND] = ANSWERED


@compiled
def reopen(tables: Any, events: Any, facts: Any, work: Any, resolution: int) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    for it in range(work[S_INSTANCES]):
        own = INSTANCES_AT + it * INSTANCE
        if _newer(work, it):
            continue
        _forget_resolutions(events, facts, work, it)
        if work[own + I_CLOSER] != resolution:
            continue
        rule = tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_REOPENING]
        if rule == RESUME:
            _resume(tables, events, facts, work, it)
        elif rule == RESTART:
            row = -1
            if tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_ROLLING]:
                row = work[S_ROWS]
                if row >= ROWS:
                    work[S_BEYOND] = MANY
                    return
                work[S_ROWS] = row + 1
                for place in range(SERVED):
                    work[SERVED_AT + row * SERVED + place] = -1
            begin(
                tables,
                events,
                facts,
                work,
                work[own + I_DUTY],
                work[S_NOW],
                work[own + I_CAUSE],
                work[own + I_TRIGGER],
                row,
                -1,
            )
    for number in range(work[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if work[own + E_CLOSER] == resolution:
            work[own + E_STATE], work[own + E_CLOSER], work[own + E_AT] = OPEN, -1, NEVER


@compiled
def _newer(work: Any, it: int) -> bool:
    """Whether the duty has a newer instance."""
    for later in range(it + 1, work[S_INSTANCES]):
        if work[INSTANCES_AT + later * INSTANCE + I_DUTY] == work[INSTANCES_AT + it * INSTANCE + I_DUTY]:
            return True
    return False


@compiled
def _forget_resolutions(events: Any, facts: Any, work: Any, it: int) -> None:
    """A resolution that may have performed it does so no more."""
    own = INSTANCES_AT + it * INSTANCE
    kept = 0
    for number in range(work[own + I_UNCERTAIN]):
        if type_of(events, work[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0]) != RESOLVED:
            work[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 0] = work[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0
            ]
            work[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 1] = work[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1
            ]
            kept += 1
    work[own + I_UNCERTAIN] = kept


@compiled
def _resume(tables: Any, events: Any, facts: Any, work: Any, it: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    if not work[own + I_STOPPED]:  # the resolution performed or ended it, so nothing stopped its clock until now
        at = events[work[own + I_CLOSER], 0]
        stop(tables, work, it, at)
        work[own + I_PAUSED], work[own + I_STOPPED_AT], work[own + I_STOPPED] = 1, at, 1
    work[own + I_PERFORMED_AT], work[own + I_PERFORMED_BY], work[own + I_ENDED_BY] = NEVER, -1, -1
    work[own + I_CEASED], work[own + I_CLOSER], work[own + I_OWED] = NEVER, -1, 1
    if work[own + I_PHASE] != BREACHED:
        work[own + I_PHASE], work[own + I_FLOOR] = PENDING, work[S_NOW]
        if work[own + I_SEVERITY] != work[S_SEVERITY]:
            severity_changed(tables, events, facts, work, it, work[own + I_SEVERITY])
    alive = False
    for place in range(work[S_LIVE]):
        alive = alive or work[LIVE_AT + place] == it
    if not alive:
        work[LIVE_AT + work[S_LIVE]] = it
        work[S_LIVE] += 1
    stand(tables, work, it, False)
    settle(tables, work, it)


# ---- What an instant sets off ---------------------------------------------------------------------------------------


@compiled
def triggers(tables: Any, events: Any, facts: Any, work: Any, first: int, last: int) -> None:
    """What the events of this instant set off, in their order."""
    over = work[S_ENDED] != NEVER and work[S_ENDED] < work[S_NOW]
    for event in range(first, last):
        kind = type_of(events, event)
        marks = tables[tables[T_MARKS] + kind]
        if marks & SETS_OFF and not over:
            for place in range(tables[tables[T_TRIGGERS_AT] + kind], tables[tables[T_TRIGGERS_AT] + kind + 1]):
                if _matches(tables, events, work, tables[T_TRIGGERS] + place * 4, event):
                    work[S_ENTRY] = event
                    arise(tables, events, facts, work, tables[tables[T_TRIGGERS] + place * 4 + 0], -1, event)
                    work[S_ENTRY] = -1
            if tables[T_BOTH_COUNT]:
                _joint(tables, events, facts, work, event)
        if marks & JUDGED:
            _rights(tables, events, facts, work, event)
        if marks & FORBIDDEN:
            _forbidden(tables, events, facts, work, event)
        if kind in (ELECTED, AGREED):
            for number in range(work[S_ELECTIONS]):
                if work[ELECTIONS_AT + number * ELECTION + E_STATE] == OPEN and work[S_RESOLUTION] < 0:
                    work[S_BEYOND] = CHOSEN
        if work[S_BEYOND]:
            return
    if tables[T_STANDING_COUNT] and work[S_NOW] == events[work[S_FIRST], 0]:
        for place in range(tables[T_STANDING_COUNT]):
            arise(tables, events, facts, work, tables[tables[T_STANDING] + place], -1, -1)


@compiled
def _matches(tables: Any, events: Any, work: Any, trigger: int, event: int) -> bool:
    at = events[event, 0]
    if tables[trigger + 2] >= 0 and not within(tables, work, tables[trigger + 2], at, True):
        return False
    if tables[trigger + 3] >= 0 and not within(tables, work, tables[trigger + 3], at, False):
        return False
    return is_by(work, tables[trigger + 1], actor_of(events, event))


@compiled
def _joint(tables: Any, events: Any, facts: Any, work: Any, event: int) -> None:
    """R35: the later of two events."""
    for number in range(tables[T_BOTH_COUNT]):
        row = tables[T_BOTH] + number * JOINT
        seen = BOTH_AT + 2 * number
        before = work[seen] >= 0 and work[seen + 1] >= 0
        for half in range(2):
            own = row + 1 + 4 * half
            if type_of(events, event) == tables[own] and _matches(tables, events, work, own, event):
                work[seen + half] = event
            elif work[seen + half] < 0:  # it may have come before
                for earlier in range(work[S_FIRST], work[S_UPTO]):
                    if type_of(events, earlier) == tables[own] and _matches(tables, events, work, own, earlier):
                        work[seen + half] = earlier
        if work[seen] >= 0 and work[seen + 1] >= 0 and not before:
            work[S_ENTRY] = event
            arise(tables, events, facts, work, tables[row], -1, event)
            work[S_ENTRY] = -1


@compiled
def _rights(tables: Any, events: Any, facts: Any, work: Any, event: int) -> None:
    """R21: whether the event is within the rights that it is checked against."""
    kind = type_of(events, event)
    for place in range(tables[tables[T_RIGHTS_AT] + kind], tables[tables[T_RIGHTS_AT] + kind + 1]):
        if tables[tables[T_RIGHTS] + place * 4 + 3]:
            work[S_BEYOND] = tables[tables[T_RIGHTS] + place * 4 + 3]
            return
        if not is_by(work, tables[tables[T_RIGHTS] + place * 4 + 1], actor_of(events, event)):
            continue
        number = work[S_RIGHTS]
        if number >= RIGHTS:
            work[S_BEYOND] = MANY
            return
        work[S_ENTRY] = event
        found = answer(tables, events, facts, work, tables[tables[T_RIGHTS] + place * 4 + 2])
        work[S_ENTRY] = -1
        work[RIGHTS_AT + 3 * number + 0], work[RIGHTS_AT + 3 * number + 1], work[RIGHTS_AT + 3 * number + 2] = (
            tables[tables[T_RIGHTS] + place * 4 + 0],
            event,
            found,
        )
        work[S_RIGHTS] = number + 1


@compiled
def _forbidden(tables: Any, events: Any, facts: Any, work: Any, event: int) -> None:
    """Whether the event may break a prohibition; then the reference engine tells."""
    kind = type_of(events, event)
    for place in range(tables[tables[T_FORBIDS_AT] + kind], tables[tables[T_FORBIDS_AT] + kind + 1]):
        if by_whom(tables[tables[T_FORBIDS] + place * 2 + 0], actor_of(events, event)) == NO:
            continue
        work[S_ENTRY] = event
        if (
            tables[tables[T_FORBIDS] + place * 2 + 1] == -2
            or answer(tables, events, facts, work, tables[tables[T_FORBIDS] + place * 2 + 1]) != NO
        ):
            work[S_BEYOND] = FORBIDDEN_ACT
        work[S_ENTRY] = -1


@compiled
def scopes(tables: Any, events: Any, facts: Any, work: Any) -> None:
    """Where the ticket stands to what is outside the contract."""
    for scope in range(tables[T_SCOPE_COUNT]):
        found = answer(tables, events, facts, work, tables[tables[T_SCOPES] + scope]) + 1
        known = work[SCOPES_AT + 2 * scope + 0]
        if known == 0 or (known != found and known != YES + 1):
            work[SCOPES_AT + 2 * scope + 0], work[SCOPES_AT + 2 * scope + 1] = found, work[S_NOW]
        if found == YES + 1 and work[S_OUTSIDE] < 0:
            work[S_OUTSIDE] = scope


# ---- Endings --------------------------------------------------------------------------------------------------------


@compiled
def end(tables: Any, events: Any, facts: Any, work: Any, first: int, last: int, resolution: int) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    over = ended_by(tables, events, facts, work, first, last)
    for place in range(work[S_LIVE]):
        it = work[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        phase = work[own + I_PHASE]
        if phase in (MET, ENDED, COULD_NOT_ARISE):
            continue
        by = over if over >= 0 else until(tables, events, work[own + I_DUTY], first, last)
        question = tables[tables[T_DUTIES] + work[own + I_DUTY] * DUTY + D_WHILE]
        if by < 0 and question >= 0 and (phase in (PENDING, BREACHED)):
            found = answer(tables, events, facts, work, question)
            if found > YES and phase == BREACHED:
                continue
            if found > YES:
                work[own + I_PHASE], work[own + I_MISSING], work[own + I_OWED] = (
                    UNDETERMINED,
                    tables[tables[T_WANTING] + found],
                    1,
                )
                changed = True
                continue
            if found == NO:
                by = BY_WHILE
        if by >= 0 or by == BY_WHILE:
            changed = _finish(work, it, by, resolution if by == RESOLVED else -1) or changed
    for number in range(work[S_ELECTIONS]):
        election = ELECTIONS_AT + number * ELECTION
        if work[election + E_STATE] != OPEN:
            continue
        question = tables[tables[T_CHOICES] + (work[election + E_CHOICE] - tables[T_DUTY_COUNT]) * CHOICE + 1]
        if over >= 0 or resolution >= 0 or answer(tables, events, facts, work, question) == NO:
            work[election + E_STATE], work[election + E_AT] = E_ENDED, work[S_NOW]
            work[election + E_CLOSER] = -1 if over >= 0 else resolution
    return changed


@compiled
def _finish(work: Any, it: int, by: int, closer: int) -> bool:
    own = INSTANCES_AT + it * INSTANCE
    if work[own + I_PHASE] == UNDETERMINED or not work[own + I_OWED]:
        return False
    work[own + I_OWED], work[own + I_CEASED], work[own + I_ENDED_BY] = 0, work[S_NOW], by
    if closer >= 0:
        work[own + I_CLOSER] = closer
    if work[own + I_PHASE] == PENDING and work[own + I_UNCERTAIN]:
        work[own + I_PHASE], work[own + I_MISSING] = UNDETERMINED, work[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1]
    elif work[own + I_PHASE] == PENDING:
        work[own + I_PHASE] = ENDED
    return True


# ---- One instant (R1) -----------------------------------------------------------------------------------------------


@compiled
def step(tables: Any, events: Any, facts: Any, work: Any, at: int, first: int, last: int) -> None:
    """Move the ticket to ``at``, at which its events ``first`` to ``last`` happen."""
    work[S_NOW], work[S_ENTRY], work[S_UPTO], work[S_RECORDED] = at, -1, max(last, work[S_UPTO]), 0
    was_severity, was_resolution, was_waiting = work[S_SEVERITY], work[S_RESOLUTION], work[S_WAITING]
    resolution, reopened = -1, False
    marks = 0
    for event in range(first, last):
        take(tables, events, facts, work, event)
        if work[S_BEYOND]:
            return
        kind = type_of(events, event)
        marks |= tables[tables[T_MARKS] + kind]
        if kind == RESOLVED:
            resolution = event
        elif kind == REOPENED:
            reopened = True
    if last > first:
        if tables[T_SCOPE_COUNT]:
            scopes(tables, events, facts, work)
        moved = work[S_WAITING] != was_waiting or work[S_RESOLUTION] != was_resolution
        if work[S_RECORDED] or moved:
            effects(tables, events, facts, work, was_severity)
        if reopened and was_resolution >= 0:
            reopen(tables, events, facts, work, was_resolution)
        triggers(tables, events, facts, work, first, last)
        if work[S_BEYOND]:
            return
    for again in range(2):
        if again == 1:
            if not reopened or resolution < 0 or work[S_RESOLUTION] >= 0:
                break
            reopen(tables, events, facts, work, resolution)  # resolved and reopened at one instant
        settle_all(tables, events, facts, work, first, last, resolution, marks)
    _let_go(work)


@compiled
def settle_all(
    tables: Any, events: Any, facts: Any, work: Any, first: int, last: int, resolution: int, marks: int
) -> None:
    """Performance, endings, deadlines and what follows, until nothing changes."""
    if not work[S_LIVE] and not work[S_ELECTIONS]:
        return
    performs = marks & PERFORMS
    ends = marks & ENDS or tables[T_HAS_WHILES] or work[S_OUTSIDE] >= 0
    if not (performs or ends or resolution >= 0 or work[S_ELECTIONS]) and not deadlines(tables, events, facts, work):
        return
    for _ in range(1000):
        arisen = work[S_ARISEN]
        changed = False
        if performs:
            changed = perform_all(tables, events, facts, work, first, last)
        if ends:
            changed = end(tables, events, facts, work, first, last, resolution) or changed
        if resolution >= 0:
            _stand_still(tables, work)
        changed = deadlines(tables, events, facts, work) or changed
        if work[S_ELECTIONS]:
            changed = lapses(tables, events, facts, work) or changed
        if work[S_BEYOND] or not changed or arisen == work[S_ARISEN]:
            return


@compiled
def _stand_still(tables: Any, work: Any) -> None:
    """Clocks stand still from a resolution that did not perform or end their duties (R7)."""
    if work[S_RESOLUTION] < 0 or work[S_RESOLVED_AT] != work[S_NOW]:
        return
    for place in range(work[S_LIVE]):
        it = work[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if (
            not work[own + I_STOPPED]
            and work[own + I_OWED]
            and (work[own + I_PHASE] == PENDING or work[own + I_PHASE] == BREACHED)
        ):
            stand(tables, work, it, True)
            settle(tables, work, it)


@small
def _let_go(work: Any) -> None:
    """Instances that nothing can change any more are looked at no more."""
    kept = 0
    for place in range(work[S_LIVE]):
        it = work[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if work[own + I_OWED] or work[own + I_PHASE] == PENDING or work[own + I_PHASE] == UNDETERMINED:
            work[LIVE_AT + kept] = it
            kept += 1
    work[S_LIVE] = kept


@small
def next_timer(work: Any, telling: bool) -> int:
    """The next instant at which something changes though nothing happens; ``NEVER``.

    Where it is to be told (R17), what is undetermined already by an uncertain act does not change at its deadline.
    """
    soonest = NEVER
    for place in range(work[S_LIVE]):
        own = INSTANCES_AT + work[LIVE_AT + place] * INSTANCE
        if work[own + I_PHASE] != PENDING or (telling and work[own + I_UNCERTAIN]):
            continue
        due, unknown = work[own + I_DUE], work[own + I_UNKNOWN_AT]
        if due > work[S_NOW] and (soonest == NEVER or due < soonest):
            soonest = due
        if unknown > work[S_NOW] and (soonest == NEVER or unknown < soonest):
            soonest = unknown
    for number in range(work[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = work[own + E_LAPSES]
        if work[own + E_STATE] == OPEN and at > work[S_NOW] and (soonest == NEVER or at < soonest):
            soonest = at
    return soonest


@compiled
def follow(tables: Any, events: Any, facts: Any, work: Any, first: int, last: int, agreement: int, as_of: int) -> int:
    """A ticket from its first event to ``as_of``; when it changes next if nothing happens, or ``NEVER`` (R17)."""
    _clear(tables, work, first, agreement)
    place = first
    while True:
        at = events[place, 0] if place < last and events[place, 0] <= as_of else NEVER
        timer = next_timer(work, False) if work[S_LIVE] or work[S_ELECTIONS] else NEVER
        if timer != NEVER and (at == NEVER or timer < at):
            if timer > as_of:
                break
            at = timer
        if at == NEVER:
            break
        after = place
        while after < last and events[after, 0] == at:
            after += 1
        step(tables, events, facts, work, at, place, after)
        place = after
        if work[S_BEYOND]:
            return NEVER
    work[S_NOW] = as_of
    if tables[T_DISPUTE_COUNT] and work[S_SEVERITY] >= 0:
        definition = tables[tables[T_DISPUTES] + work[S_SEVERITY]]
        if definition == -2 or (definition >= 0 and answer(tables, events, facts, work, definition) == NO):
            work[S_BEYOND] = DISPUTABLE
    return next_timer(work, True)


@compiled
def _clear(tables: Any, work: Any, first: int, agreement: int) -> None:
    for place in range(STATE):
        work[place] = 0
    work[S_ENTRY], work[S_SEVERITY], work[S_RESOLUTION] = -1, -1, -1
    work[S_OPENED], work[S_ENDED], work[S_OUTSIDE] = NEVER, NEVER, -1
    work[S_NOW], work[S_RESOLVED_AT] = NEVER, NEVER
    work[S_FIRST] = work[S_UPTO] = first
    work[S_AGREEMENT] = agreement
    for fact in range(tables[T_FACT_COUNT]):
        work[FACTS_AT + fact] = 0
    for rule in range(tables[T_DUTY_COUNT] + tables[T_CHOICE_COUNT]):
        work[COUNTS_AT + rule] = 0
    for number in range(tables[T_BOTH_COUNT]):
        work[BOTH_AT + 2 * number + 0] = work[BOTH_AT + 2 * number + 1] = -1
    for scope in range(tables[T_SCOPE_COUNT]):
        work[SCOPES_AT + 2 * scope + 0] = 0
