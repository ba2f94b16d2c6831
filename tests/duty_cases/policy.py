"""A case's contract as policy text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.case_files import asked, chosen, fits, given
from tests.duty_cases.calendars import calendars, zone
from tests.duty_cases.declarations import declarations, severities
from tests.duty_cases.duties import choice_lines, duty_lines
from tests.duty_cases.limits import civil
from tests.duty_cases.names import told_apart
from tests.duty_cases.options import one_duty_each
from tests.duty_cases.shape import CASE, known
from tests.duty_cases.versions import Version, versions
from tests.duty_cases.words import AGREEMENT_EVENTS, REINSTATING, listed, walk

Case = Mapping[str, Any]

REINSTATES = {"from_expiry": "expiry", "from_event": "the event", None: "the event"}


def policy_text(case: Case) -> str:
    """The case's contract, written in the language."""
    case = looked_at(case)
    contract = case["contract"]
    lines = [
        "slarules 1",
        "",
        'contract Case "a case"',
        '  provider Provider "provider"',
        '  customer Customer "customer"',
        f"  zone {zone(contract.get('zone') or 'UTC')}",
        "",
        *declarations(case),
        *(f"event {name} of agreement" for name in REINSTATING.values() if contract.get("term")),
        "",
        'clause "1"',
    ]
    body = [*calendars(contract), *severities(case), *_term(contract), *_roles(case), *_allowance(case)]
    in_force = versions(contract)
    if len(in_force) == 1 and in_force[0].since is None:
        return "\n".join([*lines, *_indented([*body, *_rules(in_force[0], case)])]) + "\n"
    lines += _indented(body)
    for number, version in enumerate(in_force, start=1):
        until = f" to {version.until}" if version.until else ""
        lines += ["", f'clause "version {number}"', f"  in force from {version.since or '1970-01-01'}{until}"]
        lines += _indented(_rules(version, case))
    return "\n".join(lines) + "\n"


def _rules(version: Version, case: Case) -> list[str]:
    """The duties of a version, and the choices, which no amendment changes."""
    lines = [line for duty in version.duties for line in duty_lines(duty, case)]
    return lines + [line for choice in listed(case["contract"].get("choices")) for line in choice_lines(choice, case)]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]


def looked_at(case: Case) -> Case:
    """The case, without what is null, if all that everything rests on is there; else `Unfit` says what is not."""
    given(case, "contract", dict, "case")
    fits(dict(case), CASE, "")
    case = {key: _said(part) if key in ("contract", "events") else part for key, part in case.items()}
    contract = given(case, "contract", dict, "case")
    for part, wanted in (("calendars", dict), ("term", dict), ("zone", str)):
        if contract.get(part) is not None:
            asked(contract[part], wanted, f"contract.{part}")
    for number, event in enumerate(given(case, "events", list, "case")):
        given(asked(event, dict, f"events[{number}]"), "type", str, f"events[{number}]")
    for number, duty in enumerate(listed(contract.get("duties"))):
        place = f"contract.duties[{number}]"
        given(asked(duty, dict, place), "name", str, place)
        given(duty, "trigger", dict, place)
        if duty.get("target") is not None:
            given(asked(duty["target"], dict, f"{place}.target"), "kind", str, f"{place}.target")
    for number, evaluation in enumerate(listed(case.get("evaluations"))):
        asked(evaluation, dict, f"evaluations[{number}]")
    one_duty_each(contract)
    known(case)
    told_apart(contract)
    if not any(event["type"] in AGREEMENT_EVENTS for event in case["events"]):
        return {**case, "contract": _without_callers(contract)}
    return {**case, "contract": _either(contract)} if contract.get("term") else case


def _either(part: Any) -> Any:
    """A contract in which a payment that reinstates is a payment as any other."""
    if isinstance(part, list):
        return [_either(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _either(value) for key, value in part.items()}
    for key in ("event", "events", "happened", "until"):
        names = [name for name in listed(found.get(key)) if isinstance(name, str)]
        others = [REINSTATING[name] for name in names if name in REINSTATING and REINSTATING[name] not in names]
        if others:
            found[key] = [*listed(found[key]), *others]
    return found


def _without_callers(part: Any) -> Any:
    """A contract under which nobody has been designated, nor anything else happened: nobody has a right (R5)."""
    if isinstance(part, list):
        return [_without_callers(one) for one in part]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("right"), str):
        return {"any": []}
    return {key: _without_callers(value) for key, value in part.items()}


def _said(part: Any) -> Any:
    """A part without its keys that are null; a row of a table that is null promises nothing, and stays."""
    if isinstance(part, list):
        return [_said(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {key: value if key == "table" else _said(value) for key, value in part.items() if value is not None}


def _term(contract: Mapping[str, Any]) -> list[str]:
    term = contract.get("term")
    if not term:
        return []
    grace = term.get("grace_days")
    lines = [
        "status maintenance of agreement",
        "  state active",
        "    begins when agreement started",
        f"    lasts {civil(term)}",
        "    becomes active at the end of term if any of",
        "      purchase_order_received has happened this term",
        "      paid has happened this term",
        f"    becomes {'grace' if grace else 'expired'} at the end of term",
    ]
    if grace:
        lines += [
            "  state grace",
            f"    becomes active when {' or '.join((*REINSTATING, *REINSTATING.values()))}",
            f"    becomes expired after {grace} days",
        ]
    else:
        lines.append("  state grace")  # never entered, but a condition may name it
    lines += ["  state expired", f"    becomes active when {' or '.join((*REINSTATING, *REINSTATING.values()))}"]
    runs = chosen(term.get("reinstates"), REINSTATES, "contract.term.reinstates")
    return [*lines, f"  a reinstated term runs from {runs}", ""]


def _roles(case: Case) -> list[str]:
    rights = sorted({str(part["right"]) for part in walk(case["contract"]) if isinstance(part.get("right"), str)})
    if not rights:
        return []
    lines = ["role Caller of Customer", "  designated by Customer", "  identified by caller", ""]
    for right in rights:
        lines += [f"right {right}", "  only Caller may open", ""]
    return lines


def _allowance(case: Case) -> list[str]:
    asked_for = any((evaluation.get("expect") or {}).get("allowance") for evaluation in case.get("evaluations", []))
    if not asked_for and not any(event["type"] in ("hours_purchased", "hours_logged") for event in case["events"]):
        return []
    return [
        "allowance block of Customer in hours",
        "  increases on hours_purchased by hours",
        "  decreases on hours_logged by hours",
        "",
    ]
