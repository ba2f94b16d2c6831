"""``slarules check``: read policies, resolve them, verify their quotations, and report every mistake."""

from __future__ import annotations

import click
from attrs import frozen
from rich.text import Text

from slarules.cli import output
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE, POLICY_HAS_ERRORS
from slarules.diagnostics import Diagnostic, Level, in_order
from slarules.loader import Loaded, LoadedScenarios, load_scenarios
from slarules.scenario.reading import read_all
from slarules.version import __version__

LEVELS = [level.value for level in Level]
MANY = 4
"""Codes named at the end as those to read more about."""


@frozen
class Checked:
    """One file and what is wrong with it."""

    path: str
    loaded: LoadedScenarios
    diagnostics: tuple[Diagnostic, ...]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path())
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="Exit with 2 where something of this level or graver is found; errors exit with 3.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/check.schema.json)."
)
def command(files: tuple[str, ...], fail_on: str, as_json: bool) -> int:
    """Report every mistake in policy FILEs: spelling, names, types, quotations not in the contract."""
    checked = [check(path) for path in dict.fromkeys(files)]
    found = in_order(d for one in checked for d in one.diagnostics)
    if as_json:
        output.as_json(as_data(checked))
    else:
        _print(checked, found)
    counts = output.levels(found)
    if any(one.loaded.file.unreadable for one in checked):
        return COULD_NOT_RUN
    if counts[Level.ERROR]:
        return POLICY_HAS_ERRORS
    graver = LEVELS[: LEVELS.index(fail_on) + 1]
    return FINDINGS if any(counts[Level(level)] for level in graver) else FINE


def check(path: str) -> Checked:
    """Everything wrong with a policy, its scenarios included, or with a file of scenarios and its policy."""
    loaded = load_scenarios(path)
    problems = loaded.diagnostics
    if loaded.policy.contract is not None:
        _, more = read_all(loaded.policy.contract, loaded.file.scenarios)
        problems = in_order((*problems, *more))
    return Checked(path, loaded, problems)


def as_data(checked: list[Checked]) -> dict[str, object]:
    """The result for another program, as ``check.schema.json`` says."""
    counts = output.levels(d for one in checked for d in one.diagnostics)
    return {
        "command": "check",
        "version": __version__,
        "files": [
            {
                "path": one.path,
                "contract": one.loaded.policy.contract.name if one.loaded.policy.contract else None,
                "diagnostics": [output.diagnostic_json(d) for d in one.diagnostics],
            }
            for one in checked
        ],
        "errors": counts[Level.ERROR],
        "warnings": counts[Level.WARNING],
        "notes": counts[Level.NOTE],
    }


def _print(checked: list[Checked], found: tuple[Diagnostic, ...]) -> None:
    console = output.results()
    output.diagnostics(console, found)
    for one in checked:
        if not one.diagnostics:
            fine = Text.assemble((one.path, "bold"), ": ", _what_it_holds(one.loaded.policy, one.loaded))
            output.line(console, fine)
    counts = output.levels(found)
    said = ", ".join(output.counted(number, level.value) for level, number in counts.items() if number)
    files = output.counted(len(checked), "file") + " checked"
    style = "bold red" if counts[Level.ERROR] else "bold yellow" if said else "bold green"
    output.line(console, Text(f"{files}: {said or 'nothing wrong'}", style))
    gravest_first = sorted(found, key=lambda one: LEVELS.index(one.level.value))
    codes = list(dict.fromkeys(one.code for one in gravest_first))
    if codes:
        more = " …" if len(codes) > MANY else ""
        output.line(console, Text(f"to read more: slarules explain-code {' '.join(codes[:MANY])}{more}", "dim"))


def _what_it_holds(policy: Loaded, loaded: LoadedScenarios) -> str:
    """How much a sound file says."""
    contract = policy.contract
    if contract is None or loaded.file is not policy:
        return output.counted(len(loaded.file.scenarios), "scenario")
    terms = contract.versions[-1]
    rules = (terms.duties, terms.prohibitions, terms.rights, terms.choices, terms.statuses, terms.scopes)
    counts = (
        (sum(map(len, rules)), "rule"),
        (len(terms.calendars), "calendar"),
        (len(contract.readings), "reading"),
        (len(policy.scenarios), "scenario"),
    )
    return ", ".join(output.counted(number, what) for number, what in counts)
