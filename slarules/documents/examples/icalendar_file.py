"""A schedule as an iCalendar file (RFC 5545), written by the icalendar library; no byte of it comes from a clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from icalendar import Calendar, Event

from slarules.calendars import zones
from slarules.documents.examples import dates
from slarules.documents.examples.schedule import CLOSED, DUE, Entry, Schedule, schedule
from slarules.documents.formats.characters import one_line
from slarules.documents.moments import ends_a_day
from slarules.model.contract import Contract
from slarules.wording.grammar import finished

PRODUCT = "-//slarules//Contract dates//EN"


def ics(contract: Contract, *, starts: date | None = None) -> bytes:
    """The dates of ``dates.section`` as one calendar: all-day events, deadlines within a day with their zone.

    The same contract gives the same bytes.
    """
    found = schedule(contract, starts)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(found.contract.title))
    met: Counter[str] = Counter()
    for one in found.entries:
        name = _name(one)
        met[name] += 1
        calendar.add_component(_event(one, found, f"{name} {met[name]}"))
    calendar.add_missing_timezones(found.first, found.last)
    data: bytes = calendar.to_ical()
    return data


def _event(one: Entry, found: Schedule, name: str) -> Event:
    event = Event()
    zone = dates.zone_of(one, found)
    event.add("uid", f"{sha256(f'{found.contract.name} {name}'.encode()).hexdigest()[:32]}@slarules")
    event.add("dtstamp", datetime.combine(found.first, time(), UTC))
    said = finished(dates.what(one, found))
    event.add("summary", one_line(said))
    about = [f"Clause: {clause}" for clause in (dates.clause(one, found),) if clause]
    event.add("description", "\n".join(one_line(line) for line in (dates.when(one, found), *about)))
    event.add("categories", [{DUE: "deadline", CLOSED: "closure"}.get(one.sort, "date")])
    event.add("transp", "TRANSPARENT")
    day = zones.local_date(one.at, zone)
    if one.sort == DUE and not ends_a_day(one.at, zone):
        event.add("dtstart", zones.moment(one.at, zones.zone(zone)))
        return event
    _all_day(event, day - timedelta(days=1) if one.sort == DUE else day)
    return event


def _all_day(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))


def _name(one: Entry) -> str:
    """What it is, whenever it is: an entry that moves to another date stays the same entry of a reader's calendar."""
    on = one.closed.day.isoformat() if one.closed is not None else ""
    return " ".join((one.sort, one.name, str(one.number), one.state or "", on))
