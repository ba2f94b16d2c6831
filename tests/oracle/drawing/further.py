"""What else contracts say: acts that count only if, warnings, times by a fact, closings, hours, what follows a duty."""

from __future__ import annotations

from typing import Any

from ..wall import seconds, written
from .calendars import HOUR
from .draft import Draft
from .story import instants

Json = dict[str, Any]

SIMPLE = ("office", "lunch", "holiday", "irregular", "elsewhere")


def furthered(draft: Draft, contract: Json) -> None:
    """Adds some of each to what was drawn."""
    for duty in draft.duties:
        plain = "recurring" not in duty
        if plain and draft.chance(0.45):
            duty["performed_by"]["if"] = qualified(draft)
        if plain and duty["target"]["kind"] in ("elapsed", "business", "by_severity") and draft.chance(0.25):
            duty["target"] = by_fact(draft, by_level=duty["target"]["kind"] == "by_severity")
            if duty["target"].get("by_level"):
                duty["on_severity_change"] = draft.severity_rule()
            else:
                duty.pop("on_severity_change", None)
        if duty.get("until") and draft.chance(0.3):
            duty["until_by"] = "provider"
        if plain and duty["trigger"].get("event") == "opened" and draft.chance(0.15):
            duty["trigger"][draft.rng.choice(["during", "outside"])] = hours(draft)
        if draft.chance(0.1) and "when" not in duty["trigger"] and "outcome" not in duty["trigger"]:
            duty["trigger"]["when"] = {draft.rng.choice(["during", "outside"]): hours(draft)}
        if plain and next_opening(duty) and draft.chance(0.3):
            duty["next_opening"] = True
    if draft.chance(0.4):
        closing(draft)
    if draft.chance(0.5):
        warned(draft)
    if draft.chance(0.5):
        after(draft)
    contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}


def hours(draft: Draft) -> str:
    name = draft.rng.choice([*SIMPLE, "night"])
    draft.used.add(name)
    return str(name)


def qualified(draft: Draft) -> Json:
    """What must be so for an act to count."""
    satisfied = {"fact": "satisfied", "is": [True]}
    asked = [("written", [True]), ("down", [False]), ("channel", ["email", "form"])]
    name, values = draft.rng.choice(asked)
    other = {"fact": name, "is": values}
    roll = draft.rng.random()
    if roll < 0.5:
        return satisfied
    if roll < 0.75:
        return other
    return {draft.rng.choice(["all", "any"]): [satisfied, other]}


def by_fact(draft: Draft, by_level: bool) -> Json:
    """A time that a fact gives, or a fact and the severity; now and then none."""
    rng = draft.rng
    found: Json = {"kind": "by_fact", "fact": "down", "is": [True, False]}
    name = draft.calendar() if draft.chance(0.5) else None

    def cell() -> Json:
        if draft.chance(0.08):
            return {"kind": "none"}
        span = 60 * rng.choice([30, 60, 120, 240, 480, 600, 960, 1440])
        draft.spans.append(span)
        told: Json = {"kind": "elapsed" if name is None else "business", "seconds": span}
        return told if name is None else {**told, "calendar": name}

    if by_level or (draft.severities and draft.chance(0.5)):
        found["by_level"] = True
        found["table"] = {f"{level}/{value}": cell() for level in (1, 2, 3) for value in ("yes", "no")}
    else:
        found["table"] = {value: cell() for value in ("yes", "no")}
    return found


def next_opening(duty: Json) -> bool:
    leaves = list(duty["target"].get("table", {"": duty["target"]}).values())
    kinds = {one["kind"] for one in leaves}
    closing = {"round", "always", "without", "either", "both"}
    return kinds <= {"business", "business_days"} and not {one.get("calendar") for one in leaves} & closing


def closing(draft: Draft) -> None:
    """By the close of business."""
    name = hours(draft)
    acts = {"events": [draft.rng.choice(["informed", "updated"])], "actor": "provider"}
    duty: Json = {"name": "today", "bearer": "provider", "trigger": {"event": draft.rng.choice(["opened", "asked"])}}
    draft.duties.append({**duty, "target": {"kind": "next_close", "calendar": name}, "performed_by": acts})


def timed(duty: Json) -> bool:
    leaves = list(duty["target"].get("table", {"": duty["target"]}).values())
    return all(one["kind"] in ("elapsed", "business") and one["seconds"] for one in leaves) and "recurring" not in duty


def warned(draft: Draft) -> None:
    """A warning before another duty's time is up."""
    duties = [duty for duty in draft.duties if timed(duty)]
    if not duties:
        return
    of = draft.rng.choice(duties)
    trigger: Json = {"of": of["name"], "remain": draft.rng.choice([10, 30, 60, 240]) * 60}
    spans = [one["seconds"] for one in of["target"].get("table", {"": of["target"]}).values()]
    percent = draft.rng.choice([50, 75])
    if draft.chance(0.5) and all(span * percent % 6000 == 0 for span in spans):
        trigger = {"of": of["name"], "used": percent}
    acts = {"events": [draft.rng.choice(["informed", "escalated"])], "actor": "provider"}
    duty: Json = {"name": "warn", "bearer": "provider", "trigger": trigger, "performed_by": acts}
    draft.duties.append({**duty, "target": draft.target(short=True, zero=True)})


def after(draft: Draft) -> None:
    """What is owed once another duty is met, or performed in time or late."""
    rng = draft.rng
    of = rng.choice([duty for duty in draft.duties if duty["target"]["kind"] != "none"] or draft.duties)
    trigger: Json = {"outcome": rng.choice(["met", "performed"]), "of": of["name"]}
    if draft.chance(0.3):
        trigger[rng.choice(["when", "unless"])] = draft.guard(known=False)
    acts = {"events": [rng.choice(["informed", "updated"])], "actor": "provider"}
    duty: Json = {"name": "then", "bearer": "provider", "trigger": trigger, "performed_by": acts}
    if draft.chance(0.3):
        duty["paused_while"] = ["customer"]
    draft.duties.append({**duty, "target": draft.target(short=True)})


def told_further(draft: Draft, story: list[Json], last: int) -> list[Json]:
    """The story with what acts need to count, said with them or afterwards."""
    rng = draft.rng
    likely = rng.choice([0.2, 0.5, 0.8])
    for event in story[1:]:
        if event["type"] in ("resolved", "responded", "acknowledged", "updated", "escalated", "informed"):
            told = event.get("facts", {})
            for name in ("satisfied", "written"):
                if draft.chance(likely):
                    told[name] = draft.chance(0.6)
            if told:
                event["facts"] = told
    opened = seconds(story[0]["at"])
    found = []
    for number, at in enumerate(instants(draft, opened, last, rng.choice([1, 2, 3]))):
        facts: Json = {}
        for name, values in (("satisfied", [True, False]), ("down", [True, False]), ("channel", ["email", "form"])):
            if draft.chance(0.45):
                facts[name] = rng.choice(values)
        if draft.chance(0.3):
            at = max(opened + HOUR, seconds(rng.choice(story)["at"]))
        found.append({"id": f"f{number}", "type": "recorded", "at": written(at), "actor": "customer", "facts": facts})
    return story + found
