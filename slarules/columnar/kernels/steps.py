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
    I_TRIGGER,
    I_UNCERTAIN,
    I_UNKNOWN_AT,
    IMPOSSIBLE,
    INSTANCE,
    INSTANCES_AT,
    JOINT,
    JUDGED,
    LIVE_AT,
    M_EVENTS,
    M_FACTS,
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
def take(memory: Any, event: int) -> None:
    """Record an event and move the ticket's state; what has no effect leaves the ticket beyond the kernels."""
    kind = type_of(memory, event)
    if memory[S_OPENED] == NEVER and kind != OPENED:
        memory[S_BEYOND] = NOT_OPENED
        return
    if kind < 9 or kind == CONFIRMED:
        _move(memory, event, kind)
    severity = severity_of(memory, event)
    if severity >= 0:
        memory[S_RECORDED] |= SEVERITY_WANTED
        if kind != CONFIRMED and severity != memory[S_SEVERITY]:
            if not _entitled(memory, actor_of(memory, event)):
                memory[S_BEYOND] = NOT_ENTITLED
            memory[S_SEVERITY] = severity
        elif kind != CONFIRMED and not _entitled(memory, actor_of(memory, event)):
            memory[S_BEYOND] = NOT_ENTITLED
    for place in range(memory[memory[M_FACTS] + event], memory[memory[M_FACTS] + event + 1]):
        memory[FACTS_AT + (memory[memory[M_FACTS] + place] & 0xFFFF)] = memory[memory[M_FACTS] + place] >> 16
        memory[S_RECORDED] |= 1 << (memory[memory[M_FACTS] + place] & 0xFFFF)


@small
def _entitled(memory: Any, actor: int) -> bool:
    parties = memory[memory[T_ASSIGNED_BY] + 0] if memory[S_SEVERITY] < 0 else memory[memory[T_ASSIGNED_BY] + 1]
    return actor < 0 or by_whom(parties, actor) == YES


@compiled
def _move(memory: Any, event: int, kind: int) -> None:
    at = memory[memory[M_EVENTS] + 2 * event]
    if kind == OPENED:
        if memory[S_OPENED] != NEVER:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_OPENED] = at
    elif kind == SEVERITY_CHANGED:
        if severity_of(memory, event) == memory[S_SEVERITY]:
            memory[S_BEYOND] = IMPOSSIBLE
        elif not _entitled(memory, actor_of(memory, event)):
            memory[S_BEYOND] = NOT_ENTITLED
    elif kind == WAITING:
        on = max(1, on_of(memory, event))
        if memory[S_WAITING] == on:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_WAITING] = on
    elif kind == RESUMED:
        if memory[S_WAITING] == 0:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_WAITING] = 0
    elif kind == RESOLVED:
        if memory[S_RESOLUTION] >= 0:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_RESOLUTION], memory[S_RESOLVED_AT], memory[S_WAITING] = event, at, 0
    elif kind == REOPENED:
        if memory[S_RESOLUTION] < 0 and not memory[S_CLOSED]:
            memory[S_BEYOND] = IMPOSSIBLE
        memory[S_RESOLUTION], memory[S_CLOSED], memory[S_ENDED] = -1, 0, NEVER
    elif kind == CLOSED:
        memory[S_CLOSED] = 1
        if memory[S_RESOLUTION] < 0:
            memory[S_ENDED] = at
    elif kind in (CANCELLED, OUT_OF_SCOPE):
        memory[S_CLOSED], memory[S_ENDED] = 1, at
    elif kind == CONFIRMED:
        found = severity_of(memory, event)
        if not _confirms(memory, event) or memory[S_SEVERITY] < 0 or (found >= 0 and found != memory[S_SEVERITY]):
            memory[S_BEYOND] = UNCONFIRMED


@compiled
def _confirms(memory: Any, event: int) -> bool:
    actor = actor_of(memory, event)
    return actor < 0 or by_whom(memory[memory[T_ASSIGNED_BY] + 2], actor) == YES


