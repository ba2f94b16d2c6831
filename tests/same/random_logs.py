"""Random logs under any contract: what its rules listen to, in every order, also what cannot be.

Most tickets go as tickets do; each oddity of a log (doubles, corrections, unknown actors …) meets a few of them. The
same seed gives the same log.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve, frozen

from slarules.model.contract import Contract
from slarules.model.event import Event, Raw
from slarules.model.value import HOUR, MINUTE
from slarules.model.verdict import Evaluation
from tests.same.listening import Words, words_of
from tests.same.stories import TICKET, Story, actor_of, arriving, facts_of, with_oddities

DAY = 24 * HOUR
STEPS = (0, 1, 15, 30, 45, 59, 60, 61, 90, 120, 240, 479, 480, 540, 900, 1440, 2880)
"""Minutes from one event to the next; often those of a deadline."""


@frozen(eq=False)
class Drawn:
    """A log, and what is out of the ordinary in which subject."""

    events: tuple[Event, ...]
    features: Mapping[str, frozenset[str]]


def random_log(rng: random.Random, contract: Contract, around: int, tickets: int, odd: float = 0.5) -> Drawn:
    """So many tickets opened about an instant; ``odd`` says how often something is out of the ordinary."""
    words = evolve(words_of(contract), way=rng.choice([0, 0, 0, 0, 1, 1, 2, 2, None]))
    stories: list[Story] = []
    needs = bool(contract.versions[-1].statuses or contract.versions[-1].roles or "agreement" in words.wanted)
    agreements = rng.choice([1, 1, 2, 3, 12]) if needs and rng.random() < 0.9 else 0
    for number in range(agreements):
        stories.append(_agreement(rng, words, f"A{number}", around))
    for number in range(rng.randint(1, 4) if words.others else 0):
        stories.append(_other(rng, words, f"F{number}", around))
    for number in range(tickets):
        under = f"A{rng.randrange(agreements)}" if agreements > 1 or (agreements and rng.random() < 0.5) else None
        draw = _ordinary if rng.random() < 0.4 else _ticket
        stories.append(draw(rng, words, f"T{number}", under if rng.random() < 0.97 else "A9", around))
    events = [event for story in stories for event in with_oddities(story, odd)]
    if rng.random() < 0.4:
        events.sort(key=lambda event: event.at)
    features = {story.subject: frozenset(story.features) for story in stories}
    return Drawn(tuple(arriving(rng, events, odd)), features)


# ---- Tickets --------------------------------------------------------------------------------------------------------


def _ticket(rng: random.Random, words: Words, subject: str, agreement: str | None, around: int) -> Story:
    story = Story(rng, words, subject, agreement)
    provider, customer = words.parties[0], words.parties[1]
    at = around + rng.randint(-9 * 24 * 60, 24 * 60) * MINUTE
    at -= at % (rng.choice([1, 15, 60]) * MINUTE)
    if story.chance(0.03):
        story.features.add("before the opening")
        story.add(at - HOUR, rng.choice(TICKET), provider)
    severity = rng.choice(words.levels) if words.levels and story.chance(0.93) else None
    facts = facts_of(story, ("ticket",), around, rng.choice([0.95, 0.7, 0.2]))
    story.features |= {"no severity"} if severity is None else set()
    if severity is not None:
        facts["severity"] = _level(story, severity)
    if story.chance(0.985):
        story.add(at, "opened", actor_of(story, "opened", customer), facts)
    else:
        story.features.add("never opened")
    waiting: str | None = None
    phase = "open"
    for _ in range(rng.choice([1, 3, 5, 7, 9, 12])):
        at = _next(story, at)
        phase, waiting, severity = _step(story, at, around, phase, waiting, severity)
    return story


def _ordinary(rng: random.Random, words: Words, subject: str, agreement: str | None, around: int) -> Story:
    """A ticket as most are: opened, answered, perhaps waited for, resolved, perhaps reopened, closed."""
    story = Story(rng, words, subject, agreement)
    provider, customer = words.parties[0], words.parties[1]
    story.features.add("ordinary")
    at = around + rng.randint(-8 * 24 * 60, 12 * 60) * MINUTE + rng.choice([0, 0, 0, 1, 999_999])
    facts = facts_of(story, ("ticket",), around, 0.95)
    if words.levels:
        facts["severity"] = _level(story, rng.choice(words.levels))
    entitled = rng.choice(words.assigners) if words.assigners else customer
    story.add(at, "opened", entitled, facts)
    severity = facts.get("severity")
    steps = ["acknowledged", rng.choice(["responded", "updated"])]
    steps += ["waiting", "resumed"] if story.chance(0.3) else []
    steps += ["severity_changed"] if words.levels and story.chance(0.2) else []
    steps += [rng.choice(words.wanted.get("ticket", TICKET))] if story.chance(0.5) else []
    steps += ["resolved"] if story.chance(0.85) else []
    steps += rng.choice([["closed"], ["reopened", "updated", "resolved", "closed"], ["reopened"], []])
    for kind in steps:
        at = _next(story, at)
        told: dict[str, Raw] = facts_of(story, ("ticket", "any"), around, 0.1) | facts_of(story, ("any",), around, 0.9)
        if kind == "waiting":
            told = {"on": rng.choice([customer, customer, "vendor"])}
        elif kind == "severity_changed" and words.levels:
            told = {
                "severity": _level(
                    story, rng.choice([level for level in words.levels if level != str(severity)] or words.levels)
                )
            }
        actor = {"resumed": customer, "reopened": customer, "severity_changed": entitled}.get(kind, provider)
        story.add(at, kind, actor, told)
    return story


def _next(story: Story, at: int) -> int:
    """When the next event happens: often just as some length of time ends, to the microsecond."""
    found = _somewhen(story, at)
    if found > at or story.chance(0.03) or not story.events:
        return found
    return at + story.rng.choice([1, 1_000_000, MINUTE, HOUR])


def _somewhen(story: Story, at: int) -> int:
    roll = story.rng.random()
    if roll < 0.2:
        start = story.events[0].at if story.events else at
        at = max(at, start + story.rng.choice(story.words.spans) + story.rng.choice([-1, 0, 0, 0, 1, -MINUTE]))
    elif roll < 0.93:
        at += story.rng.choice(STEPS) * MINUTE
    else:
        at += story.rng.randint(0, 10 * HOUR)
    return at


def _level(story: Story, level: str) -> Raw:
    way = story.rng.randrange(3) if story.words.way is None else story.words.way
    return int(level) if level.isdigit() and way == 0 else level


def _step(
    story: Story, at: int, around: int, phase: str, waiting: str | None, severity: str | None
) -> tuple[str, str | None, str | None]:
    """One event of a ticket's life, and how the ticket stands after it."""
    rng, words = story.rng, story.words
    provider, customer = words.parties[0], words.parties[1]
    roll = rng.random()
    if roll < 0.01:  # what cannot be, as it may happen to be (R18)
        kind = rng.choice(["opened", "resumed", "reopened", "resolved", "closed", "waiting", "severity_changed"])
        told: dict[str, Raw] = {"on": waiting or customer} if kind == "waiting" else {}
        if kind == "severity_changed" and severity is not None:
            told["severity"] = severity
        story.features.add("impossible")
        story.add(at, kind, actor_of(story, kind, customer), told)
        return phase, waiting, severity
    if phase == "resolved" and roll < 0.55:
        kind = rng.choice(["reopened", "reopened", "closed"])
        story.add(at, kind, actor_of(story, kind, customer))
        return ("open" if kind == "reopened" else "over"), None, severity
    if roll < 0.15 and phase == "open":
        if waiting is None or story.chance(0.15):
            waiting = rng.choice([customer, customer, *words.parties, "vendor", "parts", "Vendor"])
            told = {"on": waiting} if story.chance(0.98) else {}
            story.add(at, "waiting", actor_of(story, "waiting", provider), told)
        else:
            story.add(at, "resumed", actor_of(story, "resumed", customer), {})
            waiting = None
        return phase, waiting, severity
    if roll < 0.25 and words.levels:
        severity = rng.choice([level for level in words.levels if level != severity] or words.levels)
        story.add(
            at, "severity_changed", actor_of(story, "severity_changed", customer), {"severity": _level(story, severity)}
        )
        return phase, waiting, severity
    if roll < 0.4 and phase == "open":
        story.add(at, "resolved", actor_of(story, "resolved", provider), _carried(story, "resolved", around))
        return "resolved", None, severity
    if roll < 0.45:
        kind = rng.choice(["closed", "closed", "cancelled", "out_of_scope"])
        story.add(at, kind, actor_of(story, kind, provider))
        return "over", None, severity
    kind = rng.choice(words.wanted.get("ticket", TICKET)) if story.chance(0.8) else rng.choice(TICKET)
    if kind in ("opened", "waiting", "resumed", "resolved", "closed", "reopened", "severity_changed"):
        kind = "updated"
    story.add(at, kind, actor_of(story, kind, provider), _carried(story, kind, around))
    return phase, waiting, severity


