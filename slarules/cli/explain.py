"""``slarules explain``: why a ticket was judged so, as a tree of reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from slarules.cli import engines, logs, options, output, verdicts
from slarules.cli.excerpt import clean
from slarules.cli.main import COULD_NOT_RUN, FINE
from slarules.diagnostics import did_you_mean
from slarules.engine.reasons.amounts import explain_amounts
from slarules.engine.reasons.explain import explain
from slarules.engine.reasons.reason import Reason
from slarules.engine.reasons.whynot import why_not
from slarules.model.contract import Contract, with_verdicts
from slarules.model.event import Event
from slarules.version import __version__

STYLES = {
    "breached": "bold red",
    "missed": "bold red",
    "not permitted": "bold red",
    "met": "bold green",
    "reached": "bold green",
    "kept": "bold green",
    "permitted": "bold green",
    "undetermined": "bold yellow",
    "pending": "bold cyan",
}


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.argument("events", nargs=-1, required=True, metavar="EVENTS…", type=click.Path())
@click.option("--subject", required=True, metavar="ID", help="The ticket or agreement.")
@click.option("--duty", metavar="NAME", help="Only verdicts of this rule, or this amount.")
@options.judging()
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/explain.schema.json)."
)
def command(
    file: str,
    events: tuple[str, ...],
    subject: str,
    duty: str | None,
    as_of: str,
    readings: tuple[str, ...],
    supplied: tuple[str, ...],
    maps: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> int:
    """Say why SUBJECT was judged so: the events, the clock, the words, what would have kept it.

    With --duty, also why that rule is not owed at all: what never set it off, or which condition failed.
    """
    asked = options.asked(file, as_of, readings, supplied)
    if isinstance(asked, int):
        return asked
    if duty is not None:
        _check_duty(asked.contract, duty)
    told = _history(asked.contract, options.mappings(maps, events), strict, subject)
    if isinstance(told, int):
        return told
    question = (asked.contract, asked.readings, told, asked.as_of, subject, duty, asked.supplied)
    of_rules = duty is None or duty in _rules(asked.contract)
    reasons = explain(*question) if of_rules else ()
    reasons += explain_amounts(*question)
    absent = None
    if duty is not None and not reasons and of_rules:
        absent = why_not(asked.contract, asked.readings, told, asked.as_of, subject, duty, supplied=asked.supplied)
    if as_json:
        output.as_json(as_data(asked, subject, duty, reasons, absent))
    elif absent is not None:
        _print(output.results(), (absent,))
    elif not reasons:
        what = f"no rule applies to `{subject}`" if of_rules else f"`{duty}` is no amount of `{subject}`"
        what += f" as of {verdicts.rfc3339(asked.as_of)}"
        output.line(output.results(), Text(clean(what)))
    else:
        _print(output.results(), reasons)
    return FINE


def _rules(contract: Contract) -> set[str]:
    """The names of all rules that can have verdicts."""
    return {rule.name for terms in contract.versions for rule in with_verdicts(terms)}


def _check_duty(contract: Contract, duty: str) -> None:
    """Raises ``click.BadParameter`` with the nearest name for a rule that the contract lacks."""
    known = sorted(_rules(contract) | {name for terms in contract.versions for name in terms.amounts})
    if duty in known:
        return
    told = did_you_mean(duty, known) or "there are " + ", ".join(f"`{name}`" for name in known)
    raise click.BadParameter(f"the contract has no rule `{duty}`; {told}", param_hint="--duty")


def _history(
    contract: Contract, files: Mapping[str, str | None], strict: bool, subject: str
) -> list[Event] | int:
    """The events by which the subject is judged: of a long log its own and those it hangs together with, no others.

    Or the exit code, where a file cannot be read or tells nothing of the subject.
    """
    if engines.events_about(files) < engines.MANY:
        log = logs.read_log(files, strict, None)
        if isinstance(log, int):
            return log
        return log.events if _known(subject, {event.subject for event in log.events}) else COULD_NOT_RUN
    from slarules.columnar.alone import alone
    from slarules.columnar.log.columns import events_of
    from slarules.readers.columns.tables import joined

    source = logs.column_log(files, strict, None)
    if isinstance(source, int):
        return source
    with logs.progress() as bar:
        table = joined(list(logs.tables(source, bar)))
    if not _known(subject, set(table.column("subject").unique().to_pylist())):
        return COULD_NOT_RUN
    return events_of(alone(contract, table, subject))


def _known(subject: str, subjects: set[str]) -> bool:
    """Whether the log tells of the subject; if not, says so with the nearest one."""
    if subject in subjects:
        return True
    told = did_you_mean(subject, subjects) or f"it tells of {output.counted(len(subjects), 'subject')}"
    output.say(f"the log tells nothing of `{subject}`; {told}", "bold red")
    return False


def as_data(
    asked: options.Asked,
    subject: str,
    duty: str | None,
    reasons: tuple[Reason, ...],
    absent: Reason | None = None,
) -> dict[str, object]:
    """The result for another program, as ``explain.schema.json`` says."""
    return {
        "command": "explain",
        "version": __version__,
        "contract": asked.contract.name,
        "subject": subject,
        "duty": duty,
        "as_of": verdicts.rfc3339(asked.as_of),
        "reasons": [_as_data(reason) for reason in reasons],
        "why_not": _as_data(absent) if absent is not None else None,
    }


def _as_data(reason: Reason) -> dict[str, object]:
    return {"text": reason.text, "parts": [_as_data(part) for part in reason.parts]}


def _print(console: Console, reasons: tuple[Reason, ...]) -> None:
    """A tree on a terminal; indented lines for another program."""
    for reason in reasons:
        if not console.is_terminal:
            for line in _indented(reason, 0):
                output.line(console, line)
            continue
        tree = Tree(_headline(reason.text), guide_style="dim")
        _grow(tree, reason.parts)
        console.print(tree)
        console.print()


def _indented(reason: Reason, depth: int) -> Iterator[str]:
    yield "  " * depth + clean(reason.text)
    for part in reason.parts:
        yield from _indented(part, depth + 1)


def _grow(tree: Tree, parts: tuple[Reason, ...]) -> None:
    for part in parts:
        quoted = part.text.startswith("“")
        _grow(tree.add(Text(clean(part.text), "italic" if quoted else "")), part.parts)


def _headline(text: str) -> Text:
    """The verdict, its state in colour."""
    shown = Text(clean(text), "bold")
    for state, style in STYLES.items():
        start = shown.plain.find(f": {state}")
        if start >= 0:
            shown.stylize(style, start + 2, start + 2 + len(state))
            break
    return shown
