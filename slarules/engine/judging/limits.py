"""From a limit's words to a clock, at the instant a duty arises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from slarules.calendars import civil, zones
from slarules.calendars.calendar import Calendar
from slarules.engine.expression import Scene, missing, reckon, shifted, test
from slarules.engine.judging.clock import Awaiting, Clock, Closings, Counting, Dated, Endless, Several
from slarules.model.expression import Compare, Literal, Pattern, SeverityRef
from slarules.model.limit import (
    BeforeTermEnds,
    ByEndOf,
    Column,
    Continuously,
    Counted,
    CountedIn,
    EachDay,
    Every,
    Later,
    Limit,
    Milestone,
    NextClose,
    NthClose,
    OnEach,
    Sooner,
    Within,
)
from slarules.model.rules import Duty, Table
from slarules.model.value import Civil, Elapsed, Unknown

NO_PROMISE = "no promise"
"""A table's `none`: at this severity nothing is owed."""


@frozen
class Passed:
    """A dated deadline that is not after its trigger: the duty could not arise (R29)."""

    due: int
    """The deadline, in microseconds UTC."""


Outcome = Clock | Unknown | Passed | str
"""A clock; or for want of which facts there is none; or by when it should have been; or NO_PROMISE."""


@frozen(eq=False)
class ObservedCell:
    """A table's output of which each reading is told; it stands there only where `evaluate` is given an observer."""

    cell: object
    saw: Callable[[Scene], None]


Reached = Callable[[Pattern | Milestone], int | Unknown | None]
"""When a milestone was reached, or for want of what nobody knows; None: not yet."""
Stood = Callable[[Clock], None]
"""Lets a clock that began before the trigger stand still where it did until then."""


def _ran(clock: Clock) -> None:
    """It stood still nowhere."""


def clock_for(
    duty: Duty,
    limit: Limit | None,
    start: int,
    scene: Scene,
    term: tuple[int | None, int | None],
    zone: str | None,
    reached: Reached,
    stood: Stood = _ran,
    arisen: Scene | None = None,
) -> Outcome:
    """The clock of a duty that runs from ``start``.

    ``arisen``: the scene of the trigger, of a duty that is owed. It keeps a date that has passed since (R6, R29).
    """
    match limit:
        case None | Continuously() | EachDay() | OnEach():
            return Endless()
        case Within(_, _, after) if after is not None:
            begun = reached(after)
            if isinstance(begun, Unknown):
                return begun
            return Awaiting() if begun is None else _after(
                duty, limit, begun, start, scene, zone, stood, arisen is not None
            )  # fmt: skip
        case Within() | Every():
            return _within(duty, limit, start, scene, zone)
        case NextClose(name):
            calendar = scene.calendars[name]
            return _by_close(calendar.next_close(start), start, calendar, name)
        case NthClose(name, n):
            return Closings(start, n, scene.calendars[name], name, duty.ends_at_next_opening)
        case ByEndOf():
            return _by_end_of(limit, start, scene, zone, arisen is not None)
        case BeforeTermEnds():
            return _before_term_ends(limit, start, scene, term, zone, arisen is not None)
        case Sooner(parts) | Later(parts):
            def one(part: Limit, seen: Scene, arisen: Scene | None = None) -> Outcome:
                return clock_for(duty, part, start, seen, term, zone, reached, stood, arisen)

            clocks = [one(part, scene) for part in parts]
            if arisen is not None:  # what had passed at the trigger dropped out for good; what has since did not
                late = {n for n, clock in enumerate(clocks) if isinstance(clock, Passed)}
                since = {n for n in late if not isinstance(one(parts[n], arisen), Passed)}
                clocks = [one(parts[n], scene, arisen) if n in since else clock for n, clock in enumerate(clocks)]
            wanted = missing(*clocks)
            if wanted is not None:
                return wanted
            sound = [c for c in clocks if not isinstance(c, (str, Unknown, Passed))]
            return Several(sound, isinstance(limit, Sooner)) if sound else clocks[0]
    raise AssertionError(f"{limit} was not decided")


