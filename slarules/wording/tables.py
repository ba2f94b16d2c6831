"""Decision tables in words: what each row gives, and what a column comes to."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.model.expression import FactRef
from slarules.model.limit import Column, Counted, CountedIn
from slarules.model.rules import Cell, Table
from slarules.model.value import AsRead
from slarules.wording.grammar import labelled, listed, words
from slarules.wording.limits import counted_in, time_of
from slarules.wording.values import length, said, value
from slarules.wording.voice import Voice


def table(rule: Table, voice: Voice) -> Iterator[str]:
    """The sentences of a table: each row, then how its columns are counted."""
    voice = voice.about(None)
    inputs = listed(value(one, voice) for one in rule.inputs)
    outputs = listed(f"the {words(column)}" for column in rule.columns)
    rows = [f"for {_row(cells, rule, voice)}, {_outputs(given, rule, voice)}" for cells, given in rule.rows]
    yield f"{inputs} decide{'s' if len(rule.inputs) == 1 else ''} {outputs}: {labelled(rows, 'and')}"
    for column, basis in zip(rule.columns, rule.bases, strict=False):
        if basis is not None:
            yield f"the {words(column)} is {counted_in(CountedIn(basis))}"


def _row(cells: tuple[Cell, ...], rule: Table, voice: Voice) -> str:
    found = [_input(cell, one, voice) for cell, one in zip(cells, rule.inputs, strict=False)]
    return listed(part for part in found if part) or "every case"


def _input(cell: Cell, asked: object, voice: Voice) -> str:
    """`severity 1 or 2`, `plan gold`; nothing where any value will do."""
    if cell.values is None:
        return ""
    name = words(asked.name) if isinstance(asked, FactRef) else "severity"
    return f"{name} {listed((said(one, voice).strip('“”') for one in cell.values), 'or')}"


def _outputs(given: tuple[object, ...], rule: Table, voice: Voice) -> str:
    found = [f"{words(column)} {output(one, voice)}" for column, one in zip(rule.columns, given, strict=False)]
    return listed(found)


def output(given: object, voice: Voice) -> str:
    """What a cell gives: a length of time, a value, or nothing promised."""
    match given:
        case None:
            return "none"
        case Counted(span, basis):
            return f"{length(span)} {counted_in(basis)}"
        case AsRead():
            return voice.read(given, lambda inner: output(inner, voice), "the value")
    return said(given, voice)


def column_words(column: Column, voice: Voice) -> str:
    """What a column comes to, row by row: `the response time is 1 hour for severity 1, 4 hours for severity 2`."""
    rule = voice.terms.tables.get(column.table)
    if rule is None or column.column not in rule.columns:
        return f"{time_of(column.column)} is that of the table “{words(column.table)}”"
    at = rule.columns.index(column.column)
    rows = [f"{_promised(given[at], voice)} for {_row(cells, rule, voice)}" for cells, given in rule.rows]
    basis = rule.bases[at]
    counts = f", {counted_in(CountedIn(basis))}" if basis is not None else ""
    return f"by the table “{words(rule.name)}”, {time_of(column.column)} is {listed(rows)}{counts}"


def _promised(given: object, voice: Voice) -> str:
    return "not promised" if given is None else output(given, voice)
