"""R1, first part: what an event changes in the ticket's own state, and which events change nothing (R18, R24)."""

from __future__ import annotations

from slarules.engine.case import Case
from slarules.engine.history import Entry

CONFIRMED = "severity_confirmed"
"""The event by which a party confirms the severity that another assigned."""
TICKET_ENDS = ("cancelled", "out_of_scope")
MOVES = frozenset(
    ("opened", "waiting", "resumed", "resolved", "reopened", "closed", "severity_changed", CONFIRMED, *TICKET_ENDS)
)
"""Events that a ticket's own state decides on or is changed by; all others are recorded as they come."""


def take(case: Case, entry: Entry) -> bool:
    """Record the event; False where it is an impossible transition, which has no effect."""
    if case.is_ticket:
        if case.opened_at is None and entry.type != "opened":
            _remember(case, entry)
            case.happened.setdefault(entry.type, []).append(entry)
            return False  # before the opening: known, but nothing is owed for a ticket that is not there
        if entry.type in MOVES and not _moved(case, entry):
            return False
    if entry.facts:
        _remember(case, entry)
    case.happened.setdefault(entry.type, []).append(entry)
    return True


def _moved(case: Case, entry: Entry) -> bool:
    """Move the ticket's state; False where the event has no effect."""
    why = _impossible(case, entry)
    if why is not None:
        case.impossible.append((entry, why))
        return False
    if entry.type == "severity_changed" and not _entitled(case, entry):
        case.not_entitled.append((entry, f"`{entry.actor}` may not set the severity (R24)"))
        return False
    if entry.type == CONFIRMED and not _confirms(case, entry):
        return False
    _transition(case, entry)
    cause = "resolved" if case.resolution is not None else case.waiting
    if not case.standing or case.standing[-1][1] != cause:
        case.standing.append((entry.at, cause))
    return True


def _remember(case: Case, entry: Entry) -> None:
    for name, value in entry.facts.items():
        if name not in ("severity", "on"):
            case.facts[name] = value
    severity = entry.facts.get("severity") if entry.type != CONFIRMED else None  # a confirmation assigns none
    if severity is not None and not _entitled(case, entry):
        case.not_entitled.append((entry, f"`{entry.actor}` may not set the severity (R24)"))
    elif severity is not None and severity != case.severity:
        case.severity = str(severity)


def _impossible(case: Case, entry: Entry) -> str | None:
    """Why an event cannot have happened as the ticket stands (R18)."""
    match entry.type:
        case "opened" if case.opened_at is not None:
            return "opened a second time"
        case "resolved" if case.resolution is not None:
            return "resolved a second time"
        case "resumed" if case.waiting is None:
            return "resumed without waiting"
        case "waiting" if case.waiting is not None and case.waiting == entry.facts.get("on", ""):
            return "waiting on the same party already"
        case "reopened" if case.resolution is None and case.closed is None:
            return "reopened while open"
        case "severity_changed" if entry.facts.get("severity") == case.severity:
            return "changed to the same severity"
    return None


def _entitled(case: Case, entry: Entry) -> bool:
    severities = case.terms.severities
    if severities is None or entry.actor is None:
        return True
    assert isinstance(severities.changed_by, tuple) and isinstance(severities.assigned_by, tuple)
    who = severities.assigned_by if case.severity is None else severities.changed_by or severities.assigned_by
    return not who or entry.actor in who


def _confirms(case: Case, entry: Entry) -> bool:
    """Whether a confirmation is one: by the party that confirms, and of the severity in force (R24)."""
    severities = case.terms.severities
    confirmer = severities.confirmed_by if severities is not None else None
    if confirmer is not None and entry.actor not in (None, confirmer):
        case.not_entitled.append((entry, f"`{entry.actor}` may not confirm the severity (R24)"))
        return False
    level = entry.facts.get("severity", case.severity)
    if level is None or level != case.severity:
        found = f"severity {level} was found" if level is not None else "no severity was found"
        assigned = f"severity {case.severity} is" if case.severity is not None else "none is"
        case.disputed.append((entry, f"{found}, and {assigned} assigned: not confirmed"))
        return False
    return True


def _transition(case: Case, entry: Entry) -> None:
    match entry.type:
        case "opened":
            case.opened_at = entry.at
        case "waiting":
            case.waiting = str(entry.facts.get("on", ""))
        case "resumed":
            case.waiting = None
        case "resolved":
            case.resolution = entry
            case.waiting = None  # R18
        case "reopened":
            case.resolution = None
            case.closed = None
            case.ended_at = None
        case "closed":
            case.closed = case.closed or entry.id
            if case.resolution is None:
                case.ended_at = entry.at
        case "cancelled" | "out_of_scope":
            case.closed = entry.id
            case.ended_at = entry.at
