"""Business-time arithmetic beside a plain datetime loop and the libraries for it, in one run.

`python -m benchmarks.calendars`; the libraries are the extra `peers`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

from slarules.calendars import zones
from slarules.calendars.calendar import Calendar

ZONE = "America/New_York"
HOLIDAYS = [date(year, month, day) for year in range(1990, 2060) for month, day in ((1, 1), (7, 4), (12, 25))]
HOURS = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
TWO_YEARS = 730 * zones.DAY
FIRST = zones.micros(datetime(2024, 1, 1, tzinfo=UTC))
FEW, SOME, MANY = 2_000, 100_000, 4_000_000

Peer = Callable[[int, int], object]


def office() -> Calendar:
    """Monday to Friday, nine to five, closed on three holidays a year."""
    return Calendar.weekly(ZONE, HOURS, holidays=HOLIDAYS)


class DatetimeLoop:
    """What a competent user writes with datetimes: one local day after another."""

    def __init__(self) -> None:
        self.tz = zones.zone(ZONE)
        self.closed = set(HOLIDAYS)

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        """The day's opening and closing in UTC."""
        if day.weekday() > 4 or day in self.closed:
            return None
        opens, closes = (datetime(day.year, day.month, day.day, hour, tzinfo=self.tz) for hour in (9, 17))
        return opens.astimezone(UTC), closes.astimezone(UTC)

    def deadline(self, start_us: int, amount_us: int) -> datetime:
        """The instant at which open time reaches the amount."""
        now, left = zones.moment(start_us, UTC), timedelta(microseconds=amount_us)
        day = now.astimezone(self.tz).date()
        while True:
            hours = self.hours(day)
            if hours is not None:
                begin = max(now, hours[0])
                if hours[1] - begin >= left:
                    return begin + left
                left -= max(hours[1] - begin, timedelta(0))
            day += timedelta(days=1)

    def consumed(self, start_us: int, end_us: int) -> timedelta:
        """Open time between two instants."""
        start, end, total = zones.moment(start_us, UTC), zones.moment(end_us, UTC), timedelta(0)
        day = start.astimezone(self.tz).date()
        while day <= end.astimezone(self.tz).date():
            hours = self.hours(day)
            if hours is not None:
                total += max(min(end, hours[1]) - max(start, hours[0]), timedelta(0))
            day += timedelta(days=1)
        return total


def rate(count: int, work: Callable[[], object], repeats: int = 5) -> float:
    """How many a second, the best of a few runs."""
    best = float("inf")
    for _ in range(repeats):
        began = perf_counter()
        work()
        best = min(best, perf_counter() - began)
    return count / best


def each(call: Peer, pairs: list[tuple[int, int]]) -> Callable[[], object]:
    """A loop over pairs of integers."""

    def loop() -> None:
        for first, second in pairs:
            call(first, second)

    return loop


def report(name: str, peer: float, ours: float) -> None:
    """One line: the rate and how many times the peer's it is."""
    print(f"  {name:<44}{ours:>14,.0f}/s{ours / peer:>10,.0f} x")


def compare(name: str, peer: Peer, scalar: Peer, array: Callable[..., object], seconds: int) -> None:
    """Deadlines or elapsed times: the peer, scalars and arrays, over the same two years."""
    random.seed(1)

    def pair() -> tuple[int, int]:
        start = FIRST + random.randrange(TWO_YEARS)
        return start, random.randrange(seconds * zones.SECOND) + (start if name == "elapsed" else 0)

    pairs = [pair() for _ in range(SOME)]
    base = rate(FEW, each(peer, pairs[:FEW]), 2)
    print(name)
    report("plain datetime loop", base, base)
    report("scalar", base, rate(SOME, each(scalar, pairs)))
    for years, span in ((2, TWO_YEARS), (200, 100 * TWO_YEARS)):
        starts = np.random.default_rng(1).integers(0, span, MANY) + (FIRST if span == TWO_YEARS else 0)
        other = np.random.default_rng(2).integers(0, seconds * zones.SECOND, MANY)
        other += starts if name == "elapsed" else 0
        per_second = rate(MANY, lambda a=starts, b=other: array(a, b))  # type: ignore[misc]
        report(f"array, random starts within {years} years", base, per_second)


# ---- The libraries for business time ---------------------------------------------------------------------------------
# Each gets an office in UTC, so that none converts a zone, and whole hours, because pandas can add no others.

Pairs = list[tuple[datetime, int, datetime]]
"""A start, an amount in hours, and the deadline that all must find."""


def _businesstimedelta(pairs: Pairs) -> tuple[Callable[[], object], Callable[[], object]]:
    import businesstimedelta as library

    work = library.WorkDayRule(start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4])
    rules = library.Rules([work, library.HolidayRule(set(HOLIDAYS))])
    assert all(a + library.BusinessTimeDelta(rules, hours=hours) == due for a, hours, due in pairs)
    assert all(rules.difference(a, due) == library.BusinessTimeDelta(rules, hours=hours) for a, hours, due in pairs)
    return (
        lambda: [start + library.BusinessTimeDelta(rules, hours=hours) for start, hours, _ in pairs],
        lambda: [rules.difference(start, end) for start, _, end in pairs],
    )


