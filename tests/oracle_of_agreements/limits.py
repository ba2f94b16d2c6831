"""By when: a limit's words as an instant (R14, R15, R28, R29, R33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle_of_agreements.asking import Scene, worth
from tests.oracle_of_agreements.dates import (
    after_hours,
    date_of,
    day_start,
    end_of,
    moved,
    next_close,
    next_open,
    nth_close,
    windows,
)
from tests.oracle_of_agreements.policy import Calendar, Limit, Policy, Span


@dataclass(frozen=True)
class Due:
    """By when; ``at`` None: no deadline yet, or none at all."""

    at: int | None
    not_before: int | None = None
    unknown_at: int | None = None
    """From when on nobody knows, by a list that has ended (R30)."""


@dataclass(frozen=True)
class Passed:
    """A date that was not after the trigger (R29)."""


Found = Due | Passed | frozenset[str]


def calendar_of(policy: Policy, name: str | None) -> Calendar | None:
    return next((one for one in policy.calendars if one.name == name), None)


def due_of(limit: Limit | None, start: int, scene: Scene, term: str | None) -> Found:
    """By when a duty that runs from ``start`` is due; what is wanted where nobody knows."""
    policy, where = scene.policy, scene.policy.zone
    match limit:
        case None | ("each day", _) | ("each of", _):
            return Due(None)
        case ("civil", much):
            return Due(end_of(where, moved(date_of(where, start), much)))
        case ("closings", n, name):
            calendar = _named(policy, name)
            tomorrow = day_start(where, moved(date_of(where, start), Span(1)))
            return _known(where, calendar, nth_close(where, calendar, start, n), tomorrow)
        case (("hours" | "every"), n, name):
            counted = calendar_of(policy, name)
            return _known(where, counted, after_hours(where, counted, start, n), start)
        case ("next close", name):
            calendar = _named(policy, name)
            return _known(where, calendar, next_close(where, calendar, start), start)
        case ("before term", much, exactly):
            return _before_term(much, exactly, start, scene, term)
        case ("by date", fact, otherwise):
            return _by_date(fact, otherwise, start, scene)
        case ("before date", _, _, _, _):
            return _before_date(limit, start, scene)
        case ("after", much, type):
            times = [at for at, one in scene.happened if one == type]
            if not times:
                return Due(None)
            due = end_of(where, moved(date_of(where, max(times)), much))
            return Due(due) if due > start or max(times) >= start else Passed()
        case (("sooner" | "later") as which, one, other):
            parts = [due_of(part, start, scene, term) for part in (one, other)]
            wanted = frozenset[str]().union(*(part for part in parts if isinstance(part, frozenset)))
            if wanted:
                return wanted
            sound = [part for part in parts if isinstance(part, Due)]
            times = [part.at for part in sound if part.at is not None]
            if not sound:
                return Passed()
            if which == "sooner":
                return Due(min(times, default=None))
            return Due(max(times) if len(times) == len(sound) else None)
    raise AssertionError(limit)


def _known(where: str, calendar: Calendar | None, due: int, since: int) -> Due:
    """R30: a deadline for which the clock must run through time of which a list does not tell is none."""
    if calendar is None or calendar.known_until is None:
        return Due(due)
    unknown = next_open(where, calendar, day_start(where, date.fromisoformat(calendar.known_until)))
    return Due(due) if due <= unknown else Due(None, None, max(unknown, next_open(where, calendar, since)))


def _named(policy: Policy, name: str) -> Calendar:
    found = calendar_of(policy, name)
    assert found is not None
    return found


def _before_term(much: Span, exactly: bool, start: int, scene: Scene, status: str | None) -> Found:
    """R14: it ends with the date so long before the one on which the term ends."""
    term = scene.life.whose_term(start, status)
    if term is None or term.until is None:
        return frozenset({"the end of the term"})
    where = scene.policy.zone
    day = moved(date_of(where, term.until), much, -1)
    due = end_of(where, day)
    return Due(due, day_start(where, day) if exactly else None) if due > start else Passed()


def _before_date(limit: Limit, start: int, scene: Scene) -> Found:
    """The end of the date so long before another; of open days, the last closing of the n-th of them, told off one by
    one. Where a list does not tell of a date among them, each such date may be a feast (R30)."""
    _, days, name, first, fact = limit
    where, calendar, day = scene.policy.zone, calendar_of(scene.policy, name), _dated(fact, scene)
    if isinstance(day, frozenset):
        return day
    since = None if first is None else day_start(where, moved(day, first, -1))
    if calendar is None:
        due = end_of(where, moved(day, Span(days), -1))
        return Due(due, since) if due > start else Passed()
    unsure, left, last = False, days, day
    while left:
        last = moved(last, Span(1), -1)
        if windows(where, calendar, last):
            unsure = unsure or calendar.is_beyond(last)
            left -= not calendar.is_beyond(last)
    due = windows(where, calendar, last)[-1][1]
    if unsure and (first is not None or due <= start):
        return calendar.wanted
    if unsure:
        return Due(None, None, due)
    return Due(due, since) if due > start else Passed()


def _by_date(name: str, otherwise: int | None, start: int, scene: Scene) -> Found:
    where, day = scene.policy.zone, _dated(name, scene)
    if isinstance(day, frozenset):
        return day
    due = end_of(where, day)
    if due > start:
        return Due(due)
    return Passed() if otherwise is None else Due(end_of(where, moved(date_of(where, start), Span(otherwise))))


def _dated(name: str, scene: Scene) -> date | frozenset[str]:
    """The date that is recorded, or reckoned; for want of what nobody knows it."""
    if any(one.name == name for one in scene.policy.amounts):
        found: Any = worth(scene.policy, name, scene)
        return found  # type: ignore[no-any-return]
    day: Any = scene.fact(name)
    return frozenset({name}) if day is None else date.fromisoformat(day)


def names_in(limit: Limit | None) -> set[str]:
    """The dates that a limit names."""
    match limit:
        case ("by date", name, _) | ("before date", _, _, _, name):
            return {name}
        case (("sooner" | "later"), one, other):
            return names_in(one) | names_in(other)
    return set()


def after_in(limit: Limit | None) -> set[str]:
    """The events that a limit runs from."""
    match limit:
        case ("after", _, type):
            return {type}
        case (("sooner" | "later"), one, other):
            return after_in(one) | after_in(other)
    return set()
