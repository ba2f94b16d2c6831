"""Makes events.jsonl, a year of example tickets under Trak's policy, and maintenance.txt, the times of
Scheduled Maintenance that the policy leaves to Trak. Nothing in them is real.

    python examples/trak/make_events.py

The same files come out each time: chance is seeded, and no clock is read.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

YEAR = 2025
TICKETS = 400
DENVER = ZoneInfo("America/Denver")
UTC = ZoneInfo("UTC")
HOLIDAYS = {
    date(YEAR, 1, 1), date(YEAR, 1, 20), date(YEAR, 2, 17), date(YEAR, 5, 26), date(YEAR, 6, 19),
    date(YEAR, 7, 4), date(YEAR, 9, 1), date(YEAR, 10, 13), date(YEAR, 11, 11), date(YEAR, 11, 27),
    date(YEAR, 12, 25),
}
"""US federal holidays of the year; none of them falls on a weekend."""
OPENS, CLOSES = time(8), time(17)
RESPONSE = {1: 1, 2: 4, 3: 8, 4: 8}
RESOLUTION = {1: 2, 2: 8, 3: 24, 4: 48}
AGREEMENTS = {"harborline": 0.5, "mesa-dental": 0.3, "northfork": 0.2}
REPORT = ("steps_taken", "steps_ahead", "progress", "estimate")
Facts = dict[str, Any]
Row = dict[str, Any]
"""An event before it is written: its times are instants, its target is a row."""


class Log:
    """The events so far, each with the instant at which the desk learnt of it."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self, subject: str, agreement: str, what: str, at: datetime, actor: str | None,
        facts: Facts | None = None, target: Row | None = None,
    ) -> Row:
        row = {"subject": subject, "agreement": agreement, "type": what, "at": at, "actor": actor,
               "facts": facts or {}, "recorded": None, "target": target}
        self.rows.append(row)
        return row

    def lines(self) -> list[str]:
        """One JSON object each, in the order in which they became known."""
        self.rows.sort(key=lambda row: row["recorded"] or row["at"])
        for number, row in enumerate(self.rows, 1):
            row["id"], row["sequence"] = f"e{number:05}", number
        return [json.dumps(self._written(row)) for row in self.rows]

    def _written(self, row: Row) -> Row:
        written = {"id": row["id"], "source": "desk", "subject": row["subject"], "type": row["type"]}
        written["at"] = _stamp(row["at"])
        if row["recorded"] is not None:
            written["recorded_at"] = _stamp(row["recorded"])
        if row["actor"] is not None:
            written["actor"] = row["actor"]
        if row["target"] is not None:
            written["target"] = row["target"]["id"]
        return written | {"agreement": row["agreement"], "sequence": row["sequence"], "facts": row["facts"]}


def _stamp(at: datetime) -> str:
    return at.astimezone(DENVER).isoformat()


# ---- Hours of support ------------------------------------------------------------------------------------


