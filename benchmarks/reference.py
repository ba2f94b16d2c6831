"""Tickets a second: the reference engine beside a plain evaluator of objects and datetimes, in one run.

`python benchmarks/reference.py [TICKETS]`. Both judge the same random tickets under the same terms (first response and
resolution by severity, in business hours with holidays, paused while waiting on the customer, counted again when the
severity changes); the run stops if a verdict differs.

`python benchmarks/reference.py --one-more [TICKETS]`: how long the verdicts of a ticket of ten events take when an
event more comes, for each ticket once; from its case as it stands, and from its beginning. Both must tell the same.
"""

from __future__ import annotations

import random
import sys
import time as clock
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import quantiles
from zoneinfo import ZoneInfo

from slarules.engine.adopt import adopt
from slarules.engine.evaluate import evaluate, verdicts_on
from slarules.engine.ongoing import follow, verdicts_after, verdicts_at
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse

ZONE = ZoneInfo("America/Denver")
HOLIDAYS = [
    date(2025, 1, 1),
    date(2025, 5, 26),
    date(2025, 7, 4),
    date(2025, 9, 1),
    date(2025, 11, 27),
    date(2025, 12, 25),
]
HOURS = {1: (1, 2), 2: (4, 8), 3: (8, 24), 4: (8, 48)}
AS_OF = datetime(2026, 1, 15, tzinfo=UTC)

POLICY = """slarules 1

contract Bench "a benchmark"
  provider Trak "provider"
  customer Customer "customer"
  zone America/Denver

clause "1"
  calendar BusinessHours
    open Monday to Friday 08:00 to 17:00
HOLIDAYS
  severities 1, 2, 3, 4
  table times by severity
    | severity | response_time | resolution_time |
    | 1 | 1 hour  | 2 hours  |
    | 2 | 4 hours | 8 hours  |
    | 3 | 8 hours | 24 hours |
    | 4 | 8 hours | 48 hours |
  duty respond
    when ticket opened
    Trak must respond within response_time counted in BusinessHours
    performed when ticket responded by Trak
    paused while waiting on Customer
    on severity change count again from the start
    on reopening change nothing
  duty resolve
    when ticket opened
    Trak must resolve within resolution_time counted in BusinessHours
    performed when ticket resolved by Trak
    paused while waiting on Customer
    on severity change count again from the start
    on reopening run on
"""


# ---- The peer: what a competent user writes in an afternoon ----------------------------------------------------------


@dataclass
class PlainEvent:
    kind: str
    at: datetime
    severity: int | None = None


@dataclass
class PlainTicket:
    name: str
    events: list[PlainEvent] = field(default_factory=list)


def business_time(start: datetime, end: datetime) -> timedelta:
    """Open time between two instants, day by day."""
    total = timedelta()
    day = start.astimezone(ZONE).date()
    last = end.astimezone(ZONE).date()
    while day <= last:
        if day.weekday() < 5 and day not in HOLIDAYS:
            opens = datetime.combine(day, time(8), ZONE).astimezone(UTC)
            closes = datetime.combine(day, time(17), ZONE).astimezone(UTC)
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return total


def add_business_time(start: datetime, left: timedelta) -> datetime:
    """The earliest instant at which so much open time has passed."""
    day = start.astimezone(ZONE).date()
    while True:
        if day.weekday() < 5 and day not in HOLIDAYS:
            opens = max(start, datetime.combine(day, time(8), ZONE).astimezone(UTC))
            closes = datetime.combine(day, time(17), ZONE).astimezone(UTC)
            if closes - opens >= left and closes > opens:
                return opens + left
            left -= max(timedelta(), closes - opens)
        day += timedelta(days=1)


def plain_verdict(ticket: PlainTicket, which: int, done: str) -> tuple[str, datetime | None]:
    """State and deadline of one target."""
    events = sorted(ticket.events, key=lambda e: e.at)
    opened = events[0]
    severity = opened.severity or 4
    paused: list[tuple[datetime, datetime]] = []
    waiting: datetime | None = None
    deadline = add_business_time(opened.at, timedelta(hours=HOURS[severity][which]))

    def due() -> datetime:
        left, at = timedelta(hours=HOURS[severity][which]), opened.at
        for stop, go in paused:
            used = business_time(at, stop)
            if used >= left:
                break
            left, at = left - used, go
        return add_business_time(at, left)

    for event in events[1:]:
        if waiting is None and event.at > deadline:
            return "breached", deadline
        if event.kind == done:
            return "met", None if waiting is not None else deadline
        if event.kind == "waiting" and waiting is None:
            waiting = event.at
        elif event.kind == "resumed" and waiting is not None:
            paused.append((waiting, event.at))
            waiting = None
            deadline = due()
        elif event.kind == "severity_changed" and event.severity != severity:
            severity = event.severity or severity
            deadline = max(due(), event.at)
    if waiting is not None:
        return "suspended", None
    return ("breached" if deadline <= AS_OF else "pending"), deadline


# ---- The same tickets for both ---------------------------------------------------------------------------------------