def _pandas(pairs: Pairs) -> tuple[Callable[[], object], None]:
    import pandas as pd

    offsets = {
        hours: pd.offsets.CustomBusinessHour(hours, start="09:00", end="17:00", holidays=HOLIDAYS)
        for hours in range(1, 41)
    }
    stamps = [(pd.Timestamp(a.replace(tzinfo=None)), hours, b.replace(tzinfo=None)) for a, hours, b in pairs]
    assert all((a + offsets[hours]).to_pydatetime() == due for a, hours, due in stamps)
    return lambda: [start + offsets[hours] for start, hours, _ in stamps], None


def _business_duration(pairs: Pairs) -> tuple[None, Callable[[], object]]:
    import pandas as pd
    from business_duration import businessDuration as elapsed

    closed = dict.fromkeys(HOLIDAYS, "closed")
    stamps = [(pd.Timestamp(a.replace(tzinfo=None)), pd.Timestamp(b.replace(tzinfo=None)), n) for a, n, b in pairs]
    assert all(round(elapsed(a, b, time(9), time(17), holidaylist=closed, unit="min")) == 60 * n for a, b, n in stamps)
    return None, lambda: [elapsed(a, b, time(9), time(17), holidaylist=closed, unit="min") for a, b, _ in stamps]


LIBRARIES: tuple[tuple[str, str, Callable[[Pairs], Any]], ...] = (
    ("businesstimedelta", "businesstimedelta", _businesstimedelta),
    ("pandas CustomBusinessHour", "pandas", _pandas),
    ("business-duration", "business_duration", _business_duration),
)


def beside_libraries(few: int = 300) -> list[dict[str, Any]]:
    """Deadlines and elapsed times a second of each library that is installed, and ours; all find the same deadlines."""
    calendar = Calendar.weekly("UTC", HOURS, holidays=HOLIDAYS)
    draw = random.Random(1)
    starts = [FIRST + draw.randrange(TWO_YEARS // zones.SECOND) * zones.SECOND for _ in range(MANY // 40)]
    whole = [hours for hours in range(1, 41) if hours % 8]  # of whole days pandas says the next opening
    amounts = [draw.choice(whole) * zones.HOUR for _ in starts]
    begun, wanted = np.array(starts), np.array(amounts)
    ends = calendar.deadline_array(begun, wanted)
    pairs = [
        (zones.moment(a, UTC), hours // zones.HOUR, zones.moment(b, UTC))
        for a, hours, b in zip(starts[:few], amounts[:few], ends[:few].tolist(), strict=True)
    ]
    found = []
    for name, module, made in LIBRARIES:
        if find_spec(module) is not None:
            deadline, elapsed = made(pairs)
            found.append(_figures(name, few, deadline, elapsed))
    limits, stretches = list(zip(starts, amounts, strict=True)), list(zip(starts, ends.tolist(), strict=True))
    found.append(
        _figures(
            "slarules, one by one",
            len(starts),
            each(calendar.deadline_at, limits),
            each(calendar.consumed_between, stretches),
        )
    )
    many, more, after = np.tile(begun, 40), np.tile(wanted, 40), np.tile(ends, 40)
    found.append(
        _figures(
            "slarules, arrays",
            len(many),
            lambda: calendar.deadline_array(many, more),
            lambda: calendar.consumed_array(many, after),
        )
    )
    return found


def _figures(
    name: str, count: int, deadline: Callable[[], object] | None, elapsed: Callable[[], object] | None
) -> dict[str, Any]:
    """One row; a library that cannot do a thing has no figure for it."""
    per_second = {"deadlines_per_s": deadline, "elapsed_per_s": elapsed}
    return {"name": name} | {
        what: None if work is None else round(rate(count, work, 3)) for what, work in per_second.items()
    }


def main() -> None:
    """Compiles once, then compares."""
    began = perf_counter()
    zones.transitions(ZONE)
    probed = perf_counter()
    calendar = office()
    _ = calendar.is_open(0), calendar.day_table
    done = perf_counter()
    probing, compiling = 1000 * (probed - began), 1000 * (done - probed)
    print(f"zone probed in {probing:.0f} ms, 1970–2200 compiled in {compiling:.0f} ms")
    loop = DatetimeLoop()
    for start, amount in ((FIRST, 90 * zones.HOUR), (FIRST + 5 * zones.HOUR, 9 * zones.HOUR)):
        assert zones.micros(loop.deadline(start, amount)) == calendar.deadline_at(start, amount)
    month = 30 * 86_400
    compare("deadlines", loop.deadline, calendar.deadline_at, calendar.deadline_array, 90 * 3600)
    compare("elapsed", loop.consumed, calendar.consumed_between, calendar.consumed_array, month)
    print("libraries for business time")
    for row in beside_libraries():
        told = (f"{row[what]:,}/s" if row[what] else "–" for what in ("deadlines_per_s", "elapsed_per_s"))
        print("  {:<44}{:>14} deadlines{:>14} elapsed".format(row["name"], *told))


if __name__ == "__main__":
    main()
