"""What ``slarules lint`` prints for people: each finding at its place, with the ticket that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap

from rich.text import Text

from slarules.analysis.linting import Linted
from slarules.analysis.moments import supplied_for, supplied_words
from slarules.analysis.rules import RULES
from slarules.cli import output
from slarules.cli.excerpt import excerpt
from slarules.diagnostics import Level, has_errors
from slarules.lint.finding import Claim, Disputed, DueLater, InState, Witness
from slarules.model.contract import Contract
from slarules.model.value import AsRead
from slarules.model.verdict import Evaluation
from slarules.scenario.writing import event_words, expectation_words, moment, seen_words

MANY = 5
"""Codes named at the end as those to read more about."""


def list_rules() -> None:
    """Every rule: its code, its name, its level and what it looks for."""
    rows = [(rule.code, rule.name, rule.level.value, rule.says) for rule in RULES]
    output.table(output.results(), ("code", "rule", "level", "looks for"), rows)


def show(done: Sequence[Linted]) -> None:
    """The findings of all files, and how many there are."""
    console, aside = output.results(), output.messages()
    width = console.width if console.is_terminal else None
    for one in done:
        output.diagnostics(aside, (d for d in one.loaded.diagnostics if d.level is Level.ERROR))
        for number, finding in enumerate(one.findings):
            more: list[tuple[str, tuple[str, ...]]] = [("rule", (finding.rule.name,))]
            if finding.witness is not None and one.loaded.contract is not None:
                lines = example(one.loaded.contract, finding.witness, one.shown[number])
                more.append(("counterexample", (finding.witness.told, *(f"  {line}" for line in lines))))
            console.print(excerpt(finding.diagnostic, width, more), soft_wrap=True)
    output.line(console, _last(done))
    codes = sorted({finding.rule.code for one in done for finding in one.findings})
    if codes:
        rest = " …" if len(codes) > MANY else ""
        output.line(console, Text(f"to read more: slarules explain-code {' '.join(codes[:MANY])}{rest}", "dim"))


def _last(done: Sequence[Linted]) -> Text:
    """How many findings there are, and how many are allowed."""
    counts = output.levels(f.diagnostic for one in done for f in one.findings)
    said = ", ".join(output.counted(number, level.value) for level, number in counts.items() if number)
    broken = sum(has_errors(one.loaded.diagnostics) for one in done)
    suppressed = sum(len(one.allowed) for one in done)
    last = f"{output.counted(len(done), 'policy', 'policies')} linted: {said or 'nothing found'}"
    last += f", {suppressed:,} suppressed" if suppressed else ""
    last += f"; {output.counted(broken, 'policy', 'policies')} with errors" if broken else ""
    return Text(last, "bold red" if broken else "bold yellow" if said else "bold green")


def example(contract: Contract, witness: Witness, seen: Evaluation) -> Iterator[str]:
    """The lines of a scenario: what is assumed, the events, and what the engine says of each rule that is meant."""
    zone = _zone(contract)
    yield from (f"reading {name} is {option}" for name, option in witness.readings.items())
    supplied = {**supplied_for(contract), **witness.supplied}
    yield from starmap(supplied_words, supplied.items())
    before: int | None = None
    for event in witness.events:
        yield f"{moment(event.at, zone, before):<18}{event_words(event, zone, event.at)}"
        before = event.at
    said = dict.fromkeys(words for claim in witness.claims for words in _said(claim, seen, zone, witness.as_of))
    stamp = f"as of {moment(witness.as_of, zone, before)}"
    for words in said:
        yield f"{stamp + 2 * ' ':<18}{words}" if witness.as_of != before else f"{'':<18}{words}"
        before = witness.as_of


def _said(claim: Claim, seen: Evaluation, zone: str, at: int) -> Iterator[str]:
    """What the engine says of what a claim is about, as lines that expect it."""
    if isinstance(claim, Disputed):
        yield f"-- the severity of {claim.subject} is {'' if claim.disputed else 'not '}open to dispute (R24)"
        return
    if isinstance(claim, InState):
        yield f"expect {claim.subject} {claim.rule} is {seen.statuses[claim.subject, claim.rule]}"
        return
    pairs = [(claim.subject, claim.rule)]
    if isinstance(claim, DueLater):
        pairs.append((claim.than_subject, claim.than_rule))
    for subject, rule in pairs:
        verdicts = [v for v in seen.verdicts if (v.subject, v.duty) == (subject, rule)]
        yield from (expectation_words(seen_words(v, len(verdicts) > 1), zone, at) for v in verdicts)
        if not verdicts:
            yield f"expect {subject} {rule} not owed"


def _zone(contract: Contract) -> str:
    """The zone in which times are shown: the contract's own, as adopted."""
    zone = contract.zone
    if isinstance(zone, AsRead):
        zone = str(zone.options[contract.readings[zone.reading].adopted])
    return zone or "UTC"
