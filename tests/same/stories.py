"""What happens to one subject, as it is drawn, and what goes wrong with logs on the way."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from attrs import define, evolve, field

from slarules.calendars.zones import EPOCH
from slarules.model.event import Event, Raw
from slarules.model.rules import Fact
from slarules.model.value import HOUR, MINUTE
from tests.same.listening import Words

TICKET = (
    *("acknowledged", "responded", "updated", "asked", "workaround", "escalated", "reported", "severity_confirmed"),
    *("out_of_scope", "notified", "agreed", "elected", "recorded"),
)


@define
class Story:
    """One subject's events as they are drawn."""

    rng: random.Random
    words: Words
    subject: str
    agreement: str | None
    events: list[Event] = field(factory=list)
    features: set[str] = field(factory=set)

    def add(self, at: int, kind: str, actor: str | None, facts: Mapping[str, Raw] | None = None) -> None:
        number = len(self.events)
        told = dict(facts or {}) if self.words.way is None else dict(sorted((facts or {}).items()))
        event = Event(f"{self.subject}-{number}", self.subject, kind, at, actor, told)
        self.events.append(evolve(event, agreement=self.agreement) if self.agreement else event)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability


# ---- Facts ----------------------------------------------------------------------------------------------------------


def value_of(rng: random.Random, fact: Fact, around: int, way: int | None = None) -> Raw:
    """A value of a fact's type; ``way`` chooses one of the ways in which logs write it, None any of them."""
    day = lambda: (EPOCH + timedelta(microseconds=around, days=rng.randint(-4, 8))).date().isoformat()  # noqa: E731
    way = rng.randrange(3) if way is None else way
    match fact.type.kind:
        case "yes_no":
            true = rng.random() < 0.5
            return true if way < 2 else ("yes" if true else "no")
        case "one_of":
            return rng.choice(fact.type.values)
        case "number" | "hours":
            number = rng.choice([0, 1, 3, 5, 7, 10, 11])
            return number if way == 0 else Decimal(number) + Decimal("0.01") if way == 1 else f"{number}.5"
        case "money":
            amount = rng.choice(["100", "100.00", "99.50", "1000", "250.01"])
            return Decimal(amount).quantize(Decimal("0.01")) if way == 1 else f"{amount} {fact.type.currency}"
        case "date":
            return day()
        case "dates":
            found = tuple(day() for _ in range(rng.randint(1, 4)))
            return found if way == 1 else " ".join(found)
    return rng.choice(["test", "down", "Ann", "Bob"])


def facts_of(story: Story, kinds: Sequence[str], around: int, likely: float) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for name in story.words.asked:
        fact = story.words.facts.get(name)
        if fact is not None and fact.kind in kinds and story.chance(likely):
            bad = story.chance(0.003)
            found[name] = "nonsense" if bad else value_of(story.rng, fact, around, story.words.way)
            story.features |= {"a value that is none"} if bad else set()
    return found


def actor_of(story: Story, kind: str, usual: str) -> str | None:
    """Mostly the party by whom the rules want it; sometimes another, sometimes nobody known."""
    roll = story.rng.random()
    wanted = story.words.by.get(kind)
    if kind in ("opened", "severity_changed") and story.words.assigners and roll < 0.9:
        return story.rng.choice(story.words.assigners)  # who may say how grave it is (R24)
    if roll < 0.95:
        actor = story.rng.choice(wanted) if wanted else usual
        return actor if roll < 0.85 else {"Desk": "provider"}.get(actor, actor.lower())
    if roll < 0.98:
        return story.rng.choice(story.words.parties)
    story.features.add("unknown actor")
    return None if roll < 0.995 else "Somebody"


# ---- What is odd in a log ------------------------------------------------------------------------------------------


def with_oddities(story: Story, odd: float) -> list[Event]:
    """The subject's events with what goes wrong in logs: each oddity in a few subjects."""
    rng, events = story.rng, list(story.events)
    few = 0.05 * odd
    if not events:
        return events
    if rng.random() < few:
        story.features.add("doubled")
        events.insert(rng.randint(1, len(events)), rng.choice(events))
    if rng.random() < few:
        story.features.add("disputed")
        events.append(evolve(rng.choice(events), actor=story.words.parties[1], at=events[-1].at + MINUTE))
    if rng.random() < few:
        story.features.add("unknown type")
        events.append(Event(f"{story.subject}-x", story.subject, "sneezed", events[-1].at))
    if rng.random() < 2 * few:
        story.features.add("retracted")
        events += _retracted(story, events)
    if rng.random() < 2 * few:
        story.features.add("corrected")
        events += _corrected(story, events)
    if rng.random() < 2 * few:
        story.features.add("sequences")
        events = [evolve(e, sequence=n, source=rng.choice(["desk", "mail"])) for n, e in enumerate(events)]
    elif rng.random() < few:
        story.features.add("sources")
        events = [evolve(e, source=rng.choice(["desk", "mail"])) for e in events]
    elif rng.random() < few:
        story.features.add("one sequence")
        events = [evolve(e, sequence=n) for n, e in enumerate(events)]
    if rng.random() < 2 * few:
        story.features.add("recorded later")
        events = [evolve(e, recorded_at=e.at + rng.choice([-MINUTE, 0, HOUR])) for e in events]
    if rng.random() < 1.5 * few:
        story.features.add("at one instant")
        place = rng.randrange(len(events))
        events[place] = evolve(events[place], at=rng.choice(events).at)
    if rng.random() < few / 2:
        story.features.add("kind said")
        kinds = rng.choice([("ticket",), ("ticket",), ("agreement",), ("ticket", "agreement")])
        events = [evolve(e, kind=rng.choice(kinds)) for e in events]
    return events


def _retracted(story: Story, events: Sequence[Event]) -> list[Event]:
    target = story.rng.choice(events)
    end = max(e.at for e in events) + HOUR
    first = Event(f"{story.subject}-r", story.subject, "retracted", end, None, {}, target.source, target=target.id)
    if story.chance(0.3):
        return [first, evolve(first, id=f"{story.subject}-rr", target=first.id)]
    return [first]


def _corrected(story: Story, events: Sequence[Event]) -> list[Event]:
    rng, target = story.rng, story.rng.choice(events)
    facts: dict[str, Raw] = {}
    if story.chance(0.5):
        facts["at"] = target.at + rng.choice([-HOUR, -MINUTE, 1, MINUTE, 5 * HOUR])
    if story.words.levels and story.chance(0.5):
        facts["severity"] = rng.choice(story.words.levels)
    if story.chance(0.2):
        facts["actor"] = rng.choice(story.words.parties)
    if story.chance(0.1):
        facts["type"] = rng.choice(TICKET)
    facts |= facts_of(story, ("ticket",), target.at, 0.3)
    end = max(e.at for e in events) + HOUR
    wrong = "nowhere" if story.chance(0.1) else target.id
    return [Event(f"{story.subject}-c", story.subject, "corrected", end, None, facts, target.source, target=wrong)]


def arriving(rng: random.Random, events: list[Event], odd: float) -> list[Event]:
    """The order of arrival: mostly as it happened, a few events late."""
    for _ in range(int(len(events) * 0.02 * odd)):
        late = events.pop(rng.randrange(len(events)))
        events.insert(rng.randint(0, len(events)), late)
    return events
