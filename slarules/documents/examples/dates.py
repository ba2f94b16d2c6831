"""The deadlines calendar: the dates of a contract's first year in order, as a grid and as an iCalendar file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import evolve

from slarules.calendars import zones
from slarules.documents.blocks import Block, Grid, Item, Listing, Paragraph, Section, cells, plain
from slarules.documents.examples.opendays import Differing
from slarules.documents.examples.schedule import (
    AMENDED,
    BEGINS,
    CLOSED,
    DUE,
    ENDS,
    STARTS,
    STATE,
    Entry,
    Schedule,
    schedule,
)
from slarules.documents.moments import clock, ends_a_day, on_day
from slarules.model.contract import Contract
from slarules.model.expression import Pattern
from slarules.pictures.week import clock as of_day
from slarules.wording.duties import owes
from slarules.wording.events import happens
from slarules.wording.grammar import finished, listed, quoted, words
from slarules.wording.values import day as date_words
from slarules.wording.voice import AGREEMENT, Voice

ANCHOR = "dates"


def section(contract: Contract, *, starts: date | None = None) -> Section | None:
    """The grid of dates; None where nothing but the agreement's start can be dated and nothing is owed from it.

    ``starts``: the agreement's first date; None: the contract's own, else an example.
    """
    found = schedule(contract, starts)
    if len(found.entries) < 2 and not found.undated:
        return None
    return Section("Calendar of dates", ANCHOR, tuple(_blocks(found)))


def _blocks(found: Schedule) -> Iterator[Block]:
    yield Paragraph(plain(_lead(found)), "lead")
    rows = tuple(
        cells(when(one, found), finished(what(one, found)), who(one), clause(one, found)) for one in found.entries
    )
    yield Grid("Dates of the first year, in order", cells("Date", "What", "Who", "Clause"), rows, (4, 7, 2, 4))
    if found.undated:
        yield Paragraph(plain("Owed from the start on, with no time set:"))
        yield Listing(tuple(
            Item(plain(finished(f"{owes(duty, _voice(found))} ({quoted(duty.name)})"))) for duty in found.undated
        ))  # fmt: skip
    yield Paragraph(plain("What hangs on a request, an invoice or anything else that may happen is not a date of the "
                          "contract; the worked examples show how such deadlines are reckoned."), "note")  # fmt: skip


def _lead(found: Schedule) -> str:
    starts = f"starts on {on_day(found.first)}"
    begun = f"The agreement {starts}." if found.stated else \
        f"The contract leaves open when an agreement starts; the one that is taken here as an example {starts}."
    zone = found.adopted.zone or "UTC"
    but = f", but for {listed(map(quoted, found.undone))}" if found.undone else ""
    done = f" Whatever falls due is taken to be done on its last day{but}, and nothing else to happen."
    if not any(one.sort == DUE for one in found.entries):
        done = ""
    often = ""
    if found.recurring:
        recur, each = ("recurs", "its") if len(found.recurring) == 1 else ("recur", "their")
        names = listed(map(quoted, found.recurring))
        often = f" {names} {recur} more often than once a day: only {each} first dates are listed, " \
                "and nothing that hangs on later ones."  # fmt: skip
    cut = f" More follows after {on_day(found.last)} than is listed." if found.cut else ""
    return f"{begun}{done}{often}{cut} Dates are those of {zone}."


def _voice(found: Schedule) -> Voice:
    return Voice(found.adopted.terms, found.contract, AGREEMENT)


# ---- One date in words ----------------------------------------------------------------------------------------


def when(one: Entry, found: Schedule) -> str:
    """Its date; of a deadline that it is the last one, or until which time of day."""
    zone = zone_of(one, found)
    if one.sort != DUE:
        return on_day(zones.local_date(one.at, zone))
    if ends_a_day(one.at, zone):
        return f"by the end of {on_day(zones.local_date(one.at, zone) - timedelta(days=1))}"
    return f"{on_day(zones.local_date(one.at, zone))}, by {clock(one.at, zone)}"


def zone_of(one: Entry, found: Schedule) -> str:
    """The zone of its date: that of the contract, or of the calendar that closes."""
    if one.sort == CLOSED:
        return found.adopted.calendars[one.name].zone if one.name in found.adopted.calendars else "UTC"
    return found.adopted.zone or "UTC"


def what(one: Entry, found: Schedule) -> str:
    """What happens or falls due, as a sentence without its full stop."""
    voice = _voice(found)
    match one.sort:
        case "starts":
            return happens(Pattern(one.name), voice)
        case "state":
            return f"{quoted(one.name)} becomes {words(one.state or '')}{_title(one, found)}"
        case "due":
            return _due(one, found, voice)
        case "amended":
            return "the amended terms come into force"
        case "closed":
            return f"{words(one.name)} is {_closed(one.closed)}"
        case "begins":
            return "the contract comes into force"
    return "the contract is no longer in force"


def _title(one: Entry, found: Schedule) -> str:
    status = found.adopted.terms.statuses.get(one.name)
    title = next((state.title for state in status.states if state.name == one.state), None) if status else None
    return f" ({title})" if title else ""


def _due(one: Entry, found: Schedule, voice: Voice) -> str:
    assert one.duty is not None
    said = owes(evolve(one.duty, limit=None), voice)
    again = f", the {one.number}. time" if one.number > 1 else ""
    since = ""
    if one.trigger is not None:
        on = date_words(zones.local_date(one.trigger.at, found.adopted.zone or "UTC"))
        since = f", where {happens(Pattern(one.trigger.type, one.trigger.actor), voice)} on {on}"
    return f"{said}{again}{since} ({quoted(one.duty.name)})"


def _closed(one: Differing | None) -> str:
    if one is None or not one.times:
        return "closed" + (f" ({one.name})" if one is not None and one.name else "")
    times = listed(f"{of_day(opens)} to {of_day(closes)}" for opens, closes in one.times)
    return f"open from {times}" + (f" ({one.name})" if one.name else "")


def who(one: Entry) -> str:
    """The party that owes it; of other dates nobody."""
    return words(one.duty.bearer) if one.duty is not None else ""


def clause(one: Entry, found: Schedule) -> str:
    """The clause that it rests on."""
    if one.duty is not None:
        return one.duty.citation.clause
    status = found.adopted.terms.statuses.get(one.name) if one.sort == STATE else None
    if status is not None:
        return status.citation.clause
    return {CLOSED: "opening times", STARTS: "", AMENDED: "", BEGINS: "", ENDS: ""}.get(one.sort, "")
