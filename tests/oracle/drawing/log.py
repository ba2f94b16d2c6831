"""The order of arrival: late and doubled records, corrections and retractions (R3, R32)."""

from __future__ import annotations

import random
from typing import Any

from ..wall import seconds, written
from .calendars import HOUR
from .draft import Draft

Json = dict[str, Any]


def drawn_log(draft: Draft, events: list[Json]) -> list[Json]:
    """The order of arrival, with late and doubled records, corrections and retractions."""
    rng, log = draft.rng, list(events)
    end = max(seconds(event["at"]) for event in events)

    def later() -> str:
        return str(written(end + HOUR))

    acts = [one for one in events if one["type"] in ("responded", "acknowledged", "updated", "escalated", "reported")]
    if draft.doubtful:
        acts += [one for one in events if one["type"] in ("opened", "waiting", "resumed")]
    if draft.chance(0.12):
        two_sources(rng, log)
    if acts and draft.chance(0.1):
        target = rng.choice(acts)["id"]
        log.append({"id": "r1", "type": "retracted", "at": later(), "actor": "provider", "target": target})
        if draft.chance(0.3):
            log.append({"id": "r2", "type": "retracted", "at": later(), "actor": "provider", "target": "r1"})
    opened = next(event for event in events if event["type"] == "opened")
    if draft.chance(0.12):
        change: Json = {}
        target = opened["id"]
        if "channel" not in opened.get("facts", {}) or draft.chance(0.5):
            change = {"facts": {"channel": rng.choice(["telephone", "email"])}}
        elif "severity" in opened["facts"]:
            change = {"facts": {"severity": rng.choice([1, 2, 3])}}
        if acts and draft.chance(0.4):
            moved = rng.choice(acts)
            target, change = moved["id"], {"at": written(seconds(moved["at"]) + rng.choice([-60, 60, 1800]))}
        if change:
            log.append(
                {
                    "id": "k1",
                    "type": "corrected",
                    "at": later(),
                    "actor": "provider",
                    "target": target,
                    "set": change,
                }
            )
    if draft.chance(0.1):
        log.insert(rng.randrange(1, len(log) + 1), dict(rng.choice(log)))  # the same again: a no-op
        if draft.chance(0.3):  # the same id with other content: the earlier stands (R32)
            log.append({**rng.choice(events), "actor": "customer"})
    if len(log) > 2 and draft.chance(0.25):
        late = rng.randrange(1, len(log))
        event = dict(log.pop(late))
        event["recorded_at"] = written(seconds(event["at"]) + 6 * HOUR)
        log.insert(rng.randrange(late, len(log) + 1), event)
    return log


def two_sources(rng: random.Random, log: list[Json]) -> None:
    """Two sources, each with its own sequence (R12)."""
    for number, event in enumerate(log, start=1):
        event["source"] = rng.choice(["desk", "mail"])
        event["seq"] = number
