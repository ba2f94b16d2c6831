"""Now and then a term that runs out near the ticket, a caller's right, or a block of hours."""

from __future__ import annotations

from typing import Any

from ..wall import date_after, first_instant, written
from .calendars import HOUR, ordinal
from .draft import Draft

Json = dict[str, Any]


def drawn_agreement(draft: Draft, contract: Json, opened: int) -> list[Json]:
    """Now and then a term that runs out near the ticket, a caller's right, or a block of hours."""
    rng, events = draft.rng, list[Json]()
    plain = [duty for duty in draft.duties if duty["trigger"].get("event") == "opened" and "recurring" not in duty]
    if plain and "term" not in contract and draft.chance(0.06):
        contract["term"] = {"months": 12, "rounding": "down", "grace_days": 1, "reinstates": "from_expiry"}
        expiry = ordinal(draft.period) + rng.choice([-2, 0, 1, 2, 3])
        started = first_instant(draft.zone, date_after(expiry, months=-12, rounding="down")) + 9 * HOUR
        events.append({"id": "a1", "type": "started", "at": written(started), "actor": "provider", "subject": "A1"})
        condition = {"status_in": rng.choice([["active"], ["active", "grace"]])}
        duty = rng.choice(plain)
        if "when" not in duty["trigger"]:
            duty["trigger"]["when"] = condition
        if draft.chance(0.3 if draft.doubtful else 0.1):
            duty.setdefault("while", {"status_in": ["active", "grace"]})
    elif plain and draft.chance(0.06):
        duty = rng.choice(plain)
        if "when" not in duty["trigger"]:
            duty["trigger"]["when"] = {"right": "may_call"}
            for number, kind in enumerate(
                rng.choice([["contact_designated"], ["contact_designated", "contact_removed"]])
            ):
                at = opened - 2 * HOUR + number * rng.choice([1, 3]) * HOUR
                events.append(
                    {
                        "id": f"c{number}",
                        "type": kind,
                        "at": written(at),
                        "actor": "customer",
                        "facts": {"who": "ann"},
                    }
                )
    elif "term" not in contract and draft.chance(0.03):
        for number, (kind, hours) in enumerate((("purchased", 5), ("logged", 3), ("logged", 4), ("purchased", 2))):
            when = written(opened + number * HOUR)
            events.append(
                {
                    "id": f"h{number}",
                    "type": f"hours_{kind}",
                    "at": when,
                    "actor": "provider",
                    "facts": {"hours": hours},
                }
            )
    return events