def _carried(story: Story, kind: str, around: int) -> dict[str, Raw]:
    rng, words = story.rng, story.words
    if kind in ("elected", "agreed") and words.choices and story.chance(0.8):
        name = rng.choice(sorted(words.choices))
        told: dict[str, Raw] = {name: rng.choice(words.choices[name])}
        return told | facts_of(story, ("ticket",), around, 0.2)
    if kind == "severity_confirmed" and words.levels and story.chance(0.5):
        return {"severity": _level(story, rng.choice(words.levels))}
    if kind == "recorded":
        return facts_of(story, ("ticket", "any"), around, 0.5)
    found = facts_of(story, ("ticket",), around, 0.04) | facts_of(story, ("any",), around, 0.75)
    if "caller" in words.facts and kind in words.wanted.get("ticket", ()) and story.chance(0.3):
        found["caller"] = rng.choice(["Ann", "Bob"])
        found |= {"buyer": rng.choice(["Ann", "Bob"])} if "buyer" in words.facts else {}
    if story.chance(0.003):
        story.features.add("unknown fact")
        found["shoe_size"] = rng.choice([44, "44", True])
    return found


# ---- Agreements and other subjects ----------------------------------------------------------------------------------


def _agreement(rng: random.Random, words: Words, subject: str, around: int) -> Story:
    story = Story(rng, words, subject, None)
    customer = words.parties[1]
    ago = rng.choice([10, 5, 3, 360, 365, 366, 370, 12])
    at = around - ago * DAY - rng.randint(0, 24 * 60) * MINUTE
    if story.chance(0.95):
        story.add(at, "started", customer, facts_of(story, ("agreement",), around, 0.8))
    at = max(at, around - 10 * DAY)
    kinds = ["paid", "invoiced", "hours_purchased", "hours_logged", "hours_logged", "recorded", "contact_designated"]
    kinds += ["contact_removed", "purchase_order_received", *words.wanted.get("agreement", ())]
    for _ in range(rng.randint(0, 9)):
        at += rng.choice([0, 60, 480, 1440, 2880, 4000]) * MINUTE
        kind = rng.choice(kinds)
        if kind == "terminated" and story.chance(0.6):
            continue
        story.add(at, kind, actor_of(story, kind, customer), _of_agreement(story, kind, around))
    return story


