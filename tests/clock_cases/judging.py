"""Judges clock cases of every kind. Nothing here looks at a case's id.

Some of the cases stand in ``tests/tables/clock-cases.json``.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.case_files import Case, Many, Unfit, fits, given, only, run
from tests.clock_cases import desk, open_time, tickets

KINDS: dict[str, Callable[[Case], list[str]]] = {
    "add_business_time": open_time.added,
    "elapsed_business_time": open_time.elapsed,
    "sla_ticket": tickets.disagreements,
}

HOURS = {"*": [[str]]}
SIZES = dict.fromkeys(("minutes", "hours", "seconds"), float)
CASE = {
    "calendar": {"tz": str, "weekly": HOURS, "holidays": [str], "shifts": HOURS, "breaks": HOURS},
    "input": {
        **dict.fromkeys(("start", "end", "as_of", "direction", "day_rule"), str),
        "targets": {"*": {"minutes": float, "business_days": int, "pausable": bool, "end_of_day": bool, "mode": str}},
        "paused_states": Many(str),
        "events": [{"at": str, "type": str, "state": str}],
        "escalation": {"target": str, "offset_from_due": {"business_days": int, **SIZES}},
    },
}
"""Of which kind the parts of a case are that the README of the cases names."""
IN_INPUT = {
    "add_business_time": ("start", "add", "direction", "day_rule"),
    "elapsed_business_time": ("start", "end"),
    "sla_ticket": ("targets", "paused_states", "events", "as_of", "applies_when", "escalation"),
}
IN_TARGET = ("minutes", "hours", "seconds", "business_days", "pausable", "end_of_day", "mode")
INFORMING = ("priority", "policy")
"""What an event may tell of a ticket that moves no target, as `priority_changed` and `policy_changed` do."""
TYPES = {"created", "state", "customer_message", *tickets.INFORM, *desk.MESSAGES, *desk.RESOLVED, "reopened"}
"""What a part of a case may say, beside remarks, and what may happen to a ticket."""


def main(arguments: list[str]) -> int:
    """Prints every disagreement of a file's cases, then how many passed and failed."""
    return run(arguments, "python -m tests.clock_cases", disagreements)


def disagreements(case: Case) -> list[str]:
    """In what a case's expectations are not met; none when it passes."""
    kind = given(case, "kind", str, "case")
    if kind not in KINDS:
        raise Unfit(f"no kind is called `{kind}`: there are {', '.join(KINDS)}")
    for part in ("calendar", "input", "expect"):
        given(case, part, dict, "case")
    fits(dict(case), CASE, "")
    _known(case)
    return KINDS[kind](case)


def _known(case: Case) -> None:
    """Sees that no part of a case says what is not understood, and might change what the case means."""
    only(case, ("kind", "calendar", "input", "expect"), "case")
    only(case["calendar"], tuple(CASE["calendar"]), "calendar")
    told = case["input"]
    only(told, IN_INPUT[case["kind"]], "input")
    for name, target in (told.get("targets") or {}).items():
        if name not in tickets.TARGETS:
            raise Unfit(f"`input.targets` are {', '.join(tickets.TARGETS)}, and not `{name}`")
        only(target or {}, IN_TARGET, f"input.targets.{name}")
    only(told.get("escalation") or {}, ("target", "offset_from_due"), "input.escalation")
    for number, event in enumerate(told.get("events") or ()):
        kind = given(event, "type", str, f"input.events[{number}]")
        if kind not in TYPES:
            raise Unfit(f"`input.events[{number}].type` is not known here: `{kind}`")
        if kind not in tickets.INFORM:
            known = ("at", "type", "state", *INFORMING, *(told.get("applies_when") or {}))
            only(event, known, f"input.events[{number}]")
