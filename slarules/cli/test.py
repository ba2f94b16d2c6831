"""``slarules test``: run the scenarios of policies; a failing one is shown as a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from attrs import frozen
from rich.console import Console
from rich.text import Text

from slarules import __version__
from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE, POLICY_HAS_ERRORS
from slarules.diagnostics import Diagnostic, has_errors, in_order
from slarules.loader import load_scenarios
from slarules.scenario.reading import read_all
from slarules.scenario.report import Row, timeline
from slarules.scenario.run import Outcome, run


@frozen
class Tried:
    """A file whose scenarios were run."""

    path: str
    outcomes: tuple[Outcome, ...]
    diagnostics: tuple[Diagnostic, ...]
    unreadable: bool

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path())
@click.option(
    "--filter", "wanted", metavar="TEXT", default="", help="Run only scenarios whose title has TEXT in it."
)
@click.option("--all", "show_all", is_flag=True, help="Show passing scenarios as timelines too.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/test.schema.json)."
)
def command(paths: tuple[str, ...], wanted: str, show_all: bool, as_json: bool) -> int:
    """Run the scenarios in PATHs: policies, files of scenarios, and folders, which are searched for *.sla."""
    files = list(dict.fromkeys(_files(paths)))
    if not files:
        output.say("there is no file *.sla in " + ", ".join(f"`{path}`" for path in paths), "bold red")
        return COULD_NOT_RUN
    tried = [try_file(path, wanted) for path in files]
    ran = sum(len(one.outcomes) for one in tried)
    if as_json:
        output.as_json(as_data(tried, show_all))
    else:
        _print(tried, show_all)
    if any(one.unreadable for one in tried):
        return COULD_NOT_RUN
    if any(has_errors(one.diagnostics) for one in tried):
        return POLICY_HAS_ERRORS
    if not ran:
        told = f"no scenario's title has `{wanted}` in it" if wanted else "there are no scenarios"
        output.say(told, "bold red")
        return COULD_NOT_RUN
    return FINDINGS if any(one.failed for one in tried) else FINE


def _files(paths: Iterable[str]) -> Iterator[str]:
    """The files named, and those in folders named, in order; hidden folders are passed over."""
    for path in paths:
        if not Path(path).is_dir():
            yield path
            continue
        for found in sorted(Path(path).rglob("*.sla")):
            if not any(part.startswith(".") for part in found.relative_to(path).parts):
                yield str(found)


def try_file(path: str, wanted: str = "") -> Tried:
    """Runs the sound scenarios of a file whose titles have ``wanted`` in them, whatever the case."""
    loaded = load_scenarios(path)
    contract = loaded.policy.contract
    if contract is None or has_errors(loaded.file.diagnostics):
        return Tried(path, (), loaded.diagnostics, loaded.file.unreadable)
    scripts, problems = read_all(contract, loaded.file.scenarios)
    chosen = [script for script in scripts if wanted.casefold() in script.title.casefold()]
    found = in_order((*loaded.diagnostics, *problems))
    return Tried(path, tuple(run(contract, script) for script in chosen), found, loaded.file.unreadable)


# ---- For another program -----------------------------------------------------------------------------------


def as_data(tried: list[Tried], show_all: bool = False) -> dict[str, Any]:
    """The result as ``test.schema.json`` says; passing scenarios have their timeline only if asked for."""
    return {
        "command": "test",
        "version": __version__,
        "passed": sum(len(one.outcomes) - len(one.failed) for one in tried),
        "failed": sum(len(one.failed) for one in tried),
        "files": [
            {
                "path": one.path,
                "diagnostics": [output.diagnostic_json(d) for d in one.diagnostics],
                "scenarios": [_scenario(outcome, show_all) for outcome in one.outcomes],
            }
            for one in tried
        ],
    }


def _scenario(outcome: Outcome, show_all: bool) -> dict[str, Any]:
    rows = timeline(outcome) if show_all or not outcome.passed else ()
    return {
        "title": outcome.script.title,
        "line": outcome.script.span.line,
        "zone": outcome.script.zone,
        "passed": outcome.passed,
        "expectations": outcome.expectations,
        "timeline": [
            {
                "line": row.span.line,
                "date": row.date,
                "time": row.time,
                "happened": row.happened,
                "expected": row.expected,
                "seen": row.seen,
                "holds": row.holds,
            }
            for row in rows
        ],
    }


# ---- For people --------------------------------------------------------------------------------------------


def _print(tried: list[Tried], show_all: bool) -> None:
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
