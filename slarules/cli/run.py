"""``slarules run``: judge a log under a policy; verdicts to a file, a summary to the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from slarules import __version__
from slarules.cli import batches, logs, options, output, summary, verdicts
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE
from slarules.model.contract import Contract
from slarules.model.verdict import Evaluation
from slarules.scenario.judging import words_of

GOOD, BAD, OPEN, DIM = "green", "bold red", "yellow", "dim"
STYLES = {"kept": GOOD, "broken": BAD, "undetermined": OPEN, "pending": "cyan"}


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, required=True, metavar="EVENTS…", type=click.Path())
@options.judging()
@click.option("-o", "--output", "target", metavar="FILE", type=click.Path(path_type=Path),
              help="Write each verdict to FILE: .jsonl, .csv or .parquet.")
@click.option("--rejects", metavar="FILE", type=click.Path(),
              help="Write each line that was set aside to FILE, as JSON lines with its file, line and cause.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(0, 1000), help="Show so many of the worst breaches.")
@click.option("--fail-on", type=click.Choice(["breach", "missed", "undetermined", "finding", "never"]), default="never",
              show_default=True, help="Exit with 2 where something is as grave as this, or graver.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/run.schema.json).")
def command(
    file: str, events: tuple[str, ...], as_of: str, readings: tuple[str, ...], supplied: tuple[str, ...],
    maps: tuple[str, ...], strict: bool, target: Path | None, rejects: str | None, top: int, fail_on: str, as_json: bool,
) -> int:
    """Judge the EVENTS of tickets and agreements under the policy FILE, as of an instant."""
    if target is not None and target.suffix.lower() not in verdicts.KINDS:
        raise click.BadParameter(f"`{target}` ends in none of {', '.join(verdicts.KINDS)}", param_hint="--output")
    loaded = options.sound_policy(file)
    if isinstance(loaded, int):
        return loaded
    contract = loaded.contract
    assert contract is not None
    chosen = options.chosen_readings(contract, readings)
    instant = options.instant(contract, chosen, as_of)
    given = options.supplied(contract, supplied)
    log = _log(options.mappings(maps, events), strict, rejects)
    if isinstance(log, int):
        return log
    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        evaluation = batches.judge(
            contract, chosen, log.events, instant, supplied=given,
            done=lambda judged, total: bar.update(task, completed=judged, total=total),
        )
    if target is not None and not _write(target, evaluation):
        return COULD_NOT_RUN
    if as_json:
        output.as_json(as_data(contract, log, evaluation, target, top))
    else:
        _print(contract, log, evaluation, target, top, rejects)
    grave = summary.at_or_above(evaluation, fail_on, sum(log.rejected.values()))
    return FINDINGS if grave else FINE


def _log(files: dict[str, str | None], strict: bool, rejects: str | None) -> logs.Log | int:
    try:
        return logs.read_log(files, strict, rejects)
    except OSError as wrong:
        output.say(f"cannot write `{rejects}`: {(wrong.strerror or str(wrong)).lower()}", "bold red")
        return COULD_NOT_RUN


def _write(target: Path, evaluation: Evaluation) -> bool:
    try:
        verdicts.write(target, evaluation)
    except OSError as wrong:
        output.say(f"cannot write `{target}`: {(wrong.strerror or str(wrong)).lower()}", "bold red")
        return False
    return True


# ---- For another program ------------------------------------------------------------------------------------------


def as_data(
    contract: Contract, log: logs.Log, evaluation: Evaluation, target: Path | None, top: int,
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
        "states": dict(sorted(summary.states(evaluation.verdicts).items())),
        "summary": [
            {"duty": one.duty, "rule": one.rule, "severity": one.severity, "counts": dict(one.counts),
             "kept_percent": one.kept_percent}
            for one in summary.lines(contract, evaluation)
        ],
        "worst": [verdicts.told(verdicts.row(v, evaluation.readings)) for v in summary.worst(evaluation, top)],
        "findings": [{"code": c, "count": n, "first": words} for c, (n, words) in summary.findings(evaluation).items()],
        "statuses": [{"agreement": a, "status": s, "state": state} for (a, s), state in evaluation.statuses.items()],
        "allowances": [
            {"agreement": a.agreement, "allowance": a.allowance, "balance": words_of(a.balance)} for a in evaluation.allowances
        ],
        "amounts": [{"agreement": a, "amount": n, "value": words_of(v)} for (a, n), v in evaluation.amounts.items()],
        "next_change_at": verdicts.rfc3339(evaluation.next_change_at),
        "output": None if target is None else str(target),
    }


# ---- For people -----------------------------------------------------------------------------------------------------


def _print(
    contract: Contract, log: logs.Log, evaluation: Evaluation, target: Path | None, top: int, rejects: str | None,
) -> None:
    console = output.results()
    zone = options.own_zone(contract, evaluation.readings) or "UTC"
    tickets = len({event.subject for event in log.events})
    output.line(console, Text.assemble(
        (contract.title or contract.name, "bold"),
        f": {output.counted(len(log.events), 'event')} of {output.counted(tickets, 'subject')}, judged as of "
        f"{output.local(evaluation.as_of, zone)}",
    ))
    _summary(console, contract, evaluation)
    _worst(console, evaluation, zone, top)
    _agreements(console, evaluation)
    _notes(console, log, evaluation, rejects)
    if target is not None:
        output.say(f"{output.counted(len(evaluation.verdicts), 'verdict')} written to {target}")


def _summary(console: Console, contract: Contract, evaluation: Evaluation) -> None:
    found = summary.lines(contract, evaluation)
    if not found:
        output.line(console, "nothing was owed: no rule applies to anything in this log")
        return
    used = [column for column in summary.COLUMNS if any(one.counts.get(column) for one in found)]
    heads = ["rule", "severity", *used, "kept %"]
    rows: list[list[Text | str]] = []
    previous = ""
    for one in found:
        name = Text("" if one.duty == previous else one.duty)
        if one.rule not in ("duty", "scope") and one.duty != previous:
            name.append(f" ({one.rule})", DIM)
        previous = one.duty
        cells = [Text(f"{n:,}" if (n := one.counts.get(c, 0)) else "·", STYLES.get(c, "") if n else DIM) for c in used]
        percent = one.kept_percent
        rows.append([name, one.severity or "", *cells, "" if percent is None else f"{percent:.1f}"])
    output.table(console, heads, rows, right=range(2, len(heads)))


def _worst(console: Console, evaluation: Evaluation, zone: str, top: int) -> None:
    found = summary.worst(evaluation, top)
    if not found:
        return
    rows: list[list[Text | str]] = []
    for verdict in found:
        late = _compact(summary.lateness(verdict, evaluation.as_of))
        assert verdict.deadline is not None
        owed = verdict.performed_at is None and verdict.owed
        rows.append([
            Text(verdict.subject, "bold"), verdict.label, verdict.severity or "", output.local(verdict.deadline, zone),
            output.local(verdict.performed_at, zone) if verdict.performed_at is not None else "still owed" if owed else "never",
            late,
        ])
    broken = sum(v.state in ("breached", "missed") for v in evaluation.verdicts)
    title = f"The {len(found)} latest of {broken:,} broken" if broken > len(found) else "Broken"
    output.table(console, ["subject", "duty", "severity", "due", "performed", "late by"], rows, right=(5,), title=title)


def _compact(micros: int) -> str:
    """A lateness to the minute, `2 d 3 h 5 min`; a day is 24 hours (R13)."""
    minutes = micros // 60_000_000
    sizes = (("d", minutes // 1440), ("h", minutes // 60 % 24), ("min", minutes % 60))
    return " ".join(f"{many:,} {unit}" for unit, many in sizes if many) or f"{micros // 1_000_000} s"


def _agreements(console: Console, evaluation: Evaluation) -> None:
    rows = [[a, s, state or "not begun"] for (a, s), state in evaluation.statuses.items()]
    rows += [[a.agreement, a.allowance, words_of(a.balance)] for a in evaluation.allowances]
    rows += [[a, n, words_of(v)] for (a, n), v in evaluation.amounts.items()]
    if rows:
        shown = rows[:20]
        title = f"Agreements (the first {len(shown)} of {len(rows):,} lines)" if len(rows) > len(shown) else "Agreements"
        output.table(console, ["agreement", "what", "is"], shown, title=title)


def _notes(console: Console, log: logs.Log, evaluation: Evaluation, rejects: str | None) -> None:
    """What was set aside and what was found odd, each with its count."""
    if log.rejected:
        rows = [[code, f"{many:,}", cause] for code, (many, cause) in log.causes.items()]
        title = f"Set aside: {output.counted(sum(log.rejected.values()), 'line')} of {log.rows:,}"
        output.table(console, ["code", "lines", "cause"], rows, right=(1,), title=title)
        output.say(f"each is listed in {rejects}" if rejects else "--rejects FILE lists each with its line and cause")
    found = summary.findings(evaluation)
    if log.unknown_fields:
        names = ", ".join(f"{name} ({many:,})" for name, many in log.unknown_fields.most_common(8))
        output.say(f"fields that nobody knows: {names}", OPEN)
    if found:
        rows = [[code, f"{many:,}", words] for code, (many, words) in found.items()]
        output.table(console, ["finding", "events", "for instance"], rows, right=(1,), title="Worth a look")
