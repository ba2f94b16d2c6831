"""The conditions of a case in the language's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.case_files import Unfit
from tests.duty_cases.calendars import calendar_name
from tests.duty_cases.words import listed, literal


def condition(said: Mapping[str, Any]) -> str:
    """A condition, in parentheses where it has parts."""
    for word, between in (("all", " and "), ("any", " or ")):
        if word in said:
            return "(" + between.join(_closed(part) for part in said[word]) + ")"
    if "not" in said:
        return f"not {_closed(said['not'])}"
    if "fact" in said:
        return f"{said['fact']} is any of {', '.join(literal(value) for value in listed(said['is']))}"
    if "severity" in said:
        return f"severity is any of {', '.join(str(level) for level in listed(said['severity']))}"
    if "happened" in said:
        return "(" + " or ".join(f"{kind} has happened" for kind in listed(said["happened"])) + ")"
    if "status_in" in said:
        return f"maintenance is any of {', '.join(listed(said['status_in']))}"
    if "right" in said:
        return f"right {said['right']} holds"
    for word in ("during", "outside"):
        if word in said:
            return f"{word} {calendar_name(said[word])}"
    raise Unfit(f"a condition of an unknown kind: {', '.join(f'`{key}`' for key in said) or 'an empty object'}")


def _closed(said: Mapping[str, Any]) -> str:
    text = condition(said)
    return text if text.startswith("(") or "any of" not in text else f"({text})"
