"""The course of a duty as a picture: open hours, when its clock ran, stood still and was overdue, what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slarules.calendars import zones
from slarules.documents.moments import span
from slarules.engine.reasons.course import Course, Happening
from slarules.engine.reasons.stretches import COUNTED, PAUSED
from slarules.model.verdict import Verdict
from slarules.pictures import timeline
from slarules.pictures.picture import Picture
from slarules.wording.grammar import words

MANY = 12
"""Events shown; of more, those that moved the clock, and of these the first and the last."""
MOVING = ("opened", "waiting", "resumed", "severity_changed", "resolved", "reopened", "closed")
"""Events that move clocks."""


def drawn(course: Course, zone: str, as_of: int) -> Picture | None:
    """The picture; None for a duty of which no time has passed yet."""
    verdict = course.verdict
    begin, end = verdict.triggered_at, max(course.end, verdict.deadline or course.end)
    if end <= begin:
        return None

    def local(instant: int) -> datetime:
        return zones.moment(instant, zones.zone(zone))

    events = [
        timeline.Event(local(one.at), _label(one))
        for one in _shown([one for one in course.happenings if begin <= one.at <= end], verdict)
    ]
    clock = timeline.Clock(
        words(verdict.duty),
        tuple(timeline.Part(local(a), local(b), kind) for a, b, kind in _parts(course)),
        None if verdict.deadline is None else local(verdict.deadline),
        _outcome(verdict, as_of),
        {"met": True, "reached": True, "breached": False, "missed": False}.get(verdict.state),
    )
    opened = [(local(max(a, begin)), local(min(b, end))) for a, b in course.open_times if a < end and b > begin]
    title = f"The time of {verdict.subject}, {words(verdict.duty)}"
    return timeline.timeline(title, local(begin), local(end), opened, events, [clock])


def _label(one: Happening) -> str:
    return words(one.type) + (f" by {words(one.actor)}" if one.actor else "")


def _shown(happenings: Sequence[Happening], verdict: Verdict) -> Sequence[Happening]:
    if len(happenings) <= MANY:
        return happenings
    moving = [one for one in happenings if one.type in MOVING or one.id in verdict.events]
    return moving if len(moving) <= MANY else [*moving[: MANY // 2], *moving[-MANY // 2 :]]


def _parts(course: Course) -> Iterator[tuple[int, int, str]]:
    """The stretches of its clock, cut at the deadline; of a clock that counts no time, all of its time."""
    due = course.verdict.deadline
    counted = [(one.start, one.end, one.state) for one in course.stretches]
    for start, end, state in counted or [(course.verdict.triggered_at, course.end, COUNTED)]:
        if state == PAUSED:
            yield start, end, timeline.PAUSED
        elif state == COUNTED:
            cut = end if due is None else min(max(due, start), end)
            if start < cut:
                yield start, cut, timeline.RUNS
            if cut < end:
                yield cut, end, timeline.OVERDUE


def _outcome(verdict: Verdict, as_of: int) -> str:
    state = verdict.state.replace("_", " ")
    if verdict.late_by is not None:
        return f"{state}, {span(verdict.late_by)} late"
    if verdict.state in ("breached", "missed") and verdict.owed and verdict.deadline is not None:
        return f"{state}, {span(as_of - verdict.deadline)} late and still owed"
    if verdict.performed_at is not None and verdict.deadline is not None:
        return f"{state}, {span(verdict.deadline - verdict.performed_at)} to spare"
    return state
