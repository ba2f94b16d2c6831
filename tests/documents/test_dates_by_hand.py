"""Dates, sums, opening times and severities of the summaries, against rules written by hand from the contracts.

Only dateutil, Decimal, the holidays library and the contracts' words are asked; nothing that made the sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from attrs import evolve
from dateutil.relativedelta import relativedelta
from holidays import country_holidays
from icalendar import Calendar

from slarules.documents.blocks import Figure, Grid, Section
from slarules.documents.examples import amounts, dates, icalendar_file, openings
from slarules.documents.outline import outline
from slarules.loader import load
from slarules.model.contract import Contract
from tests.documents.contracts import NAMES, ROOT, contract, lines, said

DAY = r"([A-Z][a-z]+day) (\d+ [A-Z][a-z]+ \d{4})"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]  # fmt: skip


def on(text: str) -> date:
    """The one date in a text; its weekday, where told, is the date's own."""
    day, month, year = re.findall(r"(\d+) ([A-Z][a-z]+) (\d{4})", text)[0]
    found = date(int(year), MONTHS.index(month) + 1, int(day))
    for weekday, rest in re.findall(DAY, text)[:1]:
        assert found.strftime("%A") == weekday and rest == f"{found.day} {month} {year}"
    return found


def rows(name: str, starts: date | None = None) -> list[tuple[date, bool, str]]:
    """(date, whether it is a deadline, what) of each row of the calendar of dates."""
    told = lines(dates.section(contract(name), starts=starts))
    first = told.index("Date | What | Who | Clause") + 1
    found = []
    for line in told[first:]:
        if line.count(" | ") < 1 or not re.match(rf"(by the end of )?{DAY}", line):
            break
        day, what = line.split(" | ")[:2]
        found.append((on(day), day.startswith("by the end of "), what))
    return found


def by_hand(start: date) -> Iterator[tuple[date, bool, str]]:
    """Collabware: 12 months; invoice and notice 60 days before; 30 days of grace, and the notice on the last."""
    over = start + relativedelta(months=12)
    invoiced = over - timedelta(days=60)
    yield start, False, "The agreement is started."
    yield start, False, "“maintenance” becomes active"
    yield invoiced, True, "Collabware must invoice Licensee under the agreement (“renewal invoice”)."
    yield invoiced, True, "Collabware must notify Licensee under the agreement (“renewal notice”)."
    yield over, False, "“maintenance” becomes grace"
    yield over + timedelta(days=29), True, "Collabware must notify Licensee under the agreement (“expiry notice”)."
    yield over + timedelta(days=30), False, "“maintenance” becomes expired"


@pytest.mark.parametrize(
    "start", [None, date(2027, 2, 28), date(2028, 2, 29), date(2027, 12, 31), date(2026, 1, 1), date(2027, 3, 31)]
)
def test_collabwares_dates_by_another_library(start: date | None) -> None:
    """Leap days, month ends and changes of clocks among the starts."""
    told = rows("collabware", start)
    expected = list(by_hand(start or date(2026, 3, 2)))
    assert [(day, due) for day, due, _ in told] == [(day, due) for day, due, _ in expected]
    assert all(what.startswith(said) for (_, _, what), (_, _, said) in zip(told, expected, strict=True))


def test_what_is_taken_to_be_done_is_said_and_on_that_day() -> None:
    of = contract("collabware")
    read = evolve(of.readings["unordered_renewal"], adopted="owed")
    told = lines(dates.section(evolve(of, readings={**of.readings, read.name: read})))
    (paid,) = [line for line in told if "must pay" in line]
    assert "where an invoice under the agreement is sent by Collabware on 1 January 2027" in paid
    assert paid.startswith("by the end of Sunday 31 January 2027")


@pytest.mark.parametrize("name", ["trak", "cpi"])
@pytest.mark.parametrize("start", [None, date(2027, 6, 20)])
def test_closures_of_the_first_year_are_the_federal_holidays_on_weekdays(name: str, start: date | None) -> None:
    begins = start or date(2026, 3, 2)
    known = country_holidays("US", years=range(begins.year - 1, begins.year + 3), observed=True)
    after = begins + relativedelta(years=1)
    expected = sorted((day, what) for day, what in known.items() if begins <= day < after and day.weekday() < 5)
    told = [(day, what) for day, _, what in rows(name, start) if "is closed" in what]
    assert [day for day, _ in told] == [day for day, _ in expected]
    assert all(f"({title})" in what for (_, what), (_, title) in zip(told, expected, strict=True))