def _of_agreement(story: Story, kind: str, around: int) -> dict[str, Raw]:
    rng = story.rng
    if kind.startswith("hours_"):
        return {"hours": rng.choice([1, 2, 5, Decimal("1.5"), "4"])} if story.chance(0.95) else {}
    if kind.startswith("contact_"):
        told: dict[str, Raw] = {"who": rng.choice(["Ann", "Bob", "Cy"])} if story.chance(0.93) else {}
        if len(story.words.roles) > 1 and story.chance(0.85):
            told["role"] = rng.choice(story.words.roles)
        return told | ({"written": rng.choice([True, True, False])} if story.chance(0.8) else {})
    return facts_of(story, ("agreement", "any"), around, 0.5 if kind == "recorded" else 0.15)


def _other(rng: random.Random, words: Words, subject: str, around: int) -> Story:
    story = Story(rng, words, subject, None)
    kind = rng.choice(words.others)
    names = [name for name, of in words.kinds.items() if of == kind] or ["recorded"]
    at = around - rng.randint(0, 5 * 24 * 60) * MINUTE
    for _ in range(rng.randint(1, 4)):
        at += rng.choice([0, 60, 240, 1440]) * MINUTE
        name = rng.choice(names)
        story.add(at, name, actor_of(story, name, words.parties[0]), facts_of(story, (kind, "any"), around, 0.6))
    return story


# ---- A second look: events moved onto what the engine says is the last moment ---------------------------------------


def nudged(rng: random.Random, drawn: Drawn, seen: Evaluation, share: float = 0.5) -> tuple[Drawn, int]:
    """The same log with events moved to deadlines, give or take a microsecond, and an instant that tells them apart."""
    due: dict[str, list[int]] = {}
    for verdict in seen.verdicts:
        for instant in (verdict.deadline, verdict.next_change_at):
            if instant is not None:
                due.setdefault(verdict.subject, []).append(instant)
    own: dict[str, list[int]] = {}
    for place, event in enumerate(drawn.events):
        if event.type not in ("corrected", "retracted", "opened"):
            own.setdefault(event.subject, []).append(place)
    events = list(drawn.events)
    features = dict(drawn.features)
    for subject in sorted(due):
        if rng.random() < share and own.get(subject):
            place = rng.choice(own[subject])
            at = rng.choice(due[subject]) + rng.choice([-1, 0, 0, 0, 1])
            if at < seen.as_of + 400 * DAY:
                events[place] = evolve(events[place], at=at)
                features[subject] = features.get(subject, frozenset()) | {"at a deadline"}
    instants = sorted(instant for found in due.values() for instant in found)
    near = [instant for instant in instants if abs(instant - seen.as_of) < 5 * DAY] or [seen.as_of]
    return Drawn(tuple(events), features), rng.choice(near) + rng.choice([-1, 0, 0, 1])
