"""Whether an event is within a right: who acts, on what, in which state of the agreement, when (R21)."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from slarules.calendars import zones
from slarules.engine.expression import Scene, Truth3, all_hold, conjunction, shifted
from slarules.model.expression import InCalendar
from slarules.model.limit import Notice
from slarules.model.rules import Right
from slarules.model.value import Civil, Elapsed, Unknown


class People(Protocol):
    """Who is in which role, when, and which term is the agreement's present one."""

    def member(self, role: str, person: str, at: int) -> Truth3: ...
    def term_at(self, at: int) -> tuple[int | None, int | None]: ...


def holds(right: Right, scene: Scene, people: People | None, zone: str = "UTC") -> Truth3:
    """Whether the scene's event is within ``right``, at the event's instant."""
    tests = [all_hold(right.only_if), all_hold(right.whiles)]
    if right.during is not None:
        tests.append(all_hold((InCalendar(right.during, True),)))
    if right.role is not None:
        tests.append(lambda s: in_role(right, s, people))
    elif all(pattern.by is None for pattern in right.patterns):  # `only PARTY may`
        tests.append(lambda s: by_holder(right, s))
    notice = right.notice
    if notice is not None:
        tests.append(lambda s: noticed(notice, s, people, zone))
    return conjunction(tuple(tests))(scene)


def by_holder(right: Right, scene: Scene) -> Truth3:
    if scene.entry is None or scene.entry.actor == right.holder:
        return True
    return Unknown(frozenset({f"actor of {scene.entry.id}"})) if scene.entry.actor is None else False


def in_role(right: Right, scene: Scene, people: People | None) -> Truth3:
    assert right.role is not None
    role = scene.terms.roles[right.role]
    person = scene.fact(role.identified_by or "caller")
    if isinstance(person, Unknown):
        return person
    if people is None:
        return Unknown(frozenset({"agreement"}))
    return people.member(right.role, str(person), scene.now)


def noticed(notice: Notice, scene: Scene, people: People | None, zone: str) -> Truth3:
    """Whether the event comes so long before the date that it names, or before the term ends."""
    day = notice_day(notice, scene, people, zone)
    if isinstance(day, Unknown):
        return day
    early = _before(notice.least, scene.now, day, zone) <= 0
    return early and (notice.most is None or _before(notice.most, scene.now, day, zone) >= 0)


def notice_day(notice: Notice, scene: Scene, people: People | None, zone: str) -> date | Unknown:
    """The date before which notice is given."""
    if notice.before is not None:
        day = scene.fact(notice.before)
        assert isinstance(day, (date, Unknown))
        return day
    if people is None:
        return Unknown(frozenset({"agreement"}))
    end = people.term_at(scene.now)[1]
    return Unknown(frozenset({"the end of the term"})) if end is None else zones.local_date(end, zone)


def _before(much: Civil | Elapsed, now: int, day: date, zone: str) -> int:
    """So long from now: before a date (negative), on it, or after it."""
    if isinstance(much, Elapsed):
        start = zones.day_start(day, zone)
        return (now + much.micros > start) - (now + much.micros < start)
    try:
        then = shifted(zones.local_date(now, zone), much, 1)
    except zones.OutOfRange:
        return 1  # so long from now, no calendar goes
    return (then > day) - (then < day)