def test_copiun_dates_nothing_but_the_start() -> None:
    assert [what for _, _, what in rows("copiun")] == ["The agreement is started."]


@pytest.mark.parametrize("name", NAMES)
def test_the_calendar_file_says_what_the_grid_says(name: str) -> None:
    events = Calendar.from_ical(icalendar_file.ics(contract(name))).walk("VEVENT")
    told = sorted((day, what.rstrip(".")) for day, _, what in rows(name))
    found = sorted((event["DTSTART"].dt, str(event["SUMMARY"]).rstrip(".")) for event in events)
    assert [day for day, _ in found] == [day for day, _ in told]
    for (_, summary), (_, what) in zip(found, told, strict=True):
        assert summary == what
    assert all(event["DTEND"].dt == event["DTSTART"].dt + timedelta(days=1) for event in events)


# ---- Amounts --------------------------------------------------------------------------------------------------


def taken(told: list[str]) -> dict[str, str]:
    first = told.index("Figure | What it is | Taken as") + 1
    return {line.split(" | ")[0]: line.split(" | ")[2] for line in told[first:] if line.count(" | ") == 2}


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", "").removesuffix(" USD"))


READ = [{}, {"year_length": "actual_days"}, {"year_length": "months"}, {"back_years": "whole"},
        {"lapsed_from": "support_end"}, {"lapsed_from": "support_end", "year_length": "actual_days"},
        {"part_of_a_cent": "dropped"}, {"part_of_a_cent": "made_whole"}]  # fmt: skip
"""How Collabware's fees may be read: as adopted, and by each other option."""
ROUNDED = {"nearest": ROUND_HALF_UP, "dropped": ROUND_DOWN, "made_whole": ROUND_UP}


def read(chosen: dict[str, str]) -> Contract:
    of = contract("collabware")
    readings = {name: evolve(one, adopted=chosen.get(name, one.adopted)) for name, one in of.readings.items()}
    return evolve(of, readings=readings)


@pytest.mark.parametrize("chosen", READ)
def test_collabwares_sums_by_hand(chosen: dict[str, str]) -> None:
    made = amounts.section(read(chosen))
    assert made is not None
    given = taken(lines(made))
    results = {part.title: lines(part)[-1].split(" | ")[-1] for part in made.sections}
    first, any_first, later = (on(given[n]) for n in ("first maintained on", "first licensed on", "licensed on"))
    ended, support, again = (on(given[n]) for n in ("term ended on", "support ended on", "reinstated on"))
    added, back, current = (money(given[n]) for n in ("added fee", "back fee", "current fee"))

    def next_anniversary(of: date, after: date) -> date:
        return next(day for n in range(1, 9) if (day := of + relativedelta(years=n)) > after)

    def part_of(fee: Decimal, start: date, end: date) -> Decimal:
        """What less than a year costs: its days, or its months begun."""
        length = chosen.get("year_length", "days_365")
        if length == "months":
            return fee * next(n for n in range(1, 13) if start + relativedelta(months=n) >= end) / 12
        year_began = common - relativedelta(years=1) if end == common else start
        its_year = (year_began + relativedelta(years=1) - year_began).days
        return fee * (end - start).days / (365 if length == "days_365" else its_year)

    def fee(of: Decimal, rounding: str) -> Decimal:
        return of.quantize(Decimal("0.01"), ROUNDED[rounding])

    year_end = later + relativedelta(years=1)
    common = next_anniversary(first, year_end)
    prorated = part_of(added, year_end, common)
    from_term, from_support = (
        back if chosen.get("back_years") == "whole" else part_of(back, day, again) for day in (ended, support)
    )
    lapsed = from_support if chosen.get("lapsed_from") == "support_end" else from_term
    assert again < ended + relativedelta(years=1), "the figures are to be those of a lapse of less than a year"
    cent = chosen.get("part_of_a_cent", "nearest")
    expected = {
        "First year end": year_end, "Common anniversary": common,
        "Common anniversary from licensing": next_anniversary(first, later),
        "First anniversary": next_anniversary(any_first, year_end),
        "First anniversary from licensing": next_anniversary(any_first, later),
        "Prorated exactly": prorated, "Prorated fee nearest": fee(prorated, "nearest"),
        "Prorated fee dropped": fee(prorated, "dropped"), "Prorated fee made whole": fee(prorated, "made_whole"),
        "Prorated fee": fee(prorated, cent),
        "Lapsed year ends": ended + relativedelta(years=1),
        "Lapsed year ends from support end": support + relativedelta(years=1),
        "Back from term end": from_term, "Back from support end": from_support, "Back maintenance": lapsed,
        "Reinstatement fee nearest": fee(lapsed, "nearest"), "Reinstatement fee dropped": fee(lapsed, "dropped"),
        "Reinstatement fee made whole": fee(lapsed, "made_whole"), "Reinstatement fee": fee(lapsed, cent),
        "Reinstatement total": fee(lapsed, cent) + current,
    }  # fmt: skip
    assert set(results) == set(expected)
    for title, value in expected.items():
        told = results[title]
        if isinstance(value, date):
            assert on(told) == value, title
        elif told.endswith(" … USD"):
            assert abs(money(told.replace(" …", "")) - value) < Decimal("0.000001"), title
        else:
            assert money(told) == value, title
    assert support == ended + timedelta(days=30), "the figures are to be those of a case that can be"


