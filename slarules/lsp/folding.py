"""Folding: what can be closed to its first line: clauses, rules, scenarios, quotations and runs of remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from slarules.lsp import desk as desks
from slarules.lsp.desk import Document
from slarules.source import Source, Span
from slarules.syntax.layout import lay_out


def folding(document: Document) -> list[types.FoldingRange]:
    """The ranges, outermost first; a range ends with its last line that is not blank."""
    tree = desks.tree(document)
    found: dict[tuple[int, int], types.FoldingRange] = {}
    for item in (tree.contract, *tree.items):
        if item is None:
            continue
        for node in item.walk():
            if node.parts or node.kind == "QUOTE":
                _add(found, node.span, types.FoldingRangeKind.Region if node.parts else types.FoldingRangeKind.Comment)
    comments = lay_out(document.source)[0].comments
    for run in _runs(document.source, comments):
        _add(found, run, types.FoldingRangeKind.Comment)
    return sorted(found.values(), key=lambda one: (one.start_line, -one.end_line))


def _add(found: dict[tuple[int, int], types.FoldingRange], span: Span, kind: types.FoldingRangeKind) -> None:
    last = span.start + len(span.text.rstrip())
    start, end = span.line - 1, span.source.line_of(max(span.start, last - 1)) - 1
    if end > start:
        found.setdefault((start, end), types.FoldingRange(start, end, kind=kind))


def _runs(source: Source, comments: Iterable[Span]) -> Iterator[Span]:
    """Lines of nothing but remarks that follow each other."""
    run: Span | None = None
    for one in comments:
        if source.line_text(one.line).lstrip()[:2] != "--":
            continue
        if run is not None and one.line == source.line_of(run.end) + 1:
            run = Span(source, run.start, one.end)
            continue
        if run is not None:
            yield run
        run = one
    if run is not None:
        yield run
