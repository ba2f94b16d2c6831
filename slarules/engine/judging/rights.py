"""Whether an event is within a right: who acts, on what, in which state of the agreement, when (R21)."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from slarules.calendars import zones
from slarules.engine.expression import Scene, Truth3, all_hold, conjunction, shifted
from slarules.model.expression import InCalendar
from slarules.model.rules import Right
from slarules.model.value import Civil, Elapsed, Unknown


class People(Protocol):
    """Who is in which role, when."""

    def member(self, role: str, person: str, at: int) -> Truth3: ...


def holds(right: Right, scene: Scene, people: People | None, zone: str = "UTC") -> Truth3:
    """Whether the scene's event is within ``right``, at the event's instant."""
    tests = [all_hold(right.only_if), all_hold(right.whiles)]
    if right.during is not None:
        tests.append(all_hold((InCalendar(right.during, True),)))
    if right.role is not None:
        tests.append(lambda s: in_role(right, s, people))
    elif all(pattern.by is None for pattern in right.patterns):  # `only PARTY may`
        tests.append(lambda s: by_holder(right, s))
    if right.notice is not None:
        tests.append(lambda s: noticed(right, s, zone))
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


def noticed(right: Right, scene: Scene, zone: str) -> Truth3:
    """Whether the event comes so long before the date that it names."""
    assert right.notice is not None
    much, fact = right.notice
    day = scene.fact(fact)
    if isinstance(day, Unknown):
        return day
    assert isinstance(day, date)
    if isinstance(much, Elapsed):
        return scene.now + much.micros <= zones.day_start(day, zone)
    assert isinstance(much, Civil)
    try:
        return shifted(zones.local_date(scene.now, zone), much, 1) <= day
    except zones.OutOfRange:
        return False  # so long from now, no calendar goes
