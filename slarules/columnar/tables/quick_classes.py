"""Events in classes for the quick way: those of one class are alike for every rule that it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import frozen

from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, by_whom, part
from slarules.columnar.tables.quick_questions import is_known
from slarules.engine.plan import DutyPlan
from slarules.model.expression import Pattern

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


@frozen
class Meaning:
    """What is the same in all events of a class."""

    does: int
    """What it does to the ticket itself."""
    performs: int = 0
    """The duties that it performs, a bit each, by their place among those followed."""
    ends: int = 0
    """The duties that it ends by itself, likewise."""
    forbids: tuple[int, ...] = ()
    """The questions whether it breaks a prohibition."""


@frozen(eq=False)
class Classes:
    """The classes of a version's events."""

    of: Any
    """[type, actor + 1] → the class; the last actor is whoever is no party."""
    meanings: list[Meaning]
    """[class] → what the events do."""


ALIEN, INERT = Meaning(quick.ALIEN), Meaning(quick.ACT)


def classes_of(own: Parts, followed: Mapping[int, int], clocks: Mapping[int, int]) -> Classes | None:
    """The classes; None where there are too many. ``followed`` has the duties whose acts matter, by their bit."""
    found: dict[Meaning, int] = {}
    of = np.zeros((len(own.types), len(own.parties) + 2), np.int64)
    for kind, code in own.types.items():
        for actor in range(-1, len(own.parties) + 1):
            meant = _meaning(own, followed, kind, actor, clocks)
            of[code, actor + 1] = found.setdefault(meant, len(found))
    if len(found) >= quick.CLASSES:
        return None
    return Classes(of, list(found))


def _meaning(own: Parts, followed: Mapping[int, int], kind: str, actor: int, clocks: Mapping[int, int]) -> Meaning:
    """What an event does, which duties it performs and ends, and what may forbid it."""
    forbids = _forbidden(own, kind, actor, clocks)
    if kind in ALWAYS_ALIEN or _sets_off(own, kind, actor) or forbids is None or _is_judged(own, kind, actor, clocks):
        return ALIEN
    does = KINDS.get(kind, quick.ACT)
    performs = ends = 0
    for bit, number in followed.items():
        duty = own.duties[number]
        by = _by_any(own, duty.performs.get(kind, ()), actor)
        over = _by_any(own, duty.ends.get(kind, ()), actor) if does != quick.ENDS_ALL else at.NO
        if by == 2 or over == 2:
            return ALIEN
        performs |= by << bit
        ends |= over << bit
    if (performs or ends) and does not in (quick.ACT, quick.RESOLVES, quick.CLOSES):
        return ALIEN
    return Meaning(does, performs, ends, forbids)


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


def _forbidden(own: Parts, kind: str, actor: int, clocks: Mapping[int, int]) -> tuple[int, ...] | None:
    """The questions whether it breaks a prohibition; None where the quick way cannot tell."""
    found = []
    for row in rows_of(own, at.T_FORBIDS_AT, at.T_FORBIDS, own.types[kind]):
        by = among(row[1], actor)
        if by == at.NO:
            continue
        if by != at.YES or row[3] or row[2] < 0 or not is_known(own, row[2], clocks):
            return None
        found.append(row[2])
    return tuple(dict.fromkeys(found))


def _is_judged(own: Parts, kind: str, actor: int, clocks: Mapping[int, int]) -> bool:
    """Whether it is checked against a right in a way that the quick way cannot tell."""
    for row in rows_of(own, at.T_RIGHTS_AT, at.T_RIGHTS, own.types[kind]):
        by = among(row[1], actor)
        if by == at.NO:
            continue
        unknown = by != at.YES or row[3] or not is_known(own, row[2], clocks)
        if kind != "opened" or unknown:
            return True
    return False


def rows_of(own: Parts, begins: int, name: int, code: int) -> list[list[int]]:
    """The rows of rights, or of prohibitions, that are a type's; another part says where they begin."""
    first, last = (int(n) for n in part(own, begins, code + 2)[code:])
    found: list[list[int]] = part(own, name, last, 4)[first:].tolist()
    return found


def among(parties: int, actor: int) -> int:
    """Whether an actor is one of the parties, as ``asking.by_whom``."""
    if parties & at.ANY:
        return at.YES
    if actor < 0:
        return 2 if parties else at.NO
    return at.YES if actor < 60 and parties >> actor & 1 else at.NO
