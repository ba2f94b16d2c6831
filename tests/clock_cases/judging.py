"""Judges clock cases of every kind. Nothing here looks at a case's id.

Some of the cases stand in ``tests/tables/clock-cases.json``.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.case_files import Case, Unfit, given, run
from tests.clock_cases import open_time, tickets

KINDS: dict[str, Callable[[Case], list[str]]] = {
    "add_business_time": open_time.added,
    "elapsed_business_time": open_time.elapsed,
    "sla_ticket": tickets.disagreements,
}


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
    return KINDS[kind](case)
