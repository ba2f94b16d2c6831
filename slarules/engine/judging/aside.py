"""What time alone cannot change any more, as what was missed and is still owed, put aside until something may.

So a step looks only at what it may change, however much is owed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.engine.history import Entry
from slarules.engine.judging.case import Case, goes_on
from slarules.engine.judging.instance import Aside, Instance

FEW = 8
"""As many are looked at at each instant: that costs less than to put them aside and to take them up again."""


def is_still(instance: Instance) -> bool:
    """Whether only an event, a scope or a `while` may change it: it is overdue, or owed without a deadline."""
    if instance.uncertain or instance.unsaid:
        return False
    if instance.phase == "pending":
        timed = instance.due is not None or instance.unknown_at is not None or bool(instance.warnings)
        return not timed and instance.plan.duty.keeps is None
    return instance.phase == "undetermined" or (instance.phase == "breached" and instance.owed)


def put_aside(case: Case) -> None:
    """At the end of an instant: what is over is live no more; what stands still is, once something may change it."""
    many = len(case.live) > FEW
    for instance in case.live:
        if many or instance.phase != "pending":
            break
    else:
        return
    live: list[Instance] = []
    for instance in case.live:
        if many and is_still(instance):
            case.aside.setdefault(_kind(instance), []).append(instance)
        elif instance.phase in ("pending", "undetermined") or instance.owed or instance.uncertain:
            live.append(instance)
    case.live = live


def _kind(instance: Instance) -> Aside:
    ended = instance.snapshot is not None and instance.snapshot.ended is not None
    return Aside(id(instance.plan), id(instance.trigger), instance.phase, instance.missing, ended)


def may_change(case: Case, batch: Sequence[Entry], answered: bool) -> bool:
    """Whether an event of this instant may change any of it; of what is overdue: perform or end it, or let its clock
    stand still or run (R7)."""
    if not batch and not answered:
        return False
    if case.amended or any(kind.phase != "breached" for kind in case.aside):
        return True
    heeded = (case.plan.performing, case.plan.ending, ("reopened",))
    return any(entry.type in types for entry in batch for types in heeded)


def may_end(case: Case) -> bool:
    """Whether a scope or a `while` ends any of it now; a `while` is one for all of a kind."""
    if case.outside is not None:
        return True
    for kind, (first, *_) in case.aside.items():
        if first.plan.has_whiles and not kind.ended:
            holds = goes_on(case, first)
            if holds is False or (kind.phase == "pending" and holds is not True):
                return True
    return False


def take_up(case: Case) -> None:
    """All of it is live again for this instant, each in its place."""
    case.live = sorted([*case.live, *aside(case)], key=lambda instance: instance.place)
    case.aside.clear()


def aside(case: Case) -> Iterator[Instance]:
    """What is put aside, in no order."""
    for instances in case.aside.values():
        yield from instances
