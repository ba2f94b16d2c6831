"""The calendar of dates: a golden one, iCalendar by the book, the same bytes under any clock, zone or hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime

import pytest
from icalendar import Calendar

from slarules.calendars import zones
from slarules.documents.examples.dates import section
from slarules.documents.examples.icalendar_file import ics
from slarules.documents.examples.schedule import CLOSED, DUE, schedule
from slarules.engine.evaluate import evaluate
from slarules.model.event import Event
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.documents.contracts import NAMES, ROOT, contract, lines
from tests.engine import small

RULES = """
calendar Hours
  open Monday to Friday 08:00 to 17:00
  closed on 2026-05-04 "moving day"
status term of agreement
  state runs "the term runs"
    begins when agreement started
    lasts 12 months rounding down
    includes support
    becomes over at the end of term
  state over "nothing runs"
    includes nothing
event audited of agreement act audit
duty notice
  once each term of term
  Desk must notify Client no later than 30 days before the term ends
duty audit
  when agreement started
  Desk must audit within 20 hours counted in Hours
duty name_someone
  when agreement started
  Client must designate
"""
TOLD = """
# Calendar of dates
The contract leaves open when an agreement starts; the one that is taken here as an example starts on Monday 2 March \
2026. Whatever falls due is taken to be done on its last day, and nothing else to happen. Dates are those of \
America/Denver.
[Dates of the first year, in order]
Date | What | Who | Clause
Monday 2 March 2026 | The agreement is started. |  |
Monday 2 March 2026 | “term” becomes runs (the term runs). |  |
Wednesday 4 March 2026, by 10:00 | Desk must audit under the agreement (“audit”). | Desk |
Monday 4 May 2026 | Hours is closed (moving day). |  | opening times
by the end of Sunday 31 January 2027 | Desk must notify Client under the agreement (“notice”). | Desk |
Tuesday 2 March 2027 | “term” becomes over (nothing runs). |  |
Owed from the start on, with no time set:
- Client must designate a person under the agreement (“name someone”).
What hangs on a request, an invoice or anything else that may happen is not a date of the contract; the worked \
examples show how such deadlines are reckoned.
"""


def events(data: bytes) -> list[dict[str, object]]:
    """The events of an iCalendar file, as another reader of the format sees them."""
    calendar = Calendar.from_ical(data)
    return [{name: part.get(name) for name in part} for part in calendar.walk("VEVENT")]


def test_terms_notices_deadlines_and_closures_stand_in_order() -> None:
    assert lines(section(small.contract(RULES))) == TOLD.strip("\n").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_each_deadline_is_the_engines(name: str) -> None:
    """Judged from the beginning, with what the schedule took to be done, each duty has the deadline told."""
    of = contract(name)
    found = schedule(of)
    assert [entry.at for entry in found.entries] == sorted(entry.at for entry in found.entries)
    start = Event("A1-start", "A1", found.entries[0].name, found.entries[0].at, None, kind="agreement")
    for entry in found.entries:
        if entry.sort == DUE and entry.trigger is None:
            verdicts = evaluate(of, None, [start], entry.at - 1).verdicts
            assert any((v.duty, v.deadline) == (entry.name, entry.at) for v in verdicts), entry
        if entry.sort == CLOSED:
            assert entry.closed is not None
            calendar = found.adopted.calendars[entry.name]
            assert calendar.day_table.is_open(entry.closed.day) == bool(entry.closed.times)


def test_collabwares_first_year() -> None:
    told = lines(section(contract("collabware")))
    assert [line.split(" | ")[0] for line in told[4:11]] == [
        "Monday 2 March 2026", "Monday 2 March 2026", "by the end of Friday 1 January 2027",
        "by the end of Friday 1 January 2027", "Tuesday 2 March 2027", "by the end of Wednesday 31 March 2027",
        "Thursday 1 April 2027",
    ]  # fmt: skip


OFTEN = """
status term of agreement
  state runs
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over
duty hourly_word
  when term becomes runs
  while term is runs
  Desk must notify every 1 hours
duty charge
  when hourly_word breached
  Client must pay within 30 minutes
duty last_word
  when term becomes over
  Desk must invoice within 10 days
