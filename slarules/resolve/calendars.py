"""Opening times and lists of closed dates, as the contract states them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from slarules.calendars.zones import UnknownZone
from slarules.calendars.zones import names as zone_names
from slarules.calendars.zones import zone as find_zone
from slarules.diagnostics import Edit, nearest
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
from slarules.model.value import AsRead
from slarules.resolve import literals
from slarules.resolve.names import Item, Place
from slarules.resolve.readings import as_read
from slarules.syntax.tree import Node

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HOLIDAYS = frozenset(("holidays_of", "holidays_unobserved"))
Dated = tuple[date, tuple[Window, ...]]


def zone(node: Node, place: Place) -> str | AsRead | None:
    """A zone that exists, or what each option of a reading says it is."""
    given = node.parts[0]
    if given.kind == "as_read":
        return as_read(given, place, "a zone", frozenset(("zone_name",)), zone)
    try:
        find_zone(given.text)
    except UnknownZone:
        near = nearest(given.text, zone_names())
        place.problems.error(
            "E0520", given.span, f"there is no zone `{given.text}`",
            f"did you mean `{near}`?" if near else "name a city as America/Denver does, or an offset as UTC-07:00",
            edit=Edit(given.span, near) if near else None)
        return None
    return given.text


def calendar(item: Item, place: Place) -> CalendarRule:
    """A calendar of its own hours, made of others, or supplied."""
    node = item.node
    if node.kind == "supplied_calendar":
        return CalendarRule(item.name, None, supplied_by=place.names.party(node.all("NAME")[1]))
    _whole(node, place)
    zones = [zone(line.parts[0], place) for line in node.all("zone_line")]
    if not zones:
        place.uses.add(("zone", ""))
    also = [_dated_windows(line, place) for line in node.all("also_open")]
    instead = _instead(node, place)
    openings = [opening(line.parts[0], place) for line in node.all("open_line")]
    closed = [one for line in node.all("closed_on") for one in _stretch(line.parts[0], place)]
    return CalendarRule(
        item.name, zones[0] if zones else None,
        tuple(one for one in openings if one is not None),
        tuple(one for one in also if one is not None),
        tuple(one for one in instead if one is not None),
        tuple(one for one in closed if one is not None),
        node.first("clock_changes") is not None,
        _combined(node, place),
    )


def _whole(node: Node, place: Place) -> None:
    """A calendar has hours of its own or is made of others; it has one zone."""
    own = node.all("open_line", "also_open", "open_instead")
    made = node.all("union", "intersection", "difference")
    broken = place.problems.broken & {"open", "whenever", "zone"}
    if not own and not made and not broken:
        place.error("E0515", node.name.span, f"the calendar `{node.name.text}` never opens",
                    "say when: `open Monday to Friday 09:00 to 17:00`")
    for line in (node.all("open_line", "also_open", "open_instead", "closed_on", "clock_changes") if made else ()):
        place.error("E0514", line.span, "a calendar made of others has no hours of its own",
                    "make a calendar of this line, and name it among the others")
    for line in (*made[1:], *node.all("zone_line")[1:], *node.all("clock_changes")[1:]):
        place.error("E0513", line.span, f"the calendar `{node.name.text}` says this twice", "leave one out")
    if not place.names.zone and not made and not node.all("zone_line") and not broken:
        key = ("zone", "")  # the contract's own zone is missing as well: one line mends both
        if key not in place.problems.told:
            place.problems.told.add(key)
            place.error("E0506", node.name.span, f"the calendar `{node.name.text}` is in no zone",
                        "give it one, or the contract: `zone America/Denver`")


def _combined(node: Node, place: Place) -> Combined | None:
    made = node.first("union", "intersection", "difference")
    if made is None:
        return None
    names = made.all("NAME") if made.kind == "difference" else made.one("names").parts
    parts = tuple(place.names.calendar(name) for name in names)
    place.uses.update(("calendar", part) for part in parts)
    return Combined({"union": "any", "intersection": "all", "difference": "but_not"}[made.kind], parts)


def opening(node: Node, place: Place) -> Opening | AsRead | None:
    """``Monday to Friday 08:00 to 17:00``, or what a reading says."""
    if node.kind == "as_read":
        return as_read(node, place, "days with clock times, as `Monday to Friday 08:00 to 17:00`",
                       frozenset(("opening",)), opening)
    days, times = node.parts
    hours = (as_read(times, place, "clock times, as `08:00 to 17:00`", frozenset(("windows",)), _windows)
             if times.kind == "as_read" else _windows(times, place))
    return Opening(_days(days, place), hours) if hours is not None else None


def _windows(node: Node, place: Place) -> tuple[Window, ...]:
    return literals.windows(node, place.problems)


def _days(node: Node, place: Place) -> tuple[int, ...]:
    if node.kind == "every_day":
        return tuple(range(7))
    found: list[int] = []
    for given in node.all("day_range"):
        first, last = (DAYS.index(day.text) for day in (given.parts[0], given.parts[-1]))
        days = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
        if set(days) & set(found):
            place.error("E0513", given.span, f"`{given.span.text}` is named twice in this line", "leave one out")
        found += days
    return tuple(sorted(found))


def _dated_windows(line: Node, place: Place) -> Dated | None:
    day = literals.day(line.one("DATE"), place.problems)
    hours = literals.windows(line.one("windows"), place.problems)
    return (day, hours) if day is not None else None


def _instead(node: Node, place: Place) -> list[Dated | None]:
    """``on DATE open TIMES``, once for each date."""
    found: list[Dated | None] = []
    for line in node.all("open_instead"):
        one = _dated_windows(line, place)
        if one is not None and any(other is not None and other[0] == one[0] for other in found):
            place.error("E0513", line.span, f"a second line says what opens on {one[0]}",
                        "put all times of the date in one line, joined by `and`")
        found.append(one)
    return found


Closed = HolidaysOf | ListedHolidays | ClosedDate | ClosedYearly | AsRead


def _closed(node: Node, place: Place) -> Closed | None:
    title = node.first("STRING")
    given = node.first("windows")
    hours = literals.windows(given, place.problems) if given is not None else ()
    match node.kind:
        case "as_read":
            return as_read(node, place, "`holidays of` a country, or `change nothing`", HOLIDAYS | {"ignore"}, _kept)
        case "holiday_list":
            return _listed(node.name, place)
        case "closed_date":
            day = literals.day(node.one("DATE"), place.problems)
            return ClosedDate(day, hours, title.text if title else None) if day is not None else None
        case "closed_yearly":
            found = _yearly(node.one("NUMBER"), node.one("MONTH"), place)
            return ClosedYearly(*found, hours, title.text if title else None) if found is not None else None
    return holidays_of(node, place)


def _stretch(node: Node, place: Place) -> list[Closed | None]:
    """What one line closes: from one date to another, both included, each date by itself."""
    title = node.first("STRING")
    name = title.text if title else None
    if node.kind == "closed_dates":
        first, last = (literals.day(one, place.problems) for one in node.all("DATE"))
        if first is None or last is None:
            return [None]
        if last < first:
            place.error("E0519", node.span, f"{last} is before {first}", "say the earlier date first")
        return [ClosedDate(first + timedelta(days=n), (), name) for n in range((last - first).days + 1)]
    if node.kind == "closed_each_year":
        ends = zip(node.all("NUMBER"), node.all("MONTH"), strict=True)
        begin, end = (_yearly(number, month, place) for number, month in ends)
        if begin is None or end is None:
            return [None]
        year = [(day, month + 1) for month, longest in enumerate(LONGEST_MONTH) for day in range(1, longest + 1)]
        at, upto = year.index(begin), year.index(end)
        dates = year[at : upto + 1] if at <= upto else year[at:] + year[: upto + 1]
        return [ClosedYearly(day, month, (), name) for day, month in dates]
    return [_closed(node, place)]


def holidays_of(node: Node, place: Place) -> HolidaysOf:
    """A country's holidays; whether the country is known is checked with the whole contract."""
    del place
    country, _, subdivision = node.one("REGION").text.partition("-")
    return HolidaysOf(country, subdivision or None, node.kind == "holidays_of")


