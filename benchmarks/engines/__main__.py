"""`python -m benchmarks.engines --tickets 1000000`: events a second and memory of each engine, on the same tickets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.engines import page as pages
from benchmarks.engines.files import KINDS, written
from benchmarks.engines.measuring import Differs, Measured, measured
from benchmarks.engines.table import ENGINES

_FILES = {".csv": "run-csv", ".jsonl": "run-jsonl"}
"""Files that one engine alone reads."""


@click.command()
@click.option("--tickets", type=click.IntRange(1), default=1_000_000, show_default=True, help="So many tickets.")
@click.option("--only", metavar="NAMES", help=f"These engines alone, by comma: {', '.join(ENGINES)}.")
@click.option("--runs", type=click.IntRange(1), default=5, show_default=True, help="Runs of each; the median is told.")
@click.option("--sizes", metavar="EVENTS", help="Time per event at these sizes instead, as 1M,10M,33M,100M.")
@click.option("--calendars", is_flag=True, help="Business time beside the libraries for it, instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--page", is_flag=True, help="Write the tables into docs/performance.md, business time too.")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=Path("build/benchmarks"),
    show_default=True,
    help="Where the files of events are kept.",
)
def main(
    tickets: int,
    only: str | None,
    runs: int,
    sizes: str | None,
    calendars: bool,
    as_json: bool,
    page: bool,
    directory: Path,
) -> None:
    """Every engine in a process of its own, on the same file of events, with the same verdicts."""
    directory = directory.resolve()
    try:
        if calendars:
            found = pages.business_time()
        elif sizes:
            found = pages.by_size(directory, _sizes(sizes), runs)
        else:
            found = pages.by_engine(_measured(directory / str(tickets), tickets, _names(only), runs), tickets)
            if page and not only:
                found = pages.together(found, pages.business_time())
    except Differs as why:
        raise SystemExit(str(why)) from None
    if page:
        pages.record(found)
    click.echo(json.dumps(found.rows, indent=2) if as_json else pages.told(found))


def _names(only: str | None) -> list[str]:
    """The engines asked for, less those that cannot run here."""
    names = [name.strip() for name in only.split(",")] if only else list(ENGINES)
    for name in names:
        if name not in ENGINES:
            raise click.BadParameter(f"`{name}` is no engine; there are {', '.join(ENGINES)}", param_hint="--only")
        if ENGINES[name].missing:
            click.echo(f"{name}: left out, `{ENGINES[name].needs}` is not installed", err=True)
    return [name for name in names if not ENGINES[name].missing]


def _sizes(text: str) -> list[int]:
    """``1M,10M`` as numbers of events."""
    try:
        return [round(float(size.strip().removesuffix("M")) * 1_000_000) for size in text.split(",")]
    except ValueError:
        raise click.BadParameter(f"`{text}`: write 1M,10M", param_hint="--sizes") from None


def _measured(directory: Path, tickets: int, names: Sequence[str], runs: int) -> list[Measured]:
    kinds = tuple(kind for kind in KINDS if kind not in _FILES or _FILES[kind] in names)
    written(directory, tickets, kinds)
    return measured(directory, names, runs)


if __name__ == "__main__":
    main()