"""


def test_what_recurs_every_hour_is_listed_for_its_first_day_and_the_year_goes_on() -> None:
    """Some 9,000 dates are neither listed nor judged one by one; what else the year brings is there."""
    found = schedule(small.contract(OFTEN))
    assert [one.sort for one in found.entries].count(DUE) == 25
    assert found.recurring == ("hourly_word",) and not found.cut
    assert [one.name for one in found.entries[-2:]] == ["term", "last_word"]
    assert lines(section(small.contract(OFTEN)))[1].endswith(
        " “hourly word” recurs more often than once a day: only its first dates are listed, and nothing that hangs on "
        "later ones. Dates are those of America/Denver."
    )


def test_a_year_that_is_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slarules.documents.examples.schedule.MOST", 8)
    daily = OFTEN.replace("every 1 hours", "every 24 hours")
    found = schedule(small.contract(daily))
    assert found.cut and found.entries[-1].at < zones.day_start(date(2026, 3, 20), "America/Denver")
    assert " More follows after " in lines(section(small.contract(daily)))[1]


def test_another_start_moves_every_date() -> None:
    told = lines(section(contract("collabware"), starts=date(2027, 2, 28)))
    assert "The agreement starts on Sunday 28 February 2027." in told[1]
    assert any(line.startswith("Monday 28 February 2028 | “maintenance” becomes grace") for line in told)


@pytest.mark.parametrize("name", NAMES)
def test_every_date_is_an_event_of_the_calendar_file(name: str) -> None:
    data = ics(contract(name))
    found = events(data)
    assert len(found) == len(schedule(contract(name)).entries)
    assert len({str(one["UID"]) for one in found}) == len(found)
    assert data.startswith(b"BEGIN:VCALENDAR\r\n") and data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_days_are_whole_days_and_times_have_their_zone() -> None:
    found = {str(one["SUMMARY"]): one for one in events(ics(small.contract(RULES)))}
    notice = found["Desk must notify Client under the agreement (“notice”)."]
    assert notice["DTSTART"].dt == date(2027, 1, 31) and notice["DTEND"].dt == date(2027, 2, 1)  # type: ignore[attr-defined]
    audit = found["Desk must audit under the agreement (“audit”)."]["DTSTART"]
    assert audit.dt.replace(tzinfo=None) == datetime(2026, 3, 4, 10)  # type: ignore[attr-defined]
    assert audit.params["TZID"] == "America/Denver"  # type: ignore[attr-defined]
    assert b"BEGIN:VTIMEZONE\r\nTZID:America/Denver\r\n" in ics(small.contract(RULES))


def test_words_of_a_policy_are_no_lines_of_the_file() -> None:
    rules = RULES.replace("moving day", "a;b,c\\\\ END:VEVENT\u202e")
    source = Source("small.sla", small.HEAD + rules)
    marked, _ = resolve(parse(source)[0], source, None)  # a policy may not have the mark: it is told
    assert marked is not None
    found = events(ics(marked))
    assert len(found) == len(events(ics(small.contract(RULES))))
    closed = next(str(one["SUMMARY"]) for one in found if "is closed" in str(one["SUMMARY"]))
    assert "a;b,c" in closed and "END:VEVENT" in closed and "\u202e" not in closed


def test_a_date_that_moves_stays_the_same_entry() -> None:
    then, now = (events(ics(contract("collabware"), starts=date(year, 3, 2))) for year in (2026, 2027))
    assert [str(one["UID"]) for one in then] == [str(one["UID"]) for one in now]


def test_the_same_bytes_whatever_the_machine() -> None:
    code = (
        "import sys; from slarules.loader import load; from slarules.documents.examples.icalendar_file import ics\n"
        "sys.stdout.buffer.write(ics(load('contracts/trak/policy.sla').contract))"
    )
    for zone, seed in (("Asia/Tokyo", "1"), ("UTC", "2")):
        env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LANG": "tr_TR.UTF-8"}
        made = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, check=True)
        assert made.stdout == ics(contract("trak"))


@pytest.mark.parametrize("year", [1970, 2099, 2199])
def test_a_start_at_the_edge_of_the_calendars_is_no_crash(year: int) -> None:
    for name in ("trak", "collabware"):
        found = schedule(contract(name), date(year, 6, 1))
        assert found.entries[0].sort == "starts" and found.last.year <= 2200
