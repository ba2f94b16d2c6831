"""What a clock did from its start on, stretch by stretch: counted, closed, or standing still."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from slarules.engine.clock import Counting, Several
from slarules.engine.instance import Instance

COUNTED, CLOSED, PAUSED = "counted", "closed", "paused"


@frozen
class Stretch:
    """Time in which a clock did one thing."""

    start: int
    """Its first instant, in microseconds UTC."""
    end: int
    """The first instant after it."""
    state: str
    """``counted``; ``closed``, for the calendar was not open; ``paused``."""
    reason: str | None = None
    """The holiday that closed it, or why it was paused; None: nothing in particular."""


def stretches(instance: Instance, until: int) -> Iterator[Stretch]:
    """The stretches from the clock's start up to an instant; none for a clock that counts no time."""
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
            yield Stretch(at, start, PAUSED, _cause(instance, at))
        at = min(stop, until)
        yield from _counted(clock, start, at)
    if at < until:
        yield Stretch(at, until, PAUSED, _cause(instance, at))


def _cause(instance: Instance, at: int) -> str | None:
    return next((why for since, _, why in reversed(instance.pauses) if since <= at), None)


def _counted(clock: Counting, start: int, end: int) -> Iterator[Stretch]:
    if clock.calendar is None:
        yield Stretch(start, end, COUNTED)
        return
    for segment in clock.calendar.segments(start, end):
        yield Stretch(segment.start, segment.end, COUNTED if segment.state == "open" else CLOSED, segment.reason)
