"""Times that run from a milestone, the sooner and the later of two (R33)."""

from __future__ import annotations

from typing import Any

from .draft import Draft

Json = dict[str, Any]


def widened(draft: Draft, contract: Json) -> None:
    """Some duties have two limits, or one that runs from what happens later."""
    names = [duty["name"] for duty in draft.duties]
    for duty in draft.duties:
        plain = "recurring" not in duty and duty["target"]["kind"] not in ("none", "by_severity")
        if plain and draft.chance(0.6):
            duty["target"] = widened_target(draft, [name for name in names if name != duty["name"]])
            without_circle(draft, duty)
    if draft.chance(0.4):
        run = {"kind": "elapsed", "seconds": draft.rng.choice([30, 60, 240]) * 60, "after": draft.rng.choice(names)}
        follow: Json = {
            "name": "follow",
            "bearer": "provider",
            "trigger": {"event": draft.rng.choice(["opened", "asked"])},
            "target": run,
            "performed_by": {"events": ["informed", "updated"], "actor": "provider"},
        }
        if draft.chance(0.4):
            follow["paused_while"] = ["customer"]
        draft.duties.append(follow)
    contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}


def widened_target(draft: Draft, others: list[str]) -> Json:
    rng = draft.rng

    def after() -> Json:
        told = [*others, "acknowledged", "updated", "asked"]
        target = draft.target(short=draft.chance(0.7))
        return target if target["kind"] == "civil" else {**target, "after": rng.choice(told)}

    if draft.chance(0.2):
        return after()
    first = draft.target() if draft.chance(0.8) else after()
    second = draft.target() if draft.chance(0.4) else after()
    return {"kind": rng.choice(["sooner_of", "later_of"]), "of": [first, second]}


def without_circle(draft: Draft, duty: Json) -> None:
    """A time that runs from another duty runs from one that stands before it, so that none waits for itself."""
    before = [one["name"] for one in draft.duties[: draft.duties.index(duty)]]
    names = {one["name"] for one in draft.duties}
    for target in duty["target"].get("of", [duty["target"]]):
        if target.get("after") in names and target["after"] not in before:
            target["after"] = "acknowledged"
