"""``slarules coverage``: the ledger, each sentence of the contract with what became of it."""

from __future__ import annotations

import click
from rich.text import Text

from slarules.analysis.ledger import ledger_of
from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.cli.main import FINDINGS, FINE
from slarules.cli.options import sound_policy
from slarules.loader import Loaded
from slarules.resolve.citations import Ledger, Row, Status
from slarules.resolve.sentences import fold
from slarules.version import __version__

STYLES = {
    Status.ENCODED: "green",
    Status.INFORMATION: "cyan",
    Status.NOT_ENCODED: "yellow",
    Status.MISSING: "bold red",
}


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--missing", is_flag=True, help="List only sentences with words that nothing quotes.")
@click.option(
    "--fail-on",
    type=click.Choice(["missing", "never"]),
    default="missing",
    show_default=True,
    help="Exit with 2 where a sentence is missing.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/coverage.schema.json)."
)
def command(file: str, missing: bool, fail_on: str, as_json: bool) -> int:
    """Account for each sentence of the contract: encoded, information, not encoded, or missing from FILE."""
    loaded = sound_policy(file)
    if isinstance(loaded, int):
        return loaded
    assert loaded.contract is not None
    ledger = ledger_of(loaded.contract)
    if ledger is None:
        output.say(f'`{file}` names no text of the contract: add a line `source "source.txt"`')
        return 1
    rows = [row for row in ledger.rows if row.status is Status.MISSING or not missing]
    if as_json:
        output.as_json(as_data(loaded, ledger, rows))
    else:
        _print(loaded, ledger, rows)
    return FINDINGS if fail_on == "missing" and ledger.counts[Status.MISSING] else FINE


def as_data(loaded: Loaded, ledger: Ledger, rows: list[Row]) -> dict[str, object]:
    """The ledger for another program, as ``coverage.schema.json`` says."""
    assert loaded.contract is not None and loaded.text is not None
    return {
        "command": "coverage",
        "version": __version__,
        "path": loaded.path,
        "contract": loaded.contract.name,
        "source": loaded.text.name,
        "sentences": len(ledger.rows),
        "percent": ledger.percent,
        "counts": {status.value: many for status, many in ledger.counts.items()},
        "rows": [
            {
                "line": row.span.line,
                "column": row.span.column,
                "text": fold(row.span.text),
                "status": row.status.value,
                "by": list(row.by),
                "uncovered": row.uncovered,
            }
            for row in rows
        ],
    }


def _print(loaded: Loaded, ledger: Ledger, rows: list[Row]) -> None:
    assert loaded.contract is not None and loaded.text is not None
    console = output.results()
    if rows:
        output.table(console, ["line", "sentence", "is", "by"], map(_cells, rows), right=(0,))
    counts = ", ".join(f"{many:,} {status.value}" for status, many in ledger.counts.items() if many)
    whole = not ledger.counts[Status.MISSING]
    output.line(
        console,
        Text.assemble(
            (clean(loaded.contract.title or loaded.contract.name), "bold"),
            f": {output.counted(len(ledger.rows), 'sentence')} of {clean(loaded.text.name)}, {counts}; ",
            (f"{ledger.percent:g} % accounted for", "bold green" if whole else "bold red"),
        ),
    )


def _cells(row: Row) -> tuple[Text | str, ...]:
    sentence = Text(clean(fold(row.span.text)))
    by = Text(clean("; ".join(row.by)), "dim")
    if row.status is Status.MISSING and row.by:
        by = Text(clean(f"not quoted: {row.uncovered}"))
    return str(row.span.line), sentence, Text(row.status.value, STYLES[row.status]), by
