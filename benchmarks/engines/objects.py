"""Objects and datetimes: the contract of the benchmark as a competent user writes it in an afternoon.

Events and duties are objects, instants are datetimes, and business time is counted one day after another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from benchmarks.engines.given import HIGH, openings
from benchmarks.engines.workload import AS_OF

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
END = EPOCH + AS_OF * MICROSECOND
FURTHEST = EPOCH + HIGH * MICROSECOND
ACKNOWLEDGE = timedelta(hours=2)
RESPOND = {1: timedelta(hours=1), 2: timedelta(hours=4), 3: timedelta(hours=8), 4: timedelta(hours=8)}
RESOLVE = {1: timedelta(hours=2), 2: timedelta(hours=8), 3: timedelta(hours=24), 4: timedelta(hours=48)}
ESCALATE = timedelta(hours=4)
DAYS: dict[date, tuple[datetime, datetime]] = {}
"""When each open day opens and closes."""


def use_openings() -> None:
    """Fills ``DAYS`` from the table that all engines are given."""
    for opens, closes in zip(*(each.tolist() for each in openings()), strict=True):
        start = EPOCH + opens * MICROSECOND
        DAYS[start.date()] = start, EPOCH + closes * MICROSECOND


def business_time(start: datetime, end: datetime) -> timedelta:
    """Open time between two instants, day by day."""
    total = timedelta()
    day = start.date()
    while day <= end.date():
        if day in DAYS:
            opens, closes = DAYS[day]
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return total


def add_business_time(start: datetime, left: timedelta) -> datetime:
    """The earliest instant at which so much open time has passed."""
    day = start.date()
    while day <= FURTHEST.date():
        if day in DAYS:
            opens, closes = max(start, DAYS[day][0]), DAYS[day][1]
            if closes - opens >= left:
                return opens + left
            left -= max(timedelta(), closes - opens)
        day += timedelta(days=1)
    raise ValueError("the calendar ends")


@dataclass
class Event:
    kind: str
    at: datetime
    actor: str
    severity: int | None = None


@dataclass
class Duty:
    name: str
    start: datetime
    allowed: timedelta
    act: str
    pauses: bool = False
    """Whether it stands still while waiting on the customer."""
    by_severity: dict[int, timedelta] | None = None
    state: str = "pending"
    deadline: datetime | None = None
    since: datetime | None = None
    stretches: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When its clock ran."""
    floor: datetime | None = None

    def run(self, at: datetime) -> None:
        if self.since is None:
            self.since = at
            self.settle()

    def stop(self, at: datetime) -> None:
        if self.since is not None:
            self.stretches.append((self.since, at))
            self.since = None
            self.settle()

    def settle(self) -> None:
        if self.state != "pending":
            return
        if self.since is None:
            self.deadline = None
            return
        left = self.allowed - sum((business_time(a, b) for a, b in self.stretches), timedelta())
        self.deadline = self.since if left <= timedelta() else add_business_time(self.since, left)
        if self.floor is not None:
            self.deadline = max(self.deadline, self.floor)


@dataclass
class Ticket:
    name: str
    events: list[Event] = field(default_factory=list)

    def judge(self) -> dict[str, tuple[str, datetime | None]]:
        """State and deadline of each duty, by its name."""
        opened = self.events[0]
        severity = opened.severity or 4
        resolve = Duty("resolve", opened.at, RESOLVE[severity], "resolved", True, RESOLVE)
        duties = [
            Duty("acknowledge", opened.at, ACKNOWLEDGE, "acknowledged"),
            Duty("respond", opened.at, RESPOND[severity], "responded", True, RESPOND),
            resolve,
        ]
        for duty in duties:
            duty.run(opened.at)
        waiting = resolved = False
        for event in self.events[1:]:
            self._fall_due(duties, event.at, False)
            for duty in duties:
                if duty.state == "pending" and event.kind == duty.act and event.actor == "Trak":
                    duty.state = "met"
            match event.kind:
                case "waiting" if not waiting and not resolved:
                    waiting = True
                case "resumed":
                    waiting = False
                case "resolved":
                    resolved, waiting = True, False
                case "reopened" if resolved:
                    resolved = False
                    if resolve.state == "met":
                        resolve.state, resolve.floor = "pending", event.at
                case "severity_changed" if event.severity != severity:
                    severity = event.severity or severity
                    for duty in duties:
                        if duty.state == "pending" and duty.by_severity is not None:
                            duty.allowed, duty.floor = duty.by_severity[severity], event.at
                            duty.settle()
                case "closed" if not resolved:
                    for duty in duties:
                        if duty.state == "pending":
                            duty.state, duty.deadline = "ended", None
            for duty in duties:
                if resolved or (waiting and duty.pauses):
                    duty.stop(event.at)
                else:
                    duty.run(event.at)
        self._fall_due(duties, END, True)
        return {
            duty.name: ("suspended" if duty.state == "pending" and duty.since is None else duty.state, duty.deadline)
            for duty in duties
        }

    def _fall_due(self, duties: list[Duty], at: datetime, final: bool) -> None:
        """Breaches before an event, or up to the end; what a breach sets off is looked at as well."""
        for duty in duties:
            if duty.state != "pending" or duty.deadline is None:
                continue
            if duty.deadline < at or (final and duty.deadline == at):
                duty.state = "breached"
                if duty.name == "resolve":
                    escalate = Duty("escalate", duty.deadline, ESCALATE, "escalated")
                    escalate.run(duty.deadline)
                    if any(e.kind == "escalated" and e.actor == "Trak" and e.at <= duty.deadline for e in self.events):
                        escalate.state = "met"
                    duties.append(escalate)


def tickets(rows: Iterable[dict[str, object]]) -> list[Ticket]:
    """The events as objects, by ticket."""
    found: dict[str, Ticket] = {}
    for row in rows:
        name = str(row["subject"])
        ticket = found.setdefault(name, Ticket(name))
        ticket.events.append(Event(row["type"], row["at"], row["actor"], row["severity"]))
    return list(found.values())
