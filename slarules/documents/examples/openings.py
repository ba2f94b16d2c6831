"""Opening times: each calendar as a drawn week with the dates of a year on which it is closed, as read here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import evolve, frozen

from slarules.calendars.calendar import Calendar
from slarules.documents.blocks import Block, Figure, Grid, Paragraph, Section, cells, plain
from slarules.documents.examples.opendays import Differing, Times, Year, year_of
from slarules.documents.moments import on_day
from slarules.engine.adopt import HORIZON, Adopted, adopt
from slarules.model.calendar import CalendarRule, ClosedDate, ClosedYearly, HolidaysOf, ListedHolidays
from slarules.model.contract import Contract, Terms
from slarules.model.value import AsRead
from slarules.model.walk import inside
from slarules.pictures import week as drawn_week
from slarules.pictures import year as drawn_year
from slarules.proposing.playing import first_monday
from slarules.wording.calendars import WEEKDAYS
from slarules.wording.grammar import listed, quoted, words
from slarules.wording.rules import sentences
from slarules.wording.values import day as date_words

ANCHOR = "opening-times"


@frozen
class _Known:
    """A calendar of one version of the terms, as read here."""

    rule: CalendarRule
    stated: CalendarRule
    adopted: Adopted
    first: date
    in_force_from: date | None


def section(contract: Contract, *, year: int | None = None) -> Section | None:
    """A part for each calendar; None where the contract has none.

    Closures are those of the twelve months from the contract's first date in force; where that is left open, of the
    calendar year in which the worked examples lie; or of ``year``.
    """
    known = tuple(_known(contract, year))
    if not known:
        return None
    lead = (
        "These are the opening times as they are read here. A deadline that is counted in one of them runs only while "
        "it is open."
    )
    if year is None and _stated(contract, 0) is None:
        lead += f" The contract does not say when it comes into force; closures are those of {known[0].first.year}."
    parts = tuple(Section(_title(one), _anchor(one, known), tuple(_calendar(one, contract))) for one in known)
    return Section("Opening times", ANCHOR, (Paragraph(plain(lead), "lead"),), parts)


def _known(contract: Contract, year: int | None) -> Iterator[_Known]:
    """Each calendar, and once more for each amendment that changes it."""
    last: dict[str, CalendarRule] = {}
    for n, adopted in enumerate(adopt(contract, None, None)):
        first = date(year, 1, 1) if year is not None else _first(contract, n)
        stated = contract.versions[n]
        for name, rule in adopted.terms.calendars.items():
            if last.get(name) != rule:
                plainly = evolve(rule, closed=tuple(one for one in rule.closed if one))  # `change nothing` leaves a gap
                yield _Known(plainly, stated.calendars[name], adopted, first, stated.in_force_from if n else None)
            last[name] = rule


def _title(one: _Known) -> str:
    since = f" from {date_words(one.in_force_from)}" if one.in_force_from is not None else ""
    return words(one.rule.name) + since


def _anchor(one: _Known, known: Sequence[_Known]) -> str:
    again = [other for other in known if other.rule.name == one.rule.name].index(one)
    return f"opening-{one.rule.name.replace('_', '-')}" + (f"-{again + 1}" if again else "")


def _stated(contract: Contract, version: int) -> date | None:
    """The date on which a version of the terms comes into force; None: it is left open."""
    return contract.versions[version].in_force_from or contract.in_force[0]


def _first(contract: Contract, version: int) -> date:
    stated = _stated(contract, version)
    return stated if stated is not None else date(first_monday(contract, version).year, 1, 1)


def _calendar(one: _Known, contract: Contract) -> Iterator[Block]:
    rule, terms = one.rule, one.adopted.terms
    yield Paragraph(plain(" ".join(sentences(rule, terms, contract))))
    readings = dict.fromkeys(part.reading for part in inside(one.stated) if isinstance(part, AsRead))
    if readings:
        ways = [f"{quoted(name)} as {quoted(one.adopted.readings[name])}" for name in readings]
        yield Paragraph(plain(f"So read: {listed(ways)}."), "note")
    supplied = tuple(_wholly_supplied(rule, terms))
    if supplied:
        told = listed(f"{words(other.supplied_by or '')} supplies {words(other.name)}" for other in supplied)
        yield Paragraph(plain(
            f"There is nothing to draw, for the times do not stand in the contract ({told}). What hangs on them cannot "
            "be judged until they are supplied."
        ))  # fmt: skip
        return
    calendar = one.adopted.calendars[rule.name]
    found = year_of(calendar, one.first, _reasons(rule, one.adopted, one.first))
    yield _week(rule.name, found, calendar)
    unknown = (*_unknown(rule, terms), *_beyond(rule, terms, found))
    yield from unknown
    if found.differing or not unknown:
        yield from _closures(rule.name, found)


def known_in_full(rule: CalendarRule, terms: Terms) -> bool:
    """Whether the calendar's own times stand in the contract; lists of closed dates may be wanting."""
    return next(_wholly_supplied(rule, terms), None) is None


