"""``slarules report``: the page that both parties read each month."""

from __future__ import annotations

import re
from pathlib import Path

import click

from slarules.analysis.period import Month
from slarules.calendars.zones import FIRST_YEAR, LAST_YEAR
from slarules.cli import documents, engines, logs, options, output
from slarules.readers.log import Log

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, required=True, metavar="EVENTS…", type=click.Path())
@options.judging()
@engines.option
@click.option("--month", metavar="MONTH", help="Look back on this month alone: 2026-03.")
@click.option("--from", "first", metavar="MONTH", help="Look back from this month on.")
@click.option("--to", "last", metavar="MONTH", help="Look back up to the end of this month.")
@click.option(
    "--top", default=10, show_default=True, type=click.IntRange(0, 200), help="Tell so many of the worst cases in full."
)
@documents.target(".html", ".pdf", ".xlsx", ".md", ".docx")
@documents.paper()
def command(
    file: str,
    events: tuple[str, ...],
    as_of: str,
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    engine: str,
    month: str | None,
    first: str | None,
    last: str | None,
    top: int,
    target: Path,
    paper: str,
) -> int:
    """Write what the EVENTS say of a period: kept and broken, the worst cases, what is due next, what is not known.

    An instance of a rule counts in the month in which it arose, on the clocks of the contract's zone.
    """
    since, until = _months(month, first, last)
    asked = options.asked(file, as_of, readings, supplied)
    if isinstance(asked, int):
        return asked
    log = logs.read_for(engines.chosen(engine, events), options.mappings(maps, events), strict)
    if isinstance(log, int):
        return log
    source = asked.contract.text
    used = [file, *([source.name] if source else []), *events, *documents.files_of(maps), *documents.files_of(supplied)]

    def made() -> bytes:
        return _made(asked, log, since, until, top, tuple(documents.digests(used)), target.suffix.lower(), paper)

    code = documents.write(target, made)
    if code == 0:
        output.say(f"the report is written to {target}")
    return code


def _made(
    asked: options.Asked,
    log: Log,
    first: Month | None,
    last: Month | None,
    top: int,
    files: tuple[tuple[str, str], ...],
    ending: str,
    paper: str,
) -> bytes:
    from slarules.documents.reports.reported import report

    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        found = report(
            asked.contract,
            log,
            asked.as_of,
            readings=asked.readings,
            supplied=asked.supplied,
            first=first,
            last=last,
            top=top,
            files=files,
            done=lambda judged, total: bar.update(task, completed=judged, total=total),
        )
    engines.tell_rest(found.evaluation.by_reference, found.evaluation.subjects)
    if ending == ".xlsx":
        from slarules.documents.formats.xlsx import written

        return written(found)
    from slarules.documents.render import render
    from slarules.documents.reports.report import document

    return render(document(found), ending, paper)


def _months(month: str | None, first: str | None, last: str | None) -> tuple[Month | None, Month | None]:
    """The first and the last month looked back on. Raises ``click.BadParameter``."""
    if month is not None:
        if first is not None or last is not None:
            raise click.BadParameter("say either --month, or --from and --to", param_hint="--month")
        only = _month("--month", month)
        return only, only
    since = None if first is None else _month("--from", first)
    until = None if last is None else _month("--to", last)
    if since is not None and until is not None and until < since:
        raise click.BadParameter(f"`{last}` is before `{first}`", param_hint="--to")
    return since, until


def _month(option: str, text: str) -> Month:
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"`{text}` is no month: write it as 2026-03", param_hint=option)
    if not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise click.BadParameter(f"`{text}` is not within {FIRST_YEAR} to {LAST_YEAR}", param_hint=option)
    return Month(int(match[1]), int(match[2]))
