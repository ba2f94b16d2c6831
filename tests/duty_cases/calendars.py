"""The calendars of a case as policy text, and the lists of holidays that are supplied to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from slarules.calendars.aliases import name_of_today
from slarules.calendars.spec import clock, clock_text
from slarules.calendars.zones import names as zone_names
from slarules.model.calendar import Supplied
from tests.case_files import Unfit

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


PLACED = {
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}
"""Zones without a place that are no links; since 1970 their clocks are those of the place."""
NEVER = "open whenever Always is open but not Always"
"""The hours of a calendar that has none."""


def zone(name: str) -> str:
    """A zone as the policy may call it: of old names without a place, such as `Cuba` and `GMT`, that of today."""
    if "/" in name or name == "UTC" or name not in zone_names():
        return name
    return PLACED.get(name) or name_of_today(name) or "UTC"


def windows(pairs: list[list[str]]) -> str:
    """Opening times of a date; a closing at or before its opening is the next date's."""
    return " and ".join(_window(pair) for pair in pairs)


def _window(pair: list[str]) -> str:
    if not isinstance(pair, list) or len(pair) != 2:
        raise Unfit(f"opening times are pairs such as ['09:00', '17:00'], not {pair!r}")
    try:
        opens, closes = (clock(bound) for bound in pair)
    except ValueError as wrong:
        raise Unfit(str(wrong)) from None
    return f"{clock_text(opens)} to {clock_text(closes)}" + (" next day" if closes <= opens else "")


def weekday(name: str) -> str:
    """A day of the week as the language calls it."""
    found = DAYS.get(name[:3].lower())
    if found is None:
        raise Unfit(f"`{name}` is no day of the week")
    return found


def calendar_name(name: str | None) -> str:
    """A calendar as the policy calls it."""
    return "Always" if name in (None, "always") else str(name)


def calendars(contract: Mapping[str, Any]) -> list[str]:
    """All calendars of a contract, as lines of a clause."""
    found = [(name, one) for name, one in (contract.get("calendars") or {}).items() if name != "always"]
    return [line for name, one in found for line in (*_cut(name, one), *_calendar(name, one))]


def _cut(name: str, calendar: Mapping[str, Any]) -> list[str]:
    """What is taken out of a calendar, where that is more than one: a calendar of its own."""
    cut = [calendar_name(part) for part in (calendar.get("minus") or [])[1:]]
    return [f"calendar {name}_cut", f"  open whenever any of {', '.join(cut)} is open", ""] if len(cut) > 1 else []


def _calendar(name: str, calendar: Mapping[str, Any]) -> list[str]:
    supplied = supplied_name(name, calendar)
    others = _of_others(name, calendar)
    if not others and not any(pairs for key in ("weekly", "extra_open") for pairs in calendar.get(key, {}).values()):
        return [f"calendar {name}", f"  {NEVER}", ""]
    lines = [f"holidays {supplied} supplied by Provider"] if supplied else []
    lines.append(f"calendar {name}")
    lines += [f"  {line}" for line in others]
    if calendar.get("zone"):
        lines.append(f"  zone {zone(calendar['zone'])}")
    for day, pairs in calendar.get("weekly", {}).items():
        lines += [f"  open {weekday(day)} {windows(pairs)}"] if pairs else []
    for day, pairs in calendar.get("extra_open", {}).items():
        lines.append(f"  on {day} open {windows(pairs)}" if pairs else f"  closed on {day}")
    for day, pairs in calendar.get("extra_closed", {}).items():
        lines += [f"  closed on {day} {windows(pairs)}"] if pairs else []
    closed = [] if supplied else [d for d in calendar.get("closed", []) if d not in calendar.get("extra_open", {})]
    lines += [f"  closed on {supplied}"] if supplied else [f"  closed on {day}" for day in closed]
    return [*lines, *(["  clock changes shift forward"] if "weekly" in calendar else []), ""]


def _of_others(name: str, calendar: Mapping[str, Any]) -> list[str]:
    for key, word, verb in (("union", "any", "is"), ("intersection", "all", "are")):
        if calendar.get(key):
            parts = ", ".join(calendar_name(part) for part in calendar[key])
            return [f"open whenever {word} of {parts} {verb} open"]
    if calendar.get("minus"):
        first, *cut = (calendar_name(part) for part in calendar["minus"])
        if not cut:
            return [f"open whenever any of {first} is open"]
        return [f"open whenever {first} is open but not {f'{name}_cut' if len(cut) > 1 else cut[0]}"]
    return []


def supplied_name(name: str, calendar: Mapping[str, Any]) -> str | None:
    """What the contract calls the list that a calendar awaits; None: its holidays are written down."""
    if calendar.get("known_until") or calendar.get("unbound"):
        return str(calendar.get("name") or f"{name}Holidays")
    return None


def supplied_of(contract: Mapping[str, Any]) -> dict[str, Supplied]:
    """The lists that the case gives for calendars whose holidays are supplied."""
    lists = {}
    for name, calendar in (contract.get("calendars") or {}).items():
        named = supplied_name(name, calendar)
        if named and not calendar.get("unbound"):
            days = tuple(_date(day, f"contract.calendars.{name}.closed") for day in calendar.get("closed", []))
            until = _date(calendar["known_until"], f"contract.calendars.{name}.known_until")
            lists[named] = Supplied(days, known_until=until)
    return lists


def _date(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit(f"`{place}` names a date such as 2025-12-24, and not {text!r}") from None
