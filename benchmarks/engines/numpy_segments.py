"""NumPy: the contract of the benchmark as whole-column operations on events sorted by ticket, without a loop.

What is in force after an event is filled forward by a running maximum of positions; what a clock has counted is a
running sum less its value at the ticket's opening; a ticket's first breach is a minimum over its stretch of rows.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from benchmarks.engines.columns import Sorted
from benchmarks.engines.given import (
    ABSENT,
    BREACHED,
    DAY,
    ENDED,
    LIMITS,
    LOW,
    MET,
    NONE,
    PENDING,
    SUSPENDED,
    Outcome,
    days_table,
    openings_table,
)
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
from benchmarks.engines.workload import AS_OF, Flags, Ints

NEVER = int(np.iinfo(np.int64).max)
LATER = AS_OF + 1
OPENING = 9 * 3_600_000_000


@frozen(eq=False)
class Times:
    """The calendar as arrays."""

    opens: Ints
    """By day of UTC, from ``LOW`` on."""
    closes: Ints
    before: Ints
    """Open time before the day."""
    openings: Ints
    """The instant from which an open time is counted back, by the number of the opening."""


def times() -> Times:
    days, openings = days_table(), openings_table()
    opens, closes, before = (np.asarray(days[name]) for name in ("opens", "closes", "before"))
    return Times(opens, closes, before, np.asarray(openings["opens"]) - np.asarray(openings["before"]))


def _worked(times: Times, at: Ints) -> Ints:
    """Open time before each instant."""
    day = (at - LOW) // DAY
    opens = times.opens[day]
    return times.before[day] + np.maximum(np.minimum(at, times.closes[day]) - opens, 0)


def _reached(times: Times, worked: Ints) -> Ints:
    """The earliest instant by which so much time was open."""
    return times.openings[(worked - 1) // OPENING] + worked


@frozen(eq=False)
class Moves:
    """The events that move a clock, and how the ticket stands after each."""

    ticket: Ints
    begins: Ints
    """Where each ticket's rows begin."""
    at: Ints
    until: Ints
    """The next such event of the ticket, or its closing, or just after the end of the log."""
    last: Flags
    """Whether it is the ticket's last."""
    level: Ints
    code: Ints
    waiting: Flags
    resolved: Flags
    floor: Ints
    reopened: Ints
    began: Ints
    """Open time before the opening."""
    stood: Ints
    """Open time since then for which the ticket was resolved,"""
    paused: Ints
    """and for which it was resolved or waiting."""


def _last(where: Flags) -> Ints:
    """For each row the last row up to it at which this holds; the first of each ticket does."""
    return np.maximum.accumulate(np.where(where, np.arange(len(where)), 0))


def _moves(events: Sorted, times: Times, closed: Ints) -> Moves:
    moving = np.zeros(16, np.bool_)
    moving[[OPENED, CHANGED, WAITING, RESUMED, RESOLVED, REOPENED]] = True
    rows = np.flatnonzero(moving[events.code])
    code, at, severity = events.code[rows], events.at[rows], events.severity[rows]
    first = code == OPENED
    begins = np.flatnonzero(first)
    ticket = np.cumsum(first) - 1
    last = np.append(first[1:], True)
    level = severity[_last(severity > 0)]
    waiting = code[_last(code != CHANGED)] == WAITING
    resolved = code[_last((code == RESOLVED) | (code == REOPENED) | first)] == RESOLVED
    floor = at[_last((code == RESUMED) | (code == REOPENED) | (code == CHANGED) | first)]
    reopened = at[_last((code == REOPENED) | first)]
    worked = _worked(times, at)
    spent = np.where(last, 0, np.append(worked[1:], 0) - worked)
    until = np.where(last, LATER, np.append(at[1:], LATER))
    began = worked[begins][ticket]
    stood, paused = (_since(np.where(still, spent, 0), begins, ticket) for still in (resolved, resolved | waiting))
    until = np.minimum(until, closed[ticket])
    return Moves(
        ticket, begins, at, until, last, level, code, waiting, resolved, floor, reopened, began, stood, paused
    )


def _since(amounts: Ints, begins: Ints, ticket: Ints) -> Ints:
    """The sum of the ticket's earlier rows."""
    before = np.cumsum(amounts) - amounts
    return before - before[begins][ticket]


def _first(events: Sorted, code: int, of: Ints) -> Ints:
    """The first act of a kind of each ticket."""
    found = np.full(len(events.offsets) - 1, NEVER)
    rows = np.flatnonzero(events.code == code)[::-1]
    found[of[rows]] = events.at[rows]
    return found


