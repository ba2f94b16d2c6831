"""What a limit means on a clock: worked through from one Monday afternoon, by the engine's own clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from slarules.analysis.points import Point
from slarules.calendars import zones
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.expression import test
from slarules.engine.judging.limits import NO_PROMISE, Passed, clock_for
from slarules.model.contract import Contract
from slarules.model.expression import Pattern, SeverityRef
from slarules.model.limit import Later, Limit, Sooner, Within
from slarules.model.rules import Duty, OnBoth, OnEvent, OnOutcome, OnState
from slarules.model.value import Unknown

BEGINNINGS = (datetime(2026, 3, 2, 16, 0), datetime(2026, 3, 2, 20, 0), datetime(2026, 3, 7, 10, 0))
"""Local times of examples: a Monday afternoon, late enough that most limits go on the next day; of a duty that is
owed only outside opening hours, that evening, or the Saturday."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@frozen
class Worked:
    """One worked example."""

    level: str | None
    """The severity it is for; None: it is the same for all, or hangs on none."""
    due: int | None
    """The deadline, in microseconds UTC; None: at this severity nothing is owed."""


@frozen
class Example:
    """A limit worked through."""

    word: str
    """What sets the clock off: ``opened``, ``resolution missed``; or ``from``."""
    start: int
    """When, in microseconds UTC."""
    zone: str
    """In which its times are told."""
    worked: tuple[Worked, ...]
    """One for all severities, or one for each that is owed anything different."""


def duties(contract: Contract) -> dict[str, tuple[Duty, Adopted]]:
    """Every duty and target with the terms it stands in, under the adopted readings; a later version's wins."""
    found: dict[str, tuple[Duty, Adopted]] = {}
    for adopted in adopt(contract, None, None):
        found |= {name: (duty, adopted) for name, duty in adopted.terms.duties.items()}
    return found


def example(duty: Duty, adopted: Adopted, limit: Limit | None = None) -> Example | None:
    """A duty's limit worked through, for each severity that it is owed at; None where it hangs on more than that."""
    limit = limit if limit is not None else duty.limit
    zone = _zone(limit, adopted)
    for beginning in BEGINNINGS:
        start = zones.instant(beginning, zone)
        worked = _at(duty, limit, adopted, start) if _sets_off(duty, adopted, start) else ()
        if worked:
            return Example(_word(duty, limit, adopted), start, zone, worked)
    return None


def _at(duty: Duty, limit: Limit | None, adopted: Adopted, start: int) -> tuple[Worked, ...]:
    levels: tuple[str | None, ...] = (None,)
    if isinstance(_due(duty, limit, adopted, None, start), Unknown) and adopted.terms.severities is not None:
        levels = tuple(level.name for level in adopted.terms.severities.levels)
    worked = tuple(_worked(duty, limit, adopted, levels, start))
    if all(one.due is None for one in worked):
        return ()
    if len({one.due for one in worked}) == 1 and len(worked) == len(levels):
        return (Worked(None, worked[0].due),)
    return worked


def _sets_off(duty: Duty, adopted: Adopted, start: int) -> bool:
    """Whether the duty can arise at that instant, as far as calendars tell."""
    for trigger in duty.triggers[:1]:
        if not isinstance(trigger, OnEvent):
            continue
        for name, inside in ((trigger.during, True), (trigger.outside, False)):
            if name is not None and adopted.calendars[name].is_open(start) != inside:
                return False
    return not any(test(condition)(_ticket(adopted, None, start)) is False for condition in duty.only_if)


def _worked(
    duty: Duty, limit: Limit | None, adopted: Adopted, levels: tuple[str | None, ...], start: int
) -> Iterator[Worked]:
    for level in levels:
        if level is not None and any(
            test(condition)(_ticket(adopted, level, start)) is False for condition in duty.only_if
        ):
            continue
        due = _due(duty, limit, adopted, level, start)
        if not isinstance(due, Unknown):
            yield Worked(level, due)


def _due(duty: Duty, limit: Limit | None, adopted: Adopted, level: str | None, start: int) -> int | Unknown | None:
    """The deadline; None: nothing is owed at this severity; Unknown: the words do not tell."""
    scene = _ticket(adopted, level, start)
    outcome = clock_for(duty, limit, start, scene, (None, None), adopted.zone, lambda _: start)
    if isinstance(outcome, Unknown):
        return outcome
    if isinstance(outcome, Passed):
        return Unknown(frozenset())
    if isinstance(outcome, str):
        return None if outcome == NO_PROMISE else Unknown(frozenset())
    due = outcome.deadline()
    return Unknown(frozenset()) if due is None else due


def _ticket(adopted: Adopted, level: str | None, now: int) -> Point:
    """A ticket of which only its severity is known."""
    return Point(adopted, {} if level is None else {SeverityRef(): level}, now)


def _zone(limit: Limit | None, adopted: Adopted) -> str:
    """The zone of the calendar that is counted in, else the contract's."""
    parts = limit.parts if isinstance(limit, (Sooner, Later)) else (limit,)
    for part in parts:
        basis = getattr(part, "basis", None)
        name = getattr(basis, "calendar", None) or getattr(part, "calendar", None) or getattr(part, "close_in", None)
        if isinstance(name, str) and name in adopted.calendars:
            return adopted.calendars[name].zone
    return adopted.zone or "UTC"


def _word(duty: Duty, limit: Limit | None, adopted: Adopted) -> str:
    """What sets the clock off, where one event alone does."""
    if isinstance(limit, Within) and limit.after is not None:
        after = limit.after
        return after.type if isinstance(after, Pattern) else f"{after.duty} performed"
    triggers = duty.triggers
    if len(triggers) != 1:
        return "from"
    match triggers[0]:
        case OnEvent(pattern):
            return pattern.type
        case OnOutcome(name, outcome):
            of = adopted.terms.duties.get(name)
            said = {"breached": "missed", "met": "reached"} if of is not None and of.effort else {}
            return f"{name} {said.get(outcome, outcome)}"
        case OnState(status, state):
            return f"{status} {state}"
        case OnBoth():
            return "both"
    return "from"


# ---- In words -------------------------------------------------------------------------------------------------


def in_words(shown: Example) -> str:
    """``opened Mon 16:00 → due Tue 15:00``; by severity ``→ due 1: Mon 17:00, 2: Tue 11:00``."""
    start = clock(shown.start, shown.zone, shown.start)
    if len(shown.worked) == 1 and shown.worked[0].level is None:
        return f"{shown.word} {start} → due {_told(shown.worked[0], shown)}"
    return f"{shown.word} {start} → due " + ", ".join(f"{one.level}: {_told(one, shown)}" for one in shown.worked)


def _told(one: Worked, shown: Example) -> str:
    return "not owed" if one.due is None else clock(one.due, shown.zone, shown.start)


def clock(instant: int, zone: str, beside: int) -> str:
    """``Tue 15:00``; with its date where it is not within the week after ``beside``."""
    tz = zones.zone(zone)
    local, other = zones.moment(instant, tz), zones.moment(beside, tz)
    time = local.strftime("%H:%M") + (local.strftime(":%S") if local.second else "")
    days = (local.date() - other.date()).days
    date = "" if 0 <= days < 7 else f" {local.day} {MONTHS[local.month - 1]}"
    year = f" {local.year}" if local.year != other.year else ""
    return f"{DAYS[local.weekday()]}{date}{year} {time}"
