"""A kernel written by hand for the one contract, as ``specialised`` is, that writes every field our kernel writes.

It writes a row a verdict, in columns no wider than what they hold, into room that is used again for each stretch of
tickets, as ours does. What the contract or the generator makes the same in all rows is written nowhere: the calendar,
and the flags. ``compare`` stops the run at a field that is not as ours is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numba import njit

from benchmarks.engines.given import LIMITS, LOW, openings
from benchmarks.engines.kinds import (
    ACKNOWLEDGED,
    BY_PROVIDER,
    CHANGED,
    CLOSED,
    ESCALATED,
    NAMED,
    OPENED,
    REOPENED,
    RESOLVED,
    RESPONDED,
    RESUMED,
    WAITING,
)
from benchmarks.engines.specialised import EVENTFUL, NEVER, _reached, _worked, tables
from benchmarks.engines.workload import Ints
from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels.layout import BREACHED, ENDED, MET, PENDING, SUSPENDED

ROOM = (1 << 18) + 24
"""So many rows."""
NONE = at.NEVER
(
    TRIGGERED, DEADLINE, PERFORMED, CONSUMED, ALLOWED, LATE, LATE_COUNTED, CHANGE,
) = (np.uint64(n * ROOM) for n in range(8))  # fmt: skip
TICKET, TRIGGER, ACT = (np.uint64(n * ROOM) for n in range(3))
RULE, STATE, SEVERITY, OWED, ENDED_BY, CAUSE, CAUSE_NUMBER = (np.uint64(n * ROOM) for n in range(7))
"""Where each column begins: instants and spans, whole numbers, codes."""
TIMES = (
    at.O_TRIGGERED, at.O_DEADLINE, at.O_PERFORMED, at.O_CONSUMED, at.O_ALLOWED, at.O_LATE, at.O_LATE_COUNTED,
    at.O_CHANGE,
)  # fmt: skip
PLACES = (at.O_TICKET, at.O_TRIGGER, at.O_ACT)
CODES = (at.O_RULE, at.O_STATE, at.O_SEVERITY, at.O_OWED, at.O_ENDED_BY, at.O_CAUSE, at.O_CAUSE_NUMBER)
"""What our kernel calls them."""
ALIKE = {at.O_NUMBER: 1, at.O_OPTION: 0, at.O_MISSING: 0, at.O_WHO: -1, at.O_FLAGS: 0}
"""What it says in every row, beside the calendar's number."""
M_AT, M_KIND, M_OPEN, M_LEVEL, M_STILL, M_EVENT, M_WAITING = (np.uint64(n) for n in range(7))
MOVE = np.uint64(8)


@frozen(eq=False)
class Stretch:
    """Tickets that are judged together: the same columns as ours has, in the types that suit this kernel."""

    offsets: Ints
    """[ticket] → where its events begin; one more than tickets."""
    at: Ints
    """[event] → microseconds."""
    code: Ints
    """[event] → what happened, as in ``kinds``."""
    severity: Ints
    """[event] → what was recorded with it; 0: nothing."""


@define(eq=False)
class Rows:
    """Where verdicts are written; the same each time."""

    times: Any = field(factory=lambda: np.empty(len(TIMES) * ROOM, np.int64))
    places: Any = field(factory=lambda: np.empty(len(PLACES) * ROOM, np.int32))
    codes: Any = field(factory=lambda: np.empty(len(CODES) * ROOM, np.int8))


@njit(inline="always")
def _row(row, ticket, duty, what, level, since, due, act, event, used, counted, allowed, owed, by, trigger, change,
         times, places, codes):  # fmt: skip
    """One verdict."""
    place = np.uint64(row)
    late = what == BREACHED and event >= 0
    times[TRIGGERED + place] = since
    times[DEADLINE + place] = due
    times[PERFORMED + place] = act if event >= 0 else NONE
    times[CONSUMED + place] = used
    times[ALLOWED + place] = allowed
    times[LATE + place] = act - due if late else NONE
    times[LATE_COUNTED + place] = counted if late else NONE
    times[CHANGE + place] = change
    places[TICKET + place] = ticket
    places[TRIGGER + place] = trigger
    places[ACT + place] = event
    codes[RULE + place] = duty
    codes[STATE + place] = what
    codes[SEVERITY + place] = level - 1
    codes[OWED + place] = owed
    codes[ENDED_BY + place] = by
    codes[CAUSE + place] = 2 if duty == 3 else -1
    codes[CAUSE_NUMBER + place] = 1 if duty == 3 else 0