# ---- Effects on what is owed already (R6, R7) -----------------------------------------------------------------------


@compiled
def effects(memory: Any, was: int) -> None:
    """Severity, pauses, answers to what was uncertain."""
    changed = memory[S_SEVERITY] != was
    recorded = memory[S_RECORDED]
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if memory[own + I_PHASE] == UNDETERMINED:
            if memory[own + I_UNCERTAIN]:
                requalify(memory, it)
            elif memory[own + I_MISSING] & recorded:
                memory[S_BEYOND] = ANSWERED  # R9
            continue
        touched = changed
        if changed:
            severity_changed(memory, it, was)
        if memory[own + I_UNCERTAIN] and recorded:
            requalify(memory, it)
            touched = True
        if stand(memory, it, False) or touched:
            settle(memory, it)
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_STATE] == E_UNDETERMINED and memory[own + E_MISSING] & recorded:
            memory[S_BEYOND] = ANSWERED


@compiled
def reopen(memory: Any, resolution: int) -> None:
    """R7: undo only what that resolution performed or ended, on the newest instance."""
    for it in range(memory[S_INSTANCES]):
        own = INSTANCES_AT + it * INSTANCE
        if _newer(memory, it):
            continue
        _forget_resolutions(memory, it)
        if memory[own + I_CLOSER] != resolution:
            continue
        rule = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_REOPENING]
        if rule == RESUME:
            _resume(memory, it)
        elif rule == RESTART:
            row = -1
            if memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_ROLLING]:
                row = memory[S_ROWS]
                if row >= ROWS:
                    memory[S_BEYOND] = MANY
                    return
                memory[S_ROWS] = row + 1
                for place in range(SERVED):
                    memory[SERVED_AT + row * SERVED + place] = -1
            begin(
                memory,
                memory[own + I_DUTY],
                memory[S_NOW],
                memory[own + I_CAUSE],
                memory[own + I_TRIGGER],
                row,
                -1,
            )
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        if memory[own + E_CLOSER] == resolution:
            memory[own + E_STATE], memory[own + E_CLOSER] = OPEN, -1


@compiled
def _newer(memory: Any, it: int) -> bool:
    """Whether the duty has a newer instance."""
    for later in range(it + 1, memory[S_INSTANCES]):
        if memory[INSTANCES_AT + later * INSTANCE + I_DUTY] == memory[INSTANCES_AT + it * INSTANCE + I_DUTY]:
            return True
    return False


@compiled
def _forget_resolutions(memory: Any, it: int) -> None:
    """A resolution that may have performed it does so no more."""
    own = INSTANCES_AT + it * INSTANCE
    kept = 0
    for number in range(memory[own + I_UNCERTAIN]):
        if type_of(memory, memory[UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0]) != RESOLVED:
            memory[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 0] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 0
            ]
            memory[UNCERTAIN_AT + (it * UNCERTAIN + kept) * 2 + 1] = memory[
                UNCERTAIN_AT + (it * UNCERTAIN + number) * 2 + 1
            ]
            kept += 1
    memory[own + I_UNCERTAIN] = kept


@compiled
def _resume(memory: Any, it: int) -> None:
    own = INSTANCES_AT + it * INSTANCE
    if not memory[own + I_STOPPED]:  # the resolution performed or ended it, so nothing stopped its clock until now
        at = memory[memory[M_EVENTS] + 2 * (memory[own + I_CLOSER])]
        stop(memory, it, at)
        memory[own + I_PAUSED], memory[own + I_STOPPED] = 1, 1
    memory[own + I_PERFORMED_AT], memory[own + I_PERFORMED_BY], memory[own + I_ENDED_BY] = NEVER, -1, -1
    memory[own + I_CEASED], memory[own + I_CLOSER], memory[own + I_OWED] = NEVER, -1, 1
    if memory[own + I_PHASE] != BREACHED:
        memory[own + I_PHASE], memory[own + I_FLOOR] = PENDING, memory[S_NOW]
        if memory[own + I_SEVERITY] != memory[S_SEVERITY]:
            severity_changed(memory, it, memory[own + I_SEVERITY])
    alive = False
    for place in range(memory[S_LIVE]):
        alive = alive or memory[LIVE_AT + place] == it
    if not alive:
        memory[LIVE_AT + memory[S_LIVE]] = it
        memory[S_LIVE] += 1
    stand(memory, it, False)
    settle(memory, it)


