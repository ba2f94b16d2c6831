"""What ``slarules run`` prints: a summary, the worst breaches, agreements, what was set aside."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from slarules.analysis import tally
from slarules.cli import engines, options, output
from slarules.cli.excerpt import clean
from slarules.cli.ran import Ran
from slarules.model.contract import Contract
from slarules.readers.log import unknown_to

GOOD, BAD, OPEN, DIM = "green", "bold red", "yellow", "dim"
FIRST = 160
"""Characters of a line set aside, and why, that are shown."""
STYLES = {"kept": GOOD, "broken": BAD, "undetermined": OPEN, "pending": "cyan"}


def show(contract: Contract, ran: Ran, target: Path | None, rejects: str | None) -> None:
    """Prints the result of a run on stdout; where to look further, on stderr."""
    console = output.results()
    zone = options.own_zone(contract, ran.readings) or "UTC"
    output.line(
        console,
        Text.assemble(
            (clean(contract.title or contract.name), "bold"),
            f": {output.counted(ran.events, 'event')} of {output.counted(ran.subjects, 'subject')}, as of "
            f"{output.local(ran.as_of, zone)}",
        ),
    )
    _summary(console, contract, ran)
    _worst(console, ran, zone)
    if ran.statuses or ran.allowances or ran.amounts:
        _agreements(console, ran)
    _notes(console, contract, ran, rejects)
    engines.tell_rest(ran.by_reference, ran.subjects)
    for note in ran.notes:
        output.say(note)
    if target is not None:
        output.say(f"{output.counted(ran.verdicts, 'verdict')} written to {target}")


def _summary(console: Console, contract: Contract, ran: Ran) -> None:
    found = tally.lines(contract, ran.counts)
    if not found:
        output.line(console, "nothing was owed: no rule applies to anything in this log")
        return
    used = [column for column in tally.COLUMNS if any(one.counts.get(column) for one in found)]
    heads = ["rule", "severity", *used, "kept %"]
    rows: list[list[Text | str]] = []
    previous = ""
    for one in found:
        name = Text("" if one.duty == previous else one.duty)
        if one.rule not in ("duty", "scope") and one.duty != previous:
            name.append(f" ({one.rule})", DIM)
        previous = one.duty
        cells = [
            Text(f"{n:,}" if (n := one.counts.get(c, 0)) else "·", STYLES.get(c, "") if n else DIM)
            for c in used
        ]
        percent = one.kept_percent
        rows.append([name, one.severity or "", *cells, "" if percent is None else f"{percent:.1f}"])
    output.table(console, heads, rows, right=range(2, len(heads)))


def _worst(console: Console, ran: Ran, zone: str) -> None:
    if not ran.late:
        return
    rows: list[list[Text | str]] = []
    for late in ran.late:
        by = tally.late_by(late["late_by"], late["performed_at"], late["owed"], late["deadline"], ran.as_of)
        performed = "not, and no longer owed" if by is None else "still owed"
        if late["performed_at"] is not None:
            performed = output.local(late["performed_at"], zone)
        due = "" if late["deadline"] is None else output.local(late["deadline"], zone)
        size = "" if by is None else _compact(by)
        name, label = Text(clean(late["subject"]), "bold"), f"{late['duty']}#{late['number']}"
        rows.append([name, label, late["severity"] or "", due, performed, size])
    shown = len(ran.late)
    title = f"Late: the first {shown:,} of {ran.late_many:,}" if ran.late_many > shown else "Late"
    heads = ["subject", "duty", "severity", "due", "performed", "late by"]
    output.table(console, heads, rows, right=(5,), title=title)


def _compact(micros: int) -> str:
    """A lateness to the minute, `2 d 3 h 5 min`; a day is 24 hours (R13)."""
    minutes = micros // 60_000_000
    sizes = (("d", minutes // 1440), ("h", minutes // 60 % 24), ("min", minutes % 60))
    return " ".join(f"{many:,} {unit}" for unit, many in sizes if many) or f"{micros // 1_000_000} s"


def _agreements(console: Console, ran: Ran) -> None:
    from slarules.scenario.judging import words_of  # brings all of scenarios with it

    rows = [[a, s, "not begun" if state is None else words_of(state)] for (a, s), state in ran.statuses.items()]
    rows += [[a.agreement, a.allowance, words_of(a.balance)] for a in ran.allowances]
    rows += [[a, n, words_of(v)] for (a, n), v in ran.amounts.items()]
    shown = rows[:20]
    title = f"Agreements (the first {len(shown)} of {len(rows):,} lines)" if len(rows) > len(shown) else "Agreements"
    output.table(console, ["agreement", "what", "is"], shown, title=title)


def _cause(cause: str, first: str | None) -> Text:
    """Why lines were set aside, and below it the first of them."""
    shown = "" if first is None else f"\n  {clean(first if len(first) <= FIRST else first[: FIRST - 1] + '…')}"
    return Text(cause + shown)


def _notes(console: Console, contract: Contract, ran: Ran, rejects: str | None) -> None:
    """What was set aside and what was found odd, each with its count."""
    log = ran.log
    if log.rejected:
        aside: list[list[Text | str]] = [
            [code, f"{many:,}", _cause(cause, log.first_of(code))] for code, (many, cause) in log.causes.items()
        ]
        title = f"Set aside: {output.counted(sum(log.rejected.values()), 'line')} of {log.rows:,}"
        output.table(console, ["code", "lines", "cause"], aside, right=(1,), title=title)
    unknown = unknown_to(log, contract)
    if unknown:
        names = ", ".join(f"{name} ({many:,})" for name, many in unknown.most_common(8))
        output.say(f"fields that nobody knows: {names}", OPEN)
    if ran.findings:
        rows = [[code, f"{many:,}", words] for code, (many, words) in ran.findings.items()]
        output.table(console, ["finding", "events", "for instance"], rows, right=(1,), title="Worth a look")
    if log.rejected:
        console.file.flush()
        output.say(
            f"each line set aside is in {rejects}" if rejects else "--rejects FILE lists each line set aside"
        )
