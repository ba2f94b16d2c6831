"""Instants and durations as commands take them: a time, a date, an offset; so long real time, open time or dates."""

from __future__ import annotations

import re

from slarules.calendars import zones
from slarules.diagnostics import error, has_errors
from slarules.model.event import Event
from slarules.repl.arguments import Given, Mistaken, at_line, malformed, no_such
from slarules.repl.judging import adopted, contract_of, zone_in
from slarules.repl.lines import unset
from slarules.repl.session import Session
from slarules.repl.spelling import Frame, at_home, framed, read_block
from slarules.scenario.moments import Teller, measure

DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"(?:\d{4}-\d\d-\d\d\s+)?\d\d?:\d\d(?::\d\d(?:\.\d{1,6})?)?|\d.*\safter\s+\w+\s+\w+", re.DOTALL)
LENGTH = re.compile(r"(?P<length>\d.*?)(?:\s+counted\s+in\s+(?P<calendar>\w+))?", re.DOTALL)


def instant(given: Given, session: Session) -> int | Mistaken:
    """``2026-03-02 10:00``; ``10:00`` on the clock's date; ``2026-03-02``, its first instant; an offset."""
    text = given.text
    if not (DATE.fullmatch(text) or MOMENT.fullmatch(text)):
        return malformed(given, "at 2026-03-02 10:00", None if text else "the time is missing here")
    text += " 00:00" if DATE.fullmatch(text) else ""
    frame = framed('scenario "-"\n', "  ", text, "  X1 recorded")
    return _moment(frame, given, session)


def _moment(frame: Frame, given: Given, session: Session, extra: Event | None = None) -> int | Mistaken:
    block, problems = read_block(frame)
    zone, now = zone_in(session), session.case.now
    date = zones.local_date(now, zone) if now is not None else None
    teller = Teller(zone, [], date, now, [*session.case.events, *([extra] if extra else ())])
    found: int | None = None
    if block is not None:
        stamp = block.parts[1].first("moment", "time_of_day", "offset")
        if stamp is not None:
            found = teller.offset(stamp) if stamp.kind == "offset" else teller.moment(stamp)
    problems = (*problems, *teller.problems)
    if found is None or has_errors(problems):
        return Mistaken(at_line(at_home(frame, problems), given)) if problems else malformed(given, "at 10:00")
    return found


def length(given: Given, session: Session) -> int | Mistaken:
    """``3 hours``, ``2 days``, ``1 hour counted in BusinessHours``: to which instant it leads from the clock."""
    form = "advance 3 hours counted in CALENDAR"
    match = LENGTH.fullmatch(given.text)
    if match is None:
        return malformed(given, form, None if given.text else "how far is missing here")
    now = session.case.now
    if now is None:
        return Mistaken((unset(given.span),))
    if match["calendar"] is not None:
        return _counted(given, match, now, session)
    frame = framed('scenario "-"\n', "  ", match["length"], " after clock now  X1 recorded")
    return _moment(frame, given, session, Event("now", "clock", "now", now))


def _counted(given: Given, match: re.Match[str], now: int, session: Session) -> int | Mistaken:
    """So much open time of a calendar, or so many of its closings, from the clock on."""
    calendars = adopted(contract_of(session), session.case)[-1].calendars
    name = match["calendar"]
    if name not in calendars:
        return no_such(given.part(match.start("calendar"), match.end("calendar")), "calendar", name, calendars)
    frame = framed('scenario "-"\n', "  ", match["length"], " after clock now  X1 recorded")
    block, problems = read_block(frame)
    if block is None:
        return Mistaken(at_line(at_home(frame, problems), given))
    micros, days, months = measure(block.parts[1].one("offset").one("duration"))
    if months or (days and micros):
        return malformed(given, "advance 2 days counted in CALENDAR", "count in hours, or in days")
    calendar = calendars[name]
    found = calendar.nth_close(calendar.local_date(now), days) if days else calendar.deadline_at(now, micros)
    if found is None:
        message = f"`{name}` has not so much open time"
        return Mistaken((error("E0902", given.span, message, "it never opens again for so long"),))
    return found
