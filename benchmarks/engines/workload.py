"""The tickets of the benchmark: a help desk's log of two years, as large as wanted, always the same for the same seed.

A ticket has 6.7 events on average: a fifth of the tickets wait on the customer, one in twenty changes its severity,
three in a hundred are reopened. The log is written as a help desk writes it: by time, the tickets interleaved. Tickets
are made in blocks, each with its own random numbers, so that a log of a hundred million events needs no more memory
than its open tickets do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from attrs import frozen

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.model.contract import Contract

POLICY = Path(__file__).with_name("policy.sla")
"""The contract of the benchmark."""
SEED = 20250101
SECOND = 1_000_000
BEGIN = zones.micros(datetime(2024, 1, 1, tzinfo=UTC))
"""The first instant of the log."""
AS_OF = zones.micros(datetime(2026, 1, 1, tzinfo=UTC))
"""The end of the log, and the instant of which everything is judged."""
BLOCK = 50_000
"""Tickets made at a time."""
TYPES = (
    "opened",
    "acknowledged",
    "responded",
    "updated",
    "severity_changed",
    "waiting",
    "resumed",
    "escalated",
    "resolved",
    "reopened",
    "closed",
)
ACTORS = ("Trak", "Customer")
OPENED, ACKNOWLEDGED, RESPONDED, UPDATED, CHANGED, WAITING, RESUMED, ESCALATED, RESOLVED, REOPENED, CLOSED = range(11)
HOURS = np.array([0, 2, 8, 24, 48])
"""The hours for resolution by severity, from which the work is drawn."""

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@frozen(eq=False)
class Block:
    """Events of some tickets, by time."""

    at: Ints
    """Microseconds since 1970 UTC."""
    ticket: Ints
    """The ticket's number."""
    type: Ints
    """Its place in ``TYPES``."""
    actor: Ints
    """Its place in ``ACTORS``."""
    severity: Ints
    """The severity recorded with it; 0: none."""


# ---- One block of tickets --------------------------------------------------------------------------------------------


