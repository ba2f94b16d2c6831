"""Makes events.jsonl, half a year of example Incidents under Collabware's program, and holidays.txt, the dates that the
program leaves to Collabware. Nothing in them is real.

    python examples/collabware/make_events.py

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
INCIDENTS = 120
PACIFIC = ZoneInfo("America/Vancouver")
UTC = ZoneInfo("UTC")
HOLIDAYS = [date(YEAR, 1, 1), date(YEAR, 2, 17), date(YEAR, 4, 18), date(YEAR, 5, 19), date(YEAR, 7, 1),
            date(YEAR, 8, 4), date(YEAR, 9, 1), date(YEAR, 10, 13), date(YEAR, 12, 25), date(YEAR, 12, 26)]
OPENS, CLOSES = time(6), time(18)
RESPONSE = {1: 2, 2: 4, 3: 8}
"""Business hours to the first response, by severity."""
AGREEMENTS = {"alder": 0.6, "birch": 0.4}
Row = dict[str, Any]


def local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, PACIFIC).astimezone(UTC)


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def later(start: datetime, hours: float) -> datetime:
    """``start`` and so many hours of support, to the minute."""
    minutes, at = round(hours * 60), start
    while True:
        day = at.astimezone(PACIFIC).date()
        opens, closes = local(day, OPENS), local(day, CLOSES)
        if is_open(day) and at < closes:
            at = max(at, opens)
            left = int((closes - at).total_seconds() // 60)
            if minutes <= left:
                return at + timedelta(minutes=minutes)
            minutes -= left
        at = local(day + timedelta(days=1), OPENS)


def pick(rng: Random, weights: dict[Any, float]) -> Any:
    at = rng.random() * sum(weights.values())
    for value, weight in weights.items():
        at -= weight
        if at < 0:
            return value
    return value


def some_instant(rng: Random) -> datetime:
    """When a Licensee writes or calls: mostly in the hours of support, now and then outside them."""
    while True:
        day = date(YEAR, 1, 6) + timedelta(days=int(rng.random() * 170))
        if not is_open(day) and rng.random() > 0.15:
            continue
        hour = 6.5 + 11 * rng.random() if is_open(day) and rng.random() < 0.85 else 24 * rng.random()
        return local(day, time(0)) + timedelta(minutes=round(hour * 60))


def incident(rng: Random, number: int, opened: datetime) -> list[Row]:
    """One Incident: reported, answered, resolved, and now and then reported again."""
    name, level = f"I-{number:03}", pick(rng, {1: 15, 2: 35, 3: 50})
    agreement, channel = pick(rng, AGREEMENTS), pick(rng, {"web_form": 45, "email": 35, "telephone": 20})
    rows: list[Row] = []

    def add(what: str, at: datetime, actor: str, **facts: Any) -> None:
        rows.append({"subject": name, "type": what, "at": at, "actor": actor, "agreement": agreement, "facts": facts})

    add("opened", opened, "Licensee", severity=level, channel=channel, details_given=rng.random() > 0.1,
        caller=agreement if rng.random() > 0.05 else "a colleague")
    if channel != "telephone":
        add("acknowledged", opened + timedelta(minutes=1), "Collabware", automatic=True)
    add("logged", opened + timedelta(minutes=2 + round(20 * rng.random())), "Collabware")
    at_work = is_open(opened.astimezone(PACIFIC).date()) and OPENS <= opened.astimezone(PACIFIC).time() < CLOSES
    if channel != "telephone" and not at_work:
        add("assigned", later(opened, 0.5 + 3 * rng.random()), "Collabware")
    share = 0.15 + 0.8 * rng.random() if rng.random() > 0.12 else 1.05 + 1.5 * rng.random()
    answered = later(opened, RESPONSE[level] * share)
    if rng.random() < 0.9:
        looked_at = later(opened, RESPONSE[level] * share * 0.6)
        add("verified", looked_at, "Collabware", automatic=False, licensee_told=False)
    add("responded", answered, "Collabware", automatic=False, licensee_told=True)
    hours = {1: 5, 2: 14, 3: 30}[level] * (0.2 + 1.3 * rng.random())
    if rng.random() < 0.2:
        asked = later(answered, 0.3)
        add("waiting", asked, "Collabware", on="Licensee")
        answered = later(asked, 1 + 9 * rng.random())
        add("resumed", answered, "Licensee")
    resolved = later(answered, hours)
    facts = {"acceptable": rng.random() > 0.06} if rng.random() > 0.04 else {}
    add("resolved", resolved, "Collabware", **facts)
    if facts.get("acceptable") is False:
        add("reopened", later(resolved, 1.5), "Licensee")
        resolved = later(resolved, 6)
        add("resolved", resolved, "Collabware", acceptable=True)
    add("closed", later(resolved, 24), "Collabware")
    return rows


def agreements() -> list[Row]:
    """The beginnings of the agreements, and the callers whom each Licensee designates."""
    rows: list[Row] = []
    begins = local(date(YEAR, 1, 1), time(0))
    for name in AGREEMENTS:
        facts = {"licensee_country": "canada", "enterprise_license": False}
        rows.append({"subject": name, "type": "started", "at": begins, "actor": "Licensee", "facts": facts})
        who = {"who": name, "role": "AuthorizedCaller", "written": True}
        at = begins + timedelta(hours=10)
        rows.append({"subject": name, "type": "contact_designated", "at": at, "actor": "Licensee", "facts": who})
    return rows


def main() -> None:
    rng = Random(20250106)
    rows = agreements()
    for number, opened in enumerate(sorted(some_instant(rng) for _ in range(INCIDENTS)), 1):
        rows += incident(rng, number, opened)
    rows.sort(key=lambda row: row["at"])
    lines = []
    for number, row in enumerate(rows, 1):
        row["at"] = row["at"].astimezone(PACIFIC).isoformat()
        lines.append(json.dumps({"id": f"c{number:04}", "source": "desk", **row, "sequence": number}))
    made = Path(__file__).with_name("events.jsonl")
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    dates = [day.isoformat() for day in HOLIDAYS]
    made.with_name("holidays.txt").write_text("\n".join([*dates, f"known until {YEAR + 1}-01-01"]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
