"""R1, first part: what an event changes in the ticket's own state, and which events change nothing (R18, R24)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slarules.engine.history import Entry
from slarules.engine.judging.case import Case
from slarules.engine.judging.stands import stands_from

CONFIRMED = "severity_confirmed"
"""The event by which a party confirms the severity that another assigned."""
IMPOSSIBLE = {
    "opened": "opened a second time",
    "waiting": "waiting on the same party already",
    "resumed": "resumed without waiting",
    "resolved": "resolved a second time",
    "reopened": "reopened while open",
    "severity_changed": "changed to the same severity",
}
"""Why an event cannot have happened as the ticket stands (R18)."""
SET, CONFIRM = "set", "confirm"
"""What parties do to a severity that only some of them may (R24)."""
TICKET_ENDS = ("cancelled", "out_of_scope")
"""Events that end a ticket for good (R19)."""


def take(case: Case, entry: Entry) -> bool:
    """Record the event; False where it is an impossible transition, which has no effect."""
    if case.is_ticket:
        if case.opened_at is None and entry.type != "opened":
            _remember(case, entry)
            _keep(case, entry)
            return False  # before the opening: known, but nothing is owed for a ticket that is not there
        move = MOVES.get(entry.type)
        if move is not None:
            if not move(case, entry):
                return False
            cause = case.waiting if case.resolution is None else "resolved"
            _forget_at_once(case, entry)
            if case.unsaid and case.unsaid[-1].at == entry.at and case.waiting != "":
                case.unsaid.pop()  # another took its place at once
            if not case.standing or case.standing[-1][1] != cause:
                case.standing.append((entry.at, cause))
    if entry.facts:
        _remember(case, entry)
    _keep(case, entry)
    return True


def _forget_at_once(case: Case, entry: Entry) -> None:
    """What began and was over at one instant let no clock stand still; a reopening, resolved again at once, let it run.
    """
    standing = case.standing
    again = entry.type == "resolved" and standing and standing[-1][1] is None
    if standing and standing[-1][0] == entry.at and not (again and len(standing) > 1 and standing[-2][1] == "resolved"):
        standing.pop()


def _keep(case: Case, entry: Entry) -> None:
    case.happened.setdefault(entry.type, []).append(entry)
    case.taken.append(entry)


def may_not(actor: str, act: str) -> str:
    """That somebody has done to a severity what only others may."""
    return f"`{actor}` may not {act} the severity (R24)"


def unconfirmed(level: str | None, severity: str | None) -> str:
    """That a confirmation finds another severity than the one in force."""
    found = f"severity {level} was found" if level is not None else "no severity was found"
    assigned = f"severity {severity} is" if severity is not None else "none is"
    return f"{found}, and {assigned} assigned: not confirmed"


def _remember(case: Case, entry: Entry) -> None:
    for name, value in entry.facts.items():
        if name == "severity":
            if entry.type == CONFIRMED:
                continue  # a confirmation assigns none
            if _entitled(case, entry) and value != case.severity:
                case.severity = str(value)
                case.severities.append((entry.at, case.severity))
        elif name != "on" and name not in case.plan.passing:
            case.facts[name] = value
            case.told.setdefault(name, []).append((entry.at, value))


# ---- What moves a ticket: each changes its state, or is told and has no effect (R18, R24) ------------------------


def _opened(case: Case, entry: Entry) -> bool:
    if case.opened_at is not None:
        return _impossible(case, entry)
    case.opened_at = entry.at
    if case.plan.standing:
        case.stands = stands_from(case.plan, case.history, case.agreement)
    return True


def _waiting(case: Case, entry: Entry) -> bool:
    on = entry.facts.get("on", "")
    if case.waiting is not None and case.waiting == on:
        return _impossible(case, entry)
    case.waiting = str(on)
    if not on:
        case.unsaid.append(entry)
    return True


def _resumed(case: Case, entry: Entry) -> bool:
    if case.waiting is None:
        return _impossible(case, entry)
    case.waiting = None
    return True


def _resolved(case: Case, entry: Entry) -> bool:
    if case.resolution is not None:
        return _impossible(case, entry)
    case.resolution = entry
    case.waiting = None  # R18
    return True


def _reopened(case: Case, entry: Entry) -> bool:
    if case.resolution is None and case.closed is None:
        return _impossible(case, entry)
    case.resolution = case.closed = case.ended_at = None
    return True


def _closed(case: Case, entry: Entry) -> bool:
    if case.resolution is None:
        return _ended(case, entry)
    case.closed = case.closed or entry.id
    return True


def _ended(case: Case, entry: Entry) -> bool:
    case.closed = case.closed or entry.id
    if case.ended_at is None:  # a ticket ends once
        case.ended_at, case.ending = entry.at, entry
    return True


def _severity_changed(case: Case, entry: Entry) -> bool:
    if entry.facts.get("severity") == case.severity:
        return _impossible(case, entry)
    return _entitled(case, entry)


def _confirms(case: Case, entry: Entry) -> bool:
    """Whether a confirmation is one: by the party that confirms, and of the severity in force (R24)."""
    severities = case.terms.severities
    confirmer = severities.confirmed_by if severities is not None else None
    if confirmer is not None and entry.actor not in (None, confirmer):
        case.not_entitled.append((entry, may_not(entry.actor, CONFIRM)))
        return False
    level = entry.facts.get("severity", case.severity)
    if level is None or level != case.severity:
        case.disputed.append((entry, unconfirmed(None if level is None else str(level), case.severity)))
        return False
    return True


MOVES: Mapping[str, Callable[[Case, Entry], bool]] = {
    "opened": _opened,
    "waiting": _waiting,
    "resumed": _resumed,
    "resolved": _resolved,
    "reopened": _reopened,
    "closed": _closed,
    "severity_changed": _severity_changed,
    CONFIRMED: _confirms,
    **dict.fromkeys(TICKET_ENDS, _ended),
}
"""Events that a ticket's own state decides on or is changed by; all others are recorded as they come."""


def _impossible(case: Case, entry: Entry) -> bool:
    case.impossible.append((entry, IMPOSSIBLE[entry.type]))
    return False


def _entitled(case: Case, entry: Entry) -> bool:
    """Whether the event's party may set the severity (R24); an unknown one may."""
    who = case.plan.assigners if case.severity is None else case.plan.changers
    if not who or entry.actor is None or entry.actor in who:
        return True
    case.not_entitled.append((entry, may_not(entry.actor, SET)))
    return False
