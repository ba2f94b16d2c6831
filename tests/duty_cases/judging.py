"""Judges duty cases, and says where the engine and a case differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from slarules.engine.evaluate import evaluate
from slarules.model.value import Unknown
from slarules.model.verdict import AllowanceLevel, Evaluation, Verdict
from tests.case_files import REMARKS, Unfit, asked, given, run
from tests.duty_cases.calendars import supplied_of
from tests.duty_cases.contract import contract_of
from tests.duty_cases.events import instant
from tests.duty_cases.names import called, plainly_named
from tests.duty_cases.options import FURTHER, NO_DUTY
from tests.duty_cases.payments import events_of
from tests.duty_cases.policy import looked_at
from tests.duty_cases.words import listed

__all__ = ["compared", "contract_of", "disagreements", "events_of", "iso", "main", "supplied_of"]

Case = Mapping[str, Any]

INSTANTS = ("triggered_at", "deadline", "performed_at", "next_change_at")
DURATIONS = ("consumed", "allowed", "late_by", "late_by_counted", "margin")
PLAIN = (
    *("state", "owed", "ended_by", "missing", "cause", "bearer", "severity", "number", "elected", "calendar"),
    *("subject", "agreement", "flags"),
)
"""Fields of a duty that a case may expect: times as text, durations in seconds, and the others."""


def main(arguments: list[str]) -> int:
    """Judges every case of a file; prints each disagreement and, last, the count."""
    return run(arguments, "python -m tests.duty_cases", disagreements)


def disagreements(case: Case) -> list[str]:
    """Where the engine and the case differ, in words; empty where they agree."""
    case = plainly_named(looked_at(case))
    evaluations = given(case, "evaluations", list, "case")
    contract, events, supplied = contract_of(case), events_of(case), supplied_of(case["contract"])
    if not evaluations:
        raise Unfit("`case.evaluations` asks for nothing")
    found, others = [], called(case["contract"])
    for number, evaluation in enumerate(evaluations):
        place = f"evaluations[{number}]"
        as_of = given(asked(evaluation, dict, place), "as_of", str, place)
        upto = None if evaluation.get("log_upto") is None else given(evaluation, "log_upto", int, place)
        if upto is not None and upto < 0:
            raise Unfit(f"`{place}.log_upto` is {upto}, and a number of events is needed")
        expect = given(evaluation, "expect", dict, place)
        if "status" in expect and not case["contract"].get("term"):
            raise Unfit(f"`{place}.expect.status` is an agreement's, and the contract has no `term`")
        seen = evaluate(contract, None, events, instant(as_of), supplied=supplied, upto=upto and min(upto, len(events)))
        known = "" if upto is None else f", the first {upto} known"
        found += [f"{place} as of {as_of}{known}: {what}" for what in compared(expect, seen, others)]
    return found


def compared(
    expect: Mapping[str, Any], seen: Evaluation, others: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Each field in which an evaluation differs from what is expected; `others`: what the case calls some duties."""
    expect = {key: value for key, value in expect.items() if key not in REMARKS}
    if not expect:
        raise Unfit("`expect` expects nothing")
    duties = _labelled(seen, others)
    wanted = expect.get("duties") or {}
    arisen = [label for label, verdict in duties.items() if verdict.state != "could_not_arise"]
    too_many = [label for label in arisen if label not in wanted] if "duties" in expect else []
    found = [f"{label}: an instance that should not be ({duties[label].state})" for label in too_many]
    for label, fields in wanted.items():
        asked(fields, dict, f"expect.duties.{label}")
        if label not in duties:
            found.append(f"{label}: no instance")
            continue
        for field, value in ((field, value) for field, value in fields.items() if field not in REMARKS):
            found += _differs(f"{label}.{field}", _wanted(field, value), field_of(duties[label], field))
    for name, value in expect.items():
        if name != "duties":
            found += _differs(name, *_both(name, value, seen))
    return found


def _labelled(seen: Evaluation, others: Mapping[str, str]) -> dict[str, Verdict]:
    """The instances of duties by their labels; with the subject before it where two have the same one."""
    found: dict[str, Verdict] = {}
    shared = {*others.values()}
    numbers: Counter[tuple[str, str]] = Counter()
    for verdict in sorted(seen.verdicts, key=lambda verdict: verdict.triggered_at) if others else seen.verdicts:
        if verdict.rule in ("duty", "target") and not verdict.duty.startswith(NO_DUTY):
            label, name = verdict.label, others.get(verdict.duty, verdict.duty)
            if name in shared:  # numbered together
                numbers[verdict.subject, name] += 1
                label = f"{name}#{numbers[verdict.subject, name]}"
            found[label if label not in found else f"{verdict.subject} {label}"] = verdict
    return found


