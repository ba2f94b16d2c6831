"""The names of what a random case exercises."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def features(case: Json) -> set[str]:
    """The names of what a case exercises, for a test to count what is drawn."""
    contract, events = case["contract"], case["events"]
    found = {name for duty in contract["duties"] for name in of_duty(duty)}
    found |= of_contract(contract) | of_events(events) | of_facts(contract, events)
    if any("log_upto" in evaluation for evaluation in case["evaluations"]):
        found.add("log position")
    return found


def of_duty(duty: Json) -> set[str]:
    leaves = list(duty["target"].get("table", {"": duty["target"]}).values())
    leaves += duty["target"].get("of", [])
    found = {f"target {one['kind']}" for one in (duty["target"], *leaves)}
    found |= {"milestone" for one in leaves if "after" in one}
    found |= {"otherwise" for one in leaves if "otherwise" in one}
    found |= {f"calendar {one['calendar']}" for one in leaves if "calendar" in one}
    found |= {name for name in ("paused_while", "until", "while", "strict") if name in duty}
    found |= {f"trigger {name}" for name in duty["trigger"]}
    found |= {name for name in ("until_by", "next_opening") if name in duty}
    if "if" in duty["performed_by"]:
        found.add("performed if")
    if any(one.get("seconds") == 0 for one in leaves):
        found.add("zero duration")
    rule = duty.get("on_severity_change")
    if rule is not None:
        found |= {"severity up/down"} if isinstance(rule, dict) else {f"severity {rule}"}
    if "on_reopen" in duty:
        found.add(f"reopen {duty['on_reopen']}")
    if "recurring" in duty:
        found.add(f"recurring {duty['recurring']['mode']}")
        if "breach_of" in duty["trigger"]:
            found.add("recurring consequence")
    if "severity" in duty["trigger"].get("when", {}) and "breach_of" in duty["trigger"]:
        found.add("consequence by severity")
    if duty["performed_by"].get("automatic_counts") is False:
        found.add("automatic replies")
    return found


def of_contract(contract: Json) -> set[str]:
    found = {"version"} if "versions" in contract else set()
    found |= {name for name in ("presumed", "term", "severity_changed_by", "choices") if name in contract}
    if "days" in contract.get("term", {}):
        found.add("term of days")
    if "may_call" in str(contract["duties"]):
        found.add("right")
    calendars = contract.get("calendars", {}).values()
    return found | {"supplied" for one in calendars if "known_until" in one or "unbound" in one}


def of_events(events: list[Json]) -> set[str]:
    found = {f"event {event['type']}" for event in events}
    found |= {"unknown actor" for event in events if "actor" not in event}
    found |= {"late record" for event in events if "recorded_at" in event}
    found |= {"sources" for event in events if "seq" in event}
    ids = [event["id"] for event in events]
    if len(set(ids)) < len(ids):
        found.add("duplicate")
    moments = [event["at"] for event in events if event["type"] not in ("corrected", "retracted")]
    if moments != sorted(moments):
        found.add("out of order")
    alone = {event["id"]: event["at"] for event in events if event["type"] not in ("corrected", "retracted")}
    if len(set(alone.values())) < len(alone):
        found.add("tie")
    return found


def of_facts(contract: Json, events: list[Json]) -> set[str]:
    opened = next(event for event in events if event["type"] == "opened")
    text, found = str(contract["duties"]), set[str]()
    for fact in ("channel", "down"):
        told = {*opened.get("facts", {}), *contract.get("presumed", {})}
        if f"'{fact}'" in text and fact not in told:
            found.add("unknown fact")
            if any(fact in event.get("facts", {}) for event in events):
                found.add("unknown fact, answered")
    if "by_severity" in text and "severity" not in opened.get("facts", {}):
        found.add("unknown severity")
    return found
