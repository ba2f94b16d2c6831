"""Durations, dates and clock times as written, each exact or told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from slarules.calendars.zones import FIRST_YEAR, LAST_YEAR
from slarules.model.calendar import Window
from slarules.model.value import HOUR, MINUTE, SECOND, Civil, Elapsed
from slarules.resolve.problems import Problems
from slarules.syntax.tree import Node

_ELAPSED = {"second": SECOND, "minute": MINUTE, "hour": HOUR}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
LONGEST = Decimal((LAST_YEAR + 1 - FIRST_YEAR) * 366)
"""Days; a longer duration leads out of every calendar."""


def duration(node: Node, problems: Problems) -> Elapsed | Civil | None:
    """``2 hours 30 minutes``, ``60 days``, ``1 month rounding down``; None after a mistake told."""
    numbers = [Decimal(part.text) for part in node.all("NUMBER")]
    units = [part.text.removesuffix("s") for part in node.all("UNIT")]
    rounding = node.first("ROUNDING")
    pairs = list(zip(numbers, units, strict=True))
    elapsed = [pair for pair in pairs if pair[1] in _ELAPSED]
    if elapsed and len(elapsed) < len(pairs):
        problems.error("E0501", node.span, f"`{_words(node)}` mixes hours, which run on, and days, which are dates",
                       "say all of it in hours, or all of it in days")
        return None
    if rounding is not None and not any(unit in _MONTHS for unit in units):
        problems.error("E0504", rounding.span, "only months and years are rounded", "leave `rounding` out")
        return None
    return _elapsed(node, pairs, problems) if elapsed else _civil(node, pairs, rounding, problems)


def _elapsed(node: Node, pairs: list[tuple[Decimal, str]], problems: Problems) -> Elapsed | None:
    micros = sum((number * _ELAPSED[unit] for number, unit in pairs), Decimal(0))
    if micros != micros.to_integral_value():
        problems.error("E0505", node.span, f"`{_words(node)}` is no whole number of microseconds",
                       "say it exactly, in a smaller unit")
        return None
    return Elapsed(int(micros)) if _fits(node, micros / (24 * HOUR), problems) else None


def _civil(node: Node, pairs: list[tuple[Decimal, str]], rounding: Node | None, problems: Problems) -> Civil | None:
    if any(number != number.to_integral_value() for number, _ in pairs):
        problems.error("E0505", node.span, f"`{_words(node)}` is no whole number of days or months",
                       "days are dates, which have no parts: say it in hours, or in whole days")
        return None
    days = sum(int(number) * _DAYS.get(unit, 0) for number, unit in pairs)
    months = sum(int(number) * _MONTHS.get(unit, 0) for number, unit in pairs)
    if not _fits(node, Decimal(days + 31 * months), problems):
        return None
    if months and rounding is None:
        problems.error("E0504", node.span, f"`{_words(node)}` may lead to a day that does not exist",
                       f"say which day stands for it: `{_words(node)} rounding down` or `rounding up`")
        return None
    return Civil(days, months, rounding.text if rounding else None)


def _fits(node: Node, days: Decimal, problems: Problems) -> bool:
    if days <= LONGEST:
        return True
    problems.error("E0507", node.span, f"`{_words(node)}` leads out of the years {FIRST_YEAR} to {LAST_YEAR}",
                   "say a shorter time")
    return False


def _words(node: Node) -> str:
    return " ".join(node.span.text.split())


def day(node: Node, problems: Problems) -> date | None:
    """A date that exists, in the years that can be judged."""
    try:
        found = date.fromisoformat(node.text)
    except ValueError:
        problems.error("E0507", node.span, f"there is no date {node.text}", "dates are written year-month-day")
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        problems.error("E0507", node.span, f"{node.text} lies outside the years {FIRST_YEAR} to {LAST_YEAR}",
                       "no calendar reaches there")
        return None
    return found


def clock(node: Node, problems: Problems) -> int | None:
    """A clock time in microseconds of the day; 24:00 is the day's end."""
    hour, minute, second = (int(part) for part in (*node.text.partition(".")[0].split(":"), "0")[:3])
    if "." in node.text:
        told = "calendars are told in whole seconds"
        problems.error("E0507", node.span, f"`{node.text}` has a part of a second", told)
        return None
    if minute < 60 and second < 60 and (hour < 24 or (hour, minute, second) == (24, 0, 0)):
        return hour * HOUR + minute * MINUTE + second * SECOND
    problems.error("E0507", node.span, f"there is no clock time {node.text}", "times go from 00:00 to 24:00")
    return None


def windows(node: Node, problems: Problems) -> tuple[Window, ...]:
    """``08:00 to 12:00 and 13:00 to 17:00``, without those of which a mistake is told."""
    found = [_window(part, problems) for part in node.all("window", "window_over_midnight")]
    return tuple(window for window in found if window is not None)


def _window(node: Node, problems: Problems) -> Window | None:
    first, last = node.all("TIME")
    opens, closes = clock(first, problems), clock(last, problems)
    if opens is None or closes is None:
        return None
    if opens == 24 * HOUR:
        problems.error("E0507", first.span, "nothing opens at 24:00", "say 00:00 of the next day")
        return None
    if node.kind == "window" and closes <= opens:
        problems.error("E0519", node.span, f"{last.text} is not after {first.text}",
                       f"if it closes the next day, say `{first.text} to {last.text} next day`")
        return None
    if node.kind == "window_over_midnight" and closes > opens:
        problems.error("E0519", node.span, f"{first.text} to {last.text} next day is longer than a day",
                       "leave `next day` out, or say two windows")
        return None
    return Window(opens, closes)
