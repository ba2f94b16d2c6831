"""Two rules that disagree: performing one breaks the other (R26)."""

from __future__ import annotations

from slarules.model.contract import Terms
from slarules.model.expression import Pattern
from slarules.model.rules import Duty, Prohibition
from slarules.resolve.demands import place_of
from slarules.resolve.names import Names


def disagreements(terms: Terms, names: Names) -> None:
    """Tells each duty that cannot be performed without breaking a prohibition."""
    for name, duty in terms.duties.items():
        for prohibition in terms.prohibitions.values():
            if _forbids(prohibition, duty):
                other = names.items["prohibition"][prohibition.name].node.name.span
                names.problems.error(
                    "E0712", place_of(names.owed[name]),
                    f"`{name}` cannot be performed without breaking `{prohibition.name}`",
                    "say which gives way: `unless …` in one of the two", [(other, "the prohibition")])


def _forbids(prohibition: Prohibition, duty: Duty) -> bool:
    """Whether every performance breaks it: whatever it is guarded by, the duty is guarded by as well."""
    if prohibition.kind != duty.kind or duty.bearer not in prohibition.bearers or not duty.performance.patterns:
        return False
    guarded = (*duty.only_if, *duty.whiles)
    return all(one in guarded for one in (*prohibition.only_if, *prohibition.whiles)) and all(
        any(_covers(forbidden, act, duty.bearer) for forbidden in prohibition.patterns)
        for act in duty.performance.patterns
    )


def _covers(forbidden: Pattern, act: Pattern, bearer: str) -> bool:
    return forbidden.type == act.type and forbidden.by in (None, act.by or bearer)
