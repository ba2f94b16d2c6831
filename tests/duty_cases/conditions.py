"""The conditions of a case in the language's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.case_files import REMARKS, Unfit, asked, only
from tests.duty_cases.calendars import calendar_name
from tests.duty_cases.words import listed, literal, party

YES = "(opened has happened or not opened has happened)"
NO = "(opened has happened and not opened has happened)"
"""What is so whatever is known, and what never is: all of nothing, and any of nothing."""
KINDS = ("all", "any", "not", "fact", "severity", "happened", "status_in", "right", "during", "outside")


def condition(said: Mapping[str, Any]) -> str:
    """A condition, in parentheses where it has parts; one that says several things wants them all."""
    if not isinstance(said, Mapping):
        raise Unfit(f"a condition must be an object, and is {said!r}")
    kinds = [kind for kind in KINDS if kind in said]
    unknown = [f"`{key}`" for key in said if key not in (*KINDS, "is") and key not in REMARKS]
    if unknown or not kinds:
        raise Unfit(f"a condition of an unknown kind: {', '.join(unknown) or 'an empty object'}")
    if "is" in said and "fact" not in said:
        raise Unfit("a condition says `is` of no `fact`")
    if len(kinds) == 1:
        return _one(kinds[0], said)
    return "(" + " and ".join(_grouped(_one(kind, said)) for kind in kinds) + ")"


def _one(kind: str, said: Mapping[str, Any]) -> str:
    value = said[kind]
    match kind:
        case "all" | "any":
            between, none = (" and ", YES) if kind == "all" else (" or ", NO)
            return "(" + between.join(_grouped(condition(part)) for part in listed(value)) + ")" if value else none
        case "not":
            return f"not {_grouped(condition(value))}"
        case "fact":
            values = listed(said.get("is", True))
            return f"{value} is any of {', '.join(map(literal, values))}" if values else NO
        case "severity":
            return f"severity is any of {', '.join(map(str, listed(value)))}" if listed(value) else NO
        case "happened":
            return "(" + " or ".join(_happened(one) for one in listed(value)) + ")" if value else NO
        case "status_in":
            return f"maintenance is any of {', '.join(map(str, listed(value)))}" if listed(value) else NO
        case "right":
            return f"right {value} holds"
    return f"{kind} {calendar_name(value)}"


def _happened(told: Any) -> str:
    """An event that has happened, by somebody if that is said."""
    if not isinstance(told, Mapping):
        return f"{told} has happened"
    only(told, ("event", "actor"), "happened")
    by = f" by {party(asked(told['actor'], str, 'happened.actor'))}" if told.get("actor") else ""
    return "(" + " or ".join(f"{kind} has happened{by}" for kind in listed(told["event"])) + ")"


def _grouped(text: str) -> str:
    return text if text.startswith("(") or "any of" not in text else f"({text})"