def test_every_step_of_every_sum_is_right() -> None:
    """`12,000.00 USD × 306 ÷ 365` comes to what stands beside it, and days from one date to another are so many."""
    checked = 0
    for of in (*map(read, READ), contract("copiun")):
        made = amounts.section(of)
        assert made is not None
        for line in lines(made):
            cells = line.split(" | ")
            if found := re.fullmatch(r"from (.*) to (.*), the first of them left out", cells[1] if cells[1:] else ""):
                assert (on(found[2]) - on(found[1])).days == int(cells[2])
                checked += 1
            elif found := re.fullmatch(r"([\d,.]+) USD × (\d+) ÷ (\d+)", cells[1] if cells[1:] else ""):
                exact = money(found[1]) * int(found[2]) / int(found[3])
                figures = cells[2].split(" …")[0].removesuffix(" USD")
                assert figures[:-1] == f"{exact:,.10f}"[: len(figures) - 1], line
                assert abs(money(cells[2].replace(" …", "")) - exact) < Decimal("0.000001")
                checked += 1
    assert checked >= 15


# ---- Opening times --------------------------------------------------------------------------------------------

WEEKS = {("trak", "BusinessHours"): "08:00 to 17:00", ("cpi", "OfficeHours"): "08:00 to 17:00",
         ("collabware", "SupportHours"): "06:00 to 18:00",
         ("copiun", "NormalBusinessHours"): "09:00 to 18:00"}  # fmt: skip
WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@pytest.mark.parametrize("year", [2026, 2027, 2028])
@pytest.mark.parametrize(("name", "calendar"), WEEKS)
def test_drawn_weeks_and_closures(name: str, calendar: str, year: int) -> None:
    made = openings.section(contract(name), year=year)
    assert made is not None
    (part,) = [one for one in made.sections if one.title == calendar]
    pictures = [block.picture.description for block in part.blocks if isinstance(block, Figure)]
    expected = [f"{day}: open {WEEKS[name, calendar]}." if n < 5 else f"{day}: closed."
                for n, day in enumerate(WEEK)]  # fmt: skip
    assert " ".join(expected) in pictures[0]
    closed = [(on(said(row[0].words)), said(row[1].words)) for block in part.blocks if isinstance(block, Grid)
              for row in block.rows]  # fmt: skip
    federal = country_holidays("US", years=range(year - 1, year + 2), observed=True) if name in ("trak", "cpi") else {}
    days = sorted((day, what) for day, what in federal.items() if day.year == year and day.weekday() < 5)
    assert closed == days
    if len(pictures) > 1:
        weekends = sum(date(year, 1, 1) + timedelta(days=n) <= date(year, 12, 31) and
                       (date(year, 1, 1) + timedelta(days=n)).weekday() > 4 for n in range(366))  # fmt: skip
        assert f"{weekends} dates are closed as every week" in pictures[1]
        assert all(f"{day.day} {MONTHS[day.month - 1]} {year} ({what})" in pictures[1] for day, what in days)


