"""From when what has no trigger is owed: a ticket's opening, an agreement's start, or the rule's clause (R27)."""

from __future__ import annotations

from slarules.calendars import zones
from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.history import Entry, SubjectHistory
from slarules.engine.in_force import NEVER
from slarules.engine.plan import Plan, Planned, plan_of


def stands_from(plan: Plan, history: SubjectHistory, agreement: Agreement | None) -> list[tuple[int, Planned]]:
    """Each rule of the subject that stands, and the instant from which on it does.

    Before a ticket is opened stands nothing. An agreement of which the contract has statuses starts when the first of
    them begins, and until then stands nothing.
    """
    own = [planned for planned in plan.standing if planned.kind == history.kind]
    start = begins(history)
    if start is None:
        return []
    if not own or agreement is None or history.kind != "agreement":
        return [(start, planned) for planned in own]
    if agreement.stays:
        begun = [stays[0].since for stays in agreement.stays.values() if stays]
        if not begun:
            return []
        start = min(begun)
    since = _since(plan.adopted)
    before = [one for _, one in agreement.versions if _since(one) < since]
    thereafter = [*before, plan.adopted][1:]
    in_its_time = [one for one, then in zip(before, thereafter, strict=True) if _since(then) > start]
    stood = {planned.name for one in in_its_time for planned in plan_of(one).standing}
    return [(start if planned.name in stood else max(start, since), planned) for planned in own]


def begins(history: SubjectHistory) -> int | None:
    """When there is such a subject: of a ticket its opening, of all else the first event; None: it is never opened."""
    first = opening(history)
    return first.at if first is not None else None


def opening(history: SubjectHistory) -> Entry | None:
    """The event with which there is such a subject."""
    ticket = history.kind == "ticket"
    return next((entry for entry in history.entries if not ticket or entry.type == "opened"), None)


def _since(version: Adopted) -> int:
    """From when the version of the terms is in force."""
    day = version.terms.in_force_from
    return -NEVER if day is None else zones.day_start(day, version.zone or "UTC")
