"""``slarules run``: judge a log under a policy; verdicts to a file, a summary to the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from slarules.cli import asking, early, engines


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, metavar="EVENTS…", type=click.Path())
@asking.judging()
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write each verdict to FILE: .jsonl, .csv or .parquet.",
)
@click.option(
    "--rejects",
    metavar="FILE",
    type=click.Path(),
    help="Write each line that was set aside to FILE, as JSON lines with its file, line and cause.",
)
@engines.option
@click.option(
    "--memory",
    metavar="SIZE",
    callback=lambda _context, _option, text: engines.size(text),
    help="Let the columnar engine take so much memory, as 1GB; half of the machine's if it is not said.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep what is judged until all is, and go on from there where the same run was interrupted.",
)
@click.option(
    "--state",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the log and its verdicts in DIR; EVENTS are those that came since, and only what they or time "
    "can have changed is judged again.",
)
@click.option(
    "--top",
    default=10,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Show so many of the worst breaches.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breach", "missed", "undetermined", "finding", "never"]),
    default="never",
    show_default=True,
    help="Exit with 2 where something is as grave as this, or graver.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/run.schema.json)."
)
def command(**asked: Any) -> int:
    """Judge the EVENTS of tickets and agreements under the policy FILE, as of an instant."""
    plain = not (asked["maps"] or asked["memory"] or asked["resume"] or asked["state"])
    under_way = early.begun(asked["engine"], asked["events"], asked["strict"]) if plain else {}
    from slarules.cli.run_through import run  # takes long to import; the log is read meanwhile

    return run(under_way, **asked)
