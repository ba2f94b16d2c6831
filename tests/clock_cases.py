"""Reads a file of clock cases and says where we disagree: ``python -m tests.clock_cases FILE``.

The cases restate the test suites of help desks and business-time libraries; some of them stand in
``tests/tables/clock-cases.json``. Nothing here looks at a case's id.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from slarules.calendars.calendar import Calendar
from slarules.calendars.zones import SECOND, micros, moment

Case = dict[str, Any]

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days_of_24h": 86_400}
"""What one of each unit of ``input.add`` is; they are summed."""
NEGATIVE_WHEN_REVERSED = ("Intrepidd/working_hours", "bokmann/business_time")
"""The libraries that give open time a sign when the end comes first; the others, and we, say zero."""


def calendar_of(case: Case) -> Calendar:
    """The calendar that a case describes."""
    return _calendar(json.dumps(case["calendar"], sort_keys=True))


@lru_cache(maxsize=256)
def _calendar(text: str) -> Calendar:
    described = json.loads(text)
    return Calendar.weekly(
        described["tz"],
        described["weekly"],
        holidays=map(date.fromisoformat, described.get("holidays") or ()),
        replaced=_by_date(described.get("shifts")),
        breaks=_by_date(described.get("breaks")),
    )


def _by_date(days: dict[str, Any] | None) -> dict[date, Any]:
    return {date.fromisoformat(day): hours for day, hours in (days or {}).items()}


def instant_of(text: str) -> int:
    """The instant of an ISO time with its offset."""
    return micros(datetime.fromisoformat(text))


def text_of(instant: int | None) -> str | None:
    """An instant as the cases write it."""
    return None if instant is None else moment(instant, UTC).isoformat().replace("+00:00", "Z")


def disagreements(case: Case) -> list[str]:
    """In what a case's expectations are not met; none when it passes."""
    if case["kind"] == "sla_ticket":
        return _sla_ticket(case)
    return KINDS[case["kind"]](case)


def _added(case: Case) -> list[str]:
    """``add_business_time``: so much open time, or so many open days, from a start."""
    calendar, given = calendar_of(case), case["input"]
    add, backward = given["add"], given.get("direction", "forward") == "backward"
    at: int | None = instant_of(given["start"])
    if "business_days" in add:
        at = calendar.days_at(at, add["business_days"], given.get("day_rule", "end_of_day"), backward)
    if at is not None and add.keys() & SECONDS.keys():
        at = _moved(calendar, at, _micros(add), backward)
    expected = case["expect"]["at"]
    wanted = None if expected is None else instant_of(expected)
    return [] if at == wanted else [f"at: expected {expected}, got {text_of(at)}"]


def _micros(add: dict[str, Any]) -> int:
    exact = sum((Fraction(str(add.get(unit, 0))) * length for unit, length in SECONDS.items()), Fraction(0))
    return round(exact * SECOND)


def _moved(calendar: Calendar, at: int, amount: int, backward: bool) -> int | None:
    """Open time added; none at all means the nearest open instant, which our own rule (R28) leaves alone."""
    if amount == 0:
        return calendar.previous_open(at) if backward else calendar.next_open(at)
    if backward != (amount < 0):
        return calendar.backward_at(at, abs(amount))
    return calendar.deadline_at(at, abs(amount))


def _elapsed(case: Case) -> list[str]:
    """``elapsed_business_time``: open time between two instants."""
    calendar, given = calendar_of(case), case["input"]
    start, end = instant_of(given["start"]), instant_of(given["end"])
    consumed = calendar.consumed_between(start, end)
    if end < start and _signed(case):
        consumed = -calendar.consumed_between(end, start)
    seconds = Fraction(consumed, SECOND)
    found = {"seconds": seconds, "minutes": Fraction(int(seconds / 60))}
    return [
        f"{unit}: expected {expected}, got {found[unit]}"
        for unit, expected in case["expect"].items()
        if unit in found and Fraction(str(expected)) != found[unit]
    ]


def _signed(case: Case) -> bool:
    """Whether the source gives reversed input a sign: its note tells, else the library it comes from."""
    note = case.get("note", "").lower()
    if "negative" in note or "zero" in note:
        return "negative" in note
    return case.get("source", "").startswith(NEGATIVE_WHEN_REVERSED)


def _sla_ticket(case: Case) -> list[str]:
    """``sla_ticket``: judged by the engine through a policy's text, in a module of its own."""
    try:
        adapter = importlib.import_module("tests.sla_ticket_cases")
    except ModuleNotFoundError as missing:
        if missing.name != "tests.sla_ticket_cases":
            raise
        return ["sla_ticket adapter not there yet"]
    found: list[str] = adapter.disagreements(case)
    return found


KINDS: dict[str, Callable[[Case], list[str]]] = {
    "add_business_time": _added,
    "elapsed_business_time": _elapsed,
}


def read(path: Path) -> list[Case]:
    """The cases of a file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    cases: list[Case] = content["cases"] if isinstance(content, dict) else content
    return cases


def main(arguments: list[str]) -> int:
    """Prints every disagreement, then how many cases passed and failed."""
    if len(arguments) != 1:
        print("usage: python -m tests.clock_cases FILE", file=sys.stderr)
        return 2
    failed = 0
    cases = read(Path(arguments[0]))
    for case in cases:
        try:
            found = disagreements(case)
        except Exception as trouble:  # one broken case must not hide the others
            found = [f"{type(trouble).__name__}: {trouble}"]
        failed += bool(found)
        for line in found:
            print(f"{case.get('id')} ({case.get('kind')}): {line}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
