"""Events in classes for the quick way: those of one class are alike for every rule that it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, by_whom
from slarules.engine.plan import DutyPlan
from slarules.model.expression import Pattern
from slarules.model.rules import Prohibition, Right

KINDS = {
    "opened": quick.BEGINS,
    "severity_changed": quick.REGRADES,
    "waiting": quick.WAITS,
    "resumed": quick.RESUMES,
    "resolved": quick.RESOLVES,
    "closed": quick.CLOSES,
    "reopened": quick.REOPENS,
    "cancelled": quick.ENDS_ALL,
    "out_of_scope": quick.ENDS_ALL,
    "terminated": quick.ENDS_ALL,
}
"""What types of event do to the ticket itself; all others are acts."""
ALWAYS_ALIEN = ("severity_confirmed", "elected", "agreed")


@frozen(eq=False)
class Classes:
    """The classes of a version's events."""

    of: Any
    """[type, actor + 1] → the class; the last actor is whoever is no party."""
    kinds: list[int]
    """[class] → what it does."""
    performs: list[int]
    """[class] → the duties that it performs, a bit each, by their place among those followed."""


def classes_of(own: Parts, followed: Mapping[int, int]) -> Classes | None:
    """The classes; None where there are too many. ``followed`` has the duties whose acts matter, by their bit."""
    found: dict[tuple[int, int], int] = {}
    of = np.zeros((len(own.types), len(own.parties) + 2), np.int64)
    for kind, code in own.types.items():
        for actor in range(-1, len(own.parties) + 1):
            meant = _meaning(own, followed, kind, actor)
            of[code, actor + 1] = found.setdefault(meant, len(found))
    if len(found) >= quick.CLASSES:
        return None
    return Classes(of, [does for does, _ in found], [performs for _, performs in found])


def _meaning(own: Parts, followed: Mapping[int, int], kind: str, actor: int) -> tuple[int, int]:
    """What an event does, and which duties it performs."""
    if kind in ALWAYS_ALIEN or _sets_off(own, kind, actor) or _is_judged(own, kind, actor):
        return quick.ALIEN, 0
    does = KINDS.get(kind, quick.ACT)
    performs = 0
    for bit, number in followed.items():
        duty = own.duties[number]
        by = _by_any(own, duty.performs.get(kind, ()), actor)
        if by == 2 or kind in duty.ends:
            return quick.ALIEN, 0
        performs |= by << bit
    if performs and does not in (quick.ACT, quick.RESOLVES, quick.CLOSES):
        return quick.ALIEN, 0
    return does, performs


def _by_any(own: Parts, patterns: Iterable[Pattern], actor: int) -> int:
    return max((by_whom(pattern.by, actor, own) for pattern in patterns), default=at.NO, key=(0, 2, 1).__getitem__)


def _sets_off(own: Parts, kind: str, actor: int) -> bool:
    """Whether it may set off anything but a duty by the opening."""
    for planned, trigger in own.plan.on_event.get(kind, ()):
        by_opening = kind == "opened" and isinstance(planned, DutyPlan)
        if planned.kind == "ticket" and not by_opening and by_whom(trigger.pattern.by, actor, own) != at.NO:
            return True
    halves = {half.pattern.type for _, both in own.plan.on_both for half in (both.first, both.second)}
    return kind in halves and kind != "opened"


def _is_judged(own: Parts, kind: str, actor: int) -> bool:
    """Whether it is checked against a right or a prohibition."""
    terms = own.plan.adopted.terms
    rules: list[Right | Prohibition] = [*terms.rights.values(), *terms.prohibitions.values()]
    return any(
        pattern.type == kind and by_whom(pattern.by, actor, own) != at.NO
        for rule in rules
        if rule.kind == "ticket"
        for pattern in rule.patterns
    )
