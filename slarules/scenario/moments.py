"""Times in a scenario: its zone, the date of the line above carried on, offsets from a named start (R36)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from attrs import define, field

from slarules.calendars import zones
from slarules.diagnostics import Diagnostic, did_you_mean, error, warning
from slarules.model.event import Event
from slarules.source import Span
from slarules.syntax.tree import Node

MICROS = {"second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000}
DATES = {"day": (1, 0), "week": (7, 0), "month": (0, 1), "year": (0, 12)}
"""Unit → dates and months to go on."""


@define
class Teller:
    """Tells the instants of one scenario, line after line."""

    zone: str
    problems: list[Diagnostic] = field(factory=list)
    date: date | None = None
    """The date of the line above."""
    at: int | None = None
    """The instant of the line above."""
    above: list[Event] = field(factory=list)
    """What happened in the lines above, in their order."""

    def stamp(self, node: Node) -> int | None:
        """The instant at the head of a line, which the next line carries on; or None and a problem."""
        found = self.offset(node) if node.kind == "offset" else self.moment(node)
        if found is None:
            return None
        if node.kind == "time_of_day" and self.at is not None and found < self.at:
            self.problems.append(
                warning(
                    "W0803",
                    node.span,
                    f"`{node.text}` is earlier than the line above",
                    "write the date where the next day is meant",
                )
            )
        self.at, self.date = found, zones.local_date(found, self.zone)
        return found

    def moment(self, node: Node) -> int | None:
        """The instant of ``2026-03-02 08:00``, or of ``08:00`` on the date of the line above."""
        clock = read_time(node.one("TIME"), self.problems)
        written = node.first("DATE")
        day = read_date(written, self.problems) if written else self.date
        if day is None and written is None and not any(one.code == "E0803" for one in self.problems):
            self.problems.append(
                error(
                    "E0803",
                    node.span,
                    "no line above says which date this time is on",
                    "write the date: `2026-03-02 08:00`",
                )
            )
        if clock is None or day is None:
            return None
        return self._instant(datetime.combine(day, clock), node.span)

    def offset(self, node: Node) -> int | None:
        """The instant of ``2 hours after T1 opened``: so long after the latest such event above."""
        subject, what = node.all("NAME")
        start = next(
            (e for e in reversed(self.above) if e.subject == subject.text and what.text in (e.type, e.id)),
            None,
        )
        if start is None:
            known = sorted(
                {
                    name
                    for e in self.above
                    for name in (e.type, e.id)
                    if e.subject == subject.text and name.isidentifier()
                }
            )
            above = f"above are {', '.join(f'`{k}`' for k in known)}" if known else None
            told = did_you_mean(what.text, known) or above
            message = f"no line above says when `{subject.text} {what.text}`"
            self.problems.append(
                error(
                    "E0811",
                    Span(node.span.source, subject.span.start, what.span.end),
                    message,
                    told or "an offset runs from an event of a line above",
                )
            )
            return None
        return self._later(start.at, node.one("duration"))

    def _later(self, start: int, node: Node) -> int | None:
        """``start`` plus a duration: hours and minutes elapse; dates go on to the same time of day."""
        micros, days, months = measure(node)
        if days or months:
            local = zones.moment(start, zones.zone(self.zone)).replace(tzinfo=None)
            moved = _on(local.date(), months, node)
            if moved is None:
                self.problems.append(
                    error(
                        "E0821",
                        node.span,
                        "the day that this leads to does not exist",
                        "say which is meant: `1 month rounding down`",
                    )
                )
                return None
            try:
                local = datetime.combine(moved + timedelta(days=days), local.time())
            except OverflowError:
                local = datetime.max
            found = self._instant(local, node.span)
            if found is None:
                return None
            start = found
        return self._in_years(start + micros, node.span)

    def _instant(self, local: datetime, span: Span) -> int | None:
        if not zones.FIRST_YEAR <= local.year <= zones.LAST_YEAR:
            return self._in_years(-1, span)
        try:
            return zones.instant(local, self.zone)
        except zones.GapError:
            code, what = "E0801", "does not exist"
        except zones.FoldError:
            code, what = "E0802", "exists twice"
        except zones.OutOfRange:
            return self._in_years(-1, span)
        told = "say a time before or after it, or write the scenario `in UTC`"
        message = f"`{local:%Y-%m-%d %H:%M}` {what} in {self.zone}, where clocks change on that night"
        self.problems.append(error(code, span, message, told))
        return None

    def _in_years(self, instant: int, span: Span) -> int | None:
        if zones.BEGINNING <= instant < zones.END:
            return instant
        message = f"this is outside the years {zones.FIRST_YEAR} to {zones.LAST_YEAR}"
        self.problems.append(error("E0821", span, message, "scenarios are judged within those years"))
        return None


def read_time(node: Node, problems: list[Diagnostic]) -> time | None:
    """The time of day that a TIME says, or None and a problem."""
    whole, _, fraction = node.text.partition(".")
    parts = [int(part) for part in whole.split(":")]
    if parts[0] <= 23 and all(part <= 59 for part in parts[1:]):
        return time(parts[0], parts[1], parts[2] if len(parts) > 2 else 0, int(fraction.ljust(6, "0") or 0))
    told = "midnight is 00:00 of the next date" if parts[0] == 24 else "a time of day is 00:00 to 23:59"
    problems.append(error("E0821", node.span, f"there is no time `{node.text}`", told))
    return None


def read_date(node: Node, problems: list[Diagnostic]) -> date | None:
    """The date that a DATE says, or None and a problem."""
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        year, month = int(node.text[:4]), int(node.text[5:7])
        told = (
            f"that month has {monthrange(year, month)[1]} days"
            if year and 1 <= month <= 12
            else "there are 12 months"
        )
        problems.append(error("E0821", node.span, f"there is no date `{node.text}`", told))
        return None


def measure(node: Node) -> tuple[int, int, int]:
    """A duration's elapsed microseconds, its dates and its months."""
    micros, days, months = Decimal(0), Decimal(0), Decimal(0)
    for number, unit in zip(node.all("NUMBER"), node.all("UNIT"), strict=True):
        name, many = unit.text.rstrip("s"), Decimal(number.text)
        if name in MICROS:
            micros += many * MICROS[name]
        else:
            days += many * DATES[name][0]
            months += many * DATES[name][1]
    return int(micros), int(days), int(months)


def _on(day: date, months: int, node: Node) -> date | None:
    """The date so many months on; a day that does not exist is rounded as said, or None."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        return date.max
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    rounding = node.first("ROUNDING")
    if rounding is None:
        return None
    end = date(year, month + 1, last)
    return end if rounding.text == "down" else end + timedelta(days=1)
