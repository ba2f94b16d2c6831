"""Every figure of the worked examples, reckoned again from the printed words alone: minutes stepped on the wall clock.

Nothing of the product counts here: times, opening hours and holidays below are copied from the contracts by hand; the
lines of the section are read as a lawyer would read them. The engine is asked only whether what is said never to arise
arises in a year, and what else a breach sets off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from slarules.documents.examples.stories import UNDONE, Story, stories
from slarules.documents.examples.worked import section
from slarules.engine.evaluate import evaluate
from tests.documents.contracts import NAMES, contract, lines

FEDERAL = {date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3), date(2026, 9, 7), date(2026, 10, 12)}
ZONE = {"trak": "America/Denver", "collabware": "America/Vancouver", "cpi": "America/New_York",
        "copiun": "America/New_York"}  # fmt: skip
HOURS = {"BusinessHours": (8, 17, FEDERAL), "SupportHours": (6, 18, {date(2026, 3, 11)}),
         "NormalBusinessHours": (9, 18, set()), "OfficeHours": (8, 17, FEDERAL)}  # fmt: skip
"""Opening and closing hour, Monday to Friday, and closed dates; all as the contracts are read by default. Of
Collabware's own holidays the section takes 11 March 2026 to be the only one."""

TRAK_RESPONSE = {"1": 1, "2": 4, "3": 8, "4": 8}
TRAK_RESOLUTION = {"1": 2, "2": 8, "3": 24, "4": 48}
ANY_HOURS = {"1": 2, "2": 8, "3": 24, "4": 48}
COLLABWARE = {"1": 2, "2": 4, "3": 8}
TIMES: dict[tuple[str, str], dict[str, tuple[str | None, float]]] = {
    **{("trak", duty): {level: ("BusinessHours", n) for level, n in TRAK_RESOLUTION.items()}
       for duty in ("Resolution", "Timely correction", "Resolution at new level")},
    **{("trak", duty): {level: ("BusinessHours", n) for level, n in TRAK_RESPONSE.items()}
       for duty in ("Confirm receipt", "Answer call", "Assign level in time")},
    ("trak", "Escalate"): {"1": (None, 0.25), "2": (None, 0.25)},
    ("trak", "Daily report"): {"1": (None, 24), "2": (None, 24)},
    **{("cpi", duty): {level: (None, n) for level, n in ANY_HOURS.items()}
       for duty in ("Confirm level in time", "Respond", "Respond after confirmation", "Respond after call",
                    "Respond if called", "Respond after correction", "Response aim", "Response aim after confirmation",
                    "Response aim after call", "Response aim if called", "Response aim after correction")},
    ("cpi", "Call as well"): {"1": (None, 2)},
    **{("copiun", duty): {"1": (None, 2), "2": ("NormalBusinessHours", 4), "3": ("NormalBusinessHours", 24),
                          "4": ("NormalBusinessHours", 48)}
       for duty in ("Respond", "Respond after logging", "Response aim", "Response aim after logging")},
    ("copiun", "Daily updates"): {"1": (None, 24)},
    ("copiun", "Daily updates after response"): {"1": (None, 24)},
    ("copiun", "Daily updates after schedule"): {"1": (None, 24)},
    ("copiun", "Monthly maintenance"): {"": (None, 744)},
    **{("collabware", duty): {level: ("SupportHours", n) for level, n in COLLABWARE.items()}
       for duty in ("First response", "Verify in time", "Verify or respond in time", "Next day response from opening")},
    ("collabware", "First response without severity"): {"": ("SupportHours", 8)},
}  # fmt: skip
"""For each example with a time in hours: by level, what the contract's table says (None: every hour counts)."""
CLOSES = ("Assign next day", "Next day response", "Next day response or verification", "Same day answer",
          "Expiry notice next day")
BEFORE_THE_TERM_ENDS = ("Renewal invoice", "Renewal notice", "Renewal notice or invoice")
FROM_THE_OPENING = ("Respond if called", "Respond after correction", "Resolution at new level",
                    "Response aim if called", "Response aim after correction")
FOLLOWS = {("trak", "Resolution"), ("trak", "Timely correction"), ("trak", "Resolution at new level")}
MOMENT = r"([A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4})(?: at (\d\d:\d\d))?"
DUE = rf"due (?:on {MOMENT}|by the end of ([A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{{4}}) \(midnight\))"
DUE_AS_ONE = re.sub(r"(?<!\\)\((?!\?)", "(?:", DUE)


