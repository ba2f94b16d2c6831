"""``slarules readings``: what each ambiguity of a contract is worth on a log of events."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from slarules.cli import documents, engines, logs, options, output, readings_json, readings_text
from slarules.cli.main import FINE
from slarules.model.contract import Contract
from slarules.readers.log import Log
from slarules.stakes.stakes import JUDGINGS, stakes
from slarules.stakes.worth import OptionStake, Stakes
from slarules.version import __version__


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, required=True, metavar="EVENTS…", type=click.Path())
@options.judging()
@engines.option
@click.option(
    "--flips",
    multiple=True,
    metavar="NAME[=OPTION]",
    help="List the verdicts that come out otherwise under this reading's other options, or under this one.",
)
@click.option(
    "--top", default=10, show_default=True, type=click.IntRange(0, 100_000), help="List so many verdicts and pairs."
)
@click.option(
    "--pairs",
    default=str(JUDGINGS),
    show_default=True,
    metavar="N|all",
    help="Look at subjects so many times to see which readings act on each other; 0: do not look.",
)
@documents.target(".html", ".docx", ".pdf", ".md", required=False)
@documents.paper()
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/readings.schema.json).")
def command(
    file: str,
    events: tuple[str, ...],
    as_of: str,
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    engine: str,
    flips: tuple[str, ...],
    top: int,
    pairs: str,
    target: Path | None,
    paper: str,
    as_json: bool,
) -> int:
    """Say what each ambiguity of the policy FILE is worth on the EVENTS, as of an instant.

    Each option of each reading is tried beside the one that the log is judged by: which verdicts come out otherwise,
    which deadlines move and by how much, what it is in time and money, and in whose favour.
    """
    judgings = _judgings(pairs)
    asked = options.asked(file, as_of, readings, supplied)
    if isinstance(asked, int):
        return asked
    wanted = [_wanted(asked, text) for text in flips]
    log = logs.read_for(engines.chosen(engine, events), options.mappings(maps, events), strict)
    if isinstance(log, int):
        return log
    gc.freeze()  # the log stays to the end: looking through it for what may go is a tenth of the time
    found = _tried(asked, log, judgings, max(top, 1) if wanted else 1)
    engines.tell_rest(found.by_reference, found.subjects)
    chosen = [one for name, option in wanted for one in _options(found, name, option)]
    if as_json:
        output.as_json(readings_json.as_data(found, log, __version__, chosen, top))
    else:
        readings_text.show(asked.contract, log, found, chosen, top)
    return FINE if target is None else documents.write(target, lambda: _made(asked.contract, found, target, paper))


def _tried(asked: options.Asked, log: Log, judgings: int | None, shown: int) -> Stakes:
    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        return stakes(
            asked.contract,
            log.content,
            asked.as_of,
            readings=asked.readings,
            supplied=asked.supplied,
            precision=log.precision,
            judgings=judgings,
            shown=shown,
            done=lambda judged, total: bar.update(task, completed=judged, total=total),
        )


def _made(contract: Contract, found: Stakes, target: Path, paper: str) -> bytes:
    from slarules.documents.render import render
    from slarules.documents.reports.stakes import document

    return render(document(found, contract), target.suffix.lower(), paper)


def _judgings(text: str) -> int | None:
    """How often subjects may be judged for pairs; None: as often as it takes. Raises ``click.BadParameter``."""
    if text.strip() == "all":
        return None
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter(f"`{text}` is neither a number nor `all`", param_hint="--pairs")
    return int(text)


def _wanted(asked: options.Asked, text: str) -> tuple[str, str | None]:
    """A reading, and the option named beside it. Raises ``click.BadParameter``."""
    name, equals, option = (part.strip() for part in text.partition("="))
    known = asked.contract.readings
    if name not in known:
        raise options.no_such("--flips", "the contract has no reading", name, sorted(known))
    others = [one.name for one in known[name].options]
    if not equals:
        return name, None
    if option not in others:
        raise options.no_such("--flips", f"the reading `{name}` has no option", option, others)
    if option == asked.readings.get(name, known[name].adopted):
        told = f"the log is judged by `{name}` = `{option}`: name another of its options"
        raise click.BadParameter(told, param_hint="--flips")
    return name, option


def _options(found: Stakes, name: str, option: str | None) -> list[OptionStake]:
    own = next(one for one in found.readings if one.reading == name)
    return [one for one in own.options if option in (None, one.option)]
