"""``slarules summary``: a contract's clauses as a document that lawyers read, answer and sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from slarules.cli import documents, engines, logs, options, output
from slarules.cli.main import FINE
from slarules.lint.finding import Finding
from slarules.loader import Loaded


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@documents.target(".html", ".docx", ".pdf", ".md")
@documents.paper()
@click.option("--starts", metavar="DATE", help="The agreement's first date, for its calendar of dates: 2026-04-01.")
@click.option("--ics", metavar="FILE", type=click.Path(path_type=Path), help="Write that calendar to FILE, too: .ics.")
@click.option(
    "--compare", "old", metavar="OLD", type=click.Path(), help="Begin with what changed since the policy OLD."
)
@click.option(
    "--events", multiple=True, metavar="EVENTS", type=click.Path(),
    help="Say what each ambiguity is worth on this log; may be said again. Needs --as-of.",
)
@options.judging(required=False)
@engines.option
def command(
    file: str, target: Path, paper: str, starts: str | None, ics: Path | None, old: str | None,
    events: tuple[str, ...], as_of: str | None, readings: tuple[str, ...], supplied: tuple[str, ...],
    maps: tuple[str, ...], strict: bool, engine: str,
) -> int:
    """Write the clauses of FILE as a document: the contract's words beside what each rule says, and what is open."""
    first = _date(starts)
    if ics is not None and ics.suffix.lower() != ".ics":
        raise click.BadParameter(f"`{ics}` does not end in .ics", param_hint="--ics")
    if bool(events) is not (as_of is not None):
        raise click.UsageError("`--events` and `--as-of` go together: a log, and the instant as of which it is judged")
    if not events and (readings or supplied or maps or strict or engine != engines.AUTO):
        raise click.UsageError("`--readings`, `--supplied`, `--map`, `--strict` and `--engine` are for `--events`")
    loaded = options.sound_policy(file)
    if isinstance(loaded, int):
        return loaded
    more: dict[str, Any] = {"starts": first, "findings": _findings(loaded)}
    used = [*events, *documents.files_of((*maps, *supplied))]
    if as_of is not None:
        found = _stakes(loaded, events, as_of, readings, supplied, maps, strict, engine)
        if isinstance(found, int):
            return found
        more["stakes"] = found
    if old is not None:
        before = options.sound_policy(old)
        if isinstance(before, int):
            return before
        more["changed"] = _changed(before, loaded)
        used = [old, *used]
    more["used"] = tuple(documents.digests(used))
    return _written(loaded, target, paper, ics, more)


def _written(loaded: Loaded, target: Path, paper: str, ics: Path | None, more: Mapping[str, Any]) -> int:
    from slarules.documents.outline import outline
    from slarules.documents.render import render

    assert loaded.contract is not None
    contract = loaded.contract
    document = outline(loaded, **more)
    code = documents.write(target, lambda: render(document, target.suffix.lower(), paper))
    if code == FINE and ics is not None:
        from slarules.documents.examples import icalendar_file  # the library takes a while to load

        code = documents.write(ics, lambda: icalendar_file.ics(contract, starts=more["starts"]))
    if code == FINE:
        output.say(_told(target, ics, loaded, more["findings"]))
    return code


def _told(target: Path, ics: Path | None, loaded: Loaded, found: Sequence[Finding]) -> str:
    """What was written, in one line."""
    assert loaded.contract is not None and loaded.tree is not None
    asked = [
        output.counted(many, one, several)
        for many, one, several in (
            (len(loaded.contract.readings), "ambiguity", "ambiguities"),
            (len(found), "finding", "findings"),
        )
        if many
    ]
    clauses = sum(part.kind == "clause" for part in loaded.tree.items)
    also = f" and `{ics}`" if ics is not None else ""
    return f"wrote `{target}`{also}: {output.counted(clauses, 'clause')}, {' and '.join(asked) or 'nothing'} to answer"


def _findings(loaded: Loaded) -> Sequence[Finding]:
    """What lint finds in the policy, tried by its own scenarios and those of files beside it."""
    from slarules.analysis.linting import linted, scenarios_for

    return linted(loaded, scenarios_for(loaded)).findings


def _stakes(
    loaded: Loaded, events: Sequence[str], as_of: str, readings: Sequence[str], supplied: Sequence[str],
    maps: Sequence[str], strict: bool, engine: str,
) -> Any:
    """What the ambiguities are worth on the log; or the exit code."""
    from slarules.stakes.stakes import stakes

    contract = loaded.contract
    assert contract is not None
    chosen = options.chosen_readings(contract, readings)
    at = options.instant(contract, chosen, as_of)
    given = options.supplied(contract, supplied)
    log = logs.read_for(engines.chosen(engine, events), options.mappings(maps, events), strict)
    if isinstance(log, int):
        return log
    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        found = stakes(
            contract, log.content, at, readings=chosen, supplied=given, precision=log.precision, shown=1,
            done=lambda judged, total: bar.update(task, completed=judged, total=total),
        )
    engines.tell_rest(found.by_reference, found.subjects)
    return found


def _changed(before: Loaded, now: Loaded) -> Any:
    """What changed from one policy to the other, in words and by meaning."""
    from slarules.documents.reports.redline import changed

    with logs.progress() as bar:
        task = bar.add_task("comparing rules", total=None)
        return changed(before, now, lambda many, total: bar.update(task, completed=many, total=total))


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if len(text) != len("2026-04-01"):
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is no date: write it as 2026-04-01", param_hint="--starts") from None
    from slarules.engine.adopt import HORIZON

    if not HORIZON[0] <= found.year < HORIZON[1]:
        known = f"{HORIZON[0]} to {HORIZON[1] - 1}, the years of which public holidays are known"
        raise click.BadParameter(f"`{text}` is not within {known}", param_hint="--starts")
    return found
