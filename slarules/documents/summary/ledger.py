"""The coverage ledger: what of the contract has no rule, and why, and what became of each of its sentences."""

from __future__ import annotations

from collections.abc import Mapping

from slarules.analysis.ledger import ledger_of
from slarules.documents.blocks import Block, Cell, Grid, Link, Paragraph, Run, Section, Words, cells, plain
from slarules.documents.summary.register import Entry, Register
from slarules.documents.summary.statements import exact, file_name, where
from slarules.model.rules import Note
from slarules.resolve.citations import Row, Status
from slarules.resolve.sentences import fold
from slarules.wording.grammar import counted, finished, listed, words


def section(found: Register) -> Section:
    """What is not encoded, what is for information, then the whole ledger."""
    notes = [entry for entry in found.entries if isinstance(entry.rule, Note)]
    parts = [
        _reasons("Not encoded", "not-encoded", "Words that could matter and that no rule stands for.",
                 [entry for entry in notes if entry.name == "not encoded"]),
        _reasons("For information", "information", "Words that need no rule.",
                 [entry for entry in notes if entry.name == "information"]),
        _sentences(found),
    ]
    return Section("What has no rule, and what became of each sentence", "coverage", (),
                   tuple(part for part in parts if part is not None), new_page=True)


def _reasons(title: str, anchor: str, says: str, entries: list[Entry]) -> Section:
    if not entries:
        return Section(title, anchor, (Paragraph(plain("There are none.")),))
    rows = []
    for entry in entries:
        assert isinstance(entry.rule, Note)
        quoted = "\n".join(f"“{exact(one)}”" for one in entry.quotations)
        places = tuple(place for one in entry.quotations for place in one.places)
        rows.append((Cell((Run(f"{quoted}\n"), Link(where(places), entry.anchor))),
                     Cell(plain(finished(entry.rule.because)))))
    grid = Grid(title, cells("Words", "Why"), tuple(rows), (3, 2), row_heads=False)
    return Section(title, anchor, (Paragraph(plain(says)), grid))


def _sentences(found: Register) -> Section:
    title, anchor = "Every sentence of the contract", "ledger"
    ledger = ledger_of(found.contract)
    if ledger is None:
        says = "The policy names no text of the contract, so nothing can be said of its sentences."
        return Section(title, anchor, (Paragraph(plain(says)),))
    text = found.contract.text
    assert text is not None
    counts = listed(f"{many} {status.value}" for status, many in ledger.counts.items() if many)
    says = (f"{file_name(text.name)} has {counted(len(ledger.rows), 'sentence')}, headings and cells of tables among "
            f"them: {counts}. {ledger.percent:g}% are accounted for. A sentence is encoded where a rule, an "
            "ambiguity on which something hangs, or a name of the contract quotes it; it is information where it needs "
            "no rule.")
    links = {f"{sort} {name}": anchor for (_, sort, name), anchor in reversed(tuple(found.anchors.items()))}
    blocks: list[Block] = [Paragraph(plain(says))]
    if ledger.rows:
        rows = tuple(_row(row, links) for row in ledger.rows)
        blocks.append(Grid("Every sentence and what became of it", cells("Line", "Sentence", "Is", "By"), rows,
                           (1, 8, 2, 5)))
    return Section(title, anchor, tuple(blocks))


def _row(row: Row, links: Mapping[str, str]) -> tuple[Cell, ...]:
    if row.status is Status.MISSING and row.uncovered:
        by: Words = plain(f"not quoted: {row.uncovered}")
    else:
        by = tuple(part for n, name in enumerate(row.by) for part in _by(n, name, links))
    return (Cell(plain(str(row.span.line)), right=True), Cell(plain(fold(row.span.text))),
            Cell(plain(row.status.value)), Cell(by))


def _by(n: int, name: str, links: Mapping[str, str]) -> Words:
    """What quotes a sentence, as a link where it is a rule of the document."""
    lead: Words = (Run("; "),) if n else ()
    anchor = links.get(name) or links.get(name.replace("target ", "duty ", 1))
    return (*lead, Link(words(name), anchor)) if anchor is not None else (*lead, Run(name))
