"""By whom an event must be to count: an actor whom nobody recorded leaves it unknown (R23)."""

from __future__ import annotations

from collections.abc import Iterable

from slarules.engine.expression import Truth3, missing
from slarules.engine.history import Entry
from slarules.model.expression import Pattern
from slarules.model.value import Unknown


def by_whom(pattern: Pattern, entry: Entry) -> Truth3:
    """Whether the event is by the pattern's party; an unknown actor leaves it unknown (R23)."""
    if pattern.by is None or entry.actor == pattern.by:
        return True
    return Unknown(whose(entry)) if entry.actor is None else False


def whose(entry: Entry) -> frozenset[str]:
    """What is wanting of an event whose actor is not recorded."""
    return frozenset({f"actor of {entry.id}"})


def by_any(patterns: Iterable[Pattern], entry: Entry) -> Truth3:
    """Whether the event fits one of the patterns."""
    who = [by_whom(pattern, entry) for pattern in patterns if pattern.type == entry.type]
    return True if any(one is True for one in who) else missing(*who) or False