def tickets(count: int) -> list[PlainTicket]:
    """Random tickets of about seven events."""
    rng = random.Random(20250101)
    made = []
    for number in range(count):
        at = datetime(2025, 1, 2, tzinfo=UTC) + timedelta(minutes=rng.randrange(480_000))
        ticket = PlainTicket(f"T{number:06d}", [PlainEvent("opened", at, rng.choice([1, 2, 3, 3, 4, 4]))])
        severity = ticket.events[0].severity
        for kind in ("responded", "waiting", "resumed", "severity_changed", "waiting", "resumed"):
            at += timedelta(minutes=rng.choice([5, 17, 61, 130, 400, 1441]))
            if kind == "severity_changed":
                changed = rng.choice([s for s in (1, 2, 3, 4) if s != severity])
                ticket.events.append(PlainEvent(kind, at, changed))
            elif rng.random() < 0.93 or kind == "responded":
                ticket.events.append(PlainEvent(kind, at))
        if rng.random() < 0.95:
            ticket.events.append(PlainEvent("resolved", at + timedelta(minutes=rng.choice([11, 240, 2003]))))
        made.append(ticket)
    return made


def as_events(made: list[PlainTicket]) -> list[Event]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    events = []
    for ticket in made:
        for number, e in enumerate(ticket.events):
            facts = {"severity": e.severity} if e.severity else {"on": "Customer"} if e.kind == "waiting" else {}
            actor = "Trak" if e.kind in ("responded", "resolved") else "Customer"
            events.append(
                Event(
                    f"{ticket.name}-{number}",
                    ticket.name,
                    e.kind,
                    (e.at - epoch) // timedelta(microseconds=1),
                    actor,
                    facts,
                    sequence=number,
                )
            )
    return events


def contract() -> Contract:
    closed = "\n".join(f"    closed on {day.isoformat()}" for day in HOLIDAYS)
    source = Source("bench.sla", POLICY.replace("HOLIDAYS", closed))
    tree, problems = parse(source)
    found, more = resolve(tree, source, None)
    if found is None:
        raise SystemExit("\n".join(f"{d.span}: {d.message}" for d in (*problems, *more)))
    return found


def ready() -> Contract:
    """The contract, its calendars compiled before any clock starts."""
    terms = contract()
    for calendar in adopt(terms, None, None)[-1].calendars.values():
        calendar.is_open(0)
    return terms


def of_ten(number: int, rng: random.Random) -> list[Event]:
    """A ticket of ten events, and the one that comes then."""
    at = datetime(2025, 1, 2, tzinfo=UTC) + timedelta(minutes=rng.randrange(480_000))
    ticket = PlainTicket(f"T{number:06d}", [PlainEvent("opened", at, rng.choice([1, 2, 3, 4]))])
    last = rng.choice(["waiting", "severity_changed", "resolved", "responded"])
    for kind in ("responded", *("waiting", "resumed") * 4, last):
        at += timedelta(minutes=rng.choice([5, 17, 61, 130]))
        level = 1 + ticket.events[0].severity % 4 if kind == "severity_changed" else None  # type: ignore[operator]
        ticket.events.append(PlainEvent(kind, at, level))
    return as_events([ticket])


def one_more(count: int) -> None:
    terms = ready()
    rng = random.Random(20250102)
    goes_on, begins = [], []
    for number in range(count):
        *ten, last = of_ten(number, rng)
        followed = follow(terms, None, last.subject, ten)
        verdicts_at(followed, ten[-1].at)
        start = clock.perf_counter()
        found = verdicts_after(followed, last)
        middle = clock.perf_counter()
        expected = verdicts_on(terms, None, [*ten, last], last.at, last.subject)
        begins.append(clock.perf_counter() - middle)
        goes_on.append(middle - start)
        if found != expected:
            raise SystemExit(f"{last.subject} differs")
    for name, taken in (("from the case as it stands", goes_on), ("from its beginning", begins)):
        median, high = (quantiles(taken, n=100)[place] * 1e6 for place in (49, 98))
        print(f"{name:<28}median {median:6.1f} µs, p99 {high:6.1f} µs")


def main(count: int) -> None:
    made = tickets(count)
    events = as_events(made)
    terms = ready()
    as_of = int(AS_OF.timestamp()) * 1_000_000
    start = clock.perf_counter()
    plain = {t.name: (plain_verdict(t, 0, "responded"), plain_verdict(t, 1, "resolved")) for t in made}
    middle = clock.perf_counter()
    seen = evaluate(terms, None, events, as_of)
    end = clock.perf_counter()
    ours = {}
    for v in seen.verdicts:
        ours.setdefault(v.subject, {})[v.duty] = v.state
    differing = [n for n, (a, b) in plain.items() if (a[0], b[0]) != (ours[n]["respond"], ours[n]["resolve"])]
    print(
        f"{count} tickets, {len(events)} events, {len(seen.verdicts)} verdicts; {len(differing)} differ {differing[:3]}"
    )
    print(f"objects and datetimes: {count / (middle - start):9,.0f} tickets/s")
    print(f"reference engine:      {count / (end - middle):9,.0f} tickets/s")
    print(f"ratio: {(middle - start) / (end - middle):.2f}")
    if differing:
        raise SystemExit(1)


if __name__ == "__main__":
    numbers = [int(told) for told in sys.argv[1:] if told != "--one-more"]
    if "--one-more" in sys.argv:
        one_more(numbers[0] if numbers else 5_000)
    else:
        main(numbers[0] if numbers else 20_000)
