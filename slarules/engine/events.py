"""R1, first part: what an event changes in the ticket's own state, and which events change nothing (R18, R24)."""

from __future__ import annotations

from slarules.engine.case import Case
from slarules.engine.history import Entry

TICKET_ENDS = ("cancelled", "out_of_scope")


def take(case: Case, entry: Entry) -> bool:
    """Record the event; False where it is an impossible transition, which has no effect."""
    why = _impossible(case, entry) if case.is_ticket else None
    if why is not None:
        case.impossible.append((entry, why))
        return False
    for name, value in entry.facts.items():
        if name not in ("severity", "on"):
            case.facts[name] = value
    if case.is_ticket:
        _transition(case, entry)
    severity = entry.facts.get("severity")
    if severity is not None and severity != case.severity:
        case.severity = str(severity)
    case.happened.setdefault(entry.type, []).append(entry)
    return True


def _impossible(case: Case, entry: Entry) -> str | None:
    """Why an event cannot have happened as the ticket stands (R18), or had no right to (R24)."""
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
        case "severity_changed":
            if entry.facts.get("severity") == case.severity:
                return "changed to the same severity"
            if not _entitled(case, entry):
                return f"`{entry.actor}` may not change the severity"
    return None


def _entitled(case: Case, entry: Entry) -> bool:
    severities = case.terms.severities
    if severities is None or entry.actor is None:
        return True
    assert isinstance(severities.changed_by, tuple) and isinstance(severities.assigned_by, tuple)
    who = severities.changed_by or severities.assigned_by
    if case.severity is None:
        who = (*severities.assigned_by, *who)
    return not who or entry.actor in who


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
        case "closed":
            case.closed = case.closed or entry.id
        case "cancelled" | "out_of_scope":
            case.closed = entry.id
