"""``slarules compare``: two contracts, or two versions of one, by meaning and on a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import click

from slarules.cli import compare_json, compare_text, documents, engines, logs, options, output
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE
from slarules.comparison.compare import Comparison, compare
from slarules.comparison.history import History, history
from slarules.comparison.matching import NoSuchName
from slarules.comparison.meaning import NO_DIFFERENCE, SAME
from slarules.comparison.sides import Side, side
from slarules.diagnostics import nearest
from slarules.model.calendar import Supplied
from slarules.model.contract import Contract
from slarules.readers.log import Log

WHICH = ("A:", "B:")
"""Before a reading: of which contract it is chosen."""


@click.command()
@click.argument("a", metavar="A", type=click.Path())
@click.argument("b", metavar="B", type=click.Path())
@click.argument("events", nargs=-1, metavar="[EVENTS…]", type=click.Path())
@click.option("--as-of", metavar="T", help="Judge EVENTS as of this instant; a date is its first instant in A's zone.")
@click.option(
    "--match",
    "said",
    multiple=True,
    metavar="A_NAME=B_NAME",
    help="What answers to what: rules, facts, events; FACT.VALUE=VALUE for a fact's values.",
)
@click.option("--severity", "levels", multiple=True, metavar="A=B", help="Which severity of B answers to which of A.")
@click.option(
    "--readings",
    multiple=True,
    metavar="[A:|B:]NAME=OPTION",
    help="Compare under this reading instead of the adopted one; of both contracts, where none is named.",
)
@click.option(
    "--supplied",
    multiple=True,
    metavar="NAME=WHAT",
    help="What a party supplied: a file, or dates as 2026-12-25,2026-12-28,known until 2027-01-01.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="[EVENTS=]MAPPING",
    help="A TOML file that says what the log's columns are; for one file of several: EVENTS=MAPPING.",
)
@click.option("--strict", is_flag=True, help="Set aside events with fields that nobody knows.")
@engines.option
@click.option("--show", metavar="RULE", help="Tell the counterexamples of this rule in full, with both explanations.")
@click.option(
    "--top",
    default=10,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Show so many of the tickets that change.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["difference", "never"]),
    default="never",
    show_default=True,
    help="Exit with 2 where a rule is not the same, or has no partner.",
)
@documents.target(".html", ".docx", ".pdf", ".md", required=False)
@documents.paper()
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/compare.schema.json).")
def command(
    a: str,
    b: str,
    events: tuple[str, ...],
    as_of: str | None,
    said: tuple[str, ...],
    levels: tuple[str, ...],
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    engine: str,
    show: str | None,
    top: int,
    fail_on: str,
    target: Path | None,
    paper: str,
    as_json: bool,
) -> int:
    """Compare the contracts of two policies: what is stricter or looser in B than in A, with tickets that show it.

    With EVENTS, a log in A's words: how each ticket would have been judged under B.
    """
    if bool(events) is not (as_of is not None):
        raise click.BadParameter("EVENTS and --as-of belong together: a log is judged as of an instant",
                                 param_hint="--as-of")
    contracts = _contracts(a, b)
    if isinstance(contracts, int):
        return contracts
    sides = _sides(contracts, readings, supplied)
    files = options.mappings(maps, events)
    log = logs.read_for(engines.chosen(engine, events), files, strict) if events else Log()
    if isinstance(log, int):
        return log
    compared = _compared(sides, _pairs(said, "--match"), _pairs(levels, "--severity"), show)
    happened = _on_history(compared, log, as_of) if as_of is not None else None
    for letter, many, reasons in zip("AB", happened.judged, happened.by_reference, strict=True) if happened else ():
        engines.tell_rest(reasons, many, f" under {letter}")
    if as_json:
        output.as_json(compare_json.as_data(compared, happened, log, show))
    else:
        compare_text.show(compared, happened, log, show, top)
    if target is not None:
        written = documents.write(target, partial(_document, compared, happened, target.suffix.lower(), paper))
        if written != FINE:
            return COULD_NOT_RUN
    return FINDINGS if fail_on == "difference" and differs(compared) else FINE


def differs(compared: Comparison) -> bool:
    """Whether anything is not the same, or has no partner."""
    rows = any(row.verdict not in (SAME, NO_DIFFERENCE) for row in compared.rows)
    matching = compared.matching
    return rows or bool(matching.only_ours or matching.only_theirs) or not all(one.same for one in compared.others)


def _document(compared: Comparison, happened: History | None, ending: str, paper: str) -> bytes:
    from slarules.documents.render import render
    from slarules.documents.reports.comparison import document

    return render(document(compared, happened), ending, paper)


# ---- What was asked --------------------------------------------------------------------------------------------------


def _contracts(a: str, b: str) -> tuple[Contract, Contract] | int:
    """The contracts of both policies; or the exit code, where one cannot be judged by."""
    found: list[Contract] = []
    for path in (a, b):
        loaded = options.sound_policy(path)
        if isinstance(loaded, int):
            return loaded
        assert loaded.contract is not None
        found.append(loaded.contract)
    return found[0], found[1]


def _sides(
    contracts: tuple[Contract, Contract], readings: Iterable[str], given: Iterable[str]
) -> tuple[Side, Side]:
    chosen: list[dict[str, str]] = [{}, {}]
    for text in readings:
        of = next((n for n, mark in enumerate(WHICH) if text.startswith(mark)), None)
        if of is not None:
            chosen[of] |= options.chosen_readings(contracts[of], [text[len(WHICH[of]) :]])
            continue
        name = text.partition("=")[0].strip()
        having = [n for n, contract in enumerate(contracts) if name in contract.readings]
        for n in having or (0,):
            chosen[n] |= options.chosen_readings(contracts[n], [text])
    supplied: list[dict[str, Supplied]] = [{}, {}]
    for text in given:
        name = text.partition("=")[0].strip()
        having = [n for n, contract in enumerate(contracts) if name in _supplies(contract)]
        for n in having or (0,):
            supplied[n] |= options.supplied(contracts[n], [text])
    a, b = (side(contracts[n], chosen[n], supplied[n]) for n in (0, 1))
    return a, b


def _supplies(contract: Contract) -> set[str]:
    lists = {one.name for terms in contract.versions for one in terms.holidays.values() if one.supplied_by is not None}
    rules = {one.name for terms in contract.versions for one in terms.calendars.values() if one.supplied_by is not None}
    return lists | rules


def _pairs(given: Iterable[str], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, equals, other = (part.strip() for part in text.partition("="))
        if not equals or not name or not other:
            raise click.BadParameter(f"`{text}` is not of the form A=B", param_hint=option)
        found[name] = other
    return found


def _compared(
    sides: tuple[Side, Side], said: Mapping[str, str], levels: Mapping[str, str], show: str | None
) -> Comparison:
    if show is not None:
        known = {name for one in sides for rules in (one.terms.duties, one.terms.prohibitions, one.terms.rights)
                 for name in rules}
        if show not in known:
            near = nearest(show, known)
            told = f"; did you mean `{near}`?" if near else ""
            raise click.BadParameter(f"neither contract has a duty, target, prohibition or right `{show}`{told}",
                                     param_hint="--show")
    only = frozenset([show]) if show is not None else frozenset[str]()
    try:
        with logs.progress() as bar:
            task = bar.add_task("comparing rules", total=None)
            return compare(*sides, said, levels, only=only,
                           done=lambda many, total: bar.update(task, completed=many, total=total))
    except NoSuchName as wrong:
        hint = "--severity" if "severity" in str(wrong) else "--match"
        raise click.BadParameter(str(wrong), param_hint=hint) from None


def _on_history(compared: Comparison, log: Log, as_of: str) -> History:
    when = options.instant(compared.ours.stated, compared.ours.readings, as_of)
    with logs.progress() as bar:
        task = bar.add_task("judging tickets", total=None)
        return history(compared.ours, compared.theirs, compared.matching, log.content, when, precision=log.precision,
                       done=lambda judged, total: bar.update(task, completed=judged, total=total))
