"""A kernel written by hand for the one contract of the benchmark: what a specialist would write, and the upper bound.

It knows the contract: the names of the acts, that two duties share a clock and one has no pauses, which rule each has
for changes and reopening. Nothing in it can be used for another contract. It is right for logs as the generator writes
them (no two events of a ticket at one instant, nobody waits twice, nothing after a closing of what was not resolved),
which is all that a hand-written one is ever asked.

Three tricks of the compiler's make it several times as fast: no reference counting (``_nrt=False``), small functions
written into their callers, and unsigned positions, for which no sign is tested.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

from benchmarks.engines.given import ABSENT, BREACHED, ENDED, MET, NONE, PENDING, SUSPENDED
from benchmarks.engines.kinds import (
    ACKNOWLEDGED,
    CHANGED,
    CLOSED,
    ESCALATED,
    OPENED,
    REOPENED,
    RESOLVED,
    RESPONDED,
    RESUMED,
    WAITING,
)
from benchmarks.engines.workload import Ints

EVENTFUL = 1 << WAITING | 1 << RESUMED | 1 << CHANGED | 1 << REOPENED
"""Tickets with none of these need no clock that stops: their verdicts follow from the first act of each kind."""
NEVER = int(np.iinfo(np.int64).max)
SHIFT = 34
"""Cells of 2**34 microseconds, 4.8 hours: at most one bound of an opening in each, found by a shift."""


def tables(starts: Ints, ends: Ints, low: int, high: int) -> tuple[Ints, ...]:
    """Openings from ``low`` on, counted from it; for each cell of time, and of open time, the first it may mean."""
    found = (ends > low) & (starts < high)
    starts, ends = np.maximum(starts[found], low) - low, ends[found] - low
    before = np.concatenate(([0], np.cumsum(ends - starts)))
    cells = np.searchsorted(ends, np.arange((high - low >> SHIFT) + 2) << SHIFT, side="right")
    inverse = np.searchsorted(before, np.arange((before[-1] >> SHIFT) + 2) << SHIFT, side="left") - 1
    bounds = np.append(starts, NEVER), np.append(ends, NEVER), np.append(before, NEVER)
    return *bounds, cells.astype(np.int32), np.maximum(inverse, 0).astype(np.int32)


@njit(inline="always")
def _worked(t, starts, ends, before, cells):
    """Open time before t."""
    place = np.uint64(cells[np.uint64(t >> SHIFT)])
    place += np.uint64(t >= ends[place])
    return before[place] + max(t - starts[place], 0)


@njit(inline="always")
def _reached(w, starts, before, inverse):
    """The earliest instant by which so much time was open."""
    place = np.uint64(inverse[np.uint64(w >> SHIFT)])
    place += np.uint64(w > before[place + np.uint64(1)])
    return starts[place] + (w - before[place])


@njit(inline="always")
def _judged(act, due, stop, over, end):
    """State and deadline of a duty whose clock ran from its start to ``stop`` (resolved) or ``over`` (closed)."""
    if act <= due and act <= stop and act <= over:
        return MET, due
    if due < stop and due < over and due <= end:
        return BREACHED, due
    if act < over:
        return MET, NONE  # done while the ticket was resolved and its clock stood still
    if over <= end and over < stop:
        return ENDED, NONE
    if stop <= end:
        return SUSPENDED, NONE
    return PENDING, due


@njit(nogil=True, _nrt=False)
def kernel(offsets, at, code, severity, allowed, starts, ends, before, cells, inverse, low, end,
           state, deadline, done, first, moves):
    """Judges every ticket: its events are those from ``offsets[i]`` to ``offsets[i + 1]``, in order of time."""
    for ticket in range(len(offsets) - 1):
        begin, stop = offsets[ticket], offsets[ticket + 1]
        first[:] = NEVER
        seen = 0
        for back in range(1, stop - begin + 1):  # backwards, so that the first act of each kind stays
            i = np.uint64(stop - back)
            first[code[i]] = at[i]
            seen |= np.int64(1) << code[i]
        opened = first[OPENED] - low
        worked = _worked(opened, starts, ends, before, cells)
        if seen & EVENTFUL == 0:
            resolved, closed = first[RESOLVED], first[CLOSED]
            over = closed if closed < resolved else NEVER
            level = severity[begin]
            due = low + _reached(worked + allowed[0, level], starts, before, inverse)
            state[ticket, 0], deadline[ticket, 0] = _judged(first[ACKNOWLEDGED], due, resolved, over, end)
            due = low + _reached(worked + allowed[1, level], starts, before, inverse)
            state[ticket, 1], deadline[ticket, 1] = _judged(first[RESPONDED], due, resolved, over, end)
            due = low + _reached(worked + allowed[2, level], starts, before, inverse)
            what, when = _judged(resolved, due, NEVER, over, end)
            state[ticket, 2], deadline[ticket, 2] = what, when
            done[ticket, 0] = first[ACKNOWLEDGED]
            done[ticket, 1] = first[RESPONDED]
            done[ticket, 2] = resolved
            if what == BREACHED:
                base = _worked(when - low, starts, ends, before, cells)
                due = low + _reached(base + allowed[3, level], starts, before, inverse)
                act = first[ESCALATED]
                if act <= when:
                    state[ticket, 3], deadline[ticket, 3] = MET, due
                else:
                    state[ticket, 3], deadline[ticket, 3] = _judged(act, due, resolved, over, end)
                done[ticket, 3] = act
            else:
                state[ticket, 3], deadline[ticket, 3], done[ticket, 3] = ABSENT, NONE, NEVER
        else:
            _eventful(ticket, begin, stop, at, code, severity, allowed, starts, ends, before, cells, inverse, low, end,
                      state, deadline, done, opened, worked, first, moves)


@njit(inline="always")
def _until(phase, due, act, t, running):
    """A pending duty, up to the next event t that moves a clock: breached before it, done before it, or neither."""
    if phase == PENDING:
        if running and due < t and due < act:
            phase = BREACHED
        elif act < t:
            phase = MET
            due = due if running else NONE
    return phase, due


@njit(inline="always")
def _eventful(ticket, begin, stop, at, code, severity, allowed, starts, ends, before, cells, inverse, low, end,
              state, deadline, done, opened, worked, first, moves):
    """A ticket that waits, changes its severity or is reopened: from one event that moves a clock to the next."""
    count = 0
    for i in range(begin + 1, stop):  # only those events, gathered without a branch
        moves[count] = i
        count += code[i] >= RESOLVED
    level = severity[begin]
    acknowledged, responded, escalated = first[ACKNOWLEDGED] - low, first[RESPONDED] - low, first[ESCALATED] - low
    shift0 = shift1 = worked  # open time at the start, and what did not count: on the clock without pauses, and with
    shift3 = stood0 = stood1 = np.int64(0)
    phase0 = phase1 = phase2 = PENDING
    phase3 = ABSENT
    due0 = _reached(worked + allowed[0, level], starts, before, inverse)
    due1 = _reached(worked + allowed[1, level], starts, before, inverse)
    due2 = _reached(worked + allowed[2, level], starts, before, inverse)
    due3 = NONE
    performed = NEVER
    waiting = resolved = False
    for move in range(count + 1):
        i = moves[move]
        t = at[i] - low if move < count else end + 1 - low
        phase0, due0 = _until(phase0, due0, acknowledged, t, not resolved)
        phase1, due1 = _until(phase1, due1, responded, t, not (resolved or waiting))
        if phase2 == PENDING and due2 < t and not (resolved or waiting):
            phase2 = BREACHED
            shift3 = _worked(due2, starts, ends, before, cells)
            due3 = _reached(shift3 + allowed[3, level], starts, before, inverse)
            phase3 = MET if escalated <= due2 else PENDING
        phase3, due3 = _until(phase3, due3, escalated, t, not resolved)
        if move == count:
            break
        kind = code[i]
        now = _worked(t, starts, ends, before, cells)
        if kind == WAITING:
            if not (waiting or resolved):
                waiting, stood1 = True, now
        elif kind == RESOLVED:
            if not resolved:
                if performed == NEVER:
                    performed = at[i]
                if phase2 == PENDING:
                    phase2 = MET
                    due2 = NONE if waiting else due2
                stood0 = now
                stood1 = stood1 if waiting else now
                resolved, waiting = True, False
        elif kind == CLOSED:
            if not resolved:
                phase0 = ENDED if phase0 == PENDING else phase0
                phase1 = ENDED if phase1 == PENDING else phase1
                phase2 = ENDED if phase2 == PENDING else phase2
                phase3 = ENDED if phase3 == PENDING else phase3
                break
        elif kind == CHANGED:
            if severity[i] != level and severity[i] > 0:
                level = severity[i]
                if phase1 == PENDING:
                    due1 = max(_reached(shift1 + allowed[1, level], starts, before, inverse), t)
                if phase2 == PENDING:
                    due2 = max(_reached(shift1 + allowed[2, level], starts, before, inverse), t)
        elif (kind == RESUMED and waiting) or (kind == REOPENED and resolved):
            shift1 += now - stood1
            if kind == REOPENED:
                shift0 += now - stood0
                shift3 += now - stood0
                if phase0 == PENDING:
                    due0 = max(_reached(shift0 + allowed[0, level], starts, before, inverse), t)
                if phase3 == PENDING:
                    due3 = max(_reached(shift3 + allowed[3, level], starts, before, inverse), t)
                phase2 = PENDING if phase2 == MET else phase2
                performed = NEVER
            waiting = resolved = False
            if phase1 == PENDING:
                due1 = max(_reached(shift1 + allowed[1, level], starts, before, inverse), t)
            if phase2 == PENDING:
                due2 = max(_reached(shift1 + allowed[2, level], starts, before, inverse), t)
    _shown(ticket, 0, phase0, due0, resolved, first[ACKNOWLEDGED], low, state, deadline, done)
    _shown(ticket, 1, phase1, due1, resolved or waiting, first[RESPONDED], low, state, deadline, done)
    _shown(ticket, 2, phase2, due2, resolved or waiting, performed, low, state, deadline, done)
    act = first[ESCALATED] if phase3 != ABSENT else NEVER
    _shown(ticket, 3, phase3, due3, resolved, act, low, state, deadline, done)


@njit(inline="always")
def _shown(ticket, duty, phase, due, still, act, low, state, deadline, done):
    """The verdict as it is written down."""
    phase = SUSPENDED if phase == PENDING and still else phase
    dated = phase in (PENDING, MET, BREACHED) and due != NONE
    state[ticket, duty] = phase
    deadline[ticket, duty] = due + low if dated else NONE
    done[ticket, duty] = act


def judge(log, calendar, limits, low, end, state, deadline, done, threads):
    """All tickets, by so many threads; each thread gets its share and its own scratch space."""
    count = len(log.offsets) - 1
    most = int(np.diff(log.offsets).max(initial=0)) + 1
    bounds = np.linspace(0, count, threads + 1).astype(np.int64)

    def share(first, last):
        rows = slice(first, last)
        kernel(
            log.offsets[first : last + 1], log.at, log.code, log.severity, limits, *calendar, low, end,
            state[rows], deadline[rows], done[rows], np.empty(16, np.int64), np.empty(most, np.int64),
        )  # fmt: skip

    if threads == 1:
        share(0, count)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(share, bounds[:-1], bounds[1:]))