@njit(inline="always")
def _calm(row, ticket, duty, base, since, act, event, resolved, over, trigger, level, low, end, closed_by,
          allowed, starts, ends, before, cells, inverse, times, places, codes):  # fmt: skip
    """A duty of a ticket of which no clock stops but by its resolution: every choice is one of two numbers.

    Gives when it was breached.
    """
    limit = allowed[duty, level]
    due = low + _reached(base + limit, starts, before, inverse)
    stop = min(resolved, over)
    acted = act <= over and act != NEVER
    breached = due < stop and due <= end and act > due
    pending = not acted and not breached and over == NEVER
    dated = breached or (acted and act <= due and act <= stop) or (pending and resolved == NEVER)
    until = min(act if acted else over if over != NEVER else end, resolved)
    used = _worked(until - low, starts, ends, before, cells) - base if until > since else 0
    what = BREACHED if breached else MET if acted else PENDING if pending else ENDED
    shown = due if dated else NONE
    _row(
        row, ticket, duty, SUSPENDED if pending and resolved != NEVER else what, level, since, shown, act,
        event if acted else -1, used, used - limit, limit, 0 if acted or over != NEVER else 1,
        closed_by if not acted and over != NEVER else at.BY_NOTHING, trigger, shown if pending else NONE, times, places,
        codes,
    )  # fmt: skip
    return due if breached else NEVER


@njit(nogil=True, _nrt=False)
def kernel(offsets, at_, code, severity, first_ticket, last_ticket, allowed, starts, ends, before, cells, inverse, low,
           end, closed_by, first, where, moves, times, places, codes):  # fmt: skip
    """Judges the tickets while there is room; gives the ticket before which it stopped, and the number of rows."""
    row = 0
    for ticket in range(first_ticket, last_ticket):
        if row > ROOM - 4:
            return ticket, row
        begin, stop = offsets[ticket], offsets[ticket + 1]
        first[:] = NEVER
        seen = 0
        for back in range(1, stop - begin + 1):  # backwards, so that the first act of each kind stays
            i = np.uint64(stop - back)
            first[code[i]] = at_[i]
            where[code[i]] = stop - back
            seen |= np.int64(1) << code[i]
        opened, level = first[OPENED], severity[begin]
        worked = _worked(opened - low, starts, ends, before, cells)
        count, breached, since_move = 0, NEVER, 0
        if seen & EVENTFUL:
            count = _gathered(begin, stop, at_, code, severity, starts, ends, before, cells, low, end, moves)
        resolved, closed = first[RESOLVED], first[CLOSED]
        over = closed if closed < resolved else NEVER
        for duty in range(3):
            kind = ACKNOWLEDGED if duty == 0 else RESPONDED if duty == 1 else RESOLVED
            if seen & EVENTFUL == 0:
                breached = _calm(
                    row, ticket, duty, worked, opened, first[kind], where[kind], resolved, over, begin, level, low,
                    end, closed_by, allowed, starts, ends, before, cells, inverse, times, places, codes,
                )  # fmt: skip
            else:
                breached, since_move = _followed(
                    row, ticket, duty, worked, opened, first[kind], where[kind], begin, level, 0, count, stop, at_,
                    code, low, end, closed_by, allowed, starts, ends, before, cells, inverse, moves, times, places,
                    codes,
                )  # fmt: skip
            row += 1
        if breached != NEVER:
            base = _worked(breached - low, starts, ends, before, cells)
            if seen & EVENTFUL == 0:
                _calm(
                    row, ticket, 3, base, breached, first[ESCALATED], where[ESCALATED], resolved, over, -1, level, low,
                    end, closed_by, allowed, starts, ends, before, cells, inverse, times, places, codes,
                )  # fmt: skip
            else:
                if since_move > 0:
                    level = moves[np.uint64(since_move - 1) * MOVE + M_LEVEL]
                _followed(
                    row, ticket, 3, base, breached, first[ESCALATED], where[ESCALATED], -1, level, since_move, count,
                    stop, at_, code, low, end, closed_by, allowed, starts, ends, before, cells, inverse, moves, times,
                    places, codes,
                )  # fmt: skip
            row += 1
    return last_ticket, row


