"""The versions of a case's contract: which duties are in force from which date to which (R27)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from tests.case_files import Unfit, asked, given
from tests.duty_cases.words import listed

Duty = Mapping[str, Any]
SINCE = ("from", "in_force_from", "since", "date", "effective_from", "effective")
"""Keys under which an amendment may say from which date it is in force; else any other that has a date."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")
FIRST_DATE = "1970-01-01"
"""What is in force from then on was so always."""


class Version(NamedTuple):
    """The duties of a contract for a while."""

    since: str | None
    """The first date in force; None: from the beginning."""
    duties: list[Duty]
    """All of them, those that an amendment left alone included."""
    until: str | None
    """The last date in force; None: without end."""


def versions(contract: Mapping[str, Any]) -> list[Version]:
    """Every version, earliest first."""
    first = listed(contract.get("duties"))
    found: list[tuple[str | None, list[Duty]]] = [(None, first)] if first else []
    found += [(_since(amendment), _amended(amendment)) for amendment in _amendments(contract)]
    if not found:
        return [Version(None, [], None)]
    found.sort(key=lambda version: version[0] or "")
    for place in range(1, len(found)):  # an amendment replaces the duties that it names
        amended = {duty["name"]: duty for duty in found[place][1]}
        kept = [amended.pop(duty["name"], duty) for duty in found[place - 1][1]]
        found[place] = (found[place][0], kept + list(amended.values()))
    while len(found) > 1 and (found[1][0] or "") <= FIRST_DATE:
        del found[0]  # never in force
    following = [since for since, _ in found[1:]]
    ends = [_day_before(since) if since else None for since in following]
    return [Version(since, duties, end) for (since, duties), end in zip(found, [*ends, None], strict=True)]


def _amendments(contract: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    amendments = contract.get("versions") or []
    if not isinstance(amendments, Mapping):
        return [asked(one, dict, f"contract.versions[{number}]") for number, one in enumerate(listed(amendments))]
    return [
        {"from": since, **(terms if isinstance(terms, Mapping) else {"duties": terms})}
        for since, terms in amendments.items()
    ]


def _amended(amendment: Mapping[str, Any]) -> list[Duty]:
    """The duties that an amendment puts in the place of others; they may stand one level deeper."""
    for part in (amendment, *amendment.values()):
        if isinstance(part, Mapping) and "duties" in part:
            duties = [asked(duty, dict, "an amendment's duty") for duty in listed(part["duties"])]
            for duty in duties:
                given(duty, "name", str, "an amendment's duty")
            return duties
    raise Unfit("an amendment says no `duties`")


def _since(amendment: Mapping[str, Any]) -> str | None:
    dated = [value for value in amendment.values() if isinstance(value, str) and DATE.match(value)]
    named = next((str(amendment[key]) for key in SINCE if amendment.get(key)), next(iter(dated), None))
    try:
        return None if named is None else date.fromisoformat(named[:10]).isoformat()
    except ValueError:
        raise Unfit(f"an amendment is in force from `{named}`, which is no date") from None


def _day_before(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()


def all_duties(contract: Mapping[str, Any]) -> list[Duty]:
    """The duties of every version, and of every option of a choice."""
    duties = [duty for version in versions(contract) for duty in version.duties]
    for choice in listed(contract.get("choices")):
        duties += [duty for option in choice["options"].values() for duty in option]
    return duties
