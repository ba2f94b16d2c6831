"""A random contract: some duties, what they set off, and other terms from a date on (R27)."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..wall import first_instant
from .calendars import ordinal
from .draft import Draft
from .duties import answer, daily, escalation, resolution, response, updates

Json = dict[str, Any]


def drawn_contract(draft: Draft) -> Json:
    rng = draft.rng
    makers = rng.sample(["response", "resolution", "answer", "updates", "daily"], rng.choice([1, 2, 2, 3]))
    if "response" in makers:
        response(draft)
    if "resolution" in makers:
        resolution(draft)
    if "answer" in makers:
        answer(draft)
    if "updates" in makers:
        updates(draft)
    causes = [name for name in makers if name in ("response", "resolution", "updates")]
    if causes and draft.chance(0.5):
        escalation(draft, rng.choice(causes))
    if "daily" in makers:
        daily(draft, rng.choice(causes) if causes and draft.chance(0.4) else None)
    contract: Json = {"zone": draft.zone, "duties": draft.duties}
    if draft.used:
        contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}
    if draft.chance(0.1):
        contract["presumed"] = {"down": rng.choice([True, False])}
    if draft.severities and draft.chance(0.2):
        contract["severity_changed_by"] = ["customer"]
    return contract


def amended(draft: Draft, contract: Json, opened: int) -> int:
    """Other terms from a date about the opening on; gives when the ticket is opened, now and then just then (R27)."""
    since = ordinal(draft.period) + draft.rng.choice([0, 1, 2])
    named = []
    for duty in draft.rng.sample(draft.duties, draft.rng.randint(1, len(draft.duties))):
        if duty["target"]["kind"] in ("elapsed", "business", "business_days", "civil") and "recurring" not in duty:
            named.append({**duty, "target": draft.target()})
        elif "paused_while" in duty:
            named.append({name: one for name, one in duty.items() if name != "paused_while"})
    contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}
    if not named:
        return opened
    contract["versions"] = [{"from": date.fromordinal(since).isoformat(), "duties": named}]
    first = first_instant(draft.zone, since)
    return int(draft.rng.choice([opened, opened, first, first - 60]))