# ---- What an instant sets off ---------------------------------------------------------------------------------------


@compiled
def triggers(memory: Any, first: int, last: int) -> None:
    """What the events of this instant set off, in their order."""
    over = memory[S_ENDED] != NEVER and memory[S_ENDED] < memory[S_NOW]
    for event in range(first, last):
        kind = type_of(memory, event)
        marks = memory[memory[T_MARKS] + kind]
        if marks & SETS_OFF and not over:
            for place in range(memory[memory[T_TRIGGERS_AT] + kind], memory[memory[T_TRIGGERS_AT] + kind + 1]):
                if _matches(memory, memory[T_TRIGGERS] + place * 4, event):
                    memory[S_ENTRY] = event
                    arise(memory, memory[memory[T_TRIGGERS] + place * 4 + 0], -1, event)
                    memory[S_ENTRY] = -1
            if memory[T_BOTH_COUNT]:
                _joint(memory, event)
        if marks & JUDGED:
            _rights(memory, event)
        if marks & FORBIDDEN:
            _forbidden(memory, event)
        if kind in (ELECTED, AGREED):
            for number in range(memory[S_ELECTIONS]):
                if memory[ELECTIONS_AT + number * ELECTION + E_STATE] == OPEN and memory[S_RESOLUTION] < 0:
                    memory[S_BEYOND] = CHOSEN
        if memory[S_BEYOND]:
            return
    if memory[T_STANDING_COUNT] and memory[S_NOW] == memory[memory[M_EVENTS] + 2 * (memory[S_FIRST])]:
        for place in range(memory[T_STANDING_COUNT]):
            arise(memory, memory[memory[T_STANDING] + place], -1, -1)


@compiled
def _matches(memory: Any, trigger: int, event: int) -> bool:
    at = memory[memory[M_EVENTS] + 2 * event]
    if memory[trigger + 2] >= 0 and not within(memory, memory[trigger + 2], at, True):
        return False
    if memory[trigger + 3] >= 0 and not within(memory, memory[trigger + 3], at, False):
        return False
    return is_by(memory, memory[trigger + 1], actor_of(memory, event))


@compiled
def _joint(memory: Any, event: int) -> None:
    """R35: the later of two events."""
    for number in range(memory[T_BOTH_COUNT]):
        row = memory[T_BOTH] + number * JOINT
        seen = BOTH_AT + 2 * number
        before = memory[seen] >= 0 and memory[seen + 1] >= 0
        for half in range(2):
            own = row + 1 + 4 * half
            if type_of(memory, event) == memory[own] and _matches(memory, own, event):
                memory[seen + half] = event
            elif memory[seen + half] < 0:  # it may have come before
                for earlier in range(memory[S_FIRST], memory[S_UPTO]):
                    if type_of(memory, earlier) == memory[own] and _matches(memory, own, earlier):
                        memory[seen + half] = earlier
        if memory[seen] >= 0 and memory[seen + 1] >= 0 and not before:
            memory[S_ENTRY] = event
            arise(memory, memory[row], -1, event)
            memory[S_ENTRY] = -1


