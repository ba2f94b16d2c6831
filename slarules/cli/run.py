"""``slarules run``: judge a log under a policy; verdicts to a file, a summary to the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from slarules import __version__
from slarules.analysis import tally
from slarules.cli import logs, options, output, run_text, verdicts
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE
from slarules.engine import batches
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation
from slarules.readers.log import Log
from slarules.scenario.judging import words_of


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, required=True, metavar="EVENTS…", type=click.Path())
@options.judging()
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
def command(
    file: str,
    events: tuple[str, ...],
    as_of: str,
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    target: Path | None,
    rejects: str | None,
    top: int,
    fail_on: str,
    as_json: bool,
) -> int:
    """Judge the EVENTS of tickets and agreements under the policy FILE, as of an instant."""
    if target is not None and target.suffix.lower() not in verdicts.KINDS:
        raise click.BadParameter(
            f"`{target}` ends in none of {', '.join(verdicts.KINDS)}", param_hint="--output"
        )
    asked = options.asked(file, as_of, readings, supplied)
    if isinstance(asked, int):
        return asked
    log = _log(options.mappings(maps, events), strict, rejects)
    if isinstance(log, int):
        return log
    evaluation = _judged(asked, log)
    if target is not None and not _write(target, evaluation):
        return COULD_NOT_RUN
    if as_json:
        output.as_json(as_data(asked.contract, log, evaluation, target, top))
    else:
        run_text.show(asked.contract, log, evaluation, target, top, rejects)
    grave = tally.at_or_above(evaluation, fail_on, sum(log.rejected.values()))
    return FINDINGS if grave else FINE


def _log(files: dict[str, str | None], strict: bool, rejects: str | None) -> Log | int:
    try:
        return logs.read_log(files, strict, rejects)
    except OSError as wrong:
        output.say(f"cannot write `{rejects}`: {(wrong.strerror or str(wrong)).lower()}", "bold red")
        return COULD_NOT_RUN


def _judged(asked: options.Asked, log: Log) -> Evaluation:
    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        return batches.judge(
            asked.contract,
            asked.readings,
            log.events,
            asked.as_of,
            precision=log.precision,
            supplied=asked.supplied,
            done=lambda judged, total: bar.update(task, completed=judged, total=total),
        )


def _write(target: Path, evaluation: Evaluation) -> bool:
    try:
        verdicts.write(target, evaluation)
    except OSError as wrong:
        output.say(f"cannot write `{target}`: {(wrong.strerror or str(wrong)).lower()}", "bold red")
        return False
    return True


def as_data(
    contract: Contract, log: Log, evaluation: Evaluation, target: Path | None, top: int
) -> dict[str, Any]:
    """The result as ``run.schema.json`` says. Instants are RFC 3339 in UTC, durations seconds."""
    return {
        "command": "run",
        "version": __version__,
        "contract": contract.name,
        "as_of": verdicts.rfc3339(evaluation.as_of),
        "readings": dict(evaluation.readings),
        "log": {
            "rows": log.rows,
            "events": len(log.events),
            "set_aside": [{"code": c, "count": n, "cause": cause} for c, (n, cause) in log.causes.items()],
            "unknown_fields": dict(sorted(log.unknown_fields.items())),
        },
        "verdicts": len(evaluation.verdicts),
        "states": dict(sorted(tally.states(evaluation.verdicts).items())),
        "summary": [_line(one) for one in tally.lines(contract, evaluation)],
        "late": [verdicts.told(verdicts.row(v, evaluation.readings)) for v in tally.late(evaluation)[:top]],
        "findings": [
            {"code": c, "count": n, "first": words} for c, (n, words) in tally.findings(evaluation).items()
        ],
        "statuses": [
            {"agreement": a, "status": s, "state": state} for (a, s), state in evaluation.statuses.items()
        ],
        "allowances": [
            {"agreement": a.agreement, "allowance": a.allowance, "balance": words_of(a.balance)}
            for a in evaluation.allowances
        ],
        "amounts": [
            {"agreement": a, "amount": n, "value": words_of(v)} for (a, n), v in evaluation.amounts.items()
        ],
        "next_change_at": verdicts.rfc3339(evaluation.next_change_at),
        "output": None if target is None else str(target),
    }


def _line(one: tally.Line) -> dict[str, Any]:
    return {
        "duty": one.duty,
        "rule": one.rule,
        "severity": one.severity,
        "counts": dict(one.counts),
        "kept_percent": one.kept_percent,
    }