def _calendar() -> Calendar:
    """When the provider's staff work. Only the times of the events come from it: no verdict does."""
    days = {day: [("08:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    return Calendar.weekly("America/Denver", days)


def _openings(first: int, count: int, tickets: int, random: np.random.Generator) -> Ints:
    """Instants of opening, in order: three in four while the staff work, the rest at any hour."""
    hours = np.arange((AS_OF - BEGIN) // (3600 * SECOND))
    busy = ((hours % 24 >= 15) & (hours // 24 % 7 < 5)).astype(np.float64)  # 2024 begins on a Monday
    weight = 0.25 / len(hours) + 0.75 * busy / busy.sum()
    reached = np.concatenate(([0.0], np.cumsum(weight)))
    wanted = (first + np.arange(count) + random.random(count)) / tickets
    seconds = np.interp(wanted, reached, np.arange(len(hours) + 1) * 3600.0)
    return BEGIN + seconds.astype(np.int64) * SECOND


class _Course:
    """The events of a block's tickets, one step of their course after another."""

    def __init__(self, at: Ints, random: np.random.Generator, calendar: Calendar) -> None:
        self.now, self.random, self.calendar = at, random, calendar
        self.steps: list[tuple[Ints, Ints, int, Ints, Ints]] = []
        self.unanswered = np.zeros(len(at), np.bool_)
        """Tickets that wait on a customer who never answers: nobody asks twice."""

    def chance(self, share: float) -> Flags:
        return self.random.random(len(self.now), dtype=np.float32) < share

    def happens(self, where: Flags, kind: int, hours: Ints, by: Ints | int = 0, severity: Ints | int = 0) -> None:
        """The event, so much later: staff work in their hours, or one time in twelve at night; others at any time."""
        found = np.flatnonzero(where)
        delay = np.maximum((hours[found] * 3600).astype(np.int64), 1) * SECOND
        now = self.now[found]
        if isinstance(by, int) and by == 0:
            at_work = self.random.random(len(found), dtype=np.float32) < 11 / 12
            later = np.where(at_work, self.calendar.deadline_array(now, delay), now + delay)
        else:
            later = now + delay
        self.now[found] = later
        sides = np.full(len(found), by) if isinstance(by, int) else by[found]
        level = np.full(len(found), severity) if isinstance(severity, int) else severity[found]
        self.steps.append((found, later, kind, sides, level))


def _made(number: int, tickets: int, calendar: Calendar) -> Block:
    """One block: the whole course of each of its tickets, cut off at the end of the log."""
    first = number * BLOCK
    count = min(BLOCK, tickets - first)
    random = np.random.default_rng((SEED, number))
    course = _Course(_openings(first, count, tickets, random), random, calendar)
    everything = np.ones(count, np.bool_)
    severity = np.searchsorted(np.array([0.1, 0.3, 0.7]), random.random(count), side="right") + 1
    course.steps.append((np.arange(count), course.now.copy(), OPENED, np.ones(count, np.int64), severity))
    work = HOURS[severity] * 0.55 * np.exp(0.7 * random.standard_normal(count))
    _answered(course, everything, severity, work)
    _worked_on(course, everything, severity, work)
    _finished(course, everything, work)
    return _joined(course, first)


def _hours(course: _Course, middle: Ints | float, spread: float = 0.5) -> Ints:
    return middle * np.exp(spread * course.random.standard_normal(len(course.now), dtype=np.float32))


def _answered(course: _Course, everything: Flags, severity: Ints, work: Ints) -> None:
    """The first steps: word that it was received, perhaps a question, and the first answer."""
    sooner = course.chance(0.5)
    changed = course.chance(0.05)
    other = (severity - 1 + course.random.integers(1, 4, len(severity))) % 4 + 1
    course.happens(changed & sooner, CHANGED, _hours(course, 0.4), 1, other)
    course.happens(course.chance(0.97), ACKNOWLEDGED, _hours(course, work * 0.05))
    _waits(course, course.chance(0.05), _hours(course, work * 0.1))
    answered = course.chance(0.97)
    answering = np.where(course.chance(0.01), 1, 0)
    course.happens(answered & (answering == 0), RESPONDED, _hours(course, work * 0.1))
    course.happens(answered & (answering == 1), RESPONDED, _hours(course, work * 0.1), 1)
    course.happens(changed & ~sooner, CHANGED, _hours(course, 1.0), 1, other)


def _worked_on(course: _Course, everything: Flags, severity: Ints, work: Ints) -> None:
    """The middle: news, and waiting on the customer."""
    course.happens(course.chance(0.5), UPDATED, _hours(course, work * 0.15))
    _waits(course, course.chance(0.13), _hours(course, work * 0.1))
    course.happens(course.chance(0.35), UPDATED, _hours(course, work * 0.15), 1)
    _waits(course, course.chance(0.04), _hours(course, work * 0.1))
    course.happens(course.chance(0.33), UPDATED, _hours(course, work * 0.15))
    grave = work > 0.9 * HOURS[severity]
    course.happens(grave & course.chance(0.6), ESCALATED, _hours(course, work * 0.2))


def _waits(course: _Course, where: Flags, hours: Ints) -> None:
    """Staff ask, and mostly the customer answers."""
    where = where & ~course.unanswered
    answered = course.chance(0.96)
    course.happens(where, WAITING, hours)
    course.happens(where & answered, RESUMED, _hours(course, 9.0, 1.0), 1)
    course.unanswered |= where & ~answered


def _finished(course: _Course, everything: Flags, work: Ints) -> None:
    """The end: resolved, now and then reopened, closed."""
    resolved = course.chance(0.97)
    course.happens(resolved, RESOLVED, _hours(course, work * 0.25))
    course.unanswered &= ~resolved  # to resolve ends the waiting
    reopened = resolved & course.chance(0.03)
    course.happens(reopened, REOPENED, _hours(course, 20.0, 1.0), 1)
    again = reopened & course.chance(0.92)
    _waits(course, reopened & course.chance(0.1), _hours(course, 1.0))
    course.happens(again, RESOLVED, _hours(course, work * 0.3))
    over = (resolved & ~reopened) | again
    closed = (over & course.chance(0.94)) | (~resolved & course.chance(0.4))
    course.happens(closed, CLOSED, _hours(course, 70.0, 0.3), 1)


def _joined(course: _Course, first: int) -> Block:
    """The steps as events, by time; of one instant, by ticket."""
    ticket = np.concatenate([found for found, *_ in course.steps])
    at = np.concatenate([later for _, later, *_ in course.steps])
    kind = np.concatenate([np.full(len(found), kind) for found, _, kind, *_ in course.steps])
    actor = np.concatenate([step[3] for step in course.steps])
    severity = np.concatenate([step[4] for step in course.steps])
    kept = np.flatnonzero(at <= AS_OF)
    order = kept[np.argsort((at[kept] - BEGIN) // SECOND * BLOCK + ticket[kept])]
    return Block(at[order], ticket[order] + first, kind[order], actor[order], severity[order])


# ---- The log ---------------------------------------------------------------------------------------------------------


def blocks(tickets: int) -> Iterator[Block]:
    """The log in pieces, in order of time; memory holds the tickets that are still open."""
    calendar = _calendar()
    pieces = -(-tickets // BLOCK)
    waiting: Block | None = None
    for number in range(pieces):
        made = _made(number, tickets, calendar)
        mixed = made if waiting is None else _merged(waiting, made)
        following = BEGIN if number + 1 < pieces else AS_OF + 1
        if number + 1 < pieces:  # no later ticket opens before the first of the next block can
            following = _first_opening((number + 1) * BLOCK, tickets)
        cut = int(np.searchsorted(mixed.at, following))
        yield _cut(mixed, 0, cut)
        waiting = _cut(mixed, cut, len(mixed.at))


def _first_opening(first: int, tickets: int) -> int:
    """The earliest instant at which the ticket of this number may open."""

    class _Zero:
        def random(self, count: int) -> Ints:
            return np.zeros(count)

    return int(_openings(first, 1, tickets, _Zero())[0])


def _merged(first: Block, second: Block) -> Block:
    at, ticket = np.concatenate((first.at, second.at)), np.concatenate((first.ticket, second.ticket))
    order = np.lexsort((ticket, at))
    rest = (np.concatenate(pair)[order] for pair in zip(_rest(first), _rest(second), strict=True))
    return Block(at[order], ticket[order], *rest)


def _rest(block: Block) -> tuple[Ints, Ints, Ints]:
    return block.type, block.actor, block.severity


def _cut(block: Block, start: int, end: int) -> Block:
    return Block(*(column[start:end].copy() for column in (block.at, block.ticket, *_rest(block))))


def names(prefix: str, numbers: Ints) -> pa.StringArray:
    """``T0000017`` and so on, eight digits at least, without a loop over the tickets."""
    digits = 8 if len(numbers) == 0 or int(numbers.max()) < 10**8 else 10
    width = len(prefix) + digits
    text = np.empty((len(numbers), width), np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix.encode(), np.uint8)
    left = numbers.astype(np.uint64)
    for place in range(width - 1, len(prefix) - 1, -1):
        left, digit = np.divmod(left, np.uint64(10))
        text[:, place] = digit + 48
    offsets = np.arange(len(numbers) + 1, dtype=np.int64) * width
    kind = pa.large_string() if offsets[-1] >= 1 << 31 else pa.string()
    place = offsets if offsets[-1] >= 1 << 31 else offsets.astype(np.int32)
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(place), pa.py_buffer(text)])


def tables(tickets: int) -> Iterator[pa.Table]:
    """The log in pieces as event tables."""
    number = 0
    for block in blocks(tickets):
        yield _table(block, number)
        number += len(block.at)


def _table(block: Block, number: int) -> pa.Table:
    coded = pa.DictionaryArray.from_arrays
    waits = block.type == WAITING
    return pa.table(
        {
            "id": names("E", number + np.arange(len(block.at))),
            "subject": names("T", block.ticket),
            "type": coded(pa.array(block.type.astype(np.int8)), pa.array(TYPES)),
            "at": pa.array(block.at).cast(pa.timestamp("us", tz="UTC")),
            "actor": coded(pa.array(block.actor.astype(np.int8)), pa.array(ACTORS)),
            "severity": pa.array(block.severity, mask=block.severity == 0),
            "on": coded(pa.array(np.zeros(len(waits), np.int8), mask=~waits), pa.array(["Customer"])),
        }
    )


def table(tickets: int) -> pa.Table:
    """The whole log as one event table."""
    return pa.concat_tables(tables(tickets))


def contract() -> Contract:
    """The contract of the benchmark, resolved."""
    from slarules import loader

    found = loader.load(str(POLICY)).contract
    if found is None:
        raise SystemExit(f"{POLICY} holds no contract")
    return found