def when(day: str, clock: str, zone: str) -> datetime:
    """An instant as printed; its weekday must be the date's own."""
    local = datetime.strptime(f"{day} {clock}", "%A %d %B %Y %H:%M")
    assert local.strftime("%A") == day.split()[0], day
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due(text: str, zone: str) -> datetime:
    found = re.search(DUE, text)
    assert found is not None, text
    if found[3] is None:
        return when(found[1], found[2], zone)
    end = datetime.strptime(found[3], "%A %d %B %Y") + timedelta(days=1)
    assert (end - timedelta(days=1)).strftime("%A") == found[3].split()[0]
    return end.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_open(at: datetime, calendar: str | None, zone: str) -> bool:
    if calendar is None:
        return True
    opens, closes, closed = HOURS[calendar]
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and local.date() not in closed and opens <= local.hour < closes


def after(at: datetime, hours: float, calendar: str | None, zone: str) -> datetime:
    """The first instant at which so much time has been counted, minute by minute."""
    left = round(hours * 60)
    while left:
        left -= is_open(at, calendar, zone)
        at += timedelta(minutes=1)
    return at


def minutes_open(start: datetime, end: datetime, calendar: str | None, zone: str) -> int:
    many = int((end - start).total_seconds() // 60)
    return sum(is_open(start + timedelta(minutes=n), calendar, zone) for n in range(many))


def length(text: str) -> int:
    """Minutes of `31 days`, `6 hours 30 minutes`."""
    found = re.findall(r"(\d+) (day|hour|minute)s?", text)
    assert found and "second" not in text, text
    return sum(int(n) * {"day": 1440, "hour": 60, "minute": 1}[unit] for n, unit in found)


@cache
def examples(name: str) -> dict[str, tuple[list[str], Story]]:
    """Title → its lines without numbers, and its story."""
    made = section(contract(name))
    assert made is not None
    told = {}
    for part, story in zip(made.sections, stories(contract(name)), strict=True):
        assert isinstance(story, Story)
        told[part.title] = ([re.sub(r"^\d+\. ", "", line) for line in lines(part)], story)
    return told


def labelled(told: list[str], *labels: str) -> list[str]:
    return [line.split(": ", 1)[1] for line in told if line.split(": ")[0] in labels]


def happened(told: list[str], zone: str) -> list[datetime]:
    """The instants at which something happens before the duty is owed, as the list tells them."""
    found = [re.match(rf"{MOMENT}: ", line) for line in told]
    return [when(one[1], one[2], zone) for one in found if one is not None and one[2] is not None]


def each() -> list[tuple[str, str]]:
    return [(name, title) for name in NAMES for title in examples(name)]


@pytest.mark.parametrize("name", NAMES)
def test_each_deadline_each_severity_and_each_length_is_right_by_the_wall_clock(name: str) -> None:
    zone, met = ZONE[name], 0
    for title, (told, _) in examples(name).items():
        (owed,) = labelled(told, "What is owed")
        for line in told:
            assert not re.search(r"\b(0 (hours|minutes|days)|minus)\b", line), line
        if (name, title) not in TIMES:
            continue
        met += 1
        events = happened(told, zone)
        begun = events[0] if title in FROM_THE_OPENING else events[-1]
        levels = [found[3] for line in told if (found := re.match(rf"{MOMENT}: .* at severity (\d)", line))]
        level = levels[-1] if levels else ""  # the one in force when it arises
        calendar, hours = TIMES[name, title][level]
        deadline = after(begun, hours, calendar, zone)
        assert due(owed, zone) == deadline, (title, owed)
        _stretches(told, begun, deadline, calendar, zone)
        _outcomes(told, deadline, calendar, zone)
        _pause(told, begun, hours, calendar, zone)
        _levels(told, TIMES[name, title], level, begun, deadline, zone)
    assert met == sum(of == name for of, _ in TIMES)


def _stretches(told: list[str], begun: datetime, deadline: datetime, calendar: str | None, zone: str) -> None:
    """The points below what is owed: they join without a gap, count what they say, and add up."""
    points = [line.strip()[2:].rstrip(".") for line in told if line.startswith("   - ")]
    together, at, joins = 0, begun, False
    for point in points:
        found = re.match(r"(\w+ \d+ \w+ \d{4}), (\d\d:\d\d) to (?:(\w+ \d+ \w+ \d{4}), )?(\d\d:\d\d): (.*)", point)
        if found is None:
            assert point.startswith(("Together: ", "together: ")), point
            assert length(point) == together
            continue
        start, ends = when(found[1], found[2], zone), found[3] or found[1]
        end = when(ends, found[4], zone) if found[4] != "24:00" else when(ends, "00:00", zone) + timedelta(days=1)
        counts = minutes_open(start, end, calendar, zone)
        assert minutes_open(at, start, calendar, zone) == 0, f"time left out before {point}"
        closed = found[5].startswith("closed, not counted")
        assert start == at or not (closed or joins), point
        joins = closed
        if closed:
            assert counts == 0, point
        else:
            assert counts == length(found[5]) == (end - start).total_seconds() / 60, point
            together += counts
        assert ("day and night" in point) <= (calendar is None)
        at = end
    assert at == deadline, points


def _outcomes(told: list[str], deadline: datetime, calendar: str | None, zone: str) -> None:
    """Kept: before the deadline, and as long before as is said. Broken: after it, and as late as is said."""
    (kept,), (broken,) = labelled(told, "Kept", "Reached"), labelled(told, "Broken", "Missed")
    days = re.findall(MOMENT, kept)
    done = when(*days[0], zone)
    assert done <= deadline
    spare = kept.split(", with ")[1].split(" to spare")[0] if "to spare" in kept else "0 minutes"
    assert length(spare) == minutes_open(done, deadline, calendar, zone), kept
    if len(days) > 1:
        assert due(kept, zone) == done + (deadline - happened(told, zone)[-1]), kept
    done = when(*re.findall(MOMENT, broken)[0], zone)
    assert done > deadline
    if late := re.search(r" is ([\d a-z]+) late(?: \((.*) on its own clock\))?$", broken.rstrip(".")):
        assert length(late[1]) == (done - deadline).total_seconds() / 60
        assert length(late[2] or late[1]) == minutes_open(deadline, done, calendar, zone), broken
    (never,) = labelled(told, "Never done")
    if found := re.search(r"The next one is then (.*)", never):
        assert due(found[1], zone) == deadline + (deadline - happened(told, zone)[-1])


def _pause(told: list[str], begun: datetime, hours: float, calendar: str | None, zone: str) -> None:
    for line in labelled(told, "Paused"):
        found = re.findall(MOMENT, line)
        stops, goes_on = when(*found[0], zone), when(*found[1], zone)
        counted = minutes_open(begun, stops, calendar, zone)
        assert due(line, zone) == after(goes_on, hours - counted / 60, calendar, zone)


def _levels(told: list[str], times: dict[str, tuple[str | None, float]], own: str, begun: datetime,
            deadline: datetime, zone: str) -> None:  # fmt: skip
    said = {own} if own else set()
    for line in labelled(told, "Other severities"):
        if line.startswith("it is due at the same time"):
            levels = re.findall(r"\d", line)
            assert all(after(begun, times[one][1], times[one][0], zone) == deadline for one in levels)
            said |= set(levels)
        for level, at in re.findall(rf"at severity (\d) it is ({DUE_AS_ONE})", line):
            assert due(at, zone) == after(begun, times[level][1], times[level][0], zone), line
            said.add(level)
    if labelled(told, "Other severities"):
        assert said == set(times)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_due_on_a_date_or_at_a_closing_is_right_by_the_calendar_on_the_wall(name: str) -> None:
    zone = ZONE[name]
    local = ZoneInfo(zone)
    for title, (told, _) in examples(name).items():
        (owed,) = labelled(told, "What is owed")
        if (name, title) in TIMES or not re.search(DUE, owed):
            continue
        begun, told_due = happened(told, zone)[-1], due(owed, zone)
        if title in CLOSES:
            at = begun
            while is_open(at, "SupportHours", zone) or not is_open(at - timedelta(minutes=1), "SupportHours", zone):
                at += timedelta(minutes=1)
        elif title in BEFORE_THE_TERM_ENDS:
            on = begun.astimezone(local).date()
            last = on.replace(year=on.year + 1) - timedelta(days=60)
            at = datetime.combine(last + timedelta(days=1), datetime.min.time(), local).astimezone(UTC)
        elif title in ("Pay", "Pay on order", "Expiry notice"):
            last = begun.astimezone(local).date() + timedelta(days=29 if title == "Expiry notice" else 30)
            at = datetime.combine(last + timedelta(days=1), datetime.min.time(), local).astimezone(UTC)
        elif title in ("Scheduled correction", "Correction as agreed", "Status meeting", "Scheduled updates"):
            first = re.search(r"(?:: |on: )(\d+ \w+ 2026)(?: and |\))", " ".join(told[:6]))
            assert first is not None, told
            at = (datetime.strptime(first[1], "%d %B %Y") + timedelta(days=1)).replace(tzinfo=local).astimezone(UTC)
        else:
            pytest.fail(f"no rule for {title}")
        assert told_due == at, (title, owed)
        calendar = "SupportHours" if title in CLOSES else None
        _dated(told, at, zone, calendar)


def _dated(told: list[str], deadline: datetime, zone: str, calendar: str | None) -> None:
    (kept,), (broken,) = labelled(told, "Kept", "Reached"), labelled(told, "Broken", "Missed")
    done = when(*re.findall(MOMENT, kept)[0], zone)
    assert length(kept.split(", with ")[1]) == minutes_open(done, deadline, calendar, zone) and done <= deadline
    done = when(*re.findall(MOMENT, broken)[0], zone)
    assert done > deadline
    if late := re.search(r" is ([\d a-z]+) late$", broken.rstrip(".")):
        assert length(late[1]) == (done - deadline).total_seconds() / 60


def _far(story: Story, name: str, events: tuple, days: int = 400) -> list:  # type: ignore[type-arg]
    of, last = contract(name), max(events[-1].at, story.verdict.triggered_at)
    return list(evaluate(of, story.readings, events, last + days * 86_400_000_000,
                         supplied=story.supplied).verdicts)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_not_to_arise_does_not_arise_in_more_than_a_year(name: str) -> None:
    for told, story in examples(name).values():
        for line in labelled(told, "Not owed"):
            for level in re.findall(r"\d", line.split(" it does not arise")[0]):
                events = tuple(
                    evolve(e, facts={**e.facts, "severity": level}) if "severity" in e.facts else e
                    for e in story.events
                )
                assert not any(v.duty == story.duty.name for v in _far(story, name, events)), (story.duty.name, level)


@pytest.mark.parametrize("name", NAMES)
def test_every_consequence_of_a_breach_is_told_with_its_deadline_and_no_other(name: str) -> None:
    """What comes to be at the instant of the breach; judged a day later nothing else was caused by it."""
    zone = ZONE[name]
    for title, (told, story) in examples(name).items():
        for ending in (one for one in story.endings if one.how == UNDONE and len(one.events) == len(story.events)):
            at = story.verdict.deadline
            never = labelled(told, "Never done")
            if at is None or not never:
                continue
            said = set(re.findall(r"“([^”]+)”", never[0]))
            caused = {v.duty.replace("_", " ") for v in _far(story, name, ending.events)
                      if v.rule in ("duty", "target", "choice") and v.triggered_at == at
                      and v.duty != story.duty.name and v.triggered_at > story.at}  # fmt: skip
            assert said == caused, (title, said, caused)
            if (name, title) in FOLLOWS:
                broken = due(labelled(told, "What is owed")[0], zone)
                found = re.findall(rf"“([^”]+)”, ({DUE_AS_ONE})", never[0])
                assert {(what, due(by, zone)) for what, by in found} == {
                    ("escalate", broken + timedelta(minutes=15)), ("daily report", broken + timedelta(hours=24)),
                }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_is_still_open_is_open_on_every_day_of_the_month_and_is_not_closed_by_what_follows(name: str) -> None:
    for told, story in examples(name).values():
        if labelled(told, "Still open"):
            for day in (1, 7, 30):
                states = [v.state for v in _far(story, name, story.events, day)
                          if (v.duty, v.number) == (story.verdict.duty, story.verdict.number)]  # fmt: skip
                assert states == ["pending"], (story.duty.name, day, states)


def test_the_checks_see_a_minute_too_much() -> None:
    """Each figure of one example moved by a minute is noticed."""
    told, _ = examples("trak")["Resolution"]
    zone, caught = ZONE["trak"], 0
    events = happened(told, zone)
    for n, line in enumerate(told):
        for wrong in _moved(line) if n else ():
            changed = [*told[:n], wrong, *told[n + 1 :]]
            with pytest.raises((AssertionError, ValueError)):
                times = TIMES["trak", "Resolution"]
                (owed,) = labelled(changed, "What is owed")
                deadline = after(events[0], 2, "BusinessHours", zone)
                assert due(owed, zone) == deadline and happened(changed, zone) == events
                _stretches(changed, events[0], deadline, "BusinessHours", zone)
                _outcomes(changed, deadline, "BusinessHours", zone)
                _pause(changed, events[0], 2, "BusinessHours", zone)
                _levels(changed, times, "1", events[0], deadline, zone)
            caught += 1
    assert caught >= 15


def _moved(line: str) -> Iterator[str]:
    if "From then on" in line or line.startswith("("):
        return
    for found in re.finditer(r"\d\d:(\d\d)|(\d+) (?:minutes|minute)\b", line):
        group = 1 if found[1] else 2
        other = f"{(int(found[group]) + 1) % 60:02d}" if group == 1 else str(int(found[group]) + 1)
        yield line[: found.start(group)] + other + line[found.end(group) :]