def _after(
    duty: Duty, limit: Within, begun: int, start: int, scene: Scene, zone: str | None, stood: Stood, arisen: bool
) -> Outcome:
    """A limit that runs from a milestone; if that is so long ago that it was over at the trigger, what else (R29)."""
    outcome = _within(duty, limit, begun, scene, zone)
    if begun >= start or isinstance(outcome, (str, Unknown, Passed)):
        return outcome
    stood(outcome)
    due = outcome.deadline()
    if due is None or due > start or (arisen and limit.otherwise is None):
        return outcome
    return _otherwise(limit.otherwise, due, start, zone)


def _within(duty: Duty, limit: Within | Every, start: int, scene: Scene, zone: str | None) -> Outcome:
    return clock_of(duty, *span_of(limit, scene), start, scene, zone, isinstance(limit, Within) and limit.strict)


def clock_of(
    duty: Duty,
    span: Elapsed | Civil | Unknown | str,
    basis: str | None,
    start: int,
    scene: Scene,
    zone: str | None,
    strict: bool,
) -> Outcome:
    """The clock of so long a time, counted in the calendar ``basis``."""
    if isinstance(span, (Unknown, str)):
        return span
    calendar = None if basis is None else scene.calendars[basis]
    if isinstance(span, Elapsed):
        return Counting(start, span.micros, calendar, basis, duty.ends_at_next_opening, strict)
    if calendar is not None:
        return Closings(start, span.days, calendar, basis, duty.ends_at_next_opening, strict)
    return Dated(_end_of_date(zones.local_date(start, zone or "UTC"), span, 1, zone), strict=strict)  # R14


def _end_of_date(day: date, much: Civil, sign: int, zone: str | None) -> int | None:
    """The end of the date so much later or earlier; None: it lies past the calendars' years."""
    try:
        return civil.due_by_end_of(shifted(day, much, sign), zone or "UTC")
    except zones.OutOfRange:
        return None


def span_of(limit: Within | Every, scene: Scene) -> tuple[Elapsed | Civil | Unknown | str, str | None]:
    """The length that a limit has now, and the calendar it is counted in."""
    if not isinstance(limit.span, Column):
        return _based(limit.span, limit, None)
    table = scene.terms.tables[limit.span.table]
    head = table.bases[table.columns.index(limit.span.column)]
    return _based(looked_up(table, limit.span.column, scene), limit, head)


Lengths = Callable[[Scene], tuple[Elapsed | Civil | Unknown | str, str | None]]
"""A limit's length and the calendar it is counted in, as a function of the scene."""


def lengths(limit: Limit | None, tables: Mapping[str, Table]) -> Lengths | None:
    """``span_of`` for one limit, with its table looked up beforehand; None for limits that have no length."""
    if not isinstance(limit, (Within, Every)):
        return None
    span = limit.span
    column = _by_level(tables[span.table], span.column) if isinstance(span, Column) else None
    if isinstance(span, Column) and column is None:
        return lambda scene: span_of(limit, scene)
    if column is None:
        fixed = _based(span, limit, None)
        return lambda scene: fixed
    assert isinstance(span, Column)
    table = tables[span.table]
    head = table.bases[table.columns.index(span.column)]
    levels = {level: _based(cell, limit, head) for level, cell in column.items()}
    none, unknown = (NO_PROMISE, None), (Unknown(frozenset({"severity"})), None)

    def of_level(scene: Scene) -> tuple[Elapsed | Civil | Unknown | str, str | None]:
        level = scene.severity_now()
        return levels.get(level, none) if level else unknown

    return of_level


def _based(span: Any, limit: Within | Every, head: str | None) -> tuple[Any, str | None]:
    basis = limit.basis.calendar if isinstance(limit.basis, CountedIn) else head
    return (span.span, basis or span.basis.calendar) if isinstance(span, Counted) else (span, basis)