@compiled
def _rights(memory: Any, event: int) -> None:
    """R21: whether the event is within the rights that it is checked against."""
    kind = type_of(memory, event)
    for place in range(memory[memory[T_RIGHTS_AT] + kind], memory[memory[T_RIGHTS_AT] + kind + 1]):
        if memory[memory[T_RIGHTS] + place * 4 + 3]:
            memory[S_BEYOND] = memory[memory[T_RIGHTS] + place * 4 + 3]
            return
        if not is_by(memory, memory[memory[T_RIGHTS] + place * 4 + 1], actor_of(memory, event)):
            continue
        number = memory[S_RIGHTS]
        if number >= RIGHTS:
            memory[S_BEYOND] = MANY
            return
        memory[S_ENTRY] = event
        found = answer(memory, memory[memory[T_RIGHTS] + place * 4 + 2])
        memory[S_ENTRY] = -1
        memory[RIGHTS_AT + 3 * number + 0], memory[RIGHTS_AT + 3 * number + 1], memory[RIGHTS_AT + 3 * number + 2] = (
            memory[memory[T_RIGHTS] + place * 4 + 0],
            event,
            found,
        )
        memory[S_RIGHTS] = number + 1


@compiled
def _forbidden(memory: Any, event: int) -> None:
    """Whether the event may break a prohibition; then the reference engine tells."""
    kind = type_of(memory, event)
    for place in range(memory[memory[T_FORBIDS_AT] + kind], memory[memory[T_FORBIDS_AT] + kind + 1]):
        if by_whom(memory[memory[T_FORBIDS] + place * 2 + 0], actor_of(memory, event)) == NO:
            continue
        memory[S_ENTRY] = event
        if (
            memory[memory[T_FORBIDS] + place * 2 + 1] == -2
            or answer(memory, memory[memory[T_FORBIDS] + place * 2 + 1]) != NO
        ):
            memory[S_BEYOND] = FORBIDDEN_ACT
        memory[S_ENTRY] = -1


@compiled
def scopes(memory: Any) -> None:
    """Where the ticket stands to what is outside the contract."""
    for scope in range(memory[T_SCOPE_COUNT]):
        found = answer(memory, memory[memory[T_SCOPES] + scope]) + 1
        known = memory[SCOPES_AT + 2 * scope + 0]
        if known == 0 or (known != found and known != YES + 1):
            memory[SCOPES_AT + 2 * scope + 0], memory[SCOPES_AT + 2 * scope + 1] = found, memory[S_NOW]
        if found == YES + 1 and memory[S_OUTSIDE] < 0:
            memory[S_OUTSIDE] = scope


# ---- Endings --------------------------------------------------------------------------------------------------------


@compiled
def end(memory: Any, first: int, last: int, resolution: int) -> bool:
    """R19, and every `until` and `while`."""
    changed = False
    over = ended_by(memory, first, last)
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        phase = memory[own + I_PHASE]
        if phase in (MET, ENDED, COULD_NOT_ARISE):
            continue
        by = over if over >= 0 else until(memory, memory[own + I_DUTY], first, last)
        question = memory[memory[T_DUTIES] + memory[own + I_DUTY] * DUTY + D_WHILE]
        if by < 0 and question >= 0 and (phase in (PENDING, BREACHED)):
            found = answer(memory, question)
            if found > YES and phase == BREACHED:
                continue
            if found > YES:
                memory[own + I_PHASE], memory[own + I_MISSING], memory[own + I_OWED] = (
                    UNDETERMINED,
                    memory[memory[T_WANTING] + found],
                    1,
                )
                changed = True
                continue
            if found == NO:
                by = BY_WHILE
        if by >= 0 or by == BY_WHILE:
            changed = _finish(memory, it, by, resolution if by == RESOLVED else -1) or changed
    for number in range(memory[S_ELECTIONS]):
        election = ELECTIONS_AT + number * ELECTION
        if memory[election + E_STATE] != OPEN:
            continue
        question = memory[memory[T_CHOICES] + (memory[election + E_CHOICE] - memory[T_DUTY_COUNT]) * CHOICE + 1]
        if over >= 0 or resolution >= 0 or answer(memory, question) == NO:
            memory[election + E_STATE] = E_ENDED
            memory[election + E_CLOSER] = -1 if over >= 0 else resolution
    return changed


