"""``slarules advise``: the tightest targets that the past would have kept, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from slarules.advice.cases import calendars
from slarules.advice.targets import METHOD, SHARE_METHOD, Advice, Line, Target, advise
from slarules.cli import advise_text, documents, engines, logs, options, output, verdicts
from slarules.cli.main import COULD_NOT_RUN, FINE
from slarules.diagnostics import did_you_mean
from slarules.model.contract import Contract
from slarules.model.value import SECOND
from slarules.version import __version__

_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%|(0?\.\d+)", re.ASCII)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, required=True, metavar="EVENTS…", type=click.Path())
@click.option("--share", default="95%", show_default=True, metavar="SHARE", help="The share of cases to be kept.")
@click.option(
    "--confidence", default="95%", show_default=True, metavar="SHARE", help="How sure the intervals are to be."
)
@click.option("--duty", "duties", multiple=True, metavar="NAME", help="Only this duty or target.")
@click.option(
    "--calendar",
    "wanted",
    multiple=True,
    metavar="NAME",
    help="Count on this calendar; Always counts around the clock. Else on each that the contract counts in.",
)
@options.judging()
@engines.option
@documents.target(".html", ".docx", ".pdf", ".md", required=False)
@documents.paper()
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/advise.schema.json).")
def command(
    file: str,
    events: tuple[str, ...],
    share: str,
    confidence: str,
    duties: tuple[str, ...],
    wanted: tuple[str, ...],
    as_of: str,
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    engine: str,
    target: Path | None,
    paper: str,
    as_json: bool,
) -> int:
    """Find the tightest target at each severity that SHARE of the past cases in EVENTS would have kept."""
    least, sure = _share("--share", share), _share("--confidence", confidence)
    asked = options.asked(file, as_of, readings, supplied)
    if isinstance(asked, int):
        return asked
    _known("--duty", duties, {name for terms in asked.contract.versions for name in terms.duties})
    offered = {name for terms in asked.contract.versions for name in terms.calendars} | {"Always"}
    _known("--calendar", wanted, offered)
    choice = engines.chosen(engine, events)
    log = logs.read_for(choice, options.mappings(maps, events), strict)
    if isinstance(log, int):
        return log
    try:
        with logs.progress() as bar:
            task = bar.add_task("judging", total=None)
            advice = advise(
                asked.contract,
                log.content,
                asked.as_of,
                share=least,
                confidence=sure,
                on=wanted or calendars(asked.contract, asked.readings),
                only=duties or None,
                readings=asked.readings,
                supplied=asked.supplied,
                done=lambda over, total: bar.update(task, completed=over, total=total),
            )
    except ModuleNotFoundError as missing:
        output.say(f"cannot advise: the package `{missing.name}` is not installed; {documents.INSTALL}", "bold red")
        return COULD_NOT_RUN
    engines.tell_rest(advice.by_reference, advice.subjects)
    if as_json:
        output.as_json(as_data(asked.contract, log.rejected.total(), advice))
    else:
        advise_text.show(asked.contract, log, advice)
    return FINE if target is None else _write(target, paper, asked.contract, advice)


def _write(target: Path, paper: str, contract: Contract, advice: Advice) -> int:
    def made() -> bytes:
        from slarules.documents.render import render
        from slarules.documents.reports.advice import document

        return render(document(contract, advice), target.suffix.lower(), paper)

    return documents.write(target, made)


def _share(option: str, text: str) -> Fraction:
    """A share between 0 and 1, both left out. Raises ``click.BadParameter``."""
    match = _SHARE.fullmatch(text.strip())
    found = Fraction(0) if match is None else Fraction(match[1]) / 100 if match[1] else Fraction(match[2])
    if not 0 < found < 1:
        raise click.BadParameter(f"`{text}` is no share between 0 % and 100 %: write 95%", param_hint=option)
    return found


def _known(option: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raises ``click.BadParameter`` for a name that the contract lacks."""
    there = sorted(known)
    for name in names:
        if name not in there:
            told = did_you_mean(name, there) or f"there are {', '.join(f'`{n}`' for n in there)}"
            raise click.BadParameter(f"the contract has no `{name}`; {told}", param_hint=option)


def as_data(contract: Contract, rejected: int, advice: Advice) -> dict[str, Any]:
    """The result as ``advise.schema.json`` says. Durations are seconds, shares 0 to 1."""
    return {
        "command": "advise",
        "version": __version__,
        "contract": contract.name,
        "as_of": verdicts.rfc3339(advice.as_of),
        "share": float(advice.share),
        "confidence": float(advice.confidence),
        "methods": {"target": METHOD, "share": SHARE_METHOD},
        "set_aside": rejected,
        "lines": [_line(one) for one in advice.lines],
        "not_advised": [{"duty": one.duty, "why": one.why} for one in advice.unfit],
        "without_cases": list(advice.without_cases),
    }


def _line(line: Line) -> dict[str, Any]:
    present = line.present
    return {
        "duty": line.duty,
        "severity": line.severity,
        "present": {
            "allowed": _seconds(present.allowed),
            "calendar": present.calendar,
            "kept": present.kept,
            "broken": present.broken,
            "undecided": present.undecided,
            "share": present.share,
            "low": present.low,
            "high": present.high,
        },
        "targets": [_target(one) for one in line.targets],
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "calendar": target.cases.calendar,
        "done": len(target.cases.done),
        "waited": len(target.cases.waited),
        "left_out": dict(target.cases.left_out),
        "tightest": _seconds(target.tightest),
        "low": _seconds(target.low),
        "high": _seconds(target.high),
    }


def _seconds(micros: int | None) -> float | int | None:
    if micros is None:
        return None
    return micros // SECOND if micros % SECOND == 0 else micros / SECOND
