"""Clause by clause, in the contract's order: its own words, and beside them what each rule says that rests on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from slarules.documents.blocks import (
    Beside,
    Block,
    Item,
    Link,
    Listing,
    Paragraph,
    Run,
    Section,
    Statement,
    Words,
    plain,
)
from slarules.documents.summary.definitions import elsewhere
from slarules.documents.summary.register import ClauseOf, Entry, Register
from slarules.documents.summary.statements import Remarks, beside, period
from slarules.model.rules import Reading
from slarules.wording.grammar import quoted

OPEN, WHOLE = "What these words leave open:", "What is asked of the contract as a whole:"


def section(found: Register, remarks: Remarks, examples: Mapping[str, str]) -> Section:
    """A section for each clause; what stands in no clause comes first. ``examples``: a statement's → its example's."""
    outside = [entry for entry in found.entries if entry.clause is None and not elsewhere(entry)]
    parts = [Section("Outside any clause", "no-clause", _blocks(outside, found, remarks, WHOLE))] if outside else []
    parts += [_clause(n, clause, found, remarks) for n, clause in enumerate(found.clauses)]
    says: list[Run | Link] = [Run(
        "Each clause gives the contract’s own words, exact, with the lines on which they stand, and with them what "
        "each rule says that rests on them."
    )]
    if found.contract.readings:
        twice = (
            " Where words can be read in several ways, a rule that grows long by it is said twice: as it is read here, "
            "and in full. Each such question is asked at the first rule that names it, and told in "
        )
        says += [Run(twice), Link("Ambiguities", "ambiguities"), Run(".")]
    parts = [evolve(part, blocks=tuple(_exemplified(block, examples) for block in part.blocks)) for part in parts]
    return Section("Clause by clause", "clauses", (Paragraph(tuple(says)),), tuple(parts), new_page=True)


def _exemplified(block: Block, examples: Mapping[str, str]) -> Block:
    """The same, each statement with a link to its worked example, where there is one."""
    match block:
        case Beside(_, statements):
            return evolve(block, statements=tuple(_with_example(one, examples) for one in statements))
        case Statement():
            return _with_example(block, examples)
    return block


def _with_example(statement: Statement, examples: Mapping[str, str]) -> Statement:
    at = examples.get(statement.anchor)
    more: Words = (Run("\n"), Link("A worked example", at), Run(".")) if at is not None else ()
    return evolve(statement, sentences=(*statement.sentences, more)) if more else statement


def _clause(number: int, clause: ClauseOf, found: Register, remarks: Remarks) -> Section:
    entries = [entry for entry in found.entries if entry.clause == number and not elsewhere(entry)]
    when = period(*clause.in_force)
    dates: tuple[Block, ...] = (Paragraph(plain(when), "note"),) if when else ()
    return Section(clause.title, clause.anchor, dates + _blocks(entries, found, remarks))


def _blocks(entries: list[Entry], found: Register, remarks: Remarks, lead: str = OPEN) -> tuple[Block, ...]:
    rules = [entry for entry in entries if entry.sort != "reading"]
    blocks: list[Block] = list(beside(rules, found, remarks))
    questions = tuple(_questions(entries))
    if questions:
        blocks += [Paragraph(plain(lead), "note"), Listing(questions)]
    return tuple(blocks)


def _questions(entries: list[Entry]) -> Iterator[Item]:
    for entry in entries:
        if isinstance(entry.rule, Reading):
            read = f" Read as {quoted(entry.rule.adopted)}." if entry.rule.adopted else ""
            yield Item((Link(entry.rule.question, entry.anchor), Run(read))) if read else Item(
                (Link(entry.rule.question, entry.anchor),))
