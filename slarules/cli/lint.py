"""``slarules lint``: what a policy may say, and had better not; with a ticket that shows it, where one can."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from rich.text import Text

from slarules.analysis.linting import Linted, lint_file, linted, scenarios_file, tried_by
from slarules.analysis.rules import BY_NAME, RULES
from slarules.cli import lint_formats, lint_text, output
from slarules.cli.files import policies, replace
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE, POLICY_HAS_ERRORS
from slarules.diagnostics import Level, did_you_mean, has_errors
from slarules.loader import BOM

LEVELS = (Level.WARNING, Level.NOTE)
FORMATS = ("human", "json", "sarif", "github", "junit")


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path())
@click.option("--fix", is_flag=True, help="Mend what can be mended with certainty, and write the files.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="human", show_default=True, help="What to print.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/lint.schema.json).")
@click.option(
    "--fail-on",
    type=click.Choice([*(level.value for level in LEVELS), "never"]),
    default="warning",
    show_default=True,
    help="Exit with 2 where something of this level or graver is found.",
)
@click.option("--select", metavar="RULE", multiple=True, help="Look for this rule only; may be said again.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Do not look for this rule; may be said again.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules, and look at no file.")
def command(
    paths: tuple[str, ...], fix: bool, form: str, as_json: bool, fail_on: str, select: tuple[str, ...],
    ignore: tuple[str, ...], list_rules: bool,
) -> int:
    """Report what the policies in PATHs may say and had better not. PATHs are files, and folders with *.sla in them."""
    form = "json" if as_json else form
    if list_rules:
        if form == "json":
            lint_formats.rules_as_json()
        else:
            lint_text.list_rules()
        return FINE
    if not paths:
        raise click.UsageError("say which policies to look at, or `--rules` for the rules")
    only = _chosen(select, ignore)
    files = policies(paths)
    if not files:
        output.say("there is no file *.sla in " + ", ".join(f"`{path}`" for path in paths), "bold red")
        return COULD_NOT_RUN
    done = [lint_file(path, files, only) for path in _policies(files)]
    if fix:
        done = [_mended(one, only) for one in done]
    for one in done:
        for finding, why in one.unconfirmed:
            output.say(
                f"slarules: sorry, a mistake of the program: `{finding.rule.name}` at {finding.diagnostic.span} was "
                f"not borne out ({why}), and is not shown; please report this line", "bold red",
            )
    _show(done, form, only, fail_on)
    return _code(done, fail_on)


def _show(done: list[Linted], form: str, only: frozenset[str], fail_on: str) -> None:
    match form:
        case "json":
            output.as_json(lint_formats.as_data(done))
        case "sarif":
            output.as_json(lint_formats.as_sarif(done, only))
        case "github":
            lint_formats.as_github(done)
        case "junit":
            lint_formats.as_junit(done, only, _fatal(fail_on))
        case _:
            lint_text.show(done)


def _code(done: list[Linted], fail_on: str) -> int:
    if any(one.loaded.unreadable for one in done):
        return COULD_NOT_RUN
    if any(has_errors(one.loaded.diagnostics) for one in done):
        return POLICY_HAS_ERRORS
    graver = _fatal(fail_on)
    return FINDINGS if any(f.diagnostic.level in graver for one in done for f in one.findings) else FINE


def _fatal(fail_on: str) -> tuple[Level, ...]:
    """The levels at which the command fails."""
    return () if fail_on == "never" else LEVELS[: [level.value for level in LEVELS].index(fail_on) + 1]


def _chosen(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """The names of the rules asked for; they may be given by their codes too."""
    chosen = frozenset(_rule(word) for word in select) or frozenset(BY_NAME)
    return chosen - {_rule(word) for word in ignore}


def _rule(word: str) -> str:
    codes = {rule.code: rule.name for rule in RULES}
    name = codes.get(word.upper(), word)
    if name not in BY_NAME:
        told = did_you_mean(word, (*BY_NAME, *codes)) or "`slarules lint --rules` lists them"
        raise click.UsageError(f"there is no rule `{word}`; {told}")
    return name


def _policies(files: Iterable[str]) -> list[str]:
    """The policies among the files; for a file of scenarios, the policy that it tries."""
    found: dict[Path, str] = {}
    for path in files:
        scenarios = scenarios_file(path)
        policy = path if scenarios is None else str(tried_by(scenarios))
        found.setdefault(Path(policy).resolve(), policy)
    return list(found.values())


def _mended(one: Linted, only: frozenset[str]) -> Linted:
    """The policy with its certain mends, written; what was mended and what was not is told."""
    from slarules.analysis.mending import mended

    data = one.loaded.data
    if data is None or one.loaded.policy is None or one.loaded.tree is None:
        return one
    path = one.loaded.path
    done = mended(one.loaded, one.scenarios, only)
    for diagnostic, wrong in done.undone:
        told = f"not mended, for that would make a mistake ({wrong})"
        output.say(f"{diagnostic.span}: {told}: {diagnostic.message}", "yellow")
    if not done.fixed or done.loaded.policy is None:
        return one
    windows = data.count(b"\r\n")
    if b"\r" in data and windows != data.count(b"\n"):
        output.say(f"{path}: not mended, for its line ends are mixed; `slarules fmt {path}` makes them one", "yellow")
        return one
    text = done.loaded.policy.text.replace("\n", "\r\n") if windows else done.loaded.policy.text
    try:
        replace(Path(path), (BOM if data.startswith(BOM) else b"") + text.encode("utf-8"))
    except OSError as problem:
        output.say(f"cannot write `{path}`: {(problem.strerror or str(problem)).lower()}; it is as it was", "bold red")
        return one
    for diagnostic in done.fixed:
        output.line(output.messages(), Text(f"{diagnostic.span}: mended: {diagnostic.message}", "green"))
    return linted(done.loaded, one.scenarios, only)
