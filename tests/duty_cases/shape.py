"""Of which kind each part of a duty case is, so that what is of another is told by its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.case_files import Many, Unfit, fits, only
from tests.duty_cases.versions import SINCE, all_duties
from tests.duty_cases.words import COUNTED, EACH_TERM, JOINT, listed

HOURS = [[str]]
CALENDAR = {
    **dict.fromkeys(("zone", "name", "known_until"), str),
    **{key: {"*": HOURS} for key in ("weekly", "extra_open", "extra_closed")},
    **{key: [str] for key in ("union", "intersection", "minus")},
    "closed": Many(str),
    "unbound": bool,
}
TARGET: dict[str, Any] = {
    **dict.fromkeys(("kind", "calendar", "fact", "rounding"), str),
    **dict.fromkeys(("years", "months", "weeks", "days"), int),
    "seconds": float,
}
TARGET["table"] = {"*": TARGET}
DUTY = {
    **dict.fromkeys(("name", "bearer", "on_reopen"), str),
    "trigger": {"event": Many(str), "actor": str, "breach_of": str, "when": dict, "unless": dict},
    "target": TARGET,
    "performed_by": {"events": Many(str), "actor": str, "automatic_counts": bool},
    "paused_while": Many(str),
    "until": Many(str),
    "while": dict,
    "strict": bool,
}
CHOICE = {
    **dict.fromkeys(("name", "otherwise"), str),
    "elector": Many(str),
    "trigger": dict,
    "options": {"*": [DUTY]},
    "within_seconds": float,
}
EVENT = {
    **dict.fromkeys(("type", "at", "recorded_at", "actor", "subject", "source", "target"), str),
    **dict.fromkeys(("facts", "set"), dict),
    "seq": int,
}
EXPECT = {"duties": {"*": dict}, "flags": Many(str), "impossible": Many(str), "next_change_at": str}
CASE = {
    "contract": {
        "zone": str,
        "calendars": {"*": CALENDAR},
        "duties": [DUTY],
        "choices": [CHOICE],
        "severity_changed_by": Many(str),
        "term": {"months": int, "days": int, "grace_days": int, "rounding": str, "reinstates": str},
    },
    "events": [EVENT],
    "evaluations": [{"as_of": str, "log_upto": int, "expect": EXPECT}],
}
"""What the README of the cases names; other keys that are known may hold anything."""

IN_DUTY = (
    *("trigger", "target", "bearer", "performed_by", "paused_while", "until", "until_by", "while", "recurring"),
    *("on_severity_change", "on_reopen", "strict", "next_opening", "called"),
)
IN_TRIGGER = (
    *("event", "actor", "breach_of", "outcome", "of", "remain", "used", "each_term", "when", "unless"),
    *("during", "outside", *EACH_TERM, *JOINT),
)
IN_CASE = ("contract", "events", "evaluations")
IN_CONTRACT = ("zone", "calendars", "duties", "versions", "choices", "presumed", "severity_changed_by", "term")
IN_CALENDAR = (*CALENDAR,)
IN_TERM = ("years", "months", "weeks", "days", "rounding", "grace_days", "reinstates")
IN_CHOICE = (*CHOICE, "further_of")
IN_EVENT = (*EVENT, "sequence")
IN_EVALUATION = ("as_of", "log_upto", "expect")
IN_TARGET = {
    "none": (),
    "elapsed": ("seconds",),
    "business": ("seconds", "calendar"),
    "business_days": ("days", "calendar"),
    "civil": ("years", "months", "weeks", "days", "rounding"),
    "next_close": ("calendar",),
    "by_severity": ("table",),
    "by_fact": ("table", "fact", "is", "by_level"),
    "date_fact": ("fact", "calendar"),
}
"""The keys that each part of a case may have, beside remarks; of a target by its kind, beside what it runs from."""


def known(case: Mapping[str, Any]) -> None:
    """Sees that no part of a case says what is not understood, and might change what the case means."""
    contract = case["contract"]
    only(case, IN_CASE, "case")
    only(contract, IN_CONTRACT, "contract")
    for name, calendar in (contract.get("calendars") or {}).items():
        only(calendar, IN_CALENDAR, f"contract.calendars.{name}")
    only(contract.get("term") or {}, IN_TERM, "contract.term")
    for number, choice in enumerate(listed(contract.get("choices"))):
        only(choice, IN_CHOICE, f"contract.choices[{number}]")
        _trigger(choice["trigger"], f"contract.choices[{number}].trigger")
    for duty in all_duties(contract):
        _duty(duty, f"duty {duty.get('name')}")
    for version in contract.get("versions") if isinstance(contract.get("versions"), list) else []:
        others = {key: part for key, part in version.items() if not isinstance(part, Mapping) or "duties" not in part}
        dated = any(version.get(key) for key in SINCE)
        unnamed = [] if dated else [key for key, part in others.items() if isinstance(part, str)]
        only(others, ("duties", *SINCE, *unnamed), "contract.versions")
    for number, event in enumerate(case["events"]):
        only(event, IN_EVENT, f"events[{number}]")
    for number, evaluation in enumerate(listed(case.get("evaluations"))):
        only(evaluation if isinstance(evaluation, Mapping) else {}, IN_EVALUATION, f"evaluations[{number}]")


def _duty(duty: Mapping[str, Any], place: str) -> None:
    fits(dict(duty), DUTY, place)
    only(duty, IN_DUTY, place)
    _trigger(duty.get("trigger") or {}, f"{place}: trigger")
    only(duty.get("performed_by") or {}, ("events", "actor", "automatic_counts", "if"), f"{place}: performed_by")
    for key, parts in (("recurring", ("mode", "calendar")), ("on_severity_change", ("up", "down"))):
        only(duty[key] if isinstance(duty.get(key), Mapping) else {}, parts, f"{place}: {key}")
    _target(duty.get("target") or {"kind": "none"}, f"{place}: target")


def _trigger(trigger: Mapping[str, Any], place: str) -> None:
    only(trigger, IN_TRIGGER, place)


def _target(target: Mapping[str, Any], place: str) -> None:
    """Texts and objects in a target may name what it runs from, or its parts, and are looked at where they are used."""
    for part in _targets_in(target):
        _target(part, place)
    keys = IN_TARGET.get(str(target.get("kind")))
    if keys is None:
        return
    kind = target["kind"]
    runs = [key for key, part in target.items() if kind in COUNTED and isinstance(part, str | Mapping)]
    otherwise = [key for key in target if kind == "date_fact" and key.startswith("otherwise")]
    only(target, ("kind", *keys, *runs, *otherwise), place)
    if kind == "civil" and not any(key in target for key in ("years", "months", "weeks", "days")):
        raise Unfit(f"`{place}` says no days, weeks, months or years")


def _targets_in(target: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = [part for value in target.values() for part in (value if isinstance(value, list) else [value])]
    inner += list((target.get("table") or {}).values()) if isinstance(target.get("table"), Mapping) else []
    return [part for part in inner if isinstance(part, Mapping) and "kind" in part]
