"""A run from its options to its end: the log judged by the chosen engine, the verdicts written, the result printed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from slarules.analysis import tally
from slarules.cli import engines, logs, options, output, ran, run_text, verdicts
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE
from slarules.cli.ran import Ran
from slarules.cli.untold import untold
from slarules.model.contract import Contract
from slarules.readers.log import Log, unknown_to
from slarules.version import __version__


def run(
    under_way: Mapping[str, Any],
    file: str,
    events: tuple[str, ...],
    as_of: str,
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    target: Path | None,
    rejects: str | None,
    engine: str,
    memory: int | None,
    resume: bool,
    state: Path | None,
    top: int,
    fail_on: str,
    as_json: bool,
) -> int:
    """What ``slarules run`` does with its options, each by its name; the exit code. Raises ``click.UsageError``.

    ``under_way`` are readings that have begun (see ``early``).
    """
    if target is not None and target.suffix.lower() not in verdicts.KINDS:
        raise click.BadParameter(
            f"`{target}` ends in none of {', '.join(verdicts.KINDS)}", param_hint="--output"
        )
    asked = options.asked(file, as_of, readings, supplied)
    if isinstance(asked, int):
        return asked
    if not events and state is None:
        raise click.UsageError("Missing argument 'EVENTS…'.")
    if resume and target is None:
        raise click.BadParameter("say with --output where the verdicts go", param_hint="--resume")
    if resume and state is not None:
        raise click.BadParameter("a run with --state begins again where it was interrupted", param_hint="--resume")
    choice = engines.chosen(engine, events, bounded=memory is not None or resume or state is not None)
    files = options.mappings(maps, events)
    read = [file, *files, *(mapping for mapping in files.values() if mapping)]
    for option, path in (("--output", target), ("--rejects", rejects)):
        _not_over(read, "is read by this run, and would be written over", option, path)
    if target is not None:
        _not_over([target], "is where the verdicts go", "--rejects", rejects)
    found = _ran(asked, choice, files, strict, rejects, top, target, memory, resume, state, under_way)
    if isinstance(found, int):
        return found
    for words in untold(asked.contract, files):
        output.say(words)
    if as_json:
        output.as_json(as_data(asked.contract, found, target))
    else:
        run_text.show(asked.contract, found, target, rejects)
    return FINDINGS if tally.at_or_above(found.counts, fail_on, found.oddities) else FINE


def _not_over(others: Iterable[str | Path], why: str, option: str, path: str | Path | None) -> None:
    """Raises ``click.BadParameter`` where a file to be written is one of others that the run needs."""
    if path is not None and Path(path).resolve() in {Path(other).resolve() for other in others}:
        raise click.BadParameter(f"`{path}` {why}: name another file", param_hint=option)


def _ran(
    asked: options.Asked,
    choice: engines.Choice,
    files: dict[str, str | None],
    strict: bool,
    rejects: str | None,
    top: int,
    target: Path | None,
    memory: int | None,
    resume: bool,
    state: Path | None,
    under_way: Mapping[str, Any],
) -> Ran | int:
    """The files read and judged by the chosen engine, the verdicts written; or the exit code."""
    write = None if target is None else partial(_write, target)
    try:
        if target is not None:
            _check_place(target)
        if choice.name == engines.COLUMNAR:
            from slarules.cli.ran_columns import by_columns, room

            source = logs.column_log(files, strict, rejects, under_way)
            if isinstance(source, int):
                return source
            engines.tell(choice)
            return by_columns(asked, choice, source, top, write, room(memory, target, resume, state))
        log = _read(files, strict, rejects)
        if isinstance(log, int):
            return log
        engines.tell(choice)
        return ran.by_reference(asked, choice, log, top, write)
    except ran.CannotRun as wrong:
        output.say(str(wrong), "bold red")
        return COULD_NOT_RUN


def _check_place(target: Path) -> None:
    """Raises ``CannotRun`` where nothing can be written there, which is better known before all is judged."""
    if not target.parent.is_dir():
        raise ran.CannotRun(f"cannot write `{target}`: there is no folder `{target.parent}`")
    if target.is_dir():
        raise ran.CannotRun(f"cannot write `{target}`: it is a folder")
    if not os.access(target.parent, os.W_OK):
        raise ran.CannotRun(f"cannot write `{target}`: nothing may be written into the folder `{target.parent}`")


def _read(files: dict[str, str | None], strict: bool, rejects: str | None) -> Log | int:
    try:
        return logs.read_log(files, strict, rejects)
    except OSError as wrong:
        raise ran.cannot_write(str(rejects), wrong) from None


def _write(target: Path, tables: Iterable[Any]) -> None:
    from slarules.columnar.verdicts.writing import write

    try:
        write(target, tables)
    except OSError as wrong:
        raise ran.cannot_write(target, wrong) from None


def as_data(contract: Contract, found: Ran, target: Path | None) -> dict[str, Any]:
    """The result as ``run.schema.json`` says. Instants are RFC 3339 in UTC, durations seconds."""
    from slarules.scenario.judging import words_of  # brings all of scenarios with it

    log = found.log
    return {
        "command": "run",
        "version": __version__,
        "contract": contract.name,
        "as_of": verdicts.rfc3339(found.as_of),
        "readings": dict(found.readings),
        "engine": {
            "name": found.choice.name,
            "why": found.choice.why,
            "by_reference": {
                "subjects": sum(found.by_reference.values()),
                "reasons": dict(found.by_reference),
            },
        },
        "log": {
            "rows": log.rows,
            "events": found.events,
            "set_aside": [
                {"code": c, "count": n, "cause": cause} | ({"first": log.first_of(c)} if c in log.first else {})
                for c, (n, cause) in log.causes.items()
            ],
            "unknown_fields": dict(sorted(unknown_to(log, contract).items())),
        },
        "verdicts": found.verdicts,
        "states": dict(sorted(tally.states(found.counts).items())),
        "summary": [_line(one) for one in tally.lines(contract, found.counts)],
        "late": [verdicts.told(row) for row in found.late],
        "findings": [{"code": c, "count": n, "first": words} for c, (n, words) in found.findings.items()],
        "statuses": [
            {"agreement": a, "status": s, "state": state if isinstance(state, str) else None}
            for (a, s), state in found.statuses.items()
        ],
        "allowances": [
            {"agreement": a.agreement, "allowance": a.allowance, "balance": words_of(a.balance)}
            for a in found.allowances
        ],
        "amounts": [
            {"agreement": a, "amount": n, "value": words_of(v)} for (a, n), v in found.amounts.items()
        ],
        "next_change_at": verdicts.rfc3339(found.next_change_at),
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
