"""Judges clock cases of every kind. Nothing here looks at a case's id.

Some of the cases stand in ``tests/tables/clock-cases.json``.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.case_files import Case, Many, Unfit, fits, given, run
from tests.clock_cases import open_time, tickets

KINDS: dict[str, Callable[[Case], list[str]]] = {
    "add_business_time": open_time.added,
    "elapsed_business_time": open_time.elapsed,
    "sla_ticket": tickets.disagreements,
}

HOURS = {"*": [[str]]}
CASE = {
    "calendar": {"tz": str, "weekly": HOURS, "holidays": [str], "shifts": HOURS, "breaks": HOURS},
    "input": {
        **dict.fromkeys(("start", "end", "as_of", "direction", "day_rule"), str),
        "targets": {"*": {"minutes": float, "business_days": int, "pausable": bool, "end_of_day": bool, "mode": str}},
        "paused_states": Many(str),
        "events": [{"at": str, "type": str, "state": str}],
    },
}
"""Of which kind the parts of a case are that the README of the cases names; other keys may hold anything."""


def main(arguments: list[str]) -> int:
    """Prints every disagreement of a file's cases, then how many passed and failed."""
    return run(arguments, "python -m tests.clock_cases", disagreements)


def disagreements(case: Case) -> list[str]:
    """In what a case's expectations are not met; none when it passes."""
    kind = given(case, "kind", str, "case")
    if kind not in KINDS:
        raise Unfit(f"no kind is called `{kind}`: there are {', '.join(KINDS)}")
    for part in ("calendar", "input", "expect"):
        given(case, part, dict, "case")
    fits(dict(case), CASE, "")
    return KINDS[kind](case)
