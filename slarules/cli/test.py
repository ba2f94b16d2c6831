"""``slarules test``: run the scenarios of policies; a failing one is shown as a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from slarules.cli import output, tried_json, tried_text
from slarules.cli.files import policies
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE, POLICY_HAS_ERRORS
from slarules.cli.tried import Tried, Update, coverages, try_file, update, written
from slarules.cli.watching import Ran, again_and_again
from slarules.diagnostics import has_errors
from slarules.scenario.coverage import KINDS, Coverage, below


def _thresholds(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    """``80`` is for every kind, ``rules=100`` for one; the later one counts."""
    found: dict[str, float] = {}
    for text in given:
        kind, _equals, number = text.rpartition("=")
        if kind and kind not in KINDS:
            raise click.BadParameter(f"`{kind}` is none of {', '.join(KINDS)}")
        try:
            percent = float(number)
        except ValueError:
            percent = -1
        if not 0 <= percent <= 100:
            raise click.BadParameter(f"`{number}` is no percentage: write `80`, or `rules=100`")
        found.update(dict.fromkeys([kind] if kind else KINDS, percent))
    return found


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path())
@click.option(
    "--filter",
    "wanted",
    metavar="TEXT",
    multiple=True,
    help="Run only scenarios whose title has TEXT in it; may be repeated, for any of several.",
)
@click.option("--all", "show_all", is_flag=True, help="Show passing scenarios as timelines too.")
@click.option("--watch", is_flag=True, help="Run again at each change of a file that was read, until Ctrl-C.")
@click.option("--junit", metavar="FILE", type=click.Path(dir_okay=False), help="Write the result as JUnit's XML.")
@click.option("--coverage", "reaching", is_flag=True, help="Say what the scenarios reach of the policies.")
@click.option(
    "--coverage-threshold",
    "thresholds",
    metavar="[KIND=]PERCENT",
    multiple=True,
    callback=_thresholds,
    help=f"Exit with 2 where less is reached; of all kinds, or of one of {', '.join(KINDS)}. Implies --coverage.",
)
@click.option(
    "--update", "updating", is_flag=True, help="Record the figures of failing expectations anew, in the files."
)
@click.option("--dry-run", is_flag=True, help="With --update: show what would change, and write nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/test.schema.json)."
)
def command(
    paths: tuple[str, ...],
    wanted: tuple[str, ...],
    show_all: bool,
    watch: bool,
    junit: str | None,
    reaching: bool,
    thresholds: dict[str, float],
    updating: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Run the scenarios in PATHs: policies, files of scenarios, and folders, which are searched for *.sla."""
    _sensible(watch, updating, dry_run, as_json)
    reaching = reaching or bool(thresholds)

    def once() -> Ran:
        tried = [try_file(path, wanted, reaching) for path in policies(paths)]
        if not tried:
            output.say("there is no file *.sla in " + ", ".join(f"`{path}`" for path in paths), "bold red")
            return COULD_NOT_RUN, {}
        updates: list[Update] | None = None
        if updating:
            tried, updates = _updated(tried, wanted, reaching, dry_run, as_json)
        reached = coverages(tried) if reaching else None
        if as_json:
            output.as_json(tried_json.as_data(tried, show_all, reached, updates))
        else:
            tried_text.show(tried, show_all)
            for one in reached or ():
                tried_text.show_coverage(one)
        code = _code(tried, wanted, reached, thresholds)
        if junit is not None and not _wrote(junit, tried):
            code = COULD_NOT_RUN
        if any(change.problem for change in updates or ()):
            code = COULD_NOT_RUN
        return code, _read(tried)

    return again_and_again(once, paths) if watch else once()[0]


def _sensible(watch: bool, updating: bool, dry_run: bool, as_json: bool) -> None:
    """Options that make no sense together."""
    if watch and (updating or as_json):
        other = "--update" if updating else "--json"
        raise click.UsageError(f"--watch shows people what fails, run after run; leave {other} out")
    if dry_run and not updating:
        raise click.UsageError("--dry-run says what --update would do; name both")


def _updated(
    tried: Sequence[Tried], wanted: Sequence[str], reaching: bool, dry_run: bool, quiet: bool
) -> tuple[list[Tried], list[Update]]:
    """Each file with failing expectations recorded anew and, where it was written, run once more."""
    after: list[Tried] = []
    updates: list[Update] = []
    for one in tried:
        change = update(one)
        if change is not None:
            if change.amended and not dry_run and one.loaded.file.data is not None:
                change = written(change, one.loaded.file.data)
            if change.amended and not dry_run and change.problem is None:
                one = try_file(one.path, wanted, reaching)
            updates.append(change)
            if not quiet:
                tried_text.show_update(change, dry_run)
        after.append(one)
    return after, updates


def _code(
    tried: Sequence[Tried], wanted: Sequence[str], reached: Sequence[Coverage] | None, thresholds: dict[str, float]
) -> int:
    if any(one.unreadable for one in tried):
        return COULD_NOT_RUN
    if any(has_errors(one.diagnostics) for one in tried):
        return POLICY_HAS_ERRORS
    if not any(one.outcomes for one in tried):
        texts = " or ".join(f"`{text}`" for text in wanted)
        output.say(f"no scenario's title has {texts} in it" if wanted else "there are no scenarios", "bold red")
        return COULD_NOT_RUN
    low = [(one, share, asked) for one in reached or () for share, asked in below(one, thresholds)]
    for one, share, asked in low:
        what = tried_text.SAID[share.kind]
        output.say(f"{one.policy}: {share.percent:.1f} % of the {what} reached, {asked:g} % asked", "bold red")
    return FINDINGS if low or any(one.failed for one in tried) else FINE


def _wrote(path: str, tried: Sequence[Tried]) -> bool:
    try:
        Path(path).write_bytes(tried_json.junit(tried))
    except OSError as problem:
        output.say(f"cannot write `{path}`: {(problem.strerror or str(problem)).lower()}", "bold red")
        return False
    return True


def _read(tried: Sequence[Tried]) -> dict[Path, bytes | None]:
    """Each file that was read, with what was in it."""
    read: dict[Path, bytes | None] = {}
    for one in tried:
        for loaded in (one.loaded.file, one.loaded.policy):
            read[Path(loaded.path)] = loaded.data
            if loaded.text is not None:
                path = Path(loaded.text.name)
                read[path] = path.read_bytes() if path.exists() else None
    return read
