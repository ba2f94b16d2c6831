"""What a duty must say because of what else it says: severity changes (R6, R8), reopening (R7), kinds of time."""

from __future__ import annotations

from slarules.model.contract import Terms
from slarules.model.expression import SeverityRef
from slarules.model.limit import Column, Every, Within
from slarules.model.rules import Duty, OnOutcome
from slarules.model.value import Civil
from slarules.model.walk import inside
from slarules.resolve.names import Names, Owed
from slarules.resolve.tables import no_times, times
from slarules.source import Span

CHANGE = frozenset(("change", "rises", "falls"))
"""Words of the lines that say what a change of severity does."""
RISES = frozenset(("on_severity_change", "if_severity_rises"))
FALLS = frozenset(("on_severity_change", "if_severity_falls"))


def place_of(owed: Owed) -> Span:
    """Where a duty is named."""
    return (owed.option or owed.item.node).name.span


def demands(terms: Terms, names: Names) -> None:
    """Tells of each duty what it leaves unsaid that a verdict would hang on."""
    for name, duty in terms.duties.items():
        owed = names.owed[name]
        where, lines = place_of(owed), {line.kind for line in owed.lines}
        rises, falls = lines & RISES, lines & FALLS
        if not (rises and falls) and not names.problems.broken & CHANGE:
            half = "" if rises == falls else " when the severity falls" if rises else " when the severity rises"
            _severity(duty, half or " when the severity changes", where, terms, names)
        if "on_reopening" not in lines and _hangs_on_resolution(duty) and "reopening" not in names.problems.broken:
            names.problems.error(
                "E0703", where, f"`{name}` does not say what reopening does, though `resolved` performs or ends it",
                "add a line: `on reopening run on`, `begin again` or `change nothing`")


def _severity(duty: Duty, told: str, where: Span, terms: Terms, names: Names) -> None:
    """A limit by severity, and a consequence guarded by it, say what later changes do."""
    if any(_by_severity(column, terms) for column in inside(duty.limit) if isinstance(column, Column)):
        names.problems.error(
            "E0701", where, f"the limit of `{duty.name}` depends on the severity, and nothing is said of it{told}",
            "add a line: `on severity change count again from the start`, `start again` or `keep the deadline`")
        return
    consequence = any(isinstance(t, OnOutcome) and t.outcome == "breached" for t in duty.triggers)
    if consequence and any(isinstance(one, SeverityRef) for one in inside(duty.only_if)):
        names.problems.error(
            "E0704", where, f"`{duty.name}` follows from a breach at some severities, and nothing is said of it{told}",
            "add a line: `on severity change keep the deadline`, or what else a later change does")


def _by_severity(column: Column, terms: Terms) -> bool:
    return any(isinstance(one, SeverityRef) for one in terms.tables[column.table].inputs)


def _hangs_on_resolution(duty: Duty) -> bool:
    performed = any(pattern.type == "resolved" for pattern in duty.performance.patterns)
    return performed or any(pattern.type == "resolved" for pattern in duty.until)


def columns(terms: Terms, names: Names) -> None:
    """The times in a table's column, where a duty or a choice uses them: dates need a zone, recurring ones no dates."""
    used = [("duty", duty.limit, place_of(names.owed[name])) for name, duty in terms.duties.items()]
    used += [("choice", choice.within, names.items["choice"][name].node.name.span)
             for name, choice in terms.choices.items()]
    for sort, stated, where in used:
        for limit in inside(stated):
            span = limit.span if isinstance(limit, (Within, Every)) else None
            if isinstance(limit, (Within, Every)) and isinstance(span, Column):
                _column(limit, span, sort, terms, names, where)


def _column(limit: Within | Every, column: Column, sort: str, terms: Terms, names: Names, where: Span) -> None:
    problems, called = names.problems, f"`{column.column}`"
    based = limit.basis is not None
    for cell in no_times(terms.tables[column.table], column, names.items["table"][column.table].node):
        known = cell.span.text.isdigit()
        problems.error("E0501", cell.span, f"{called} is taken for a length of time, and `{cell.span.text}` is none",
                       f"say its unit, as `{cell.span.text} hour{'s' * (cell.span.text != '1')}`" if known else
                       "write a time as `4 hours`, or `none` where nothing is promised")
    for length, own in times(terms.tables[column.table], column):
        if based and own:
            problems.error("E0522", where, f"the table and the {sort} both say what {called} is counted in",
                           "leave one of them out")
            return
        if isinstance(limit, Every) and isinstance(length, Civil):
            problems.error("E0508", where, f"{called} holds days, which could mean each date or each 24 hours",
                           "say hours in the table, or `each day of` a calendar")
            return
        if isinstance(limit, Every) and not isinstance(length, Civil) and length.micros == 0:
            problems.error("E0509", where, f"{called} holds no time, and what recurs needs time between",
                           "say how long: `24 hours`")
            return
        if isinstance(length, Civil) and length.months and (based or own):
            problems.error("E0503", where, f"{called} holds months, which are not counted in a calendar",
                           "say days in the table, or leave `counted` out")
            return
        if isinstance(length, Civil) and not (based or own or names.zone):
            problems.error("E0506", where, f"{called} holds days, which are dates of the contract's own zone, and it "
                           "states none", "say `zone America/Denver` in the `contract` block, or count in a calendar")
            return