def looked_up(table: Table, column: str, scene: Scene) -> Any:
    """The cell of the one row that fits; Unknown where the inputs do not tell; NO_PROMISE for `none`."""
    by_level = _by_level(table, column)
    if by_level is not None:
        level = scene.severity_now()
        return by_level.get(level, NO_PROMISE) if level else Unknown(frozenset({"severity"}))
    place = table.columns.index(column)
    wanted: list[Unknown] = []
    for cells, outputs in table.rows:
        fits = True
        unsure: list[Unknown] = []
        for given, cell in zip(table.inputs, cells, strict=True):
            if cell.values is None:
                continue
            matches = [test(Compare("is", given, value))(scene) for value in cell.values]
            if any(m is True for m in matches):
                continue
            unknown = missing(*matches)
            if unknown is None:
                fits = False
                break
            unsure.append(unknown)
        if fits and not unsure:
            return _output(outputs[place], scene)
        if fits:
            wanted += unsure
    return missing(*wanted) or NO_PROMISE


_LENGTHS = (Elapsed, Civil, Counted, type(None))
_BY_LEVEL: dict[tuple[int, str], tuple[Table, dict[str, Any] | None]] = {}
"""(Table, column) → level → cell. The table is kept beside it, so that its identity stays its own."""


def _by_level(table: Table, column: str) -> dict[str, Any] | None:
    """A table that asks for the severity alone, as a lookup; None for other tables."""
    known = _BY_LEVEL.get((id(table), column))
    if known is not None and known[0] is table:
        return known[1]
    if len(_BY_LEVEL) > 1024:
        _BY_LEVEL.clear()
    place = table.columns.index(column)
    found: dict[str, Any] | None = {}
    for cells, outputs in table.rows:
        values = cells[0].values
        if (
            len(cells) != 1
            or not isinstance(table.inputs[0], SeverityRef)
            or values is None
            or not isinstance(outputs[place], _LENGTHS)
        ):
            found = None
            break
        for value in values:
            assert isinstance(value, Literal) and found is not None
            found.setdefault(str(value.value), NO_PROMISE if outputs[place] is None else outputs[place])
    _BY_LEVEL[id(table), column] = (table, found)
    return found


def _output(cell: Any, scene: Scene) -> Any:
    if isinstance(cell, ObservedCell):
        cell.saw(scene)
        cell = cell.cell
    if cell is None:
        return NO_PROMISE
    return cell if isinstance(cell, (Elapsed, Civil, Counted)) else reckon(cell)(scene)


def _by_end_of(limit: ByEndOf, start: int, scene: Scene, zone: str | None, arisen: bool) -> Outcome:
    day = scene.amount_now(limit.date) if limit.date in scene.terms.amounts else scene.fact(limit.date)
    if isinstance(day, Unknown):
        return day
    assert isinstance(day, date)
    if limit.before is not None:
        clock = back(day, limit.before, limit.earliest, start, scene, zone)
        if isinstance(clock, Unknown) or clock.unknown_from is not None:
            return clock
        passed = clock.at is None or (clock.at <= start and not (arisen and limit.otherwise is None))
        return _otherwise(limit.otherwise, start if clock.at is None else clock.at, start, zone) if passed else clock
    calendar = scene.calendars[limit.close_in] if limit.close_in else None
    due = end_of(day, calendar, zone)
    if due > start or (arisen and limit.otherwise is None):
        opens = start if calendar is None else max(start, calendar.day_start(day))
        return Dated(due) if calendar is None else _by_close(due, opens, calendar, limit.close_in, day)
    return _otherwise(limit.otherwise, due, start, zone)


def _by_close(due: int | None, start: int, calendar: Calendar, name: str | None, day: date | None = None) -> Dated:
    """A clock that ends with a closing; beyond what the calendar's lists tell nobody knows of it (R30)."""
    unknown_from = calendar.unknown_from
    if unknown_from is None or due is None or due <= unknown_from:
        return Dated(None if day is None and due == zones.END else due, name)  # it closes never
    if day is not None and not closes_on(calendar, day):
        return Dated(due, name)  # closed all day by its base: the date's own end
    return Dated(None, name, unknown_from=max(unknown_from, calendar.next_open(start) or start))


def closes_on(calendar: Calendar, day: date) -> bool:
    """Whether a date is open by the calendar's base, and so closes at some time."""
    place = calendar.day_table.index_from(day)
    return place < len(calendar.day_table) and calendar.day_table.day(place).date == day