def local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, DENVER).astimezone(UTC)


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def later(start: datetime, hours: float) -> datetime:
    """``start`` and so many hours of support, to the minute."""
    minutes = round(hours * 60)
    at = start
    while True:
        day = at.astimezone(DENVER).date()
        opens, closes = local(day, OPENS), local(day, CLOSES)
        if is_open(day) and at < closes:
            at = max(at, opens)
            left = int((closes - at).total_seconds() // 60)
            if minutes <= left:
                return at + timedelta(minutes=minutes)
            minutes -= left
        at = local(day + timedelta(days=1), OPENS)


def some_instant(rng: Random) -> datetime:
    """When a customer writes or calls: mostly while there is support, now and then at night."""
    while True:
        day = date(YEAR, 1, 1) + timedelta(days=int(rng.random() * 350))
        at_work = is_open(day)
        if not at_work and rng.random() > 0.12:
            continue
        hour = 8 + 9 * rng.random() if at_work and rng.random() < 0.88 else 24 * rng.random()
        return local(day, OPENS) + timedelta(minutes=round((hour - 8) * 60))


def pick(rng: Random, weights: dict[Any, float]) -> Any:
    at = rng.random() * sum(weights.values())
    for value, weight in weights.items():
        at -= weight
        if at < 0:
            return value
    return value


# ---- A ticket --------------------------------------------------------------------------------------------


class Ticket:
    """One request from its opening to its end."""

    def __init__(self, log: Log, rng: Random, opened: datetime, number: int) -> None:
        self.log, self.rng, self.opened = log, rng, opened
        self.name = f"R-{number:04}"
        self.agreement = pick(rng, AGREEMENTS)
        self.level = pick(rng, {1: 7, 2: 23, 3: 43, 4: 27})
        self.channel = pick(rng, {"telephone": 30, "voicemail": 4, "email": 44, "web": 21, "other_way": 1})

    def add(self, what: str, at: datetime, actor: str | None, **facts: Any) -> Row:
        return self.log.add(self.name, self.agreement, what, at, actor, facts)

    def lives(self) -> None:
        rng = self.rng
        facts: Facts = {"channel": self.channel, "severity": self.level, "indicated_level": self.level,
                        "authorized": rng.random() > 0.03, "resource_assigned": True}
        left_out = {"channel": 0.008, "severity": 0.008, "authorized": 0.02, "resource_assigned": 0.05}
        for fact, share in left_out.items():
            if rng.random() < share:
                del facts[fact]
        self.add("opened", self.opened, "Customer", **facts)
        if rng.random() < 0.015:
            self.add("cancelled", later(self.opened, 0.4 * RESPONSE[self.level]), "Customer")
            return
        self._is_assigned()
        self._changes_level()
        self._is_received()
        self.hours = max(RESOLUTION[self.level] * self._share(), self.changed + 0.3)
        away = self._waits()
        due = later(self.opened, RESOLUTION[self.level] + away)
        ready = later(self.opened, self.hours + away)
        if ready > due:
            ready = self._is_escalated(due, ready) if self.level < 3 else self._is_elected(due, ready)
        self._is_resolved(ready)

    def _share(self) -> float:
        """How much of the resolution time the correction takes."""
        late = {1: 0.25, 2: 0.15, 3: 0.13, 4: 0.09}[self.level]
        if self.rng.random() < late:
            return 1.02 + (10 if self.level < 3 else 2) * self.rng.random() ** 2
        return 0.15 + 0.8 * self.rng.random()

    def _is_assigned(self) -> None:
        rng = self.rng
        at = later(self.opened, RESPONSE[self.level] * (0.05 + 0.3 * rng.random()))
        self.add("level_assigned", at, "Trak", assigned_level=self.level if rng.random() > 0.03 else 4)

    def _changes_level(self) -> None:
        """The requestor thinks better of the level; now and then the staff try to."""
        rng = self.rng
        self.changed = 0.0
        level = min(4, max(1, self.level + (1 if rng.random() < 0.5 else -1)))
        if rng.random() > 0.06 or level == self.level:
            return
        after = 0.2 * min(RESOLUTION[level], RESOLUTION[self.level])
        actor = "Customer" if rng.random() < 0.85 else "Trak"
        self.add("severity_changed", later(self.opened, after), actor, severity=level)
        if actor == "Customer":
            self.level, self.changed = level, after

    def _is_received(self) -> None:
        rng = self.rng
        allowed = RESPONSE[self.level]
        if self.channel == "telephone":
            return
        how = pick(rng, {"machine": 35, "person": 55, "late": 7, "no one": 3})
        if how == "machine":
            self.add("acknowledged", self.opened + timedelta(minutes=1), "Trak", automatic=True)
        elif how == "late":
            at = later(self.opened, allowed * (1.05 + rng.random()))
            self.add("acknowledged", at, "Trak", automatic=False)
        elif how == "person":
            at = later(self.opened, allowed * (0.1 + 0.85 * rng.random()))
            row = self.add("acknowledged", at, None if rng.random() < 0.012 else "Trak", automatic=False)
            if rng.random() < 0.02:
                row["recorded"] = later(self.opened, allowed * 2)

    def _waits(self) -> float:
        """The desk asks the customer for information; how many hours of support pass until it comes."""
        rng = self.rng
        begins = self.changed + 0.3 * min(self.hours, RESOLUTION[self.level])
        if rng.random() > 0.16 or begins >= self.hours:
            return 0.0
        away = round(60 * (0.5 + 12 * rng.random() ** 2)) / 60
        begun = later(self.opened, begins)
        self.add("waiting", begun, "Trak", on="Customer")
        facts = {"resource_assigned": False} if rng.random() < 0.06 else {}
        self.add("resumed", later(begun, away), "Customer", **facts)
        return away

    # -- past the resolution time

    def _is_escalated(self, due: datetime, ready: datetime) -> datetime:
        rng = self.rng
        how = pick(rng, {"at once": 80, "late": 12, "never": 8})
        if how != "never":
            minutes = 2 + round(12 * rng.random()) if how == "at once" else 25 + round(60 * rng.random())
            who = pick(rng, {"manager": 85, "executive": 10, "team_lead": 5})
            self.add("escalated", due + timedelta(minutes=minutes), "Trak", escalated_to=who)
        self.add("recorded", due + timedelta(minutes=30), "Trak", working_expeditiously=rng.random() > 0.05)
        report = due
        while True:
            report += timedelta(hours=20 + (3.8 if rng.random() < 0.9 else 9) * rng.random())
            if report >= ready:
                return max(ready, due + timedelta(hours=2))
            told = dict.fromkeys(REPORT, True)
            if rng.random() < 0.08:
                told["estimate"] = False
            if rng.random() < 0.03:
                del told["progress"]
            self.add("reported", report, "Trak", **told)

    def _is_elected(self, due: datetime, ready: datetime) -> datetime:
        rng = self.rng
        if rng.random() > 0.7:
            return ready
        elected = later(due, 0.5 + 8 * rng.random())
        if rng.random() < 0.3:
            self.add("elected", elected, "Customer", remedy="continuous")
            stops = rng.random() < 0.25
            self.add("recorded", later(elected, 3), "Customer", working_continuously=not stops)
            return max(ready, later(elected, 6))
        self.add("elected", elected, "Customer", remedy="schedule")
        agreed = later(elected, 1 + 6 * rng.random())
        day = later(agreed, 9 * (2 + round(6 * rng.random()))).astimezone(DENVER).date()
        self.add("agreed", agreed, "Customer", agreed_date=day.isoformat())
        if rng.random() < 0.85:
            return max(local(day, time(9)) + timedelta(minutes=round(400 * rng.random())), later(agreed, 2))
        return later(local(day, CLOSES), 2 + 9 * rng.random())

    # -- to its end

    def _is_resolved(self, at: datetime) -> None:
        rng = self.rng
        how = pick(rng, {"satisfied": 88, "silent": 4, "asked later": 3, "dissatisfied": 5})
        facts: Facts = {"satisfied": how == "satisfied"} if how in ("satisfied", "dissatisfied") else {}
        self.add("resolved", at, "Trak", **facts)
        if how == "asked later":
            self.add("recorded", later(at, 5), "Customer", satisfied=True)
        if how == "dissatisfied" or rng.random() < 0.03:
            at = later(at, 1 + 10 * rng.random())
            self.add("reopened", at, "Customer")
            left = RESOLUTION[self.level] - self.hours
            at = later(at, max(0.2, left * (0.1 + 0.8 * rng.random())))
            self.add("resolved", at, "Trak", satisfied=True)
        if rng.random() < 0.8:
            self.add("closed", later(at, 18 + 27 * rng.random()), "Trak")


# ---- Everything else -------------------------------------------------------------------------------------


def maintenance(month: int) -> date:
    """The month's second Saturday; maintenance is from 20:00 to 22:30."""
    first = date(YEAR, month, 1)
    return first + timedelta(days=(5 - first.weekday()) % 7 + 7)


def releases(log: Log, rng: Random) -> None:
    """A patch or an upgrade in each month's maintenance, which some outlast; two on working days."""
    names = list(AGREEMENTS)
    for month in range(1, 13):
        saturday = maintenance(month)
        kind = "upgrade" if month % 3 == 0 else "patch"
        begins = local(saturday, time(20)) + timedelta(minutes=round(30 * rng.random()))
        name, agreement = f"P-{month:02}", names[month % 3]
        facts = {"change_kind": kind, "required_to_restore": False, "system_state": "available"}
        log.add(name, agreement, "applied", begins, "Trak", facts)
        ends = begins + timedelta(minutes=40 + round(90 * rng.random()))
        log.add(name, agreement, "completed", ends, "Trak", {"change_kind": kind})
    on_working_days = (("P-13", date(YEAR, 4, 16), "unavailable"), ("P-14", date(YEAR, 8, 20), "available"))
    for name, day, state in on_working_days:
        facts = {"change_kind": "patch", "required_to_restore": state == "unavailable", "system_state": state}
        log.add(name, names[0], "applied", local(day, time(13, 20)), "Trak", facts)
        log.add(name, names[0], "completed", local(day, time(13, 55)), "Trak")


def the_desk(log: Log) -> None:
    """The agreements' beginnings, and the times at which support could not be had."""
    for agreement in AGREEMENTS:
        log.add(agreement, agreement, "started", local(date(YEAR, 1, 1), time(0)), "Trak")
    for agreement, day, clock, telephone, email in (
        ("harborline", date(YEAR, 3, 18), time(10, 15), True, False),
        ("mesa-dental", date(YEAR, 7, 4), time(11), True, True),
        ("northfork", date(YEAR, 10, 2), time(16, 40), False, True),
    ):
        facts = {"telephone_down": telephone, "email_down": email}
        log.add(agreement, agreement, "support_unavailable", local(day, clock), "Trak", facts)


def mended(log: Log) -> None:
    """What was entered wrongly, a level and an escalation that never was; a finding of too little effort."""

    def add(row: Row, what: str, wait: timedelta, facts: Facts | None, target: Row | None) -> None:
        log.add(row["subject"], row["agreement"], what, row["at"] + wait, "Trak", facts, target)

    changed = {row["subject"] for row in log.rows if row["type"] == "severity_changed"}
    wrong = next(
        row for row in log.rows
        if row["type"] == "opened" and row["facts"].get("severity") == 1 and row["subject"] not in changed
    )
    add(wrong, "corrected", timedelta(days=1), {"severity": 2, "indicated_level": 2}, wrong)
    escalations = [row for row in log.rows if row["type"] == "escalated"]
    add(escalations[4], "retracted", timedelta(days=2), None, escalations[4])
    add(escalations[-1], "effort_withheld", timedelta(hours=1), None, None)


def main() -> None:
    rng = Random(20250101)
    log = Log()
    for number, opened in enumerate(sorted(some_instant(rng) for _ in range(TICKETS)), 1):
        Ticket(log, rng, opened, number).lives()
    the_desk(log)
    releases(log, rng)
    mended(log)
    made = Path(__file__).with_name("events.jsonl")
    made.write_text("\n".join(log.lines()) + "\n", encoding="utf-8")
    times = [f"{maintenance(month)} 20:00 to 22:30" for month in range(1, 13)]
    supplied = "\n".join([*times, f"known until {YEAR + 1}-01-01"])
    made.with_name("maintenance.txt").write_text(supplied + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