def _differs(name: str, expected: Any, seen: Any) -> list[str]:
    return [] if expected == seen else [f"{name}: expected {expected}, seen {seen}"]


def _both(name: str, value: Any, seen: Evaluation) -> tuple[Any, Any]:
    """What is expected of an evaluation as a whole, and what is seen."""
    match name:
        case "next_change_at":
            return _same_time(value), iso(seen.next_change_at)
        case "impossible":
            return sorted(listed(value)), sorted(f.event for f in seen.findings if f.code == "impossible")
        case "flags":
            flags = set(listed(value))
            told = {flag for verdict in seen.verdicts for flag in verdict.flags} | {f.code for f in seen.findings}
            return sorted(flags), sorted(told & {"tie_sensitive", *flags})  # of others only those that are asked for
        case "status":
            if isinstance(value, Mapping):
                return dict(value), {
                    agreement: state if isinstance(state, str) else None
                    for (agreement, _), state in seen.statuses.items()
                }
            states = sorted(state for state in seen.statuses.values() if isinstance(state, str))
            return sorted(listed(value)), states
        case "choices":
            own = [one for one in seen.verdicts if one.rule == "choice" and not one.duty.startswith(FURTHER)]
            choices = [_choice(verdict) for verdict in own]
            wanted = [_choice_wanted(one) for one in listed(value)]
            return wanted, _asked_for(wanted, choices)
        case "allowance":
            levels = _asked_for(listed(value), [_level(level) for level in seen.allowances])
            return value, levels if isinstance(value, list) else levels[0] if levels else None
    raise Unfit(f"`expect.{name}` is not known here")


def _asked_for(wanted: list[Any], seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is seen, of each thing as many fields as are expected of it."""
    fields = [one.keys() if isinstance(one, Mapping) else () for one in wanted]
    fields += [one.keys() for one in seen[len(fields) :]]
    return [{key: one[key] for key in one if key in keys} for one, keys in zip(seen, fields, strict=False)]


def _choice_wanted(choice: Any) -> Any:
    """A choice as a case expects it, without remarks, its instant as `_choice` writes it."""
    if not isinstance(choice, Mapping):
        return choice
    said = {key: value for key, value in choice.items() if key not in REMARKS or key == "name"}
    return said | {"at": _same_time(said["at"])} if "at" in said else said


def _choice(verdict: Verdict) -> dict[str, Any]:
    at = verdict.deadline if verdict.state == "lapsed" else verdict.performed_at
    return {"name": verdict.duty, "state": verdict.state, "elected": verdict.elected, "at": iso(at)}


def _level(level: AllowanceLevel) -> dict[str, Any]:
    draws = [{"event": d.event, "covered": _number(d.covered), "excess": _number(d.excess)} for d in level.draws]
    return {"balance": _number(level.balance), "draws": draws}


def _number(value: Any) -> Any:
    if isinstance(value, Unknown):
        return None
    return int(value) if value == int(value) else float(value)


def field_of(verdict: Verdict, field: str) -> Any:
    """A verdict's field as the cases write it: times as text, durations in seconds."""
    if field not in (*INSTANTS, *DURATIONS, *PLAIN):
        raise Unfit(f"`{field}` is no field of a duty")
    value = getattr(verdict, field)
    if field in INSTANTS:
        return iso(value)
    if field == "ended_by" and value:
        return value.removeprefix("reinstating_")
    if field in DURATIONS:
        return None if value is None else value // 1_000_000 if value % 1_000_000 == 0 else value / 1e6
    return sorted(value) if isinstance(value, tuple) else value


def _wanted(field: str, value: Any) -> Any:
    """What is expected of a field, as `field_of` would write it."""
    if field in INSTANTS:
        return _same_time(value)
    if field == "state" and isinstance(value, str):
        return value.replace(" ", "_")  # could not arise
    if field == "severity" and isinstance(value, int):
        return str(value)
    return sorted(value) if isinstance(value, list) else value


def _same_time(text: str | None) -> str | None:
    return text if text is None else iso(instant(text))


def iso(at: int | None) -> str | None:
    """An instant as the cases write it."""
    if at is None:
        return None
    text = datetime.fromtimestamp(at // 1_000_000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{at % 1_000_000:06d}".rstrip("0") if at % 1_000_000 else "") + "Z"