def _wholly_supplied(rule: CalendarRule, terms: Terms) -> Iterator[CalendarRule]:
    """The calendars, itself or those that it is made of, whose times a party gives."""
    if rule.supplied_by is not None:
        yield rule
    for other in rule.combined.calendars if rule.combined is not None else ():
        if other in terms.calendars:
            yield from _wholly_supplied(terms.calendars[other], terms)


def _reasons(rule: CalendarRule, adopted: Adopted, first: date) -> dict[date, str]:
    """Why dates are closed for some hours, or in a calendar that this one is made of, where the contract says so."""
    named: dict[date, str] = {}
    for other in rule.combined.calendars if rule.combined is not None else ():
        if other in adopted.terms.calendars:
            part = adopted.terms.calendars[other]
            own = year_of(adopted.calendars[other], first, _reasons(part, adopted, first))
            named |= {one.day: f"{words(other)}: {one.name}" for one in own.differing if one.name}
    for closed in rule.closed:
        match closed:
            case ClosedDate(on, windows, name) if windows and name:
                named[on] = name
            case ClosedYearly(number, month, windows, name) if windows and name:
                for year in (first.year, first.year + 1):
                    try:
                        named[date(year, month, number)] = name
                    except ValueError:
                        continue  # 29 February of a common year
    return named


# ---- The week -------------------------------------------------------------------------------------------------


def _week(name: str, found: Year, calendar: Calendar) -> Figure:
    days = [
        drawn_week.Day(weekday, tuple(drawn_week.Span(opens, closes) for opens, closes in times))
        for weekday, times in zip(WEEKDAYS, found.usual, strict=True)
    ]
    title = f"A usual week of {words(name)}"
    return Figure(drawn_week.week(title, days), f"{title}, in the time of {calendar.zone}")


# ---- The year -------------------------------------------------------------------------------------------------


def _unknown(rule: CalendarRule, terms: Terms) -> Iterator[Paragraph]:
    """Lists of closed dates that a party supplies and that the contract does not hold."""
    for closed in rule.closed:
        given = terms.holidays.get(closed.name) if isinstance(closed, ListedHolidays) else None
        if given is not None and given.supplied_by is not None:
            yield Paragraph(plain(
                f"Which dates {words(given.name)} closes does not stand in the contract: {words(given.supplied_by)} "
                "supplies the list. Until it is supplied, no time that the week shows as open is certain, and a "
                "deadline that is counted over such time cannot be judged."
            ))  # fmt: skip
    for other in rule.combined.calendars if rule.combined is not None else ():
        if other in terms.calendars:
            yield from _unknown(terms.calendars[other], terms)


def _beyond(rule: CalendarRule, terms: Terms, found: Year) -> Iterator[Paragraph]:
    """Years of which no public holidays are known here."""
    parts = rule.combined.calendars if rule.combined is not None else ()
    rules = [rule, *(terms.calendars[name] for name in parts if name in terms.calendars)]
    asks = any(isinstance(closed, HolidaysOf) for one in rules for closed in one.closed)
    if asks and not HORIZON[0] <= found.first.year <= found.last.year < HORIZON[1]:
        known = f"{HORIZON[0]} to {HORIZON[1] - 1}"
        yield Paragraph(plain(f"Public holidays are known here for the years {known} alone; of others none is listed."))


def _closures(name: str, found: Year) -> Iterator[Block]:
    told = _twelve_months(found)
    if not found.differing:
        yield Paragraph(plain(f"In {told} no date that is known here differs from the usual week."))
        return
    marks = [drawn_year.Closed(one.day, _mark(one), one.name) for one in found.differing if _mark(one)]
    weekly = [
        drawn_year.Closed(day, drawn_year.WEEKLY)
        for day in (date.fromordinal(n) for n in range(found.first.toordinal(), found.last.toordinal() + 1))
        if not found.usual[day.weekday()] and day not in {one.day for one in found.differing}
    ]
    title = f"{words(name)} in {told}"
    yield Figure(drawn_year.year(title, found.first, [*marks, *weekly]), title)
    rows = tuple(cells(on_day(one.day), one.name or "not named", _times(one.times)) for one in found.differing)
    caption = f"Dates in {told} on which {words(name)} differs from the usual week"
    yield Grid(caption, cells("Date", "Why", "Open"), rows, (3, 5, 2))
    if any(one.name for one in found.differing):
        yield Paragraph(plain("A holiday on a day that is closed anyway is not listed."), "note")


def _twelve_months(found: Year) -> str:
    if (found.first.month, found.first.day) == (1, 1):
        return str(found.first.year)
    return f"the year from {date_words(found.first)} to {date_words(found.last)}"


def _mark(one: Differing) -> str:
    """Which mark a date bears; none: it is open as long as usual or longer."""
    if not one.times:
        return drawn_year.CLOSED
    return drawn_year.SHORT if _length(one.times) < _length(one.usual) else ""


def _length(times: Times) -> int:
    return sum(closes - opens for opens, closes in times)


def _times(times: Times) -> str:
    if not times:
        return "closed"
    return listed(f"{drawn_week.clock(opens)} to {drawn_week.clock(closes)}" for opens, closes in times)