# ---- Severities and parties -----------------------------------------------------------------------------------

NEVER, THROUGHOUT, NO_TIME = "not owed", "throughout", "no time is set"


def hours(calendar: str, *many: int) -> list[str]:
    return [f"within {n} hour{'s' if n > 1 else ''} counted {calendar}" for n in many]


CELLS = {
    "trak": {
        "customer resource": [THROUGHOUT] * 4, "resolution (target)": hours("in BusinessHours", 2, 8, 24, 48),
        "confirm receipt": hours("in BusinessHours", 1, 4, 8, 8),
        "scheduled correction": ["by the end of the agreed date"] * 4,
        "escalate": ["within 15 minutes"] * 2 + [NEVER] * 2, "keep working": [THROUGHOUT] * 2 + [NEVER] * 2,
        "daily report": ["every 24 hours"] * 2 + [NEVER] * 2, "working continuously": [NEVER] * 2 + [THROUGHOUT] * 2,
        "agree": [NEVER] * 2 + [NO_TIME] * 2,
    },
    "collabware": {
        "detailed information": ["at once"] * 3, "assign next day": ["by the next close of SupportHours"] * 3,
        "first response (target)": hours("in SupportHours", 2, 4, 8),
        "verify in time": hours("in SupportHours", 2, 4, 8),
        "next day response": ["by the next close of SupportHours"] * 3,
    },
    "cpi": {
        "call as well": [*hours("day and night", 2), NEVER, NEVER, NEVER],
        "proceed accordingly": [THROUGHOUT] * 4, "respond": hours("day and night", 2, 8, 24, 48),
    },
    "copiun": {
        "respond": hours("day and night", 2) + hours("in NormalBusinessHours", 4, 24, 48),
        "daily updates": ["every 24 hours", NEVER, NEVER, NEVER],
        "scheduled updates": ["on each of the agreed dates", NEVER, NEVER, NEVER],
        "daily updates after schedule": ["every 24 hours", NEVER, NEVER, NEVER],
    },
}  # fmt: skip
"""Each cell of the grids, from the policies by hand: the tables, and the conditions on the severity beside triggers."""
OTHER_READINGS = {
    "trak": {"timely correction", "answer call", "remedy within two days continuous work",
             "remedy within two days agreed schedule", "assign level in time", "remedy within two days",
             "correction as agreed", "resolution at new level"},
    "collabware": {"ship updates", "hot fix into later pack", "first response without severity",
                   "next day response from opening", "same day answer", "renewal notice or invoice",
                   "callers named by collabware", "verify or respond in time", "next day response or verification",
                   "expiry notice next day", "expiry notice at some time"},
    "cpi": {"confirm level in time", "call at some time", "respond after confirmation", "respond after call",
            "respond if called", "status meeting at some time", "respond after correction", "response aim",
            "response aim after confirmation", "response aim after call", "response aim if called",
            "response aim after correction"},
    "copiun": {"monthly maintenance", "respond after logging", "daily updates after response", "no replacement",
               "response aim", "response aim after logging"},
}  # fmt: skip
"""Rules with a condition on a reading that is not adopted: each was looked up in its policy."""


def parts(section: Section) -> Iterator[Section]:
    yield section
    for one in section.sections:
        yield from parts(one)


@pytest.mark.parametrize("name", NAMES)
def test_each_cell_of_the_grid_of_severities_and_each_never(name: str) -> None:
    made = outline(load(ROOT / f"contracts/{name}/policy.sla"))
    blocks = [block for top in made.sections for part in parts(top) for block in part.blocks]
    grids = {block.caption: block for block in blocks if isinstance(block, Grid)}
    grid = grids["Duties and targets by severity"]
    assert {said(row[0].words): [said(cell.words) for cell in row[1:]] for row in grid.rows} == CELLS[name]
    marked = {said(row[0].words) for caption, one in grids.items() if caption.startswith("What ")
              for row in one.rows if "Never, as the words are read here" in said(row[0].words)}  # fmt: skip
    named = {one.split("\n")[0].removesuffix(" (target)") for one in marked}
    assert named == OTHER_READINGS[name]
