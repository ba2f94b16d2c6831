"""For want of what a verdict is undetermined, and why nothing in the log tells it (R9, R23, R30)."""

from __future__ import annotations

from slarules.engine.judging.case import Case
from slarules.engine.judging.instance import Instance
from slarules.engine.reasons.origin import by_event
from slarules.model.verdict import Verdict


def wanting(verdict: Verdict, instance: Instance | None, case: Case) -> str:
    """The facts that are wanting, in words, with why none of them is known."""
    names: dict[str, list[str]] = {}
    for name in verdict.missing:
        names.setdefault(_why(name, verdict, instance, case), []).append(name)
    told = []
    for why, some in names.items():
        known = ", ".join(f"`{name}`" for name in some)
        one, all_of_them = ("it is", "it") if len(some) == 1 else ("they are", "them")
        told.append(f"{known}: {why.replace('IT IS', one).replace('THEM', all_of_them)}")
    return f"for want of {'; of '.join(told)}" + ("" if set(names) == {_LISTS} else " (R9)")


_LISTS = "no list that was supplied tells of so late a time (R30)"
_NOWHERE = "IT IS nowhere recorded, and nothing stands in for THEM"
_NOT_THEN = "IT IS recorded, but was not at the instant that decides"
_NOT_SAID = "the event at hand does not say it, and no other can say it of that event"
_NOT_WHOM = "the event tells that the ticket waits, and not on whom; so nobody knows whether the clock stood still"
_NO_EVENT = "only an event says so of itself, and this hangs on no event"


def _why(name: str, verdict: Verdict, instance: Instance | None, case: Case) -> str:
    if name.startswith("holidays of "):
        return _LISTS
    if name.startswith("on of "):
        return _NOT_WHOM
    if name in case.plan.passing:
        trigger = None if instance is None else instance.trigger
        asked = verdict.rule in ("right", "prohibition") or (instance is not None and bool(instance.uncertain))
        event = instance is not None and trigger is not None and by_event(instance.plan.duty, trigger)
        return _NOT_SAID if asked or event else _NO_EVENT
    others = case.agreement.history.entries if case.agreement is not None else ()
    known = any(name in e.facts and e.at <= case.now for e in (*case.history.entries, *others))
    return _NOT_THEN if known else _NOWHERE
