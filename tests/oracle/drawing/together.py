"""Several constructs in one contract: choices, dates that facts give, supplied lists, other triggers, terms of days."""

from __future__ import annotations

from datetime import date
from typing import Any

from .calendars import HOUR, ordinal
from .draft import Draft

Json = dict[str, Any]

DATES = (-2, 0, 1, 2, 3, 4)
"""So many days after the week's first a date that a fact gives may lie."""


def joined(draft: Draft, contract: Json) -> None:
    """Adds some of each to what was drawn."""
    for chance, add in (
        (0.35, noted),
        (0.3, dated),
        (0.2, cared_for),
        (0.4, chained),
        (0.35, chosen),
        (0.2, in_term),
    ):
        if draft.chance(chance):
            add(draft, contract)
    for duty in draft.duties:
        if duty.get("recurring", {}).get("mode") == "each_day_of" and draft.chance(0.5):
            duty["paused_while"], duty["on_reopen"] = ["customer"], draft.rng.choice(["resume", "restart", "ignore"])
    contract["calendars"] = {name: one for name, one in draft.pool.items() if name in draft.used}
    supplied(draft, contract)


def short(draft: Draft) -> Json:
    return draft.table() if draft.severities and draft.chance(0.3) else draft.target(short=draft.chance(0.7), zero=True)


def finished(draft: Draft, duty: Json) -> Json:
    """What a duty's other lines need, given its limit and what performs or ends it."""
    if duty["target"]["kind"] == "by_severity":
        duty["on_severity_change"] = draft.severity_rule()
    if draft.chance(0.3):
        duty["paused_while"] = draft.rng.choice([["customer"], ["third_party"], ["customer", "third_party"]])
    if draft.chance(0.2):
        duty["until"] = draft.rng.choice([["resolved"], ["workaround"], ["updated", "workaround"], ["closed"]])
    if draft.chance(0.1) and duty["target"]["kind"] in ("elapsed", "business"):
        duty["strict"] = True
    if "resolved" in (*duty["performed_by"]["events"], *duty.get("until", ())):
        duty["on_reopen"] = draft.rng.choice(["resume", "restart", "ignore"])
    return duty


def condition(draft: Draft) -> Json:
    """A condition of any kind that this contract may ask."""
    rng = draft.rng
    kinds: list[Json] = [{"happened": rng.choice(["workaround", "asked", "updated"])}]
    if any(duty["target"]["kind"] == "by_severity" for duty in draft.duties):  # else the levels are not all declared
        kinds.append(draft.levels())
    kinds += [{"fact": "channel", "is": [rng.choice(["telephone", "email"])]}]
    kinds += [{"fact": "down", "is": [rng.choice([True, False])]}]
    one, other = rng.sample(kinds, 2)
    roll = rng.random()
    if roll < 0.2:
        return {"any": [one, other]}
    if roll < 0.4:
        return {"all": [one, {"not": other}]}
    return {"not": one} if roll < 0.5 else one


def noted(draft: Draft, contract: Json) -> None:
    """A duty that something other than the opening sets off (R35)."""
    rng = draft.rng
    roll = rng.random()
    told = ["severity_changed", "resolved", "reopened", "waiting", "resumed", "acknowledged", "workaround", "asked"]
    trigger: Json = {"event": rng.choice(told)}
    if roll < 0.25:
        trigger = {"event": rng.sample(told, 2)}
    elif roll < 0.45:
        trigger = {"both": ["opened", rng.choice(["acknowledged", "asked", "workaround"])]}
    elif roll < 0.65:
        trigger["actor"] = rng.choice(["provider", "customer"])
    if draft.chance(0.3):
        trigger[rng.choice(["when", "unless"])] = condition(draft)
    acts = {"events": rng.choice([["informed"], ["updated"], ["informed", "resolved"]]), "actor": "provider"}
    duty: Json = {"name": "note", "bearer": "provider", "trigger": trigger, "performed_by": acts}
    draft.duties.append(finished(draft, {**duty, "target": short(draft)}))


def dated(draft: Draft, contract: Json) -> None:
    """A duty whose date a fact gives (R9, R29)."""
    draft.duties.append(finished(draft, dated_duty(draft, "plan", draft.rng.choice(["opened", "asked"]))))


def dated_duty(draft: Draft, name: str, event: str) -> Json:
    target: Json = {"kind": "date_fact", "fact": draft.rng.choice(["agreed_date", "second_date"])}
    if draft.chance(0.4):
        days: Json = {"kind": "civil", "days": draft.rng.choice([1, 2])}
        target["otherwise"] = draft.rng.choice([days, {"kind": "elapsed", "seconds": 240 * 60}])
    if draft.chance(0.25):
        target["calendar"] = "round"
        draft.used.add("round")
    acts = {"events": draft.rng.choice([["informed"], ["resolved"], ["updated"]]), "actor": "provider"}
    return {"name": name, "bearer": "provider", "trigger": {"event": event}, "target": target, "performed_by": acts}


