"""Random duties, each of a kind that contracts have."""

from __future__ import annotations

from typing import Any

from .calendars import HOUR
from .draft import Draft

Json = dict[str, Any]


def response(draft: Draft) -> None:
    rng = draft.rng
    duty: Json = {
        "name": "response",
        "bearer": "provider",
        "trigger": {"event": "opened"},
        "target": draft.table() if draft.severities and draft.chance(0.4) else draft.target(),
        "performed_by": {
            "events": rng.choice([["responded"], ["responded", "acknowledged"]]),
            "actor": "provider",
        },
    }
    if duty["target"]["kind"] == "by_severity":
        duty["on_severity_change"] = draft.severity_rule()
    roll = rng.random()
    if roll < 0.2:
        duty["trigger"]["unless"] = draft.guard(known=False)
    elif roll < 0.4:
        duty["trigger"]["when"] = draft.guard(known=False)
    elif roll < 0.5 and draft.severities:
        duty["trigger"]["when"] = draft.guard(known=True)
    if draft.chance(0.25):
        duty["performed_by"]["automatic_counts"] = False
    if draft.chance(0.3):
        duty["paused_while"] = rng.choice([["customer"], ["customer", "third_party"]])
    if draft.chance(0.08):
        duty["strict"] = True
    if draft.chance(0.08 if not draft.doubtful else 0.3):
        duty["until"] = ["workaround"]
    if draft.severities and draft.chance(0.06 if not draft.doubtful else 0.25):
        duty["while"] = {"severity": [1, 2]}
    draft.duties.append(duty)


def resolution(draft: Draft) -> None:
    rng = draft.rng
    duty: Json = {
        "name": "resolution",
        "bearer": "provider",
        "trigger": {"event": "opened"},
        "target": draft.table() if draft.severities and draft.chance(0.8) else draft.target(),
        "performed_by": {"events": ["resolved"], "actor": "provider"},
        "on_reopen": rng.choice(["resume", "resume", "restart", "ignore"]),
    }
    if duty["target"]["kind"] == "by_severity":
        duty["on_severity_change"] = draft.severity_rule()
    if draft.chance(0.6):
        duty["paused_while"] = rng.choice([["customer"], ["third_party"], ["customer", "third_party"]])
    if draft.chance(0.05):
        duty["strict"] = True
    draft.duties.append(duty)


def answer(draft: Draft) -> None:
    draft.duties.append(
        {
            "name": "answer",
            "bearer": "provider",
            "trigger": {"event": "asked"},
            "target": draft.target(short=True),
            "performed_by": {"events": ["responded", "updated"], "actor": "provider"},
        }
    )


def updates(draft: Draft) -> None:
    rng = draft.rng
    hours = rng.choice([6, 8, 12, 24])
    target: Json = {"kind": "elapsed", "seconds": hours * HOUR}
    if draft.chance(0.35):
        target = {"kind": "business", "seconds": rng.choice([8, 9, 16]) * HOUR, "calendar": draft.calendar()}
    duty: Json = {
        "name": "updates",
        "bearer": "provider",
        "trigger": {"event": "opened"},
        "target": target,
        "performed_by": {"events": ["updated"], "actor": "provider"},
        "recurring": {"mode": "rolling"},
        "until": ["resolved"],
        "on_reopen": rng.choice(["resume", "restart", "ignore"]),
    }
    if draft.severities and draft.chance(0.2):
        rows = {str(level): {"kind": "elapsed", "seconds": h * HOUR} for level, h in enumerate((6, 12, 24), 1)}
        duty["target"] = {"kind": "by_severity", "table": rows}
        duty["on_severity_change"] = draft.severity_rule() if draft.doubtful else "recount"
    if draft.chance(0.35):
        duty["paused_while"] = ["customer"]
    if draft.severities and draft.chance(0.25):
        duty["while"] = rng.choice([{"severity": [1]}, {"severity": [1, 2]}])
    if draft.doubtful and draft.chance(0.2):
        duty["trigger"]["when"] = draft.guard(known=False)
    draft.spans.append(duty["target"].get("seconds", 8 * HOUR))
    draft.duties.append(duty)


def daily(draft: Draft, cause: str | None) -> None:
    rng = draft.rng
    name = "always" if draft.chance(0.35) else draft.calendar(dated=True)
    duty: Json = {
        "name": "daily",
        "bearer": "provider",
        "trigger": {"event": "opened"} if cause is None else {"breach_of": cause},
        "target": {"kind": "none"},
        "performed_by": {"events": ["reported"], "actor": "provider"},
        "recurring": {"mode": "each_day_of", "calendar": name},
        "until": ["resolved"],
        "on_reopen": "ignore",
    }
    if draft.doubtful and draft.chance(0.4):
        duty["on_reopen"] = rng.choice(["resume", "restart"])
        duty["paused_while"] = ["customer"]
    if draft.severities and draft.chance(0.2):
        duty["while"] = {"severity": [1, 2]}
    draft.duties.append(duty)


def escalation(draft: Draft, cause: str) -> None:
    rng = draft.rng
    duty: Json = {
        "name": "escalate",
        "bearer": "provider",
        "trigger": {"breach_of": cause},
        "target": draft.target(short=True, zero=True),
        "performed_by": {"events": ["escalated"], "actor": "provider"},
    }
    if draft.severities and draft.chance(0.6):
        duty["trigger"]["when"] = draft.levels()
    if draft.chance(0.15):
        duty["trigger"]["unless"] = {"happened": "workaround"}
    if draft.chance(0.3):
        duty["paused_while"] = ["customer"]
    if draft.chance(0.2):
        duty["until"] = ["resolved"]
        duty["on_reopen"] = rng.choice(["ignore", "resume"] + ["restart"] * draft.doubtful)
    draft.duties.append(duty)
    if draft.chance(0.5):
        draft.duties.append(
            {
                "name": "inform",
                "bearer": "provider",
                "trigger": {"breach_of": "escalate"},
                "target": draft.target(short=True),
                "performed_by": {"events": ["informed"], "actor": "provider"},
            }
        )