@compiled
def _finish(memory: Any, it: int, by: int, closer: int) -> bool:
    own = INSTANCES_AT + it * INSTANCE
    if memory[own + I_PHASE] == UNDETERMINED or not memory[own + I_OWED]:
        return False
    memory[own + I_OWED], memory[own + I_CEASED], memory[own + I_ENDED_BY] = 0, memory[S_NOW], by
    if closer >= 0:
        memory[own + I_CLOSER] = closer
    if memory[own + I_PHASE] == PENDING and memory[own + I_UNCERTAIN]:
        memory[own + I_PHASE], memory[own + I_MISSING] = (
            UNDETERMINED,
            memory[UNCERTAIN_AT + (it * UNCERTAIN + 0) * 2 + 1],
        )
    elif memory[own + I_PHASE] == PENDING:
        memory[own + I_PHASE] = ENDED
    return True


# ---- One instant (R1) -----------------------------------------------------------------------------------------------


@compiled
def step(memory: Any, at: int, first: int, last: int) -> None:
    """Move the ticket to ``at``, at which its events ``first`` to ``last`` happen."""
    memory[S_NOW], memory[S_ENTRY], memory[S_UPTO], memory[S_RECORDED] = at, -1, max(last, memory[S_UPTO]), 0
    was_severity, was_resolution, was_waiting = memory[S_SEVERITY], memory[S_RESOLUTION], memory[S_WAITING]
    resolution, reopened = -1, False
    marks = 0
    for event in range(first, last):
        take(memory, event)
        if memory[S_BEYOND]:
            return
        kind = type_of(memory, event)
        marks |= memory[memory[T_MARKS] + kind]
        if kind == RESOLVED:
            resolution = event
        elif kind == REOPENED:
            reopened = True
    if last > first:
        if memory[T_SCOPE_COUNT]:
            scopes(memory)
        moved = memory[S_WAITING] != was_waiting or memory[S_RESOLUTION] != was_resolution
        if memory[S_RECORDED] or moved:
            effects(memory, was_severity)
        if reopened and was_resolution >= 0:
            reopen(memory, was_resolution)
        triggers(memory, first, last)
        if memory[S_BEYOND]:
            return
    for again in range(2):
        if again == 1:
            if not reopened or resolution < 0 or memory[S_RESOLUTION] >= 0:
                break
            reopen(memory, resolution)  # resolved and reopened at one instant
        settle_all(memory, first, last, resolution, marks)
    _let_go(memory)


@compiled
def settle_all(memory: Any, first: int, last: int, resolution: int, marks: int) -> None:
    """Performance, endings, deadlines and what follows, until nothing changes."""
    if not memory[S_LIVE] and not memory[S_ELECTIONS]:
        return
    performs = marks & PERFORMS
    ends = marks & ENDS or memory[T_HAS_WHILES] or memory[S_OUTSIDE] >= 0
    if not (performs or ends or resolution >= 0 or memory[S_ELECTIONS]) and not deadlines(memory):
        return
    for _ in range(1000):
        arisen = memory[S_ARISEN]
        changed = False
        if performs:
            changed = perform_all(memory, first, last)
        if ends:
            changed = end(memory, first, last, resolution) or changed
        if resolution >= 0:
            _stand_still(memory)
        changed = deadlines(memory) or changed
        if memory[S_ELECTIONS]:
            changed = lapses(memory) or changed
        if memory[S_BEYOND] or not changed or arisen == memory[S_ARISEN]:
            return


@compiled
def _stand_still(memory: Any) -> None:
    """Clocks stand still from a resolution that did not perform or end their duties (R7)."""
    if memory[S_RESOLUTION] < 0 or memory[S_RESOLVED_AT] != memory[S_NOW]:
        return
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if (
            not memory[own + I_STOPPED]
            and memory[own + I_OWED]
            and (memory[own + I_PHASE] == PENDING or memory[own + I_PHASE] == BREACHED)
        ):
            stand(memory, it, True)
            settle(memory, it)