@njit(inline="always")
def _gathered(begin, stop, at_, code, severity, starts, ends, before, cells, low, end, moves):
    """The events that move a clock, with how the ticket stands after each; gives how many they are."""
    count, waiting, still, level = 0, False, False, severity[begin]
    for i in range(begin + 1, stop):
        kind = code[np.uint64(i)]
        if kind < RESOLVED or (kind == CLOSED and still):
            continue
        row = np.uint64(count) * MOVE
        if kind == WAITING:
            waiting = True
        elif kind == RESUMED:
            waiting = False
        elif kind == RESOLVED:
            still, waiting = True, False
        elif kind == REOPENED:
            still = False
        elif kind == CHANGED:
            level = severity[np.uint64(i)]
        moves[row + M_AT], moves[row + M_KIND], moves[row + M_EVENT] = at_[np.uint64(i)], kind, i
        moves[row + M_OPEN] = _worked(at_[np.uint64(i)] - low, starts, ends, before, cells)
        moves[row + M_LEVEL], moves[row + M_STILL], moves[row + M_WAITING] = level, still, waiting
        count += 1
    moves[np.uint64(count) * MOVE + M_AT] = end + 1
    return count


@njit(inline="always")
def _followed(row, ticket, duty, base, since, act, event, trigger, level, move, count, stop, at_, code, low, end,
              closed_by, allowed, starts, ends, before, cells, inverse, moves, times, places, codes):  # fmt: skip
    """A duty from one event that moves a clock to the next. Gives when, and before which move, it was breached."""
    regards = duty == 1 or duty == 2  # it pauses while it is waited on the customer, and a new severity counts
    pauses = regards
    limit = allowed[duty, level]
    shift, stood, used_before = base, base, np.int64(0)
    still, closer, phase, owed = False, False, PENDING, 1
    by, ended_by, until, breached, breached_move = -1, at.BY_NOTHING, end, NEVER, 0
    grade = level
    due = low + _reached(shift + limit, starts, before, inverse)
    if act < since:  # done before what set it off
        phase, owed, by, until, move = MET, 0, event, since, count + 1
    while move <= count:
        place = np.uint64(move) * MOVE
        now = moves[place + M_AT]
        if owed:
            if phase == PENDING and due < now and due < act:
                phase, breached, breached_move, pauses = BREACHED, due, move, False
                used_before = _worked(due - low, starts, ends, before, cells) - shift
            if act < now:
                by, owed, until = event, 0, act
                phase = MET if phase == PENDING else phase
                break
        if move == count:
            break
        kind, opened = moves[place + M_KIND], moves[place + M_OPEN]
        was, grade = grade, moves[place + M_LEVEL]
        move += 1
        if owed and act == now:  # the resolution itself: it may be reopened
            by, owed, until, closer = event, 0, act, True
            phase = MET if phase == PENDING else phase
            if not still:
                still, stood = True, opened
            continue
        if kind == CLOSED:
            if owed:
                owed, until, ended_by = 0, now, closed_by
                phase = ENDED if phase == PENDING else phase
            break
        if closer and kind != REOPENED:
            continue
        anew = False
        if closer:
            closer, by, owed, until, act = False, -1, 1, end, NEVER
            for i in range(stop - 1, moves[place + M_EVENT], -1):
                if code[np.uint64(i)] == RESOLVED:
                    act, event = at_[np.uint64(i)], i
            if phase != BREACHED:
                phase, anew, was = PENDING, True, level
        if phase == PENDING and regards and grade != was:
            level, anew = grade, True
            limit = allowed[duty, level]
        if moves[place + M_STILL] or (moves[place + M_WAITING] and pauses):
            if not still:
                still, stood = True, opened
            due = NEVER if phase == PENDING else due
        elif still:
            shift += opened - stood
            still, anew = False, True
        if anew and phase == PENDING and not still:
            due = max(low + _reached(shift + limit, starts, before, inverse), now)
    used = np.int64(0)
    if until > since:
        used = (stood if still else _worked(until - low, starts, ends, before, cells)) - shift
    shown = NONE if due == NEVER or phase == ENDED else due
    act = at_[np.uint64(by)] if by >= 0 else NEVER
    _row(
        row, ticket, duty, SUSPENDED if phase == PENDING and still else phase, level, since, shown, act, by, used,
        used - used_before, limit, owed, ended_by, trigger, shown if phase == PENDING else NONE, times, places, codes,
    )  # fmt: skip
    return breached, breached_move


