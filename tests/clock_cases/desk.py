"""A help desk's targets as policy text, and its events in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from slarules.diagnostics import Level
from slarules.model.contract import Contract
from slarules.model.event import Event
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.case_files import Case, Unfit, asked, given
from tests.duty_cases.calendars import NEVER, weekday, windows, zone
from tests.duty_cases.events import instant
from tests.duty_cases.words import listed

RESOLVED = frozenset({"closed", "merged", "resolved"})
"""States, and types of events, that are `resolved` in our words."""
MESSAGES = {"agent_message": "responded", "first_response": "first_reply", "agent_contact": "updated"}
"""What an agent does: a message is a response and an update, the other two are one of them."""
MODES = ("customer_waiting", "cadence_last_contact_any", "cadence_last_agent")


def contract_of(case: Case) -> Contract:
    """The help desk's targets, through the language."""
    source = Source(str(case.get("id", "case")), policy_text(case))
    tree, problems = parse(source)
    contract, more = resolve(tree, source, None, calendars_check=False)
    wrong = [f"{one.code} {one.message}" for one in (*problems, *more) if one.level is Level.ERROR]
    if contract is None or wrong:
        raise Unfit(f"the language refuses its targets: {'; '.join(wrong)}")
    return contract


def policy_text(case: Case) -> str:
    """The help desk's targets, written in the language."""
    told, calendar = case["input"], case["calendar"]
    lines = [
        "slarules 1",
        "",
        'contract Desk "a help desk"',
        '  provider Agent "agent"',
        '  customer Customer "customer"',
        f"  zone {zone(given(calendar, 'tz', str, 'calendar'))}",
        "",
        "event first_reply of ticket act reply",
        *(f"fact {_fact(fact)} of ticket: text" for fact in told.get("applies_when") or {}),
        "",
        'clause "targets"',
        "  calendar Hours",
        *(f"    {line}" for line in _hours(calendar)),
    ]
    for name, target in targets_of(case).items():
        lines += ["", *_duty(name, target, told)]
    return "\n".join(lines) + "\n"


def targets_of(case: Case) -> dict[str, Mapping[str, Any]]:
    """The targets that a help desk has; one that is null, or whose time is, is none."""
    found = {}
    for name, target in given(case["input"], "targets", dict, "input").items():
        if target is not None and not _left_open(asked(target, dict, f"input.targets.{name}")):
            found[name] = target
    return found


def _hours(calendar: Mapping[str, Any]) -> Iterator[str]:
    weekly, shifts = given(calendar, "weekly", dict, "calendar"), calendar.get("shifts") or {}
    if not any((*weekly.values(), *shifts.values())):
        yield NEVER
        return
    for day, pairs in weekly.items():
        if pairs:
            yield f"open {weekday(day)} {windows(pairs)}"
    holidays = listed(calendar.get("holidays"))
    for day in holidays:
        yield f"closed on {day}"
    for day, pairs in shifts.items():
        if day not in holidays:
            yield f"on {day} open {windows(pairs)}" if pairs else f"closed on {day}"
    for day, pairs in (calendar.get("breaks") or {}).items():
        if pairs:
            yield f"closed on {day} {windows(pairs)}"
    yield "clock changes shift forward"


def is_cadence(name: str, target: Mapping[str, Any]) -> bool:
    """Whether a target rolls from each contact; the others wait for an answer."""
    mode = target.get("mode") or "customer_waiting"
    if mode not in MODES:
        raise Unfit(f"a target's mode is {', '.join(MODES)}, not `{mode}`")
    return name == "update" and mode != "customer_waiting"


