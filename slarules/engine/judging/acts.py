"""Acts, of now or of before, and whether they perform a duty (R9, R10, R23)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from slarules.engine.actors import by_whom
from slarules.engine.expression import Truth3, missing
from slarules.engine.history import Entry, happened_at
from slarules.engine.judging.case import Case, Done
from slarules.engine.judging.instance import Instance, is_in_doubt
from slarules.model.value import Unknown

FEW = 8
"""So many acts are gone through each time: that costs less than to search among them."""


def qualifies_now(case: Case, instance: Instance, entry: Entry) -> Truth3:
    """Whether an act, of now or of before, performs the duty, as far as is recorded by now."""
    plan = instance.plan
    who: Truth3 = False
    for pattern in plan.performs[entry.type]:
        one = by_whom(pattern, entry)
        who = one if who is False or one is True else who
    if who is False or plan.qualifies is None:
        return who
    if entry.at < case.now:
        value = plan.qualifies(Done(case, entry))
    else:
        case.entry = entry
        value = plan.qualifies(case)
        case.entry = None
    return False if value is False else missing(who, value) or True


def past_acts(case: Case, instance: Instance, since: int, now_too: bool = False) -> list[Entry]:
    """What was done from an instant on and might perform it, in order; before now, or by now."""
    since = since if instance.not_before is None else max(since, instance.not_before)
    before, performs = case.now + now_too, instance.plan.performs
    own = [case.happened[type] for type in performs if type in case.happened]
    if len(own) == 1 and len(own[0]) > FEW:
        return own[0][bisect_left(own[0], since, key=happened_at) : bisect_left(own[0], before, key=happened_at)]
    return [e for e in case.taken if e.type in performs and since <= e.at < before] if own else []


def done_since(case: Case, instance: Instance, since: int, until: int, now_too: bool = False) -> list[Entry]:
    """The acts between two instants that certainly qualify."""
    past = past_acts(case, instance, since, now_too)
    return [e for e in past if e.at <= until and qualifies_now(case, instance, e) is True]


def counts_from(instance: Instance) -> int:
    """From when on acts perform it: where it arose with a breach, from that duty's trigger on (R10)."""
    cause = instance.cause
    return cause.triggered_at if cause is not None and cause.due == instance.triggered_at else instance.triggered_at


def may_have_performed(case: Case, name: str) -> Iterator[tuple[int, frozenset[str]]]:
    """When acts were done that performed a duty for all that is known, and for want of what nobody knows (R9, R23)."""
    for instance in case.in_doubt(name):
        for doubt in instance.uncertain:
            yield doubt.act.at, doubt.missing
        if instance.phase == "undetermined":
            yield from _if_it_is_owed(case, instance)


def _if_it_is_owed(case: Case, instance: Instance) -> Iterator[tuple[int, frozenset[str]]]:
    snapshot, undone = instance.snapshot, case.undone
    over = instance.ceased_at if not instance.owed else None
    if snapshot is not None and not is_in_doubt(instance):
        ended = snapshot.ended if snapshot.again is None and not snapshot.end_wants else None
        undone, over = snapshot.undone, ended[0] if ended is not None else None
    for act in past_acts(case, instance, counts_from(instance), now_too=True):
        if act in undone or (over is not None and act.at > over):
            continue
        qualifies = qualifies_now(case, instance, act)
        if qualifies is not False:
            yield act.at, instance.missing | (qualifies.missing if isinstance(qualifies, Unknown) else frozenset())