# ---- Around it -------------------------------------------------------------------------------------------------------


def stretch_of(tickets: Any, types: Sequence[str]) -> Stretch:
    """What our kernel is given, as this one takes it. ``types`` are the names of our codes of types; the provider is
    the first of the parties."""
    told = tickets.events[:, 1]
    codes = [[NAMED.get(kind, 0) if by or kind not in BY_PROVIDER else 0 for kind in types] for by in (False, True)]
    return Stretch(
        tickets.first.astype(np.int32),
        np.ascontiguousarray(tickets.events[:, 0]),
        np.array(codes, np.uint8)[((told >> 16 & 0xFF) == 1).astype(np.int64), told & 0xFFFF],
        (told >> 24 & 0xFF).astype(np.int8),
    )


def calendar(high: int) -> tuple[Ints, ...]:
    """Open time as the kernel looks it up."""
    return tables(*openings(), LOW, high)


def judged(stretch: Stretch, times: tuple[Ints, ...], end: int, closed_by: int, rows: Rows) -> Iterator[int]:
    """How many rows there are each time that ``rows`` are filled. ``closed_by`` is our code of closings."""
    done, count = 0, len(stretch.offsets) - 1
    first, where = np.empty(16, np.int64), np.empty(16, np.int64)
    moves = np.empty((int(np.diff(stretch.offsets).max(initial=0)) + 1) * int(MOVE), np.int64)
    while done < count:
        done, written = kernel(
            stretch.offsets, stretch.at, stretch.code, stretch.severity, done, count, LIMITS, *times, LOW, end,
            closed_by, first, where, moves, rows.times, rows.places, rows.codes,
        )  # fmt: skip
        yield written


def fields(rows: Rows, written: int, name: int) -> Any:
    """[O_…, row]: the rows as our kernel has them; ``name`` is its code of the calendar."""
    out = np.empty((at.OUT, written), np.int64)
    for columns, whole in ((TIMES, rows.times), (PLACES, rows.places), (CODES, rows.codes)):
        for number, column in enumerate(columns):
            out[column] = whole[number * ROOM :][:written]
    for column, value in {**ALIKE, at.O_NAME: name}.items():
        out[column] = value
    return out


def compare(ours: Sequence[Any], theirs: Sequence[Any]) -> None:
    """Raises ``SystemExit`` where a field of a row differs. An option is told of choices alone, which are not here."""
    one, other = np.concatenate(ours, axis=1), np.concatenate(theirs, axis=1)
    if one.shape != other.shape:
        raise SystemExit(f"the kernel written by hand has {other.shape[1]} rows, ours {one.shape[1]}")
    for name in sorted(vars(at)):
        if name.startswith("O_") and name != "O_OPTION":
            rows = np.flatnonzero(one[getattr(at, name)] != other[getattr(at, name)])
            if len(rows):
                raise SystemExit(f"the kernel written by hand: {name} differs in {len(rows)} rows, first {rows[0]}")
