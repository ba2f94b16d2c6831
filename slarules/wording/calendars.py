"""Opening times and lists of closed dates in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, assert_never

from slarules.model.calendar import (
    CalendarRule,
    ClosedDate,
    ClosedYearly,
    Combined,
    HolidayList,
    HolidaysOf,
    ListedHolidays,
    Opening,
    Window,
)
from slarules.model.value import HOUR, MINUTE, SECOND, AsRead
from slarules.wording.grammar import listed, words
from slarules.wording.values import MONTHS, day
from slarules.wording.voice import Voice

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "CA": "Canada", "CH": "Switzerland", "DE": "Germany",
    "DK": "Denmark", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "the United Kingdom", "IE": "Ireland",
    "IN": "India", "IT": "Italy", "JP": "Japan", "NL": "the Netherlands", "NO": "Norway", "NZ": "New Zealand",
    "PL": "Poland", "PT": "Portugal", "SE": "Sweden", "SG": "Singapore", "US": "the United States",
    "ZA": "South Africa",
}
"""Code of a country (ISO 3166) → its name after `of`; another stands by its code."""
_PARTS = {
    "GB-ENG": "England", "GB-NIR": "Northern Ireland", "GB-SCT": "Scotland", "GB-WLS": "Wales",
    "CA-AB": "Alberta", "CA-BC": "British Columbia", "CA-MB": "Manitoba", "CA-NB": "New Brunswick",
    "CA-NL": "Newfoundland and Labrador", "CA-NS": "Nova Scotia", "CA-ON": "Ontario", "CA-PE": "Prince Edward Island",
    "CA-QC": "Quebec", "CA-SK": "Saskatchewan", "AU-NSW": "New South Wales", "AU-QLD": "Queensland",
    "AU-SA": "South Australia", "AU-TAS": "Tasmania", "AU-VIC": "Victoria", "AU-WA": "Western Australia",
    "DE-BE": "Berlin", "DE-BY": "Bavaria", "DE-HE": "Hesse", "DE-NW": "North Rhine-Westphalia",
    "US-CA": "California", "US-FL": "Florida", "US-IL": "Illinois", "US-MA": "Massachusetts", "US-NY": "New York",
    "US-TX": "Texas", "US-WA": "Washington",
}
"""Code of a part of a country (ISO 3166-2) → its name; another stands by its code."""
Closed = HolidaysOf | ListedHolidays | ClosedDate | ClosedYearly | AsRead


def calendar(rule: CalendarRule, voice: Voice) -> Iterator[str]:
    """The sentences of a calendar: when it is open, where, and what closes it."""
    name = words(rule.name)
    if rule.supplied_by is not None:
        yield f"{name} is a calendar that {words(rule.supplied_by)} supplies; until it is supplied, " \
              "its times are not known"
    if rule.combined is not None:
        yield f"{name} is open {_combined(rule.combined)}"
    openings = listed((_opening(one, voice) for one in rule.openings), "and")
    if openings:
        zone = rule.zone
        where = f", {_zone(zone, voice)}" if zone is not None else ""
        yield f"{name} is open {openings}{where}"
    elif rule.zone is not None:
        yield f"its times are {_zone(rule.zone, voice)}"
    if rule.also_open:
        yield f"it is also open on {listed(f'{day(on)} {times(at)}' for on, at in rule.also_open)}"
    if rule.open_instead:
        instead = listed(f"{day(on)} {times(at)}" for on, at in rule.open_instead)
        yield f"in place of its usual times it is open on {instead}"
    if rule.closed:
        yield f"it is closed on {listed(_stretches(rule.closed, voice))}"
    if rule.shift_forward:
        yield "a time that a change of clocks skips moves forward, and of one that it doubles the first counts"


def _combined(given: Combined) -> str:
    names = [words(one) for one in given.calendars]
    match given.op:
        case "any":
            return f"whenever any of {listed(names)} is open"
        case "all":
            return f"whenever all of {listed(names)} are open"
        case "but_not":
            return f"whenever {names[0]} is open but {listed(names[1:], 'or')} is not"
    return f"as {listed(names)} are, taken together by {words(given.op)}"


def _zone(given: str | AsRead, voice: Voice) -> str:
    if isinstance(given, AsRead):
        return voice.read(given, lambda zone: _zone(zone, voice), "in the zone")
    return f"in the time of {given}" if "/" in given else f"in {given}"


def _opening(given: Opening | AsRead, voice: Voice) -> str:
    if isinstance(given, AsRead):
        return voice.read(given, lambda inner: _opening(inner, voice), "at the times")
    at = given.windows
    hours = voice.read(at, times, "at the times") if isinstance(at, AsRead) else times(at)
    return f"{_days(given.days)} {hours}"


def _days(days: Sequence[int]) -> str:
    """`Monday to Friday`, `every day`, `Monday and Wednesday`."""
    if tuple(days) == tuple(range(7)):
        return "every day"
    if len(days) > 2 and tuple(days) == tuple(range(days[0], days[-1] + 1)) and days[-1] < 7:
        return f"{_weekday(days[0])} to {_weekday(days[-1])}"
    return listed(_weekday(one) for one in days)


def _weekday(n: int) -> str:
    return WEEKDAYS[n] if 0 <= n < 7 else f"day {n}"


def times(windows: Any) -> str:
    """Clock times: `from 08:00 to 12:00 and from 13:00 to 17:00`."""
    return listed(_window(one) for one in windows)


def _window(window: Window) -> str:
    over = " the next day" if window.closes <= window.opens else ""
    return f"from {_clock(window.opens)} to {_clock(window.closes)}{over}"


def _clock(micros: int) -> str:
    seconds = f"{micros % MINUTE / SECOND:09.6f}".rstrip("0").rstrip(".")
    return f"{micros // HOUR:02d}:{micros % HOUR // MINUTE:02d}" + (f":{seconds}" if micros % MINUTE else "")


def _stretches(closed: Sequence[Closed], voice: Voice) -> Iterator[str]:
    """Each closure; whole dates that follow one another are told from the first to the last."""
    run: list[Closed] = []
    for one in (*closed, None):
        if one is not None and run and _follows(run[-1], one):
            run.append(one)
            continue
        if len(run) > 2:
            first, last = run[0], run[-1]
            name = _named(last.name) if isinstance(last, (ClosedDate, ClosedYearly)) else ""
            yield f"all dates from {_on(first)} to {_on(last)}{_each_year(last)}{name}"
        else:
            yield from (_closed(each, voice) for each in run)
        run = [one] if one is not None else []


_LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
_NEXT = {(a.month, a.day): (b.month, b.day) for a, b in zip(_LEAP_YEAR, (*_LEAP_YEAR[1:], _LEAP_YEAR[0]), strict=True)}
"""A date of every year → the one after it."""


def _follows(one: Closed, other: Closed) -> bool:
    """Whether both are whole dates, closed for one reason, the second on the day after the first."""
    if isinstance(one, ClosedDate) and isinstance(other, ClosedDate):
        next_day = one.date + timedelta(days=1) == other.date
    elif isinstance(one, ClosedYearly) and isinstance(other, ClosedYearly):
        next_day = _NEXT.get((one.month, one.day)) == (other.month, other.day)
    else:
        return False
    return next_day and not one.windows and not other.windows and one.name == other.name


def _on(given: Closed) -> str:
    if isinstance(given, ClosedYearly):
        return f"{given.day} {MONTHS[given.month - 1]}"
    return day(given.date) if isinstance(given, ClosedDate) else ""


def _each_year(given: Closed) -> str:
    return " of every year" if isinstance(given, ClosedYearly) else ""


def _closed(given: Closed, voice: Voice) -> str:
    match given:
        case HolidaysOf(country, subdivision, observed):
            where = _COUNTRIES.get(country, f"the country {country}")
            where += f" as kept in {_PARTS.get(f'{country}-{subdivision}', subdivision)}" if subdivision else ""
            how = "the days on which they are observed" if observed else "their calendar dates alone"
            return f"the public holidays of {where}, on {how}"
        case ListedHolidays(name):
            return f"the dates of {words(name)}"
        case ClosedDate(on, windows, name):
            return f"{day(on)}{_part(windows)}{_named(name)}"
        case ClosedYearly(nth, month, windows, name):
            called = MONTHS[month - 1] if 1 <= month <= 12 else f"month {month}"
            return f"{nth} {called} of every year{_part(windows)}{_named(name)}"
        case AsRead():
            return voice.read(given, lambda inner: _closed(inner, voice) if inner else "no day", "the days")
    assert_never(given)


def _part(windows: tuple[Window, ...]) -> str:
    return f" {times(windows)}" if windows else ""


def _named(name: str | None) -> str:
    return f" (“{name}”)" if name else ""


def holidays(rule: HolidayList, voice: Voice) -> Iterator[str]:
    """The sentences of a list of closed dates."""
    del voice
    if rule.supplied_by is not None:
        yield f"{words(rule.name)} is a list of dates that {words(rule.supplied_by)} supplies; " \
              "until it is supplied, they are not known"
    if rule.dates:
        yield f"{words(rule.name)} is the list of these dates: {listed(_date(on, called) for on, called in rule.dates)}"


def _date(on: date, called: str | None) -> str:
    return f"{day(on)}{_named(called)}"
