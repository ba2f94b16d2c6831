"""The `sla_ticket` kind of clock cases: a help desk's targets as policy text, its events as ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slarules.calendars.calendar import Calendar
from slarules.engine.adopt import adopt
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.model.verdict import Verdict
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.duty_cases import DAYS, _windows, instant, iso

RESOLVED = frozenset({"closed", "merged"})
MINUTE = 60_000_000


def policy_text(case: Mapping[str, Any]) -> str:
    """The help desk's targets, written in the language."""
    given = case["input"]
    zone = case["calendar"]["tz"]
    lines = [
        "slarules 1",
        "",
        'contract Desk "a help desk"',
        '  provider Agent "agent"',
        '  customer Customer "customer"',
        f"  zone {'UTC' if zone in ('Etc/UTC', 'UTC') else zone}",
        "",
        "event first_reply of ticket act reply",
        "fact priority of ticket: text",
        "",
        'clause "targets"',
        "  calendar Hours",
    ]
    lines += [f"    open {DAYS[day]} {_windows(pairs)}" for day, pairs in case["calendar"]["weekly"].items() if pairs]
    lines += [f"    closed on {day}" for day in case["calendar"].get("holidays", [])]
    lines += [f"    on {day} open {_windows(p)}" for day, p in case["calendar"].get("shifts", {}).items()]
    lines += [f"    closed on {day} {_windows(p)}" for day, p in case["calendar"].get("breaks", {}).items()]
    lines.append("    clock changes shift forward")
    for name, target in given["targets"].items():
        lines += ["", *_duty(name, target, given)]
    return "\n".join(lines) + "\n"


def _duty(name: str, target: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    mode = target.get("mode", "customer_waiting")
    much = f"{target['minutes']} minutes" if "minutes" in target else f"{target['business_days']} days"
    rolls = name == "update" and mode.startswith("cadence")
    performed = {"first_response": "responded or first_reply", "resolution": "resolved"}.get(
        name, "responded or updated"
    )
    if mode == "cadence_last_contact_any":
        performed += " or asked"
    yield f"  duty {name}"
    yield "    when asked by Customer" if name == "update" and not rolls else "    when opened"
    yield f"    Agent must reply {'every' if rolls else 'within'} {much} counted in Hours"
    yield f"    performed when {performed}"
    for fact, value in given.get("applies_when", {}).items():
        yield f'    while {fact} is "{value}"'
    paused = [_state(s) for s in given.get("paused_states", []) if s not in RESOLVED]
    if paused and target.get("pausable", True):
        yield f"    paused while waiting on any of {', '.join(paused)}"
    yield "    on reopening run on"


def _state(state: str) -> str:
    return state.replace(" ", "_").replace("-", "_")


def events_of(case: Mapping[str, Any]) -> list[Event]:
    """The help desk's events in our words; file order is their sequence."""
    given = case["input"]
    paused = {s for s in given.get("paused_states", []) if s not in RESOLVED}
    events: list[Event] = []
    waiting = resolved = False

    def add(raw: Mapping[str, Any], kind: str, actor: str | None = None, **facts: Any) -> None:
        number = len(events)
        events.append(Event(f"e{number}", "T", kind, instant(raw["at"]), actor, facts, sequence=number))

    for raw in given["events"]:
        kind, state = raw["type"], raw.get("state")
        if kind == "created":
            add(raw, "opened", "Customer", **({"priority": raw["priority"]} if "priority" in raw else {}))
        elif kind == "customer_message":
            add(raw, "asked", "Customer")
        elif kind in ("agent_message", "first_response", "agent_contact"):
            add(raw, {"agent_message": "responded", "first_response": "first_reply"}.get(kind, "updated"), "Agent")
        elif kind == "priority_changed" and "priority" in raw:
            add(raw, "recorded", None, priority=raw["priority"])
        if kind == "closed" or state in RESOLVED:
            if not resolved:
                add(raw, "resolved", "Agent")
            resolved, waiting = True, False
        elif state is not None and kind in ("state", "created"):
            if resolved:
                add(raw, "reopened", "Customer")
                resolved = False
            if state in paused:
                add(raw, "waiting", "Agent", on=_state(state))
            elif waiting:
                add(raw, "resumed", "Agent")
            waiting = state in paused
    return events


def contract_of(case: Mapping[str, Any]) -> Contract:
    source = Source(case["id"], policy_text(case))
    tree, problems = parse(source)
    contract, more = resolve(tree, source, None)
    if contract is None:
        raise ValueError("\n".join(f"{d.span}: {d.message}" for d in (*problems, *more)) + "\n" + source.text)
    return contract


def disagreements(case: Mapping[str, Any]) -> list[str]:
    """Where the engine and the case differ, in words; empty where they agree."""
    contract = contract_of(case)
    events = events_of(case)
    given = case["input"]
    as_of = instant(given["as_of"]) if given.get("as_of") else max(e.at for e in events)
    seen = evaluate(contract, None, events, as_of)
    by_duty: dict[str, list[Verdict]] = {name: [] for name in given["targets"]}
    for verdict in seen.verdicts:
        by_duty[verdict.duty].append(verdict)
    found = []
    for name, fields in case["expect"].items():
        if name == "next_due_at":
            got: Any = iso(min((d for v in by_duty.values() if (d := _due(v)) is not None), default=None))
            found += _differs(name, fields, got)
        elif name == "escalation_at":
            due = next(d for v in by_duty.values() if (d := _due(v)) is not None)
            calendar = adopt(contract, None, None)[-1].calendars["Hours"]
            found += _differs(name, fields, iso(_moved(calendar, due, given)))
        else:
            for field, value in fields.items():
                found += _differs(f"{name}.{field}", value, _field(by_duty[name], field))
    return found


def _differs(name: str, expected: Any, seen: Any) -> list[str]:
    return [] if expected == seen else [f"{name}: expected {expected}, seen {seen}"]


def _due(verdicts: list[Verdict]) -> int | None:
    """The oldest deadline still owed; of a cadence, the first since the last contact."""
    since = max((v.performed_at or 0 for v in verdicts), default=0)
    open_ = [
        v
        for v in verdicts
        if v.performed_at is None
        and v.deadline is not None
        and v.triggered_at >= since
        and (v.owed or v.state == "breached")
        and v.state != "ended"
    ]
    return min((v.deadline for v in open_ if v.deadline is not None), default=None)


def _moved(calendar: Calendar, due: int, given: Mapping[str, Any]) -> int | None:
    """The deadline and an offset in the calendar's time."""
    offset = given["escalation"]["offset_from_due"]
    if "business_days" in offset:
        days = offset["business_days"]
        return calendar.days_at(due, abs(days), "end_of_day", days < 0)
    minutes = offset["minutes"]
    return calendar.deadline_at(due, minutes * MINUTE) if minutes >= 0 else calendar.backward_at(due, -minutes * MINUTE)


def _field(verdicts: list[Verdict], field: str) -> Any:
    if field == "due_at":
        return iso(_due(verdicts))
    if not verdicts:
        return None
    longest = max(verdicts, key=lambda v: v.consumed or 0)
    if field == "original_due_at":
        return iso(verdicts[0].deadline)
    if field == "in_min":
        return None if longest.consumed is None else longest.consumed // MINUTE
    if field == "diff_min":
        return None if longest.margin is None else (longest.allowed or 0) // MINUTE - (longest.consumed or 0) // MINUTE
    if field == "late_by_min":
        return None if longest.late_by is None else longest.late_by // MINUTE
    return longest.state
