"""What else happens where several constructs meet: elections, dates, payments, ties, and changes of any record."""

from __future__ import annotations

from typing import Any

from ..wall import first_instant, seconds, written
from .calendars import HOUR, ordinal
from .draft import Draft
from .story import instants
from .together import DATES, day

Json = dict[str, Any]


def happened(draft: Draft, contract: Json, story: list[Json], last: int) -> list[Json]:
    """The story with more in it."""
    opened = seconds(story[0]["at"])
    found = list(story)
    if "_date'" in str(contract):
        found += told_dates(draft, story, opened, last)
    if "choices" in contract:
        found += elections(draft, contract, opened, last)
    if "days" in contract.get("term", {}):
        found += payments(draft, opened, last)
    if draft.chance(0.06):
        found.append(one(draft, "s1", "out_of_scope", "provider", opened, last))
    if "term" not in contract and draft.chance(0.08):
        found += hours(draft, opened)
    if draft.chance(0.5):
        tie(draft, found)
    return found


def one(draft: Draft, name: str, kind: str, actor: str, opened: int, last: int, **facts: Any) -> Json:
    at = instants(draft, opened, last, 1)[0]
    event: Json = {"id": name, "type": kind, "at": written(at), "actor": actor}
    return event | ({"facts": facts} if facts else {})


def told_dates(draft: Draft, story: list[Json], opened: int, last: int) -> list[Json]:
    found: list[Json] = []
    for fact in ("agreed_date", "second_date"):
        if draft.chance(0.5):
            story[0].setdefault("facts", {})[fact] = day(draft, draft.rng.choice(DATES))
        for number in range(draft.rng.choice([0, 1, 1, 2])):
            told = {fact: day(draft, draft.rng.choice(DATES))}
            kind = draft.rng.choice(["recorded", "recorded", "updated"])
            found.append(one(draft, f"d{fact[0]}{number}", kind, "provider", opened, last, **told))
    return found


def elections(draft: Draft, contract: Json, opened: int, last: int) -> list[Json]:
    """By the right party mostly; early, late and second ones come by chance."""
    choice = contract["choices"][0]
    found = []
    for number in range(draft.rng.choice([0, 1, 1, 2])):
        option = draft.rng.choice(sorted(choice["options"]))
        actor = choice["elector"] if draft.chance(0.85) else draft.rng.choice(["provider", "customer"])
        told = {choice["name"]: option}
        if draft.chance(0.4):
            told["agreed_date"] = day(draft, draft.rng.choice(DATES))
        found.append(one(draft, f"v{number}", "elected", actor, opened, last, **told))
    return found


def payments(draft: Draft, opened: int, last: int) -> list[Json]:
    """The agreement starts some days before the ticket, and is paid for now and then."""
    rng = draft.rng
    started = first_instant(draft.zone, ordinal(draft.period) - rng.choice([1, 2, 3])) + rng.choice([0, 9, 23]) * HOUR
    found: list[Json] = [{"id": "a1", "type": "started", "at": written(started), "actor": "provider", "subject": "A1"}]
    for number in range(rng.choice([0, 1, 2, 3])):
        kind = rng.choice(["paid", "purchase_order_received"])
        found.append(one(draft, f"p{number}", kind, "customer", started, last) | {"subject": "A1"})
    return found


def hours(draft: Draft, opened: int) -> list[Json]:
    """Fills and draws, some at one instant (R34)."""
    found: list[Json] = []
    for number in range(draft.rng.randint(2, 5)):
        kind = draft.rng.choice(["hours_purchased", "hours_logged"])
        at = opened + draft.rng.choice([0, 1, 2]) * HOUR
        facts = {"hours": draft.rng.randint(1, 6)}
        found.append({"id": f"q{number}", "type": kind, "at": written(at), "actor": "provider", "facts": facts})
    return found


def tie(draft: Draft, events: list[Json]) -> None:
    """Some happen at the instant of another; none before the opening."""
    for event in draft.rng.sample(events, min(len(events), draft.rng.choice([1, 2, 3]))):
        if event["type"] not in ("opened", "started"):
            event["at"] = draft.rng.choice(events)["at"]


def changed_records(draft: Draft, log: list[Json]) -> None:
    """Corrections and retractions of records of any type (R3)."""
    rng = draft.rng
    ids = [event["id"] for event in log]
    plain = [one for one in log if one["type"] not in ("opened", "corrected", "retracted")]
    plain = [one for one in plain if ids.count(one["id"]) == 1]
    end = written(max(seconds(event["at"]) for event in log) + HOUR)
    for number, event in enumerate(rng.sample(plain, min(len(plain), rng.choice([0, 0, 1, 1, 2])))):
        change: Json = {"id": f"w{number}", "type": "retracted", "at": end, "actor": "provider", "target": event["id"]}
        if draft.chance(0.6):
            moved = seconds(event["at"]) + 60 * rng.choice([-60, -1, 1, 30, 120])
            set_to: Json = {"at": written(moved)}
            if event["type"] == "severity_changed" and draft.chance(0.5):
                set_to = {"facts": {"severity": rng.choice([1, 2, 3])}}
            elif draft.chance(0.3) and not event["type"].startswith("contact"):
                set_to = {"actor": rng.choice(["provider", "customer"])}
            change |= {"type": "corrected", "set": set_to}
        log.insert(rng.randint(log.index(event) + 1, len(log)), change)