def cared_for(draft: Draft, contract: Json) -> None:
    """A duty without a time (R25), of the customer."""
    acts = {"events": [draft.rng.choice(["asked", "updated"])], "actor": "customer"}
    trigger: Json = {"event": draft.rng.choice(["opened", "waiting"])}
    if draft.chance(0.4):
        trigger[draft.rng.choice(["when", "unless"])] = condition(draft)
    none: Json = {"kind": "none"}
    duty: Json = {"name": "care", "bearer": "customer", "trigger": trigger, "target": none, "performed_by": acts}
    if draft.chance(0.3):
        duty["while"] = {"not": {"happened": draft.rng.choice(["workaround", "acknowledged"])}}
    draft.duties.append(finished(draft, duty))


def chained(draft: Draft, contract: Json) -> None:
    """Consequences of consequences (R10), each with its own limit and guard."""
    names = [duty["name"] for duty in draft.duties if duty["target"]["kind"] != "none"]
    for name in ("chain", "link")[: draft.rng.choice([1, 2])]:
        if not names:
            return
        trigger: Json = {"breach_of": draft.rng.choice(names)}
        if draft.chance(0.4):
            trigger[draft.rng.choice(["when", "unless"])] = condition(draft)
        acts = {"events": draft.rng.choice([["escalated"], ["informed"], ["updated", "resolved"]]), "actor": "provider"}
        duty: Json = {"name": name, "bearer": "provider", "trigger": trigger, "performed_by": acts}
        draft.duties.append(finished(draft, {**duty, "target": short(draft)}))
        names.append(name)


def chosen(draft: Draft, contract: Json) -> None:
    """A choice among duties, and now and then what the breach of one of them sets off (R22)."""
    rng = draft.rng
    causes = [duty["name"] for duty in draft.duties if duty["target"]["kind"] != "none" and "recurring" not in duty]
    trigger: Json = {"breach_of": rng.choice(causes)} if causes and draft.chance(0.8) else {"event": "opened"}
    if draft.chance(0.4):
        trigger["when"] = condition(draft)
    acts = {"events": rng.choice([["informed"], ["resolved"]]), "actor": "provider"}
    soon: Json = {"name": "soon", "bearer": "provider", "trigger": {"event": "never"}, "performed_by": acts}
    soon = finished(draft, {**soon, "target": short(draft)})
    work: Json = {**soon, "name": "work", "target": {"kind": "none"}}
    for name in ("on_severity_change", "strict"):
        work.pop(name, None)
    plan = finished(draft, dated_duty(draft, "fix_by", "never"))
    options: Json = {"schedule": [plan], "quickly": [soon], "continuous": [work]}
    choice: Json = {"name": "remedy", "elector": rng.choice(["customer", "customer", "provider"]), "trigger": trigger}
    choice["options"] = options
    if draft.chance(0.6):
        choice["within_seconds"] = rng.choice([30, 60, 240, 600, 1440]) * 60
        choice["otherwise"] = rng.choice(sorted(options))
    contract["choices"] = [choice]
    draft.spans.append(choice.get("within_seconds", HOUR))
    if draft.chance(0.4):
        acts = {"events": ["escalated"], "actor": "provider"}
        duty: Json = {"name": "sorry", "bearer": "provider", "trigger": {"breach_of": "soon"}, "performed_by": acts}
        draft.duties.append(finished(draft, {**duty, "target": draft.target(short=True, zero=True)}))


def in_term(draft: Draft, contract: Json) -> None:
    """A term of a few days, so that it is renewed, runs out and is reinstated beside the ticket (R20)."""
    rng = draft.rng
    reinstates = rng.choice(["from_event", "from_expiry"])
    grace = rng.choice([0, 1, 2])
    contract["term"] = {"days": rng.choice([2, 3, 5]), "grace_days": grace, "reinstates": reinstates}
    plain = [duty for duty in draft.duties if "recurring" not in duty and "breach_of" not in duty["trigger"]]
    for duty in rng.sample(plain, min(len(plain), 2)):
        states = {"status_in": rng.choice([["active"], ["active", "grace"] if grace else ["active"], ["expired"]])}
        if draft.chance(0.6):
            duty["trigger"].setdefault("when", states)
        else:
            duty.setdefault("while", states)


def supplied(draft: Draft, contract: Json) -> None:
    """Lists of holidays that end among the ticket's days, or were not given (R30)."""
    by_date = any("recurring" in duty for duty in draft.duties)
    fixed = {"round", "office"} if "without" in draft.used else {"round"}
    for name, calendar in contract["calendars"].items():
        if "weekly" not in calendar or by_date or name in fixed or not draft.chance(0.25):
            continue
        calendar["name"] = f"{name}List"
        if draft.chance(0.15):
            calendar["unbound"] = True
            calendar.pop("closed", None)
        else:
            calendar["known_until"] = day(draft, draft.rng.choice([0, 1, 2, 3, 4, 6]))


def day(draft: Draft, after: int) -> str:
    """The date so many days after the first of the week."""
    return date.fromordinal(ordinal(draft.period) + after).isoformat()
