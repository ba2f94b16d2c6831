"""What ``slarules test`` shows people: failing scenarios as timelines, what was not reached, what was recorded anew."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.cli.tried import Tried, Update
from slarules.diagnostics import has_errors
from slarules.scenario.coverage import Coverage, Missed
from slarules.scenario.report import Row, timeline
from slarules.scenario.run import Outcome

WIDEST = 90
"""Characters of a condition that are shown."""
SAID = {"clauses": "clauses", "rules": "rules", "cells": "table cells", "conditions": "answers of conditions"}


def show(tried: Sequence[Tried], show_all: bool) -> None:
    """Timelines, then how many passed."""
    console, aside = output.results(), output.messages()
    for one in tried:
        output.diagnostics(aside, one.diagnostics)
        for outcome in one.outcomes if show_all else one.failed:
            _timeline(console, one.path, outcome)
    passed = sum(len(one.outcomes) - len(one.failed) for one in tried)
    failed = sum(len(one.failed) for one in tried)
    if len(tried) > 1:
        for one in tried:
            bad = len(one.failed)
            said = f"{len(one.outcomes) - bad} passed" + (f", {bad} failed" if bad else "")
            if not one.outcomes:
                said = "the policy has errors" if has_errors(one.diagnostics) else "no scenarios"
            output.line(console, Text.assemble((clean(one.path), "bold"), ": ", (said, "red" if bad else "")))
    broken = sum(has_errors(one.diagnostics) for one in tried)
    last = Text(f"{passed:,} passed, {failed:,} failed", "bold red" if failed or broken else "bold green")
    if broken:
        last.append(f", {output.counted(broken, 'file')} with errors", "bold red")
    output.line(console, last)


def _timeline(console: Console, path: str, outcome: Outcome) -> None:
    """When, what happened, and what was expected beside what was seen."""
    script = outcome.script
    mark, style = ("passed", "bold green") if outcome.passed else ("FAILED", "bold red")
    output.line(console, Text.assemble((mark, style), " ", (clean(script.title), "bold")))
    about = f"{path}:{script.span.line}, times in {script.zone}"
    about += "".join(f", {name} is {option}" for name, option in script.readings.items())
    output.line(console, Text(clean(about), "dim"))
    rows: list[list[Text | str]] = []
    time = ""
    for row in timeline(outcome):
        same = row.time == time and not row.date
        rows.append([Text(row.date, "dim"), "" if same else row.time, *_shown(row)])
        time = row.time
    output.table(console, ["date", "time", "what happened, or is expected", "seen"], rows)


def _shown(row: Row) -> tuple[Text, Text]:
    """The row's middle and last cell."""
    if row.holds is None:
        return Text(clean(row.happened)), Text("")
    expected = Text(clean(f"expect {row.expected}"), "" if row.holds else "bold")
    if row.holds:
        return expected, Text("✓ as expected", "green")
    return expected, Text(clean(f"✗ {row.seen}"), "bold red")


# ---- What was reached -----------------------------------------------------------------------------------------


def show_coverage(one: Coverage) -> None:
    """How much of a policy was reached, and each thing that was not, with its place."""
    console = output.results()
    output.line(console)
    ran = output.counted(one.scenarios, "scenario")
    output.line(console, Text.assemble((clean(one.policy), "bold"), f": what {ran} reached"))
    rows = [[SAID[s.kind], f"{s.reached:,}", f"{s.of:,}", f"{s.percent:.1f}"] for s in one.shares]
    output.table(console, ["", "reached", "of", "%"], rows, right=(1, 2, 3))
    for head, kind, columns in (
        ("Never judged", "rule", ["place", "rule"]),
        ("Never read", "cell", ["place", "column", "cell"]),
        ("Never answered so", "condition", ["place", "never", "condition"]),
    ):
        missed = [_missed(one.policy, m) for m in one.missed if m.kind == kind]
        if missed:
            output.line(console, Text(head, "bold"))
            output.table(console, columns, missed)
    if one.unexpected:
        output.line(console, Text("Judged, and no `expect` names them", "bold"))
        places = [[f"{one.policy}:{r.span.line}", f"{r.sort} {r.name}"] for r in one.unexpected]
        output.table(console, ["place", "rule"], places)


def _missed(policy: str, missed: Missed) -> list[Text | str]:
    words = missed.words if len(missed.words) <= WIDEST else missed.words[: WIDEST - 2].rstrip() + " …"
    place = f"{policy}:{missed.span.line}"
    match missed.kind:
        case "condition":
            return [place, Text(" or ".join(missed.answers), "yellow"), words]
        case "cell":
            return [place, missed.name, words]
    return [place, words]


# ---- What was recorded anew -----------------------------------------------------------------------------------


def show_update(change: Update, kept: bool) -> None:
    """The difference, and what was left as it was; ``kept``: the file was not written."""
    console, aside = output.results(), output.messages()
    for line in change.diff.splitlines():
        style = "bold" if line[:3] in ("---", "+++") else {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        output.line(console, Text(clean(line), style))
    for refused in change.refused:
        place = f"{change.path}:{refused.span.line}"
        output.line(aside, Text.assemble((clean(place), "bold"), ": left as it is: ", clean(refused.reason)))
    if change.problem is not None:
        output.line(aside, Text(clean(f"cannot write `{change.path}`: {change.problem}"), "bold red"))
        return
    done = "would be recorded anew" if kept else "recorded anew"
    what = output.counted(change.amended, "expectation")
    output.line(console, Text(clean(f"{change.path}: {what} {done}, {len(change.refused)} left as they are"), "bold"))
