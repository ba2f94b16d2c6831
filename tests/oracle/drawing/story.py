"""What happened to a random ticket, and the instants at which to judge it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..wall import first_instant, seconds, written
from .calendars import HOUR, ordinal
from .draft import Draft

Json = dict[str, Any]


def instants(draft: Draft, opened: int, last: int, count: int) -> list[int]:
    """Whole minutes after the opening, drawn so that they often hit a deadline, a closing or one another."""
    rng, found = draft.rng, set[int]()
    midnight = [first_instant(draft.zone, ordinal(draft.period) + after) for after in range(7)]
    previous = opened
    while len(found) < count:
        roll = rng.random()
        if roll < 0.25 and draft.spans:
            at = rng.choice([opened, previous]) + rng.choice(draft.spans) + rng.choice([0, 0, -60, 60])
        elif roll < 0.45:
            at = rng.choice(midnight) + rng.choice([0, 6, 8, 9, 12, 13, 17, 22, 24]) * HOUR
        elif roll < 0.75:
            at = previous + 60 * rng.choice([1, 5, 15, 30, 60, 90, 120, 240, 480, 600])
        else:
            at = rng.randrange(opened, last, 60)
        if opened < at < last:
            found.add(at)
            previous = at
        elif roll > 0.4:
            previous = opened
    return sorted(found)


def opening(draft: Draft) -> Json:
    rng = draft.rng
    facts: Json = {}
    if draft.severities and not (draft.chance(0.25) and may_be_unknown(draft)):
        facts["severity"] = rng.choice([1, 2, 3])
        if draft.chance(0.8) and any("severity" in duty.get("while", {}) for duty in draft.duties):
            facts["severity"] = 1  # else the duty would not arise
    if draft.chance(0.7):
        facts["channel"] = rng.choice(["telephone", "email", "form"])
    if draft.chance(0.6):
        facts["down"] = rng.choice([True, False])
    return facts


def may_be_unknown(draft: Draft) -> bool:
    """Whether no duty would meet an open question if the severity came later."""
    return draft.doubtful or not any("while" in duty or "recurring" in duty for duty in draft.duties)


@dataclass
class Story:
    """A ticket as it stands while its story is drawn."""

    draft: Draft
    facts: Json
    recurring: set[str]
    """The acts that perform recurring duties."""
    acts: list[str]
    """Those to choose from."""
    asking: bool
    severity: Any
    events: list[Json] = field(default_factory=list)
    waiting: str | None = None
    resolved: bool = False
    over: bool = False


def drawn_story(draft: Draft, opened: int, last: int) -> list[Json]:
    """What happened, in order; legal steps mostly, with some that cannot be (R18)."""
    facts = opening(draft)
    recurring = {kind for duty in draft.duties if "recurring" in duty for kind in duty["performed_by"]["events"]}
    acts = sorted({kind for duty in draft.duties for kind in duty["performed_by"]["events"]} - {"resolved"})
    asking = any(duty["name"] == "answer" for duty in draft.duties)
    story = Story(draft, facts, recurring, [*acts, *acts, "updated", "workaround"], asking, facts.get("severity"))
    add(story, opened, "opened", "customer", dict(facts))
    for at in instants(draft, opened, last, draft.rng.randint(3, 12)):
        roll = draft.rng.random()
        if roll < 0.05:
            what_cannot_be(story, at)
        elif story.over:
            after_the_end(story, at)
        elif story.resolved:
            while_resolved(story, at)
        else:
            while_open(story, at, roll)
    return story.events


def add(story: Story, at: int, kind: str, actor: str | None, told: Json | None = None) -> None:
    event: Json = {"id": f"e{len(story.events) + 1:02}", "type": kind, "at": written(at)}
    if actor is not None:
        event["actor"] = actor
    if told:
        event["facts"] = told
    story.events.append(event)


def act(story: Story, at: int) -> None:
    draft, kind = story.draft, story.draft.rng.choice(story.acts)
    roll = draft.rng.random()
    actor: str | None = "provider" if roll < 0.86 else "customer" if roll < 0.94 else None
    if actor is None and kind in story.recurring and not draft.doubtful:
        actor = "provider"
    told: Json = {}
    if kind in ("responded", "acknowledged"):
        told["automatic"] = draft.chance(0.2)
    if kind == "updated":
        for name, values in (("channel", ["telephone", "email"]), ("down", [True, False])):
            if name not in story.facts and draft.chance(0.4):
                told[name] = story.facts[name] = draft.rng.choice(values)
    add(story, at, kind, actor, told)


def what_cannot_be(story: Story, at: int) -> None:
    kinds = ["opened", "resumed", "reopened", "waiting", "severity_changed", "resolved"]
    kind = story.draft.rng.choice(kinds)
    possible = {
        "resumed": story.waiting is not None,
        "reopened": story.resolved or story.over,
        "waiting": story.waiting is None,
        "severity_changed": story.severity is None,
        "resolved": not story.resolved,
    }
    told: Json = {"on": story.waiting or "customer"} if kind == "waiting" else {}
    if kind == "severity_changed":
        told = {"severity": story.severity}
    if not possible.get(kind, False):
        add(story, at, kind, "customer", told)


def after_the_end(story: Story, at: int) -> None:
    if story.draft.doubtful and story.draft.chance(0.3):
        add(story, at, "reopened", "customer")
        story.over = False
    else:
        act(story, at)


def while_resolved(story: Story, at: int) -> None:
    draft = story.draft
    if draft.reopens and draft.chance(0.6):
        add(story, at, "reopened", "customer")
        story.resolved = False
    elif draft.doubtful and draft.chance(0.3):
        story.waiting = draft.rng.choice(["customer", "third_party"])
        add(story, at, "waiting", "provider", {"on": story.waiting})
    elif draft.doubtful and draft.severities and draft.chance(0.3):
        another_severity(story, at)
    elif draft.chance(0.3):
        add(story, at, "closed", "provider")
    else:
        act(story, at)


def while_open(story: Story, at: int, roll: float) -> None:
    rng = story.draft.rng
    if roll < (0.5 if not story.asking else 0.4):
        act(story, at)
        if story.draft.chance(0.06):
            resolve(story, at, "provider")
    elif roll < 0.6 and story.asking:
        add(story, at, "asked", "customer")
    elif roll < 0.72 and story.waiting is not None:
        story.waiting = None
        add(story, at, "resumed", "customer")
    elif roll < 0.72:
        story.waiting = rng.choice(["customer", "customer", "third_party"])
        add(story, at, "waiting", "provider", {"on": story.waiting})
    elif roll < 0.84 and story.draft.severities:
        another_severity(story, at)
    elif roll < 0.96:
        resolve(story, at, "provider" if story.draft.chance(0.95) else rng.choice(["customer", None]))
        if story.draft.doubtful and story.draft.chance(0.1):
            add(story, at, "reopened", "customer")
            story.resolved = False
    else:
        add(story, at, rng.choice(["closed", "cancelled"]), "provider")
        story.over = True


def resolve(story: Story, at: int, actor: str | None) -> None:
    story.waiting, story.resolved = None, True
    add(story, at, "resolved", actor)


def another_severity(story: Story, at: int) -> None:
    story.severity = story.draft.rng.choice([one for one in (1, 2, 3) if one != story.severity])
    add(story, at, "severity_changed", "customer", {"severity": story.severity})


def as_of(draft: Draft, story: list[Json], opened: int, last: int) -> int:
    rng, roll = draft.rng, draft.rng.random()
    if roll < 0.3:
        return seconds(rng.choice(story)["at"]) + rng.choice([0, 0, -60, 60])
    if roll < 0.5 and draft.spans:
        return opened + rng.choice(draft.spans) + rng.choice([0, 0, -60])
    if roll < 0.8:
        return rng.randrange(opened, last, 60)
    return last
