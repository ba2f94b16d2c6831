"""The time of a worked example as a picture: open hours, the clock that runs in them, and what a pause does to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar
from slarules.documents.blocks import Figure
from slarules.documents.examples.stories import PAUSED, Story
from slarules.documents.moments import due
from slarules.engine.reasons.stretches import CLOSED, COUNTED, Stretch
from slarules.engine.reasons.stretches import PAUSED as STANDS_STILL
from slarules.model.expression import Pattern
from slarules.model.value import HOUR
from slarules.pictures import timeline as drawn
from slarules.wording.events import happens
from slarules.wording.grammar import words
from slarules.wording.voice import Voice


def figure(story: Story, voice: Voice) -> Figure | None:
    """The picture; None where all time counts alike, so that there is nothing to see."""
    calendar = story.adopted.calendars.get(story.verdict.calendar or "")
    paused = next((ending for ending in story.endings if ending.how == PAUSED), None)
    if calendar is None or story.verdict.deadline is None or not any(one.state == CLOSED for one in story.clock):
        return None
    zone = story.adopted.zone or "UTC"
    clocks = [_clock(words(story.duty.name), story.clock, story.verdict.deadline, zone)]
    ends = story.verdict.deadline
    if paused is not None and paused.verdict.deadline is not None and paused.clock:
        on = words(str(paused.events[-2].facts.get("on", "somebody")))
        clocks.append(_clock(f"with a wait for {on}", paused.clock, paused.verdict.deadline, zone))
        ends = max(ends, paused.verdict.deadline)
    begins, ends = story.clock[0].start - HOUR, ends + HOUR
    events = [
        drawn.Event(_at(event.at, zone), happens(Pattern(event.type, event.actor), voice.about(event.kind), True))
        for event in story.events
        if event.at >= begins
    ]
    title, opened = f"The time of {words(story.duty.name)}", _open(calendar, begins, ends, zone)
    picture = drawn.timeline(title, _at(begins, zone), _at(ends, zone), opened, events, clocks)
    return Figure(picture, f"{title}: due {due(story.verdict.deadline, zone)}")


def _at(instant: int, zone: str) -> datetime:
    return zones.moment(instant, zones.zone(zone))


def _open(calendar: Calendar, begins: int, ends: int, zone: str) -> list[tuple[datetime, datetime]]:
    return [
        (_at(one.start, zone), _at(one.end, zone)) for one in calendar.segments(begins, ends) if one.state == "open"
    ]


def _clock(name: str, stretches: Sequence[Stretch], deadline: int, zone: str) -> drawn.Clock:
    return drawn.Clock(name, tuple(_parts(stretches, zone)), _at(deadline, zone), f"due {due(deadline, zone)}", None)


def _parts(stretches: Sequence[Stretch], zone: str) -> Iterator[drawn.Part]:
    kinds = {COUNTED: drawn.RUNS, STANDS_STILL: drawn.PAUSED}
    for one in stretches:
        if one.state in kinds:
            yield drawn.Part(_at(one.start, zone), _at(one.end, zone), kinds[one.state])
