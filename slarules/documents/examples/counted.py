"""How a deadline comes about, line by line: the stretches that the clock counts, or the dates that are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from slarules.calendars import zones
from slarules.documents.examples.stories import Story
from slarules.documents.moments import DAY, on_day, span, stretch
from slarules.engine.reasons.stretches import CLOSED, COUNTED, Stretch
from slarules.model.limit import BeforeTermEnds, ByEndOf, Counted, CountedIn, NextClose, NthClose, OnEach, Within
from slarules.model.value import Civil
from slarules.wording.grammar import counted, words
from slarules.wording.limits import days_back
from slarules.wording.values import fact, length
from slarules.wording.voice import Voice

MANY = 6
"""Open stretches told one by one; of more, the first ones and the last."""


def counting(story: Story, voice: Voice) -> Iterator[str]:
    """Sentences that make the deadline plain; none where there is nothing to count."""
    if story.clock:
        yield from _clock(story)
        return
    verdict = story.verdict
    if verdict.deadline is None or verdict.deadline <= story.at:
        return
    zone = story.adopted.zone or "UTC"
    begun = zones.local_date(verdict.triggered_at, zone)
    last = zones.local_date(verdict.deadline - 1, zone)
    match story.duty.limit:
        case Within(span=Civil() as far, basis=None):
            yield f"{length(far)} are counted in dates: {on_day(begun)} is left out, and {on_day(last)} is the last"
        case Within(span=Civil(days=n), basis=CountedIn(calendar)) | NthClose(calendar, n):
            open_days = _open_days(story, calendar)
            yield f"{counted(n, 'open day')} of {words(calendar)} after {on_day(begun)}: {open_days}"
        case NextClose(calendar):
            yield f"that is when {words(calendar)} next closes"
        case ByEndOf(name, otherwise=None, before=Civil() | Counted() as far):
            yield f"that is {days_back(far)} before {fact(name, voice)}"
        case BeforeTermEnds(far):
            ends = f", on {on_day(zones.local_date(story.term_ends, zone))}" if story.term_ends is not None else ""
            yield f"that is {days_back(far)} before the term ends{ends}"
        case ByEndOf(close_in=None, before=None) | OnEach():
            yield "the whole of that date counts"


def _open_days(story: Story, calendar: str) -> str:
    table = story.adopted.calendars[calendar]
    begun, last = table.local_date(story.verdict.triggered_at), table.local_date((story.verdict.deadline or 0) - 1)
    days = [begun + timedelta(days=n) for n in range(1, (last - begun).days + 1)]
    return ", ".join(on_day(day) for day in days if table.day_table.is_open(day))


def _clock(story: Story) -> Iterator[str]:
    """Each stretch that counts, with what comes between where that is long or has a name."""
    zone = story.adopted.zone or "UTC"
    own = story.adopted.calendars.get(story.verdict.calendar or "")
    if own is not None and story.verdict.calendar != "Always":
        zone = own.zone
    shown = [one for one in story.clock if one.state == COUNTED or _worth_telling(one)]
    counts = [one for one in shown if one.state == COUNTED]
    if len(counts) == 1 and len(shown) == 1:
        day_and_night = own is None or story.verdict.calendar == "Always"
        yield f"{stretch(counts[0].start, counts[0].end, zone)}: {span(_long(counts))}" + \
              (", counted day and night, weekends and holidays included" if day_and_night else "")
        return
    left = counts[MANY - 2 : -1] if len(counts) > MANY else []
    for one in shown:
        if one in left:
            if one is left[0]:
                yield f"and so on, {len(left)} more: {span(_long(left))}"
        elif not left or one.end <= left[0].start or one.start >= left[-1].end or one.reason:
            yield f"{stretch(one.start, one.end, zone)}: {_said(one)}"
    yield f"together: {span(_long(counts))}"


def _worth_telling(one: Stretch) -> bool:
    return one.state != CLOSED or one.reason is not None or one.end - one.start >= DAY


def _long(stretches: Sequence[Stretch]) -> int:
    return sum(one.end - one.start for one in stretches)


def _said(one: Stretch) -> str:
    if one.state == COUNTED:
        return span(one.end - one.start)
    if one.state == CLOSED:
        return f"closed, not counted ({one.reason})" if one.reason else "closed, not counted"
    return f"not counted ({one.reason})" if one.reason else "not counted"
