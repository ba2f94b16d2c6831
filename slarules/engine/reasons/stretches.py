"""What a clock did from its start on, stretch by stretch: counted, closed, or standing still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from slarules.engine.judging.clock import Counting, Several
from slarules.engine.judging.instance import Instance

COUNTED, CLOSED, PAUSED, UNTOLD = "counted", "closed", "paused", "untold"


@frozen
class Stretch:
    """Time in which a clock did one thing."""

    start: int
    """Its first instant, in microseconds UTC."""
    end: int
    """The first instant after it."""
    state: str
    """``counted``; ``closed``, for the calendar was not open; ``paused``; ``untold``, for a list has ended (R30)."""
    reason: str | None = None
    """The holiday that closed it, or why it was paused; None: nothing in particular."""


def stretches(
    instance: Instance, until: int, standing: Sequence[tuple[int, str | None]] = ()
) -> Iterator[Stretch]:
    """The stretches from the clock's start up to an instant; none for a clock that counts no time.

    ``standing``: how its ticket stood (`Case.standing`), by which each cause of standing still is told, also of a clock
    that ran before its duty was set off (R33).
    """
    clock = instance.clock.governing() if isinstance(instance.clock, Several) else instance.clock
    if not isinstance(clock, Counting):
        return
    running = list(clock.segments)
    if clock.since is not None and clock.since < until:
        running.append((clock.since, until))
    at = clock.start
    for start, stop in running:
        if start >= until:
            break
        if start > at:
            yield from _stood(instance, at, start, standing)
        at = min(stop, until)
        yield from _counted(clock, start, at)
    if at < until:
        yield from _stood(instance, at, until, standing)


def _stood(
    instance: Instance, start: int, end: int, standing: Sequence[tuple[int, str | None]]
) -> Iterator[Stretch]:
    """Time in which it stood still, cut where the cause changes: from one waited on to another, to a resolution."""
    cause = _cause(instance, start, standing)
    for since, _ in standing:
        if start < since < end and (other := _cause(instance, since, standing)) != cause:
            yield Stretch(start, since, PAUSED, cause)
            start, cause = since, other
    yield Stretch(start, end, PAUSED, cause)


def _cause(instance: Instance, at: int, standing: Sequence[tuple[int, str | None]]) -> str | None:
    """Why it stood still at an instant: as its ticket stood then, or, where that is not told, by its own pauses."""
    stood = next((cause for since, cause in reversed(standing) if since <= at), None)
    if stood is not None:
        return stood if stood == "resolved" else f"waiting on {stood}"
    pauses = reversed(instance.pauses)
    return next((why for since, until, why in pauses if since <= at and (until is None or at < until)), None)


def _counted(clock: Counting, start: int, end: int) -> Iterator[Stretch]:
    if clock.calendar is None:
        yield Stretch(start, end, COUNTED)
        return
    unknown = clock.calendar.unknown_from
    told = end if unknown is None else min(max(start, unknown), end)
    for segment in clock.calendar.segments(start, told):
        yield Stretch(segment.start, segment.end, COUNTED if segment.state == "open" else CLOSED, segment.reason)
    for segment in clock.calendar.segments(told, end):
        if segment.state == "open":
            yield Stretch(segment.start, segment.end, UNTOLD, "no list tells whether it is open")
        else:
            yield Stretch(segment.start, segment.end, CLOSED, segment.reason)