def _otherwise(instead: Civil | Elapsed | None, passed: int, start: int, zone: str | None) -> Outcome:
    """R29: the limit where the stated one is not after the trigger."""
    match instead:
        case Elapsed(micros):
            return Counting(start, micros, None, None)  # time like any other: pauses stop it (R16)
        case Civil() as much:
            return Dated(_end_of_date(zones.local_date(start, zone or "UTC"), much, 1, zone))
    return Passed(passed)


def end_of(day: date, calendar: Calendar | None, zone: str | None) -> int:
    """A date's last closing in a calendar, or the next date's first instant, which is still in time (R14)."""
    if calendar is not None and closes_on(calendar, day):
        return calendar.day_table.day(calendar.day_table.index_from(day)).last_close
    return civil.due_by_end_of(day, zone or "UTC")


def _before_term_ends(
    limit: BeforeTermEnds, start: int, scene: Scene, term: tuple[int | None, int | None], zone: str | None, arisen: bool
) -> Outcome:
    if term[1] is None:
        return Unknown(frozenset({"the end of the term"}))
    expiry = zones.local_date(term[1], zone or "UTC")
    clock = back(expiry, limit.span, limit.earliest, start, scene, zone)
    if isinstance(clock, Unknown) or clock.unknown_from is not None:
        return clock
    due = clock.at
    return clock if due is not None and (due > start or arisen) else Passed(start if due is None else due)


def back(
    day: date, far: Civil | Counted, earliest: Civil | Counted | None, start: int, scene: Scene, zone: str | None
) -> Dated | Unknown:
    """The end of the date so long before another, or its last closing where open days are counted (R14, R15).

    Without a deadline where no calendar goes back so far. Where a supplied list does not tell which of the days before
    it are open, nobody knows it from the earliest closing on that it may be (R30).
    """
    if isinstance(earliest, Counted) and earliest != far:
        first = back(day, earliest, None, start, scene, zone)
        if isinstance(first, Unknown) or first.unknown_from is not None:
            return Unknown(frozenset(scene.calendars[earliest.basis.calendar].unknown_names))
    far, name = _counted_in(far)
    if name is None or not far.days:
        return Dated(_end_of_date(day, far, -1, zone))
    calendar, n = scene.calendars[name], far.days
    table, unknown_from = calendar.day_table, calendar.unknown_from
    place = sure = table.index_from(day)
    while unknown_from is not None and sure and table.day(sure - 1).last_close > unknown_from:
        sure -= 1
    if sure == place:
        return Dated(table.day(place - n).last_close if place >= n else None, name)
    soonest = table.day(sure - n).last_close if sure >= n else start
    if earliest is not None or soonest <= start:
        return Unknown(frozenset(calendar.unknown_names))
    return Dated(None, name, unknown_from=soonest)


def _counted_in(far: Civil | Counted) -> tuple[Civil, str | None]:
    """So many days, and the calendar whose open days are counted; None: all are."""
    if isinstance(far, Civil):
        return far, None
    assert isinstance(far.span, Civil)
    return far.span, far.basis.calendar


def first_instant(
    limit: Limit | None, scene: Scene, term: tuple[int | None, int | None], zone: str | None
) -> int | None:
    """Before which no act performs: the first instant of the day on which, or from which, it is owed."""
    if not isinstance(limit, (BeforeTermEnds, ByEndOf)) or limit.earliest is None:
        return None
    day: object = None if term[1] is None else zones.local_date(term[1], zone or "UTC")
    if isinstance(limit, ByEndOf):
        day = scene.amount_now(limit.date) if limit.date in scene.terms.amounts else scene.fact(limit.date)
    if not isinstance(day, date):
        return None
    far, name = _counted_in(limit.earliest)
    try:
        if name is None or not far.days:
            return zones.day_start(shifted(day, far, -1), zone or "UTC")
        found = scene.calendars[name].day_table.nth(day, -far.days)
        return None if found is None else scene.calendars[name].day_start(found.date)
    except zones.OutOfRange:
        return None  # before all that can be told
