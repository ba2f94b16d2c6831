"""The `sla_ticket` kind of clock cases: what the engine says of a help desk's ticket, as the help desk would say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import adopt
from slarules.engine.evaluate import evaluate
from slarules.model.verdict import Verdict
from tests.case_files import REMARKS, Case, Unfit, asked, given, only
from tests.clock_cases.desk import contract_of, events_of, is_cadence, targets_of
from tests.duty_cases.events import instant
from tests.duty_cases.judging import iso

MINUTE = 60_000_000
TARGETS = ("first_response", "update", "resolution")
"""The targets of which a case may expect something, also nothing where it has none."""
FIELDS = ("due_at", "original_due_at", "in_min", "diff_min", "late_by_min", "status")
"""What a case may expect of a target."""
INFORM = ("priority_changed", "policy_changed")
"""Events that only inform."""
SAME = {
    "met": ("met", "fulfilled", "ok", "achieved", "in_time"),
    "breached": ("breached", "failed", "overdue", "late", "violated", "escalated"),
    "suspended": ("suspended", "paused", "on_hold", "stopped"),
    "pending": ("pending", "open", "due", "running", "first_response_due", "resolution_due"),
    "ended": ("ended", "cancelled", "not_applicable"),
}
"""What help desks call our states."""


def disagreements(case: Case) -> list[str]:
    """Where the engine and the case differ, in words; empty where they agree."""
    contract, events = contract_of(case), events_of(case)
    told = case["input"]
    if not events:
        raise Unfit("`input.events` says nothing that happened")
    as_of = instant(told["as_of"]) if told.get("as_of") else max(event.at for event in events)
    targets = targets_of(case)
    by_target: dict[str, list[Verdict]] = {name: [] for name in (*targets, *TARGETS)}
    first: dict[str, int | None] = {}
    for verdict in evaluate(contract, None, events, as_of).verdicts:
        by_target[verdict.duty].append(verdict)
    for name, verdicts in by_target.items():
        before = evaluate(contract, None, events, verdicts[0].triggered_at).verdicts if verdicts else ()
        first[name] = next((verdict.deadline for verdict in before if verdict.duty == name), None)
    found = []
    expect = {name: wanted for name, wanted in case["expect"].items() if name not in REMARKS}
    if not any(wanted != {} for wanted in expect.values()):
        raise Unfit("`expect` of a ticket expects nothing")
    for name, wanted in expect.items():
        if name == "next_due_at":
            dues = [due for verdicts in by_target.values() if (due := _due(verdicts)) is not None]
            found += _differs(name, wanted, {iso(min(dues, default=None))})
        elif name == "escalation_at":
            hours = adopt(contract, None, None)[-1].calendars["Hours"]
            found += _differs(name, wanted, {_escalation(hours, by_target, told)})
        elif name not in by_target:
            raise Unfit(f"`expect.{name}` is no target of the case")
        else:
            cadence = name in targets and is_cadence(name, targets[name])
            fields = asked(wanted, dict, f"expect.{name}").items()
            for field, value in ((field, value) for field, value in fields if field not in REMARKS):
                seen = _field(by_target[name], field, as_of, cadence, first[name])
                found += _differs(f"{name}.{field}", value, seen)
    return found


def _differs(name: str, expected: Any, seen: set[Any]) -> list[str]:
    """The disagreement, where what is expected is none of what may be said."""
    if name.endswith("_at") and expected is not None:
        expected = iso(instant(expected))
    if isinstance(expected, str) and name.endswith(".status"):
        word = expected.lower().replace(" ", "_")
        expected = next((state for state, words in SAME.items() if word in words), expected)
    if any(expected == one for one in seen):
        return []
    return [f"{name}: expected {expected}, seen {' or '.join(sorted(str(value) for value in seen))}"]


def _due(verdicts: Sequence[Verdict]) -> int | None:
    """The oldest deadline still owed; of a cadence, the first since the last contact."""
    since = max((verdict.performed_at or 0 for verdict in verdicts), default=0)
    return min(
        (
            verdict.deadline
            for verdict in verdicts
            if verdict.performed_at is None
            and verdict.deadline is not None
            and verdict.triggered_at >= since
            and (verdict.owed or verdict.state == "breached")
            and verdict.state != "ended"
        ),
        default=None,
    )


def _escalation(hours: Calendar, by_target: Mapping[str, Sequence[Verdict]], told: Mapping[str, Any]) -> str | None:
    """The deadline and an offset in the calendar's time; None: nothing is due."""
    escalation = given(told, "escalation", dict, "input")
    offset = given(escalation, "offset_from_due", dict, "input.escalation")
    named = [escalation["target"]] if escalation.get("target") else by_target
    due = next((found for name in named if (found := _due(by_target[name])) is not None), None)
    if due is None:
        return None
    only(offset, ("business_days", "minutes", "hours", "seconds"), "input.escalation.offset_from_due")
    if offset.get("business_days") is not None:
        days = offset["business_days"]
        return iso(hours.days_at(due, abs(days), "end_of_day", days < 0))
    units = (("minutes", MINUTE), ("hours", 60 * MINUTE), ("seconds", MINUTE // 60))
    amount = sum(round((offset.get(unit) or 0) * size) for unit, size in units)
    return iso(hours.deadline_at(due, amount) if amount >= 0 else hours.backward_at(due, -amount))


def _field(verdicts: Sequence[Verdict], field: str, as_of: int, cadence: bool, first: int | None) -> set[Any]:
    """What a help desk may say in a field of a target; it may leave out what is not known before it is performed."""
    if field not in FIELDS:
        raise Unfit(f"`{field}` is no field of a target")
    if field == "due_at":
        return {iso(_due(verdicts))}
    if not verdicts:
        return {None}
    if field == "original_due_at":  # before any pause, or with those that there were: sources differ
        return {iso(first), iso(verdicts[0].deadline)}
    performed = [verdict for verdict in verdicts if verdict.performed_at is not None]
    unsaid = set() if performed else {None}
    longest = max(performed or verdicts, key=lambda verdict: _consumed(verdict, verdicts, cadence))
    consumed = _consumed(longest, verdicts, cadence)
    match field:
        case "in_min":
            return {None} if longest.consumed is None else {consumed // MINUTE, *unsaid}
        case "diff_min":
            allowed = (longest.allowed or 0) // MINUTE
            return {None} if longest.margin is None else {allowed - consumed // MINUTE, *unsaid}
        case "late_by_min":
            if performed and longest.late_by is None:
                return {None, 0}
            if not performed and longest.state == "breached" and longest.deadline is not None:
                return {None, (as_of - longest.deadline) // MINUTE}
            return {None, 0} if longest.late_by is None else {longest.late_by // MINUTE}
    return {longest.state}


def _consumed(verdict: Verdict, verdicts: Sequence[Verdict], cadence: bool) -> int:
    """What an exchange consumed; of a cadence, with the periods that were missed since the contact before."""
    if not cadence:
        return verdict.consumed or 0
    since = max((v.performed_at or 0 for v in verdicts if v.triggered_at < verdict.triggered_at), default=0)
    return sum(v.consumed or 0 for v in verdicts if since <= v.triggered_at <= verdict.triggered_at)