def _kept(node: Node, place: Place) -> HolidaysOf | tuple[()]:
    """An option's holidays; under `change nothing` none are kept."""
    return () if node.kind == "ignore" else holidays_of(node, place)


def _listed(name: Node, place: Place) -> ListedHolidays:
    lists = place.names.items["holidays"]
    if name.text not in lists:
        place.names.missing("E0302", "holidays", name, lists,
                            f"declare them: `holidays {name.text}`, or say `holidays of US`")
    place.uses.add(("holidays", name.text))
    return ListedHolidays(name.text)


def _yearly(number: Node, named: Node, place: Place) -> tuple[int, int] | None:
    """A day of a month, each from 1."""
    month = MONTHS.index(named.text)
    if not number.text.isdigit() or not 1 <= int(number.text) <= LONGEST_MONTH[month]:
        place.error("E0507", number.span, f"there is no {number.text} {MONTHS[month]}", "name a day of that month")
        return None
    return int(number.text), month + 1


def holidays(item: Item, place: Place) -> HolidayList:
    """A list of the contract's own, or one that a party supplies."""
    node = item.node
    if node.kind == "supplied_holidays":
        return HolidayList(item.name, supplied_by=place.names.party(node.all("NAME")[1]))
    dates: dict[date, str | None] = {}
    for line in node.all("holiday"):
        day, title = literals.day(line.one("DATE"), place.problems), line.first("STRING")
        if day in dates:
            place.error("E0301", line.span, f"{day} stands twice in `{item.name}`", "leave one out")
        if day is not None:
            dates[day] = title.text if title else None
    return HolidayList(item.name, tuple(sorted(dates.items(), key=_by_date)))


def _by_date(entry: tuple[date, str | None]) -> date:
    return entry[0]


def zones_of(stated: str | AsRead | None) -> Iterable[str]:
    """Every zone that a calendar may be in."""
    if isinstance(stated, AsRead):
        return [str(option) for option in stated.options.values()]
    return [stated] if stated is not None else []
