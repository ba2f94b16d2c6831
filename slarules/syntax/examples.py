"""A scenario with a table of examples: which lines are the table, and what each placeholder stands for in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from slarules.diagnostics import Diagnostic, error, nearest, warning
from slarules.source import Source, Span
from slarules.syntax.layout import Line
from slarules.syntax.tree import Node

PLACEHOLDER = re.compile(r"<([A-Za-z_][A-Za-z0-9_]*)>")
CELL = re.compile(r"(?:\"[^\"\n]*\"|“[^”\n]*”|[^|\n\"“])+")
"""The words of a cell; a `|` within quotation marks is one of them."""

Filled = Mapping[str, tuple[int, int]]
"""Placeholder as written, `<due>` → where the words stand that it is for."""


def examples_of(source: Source, block: Sequence[Line]) -> range | None:
    """Which lines of a scenario's block are its table of examples: the word alone, and what is indented under it."""
    for number, line in enumerate(block[1:], 1):
        if line.quote or source.text[line.start : line.end] != "examples":
            continue
        last = number + 1
        while last < len(block) and block[last].indent > line.indent:
            last += 1
        return range(number, last)
    return None


def fill(
    source: Source, template: Sequence[Line], examples: Node | None
) -> tuple[list[tuple[Node, Filled]], tuple[Diagnostic, ...]]:
    """Each row with what its placeholders stand for, and what is wrong with the table."""
    if examples is None:
        return [], ()
    head, *rows = examples.all("example")
    problems = [*_head(head), *_rows(head, rows)]
    names = {f"<{name.text}>" for name in head.parts}
    problems += _placeholders(source, template, head, names)
    if any(p.code == "E0822" for p in problems):
        return [], tuple(problems)
    whole = [row for row in rows if len(row.parts) == len(head.parts)]
    return [(row, _filled(head, row)) for row in whole], tuple(problems)


def _filled(head: Node, row: Node) -> Filled:
    """Each placeholder with the place of its words in the row."""
    pairs = zip(head.parts, row.parts, strict=True)
    return {f"<{name.text}>": (cell.span.start, cell.span.end) for name, cell in pairs}


def with_row(scenario: Node, row: Node, examples: Node | None) -> Node:
    """The scenario of one row, which tells the row and the table's head as its last part."""
    assert examples is not None
    told = Node("row_of_examples", row.span, (examples.parts[0], row))
    return evolve(scenario, parts=(*scenario.parts, told))


def _head(head: Node) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for cell in head.parts:
        name = cell.text
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            told = "the first row names the placeholders, each one word: `| severity | due |`"
            yield error("E0823", cell.span, f"`{name}` is no name of a placeholder", told)
        elif name in seen:
            told = "give one of them another name"
            yield error("E0823", cell.span, f"the column `{name}` stands twice", told, [(seen[name], "the first")])
        seen.setdefault(name, cell.span)


def _rows(head: Node, rows: Sequence[Node]) -> Iterator[Diagnostic]:
    if not rows:
        yield error("E0823", head.span, "there is no example under the head", "add a row: what each placeholder is for")
    for row in rows:
        if len(row.parts) != len(head.parts):
            message = f"this row has {_cells(len(row.parts))}, and the head {_cells(len(head.parts))}"
            yield error("E0823", row.span, message, "give each placeholder its words", [(head.span, "the head")])


def _cells(count: int) -> str:
    return f"{count} {'cell' if count == 1 else 'cells'}"


def _placeholders(
    source: Source, template: Sequence[Line], head: Node, names: set[str]
) -> Iterator[Diagnostic]:
    """Placeholders that no column fills, and columns for which there is no placeholder."""
    used = set()
    for line in template:
        for start, end in line.pieces:
            for found in PLACEHOLDER.finditer(source.text, start, end):
                used.add(found.group())
                if found.group() in names:
                    continue
                near = nearest(found[1], [cell.text for cell in head.parts])
                told = f"did you mean `<{near}>`?" if near else f"add a column `{found[1]}` to the examples"
                span = Span(source, *found.span())
                yield error("E0822", span, f"the examples have no column `{found[1]}`", told, [(head.span, "the head")])
    for cell in head.parts:
        if f"<{cell.text}>" not in used:
            told = f"write `<{cell.text}>` where its words belong, or leave the column out"
            yield warning("W0804", cell.span, f"nothing in the scenario stands for `{cell.text}`", told)