def _duty(name: str, target: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    performed = {"first_response": "responded or first_reply", "resolution": "resolved"}.get(
        name, "responded or updated" + (" or asked" if target.get("mode") == "cadence_last_contact_any" else "")
    )
    rolls = is_cadence(name, target)
    yield f"  duty {name}"
    yield "    when asked by Customer" if name == "update" and not rolls else "    when opened"
    for fact, values in (told.get("applies_when") or {}).items():
        wanted = ", ".join(f'"{value}"' for value in listed(values))
        yield f"    if {_fact(fact)} is any of {wanted}"
    yield f"    Agent must reply {'every' if rolls else 'within'} {_time(name, target)} counted in Hours"
    yield f"    performed when {performed}"
    paused = [state_name(state) for state in listed(told.get("paused_states")) if not is_resolved(state)]
    if paused and target.get("pausable", True):
        yield f"    paused while waiting on any of {', '.join(dict.fromkeys(paused))}"
    yield "    on reopening run on"


TIMES = (("minutes", "minutes"), ("business_days", "days"), ("hours", "hours"), ("seconds", "seconds"))
"""What a target calls its time, and what the language does."""


def _left_open(target: Mapping[str, Any]) -> bool:
    said = [target[unit] for unit, _ in TIMES if unit in target]
    return bool(said) and all(time is None for time in said)


def _time(name: str, target: Mapping[str, Any]) -> str:
    for unit, word in TIMES:
        if target.get(unit) is not None:
            return f"{target[unit]} {word}"
    raise Unfit(f"`input.targets.{name}` says no time: `minutes` or `business_days`")


def is_resolved(state: str) -> bool:
    """Whether a ticket in this state is resolved, in our words."""
    return state.lower() in RESOLVED


def state_name(state: str) -> str:
    """A state as the policy calls it: a word that is none of the language's own."""
    return "state_" + _plain(state.lower())


def _fact(name: str) -> str:
    """A field of the help desk as the policy calls it, likewise."""
    return "desk_" + _plain(name)


def _plain(name: str) -> str:
    """A name of ASCII letters and digits, another for each other name."""
    return "".join(sign if re.match(r"[a-zA-Z0-9]", sign) else f"_{ord(sign):x}_" for sign in name)


def events_of(case: Case) -> list[Event]:
    """The help desk's events in our words, those of one instant in the order of the file; a ticket is created first."""
    told = case["input"]
    raws = [asked(raw, dict, f"input.events[{n}]") for n, raw in enumerate(given(told, "events", list, "input"))]
    for raw in raws:
        given(raw, "type", str, "an event")
    timed = sorted(raws, key=lambda raw: (instant(given(raw, "at", str, "an event")), raw["type"] != "created"))
    paused = {state.lower() for state in listed(told.get("paused_states")) if not is_resolved(state)}
    until = instant(told["as_of"]) if told.get("as_of") else None
    by_then = [raw for raw in timed if until is None or instant(raw["at"]) <= until]
    in_force = {
        _fact(fact): values[-1]
        for fact in told.get("applies_when") or {}
        if (values := [str(raw[fact]) for raw in by_then if raw.get(fact) is not None])
    }
    events: list[Event] = []

    def add(raw: Mapping[str, Any], kind: str, actor: str | None = None, **facts: Any) -> None:
        number = len(events)
        events.append(Event(f"e{number}", "T", kind, instant(raw["at"]), actor, facts, sequence=number))

    waiting = resolved = False
    for raw in timed:
        kind, state = raw["type"], raw.get("state")
        if kind == "created":
            add(raw, "opened", "Customer", **in_force)  # targets are those in force at the end
        elif kind == "customer_message":
            add(raw, "asked", "Customer")
        elif kind in MESSAGES:
            add(raw, MESSAGES[kind], "Agent")
        if kind in RESOLVED or (state is not None and is_resolved(state)):
            if not resolved:
                add(raw, "resolved", "Agent")
            resolved, waiting = True, False
        elif state is not None or kind == "reopened":
            if resolved:
                add(raw, "reopened", "Customer")
                resolved = False
            if state is not None and state.lower() in paused:
                add(raw, "waiting", "Agent", on=state_name(state))
            elif waiting:
                add(raw, "resumed", "Agent")
            waiting = state is not None and state.lower() in paused
    return events
