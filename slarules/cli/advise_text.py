"""What ``slarules advise`` prints: for each duty and severity what was promised, what it reached, what could be."""

from __future__ import annotations

from rich.text import Text

from slarules.advice import words
from slarules.advice.targets import METHOD, SHARE_METHOD, Advice
from slarules.cli import output
from slarules.cli.excerpt import clean
from slarules.model.contract import Contract
from slarules.readers.log import Log

DIM, OPEN = "dim", "yellow"


def show(contract: Contract, log: Log, advice: Advice) -> None:
    """Prints the advice on stdout; what was left out, and how it was found, on stderr."""
    console = output.results()
    share = words.percent(advice.share)
    output.line(
        console,
        Text.assemble(
            (clean(contract.title or contract.name), "bold"),
            f": the tightest targets that {share} of past cases would have kept",
        ),
    )
    for duty in dict.fromkeys(line.duty for line in advice.lines):
        rows: list[list[Text | str]] = []
        for line in (one for one in advice.lines if one.duty == duty):
            for number, target in enumerate(line.targets):
                told = (words.level(line), words.promised(line.present), words.reached(line.present))
                rows.append(
                    [
                        *(("", "", "") if number else told),
                        words.calendar(target.cases.calendar),
                        words.number(target),
                        Text(words.tightest(target), "bold" if target.tightest is not None else OPEN),
                        Text(words.interval(target), DIM),
                    ]
                )
        heads = ["severity", "promised", "kept", "counted in", "cases", f"kept by {share}", "interval"]
        output.table(console, heads, rows, title=duty)
    if not advice.lines:
        output.line(console, "no duty with a length of time arose in this log")
    _notes(advice, log)


def _notes(advice: Advice, log: Log) -> None:
    for why in dict.fromkeys(one.why for one in advice.unfit):
        names = ", ".join(one.duty for one in advice.unfit if one.why == why)
        output.say(f"not advised, for {why}: {names}", DIM)
    if advice.without_cases:
        output.say(f"never arose in this log: {', '.join(advice.without_cases)}", DIM)
    out = sum(sum(line.targets[0].cases.left_out.values()) for line in advice.lines if line.targets)
    if out:
        output.say(f"left out, for no length can be told of them: {output.counted(out, 'case')}", OPEN)
    if log.rejected:
        output.say(f"set aside: {output.counted(log.rejected.total(), 'line')} of {log.rows:,}", OPEN)
    sure = words.percent(advice.confidence)
    output.say(f"intervals of {sure}: of targets, {METHOD}; of shares, {SHARE_METHOD}", DIM)