def _verdicts(moves: Moves, due: Ints, running: Flags, act: Ints, over: Flags) -> tuple[Ints, Ints]:
    """State and deadline of a duty that an act performs, for each ticket."""
    acted = act[moves.ticket]
    late = running & (due < np.minimum(moves.until, acted))
    breach = np.minimum.reduceat(np.where(late, due, NEVER), moves.begins)
    deadline = np.full(len(act), NONE)
    then = running & (moves.at < acted) & (acted <= moves.until)
    deadline[moves.ticket[then]] = due[then]
    open_still = moves.last & running & ~over[moves.ticket] & (acted == NEVER)
    deadline[moves.ticket[open_still]] = due[open_still]
    state = np.where(act != NEVER, MET, np.where(over, ENDED, np.where(running[moves.last], PENDING, SUSPENDED)))
    return np.where(breach != NEVER, BREACHED, state), np.where(breach != NEVER, breach, deadline)


def _resolve(moves: Moves, due: Ints, running: Flags, over: Flags) -> tuple[Ints, Ints, Ints]:
    """The same for the resolution, which a reopening undoes; and the instants of breach."""
    late = running & (due < moves.until)
    breach = np.minimum.reduceat(np.where(late, due, NEVER), moves.begins)
    count = len(moves.begins)
    deadline = np.full(count, NONE)
    solved = moves.code == RESOLVED
    waited = np.append(False, moves.waiting[:-1])
    deadline[moves.ticket[solved]] = np.where(waited, NONE, due)[solved]  # of several, the last stays
    resolved = moves.resolved[moves.last]
    running_last = running[moves.last]
    deadline = np.where(resolved, deadline, np.where(running_last & ~over, due[moves.last], NONE))
    state = np.where(resolved, MET, np.where(over, ENDED, np.where(running_last, PENDING, SUSPENDED)))
    return np.where(breach != NEVER, BREACHED, state), np.where(breach != NEVER, breach, deadline), breach


def _escalate(moves: Moves, times: Times, breach: Ints, act: Ints, over: Flags) -> tuple[Ints, Ints]:
    """The consequence of a breach: only for the tickets and rows that it concerns."""
    rows = np.flatnonzero((breach[moves.ticket] != NEVER) & (moves.until > breach[moves.ticket]))
    tickets, place = np.unique(moves.ticket[rows], return_inverse=True)
    begins = np.flatnonzero(np.diff(place, prepend=-1))
    since, stood = breach[tickets][place], moves.stood[rows]
    worked = _worked(times, since) + LIMITS[3, 1] + stood - stood[begins][place]
    reopened = moves.reopened[rows]
    due = np.maximum(_reached(times, worked), np.where(reopened > since, reopened, 0))
    few = Moves(
        place, begins, moves.at[rows], moves.until[rows], moves.last[rows], moves.level[rows], moves.code[rows],
        moves.waiting[rows], moves.resolved[rows], moves.floor[rows], reopened, moves.began[rows], stood, stood,
    )  # fmt: skip
    few_state, few_deadline = _verdicts(few, due, ~few.resolved, act[tickets], over[tickets])
    early = act[tickets] <= breach[tickets]
    state, deadline = np.full(len(breach), ABSENT), np.full(len(breach), NONE)
    state[tickets] = np.where(early, MET, few_state)
    deadline[tickets] = np.where(early, due[begins], few_deadline)
    return state, deadline


def judge(events: Sorted, times: Times) -> Outcome:
    """Every ticket's verdicts, in the order of the columns."""
    count = len(events.offsets) - 1
    of = np.repeat(np.arange(count), np.diff(events.offsets))
    acknowledged, responded, escalated, closed = (
        _first(events, code, of) for code in (ACKNOWLEDGED, RESPONDED, ESCALATED, CLOSED)
    )
    moves = _moves(events, times, closed)
    over = ~moves.resolved[moves.last] & (closed != NEVER)
    due = [
        np.maximum(_reached(times, moves.began + still + LIMITS[duty][moves.level]), floor)
        for duty, still, floor in (
            (0, moves.stood, moves.reopened),
            (1, moves.paused, moves.floor),
            (2, moves.paused, moves.floor),
        )
    ]
    running = ~(moves.resolved | moves.waiting)
    told = [_verdicts(moves, due[0], ~moves.resolved, acknowledged, over)]
    told.append(_verdicts(moves, due[1], running, responded, over))
    state, deadline, breach = _resolve(moves, due[2], running, over)
    told += [(state, deadline), _escalate(moves, times, breach, escalated, over)]
    states = np.stack([one for one, _ in told], axis=1).astype(np.uint8)
    return Outcome(states, np.stack([one for _, one in told], axis=1))
