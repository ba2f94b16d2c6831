"""The duties and choices of a case as policy text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.case_files import chosen
from tests.duty_cases.calendars import calendar_name
from tests.duty_cases.conditions import condition
from tests.duty_cases.declarations import levels_of
from tests.duty_cases.limits import limit, seconds, table
from tests.duty_cases.words import EACH_TERM, joint, listed, party

Duty = Mapping[str, Any]
Case = Mapping[str, Any]

REOPENING = {"resume": "run on", "restart": "begin again", "ignore": "change nothing", None: "change nothing"}
SEVERITY = {
    "recount": "count again from the start",
    "restart": "start again",
    "keep": "keep the deadline",
    None: "keep the deadline",
}


def duty_lines(duty: Duty, case: Case) -> list[str]:
    """A duty, after the table of its times where it has one."""
    lines = [*table(duty, case), f"duty {duty['name']}"]
    lines += [f"  {line}" for line in _trigger(duty["trigger"])]
    return [*lines, *(f"  {line}" for line in _terms(duty, case)), ""]


def choice_lines(choice: Mapping[str, Any], case: Case) -> list[str]:
    """A choice with its options."""
    lines = [line for option in choice["options"].values() for duty in option for line in table(duty, case)]
    electors = listed(choice.get("elector"))
    both = len(electors) != 1 or electors[0] in ("both", "mutual")
    who = "by agreement of both parties" if both else f"of {party(electors[0])}"
    lines.append(f"choice {choice['name']} {who}")
    lines += [f"  {line}" for line in _trigger(choice["trigger"])]
    for option, duties in choice["options"].items():
        lines.append(f"  option {option}")
        for duty in duties:
            lines += [f"    {line}" for line in _terms(duty, case, act=duty["name"])]
    if choice.get("within_seconds") is not None:
        lines.append(f"  within {seconds(choice['within_seconds'])} otherwise {choice['otherwise']}")
    return [*lines, ""]


def _trigger(trigger: Mapping[str, Any]) -> list[str]:
    lines = []
    if trigger.get("breach_of"):
        lines.append(f"when {trigger['breach_of']} breached")
    elif trigger.get("outcome"):
        lines.append(f"when {trigger['of']} {trigger['outcome']}")
    elif trigger.get("remain"):
        lines.append(f"when {seconds(trigger['remain'])} remain of {trigger['of']}")
    elif trigger.get("used"):
        lines.append(f"when {trigger['used']} % of {trigger['of']} is used")
    elif joint(trigger):
        lines.append("when both " + " and ".join(_pattern(one) for one in joint(trigger)))
    elif trigger.get("each_term") or trigger.get("term") or trigger.get("event") in EACH_TERM:
        lines.append("once each term of maintenance")
    else:
        lines.append(f"when {_pattern(trigger)}")
    for word in ("when", "unless"):
        if trigger.get(word):
            lines.append(f"{'if' if word == 'when' else 'unless'} {condition(trigger[word])}")
    return lines


def _pattern(events: Mapping[str, Any]) -> str:
    """One of some events, by somebody if that is said, in or out of hours."""
    by = f" by {party(events['actor'])}" if events.get("actor") else ""
    by += "".join(f" {word} {calendar_name(events[word])}" for word in ("during", "outside") if events.get(word))
    return " or ".join(f"{kind}{by}" for kind in listed(events["event"]))


def _terms(duty: Duty, case: Case, act: str = "perform") -> list[str]:
    """What is owed by when, what performs it, and what stops and ends its clock."""
    lines = [f"{party(duty.get('bearer') or 'provider')} must {act} {limit(duty, case)}".rstrip()]
    performed = duty.get("performed_by") or {}
    by = f" by {party(performed['actor'])}" if performed.get("actor") else ""
    if performed.get("events"):
        patterns = " or ".join(f"{kind}{by}" for kind in listed(performed["events"]))
        automatic = "" if performed.get("automatic_counts", True) else " and not automatic"
        guarded = f" and {condition(performed['if'])}" if performed.get("if") else ""
        lines.append(f"performed when {patterns}{automatic}{guarded}")
    if duty.get("paused_while"):
        lines.append("paused while waiting on any of " + ", ".join(party(on) for on in listed(duty["paused_while"])))
    if duty.get("until"):
        by = f" by {party(duty['until_by'])}" if duty.get("until_by") else ""
        lines.append("until " + " or ".join(f"{kind}{by}" for kind in listed(duty["until"])))
    if duty.get("while"):
        lines.append(f"while {condition(duty['while'])}")
    lines += ["ends at the next opening"] if duty.get("next_opening") else []
    lines += _on_severity_change(duty.get("on_severity_change")) if levels_of(case) else []
    lines.append(f"on reopening {chosen(duty.get('on_reopen'), REOPENING, 'on_reopen')}")
    return lines


def _on_severity_change(rule: Any) -> list[str]:
    if isinstance(rule, Mapping):
        rises, falls = (chosen(rule.get(way), SEVERITY, f"on_severity_change.{way}") for way in ("up", "down"))
        return [f"if severity rises, {rises}", f"if severity falls, {falls}"]
    return [f"on severity change {chosen(rule, SEVERITY, 'on_severity_change')}"]