@small
def _let_go(memory: Any) -> None:
    """Instances that nothing can change any more are looked at no more."""
    kept = 0
    for place in range(memory[S_LIVE]):
        it = memory[LIVE_AT + place]
        own = INSTANCES_AT + it * INSTANCE
        if memory[own + I_OWED] or memory[own + I_PHASE] == PENDING or memory[own + I_PHASE] == UNDETERMINED:
            memory[LIVE_AT + kept] = it
            kept += 1
    memory[S_LIVE] = kept


@small
def next_timer(memory: Any, telling: bool) -> int:
    """The next instant at which something changes though nothing happens; ``NEVER``.

    Where it is to be told (R17), what is undetermined already by an uncertain act does not change at its deadline.
    """
    soonest = NEVER
    for place in range(memory[S_LIVE]):
        own = INSTANCES_AT + memory[LIVE_AT + place] * INSTANCE
        if memory[own + I_PHASE] != PENDING or (telling and memory[own + I_UNCERTAIN]):
            continue
        due, unknown = memory[own + I_DUE], memory[own + I_UNKNOWN_AT]
        if due > memory[S_NOW] and (soonest == NEVER or due < soonest):
            soonest = due
        if unknown > memory[S_NOW] and (soonest == NEVER or unknown < soonest):
            soonest = unknown
    for number in range(memory[S_ELECTIONS]):
        own = ELECTIONS_AT + number * ELECTION
        at = memory[own + E_LAPSES]
        if memory[own + E_STATE] == OPEN and at > memory[S_NOW] and (soonest == NEVER or at < soonest):
            soonest = at
    return soonest


@compiled
def follow(memory: Any, first: int, last: int, agreement: int, as_of: int) -> int:
    """A ticket from its first event to ``as_of``; when it changes next if nothing happens, or ``NEVER`` (R17)."""
    _clear(memory, first, agreement)
    place = first
    while True:
        at = (
            memory[memory[M_EVENTS] + 2 * place]
            if place < last and memory[memory[M_EVENTS] + 2 * place] <= as_of
            else NEVER
        )
        timer = next_timer(memory, False) if memory[S_LIVE] or memory[S_ELECTIONS] else NEVER
        if timer != NEVER and (at == NEVER or timer < at):
            if timer > as_of:
                break
            at = timer
        if at == NEVER:
            break
        after = place
        while after < last and memory[memory[M_EVENTS] + 2 * after] == at:
            after += 1
        step(memory, at, place, after)
        place = after
        if memory[S_BEYOND]:
            return NEVER
    memory[S_NOW] = as_of
    if memory[T_DISPUTE_COUNT] and memory[S_SEVERITY] >= 0:
        definition = memory[memory[T_DISPUTES] + memory[S_SEVERITY]]
        if definition == -2 or (definition >= 0 and answer(memory, definition) == NO):
            memory[S_BEYOND] = DISPUTABLE
    return next_timer(memory, True)


@compiled
def _clear(memory: Any, first: int, agreement: int) -> None:
    for place in range(STATE):
        memory[place] = 0
    memory[S_ENTRY], memory[S_SEVERITY], memory[S_RESOLUTION] = -1, -1, -1
    memory[S_OPENED], memory[S_ENDED], memory[S_OUTSIDE] = NEVER, NEVER, -1
    memory[S_NOW], memory[S_RESOLVED_AT] = NEVER, NEVER
    memory[S_FIRST] = memory[S_UPTO] = first
    memory[S_AGREEMENT] = agreement
    for fact in range(memory[T_FACT_COUNT]):
        memory[FACTS_AT + fact] = 0
    for rule in range(memory[T_DUTY_COUNT] + memory[T_CHOICE_COUNT]):
        memory[COUNTS_AT + rule] = 0
    for number in range(memory[T_BOTH_COUNT]):
        memory[BOTH_AT + 2 * number + 0] = memory[BOTH_AT + 2 * number + 1] = -1
    for scope in range(memory[T_SCOPE_COUNT]):
        memory[SCOPES_AT + 2 * scope + 0] = 0
